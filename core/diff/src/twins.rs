//! Definitions of one name: which of those in two parents belong together, where a name is there several times.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::matching::code_hash;
use crate::side::Side;

/// Twins of one name beyond this product of their numbers are matched in order without looking at their code.
pub(crate) const MOST_TWINS: usize = 1 << 14;

/// Those children of two definitions that have the same name.
pub(crate) fn same_names(
    before: &Side<'_>,
    after: &Side<'_>,
    (old, new): (usize, usize),
) -> Vec<(usize, usize)> {
    let mut names: FxHashMap<&str, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
    for at in &before.children[old] {
        names.entry(before.definitions[*at].name).or_default().0.push(*at);
    }
    for at in &after.children[new] {
        names.entry(after.definitions[*at].name).or_default().1.push(*at);
    }
    let mut out = Vec::new();
    for at in &after.children[new] {
        let (olds, news) = names.remove(after.definitions[*at].name).unwrap_or_default();
        out.extend(twins(before, after, &olds, &news));
    }
    out
}

/// Pairs definitions of one name: those of equal code along a longest common subsequence, the others in order.
fn twins(before: &Side<'_>, after: &Side<'_>, olds: &[usize], news: &[usize]) -> Vec<(usize, usize)> {
    let hash = |side: &Side<'_>, at: usize| code_hash(side.definitions[at].node);
    let mut out = Vec::new();
    if (olds.len() > 1 || news.len() > 1) && olds.len() * news.len() <= MOST_TWINS {
        let old_hashes: Vec<_> = olds.iter().map(|it| hash(before, *it)).collect();
        let new_hashes: Vec<_> = news.iter().map(|it| hash(after, *it)).collect();
        let common = common_subsequence(&old_hashes, &new_hashes);
        out.extend(common.into_iter().map(|(old, new)| (olds[old], news[new])));
    }
    let paired: FxHashSet<usize> = out.iter().map(|it| it.0).collect();
    let old_rest: Vec<_> = olds.iter().filter(|it| !paired.contains(*it)).collect();
    let paired: FxHashSet<usize> = out.iter().map(|it| it.1).collect();
    let new_rest = news.iter().filter(|it| !paired.contains(*it));
    out.extend(old_rest.into_iter().zip(new_rest).map(|(old, new)| (*old, *new)));
    out
}

fn common_subsequence(a: &[u128], b: &[u128]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut lengths = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut out, mut i, mut j) = (Vec::new(), 0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            out.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}
