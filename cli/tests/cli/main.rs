//! The real binary, in scratch folders: one test per command, exit code, and kind of bad input.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

mod analyze;
mod bad_input;
mod cache;
mod diff;
mod git;
mod graph;
mod hash;
mod impact;
mod oracle;
mod parse;
mod project;
mod roots;
mod settings;
mod support;
mod transform;
mod views;
