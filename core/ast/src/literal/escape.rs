//! Single escape sequences.

use memchr::memchr;

use super::names;

/// What an escape sequence stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Escape {
    /// Nothing: the line goes on.
    Nothing,
    /// A code point, or a byte in a bytes literal.
    Code(u32),
    /// No escape: the characters stand for themselves.
    Kept,
    /// Not allowed, and why.
    Bad(&'static str),
}

/// Reads the escape at the start of `rest`, which begins with a backslash; also returns its length in bytes.
///
/// `code_points` switches `\u`, `\U` and `\N` on. What is kept or bad is at least the backslash.
pub(super) fn read(rest: &str, code_points: bool) -> (Escape, usize) {
    let bytes = rest.as_bytes();
    let simple = |code: u8| (Escape::Code(u32::from(code)), 2);
    match bytes.get(1) {
        Some(b'\n') => (Escape::Nothing, 2),
        Some(b'\r') => (Escape::Nothing, if bytes.get(2) == Some(&b'\n') { 3 } else { 2 }),
        Some(&char @ (b'\\' | b'\'' | b'"')) => simple(char),
        Some(b'a') => simple(0x07),
        Some(b'b') => simple(0x08),
        Some(b'f') => simple(0x0c),
        Some(b'n') => simple(b'\n'),
        Some(b'r') => simple(b'\r'),
        Some(b't') => simple(b'\t'),
        Some(b'v') => simple(0x0b),
        Some(b'0'..=b'7') => octal(&bytes[1..]),
        Some(b'x') => hexadecimal(bytes, 2, "`\\x` needs two hexadecimal digits"),
        Some(b'u') if code_points => hexadecimal(bytes, 4, "`\\u` needs four hexadecimal digits"),
        Some(b'U') if code_points => match hexadecimal(bytes, 8, "`\\U` needs eight hexadecimal digits") {
            (Escape::Code(0x11_0000..), length) => {
                (Escape::Bad("there is no character beyond U+10FFFF"), length)
            }
            escape => escape,
        },
        Some(b'N') if code_points => named(rest),
        _ => (Escape::Kept, 1),
    }
}

/// Up to three digits; the value may go beyond a byte, to 0o777.
fn octal(digits: &[u8]) -> (Escape, usize) {
    let length = digits.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let value = digits[..length].iter().fold(0, |value, digit| value * 8 + u32::from(digit - b'0'));
    (Escape::Code(value), 1 + length)
}

/// Exactly `length` digits after the backslash and its letter.
fn hexadecimal(bytes: &[u8], length: usize, message: &'static str) -> (Escape, usize) {
    let digits = bytes[2..].iter().take(length).map_while(|&byte| char::from(byte).to_digit(16));
    let (count, value) = digits.fold((0, 0), |(count, value), digit| (count + 1, value << 4 | digit));
    if count == length { (Escape::Code(value), 2 + length) } else { (Escape::Bad(message), 2 + count) }
}

/// `\N{NAME}`. The end is looked for only as far as names go, as many may be without one.
fn named(rest: &str) -> (Escape, usize) {
    let name = rest[2..].strip_prefix('{').and_then(|rest| {
        let window = &rest.as_bytes()[..rest.len().min(names::LONGEST + 1)];
        memchr(b'}', window).map(|end| &rest[..end])
    });
    match name {
        None | Some("") => (Escape::Bad("`\\N` needs a character's name in braces"), 2),
        Some(name) => {
            let unknown = Escape::Bad("there is no character of this name");
            let escape = names::character(name).map_or(unknown, |char| Escape::Code(u32::from(char)));
            (escape, name.len() + 4)
        }
    }
}
