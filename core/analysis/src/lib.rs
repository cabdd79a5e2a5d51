//! What Python modules mean, told from their trees alone: plain functions, no files.
//!
//! - [`scopes()`]: scopes and symbols with the rules and words of CPython's `symtable`; every occurrence of a name
//!   with what it refers to.
//! - [`qualnames()`], [`signatures()`]: what code objects are called and take.
//! - [`imports()`]: import statements, as they stand.
//! - [`literals()`]: literal expressions with their values; [`constants`]: what Python computes with values;
//!   [`evaluate`]: values of expressions, names and imports followed.
//! - [`def_use()`]: which definitions may reach which uses.
//! - [`unreachable()`]: statements that can never run, in an [`Environment`].
//! - [`instance_attributes()`]: what methods set on their instances.
//! - [`interface()`]: what other modules need to know of a module; [`project`]: names, `__all__`, star imports over
//!   modules; [`mro`]: linearizations of classes.
//! - [`accesses`]: attributes and names in texts, for what depends on a definition without naming it.
//! - [`meanings`]: which names nobody outside can see, and what is looked at.
//! - [`calls`]: who calls what; [`purity`]: which functions are pure, and why others are not.
//!
//! Results speak of nodes by [`NodeId`](astkit_ast::NodeId) and never of positions, so that equal trees have equal
//! results; [`shapes`] joins the two for output.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "kinds of nodes are many, and most matches speak of a few"
)]

pub mod accesses;
mod attributes;
mod builtins;
pub mod calls;
pub mod constants;
pub mod def_use;
pub mod dunder_all;
pub mod evaluate;
mod imports;
mod interface;
pub mod literals;
pub mod meanings;
pub mod mro;
mod names;
pub mod project;
pub mod purity;
mod qualnames;
pub mod scopes;
pub mod shapes;
mod signatures;
pub mod truth;
mod unreachable;

pub use attributes::{InstanceAttribute, instance_attributes};
pub use builtins::{is_builtin, is_implicit_global};
pub use constants::Value;
pub use def_use::{DefUse, Definition, DefinitionId, Use, UseId, def_use, def_use_where};
pub use imports::{Import, imports};
pub use interface::{ClassFacts, Global, Interface, Meaning, Place, Star, Target, interface};
pub use literals::{Literal, literal_value, literals};
pub use names::{NameId, Names};
pub use qualnames::qualnames;
pub use scopes::{Occurrence, OccurrenceId, Role, ScopeId, Scopes, SymbolId, scopes};

pub use signatures::{Parameter, Signature, docstring, signatures};
pub use truth::Environment;
pub use unreachable::{Unreachable, Why, unreachable};

#[cfg(test)]
mod testing;
