//! Which lexeme of the old text is which of the new one.
//!
//! Matched definitions are aligned from the outside in: equal ones as wholes; else their statements, equal ones first,
//! then similar ones; then the lexemes of statements that changed. At last, equal statements that are left over and
//! found once on each side were moved.
//!
//! Source: top-down matching of equal subtrees after Falleri et al. 2014; similar statements of a block aligned in order
//! after Fluri et al. 2007.

use rustc_hash::FxHashMap;

use crate::align::{Sequences, Work, align};
use crate::elements::{elements, moved};
use crate::items::{COMMENTS, Items};
use crate::lexemes::{Lexeme, LexemeKind};

/// Stands for "none".
pub(crate) const NONE: u32 = u32::MAX;
/// Gaps with more pairs of statements are aligned by shape instead of similarity.
const MOST_CELLS: usize = 4096;
/// The least similarity of two statements.
const SIMILAR: u32 = 400;
/// Statements with fewer lexemes are not found again in another definition.
const SMALLEST_MOVE: usize = 8;
/// A statement with as many lexemes of its own may be a list whose elements moved.
const MANY: usize = 128;
/// So many lexemes of a statement decide how similar it is.
const SAMPLE: usize = 96;

/// Of longer statements so many lexemes at both ends say how similar they are.
const LONGEST_END: usize = 512;

/// One side, cut into statements.
pub(crate) struct Cut<'a> {
    pub(crate) items: &'a Items,
    pub(crate) lexemes: &'a [Lexeme],
}

/// The result: for every lexeme of a side, the other side's, or [`NONE`].
pub(crate) struct Mapping {
    pub(crate) to_after: Vec<u32>,
    pub(crate) to_before: Vec<u32>,
    /// What had to be approximated.
    pub(crate) approximations: Vec<&'static str>,
    /// How much work was done.
    pub(crate) work: usize,
}

/// Maps the lexemes of two versions of a file; `within` has the old definition of each new one.
pub(crate) fn mapping(before: &Cut<'_>, after: &Cut<'_>, within: &[Option<usize>]) -> Mapping {
    let count = before.lexemes.len() + after.lexemes.len();
    let mut mapper = Mapper {
        before,
        after,
        within,
        claimed_old: vec![false; before.items.list.len()],
        claimed_new: vec![false; after.items.list.len()],
        mapping: Mapping {
            to_after: vec![NONE; before.lexemes.len()],
            to_before: vec![NONE; after.lexemes.len()],
            approximations: Vec::new(),
            work: 0,
        },
        work: Work::for_elements(count),
    };
    mapper.run();
    let Mapper { mut mapping, work, .. } = mapper;
    mapping.work = work.done;
    mapping.approximations.sort_unstable();
    mapping.approximations.dedup();
    mapping
}

struct Mapper<'m, 'a> {
    before: &'m Cut<'a>,
    after: &'m Cut<'a>,
    within: &'m [Option<usize>],
    /// Items that are matched definitions.
    claimed_old: Vec<bool>,
    claimed_new: Vec<bool>,
    mapping: Mapping,
    work: Work,
}

impl Mapper<'_, '_> {
    fn run(&mut self) {
        let pairs: Vec<(usize, usize)> = self
            .within
            .iter()
            .enumerate()
            .filter_map(|(new, old)| {
                let old = self.before.items.of_definition[(*old)?]?;
                Some((old, self.after.items.of_definition[new]?))
            })
            .collect();
        for (old, new) in &pairs {
            (self.claimed_old[*old], self.claimed_new[*new]) = (true, true);
        }
        for (old, new) in pairs {
            self.pair(old, new);
        }
        self.left_over();
    }

    /// Aligns two items, and what is in them.
    fn pair(&mut self, old: usize, new: usize) {
        let mut stack = vec![(old, new)];
        while let Some((old, new)) = stack.pop() {
            let (a, b) = (&self.before.items.list[old], &self.after.items.list[new]);
            if a.hash == b.hash && a.len() == b.len() {
                self.map_range(a.first, b.first, a.len());
                continue;
            }
            self.own(old, new);
            let olds: Vec<usize> =
                self.before.items.children(old).filter(|it| !self.claimed_old[*it]).collect();
            let news: Vec<usize> =
                self.after.items.children(new).filter(|it| !self.claimed_new[*it]).collect();
            self.siblings(&olds, &news, &mut stack);
        }
    }

    fn map_range(&mut self, old: usize, new: usize, len: usize) {
        for it in 0..len {
            self.map(old + it, new + it);
        }
    }

