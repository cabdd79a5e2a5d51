//! Values as code.

use astkit_analysis::Value;
use astkit_ast::Constant;
use astkit_ast::python::{Kind, Operator, Role, Unaryop};
use num_bigint::{BigInt, Sign};

use crate::code::Code;

/// The literal that is a value; none if there is none.
pub(super) fn code(value: &Value) -> Option<Code> {
    Some(match value {
        Value::None => Code::constant(Constant::None),
        Value::Ellipsis => Code::constant(Constant::Ellipsis),
        Value::Bool(it) => Code::constant(Constant::Bool(*it)),
        Value::Int(it) => signed(it.sign() == Sign::Minus, int(it)),
        Value::Float(it) if it.is_nan() => return None,
        Value::Float(it) => signed(it.is_sign_negative(), Constant::Float(it.abs().to_bits())),
        Value::Complex(re, im) => return complex(*re, *im),
        Value::Str(it) => Code::constant(Constant::Str(it.clone())),
        Value::Bytes(it) => Code::constant(Constant::Bytes(it.clone())),
        Value::Tuple(it) => Code::tuple(it.iter().map(code).collect::<Option<Vec<_>>>()?),
        // Made by operations that are not folded.
        Value::Opaque(_) | Value::List(_) | Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_) => {
            return None;
        }
    })
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
