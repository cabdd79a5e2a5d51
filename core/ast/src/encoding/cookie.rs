//! The PEP 263 cookie: a comment in the first two lines that names the file's encoding.
//!
//! The rule is CPython's: a line that holds nothing but a comment with `coding[:=]\s*([-\w.]+)`; the second
//! line counts only when the first one is blank or a comment.

use std::borrow::Cow;
use std::ops::Range;

use super::{LATIN_1, UTF_8};

/// Where in `bytes` (without byte-order mark) the encoding's name stands.
pub(super) fn find(bytes: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    for _ in 0..2 {
        let rest = &bytes[start..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = &rest[..length];
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        match line.get(blank) {
            None => {}
            Some(b'#') => {
                if let Some(name) = name_in_comment(line, blank) {
                    return Some(start + name.start..start + name.end);
                }
            }
            Some(_) => return None,
        }
        start += length + usize::from(rest[length..].starts_with(b"\r\n"));
        if start >= bytes.len() {
            return None;
        }
        start += 1;
    }
    None
}

fn name_in_comment(line: &[u8], from: usize) -> Option<Range<usize>> {
    const WORD: &[u8] = b"coding";
    let mut at = from;
    while let Some(found) = memchr::memmem::find(&line[at..], WORD) {
        at += found + WORD.len();
        if !matches!(line.get(at), Some(b':' | b'=')) {
            continue;
        }
        let start = at + 1 + count(&line[at + 1..], |byte| matches!(byte, b' ' | b'\t'));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = start + count(&line[start..], is_name);
        if end > start {
            return Some(start..end);
        }
    }
    None
}

fn count(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| wanted(byte)).count()
}

/// The name with the usual spellings of UTF-8 and Latin-1 made one, as the tokenizer does before it asks the
/// codecs: only the first twelve characters count.
pub(super) fn normal_name(name: &str) -> Cow<'_, str> {
    let head: String =
        name.chars().take(12).map(|char| if char == '_' { '-' } else { char.to_ascii_lowercase() }).collect();
    let is =
        |usual: &str| head.strip_prefix(usual).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if is(UTF_8) {
        Cow::Borrowed(UTF_8)
    } else if is(LATIN_1) || is("iso-8859-1") || is("iso-latin-1") {
        Cow::Borrowed(LATIN_1)
    } else {
        Cow::Borrowed(name)
    }
}
