//! Operators: unary, binary, boolean, comparisons and conditional expressions.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{Boolop, Cmpop, Operator, Role, Unaryop, build};
use smallvec::SmallVec;

use super::Rebuilder;
use super::expressions::Binding;
use crate::check::Barred;
use crate::cst::{Kind, Node};

/// The operator that a token stands for.
pub(crate) fn operator(token: Kind) -> Option<Operator> {
    Some(match token {
        Kind::Plus | Kind::PlusEqual => Operator::Add,
        Kind::Minus | Kind::MinusEqual => Operator::Sub,
        Kind::Star | Kind::StarEqual => Operator::Mult,
        Kind::At | Kind::AtEqual => Operator::MatMult,
        Kind::Slash | Kind::SlashEqual => Operator::Div,
        Kind::Percent | Kind::PercentEqual => Operator::Mod,
        Kind::DoubleStar | Kind::DoubleStarEqual => Operator::Pow,
        Kind::LeftShift | Kind::LeftShiftEqual => Operator::LShift,
        Kind::RightShift | Kind::RightShiftEqual => Operator::RShift,
        Kind::Pipe | Kind::PipeEqual => Operator::BitOr,
        Kind::Caret | Kind::CaretEqual => Operator::BitXor,
        Kind::Ampersand | Kind::AmpersandEqual => Operator::BitAnd,
        Kind::DoubleSlash | Kind::DoubleSlashEqual => Operator::FloorDiv,
        _ => return None,
    })
}

fn comparison(token: Kind) -> Option<Cmpop> {
    Some(match token {
        Kind::Less => Cmpop::Lt,
        Kind::LessEqual => Cmpop::LtE,
        Kind::DoubleEqual => Cmpop::Eq,
        Kind::NotEqual | Kind::LessGreater => Cmpop::NotEq,
        Kind::GreaterEqual => Cmpop::GtE,
        Kind::Greater => Cmpop::Gt,
        Kind::InToken => Cmpop::In,
        Kind::NotInToken => Cmpop::NotIn,
        Kind::IsToken => Cmpop::Is,
        Kind::IsNotToken => Cmpop::IsNot,
        _ => return None,
    })
}

impl Rebuilder<'_, '_> {
    /// The operator of a binary operation; its token follows the first operand.
    pub(crate) fn operator_of(&self, node: Node) -> Option<Operator> {
        let first = self.cst.first(node)?;
        operator(self.kind(self.cst.after(first)))
    }

    pub(crate) fn operator_binding(&self, node: Node) -> Binding {
        match self.operator_of(node) {
            Some(Operator::BitOr) => Binding::BitOr,
            Some(Operator::BitXor) => Binding::BitXor,
            Some(Operator::BitAnd) => Binding::BitAnd,
            Some(Operator::LShift | Operator::RShift) => Binding::Shift,
            Some(Operator::Add | Operator::Sub) => Binding::Sum,
            Some(Operator::Pow) => Binding::Power,
            Some(Operator::Mult | Operator::MatMult | Operator::Div | Operator::Mod | Operator::FloorDiv)
            | None => Binding::Product,
        }
    }

    pub(super) fn rebuild_binary_operator(&mut self, mark: Mark, start: u32, node: Node) {
        self.b.role(Role::Left);
        let right = self.parts(node).nth(1);
        self.limited(right, self.end(node), Role::Right, Barred::STARRED);
        let op = self.operator_of(node).unwrap_or(Operator::Add);
        build::bin_op(self.b, mark, Span::new(start, self.end(node)), op);
    }

    /// `a and b and c` is one node: an inner operation leaves its operands for the outer one of the same operator.
    pub(super) fn rebuild_boolean_operator(&mut self, mark: Mark, start: u32, node: Node, depth: usize) {
        self.b.role(Role::Values);
        let right = self.parts(node).nth(1);
        self.limited(right, self.end(node), Role::Values, Barred::NOT_DISJUNCTION);
        let op = self.boolean_operator_of(node);
        let outer = self.spine.get(depth..).and_then(<[Node]>::last).copied();
        let continues = outer
            .is_some_and(|it| self.kind(it) == Kind::BooleanOperator && self.boolean_operator_of(it) == op);
        if !continues {
            build::bool_op(self.b, mark, Span::new(start, self.end(node)), op);
        }
    }

    fn boolean_operator_of(&self, node: Node) -> Boolop {
        if self.has(node, Kind::OrToken) { Boolop::Or } else { Boolop::And }
    }

    pub(super) fn rebuild_comparison_operator(&mut self, mark: Mark, start: u32, node: Node) {
        self.b.role(Role::Left);
        let mut ops: SmallVec<[Cmpop; 4]> = SmallVec::new();
        for it in self.children(node).skip(1) {
            match comparison(self.kind(it)) {
                Some(op) => {
                    if self.kind(it) == Kind::LessGreater && !self.python2() {
                        self.fault("python2-syntax", self.span(it), "`<>` is Python 2: write `!=`");
                    }
                    ops.push(op);
                }
                None => {
                    self.limited(Some(it), self.end(node), Role::Comparators, Barred::NOT_DISJUNCTION);
                }
            }
        }
        build::compare(self.b, mark, Span::new(start, self.end(node)), &ops);
    }

    pub(super) fn rebuild_conditional_expression(&mut self, mark: Mark, start: u32, node: Node) {
        self.b.role(Role::Body);
        let mut parts = self.parts(node).skip(1);
        let (test, orelse) = (parts.next(), parts.next());
        self.limited(test, self.end(node), Role::Test, Barred::NOT_DISJUNCTION);
        self.limited(orelse, self.end(node), Role::Orelse, Barred::NOT_EXPRESSION);
        build::if_exp(self.b, mark, Span::new(start, self.end(node)));
    }

    pub(crate) fn rebuild_unary_operator(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let op = match self.cst.first(node).map(|it| self.kind(it)) {
            Some(Kind::Minus) => Unaryop::USub,
            Some(Kind::Tilde) => Unaryop::Invert,
            _ => Unaryop::UAdd,
        };
        let operand = self.parts(node).next();
        self.limited(operand, self.end(node), Role::Operand, Barred::NOT_BIT_OR);
        build::unary_op(self.b, mark, self.span(node), op)
    }

    pub(crate) fn rebuild_not_operator(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        if self.is_exec(node) {
            self.fault("unexpected-syntax", self.span(node), "can't make sense of this `exec`");
        }
        let operand = self.parts(node).next();
        self.limited(operand, self.end(node), Role::Operand, Barred::NOT_DISJUNCTION);
        build::unary_op(self.b, mark, self.span(node), Unaryop::Not)
    }
}
