//! Constructors of Python's nodes: each closes a node over the subtrees built since `mark` and sets its scalars.
//!
//! Children come first: build each in source order, give it its role with [`TreeBuilder::role`], then close.

// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.

use crate::builder::{Built, ConstantId, Mark, NameId, TreeBuilder};
use crate::span::Span;

use super::kind::{Boolop, Cmpop, ExprContext, Kind, Operator, StringKind, Unaryop};

/// A `Module`.
#[inline]
pub fn module(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Module.into(), span, 0, crate::tree::NONE)
}

/// A `FunctionDef`.
#[inline]
pub fn function_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::FunctionDef.into(), span, 0, name.0)
}

/// An `AsyncFunctionDef`.
#[inline]
pub fn async_function_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::AsyncFunctionDef.into(), span, 0, name.0)
}

/// A `ClassDef`.
#[inline]
pub fn class_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::ClassDef.into(), span, 0, name.0)
}

/// A `Return`.
#[inline]
pub fn return_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Return.into(), span, 0, crate::tree::NONE)
}

/// A `Delete`.
#[inline]
pub fn delete(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Delete.into(), span, 0, crate::tree::NONE)
}

/// An `Assign`.
#[inline]
pub fn assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Assign.into(), span, 0, crate::tree::NONE)
}

/// A `TypeAlias`.
#[inline]
pub fn type_alias(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::TypeAlias.into(), span, 0, crate::tree::NONE)
}

/// An `AugAssign`.
#[inline]
pub fn aug_assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Operator) -> Built {
    builder.close_located(mark, Kind::AugAssign.into(), span, op as u8, crate::tree::NONE)
}

/// An `AnnAssign`.
#[inline]
pub fn ann_assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, simple: i8) -> Built {
    builder.close_located(mark, Kind::AnnAssign.into(), span, simple.cast_unsigned(), crate::tree::NONE)
}

/// A `For`.
#[inline]
pub fn for_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::For.into(), span, 0, crate::tree::NONE)
}

/// An `AsyncFor`.
#[inline]
pub fn async_for(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::AsyncFor.into(), span, 0, crate::tree::NONE)
}

/// A `While`.
#[inline]
pub fn while_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::While.into(), span, 0, crate::tree::NONE)
}

/// An `If`.
#[inline]
pub fn if_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::If.into(), span, 0, crate::tree::NONE)
}

/// A `With`.
#[inline]
pub fn with(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::With.into(), span, 0, crate::tree::NONE)
}

/// An `AsyncWith`.
#[inline]
pub fn async_with(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::AsyncWith.into(), span, 0, crate::tree::NONE)
}

/// A `Match`.
#[inline]
pub fn match_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Match.into(), span, 0, crate::tree::NONE)
}

/// A `Raise`.
#[inline]
pub fn raise(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Raise.into(), span, 0, crate::tree::NONE)
}

/// A `Try`.
#[inline]
pub fn try_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Try.into(), span, 0, crate::tree::NONE)
}

/// A `TryStar`.
#[inline]
pub fn try_star(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::TryStar.into(), span, 0, crate::tree::NONE)
}

/// An `Assert`.
#[inline]
pub fn assert(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Assert.into(), span, 0, crate::tree::NONE)
}

/// An `Import`.
#[inline]
pub fn import(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Import.into(), span, 0, crate::tree::NONE)
}

/// An `ImportFrom`.
#[inline]
pub fn import_from(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    module: Option<NameId>,
    level: u32,
) -> Built {
    let record = builder.record();
    builder.record_word(module.map_or(crate::tree::NONE, |it| it.0));
    builder.record_word(level);
    builder.close_located(mark, Kind::ImportFrom.into(), span, 0, record)
}

/// A `Global`.
#[inline]
pub fn global(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, names: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(names.iter().map(|it| it.0));
    builder.close_located(mark, Kind::Global.into(), span, 0, record)
}

/// A `Nonlocal`.
#[inline]
pub fn nonlocal(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, names: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(names.iter().map(|it| it.0));
    builder.close_located(mark, Kind::Nonlocal.into(), span, 0, record)
}

/// An `Expr`.
#[inline]
pub fn expr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Expr.into(), span, 0, crate::tree::NONE)
}

/// A `Pass`.
#[inline]
pub fn pass(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Pass.into(), span, 0, crate::tree::NONE)
}

/// A `Break`.
#[inline]
pub fn break_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Break.into(), span, 0, crate::tree::NONE)
}

