//! Statements and expressions of Python 2; under Python 3 they are faults, or mean something else.

use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Operator, Role, build};
use astkit_ast::{Diagnostic, Span};

use super::Rebuilder;
use super::expressions::Binding;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// `print >>f, x`, or under Python 3 any `print` that the grammar takes for the statement.
    pub(super) fn rebuild_print_statement(&mut self, node: Node) {
        let chevron = self.cst.child(node, Kind::Chevron);
        if !self.python2() {
            return match chevron {
                Some(chevron) => self.rebuild_print_shift(node, chevron),
                None => self.reject_python2(node, "`print` without parentheses is Python 2"),
            };
        }
        let mark = self.b.mark();
        let mut comma = false;
        for it in self.children(node) {
            match self.kind(it) {
                Kind::Chevron => {
                    let dest = self.parts(it).next();
                    self.child_or_absent(dest, self.end(it), Role::Dest);
                    comma = false;
                }
                Kind::Comma => comma = true,
                Kind::PrintToken => {}
                _ => {
                    self.child(it, Role::Values);
                    comma = false;
                }
            }
        }
        build::print(self.b, mark, self.span(node), i8::from(!comma));
    }

    /// `print >>f, x` in Python 3 is a tuple whose first part is a shift.
    fn rebuild_print_shift(&mut self, node: Node, chevron: Node) {
        let mark = self.b.mark();
        let start = self.start(node);
        let id = self.b.name("print");
        build::name(self.b, mark, Span::new(start, start + 5), id, ExprContext::Load);
        if let Some(operand) = self.parts(chevron).next() {
            self.rebuild_spine(mark, start, operand, Binding::Shift, ExprContext::Load, |it, operand, _| {
                it.b.role(Role::Left);
                it.child(operand, Role::Right);
                let span = Span::new(start, it.end(operand));
                build::bin_op(it.b, mark, span, Operator::RShift)
            });
        }
        if self.has(node, Kind::Comma) {
            self.b.role(Role::Elts);
            for it in self.parts(node).filter(|it| *it != chevron) {
                self.child(it, Role::Elts);
            }
            build::tuple(self.b, mark, self.span(node), ExprContext::Load);
        }
        self.b.role(Role::Value);
        build::expr(self.b, mark, self.span(node));
    }

    pub(super) fn rebuild_exec_statement(&mut self, node: Node) {
        if !self.python2() {
            return self.reject_python2(node, "`exec` without parentheses is Python 2");
        }
        let mark = self.b.mark();
        let mut roles = [Role::Body, Role::Globals, Role::Locals].into_iter();
        for it in self.parts(node) {
            self.child(it, roles.next().unwrap_or(Role::Locals));
        }
        build::exec(self.b, mark, self.span(node));
    }

    fn reject_python2(&mut self, node: Node, message: &'static str) {
        self.fault("python2-syntax", self.span(node), message);
        let mark = self.b.mark();
        for it in self.parts(node) {
            self.rebuild_expression(it, ExprContext::Load);
        }
        self.b.error(mark, self.span(node));
    }

    /// `raise E, v, t`; says whether it was one, with its parts built.
    pub(super) fn rebuild_raise_python2(&mut self, list: Node) -> bool {
        if !self.python2() {
            self.fault("python2-syntax", self.span(list), "`raise` with commas is Python 2");
            return false;
        }
        let mut roles = [Role::Type, Role::Inst, Role::Tback].into_iter();
        for it in self.parts(list) {
            self.child(it, roles.next().unwrap_or(Role::Tback));
        }
        true
    }

    /// Something of Python 2 that Python 3's kinds have no place for: an `Error` node keeps it, but nothing is wrong.
    pub(super) fn keep_as_text(&mut self, span: Span, what: &str) {
        let message = format!("{what} has no place in the tree: it is kept as text");
        self.b.diagnostic(Diagnostic::warning("tree-sitter", "python2-text", span, message));
    }

    /// Whether the parser was shown brackets for backquotes.
    pub(super) fn is_backquotes(&self, node: Node) -> bool {
        let bracketed = matches!(
            self.kind(node),
            Kind::ParenthesizedExpression | Kind::Tuple | Kind::TupleExpression | Kind::GeneratorExpression
        );
        bracketed && self.text.as_bytes().get(self.start(node) as usize) == Some(&b'`')
    }

    /// `` `x` ``: brackets to the parser in Python 2, quotes in Python 3.
    pub(super) fn rebuild_backquotes(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let span = self.span(node);
        match self.kind(node) {
            Kind::ParenthesizedExpression => {
                let value = self.parts(node).next();
                self.child_or_absent(value, span.end, Role::Value);
            }
            Kind::Tuple | Kind::TupleExpression => {
                let mut whole: Option<Span> = None;
                for it in self.parts(node) {
                    self.child(it, Role::Elts);
                    whole = Some(whole.map_or(self.span(it), |whole| whole.hull(self.span(it))));
                }
                build::tuple(self.b, mark, whole.unwrap_or(span), ExprContext::Load);
                self.b.role(Role::Value);
            }
            _ => {
                let message = if self.python2() {
                    "can't make sense of these backquotes"
                } else {
                    "backquotes are Python 2: write `repr(...)`"
                };
                self.fault("python2-syntax", span, message);
                return self.b.error(mark, span);
            }
        }
        build::repr(self.b, mark, span)
    }

    /// Whether the parser was shown `yield` for a `print`.
    pub(super) fn is_print(&self, node: Node) -> bool {
        self.python2() && self.slice(Span::new(self.start(node), self.start(node) + 5)) == "print"
    }

    /// Whether the parser was shown `not` for an `exec`.
    pub(super) fn is_exec(&self, node: Node) -> bool {
        self.python2() && self.slice(Span::new(self.start(node), self.start(node) + 4)) == "exec"
    }

    /// `print a, b,`; without a comma at the end, a newline is printed.
    pub(super) fn rebuild_print(&mut self, node: Node) {
        let mark = self.b.mark();
        let mut newline = 1;
        match self.parts(node).next() {
            Some(list) if self.kind(list) == Kind::ExpressionList && !self.cst.is_broken(list) => {
                for it in self.children(list) {
                    newline = i8::from(self.kind(it) != Kind::Comma);
                    if newline == 1 {
                        self.child(it, Role::Values);
                    }
                }
            }
            Some(value) => {
                self.child(value, Role::Values);
            }
            None => {}
        }
        build::print(self.b, mark, self.span(node), newline);
    }

    /// `exec a in b, c`: a negated comparison, and perhaps a second part of a tuple.
    pub(super) fn rebuild_exec(&mut self, statement: Node, first: Node) {
        let mark = self.b.mark();
        let operand = self.parts(first).next();
        let locals = self.parts(statement).nth(1);
        match operand {
            Some(it) if self.is_membership(it) => {
                let mut sides = self.children(it).filter(|it| !self.cst.kind(*it).is_token());
                let (body, globals) = (sides.next(), sides.next());
                self.child_or_absent(body, self.end(first), Role::Body);
                self.child_or_absent(globals, self.end(first), Role::Globals);
            }
            Some(it) if self.is_exec_tuple(it) => {
                // As Python 2.7 has it: like a call.
                let mut roles = [Role::Body, Role::Globals, Role::Locals].into_iter();
                for part in self.parts(it) {
                    self.child(part, roles.next().unwrap_or(Role::Locals));
                }
            }
            operand => {
                self.child_or_absent(operand, self.end(first), Role::Body);
            }
        }
        if let Some(locals) = locals {
            self.child(locals, Role::Locals);
        }
        build::exec(self.b, mark, self.span(statement));
    }

    /// Whether a node is `a in b` and no more.
    fn is_membership(&self, node: Node) -> bool {
        let mut children = self.children(node);
        self.kind(node) == Kind::ComparisonOperator
            && !self.cst.is_broken(node)
            && children.nth(1).is_some_and(|it| self.kind(it) == Kind::InToken)
            && children.count() == 1
    }

    fn is_exec_tuple(&self, node: Node) -> bool {
        matches!(self.kind(node), Kind::Tuple | Kind::TupleExpression)
            && !self.cst.is_broken(node)
            && (2..=3).contains(&self.parts(node).count())
    }
}
