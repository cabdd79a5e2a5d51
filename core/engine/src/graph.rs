//! Directed graphs over numbers: components, condensation, reachability. Plain functions.
//!
//! A node is a number below [`Graph::len`]; targets from there on are *externals*, things outside of the graph that
//! only have a hash. Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972.

/// A graph with ordered targets. Equal graphs have equal targets in equal order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Graph {
    starts: Box<[u32]>,
    targets: Box<[u32]>,
}

impl Graph {
    /// Makes a graph of the targets of each node, in order.
    pub fn new<T: IntoIterator<Item = u32>>(targets: impl IntoIterator<Item = T>) -> Self {
        let mut builder = GraphBuilder::default();
        for targets in targets {
            builder.add_node(targets);
        }
        builder.finish()
    }

    /// Number of nodes.
    pub fn len(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of edges.
    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// The targets of a node, in order; those not below [`len`](Self::len) are externals.
    pub fn targets(&self, node: u32) -> &[u32] {
        let range = self.starts.get(node as usize).zip(self.starts.get(node as usize + 1));
        let range = range.map(|(start, end)| *start as usize..*end as usize);
        range.and_then(|it| self.targets.get(it)).unwrap_or_default()
    }

    /// The same edges the other way round, sources in order; externals are left out.
    pub fn reversed(&self) -> Self {
        let len = self.len();
        let mut starts = vec![0; len as usize + 1];
        let inner = || self.targets.iter().filter(|it| **it < len);
        inner().for_each(|it| starts[*it as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut targets = vec![0; inner().count()];
        for source in 0..len {
            for target in self.targets(source).iter().filter(|it| **it < len) {
                let place = &mut next[*target as usize];
                targets[*place as usize] = source;
                *place += 1;
            }
        }
        Self { starts: starts.into(), targets: targets.into() }
    }

    /// All nodes that can be reached from `seeds`, these included, sorted. Cost: linear in what is reached.
    pub fn reachable(&self, seeds: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let mut seen = vec![false; self.len() as usize];
        let (mut out, mut open) = (Vec::new(), seeds.into_iter().collect::<Vec<_>>());
        while let Some(node) = open.pop() {
            if seen.get(node as usize) == Some(&false) {
                seen[node as usize] = true;
                out.push(node);
                open.extend(self.targets(node));
            }
        }
        out.sort_unstable();
        out
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        (self.starts.len() + self.targets.len()) * size_of::<u32>()
    }
}

/// Makes a graph node by node.
#[derive(Clone, Debug)]
pub struct GraphBuilder {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Default for GraphBuilder {
    fn default() -> Self {
        Self { starts: vec![0], targets: Vec::new() }
    }
}

impl GraphBuilder {
    /// Adds the next node with its targets.
    pub fn add_node(&mut self, targets: impl IntoIterator<Item = u32>) {
        self.targets.extend(targets);
        self.starts.push(u32::try_from(self.targets.len()).unwrap_or(u32::MAX));
    }

    /// The graph.
    pub fn finish(self) -> Graph {
        Graph { starts: self.starts.into(), targets: self.targets.into() }
    }
}

/// The strongly connected components of a graph: who depends on each other, directly or not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Condensation {
    /// Per node, its component. A component's number is larger than those of all components that it reaches.
    component: Box<[u32]>,
    /// Nodes by component.
    members: Graph,
}

impl Condensation {
    /// Finds the components. Cost: linear.
    pub fn of(graph: &Graph) -> Self {
        let mut tarjan = Tarjan::new(graph);
        for node in 0..graph.len() {
            tarjan.visit(node);
        }
        Self { component: tarjan.component.into(), members: tarjan.members.finish() }
    }

    /// Number of components.
    pub fn len(&self) -> u32 {
        self.members.len()
    }

    /// Whether there is no component.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The component of a node.
    pub fn component(&self, node: u32) -> u32 {
        self.component.get(node as usize).copied().unwrap_or(0)
    }

    /// The nodes of a component, sorted.
    pub fn members(&self, component: u32) -> &[u32] {
        self.members.targets(component)
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.component.len() * size_of::<u32>() + self.members.heap_size()
    }
}

const UNSEEN: u32 = u32::MAX;

struct Tarjan<'a> {
    graph: &'a Graph,
    /// Per node, when it was first seen.
    order: Vec<u32>,
    /// Per node, the earliest open node that it is known to reach.
    low: Vec<u32>,
    component: Vec<u32>,
    members: GraphBuilder,
    count: u32,
    /// Nodes that have no component yet, in the order in which they were seen.
    open: Vec<u32>,
    seen: u32,
}

impl<'a> Tarjan<'a> {
    fn new(graph: &'a Graph) -> Self {
        let blank = vec![UNSEEN; graph.len() as usize];
        Self {
            graph,
            order: blank.clone(),
            low: blank.clone(),
            component: blank,
            members: GraphBuilder::default(),
            count: 0,
            open: Vec::new(),
            seen: 0,
        }
    }

    fn visit(&mut self, root: u32) {
        if self.order[root as usize] != UNSEEN {
            return;
        }
        self.enter(root);
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            let (node, target) = (*node, self.graph.targets(*node).get(*next).copied());
            *next += 1;
            match target {
                Some(target) if target >= self.graph.len() => {}
                Some(target) if self.order[target as usize] == UNSEEN => {
                    self.enter(target);
                    path.push((target, 0));
                }
                Some(target) => {
                    if self.component[target as usize] == UNSEEN {
                        self.lower(node, self.order[target as usize]);
                    }
                }
                None => {
                    path.pop();
                    self.leave(node);
                    if let Some((parent, _)) = path.last() {
                        self.lower(*parent, self.low[node as usize]);
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.order[node as usize] = self.seen;
        self.low[node as usize] = self.seen;
        self.seen += 1;
        self.open.push(node);
    }

    fn lower(&mut self, node: u32, to: u32) {
        let low = &mut self.low[node as usize];
        *low = (*low).min(to);
    }

    /// Closes a component if `node` is the first of it.
    fn leave(&mut self, node: u32) {
        if self.low[node as usize] != self.order[node as usize] {
            return;
        }
        let first = self.open.iter().rposition(|it| *it == node).unwrap_or(0);
        let mut members = self.open.split_off(first);
        for member in &members {
            self.component[*member as usize] = self.count;
        }
        members.sort_unstable();
        self.members.add_node(members);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests;
