//! `match` and its patterns.

use super::precedence::Level;
use super::{Unparser, child, many, name, opt};
use crate::python::{Kind, Role, kind, view};
use crate::tree::Node;

impl<'a> Unparser<'a> {
    pub(super) fn match_(&mut self, node: Node<'a>) {
        self.line();
        self.push("match ");
        self.named(child(node, Role::Subject));
        self.push(":\n");
        self.indent += 1;
        for case in many(node, Role::Cases) {
            self.match_case(case);
        }
        self.indent -= 1;
    }

    pub(super) fn match_case(&mut self, node: Node<'a>) {
        self.line();
        if kind(node) != Kind::MatchCase {
            self.broken(node);
            return self.push("\n");
        }
        self.push("case ");
        self.pattern(child(node, Role::Pattern), false);
        if let Some(guard) = opt(node, Role::Guard) {
            self.push(" if ");
            self.named(guard);
        }
        self.block(many(node, Role::Body), false);
    }

    /// Writes a pattern; where the grammar asks for a closed one, `a | b` and `a as b` get parentheses.
    pub(super) fn pattern(&mut self, node: Node<'a>, closed: bool) {
        let open = match kind(node) {
            Kind::MatchOr => true,
            Kind::MatchAs => opt(node, Role::Pattern).is_some(),
            _ => false,
        };
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            if open && closed {
                self.bracketed("(", ")", |it| it.bare_pattern(node));
            } else {
                self.bare_pattern(node);
            }
        });
    }

    fn bare_pattern(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::MatchValue => self.expr(child(node, Role::Value), Level::BitOr),
            Kind::MatchSingleton => {
                let value = node.constant_of(node.aux()).to_source();
                self.push(&value);
            }
            Kind::MatchSequence => self.bracketed("[", "]", |it| it.patterns(node)),
            Kind::MatchMapping => self.bracketed("{", "}", |it| it.mapping(node)),
            Kind::MatchClass => self.class_pattern(node),
            Kind::MatchStar => {
                self.push("*");
                self.capture(node);
            }
            Kind::MatchAs => {
                if let Some(pattern) = opt(node, Role::Pattern) {
                    // `a | b as c` captures the whole of it.
                    self.pattern(pattern, kind(pattern) == Kind::MatchAs);
                    self.push(" as ");
                }
                self.capture(node);
            }
            Kind::MatchOr => {
                for (at, pattern) in many(node, Role::Patterns).enumerate() {
                    if at > 0 {
                        self.push(" | ");
                    }
                    self.pattern(pattern, true);
                }
            }
            _ => self.broken(node),
        }
    }

    fn capture(&mut self, node: Node<'a>) {
        let name = name(node);
        self.name(if name.is_empty() { "_" } else { name });
    }

    fn patterns(&mut self, node: Node<'a>) {
        self.list(many(node, Role::Patterns), |it, pattern| it.pattern(pattern, false));
    }

    fn mapping(&mut self, node: Node<'a>) {
        let pairs = many(node, Role::Keys).zip(many(node, Role::Patterns));
        for (at, (key, pattern)) in pairs.enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.expr(key, Level::BitOr);
            self.push(": ");
            self.pattern(pattern, false);
        }
        let rest = name(node);
        if !rest.is_empty() {
            self.push(if opt(node, Role::Keys).is_some() { ", **" } else { "**" });
            self.name(rest);
        }
    }

    fn class_pattern(&mut self, node: Node<'a>) {
        let Some(class) = view::MatchClass::cast(node) else { return };
        self.expr(class.cls(), Level::Atom);
        self.bracketed("(", ")", |it| {
            it.patterns(node);
            let mut separator = if opt(node, Role::Patterns).is_some() { ", " } else { "" };
            for (name, pattern) in class.kwd_attrs().zip(class.kwd_patterns()) {
                it.push(separator);
                it.name(name);
                it.push("=");
                it.pattern(pattern, false);
                separator = ", ";
            }
        });
    }
}
