//! Decoding of literals from their source text: one decoder for all frontends.
//!
//! Parsers disagree about escapes, line endings and lone surrogates; so none of their values is used. Input is
//! always the token's text as it stands in the file. What CPython 3.13 refuses is an error with its place, and the
//! value is still there as far as it goes: a bad escape stays as written.
//!
//! A string is decoded piece by piece (`"a" 'b'` has two) into one buffer:
//!
//! ```
//! use astkit_ast::{Constant, Dialect, StringPrefix, TextBuffer};
//!
//! let mut buffer = TextBuffer::new();
//! for piece in [r"'a\x62'", r"r'\x'"] {
//!     let prefix = StringPrefix::parse(piece, Dialect::Python3)?;
//!     prefix.decode_text(piece, &mut buffer)?;
//! }
//! assert_eq!(buffer.finish(), Constant::Str(r"ab\x".into()));
//! # Ok::<(), astkit_ast::LiteralError>(())
//! ```

use std::borrow::Cow;

mod aliases;
mod buffer;
mod escape;
mod format;
mod names;
mod prefix;
mod string;

pub use buffer::TextBuffer;
pub use format::{FormatPart, debug_text, decode_format_text};
pub use prefix::{StringKind, StringPrefix, has_unicode_kind};

/// Which Python's literals are meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Dialect {
    /// Python 3, any version: its newest literals are accepted.
    #[default]
    Python3,
    /// Python 2.7: `0777`, `10L`, `ur''`.
    Python2,
}

/// Why a literal has no value in Python.
#[derive(Clone, PartialEq, Eq, Hash, Debug, thiserror::Error)]
#[error("{message}")]
pub struct LiteralError {
    /// Where, in bytes from the start of the text that was given.
    pub offset: u32,
    /// One sentence for a person: lower case, no full stop.
    pub message: Cow<'static, str>,
}

impl LiteralError {
    pub(crate) fn new(offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { offset: crate::line_index::offset_u32(offset), message: message.into() }
    }
}

/// Remembers the first error while decoding goes on.
#[derive(Default)]
struct FirstError(Option<LiteralError>);

impl FirstError {
    fn put(&mut self, offset: usize, message: impl Into<Cow<'static, str>>) {
        if self.0.is_none() {
            self.0 = Some(LiteralError::new(offset, message));
        }
    }

    fn result(self) -> Result<(), LiteralError> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests;
