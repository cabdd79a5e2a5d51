//! Definitions and their sizes, found in one pass over the builder's postorder.

use crate::builder::PlacedNode;
use crate::payload::KindFacts;
use crate::tree::{NONE, NodeData};

/// What one pass over the postorder finds out.
pub(crate) struct Measured {
    /// Per node: how many nodes of its own definition's arena its subtree takes. A nested definition takes one.
    pub(crate) own_sizes: Vec<u32>,
    /// The definitions, in postorder; the root is the last.
    pub(crate) defs: Vec<MeasuredDef>,
}

/// A definition, as found in the postorder.
pub(crate) struct MeasuredDef {
    /// Index of its node.
    pub(crate) root: u32,
    /// Number of its own nodes.
    pub(crate) len: u32,
    /// Where its text begins, decorators included; 0 for the root.
    pub(crate) start: u32,
}

/// Measures every subtree. The last node is the root.
pub(crate) fn measure(facts: &[KindFacts], nodes: &[PlacedNode]) -> Measured {
    let (mut own_sizes, mut defs) = (Vec::with_capacity(nodes.len()), Vec::new());
    // The subtrees with definitions that have no parent yet, and how many nodes of theirs are in no arena around.
    let mut open: Vec<(u32, u32)> = Vec::new();
    let last = index(nodes.len()).wrapping_sub(1);
    for (at, node) in (0..).zip(nodes) {
        let size = node.data.size;
        let mut apart = 0;
        while let Some((_, more)) = open.pop_if(|it| it.0 + size > at) {
            apart += more;
        }
        let len = size - apart;
        own_sizes.push(len);
        if at == last || is_def(facts, &node.data) {
            let start = if at == last { 0 } else { text_start(facts, nodes, at) };
            defs.push(MeasuredDef { root: at, len, start });
            // In the arena around, a link stands for it.
            apart = size - 1;
        }
        if apart > 0 {
            open.push((at, apart));
        }
    }
    Measured { own_sizes, defs }
}

fn is_def(facts: &[KindFacts], node: &NodeData) -> bool {
    facts.get(usize::from(node.kind)).unwrap_or(&KindFacts::UNKNOWN).is_def
}

/// Where the first of a definition's own nodes begins, the links to nested definitions among them.
fn text_start(facts: &[KindFacts], nodes: &[PlacedNode], root: u32) -> u32 {
    let PlacedNode { data, span } = &nodes[root as usize];
    let (mut start, mut at, first) = (span.start, root, root + 1 - data.size);
    while at > first {
        at -= 1;
        let PlacedNode { data, span } = &nodes[at as usize];
        start = start.min(span.start);
        if is_def(facts, data) {
            at -= data.size - 1;
        }
    }
    start
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
