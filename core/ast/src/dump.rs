//! Trees as text: canonical JSON, CPython's `ast.dump` notation, and graphs for Graphviz.
//!
//! Input is a tree of any schema, with or without its positions. What is printed and in which order follows from the
//! schema alone, so a schema of one's own needs no code here. Nodes of Python's schema come out as CPython's own
//! `ast` would show them: the JSON byte for byte as `json.dumps` of the node's fields, the text as `ast.dump` with
//! `indent=2` under Python 3.13. `Error` and `Missing` nodes, which CPython does not have, are printed alike.
//!
//! Nothing here recurses, and cost is linear in the output.

mod dot;
mod escape;
mod json;
mod text;

use std::fmt;

use crate::lowered::Lowered;
use crate::source::SourceText;
use crate::spans::Spans;
use crate::tree::Node;

/// What is needed to print positions: the spans of a tree, and the text that they are in.
#[derive(Clone, Copy, Debug)]
pub struct Positions<'a> {
    spans: &'a Spans,
    source: &'a SourceText,
}

impl<'a> Positions<'a> {
    /// The positions of a lowered file; `source` is the text that it was lowered from.
    pub fn new(lowered: &'a Lowered, source: &'a SourceText) -> Self {
        Self { spans: &lowered.spans, source }
    }

    /// Line and column of a node's first byte and of the byte behind its last; lines from 1, columns in bytes from 0.
    fn of(self, node: Node<'_>) -> [u32; 4] {
        let span = self.spans.get(node);
        let (start, end) = (self.source.position(span.start), self.source.position(span.end));
        [start.line, start.col, end.line, end.col]
    }
}

/// The canonical JSON of a file's tree. See [`write_json`].
pub fn json(lowered: &Lowered, source: &SourceText, positions: bool) -> String {
    let positions = positions.then(|| Positions::new(lowered, source));
    let per_node = if positions.is_some() { 96 } else { 72 };
    let mut out = String::with_capacity(lowered.tree.node_count() as usize * per_node);
    // A string takes everything, so there is no error to report.
    let _: fmt::Result = write_json(&mut out, lowered.tree.root(), positions);
    out
}

/// Writes the canonical JSON of a node and what is below it.
///
/// A node is an object: `_type`, then every field in the schema's order, then, on kinds that have one and if
/// `positions` are given, `pos` as `[line, column, end line, end column]`. Constants are objects with their type as
/// key (`{"int":"1"}`), floats are written by their bits, values of enumerations are strings, and what is absent is
/// null. Keys and separators are those of Python's `json.dumps(node, separators=(",", ":"))`.
pub fn write_json(
    out: &mut impl fmt::Write,
    node: Node<'_>,
    positions: Option<Positions<'_>>,
) -> fmt::Result {
    json::write(out, node, positions)
}

/// A file's tree in CPython's `ast.dump` notation. See [`write_text`].
pub fn text(lowered: &Lowered, source: &SourceText, positions: bool) -> String {
    let positions = positions.then(|| Positions::new(lowered, source));
    let mut out = String::with_capacity(lowered.tree.node_count() as usize * 48);
    // A string takes everything, so there is no error to report.
    let _: fmt::Result = write_text(&mut out, lowered.tree.root(), positions);
    out
}

/// Writes a node and what is below it as `ast.dump(node, indent=2)` does under Python 3.13, without a final newline.
///
/// With `positions`, located nodes have `lineno`, `col_offset`, `end_lineno` and `end_col_offset`, as with
/// `include_attributes=True`. Indentation stops growing at a depth of 1,000 levels, where CPython gives up.
pub fn write_text(
    out: &mut impl fmt::Write,
    node: Node<'_>,
    positions: Option<Positions<'_>>,
) -> fmt::Result {
    text::write(out, node, positions)
}

/// A file's tree as a graph in Graphviz's DOT language. See [`write_dot`].
pub fn dot(lowered: &Lowered, source: &SourceText, positions: bool) -> String {
    let positions = positions.then(|| Positions::new(lowered, source));
    let mut out = String::with_capacity(lowered.tree.node_count() as usize * 64);
    // A string takes everything, so there is no error to report.
    let _: fmt::Result = write_dot(&mut out, lowered.tree.root(), positions);
    out
}

/// Writes a node and what is below it as a graph: a node per node, labeled with its kind and its scalars, and an edge
/// per child, labeled with its role.
pub fn write_dot(out: &mut impl fmt::Write, node: Node<'_>, positions: Option<Positions<'_>>) -> fmt::Result {
    dot::write(out, node, positions)
}

#[cfg(test)]
mod tests;
