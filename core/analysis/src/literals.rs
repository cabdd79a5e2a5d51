//! Literal values: every outermost expression that `ast.literal_eval` accepts, with its value.
//!
//! Constants, signed numbers, `1 + 2j`, and tuples, lists, sets (`set()` too) and dicts of them. A set of lists and
//! the like, which Python refuses to build, is no literal; its parts are. The texts between the fields of an
//! f-string are constants of their own, as in CPython's `ast`.
//!
//! Cost: linear; one walk from the leaves up.

mod number;

use std::fmt::Write;

use astkit_ast::python::{Kind, Operator, Role, Unaryop, kind, view};
use astkit_ast::{Constant, Node, NodeId, Tree};

use number::Number;

/// A value, as Python has it.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `None`, a truth value, `...`, a text or bytes.
    Constant(Constant),
    /// A number.
    Number(Number),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list.
    List(Vec<Value>),
    /// A set: its members once each, in the order of the text.
    Set(Vec<Value>),
    /// A dict: its keys once each, in the order of the text, each with its last value.
    Dict(Vec<(Value, Value)>),
}

impl Value {
    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Constant(it) => constant_type(it),
            Value::Number(it) => it.type_name(),
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Set(_) => "set",
            Value::Dict(_) => "dict",
        }
    }

    /// Python's `repr`; the members of a set in the order of the text.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match self {
            Value::Constant(it) => out.push_str(&it.repr()),
            Value::Number(it) => out.push_str(&it.repr()),
            Value::Tuple(items) => {
                let close = if items.len() == 1 { ",)" } else { ")" };
                write_items(out, "(", items, close);
            }
            Value::List(items) => write_items(out, "[", items, "]"),
            Value::Set(items) if items.is_empty() => out.push_str("set()"),
            Value::Set(items) => write_items(out, "{", items, "}"),
            Value::Dict(items) => {
                out.push('{');
                for (nth, (key, value)) in items.iter().enumerate() {
                    out.push_str(if nth > 0 { ", " } else { "" });
                    key.write(out);
                    out.push_str(": ");
                    value.write(out);
                }
                out.push('}');
            }
        });
    }

    /// A text that equal keys of a dict share, and only they; none for what can't be a key.
    fn key(&self) -> Option<String> {
        let mut out = String::new();
        self.write_key(&mut out).then_some(out)
    }

    fn write_key(&self, out: &mut String) -> bool {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match self {
            Value::Constant(it) => match Number::from_truth(it) {
                Some(number) => {
                    out.push_str(&number.key());
                    true
                }
                None => write!(out, "{}", it.repr()).is_ok(),
            },
            Value::Number(it) => {
                out.push_str(&it.key());
                true
            }
            Value::Tuple(items) => {
                out.push('(');
                let all = items.iter().all(|it| {
                    let hashable = it.write_key(out);
                    out.push(',');
                    hashable
                });
                out.push(')');
                all
            }
            Value::List(_) | Value::Set(_) | Value::Dict(_) => false,
        })
    }
}

fn write_items(out: &mut String, open: &str, items: &[Value], close: &str) {
    out.push_str(open);
    for (nth, item) in items.iter().enumerate() {
        out.push_str(if nth > 0 { ", " } else { "" });
        item.write(out);
    }
    out.push_str(close);
}

fn constant_type(constant: &Constant) -> &'static str {
    match constant {
        Constant::None => "NoneType",
        Constant::Bool(_) => "bool",
        Constant::Ellipsis => "ellipsis",
        Constant::Int(_) | Constant::BigInt(_) => "int",
        Constant::Float(_) => "float",
        Constant::Imaginary(_) => "complex",
        Constant::Str(_) | Constant::Wtf8(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Digest(_) => "object",
    }
}

/// An outermost literal of a module.
#[derive(Clone, PartialEq, Debug)]
pub struct Literal {
    /// Its node.
    pub node: NodeId,
    /// What it evaluates to.
    pub value: Value,
}

/// All outermost literals of a module, in the order of the text within each definition.
pub fn literals(tree: &Tree) -> Vec<Literal> {
    let mut out = Vec::new();
    let value = evaluate(tree.root(), &mut |node, value| out.push(Literal { node: node.id(), value }));
    debug_assert!(value.is_none(), "a module is no literal");
    out
}

/// The value of an expression, if it is a literal.
///
/// Source: `ast.literal_eval`.
pub fn literal_value(node: Node<'_>) -> Option<Value> {
    evaluate(node, &mut |_, _| ())
}

/// A node whose children are being evaluated.
struct Open<'a> {
    node: Node<'a>,
    children: Vec<Node<'a>>,
    values: Vec<Option<Value>>,
}

