//! What a view shows of a changed definition: rows of old and new lines, the same for every view.
//!
//! Lines are aligned without their indentation, so that lines that were only indented or dedented are seen as such, and
//! it can be said in words out of or into what. Lines that were moved within the file link to where they went.

mod changed;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use astkit::SourceText;
use astkit::diff::{Alignment, DefinitionDiff, DefinitionSide, FileDiff, Part, align_numbers};
use rustc_hash::{FxHashMap, FxHashSet};
use similar::algorithms::{Capture, Compact, DiffHook, Replace};
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::compare::{Comparison, Known};
use super::{Level, Style, concise};
use crate::render::diagnostic::printable;

/// Longer lines are cut.
const LONGEST_LINE: usize = 2000;
/// Up to this product of the numbers of lines after the equal beginning, the shortest edit is looked for, beyond one that
/// takes time in proportion to the lines.
const MOST_SHORTEST: usize = 250_000;
/// Beyond this one, edits stay where they were found, where others would read as well or better.
const MOST_SHIFTED: usize = 4_000_000;
/// How wide a tab is.
pub(super) const TAB: usize = 4;

/// A changed definition, as it is shown.
pub(super) struct Block {
    pub(super) symbol: char,
    pub(super) parts: String,
    pub(super) name: String,
    /// Where it was and where it is.
    pub(super) places: Vec<String>,
    pub(super) hunks: Vec<Vec<Row>>,
}

/// A row.
pub(super) struct Row {
    pub(super) kind: RowKind,
    pub(super) old: Option<Cell>,
    pub(super) new: Option<Cell>,
    /// What is said about it.
    pub(super) note: Option<String>,
}

/// What a row shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RowKind {
    Context,
    /// Old and new lines in the place of each other.
    Changed,
    /// A line that stands further left.
    Dedented,
    /// A line that stands further right.
    Indented,
    /// An old line that stands elsewhere now, or a new one that stood elsewhere.
    Moved,
}

/// A line of one side.
#[derive(Clone)]
pub(super) struct Cell {
    pub(super) number: u32,
    /// Its text in pieces, those that differ marked.
    pub(super) pieces: Vec<(bool, String)>,
}

impl Cell {
    /// Its text as one.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.pieces.as_slice() {
            [(_, only)] => Cow::Borrowed(only),
            all => Cow::Owned(all.iter().map(|it| it.1.as_str()).collect()),
        }
    }
}

/// Which lines of a file stand elsewhere on the other side: by line, the other line.
#[derive(Default)]
pub(super) struct MovedLines {
    old: BTreeMap<u32, u32>,
    new: BTreeMap<u32, u32>,
}

impl MovedLines {
    /// Finds the moved lines of a pair.
    pub(super) fn find(comparison: &Comparison<'_, '_>, diff: &FileDiff) -> Self {
        let versions = (comparison.set.before(comparison.number), comparison.set.after(comparison.number));
        let (Some(before), Some(after)) = versions else { return Self::default() };
        let alignment = Alignment::new(before.side, after.side, diff);
        let mut out = Self::default();
        for edit in &alignment.script().edits {
            let astkit::diff::Edit::Move { before: from, after: to, .. } = edit else { continue };
            let lines = |file: &SourceText, span: astkit::Span| {
                let text = file.slice(span);
                let start = span.start + u32::try_from(text.len() - text.trim_start().len()).unwrap_or(0);
                (file.position(start).line, file.position(span.end).line)
            };
            let (old, new) = (lines(&before.file.source, *from), lines(&after.file.source, *to));
            if old.1 - old.0 == new.1 - new.0 {
                for it in 0..=old.1 - old.0 {
                    out.old.insert(old.0 + it, new.0 + it);
                    out.new.insert(new.0 + it, old.0 + it);
                }
            }
        }
        out
    }
}

/// The blocks of a pair: all changed definitions but those of which the formatting alone changed.
pub(super) fn blocks(comparison: &Comparison<'_, '_>, diff: &FileDiff, style: &Style) -> Vec<Block> {
    // Of a file that came or went, what has its other side in another file.
    let one_sided = comparison.is_one_sided();
    let is_shown = |it: &&DefinitionDiff| {
        !is_formatting(it) && (!one_sided || (it.before.is_some() && it.after.is_some()))
    };
    let blocks = |moved: &MovedLines| {
        let shown = comparison.definitions.iter().map(|it| &it.1).filter(is_shown);
        shown.map(|it| block(comparison, it, moved, style)).collect::<Vec<_>>()
    };
    let found = blocks(&MovedLines::default());
    if has_equal_lines(&found) { blocks(&MovedLines::find(comparison, diff)) } else { found }
}

