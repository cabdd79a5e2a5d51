//! Text that may hold lone surrogates, while it is put together.

use memchr::memchr;

use crate::Constant;

/// The value of a string literal so far. Python's strings are sequences of code points, so surrogates may stand
/// alone, and two that stand side by side are not one character.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TextBuffer {
    /// All of the text as long as it has no surrogate.
    text: String,
    /// All of the text as generalized UTF-8 since the first surrogate; `text` is empty then.
    wide: Vec<u8>,
}

impl TextBuffer {
    /// An empty buffer; nothing is allocated.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no text was added.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.wide.is_empty()
    }

    /// The number of bytes of the text, in (generalized) UTF-8.
    pub fn len(&self) -> usize {
        self.text.len() + self.wide.len()
    }

    /// The text, if it has no surrogate.
    pub fn as_str(&self) -> Option<&str> {
        self.wide.is_empty().then_some(&self.text)
    }

    /// Forgets the text and keeps the memory, for the next string.
    pub fn clear(&mut self) {
        self.text.clear();
        self.wide.clear();
    }

    /// Adds text as it is.
    pub fn push_str(&mut self, text: &str) {
        if self.wide.is_empty() {
            self.text.push_str(text);
        } else {
            self.wide.extend_from_slice(text.as_bytes());
        }
    }

    /// Adds text with each of its line ends made `\n`.
    pub fn push_lines(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr(b'\r', rest.as_bytes()) {
            self.push_str(&rest[..at]);
            self.push_str("\n");
            rest = rest[at + 1..].strip_prefix('\n').unwrap_or(&rest[at + 1..]);
        }
        self.push_str(rest);
    }

    /// Adds a code point, which may be a surrogate; beyond U+10FFFF nothing is added.
    pub fn push_code_point(&mut self, code: u32) {
        if let Some(char) = char::from_u32(code) {
            self.push_str(char.encode_utf8(&mut [0; 4]));
        } else if let Ok(low) = u16::try_from(code) {
            if self.wide.is_empty() {
                self.wide = std::mem::take(&mut self.text).into_bytes();
            }
            let [high, low] = low.to_be_bytes();
            let middle = ((high & 0x0f) << 2) | (low >> 6);
            self.wide.extend([0xe0 | (high >> 4), 0x80 | middle, 0x80 | (low & 0x3f)]);
        }
    }

    /// Takes the text out as a constant and leaves the buffer empty.
    pub fn take(&mut self) -> Constant {
        std::mem::take(self).finish()
    }

    /// The text as a constant.
    pub fn finish(self) -> Constant {
        if self.wide.is_empty() {
            Constant::Str(self.text.into_boxed_str())
        } else {
            Constant::Wtf8(self.wide.into_boxed_slice())
        }
    }
}
