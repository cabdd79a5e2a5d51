//! Methods of texts, tuples, lists and dicts whose results are exact.

use crate::constants::{Value, equal, item, members, place_of};

/// The methods. Sorted.
pub(super) const NAMES: [&str; 16] = [
    "count",
    "endswith",
    "get",
    "index",
    "join",
    "lower",
    "lstrip",
    "removeprefix",
    "removesuffix",
    "replace",
    "rsplit",
    "rstrip",
    "split",
    "startswith",
    "strip",
    "upper",
];

/// What a method gives; none if it fails or is not evaluated.
pub(super) fn call(object: &Value, method: &str, arguments: &[Value]) -> Option<Value> {
    match object {
        Value::Str(it) => of_text(it, method, arguments),
        Value::Dict(_) => match (method, arguments) {
            ("get", [key]) => Some(item(object, key).unwrap_or(Value::None)).filter(|_| key.can_be_key()),
            ("get", [key, other]) => {
                Some(item(object, key).unwrap_or_else(|| other.clone())).filter(|_| key.can_be_key())
            }
            _ => None,
        },
        Value::Tuple(items) | Value::List(items) => match (method, arguments) {
            ("index", [wanted]) => place_of(items, wanted).map(|it| Value::Int(it.into())),
            ("count", [wanted]) => {
                let mut count = 0_usize;
                for it in items {
                    count += usize::from(equal(it, wanted)?);
                }
                Some(Value::Int(count.into()))
            }
            _ => None,
        },
        _ => None,
    }
}

fn of_text(text: &str, method: &str, arguments: &[Value]) -> Option<Value> {
    let made = |it: &str| Some(Value::Str(it.into()));
    // Which characters are spaces, and what they are in upper case, depends on the version of Unicode.
    let plain = text.is_ascii().then_some(text);
    match (method, arguments) {
        ("startswith", [prefix]) => any_of(prefix, |it| text.starts_with(it)),
        ("endswith", [suffix]) => any_of(suffix, |it| text.ends_with(it)),
        ("removeprefix", [Value::Str(it)]) => made(text.strip_prefix(&**it).unwrap_or(text)),
        ("removesuffix", [Value::Str(it)]) => made(text.strip_suffix(&**it).unwrap_or(text)),
        ("upper", []) => made(&plain?.to_ascii_uppercase()),
        ("lower", []) => made(&plain?.to_ascii_lowercase()),
        ("strip", []) => made(plain?.trim_matches(is_space)),
        ("lstrip", []) => made(plain?.trim_start_matches(is_space)),
        ("rstrip", []) => made(plain?.trim_end_matches(is_space)),
        ("strip", [Value::Str(of)]) => made(text.trim_matches(|it| of.contains(it))),
        ("lstrip", [Value::Str(of)]) => made(text.trim_start_matches(|it| of.contains(it))),
        ("rstrip", [Value::Str(of)]) => made(text.trim_end_matches(|it| of.contains(it))),
        ("split" | "rsplit", []) => {
            let parts = plain?.split(is_space).filter(|it| !it.is_empty());
            Some(Value::List(parts.map(|it| Value::Str(it.into())).collect()))
        }
        ("split" | "rsplit", [Value::Str(by)]) if !by.is_empty() && (method == "split" || by.len() == 1) => {
            Some(Value::List(text.split(&**by).map(|it| Value::Str(it.into())).collect()))
        }
        ("replace", [Value::Str(old), Value::Str(new)]) if !old.is_empty() && new.len() <= 100 => {
            made(&text.replace(&**old, new))
        }
        ("count", [Value::Str(part)]) if !part.is_empty() => {
            Some(Value::Int(text.matches(&**part).count().into()))
        }
        ("join", [items]) => {
            let mut parts = Vec::new();
            for it in members(items)? {
                match it {
                    Value::Str(it) => parts.push(it),
                    _ => return None,
                }
            }
            let is_small = parts.len() * text.len() <= super::LARGEST;
            is_small.then(|| Value::Str(parts.join(text).into()))
        }
        _ => None,
    }
}

/// What `str.split` takes for a space, of ASCII.
fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t'..='\r' | '\x1c'..='\x1f')
}

/// A text, or a tuple of texts.
fn any_of(texts: &Value, test: impl Fn(&str) -> bool) -> Option<Value> {
    let one = std::slice::from_ref(texts);
    let all = if let Value::Tuple(it) = texts { it.as_slice() } else { one };
    let mut out = false;
    for it in all {
        match it {
            Value::Str(it) => out |= test(it),
            _ => return None,
        }
    }
    Some(Value::Bool(out))
}
