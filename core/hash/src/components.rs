//! Hashes that follow what is referred to, recursion included.
//!
//! Input is a graph: nodes with a hash of their own and ordered slots, each filled with another node or with a text.
//! Two nodes get equal hashes exactly when their infinite unfoldings are equal: names, numbers and order of the nodes
//! count for nothing, nor where one starts.
//!
//! Outside of cycles a node's hash is over its own and those of its slots. Within a strongly connected component,
//! nodes are first told apart by what is not of the component, then as far as their slots tell (the coarsest stable
//! partition, splitting off the smaller part: O(E log N)); the classes that are left are numbered from one of the
//! rarest kind, and each hash is over that table and a number. So a component costs little more than its size.
//!
//! # Encoding
//!
//! | what | BLAKE3 over, after the domain and a zero byte |
//! |---|---|
//! | node in no cycle | its hash; for each slot `01` and the filling node's hash, or `00`; then the slot's text |
//! | node in a cycle | the hash of the table, its class as 4 bytes, little-endian |
//! | table, domain `…:cycle` | for each class its color, then for each slot within the cycle the class there |
//! | color, domain `…:color` | like a node in no cycle, but `02` alone for a node of the same cycle |
//!
//! Source of the idea: hash-consing modulo bisimulation; J. Hopcroft's partition refinement; R. Tarjan's components.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Hash;

/// A slot of a node, filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Filled {
    /// The node that fills it; none if the text is all.
    pub node: Option<u32>,
    /// A hash of whatever else counts: a name, attributes that were not followed.
    pub text: Hash,
}

/// A node of the graph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphNode {
    /// The hash of its own.
    pub own: Hash,
    /// Its slots, in order.
    pub slots: Vec<Filled>,
}

/// A graph, however it is kept. Nodes are numbered from 0.
pub(crate) trait SlotGraph {
    /// The hash of a node's own.
    fn own(&self, node: u32) -> Hash;

    /// What a node was hashed to before.
    fn hash(&self, node: u32) -> Hash;

    /// Number of a node's slots.
    fn slot_count(&self, node: u32) -> usize;

    /// What fills a slot of a node; none behind the last.
    fn slot(&self, node: u32, at: usize) -> Option<Filled>;

    /// All slots of a node, in order.
    fn slots(&self, node: u32) -> impl Iterator<Item = Filled> {
        (0..self.slot_count(node)).filter_map(move |at| self.slot(node, at))
    }
}

impl SlotGraph for [GraphNode] {
    fn own(&self, node: u32) -> Hash {
        self[node as usize].own
    }

    fn hash(&self, _: u32) -> Hash {
        Hash([0; 32])
    }

    fn slot_count(&self, node: u32) -> usize {
        self[node as usize].slots.len()
    }

    fn slot(&self, node: u32, at: usize) -> Option<Filled> {
        self[node as usize].slots.get(at).copied()
    }
}

/// The hashes of all nodes of a graph, in a domain.
///
/// Slots must be filled with nodes of the graph. Cost: linear outside of cycles.
pub fn graph_hashes(domain: &str, nodes: &[GraphNode]) -> Vec<Hash> {
    let all: Vec<u32> = (0..u32::try_from(nodes.len()).unwrap_or(u32::MAX)).collect();
    rehash(domain, nodes, &all, nodes.len())
}

/// Hashes some nodes of a graph of `count` anew; the hashes of all others, which must not lead to any of these, are
/// taken as they are. Cost: that of the given nodes and their slots, however large the graph is.
pub(crate) fn rehash<G: SlotGraph + ?Sized>(
    domain: &str,
    graph: &G,
    nodes: &[u32],
    count: usize,
) -> Vec<Hash> {
    let among = Among::new(nodes, count);
    let (order, ends) = components(graph, &among);
    let component = vec![u32::MAX; nodes.len()];
    let hashes = vec![Hash([0; 32]); nodes.len()];
    let mut hasher = GraphHasher { domain, graph, among, hashes, component, bytes: Vec::new() };
    let mut start = 0;
    for (number, end) in (0..).zip(ends) {
        let members = &order[start..end];
        for member in members {
            hasher.component[*member as usize] = number;
        }
        hasher.members(members, number);
        start = end;
    }
    hasher.hashes
}

