//! Numbers: from literals to constants, and integers to decimal.
//!
//! The grammar is CPython 3.13's, and Python 2.7's on request. Integers beyond 64 bits are converted in parts, so
//! a million digits take a fraction of a second; there is no limit on digits as CPython has it by default.

use num_bigint::BigUint;

use crate::Constant;
use crate::literal::{Dialect, LiteralError};

/// Decimal integers longer than this are refused: converting them would take minutes.
const DECIMAL_LIMIT: usize = 1 << 23;

/// How many digits are converted at once, by an algorithm that is quadratic in them.
const PART: usize = PART_EXPONENT as usize;
const PART_EXPONENT: u32 = 1 << 10;

const MISPLACED_UNDERSCORE: &str = "an underscore in a number stands between two digits";

/// The value of a number literal: an integer, a float or an imaginary number.
///
/// # Errors
/// When Python refuses the literal: `1_`, `08`, `0x`, `1__0`; in Python 3 also `0777` and `10L`.
pub fn decode_number(text: &str, dialect: Dialect) -> Result<Constant, LiteralError> {
    let bytes = text.as_bytes();
    let python_2 = dialect == Dialect::Python2;
    let digits = if python_2 { text.strip_suffix(['l', 'L']).unwrap_or(text) } else { text };
    if let [b'0', letter, ..] = bytes
        && let Some(radix) = radix_of(*letter)
    {
        return with_prefix(digits, radix, dialect);
    }
    if python_2
        && let Some(octal) = digits.strip_prefix('0')
        && !octal.is_empty()
        && octal.bytes().all(|byte| byte.is_ascii_digit())
    {
        return whole(octal, 1, 8, dialect);
    }
    match shape(bytes, python_2)? {
        Shape::Integer => integer(text, dialect),
        Shape::Long => whole(digits, 0, 10, dialect),
        Shape::Float => Ok(Constant::Float(float_bits(text))),
        Shape::Imaginary => Ok(Constant::Imaginary(float_bits(&text[..text.len() - 1]))),
    }
}

fn radix_of(letter: u8) -> Option<u32> {
    match letter {
        b'x' | b'X' => Some(16),
        b'o' | b'O' => Some(8),
        b'b' | b'B' => Some(2),
        _ => None,
    }
}

/// What a literal without radix prefix is.
enum Shape {
    Integer,
    Long,
    Float,
    Imaginary,
}

/// Checks a literal without radix prefix against the grammar, but for leading zeros.
fn shape(bytes: &[u8], python_2: bool) -> Result<Shape, LiteralError> {
    let digits = |from: usize| digit_part(bytes, from, !python_2);
    let mut at = digits(0)?;
    let whole = at;
    let mut float = false;
    if bytes.get(at) == Some(&b'.') {
        float = true;
        let fraction = digits(at + 1)?;
        if whole == 0 && fraction == at + 1 {
            return Err(LiteralError::new(at, "a number needs a digit"));
        }
        at = fraction;
    } else if whole == 0 {
        return Err(LiteralError::new(0, "a number needs a digit"));
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        float = true;
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(at + 1 + sign)?;
        if end == at + 1 + sign {
            return Err(LiteralError::new(at, "an exponent needs a digit"));
        }
        at = end;
    }
    match &bytes[at..] {
        [] if float => Ok(Shape::Float),
        [] => Ok(Shape::Integer),
        [b'j' | b'J'] => Ok(Shape::Imaginary),
        [b'l' | b'L'] if python_2 && !float => Ok(Shape::Long),
        _ => Err(LiteralError::new(at, "this does not belong to a number")),
    }
}

/// The end of the digits from `from` on; single underscores may stand between two digits.
fn digit_part(bytes: &[u8], from: usize, underscores: bool) -> Result<usize, LiteralError> {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = from;
    loop {
        while is_digit(at) {
            at += 1;
        }
        if !underscores || at == from || bytes.get(at) != Some(&b'_') {
            return Ok(at);
        }
        if !is_digit(at + 1) {
            return Err(LiteralError::new(at, MISPLACED_UNDERSCORE));
        }
        at += 1;
    }
}

/// A decimal integer of Python 3: only zero may begin with a zero.
fn integer(text: &str, dialect: Dialect) -> Result<Constant, LiteralError> {
    if text.starts_with('0') && text.bytes().any(|byte| !matches!(byte, b'0' | b'_')) {
        return Err(LiteralError::new(
            0,
            "a decimal integer does not begin with a zero; octal ones begin with `0o`",
        ));
    }
    whole(text, 0, 10, dialect)
}

