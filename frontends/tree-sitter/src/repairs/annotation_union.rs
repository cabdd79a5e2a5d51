//! `annotation-union`: `A[int] | B | None` and `list[int] | None or y` in annotations.
//!
//! The grammar has a node of its own for a union whose left side is a generic type, and takes all that follows the
//! `|` for its right side. So the union is put in front of the first operand of the right side, below everything
//! that holds its first operand no tighter than `|` does.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Operator, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::{Binding, Rebuilder};

impl Rebuilder<'_, '_> {
    pub(crate) fn rebuild_union_type(&mut self, node: Node) -> Built {
        let (mark, start) = (self.b.mark(), self.start(node));
        let mut rights = Vec::new();
        let mut left = node;
        while self.kind(left) == Kind::UnionType && !self.cst.is_broken(left) {
            let mut parts = self.parts(left);
            let (Some(first), right) = (parts.next(), parts.next()) else { break };
            rights.push((right, self.end(left)));
            left = self.unwrap_type(first);
        }
        let mut built = if self.kind(left) == Kind::UnionType {
            self.rebuild_broken(left)
        } else {
            self.rebuild_expression(left, ExprContext::Load)
        };
        while let Some((right, end)) = rights.pop() {
            built = if let Some(right) = right {
                let right = self.unwrap_type(right);
                self.rebuild_union_right(mark, start, right)
            } else {
                self.b.role(Role::Left);
                self.absent(end, Role::Right);
                build::bin_op(self.b, mark, Span::new(start, end), Operator::BitOr)
            };
        }
        built
    }

    fn rebuild_union_right(&mut self, mark: astkit_ast::builder::Mark, start: u32, right: Node) -> Built {
        let depth = self.spine.len();
        self.rebuild_spine(mark, start, right, Binding::BitOr, ExprContext::Load, |it, operand, _| {
            if it.spine.len() > depth {
                it.b.repaired("annotation-union");
            }
            it.b.role(Role::Left);
            it.child(operand, Role::Right);
            build::bin_op(it.b, mark, Span::new(start, it.end(operand)), Operator::BitOr)
        })
    }
}
