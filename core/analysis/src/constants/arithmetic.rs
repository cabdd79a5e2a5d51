//! Operations on numbers, exactly as Python does them; on all else in [`sequences`](super::sequences).

use astkit_ast::python::{Operator, Unaryop};
use num_bigint::{BigInt, Sign};

use super::{Limits, Value, sequences};

/// `op value`; none if that is an error.
pub fn unary(op: Unaryop, value: &Value) -> Option<Value> {
    if op == Unaryop::Not {
        return Some(Value::Bool(!value.is_true()));
    }
    Some(match (op, value) {
        (Unaryop::Invert, Value::Int(it)) => Value::Int(!it.clone()),
        (Unaryop::Invert, Value::Bool(it)) => Value::Int(!BigInt::from(u8::from(*it))),
        (Unaryop::UAdd, Value::Bool(it)) => Value::Int(u8::from(*it).into()),
        (Unaryop::USub, Value::Bool(it)) => Value::Int(-BigInt::from(u8::from(*it))),
        (Unaryop::UAdd, Value::Int(_) | Value::Float(_) | Value::Complex(..)) => value.clone(),
        (Unaryop::USub, Value::Int(it)) => Value::Int(-it.clone()),
        (Unaryop::USub, Value::Float(it)) => Value::Float(-it),
        (Unaryop::USub, Value::Complex(re, im)) => Value::Complex(-re, -im),
        _ => return None,
    })
}

/// `left op right`; none if that is an error, or too large.
pub fn binary(op: Operator, left: &Value, right: &Value, limits: &Limits) -> Option<Value> {
    // Two truth values stay one under bitwise operators.
    if let (Value::Bool(a), Value::Bool(b)) = (left, right) {
        match op {
            Operator::BitAnd => return Some(Value::Bool(a & b)),
            Operator::BitOr => return Some(Value::Bool(a | b)),
            Operator::BitXor => return Some(Value::Bool(a ^ b)),
            _ => {}
        }
    }
    let number = |it: &Value| match it {
        Value::Bool(it) => Value::Int(u8::from(*it).into()),
        it => it.clone(),
    };
    match (number(left), number(right)) {
        (Value::Int(a), Value::Int(b)) => integers(op, &a, &b, limits),
        (Value::Float(a), Value::Float(b)) => floats(op, a, b),
        (Value::Float(a), Value::Int(b)) => floats(op, a, to_float(&b)?),
        (Value::Int(a), Value::Float(b)) => floats(op, to_float(&a)?, b),
        (Value::Complex(a, b), Value::Complex(c, d)) => complexes(op, (a, b), (c, d)),
        (Value::Complex(a, b), Value::Float(c)) => complexes(op, (a, b), (c, 0.0)),
        (Value::Float(a), Value::Complex(c, d)) => complexes(op, (a, 0.0), (c, d)),
        (Value::Complex(a, b), Value::Int(c)) => complexes(op, (a, b), (to_float(&c)?, 0.0)),
        (Value::Int(a), Value::Complex(c, d)) => complexes(op, (to_float(&a)?, 0.0), (c, d)),
        (a, b) => sequences::binary(op, &a, &b, limits),
    }
}

fn integers(op: Operator, a: &BigInt, b: &BigInt, limits: &Limits) -> Option<Value> {
    let zero = |it: &BigInt| it.sign() == Sign::NoSign;
    let small = u32::try_from(b).ok();
    Some(Value::Int(match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult if zero(a) || zero(b) || a.bits() + b.bits() <= limits.int_bits => a * b,
        Operator::Div if !zero(b) => return divided(a, b).map(Value::Float),
        Operator::FloorDiv if !zero(b) => floor_division(a, b).0,
        Operator::Mod if !zero(b) => floor_division(a, b).1,
        Operator::Pow if b.sign() == Sign::Minus => {
            if zero(a) {
                return None;
            }
            return floats(op, to_float(a)?, to_float(b)?);
        }
        Operator::Pow => power(a, small?, limits)?,
        // A negative distance is an error, also of zero.
        Operator::LShift if b.sign() == Sign::Minus => return None,
        Operator::LShift if zero(a) || zero(b) => a.clone(),
        Operator::LShift => {
            let by = u64::from(small?);
            if by > limits.int_bits || a.bits() > limits.int_bits - by {
                return None;
            }
            a << by
        }
        Operator::RShift if b.sign() == Sign::Minus => return None,
        Operator::RShift => match small {
            Some(by) => a >> by,
            // All bits are gone but the sign.
            None => BigInt::from(if a.sign() == Sign::Minus { -1 } else { 0 }),
        },
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::BitAnd => a & b,
        _ => return None,
    }))
}

