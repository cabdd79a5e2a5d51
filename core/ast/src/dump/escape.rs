//! Strings of JSON and numbers, written fast.

use std::fmt;

/// Writes `text` as Python's `json.dumps` does with `ensure_ascii`: quotes included, everything outside printable
/// ASCII as `\uXXXX`, what is above the basic plane as a surrogate pair.
pub(super) fn write_json_string(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.find(|it: char| it == '"' || it == '\\' || !(' '..='~').contains(&it)) {
        out.write_str(&rest[..at])?;
        let mut chars = rest[at..].chars();
        let special = chars.next().unwrap_or_default();
        rest = chars.as_str();
        match special {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\u{8}' => out.write_str("\\b")?,
            '\u{c}' => out.write_str("\\f")?,
            _ => {
                for unit in special.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
    }
    out.write_str(rest)?;
    out.write_char('"')
}

/// Writes bytes as lower-case hexadecimal digits.
pub(super) fn write_hex(out: &mut impl fmt::Write, bytes: &[u8]) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.write_char(char::from(DIGITS[usize::from(byte >> 4)]))?;
        out.write_char(char::from(DIGITS[usize::from(byte & 15)]))?;
    }
    Ok(())
}

/// Writes a number in decimal; positions are most of a dump, and the formatting machinery costs several times more.
pub(super) fn write_u32(out: &mut impl fmt::Write, mut number: u32) -> fmt::Result {
    let mut digits = [b'0'; 10];
    let mut at = digits.len() - 1;
    loop {
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
        at -= 1;
    }
    out.write_str(std::str::from_utf8(&digits[at..]).unwrap_or_default())
}
