//! Parsing within bounds: tree-sitter's work is counted, so that garbage ends in an answer.
//!
//! On text that fits its grammar tree-sitter needs work in proportion to the text. On garbage its error recovery tries
//! many versions of the parse at once, and takes a hundred times as long. A clock would make results depend on the
//! machine, so what is counted is how often the parser reports progress, which it does every hundred operations.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// Reports that are free: small files need no bound.
const FREE: usize = 20_000;
/// Reports for each byte beyond. Whole files need less than 0.03; measured on the standard library and on grammars'
/// own examples.
const PER_BYTE: usize = 1;

/// Parses a text; none if it takes too much work.
pub(crate) fn parse_bounded(parser: &mut Parser, text: &str) -> Option<Tree> {
    let budget = FREE + text.len().saturating_mul(PER_BYTE);
    let mut used = 0;
    let mut progress = |_: &ParseState| {
        used += 1;
        if used > budget { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    let tree =
        parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
    if tree.is_none() {
        // What was begun would otherwise be gone on with.
        parser.reset();
    }
    tree
}
