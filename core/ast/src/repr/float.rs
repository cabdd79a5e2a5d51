//! `repr` of floats: the shortest digits that give the same double, in CPython's layout.

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
    let (digits, exponent) = shortest(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if (-4..16).contains(&exponent) {
        return sign.to_owned() + &positional(&digits, exponent);
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{direction}{:02}", exponent.unsigned_abs())
}

/// The fewest digits that give the double again, those nearest to it, and the exponent of the first one.
fn shortest(value: f64) -> (String, i32) {
    let value = value.abs();
    let scientific = format!("{value:e}");
    let count = scientific.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    // Where two texts of that length are equally near, CPython wants the even one; exact formatting gives it.
    let precision = count - 1;
    let even = format!("{value:.precision$e}");
    let best = if even.parse() == Ok(value) { even } else { scientific };
    let (mantissa, exponent) = best.split_once('e').unwrap_or((&best, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or_default())
}

/// Digits with a point at the place that `exponent` says, and zeros where they are missing.
fn positional(digits: &str, exponent: i32) -> String {
    let places = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        return format!("0.{:0>1$}", digits, places - 1 + digits.len());
    }
    if digits.len() <= places + 1 {
        return format!("{:0<1$}", digits, places + 1);
    }
    let (whole, fraction) = digits.split_at(places + 1);
    format!("{whole}.{fraction}")
}
