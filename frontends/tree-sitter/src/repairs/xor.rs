//! `xor-precedence`: the grammar has `^` bind more tightly than `&`; in Python it is the other way round.
//!
//! A tree of the two operators is flattened into its operands, in order, and built again.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Operator, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Whether `node` is the top of a chain of `&` with a `^` directly below.
    pub(crate) fn is_mixed_xor(&self, node: Node) -> bool {
        let mut chain = node;
        while self.is_operation(chain, Operator::BitAnd) {
            let mut parts = self.parts(chain);
            let (Some(left), right) = (parts.next(), parts.next()) else { return false };
            if self.is_operation(left, Operator::BitXor)
                || right.is_some_and(|it| self.is_operation(it, Operator::BitXor))
            {
                return true;
            }
            chain = left;
        }
        false
    }

    fn is_operation(&self, node: Node, op: Operator) -> bool {
        self.kind(node) == Kind::BinaryOperator
            && !self.cst.is_broken(node)
            && self.operator_of(node) == Some(op)
    }

    pub(crate) fn rebuild_mixed_xor(&mut self, node: Node) -> Built {
        self.b.repaired("xor-precedence");
        let (operands, ops) = self.flatten_xor(node);
        let (mark, start) = (self.b.mark(), self.start(node));
        let (mut group, mut group_start, mut end) = (mark, start, start);
        for (at, operand) in operands.iter().enumerate() {
            let op = at.checked_sub(1).and_then(|it| ops.get(it));
            if op == Some(&Operator::BitXor) {
                self.close_xor(mark, group, Span::new(start, end));
                self.b.role(Role::Left);
                (group, group_start) = (self.b.mark(), self.start(*operand));
            }
            if op == Some(&Operator::BitAnd) {
                self.b.role(Role::Left);
            }
            self.rebuild_expression(*operand, ExprContext::Load);
            end = self.end(*operand);
            if op == Some(&Operator::BitAnd) {
                self.b.role(Role::Right);
                build::bin_op(self.b, group, Span::new(group_start, end), Operator::BitAnd);
            }
        }
        self.close_xor(mark, group, Span::new(start, end));
        self.b.last().expect("an operation has operands")
    }

    /// Closes what was built since `mark` with the group that follows it, if there are two.
    fn close_xor(&mut self, mark: Mark, group: Mark, span: Span) {
        if group != mark {
            self.b.role(Role::Right);
            build::bin_op(self.b, mark, span, Operator::BitXor);
        }
    }

    /// The operands of a tree of `&` and `^`, and the operators between them.
    fn flatten_xor(&self, node: Node) -> (Vec<Node>, Vec<Operator>) {
        let (mut operands, mut ops) = (Vec::new(), Vec::new());
        let mut stack = vec![(node, None)];
        while let Some((node, op)) = stack.pop() {
            if let Some(op) = op {
                ops.push(op);
            }
            let own =
                [Operator::BitAnd, Operator::BitXor].into_iter().find(|it| self.is_operation(node, *it));
            let mut parts = self.parts(node);
            match (own, parts.next(), parts.next()) {
                (Some(own), Some(left), Some(right)) => {
                    stack.push((right, Some(own)));
                    stack.push((left, None));
                }
                _ => operands.push(node),
            }
        }
        (operands, ops)
    }
}
