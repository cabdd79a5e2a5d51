//! `equal-specification`: in a replacement field, the `:` of `{x:=10}` begins a format specification `=10`.
//!
//! The grammar reads a named expression. Its value's text is the specification, and sets in it are fields.

use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use astkit_ast::{FormatPart, Span};

use crate::cst::{Kind, Node};
use crate::rebuild::{Field, Format, Pending, Rebuilder};

impl Rebuilder<'_, '_> {
    /// Builds the field if its expression is a named expression without parentheses.
    pub(crate) fn repair_specification(
        &mut self,
        mark: Mark,
        node: Node,
        field: &Field,
        format: Format,
    ) -> bool {
        let Some(named) = field.expression.filter(|it| self.kind(*it) == Kind::NamedExpression) else {
            return false;
        };
        let colon = self.cst.child(named, Kind::ColonEqual);
        let (Some(colon), Some(target)) = (colon, self.cst.first(named)) else { return false };
        self.b.repaired("equal-specification");
        self.child(target, Role::Value);
        let end = field.close().map_or(self.end(node), |it| self.start(it));
        self.rebuild_equal_specification(named, Span::new(self.start(colon), end), format);
        self.close_interpolation(mark, node, field, format, -1);
        true
    }

    fn rebuild_equal_specification(&mut self, named: Node, span: Span, format: Format) {
        let mark = self.b.mark();
        let mut pending = Pending::new();
        let mut at = span.start + 1;
        let mut node = Node(named.0 + 1);
        while node < self.cst.after(named) {
            if self.kind(node) == Kind::Set {
                let text = Span::new(at, self.start(node));
                self.add_format_text(text, format.raw, FormatPart::Specification, &mut pending);
                self.flush(&mut pending);
                self.rebuild_set_field(node);
                at = self.end(node);
                node = self.cst.after(node);
            } else {
                node = Node(node.0 + 1);
            }
        }
        let text = Span::new(at, span.end);
        self.add_format_text(text, format.raw, FormatPart::Specification, &mut pending);
        self.flush(&mut pending);
        build::joined_str(self.b, mark, span);
        self.b.role(Role::FormatSpec);
    }

    /// `{w}` in a specification.
    fn rebuild_set_field(&mut self, set: Node) {
        let mark = self.b.mark();
        let mut parts = self.parts(set);
        let value = parts.next();
        if parts.next().is_some() {
            self.fault("invalid-string", self.span(set), "a replacement field holds one expression");
        }
        self.child_or_absent(value, self.end(set), Role::Value);
        build::formatted_value(self.b, mark, self.span(set), -1);
        self.b.role(Role::Values);
    }
}
