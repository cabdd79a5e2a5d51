//! From a mapping of lexemes to an edit script.
//!
//! Of what is mapped, the heaviest part that is in order is kept in its place; the rest is moved. Between two kept
//! lexemes, what is left of the old text goes, and what is new or moved here comes.

use astkit_ast::Span;
use rustc_hash::FxHashMap;

use super::{Edit, indentation};
use crate::lexemes::Lexeme;
use crate::mapping::NONE;
use crate::order;

/// A definition that is moved as a whole: its lexemes on both sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub(crate) before: (usize, usize),
    pub(crate) after: (usize, usize),
}

/// One side's text and lexemes.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexemes: &'a [Lexeme],
}

impl Text<'_> {
    /// Where a lexeme starts; the end of the text for one after the last.
    fn start(&self, at: usize) -> u32 {
        self.lexemes.get(at).map_or_else(|| offset(self.text.len()), |it| it.span.start)
    }

    /// Where the lexeme before one ends.
    fn end_before(&self, at: usize) -> u32 {
        at.checked_sub(1).map_or(0, |it| self.lexemes[it].span.end)
    }

    /// The white space before a lexeme.
    fn gap(&self, at: usize) -> Span {
        Span::new(self.end_before(at), self.start(at))
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Generates the edits from a mapping. The units are definitions of the same file, each on both sides.
pub(crate) fn generate(before: Text<'_>, after: Text<'_>, to_before: &[u32], units: &[Unit]) -> Vec<Edit> {
    let count = (before.lexemes.len(), after.lexemes.len());
    let mut all = vec![Unit { before: (0, count.0), after: (0, count.1) }];
    all.extend_from_slice(units);
    let old_level = levels(count.0, &all, |it| it.before);
    let new_level = levels(count.1, &all, |it| it.after);
    let runs = runs(to_before, &old_level, &new_level);
    let kept = kept(&runs, all.len(), count.1);
    let mut generator = Generator {
        before,
        after,
        to_before,
        old_starts: starts(&all, |it| it.before),
        new_starts: starts(&all, |it| it.after),
        units: &all,
        kept,
        run_of_old: vec![NONE; count.0],
        run_of_new: vec![NONE; count.1],
        with_gap: vec![false; count.0],
    };
    generator.find_moves(&runs);
    generator.level(0)
}

/// The number of the innermost unit around each lexeme.
fn levels(count: usize, units: &[Unit], range: impl Fn(&Unit) -> (usize, usize)) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    // The widest first, so that inner ones overwrite outer ones.
    order.sort_by_key(|it| {
        let (first, last) = range(&units[*it]);
        std::cmp::Reverse(last - first)
    });
    let mut out = vec![0; count];
    for unit in order {
        let (first, last) = range(&units[unit]);
        out[first..last].fill(unit);
    }
    out
}

/// The units by their first lexeme; the whole text is none of them.
fn starts(units: &[Unit], range: impl Fn(&Unit) -> (usize, usize)) -> FxHashMap<usize, usize> {
    let mut out: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, unit) in units.iter().enumerate().skip(1) {
        let (first, last) = range(unit);
        let outer = out.entry(first).or_insert(at);
        if range(&units[*outer]).1 < last {
            *outer = at;
        }
    }
    out
}

/// Lexemes that follow each other on both sides.
#[derive(Clone, Copy, Debug)]
struct Run {
    before: usize,
    after: usize,
    len: usize,
    /// The unit that both are in; none if it is not the same.
    level: Option<usize>,
}

fn runs(to_before: &[u32], old_level: &[usize], new_level: &[usize]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (new, old) in to_before.iter().enumerate() {
        if *old == NONE {
            continue;
        }
        let old = *old as usize;
        let level = (old_level[old] == new_level[new]).then_some(new_level[new]);
        match out.last_mut() {
            Some(run)
                if run.before + run.len == old
                    && run.after + run.len == new
                    && run.level == level
                    && old_level[old] == old_level[old - 1]
                    && new_level[new] == new_level[new - 1] =>
            {
                run.len += 1;
            }
            _ => out.push(Run { before: old, after: new, len: 1, level }),
        }
    }
    out
}

