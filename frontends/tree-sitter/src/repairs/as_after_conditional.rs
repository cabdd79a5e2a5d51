//! `as-after-conditional`: in `with a if b else c as d`, the name binds the whole, not `c`; likewise after a lambda.
//!
//! The expression is rebuilt with `c` alone in place of `c as d`, and everything that ended with it ends earlier.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Role};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Builds the expression of an item and returns its target if the two are not where they should be.
    pub(crate) fn repair_as_after_conditional(&mut self, item: Node) -> Option<Node> {
        let (mut inner, mut depth) = (item, 0u32);
        while matches!(self.kind(inner), Kind::ConditionalExpression | Kind::Lambda)
            && !self.cst.is_broken(inner)
        {
            inner = self.parts(inner).last()?;
            depth += 1;
        }
        if depth == 0 || self.kind(inner) != Kind::AsPattern || self.cst.is_broken(inner) {
            return None;
        }
        let mut parts = self.parts(inner);
        let (value, target) = (parts.next()?, parts.next()?);
        self.b.repaired("as-after-conditional");
        let outer = self.hoisted.replace(inner);
        self.child(item, Role::ContextExpr);
        self.hoisted = outer;
        // Each of the nodes that were ended by the binding stands directly before the one around it.
        let end = self.end(value);
        for built in self.b.last_nodes(depth) {
            let span = self.b.span_of(built);
            self.b.set_span(built, Span::new(span.start, end));
        }
        Some(target)
    }

    /// What a binding that belongs further out leaves in its place: its first part.
    pub(crate) fn rebuild_hoisted(&mut self, node: Node) -> Built {
        match self.parts(node).next() {
            Some(value) => self.rebuild_expression(value, ExprContext::Load),
            None => self.b.missing(self.start(node)),
        }
    }
}
