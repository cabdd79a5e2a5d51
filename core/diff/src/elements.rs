//! The elements of a long list within a statement: entries of a dict, members of a list, arguments.
//!
//! Where a list was sorted, lexemes in order say nothing: commas and colons fit everywhere. Elements that are found once
//! on each side are known as wholes, so those that are out of order can be taken for moved before anything is aligned.

use std::ops::Range;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::lexemes::{Lexeme, LexemeKind};
use crate::order;

/// Shorter elements are no more than values: another one in their place is an update.
const SMALLEST: usize = 3;
/// What has fewer commas is no list.
const FEWEST: usize = 8;

/// An element.
pub(crate) struct Element {
    /// Its places in the sequence of lexemes, without the comma.
    pub(crate) places: Range<usize>,
    hash: u64,
}

/// Cuts a sequence of lexemes at the commas of its outermost long list.
pub(crate) fn elements(sequence: &[usize], lexemes: &[Lexeme]) -> Vec<Element> {
    let mark = |text: &str| xxh3_64(text.as_bytes());
    let (opening, closing) = (["(", "[", "{"].map(mark), [")", "]", "}"].map(mark));
    let comma = mark(",");
    let is_mark = |at: usize, of: &[u64]| {
        let lexeme = &lexemes[sequence[at]];
        lexeme.kind == LexemeKind::Mark && of.contains(&lexeme.hash)
    };
    let mut commas: Vec<usize> = Vec::new();
    let mut depth = 0usize;
    let mut depths = Vec::with_capacity(sequence.len());
    for at in 0..sequence.len() {
        depth = depth.saturating_sub(usize::from(is_mark(at, &closing)));
        depths.push(depth);
        depth += usize::from(is_mark(at, &opening));
        if is_mark(at, &[comma]) {
            commas.resize(commas.len().max(depth + 1), 0);
            commas[depth] += 1;
        }
    }
    let Some(level) = commas.iter().position(|it| *it >= FEWEST) else { return Vec::new() };
    let mut out = Vec::new();
    let mut start = None;
    // What comes after the last lexeme is outside of everything.
    for (at, depth) in depths.into_iter().map(Some).chain([None]).enumerate() {
        let outside = depth.is_none_or(|it| it < level);
        if outside || (depth == Some(level) && is_mark(at, &[comma])) {
            if let Some(start) = start.take().filter(|it| at - *it >= SMALLEST) {
                let places = start..at;
                let hash = places
                    .clone()
                    .fold(0, |hash, it| xxh3_64_with_seed(&lexemes[sequence[it]].hash.to_le_bytes(), hash));
                out.push(Element { places, hash });
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    out
}

/// The elements that are found once on each side and are out of order.
pub(crate) fn moved(before: &[Element], after: &[Element]) -> Vec<(usize, usize)> {
    let mut found: FxHashMap<u64, [(usize, usize); 2]> = FxHashMap::default();
    for (side, elements) in [before, after].into_iter().enumerate() {
        for (at, it) in elements.iter().enumerate() {
            let (count, place) = &mut found.entry(it.hash).or_default()[side];
            (*count, *place) = (*count + 1, at);
        }
    }
    let single = |(at, it): (usize, &Element)| match found[&it.hash] {
        [(1, _), (1, new)] => Some((at, new)),
        _ => None,
    };
    let pairs: Vec<(usize, usize)> = before.iter().enumerate().filter_map(single).collect();
    let sequence: Vec<usize> = pairs.iter().map(|it| it.1).collect();
    let kept = order::kept(&sequence);
    pairs.into_iter().zip(kept).filter(|it| !it.1).map(|it| it.0).collect()
}