    fn map(&mut self, old: usize, new: usize) {
        let mapping = &mut self.mapping;
        if mapping.to_after[old] == NONE && mapping.to_before[new] == NONE {
            mapping.to_after[old] = index(new);
            mapping.to_before[new] = index(old);
        }
    }

    /// Aligns the own lexemes of two items.
    fn own(&mut self, old: usize, new: usize) {
        let (olds, news) = (self.before.items.own_lexemes(old), self.after.items.own_lexemes(new));
        let hashes =
            |all: &[usize], lexemes: &[Lexeme]| all.iter().map(|it| lexemes[*it].hash).collect::<Vec<u64>>();
        let (mut olds, mut news) = (olds, news);
        if olds.len().min(news.len()) >= MANY {
            self.moved_elements(&mut olds, &mut news);
        }
        let (a, b) = (hashes(&olds, self.before.lexemes), hashes(&news, self.after.lexemes));
        let weight = |at: usize| match self.before.lexemes[olds[at]].kind {
            LexemeKind::Mark => 2,
            LexemeKind::Word | LexemeKind::Comment => 5,
        };
        let pairs = align(&Sequences { before: &a, after: &b, weight: &weight }, &mut self.work);
        self.note("gap-budget");
        for (i, j) in pairs {
            self.map(olds[i], news[j]);
        }
    }

    /// Maps the elements of a long list, such as the entries of a dict, that changed places; the rest stays to be aligned.
    fn moved_elements(&mut self, olds: &mut Vec<usize>, news: &mut Vec<usize>) {
        let (before, after) = (elements(olds, self.before.lexemes), elements(news, self.after.lexemes));
        for (old, new) in moved(&before, &after) {
            for (old, new) in before[old].places.clone().zip(after[new].places.clone()) {
                self.map(olds[old], news[new]);
            }
        }
        olds.retain(|it| self.mapping.to_after[*it] == NONE);
        news.retain(|it| self.mapping.to_before[*it] == NONE);
    }

    fn note(&mut self, what: &'static str) {
        if std::mem::take(&mut self.work.exhausted) {
            self.mapping.approximations.push(what);
        }
    }

    /// Aligns the statements of two blocks: equal ones, then similar ones in the gaps, which go to the stack.
    fn siblings(&mut self, olds: &[usize], news: &[usize], stack: &mut Vec<(usize, usize)>) {
        let hashes =
            |all: &[usize], items: &Items| all.iter().map(|it| items.list[*it].hash).collect::<Vec<u64>>();
        let (a, b) = (hashes(olds, self.before.items), hashes(news, self.after.items));
        let weight = |at: usize| index(self.before.items.list[olds[at]].len());
        let pairs = align(&Sequences { before: &a, after: &b, weight: &weight }, &mut self.work);
        self.note("gap-budget");
        let (mut i, mut j) = (0, 0);
        for (next_i, next_j) in pairs.into_iter().chain([(olds.len(), news.len())]) {
            self.similar(&olds[i..next_i], &news[j..next_j], stack);
            if next_i < olds.len() {
                let (old, new) =
                    (&self.before.items.list[olds[next_i]], &self.after.items.list[news[next_j]]);
                self.map_range(old.first, new.first, old.len().min(new.len()));
            }
            (i, j) = (next_i + 1, next_j + 1);
        }
    }

    /// Aligns the statements of a gap without equal ones.
    fn similar(&mut self, olds: &[usize], news: &[usize], stack: &mut Vec<(usize, usize)>) {
        if olds.is_empty() || news.is_empty() {
            return;
        }
        if olds.len() == 1 && news.len() == 1 {
            let (old, new) = (olds[0], news[0]);
            if similarity(&self.before.sample(old), &self.after.sample(new)) >= SIMILAR / 2
                && self.same_kind(old, new)
            {
                stack.push((old, new));
            }
            return;
        }
        let samples = olds.len() + news.len();
        if olds.len() * news.len() <= MOST_CELLS && self.work.take(samples * 4 + olds.len() * news.len() * 4)
        {
            stack.extend(self.by_similarity(olds, news));
            return;
        }
        let (a, b): (Vec<u64>, Vec<u64>) = (
            olds.iter().map(|it| self.before.items.list[*it].shape).collect(),
            news.iter().map(|it| self.after.items.list[*it].shape).collect(),
        );
        let pairs = align(&Sequences { before: &a, after: &b, weight: &|_| 1 }, &mut self.work);
        self.work.exhausted = true;
        self.note("statement-budget");
        stack.extend(pairs.into_iter().map(|it| (olds[it.0], news[it.1])));
    }

