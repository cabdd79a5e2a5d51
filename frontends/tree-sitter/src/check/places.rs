//! Which expressions may stand in which places.
//!
//! The grammar allows any expression wherever it allows one; Python's has levels: a starred expression, a named
//! expression, a conditional expression or lambda, a disjunction, and what binds as tightly as `|`. What was built
//! is looked at, not the concrete node, so that repairs are seen; parentheses around a node lift all limits.

use std::ops::BitOr;

use astkit_ast::builder::Built;
use astkit_ast::python::{Kind as Ast, Role};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

/// Expressions that may not stand in some place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Barred(u8);

impl Barred {
    /// Nothing.
    pub(crate) const NONE: Self = Self(0);
    /// `*x`.
    pub(crate) const STARRED: Self = Self(1);
    /// `x := y`.
    pub(crate) const NAMED: Self = Self(2);
    /// `x if y else z`, `lambda: x`.
    pub(crate) const TERNARY: Self = Self(4);
    /// `x or y`, `x and y`, `not x`, `x < y`.
    pub(crate) const LOGIC: Self = Self(8);
    /// `x:y`, which the grammar has in annotations.
    pub(crate) const SLICE: Self = Self(16);

    /// Everything but what Python's grammar calls an expression.
    pub(crate) const NOT_EXPRESSION: Self = Self(Self::STARRED.0 | Self::NAMED.0 | Self::SLICE.0);
    /// Everything but what it calls a disjunction.
    pub(crate) const NOT_DISJUNCTION: Self = Self(Self::NOT_EXPRESSION.0 | Self::TERNARY.0);
    /// Everything that binds more loosely than `|`.
    pub(crate) const NOT_BIT_OR: Self = Self(Self::NOT_DISJUNCTION.0 | Self::LOGIC.0);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Barred {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Rebuilder<'_, '_> {
    /// Rebuilds an expression, or puts a `Missing` in its place, and checks that it may stand there.
    pub(crate) fn limited(&mut self, node: Option<Node>, offset: u32, role: Role, barred: Barred) -> Built {
        let built = self.child_or_absent(node, offset, role);
        if let Some(node) = node {
            self.check_place(node, built, barred);
        }
        built
    }

    /// Notes a fault if what was built from `node` may not stand in its place.
    pub(crate) fn check_place(&mut self, node: Node, built: Built, barred: Barred) {
        let Some(kind) = self.b.kind_of(built).and_then(Ast::from_id) else { return };
        let (limit, message) = match kind {
            Ast::Starred => {
                self.check_star_operand(node);
                (Barred::STARRED, "a starred expression can't stand here")
            }
            Ast::NamedExpr => (Barred::NAMED, "`:=` needs parentheses here"),
            Ast::IfExp | Ast::Lambda => {
                (Barred::TERNARY, "a conditional expression or lambda needs parentheses here")
            }
            Ast::BoolOp | Ast::Compare => (Barred::LOGIC, "this expression needs parentheses here"),
            Ast::UnaryOp if self.kind(node) == Kind::NotOperator => {
                (Barred::LOGIC, "this expression needs parentheses here")
            }
            Ast::Slice => (Barred::SLICE, "a slice can only stand in a subscript"),
            _ => return,
        };
        let kind = self.kind(self.unwrap_type(node));
        let wrapped = matches!(kind, Kind::ParenthesizedExpression | Kind::TuplePattern);
        if barred.has(limit) && !wrapped {
            self.fault("unexpected-syntax", self.span(node), message);
        }
    }

    /// What is starred outside of calls and subscripts binds at least as tightly as `|`.
    pub(crate) fn check_star_operand(&mut self, node: Node) {
        let node = self.unwrap_type(node);
        let operand = match self.kind(node) {
            Kind::ListSplat | Kind::ListSplatPattern => self.parts(node).next(),
            _ => Some(node),
        };
        let loose = |kind| {
            matches!(
                kind,
                Kind::BooleanOperator
                    | Kind::ComparisonOperator
                    | Kind::ConditionalExpression
                    | Kind::Lambda
                    | Kind::NotOperator
                    | Kind::NamedExpression
            )
        };
        if let Some(operand) = operand.filter(|it| loose(self.kind(*it))) {
            self.fault("star-expression", self.span(operand), "what is starred needs parentheses here");
        }
    }
}
