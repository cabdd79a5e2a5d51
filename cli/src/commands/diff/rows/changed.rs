//! Lines in the place of each other: which old line stands beside which new one, and what differs within them.

use std::collections::VecDeque;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::inline::{Line, Pieces, pieces};
use super::{Cell, Lines, Row, RowKind, Rows, cut};

/// So many old lines are looked at for one that is similar to a new line.
const AHEAD: usize = 6;

/// An old line, a new one, or both.
type Pair = (Option<usize>, Option<usize>);

/// New lines that are similar to the old ones that they are paired with, and what differs.
type Similar<'a> = FxHashMap<usize, (Pieces<'a>, Pieces<'a>)>;

/// Lines of both sides, cut into pieces.
struct Compared<'a> {
    olds: (usize, Vec<Line<'a>>),
    news: (usize, Vec<Line<'a>>),
}

impl<'a> Compared<'a> {
    /// What differs between an old and a new line; none if they are not similar.
    fn pieces(&self, old: usize, new: usize) -> Option<(Pieces<'a>, Pieces<'a>)> {
        pieces(self.olds.1.get(old - self.olds.0)?, self.news.1.get(new - self.news.0)?)
    }
}

impl<'a> Rows<'_, 'a> {
    /// Rows of lines in the place of each other: similar ones side by side, in order.
    pub(super) fn changed(&self, olds: Range<usize>, news: Range<usize>) -> Vec<Row> {
        let is_one_sided = olds.is_empty() || news.is_empty();
        let cut = |lines: &Lines<'a>, range: &Range<usize>| {
            let range = if is_one_sided { 0..0 } else { range.clone() };
            (range.start, lines.texts[range].iter().map(|it| Line::new(it)).collect())
        };
        let lines = Compared { olds: cut(self.before, &olds), news: cut(self.after, &news) };
        let (pairs, mut similar) = self.pairs(&lines, olds, news);
        let row = |(old, new): Pair| match (old, new) {
            (Some(old), Some(new)) => {
                self.replaced(old, new, similar.remove(&new).or_else(|| lines.pieces(old, new)))
            }
            (Some(old), None) => {
                let line = self.moved.old.get(&self.before.numbers[old]);
                one_sided(Some(self.before.cell(old)), None, line.map(|it| format!("moved to :{it}")))
            }
            (None, new) => {
                let line = new.and_then(|it| self.moved.new.get(&self.after.numbers[it]));
                let note = line.map(|it| format!("moved from :{it}"));
                one_sided(None, new.map(|it| self.after.cell(it)), note)
            }
        };
        self.side_by_side(pairs).into_iter().map(row).collect()
    }

    /// Pairs each new line with the first of the next old ones that is similar.
    fn pairs(
        &self,
        lines: &Compared<'a>,
        olds: Range<usize>,
        news: Range<usize>,
    ) -> (Vec<Pair>, Similar<'a>) {
        let (mut pairs, mut similar, mut left) = (Vec::new(), Similar::default(), olds);
        for new in news {
            let near = left.start..left.end.min(left.start + AHEAD);
            let mut near = near.filter(|it| !self.moved_apart(*it, new));
            let found = near.find_map(|it| lines.pieces(it, new).map(|pieces| (it, pieces)));
            if let Some((old, pieces)) = found {
                pairs.extend((left.start..old).map(|it| (Some(it), None)));
                pairs.push((Some(old), Some(new)));
                similar.insert(new, pieces);
                left.start = old + 1;
            } else {
                pairs.push((None, Some(new)));
            }
        }
        pairs.extend(left.map(|it| (Some(it), None)));
        (pairs, similar)
    }

    /// Whether one of two lines moved, and not to or from the other.
    fn moved_apart(&self, old: usize, new: usize) -> bool {
        let (old, new) = (self.before.numbers[old], self.after.numbers[new]);
        self.moved.old.get(&old).is_some_and(|it| *it != new)
            || self.moved.new.get(&new).is_some_and(|it| *it != old)
    }

    /// Puts lines that were not paired beside each other, if they did not move.
    fn side_by_side(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut out = Vec::with_capacity(pairs.len());
        let (mut olds, mut news) = (VecDeque::new(), VecDeque::new());
        let moved_old = |it: usize| self.moved.old.contains_key(&self.before.numbers[it]);
        let moved_new = |it: usize| self.moved.new.contains_key(&self.after.numbers[it]);
        for (old, new) in pairs.into_iter().map(Some).chain([None]).map(Option::unwrap_or_default) {
            match (old, new) {
                (Some(old), None) if !moved_old(old) => olds.push_back(old),
                (None, Some(new)) if !moved_new(new) => news.push_back(new),
                // Anything else, and the end.
                pair => {
                    while !olds.is_empty() || !news.is_empty() {
                        out.push((olds.pop_front(), news.pop_front()));
                    }
                    out.push(pair);
                }
            }
        }
        out.retain(|it| it.0.is_some() || it.1.is_some());
        out
    }

    fn replaced(&self, old: usize, new: usize, pieces: Option<(Pieces<'_>, Pieces<'_>)>) -> Row {
        let (mut before, mut after) = (self.before.cell(old), self.after.cell(new));
        if let Some((olds, news)) = pieces {
            let owned = |all: Vec<(bool, &str)>| all.into_iter().map(|it| (it.0, cut(it.1))).collect();
            (before.pieces, after.pieces) = (owned(olds), owned(news));
        }
        Row { kind: RowKind::Changed, old: Some(before), new: Some(after), note: None }
    }
}

/// A row of one side.
fn one_sided(old: Option<Cell>, new: Option<Cell>, note: Option<String>) -> Row {
    let kind = if note.is_some() { RowKind::Moved } else { RowKind::Changed };
    Row { kind, old, new, note }
}
