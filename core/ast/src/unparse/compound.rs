//! Compound statements other than definitions.

use super::precedence::Level;
use super::{Unparser, child, many, opt};
use crate::python::{Kind, Role, kind};
use crate::tree::Node;

impl<'a> Unparser<'a> {
    pub(super) fn for_(&mut self, node: Node<'a>) {
        self.line();
        self.push(if kind(node) == Kind::AsyncFor { "async for " } else { "for " });
        self.expr(child(node, Role::Target), Level::Tuple);
        self.push(" in ");
        let iter = child(node, Role::Iter);
        // `for x in *a, b` is for Python 3.9 and newer.
        let starred = kind(iter) == Kind::Tuple && many(iter, Role::Elts).any(|it| kind(it) == Kind::Starred);
        self.expr(iter, if starred { Level::Test } else { Level::Tuple });
        self.block(many(node, Role::Body), false);
        self.else_(node);
    }

    pub(super) fn while_(&mut self, node: Node<'a>) {
        self.line();
        self.push("while ");
        self.named(child(node, Role::Test));
        self.block(many(node, Role::Body), false);
        self.else_(node);
    }

    fn else_(&mut self, node: Node<'a>) {
        self.optional_block("else", node, Role::Orelse);
    }

    fn optional_block(&mut self, word: &str, node: Node<'a>, role: Role) {
        if opt(node, role).is_some() {
            self.line();
            self.push(word);
            self.block(many(node, role), false);
        }
    }

    /// An `If` that is all of another's `else` is an `elif`; chains of them may be long.
    pub(super) fn if_(&mut self, node: Node<'a>) {
        let (mut node, mut word) = (node, "if ");
        loop {
            self.line();
            self.push(word);
            self.named(child(node, Role::Test));
            self.block(many(node, Role::Body), false);
            let mut orelse = many(node, Role::Orelse);
            match (orelse.next(), orelse.next()) {
                (Some(only), None) if kind(only) == Kind::If => (node, word) = (only, "elif "),
                _ => return self.else_(node),
            }
        }
    }

    pub(super) fn with(&mut self, node: Node<'a>) {
        self.line();
        self.push(if kind(node) == Kind::AsyncWith { "async with " } else { "with " });
        let mut items = many(node, Role::Items);
        if let (Some(only), None) = (items.next(), items.next())
            && is_bare_tuple(only)
        {
            // With one pair of parentheses, its elements would be the items.
            self.bracketed("(", ")", |it| it.with_item(only));
        } else {
            self.list(many(node, Role::Items), Self::with_item);
        }
        self.block(many(node, Role::Body), false);
    }

    pub(super) fn with_item(&mut self, node: Node<'a>) {
        if kind(node) != Kind::Withitem {
            return self.broken(node);
        }
        self.expr(child(node, Role::ContextExpr), Level::Test);
        self.tail(" as ", opt(node, Role::OptionalVars), Level::Test);
    }

    pub(super) fn try_(&mut self, node: Node<'a>) {
        self.line();
        self.push("try");
        self.block(many(node, Role::Body), false);
        for handler in many(node, Role::Handlers) {
            self.handler(handler, kind(node) == Kind::TryStar);
        }
        self.else_(node);
        self.optional_block("finally", node, Role::Finalbody);
    }

    pub(super) fn handler(&mut self, node: Node<'a>, star: bool) {
        self.line();
        if kind(node) != Kind::ExceptHandler {
            self.broken(node);
            return self.push("\n");
        }
        self.push(if star { "except*" } else { "except" });
        self.tail(" ", opt(node, Role::Type), Level::Test);
        self.as_name(node);
        self.block(many(node, Role::Body), false);
    }
}

fn is_bare_tuple(item: Node<'_>) -> bool {
    kind(child(item, Role::ContextExpr)) == Kind::Tuple && opt(item, Role::OptionalVars).is_none()
}
