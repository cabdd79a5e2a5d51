//! `await-power`: `await x ** 2` is a power of what is awaited.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{Operator, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Whether `node` is a power without parentheses around it.
    pub(crate) fn is_unwrapped_power(&self, node: Node) -> bool {
        self.kind(node) == Kind::BinaryOperator
            && !self.cst.is_broken(node)
            && self.operator_of(node) == Some(Operator::Pow)
    }

    /// Builds the `await` around the base of the power only.
    pub(crate) fn repair_await_power(&mut self, node: Node, power: Node) -> Built {
        self.b.repaired("await-power");
        let mark = self.b.mark();
        let mut parts = self.parts(power);
        let (base, exponent) = (parts.next(), parts.next());
        self.child_or_absent(base, self.start(power), Role::Value);
        let end = base.map_or(self.start(power), |it| self.end(it));
        build::await_(self.b, mark, Span::new(self.start(node), end));
        self.b.role(Role::Left);
        self.child_or_absent(exponent, self.end(power), Role::Right);
        build::bin_op(self.b, mark, self.span(node), Operator::Pow)
    }
}
