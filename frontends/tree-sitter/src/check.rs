//! The check pass: what the grammar accepts and Python does not.
//!
//! The grammar is made for editors: newlines are white space to it (`x =⏎y = 2` is one statement), any indentation
//! will do, and many rules that CPython's parser has are left out. These checks run while the tree is rebuilt. What
//! they find is a *fault* of the statement: a diagnostic, and an `Error` node around the statement.
//!
//! CPython's parser is the measure: what only its compiler rejects (`return` at module level, two starred targets)
//! is no fault.

mod arguments;
mod displays;
mod layout;
mod names;
mod parameters;
mod places;
mod statements;
mod targets;

pub(crate) use layout::Block;
pub(crate) use places::Barred;