/// Some nodes of a graph, and the place of each among them.
struct Among<'n> {
    nodes: &'n [u32],
    /// None if all are there, in order.
    places: Option<FxHashMap<u32, u32>>,
}

impl<'n> Among<'n> {
    fn new(nodes: &'n [u32], count: usize) -> Self {
        let is_all = nodes.len() == count && nodes.is_sorted();
        let places = (!is_all).then(|| nodes.iter().copied().zip(0..).collect());
        Self { nodes, places }
    }

    /// The place of a node; none if it is not among these.
    fn place(&self, node: u32) -> Option<u32> {
        match &self.places {
            Some(places) => places.get(&node).copied(),
            None => ((node as usize) < self.nodes.len()).then_some(node),
        }
    }
}

struct GraphHasher<'g, G: ?Sized> {
    domain: &'g str,
    graph: &'g G,
    among: Among<'g>,
    /// By place.
    hashes: Vec<Hash>,
    component: Vec<u32>,
    bytes: Vec<u8>,
}

impl<G: SlotGraph + ?Sized> GraphHasher<'_, G> {
    /// Hashes a component, given by places.
    fn members(&mut self, members: &[u32], component: u32) {
        let first = self.among.nodes[members[0] as usize];
        let is_cycle = members.len() > 1 || self.graph.slots(first).any(|it| it.node == Some(first));
        if !is_cycle {
            self.hashes[members[0] as usize] = self.color(members[0], component, self.domain);
            return;
        }
        let domain = format!("{}:color", self.domain);
        let colors: Vec<Hash> = members.iter().map(|it| self.color(*it, component, &domain)).collect();
        let slots = self.inner_slots(members, component);
        let cycle = Cycle::new(members, &slots, &colors);
        let (table, numbers) = cycle.table();
        let table = Hash::of(&format!("{}:cycle", self.domain), &table);
        for (member, number) in members.iter().zip(numbers) {
            let mut bytes = table.as_bytes().to_vec();
            bytes.extend(number.to_le_bytes());
            self.hashes[*member as usize] = Hash::of(self.domain, &bytes);
        }
    }

    /// What of a node does not depend on its component.
    fn color(&mut self, place: u32, component: u32, domain: &str) -> Hash {
        let node = self.among.nodes[place as usize];
        self.bytes.clear();
        self.bytes.extend_from_slice(domain.as_bytes());
        self.bytes.push(0);
        self.bytes.extend(self.graph.own(node).as_bytes());
        for slot in self.graph.slots(node) {
            let inner = slot.node.map(|it| (it, self.among.place(it)));
            match inner {
                Some((_, Some(it))) if self.component[it as usize] == component => self.bytes.push(2),
                Some((node, place)) => {
                    let hash = place.map_or_else(|| self.graph.hash(node), |it| self.hashes[it as usize]);
                    self.bytes.push(1);
                    self.bytes.extend(hash.as_bytes());
                }
                None => self.bytes.push(0),
            }
            self.bytes.extend(slot.text.as_bytes());
        }
        Hash::of_all(&self.bytes)
    }

    /// Per member, the members in its slots.
    fn inner_slots(&self, members: &[u32], component: u32) -> Vec<Vec<u32>> {
        let numbers: FxHashMap<u32, u32> = members.iter().copied().zip(0..).collect();
        let slots = |it: &u32| -> Vec<u32> {
            let inner = self.graph.slots(self.among.nodes[*it as usize]).filter_map(|it| it.node);
            let inner = inner.filter_map(|it| self.among.place(it));
            inner
                .filter(|it| self.component[*it as usize] == component)
                .filter_map(|it| numbers.get(&it).copied())
                .collect()
        };
        members.iter().map(slots).collect()
    }
}

