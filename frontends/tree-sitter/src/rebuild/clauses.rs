//! `with` and its items.

use astkit_ast::Span;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    pub(super) fn rebuild_with_statement(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::WithClause => self.rebuild_with_clause(it),
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        end = self.reach(mark, end);
        let span = Span::new(self.start(node), end);
        if self.has(node, Kind::AsyncToken) {
            build::async_with(self.b, mark, span);
        } else {
            build::with(self.b, mark, span);
        }
        end
    }

    fn rebuild_with_clause(&mut self, node: Node) {
        let mut items = self.parts(node);
        let (first, second) = (items.next(), items.next());
        let value = first.map(|it| self.with_value(it));
        if self.has(node, Kind::OpenParen) {
            if self.repair_with_tuple(node) {
                return;
            }
        } else if !self.has(node, Kind::Comma) {
            if let (Some(value), None) = (value, second)
                && self.rebuild_parenthesized_items(value)
            {
                return;
            }
        } else {
            self.check_trailing_comma(node);
        }
        for it in self.parts(node) {
            let value = self.with_value(it);
            self.rebuild_with_item(value);
        }
    }

    /// The expression of an item.
    pub(crate) fn with_value(&self, item: Node) -> Node {
        match self.kind(item) {
            Kind::WithItem if !self.cst.is_broken(item) => self.cst.first(item).unwrap_or(item),
            _ => item,
        }
    }

    /// `with (a, b as c):` has items where the grammar sees a tuple; `with (a as b):` one in parentheses.
    fn rebuild_parenthesized_items(&mut self, value: Node) -> bool {
        if self.cst.is_broken(value) {
            return false;
        }
        match self.kind(value) {
            Kind::Tuple if self.is_item_list(value) => {
                for it in self.parts(value) {
                    self.rebuild_with_item(it);
                }
                true
            }
            Kind::ParenthesizedExpression => match self.parts(value).next() {
                Some(inner) if self.kind(inner) == Kind::AsPattern => {
                    self.rebuild_with_item(inner);
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the tuple of `with (a, b):` is a list of items; what can't be an item makes it a tuple.
    pub(crate) fn is_item_list(&self, tuple: Node) -> bool {
        let mut elements = self.parts(tuple).peekable();
        elements.peek().is_some() && elements.all(|it| self.can_be_item(it))
    }

    /// Whether an expression can be an item without parentheses around it.
    pub(crate) fn can_be_item(&self, node: Node) -> bool {
        !matches!(
            self.kind(node),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::NamedExpression | Kind::Yield
        ) && !self.starts_with_star(node)
    }

    pub(crate) fn rebuild_with_item(&mut self, value: Node) {
        let mark = self.b.mark();
        if self.kind(value) == Kind::AsPattern && !self.cst.is_broken(value) {
            self.rebuild_as_pattern_item(value);
        } else if let Some(target) = self.repair_as_after_conditional(value) {
            self.rebuild_item_target(target);
        } else {
            self.limited(Some(value), 0, Role::ContextExpr, Barred::NOT_EXPRESSION);
        }
        build::withitem(self.b, mark, self.span(value));
        self.b.role(Role::Items);
    }

    fn rebuild_as_pattern_item(&mut self, node: Node) {
        let mut parts = self.parts(node);
        let (value, target) = (parts.next(), parts.next());
        self.limited(value, self.start(node), Role::ContextExpr, Barred::NOT_EXPRESSION);
        match target {
            Some(target) => self.rebuild_item_target(target),
            None => {
                self.absent(self.end(node), Role::OptionalVars);
            }
        }
    }

    fn rebuild_item_target(&mut self, target: Node) {
        let target = self.unwrap_target(target);
        self.child_in(target, ExprContext::Store, Role::OptionalVars);
    }
}
