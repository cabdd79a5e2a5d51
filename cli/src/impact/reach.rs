//! The search: from changed definitions back to all that reaches them.

use std::collections::{BTreeMap, VecDeque};

use astkit_engine::graph::Graph;
use astkit_engine::summary::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::World;

/// Something that is reached by a change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    /// The next node towards the change; the node itself for what changed.
    pub(crate) next: u32,
    /// How many definitions away the change is.
    pub(crate) distance: usize,
}

/// The graphs the other way round. With many seeds they are taken together, which may tell more than there is.
pub(crate) struct Search<'w> {
    world: &'w World,
    narrow: Graph,
    wide: Graph,
}

/// When so many nodes have been reached one seed at a time, the seeds that are left are looked for at once.
const MOST_VISITED: usize = 4_000_000;

impl<'w> Search<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world, narrow: world.narrow.reversed(), wide: world.wide.reversed() }
    }

    /// All that some changed nodes reach, these included, each by a shortest way.
    pub(crate) fn reached(&self, seeds: &[u32], depth: Option<usize>) -> BTreeMap<u32, Reached> {
        let mut out: BTreeMap<u32, Reached> = BTreeMap::new();
        let (mut left, mut visited) = (seeds, 0);
        while !left.is_empty() {
            let (now, later) = left.split_at(if visited < MOST_VISITED { 1 } else { left.len() });
            left = later;
            for (node, found) in self.from(now, depth, &mut visited) {
                let known = out.entry(node).or_insert(found);
                if found.distance < known.distance {
                    *known = found;
                }
            }
        }
        out
    }

    fn from(&self, seeds: &[u32], depth: Option<usize>, visited: &mut usize) -> BTreeMap<u32, Reached> {
        let wide: FxHashSet<u32> = self.wide.reachable(seeds.iter().copied()).into_iter().collect();
        let narrow = self.backwards(seeds, depth);
        *visited += wide.len() + narrow.len();
        // What is in both, and what lies between that and the change.
        let mut kept: FxHashSet<u32> = FxHashSet::default();
        let mut open: Vec<u32> = narrow.keys().copied().filter(|it| wide.contains(it)).collect();
        kept.extend(&open);
        // Modules and classes are there because of what is in them, and run nothing else of it.
        open.retain(|it| {
            self.world.item(*it).is_none_or(|it| !matches!(it.1.kind, ItemKind::Module | ItemKind::Class))
        });
        while let Some(node) = open.pop() {
            for next in self.world.narrow.targets(node) {
                if narrow.contains_key(next) && kept.insert(*next) {
                    open.push(*next);
                }
            }
        }
        narrow.into_iter().filter(|it| kept.contains(&it.0)).collect()
    }

    fn backwards(&self, seeds: &[u32], depth: Option<usize>) -> FxHashMap<u32, Reached> {
        let mut found: FxHashMap<u32, Reached> = FxHashMap::default();
        let mut open: VecDeque<u32> = VecDeque::new();
        for seed in seeds {
            found.insert(*seed, Reached { next: *seed, distance: 0 });
            open.push_back(*seed);
        }
        while let Some(node) = open.pop_front() {
            let at = found[&node].distance;
            for next in self.narrow.targets(node) {
                // Only definitions are steps; what stands between them costs nothing.
                let step = usize::from(self.world.item(*next).is_some());
                let distance = at + step;
                if depth.is_some_and(|it| distance > it) {
                    continue;
                }
                if found.get(next).is_none_or(|it| distance < it.distance) {
                    found.insert(*next, Reached { next: node, distance });
                    if step == 0 { open.push_front(*next) } else { open.push_back(*next) }
                }
            }
        }
        found
    }

    /// The definitions between a reached node and the change that reaches it, the change first.
    pub(crate) fn via(&self, found: &BTreeMap<u32, Reached>, node: u32) -> Vec<u32> {
        let (mut out, mut at) = (Vec::new(), node);
        let mut seen = FxHashSet::default();
        // Ways of several seeds may run into each other where steps cost nothing.
        while let Some(it) = found.get(&at).filter(|it| it.next != at && seen.insert(at)) {
            at = it.next;
            let is_change = found.get(&at).is_some_and(|it| it.next == at);
            if self.world.item(at).is_some() || is_change || self.is_import_step(found, at) {
                out.push(at);
            }
        }
        out.reverse();
        out
    }

    /// Whether a node is a module that is reached by what it does, and not by what it imports.
    pub(crate) fn is_import_step(&self, found: &BTreeMap<u32, Reached>, node: u32) -> bool {
        self.world.imported(node).is_some()
            && found.get(&node).is_some_and(|it| it.next == node || self.world.imported(it.next).is_none())
    }
}
