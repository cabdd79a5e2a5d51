//! Which definition of the old file is which of the new one.
//!
//! From the module down, children of matched parents are matched by their names; twins of one name first by equal
//! code, then in order. What is left over is matched by equal code but for the name, where that code is found once
//! on each side: a rename, a move, or both.

use astkit_ast::Definition;
use astkit_ast::tree::Node;
use astkit_hash::Hash;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::side::Side;
use crate::{Evidence, own};

/// Definitions with fewer nodes say too little to be known again under another name in another place.
const SMALLEST: usize = 12;
/// Twins of one name beyond this product of their numbers are matched in order without looking at their code.
const MOST_TWINS: usize = 1 << 14;

/// A matching: pairs of definitions, by their numbers on either side.
pub(crate) struct Matching {
    /// For every old definition, its new one.
    pub(crate) to_after: Vec<Option<usize>>,
    /// For every new definition, its old one.
    pub(crate) to_before: Vec<Option<usize>>,
    /// For every new definition, why.
    pub(crate) evidence: Vec<Option<Evidence>>,
}

/// Matches the definitions of two files.
pub(crate) fn matching(before: &Side<'_>, after: &Side<'_>) -> Matching {
    let mut matching = Matching {
        to_after: vec![None; before.definitions.len()],
        to_before: vec![None; after.definitions.len()],
        evidence: vec![None; after.definitions.len()],
    };
    by_name(before, after, &mut matching);
    by_code(before, after, &mut matching);
    matching
}

impl Matching {
    fn pair(&mut self, before: usize, after: usize, evidence: Evidence) {
        self.to_after[before] = Some(after);
        self.to_before[after] = Some(before);
        self.evidence[after] = Some(evidence);
    }
}

fn by_name(before: &Side<'_>, after: &Side<'_>, matching: &mut Matching) {
    matching.pair(0, 0, Evidence::SameName);
    let mut stack = vec![(0, 0)];
    while let Some((old, new)) = stack.pop() {
        let mut names: FxHashMap<&str, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
        for at in &before.children[old] {
            names.entry(before.definitions[*at].name).or_default().0.push(*at);
        }
        for at in &after.children[new] {
            names.entry(after.definitions[*at].name).or_default().1.push(*at);
        }
        for at in &after.children[new] {
            let (olds, news) = names.remove(after.definitions[*at].name).unwrap_or_default();
            for (old, new) in twins(before, after, &olds, &news) {
                matching.pair(old, new, Evidence::SameName);
                stack.push((old, new));
            }
        }
    }
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

fn code_hash(node: Node<'_>) -> u128 {
    node.tree().def_hash(node.id().def)
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

/// Where the definitions with one hash are: number and whether there are several.
type Found = FxHashMap<Hash, (usize, bool)>;

fn by_code(before: &Side<'_>, after: &Side<'_>, matching: &mut Matching) {
    let olds = unmatched(&before.definitions, &matching.to_after);
    let news = unmatched(&after.definitions, &matching.to_before);
    if olds.is_empty() || news.is_empty() {
        return;
    }
    let known = index(&before.definitions, &olds);
    let candidates = index(&after.definitions, &news);
    for new in news {
        let hash = own::nameless(&after.definitions[new]);
        let (Some((old, false)), Some((_, false))) = (known.get(&hash), candidates.get(&hash)) else {
            continue;
        };
        let is_free = matching.to_after[*old].is_none() && matching.to_before[new].is_none();
        if is_free && is_evident(before, after, *old, new, matching) {
            pair_all(before, after, *old, new, matching);
        }
    }
}

fn unmatched(definitions: &[Definition<'_>], matched: &[Option<usize>]) -> Vec<usize> {
    (0..definitions.len()).filter(|it| matched[*it].is_none()).collect()
}

fn index(definitions: &[Definition<'_>], numbers: &[usize]) -> Found {
    let mut out = Found::default();
    for at in numbers {
        let entry = out.entry(own::nameless(&definitions[*at]));
        entry.and_modify(|it| it.1 = true).or_insert((*at, false));
    }
    out
}

/// Whether equal code is enough to take two definitions for one.
fn is_evident(before: &Side<'_>, after: &Side<'_>, old: usize, new: usize, matching: &Matching) -> bool {
    let (old, new) = (&before.definitions[old], &after.definitions[new]);
    let same_parent = new.parent.and_then(|it| matching.to_before[it]) == old.parent;
    same_parent || old.name == new.name || has_nodes(new.node, SMALLEST)
}

fn has_nodes(root: Node<'_>, wanted: usize) -> bool {
    let (mut stack, mut count) = (vec![root], 0);
    while let Some(node) = stack.pop() {
        count += 1;
        if count >= wanted {
            return true;
        }
        stack.extend(node.children());
    }
    false
}

/// Pairs two definitions of equal code, and what is in them, one by one.
fn pair_all(before: &Side<'_>, after: &Side<'_>, old: usize, new: usize, matching: &mut Matching) {
    let mut stack = vec![(old, new)];
    while let Some((old, new)) = stack.pop() {
        if matching.to_after[old].is_none() && matching.to_before[new].is_none() {
            matching.pair(old, new, Evidence::EqualCode);
        }
        let children = before.children[old].iter().zip(&after.children[new]);
        stack.extend(children.map(|(old, new)| (*old, *new)));
    }
}
