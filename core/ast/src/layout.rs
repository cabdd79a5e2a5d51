//! From the builder's postorder to the tree's arenas: cutting at definitions, splitting off positions.

use std::sync::{Arc, OnceLock};

use crate::builder::{PlacedNode, TreeBuilder};
use crate::constant::Constant;
use crate::measure::{Measured, MeasuredDef, measure};
use crate::merkle::TreeHashes;
use crate::span::Span;
use crate::spans::Spans;
use crate::tree::{DefData, DefId, LINK, NONE, NodeData, Tree};

pub(crate) fn lay_out(builder: TreeBuilder<'_>) -> (Tree, Spans) {
    let TreeBuilder { schema, facts, nodes, words, names, constants, .. } = builder;
    let measured = measure(facts, &nodes);
    let placing = Placing::new(&nodes, &measured, schema.kind("Missing").unwrap_or(0));
    let Placing { nodes, defs, spans, .. } = placing.place();
    let tree = Tree {
        schema,
        nodes: nodes.into_boxed_slice(),
        words: words.into_boxed_slice(),
        names: names.finish(),
        constants: constants.into(),
        more_constants: Box::default(),
        defs: defs.into_boxed_slice(),
        hashes: OnceLock::new(),
    };
    (tree, spans)
}

/// Lays out a tree made of another in one arena, definitions and all, without hashes. Returns with it, of each node in
/// the order of building, its place.
pub(crate) fn lay_out_flat(builder: TreeBuilder<'_>, shared: Arc<[Constant]>) -> (Tree, Vec<u32>) {
    let TreeBuilder { schema, nodes: source, words, names, constants, .. } = builder;
    let missing = schema.kind("Missing").unwrap_or(0);
    let blank = NodeData { kind: missing, role: 0, flag: 0, aux: NONE, size: 1 };
    let (mut nodes, mut places) = (vec![blank; source.len() + 1], vec![0; source.len()]);
    // The first nodes of the subtrees around: in preorder a node comes before all of its subtree, behind what is around.
    let mut around: Vec<usize> = Vec::with_capacity(64);
    for (at, node) in source.iter().enumerate().rev() {
        while around.pop_if(|first| at < *first).is_some() {}
        let inner = node.data.size as usize - 1;
        let place = at + around.len() - inner;
        nodes[place] = node.data;
        places[at] = u32::try_from(place).unwrap_or(NONE);
        if inner > 0 {
            around.push(at - inner);
        }
    }
    let len = u32::try_from(source.len()).unwrap_or(NONE);
    let whole = DefData { start: 0, len, parent: NONE, link: 0 };
    let tree = Tree {
        schema,
        nodes: nodes.into_boxed_slice(),
        words: words.into_boxed_slice(),
        names: names.finish(),
        constants: shared,
        more_constants: constants.into_boxed_slice(),
        defs: Box::new([whole]),
        hashes: OnceLock::from(TreeHashes::none()),
    };
    (tree, places)
}

/// The definitions in source order with their arenas, and for each what was measured.
fn definitions<'a>(
    nodes: &[PlacedNode],
    measured: &'a [MeasuredDef],
) -> (Vec<DefData>, Vec<&'a MeasuredDef>) {
    let first = |at: u32| at + 1 - nodes[at as usize].data.size;
    let mut order: Vec<&MeasuredDef> = measured.iter().collect();
    // Preorder: by first leaf, and the enclosing before the enclosed, which ends earlier.
    order.sort_unstable_by_key(|it| (first(it.root), std::cmp::Reverse(it.root)));
    let (mut start, mut open, mut defs) = (0, Vec::new(), Vec::with_capacity(order.len()));
    for (id, def) in (0..).zip(&order) {
        while open.pop_if(|parent: &mut u32| order[*parent as usize].root < first(def.root)).is_some() {}
        let parent = open.last().copied().unwrap_or(NONE);
        defs.push(DefData { start, len: def.len, parent, link: start });
        open.push(id);
        start += def.len;
    }
    (defs, order)
}

/// The children of a node whose places are being given, the last child first.
#[derive(Clone, Copy)]
struct Group {
    /// Index of the first node of the parent's subtree.
    first: usize,
    /// Where the place of the child before begins.
    cursor: u32,
    /// Offset of the definition whose arena it is.
    offset: u32,
}

/// Puts every node in its place in its definition's arena.
///
/// The postorder backwards has parents before their children, and the last child first. So each node's subtree ends
/// where that of its right sibling begins, or with its parent's.
struct Placing<'a> {
    source: &'a [PlacedNode],
    own_sizes: &'a [u32],
    defs: Vec<DefData>,
    nodes: Vec<NodeData>,
    spans: Spans,
    /// Definitions still to come, with their ids; the next is the last.
    roots: Vec<(u32, u32)>,
}

impl<'a> Placing<'a> {
    fn new(source: &'a [PlacedNode], measured: &'a Measured, missing: u16) -> Self {
        let (defs, order) = definitions(source, &measured.defs);
        let total = defs.iter().map(|it| it.len as usize).sum::<usize>() + 1;
        let blank = NodeData { kind: missing, role: 0, flag: 0, aux: NONE, size: 1 };
        let offset = |(def, data): (&&MeasuredDef, &DefData)| if data.parent == NONE { 0 } else { def.start };
        let offsets = order.iter().zip(&defs).map(offset).collect();
        let mut roots: Vec<(u32, u32)> = order.iter().zip(0..).map(|(it, id)| (it.root, id)).collect();
        roots.sort_unstable();
        let own_sizes = &measured.own_sizes;
        Self { source, own_sizes, defs, nodes: vec![blank; total], spans: Spans::new(offsets, total), roots }
    }

    fn place(mut self) -> Self {
        let mut groups: Vec<Group> = Vec::with_capacity(64);
        let mut group = Group { first: 0, cursor: 0, offset: 0 };
        let mut next_root = self.roots.last().map_or(usize::MAX, |it| it.0 as usize);
        for (at, (node, size)) in self.source.iter().zip(self.own_sizes).enumerate().rev() {
            while at < group.first
                && let Some(outer) = groups.pop()
            {
                group = outer;
            }
            let mut inner = group;
            if at == next_root {
                inner = self.enter_definition(node, &mut group);
                next_root = self.roots.last().map_or(usize::MAX, |it| it.0 as usize);
            } else {
                group.cursor -= size;
                inner.cursor = group.cursor;
            }
            self.write(inner.cursor, NodeData { size: *size, ..node.data }, node.span, inner.offset);
            if *size > 1 {
                groups.push(group);
                let first = at + 1 - node.data.size as usize;
                group = Group { first, cursor: inner.cursor + size, ..inner };
            }
        }
        self.spans.sort();
        self
    }

    /// Puts a link in the place of a definition; returns the beginning of the definition's own arena.
    #[inline(never)]
    fn enter_definition(&mut self, node: &PlacedNode, around: &mut Group) -> Group {
        let id = self.roots.pop().map_or(0, |it| it.1);
        let def = &mut self.defs[id as usize];
        let start = def.start;
        if def.parent != NONE {
            around.cursor -= 1;
            def.link = around.cursor;
            let PlacedNode { data, span } = *node;
            let link = NodeData { kind: data.kind | LINK, role: data.role, flag: 0, aux: id, size: 1 };
            self.write(around.cursor, link, span, around.offset);
        }
        Group { first: 0, cursor: start, offset: self.spans.offset(DefId(id)) }
    }

    #[inline]
    fn write(&mut self, place: u32, node: NodeData, span: Span, offset: u32) {
        self.nodes[place as usize] = node;
        self.spans.put(place, span.start - offset, span.len());
    }
}
