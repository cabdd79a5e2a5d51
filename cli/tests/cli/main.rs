//! The real binary, in scratch folders: one test per command, exit code, and kind of bad input.

mod bad_input;
mod diff;
mod hash;
mod parse;
mod settings;
mod support;
