//! `--format full`: for people, in the terminal. Under each changed definition stand its own lines that changed.
//!
//! Definitions whose formatting alone changed are counted and not shown.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Effects, Style as Look};
use astkit::SourceText;
use astkit::diff::{DefinitionDiff, DefinitionSide, Part};
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::compare::{Comparison, Known, Status};
use super::inline::{Pieces, pieces};
use super::{Style, concise, stat};
use crate::render::Append;
use crate::render::diagnostic::printable;

/// Longer lines are cut.
const LONGEST_LINE: usize = 2000;
/// Beyond this product of their numbers of lines, two definitions are shown as replaced by each other.
const MOST_WORK: usize = 40_000_000;

/// The view of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, style: &Style) -> String {
    let looks = Looks::new(style.color);
    let mut out = String::new();
    head(&mut out, comparison, &looks);
    if matches!(comparison.status, Status::Added | Status::Removed) {
        return out;
    }
    let view = View { comparison, looks: &looks, context: style.context };
    for it in comparison.definitions.iter().map(|it| &it.1).filter(|it| !is_formatting(it)) {
        view.definition(&mut out, it);
    }
    out.push('\n');
    out
}

fn is_formatting(it: &DefinitionDiff) -> bool {
    it.verdict == [Part::Formatting]
}

/// The line of a file: its path, and what changed in numbers.
fn head(out: &mut String, comparison: &Comparison<'_, '_>, looks: &Looks) {
    let mut parts: BTreeMap<Part, usize> = BTreeMap::new();
    let shown = comparison.definitions.iter().map(|it| &it.1).filter(|it| !is_formatting(it));
    for part in shown.flat_map(|it| &it.verdict) {
        *parts.entry(*part).or_default() += 1;
    }
    let mut notes = stat::counts(&parts);
    let folded = comparison.definitions.iter().filter(|it| is_formatting(&it.1)).count();
    if folded > 0 && parts.is_empty() {
        notes = format!("formatting only ({folded} {})", definitions(folded));
    } else if folded > 0 {
        notes.append(format_args!("  (formatting folded: {folded})"));
    }
    if comparison.hidden > 0 {
        notes.append(format_args!("  (hidden: {})", comparison.hidden));
    }
    if comparison.status == Status::Renamed {
        notes = format!("renamed from {}", comparison.old_path());
    }
    if matches!(comparison.status, Status::Added | Status::Removed) {
        let count = comparison.definitions.len();
        notes = format!("{} file, {count} {}", comparison.status.as_str(), definitions(count));
    }
    let path = printable(comparison.path());
    line(out, &format!("{}  {notes}", looks.bold.paint(&path)));
}

fn definitions(count: usize) -> &'static str {
    if count == 1 { "definition" } else { "definitions" }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

struct View<'v, 'a, 'b> {
    comparison: &'v Comparison<'a, 'b>,
    looks: &'v Looks,
    context: usize,
}

/// One side's own lines of a definition.
#[derive(Default)]
struct Lines<'a> {
    numbers: Vec<u32>,
    texts: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    fn new(known: Option<Known<'_, 'a>>, shown: Option<&DefinitionSide>) -> Self {
        let (Some(Known { file, side, .. }), Some(shown)) = (known, shown) else { return Self::default() };
        let mut numbers = side.own_lines(shown.number);
        if numbers.is_empty() {
            // Another language: the file as a whole.
            numbers = (1..=file.source.line_count()).collect();
        }
        let texts = numbers.iter().map(|it| text(&file.source, *it)).collect();
        Self { numbers, texts }
    }
}

fn text(source: &SourceText, line: u32) -> &str {
    source.slice(source.line_span(line)).trim_end()
}

