//! The order of arguments.

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    pub(crate) fn check_arguments(&mut self, node: Node) {
        let (mut keyword, mut double_star) = (false, false);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::KeywordArgument => keyword = true,
                Kind::DictionarySplat => double_star = true,
                Kind::ListSplat | Kind::ListSplatPattern if !double_star => {}
                Kind::Error => {}
                _ if !double_star && self.starts_with_star(it) => {}
                Kind::ParenthesizedListSplat => {
                    self.fault(
                        "star-expression",
                        self.span(it),
                        "a starred argument can't stand in parentheses",
                    );
                }
                _ if double_star => {
                    self.fault("argument-order", self.span(it), "a positional argument can't follow `**`");
                }
                _ if keyword => {
                    self.fault(
                        "argument-order",
                        self.span(it),
                        "a positional argument can't follow a keyword argument",
                    );
                }
                _ => {}
            }
        }
        self.check_leading_comma(node);
    }

    /// `f(,)`, `{,}`: the grammar lets a comma stand alone.
    pub(crate) fn check_leading_comma(&mut self, node: Node) {
        if let Some(comma) = self.children(node).nth(1).filter(|it| self.kind(*it) == Kind::Comma) {
            self.fault("unexpected-syntax", self.span(comma), "a comma needs something before it");
        }
    }
}
