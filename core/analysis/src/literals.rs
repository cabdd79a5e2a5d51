//! Literal values: every outermost expression that `ast.literal_eval` accepts, with its value.
//!
//! Constants, signed numbers, `1 + 2j`, and tuples, lists, sets (`set()` too) and dicts of them. A set of lists and
//! the like, which Python refuses to build, is no literal; its parts are. The texts between the fields of an
//! f-string are constants of their own, as in CPython's `ast`.
//!
//! Cost: linear; one walk from the leaves up.

use astkit_ast::python::{Kind, Operator, Role, Unaryop, kind, view};
use astkit_ast::{Constant, Node, NodeId, Tree};

use crate::constants::{self, Value};

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
        Kind::Constant => Some(Value::of(view::Constant::cast(node)?.value())),
        Kind::Tuple => all(values).map(Value::Tuple),
        Kind::List => all(values).map(Value::List),
        Kind::Set => set(values),
        Kind::Dict => dict(children, values),
        Kind::Call => is_empty_set(node).then(|| Value::Set(Vec::new())),
        Kind::UnaryOp => signed(node),
        Kind::BinOp => complex(node),
        _ => None,
    }
}

fn all(values: &mut Vec<Option<Value>>) -> Option<Vec<Value>> {
    if values.iter().any(Option::is_none) {
        return None;
    }
    Some(std::mem::take(values).into_iter().flatten().collect())
}

/// Whether all values are known, and those that have to be can be keys.
fn can_be(values: &[Option<Value>], is_key: impl Fn(usize) -> bool) -> bool {
    let can_be =
        |(nth, it): (usize, &Option<Value>)| it.as_ref().is_some_and(|it| !is_key(nth) || it.can_be_key());
    values.iter().enumerate().all(can_be)
}

fn set(values: &mut Vec<Option<Value>>) -> Option<Value> {
    if !can_be(values, |_| true) {
        return None;
    }
    Value::set_of(all(values)?)
}

/// Keys and values alternate; `**x` is a value without a key.
fn dict(children: &[Node<'_>], values: &mut Vec<Option<Value>>) -> Option<Value> {
    let is_key = |it: &Node<'_>| it.role() == Role::Keys.into();
    let alternates = children.iter().enumerate().all(|(nth, it)| is_key(it) == (nth % 2 == 0));
    if !alternates || !children.len().is_multiple_of(2) || !can_be(values, |nth| nth % 2 == 0) {
        return None;
    }
    let mut parts = all(values)?.into_iter();
    let items = std::iter::from_fn(|| Some((parts.next()?, parts.next()?)));
    Value::dict_of(items.collect())
}

fn is_empty_set(node: Node<'_>) -> bool {
    let mut children = node.children();
    let func = children.next().and_then(view::Name::cast);
    func.is_some_and(|it| it.id() == "set") && children.next().is_none()
}

/// A number.
fn number(node: Node<'_>) -> Option<Value> {
    let value = Value::of(view::Constant::cast(node)?.value());
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Complex(..)).then_some(value)
}

/// A number with an optional sign.
fn signed(node: Node<'_>) -> Option<Value> {
    let Some(sign) = view::UnaryOp::cast(node) else { return number(node) };
    match sign.op() {
        Unaryop::UAdd | Unaryop::USub => constants::unary(sign.op(), &number(sign.operand())?),
        Unaryop::Invert | Unaryop::Not => None,
    }
}

/// A signed real number plus or minus an imaginary one.
fn complex(node: Node<'_>) -> Option<Value> {
    let sum = view::BinOp::cast(node)?;
    let Constant::Imaginary(bits) = view::Constant::cast(sum.right())?.value() else { return None };
    let right = f64::from_bits(*bits);
    let real = match signed(sum.left())? {
        Value::Int(it) => constants::to_float(&it)?,
        Value::Float(it) => it,
        _ => return None,
    };
    match sum.op() {
        Operator::Add => Some(Value::Complex(real + 0.0, 0.0 + right)),
        Operator::Sub => Some(Value::Complex(real - 0.0, 0.0 - right)),
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