impl View<'_, '_, '_> {
    fn definition(&self, out: &mut String, it: &DefinitionDiff) {
        let (symbol, look) = match it.verdict.first() {
            Some(Part::Added) => ('+', self.looks.new),
            Some(Part::Removed) => ('-', self.looks.old),
            Some(Part::Renamed | Part::Moved) => ('>', self.looks.name),
            _ => ('~', self.looks.name),
        };
        let (before, after) = (it.before.as_ref(), it.after.as_ref());
        let old = before.and_then(|it| self.comparison.set.before(it.file));
        let new = after.and_then(|it| self.comparison.set.after(it.file));
        let from = concise::origin(self.comparison, it).unwrap_or_default();
        let at = |path: &str, side: Option<&DefinitionSide>, known: Option<Known<'_, '_>>| {
            let (side, known) = (side?, known?);
            Some(format!("{path}:{}", known.file.source.position(side.span.start).line))
        };
        let places: Vec<_> = [at(from, before, old), at("", after, new)].into_iter().flatten().collect();
        let heading = format!("{symbol} {:<10} {}", concise::parts(it), concise::name(it));
        let places = self.looks.dim.paint(&places.join(" → "));
        line(out, &format!("{}  {places}", look.paint(&printable(&heading))));
        let (before, after) = (Lines::new(old, before), Lines::new(new, after));
        self.hunks(out, &before, &after);
    }

    fn hunks(&self, out: &mut String, before: &Lines<'_>, after: &Lines<'_>) {
        let ops = operations(&before.texts, &after.texts);
        for (number, group) in group_diff_ops(ops, self.context).into_iter().enumerate() {
            if number > 0 {
                line(out, &self.looks.dim.paint("       ⋮"));
            }
            for op in group {
                self.operation(out, op, before, after);
            }
        }
    }

    fn operation(&self, out: &mut String, op: DiffOp, before: &Lines<'_>, after: &Lines<'_>) {
        let (olds, news) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            for at in news {
                self.line(out, after.numbers[at], ' ', &[(false, after.texts[at])], Look::new());
            }
            return;
        }
        let paired: Vec<_> = olds
            .clone()
            .zip(news.clone())
            .map(|(old, new)| pieces(before.texts[old], after.texts[new]))
            .collect();
        for (number, at) in olds.enumerate() {
            let whole: Pieces<'_> = vec![(false, before.texts[at])];
            let pieces = paired.get(number).and_then(Option::as_ref).map_or(&whole, |it| &it.0);
            self.line(out, before.numbers[at], '-', pieces, self.looks.old);
        }
        for (number, at) in news.enumerate() {
            let whole: Pieces<'_> = vec![(false, after.texts[at])];
            let pieces = paired.get(number).and_then(Option::as_ref).map_or(&whole, |it| &it.1);
            self.line(out, after.numbers[at], '+', pieces, self.looks.new);
        }
    }

    fn line(&self, out: &mut String, number: u32, sign: char, pieces: &[(bool, &str)], look: Look) {
        let mut shown = String::new();
        let mut room = LONGEST_LINE;
        for (marked, piece) in pieces {
            let cut: String = printable(piece).chars().take(room).collect();
            room -= cut.chars().count();
            shown += &match marked {
                false => look.paint(&cut),
                true => self.looks.marked(&cut, sign, look),
            };
        }
        if room == 0 {
            shown.push('…');
        }
        let number = self.looks.dim.paint(&format!("{number:>6}"));
        line(out, &format!("  {number}  {}  {shown}", look.paint(&sign.to_string())));
    }
}

/// The edit from lines to lines; a full replacement where finding it would take too long.
fn operations(olds: &[&str], news: &[&str]) -> Vec<DiffOp> {
    let prefix = olds.iter().zip(news).take_while(|(old, new)| old == new).count();
    let left = (olds.len() - prefix, news.len() - prefix);
    if left.0.saturating_mul(left.1) <= MOST_WORK {
        return capture_diff_slices(Algorithm::Patience, olds, news);
    }
    let equal = DiffOp::Equal { old_index: 0, new_index: 0, len: prefix };
    let rest = DiffOp::Replace { old_index: prefix, old_len: left.0, new_index: prefix, new_len: left.1 };
    [equal, rest].into_iter().filter(|it| !it.old_range().is_empty()).collect()
}

/// The styles of the view; all plain without color.
struct Looks {
    color: bool,
    bold: Look,
    dim: Look,
    name: Look,
    old: Look,
    new: Look,
}

impl Looks {
    fn new(color: bool) -> Self {
        let look = |it: Look| if color { it } else { Look::new() };
        Self {
            color,
            bold: look(Look::new().bold()),
            dim: look(Look::new().dimmed()),
            name: look(AnsiColor::Cyan.on_default().bold()),
            old: look(AnsiColor::Red.on_default()),
            new: look(AnsiColor::Green.on_default()),
        }
    }

    /// A piece that differs: set off by more than a color, so that nobody has to see red and green.
    fn marked(&self, text: &str, sign: char, look: Look) -> String {
        if self.color {
            return look.effects(Effects::BOLD | Effects::UNDERLINE).paint(text);
        }
        format!("[{sign}{text}{sign}]")
    }
}

/// Text in a style.
trait Paint {
    fn paint(&self, text: &str) -> String;
}

impl Paint for Look {
    fn paint(&self, text: &str) -> String {
        format!("{self}{text}{self:#}")
    }
}