    fn same_kind(&self, old: usize, new: usize) -> bool {
        let (a, b) = (&self.before.items.list[old], &self.after.items.list[new]);
        // Definitions that are not the same are not like anything.
        a.definition.is_none() && b.definition.is_none() && (a.kind == COMMENTS) == (b.kind == COMMENTS)
    }

    /// The most similar pairs in order.
    fn by_similarity(&self, olds: &[usize], news: &[usize]) -> Vec<(usize, usize)> {
        let old_samples: Vec<_> = olds.iter().map(|it| self.before.sample(*it)).collect();
        let new_samples: Vec<_> = news.iter().map(|it| self.after.sample(*it)).collect();
        let width = news.len() + 1;
        let mut pairs = vec![0u32; olds.len() * news.len()];
        let mut sums = vec![0u32; (olds.len() + 1) * width];
        for i in (0..olds.len()).rev() {
            for j in (0..news.len()).rev() {
                let here = &mut pairs[i * news.len() + j];
                if self.same_kind(olds[i], news[j]) {
                    let same = self.before.items.list[olds[i]].kind == self.after.items.list[news[j]].kind;
                    let found = similarity(&old_samples[i], &new_samples[j]);
                    *here = if found >= SIMILAR { found + u32::from(same) * 50 } else { 0 };
                }
                let skipped = sums[(i + 1) * width + j].max(sums[i * width + j + 1]);
                let taken = if *here > 0 { sums[(i + 1) * width + j + 1] + *here } else { 0 };
                sums[i * width + j] = skipped.max(taken);
            }
        }
        let (mut out, mut i, mut j) = (Vec::new(), 0, 0);
        while i < olds.len() && j < news.len() {
            let (here, pair) = (sums[i * width + j], pairs[i * news.len() + j]);
            if pair > 0 && here == sums[(i + 1) * width + j + 1] + pair {
                out.push((olds[i], news[j]));
                (i, j) = (i + 1, j + 1);
            } else if here == sums[(i + 1) * width + j] {
                i += 1;
            } else {
                j += 1;
            }
        }
        out
    }

    /// Finds statements that were moved: equal ones that are left over.
    fn left_over(&mut self) {
        let same_owner = |owner: usize, new: bool| -> u64 {
            // The old definition stands for both.
            let old = if new { self.within[owner] } else { Some(owner) };
            old.map_or(u64::MAX, |it| it as u64)
        };
        let key = |items: &Items, at: usize, new: bool| {
            (same_owner(items.list[at].owner, new), items.list[at].hash)
        };
        let old_keys: Vec<_> =
            (0..self.before.items.list.len()).map(|it| key(self.before.items, it, false)).collect();
        let new_keys: Vec<_> =
            (0..self.after.items.list.len()).map(|it| key(self.after.items, it, true)).collect();
        self.take_single(&old_keys, &new_keys, 2);
        let hashes = |items: &Items| items.list.iter().map(|it| (0, it.hash)).collect::<Vec<_>>();
        self.take_single(&hashes(self.before.items), &hashes(self.after.items), SMALLEST_MOVE);
        self.extend_runs();
    }

    /// Maps free items whose key is found once among the free ones of each side.
    fn take_single(&mut self, old_keys: &[(u64, u64)], new_keys: &[(u64, u64)], least: usize) {
        let old_free = free(self.before.items, &self.mapping.to_after, least);
        let new_free = free(self.after.items, &self.mapping.to_before, least);
        let mut found: FxHashMap<(u64, u64), (usize, usize, usize, usize)> = FxHashMap::default();
        for at in &old_free {
            let entry = found.entry(old_keys[*at]).or_insert((0, 0, 0, 0));
            (entry.0, entry.1) = (entry.0 + 1, *at);
        }
        for at in &new_free {
            if let Some(entry) = found.get_mut(&new_keys[*at]) {
                (entry.2, entry.3) = (entry.2 + 1, *at);
            }
        }
        for at in old_free {
            let Some((1, old, 1, new)) = found.get(&old_keys[at]).copied() else { continue };
            self.map_free(old, new);
        }
    }

    /// Maps two items if nothing in them is mapped, and they are as long.
    fn map_free(&mut self, old: usize, new: usize) -> bool {
        let (a, b) = (&self.before.items.list[old], &self.after.items.list[new]);
        let is_free = a.len() == b.len()
            && self.mapping.to_after[a.first..a.last].iter().all(|it| *it == NONE)
            && self.mapping.to_before[b.first..b.last].iter().all(|it| *it == NONE);
        if is_free {
            self.map_range(a.first, b.first, a.len());
        }
        is_free
    }

