//! What stands before a string's text: prefix letters and quotes.

use std::ops::Range;

use super::{Dialect, LiteralError};
use crate::line_index::offset_u32;

/// What kind of value a string literal has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StringKind {
    /// `str`.
    Text,
    /// `bytes`.
    Bytes,
    /// An f-string.
    Format,
    /// A t-string.
    Template,
}

/// The prefix and the opening quotes of a string literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StringPrefix {
    /// What the literal makes.
    pub kind: StringKind,
    /// Whether an `r` switches escapes off.
    pub raw: bool,
    /// Whether there is a `u` of either case.
    pub unicode: bool,
    /// Number of letters before the quotes.
    pub prefix_len: u32,
    /// Number of opening quotes: 1 or 3.
    pub quote_len: u32,
    /// The quote: `'` or `"`.
    pub quote: u8,
    pub(super) dialect: Dialect,
}

impl StringPrefix {
    /// Reads the prefix and the quotes at the start of `token`; whatever follows does not matter.
    ///
    /// # Errors
    /// When the letters are no prefix of Python's (`bb`, `fu`), or no quote follows.
    pub fn parse(token: &str, dialect: Dialect) -> Result<Self, LiteralError> {
        let bytes = token.as_bytes();
        let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let Some(&quote @ (b'\'' | b'"')) = bytes.get(letters) else {
            return Err(LiteralError::new(letters, "a string begins with quotes"));
        };
        let triple = bytes[letters..].starts_with(&[quote; 3]);
        let mut prefix = Self {
            kind: StringKind::Text,
            raw: false,
            unicode: false,
            prefix_len: offset_u32(letters),
            quote_len: if triple { 3 } else { 1 },
            quote,
            dialect,
        };
        if letters > 2 || !prefix.add_letters(&bytes[..letters]) {
            let message = format!("`{}` is no string prefix", &token[..letters]);
            return Err(LiteralError::new(0, message));
        }
        Ok(prefix)
    }

    /// Takes the letters in; says whether they are a legal prefix.
    fn add_letters(&mut self, letters: &[u8]) -> bool {
        for letter in letters {
            let plain = self.kind == StringKind::Text;
            match letter.to_ascii_lowercase() {
                b'r' if !self.raw => self.raw = true,
                b'b' if plain && !self.unicode => self.kind = StringKind::Bytes,
                b'f' if plain && !self.unicode => self.kind = StringKind::Format,
                b't' if plain && !self.unicode => self.kind = StringKind::Template,
                b'u' if plain && !self.unicode && !self.raw => self.unicode = true,
                _ => return false,
            }
        }
        !(self.unicode && self.raw && self.dialect == Dialect::Python3)
    }

    /// Whether the literal has replacement fields.
    pub fn is_format(self) -> bool {
        matches!(self.kind, StringKind::Format | StringKind::Template)
    }

    /// Where the literal's text begins in its token.
    pub fn body_start(self) -> u32 {
        self.prefix_len + self.quote_len
    }

    /// Where the literal's text stands in its token, without the closing quotes.
    ///
    /// # Errors
    /// When the closing quotes are missing.
    pub fn body(self, token: &str) -> Result<Range<usize>, LiteralError> {
        let start = self.body_start() as usize;
        let quotes = &[self.quote; 3][..self.quote_len as usize];
        let body = token.as_bytes().get(start..).and_then(|rest| rest.strip_suffix(quotes));
        match body {
            // A backslash before the quote takes it away from the closing quotes, also in raw strings.
            Some(body) if body.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 0 => {
                Ok(start..start + body.len())
            }
            _ => Err(LiteralError::new(0, "this string is not closed")),
        }
    }
}

/// Whether a string constant whose first piece is `token` has the kind `'u'`: only a lower-case `u` does that.
pub fn has_unicode_kind(token: &str) -> bool {
    token.starts_with('u')
}
