//! Parsing within bounds: tree-sitter's work is counted, so that garbage ends in an answer, and its depth is limited.
//!
//! On text that fits its grammar tree-sitter needs work in proportion to the text. On garbage its error recovery tries
//! many versions of the parse at once, and takes a hundred times as long. A clock would make results depend on the
//! machine, so what is counted is how often the parser reports progress, which it does every hundred operations.
//!
//! Reports while every version of the parse has an error are the expensive ones. A text of which nothing but a whole
//! tree is of use is given up at the first of them; for all pieces of a broken file together there is a fixed number,
//! and pieces that come after it was used up are given up at their first, too, and not even begun if their tokens show
//! that they can't be whole. Pieces without errors never notice.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use astkit_ast::{Span, TokenKind, tokens};
use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// Reports that are free: small files need no bound.
const FREE: usize = 20_000;
/// Bytes for each report beyond. Whole files need less than 0.03 reports a byte, a list of one-digit numbers 0.08;
/// measured on the standard library and on grammars' own examples.
const BYTES_PER_REPORT: usize = 6;
/// Reports in error that every text may have. Each takes 0.2 to 3 ms; a damaged definition takes one to five.
const IN_ERROR: usize = 500;
/// Bytes for each report in error beyond.
const BYTES_PER_ERROR: usize = 8_000;
/// Reports in error for one call of the parser: what takes more is no definition with a mistake in it.
const IN_ERROR_AT_ONCE: usize = 200;

/// How many more reports in error there may be.
pub(crate) struct Tolerance {
    left: AtomicUsize,
    /// Whether something was left at first.
    any: bool,
}

impl Tolerance {
    /// For texts of which only a whole tree is of use.
    pub(crate) const fn none() -> Self {
        Self { left: AtomicUsize::new(0), any: false }
    }

    /// For a text of this length, or all its pieces.
    pub(crate) fn of(length: usize) -> Self {
        Self { left: AtomicUsize::new(IN_ERROR + length / BYTES_PER_ERROR), any: true }
    }

    /// Whether there was some, and nothing is left.
    pub(crate) fn is_used_up(&self) -> bool {
        self.any && self.left.load(Ordering::Relaxed) == 0
    }
}

/// Whether the tokens of a text of Python 3 are all known, and its brackets and strings are closed: without that it is
/// not whole, and there is no need to parse it.
pub(crate) fn may_be_whole(text: &str) -> bool {
    let mut open = Vec::new();
    for token in tokens(text) {
        let is_sound = match (token.kind, &text[token.span.range()]) {
            (TokenKind::Error, _) => false,
            (TokenKind::Op, bracket @ ("(" | "[" | "{")) => {
                open.push(bracket);
                true
            }
            (TokenKind::Op, bracket @ (")" | "]" | "}")) => {
                matches!((open.pop(), bracket), (Some("("), ")") | (Some("["), "]") | (Some("{"), "}"))
            }
            _ => !token.unterminated,
        };
        if !is_sound {
            return false;
        }
    }
    open.is_empty()
}

/// Parses a text; none if it takes too much work.
pub(crate) fn parse_bounded(parser: &mut Parser, text: &str, tolerance: &Tolerance) -> Option<Tree> {
    let budget = FREE + text.len() / BYTES_PER_REPORT;
    let left = tolerance.left.load(Ordering::Relaxed);
    let most = left.min(IN_ERROR_AT_ONCE);
    let (mut used, mut in_error) = (0, 0);
    let mut progress = |state: &ParseState| {
        used += 1;
        in_error += usize::from(state.has_error());
        if used > budget || in_error > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    let tree =
        parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
    if tree.is_none() {
        // What was begun would otherwise be gone on with.
        parser.reset();
    }
    tolerance.left.store(left.saturating_sub(in_error), Ordering::Relaxed);
    tree
}

/// Blocks within blocks, beyond which the grammar's scanner is not called. It keeps its stack of indentations in a buffer
/// of 1,024 bytes, two bytes each, and writes past the end of it, upon which the library aborts the process. CPython
/// itself stops at 100.
const MOST_BLOCKS: usize = 200;

/// The first line that is nested deeper than [`MOST_BLOCKS`], by its indentation.
///
/// Tabs count as the scanner counts them. Lines within strings and brackets count, too: the grammar's scanner may take
/// them for blocks when the text is broken.
pub(crate) fn too_deep(text: &str) -> Option<Span> {
    let mut open: Vec<usize> = Vec::new();
    let mut start = 0;
    let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|it| it + 1);
    for end in newlines.chain([text.len()]) {
        let line = &text[start..end];
        let (mut column, mut length) = (0, 0);
        for byte in line.bytes() {
            match byte {
                b'\t' => column += 8,
                b'\x0c' => column = 0,
                b' ' => column += 1,
                _ => break,
            }
            length += 1;
        }
        if !line[length..].trim().is_empty() {
            while open.pop_if(|it| *it >= column).is_some() {}
            open.push(column);
            if open.len() > MOST_BLOCKS {
                let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
                return Some(Span::new(offset(start + length), offset(start + line.trim_end().len())));
            }
        }
        start = end;
    }
    None
}
