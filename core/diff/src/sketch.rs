//! Sketches: fixed-size samples of what a definition is made of, to tell how similar two definitions are.
//!
//! Features are words and pairs of neighboring lexemes, numbered where they repeat; comments and the definition's own
//! name don't count. A sketch keeps the features with the smallest hashes. Two sketches estimate the share of common
//! features, exactly as long as there are few. The sketch of a definition contains those nested in it.
//!
//! Cost: n log n for making, constant for comparing. Source: bottom-k sketches after Cohen and Kaplan 2007, on
//! min-wise hashing after Broder 1997.

use astkit_ast::Definition;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::lexemes::{Lexeme, LexemeKind, within};
use crate::side::Side;

/// How many features a sketch keeps.
const SIZE: usize = 64;

/// The smallest hashes of a definition's features, in order.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sketch {
    pub(crate) features: Vec<u64>,
    /// How many features there are in all.
    pub(crate) count: usize,
}

impl Sketch {
    fn new(mut features: Vec<u64>) -> Self {
        features.sort_unstable();
        features.dedup();
        let count = features.len();
        features.truncate(SIZE);
        Self { features, count }
    }

    /// Takes in the features of a part.
    fn absorb(&mut self, part: &Self) {
        self.features.extend_from_slice(&part.features);
        self.features.sort_unstable();
        self.features.dedup();
        self.features.truncate(SIZE);
        self.count += part.count;
    }

    /// How similar two definitions are, from 0 to 1: Dice's coefficient of their features.
    pub(crate) fn similarity(&self, other: &Self) -> f32 {
        let (mut i, mut j, mut seen, mut common) = (0, 0, 0, 0);
        let (a, b) = (&self.features, &other.features);
        // Among the smallest of the union both samples are complete.
        let complete = if a.len() < SIZE && b.len() < SIZE { usize::MAX } else { SIZE };
        while seen < complete && (i < a.len() || j < b.len()) {
            let order = match (a.get(i), b.get(j)) {
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, _) => std::cmp::Ordering::Greater,
            };
            i += usize::from(order.is_le());
            j += usize::from(order.is_ge());
            common += usize::from(order.is_eq());
            seen += 1;
        }
        if seen == 0 {
            return 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts up to twice the size of a sketch")]
        let shared = common as f32 / seen as f32;
        2.0 * shared / (1.0 + shared)
    }
}

impl Sketch {
    /// Which share of the smaller one's features the larger one has, from 0 to 1.
    pub(crate) fn containment(&self, other: &Self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let (all, least) = ((self.count + other.count) as f32, self.count.min(other.count).max(1) as f32);
        (self.similarity(other) * all / 2.0 / least).min(1.0)
    }
}

/// The sketch of a definition; those in it must have theirs.
pub(crate) fn sketch(side: &Side<'_>, at: usize) -> Sketch {
    let mut out = own_sketch(side, side.lexemes(), at);
    for part in side.children[at].iter().rev().filter_map(|it| side.made_sketch(*it)) {
        out.absorb(part);
    }
    out
}

fn own_sketch(side: &Side<'_>, lexemes: &[Lexeme], at: usize) -> Sketch {
    let Definition { name, .. } = &side.definitions[at];
    let name = xxh3_64(name.as_bytes());
    let mut features = Vec::new();
    let mut counts: FxHashMap<u64, u64> = FxHashMap::default();
    let mut feature = |it: u64| {
        let count = counts.entry(it).or_insert(0);
        *count += 1;
        features.push(xxh3_64_with_seed(&it.to_le_bytes(), *count));
    };
    let mut previous: u64 = 0;
    let range = within(lexemes, side.span(at));
    let mut next = range.start;
    let nested = side.children[at].iter().map(|it| within(lexemes, side.span(*it)));
    for skipped in nested.chain(std::iter::once(range.end..range.end)) {
        for lexeme in &lexemes[next.min(skipped.start)..skipped.start] {
            if lexeme.kind == LexemeKind::Comment || lexeme.hash == name {
                continue;
            }
            if lexeme.kind == LexemeKind::Word {
                feature(lexeme.hash);
            }
            feature(previous.rotate_left(17) ^ lexeme.hash.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            previous = lexeme.hash;
        }
        next = skipped.end.max(next);
    }
    Sketch::new(features)
}

/// Definitions that have features in common: for each new one, the old ones that share most, at most a few.
pub(crate) struct Index<'a> {
    olds: FxHashMap<u64, Vec<usize>>,
    sketches: Vec<&'a Sketch>,
}

/// Features that more definitions have say nothing.
const MOST_COMMON: usize = 8;
/// How many candidates are looked at closely.
const MOST_CANDIDATES: usize = 8;

impl<'a> Index<'a> {
    pub(crate) fn new(sketches: Vec<&'a Sketch>) -> Self {
        let mut olds: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (at, sketch) in sketches.iter().enumerate() {
            for feature in &sketch.features {
                let found = olds.entry(*feature).or_default();
                // One more than counts shows that there are too many.
                if found.len() <= MOST_COMMON {
                    found.push(at);
                }
            }
        }
        Self { olds, sketches }
    }

    /// The candidates for a sketch, with their similarity, the best first; ties in the order of the index.
    pub(crate) fn candidates(&self, sketch: &Sketch) -> Vec<(usize, f32)> {
        let mut votes: FxHashMap<usize, usize> = FxHashMap::default();
        for feature in &sketch.features {
            for old in self.olds.get(feature).filter(|it| it.len() <= MOST_COMMON).into_iter().flatten() {
                *votes.entry(*old).or_insert(0) += 1;
            }
        }
        let mut found: Vec<(usize, usize)> = votes.into_iter().map(|(old, count)| (count, old)).collect();
        found.sort_unstable_by_key(|it| (std::cmp::Reverse(it.0), it.1));
        found.truncate(MOST_CANDIDATES);
        let mut out: Vec<(usize, f32)> =
            found.into_iter().map(|it| (it.1, self.sketches[it.1].similarity(sketch))).collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out
    }
}
