//! A graph to be shown: nodes with names, links between them, cycles.

use std::collections::BTreeMap;

use astkit_engine::graph::{Condensation, Graph};

/// A graph to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// `imports`, `calls` or `impact`.
    pub(super) name: &'static str,
    /// Sorted by id.
    pub(super) nodes: Vec<Node>,
    /// From, to, and what there is between them; sorted.
    pub(super) links: BTreeMap<(usize, usize), Link>,
    /// Components of more than one node, or of one that leads to itself; by `find_cycles`.
    pub(super) cycles: Vec<Vec<usize>>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Node {
    /// A module's name, or `module.qualname`.
    pub(super) id: String,
    pub(super) kind: &'static str,
    /// `PATH` or `PATH::QUALNAME`; of a package its name.
    pub(super) target: String,
    /// The package that it is in.
    pub(super) package: String,
}

/// A link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    /// What it is: `import`, `lazy`, `typing`, `call`, `need`. The strongest, where there are several.
    pub(super) kind: &'static str,
    /// How many there are.
    pub(super) count: usize,
}

/// Kinds of links that are no part of cycles: they come later, or never.
const WEAK: [&str; 2] = ["lazy", "typing"];

impl Model {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds a link, or one more of its kind.
    pub(super) fn link(&mut self, from: usize, to: usize, kind: &'static str, count: usize) {
        let is_weak = |it: &str| WEAK.contains(&it);
        let link = self.links.entry((from, to)).or_insert(Link { kind, count: 0 });
        link.count += count;
        if is_weak(link.kind) && !is_weak(kind) {
            link.kind = kind;
        }
    }

    /// Puts the nodes into the order of their names; those that share one are told apart by where they are.
    pub(super) fn sort(&mut self) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for node in &self.nodes {
            *counts.entry(node.id.clone()).or_default() += 1;
        }
        for node in self.nodes.iter_mut().filter(|it| counts[&it.id] > 1) {
            node.id = format!("{} ({})", node.id, node.target);
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by(|a, b| self.nodes[*a].cmp(&self.nodes[*b]));
        self.take(&order);
    }

    /// Only these nodes, in this order.
    pub(super) fn take(&mut self, order: &[usize]) {
        let mut places = vec![None; self.nodes.len()];
        for (new, old) in order.iter().enumerate() {
            places[*old] = Some(new);
        }
        let links = std::mem::take(&mut self.links);
        let moved = links.into_iter().filter_map(|((from, to), it)| Some(((places[from]?, places[to]?), it)));
        self.links = moved.collect();
        self.nodes = order.iter().map(|it| self.nodes[*it].clone()).collect();
        self.cycles.clear();
    }

    /// Packages in the place of what is in them. Links within a package are left out.
    pub(super) fn by_package(&self) -> Self {
        let mut out = Self { name: self.name, notes: self.notes.clone(), ..Self::default() };
        let mut places: BTreeMap<&str, usize> =
            self.nodes.iter().map(|it| (it.package.as_str(), 0)).collect();
        for (at, (name, place)) in places.iter_mut().enumerate() {
            *place = at;
            let name = if name.is_empty() { "(top)" } else { name };
            let (id, target, package) = (name.to_owned(), name.to_owned(), name.to_owned());
            out.nodes.push(Node { id, kind: "package", target, package });
        }
        for ((from, to), link) in &self.links {
            let place = |it: usize| places[self.nodes[it].package.as_str()];
            if place(*from) != place(*to) {
                out.link(place(*from), place(*to), link.kind, link.count);
            }
        }
        out
    }

    /// Finds the components in which everything leads to everything.
    pub(super) fn find_cycles(&mut self) {
        let mut targets = vec![Vec::new(); self.nodes.len()];
        for ((from, to), link) in &self.links {
            if !WEAK.contains(&link.kind) {
                targets[*from].push(u32::try_from(*to).unwrap_or(u32::MAX));
            }
        }
        let is_own = |it: usize| self.links.contains_key(&(it, it));
        let condensation = Condensation::of(&Graph::new(targets));
        let mut cycles: Vec<Vec<usize>> = (0..condensation.len())
            .map(|it| condensation.members(it).iter().map(|it| *it as usize).collect::<Vec<_>>())
            .filter(|it| it.len() > 1 || it.first().is_some_and(|it| is_own(*it)))
            .collect();
        cycles.sort();
        self.cycles = cycles;
    }

    /// Per node, the number of its cycle.
    pub(super) fn cycle_of(&self) -> Vec<Option<usize>> {
        let mut out = vec![None; self.nodes.len()];
        for (number, cycle) in self.cycles.iter().enumerate() {
            for it in cycle {
                out[*it] = Some(number);
            }
        }
        out
    }
}
