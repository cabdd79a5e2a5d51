//! Expressions.

use astkit_ast::python::{Boolop, Operator, Role, Unaryop, build};
use astkit_ast::{Constant, Dialect, Span, decode_number};
use ruff_python_ast as ruff;
use ruff_python_ast::{
    BoolOp, Comprehension, Expr, ExprAwait, ExprBoolOp, ExprDict, ExprDictComp, ExprGenerator, ExprIf,
    ExprLambda, ExprList, ExprListComp, ExprName, ExprNamed, ExprNumberLiteral, ExprSet, ExprSetComp,
    ExprSlice, ExprStarred, ExprTuple, ExprUnaryOp, ExprYield, ExprYieldFrom, Number, UnaryOp,
};
use ruff_text_size::Ranged;

use super::spine::SpineNode;
use super::{Rebuilder, context};
use crate::place::span_of;

#[expect(clippy::wildcard_enum_match_arm, reason = "arguments and indices differ in few kinds")]
impl<'t> Rebuilder<'_, '_, 't> {
    pub(super) fn rebuild_expr(&mut self, expr: &'t Expr, role: Role) {
        match expr {
            Expr::Name(it) => self.rebuild_name(it),
            Expr::NumberLiteral(it) => self.rebuild_number(it),
            Expr::BooleanLiteral(it) => self.rebuild_constant(Constant::Bool(it.value), span_of(it)),
            Expr::NoneLiteral(it) => self.rebuild_constant(Constant::None, span_of(it)),
            Expr::EllipsisLiteral(it) => self.rebuild_constant(Constant::Ellipsis, span_of(it)),
            Expr::StringLiteral(it) => self.rebuild_string(it),
            Expr::BytesLiteral(it) => self.rebuild_bytes(it),
            Expr::Attribute(it) => self.deeper(|rebuilder| rebuilder.rebuild_spine(SpineNode::Attribute(it))),
            Expr::Call(it) => self.deeper(|rebuilder| rebuilder.rebuild_spine(SpineNode::Call(it))),
            Expr::Subscript(it) => self.deeper(|rebuilder| rebuilder.rebuild_spine(SpineNode::Subscript(it))),
            Expr::BinOp(it) => self.deeper(|rebuilder| rebuilder.rebuild_spine(SpineNode::BinOp(it))),
            Expr::Compare(it) => self.deeper(|rebuilder| rebuilder.rebuild_spine(SpineNode::Compare(it))),
            Expr::BoolOp(it) => self.deeper(|rebuilder| rebuilder.rebuild_bool_op(it)),
            Expr::Named(it) => self.deeper(|rebuilder| rebuilder.rebuild_named_expr(it)),
            Expr::UnaryOp(it) => self.deeper(|rebuilder| rebuilder.rebuild_unary_op(it)),
            Expr::Lambda(it) => self.deeper(|rebuilder| rebuilder.rebuild_lambda(it)),
            Expr::If(it) => self.deeper(|rebuilder| rebuilder.rebuild_if_exp(it)),
            Expr::Dict(it) => self.deeper(|rebuilder| rebuilder.rebuild_dict(it)),
            Expr::Set(it) => self.deeper(|rebuilder| rebuilder.rebuild_set(it)),
            Expr::ListComp(it) => self.deeper(|rebuilder| rebuilder.rebuild_list_comp(it)),
            Expr::SetComp(it) => self.deeper(|rebuilder| rebuilder.rebuild_set_comp(it)),
            Expr::DictComp(it) => self.deeper(|rebuilder| rebuilder.rebuild_dict_comp(it)),
            Expr::Generator(it) => self.deeper(|rebuilder| rebuilder.rebuild_generator(it, span_of(it))),
            Expr::Await(it) => self.deeper(|rebuilder| rebuilder.rebuild_await(it)),
            Expr::Yield(it) => self.deeper(|rebuilder| rebuilder.rebuild_yield(it)),
            Expr::YieldFrom(it) => self.deeper(|rebuilder| rebuilder.rebuild_yield_from(it)),
            Expr::FString(it) => self.deeper(|rebuilder| rebuilder.rebuild_f_string(it)),
            Expr::TString(it) => self.deeper(|rebuilder| rebuilder.rebuild_t_string(it)),
            Expr::Starred(it) => {
                self.check_starred(it);
                self.deeper(|rebuilder| rebuilder.rebuild_starred(it));
            }
            Expr::List(it) => self.deeper(|rebuilder| rebuilder.rebuild_list(it)),
            Expr::Tuple(it) => self.deeper(|rebuilder| rebuilder.rebuild_tuple(it)),
            Expr::Slice(it) => self.deeper(|rebuilder| rebuilder.rebuild_slice(it)),
            // Never made in the mode that is asked for.
            Expr::IpyEscapeCommand(it) => {
                self.is_damaged = true;
                let mark = self.b.mark();
                self.b.error(mark, span_of(it));
            }
        }
        self.b.role(role);
    }