/// A `Continue`.
#[inline]
pub fn continue_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Continue.into(), span, 0, crate::tree::NONE)
}

/// A `Print`.
#[inline]
pub fn print(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, nl: i8) -> Built {
    builder.close_located(mark, Kind::Print.into(), span, nl.cast_unsigned(), crate::tree::NONE)
}

/// An `Exec`.
#[inline]
pub fn exec(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Exec.into(), span, 0, crate::tree::NONE)
}

/// A `Raise2`.
#[inline]
pub fn raise2(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Raise2.into(), span, 0, crate::tree::NONE)
}

/// A `BoolOp`.
#[inline]
pub fn bool_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Boolop) -> Built {
    builder.close_located(mark, Kind::BoolOp.into(), span, op as u8, crate::tree::NONE)
}

/// A `NamedExpr`.
#[inline]
pub fn named_expr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::NamedExpr.into(), span, 0, crate::tree::NONE)
}

/// A `BinOp`.
#[inline]
pub fn bin_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Operator) -> Built {
    builder.close_located(mark, Kind::BinOp.into(), span, op as u8, crate::tree::NONE)
}

/// An `UnaryOp`.
#[inline]
pub fn unary_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Unaryop) -> Built {
    builder.close_located(mark, Kind::UnaryOp.into(), span, op as u8, crate::tree::NONE)
}

/// A `Lambda`.
#[inline]
pub fn lambda(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Lambda.into(), span, 0, crate::tree::NONE)
}

/// An `IfExp`.
#[inline]
pub fn if_exp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::IfExp.into(), span, 0, crate::tree::NONE)
}

/// A `Dict`.
#[inline]
pub fn dict(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Dict.into(), span, 0, crate::tree::NONE)
}

/// A `Set`.
#[inline]
pub fn set(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Set.into(), span, 0, crate::tree::NONE)
}

/// A `ListComp`.
#[inline]
pub fn list_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::ListComp.into(), span, 0, crate::tree::NONE)
}

/// A `SetComp`.
#[inline]
pub fn set_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::SetComp.into(), span, 0, crate::tree::NONE)
}

/// A `DictComp`.
#[inline]
pub fn dict_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::DictComp.into(), span, 0, crate::tree::NONE)
}

/// A `GeneratorExp`.
#[inline]
pub fn generator_exp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::GeneratorExp.into(), span, 0, crate::tree::NONE)
}

/// An `Await`.
#[inline]
pub fn await_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Await.into(), span, 0, crate::tree::NONE)
}

/// A `Yield`.
#[inline]
pub fn yield_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Yield.into(), span, 0, crate::tree::NONE)
}

/// A `YieldFrom`.
#[inline]
pub fn yield_from(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::YieldFrom.into(), span, 0, crate::tree::NONE)
}

/// A `Compare`.
#[inline]
pub fn compare(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ops: &[Cmpop]) -> Built {
    let record = builder.record();
    builder.record_list(ops.iter().map(|it| u32::from(*it as u8)));
    builder.close_located(mark, Kind::Compare.into(), span, 0, record)
}

/// A `Call`.
#[inline]
pub fn call(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Call.into(), span, 0, crate::tree::NONE)
}

/// A `FormattedValue`.
#[inline]
pub fn formatted_value(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, conversion: i8) -> Built {
    builder.close_located(
        mark,
        Kind::FormattedValue.into(),
        span,
        conversion.cast_unsigned(),
        crate::tree::NONE,
    )
}

/// An `Interpolation`.
#[inline]
pub fn interpolation(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    str: ConstantId,
    conversion: i8,
) -> Built {
    builder.close_located(mark, Kind::Interpolation.into(), span, conversion.cast_unsigned(), str.0)
}

/// A `JoinedStr`.
#[inline]
pub fn joined_str(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::JoinedStr.into(), span, 0, crate::tree::NONE)
}

/// A `TemplateStr`.
#[inline]
pub fn template_str(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::TemplateStr.into(), span, 0, crate::tree::NONE)
}

/// A `Constant`.
#[inline]
pub fn constant(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    value: ConstantId,
    kind: Option<StringKind>,
) -> Built {
    builder.close_located(mark, Kind::Constant.into(), span, kind.map_or(0, |it| it as u8), value.0)
}

/// An `Attribute`.
#[inline]
pub fn attribute(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    attr: NameId,
    ctx: ExprContext,
) -> Built {
    builder.close_located(mark, Kind::Attribute.into(), span, ctx as u8, attr.0)
}