/// Whether a line went from one place and came to another: without one nothing can have moved.
fn has_equal_lines(blocks: &[Block]) -> bool {
    let rows = || blocks.iter().flat_map(|it| &it.hunks).flatten().filter(|it| it.kind == RowKind::Changed);
    let gone: FxHashSet<String> =
        rows().filter_map(|it| it.old.as_ref()).map(|it| it.text().trim().to_owned()).collect();
    // What is no statement by itself can't have moved by itself.
    let is_statement = |it: &str| {
        it.contains(|it: char| it.is_alphanumeric()) && !["else:", "try:", "finally:"].contains(&it)
    };
    let came = |it: &Cell| {
        let text = it.text();
        gone.contains(text.trim()) && is_statement(text.trim())
    };
    rows().filter_map(|it| it.new.as_ref()).any(came)
}

/// Whether nothing but its formatting changed.
pub(super) fn is_formatting(it: &DefinitionDiff) -> bool {
    it.verdict == [Part::Formatting]
}

fn block(comparison: &Comparison<'_, '_>, it: &DefinitionDiff, moved: &MovedLines, style: &Style) -> Block {
    let symbol = match it.verdict.first() {
        Some(Part::Added) => '+',
        Some(Part::Removed) => '-',
        Some(Part::Renamed | Part::Moved) => '>',
        _ => '~',
    };
    let (before, after) = (it.before.as_ref(), it.after.as_ref());
    let old = before.and_then(|it| comparison.set.before(it.file));
    let new = after.and_then(|it| comparison.set.after(it.file));
    let from = concise::origin(comparison, it).unwrap_or_default();
    let at = |side: Option<&DefinitionSide>, known: Option<Known<'_, '_>>| {
        Some(known?.file.source.position(side?.span.start).line)
    };
    let places = [(from, at(before, old)), ("", at(after, new))];
    let places = places.into_iter().filter_map(|(path, line)| Some(format!("{path}:{}", line?))).collect();
    let same_file = from.is_empty();
    let (ours, theirs) = (Lines::new(old, before), Lines::new(new, after));
    let none = MovedLines::default();
    let view = Rows { before: &ours, after: &theirs, moved: if same_file { moved } else { &none } };
    let hunks = view.styled(style);
    Block { symbol, parts: concise::parts(it), name: printable(&concise::name(it)), places, hunks }
}

/// What changed between two texts without a structure.
pub(super) fn text_hunks(old: &str, new: &str, style: &Style) -> Vec<Vec<Row>> {
    let (before, after) = (Lines::of_text(old), Lines::of_text(new));
    Rows { before: &before, after: &after, moved: &MovedLines::default() }.styled(style)
}

/// One side's own lines of a definition.
#[derive(Default)]
struct Lines<'a> {
    source: Option<&'a SourceText>,
    numbers: Vec<u32>,
    texts: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    fn new(known: Option<Known<'_, 'a>>, shown: Option<&DefinitionSide>) -> Self {
        let (Some(Known { file, side, .. }), Some(shown)) = (known, shown) else { return Self::default() };
        let mut numbers = side.own_lines(shown.number);
        if numbers.is_empty() {
            // Another language: the definition's lines.
            let (first, last) =
                (file.source.position(shown.span.start), file.source.position(shown.span.end));
            numbers = (first.line..=last.line).collect();
        }
        let texts = numbers.iter().map(|it| text(&file.source, *it)).collect();
        Self { source: Some(&file.source), numbers, texts }
    }

    /// All lines of a text, with the white space at their ends, which may be all that changed.
    fn of_text(text: &'a str) -> Self {
        let texts: Vec<&str> = text.split_terminator('\n').collect();
        Self { source: None, numbers: (1..).take(texts.len()).collect(), texts }
    }

    fn cell(&self, at: usize) -> Cell {
        Cell { number: self.numbers[at], pieces: vec![(false, cut(self.texts[at]))] }
    }

    /// The line that opens the block that a line is in: the nearest one before it that stands further left than
    /// `column`.
    fn opener(&self, at: usize, column: usize) -> Option<&'a str> {
        let source = self.source?;
        let mut line = self.numbers[at];
        for _ in 0..400 {
            line = line.checked_sub(1).filter(|it| *it > 0)?;
            let text = text(source, line);
            if !text.trim().is_empty() && indentation(text) < column {
                return Some(text.trim());
            }
        }
        None
    }
}

