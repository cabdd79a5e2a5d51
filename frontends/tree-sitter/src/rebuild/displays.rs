//! Displays: tuples, lists, sets and dicts, and comprehensions.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
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
        for it in self.parts(node) {
            self.child_in(it, ctx, Role::Elts);
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
                    self.child_or_absent(value, self.end(it), Role::Values);
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
            return self.b.role(value_role);
        }
        let mut parts = self.parts(node);
        let (key, value) = (parts.next(), parts.next());
        self.child_or_absent(key, self.start(node), key_role);
        self.child_or_absent(value, self.end(node), value_role);
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
                    self.child_or_absent(test, self.end(it), Role::Ifs);
                }
                Kind::Pair => self.rebuild_pair(it, Role::Key, Role::Value),
                kind => {
                    if matches!(kind, Kind::ListSplat | Kind::ListSplatPattern) {
                        self.fault(
                            "star-expression",
                            self.span(it),
                            "a comprehension can't be of starred expressions",
                        );
                    }
                    self.child(it, Role::Elt);
                }
            }
        }
        self.close_for_in_clause(open);
        mark
    }

    fn rebuild_for_in_clause(&mut self, node: Node) {
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
                    self.child(it, Role::Iter);
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
