//! How results look.

pub(crate) mod diagnostic;
pub(crate) mod json;
