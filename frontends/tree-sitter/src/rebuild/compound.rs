//! Compound statements: branches, loops and `try`.
//!
//! A statement ends where its last block ends, which is not where the grammar's node ends.

use astkit_ast::Span;
use astkit_ast::builder::Mark;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// `elif` is an `If` in the `orelse` of the one before it; all end where the chain ends.
    pub(super) fn rebuild_if_statement(&mut self, node: Node) -> u32 {
        let mut open: Vec<(Mark, u32)> = vec![(self.b.mark(), self.start(node))];
        let mut end = self.end(node);
        let mut condition = true;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::ElifClause => {
                    self.check_clause_column(it);
                    open.push((self.b.mark(), self.start(it)));
                    end = self.rebuild_elif_clause(it);
                }
                Kind::ElseClause => end = self.rebuild_clause(it, Role::Orelse),
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                Kind::Error => self.rebuild_stray(it, Role::Body),
                _ if condition => {
                    self.limited(Some(it), 0, Role::Test, Barred::STARRED);
                    condition = false;
                }
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        if let Some((mark, _)) = open.first() {
            end = self.reach(*mark, end);
        }
        while let Some((mark, start)) = open.pop() {
            build::if_(self.b, mark, Span::new(start, end));
            if !open.is_empty() {
                self.b.role(Role::Orelse);
            }
        }
        end
    }

    fn rebuild_elif_clause(&mut self, node: Node) -> u32 {
        let mut end = self.end(node);
        let mut condition = true;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                Kind::Error => self.rebuild_stray(it, Role::Body),
                _ if condition => {
                    self.limited(Some(it), 0, Role::Test, Barred::STARRED);
                    condition = false;
                }
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        end
    }

    /// `else:` or `finally:`.
    fn rebuild_clause(&mut self, node: Node, role: Role) -> u32 {
        self.check_clause_column(node);
        let mut end = self.end(node);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Block => end = self.rebuild_block(it, role),
                _ => self.rebuild_stray(it, role),
            }
        }
        end
    }

    pub(super) fn rebuild_for_statement(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        let (mut target, mut after_in) = (false, false);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::InToken => after_in = true,
                kind if kind.is_token() => {}
                Kind::ElseClause => end = self.rebuild_clause(it, Role::Orelse),
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                Kind::Error => self.rebuild_stray(it, Role::Body),
                _ if after_in => {
                    self.limited(Some(it), 0, Role::Iter, Barred::NAMED);
                }
                _ if !target => {
                    target = true;
                    self.child_in(it, ExprContext::Store, Role::Target);
                }
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        end = self.reach(mark, end);
        let span = Span::new(self.start(node), end);
        if self.has(node, Kind::AsyncToken) {
            build::async_for(self.b, mark, span);
        } else {
            build::for_(self.b, mark, span);
        }
        end
    }

    pub(super) fn rebuild_while_statement(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        let mut condition = true;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::ElseClause => end = self.rebuild_clause(it, Role::Orelse),
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                Kind::Error => self.rebuild_stray(it, Role::Body),
                _ if condition => {
                    self.limited(Some(it), 0, Role::Test, Barred::STARRED);
                    condition = false;
                }
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        end = self.reach(mark, end);
        build::while_(self.b, mark, Span::new(self.start(node), end));
        end
    }

    pub(super) fn rebuild_try_statement(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        let mut star = false;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                Kind::ExceptClause => {
                    star |= self.has(it, Kind::Star);
                    end = self.rebuild_except_clause(it);
                }
                Kind::ElseClause => end = self.rebuild_clause(it, Role::Orelse),
                Kind::FinallyClause => end = self.rebuild_clause(it, Role::Finalbody),
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        self.check_try(node);
        end = self.reach(mark, end);
        let span = Span::new(self.start(node), end);
        if star {
            build::try_star(self.b, mark, span);
        } else {
            build::try_(self.b, mark, span);
        }
        end
    }

    fn rebuild_except_clause(&mut self, node: Node) -> u32 {
        self.check_clause_column(node);
        let mark = self.b.mark();
        let mut end = self.end(node);
        let mut name = None;
        if let Some(block) = self.cst.child(node, Kind::Block) {
            name = self.rebuild_except_values(node);
            if let Some(target) = name.filter(|it| self.python2() && self.kind(*it) != Kind::Identifier) {
                self.keep_as_text(self.span(target), "a target of `except` that is no name");
                let mark = self.b.mark();
                self.rebuild_expression(target, ExprContext::Store);
                self.b.error(mark, self.span(target));
                self.b.role(Role::Body);
                name = None;
            }
            end = self.rebuild_block(block, Role::Body);
        } else {
            for it in self.parts(node) {
                self.rebuild_stray(it, Role::Body);
            }
        }
        let name = name.map(|it| {
            let text = self.text_of(it);
            self.check_name(it, text, ExprContext::Store);
            self.b.name(text)
        });
        end = self.reach(mark, end);
        build::except_handler(self.b, mark, Span::new(self.start(node), end), name);
        self.b.role(Role::Handlers);
        end
    }

    /// The type of a handler; returns the node of its name.
    fn rebuild_except_values(&mut self, node: Node) -> Option<Node> {
        let cst = self.cst;
        let values = self.parts(node).filter(|it| !matches!(cst.kind(*it), Kind::Block | Kind::Error));
        let values: Vec<Node> = values.collect();
        let has_as = self.has(node, Kind::AsToken);
        let name = match values.as_slice() {
            [] => None,
            [value] if self.kind(*value) == Kind::AsPattern && !self.cst.is_broken(*value) => {
                let mut parts = self.parts(*value);
                let (value, target) = (parts.next(), parts.next());
                self.limited(value, self.end(node), Role::Type, Barred::NOT_EXPRESSION);
                target.map(|it| self.unwrap_target(it))
            }
            [value] => {
                self.limited(Some(*value), 0, Role::Type, Barred::NOT_EXPRESSION);
                None
            }
            [value, name] if has_as => {
                self.child(*value, Role::Type);
                Some(*name)
            }
            [value, name] if self.python2() => {
                self.child(*value, Role::Type);
                Some(*name)
            }
            [first, .., last] => {
                // PEP 758: `except A, B:`.
                let mark = self.b.mark();
                for it in &values {
                    self.child(*it, Role::Elts);
                }
                let span = self.span(*first).hull(self.span(*last));
                build::tuple(self.b, mark, span, ExprContext::Load);
                self.b.role(Role::Type);
                None
            }
        };
        self.check_except(node, &values, name);
        name
    }

    /// What a target of `as` is, without the grammar's wrapper.
    pub(super) fn unwrap_target(&self, node: Node) -> Node {
        match self.kind(node) {
            Kind::AsPatternTarget => self.cst.first(node).unwrap_or(node),
            _ => node,
        }
    }
}
