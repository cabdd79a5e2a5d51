//! Calls of builtins whose results are exact.

use std::cmp::Ordering;

use astkit_ast::Node;
use astkit_ast::python::{Operator, view};
use num_bigint::BigInt;

use super::formats::{repr, text};
use super::{Evaluated, Evaluator, LARGEST, LIMITS};
use crate::constants::{Value, binary, int_of, members, ordered, to_float, truncated};

impl<'a> Evaluator<'a, '_> {
    pub(super) fn call(&mut self, at: usize, node: view::Call<'a>) -> Evaluated {
        let unknown = "a call that is not evaluated";
        if node.keywords().next().is_some() {
            return Err(self.unknown(at, node.node(), "a call with keywords"));
        }
        if let Some(method) = view::Attribute::cast(node.func()) {
            let object = self.value(at, method.value());
            let object = match object {
                Ok(it) => it,
                // What the call is made of is told only if it may be evaluated at all.
                Err(_) if super::methods::NAMES.binary_search(&method.attr()).is_err() => {
                    return Err(self.unknown(at, node.node(), unknown));
                }
                Err(why) => return Err(why),
            };
            let arguments = self.arguments(at, node)?;
            let made = super::methods::call(&object, method.attr(), &arguments);
            return made.ok_or_else(|| self.unknown(at, node.node(), unknown));
        }
        let Some(name) = self.builtin_name(at, node.func()) else {
            return Err(self.unknown(at, node.node(), unknown));
        };
        if name == "isinstance" {
            return self.is_instance(at, node);
        }
        if NAMES.binary_search(&name).is_err() {
            return Err(self.unknown(at, node.node(), unknown));
        }
        let arguments = self.arguments(at, node)?;
        builtin(name, &arguments).ok_or_else(|| {
            self.unknown(at, node.node(), format!("a call of `{name}` that fails or is not evaluated"))
        })
    }

    fn arguments(&mut self, at: usize, node: view::Call<'a>) -> Evaluated<Vec<Value>> {
        let mut out = Vec::new();
        for it in node.args() {
            match view::Starred::cast(it) {
                None => out.push(self.value(at, it)?),
                Some(starred) => {
                    let value = self.value(at, starred.value())?;
                    out.extend(
                        members(&value).ok_or_else(|| self.unknown(at, it, "items without an order"))?,
                    );
                }
            }
        }
        Ok(out)
    }

    fn is_instance(&mut self, at: usize, node: view::Call<'a>) -> Evaluated {
        let arguments: Vec<Node<'a>> = node.args().collect();
        let [object, class] = arguments.as_slice() else {
            return Err(self.unknown(at, node.node(), "a call that fails"));
        };
        let object = self.value(at, *object)?;
        let classes: Vec<Node<'a>> = match view::Tuple::cast(*class) {
            Some(it) => it.elts().collect(),
            None => vec![*class],
        };
        let mut out = false;
        for class in classes {
            match self.builtin_name(at, class) {
                Some("object") => out = true,
                Some("int") => out |= matches!(object, Value::Int(_) | Value::Bool(_)),
                Some(
                    it @ ("bool" | "float" | "complex" | "str" | "bytes" | "tuple" | "list" | "set"
                    | "frozenset" | "dict"),
                ) => {
                    out |= object.type_name() == it;
                }
                _ => return Err(self.unknown(at, class, "a class that is not known")),
            }
        }
        Ok(Value::Bool(out))
    }
}

/// Sorted.
const NAMES: [&str; 29] = [
    "abs",
    "all",
    "any",
    "bin",
    "bool",
    "bytes",
    "chr",
    "complex",
    "dict",
    "divmod",
    "float",
    "format",
    "frozenset",
    "hex",
    "int",
    "len",
    "list",
    "max",
    "min",
    "oct",
    "ord",
    "pow",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "tuple",
];

