//! astkit's frontends over tree-sitter grammars.
//!
//! - [`TreeSitterPython`]: a rebuilder over tree-sitter-python, with repairs of the grammar's mistakes and a check of
//!   what it accepts against Python.

mod check;
mod cst;
mod gaps;
mod parse;
mod python;
mod rebuild;
mod repairs;

pub use python::TreeSitterPython;