    fn rebuild_bool_op(&mut self, it: &'t ExprBoolOp) {
        let mark = self.b.mark();
        if let Some(first) = it.values.first() {
            self.check_left_operand(first, it);
        }
        self.exprs(&it.values, Role::Values);
        let op = match it.op {
            BoolOp::And => Boolop::And,
            BoolOp::Or => Boolop::Or,
        };
        build::bool_op(self.b, mark, span_of(it), op);
    }

    fn rebuild_named_expr(&mut self, it: &'t ExprNamed) {
        self.check_named_expr(it);
        let mark = self.b.mark();
        self.rebuild_expr(&it.target, Role::Target);
        self.rebuild_expr(&it.value, Role::Value);
        build::named_expr(self.b, mark, span_of(it));
    }

    fn rebuild_unary_op(&mut self, it: &'t ExprUnaryOp) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.operand, Role::Operand);
        build::unary_op(self.b, mark, span_of(it), unary_operator(it.op));
    }

    fn rebuild_set(&mut self, it: &'t ExprSet) {
        let mark = self.b.mark();
        self.exprs(&it.elts, Role::Elts);
        build::set(self.b, mark, span_of(it));
    }

    fn rebuild_list_comp(&mut self, it: &'t ExprListComp) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.elt, Role::Elt);
        self.rebuild_comprehensions(&it.generators);
        build::list_comp(self.b, mark, span_of(it));
    }

    fn rebuild_set_comp(&mut self, it: &'t ExprSetComp) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.elt, Role::Elt);
        self.rebuild_comprehensions(&it.generators);
        build::set_comp(self.b, mark, span_of(it));
    }

    fn rebuild_await(&mut self, it: &'t ExprAwait) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.value, Role::Value);
        build::await_(self.b, mark, span_of(it));
    }

    fn rebuild_yield(&mut self, it: &'t ExprYield) {
        let mark = self.b.mark();
        self.optional_expr(it.value.as_deref(), Role::Value);
        build::yield_(self.b, mark, span_of(it));
    }

    fn rebuild_yield_from(&mut self, it: &'t ExprYieldFrom) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.value, Role::Value);
        build::yield_from(self.b, mark, span_of(it));
    }

    /// Rebuilds an argument or an index, where any expression may follow a `*`.
    pub(super) fn rebuild_argument(&mut self, expr: &'t Expr, role: Role) {
        match expr {
            Expr::Starred(it) => {
                self.deeper(|rebuilder| rebuilder.rebuild_starred(it));
                self.b.role(role);
            }
            _ => self.rebuild_expr(expr, role),
        }
    }

    /// Rebuilds what stands in a subscript's brackets.
    pub(super) fn rebuild_index(&mut self, expr: &'t Expr) {
        match expr {
            Expr::Tuple(it) if !it.parenthesized => {
                let mark = self.b.mark();
                for element in &it.elts {
                    self.rebuild_argument(element, Role::Elts);
                }
                build::tuple(self.b, mark, span_of(it), context(it.ctx));
                self.b.role(Role::Slice);
            }
            _ => self.rebuild_argument(expr, Role::Slice),
        }
    }

    fn rebuild_starred(&mut self, it: &'t ExprStarred) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.value, Role::Value);
        build::starred(self.b, mark, span_of(it), context(it.ctx));
    }

    fn rebuild_list(&mut self, it: &'t ExprList) {
        let mark = self.b.mark();
        self.exprs(&it.elts, Role::Elts);
        build::list(self.b, mark, span_of(it), context(it.ctx));
    }

    fn rebuild_tuple(&mut self, it: &'t ExprTuple) {
        self.check_tuple(it);
        let mark = self.b.mark();
        self.exprs(&it.elts, Role::Elts);
        build::tuple(self.b, mark, span_of(it), context(it.ctx));
    }

    fn rebuild_slice(&mut self, it: &'t ExprSlice) {
        let mark = self.b.mark();
        self.optional_expr(it.lower.as_deref(), Role::Lower);
        self.optional_expr(it.upper.as_deref(), Role::Upper);
        self.optional_expr(it.step.as_deref(), Role::Step);
        build::slice(self.b, mark, span_of(it));
    }

    /// A name; one without letters stands where the parser wanted an expression.
    fn rebuild_name(&mut self, it: &ExprName) {
        let span = span_of(it);
        if it.is_invalid() || it.id.is_empty() {
            self.is_damaged = true;
            if span.is_empty() {
                self.b.missing(span.start);
            } else {
                let mark = self.b.mark();
                self.b.error(mark, span);
            }
            return;
        }
        let id = self.b.normalized_name(it.id.as_str());
        let mark = self.b.mark();
        build::name(self.b, mark, span, id, context(it.ctx));
    }

