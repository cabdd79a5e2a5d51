//! What follows a value directly: attributes, calls and subscripts.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    pub(super) fn rebuild_attribute(&mut self, mark: Mark, start: u32, node: Node, ctx: ExprContext) {
        self.b.role(Role::Value);
        let attr = self.parts(node).nth(1);
        let text = attr.map_or("", |it| self.text_of(it));
        if let Some(attr) = attr {
            self.check_name(attr, text, ExprContext::Load);
        }
        let attr = self.b.name(text);
        build::attribute(self.b, mark, Span::new(start, self.end(node)), attr, ctx);
    }

    pub(super) fn rebuild_call(&mut self, mark: Mark, start: u32, node: Node, ctx: ExprContext) {
        let arguments = self.cst.first(node).map(|it| self.cst.after(it));
        if let Some(brackets) = arguments
            && self.text.as_bytes().get(self.start(brackets) as usize) == Some(&b'[')
        {
            return self.rebuild_bridged_subscript(mark, start, brackets, ctx);
        }
        self.b.role(Role::Func);
        match arguments {
            // `f(x for x in y)`: the parentheses are the call's and the generator's.
            Some(it) if self.kind(it) == Kind::GeneratorExpression => {
                self.child(it, Role::Args);
            }
            Some(it) if self.kind(it) == Kind::ArgumentList => self.rebuild_argument_list(it, Role::Args),
            _ => {}
        }
        build::call(self.b, mark, Span::new(start, self.end(node)));
    }

    /// A subscript that the parser was shown as a call.
    fn rebuild_bridged_subscript(&mut self, mark: Mark, start: u32, brackets: Node, ctx: ExprContext) {
        self.b.role(Role::Value);
        if let Some(open) = self.cst.first(brackets) {
            self.rebuild_subscripts(brackets, open);
        }
        build::subscript(self.b, mark, Span::new(start, self.end(brackets)), ctx);
    }

    /// The arguments of a call, or the bases of a class.
    pub(crate) fn rebuild_argument_list(&mut self, node: Node, positional: Role) {
        self.check_arguments(node);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::KeywordArgument => self.rebuild_keyword_argument(it),
                Kind::DictionarySplat => self.rebuild_dictionary_splat(it),
                _ => {
                    self.child(it, positional);
                }
            }
        }
    }

    pub(crate) fn rebuild_keyword_argument(&mut self, node: Node) {
        if self.cst.is_broken(node) {
            self.rebuild_broken(node);
            return self.b.role(Role::Keywords);
        }
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (name, value) = (parts.next(), parts.next());
        let text = name.map_or("", |it| self.text_of(it));
        if let Some(name) = name {
            self.check_name(name, text, ExprContext::Store);
        }
        self.limited(value, self.end(node), Role::Value, Barred::NOT_EXPRESSION);
        let name = self.b.name(text);
        build::keyword(self.b, mark, self.span(node), Some(name));
        self.b.role(Role::Keywords);
    }

    fn rebuild_dictionary_splat(&mut self, node: Node) {
        let mark = self.b.mark();
        let value = self.parts(node).next();
        self.limited(value, self.end(node), Role::Value, Barred::NOT_EXPRESSION);
        build::keyword(self.b, mark, self.span(node), None);
        self.b.role(Role::Keywords);
    }

    pub(super) fn rebuild_subscript(&mut self, mark: Mark, start: u32, node: Node, ctx: ExprContext) {
        self.b.role(Role::Value);
        let Some(first) = self.cst.first(node) else { return };
        self.rebuild_subscripts(node, self.cst.after(first));
        build::subscript(self.b, mark, Span::new(start, self.end(node)), ctx);
    }

    /// What stands between the brackets of `node`, the first of which is `open`: one expression, or a tuple.
    pub(crate) fn rebuild_subscripts(&mut self, node: Node, open: Node) {
        let mark = self.b.mark();
        let (mut count, mut tuple, mut span) = (0, false, Span::empty(self.end(open)));
        for it in self.children(node).filter(|it| *it > open) {
            match self.kind(it) {
                Kind::CloseBracket | Kind::CloseParen => {}
                Kind::Comma => {
                    tuple = true;
                    span = span.hull(self.span(it));
                }
                kind => {
                    let built = self.child(it, Role::Elts);
                    span = if count == 0 { self.span(it) } else { span.hull(self.span(it)) };
                    count += 1;
                    tuple |= matches!(kind, Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType)
                        || self.is_starred(built);
                }
            }
        }
        if tuple || count > 1 {
            build::tuple(self.b, mark, span, ExprContext::Load);
        } else if count == 0 {
            self.fault(
                "missing-expression",
                self.span(node),
                "a subscript needs an expression between its brackets",
            );
            self.b.missing(span.start);
        }
        self.b.role(Role::Slice);
    }

    pub(crate) fn rebuild_slice(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut roles = [Role::Lower, Role::Upper, Role::Step].into_iter();
        let mut role = roles.next();
        for it in self.children(node) {
            if self.kind(it) == Kind::Colon {
                role = roles.next();
            } else {
                self.limited(Some(it), 0, role.unwrap_or(Role::Step), Barred::NOT_EXPRESSION);
            }
        }
        build::slice(self.b, mark, self.span(node))
    }
}
