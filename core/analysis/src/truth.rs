//! What is known of a condition before any code runs: constants, and facts about where the code will run.
//!
//! Constants are judged as CPython's compiler judges them: numbers, texts, `None`, `...`, tuples of constants, `not`,
//! signs, `and`, `or`, `__debug__`. An [`Environment`] adds tests of `sys.version_info`, `sys.platform`, `os.name`,
//! `sys.implementation.name` and `TYPE_CHECKING`; what it leaves open stays open.

mod facts;

use astkit_ast::python::{Boolop, Kind, Unaryop, kind, view};
use astkit_ast::{Constant, Node};

pub use facts::Environment;
use facts::fact;

/// Whether a condition always comes out the same way; none if that is not known.
pub fn truth(condition: Node<'_>, environment: &Environment) -> Option<bool> {
    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || truth_of(condition, environment))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a constant or a test of facts")]
fn truth_of(node: Node<'_>, environment: &Environment) -> Option<bool> {
    match kind(node) {
        Kind::Constant => Some(constant_truth(view::Constant::cast(node)?.value())),
        Kind::Tuple => {
            let empty = node.children().next().is_none();
            (empty || is_constant(node)).then_some(!empty)
        }
        Kind::UnaryOp => {
            let it = view::UnaryOp::cast(node)?;
            match it.op() {
                Unaryop::Not => truth(it.operand(), environment).map(|it| !it),
                // A sign keeps zero zero.
                Unaryop::UAdd | Unaryop::USub => number_truth(it.operand()),
                Unaryop::Invert => None,
            }
        }
        Kind::BoolOp => {
            let it = view::BoolOp::cast(node)?;
            let decides = it.op() == Boolop::Or;
            let mut all_known = true;
            for value in it.values() {
                match truth(value, environment) {
                    Some(it) if it == decides => return Some(decides),
                    Some(_) => {}
                    None => all_known = false,
                }
            }
            all_known.then_some(!decides)
        }
        _ => fact(node, environment),
    }
}

fn number_truth(node: Node<'_>) -> Option<bool> {
    let value = view::Constant::cast(node)?.value();
    match value {
        Constant::Int(_)
        | Constant::BigInt(_)
        | Constant::Float(_)
        | Constant::Imaginary(_)
        | Constant::Bool(_) => Some(constant_truth(value)),
        Constant::None
        | Constant::Ellipsis
        | Constant::Str(_)
        | Constant::Wtf8(_)
        | Constant::Bytes(_)
        | Constant::Digest(_) => None,
    }
}

/// `bool(value)`.
pub(crate) fn constant_truth(value: &Constant) -> bool {
    match value {
        Constant::None => false,
        Constant::Bool(it) => *it,
        Constant::Ellipsis | Constant::Digest(_) | Constant::BigInt(_) => true,
        Constant::Int(it) => *it != 0,
        Constant::Float(bits) | Constant::Imaginary(bits) => f64::from_bits(*bits) != 0.0,
        Constant::Str(it) => !it.is_empty(),
        Constant::Wtf8(it) | Constant::Bytes(it) => !it.is_empty(),
    }
}

fn is_constant(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        match kind(node) {
            Kind::Constant => {}
            Kind::Tuple => stack.extend(node.children()),
            _ => return false,
        }
    }
    true
}
