//! Which of two trees of a broken piece keeps more of it.

use crate::lowered::Lowered;
use crate::python::{self, Kind};

/// How good a tree of broken text is: intact definitions, then text that is not in errors. Greater is better.
pub(super) fn quality(lowered: &Lowered) -> (usize, u32) {
    let (mut intact, mut lost) = (0, 0);
    let mut stack = vec![lowered.tree.root()];
    while let Some(node) = stack.pop() {
        if python::kind(node) == Kind::Error {
            lost += lowered.span(node).len();
            continue;
        }
        if node.is_def() && !is_torn(lowered, node) {
            intact += 1;
        }
        stack.extend(node.children());
    }
    (intact, u32::MAX - lost)
}

/// Whether a definition has damage in its own arena.
fn is_torn(lowered: &Lowered, def: crate::tree::Node<'_>) -> bool {
    let mut stack = vec![def];
    while let Some(node) = stack.pop() {
        if matches!(python::kind(node), Kind::Error | Kind::Missing) {
            return true;
        }
        stack.extend(node.children().filter(|it| !it.is_def()));
    }
    let span = lowered.span(def);
    let (start, end) = (lowered.spans.offset(def.id().def), span.end);
    lowered.diagnostics.iter().any(|it| start <= it.span.start && it.span.start < end)
}
