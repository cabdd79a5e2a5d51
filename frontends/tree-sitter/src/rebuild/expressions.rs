//! Expressions: the dispatch over kinds, left spines, and leaves.
//!
//! `a.b(c)[d] + e` nests to the left, as deep as the text is long, and what is innermost stands first. So the way
//! down to the first operand is a loop that remembers the nodes (the *spine*), and the way up closes one node after
//! another over all that was built since the same mark. Other nesting recurses on a growing stack.

use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};
use astkit_ast::{Constant, Span, decode_number};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

/// How tightly a node holds its first operand; larger is tighter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Binding {
    Conditional,
    Or,
    And,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Power,
    Postfix,
}

impl Rebuilder<'_, '_> {
    /// Rebuilds any node that stands for an expression, a target or a type.
    pub(crate) fn rebuild_expression(&mut self, node: Node, ctx: ExprContext) -> Built {
        if self.cst.first(node).is_none() {
            return self.rebuild_operand(node, ctx);
        }
        self.grow(|it| {
            let (mark, start) = (it.b.mark(), it.start(node));
            it.rebuild_spine(mark, start, node, Binding::Postfix, ctx, |it, operand, ctx| {
                it.rebuild_operand(operand, ctx)
            })
        })
    }

    /// Rebuilds an expression whose first operand needs care.
    ///
    /// Goes down through nodes that hold their first operand no tighter than `loosest`, has `first` rebuild the
    /// operand it ends at, and goes up again, closing each node at `mark` with a span from `start`.
    pub(crate) fn rebuild_spine(
        &mut self,
        mark: Mark,
        start: u32,
        node: Node,
        tightest: Binding,
        ctx: ExprContext,
        first: impl FnOnce(&mut Self, Node, ExprContext) -> Built,
    ) -> Built {
        let depth = self.spine.len();
        let operand = self.descend(node, tightest);
        if self.spine.len() == depth {
            return first(self, operand, ctx);
        }
        if let Some(hoisted) = self.repair_prefix(depth, operand, ctx) {
            return hoisted;
        }
        first(self, operand, ExprContext::Load);
        self.ascend(depth, mark, start, ctx)
    }

    /// Goes down to the first operand, remembering the way.
    pub(crate) fn descend(&mut self, node: Node, tightest: Binding) -> Node {
        let (mut operand, mut within_and) = (node, false);
        while let Some(binding) = self.binding(operand)
            && binding <= tightest
            && !self.cst.is_broken(operand)
            && let Some(first) = self.cst.first(operand)
            && (within_and || !self.is_mixed_xor(operand))
        {
            // A chain of `&` is looked through once, from its top.
            within_and = binding == Binding::BitAnd;
            self.spine.push(operand);
            operand = self.unwrap_type(first);
        }
        operand
    }

    /// Closes the remembered nodes down to `depth`.
    pub(crate) fn ascend(&mut self, depth: usize, mark: Mark, start: u32, ctx: ExprContext) -> Built {
        while let Some(node) = self.spine.pop() {
            let last = self.spine.len() <= depth;
            let ctx = if last { ctx } else { ExprContext::Load };
            self.rebuild_suffix(mark, start, node, ctx, depth);
            if last {
                break;
            }
        }
        self.b.last().expect("a suffix was closed")
    }

    /// How a node holds its first operand; none if it has no first operand of its own.
    fn binding(&self, node: Node) -> Option<Binding> {
        Some(match self.kind(node) {
            Kind::Attribute | Kind::Call | Kind::Subscript | Kind::MemberType => Binding::Postfix,
            Kind::BinaryOperator => self.operator_binding(node),
            Kind::ComparisonOperator => Binding::Comparison,
            Kind::BooleanOperator if self.has(node, Kind::OrToken) => Binding::Or,
            Kind::BooleanOperator => Binding::And,
            Kind::ConditionalExpression => Binding::Conditional,
            _ => return None,
        })
    }

