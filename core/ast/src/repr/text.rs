//! `repr` of text and bytes.

use std::fmt::Write as _;

use super::printable::NOT_PRINTABLE;

/// `repr` of a `str` given in generalized UTF-8.
pub(super) fn repr_str(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let quote = quote_for(text);
    out.push(quote);
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        for char in plain.chars() {
            push_char(char, quote, &mut out);
        }
        rest = &rest[plain.len()..];
        // What is no UTF-8 is a surrogate; anything else cannot be in a constant and is shown as bytes.
        match rest {
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
                let code = 0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
                push_escape('u', 4, code, &mut out);
                rest = &rest[3..];
            }
            [byte, ..] => {
                push_escape('x', 2, u32::from(*byte), &mut out);
                rest = &rest[1..];
            }
            [] => {}
        }
    }
    out.push(quote);
    out
}

/// `repr` of a `bytes`.
pub(super) fn repr_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    let quote = quote_for(bytes);
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        if byte.is_ascii() {
            push_char(char::from(byte), quote, &mut out);
        } else {
            push_escape('x', 2, u32::from(byte), &mut out);
        }
    }
    out.push(quote);
    out
}

/// Double quotes only where they save escapes.
fn quote_for(text: &[u8]) -> char {
    let single = memchr::memchr(b'\'', text).is_some();
    if single && memchr::memchr(b'"', text).is_none() { '"' } else { '\'' }
}

fn push_char(char: char, quote: char, out: &mut String) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        ' '..='~' => {
            if char == quote {
                out.push('\\');
            }
            out.push(char);
        }
        _ => match u32::from(char) {
            code @ ..=0x7f => push_escape('x', 2, code, out),
            _ if is_printable(char) => out.push(char),
            code @ ..=0xff => push_escape('x', 2, code, out),
            code @ ..=0xffff => push_escape('u', 4, code, out),
            code => push_escape('U', 8, code, out),
        },
    }
}

fn push_escape(letter: char, width: usize, code: u32, out: &mut String) {
    write!(out, "\\{letter}{code:0width$x}").expect("writing to a string succeeds");
}

/// Python's `str.isprintable` beyond ASCII.
pub(crate) fn is_printable(char: char) -> bool {
    let run = NOT_PRINTABLE.partition_point(|&(_, last)| last < char);
    NOT_PRINTABLE.get(run).is_none_or(|&(first, _)| char < first)
}
