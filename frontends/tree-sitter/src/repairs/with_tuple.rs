//! `with-tuple`: `with (a, *b):` and `with (x := f(), y):` have one item, a tuple.

use astkit_ast::python::{ExprContext, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Builds the only item of a clause in parentheses if some part of it can't be an item of its own.
    pub(crate) fn repair_with_tuple(&mut self, clause: Node) -> bool {
        if self.cst.is_broken(clause) || self.parts(clause).all(|it| self.can_be_item(self.with_value(it))) {
            return false;
        }
        self.b.repaired("with-tuple");
        let mark = self.b.mark();
        let comma = self.has(clause, Kind::Comma);
        for it in self.parts(clause) {
            let value = self.with_value(it);
            if self.kind(value) == Kind::AsPattern {
                self.fault("invalid-target", self.span(value), "`as` can't stand in a tuple");
            }
            self.child(value, Role::Elts);
        }
        if let (Some(open), Some(close)) =
            (self.cst.child(clause, Kind::OpenParen), self.cst.child(clause, Kind::CloseParen))
            && comma
        {
            let span = self.span(open).hull(self.span(close));
            build::tuple(self.b, mark, span, ExprContext::Load);
        }
        self.b.role(Role::ContextExpr);
        build::withitem(self.b, mark, self.span(clause));
        self.b.role(Role::Items);
        true
    }
}
