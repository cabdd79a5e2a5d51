//! Elements of displays, and pieces of patterns.

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    pub(crate) fn check_elements(&mut self, node: Node) {
        for it in self.parts(node) {
            if self.kind(it) == Kind::Yield {
                self.fault("unexpected-syntax", self.span(it), "`yield` needs parentheses here");
            }
        }
        if self.kind(node) == Kind::Dictionary {
            self.check_leading_comma(node);
        }
    }

    /// In `1 + 2j` the first number is real, the second imaginary.
    pub(crate) fn check_complex_part(&mut self, node: Node, at: u32) {
        let imaginary = self.text_of(node).ends_with(['j', 'J']);
        if imaginary != (at == 1) {
            self.fault(
                "invalid-pattern",
                self.span(node),
                "a complex pattern is a real and an imaginary number",
            );
        }
    }

    /// `**rest` ends a mapping pattern.
    pub(crate) fn check_rest(&mut self, mapping: Node, rest: Node) {
        if self.parts(mapping).any(|it| it > rest) {
            self.fault("star-expression", self.span(rest), "`**` must stand last in a mapping pattern");
        }
    }

    /// Keys are literals and dotted names.
    pub(crate) fn check_mapping_key(&mut self, node: Node) {
        let name = self.kind(node) == Kind::DottedName && !self.text_of(node).contains('.');
        let literal = matches!(
            self.kind(node),
            Kind::DottedName
                | Kind::String
                | Kind::ConcatenatedString
                | Kind::Integer
                | Kind::Float
                | Kind::ComplexPattern
                | Kind::True
                | Kind::False
                | Kind::None
                | Kind::Error
        );
        if name || !literal {
            self.fault(
                "invalid-pattern",
                self.span(node),
                "a key of a mapping pattern is a literal or a dotted name",
            );
        }
    }
}
