//! Rules of single statements.

use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Kind as Ast};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// A comma at the end of a list that has no brackets.
    pub(crate) fn check_trailing_comma(&mut self, node: Node) {
        if let Some(comma) = self.children(node).last().filter(|it| self.kind(*it) == Kind::Comma) {
            self.fault("unexpected-syntax", self.span(comma), "a trailing comma needs parentheses here");
        }
    }

    /// `try` needs handlers or `finally`, and handlers of one kind.
    pub(crate) fn check_try(&mut self, node: Node) {
        let (mut plain, mut star, mut finally, mut orelse) = (false, false, false, None);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::ExceptClause if self.has(it, Kind::Star) => star = true,
                Kind::ExceptClause => plain = true,
                Kind::FinallyClause => finally = true,
                Kind::ElseClause => orelse = Some(it),
                Kind::Error => return,
                _ => {}
            }
        }
        let span = self.span(node);
        let span = astkit_ast::Span::new(span.start, span.start + 3);
        if plain && star {
            self.fault("invalid-try", span, "`except` and `except*` can't be mixed");
        } else if !plain && !star && !finally {
            self.fault("invalid-try", span, "`try` needs `except` or `finally`");
        } else if let (Some(orelse), false, false) = (orelse, plain, star) {
            self.fault("invalid-try", self.span(orelse), "`else` of a `try` needs an `except` before it");
        }
    }

    /// `await` binds tightly: to a name, attribute, call, subscript or brackets.
    pub(crate) fn check_awaited(&mut self, node: Node, built: Built) {
        let loose = [Ast::Await, Ast::UnaryOp, Ast::BinOp, Ast::Starred]
            .into_iter()
            .any(|it| self.b.kind_of(built) == Some(it.into()));
        if loose && self.kind(node) != Kind::ParenthesizedExpression {
            self.fault("unexpected-syntax", self.span(node), "what is awaited needs parentheses here");
        }
    }

    pub(crate) fn check_except(&mut self, node: Node, values: &[Node], name: Option<Node>) {
        let star = self.has(node, Kind::Star);
        if star && values.is_empty() {
            self.fault("invalid-try", self.span(node), "`except*` needs a type");
        }
        if let Some(name) = name
            && !self.python2()
            && self.kind(name) != Kind::Identifier
        {
            self.fault("invalid-target", self.span(name), "the target of `except` must be a name");
        }
    }

    /// `a as b` where there is nothing to bind.
    pub(crate) fn rebuild_stray_as_pattern(&mut self, node: Node) -> Built {
        self.fault("unexpected-syntax", self.span(node), "`as` can't stand here");
        let mark = self.b.mark();
        for it in self.parts(node) {
            self.rebuild_expression(it, ExprContext::Load);
        }
        self.b.error(mark, self.span(node))
    }
}