    /// Where a statement was mapped, equal free neighbors go with it.
    fn extend_runs(&mut self) {
        for forward in [true, false] {
            let (old_next, new_next) =
                (neighbors(self.before.items, forward), neighbors(self.after.items, forward));
            let mut starts: FxHashMap<usize, usize> = FxHashMap::default();
            for (at, item) in self.after.items.list.iter().enumerate().skip(1) {
                starts.entry(item.first).or_insert(at);
            }
            let order: Vec<usize> = if forward {
                (1..self.before.items.list.len()).collect()
            } else {
                (1..self.before.items.list.len()).rev().collect()
            };
            for old in order {
                let item = &self.before.items.list[old];
                let target = self.mapping.to_after.get(item.first).copied().unwrap_or(NONE);
                let Some(new) = starts.get(&(target as usize)).copied() else { continue };
                if self.after.items.list[new].hash != item.hash {
                    continue;
                }
                let (Some(old), Some(new)) = (old_next[old], new_next[new]) else { continue };
                if self.before.items.list[old].hash == self.after.items.list[new].hash {
                    self.map_free(old, new);
                }
            }
        }
    }
}

/// Items nothing of which is mapped, with at least so many lexemes.
fn free(items: &Items, mapped: &[u32], least: usize) -> Vec<usize> {
    let mut sums = Vec::with_capacity(mapped.len() + 1);
    let mut sum = 0usize;
    sums.push(0);
    for it in mapped {
        sum += usize::from(*it != NONE);
        sums.push(sum);
    }
    let is_free = |it: &usize| {
        let item = &items.list[*it];
        item.len() >= least && sums[item.last] == sums[item.first]
    };
    (1..items.list.len()).filter(is_free).collect()
}

/// For every item, the sibling after or before it.
fn neighbors(items: &Items, forward: bool) -> Vec<Option<usize>> {
    let mut out = vec![None; items.list.len()];
    let mut last: Vec<Option<usize>> = vec![None; items.list.len()];
    for at in 1..items.list.len() {
        let parent = items.list[at].parent;
        if let Some(previous) = last[parent] {
            if forward {
                out[previous] = Some(at);
            } else {
                out[at] = Some(previous);
            }
        }
        last[parent] = Some(at);
    }
    out
}

impl Cut<'_> {
    /// The hashes of an item's lexemes, or of a part of them, sorted.
    fn sample(&self, item: usize) -> Sample {
        let item = &self.items.list[item];
        let range = &self.lexemes[item.first..item.last];
        // Blocks within blocks are all looked at: the work for each has to have a bound.
        let (head, rest) = range.split_at(range.len().min(LONGEST_END));
        let tail = &rest[rest.len().saturating_sub(LONGEST_END)..];
        let mut hashes: Vec<u64> = head.iter().chain(tail).map(|it| it.hash).collect();
        let step = hashes.len().div_ceil(SAMPLE).max(1).next_power_of_two();
        hashes.sort_unstable();
        // Numbered where they repeat, lexemes differ, and a part of them is the same part on both sides.
        let (mut last, mut count) = (None, 0u64);
        let numbered = hashes.into_iter().map(|it| {
            count = if last == Some(it) { count + 1 } else { 0 };
            last = Some(it);
            (it ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd)
        });
        let mut features: Vec<u64> = numbered.filter(|it| is_sampled(*it, step as u64)).collect();
        features.sort_unstable();
        Sample { step: step as u64, features }
    }
}

/// What a statement is made of, or a part of it.
struct Sample {
    /// One in so many is in the sample.
    step: u64,
    features: Vec<u64>,
}

/// How much of two samples is common, in thousandths.
fn similarity(a: &Sample, b: &Sample) -> u32 {
    if a.step == b.step {
        return common(&a.features, &b.features);
    }
    // The part of the finer sample that the coarser one has.
    let step = a.step.max(b.step);
    let coarse =
        |it: &Sample| it.features.iter().copied().filter(|it| is_sampled(*it, step)).collect::<Vec<_>>();
    common(&coarse(a), &coarse(b))
}

fn is_sampled(feature: u64, step: u64) -> bool {
    feature >> 20 & (step - 1) == 0
}

/// How much of two sorted lists is common, in thousandths.
fn common(a: &[u64], b: &[u64]) -> u32 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    index(2000 * common / (a.len() + b.len()).max(1))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
