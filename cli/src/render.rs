//! How results look.

pub(crate) mod diagnostic;
pub(crate) mod json;

use std::fmt;

/// Text that grows.
pub(crate) trait Append {
    /// Adds formatted text at the end.
    fn append(&mut self, text: fmt::Arguments<'_>);
}

impl Append for String {
    fn append(&mut self, text: fmt::Arguments<'_>) {
        // Strings take everything: there is no error.
        let _: fmt::Result = fmt::Write::write_fmt(self, text);
    }
}
