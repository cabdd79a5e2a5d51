//! The text of one file: bytes decoded once, for every frontend.
//!
//! Decoding follows CPython's tokenizer (byte-order mark, PEP 263 cookie, codec names) and never fails: what is
//! wrong becomes diagnostics, and a text is always there. All spans of astkit are byte offsets in this text.
//! Three things are evened out so that parsers agree, none of which moves an offset within the decoded text:
//! a lone `\r` becomes `\n`, a NUL becomes U+001A, and `\r\n` stays as it is. A byte-order mark stays in the
//! text, and line 1 begins after it.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use memchr::memchr2;

use crate::encoding::{self, Capped};
use crate::line_index::{LineIndex, Position, offset_u32};
use crate::{Diagnostic, Severity, Span};

/// The longest text in bytes; offsets are 32 bits with some room above.
const LIMIT: usize = u32::MAX as usize - 16;

/// What stands in the text for a NUL: a control character that no parser accepts outside strings.
const NUL_STAND_IN: u8 = 0x1a;

/// The decoded text of a file, with its lines and what was wrong with its bytes. Cheap to clone.
#[derive(Clone)]
pub struct SourceText {
    inner: Arc<Inner>,
}

struct Inner {
    text: Arc<str>,
    encoding: &'static str,
    diagnostics: Vec<Diagnostic>,
    lines: OnceLock<LineIndex>,
}

impl SourceText {
    /// Decodes the bytes of a Python file; problems are told by [`SourceText::diagnostics`].
    pub fn decode(bytes: &[u8]) -> Self {
        if bytes.len() > LIMIT {
            return Self::too_large(bytes.len());
        }
        let decoded = encoding::decode(bytes);
        Self::new(decoded.text, decoded.encoding, decoded.diagnostics)
    }

    /// Takes a text that is decoded already; a PEP 263 cookie in it means nothing.
    pub fn from_text(text: &str) -> Self {
        Self::new(Cow::Borrowed(text), encoding::UTF_8, Vec::new())
    }

    fn new(text: Cow<'_, str>, encoding: &'static str, mut diagnostics: Vec<Diagnostic>) -> Self {
        if text.len() > LIMIT {
            return Self::too_large(text.len());
        }
        let text = even_out(text, &mut diagnostics);
        diagnostics.sort();
        let inner = Inner { text: Arc::from(&*text), encoding, diagnostics, lines: OnceLock::new() };
        Self { inner: Arc::new(inner) }
    }

    fn too_large(len: usize) -> Self {
        let message = format!("the file is too large: {len} bytes of text, at most {LIMIT} can be read");
        let diagnostics = vec![Diagnostic::error("source", "too-large", Span::empty(0), message)];
        Self::new(Cow::Borrowed(""), encoding::UTF_8, diagnostics)
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The whole text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.inner.text)
    }

    /// Number of bytes of the text.
    pub fn len(&self) -> u32 {
        offset_u32(self.inner.text.len())
    }

    /// Whether the text has no bytes.
    pub fn is_empty(&self) -> bool {
        self.inner.text.is_empty()
    }

    /// What was wrong with the bytes, in source order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.inner.diagnostics
    }

    /// Whether some of the file could not be decoded.
    pub fn is_partial(&self) -> bool {
        self.inner.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The codec that the text was decoded with: `utf-8`, or the name of CPython's codec.
    pub fn encoding(&self) -> &str {
        self.inner.encoding
    }

    /// The bytes of another text in the codec of this one; none if the codec lacks a character.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        encoding::encode(text, self.inner.encoding)
    }

    /// Whether the text begins with a byte-order mark.
    pub fn has_bom(&self) -> bool {
        self.inner.text.starts_with('\u{feff}')
    }

    /// The text of `span`; empty when the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.inner.text.get(span.range()).unwrap_or_default()
    }

    /// The line and column of a byte offset, as CPython counts them. Cost: logarithmic in the number of lines.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(offset)
    }

    /// The column of a byte offset for people: in characters, from 1.
    pub fn char_column(&self, offset: u32) -> u32 {
        let position = self.lines().position(offset);
        let start = self.lines().start(position.line).unwrap_or_default() as usize;
        let line = self.inner.text.as_bytes().get(start..offset as usize).unwrap_or_default();
        // Bytes that do not continue a character begin one; so an offset inside a character is no trouble.
        let chars = line.iter().filter(|&&byte| !is_continuation(byte)).count();
        offset_u32(chars).saturating_add(1)
    }

    /// The byte offset of a position as CPython gives it; a position outside the text is moved to its nearest
    /// end, and a column inside a character to that character's first byte.
    pub fn offset(&self, line: u32, col: u32) -> u32 {
        let Some(start) = self.lines().start(line) else {
            return if line == 0 { 0 } else { self.len() };
        };
        let mut offset = start.saturating_add(col).min(self.len());
        while !self.inner.text.is_char_boundary(offset as usize) {
            offset -= 1;
        }
        offset
    }

    /// How many lines begin in the text: one more than there are newlines.
    pub fn line_count(&self) -> u32 {
        self.lines().len()
    }

    /// The 1-based `line` without what ends it (`\n` or `\r\n`); empty at the text's end for later lines.
    pub fn line_span(&self, line: u32) -> Span {
        let Some(start) = self.lines().start(line) else {
            return Span::empty(self.len());
        };
        let Some(next) = self.lines().start(line + 1) else {
            return Span::new(start, self.len());
        };
        let bytes = &self.inner.text.as_bytes()[start as usize..next as usize - 1];
        Span::new(start, if bytes.ends_with(b"\r") { next - 2 } else { next - 1 })
    }

    fn lines(&self) -> &LineIndex {
        self.inner.lines.get_or_init(|| LineIndex::new(&self.inner.text))
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.inner.encoding == other.inner.encoding
                && self.inner.diagnostics == other.inner.diagnostics
                && self.inner.text == other.inner.text)
    }
}

impl Eq for SourceText {}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceText")
            .field("encoding", &self.inner.encoding)
            .field("len", &self.inner.text.len())
            .field("diagnostics", &self.inner.diagnostics)
            .finish_non_exhaustive()
    }
}

/// Whether `byte` continues a UTF-8 sequence.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Replaces lone carriage returns and NULs, both without changing the length.
fn even_out<'a>(text: Cow<'a, str>, diagnostics: &mut Vec<Diagnostic>) -> Cow<'a, str> {
    let Some(first) = next_uneven(text.as_bytes(), 0) else {
        return text;
    };
    let mut bytes = text.into_owned().into_bytes();
    let mut nuls = Capped::new("nul-byte");
    let mut at = Some(first);
    while let Some(offset) = at {
        let mut end = offset + 1;
        if bytes[offset] == b'\r' {
            bytes[offset] = b'\n';
        } else {
            end += bytes[end..].iter().take_while(|&&byte| byte == 0).count();
            bytes[offset..end].fill(NUL_STAND_IN);
            nuls.push(encoding::span(offset, end), || Cow::Borrowed("a NUL byte is not allowed in Python"));
        }
        at = next_uneven(&bytes, end);
    }
    nuls.finish(diagnostics);
    Cow::Owned(String::from_utf8(bytes).expect("only ASCII was replaced by ASCII"))
}

/// The next lone carriage return or NUL from `from` on.
fn next_uneven(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let offset = from + memchr2(b'\r', 0, &bytes[from..])?;
        if bytes[offset] == 0 || bytes.get(offset + 1) != Some(&b'\n') {
            return Some(offset);
        }
        from = offset + 2;
    }
}

#[cfg(test)]
mod tests;