fn builtin(name: &str, arguments: &[Value]) -> Option<Value> {
    let str_of = |it: String| Value::Str(it.into());
    match (name, arguments) {
        ("bool", []) => Some(Value::Bool(false)),
        ("bool", [it]) => Some(Value::Bool(it.is_true())),
        ("int", []) => Some(Value::Int(0.into())),
        ("int", [it]) => integer(it).map(Value::Int),
        ("float", []) => Some(Value::Float(0.0)),
        ("float", [it]) => float(it).map(Value::Float),
        ("complex", [it @ Value::Complex(..)]) => Some(it.clone()),
        ("str", []) => Some(str_of(String::new())),
        ("str", [it]) => text(it).map(str_of),
        ("repr", [it]) => repr(it).map(str_of),
        ("format", [it]) => text(it).map(str_of),
        ("format", [it, Value::Str(spec)]) => super::formats::formatted(it, -1, spec).map(str_of),
        ("bytes", []) => Some(Value::Bytes(Box::default())),
        ("bytes", [it @ Value::Bytes(_)]) => Some(it.clone()),
        ("bytes", [it @ (Value::List(_) | Value::Tuple(_))]) => {
            let byte = |it: &Value| u8::try_from(int_of(it)?).ok();
            members(it)?.iter().map(byte).collect::<Option<Vec<_>>>().map(|it| Value::Bytes(it.into()))
        }
        ("len", [it]) => len(it).map(|it| Value::Int(it.into())),
        ("ord", [Value::Str(it)]) => {
            let mut chars = it.chars();
            let (only, None) = (chars.next()?, chars.next()) else { return None };
            Some(Value::Int(u32::from(only).into()))
        }
        ("ord", [Value::Bytes(it)]) if it.len() == 1 => Some(Value::Int(it.first().copied()?.into())),
        ("chr", [it]) => char::from_u32(u32::try_from(int_of(it)?).ok()?).map(|it| str_of(it.to_string())),
        ("hex" | "oct" | "bin", [it]) => {
            let it = int_of(it)?;
            let (prefix, radix) = match name {
                "hex" => ("0x", 16),
                "oct" => ("0o", 8),
                _ => ("0b", 2),
            };
            let sign = if it.sign() == num_bigint::Sign::Minus { "-" } else { "" };
            Some(str_of(format!("{sign}{prefix}{}", it.magnitude().to_str_radix(radix))))
        }
        ("abs", [Value::Float(it)]) => Some(Value::Float(it.abs())),
        ("abs", [it]) => Some(Value::Int(int_of(it)?.magnitude().clone().into())),
        ("round", [Value::Float(it)]) => truncated(it.round_ties_even()).map(Value::Int),
        ("round", [it]) => int_of(it).map(Value::Int),
        ("pow", [a, b]) => binary(Operator::Pow, a, b, &LIMITS),
        ("divmod", [a, b]) => Some(Value::Tuple(vec![
            binary(Operator::FloorDiv, a, b, &LIMITS)?,
            binary(Operator::Mod, a, b, &LIMITS)?,
        ])),
        ("any" | "all", [it]) => {
            let items = iterated(it)?;
            let is_true = |it: &Value| it.is_true();
            Some(Value::Bool(if name == "any" {
                items.iter().any(is_true)
            } else {
                items.iter().all(is_true)
            }))
        }
        ("min" | "max", [it]) => extreme(&members(it)?, name == "max"),
        ("min" | "max", [_, ..]) => extreme(arguments, name == "max"),
        _ => container(name, arguments),
    }
}

fn container(name: &str, arguments: &[Value]) -> Option<Value> {
    match (name, arguments) {
        ("tuple", []) => Some(Value::Tuple(Vec::new())),
        ("list", []) => Some(Value::List(Vec::new())),
        ("set", []) => Some(Value::Set(Vec::new())),
        ("frozenset", []) => Some(Value::FrozenSet(Vec::new())),
        ("dict", []) => Some(Value::Dict(Vec::new())),
        ("tuple", [it]) => members(it).map(Value::Tuple),
        ("list", [it]) => members(it).map(Value::List),
        ("set", [it]) => Value::set_of(iterated(it)?),
        ("frozenset", [it]) => match Value::set_of(iterated(it)?)? {
            Value::Set(it) => Some(Value::FrozenSet(it)),
            _ => None,
        },
        ("dict", [it @ Value::Dict(_)]) => Some(it.clone()),
        ("sorted", [it]) => sorted(iterated(it)?).map(Value::List),
        _ => None,
    }
}

/// The items of what can be iterated over, in any order.
fn iterated(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Set(it) | Value::FrozenSet(it) => Some(it.clone()),
        it => members(it),
    }
}

pub(super) fn len(value: &Value) -> Option<usize> {
    Some(match value {
        Value::Str(it) => it.chars().count(),
        Value::Bytes(it) => it.len(),
        Value::Tuple(it) | Value::List(it) | Value::Set(it) | Value::FrozenSet(it) => it.len(),
        Value::Dict(it) => it.len(),
        _ => return None,
    })
}

fn extreme(items: &[Value], largest: bool) -> Option<Value> {
    let (first, rest) = items.split_first()?;
    let mut out = first;
    for it in rest {
        let order = ordered(it, out)?;
        // Of equal ones the first.
        if if largest { order.is_gt() } else { order.is_lt() } {
            out = it;
        }
    }
    Some(out.clone())
}

/// Stable, as Python's; none if some have no order.
fn sorted(mut items: Vec<Value>) -> Option<Vec<Value>> {
    let alike = |it: &Value| match it {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some("number"),
        Value::Str(_) | Value::Bytes(_) => Some(it.type_name()),
        _ => None,
    };
    if items.len() > 1 {
        let first = alike(items.first()?)?;
        if items.iter().any(|it| alike(it) != Some(first)) {
            return None;
        }
    }
    items.sort_by(|a, b| ordered(a, b).unwrap_or(Ordering::Equal));
    Some(items)
}

fn integer(value: &Value) -> Option<BigInt> {
    match value {
        Value::Float(it) => truncated(*it),
        Value::Str(it) => {
            let text = it.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let is_plain =
                digits.len() <= 4000 && !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
            is_plain.then(|| text.strip_prefix('+').unwrap_or(text).parse().ok()).flatten()
        }
        it => int_of(it),
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(it) => Some(*it),
        Value::Str(it) => {
            let text = it.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
            let is_plain = text.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
            (is_plain && text.len() <= LARGEST).then(|| text.parse().ok()).flatten()
        }
        it => to_float(&int_of(it)?),
    }
}
