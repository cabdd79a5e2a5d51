//! Annotations: the grammar has nodes of its own for some types, where Python has ordinary expressions.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// What a `type` node holds, however many of them there are.
    pub(crate) fn unwrap_type(&self, node: Node) -> Node {
        let mut inner = node;
        while self.kind(inner) == Kind::Type
            && !self.cst.is_broken(inner)
            && let Some(first) = self.cst.first(inner)
        {
            inner = first;
        }
        inner
    }

    /// `A[int, str]` as an annotation.
    pub(super) fn rebuild_generic_type(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let Some(value) = self.cst.first(node) else { return self.b.missing(self.start(node)) };
        self.child(value, Role::Value);
        if let Some(parameters) = self.cst.child(node, Kind::TypeParameter)
            && let Some(open) = self.cst.first(parameters)
        {
            self.rebuild_subscripts(parameters, open);
        }
        build::subscript(self.b, mark, self.span(node), ExprContext::Load)
    }

    /// `A[x:y]` as an annotation: the grammar takes the slice for a type variable with a bound.
    pub(super) fn rebuild_constrained_type(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (lower, upper) = (parts.next(), parts.next());
        self.limited(lower, self.start(node), Role::Lower, Barred::NOT_EXPRESSION);
        self.limited(upper, self.end(node), Role::Upper, Barred::NOT_EXPRESSION);
        build::slice(self.b, mark, self.span(node))
    }

    /// `type X[T] = Y`.
    pub(super) fn rebuild_type_alias_statement(&mut self, node: Node) {
        let mut types = self.parts(node);
        let (Some(left), right) = (types.next(), types.next()) else {
            return self.rebuild_generic_error(node);
        };
        let inner = self.unwrap_type(left);
        if self.repair_type_call(node, inner, right) {
            return;
        }
        let mark = self.b.mark();
        let (name, parameters) = match self.kind(inner) {
            Kind::GenericType => {
                (self.cst.first(inner).unwrap_or(inner), self.cst.child(inner, Kind::TypeParameter))
            }
            _ => (inner, None),
        };
        if self.kind(name) != Kind::Identifier {
            self.fault("invalid-target", self.span(left), "a type alias must be a name");
        }
        self.child_in(name, ExprContext::Store, Role::Name);
        if let Some(parameters) = parameters {
            self.rebuild_type_parameters(parameters);
        }
        self.limited(right, self.end(node), Role::Value, Barred::NOT_EXPRESSION);
        build::type_alias(self.b, mark, Span::new(self.start(node), self.end(node)));
    }
}
