//! One module per command.

pub(crate) mod hash;
pub(crate) mod parse;