fn text(source: &SourceText, line: u32) -> &str {
    source.slice(source.line_span(line)).trim_end()
}

/// A line as it is shown: without what a terminal obeys, and not too long.
fn cut(text: &str) -> String {
    if text.len() <= LONGEST_LINE && text.bytes().all(|it| (b' '..0x7f).contains(&it)) {
        return text.to_owned();
    }
    let mut out: String = printable(text).chars().take(LONGEST_LINE).collect();
    if out.len() < text.len() && text.chars().nth(LONGEST_LINE).is_some() {
        out.push('…');
    }
    out
}

/// The column in which a line begins.
fn indentation(text: &str) -> usize {
    let mut column = 0;
    for it in text.chars() {
        match it {
            ' ' => column += 1,
            '\t' => column = (column / TAB + 1) * TAB,
            _ => break,
        }
    }
    column
}

struct Rows<'r, 'a> {
    before: &'r Lines<'a>,
    after: &'r Lines<'a>,
    moved: &'r MovedLines,
}

impl Rows<'_, '_> {
    /// The hunks, as closely as a style looks.
    fn styled(&self, style: &Style) -> Vec<Vec<Row>> {
        if style.level == Level::Definition {
            return Vec::new();
        }
        let mut hunks = self.hunks(style.context);
        if style.level == Level::Node {
            let cells = hunks.iter_mut().flatten().flat_map(|it| [&mut it.old, &mut it.new]);
            for cell in cells.flatten() {
                cell.pieces.iter_mut().for_each(|it| it.0 = false);
            }
        }
        hunks
    }

    fn hunks(&self, context: usize) -> Vec<Vec<Row>> {
        let [olds, news] =
            [self.before, self.after].map(|it| it.texts.iter().map(|it| it.trim_start()).collect::<Vec<_>>());
        let mut ops = Vec::new();
        for op in operations(&olds, &news) {
            self.split(op, &mut ops);
        }
        let groups = group_diff_ops(ops, context);
        let rows = |ops: Vec<DiffOp>| ops.into_iter().flat_map(|it| self.operation(it)).collect();
        groups.into_iter().map(|it| near(rows(it))).collect()
    }

    /// Makes lines that differ in their indentation a replacement.
    fn split(&self, op: DiffOp, out: &mut Vec<DiffOp>) {
        let DiffOp::Equal { old_index, new_index, len } = op else {
            out.push(op);
            return;
        };
        let same = |it: usize| self.before.texts[old_index + it] == self.after.texts[new_index + it];
        let mut at = 0;
        while at < len {
            let kind = same(at);
            let end = (at..len).find(|it| same(*it) != kind).unwrap_or(len);
            let (old_index, new_index, len) = (old_index + at, new_index + at, end - at);
            out.push(if kind {
                DiffOp::Equal { old_index, new_index, len }
            } else {
                DiffOp::Replace { old_index, old_len: len, new_index, new_len: len }
            });
            at = end;
        }
    }

    fn operation(&self, op: DiffOp) -> Vec<Row> {
        let (olds, news) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            let row = |(old, new)| Row {
                kind: RowKind::Context,
                old: Some(self.before.cell(old)),
                new: Some(self.after.cell(new)),
                note: None,
            };
            return olds.zip(news).map(row).collect();
        }
        let same_words = olds.len() == news.len()
            && olds
                .clone()
                .zip(news.clone())
                .all(|it| self.before.texts[it.0].trim_start() == self.after.texts[it.1].trim_start());
        if same_words {
            return olds.zip(news).enumerate().map(|it| self.indented(it.0 == 0, it.1)).collect();
        }
        self.changed(olds, news)
    }

    fn indented(&self, first: bool, (old, new): (usize, usize)) -> Row {
        let columns = (indentation(self.before.texts[old]), indentation(self.after.texts[new]));
        let kind = if columns.1 < columns.0 { RowKind::Dedented } else { RowKind::Indented };
        let note = match (first, kind) {
            (false, _) => None,
            (true, RowKind::Dedented) => {
                self.before.opener(old, columns.0).map(|it| format!("dedented out of `{it}`"))
            }
            (true, _) => self.after.opener(new, columns.1).map(|it| format!("indented into `{it}`")),
        };
        let note = note.map(|it| printable(&it));
        Row { kind, old: Some(self.before.cell(old)), new: Some(self.after.cell(new)), note }
    }
}