/// `0x...`, `0o...`, `0b...`; an underscore may follow the prefix.
fn with_prefix(text: &str, radix: u32, dialect: Dialect) -> Result<Constant, LiteralError> {
    let digits = &text[2..];
    let digits =
        if dialect == Dialect::Python3 { digits.strip_prefix('_').unwrap_or(digits) } else { digits };
    whole(digits, text.len() - digits.len(), radix, dialect)
}

/// An integer from its digits, which begin at `offset` of the literal.
fn whole(digits: &str, offset: usize, radix: u32, dialect: Dialect) -> Result<Constant, LiteralError> {
    check_digits(digits.as_bytes(), radix, dialect == Dialect::Python3)
        .map_err(|(at, message)| LiteralError::new(offset + at, message))?;
    if let Ok(value) = u64::from_str_radix(digits, radix) {
        return Ok(Constant::Int(value));
    }
    let mut values: Vec<u8> = digits.bytes().filter(|&byte| byte != b'_').collect();
    if radix == 10 && values.len() > DECIMAL_LIMIT {
        return Err(LiteralError::new(0, format!("an integer of more than {DECIMAL_LIMIT} decimal digits")));
    }
    for value in &mut values {
        *value = char::from(*value).to_digit(radix).map_or(0, |digit| digit.to_le_bytes()[0]);
    }
    let value = if radix == 10 { from_decimal(&values) } else { from_digits(&values, radix) };
    Ok(u64::try_from(&value).map_or_else(|_| Constant::BigInt(value.to_str_radix(16).into()), Constant::Int))
}

fn check_digits(digits: &[u8], radix: u32, underscores: bool) -> Result<(), (usize, &'static str)> {
    let is_digit = |at: usize| digits.get(at).is_some_and(|&byte| char::from(byte).is_digit(radix));
    if digits.is_empty() {
        return Err((0, "a number needs a digit"));
    }
    for (at, &byte) in digits.iter().enumerate() {
        if byte == b'_' {
            if !underscores || at == 0 || !is_digit(at + 1) {
                return Err((at, MISPLACED_UNDERSCORE));
            }
        } else if !is_digit(at) {
            let message = match radix {
                2 => "this is no binary digit",
                8 => "this is no octal digit",
                16 => "this is no hexadecimal digit",
                _ => "this is no decimal digit",
            };
            return Err((at, message));
        }
    }
    Ok(())
}

fn from_digits(values: &[u8], radix: u32) -> BigUint {
    BigUint::from_radix_be(values, radix).unwrap_or_default()
}

/// Joins parts pairwise, so that the work is done by few multiplications of large numbers.
fn from_decimal(values: &[u8]) -> BigUint {
    let mut parts: Vec<BigUint> = values.rchunks(PART).map(|part| from_digits(part, 10)).collect();
    let mut base = BigUint::from(10_u32).pow(PART_EXPONENT);
    while parts.len() > 1 {
        parts = parts
            .chunks(2)
            .map(|pair| match pair {
                [low, high] => low + high * &base,
                rest => rest.iter().sum(),
            })
            .collect();
        if parts.len() > 1 {
            base = &base * &base;
        }
    }
    parts.pop().unwrap_or_default()
}

/// The double nearest to a decimal literal, ties to even; infinite beyond the largest.
fn float_bits(text: &str) -> u64 {
    let plain: String;
    let digits = if text.contains('_') {
        plain = text.replace('_', "");
        &plain
    } else {
        text
    };
    digits.parse::<f64>().expect("the grammar was checked").to_bits()
}

/// The decimal digits of an integer that is given in hexadecimal, as in [`Constant::BigInt`].
///
/// Returns `None` when `hexadecimal` has something other than digits in it, or nothing.
pub fn int_to_decimal(hexadecimal: &str) -> Option<String> {
    let digits: Option<Vec<u8>> =
        hexadecimal.chars().map(|char| char.to_digit(16).map(|digit| digit.to_le_bytes()[0])).collect();
    let digits = digits.filter(|digits| !digits.is_empty())?;
    Some(from_digits(&digits, 16).to_str_radix(10))
}

#[cfg(test)]
mod tests;