/// Evaluates `root`; tells `found` of the outermost literals in it if it is none itself.
fn evaluate<'a>(root: Node<'a>, found: &mut impl FnMut(Node<'a>, Value)) -> Option<Value> {
    let open = |node: Node<'a>| Open { node, children: node.children().collect(), values: Vec::new() };
    let mut stack = vec![open(root)];
    loop {
        let top = stack.last_mut()?;
        if let Some(child) = top.children.get(top.values.len()) {
            let next = open(*child);
            stack.push(next);
            continue;
        }
        let Open { node, children, mut values } = stack.pop()?;
        let value = combine(node, &children, &mut values);
        if value.is_none() {
            for (child, value) in children.into_iter().zip(values) {
                if let Some(value) = value {
                    found(child, value);
                }
            }
        }
        match stack.last_mut() {
            Some(parent) => parent.values.push(value),
            None => return value,
        }
    }
}

/// The value of a node whose children have these values, which are taken if there is one.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a literal")]
fn combine(node: Node<'_>, children: &[Node<'_>], values: &mut Vec<Option<Value>>) -> Option<Value> {
    match kind(node) {
        Kind::Constant => Some(constant(view::Constant::cast(node)?.value())),
        Kind::Tuple => all(values).map(Value::Tuple),
        Kind::List => all(values).map(Value::List),
        Kind::Set => set(values),
        Kind::Dict => dict(children, values),
        Kind::Call => is_empty_set(node).then(|| Value::Set(Vec::new())),
        Kind::UnaryOp => signed(node).map(Value::Number),
        Kind::BinOp => complex(node).map(Value::Number),
        _ => None,
    }
}

fn constant(constant: &Constant) -> Value {
    Number::from_constant(constant).map_or_else(|| Value::Constant(constant.clone()), Value::Number)
}

fn all(values: &mut Vec<Option<Value>>) -> Option<Vec<Value>> {
    if values.iter().any(Option::is_none) {
        return None;
    }
    Some(std::mem::take(values).into_iter().flatten().collect())
}

fn set(values: &mut Vec<Option<Value>>) -> Option<Value> {
    let keys: Option<Vec<String>> = values.iter().map(|it| it.as_ref()?.key()).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    let fresh: Vec<bool> = keys?.into_iter().map(|it| seen.insert(it)).collect();
    let members = all(values)?.into_iter().zip(fresh).filter(|it| it.1).map(|it| it.0);
    Some(Value::Set(members.collect()))
}

/// Keys and values alternate; `**x` is a value without a key.
fn dict(children: &[Node<'_>], values: &mut Vec<Option<Value>>) -> Option<Value> {
    let is_key = |it: &Node<'_>| it.role() == Role::Keys.into();
    let alternates = children.iter().enumerate().all(|(nth, it)| is_key(it) == (nth % 2 == 0));
    if !alternates || !children.len().is_multiple_of(2) {
        return None;
    }
    let keys: Option<Vec<String>> = values.iter().step_by(2).map(|it| it.as_ref()?.key()).collect();
    let keys = keys?;
    let mut places = rustc_hash::FxHashMap::default();
    let mut out: Vec<(Value, Value)> = Vec::with_capacity(keys.len());
    let mut parts = all(values)?.into_iter();
    for text in keys {
        let (key, value) = (parts.next()?, parts.next()?);
        let at = *places.entry(text).or_insert(out.len());
        match out.get_mut(at) {
            Some(pair) => pair.1 = value,
            None => out.push((key, value)),
        }
    }
    Some(Value::Dict(out))
}

fn is_empty_set(node: Node<'_>) -> bool {
    let mut children = node.children();
    let func = children.next().and_then(view::Name::cast);
    func.is_some_and(|it| it.id() == "set") && children.next().is_none()
}

/// A number with an optional sign.
fn signed(node: Node<'_>) -> Option<Number> {
    let Some(unary) = view::UnaryOp::cast(node) else {
        return Number::from_constant(view::Constant::cast(node)?.value());
    };
    let operand = Number::from_constant(view::Constant::cast(unary.operand())?.value())?;
    match unary.op() {
        Unaryop::UAdd => Some(operand),
        Unaryop::USub => Some(operand.negated()),
        Unaryop::Invert | Unaryop::Not => None,
    }
}

/// A signed real number plus or minus an imaginary one.
fn complex(node: Node<'_>) -> Option<Number> {
    let sum = view::BinOp::cast(node)?;
    let left = signed(sum.left())?;
    let Constant::Imaginary(bits) = view::Constant::cast(sum.right())?.value() else { return None };
    let right = f64::from_bits(*bits);
    let real = left.real()?;
    match sum.op() {
        Operator::Add => Some(Number::Complex(real + 0.0, 0.0 + right)),
        Operator::Sub => Some(Number::Complex(real - 0.0, 0.0 - right)),
        Operator::Mult
        | Operator::MatMult
        | Operator::Div
        | Operator::Mod
        | Operator::Pow
        | Operator::LShift
        | Operator::RShift
        | Operator::BitOr
        | Operator::BitXor
        | Operator::BitAnd
        | Operator::FloorDiv => None,
    }
}

#[cfg(test)]
mod tests;
