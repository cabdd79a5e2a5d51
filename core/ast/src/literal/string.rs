//! Plain string and bytes pieces.

use memchr::memchr2;

use super::escape::{self, Escape};
use super::{Dialect, FirstError, LiteralError, StringPrefix, TextBuffer};

impl StringPrefix {
    /// Adds the value of a whole plain string token (prefix, quotes, text, quotes) to `buffer`.
    ///
    /// In Python 2, literals without `u` give text too, one character a byte; `\u`, `\U` and `\N` are no escapes
    /// in them. Cost: a copy when there is neither a backslash nor a `\r`.
    ///
    /// # Errors
    /// The first thing that CPython refuses, placed from the start of the token. The buffer then has the text with
    /// bad escapes as they stand.
    pub fn decode_text(self, token: &str, buffer: &mut TextBuffer) -> Result<(), LiteralError> {
        let mut error = FirstError::default();
        let (start, body) = self.body_or_rest(token, &mut error);
        let python_2 = self.dialect == Dialect::Python2;
        if self.raw && self.unicode {
            decode_raw_unicode(body, start, buffer, &mut error);
        } else if self.raw {
            buffer.push_lines(body);
        } else {
            decode_escapes(body, start, !python_2 || self.unicode, buffer, &mut error);
        }
        error.result()
    }

    /// Adds the value of a whole bytes token (prefix, quotes, text, quotes) to `bytes`.
    ///
    /// # Errors
    /// The first thing that CPython refuses, placed from the start of the token. The value then has bad escapes as
    /// they stand, and characters beyond ASCII in UTF-8.
    pub fn decode_bytes(self, token: &str, bytes: &mut Vec<u8>) -> Result<(), LiteralError> {
        let mut error = FirstError::default();
        let (start, body) = self.body_or_rest(token, &mut error);
        if self.dialect == Dialect::Python3
            && let Some(at) = body.bytes().position(|byte| !byte.is_ascii())
        {
            error.put(start + at, "bytes can only contain ASCII characters");
        }
        let mut at = 0;
        while let Some(found) = memchr2(b'\\', b'\r', &body.as_bytes()[at..]) {
            bytes.extend_from_slice(&body.as_bytes()[at..at + found]);
            at += found;
            at += match body.as_bytes()[at] {
                b'\\' if self.raw => {
                    bytes.push(b'\\');
                    1
                }
                b'\\' => {
                    let (escape, length) = escape::read(&body[at..], false);
                    match escape {
                        Escape::Nothing => {}
                        // Octal escapes beyond a byte wrap around.
                        Escape::Code(code) => bytes.push(code.to_le_bytes()[0]),
                        Escape::Kept => bytes.extend_from_slice(&body.as_bytes()[at..at + length]),
                        Escape::Bad(message) => {
                            error.put(start + at, message);
                            bytes.extend_from_slice(&body.as_bytes()[at..at + length]);
                        }
                    }
                    length
                }
                _ => {
                    bytes.push(b'\n');
                    if body[at..].starts_with("\r\n") { 2 } else { 1 }
                }
            };
        }
        bytes.extend_from_slice(&body.as_bytes()[at..]);
        error.result()
    }

    /// The text between the quotes and where it starts; all that is there if the closing quotes are missing.
    fn body_or_rest<'a>(self, token: &'a str, error: &mut FirstError) -> (usize, &'a str) {
        match self.body(token) {
            Ok(range) => (range.start, &token[range]),
            Err(unclosed) => {
                error.0 = Some(unclosed);
                let start = self.body_start() as usize;
                (start, token.get(start..).unwrap_or_default())
            }
        }
    }
}

/// Adds text whose escapes count; `start` is where it begins in the token, for errors.
pub(super) fn decode_escapes(
    text: &str,
    start: usize,
    code_points: bool,
    buffer: &mut TextBuffer,
    error: &mut FirstError,
) {
    let mut at = 0;
    while let Some(found) = memchr2(b'\\', b'\r', &text.as_bytes()[at..]) {
        buffer.push_str(&text[at..at + found]);
        at += found;
        if text.as_bytes()[at] == b'\r' {
            buffer.push_str("\n");
            at += if text[at..].starts_with("\r\n") { 2 } else { 1 };
            continue;
        }
        let (escape, length) = escape::read(&text[at..], code_points);
        push_escape(escape, &text[at..at + length], start + at, buffer, error);
        at += length;
    }
    buffer.push_str(&text[at..]);
}

fn push_escape(escape: Escape, text: &str, offset: usize, buffer: &mut TextBuffer, error: &mut FirstError) {
    match escape {
        Escape::Nothing => {}
        Escape::Code(code) => buffer.push_code_point(code),
        Escape::Kept => buffer.push_str(text),
        Escape::Bad(message) => {
            error.put(offset, message);
            buffer.push_str(text);
        }
    }
}

/// Python 2's `ur''`: only `\u` and `\U` count, and only after an even number of backslashes.
fn decode_raw_unicode(text: &str, start: usize, buffer: &mut TextBuffer, error: &mut FirstError) {
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        buffer.push_lines(&text[at..at + found]);
        at += found;
        let length = match text.as_bytes().get(at + 1) {
            Some(b'u' | b'U') => {
                let (escape, length) = escape::read(&text[at..], true);
                push_escape(escape, &text[at..at + length], start + at, buffer, error);
                length
            }
            Some(b'\\') => {
                buffer.push_str("\\\\");
                2
            }
            _ => {
                buffer.push_str("\\");
                1
            }
        };
        at += length;
    }
    buffer.push_lines(&text[at..]);
}
