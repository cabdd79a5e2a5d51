//! Equality, order, membership.

use std::cmp::Ordering;

use num_bigint::BigInt;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Value, int_of, truncated};

/// `a == b`; none if that is not known.
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    Some(a.canonical()? == b.canonical()?)
}

/// How two values are ordered by `<`: numbers, texts, bytes, tuples, lists. None if that is an error, or if they are
/// sets.
pub fn ordered(a: &Value, b: &Value) -> Option<Ordering> {
    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match (a, b) {
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
        (Value::Tuple(a), Value::Tuple(b)) | (Value::List(a), Value::List(b)) => {
            for (a, b) in a.iter().zip(b) {
                // Only the first pair that is not equal has to have an order.
                if !equal(a, b)? {
                    return ordered(a, b);
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Float(a), b) => Some(against(&int_of(b)?, *a)?.reverse()),
        (a, Value::Float(b)) => against(&int_of(a)?, *b),
        (a, b) => Some(int_of(a)?.cmp(&int_of(b)?)),
    })
}

/// An integer beside a float.
fn against(int: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let below = float.floor();
    let order = int.cmp(&truncated(below)?);
    Some(if order.is_eq() && below < float { Ordering::Less } else { order })
}

/// Whether all members of a set are members of another; none if one of the two is no set.
pub fn is_subset(a: &Value, b: &Value) -> Option<bool> {
    let (Value::Set(items) | Value::FrozenSet(items)) = a else { return None };
    if !matches!(b, Value::Set(_) | Value::FrozenSet(_)) {
        return None;
    }
    for it in items {
        if !contains(b, it)? {
            return Some(false);
        }
    }
    Some(true)
}

/// `item in container`; none if that is an error.
pub fn contains(container: &Value, item: &Value) -> Option<bool> {
    let among = |items: &[Value]| -> Option<bool> {
        let wanted = item.canonical()?;
        for it in items {
            if it.canonical()? == wanted {
                return Some(true);
            }
        }
        Some(false)
    };
    match (container, item) {
        (Value::Str(text), Value::Str(part)) => Some(text.contains(&**part)),
        (Value::Bytes(bytes), Value::Bytes(part)) => {
            Some(part.is_empty() || bytes.windows(part.len()).any(|it| it == &**part))
        }
        (Value::Bytes(bytes), Value::Int(byte)) => Some(bytes.contains(&u8::try_from(byte).ok()?)),
        (Value::Tuple(items) | Value::List(items), _) => among(items),
        (Value::Set(items) | Value::FrozenSet(items), _) => {
            item.key()?;
            among(items)
        }
        (Value::Dict(items), _) => {
            let key = item.key()?;
            Some(items.iter().any(|it| it.0.key().is_some_and(|it| it == key)))
        }
        _ => None,
    }
}

/// The members of a set, each once; none if one can't be a member.
pub(super) fn once_each(items: Vec<Value>) -> Option<Vec<Value>> {
    let keys: Option<Vec<String>> = items.iter().map(Value::key).collect();
    let mut seen = FxHashSet::default();
    let fresh: Vec<bool> = keys?.into_iter().map(|it| seen.insert(it)).collect();
    Some(items.into_iter().zip(fresh).filter(|it| it.1).map(|it| it.0).collect())
}

/// The items of a dict: of equal keys the first, with the last value; none if a key can't be one.
pub(super) fn last_each(items: Vec<(Value, Value)>) -> Option<Vec<(Value, Value)>> {
    let keys: Option<Vec<String>> = items.iter().map(|it| it.0.key()).collect();
    let mut places = FxHashMap::default();
    let mut out: Vec<(Value, Value)> = Vec::with_capacity(items.len());
    for (text, (key, value)) in keys?.into_iter().zip(items) {
        let at = *places.entry(text).or_insert(out.len());
        match out.get_mut(at) {
            Some(pair) => pair.1 = value,
            None => out.push((key, value)),
        }
    }
    Some(out)
}

impl Value {
    /// A text that equal values share, and only they, if this one can be a key; else none.
    pub(crate) fn key(&self) -> Option<String> {
        self.can_be_key().then(|| self.canonical()).flatten()
    }

    /// A text that equal values share, and only they.
    fn canonical(&self) -> Option<String> {
        let mut out = String::new();
        self.write_canonical(&mut out)?;
        Some(out)
    }

    fn write_canonical(&self, out: &mut String) -> Option<()> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let text = match self {
                Value::Tuple(items) => return each(out, ("(", ")"), items),
                Value::List(items) => return each(out, ("[", "]"), items),
                Value::Bool(it) => u8::from(*it).to_string(),
                Value::Float(it) => float(*it),
                Value::Complex(re, im) if *im == 0.0 => float(*re),
                // Zeros of both signs are equal.
                Value::Complex(re, im) => Value::Complex(re + 0.0, im + 0.0).repr(),
                Value::Set(items) | Value::FrozenSet(items) => {
                    let mut keys: Vec<String> = items.iter().map(Value::key).collect::<Option<_>>()?;
                    keys.sort_unstable();
                    format!("{{{}}}", keys.join(","))
                }
                Value::Dict(items) => {
                    let item = |(key, value): &(Value, Value)| {
                        Some(format!("{}:{}", key.key()?, value.canonical()?))
                    };
                    let mut items: Vec<String> = items.iter().map(item).collect::<Option<_>>()?;
                    items.sort_unstable();
                    format!("dict{{{}}}", items.join(","))
                }
                _ => self.repr(),
            };
            out.push_str(&text);
            Some(())
        })
    }
}

fn each(out: &mut String, (open, close): (&str, &str), items: &[Value]) -> Option<()> {
    out.push_str(open);
    for it in items {
        it.write_canonical(out)?;
        out.push(',');
    }
    out.push_str(close);
    Some(())
}

/// `1`, `1.0` and `1 + 0j` are equal.
fn float(value: f64) -> String {
    match truncated(value) {
        Some(whole) if value.fract() == 0.0 => whole.to_string(),
        _ => Value::Float(value).repr(),
    }
}
