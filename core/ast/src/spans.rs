//! Positions of a tree's nodes, apart from the tree.

use crate::span::Span;
use crate::tree::{DefId, Node};

/// The spans of a tree's nodes: per definition an offset, per node a start relative to it and a length.
///
/// An edit inside one definition leaves the relative spans of all others as they are. Nearly every node is shorter
/// than 64 KiB, so a length takes two bytes, and the few long ones stand in a table of their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spans {
    /// Per definition: the first byte of its text, decorators included.
    pub(crate) offsets: Box<[u32]>,
    /// Per stored node: start relative to its definition's offset.
    starts: Box<[u32]>,
    /// Per stored node: its length, or [`LONG`].
    lengths: Box<[u16]>,
    /// The lengths that do not fit, by the node's place.
    long: Vec<(u32, u32)>,
}

/// Stands for a length that is in the table of long ones.
const LONG: u16 = u16::MAX;

impl Spans {
    /// Room for so many nodes of definitions with these offsets.
    pub(crate) fn new(offsets: Vec<u32>, nodes: usize) -> Self {
        let (starts, lengths) = (vec![0; nodes], vec![0; nodes]);
        let (offsets, starts) = (offsets.into_boxed_slice(), starts.into_boxed_slice());
        Self { offsets, starts, lengths: lengths.into_boxed_slice(), long: Vec::new() }
    }

    /// Puts a node's start, relative to its definition's offset, and length in their place.
    #[inline]
    pub(crate) fn put(&mut self, place: u32, start: u32, length: u32) {
        self.starts[place as usize] = start;
        self.lengths[place as usize] = u16::try_from(length).unwrap_or(LONG);
        if length >= u32::from(LONG) {
            self.long.push((place, length));
        }
    }

    /// Ends putting.
    pub(crate) fn sort(&mut self) {
        self.long.sort_unstable();
        self.long.shrink_to_fit();
    }

    fn length(&self, place: u32) -> u32 {
        match self.lengths.get(place as usize) {
            Some(&LONG) => self
                .long
                .binary_search_by_key(&place, |it| it.0)
                .map_or(u32::from(LONG), |at| self.long[at].1),
            Some(length) => u32::from(*length),
            None => 0,
        }
    }

    /// The span of a node of the tree that these are the spans of.
    ///
    /// Located kinds have CPython's spans (a decorated definition's begins at its keyword); the others have the hull
    /// of their children.
    pub fn get(&self, node: Node<'_>) -> Span {
        let offset = self.offsets.get(node.id().def.0 as usize).copied().unwrap_or(0);
        let start = offset + self.starts.get(node.index() as usize).copied().unwrap_or(0);
        Span { start, end: start + self.length(node.index()) }
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
        (self.offsets.len() + self.starts.len()) * size_of::<u32>()
            + self.lengths.len() * size_of::<u16>()
            + self.long.len() * size_of::<(u32, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Spans};

    #[test]
    fn lengths_of_any_size_come_back() {
        let lengths = [0, 7, u32::from(LONG) - 1, u32::from(LONG), u32::from(LONG) + 1, u32::MAX];
        let mut spans = Spans::new(vec![0], lengths.len());
        for (place, length) in (0..).zip(lengths) {
            spans.put(place, 3, length);
        }
        spans.sort();
        assert_eq!(lengths, [0, 1, 2, 3, 4, 5].map(|place| spans.length(place)));
    }
}
