//! Hashes of nodes that cover everything they depend on, cycles included.
//!
//! Two nodes, of one graph or of two, with equal hashes have equal infinite unfoldings: the trees that come of following
//! targets for ever, with own hashes at the nodes and hashes of externals at the leaves. Names and numbers of nodes do
//! not enter, nor how often a cycle is written out. The other way round it holds for the nodes of a cycle; a copy of
//! one that stands outside, and goes into it, has a hash of its own.
//!
//! A node in no cycle is hashed over its own hash and its targets' hashes. In a component, nodes of equal unfolding
//! are merged first (partition refinement), which leaves the *quotient*, equal for equal unfoldings. Then the
//! quotient's nodes are told apart by colors, which start as what is known without the cycle and are refined until
//! no two are equal; in each step the largest part of a class keeps its color, so that the cost stays at
//! O(edges · log nodes). A node's hash covers all final colors, which pin the quotient down, and its own.
//! Source: J. Hopcroft's minimization of automata, 1971; here on ordered graphs, and with canonical colors.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use super::{Condensation, Graph};

/// Hashes all nodes. `own` has a hash per node, `externals` one per external.
pub fn dependency_hashes(
    graph: &Graph,
    condensation: &Condensation,
    own: &[u128],
    externals: &[u128],
) -> Vec<u128> {
    let mut hashes = vec![0; graph.len() as usize];
    for component in 0..condensation.len() {
        let members = condensation.members(component);
        let is_inner = |it: &u32| *it < graph.len() && condensation.component(*it) == component;
        let known = |hashes: &[u128], target: u32| match target.checked_sub(graph.len()) {
            None => hashes.get(target as usize).copied().unwrap_or(0),
            Some(external) => externals.get(external as usize).copied().unwrap_or(0),
        };
        if let [node] = members
            && !graph.targets(*node).contains(node)
        {
            let targets = graph.targets(*node).iter().map(|it| known(&hashes, *it));
            let own = own.get(*node as usize).copied().unwrap_or(0);
            hashes[*node as usize] = hash(b"node", std::iter::once(own).chain(targets));
            continue;
        }
        let places: FxHashMap<u32, u32> = members.iter().copied().zip(0..).collect();
        let mut cycle = Cycle::default();
        for node in members {
            let own = own.get(*node as usize).copied().unwrap_or(0);
            let outside =
                graph.targets(*node).iter().map(|it| if is_inner(it) { 0 } else { known(&hashes, *it) });
            cycle.colors.push(hash(b"start", std::iter::once(own).chain(outside)));
            let inner = graph.targets(*node).iter().filter(|it| is_inner(it));
            cycle.targets.push(inner.filter_map(|it| places.get(it).copied()).collect());
        }
        for (node, hash) in members.iter().zip(cycle.hashes()) {
            hashes[*node as usize] = hash;
        }
    }
    hashes
}

/// A component: what is known of its nodes from outside, and their targets within.
#[derive(Clone, Default)]
struct Cycle {
    colors: Vec<u128>,
    targets: Vec<Vec<u32>>,
}

impl Cycle {
    fn hashes(self) -> Vec<u128> {
        // Which nodes are equal, whatever they are called.
        let mut fine = self.clone();
        fine.refine();
        let mut classes: FxHashMap<u128, u32> = FxHashMap::default();
        let mut class_of = Vec::with_capacity(self.colors.len());
        let mut quotient = Self::default();
        let mut representatives = Vec::new();
        for (node, color) in fine.colors.iter().enumerate() {
            let next = u32::try_from(classes.len()).unwrap_or(u32::MAX);
            let class = *classes.entry(*color).or_insert(next);
            if class == next {
                representatives.push(node);
                quotient.colors.push(self.colors[node]);
            }
            class_of.push(class);
        }
        for node in representatives {
            quotient.targets.push(self.targets[node].iter().map(|it| class_of[*it as usize]).collect());
        }
        quotient.refine();
        let colors = quotient.described();
        let mut sorted = colors.clone();
        sorted.sort_unstable();
        let all = hash(b"component", sorted.into_iter());
        class_of.iter().map(|it| hash(b"member", [all, colors[*it as usize]].into_iter())).collect()
    }

    /// Per node, its color and its targets' colors: where no two colors are equal, this says all.
    fn described(&self) -> Vec<u128> {
        let described = |node| std::iter::once(self.colors[node]).chain(self.targets_of(node));
        (0..self.colors.len()).map(|it| hash(b"described", described(it))).collect()
    }

    fn targets_of(&self, node: usize) -> impl Iterator<Item = u128> + '_ {
        self.targets[node].iter().map(|it| self.colors[*it as usize])
    }

    /// Changes colors until nodes of equal color have targets of equal color.
    fn refine(&mut self) {
        let mut sources = vec![Vec::new(); self.colors.len()];
        for (node, targets) in self.targets.iter().enumerate() {
            for it in targets {
                sources[*it as usize].push(node);
            }
        }
        let mut classes: FxHashMap<u128, FxHashSet<usize>> = FxHashMap::default();
        for (node, color) in self.colors.iter().enumerate() {
            classes.entry(*color).or_default().insert(node);
        }
        let mut dirty: Vec<usize> = (0..self.colors.len()).collect();
        for round in 0.. {
            let mut parts: BTreeMap<u128, BTreeMap<u128, Vec<usize>>> = BTreeMap::new();
            for node in dirty {
                let old = self.colors[node];
                let new = hash(b"refined", [round, old].into_iter().chain(self.targets_of(node)));
                parts.entry(old).or_default().entry(new).or_default().push(node);
            }
            let mut changed = Vec::new();
            for (old, parts) in parts {
                let class = classes.entry(old).or_default();
                for (color, nodes) in leaving(old, round, parts, class) {
                    for it in &nodes {
                        self.colors[*it] = color;
                    }
                    changed.extend_from_slice(&nodes);
                    classes.insert(color, nodes.into_iter().collect());
                }
            }
            dirty = changed.iter().flat_map(|it| sources[*it].iter().copied()).collect();
            dirty.sort_unstable();
            dirty.dedup();
            if dirty.is_empty() {
                break;
            }
        }
    }
}

/// Splits a class into the given parts and the rest; returns those that get a new color, taken out of the class.
///
/// The largest keeps the color, if one alone is the largest.
fn leaving(
    old: u128,
    round: u128,
    mut parts: BTreeMap<u128, Vec<usize>>,
    class: &mut FxHashSet<usize>,
) -> BTreeMap<u128, Vec<usize>> {
    let touched: usize = parts.values().map(Vec::len).sum();
    let rest = class.len() - touched;
    let largest = parts.values().map(Vec::len).max().unwrap_or(0).max(rest);
    let largest_parts = parts.values().filter(|it| it.len() == largest).count();
    let rest_stays = rest == largest && largest_parts == 0;
    if rest > 0 && !rest_stays {
        let touched: FxHashSet<usize> = parts.values().flatten().copied().collect();
        let mut nodes: Vec<_> = class.difference(&touched).copied().collect();
        nodes.sort_unstable();
        parts.insert(hash(b"rest", [round, old].into_iter()), nodes);
    }
    if largest_parts + usize::from(rest == largest) == 1 && !rest_stays {
        parts.retain(|_, it| it.len() != largest);
    }
    for node in parts.values().flatten() {
        class.remove(node);
    }
    parts
}

fn hash(domain: &[u8], parts: impl Iterator<Item = u128>) -> u128 {
    let mut hasher = Xxh3::new();
    hasher.update(domain);
    parts.for_each(|it| hasher.update(&it.to_le_bytes()));
    hasher.digest128()
}