    /// Rebuilds what follows the first operand, which was just built, and closes the node over both.
    fn rebuild_suffix(&mut self, mark: Mark, start: u32, node: Node, ctx: ExprContext, depth: usize) {
        match self.kind(node) {
            Kind::Attribute | Kind::MemberType => self.rebuild_attribute(mark, start, node, ctx),
            Kind::Call => self.rebuild_call(mark, start, node, ctx),
            Kind::Subscript => self.rebuild_subscript(mark, start, node, ctx),
            Kind::BinaryOperator => self.rebuild_binary_operator(mark, start, node),
            Kind::ComparisonOperator => self.rebuild_comparison_operator(mark, start, node),
            Kind::BooleanOperator => self.rebuild_boolean_operator(mark, start, node, depth),
            _ => self.rebuild_conditional_expression(mark, start, node),
        }
        let is_target = matches!(self.kind(node), Kind::Attribute | Kind::MemberType | Kind::Subscript);
        if ctx != ExprContext::Load && !is_target {
            self.bad_target(node, ctx);
        }
    }

    /// Rebuilds an expression that is not reached through a spine.
    pub(crate) fn rebuild_operand(&mut self, node: Node, ctx: ExprContext) -> Built {
        if self.cst.is_missing(node) {
            return self.rebuild_missing(node);
        }
        if self.hoisted == Some(node) {
            return self.rebuild_hoisted(node);
        }
        if self.cst.is_broken(node) {
            return self.rebuild_broken(node);
        }
        if self.python2() && self.is_backquotes(node) {
            return self.rebuild_backquotes(node);
        }
        match self.kind(node) {
            Kind::Identifier | Kind::DottedName => return self.rebuild_identifier(node, ctx),
            Kind::Tuple | Kind::TupleExpression | Kind::TuplePattern => {
                return self.rebuild_tuple(node, ctx);
            }
            Kind::ExpressionList | Kind::PatternList => return self.rebuild_expression_list(node, ctx),
            Kind::List | Kind::ListPattern => return self.rebuild_list(node, ctx),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                return self.rebuild_list_splat(node, ctx);
            }
            Kind::ParenthesizedExpression | Kind::ParenthesizedListSplat => {
                return self.rebuild_parenthesized_expression(node, ctx);
            }
            Kind::AsPatternTarget | Kind::Type => return self.rebuild_wrapper(node, ctx),
            Kind::Error => return self.rebuild_error(node),
            _ => {}
        }
        if ctx != ExprContext::Load {
            self.bad_target(node, ctx);
        }
        self.rebuild_value(node)
    }

    /// Rebuilds an expression that is never a target.
    fn rebuild_value(&mut self, node: Node) -> Built {
        match self.kind(node) {
            Kind::Integer | Kind::Float => self.rebuild_number(node),
            Kind::String | Kind::ConcatenatedString => self.rebuild_string(node),
            Kind::True => self.rebuild_literal(node, Constant::Bool(true)),
            Kind::False => self.rebuild_literal(node, Constant::Bool(false)),
            Kind::None => self.rebuild_literal(node, Constant::None),
            Kind::Ellipsis => self.rebuild_literal(node, Constant::Ellipsis),
            Kind::UnaryOperator => self.rebuild_unary_operator(node),
            Kind::NotOperator => self.rebuild_not_operator(node),
            Kind::BinaryOperator => self.rebuild_mixed_xor(node),
            Kind::Await => self.rebuild_await(node),
            Kind::Lambda => self.rebuild_lambda(node),
            Kind::NamedExpression => self.rebuild_named_expression(node),
            Kind::Yield => self.rebuild_yield(node),
            Kind::Dictionary => self.rebuild_dictionary(node),
            Kind::Set => self.rebuild_set(node),
            Kind::ListComprehension => self.rebuild_list_comprehension(node),
            Kind::SetComprehension => self.rebuild_set_comprehension(node),
            Kind::GeneratorExpression => self.rebuild_generator_expression(node),
            Kind::DictionaryComprehension => self.rebuild_dictionary_comprehension(node),
            Kind::Slice => self.rebuild_slice(node),
            Kind::GenericType => self.rebuild_generic_type(node),
            Kind::UnionType => self.rebuild_union_type(node),
            Kind::ConstrainedType => self.rebuild_constrained_type(node),
            Kind::AsPattern => self.rebuild_stray_as_pattern(node),
            _ => self.rebuild_unexpected(node),
        }
    }

    pub(crate) fn rebuild_identifier(&mut self, node: Node, ctx: ExprContext) -> Built {
        let text = self.text_of(node);
        self.check_name(node, text, ctx);
        let (mark, id) = (self.b.mark(), self.b.name(text));
        build::name(self.b, mark, self.span(node), id, ctx)
    }

    pub(crate) fn rebuild_literal(&mut self, node: Node, value: Constant) -> Built {
        let (mark, value) = (self.b.mark(), self.b.constant(value));
        build::constant(self.b, mark, self.span(node), value, None)
    }

    pub(crate) fn rebuild_number(&mut self, node: Node) -> Built {
        let span = self.span(node);
        self.check_number_end(node);
        match decode_number(self.text_of(node), self.dialect) {
            Ok(value) => self.rebuild_literal(node, value),
            Err(error) => {
                self.fault("invalid-number", span, error.message);
                let mark = self.b.mark();
                self.b.error(mark, span)
            }
        }
    }

    fn rebuild_parenthesized_expression(&mut self, node: Node, ctx: ExprContext) -> Built {
        let Some(inner) = self.parts(node).next() else { return self.b.missing(self.start(node)) };
        let inner_kind = self.kind(inner);
        if matches!(inner_kind, Kind::ListSplat | Kind::ListSplatPattern | Kind::ParenthesizedListSplat) {
            self.fault(
                "star-expression",
                self.span(inner),
                "a starred expression can't stand alone in parentheses",
            );
        }
        self.rebuild_expression(inner, ctx)
    }

    /// A node that only wraps another.
    fn rebuild_wrapper(&mut self, node: Node, ctx: ExprContext) -> Built {
        match self.cst.first(node) {
            Some(inner) => self.rebuild_expression(inner, ctx),
            None => self.b.missing(self.start(node)),
        }
    }

    pub(crate) fn rebuild_list_splat(&mut self, node: Node, ctx: ExprContext) -> Built {
        let mark = self.b.mark();
        if ctx == ExprContext::Del {
            self.bad_target(node, ctx);
        }
        let operand = self.parts(node).next();
        match operand {
            Some(operand) => {
                let built = self.child_in(operand, ctx, Role::Value);
                self.check_place(operand, built, Barred::STARRED | Barred::NAMED);
            }
            None => {
                self.absent(self.end(node), Role::Value);
            }
        }
        build::starred(self.b, mark, self.span(node), ctx)
    }

    pub(crate) fn rebuild_await(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let Some(operand) = self.parts(node).next() else { return self.b.missing(self.end(node)) };
        if self.is_unwrapped_power(operand) {
            return self.repair_await_power(node, operand);
        }
        let built = self.child(operand, Role::Value);
        self.check_awaited(operand, built);
        build::await_(self.b, mark, self.span(node))
    }

    pub(crate) fn rebuild_named_expression(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (target, value) = (parts.next(), parts.next());
        match target {
            Some(target) => self.child_in(target, ExprContext::Store, Role::Target),
            None => self.absent(self.start(node), Role::Target),
        };
        self.limited(value, self.end(node), Role::Value, Barred::NOT_EXPRESSION);
        build::named_expr(self.b, mark, self.span(node))
    }

    pub(crate) fn rebuild_yield(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let value = self.parts(node).next();
        if self.has(node, Kind::FromToken) {
            self.limited(value, self.end(node), Role::Value, Barred::NOT_EXPRESSION);
            return build::yield_from(self.b, mark, self.span(node));
        }
        if value.is_some() {
            self.limited(value, self.end(node), Role::Value, Barred::NAMED);
        }
        build::yield_(self.b, mark, self.span(node))
    }

    pub(crate) fn rebuild_lambda(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let parameters = self.cst.child(node, Kind::LambdaParameters);
        let keyword_end = self.start(node) + 6;
        self.rebuild_parameters(parameters, Span::empty(keyword_end));
        let body = self.parts(node).find(|it| Some(*it) != parameters);
        self.limited(body, self.end(node), Role::Body, Barred::NOT_EXPRESSION);
        build::lambda(self.b, mark, self.span(node))
    }
}
