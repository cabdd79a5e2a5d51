//! The text layer against a real CPython: random literals, and the tokens of the standard library.
//!
//! Without a Python of at least version 3.12 in the path the tests pass without a check.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod literals;
mod python;
mod scanner;
