//! Displays: tuples, lists, sets and dicts, and comprehensions.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// A tuple in parentheses; as a pattern also what only has parentheses.
    pub(super) fn rebuild_tuple(&mut self, node: Node, ctx: ExprContext) -> Built {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (first, second) = (parts.next(), parts.next());
        if let (Some(inner), None, Kind::TuplePattern) = (first, second, self.kind(node))
            && !self.has(node, Kind::Comma)
        {
            if self.kind(inner) == Kind::ListSplatPattern {
                self.fault(
                    "star-expression",
                    self.span(inner),
                    "a starred target needs a list or tuple around it",
                );
            }
            return self.rebuild_expression(inner, ctx);
        }
        if let (Some(inner), None) = (first, second)
            && !self.has(node, Kind::Comma)
        {
            self.fault(
                "star-expression",
                self.span(inner),
                "a tuple of one starred expression needs a comma",
            );
        }
        self.rebuild_elements(node, ctx);
        build::tuple(self.b, mark, self.span(node), ctx)
    }

    /// A tuple without parentheses; its span takes a trailing comma in.
    pub(super) fn rebuild_expression_list(&mut self, node: Node, ctx: ExprContext) -> Built {
        let mark = self.b.mark();
        self.rebuild_elements(node, ctx);
        build::tuple(self.b, mark, self.span(node), ctx)
    }

    pub(super) fn rebuild_list(&mut self, node: Node, ctx: ExprContext) -> Built {
        let mark = self.b.mark();
        self.rebuild_elements(node, ctx);
        build::list(self.b, mark, self.span(node), ctx)
    }

    pub(super) fn rebuild_set(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        self.rebuild_elements(node, ExprContext::Load);
        build::set(self.b, mark, self.span(node))
    }

    fn rebuild_elements(&mut self, node: Node, ctx: ExprContext) {
        let bare = matches!(self.kind(node), Kind::ExpressionList | Kind::PatternList);
        for it in self.parts(node) {
            let built = self.child_in(it, ctx, Role::Elts);
            self.check_place(it, built, if bare { Barred::NAMED } else { Barred::NONE });
        }
        self.check_elements(node);
    }

    pub(super) fn rebuild_dictionary(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Pair => self.rebuild_pair(it, Role::Keys, Role::Values),
                Kind::DictionarySplat => {
                    let value = self.parts(it).next();
                    self.limited(value, self.end(it), Role::Values, Barred::NOT_BIT_OR);
                }
                _ => {
                    // An error: it stands where a value would.
                    self.child(it, Role::Values);
                }
            }
        }
        self.check_elements(node);
        build::dict(self.b, mark, self.span(node))
    }

    fn rebuild_pair(&mut self, node: Node, key_role: Role, value_role: Role) {
        if self.cst.is_broken(node) {
            self.rebuild_broken(node);
            if key_role == Role::Key {
                self.b.role(key_role);
                self.absent(self.end(node), value_role);
                return;
            }
            return self.b.role(value_role);
        }
        let mut parts = self.parts(node);
        let (key, value) = (parts.next(), parts.next());
        self.limited(key, self.start(node), key_role, Barred::NOT_EXPRESSION);
        self.limited(value, self.end(node), value_role, Barred::NOT_EXPRESSION);
    }

    pub(super) fn rebuild_list_comprehension(&mut self, node: Node) -> Built {
        let mark = self.rebuild_comprehension(node);
        build::list_comp(self.b, mark, self.span(node))
    }

    pub(super) fn rebuild_set_comprehension(&mut self, node: Node) -> Built {
        let mark = self.rebuild_comprehension(node);
        build::set_comp(self.b, mark, self.span(node))
    }

    pub(super) fn rebuild_generator_expression(&mut self, node: Node) -> Built {
        let mark = self.rebuild_comprehension(node);
        build::generator_exp(self.b, mark, self.span(node))
    }

    pub(super) fn rebuild_dictionary_comprehension(&mut self, node: Node) -> Built {
        let mark = self.rebuild_comprehension(node);
        build::dict_comp(self.b, mark, self.span(node))
    }

    fn rebuild_comprehension(&mut self, node: Node) -> Mark {
        let mark = self.b.mark();
        let mut open: Option<(Mark, Node)> = None;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::ForInClause => {
                    self.close_for_in_clause(open.take());
                    open = Some((self.b.mark(), it));
                    self.rebuild_for_in_clause(it);
                }
                Kind::IfClause => {
                    let test = self.parts(it).next();
                    let barred =
                        if self.python2() { Barred::NOT_EXPRESSION } else { Barred::NOT_DISJUNCTION };
                    self.limited(test, self.end(it), Role::Ifs, barred);
                }
                Kind::Pair => self.rebuild_pair(it, Role::Key, Role::Value),
                _ => {
                    // PEP 798 has starred elements.
                    let built = self.child(it, Role::Elt);
                    self.check_place(it, built, Barred::NONE);
                }
            }
        }
        self.close_for_in_clause(open);
        mark
    }

    fn rebuild_for_in_clause(&mut self, node: Node) {
        if self.cst.is_broken(node) {
            self.rebuild_broken(node);
            self.b.role(Role::Target);
            self.absent(self.end(node), Role::Iter);
            return;
        }
        let (mut after_in, mut seen_target) = (false, false);
        let (mut mark, mut count, mut comma) = (self.b.mark(), 0, None);
        let mut span = Span::empty(self.end(node));
        for it in self.children(node) {
            match self.kind(it) {
                Kind::InToken => {
                    after_in = true;
                    mark = self.b.mark();
                }
                Kind::Comma => comma = Some(it),
                kind if kind.is_token() => {}
                _ if after_in => {
                    let barred = if self.python2() { Barred::STARRED } else { Barred::NOT_DISJUNCTION };
                    self.limited(Some(it), 0, Role::Iter, barred);
                    span = if count == 0 { self.span(it) } else { span.hull(self.span(it)) };
                    count += 1;
                }
                _ => {
                    seen_target = true;
                    self.child_in(it, ExprContext::Store, Role::Target);
                }
            }
        }
        if !seen_target || count == 0 {
            self.absent(span.start, Role::Iter);
        }
        // Python 2: `[x for x in 1, 2]`.
        if let Some(comma) = comma {
            if !self.python2() {
                self.fault("python2-syntax", span, "the iterable of a comprehension needs parentheses");
            }
            for root in self.b.roots(mark) {
                self.b.set_role(root, Role::Elts);
            }
            build::tuple(self.b, mark, span.hull(self.span(comma)), ExprContext::Load);
            self.b.role(Role::Iter);
        }
    }

    fn close_for_in_clause(&mut self, open: Option<(Mark, Node)>) {
        if let Some((mark, node)) = open {
            let is_async = i8::from(self.has(node, Kind::AsyncToken));
            build::comprehension(self.b, mark, self.span(node), is_async);
            self.b.role(Role::Generators);
        }
    }
}