/// The strongly connected components among some nodes, each behind those that it leads to: the nodes' places in that
/// order, and where each component ends.
fn components<G: SlotGraph + ?Sized>(graph: &G, among: &Among<'_>) -> (Vec<u32>, Vec<usize>) {
    /// Not seen yet.
    const UNSEEN: u32 = u32::MAX;
    /// Of a component that is done.
    const DONE: u32 = u32::MAX - 1;
    let count = among.nodes.len();
    let (mut out, mut ends) = (Vec::with_capacity(count), Vec::new());
    let (mut order, mut low) = (vec![UNSEEN; count], vec![0; count]);
    let (mut next, mut open) = (0, Vec::new());
    let mut path: Vec<(u32, usize)> = Vec::new();
    for start in 0..u32::try_from(count).unwrap_or(u32::MAX) {
        if order[start as usize] != UNSEEN {
            continue;
        }
        path.push((start, 0));
        while let Some((place, slot)) = path.last_mut() {
            let at = *place as usize;
            if *slot == 0 && order[at] == UNSEEN {
                (order[at], low[at]) = (next, next);
                next += 1;
                open.push(*place);
            }
            if let Some(filled) = graph.slot(among.nodes[at], *slot) {
                *slot += 1;
                let Some(target) = filled.node.and_then(|it| among.place(it)) else { continue };
                match order[target as usize] {
                    UNSEEN => path.push((target, 0)),
                    DONE => {}
                    seen => low[at] = low[at].min(seen),
                }
                continue;
            }
            let (place, is_root) = (*place, low[at] == order[at]);
            path.pop();
            if let Some((parent, _)) = path.last() {
                low[*parent as usize] = low[*parent as usize].min(low[at]);
            }
            if is_root {
                let first = open.iter().rposition(|it| *it == place).unwrap_or(0);
                for member in open.drain(first..) {
                    order[member as usize] = DONE;
                    out.push(member);
                }
                ends.push(out.len());
            }
        }
    }
    (out, ends)
}

/// A component, its members told apart as far as can be.
struct Cycle<'g> {
    slots: &'g [Vec<u32>],
    colors: &'g [Hash],
    /// Per member its class.
    class: Vec<u32>,
    /// A member of each class.
    sample: Vec<u32>,
}

impl<'g> Cycle<'g> {
    fn new(members: &[u32], slots: &'g [Vec<u32>], colors: &'g [Hash]) -> Self {
        let mut by_color: FxHashMap<Hash, u32> = FxHashMap::default();
        let mut class = Vec::with_capacity(members.len());
        let mut in_class: Vec<BTreeSet<u32>> = Vec::new();
        for (member, color) in (0..).zip(colors) {
            let next = u32::try_from(in_class.len()).unwrap_or(u32::MAX);
            let it = *by_color.entry(*color).or_insert(next);
            if it == next {
                in_class.push(BTreeSet::new());
            }
            in_class[it as usize].insert(member);
            class.push(it);
        }
        split(&mut class, &mut in_class, slots);
        let sample = in_class.iter().filter_map(|it| it.first().copied()).collect();
        Self { slots, colors, class, sample }
    }

    /// The table of classes in their final order, and the number of each member's class in it.
    fn table(&self) -> (Vec<u8>, Vec<u32>) {
        let mut count: FxHashMap<Hash, u32> = FxHashMap::default();
        for sample in &self.sample {
            *count.entry(self.colors[*sample as usize]).or_insert(0) += 1;
        }
        let rarity = |class: u32| {
            let color = self.colors[self.sample[class as usize] as usize];
            (count.get(&color).copied().unwrap_or(0), color)
        };
        let classes = 0..u32::try_from(self.sample.len()).unwrap_or(0);
        let rarest = classes.clone().map(rarity).min();
        let starts = classes.filter(|it| Some(rarity(*it)) == rarest);
        let best = starts.map(|it| self.numbered_from(it)).min();
        let (table, numbers) = best.unwrap_or_default();
        (table, self.class.iter().map(|it| numbers[*it as usize]).collect())
    }

