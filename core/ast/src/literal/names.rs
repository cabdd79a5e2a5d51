//! Characters by their Unicode names, as `\N{...}` and `unicodedata.lookup` find them.
//!
//! Names and formal aliases count, in any case; named sequences do not. Names made from a rule (Hangul syllables,
//! CJK ideographs) must be in upper case, as in CPython 3.13. The `unicode_names2` crate forgives spaces and
//! hyphens, so what it finds is compared with the true name. Its Unicode is newer than that of CPython 3.13.

use super::aliases::ALIASES;

const IDEOGRAPH: &str = "CJK UNIFIED IDEOGRAPH-";
const SYLLABLE: &str = "HANGUL SYLLABLE ";

/// No name is longer; a bound for the search, not a measure.
pub(super) const LONGEST: usize = 256;

/// The character called `name`.
pub(super) fn character(name: &str) -> Option<char> {
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
    if name.len() > LONGEST || !name.starts_with(|char: char| char.is_ascii_alphabetic()) {
        return None;
    }
    if !name.bytes().all(is_name_byte) {
        return None;
    }
    if let Some(code) = name.strip_prefix(IDEOGRAPH) {
        return ideograph(code);
    }
    let upper = name.to_ascii_uppercase();
    if let Ok(index) = ALIASES.binary_search_by_key(&&*upper, |entry| entry.0) {
        return Some(ALIASES[index].1);
    }
    let char = unicode_names2::character(&upper)?;
    // U+1180 and U+116C differ by a hyphen that the search forgives in one direction.
    let is_it = |char: char| unicode_names2::name(char).is_some_and(|found| found.to_string() == upper);
    let char = [char, '\u{1180}', '\u{116c}'].into_iter().find(|&char| is_it(char))?;
    let by_rule = upper.starts_with(SYLLABLE) || upper.starts_with(IDEOGRAPH);
    (!by_rule || name == upper).then_some(char)
}

/// CPython takes four or five upper-case digits, leading zeros included.
fn ideograph(code: &str) -> Option<char> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'A'..=b'F');
    if !matches!(code.len(), 4 | 5) || !code.bytes().all(is_digit) {
        return None;
    }
    let char = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    let is_ideograph = |found: unicode_names2::Name| found.to_string().starts_with(IDEOGRAPH);
    unicode_names2::name(char).is_some_and(is_ideograph).then_some(char)
}
