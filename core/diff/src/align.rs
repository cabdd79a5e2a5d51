//! Alignment of two sequences of hashes: which element is which, in order.
//!
//! Equal ends first; then elements found once on each side, along a longest increasing subsequence; then the rarest
//! elements. What remains and is small is aligned best, by weight; where every element is frequent, the shortest edit
//! script is followed. The work is counted: where it runs out, only that gap stays approximate.
//!
//! Source: patience diff after Cohen; rarest elements after git's histogram diff; the weighted longest common
//! subsequence after Wagner and Fischer 1974; the greedy algorithm of Myers 1986.

use rustc_hash::FxHashMap;

use crate::order;
use crate::shortest::shortest;

/// Gaps with at most as many pairs of elements are aligned best.
const MOST_CELLS: usize = 16_384;
/// Elements that occur more often say nothing about where they belong.
const MOST_FREQUENT: usize = 64;
/// So many insertions and deletions are followed at once, and so many where little was found in common.
const MOST_EDITS: usize = 64;
const FEW_EDITS: usize = 16;
/// Work per element, beyond which a gap is approximated.
const WORK: usize = 48;
/// How far an approximation looks ahead.
const AHEAD: usize = 8;

/// The work that alignments may still do, and whether it ran out.
#[derive(Debug)]
pub(crate) struct Work {
    left: usize,
    /// How much was done.
    pub(crate) done: usize,
    /// Whether a gap was approximated.
    pub(crate) exhausted: bool,
}

impl Work {
    /// Work enough for texts with so many elements in all.
    pub(crate) fn for_elements(count: usize) -> Self {
        Self { left: count.saturating_mul(WORK).saturating_add(4 * MOST_CELLS), done: 0, exhausted: false }
    }

    /// Takes some of what is left; false if there is not enough.
    pub(crate) fn take(&mut self, amount: usize) -> bool {
        if self.left < amount {
            self.exhausted = true;
            return false;
        }
        self.left -= amount;
        self.done += amount;
        true
    }
}

/// Aligns two sequences of numbers: gives the places of equal ones that belong together, in order on both sides. Where there
/// is a choice, those that weigh most are kept. The time is bounded: about linear in the lengths.
pub fn align_numbers(before: &[u64], after: &[u64], weight: &dyn Fn(usize) -> u32) -> Vec<(usize, usize)> {
    align(&Sequences { before, after, weight }, &mut Work::for_elements(before.len() + after.len()))
}

/// Two sequences, and how much each element of the first weighs.
pub(crate) struct Sequences<'a> {
    pub(crate) before: &'a [u64],
    pub(crate) after: &'a [u64],
    pub(crate) weight: &'a dyn Fn(usize) -> u32,
}

/// A part of both sequences.
#[derive(Clone, Copy)]
struct Gap {
    a: (usize, usize),
    b: (usize, usize),
}

impl Gap {
    fn len(&self) -> usize {
        self.a.1 - self.a.0 + self.b.1 - self.b.0
    }
}

/// Aligns two sequences; the result is in order on both sides, and pairs equal elements only.
pub(crate) fn align(of: &Sequences<'_>, work: &mut Work) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut gaps = vec![Gap { a: (0, of.before.len()), b: (0, of.after.len()) }];
    while let Some(gap) = gaps.pop() {
        let gap = trim(of, gap, &mut out);
        let (rows, columns) = (gap.a.1 - gap.a.0, gap.b.1 - gap.b.0);
        if rows == 0 || columns == 0 {
            continue;
        }
        if rows * columns <= MOST_CELLS / 8 && work.take(rows * columns / 4) {
            best(of, gap, &mut out);
            continue;
        }
        if !work.take(rows + columns) {
            approximate(of, gap, &mut out);
            continue;
        }
        let anchors = anchors(of, gap);
        if anchors.is_empty() {
            if rows * columns <= MOST_CELLS && work.take(rows * columns / 4) {
                best(of, gap, &mut out);
            } else if let Some(pair) = rarest(of, gap) {
                split(gap, &[pair], &mut out, &mut gaps);
            } else if has_common(of, gap) {
                gaps.extend(follow(of, gap, work, &mut out));
            }
        } else {
            split(gap, &anchors, &mut out, &mut gaps);
        }
    }
    out.sort_unstable();
    out
}