/// A `Subscript`.
#[inline]
pub fn subscript(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close_located(mark, Kind::Subscript.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Starred`.
#[inline]
pub fn starred(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close_located(mark, Kind::Starred.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Name`.
#[inline]
pub fn name(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, id: NameId, ctx: ExprContext) -> Built {
    builder.close_located(mark, Kind::Name.into(), span, ctx as u8, id.0)
}

/// A `List`.
#[inline]
pub fn list(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close_located(mark, Kind::List.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Tuple`.
#[inline]
pub fn tuple(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close_located(mark, Kind::Tuple.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Slice`.
#[inline]
pub fn slice(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Slice.into(), span, 0, crate::tree::NONE)
}

/// A `Repr`.
#[inline]
pub fn repr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Repr.into(), span, 0, crate::tree::NONE)
}

/// A `comprehension`.
#[inline]
pub fn comprehension(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, is_async: i8) -> Built {
    builder.close(mark, Kind::Comprehension.into(), span, is_async.cast_unsigned(), crate::tree::NONE)
}

/// An `ExceptHandler`.
#[inline]
pub fn except_handler(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close_located(
        mark,
        Kind::ExceptHandler.into(),
        span,
        0,
        name.map_or(crate::tree::NONE, |it| it.0),
    )
}

/// An `arguments`.
#[inline]
pub fn arguments(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Arguments.into(), span, 0, crate::tree::NONE)
}

/// An `arg`.
#[inline]
pub fn arg(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, arg: NameId) -> Built {
    builder.close_located(mark, Kind::Arg.into(), span, 0, arg.0)
}

/// A `keyword`.
#[inline]
pub fn keyword(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, arg: Option<NameId>) -> Built {
    builder.close_located(mark, Kind::Keyword.into(), span, 0, arg.map_or(crate::tree::NONE, |it| it.0))
}

/// An `alias`.
#[inline]
pub fn alias(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    name: NameId,
    asname: Option<NameId>,
) -> Built {
    let record = builder.record();
    builder.record_word(name.0);
    builder.record_word(asname.map_or(crate::tree::NONE, |it| it.0));
    builder.close_located(mark, Kind::Alias.into(), span, 0, record)
}

/// A `withitem`.
#[inline]
pub fn withitem(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Withitem.into(), span, 0, crate::tree::NONE)
}

/// A `match_case`.
#[inline]
pub fn match_case(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::MatchCase.into(), span, 0, crate::tree::NONE)
}

/// A `MatchValue`.
#[inline]
pub fn match_value(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::MatchValue.into(), span, 0, crate::tree::NONE)
}

/// A `MatchSingleton`.
#[inline]
pub fn match_singleton(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, value: ConstantId) -> Built {
    builder.close_located(mark, Kind::MatchSingleton.into(), span, 0, value.0)
}

/// A `MatchSequence`.
#[inline]
pub fn match_sequence(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::MatchSequence.into(), span, 0, crate::tree::NONE)
}

/// A `MatchMapping`.
#[inline]
pub fn match_mapping(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, rest: Option<NameId>) -> Built {
    builder.close_located(mark, Kind::MatchMapping.into(), span, 0, rest.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchClass`.
#[inline]
pub fn match_class(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, kwd_attrs: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(kwd_attrs.iter().map(|it| it.0));
    builder.close_located(mark, Kind::MatchClass.into(), span, 0, record)
}

/// A `MatchStar`.
#[inline]
pub fn match_star(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close_located(mark, Kind::MatchStar.into(), span, 0, name.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchAs`.
#[inline]
pub fn match_as(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close_located(mark, Kind::MatchAs.into(), span, 0, name.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchOr`.
#[inline]
pub fn match_or(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::MatchOr.into(), span, 0, crate::tree::NONE)
}

/// A `TypeVar`.
#[inline]
pub fn type_var(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::TypeVar.into(), span, 0, name.0)
}

/// A `ParamSpec`.
#[inline]
pub fn param_spec(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::ParamSpec.into(), span, 0, name.0)
}

/// A `TypeVarTuple`.
#[inline]
pub fn type_var_tuple(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close_located(mark, Kind::TypeVarTuple.into(), span, 0, name.0)
}

/// An `Error`.
#[inline]
pub fn error(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, value: ConstantId) -> Built {
    builder.close_located(mark, Kind::Error.into(), span, 0, value.0)
}

/// A `Missing`.
#[inline]
pub fn missing(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close_located(mark, Kind::Missing.into(), span, 0, crate::tree::NONE)
}
