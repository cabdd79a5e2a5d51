//! What passes promise, told by what runs.

mod edits;
mod support;