/// Which new lexemes stay in their place: of each level, the heaviest runs in order.
fn kept(runs: &[Run], levels: usize, count: usize) -> Vec<bool> {
    let mut by_level: Vec<Vec<&Run>> = vec![Vec::new(); levels];
    for run in runs {
        if let Some(level) = run.level {
            by_level[level].push(run);
        }
    }
    let mut out = vec![false; count];
    for runs in by_level {
        let elements: Vec<(usize, u64)> = runs.iter().map(|it| (it.before, it.len as u64)).collect();
        for (run, kept) in runs.iter().zip(order::heaviest(&elements)) {
            out[run.after..run.after + run.len].fill(kept);
        }
    }
    out
}

struct Generator<'g> {
    before: Text<'g>,
    after: Text<'g>,
    to_before: &'g [u32],
    units: &'g [Unit],
    old_starts: FxHashMap<usize, usize>,
    new_starts: FxHashMap<usize, usize>,
    /// Which new lexemes stay in their place.
    kept: Vec<bool>,
    /// For lexemes that are moved by themselves: the first new lexeme of the run that they are moved in.
    run_of_old: Vec<u32>,
    run_of_new: Vec<u32>,
    /// Which old lexemes, at the beginning of what is moved, take the white space before them along.
    with_gap: Vec<bool>,
}

/// What the new text has between two lexemes that stay.
#[derive(Clone, Copy)]
enum Piece {
    Text(Span),
    Unit(usize),
    /// A run: its first new lexeme and the first one after it.
    Run(usize, usize),
}

/// A place between two lexemes that stay: the lexemes there, and the text.
#[derive(Clone, Copy)]
struct Region {
    level: usize,
    old: (usize, usize),
    new: (usize, usize),
    old_text: Span,
    new_text: Span,
}