    /// The classes numbered in the order in which slots lead to them.
    fn numbered_from(&self, start: u32) -> (Vec<u8>, Vec<u32>) {
        let mut numbers = vec![u32::MAX; self.sample.len()];
        numbers[start as usize] = 0;
        let (mut order, mut at, mut table) = (vec![start], 0, Vec::new());
        while at < order.len() {
            let sample = self.sample[order[at] as usize] as usize;
            table.extend(self.colors[sample].as_bytes());
            for slot in &self.slots[sample] {
                let class = self.class[*slot as usize] as usize;
                if numbers[class] == u32::MAX {
                    numbers[class] = u32::try_from(order.len()).unwrap_or(u32::MAX);
                    order.push(self.class[*slot as usize]);
                }
                table.extend(numbers[class].to_le_bytes());
            }
            at += 1;
        }
        (table, numbers)
    }
}

/// Splits classes until the slots of all members of a class lead to the same classes.
fn split(class: &mut [u32], in_class: &mut Vec<BTreeSet<u32>>, slots: &[Vec<u32>]) {
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); slots.len()];
    for (member, slots) in (0..).zip(slots) {
        for slot in slots {
            users[*slot as usize].push(member);
        }
    }
    // At first nobody's slots have been looked at, so all members of a class but one kind have to move.
    let mut suspects: FxHashSet<u32> = (0..u32::try_from(slots.len()).unwrap_or(u32::MAX)).collect();
    while !suspects.is_empty() {
        let mut by_class: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut sorted: Vec<u32> = suspects.drain().collect();
        sorted.sort_unstable();
        for member in sorted {
            by_class.entry(class[member as usize]).or_default().push(member);
        }
        let mut touched: Vec<(u32, Vec<u32>)> = by_class.into_iter().collect();
        touched.sort_unstable();
        let mut moved = Vec::new();
        for (old, members) in touched {
            moved.extend(split_class(old, &members, class, in_class, slots));
        }
        suspects.extend(moved.iter().flat_map(|it| &users[*it as usize]));
    }
}

/// Splits one class by where its suspects' slots lead; returns the members that got another class.
fn split_class(
    old: u32,
    suspects: &[u32],
    class: &mut [u32],
    in_class: &mut Vec<BTreeSet<u32>>,
    slots: &[Vec<u32>],
) -> Vec<u32> {
    let mut groups: FxHashMap<Vec<u32>, Vec<u32>> = FxHashMap::default();
    for member in suspects {
        let signature = slots[*member as usize].iter().map(|it| class[*it as usize]).collect();
        groups.entry(signature).or_default().push(*member);
    }
    let mut groups: Vec<Vec<u32>> = groups.into_values().collect();
    let unsuspected = in_class[old as usize].len() - suspects.len();
    groups.sort_unstable_by_key(|it| (std::cmp::Reverse(it.len()), it[0]));
    // The largest part keeps the class: so each member moves O(log N) times.
    let keeps = usize::from(groups.first().is_some_and(|it| it.len() >= unsuspected));
    if keeps == 1 && unsuspected > 0 {
        let suspects: FxHashSet<u32> = suspects.iter().copied().collect();
        let rest = in_class[old as usize].iter().copied().filter(|it| !suspects.contains(it)).collect();
        groups.push(rest);
    }
    let mut moved = Vec::new();
    for group in groups.split_off(keeps) {
        let new = u32::try_from(in_class.len()).unwrap_or(u32::MAX);
        for member in &group {
            class[*member as usize] = new;
        }
        moved.extend(&group);
        in_class.push(group.into_iter().collect());
    }
    let members = &mut in_class[old as usize];
    for member in &moved {
        members.remove(member);
    }
    moved
}
