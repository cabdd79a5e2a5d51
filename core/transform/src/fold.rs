//! `fold-constants`: operations on constants become their results.
//!
//! Promise: every expression has the same value, of the same type. What is folded is what CPython's compiler folds, with
//! its limits on sizes; what would raise an error is left, and so is what no literal can say (`nan`,
//! frozen sets) and what is read as text: annotations, patterns, t-strings. A statement that is nothing but an
//! operation stays: as a string it would be a docstring.
//!
//! Source of the limits: `Python/ast_opt.c` (from 3.14 on `Python/flowgraph.c`).

mod value;

use astkit_analysis::Value;
use astkit_analysis::constants::{self, Limits};
use astkit_ast::python::{ExprContext, Kind, Operator, Role, Unaryop, kind, view};
use astkit_ast::tree::{Node, Tree};
use rustc_hash::FxHashMap;

use crate::edits::Edits;
use value::code;

/// Folds all operations on constants.
pub fn fold_constants(tree: &Tree) -> Edits {
    let mut folder = Folder::default();
    let mut edits = Edits::new();
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        if is_text(node) {
            continue;
        }
        if is_operation(node)
            && !is_literal(node)
            && let Some(code) = folder.value(node).and_then(|it| code(&it))
        {
            edits.replace(node, code);
            continue;
        }
        if let Some(statement) = view::Expr::cast(node) {
            // Operands are folded, the statement itself stays an operation.
            stack.extend(statement.value().children());
            continue;
        }
        stack.extend(node.children());
    }
    edits
}

/// Whether a node counts by its text, or may only hold certain forms.
fn is_text(node: Node<'_>) -> bool {
    let is = |role: Role| node.role() == role.into();
    is(Role::Annotation)
        || is(Role::Returns)
        || matches!(
            kind(node),
            Kind::TemplateStr | Kind::MatchValue | Kind::MatchMapping | Kind::TypeAlias | Kind::TypeVar
        )
}

fn is_operation(node: Node<'_>) -> bool {
    match kind(node) {
        Kind::BinOp | Kind::UnaryOp => true,
        Kind::Subscript => view::Subscript::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        _ => false,
    }
}

/// Whether an operation is how a number is written: `-1`, `1 + 2j`.
fn is_literal(node: Node<'_>) -> bool {
    if let Some(it) = view::BinOp::cast(node) {
        let is_imaginary = view::Constant::cast(it.right())
            .is_some_and(|it| matches!(it.value(), astkit_ast::Constant::Imaginary(_)));
        let is_sum = matches!(it.op(), Operator::Add | Operator::Sub);
        return is_imaginary && is_sum && (is_real(it.left()) || is_literal(it.left()));
    }
    view::UnaryOp::cast(node).is_some_and(|it| it.op() == Unaryop::USub && is_real(it.operand()))
}

/// Whether a node is an integer or a float.
fn is_real(node: Node<'_>) -> bool {
    let value = view::Constant::cast(node).map(|it| Value::of(it.value()));
    value.is_some_and(|it| matches!(it, Value::Int(_) | Value::Float(_)))
}

/// Finds values of expressions, and remembers them.
#[derive(Default)]
struct Folder {
    known: FxHashMap<u32, Option<Value>>,
}

impl Folder {
    /// The value of an expression that is made of constants. Cost: each node once.
    fn value(&mut self, node: Node<'_>) -> Option<Value> {
        if let Some(it) = view::Constant::cast(node) {
            return Some(Value::of(it.value())).filter(|it| !matches!(it, Value::Opaque(_)));
        }
        if !is_operation(node) && kind(node) != Kind::Tuple {
            return None;
        }
        if let Some(known) = self.known.get(&node.index()) {
            return known.clone();
        }
        let value = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.find(node));
        self.known.insert(node.index(), value.clone());
        value
    }

    fn find(&mut self, node: Node<'_>) -> Option<Value> {
        if let Some(it) = view::BinOp::cast(node) {
            let (left, right) = (self.value(it.left())?, self.value(it.right())?);
            return constants::binary(it.op(), &left, &right, &Limits::COMPILER);
        }
        if let Some(it) = view::UnaryOp::cast(node) {
            return constants::unary(it.op(), &self.value(it.operand())?);
        }
        if let Some(it) = view::Subscript::cast(node) {
            let (value, index) = (self.value(it.value())?, self.value(it.slice())?);
            return constants::item(&value, &index);
        }
        let it = view::Tuple::cast(node).filter(|it| it.ctx() == ExprContext::Load)?;
        it.elts().map(|it| self.value(it)).collect::<Option<_>>().map(Value::Tuple)
    }
}

#[cfg(test)]
mod tests;
