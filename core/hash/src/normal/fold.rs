//! Folding of constants: operations whose result is known.
//!
//! Integers fold below 2¹²⁰, floats where the result is finite; what would raise an error stays as it is. So a folded
//! expression has the value, and the type, that Python gives it.

use astkit_ast::Constant;
use astkit_ast::python::{Operator, Unaryop, view};
use astkit_ast::tree::Node;
use rustc_hash::FxHashMap;

/// Integers are folded while they stay below this.
const LARGEST: i128 = 1 << 120;
/// The longest text that is folded.
const LONGEST: usize = 4096;

/// A constant's value; numbers with their sign.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value {
    Bool(bool),
    None,
    Ellipsis,
    Int(i128),
    Float(f64),
    Str(Box<str>),
    Bytes(Box<[u8]>),
}

impl Value {
    fn of(constant: &Constant) -> Option<Self> {
        Some(match constant {
            Constant::None => Self::None,
            Constant::Bool(it) => Self::Bool(*it),
            Constant::Ellipsis => Self::Ellipsis,
            Constant::Int(it) => Self::Int(i128::from(*it)),
            Constant::BigInt(digits) => {
                Self::Int(i128::from_str_radix(digits, 16).ok().filter(|it| *it < LARGEST)?)
            }
            Constant::Float(bits) => Self::Float(f64::from_bits(*bits)),
            Constant::Str(text) => Self::Str(text.clone()),
            Constant::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Constant::Imaginary(_) | Constant::Wtf8(_) | Constant::Digest(_) => return None,
        })
    }

    /// Whether it counts as true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Bool(it) => *it,
            Self::None => false,
            Self::Ellipsis => true,
            Self::Int(it) => *it != 0,
            Self::Float(it) => *it != 0.0,
            Self::Str(it) => !it.is_empty(),
            Self::Bytes(it) => !it.is_empty(),
        }
    }

    /// The constant without its sign, and whether it has one.
    pub(super) fn constant(&self) -> (Constant, bool) {
        match self {
            Self::Bool(it) => (Constant::Bool(*it), false),
            Self::None => (Constant::None, false),
            Self::Ellipsis => (Constant::Ellipsis, false),
            Self::Int(it) => {
                let size = it.unsigned_abs();
                let constant = u64::try_from(size)
                    .map_or_else(|_| Constant::BigInt(format!("{size:x}").into()), Constant::Int);
                (constant, *it < 0)
            }
            Self::Float(it) => (Constant::Float(it.abs().to_bits()), it.is_sign_negative()),
            Self::Str(it) => (Constant::Str(it.clone()), false),
            Self::Bytes(it) => (Constant::Bytes(it.clone()), false),
        }
    }
}

/// Folds expressions, and remembers what came of it.
#[derive(Default)]
pub(super) struct Folder {
    known: FxHashMap<u32, Option<Value>>,
}

impl Folder {
    /// The value of an expression, if operations are all that it is made of. Cost: each node once.
    pub(super) fn fold(&mut self, node: Node<'_>) -> Option<Value> {
        if let Some(it) = view::Constant::cast(node) {
            return Value::of(it.value());
        }
        let is_operation = view::BinOp::cast(node).is_some() || view::UnaryOp::cast(node).is_some();
        if !is_operation {
            return None;
        }
        if let Some(known) = self.known.get(&node.index()) {
            return known.clone();
        }
        let value = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.operation(node));
        self.known.insert(node.index(), value.clone());
        value
    }

    fn operation(&mut self, node: Node<'_>) -> Option<Value> {
        if let Some(it) = view::UnaryOp::cast(node) {
            return unary(it.op(), &self.fold(it.operand())?);
        }
        let it = view::BinOp::cast(node)?;
        let left = self.fold(it.left())?;
        binary(it.op(), &left, &self.fold(it.right())?)
    }
}

fn unary(op: Unaryop, value: &Value) -> Option<Value> {
    Some(match (op, value) {
        (Unaryop::Not, it) => Value::Bool(!it.is_true()),
        (Unaryop::USub, Value::Int(it)) => Value::Int(-it),
        (Unaryop::USub, Value::Float(it)) => Value::Float(-it),
        (Unaryop::USub, Value::Bool(it)) => Value::Int(-i128::from(*it)),
        (Unaryop::UAdd, Value::Int(it)) => Value::Int(*it),
        (Unaryop::UAdd, Value::Float(it)) => Value::Float(*it),
        (Unaryop::UAdd, Value::Bool(it)) => Value::Int(i128::from(*it)),
        (Unaryop::Invert, Value::Int(it)) => Value::Int(!it),
        _ => return None,
    })
}

fn binary(op: Operator, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => integers(op, *a, *b),
        (Value::Float(a), Value::Float(b)) => floats(op, *a, *b),
        (Value::Float(a), Value::Int(b)) => floats(op, *a, exact(*b)?),
        (Value::Int(a), Value::Float(b)) => floats(op, exact(*a)?, *b),
        (Value::Str(a), Value::Str(b)) if op == Operator::Add && a.len() + b.len() <= LONGEST => {
            Some(Value::Str(format!("{a}{b}").into()))
        }
        (Value::Bytes(a), Value::Bytes(b)) if op == Operator::Add && a.len() + b.len() <= LONGEST => {
            Some(Value::Bytes([&**a, &**b].concat().into()))
        }
        _ => None,
    }
}

/// An integer as a float, if that loses nothing.
#[expect(clippy::cast_precision_loss, reason = "below 2⁵³ nothing is lost")]
fn exact(value: i128) -> Option<f64> {
    (value.unsigned_abs() < 1 << 53).then_some(value as f64)
}

fn integers(op: Operator, a: i128, b: i128) -> Option<Value> {
    let bits = u32::try_from(b).ok().filter(|it| *it < 120);
    let value = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::Div if b != 0 => {
            let value = exact(a)? / exact(b)?;
            return Some(Value::Float(value)).filter(|_| value.is_finite());
        }
        Operator::FloorDiv if b != 0 => {
            let quotient = a.checked_div(b)?;
            quotient - i128::from(a % b != 0 && (a < 0) != (b < 0))
        }
        Operator::Mod if b != 0 => {
            let rest = a.checked_rem(b)?;
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
        Operator::Pow => a.checked_pow(bits?)?,
        Operator::LShift => a.checked_mul(1_i128.checked_shl(bits?)?)?,
        Operator::RShift => a >> bits?,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::BitAnd => a & b,
        Operator::Div | Operator::FloorDiv | Operator::Mod | Operator::MatMult => return None,
    };
    Some(Value::Int(value)).filter(|_| value.unsigned_abs() < LARGEST.unsigned_abs())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "other operators are no matter of one IEEE-754 operation")]
fn floats(op: Operator, a: f64, b: f64) -> Option<Value> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Value::Float(value)).filter(|_| value.is_finite())
}