impl Generator<'_> {
    /// Finds out what is moved, and with what white space.
    fn find_moves(&mut self, runs: &[Run]) {
        for run in runs {
            if self.kept[run.after] {
                continue;
            }
            self.run_of_old[run.before..run.before + run.len].fill(index(run.after));
            self.run_of_new[run.after..run.after + run.len].fill(index(run.after));
            self.take_gap(run.before, run.after);
        }
        for unit in &self.units[1..] {
            self.take_gap(unit.before.0, unit.after.0);
        }
    }

    fn take_gap(&mut self, old: usize, new: usize) {
        let (ours, theirs) = (self.before.gap(old), self.after.gap(new));
        self.with_gap[old] = self.before.slice(ours) == self.after.slice(theirs);
    }

    fn level(&self, level: usize) -> Vec<Edit> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.level_guarded(level))
    }

    fn level_guarded(&self, level: usize) -> Vec<Edit> {
        let unit = self.units[level];
        let whole = level == 0;
        let mut old_from = if whole { 0 } else { self.before.start(unit.before.0) };
        let mut new_from = if whole { 0 } else { self.after.start(unit.after.0) };
        let (mut old, mut from, mut new) = (unit.before.0, unit.after.0, unit.after.0);
        let mut edits = Vec::new();
        while new < unit.after.1 {
            if let Some(inner) = inner_unit(&self.new_starts, new, level) {
                new = self.units[inner].after.1;
                continue;
            }
            if !self.kept[new] {
                new += 1;
                continue;
            }
            let counterpart = self.to_before[new] as usize;
            let region = Region {
                level,
                old: (old, counterpart),
                new: (from, new),
                old_text: Span::new(old_from, self.before.start(counterpart)),
                new_text: Span::new(new_from, self.after.start(new)),
            };
            self.region(&region, &mut edits);
            (old, from) = (counterpart + 1, new + 1);
            (old_from, new_from) = (self.before.end_before(old), self.after.end_before(from));
            new += 1;
        }
        let (old_end, new_end) = if whole {
            (offset(self.before.text.len()), offset(self.after.text.len()))
        } else {
            (self.before.end_before(unit.before.1), self.after.end_before(unit.after.1))
        };
        let region = Region {
            level,
            old: (old, unit.before.1),
            new: (from, unit.after.1),
            old_text: Span::new(old_from, old_end),
            new_text: Span::new(new_from, new_end),
        };
        self.region(&region, &mut edits);
        indentation::join(edits, self.before.text, self.after.text)
    }

    fn region(&self, region: &Region, edits: &mut Vec<Edit>) {
        let (old_text, new_text) = (self.before.slice(region.old_text), self.after.slice(region.new_text));
        let tokens = (region.old.0 < region.old.1, region.new.0 < region.new.1);
        if tokens == (false, false) {
            if old_text != new_text {
                self.replace(region.old_text, region.new_text, edits);
            }
            return;
        }
        let mut region = *region;
        // The white space before what stays: if it changed, that is an edit of its own.
        let last =
            |text: &Text<'_>, from: u32, end: usize, to: u32| Span::new(text.end_before(end).max(from), to);
        let old_gap = last(&self.before, region.old_text.start, region.old.1, region.old_text.end);
        let new_gap = last(&self.after, region.new_text.start, region.new.1, region.new_text.end);
        let mut gap_edits = Vec::new();
        if self.before.slice(old_gap) == self.after.slice(new_gap) {
            (region.old_text.end, region.new_text.end) = (old_gap.start, new_gap.start);
        } else if let Some(gap) = self.leading_gap(&region, tokens) {
            (region.old_text.start, region.new_text.start) =
                (region.old_text.start + gap, region.new_text.start + gap);
        } else {
            (region.old_text.end, region.new_text.end) = (old_gap.start, new_gap.start);
            self.replace(old_gap, new_gap, &mut gap_edits);
        }
        let mut parts = self.old_parts(&region);
        let mut pieces = self.new_pieces(&region);
        let at = self.trim(&region, &mut parts, &mut pieces);
        parts.retain(|it| !it.is_empty());
        pieces.retain(|it| !matches!(it, Piece::Text(it) if it.is_empty()));
        self.emit(at, &parts, &pieces, edits);
        edits.extend(gap_edits);
    }

    /// Where one side has nothing but white space with which the other side begins: how long that is.
    fn leading_gap(&self, region: &Region, tokens: (bool, bool)) -> Option<u32> {
        let (old, new) = (region.old_text, region.new_text);
        let len = match tokens {
            (false, true) => old.len(),
            (true, false) => new.len(),
            _ => return None,
        };
        let first =
            |text: &Text<'_>, span: Span| text.slice(Span::new(span.start, span.start + len)).to_owned();
        let is_whole_gap = match tokens {
            (false, _) => self.after.start(region.new.0) == new.start + len,
            (true, _) => self.before.start(region.old.0) == old.start + len,
        };
        // What is moved away takes its white space along.
        let moved = |old: usize| self.with_gap[old];
        let is_taken = match tokens {
            (true, _) => moved(region.old.0),
            (false, _) => self.moved_from(region.new.0, region.level).is_some_and(moved),
        };
        (is_whole_gap && !is_taken && first(&self.before, old) == first(&self.after, new)).then_some(len)
    }

    /// The first old lexeme of what is moved to a new lexeme's place, if that is so.
    fn moved_from(&self, new: usize, level: usize) -> Option<usize> {
        match inner_unit(&self.new_starts, new, level) {
            Some(unit) => Some(self.units[unit].before.0),
            None => (self.run_of_new[new] != NONE).then(|| self.to_before[new] as usize),
        }
    }

    /// White space in the place of other white space.
    fn replace(&self, before: Span, after: Span, edits: &mut Vec<Edit>) {
        let text = self.after.slice(after).to_owned();
        edits.push(match (before.is_empty(), after.is_empty()) {
            (true, _) => Edit::Insert { at: before.start, after, text },
            (false, true) => Edit::Delete { before },
            (false, false) => Edit::Update { before, after, text },
        });
    }

    /// The old text of a region that goes.
    fn old_parts(&self, region: &Region) -> Vec<Span> {
        let mut out = Vec::new();
        let mut from = region.old_text.start;
        let mut at = region.old.0;
        while at < region.old.1 {
            let unit = inner_unit(&self.old_starts, at, region.level);
            let end = match unit {
                Some(unit) => self.units[unit].before.1,
                None if self.run_of_old[at] != NONE => end_of_run(&self.run_of_old, at, region.old.1),
                None => {
                    at += 1;
                    continue;
                }
            };
            let gap = self.before.gap(at);
            out.push(Span::new(from, if self.with_gap[at] { gap.start } else { gap.end }));
            from = self.before.end_before(end);
            at = end;
        }
        out.push(Span::new(from, region.old_text.end));
        out
    }

    /// What comes in the new text of a region.
    fn new_pieces(&self, region: &Region) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut from = region.new_text.start;
        let mut at = region.new.0;
        while at < region.new.1 {
            let (piece, old, end) = if let Some(unit) = inner_unit(&self.new_starts, at, region.level) {
                let it = &self.units[unit];
                (Piece::Unit(unit), it.before.0, it.after.1)
            } else if self.run_of_new[at] != NONE {
                let end = end_of_run(&self.run_of_new, at, region.new.1);
                (Piece::Run(at, end), self.to_before[at] as usize, end)
            } else {
                at += 1;
                continue;
            };
            let gap = self.after.gap(at);
            out.push(Piece::Text(Span::new(from, if self.with_gap[old] { gap.start } else { gap.end })));
            out.push(piece);
            from = self.after.end_before(end);
            at = end;
        }
        out.push(Piece::Text(Span::new(from, region.new_text.end)));
        out
    }

    /// Leaves white space alone that is the same at the beginning; gives where in the old text new text goes.
    fn trim(&self, region: &Region, parts: &mut [Span], pieces: &mut [Piece]) -> u32 {
        if let (Some(part), Some(Piece::Text(piece))) = (parts.first_mut(), pieces.first_mut()) {
            let (a, b) = (self.before.slice(*part), self.after.slice(*piece));
            let common = common_space(a.bytes(), b.bytes());
            (part.start, piece.start) = (part.start + common, piece.start + common);
        }
        parts.first().map_or(region.old_text.start, |it| it.start)
    }

    fn emit(&self, at: u32, parts: &[Span], pieces: &[Piece], edits: &mut Vec<Edit>) {
        let mut parts = parts.iter().copied().peekable();
        let alone = pieces.len() == 1;
        for piece in pieces {
            match *piece {
                Piece::Text(after) => {
                    let text = self.after.slice(after).to_owned();
                    let replaced = parts.next_if(|it| alone || it.start == at);
                    edits.push(match replaced {
                        Some(before) => Edit::Update { before, after, text },
                        None => Edit::Insert { at, after, text },
                    });
                }
                Piece::Unit(unit) => {
                    let Unit { before, after } = self.units[unit];
                    edits.push(self.moved(at, before, after, self.level(unit)));
                }
                Piece::Run(from, to) => {
                    let old = self.to_before[from] as usize;
                    let inner = self.gaps(old, from, to - from);
                    edits.push(self.moved(at, (old, old + to - from), (from, to), inner));
                }
            }
        }
        edits.extend(parts.map(|before| Edit::Delete { before }));
    }

    fn moved(&self, at: u32, old: (usize, usize), new: (usize, usize), edits: Vec<Edit>) -> Edit {
        let span = |text: &Text<'_>, range: (usize, usize)| {
            let gap = text.gap(range.0);
            Span::new(if self.with_gap[old.0] { gap.start } else { gap.end }, text.end_before(range.1))
        };
        Edit::Move { at, before: span(&self.before, old), after: span(&self.after, new), edits }
    }

    /// The edits of the white space within a run.
    fn gaps(&self, old: usize, new: usize, len: usize) -> Vec<Edit> {
        let mut edits = Vec::new();
        for it in 1..len {
            let (before, after) = (self.before.gap(old + it), self.after.gap(new + it));
            let text = self.after.slice(after);
            if self.before.slice(before) != text {
                edits.push(Edit::Update { before, after, text: text.to_owned() });
            }
        }
        indentation::join(edits, self.before.text, self.after.text)
    }
}

/// The unit that begins at a lexeme, unless it is the one that we are in.
fn inner_unit(starts: &FxHashMap<usize, usize>, at: usize, level: usize) -> Option<usize> {
    starts.get(&at).copied().filter(|it| *it != level)
}

/// Where a run ends.
fn end_of_run(run_of: &[u32], at: usize, limit: usize) -> usize {
    let is_other = |it: &usize| run_of[*it] != run_of[at];
    (at..limit).find(is_other).unwrap_or(limit)
}

/// How many bytes of white space two texts have in common at their beginnings.
fn common_space(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> u32 {
    let same = a.zip(b).take_while(|(a, b)| a == b && a.is_ascii_whitespace());
    offset(same.count())
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