/// Takes equal elements from both ends.
fn trim(of: &Sequences<'_>, mut gap: Gap, out: &mut Vec<(usize, usize)>) -> Gap {
    while gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1 && of.before[gap.a.0] == of.after[gap.b.0] {
        out.push((gap.a.0, gap.b.0));
        (gap.a.0, gap.b.0) = (gap.a.0 + 1, gap.b.0 + 1);
    }
    while gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1 && of.before[gap.a.1 - 1] == of.after[gap.b.1 - 1] {
        (gap.a.1, gap.b.1) = (gap.a.1 - 1, gap.b.1 - 1);
        out.push((gap.a.1, gap.b.1));
    }
    gap
}

/// Pairs the anchors, and leaves what is between them for later.
fn split(gap: Gap, anchors: &[(usize, usize)], out: &mut Vec<(usize, usize)>, gaps: &mut Vec<Gap>) {
    let (mut a, mut b) = (gap.a.0, gap.b.0);
    for (i, j) in anchors.iter().copied().chain([(gap.a.1, gap.b.1)]) {
        if i > a || j > b {
            gaps.push(Gap { a: (a, i), b: (b, j) });
        }
        (a, b) = (i + 1, j + 1);
    }
    out.extend_from_slice(anchors);
}

/// Elements that are once on each side, as far as they are in the same order.
fn anchors(of: &Sequences<'_>, gap: Gap) -> Vec<(usize, usize)> {
    let mut places: FxHashMap<u64, (usize, usize, usize)> = FxHashMap::default();
    for it in &of.before[gap.a.0..gap.a.1] {
        places.entry(*it).or_insert((0, 0, 0)).0 += 1;
    }
    for (at, it) in of.after[gap.b.0..gap.b.1].iter().enumerate() {
        if let Some(found) = places.get_mut(it) {
            (found.1, found.2) = (found.1 + 1, gap.b.0 + at);
        }
    }
    let mut pairs = Vec::new();
    for (at, it) in of.before[gap.a.0..gap.a.1].iter().enumerate() {
        if let Some((1, 1, there)) = places.get(it) {
            pairs.push((gap.a.0 + at, *there));
        }
    }
    let sequence: Vec<usize> = pairs.iter().map(|it| it.1).collect();
    let kept = order::kept(&sequence);
    pairs.into_iter().zip(kept).filter(|it| it.1).map(|it| it.0).collect()
}

fn has_common(of: &Sequences<'_>, gap: Gap) -> bool {
    let known: rustc_hash::FxHashSet<u64> = of.before[gap.a.0..gap.a.1].iter().copied().collect();
    of.after[gap.b.0..gap.b.1].iter().any(|it| known.contains(it))
}

/// Of the rarest common element, the occurrence with the longest run of equal elements around it.
fn rarest(of: &Sequences<'_>, gap: Gap) -> Option<(usize, usize)> {
    let mut places: FxHashMap<u64, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
    for at in gap.a.0..gap.a.1 {
        let found = &mut places.entry(of.before[at]).or_default().0;
        if found.len() <= MOST_FREQUENT {
            found.push(at);
        }
    }
    for at in gap.b.0..gap.b.1 {
        if let Some((_, found)) = places.get_mut(&of.after[at]).filter(|it| it.1.len() <= MOST_FREQUENT) {
            found.push(at);
        }
    }
    let mut rarest: Option<(usize, usize)> = None;
    for at in gap.a.0..gap.a.1 {
        let (olds, news) = &places[&of.before[at]];
        let count = olds.len().max(news.len());
        if !news.is_empty() && count <= MOST_FREQUENT && rarest.is_none_or(|it| count < it.0) {
            rarest = Some((count, at));
        }
    }
    let (olds, news) = &places[&of.before[rarest?.1]];
    let run = |i: usize, j: usize| {
        let ahead = of.before[i..gap.a.1].iter().zip(&of.after[j..gap.b.1]);
        ahead.take(MOST_FREQUENT).take_while(|it| it.0 == it.1).count()
    };
    let pairs = olds.iter().flat_map(|i| news.iter().map(move |j| (*i, *j)));
    // Of equal runs the one nearest to the diagonal.
    let off = |(i, j): (usize, usize)| (i - gap.a.0).abs_diff(j - gap.b.0);
    pairs.max_by_key(|it| (run(it.0, it.1), std::cmp::Reverse(off(*it))))
}

