//! Values of constants, as the compiler computes with them.

use astkit_ast::Constant;
use astkit_ast::python::{Kind, Operator, Role, Unaryop};
use num_bigint::{BigInt, Sign};

use crate::code::Code;

/// A constant's value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// A text without lone surrogates.
    Str(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// A tuple.
    Tuple(Vec<Value>),
}

impl Value {
    /// The value of a constant.
    pub(super) fn of(constant: &Constant) -> Option<Self> {
        Some(match constant {
            Constant::None => Self::None,
            Constant::Bool(it) => Self::Bool(*it),
            Constant::Ellipsis => Self::Ellipsis,
            Constant::Int(it) => Self::Int((*it).into()),
            Constant::BigInt(digits) => Self::Int(BigInt::parse_bytes(digits.as_bytes(), 16)?),
            Constant::Float(bits) => Self::Float(f64::from_bits(*bits)),
            Constant::Imaginary(bits) => Self::Complex(0.0, f64::from_bits(*bits)),
            Constant::Str(text) => Self::Str(text.clone()),
            Constant::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Constant::Wtf8(_) | Constant::Digest(_) => return None,
        })
    }

    /// Whether it counts as true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Ellipsis => true,
            Self::Bool(it) => *it,
            Self::Int(it) => it.sign() != Sign::NoSign,
            Self::Float(it) => *it != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Str(it) => !it.is_empty(),
            Self::Bytes(it) => !it.is_empty(),
            Self::Tuple(it) => !it.is_empty(),
        }
    }

    /// The literal; none if there is none.
    pub(super) fn code(&self) -> Option<Code> {
        Some(match self {
            Self::None => Code::constant(Constant::None),
            Self::Ellipsis => Code::constant(Constant::Ellipsis),
            Self::Bool(it) => Code::constant(Constant::Bool(*it)),
            Self::Int(it) => signed(it.sign() == Sign::Minus, int(it)),
            Self::Float(it) if it.is_nan() => return None,
            Self::Float(it) => signed(it.is_sign_negative(), Constant::Float(it.abs().to_bits())),
            Self::Complex(re, im) => return complex(*re, *im),
            Self::Str(it) => Code::constant(Constant::Str(it.clone())),
            Self::Bytes(it) => Code::constant(Constant::Bytes(it.clone())),
            Self::Tuple(it) => Code::tuple(it.iter().map(Self::code).collect::<Option<Vec<_>>>()?),
        })
    }

    /// `self[index]`.
    pub(super) fn item(&self, index: &Value) -> Option<Value> {
        let index = match index {
            Value::Int(it) => i64::try_from(it).ok()?,
            Value::Bool(it) => i64::from(*it),
            _ => return None,
        };
        let place = |len: usize| {
            let at = if index < 0 { index + i64::try_from(len).ok()? } else { index };
            usize::try_from(at).ok().filter(|it| *it < len)
        };
        match self {
            Value::Tuple(it) => it.get(place(it.len())?).cloned(),
            Value::Str(it) => {
                let at = place(it.chars().count())?;
                it.chars().nth(at).map(|it| Value::Str(it.to_string().into()))
            }
            Value::Bytes(it) => it.get(place(it.len())?).map(|it| Value::Int((*it).into())),
            _ => None,
        }
    }
}

fn int(value: &BigInt) -> Constant {
    let size = value.magnitude();
    u64::try_from(size).map_or_else(|_| Constant::BigInt(size.to_str_radix(16).into()), Constant::Int)
}

fn signed(is_negative: bool, size: Constant) -> Code {
    let constant = Code::constant(size);
    if !is_negative {
        return constant;
    }
    Code::with(Kind::UnaryOp, Unaryop::USub as u8, Vec::new(), [(Role::Operand, constant)])
}

/// A complex number is written as a sum, which loses the sign of zeros: then it is left.
fn complex(re: f64, im: f64) -> Option<Code> {
    if !re.is_finite() || !im.is_finite() || re == 0.0 && re.is_sign_negative() {
        return None;
    }
    let imaginary = Code::constant(Constant::Imaginary(im.abs().to_bits()));
    if re == 0.0 && !im.is_sign_negative() {
        return Some(imaginary);
    }
    if im == 0.0 && im.is_sign_negative() || re == 0.0 {
        return None;
    }
    let operator = if im < 0.0 { Operator::Sub } else { Operator::Add };
    let real = signed(re < 0.0, Constant::Float(re.abs().to_bits()));
    Some(Code::binary(real, operator, imaginary))
}
