//! Subscripts and slices.

use num_bigint::BigInt;

use super::compare::equal;
use super::{Value, int_of};

/// The three parts of a slice; none is what is not written, or `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Slice {
    /// Where it begins.
    pub lower: Option<BigInt>,
    /// Where it ends.
    pub upper: Option<BigInt>,
    /// How far it is from one to the next.
    pub step: Option<BigInt>,
}

/// `value[index]`; none if that is an error.
pub fn item(value: &Value, index: &Value) -> Option<Value> {
    if let Value::Dict(items) = value {
        let key = index.key()?;
        return items.iter().find(|it| it.0.key().is_some_and(|it| it == key)).map(|it| it.1.clone());
    }
    let index = i64::try_from(int_of(index)?).ok()?;
    let place = |len: usize| {
        let at = if index < 0 { index + i64::try_from(len).ok()? } else { index };
        usize::try_from(at).ok().filter(|it| *it < len)
    };
    match value {
        Value::Tuple(it) | Value::List(it) => it.get(place(it.len())?).cloned(),
        Value::Str(it) => {
            let at = place(it.chars().count())?;
            it.chars().nth(at).map(|it| Value::Str(it.to_string().into()))
        }
        Value::Bytes(it) => it.get(place(it.len())?).map(|it| Value::Int((*it).into())),
        _ => None,
    }
}

/// `value[slice]`; none if that is an error.
pub fn sliced(value: &Value, slice: &Slice) -> Option<Value> {
    Some(match value {
        Value::Tuple(it) => Value::Tuple(picked(it, slice)?),
        Value::List(it) => Value::List(picked(it, slice)?),
        Value::Bytes(it) => Value::Bytes(picked(it, slice)?.into()),
        Value::Str(it) => {
            let chars: Vec<char> = it.chars().collect();
            Value::Str(picked(&chars, slice)?.into_iter().collect::<String>().into())
        }
        _ => return None,
    })
}

/// Source: `PySlice_AdjustIndices`.
fn picked<T: Clone>(items: &[T], slice: &Slice) -> Option<Vec<T>> {
    // Beyond the ends, how far does not count.
    let small = |it: &BigInt| {
        let far = if it.sign() == num_bigint::Sign::Minus { i64::MIN / 2 } else { i64::MAX / 2 };
        i64::try_from(it).unwrap_or(far).clamp(i64::MIN / 2, i64::MAX / 2)
    };
    let len = i64::try_from(items.len()).ok()?;
    let step = slice.step.as_ref().map_or(1, small);
    if step == 0 {
        return None;
    }
    let (least, most) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let place = |it: &Option<BigInt>, none: i64| match it.as_ref().map(small) {
        None => none,
        Some(it) => (if it < 0 { it + len } else { it }).clamp(least, most),
    };
    let (first, last) = if step < 0 { (most, least) } else { (least, most) };
    let (mut at, end) = (place(&slice.lower, first), place(&slice.upper, last));
    let mut out = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        out.push(items.get(usize::try_from(at).ok()?)?.clone());
        at = at.checked_add(step)?;
    }
    Some(out)
}

/// What iterating over a value gives; none if that is an error, or if the order is not known.
pub fn members(value: &Value) -> Option<Vec<Value>> {
    Some(match value {
        Value::Tuple(it) | Value::List(it) => it.clone(),
        Value::Set(it) | Value::FrozenSet(it) if it.len() < 2 => it.clone(),
        Value::Dict(it) => it.iter().map(|it| it.0.clone()).collect(),
        Value::Str(it) => it.chars().map(|it| Value::Str(it.to_string().into())).collect(),
        Value::Bytes(it) => it.iter().map(|it| Value::Int((*it).into())).collect(),
        _ => return None,
    })
}

/// The place of an item in a sequence.
pub(crate) fn place_of(items: &[Value], wanted: &Value) -> Option<usize> {
    for (nth, it) in items.iter().enumerate() {
        if equal(it, wanted)? {
            return Some(nth);
        }
    }
    None
}
