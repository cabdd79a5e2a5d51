//! How tightly expressions bind.

use crate::constant::Constant;
use crate::python::{Boolop, Kind, Operator, Role, Unaryop, kind};
use crate::tree::Node;

/// A level of Python's expression grammar, loosest first. An expression stands without parentheses wherever its own
/// level is at least the one asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    /// `x := y`
    Named,
    /// `yield x`
    Yield,
    /// `x, y`
    Tuple,
    /// `x if y else z`, `lambda: x`: what the grammar calls an expression
    Test,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arithmetic,
    Term,
    /// `-x`
    Factor,
    Power,
    Await,
    /// Names, literals, calls, whatever is in brackets.
    Atom,
}

impl Level {
    /// The next tighter level.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Named => Self::Yield,
            Self::Yield => Self::Tuple,
            Self::Tuple => Self::Test,
            Self::Test => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::BitOr,
            Self::BitOr => Self::BitXor,
            Self::BitXor => Self::BitAnd,
            Self::BitAnd => Self::Shift,
            Self::Shift => Self::Arithmetic,
            Self::Arithmetic => Self::Term,
            Self::Term => Self::Factor,
            Self::Factor => Self::Power,
            Self::Power => Self::Await,
            Self::Await | Self::Atom => Self::Atom,
        }
    }
}

/// The level of an expression.
pub(super) fn level_of(node: Node<'_>) -> Level {
    match kind(node) {
        Kind::NamedExpr => Level::Named,
        Kind::Yield | Kind::YieldFrom => Level::Yield,
        Kind::Tuple if node.child(Role::Elts.into()).is_some() => Level::Tuple,
        Kind::IfExp | Kind::Lambda => Level::Test,
        Kind::BoolOp => level_of_boolop(Boolop::from_flag(node.flag())),
        Kind::Compare => Level::Comparison,
        Kind::BinOp => level_of_operator(Operator::from_flag(node.flag())),
        Kind::UnaryOp => match Unaryop::from_flag(node.flag()) {
            Some(Unaryop::Not) => Level::Not,
            Some(Unaryop::Invert | Unaryop::UAdd | Unaryop::USub) | None => Level::Factor,
        },
        Kind::Await => Level::Await,
        Kind::Constant => level_of_constant(node.constant_of(node.aux())),
        _ => Level::Atom,
    }
}

/// No literal is negative, but a transformation may make such a constant.
fn level_of_constant(constant: &Constant) -> Level {
    match constant {
        Constant::Float(bits) | Constant::Imaginary(bits) if f64::from_bits(*bits).is_sign_negative() => {
            Level::Factor
        }
        _ => Level::Atom,
    }
}

pub(super) fn level_of_boolop(op: Option<Boolop>) -> Level {
    if op == Some(Boolop::And) { Level::And } else { Level::Or }
}

pub(super) fn level_of_operator(op: Option<Operator>) -> Level {
    match op {
        Some(Operator::BitOr) => Level::BitOr,
        Some(Operator::BitXor) => Level::BitXor,
        Some(Operator::BitAnd) => Level::BitAnd,
        Some(Operator::LShift | Operator::RShift) => Level::Shift,
        Some(Operator::Add | Operator::Sub) | None => Level::Arithmetic,
        Some(Operator::Mult | Operator::MatMult | Operator::Div | Operator::Mod | Operator::FloorDiv) => {
            Level::Term
        }
        Some(Operator::Pow) => Level::Power,
    }
}
