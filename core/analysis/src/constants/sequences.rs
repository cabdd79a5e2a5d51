//! Operations on texts, bytes, tuples, lists, sets and dicts.

use astkit_ast::python::Operator;
use num_bigint::{BigInt, Sign};

use super::compare::{contains, once_each};
use super::{Limits, Value};

/// `left op right`, where not both are numbers.
pub(super) fn binary(op: Operator, left: &Value, right: &Value, limits: &Limits) -> Option<Value> {
    match (op, left, right) {
        (Operator::Add, Value::Str(a), Value::Str(b)) => Some(Value::Str(format!("{a}{b}").into())),
        (Operator::Add, Value::Bytes(a), Value::Bytes(b)) => Some(Value::Bytes([&**a, &**b].concat().into())),
        (Operator::Add, Value::Tuple(a), Value::Tuple(b)) => Some(Value::Tuple([&**a, &**b].concat())),
        (Operator::Add, Value::List(a), Value::List(b)) => Some(Value::List([&**a, &**b].concat())),
        (Operator::Mult, Value::Int(times), it) | (Operator::Mult, it, Value::Int(times)) => {
            repeated(it, times, limits)
        }
        (Operator::BitOr, Value::Dict(a), Value::Dict(b)) => {
            Value::dict_of(a.iter().chain(b).cloned().collect())
        }
        (_, Value::Set(a), Value::Set(b) | Value::FrozenSet(b)) => members(op, a, b).map(Value::Set),
        (_, Value::FrozenSet(a), Value::Set(b) | Value::FrozenSet(b)) => {
            members(op, a, b).map(Value::FrozenSet)
        }
        _ => None,
    }
}

fn repeated(value: &Value, times: &BigInt, limits: &Limits) -> Option<Value> {
    let is_negative = times.sign() == Sign::Minus;
    let count = usize::try_from(times).ok();
    let fits = |len: usize, most: usize| {
        // Of what is empty, any number is allowed.
        if len == 0 {
            return i64::try_from(times).ok().map(|_| 0);
        }
        count.filter(|it| !is_negative && *it <= most / len)
    };
    let items = |it: &[Value]| {
        let count = fits(it.len(), limits.items)?;
        let mut left = limits.all_items / count.max(1);
        count_items(it, &mut left)?;
        Some(std::iter::repeat_n(it, count).flatten().cloned().collect())
    };
    Some(match value {
        Value::Str(it) => Value::Str(it.repeat(fits(it.chars().count(), limits.text)?).into()),
        Value::Bytes(it) => Value::Bytes(it.repeat(fits(it.len(), limits.text)?).into()),
        Value::Tuple(it) => Value::Tuple(items(it)?),
        Value::List(it) => Value::List(items(it)?),
        _ => return None,
    })
}

/// Counts the elements of tuples, down to a limit.
fn count_items(items: &[Value], left: &mut usize) -> Option<()> {
    *left = left.checked_sub(items.len())?;
    items.iter().try_for_each(|it| match it {
        Value::Tuple(it) | Value::List(it) => count_items(it, left),
        _ => Some(()),
    })
}

/// An operation on sets. Which of two equal members stays is the left one's matter.
fn members(op: Operator, a: &[Value], b: &[Value]) -> Option<Vec<Value>> {
    let left_out = |of: &[Value], other: &[Value], wanted: bool| -> Option<Vec<Value>> {
        let other = Value::Set(other.to_vec());
        let mut out = Vec::new();
        for it in of {
            if contains(&other, it)? == wanted {
                out.push(it.clone());
            }
        }
        Some(out)
    };
    match op {
        Operator::BitOr => once_each([a, b].concat()),
        Operator::BitAnd if a.is_empty() || b.is_empty() => Some(Vec::new()),
        Operator::BitAnd => left_out(a, b, true).filter(|it| !has_twins(it)),
        Operator::Sub => left_out(a, b, false),
        Operator::BitXor => Some([left_out(a, b, false)?, left_out(b, a, false)?].concat()),
        _ => None,
    }
}

/// Whether one of these may equal something of another type: which of the two `{1} & {True}` keeps depends on the sizes.
fn has_twins(items: &[Value]) -> bool {
    let mut open: Vec<&Value> = items.iter().collect();
    while let Some(it) = open.pop() {
        match it {
            Value::Str(_) | Value::Bytes(_) | Value::None | Value::Ellipsis => {}
            Value::Tuple(items) | Value::FrozenSet(items) => open.extend(items),
            _ => return true,
        }
    }
    false
}
