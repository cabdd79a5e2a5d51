//! `star-operand` and `named-value`: what stands before the innermost operand belongs around all of it.
//!
//! In `*a.b(c)` the grammar has the star around `a` only, and in `(m := a if b else c)` the assignment around `a`.
//! Both bind more loosely than anything that follows, so they are taken off the operand and closed last.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Builds a spine whose innermost operand is starred or a named expression; none if it is neither.
    pub(crate) fn repair_prefix(&mut self, depth: usize, operand: Node, ctx: ExprContext) -> Option<Built> {
        if self.cst.is_damaged(operand) {
            return None;
        }
        match self.kind(operand) {
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                Some(self.repair_star_operand(depth, operand, ctx))
            }
            Kind::NamedExpression => Some(self.repair_named_value(depth, operand)),
            _ => None,
        }
    }

    fn repair_star_operand(&mut self, depth: usize, star: Node, ctx: ExprContext) -> Built {
        self.b.repaired("star-operand");
        let mark = self.b.mark();
        let start = self.start(star);
        let operand = self.parts(star).next();
        match operand {
            Some(operand) => self.rebuild_expression(operand, ExprContext::Load),
            None => self.b.missing(self.end(star)),
        };
        let operand_start = operand.map_or(start, |it| self.start(it));
        let built = self.ascend(depth, mark, operand_start, ctx);
        self.b.role(Role::Value);
        let end = self.b.span_of(built).end;
        build::starred(self.b, mark, Span::new(start, end), ctx)
    }

    fn repair_named_value(&mut self, depth: usize, named: Node) -> Built {
        self.b.repaired("named-value");
        let mark = self.b.mark();
        let mut parts = self.parts(named);
        let (target, value) = (parts.next(), parts.next());
        match target {
            Some(target) => self.child_in(target, ExprContext::Store, Role::Target),
            None => self.absent(self.start(named), Role::Target),
        };
        let value_mark = self.b.mark();
        let value_start = value.map_or(self.end(named), |it| self.start(it));
        match value {
            Some(value) => self.rebuild_expression(value, ExprContext::Load),
            None => self.b.missing(value_start),
        };
        let built = self.ascend(depth, value_mark, value_start, ExprContext::Load);
        self.b.role(Role::Value);
        let end = self.b.span_of(built).end;
        build::named_expr(self.b, mark, Span::new(self.start(named), end))
    }

    /// Whether the innermost first operand of an expression is starred.
    pub(crate) fn starts_with_star(&self, node: Node) -> bool {
        let mut operand = node;
        loop {
            match self.kind(operand) {
                Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => return true,
                Kind::Attribute | Kind::Call | Kind::Subscript | Kind::BinaryOperator => {}
                _ => return false,
            }
            match self.cst.first(operand) {
                Some(first) => operand = first,
                None => return false,
            }
        }
    }
}
