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
mod dead_code;
mod docstrings;
mod edits;
mod fold;
mod hints;
mod printed;
mod rename;
mod undataclass;
mod wildcards;

pub use applied::Applied;
pub use code::{Code, New, Scalar};
pub use dead_code::remove_dead_code;
pub use docstrings::strip_docstrings;
pub use edits::Edits;
pub use fold::fold_constants;
pub use hints::strip_hints;
pub use printed::PrintError;
pub use rename::rename_locals;
pub use undataclass::{Surroundings, undataclass};
pub use wildcards::expand_wildcards;

/// Something that a transformation had to leave as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// What.
    pub node: astkit_ast::NodeId,
    /// Why.
    pub why: String,
}