fn power(a: &BigInt, b: u32, limits: &Limits) -> Option<BigInt> {
    // CPython looks at sizes only if both are there.
    let is_small = b == 0 || a.bits().checked_mul(u64::from(b)).is_some_and(|it| it <= limits.int_bits);
    is_small.then(|| a.pow(b))
}

/// Quotient and rest, rounded down.
fn floor_division(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, rest) = (a / b, a % b);
    if rest.sign() == Sign::NoSign || rest.sign() == b.sign() {
        (quotient, rest)
    } else {
        (quotient - 1, rest + b)
    }
}

/// An integer as a float, rounded as Python does; none beyond what floats can hold.
pub(crate) fn to_float(value: &BigInt) -> Option<f64> {
    value.to_string().parse().ok().filter(|it: &f64| it.is_finite())
}

/// `a / b`, rounded once.
fn divided(a: &BigInt, b: &BigInt) -> Option<f64> {
    /// Up to so many bits, floats hold every integer.
    const EXACT: u64 = 53;
    /// Bits of a quotient that is rounded: enough for a float, and for what is behind it.
    const ENOUGH: u64 = 70;
    if a.bits() <= EXACT && b.bits() <= EXACT {
        return Some(to_float(a)? / to_float(b)?);
    }
    if a.bits() + b.bits() > 900 {
        return None;
    }
    let shift = (ENOUGH + b.bits()).saturating_sub(a.bits());
    let (above, below) = (a.magnitude() << shift, b.magnitude());
    let mut quotient = BigInt::from(&above / below);
    if &above % below != 0_u32.into() {
        // What is behind the last bit only has to be there.
        quotient |= BigInt::from(1);
    }
    let size = to_float(&quotient)? * 2_f64.powi(-i32::try_from(shift).ok()?);
    Some(if a.sign() != b.sign() && a.sign() != Sign::NoSign { -size } else { size })
}

fn floats(op: Operator, a: f64, b: f64) -> Option<Value> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::Mod if b != 0.0 => floor_rest(a, b).1,
        Operator::FloorDiv if b != 0.0 => floor_rest(a, b).0,
        // Zero to a negative power is an error; a root of a negative number is complex.
        Operator::Pow if a == 0.0 && b < 0.0 || a < 0.0 && b.fract() != 0.0 => return None,
        Operator::Pow => a.powf(b),
        _ => return None,
    };
    // An overflow of `**` is an error.
    let is_error = op == Operator::Pow && value.is_infinite() && a.is_finite() && b.is_finite();
    (!is_error && !value.is_nan()).then_some(Value::Float(value))
}

/// Quotient and rest of floats as Python has them: the rest has the sign of the divisor.
fn floor_rest(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn complexes(op: Operator, (a, b): (f64, f64), (c, d): (f64, f64)) -> Option<Value> {
    Some(match op {
        Operator::Add => Value::Complex(a + c, b + d),
        Operator::Sub => Value::Complex(a - c, b - d),
        Operator::Mult => Value::Complex(a * c - b * d, a * d + b * c),
        _ => return None,
    })
}

/// The integer that a truth value or an integer is.
pub(crate) fn int_of(value: &Value) -> Option<BigInt> {
    match value {
        Value::Int(it) => Some(it.clone()),
        Value::Bool(it) => Some(u8::from(*it).into()),
        _ => None,
    }
}

/// A float without what is behind the point; none for what is infinite.
pub(crate) fn truncated(value: f64) -> Option<BigInt> {
    if !value.is_finite() {
        return None;
    }
    // Rust writes all digits of a float that are before the point.
    format!("{:.0}", value.trunc()).parse().ok()
}
