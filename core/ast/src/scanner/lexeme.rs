//! Where single tokens end.

use memchr::{memchr2, memchr3};

use super::nesting::Quotes;

/// What the letters before a string's quotes mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Prefix {
    pub(super) format: bool,
    pub(super) raw: bool,
}

/// Reads a legal string prefix of any Python.
pub(super) fn string_prefix(letters: &[u8]) -> Option<Prefix> {
    let mut lower = [0; 2];
    for (lower, letter) in lower.get_mut(..letters.len())?.iter_mut().zip(letters) {
        *lower = letter.to_ascii_lowercase();
    }
    let (format, raw) = match &lower[..letters.len()] {
        b"" | b"u" | b"b" => (false, false),
        b"r" | b"br" | b"rb" | b"ur" => (false, true),
        b"f" | b"t" => (true, false),
        b"fr" | b"rf" | b"tr" | b"rt" => (true, true),
        _ => return None,
    };
    Some(Prefix { format, raw })
}

/// The end of a plain string whose text begins at `body`, closing quotes included, and whether they are there.
pub(super) fn string_end(bytes: &[u8], body: usize, quote: u8, triple: bool) -> (usize, bool) {
    let mut at = body;
    loop {
        let rest = &bytes[at..];
        let found = if triple { memchr2(quote, b'\\', rest) } else { memchr3(quote, b'\\', b'\n', rest) };
        at += match found {
            None => return (bytes.len(), false),
            Some(found) => found,
        };
        match bytes[at] {
            b'\\' => at = after_escape(bytes, at),
            b'\n' => return (before_line_end(bytes, at, body), false),
            _ if !triple => return (at + 1, true),
            _ if bytes[at..].starts_with(&[quote; 3]) => return (at + 3, true),
            _ => at += 1,
        }
    }
}

/// Where the text of a format string stops that goes on at `start`: at its closing quotes, at a brace of a field,
/// at the end of a single-quoted string's line, or at the end of all.
pub(super) fn format_text_end(bytes: &[u8], start: usize, quotes: Quotes, specification: bool) -> usize {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let doubled = !specification && bytes.get(at + 1) == Some(&byte);
        match byte {
            b'{' if !doubled => return at,
            b'}' if specification => return at,
            b'{' | b'}' if doubled => at += 2,
            b'\\' => at = after_format_escape(bytes, at, quotes),
            b'\n' if !quotes.triple => return before_line_end(bytes, at, start),
            _ if bytes[at..].starts_with(quotes.closing()) => return at,
            _ => at += 1,
        }
    }
    at
}

/// The place after a backslash and the character (or line end) that it takes along.
fn after_escape(bytes: &[u8], backslash: usize) -> usize {
    let length = if bytes[backslash + 1..].starts_with(b"\r\n") { 3 } else { 2 };
    // In the middle of a character it does not matter: none of its other bytes means anything.
    (backslash + length).min(bytes.len())
}

/// In format strings, a backslash takes no brace along, but those of `\N{...}`.
fn after_format_escape(bytes: &[u8], backslash: usize, quotes: Quotes) -> usize {
    match bytes.get(backslash + 1) {
        Some(b'{' | b'}') => backslash + 1,
        Some(b'N') if !quotes.raw && bytes.get(backslash + 2) == Some(&b'{') => {
            let name = backslash + 3;
            let stops = |&byte: &u8| matches!(byte, b'{' | b'}' | b'\n' | b'\\') || byte == quotes.quote;
            let end = bytes[name..].iter().position(stops).map_or(bytes.len(), |length| name + length);
            if bytes.get(end) == Some(&b'}') { end + 1 } else { name }
        }
        _ => after_escape(bytes, backslash),
    }
}

/// The place of the line end whose `\n` is at `newline`, but not before `from`.
fn before_line_end(bytes: &[u8], newline: usize, from: usize) -> usize {
    if newline > from && bytes[newline - 1] == b'\r' { newline - 1 } else { newline }
}

/// The end of the number at `start`, which is a digit, or a point before one.
pub(super) fn number_end(bytes: &[u8], start: usize) -> usize {
    let radix = match bytes.get(start + 1) {
        Some(b'x' | b'X') => 16,
        Some(b'o' | b'O') => 8,
        Some(b'b' | b'B') => 2,
        _ => 10,
    };
    if bytes[start] == b'0' && radix != 10 {
        let end = digits_end(bytes, start + 2, radix);
        if end > start + 2 {
            return after_long_suffix(bytes, end);
        }
    }
    let mut end = digits_end(bytes, start, 10);
    let whole = end;
    if bytes.get(end) == Some(&b'.') {
        end += 1;
        if bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end = digits_end(bytes, end, 10);
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = end + 1 + sign;
        if bytes.get(exponent).is_some_and(u8::is_ascii_digit) {
            end = digits_end(bytes, exponent, 10);
        }
    }
    match bytes.get(end) {
        Some(b'j' | b'J') => end + 1,
        _ if end == whole => after_long_suffix(bytes, end),
        _ => end,
    }
}

/// The end of digits from `from` on, with an underscore before any of them.
fn digits_end(bytes: &[u8], from: usize, radix: u32) -> usize {
    let is_digit = |at: usize| bytes.get(at).is_some_and(|&byte| char::from(byte).is_digit(radix));
    let mut at = from;
    loop {
        if is_digit(at) {
            at += 1;
        } else if bytes.get(at) == Some(&b'_') && is_digit(at + 1) {
            at += 2;
        } else {
            return at;
        }
    }
}

/// Python 2's `L`, unless a name begins there.
fn after_long_suffix(bytes: &[u8], end: usize) -> usize {
    let continues = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let is_suffix = matches!(bytes.get(end), Some(b'l' | b'L')) && !bytes.get(end + 1).is_some_and(continues);
    if is_suffix { end + 1 } else { end }
}

/// The length of the operator at the start of `rest`, the longest one that fits; 0 if there is none.
pub(super) fn operator_len(rest: &[u8]) -> usize {
    let pair = match rest {
        [b'.', b'.', b'.', ..] => return 3,
        [b'*', b'*', ..] | [b'/', b'/', ..] | [b'<', b'<' | b'>', ..] | [b'>' | b'-', b'>', ..] => 2,
        [b',' | b'.' | b';' | b'~' | b'`', ..] => return 1,
        // A lone `!` stands before a conversion, backticks (above) are Python 2's `repr`.
        [
            b'!' | b'%' | b'&' | b'*' | b'+' | b'-' | b'/' | b':' | b'<' | b'=' | b'>' | b'@' | b'^' | b'|',
            ..,
        ] => 1,
        _ => return 0,
    };
    let takes_equals = pair == 1 || matches!(rest, [first, second, ..] if first == second);
    if takes_equals && rest.get(pair) == Some(&b'=') { pair + 1 } else { pair }
}
