//! Folding of constants: operations whose result is known.
//!
//! Integers fold below 2¹²⁰, floats where the result is finite; what would raise an error stays as it is. So a folded
//! expression has the value, and the type, that Python gives it. The arithmetic is that of [`constants`]; what is folded is
//! part of the scheme, and less than what can be computed.

use astkit_analysis::constants::{self, Limits, Value};
use astkit_ast::Constant;
use astkit_ast::python::{Operator, Unaryop, view};
use astkit_ast::tree::Node;
use num_bigint::{BigInt, Sign};
use rustc_hash::FxHashMap;

/// Integers are folded while they have no more bits than this.
const LARGEST: u64 = 120;
/// Shifts and powers by this much and more are left.
const FARTHEST: u32 = 120;
/// The longest text that is folded.
const LONGEST: usize = 4096;
/// Floats hold every integer of so many bits.
const EXACT: u64 = 53;

/// Enough for whatever has a result of [`LARGEST`] bits, as the size of a result is estimated.
const LIMITS: Limits = Limits { int_bits: 4 * LARGEST, text: 0, items: 0, all_items: 0 };

/// A constant that operations are folded of.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other values count")]
fn known(constant: &Constant) -> Option<Value> {
    Some(Value::of(constant)).filter(|it| match it {
        Value::Int(it) => it.bits() <= LARGEST,
        Value::Complex(..) | Value::Opaque(_) => false,
        _ => true,
    })
}

/// The constant without its sign, and whether it has one.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other value is made here")]
pub(super) fn constant(value: &Value) -> Option<(Constant, bool)> {
    Some(match value {
        Value::Bool(it) => (Constant::Bool(*it), false),
        Value::None => (Constant::None, false),
        Value::Ellipsis => (Constant::Ellipsis, false),
        Value::Int(it) => {
            let size = it.magnitude();
            let constant = u64::try_from(size)
                .map_or_else(|_| Constant::BigInt(size.to_str_radix(16).into()), Constant::Int);
            (constant, it.sign() == Sign::Minus)
        }
        Value::Float(it) => (Constant::Float(it.abs().to_bits()), it.is_sign_negative()),
        Value::Str(it) => (Constant::Str(it.clone()), false),
        Value::Bytes(it) => (Constant::Bytes(it.clone()), false),
        _ => return None,
    })
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
            return known(it.value());
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
    if op == Unaryop::Invert && matches!(value, Value::Bool(_)) {
        return None;
    }
    constants::unary(op, value)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other operations and values have no limits of their own"
)]
fn binary(op: Operator, left: &Value, right: &Value) -> Option<Value> {
    let is_folded = match (left, right) {
        (Value::Int(a), Value::Int(b)) => match op {
            Operator::Div => is_exact(a) && is_exact(b),
            Operator::Pow | Operator::LShift | Operator::RShift => is_near(b),
            _ => true,
        },
        (Value::Float(_), Value::Float(_)) => is_plain(op),
        (Value::Float(_), Value::Int(it)) | (Value::Int(it), Value::Float(_)) => is_plain(op) && is_exact(it),
        (Value::Str(a), Value::Str(b)) => op == Operator::Add && a.len() + b.len() <= LONGEST,
        (Value::Bytes(a), Value::Bytes(b)) => op == Operator::Add && a.len() + b.len() <= LONGEST,
        _ => false,
    };
    let value = if is_folded { constants::binary(op, left, right, &LIMITS)? } else { return None };
    match &value {
        Value::Int(it) => it.bits() <= LARGEST,
        Value::Float(it) => it.is_finite(),
        _ => true,
    }
    .then_some(value)
}

/// Whether an integer is a float without loss.
fn is_exact(value: &BigInt) -> bool {
    value.bits() <= EXACT
}

fn is_near(by: &BigInt) -> bool {
    u32::try_from(by).is_ok_and(|it| it < FARTHEST)
}

/// Whether an operation on floats is one of IEEE 754.
fn is_plain(op: Operator) -> bool {
    matches!(op, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div)
}
