//! The frontend `python-ast`: Python's standard AST, parsed within the process.
//!
//! The parser is ruff's published one, pinned to one version. Its tree has the shape of CPython's `ast` but for some
//! conventions; the rebuilder evens those out, so that every file that CPython 3.13 accepts gives
//! CPython's own tree: kinds, order, contexts, values and byte spans. Left to the common code are the values of
//! literals (ruff replaces lone surrogates and keeps `\r\n`) and names.
//!
//! Where patch releases of CPython differ (the text of `=` fields, escapes in the specifications of raw f-strings),
//! the later ones are followed.
//!
//! Broken text gives the tree that ruff recovers, in which each damaged statement is an `Error` node around what was
//! recovered in it; text that no statement covers is an `Error` statement of its own. Syntax that is newer than the
//! Python asked for is kept, with a warning. A text that may nest deeper than 100,000 levels is one `Error` node.

mod damage;
mod depth;
mod findings;
mod frontend;
mod indentation;
mod parse;
mod place;
mod rebuilder;
mod report;

pub use frontend::PythonAst;

#[cfg(test)]
mod tests;