/// Pairs elements along shortest edit scripts; gives the rest of the gap once that is half as long, when elements may be
/// rare in it.
fn follow(of: &Sequences<'_>, gap: Gap, work: &mut Work, out: &mut Vec<(usize, usize)>) -> Option<Gap> {
    let (mut rest, mut most_edits) = (gap, MOST_EDITS);
    while 2 * rest.len() > gap.len() {
        let (a, b) = (&of.before[rest.a.0..rest.a.1], &of.after[rest.b.0..rest.b.1]);
        let path = shortest(a, b, most_edits, work.left.saturating_mul(4));
        out.extend(path.pairs.iter().map(|it| (rest.a.0 + it.0, rest.b.0 + it.1)));
        let is_paid = work.take(path.steps / 4);
        let is_alike = 4 * path.pairs.len() >= path.end.0 + path.end.1;
        most_edits = if is_alike { MOST_EDITS } else { FEW_EDITS };
        (rest.a.0, rest.b.0) = (rest.a.0 + path.end.0, rest.b.0 + path.end.1);
        if rest.a.0 == rest.a.1 || rest.b.0 == rest.b.1 {
            return None;
        }
        work.exhausted = true;
        if !is_paid {
            approximate(of, rest, out);
            return None;
        }
    }
    Some(rest)
}

/// The heaviest common subsequence of a small gap.
fn best(of: &Sequences<'_>, gap: Gap, out: &mut Vec<(usize, usize)>) {
    let (a, b) = (&of.before[gap.a.0..gap.a.1], &of.after[gap.b.0..gap.b.1]);
    let width = b.len() + 1;
    let mut weights = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        let weight = (of.weight)(gap.a.0 + i);
        for j in (0..b.len()).rev() {
            let skipped = weights[(i + 1) * width + j].max(weights[i * width + j + 1]);
            let taken = weights[(i + 1) * width + j + 1].saturating_add(weight);
            weights[i * width + j] = if a[i] == b[j] { skipped.max(taken) } else { skipped };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let weight = (of.weight)(gap.a.0 + i);
        let here = weights[i * width + j];
        if a[i] == b[j] && here == weights[(i + 1) * width + j + 1].saturating_add(weight) {
            out.push((gap.a.0 + i, gap.b.0 + j));
            (i, j) = (i + 1, j + 1);
        } else if here == weights[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Pairs equal elements from the front, looking a few elements ahead.
fn approximate(of: &Sequences<'_>, gap: Gap, out: &mut Vec<(usize, usize)>) {
    let ((mut i, i_end), (mut j, j_end)) = (gap.a, gap.b);
    while i < i_end && j < j_end {
        let near = (0..AHEAD).flat_map(|far| (0..=far).map(move |it| (it, far - it)));
        let found = near
            .map(|it| (i + it.0, j + it.1))
            .find(|it| it.0 < i_end && it.1 < j_end && of.before[it.0] == of.after[it.1]);
        if let Some(pair) = found {
            out.push(pair);
            (i, j) = pair;
        }
        (i, j) = (i + 1, j + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(before: &str, after: &str) -> String {
        let hashes = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let (before, after) = (hashes(before), hashes(after));
        let mut work = Work::for_elements(before.len() + after.len());
        let of = Sequences { before: &before, after: &after, weight: &|_| 1 };
        let pairs = align(&of, &mut work);
        assert!(pairs.windows(2).all(|it| it[0].0 < it[1].0 && it[0].1 < it[1].1));
        pairs.iter().map(|it| char::from(u8::try_from(before[it.0]).expect("bytes"))).collect()
    }

    #[test]
    fn common_parts_are_found() {
        assert_eq!(aligned("", "abc"), "");
        assert_eq!(aligned("abc", "abc"), "abc");
        assert_eq!(aligned("axbxc", "axcxc"), "axxc");
        assert_eq!(aligned("abcdef", "xbcyef"), "bcef");
        assert_eq!(aligned("aaaab", "baaaa"), "aaaa");
    }

    #[test]
    fn long_repetitions_end_soon() {
        let (before, after) = ("ab".repeat(20_000), "ba".repeat(19_000) + "b");
        let found = aligned(&before, &after);
        assert!(found.len() > 30_000, "{}", found.len());
    }
}