/// Leaves out context that does not stand directly before or after what changed, but beyond another definition.
fn near(mut rows: Vec<Row>) -> Vec<Row> {
    let is_blank = |it: &Option<Cell>| {
        it.as_ref().is_none_or(|it| it.pieces.iter().all(|(_, text)| text.trim().is_empty()))
    };
    // Blank lines at the ends go with what stands beyond, unless there is nothing else.
    let only_blank =
        rows.iter().all(|it| it.kind == RowKind::Context || (is_blank(&it.old) && is_blank(&it.new)));
    let is_changed =
        |it: &Row| it.kind != RowKind::Context && (only_blank || !is_blank(&it.old) || !is_blank(&it.new));
    let (Some(first), Some(last)) = (rows.iter().position(is_changed), rows.iter().rposition(is_changed))
    else {
        return rows;
    };
    let numbers: Vec<[Option<u32>; 2]> =
        rows.iter().map(|it| [&it.old, &it.new].map(|it| it.as_ref().map(|it| it.number))).collect();
    let follows = |at: usize| {
        let (before, after) = (numbers[at - 1], numbers[at]);
        (0..2).any(|it| before[it].zip(after[it]).is_some_and(|it| it.0 + 1 == it.1))
    };
    let ends = |at: usize| !follows(at) || (rows[at].kind != RowKind::Context && !is_changed(&rows[at]));
    let end = (last + 1..rows.len()).find(|it| ends(*it)).unwrap_or(rows.len());
    let begins =
        |at: usize| !follows(at) || (rows[at - 1].kind != RowKind::Context && !is_changed(&rows[at - 1]));
    let start = (1..=first).rev().find(|it| begins(*it)).unwrap_or(0);
    rows.truncate(end);
    rows.drain(..start);
    rows
}

/// The edit from lines to lines.
fn operations<'a>(olds: &[&'a str], news: &[&'a str]) -> Vec<DiffOp> {
    let prefix = olds.iter().zip(news).take_while(|(old, new)| old == new).count();
    let work = (olds.len() - prefix).saturating_mul(news.len() - prefix);
    if work <= MOST_SHORTEST {
        return capture_diff_slices(Algorithm::Patience, olds, news);
    }
    let mut known: FxHashMap<&'a str, u64> = FxHashMap::default();
    let mut numbers = |lines: &[&'a str]| -> Vec<u64> {
        let number = |line: &&'a str| {
            let next = known.len() as u64;
            *known.entry(line).or_insert(next)
        };
        lines.iter().map(number).collect()
    };
    let (before, after) = (numbers(olds), numbers(news));
    let pairs = align_numbers(&before, &after, &|_| 1);
    let (ends, found) = ((olds.len(), news.len()), Replace::new(Capture::new()));
    if work > MOST_SHIFTED {
        return tell(found, &pairs, ends).into_inner().into_ops();
    }
    tell(Compact::new(found, olds, news), &pairs, ends).into_inner().into_inner().into_ops()
}

/// Tells of an alignment of so many lines as an edit.
fn tell<D: DiffHook<Error = Infallible>>(mut to: D, pairs: &[(usize, usize)], ends: (usize, usize)) -> D {
    let (mut i, mut j) = (0, 0);
    for (old, new) in pairs.iter().copied().chain([ends]) {
        let Ok(()) = if old > i { to.delete(i, old - i, j) } else { Ok(()) };
        let Ok(()) = if new > j { to.insert(old, j, new - j) } else { Ok(()) };
        let Ok(()) = if (old, new) == ends { to.finish() } else { to.equal(old, new, 1) };
        (i, j) = (old + 1, new + 1);
    }
    to
}
