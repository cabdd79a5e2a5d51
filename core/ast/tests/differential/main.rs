//! The text layer against a real CPython: random literals, and the tokens of the standard library.
//!
//! Without a Python of at least version 3.12 in the path the tests pass without a check.

mod literals;
mod python;
mod scanner;
