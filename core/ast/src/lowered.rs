//! What lowering gives: a tree, its positions, and what was wrong with the text.

use crate::diagnostic::{Diagnostic, Severity};
use crate::frontend::FrontendId;
use crate::span::Span;
use crate::spans::Spans;
use crate::tree::{Node, Tree};

/// One file, lowered.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Structure.
    pub tree: Tree,
    /// Positions.
    pub spans: Spans,
    /// What is wrong with the text, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Who made it.
    pub frontend: FrontendId,
    /// How often each named repair was needed.
    pub repairs: Vec<(&'static str, u32)>,
}

impl Lowered {
    /// Whether some of the text could not be understood: the tree is not the whole truth.
    pub fn is_partial(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }

    /// The span of a node of its tree.
    pub fn span(&self, node: Node<'_>) -> Span {
        self.spans.get(node)
    }

    /// Bytes on the heap, diagnostics left out.
    pub fn heap_size(&self) -> usize {
        self.tree.heap_size() + self.spans.heap_size()
    }
}
