//! One module per command.

pub(crate) mod diff;
pub(crate) mod hash;
pub(crate) mod parse;
