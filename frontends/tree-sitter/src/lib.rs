//! astkit's frontends over tree-sitter grammars.
//!
//! - [`TreeSitterPython`]: a rebuilder over tree-sitter-python, with repairs of the grammar's mistakes and a check of
//!   what it accepts against Python.
//! - [`Automatic`]: any other grammar, without a rebuilder; `javascript` and `json` behind features.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the grammar has 200 kinds, of which each place wants a few"
)]

mod automatic;
mod check;
mod cst;
mod dialect2;
mod gaps;
mod languages;
mod parse;
mod python;
mod rebuild;
mod repairs;
mod work;

pub use automatic::{Automatic, SchemaFromGrammarError};
#[cfg(feature = "javascript")]
pub use languages::javascript;
#[cfg(feature = "json")]
pub use languages::json;
pub use python::TreeSitterPython;
