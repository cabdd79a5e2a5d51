//! What f-strings and `format` write.
//!
//! Of the format language: fill, alignment and width of all; of integers also `0`, `,`, `_`, `d`, `x`, `X`, `o` and `b`;
//! of floats `.Nf`; of texts `.N`.

use num_bigint::{BigInt, Sign};

use crate::constants::Value;

/// `str(value)`; none if it depends on an order that is not known.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(it) => Some(it.to_string()),
        it => repr(it),
    }
}

/// `repr(value)`, likewise.
pub(super) fn repr(value: &Value) -> Option<String> {
    let mut open = vec![value];
    while let Some(it) = open.pop() {
        match it {
            Value::Set(items) | Value::FrozenSet(items) if items.len() > 1 => return None,
            Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
                open.extend(items);
            }
            Value::Dict(items) => open.extend(items.iter().flat_map(|it| [&it.0, &it.1])),
            _ => {}
        }
    }
    Some(value.repr())
}

/// `{value!c:spec}`: `conversion` is a character's code, or -1.
pub(super) fn formatted(value: &Value, conversion: i8, spec: &str) -> Option<String> {
    let converted = match u8::try_from(conversion).ok().map(char::from) {
        None => None,
        Some('s') => Some(text(value)?),
        Some('r') => Some(repr(value)?),
        // `ascii` writes other characters differently.
        Some('a') => Some(repr(value)?).filter(|it| it.is_ascii()).map(Some)?,
        Some(_) => return None,
    };
    let value = converted.map_or_else(|| value.clone(), |it| Value::Str(it.into()));
    if spec.is_empty() {
        return text(&value);
    }
    let spec = Spec::read(spec)?;
    match &value {
        Value::Str(it) => spec.text(it),
        Value::Int(it) => spec.integer(it),
        Value::Float(it) => spec.float(*it),
        _ => None,
    }
}

/// A format.
struct Spec {
    fill: char,
    align: Option<char>,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

/// Widths beyond this are not written. A guess.
const WIDEST: usize = 4096;

impl Spec {
    fn read(text: &str) -> Option<Self> {
        let mut chars: Vec<char> = text.chars().collect();
        let is_align = |it: Option<&char>| it.is_some_and(|it| "<>^=".contains(*it));
        let mut out = Self { fill: ' ', align: None, width: 0, grouping: None, precision: None, kind: None };
        if is_align(chars.get(1)) {
            (out.fill, out.align) = (chars[0], Some(chars[1]));
            chars.drain(..2);
        } else if is_align(chars.first()) {
            out.align = Some(chars.remove(0));
        } else if chars.first() == Some(&'0') {
            // For numbers alone; texts have other rules, which changed.
            (out.fill, out.align) = ('0', Some('='));
            chars.remove(0);
        }
        if chars.first() == Some(&'0') {
            // Zeros as well as an alignment: rules of their own.
            return None;
        }
        out.width = number(&mut chars)?.unwrap_or(0);
        if chars.first().is_some_and(|it| ",_".contains(*it)) {
            out.grouping = Some(chars.remove(0));
        }
        if chars.first() == Some(&'.') {
            chars.remove(0);
            out.precision = Some(number(&mut chars)??);
        }
        if chars.first().is_some_and(|it| "sdxXobf".contains(*it)) {
            out.kind = Some(chars.remove(0));
        }
        chars.is_empty().then_some(out)
    }

    fn text(&self, text: &str) -> Option<String> {
        if self.grouping.is_some() || self.align == Some('=') || !matches!(self.kind, None | Some('s')) {
            return None;
        }
        let text: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        Some(self.padded("", &text, '<'))
    }

    fn integer(&self, value: &BigInt) -> Option<String> {
        if self.precision.is_some() || self.grouping.is_some() && self.fill == '0' {
            return None;
        }
        let sign = if value.sign() == Sign::Minus { "-" } else { "" };
        let size = value.magnitude();
        let (digits, group) = match self.kind {
            None | Some('d') => (size.to_str_radix(10), 3),
            Some('x') => (size.to_str_radix(16), 4),
            Some('X') => (size.to_str_radix(16).to_uppercase(), 4),
            Some('o') => (size.to_str_radix(8), 4),
            Some('b') => (size.to_str_radix(2), 4),
            Some(_) => return None,
        };
        let digits = match self.grouping {
            None => digits,
            Some(',') if group != 3 => return None,
            Some(it) => grouped(&digits, group, it),
        };
        Some(self.padded(sign, &digits, '>'))
    }

    fn float(&self, value: f64) -> Option<String> {
        let (Some('f'), None, true) = (self.kind, self.grouping, value.is_finite()) else { return None };
        let digits = format!("{:.*}", self.precision.unwrap_or(6), value.abs());
        Some(self.padded(if value.is_sign_negative() { "-" } else { "" }, &digits, '>'))
    }

    fn padded(&self, sign: &str, body: &str, align: char) -> String {
        let missing = self.width.saturating_sub(sign.len() + body.chars().count());
        let fill = |count: usize| self.fill.to_string().repeat(count);
        match self.align.unwrap_or(align) {
            '<' => format!("{sign}{body}{}", fill(missing)),
            '^' => format!("{}{sign}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
            '=' => format!("{sign}{}{body}", fill(missing)),
            _ => format!("{}{sign}{body}", fill(missing)),
        }
    }
}

/// Takes a number off the front; none within if there is none, none at all if it is too large.
#[expect(clippy::option_option, reason = "no number is fine, a number that is too large is not")]
fn number(chars: &mut Vec<char>) -> Option<Option<usize>> {
    let count = chars.iter().take_while(|it| it.is_ascii_digit()).count();
    if count == 0 {
        return Some(None);
    }
    let digits: String = chars.drain(..count).collect();
    digits.parse().ok().filter(|it| *it <= WIDEST).map(Some)
}

fn grouped(digits: &str, group: usize, by: char) -> String {
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(group) {
            out.push(by);
        }
        out.push(digit);
    }
    out
}
