//! Left spines: operations, comparisons, calls, attributes and subscripts, whose text begins with another expression.
//!
//! `a.b(c).d(e)` and `a + b + c` nest to the left, and as deep as they are long. All nodes of a spine begin with the
//! same child; so they share a mark: go down to that child, build it, and close the nodes on the way back.

use astkit_ast::builder::Mark;
use astkit_ast::python::{Cmpop, Role, build};
use ruff_python_ast::{CmpOp, Expr, ExprAttribute, ExprBinOp, ExprCall, ExprCompare, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};
use smallvec::SmallVec;

use super::expression::operator;
use super::{Rebuilder, context};
use crate::place::span_of;

/// A node of a left spine.
#[derive(Clone, Copy)]
pub(super) enum SpineNode<'t> {
    Attribute(&'t ExprAttribute),
    Call(&'t ExprCall),
    Subscript(&'t ExprSubscript),
    BinOp(&'t ExprBinOp),
    Compare(&'t ExprCompare),
}

impl Ranged for SpineNode<'_> {
    fn range(&self) -> TextRange {
        match self {
            Self::Attribute(it) => it.range(),
            Self::Call(it) => it.range(),
            Self::Subscript(it) => it.range(),
            Self::BinOp(it) => it.range(),
            Self::Compare(it) => it.range(),
        }
    }
}

impl<'t> SpineNode<'t> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a spine is a list of five kinds, any other kind ends it"
    )]
    fn of(expr: &'t Expr) -> Option<Self> {
        match expr {
            Expr::Attribute(it) => Some(Self::Attribute(it)),
            Expr::Call(it) => Some(Self::Call(it)),
            Expr::Subscript(it) => Some(Self::Subscript(it)),
            Expr::BinOp(it) => Some(Self::BinOp(it)),
            Expr::Compare(it) => Some(Self::Compare(it)),
            _ => None,
        }
    }

    /// The child that its text begins with.
    fn left(self) -> &'t Expr {
        match self {
            Self::Attribute(it) => &it.value,
            Self::Call(it) => &it.func,
            Self::Subscript(it) => &it.value,
            Self::BinOp(it) => &it.left,
            Self::Compare(it) => &it.left,
        }
    }

    /// The role of that child.
    fn left_role(self) -> Role {
        match self {
            Self::Attribute(_) | Self::Subscript(_) => Role::Value,
            Self::Call(_) => Role::Func,
            Self::BinOp(_) | Self::Compare(_) => Role::Left,
        }
    }
}

impl<'t> Rebuilder<'_, '_, 't> {
    /// Rebuilds an expression of one of the five kinds.
    pub(super) fn rebuild_spine(&mut self, node: SpineNode<'t>) {
        let mark = self.b.mark();
        let Some(inner) = SpineNode::of(node.left()) else {
            // Most spines are one node long.
            self.check_left_operand(node.left(), &node);
            self.rebuild_expr(node.left(), node.left_role());
            return self.close_spine_node(node, mark);
        };
        let base = self.spine.len();
        self.spine.push(node);
        let mut last = inner;
        while let Some(inner) = SpineNode::of(last.left()) {
            self.spine.push(last);
            last = inner;
        }
        self.deepest = self.deepest.max(self.depth + self.spine.len() - base);
        self.check_left_operand(last.left(), &node);
        self.rebuild_expr(last.left(), last.left_role());
        self.close_spine_node(last, mark);
        while self.spine.len() > base
            && let Some(parent) = self.spine.pop()
        {
            self.b.role(parent.left_role());
            self.close_spine_node(parent, mark);
        }
    }

    /// Closes a node whose leftmost child is built.
    fn close_spine_node(&mut self, node: SpineNode<'t>, mark: Mark) {
        match node {
            SpineNode::Attribute(it) => self.rebuild_attribute(it, mark),
            SpineNode::Call(it) => self.rebuild_call(it, mark),
            SpineNode::Subscript(it) => self.rebuild_subscript(it, mark),
            SpineNode::BinOp(it) => self.rebuild_bin_op(it, mark),
            SpineNode::Compare(it) => self.rebuild_compare(it, mark),
        }
    }

    fn rebuild_attribute(&mut self, it: &'t ExprAttribute, mark: Mark) {
        if it.attr.id.is_empty() {
            self.b.error(mark, span_of(it));
            return;
        }
        let attr = self.identifier(&it.attr);
        build::attribute(self.b, mark, span_of(it), attr, context(it.ctx));
    }

    fn rebuild_call(&mut self, it: &'t ExprCall, mark: Mark) {
        match &*it.arguments.args {
            // A generator without parentheses of its own takes those of the call.
            [Expr::Generator(generator)] if !generator.parenthesized => {
                self.deeper(|rebuilder| rebuilder.rebuild_generator(generator, span_of(&it.arguments)));
                self.b.role(Role::Args);
            }
            _ => self.rebuild_arguments(&it.arguments, Role::Args),
        }
        build::call(self.b, mark, span_of(it));
    }

    fn rebuild_subscript(&mut self, it: &'t ExprSubscript, mark: Mark) {
        self.rebuild_index(&it.slice);
        build::subscript(self.b, mark, span_of(it), context(it.ctx));
    }

    fn rebuild_bin_op(&mut self, it: &'t ExprBinOp, mark: Mark) {
        self.rebuild_expr(&it.right, Role::Right);
        build::bin_op(self.b, mark, span_of(it), operator(it.op));
    }

    fn rebuild_compare(&mut self, it: &'t ExprCompare, mark: Mark) {
        self.exprs(&it.comparators, Role::Comparators);
        let ops: SmallVec<[Cmpop; 4]> = it.ops.iter().map(|it| comparison(*it)).collect();
        build::compare(self.b, mark, span_of(it), &ops);
    }
}

fn comparison(op: CmpOp) -> Cmpop {
    match op {
        CmpOp::Eq => Cmpop::Eq,
        CmpOp::NotEq => Cmpop::NotEq,
        CmpOp::Lt => Cmpop::Lt,
        CmpOp::LtE => Cmpop::LtE,
        CmpOp::Gt => Cmpop::Gt,
        CmpOp::GtE => Cmpop::GtE,
        CmpOp::Is => Cmpop::Is,
        CmpOp::IsNot => Cmpop::IsNot,
        CmpOp::In => Cmpop::In,
        CmpOp::NotIn => Cmpop::NotIn,
    }
}
