//! From the parser's ranges to spans.

use astkit_ast::Span;
use ruff_text_size::Ranged;

/// The span of a node, token or error of the parser's.
pub(crate) fn span_of(it: &impl Ranged) -> Span {
    let range = it.range();
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// A byte offset in a text; the length of texts fits.
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
