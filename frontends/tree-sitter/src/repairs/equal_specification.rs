//! `equal-specification`: in a replacement field, the `:` of `{x:=10}` begins a format specification `=10`.
//!
//! The grammar reads a named expression, perhaps at the end of a larger one. Its value's text is the specification,
//! and sets in it are fields; the target is an ordinary name.

use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use astkit_ast::{FormatPart, Span};

use crate::cst::{Kind, Node};
use crate::rebuild::{Field, Format, Pending, Rebuilder};

impl Rebuilder<'_, '_> {
    /// Builds the field if its expression ends with a named expression without parentheses.
    pub(crate) fn repair_specification(
        &mut self,
        node: Node,
        field: &Field,
        format: Format,
        pending: &mut Pending,
    ) -> bool {
        let Some((expression, named, depth)) = field.expression.and_then(|it| self.named_at_end(it)) else {
            return false;
        };
        let colon = self.cst.child(named, Kind::ColonEqual);
        let (Some(colon), Some(target)) = (colon, self.cst.first(named)) else { return false };
        self.b.repaired("equal-specification");
        self.absorb(Span::new(self.start(colon), self.end(node)));
        self.flush(pending);
        let mark = self.b.mark();
        let outer = self.hoisted.replace(named);
        self.child(expression, Role::Value);
        self.hoisted = outer;
        for built in self.b.last_nodes(depth) {
            let span = self.b.span_of(built);
            self.b.set_span(built, Span::new(span.start, self.end(target)));
        }
        let end = field.close().map_or(self.end(node), |it| self.start(it));
        self.rebuild_equal_specification(named, Span::new(self.start(colon), end), format);
        self.close_interpolation(mark, node, self.start(colon), format, -1);
        true
    }

    /// An expression, the named expression that it ends with, and how many nodes end with that.
    fn named_at_end(&self, expression: Node) -> Option<(Node, Node, u32)> {
        let (mut last, mut depth) = (expression, 0);
        while self.kind(last) != Kind::NamedExpression {
            let ends_with_expression = matches!(
                self.kind(last),
                Kind::ExpressionList
                    | Kind::PatternList
                    | Kind::ConditionalExpression
                    | Kind::BooleanOperator
                    | Kind::NotOperator
                    | Kind::Lambda
                    | Kind::Yield
            );
            if !ends_with_expression || self.cst.is_broken(last) {
                return None;
            }
            last = self.parts(last).last()?;
            depth += 1;
        }
        Some((expression, last, depth))
    }

    fn rebuild_equal_specification(&mut self, named: Node, span: Span, format: Format) {
        let mark = self.b.mark();
        let mut pending = Pending::new();
        let mut at = span.start + 1;
        let mut node = Node(named.0 + 1);
        while node < self.cst.after(named) {
            if self.kind(node) == Kind::Set {
                let text = Span::new(at, self.start(node));
                self.add_format_text(text, format, FormatPart::Specification, &mut pending);
                self.flush(&mut pending);
                let inner = self.b.mark();
                self.rebuild_set_field(inner, node, format);
                at = self.end(node);
                node = self.cst.after(node);
            } else {
                node = Node(node.0 + 1);
            }
        }
        let text = Span::new(at, span.end);
        self.add_format_text(text, format, FormatPart::Specification, &mut pending);
        self.flush(&mut pending);
        build::joined_str(self.b, mark, span);
        self.b.role(Role::FormatSpec);
    }

    /// `{w}` or `{w:=3}` in a specification: a set to the grammar.
    fn rebuild_set_field(&mut self, mark: Mark, set: Node, format: Format) {
        let mut parts = self.parts(set);
        let value = parts.next();
        if parts.next().is_some() {
            self.fault("invalid-string", self.span(set), "a replacement field holds one expression");
        }
        match value {
            Some(named) if self.kind(named) == Kind::NamedExpression => {
                let colon = self.cst.child(named, Kind::ColonEqual).unwrap_or(named);
                let target = self.cst.first(named);
                self.child_or_absent(target, self.end(set), Role::Value);
                let end = self.cst.child(set, Kind::CloseBrace).map_or(self.end(set), |it| self.start(it));
                self.grow(|it| {
                    it.rebuild_equal_specification(named, Span::new(it.start(colon), end), format);
                });
            }
            value => {
                self.child_or_absent(value, self.end(set), Role::Value);
            }
        }
        build::formatted_value(self.b, mark, self.span(set), -1);
        self.b.role(Role::Values);
    }
}
