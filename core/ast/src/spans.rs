//! Positions of a tree's nodes, apart from the tree.

use crate::span::Span;
use crate::tree::{DefId, Node};

/// The spans of a tree's nodes: per definition an offset, per node a start relative to it and a length.
///
/// An edit inside one definition leaves the relative spans of all others as they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spans {
    /// Per definition: the first byte of its text, decorators included.
    pub(crate) offsets: Box<[u32]>,
    /// Per stored node: start relative to its definition's offset, and length.
    pub(crate) ranges: Box<[(u32, u32)]>,
}

impl Spans {
    /// The span of a node of the tree that these are the spans of.
    ///
    /// Located kinds have CPython's spans (a decorated definition's begins at its keyword); the others have the hull
    /// of their children.
    pub fn get(&self, node: Node<'_>) -> Span {
        let offset = self.offsets.get(node.id().def.0 as usize).copied().unwrap_or(0);
        let (start, len) = self.ranges.get(node.index() as usize).copied().unwrap_or((0, 0));
        Span { start: offset + start, end: offset + start + len }
    }

    /// The whole text of a definition, from the first decorator to the end of its last statement.
    ///
    /// For the `@` of the first decorator look before its start.
    pub fn def(&self, node: Node<'_>) -> Span {
        let offset = self.offsets.get(node.id().def.0 as usize).copied().unwrap_or(0);
        Span::new(offset, self.get(node).end)
    }

    /// Offset of a definition: where its text, with decorators, begins.
    pub fn offset(&self, def: DefId) -> u32 {
        self.offsets.get(def.0 as usize).copied().unwrap_or(0)
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.offsets.len() * size_of::<u32>() + self.ranges.len() * size_of::<(u32, u32)>()
    }
}
