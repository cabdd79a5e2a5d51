//! `repr` of floats: the shortest digits that give the same double, in CPython's layout.

use std::fmt::Write as _;

/// `repr(value)`: always with a point or an exponent, so that it reads as a float again.
pub(super) fn repr(value: f64) -> String {
    let mut out = digits(value);
    if value.is_finite() && !out.contains(['.', 'e']) {
        out.push_str(".0");
    }
    out
}

/// `repr` of the complex number with this imaginary part and the real part +0.0.
pub(super) fn repr_imaginary(value: f64) -> String {
    let mut out = digits(value);
    out.push('j');
    out
}

/// CPython writes an exponent below 1e-4 and from 1e16 on, with two digits at least.
fn digits(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        // The shortest digits, without an exponent: what `Display` of floats gives.
        return value.to_string();
    }
    let mut out = mantissa.to_owned();
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "e{sign}{:02}", exponent.unsigned_abs()).expect("writing to a string succeeds");
    out
}
