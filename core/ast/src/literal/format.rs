//! The texts of f-strings and t-strings: between fields, in format specifications, and of `=` fields.

use memchr::{memchr, memchr3};

use super::escape;
use super::string::decode_escapes;
use super::{FirstError, LiteralError, TextBuffer};
use crate::scanner;

/// Where in a format string a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FormatPart {
    /// Outside replacement fields, where `{{` and `}}` are braces.
    Literal,
    /// In a format specification, where every `{` begins a field; so there are no doubled braces.
    Specification,
}

/// Adds the value of a text that stands between replacement fields (or before, after, without them) to `buffer`.
///
/// `text` is source text; `raw` tells whether the string's prefix has an `r`. In `\N{...}` the braces belong to
/// the escape. In raw strings, specifications are raw too (CPython 3.12.0 to 3.13.5 decode their escapes).
///
/// # Errors
/// The first thing that CPython refuses, placed from the start of `text`. The buffer then has the text with bad
/// escapes as they stand.
pub fn decode_format_text(
    text: &str,
    raw: bool,
    part: FormatPart,
    buffer: &mut TextBuffer,
) -> Result<(), LiteralError> {
    let mut error = FirstError::default();
    let mut push = |from: usize, to: usize, buffer: &mut TextBuffer| {
        if raw {
            buffer.push_lines(&text[from..to]);
        } else {
            decode_escapes(&text[from..to], from, true, buffer, &mut error);
        }
    };
    let bytes = text.as_bytes();
    // Everything before `done` is in the buffer, everything before `at` holds no doubled brace.
    let (mut done, mut at) = (0, 0);
    while part == FormatPart::Literal
        && let Some(found) = memchr3(b'{', b'}', b'\\', &bytes[at..])
    {
        at += found;
        if bytes[at] != b'\\' {
            let doubled = bytes.get(at + 1) == Some(&bytes[at]);
            at += 1;
            if doubled {
                push(done, at, buffer);
                at += 1;
                done = at;
            }
        } else if raw {
            at += 1;
        } else {
            at += escape_length(&text[at..]);
        }
    }
    push(done, text.len(), buffer);
    error.result()
}

/// How far the text at a backslash has no brace that could be doubled.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'N') => escape::read(rest, true).1,
        Some(b'\\') => 2,
        _ => 1,
    }
}

/// The text that an `=` field shows before its value: the source between `{` and what follows the `=` and its
/// spaces (`}`, `!` or `:`), without comments, with `\n` as line ends.
///
/// A `#` in a string is no comment, as in CPython 3.14 (3.13.0 cuts there too).
pub fn debug_text(source: &str, buffer: &mut TextBuffer) {
    let mut done = 0;
    if memchr(b'#', source.as_bytes()).is_some() {
        for comment in scanner::comments(source) {
            buffer.push_lines(&source[done..comment.start as usize]);
            done = comment.end as usize;
        }
    }
    buffer.push_lines(&source[done..]);
}
