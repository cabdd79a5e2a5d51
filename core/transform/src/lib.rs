//! Edits of trees, and transformations that keep what code does.
//!
//! - [`Edits`]: replace, insert, delete, wrap by node; [`Edits::apply`] gives the new tree and what became of every
//!   node, [`Edits::print`] the new text, in which untouched statements keep theirs.
//! - [`Code`]: new code as data.
//! - [`strip_docstrings()`] and its siblings: plain functions from a tree (and what is known of it) to edits.
//!
//! A transformation never changes what it was given. Nothing here parses: that the printed text means the new tree is
//! for the caller to check, who has a frontend.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "kinds of nodes are many, and most matches speak of a few"
)]

mod applied;
mod code;
mod docstrings;
mod edits;
mod printed;

pub use applied::Applied;
pub use code::{Code, New, Scalar};
pub use docstrings::strip_docstrings;
pub use edits::Edits;
pub use printed::PrintError;
