//! What one Python module means, told from its tree alone: plain functions, no files, no other modules.
//!
//! - [`scopes()`]: scopes and symbols with the rules and words of CPython's `symtable`; every occurrence of a name
//!   with what it refers to.
//!
//! Results speak of nodes by [`NodeId`](astkit_ast::NodeId) and never of positions, so that equal trees have equal
//! results; [`shapes`] joins the two for output.

mod names;
pub mod scopes;
pub mod shapes;

pub use names::{NameId, Names};
pub use scopes::{Occurrence, OccurrenceId, Role, ScopeId, Scopes, SymbolId, scopes};

#[cfg(test)]
mod testing;