    fn rebuild_number(&mut self, it: &ExprNumberLiteral) {
        let span = span_of(it);
        self.check_end_of_number(span);
        let value = match &it.value {
            Number::Int(int) => match int.as_u64() {
                Some(small) => Constant::Int(small),
                None => self.big_int(span),
            },
            Number::Float(float) => Constant::Float(float.to_bits()),
            Number::Complex { real: _, imag } => Constant::Imaginary(imag.to_bits()),
        };
        self.rebuild_constant(value, span);
    }

    fn big_int(&mut self, span: Span) -> Constant {
        decode_number(self.slice(span), Dialect::Python3).unwrap_or_else(|error| {
            self.literal_error(span.start, &error);
            Constant::Int(0)
        })
    }

    fn rebuild_constant(&mut self, value: Constant, span: Span) {
        let value = self.b.constant(value);
        let mark = self.b.mark();
        build::constant(self.b, mark, span, value, None);
    }

    fn rebuild_lambda(&mut self, it: &'t ExprLambda) {
        const KEYWORD: u32 = 6;
        let mark = self.b.mark();
        if let Some(parameters) = &it.parameters {
            self.rebuild_parameters(parameters, Role::Args);
        } else {
            let empty = self.b.mark();
            build::arguments(self.b, empty, Span::empty(it.start().to_u32() + KEYWORD));
            self.b.role(Role::Args);
        }
        self.rebuild_expr(&it.body, Role::Body);
        build::lambda(self.b, mark, span_of(it));
    }

    /// `body if test else orelse`, in the order of the text.
    fn rebuild_if_exp(&mut self, it: &'t ExprIf) {
        let mark = self.b.mark();
        self.check_left_operand(&it.body, it);
        self.rebuild_expr(&it.body, Role::Body);
        self.rebuild_expr(&it.test, Role::Test);
        self.rebuild_expr(&it.orelse, Role::Orelse);
        build::if_exp(self.b, mark, span_of(it));
    }

    fn rebuild_dict(&mut self, it: &'t ExprDict) {
        let mark = self.b.mark();
        for item in &it.items {
            self.optional_expr(item.key.as_ref(), Role::Keys);
            self.rebuild_expr(&item.value, Role::Values);
        }
        build::dict(self.b, mark, span_of(it));
    }

    /// Without a key it is Python 3.15's `{**d for ...}`, whose mapping CPython keeps as the key.
    fn rebuild_dict_comp(&mut self, it: &'t ExprDictComp) {
        let mark = self.b.mark();
        if let Some(key) = &it.key {
            self.rebuild_expr(key, Role::Key);
            self.rebuild_expr(&it.value, Role::Value);
        } else {
            self.has_no_tree(span_of(it), "dictionary unpacking in a comprehension has no tree yet");
            self.rebuild_expr(&it.value, Role::Key);
            self.b.missing(it.value.end().to_u32());
            self.b.role(Role::Value);
        }
        self.rebuild_comprehensions(&it.generators);
        build::dict_comp(self.b, mark, span_of(it));
    }

    pub(super) fn rebuild_generator(&mut self, it: &'t ExprGenerator, span: Span) {
        let mark = self.b.mark();
        self.check_element(it);
        self.rebuild_expr(&it.elt, Role::Elt);
        self.rebuild_comprehensions(&it.generators);
        build::generator_exp(self.b, mark, span);
    }

    fn rebuild_comprehensions(&mut self, comprehensions: &'t [Comprehension]) {
        for it in comprehensions {
            let mark = self.b.mark();
            self.rebuild_expr(&it.target, Role::Target);
            self.rebuild_expr(&it.iter, Role::Iter);
            self.exprs(&it.ifs, Role::Ifs);
            build::comprehension(self.b, mark, span_of(it), i8::from(it.is_async));
            self.b.role(Role::Generators);
        }
    }
}

pub(super) fn operator(op: ruff::Operator) -> Operator {
    match op {
        ruff::Operator::Add => Operator::Add,
        ruff::Operator::Sub => Operator::Sub,
        ruff::Operator::Mult => Operator::Mult,
        ruff::Operator::MatMult => Operator::MatMult,
        ruff::Operator::Div => Operator::Div,
        ruff::Operator::Mod => Operator::Mod,
        ruff::Operator::Pow => Operator::Pow,
        ruff::Operator::LShift => Operator::LShift,
        ruff::Operator::RShift => Operator::RShift,
        ruff::Operator::BitOr => Operator::BitOr,
        ruff::Operator::BitXor => Operator::BitXor,
        ruff::Operator::BitAnd => Operator::BitAnd,
        ruff::Operator::FloorDiv => Operator::FloorDiv,
    }
}

fn unary_operator(op: UnaryOp) -> Unaryop {
    match op {
        UnaryOp::Invert => Unaryop::Invert,
        UnaryOp::Not => Unaryop::Not,
        UnaryOp::UAdd => Unaryop::UAdd,
        UnaryOp::USub => Unaryop::USub,
    }
}
