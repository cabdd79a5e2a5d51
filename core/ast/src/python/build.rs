//! Constructors of Python's nodes: each closes a node over the subtrees built since `mark` and sets its scalars.
//!
//! Children come first: build each in source order, give it its role with [`TreeBuilder::role`], then close.

// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.

use crate::builder::{Built, ConstantId, Mark, NameId, TreeBuilder};
use crate::span::Span;

use super::kind::{Boolop, Cmpop, ExprContext, Kind, Operator, StringKind, Unaryop};

/// A `Module`.
pub fn module(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Module.into(), span, 0, crate::tree::NONE)
}

/// A `FunctionDef`.
pub fn function_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::FunctionDef.into(), span, 0, name.0)
}

/// An `AsyncFunctionDef`.
pub fn async_function_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::AsyncFunctionDef.into(), span, 0, name.0)
}

/// A `ClassDef`.
pub fn class_def(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::ClassDef.into(), span, 0, name.0)
}

/// A `Return`.
pub fn return_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Return.into(), span, 0, crate::tree::NONE)
}

/// A `Delete`.
pub fn delete(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Delete.into(), span, 0, crate::tree::NONE)
}

/// An `Assign`.
pub fn assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Assign.into(), span, 0, crate::tree::NONE)
}

/// A `TypeAlias`.
pub fn type_alias(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::TypeAlias.into(), span, 0, crate::tree::NONE)
}

/// An `AugAssign`.
pub fn aug_assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Operator) -> Built {
    builder.close(mark, Kind::AugAssign.into(), span, op as u8, crate::tree::NONE)
}

/// An `AnnAssign`.
pub fn ann_assign(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, simple: i8) -> Built {
    builder.close(mark, Kind::AnnAssign.into(), span, simple.cast_unsigned(), crate::tree::NONE)
}

/// A `For`.
pub fn for_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::For.into(), span, 0, crate::tree::NONE)
}

/// An `AsyncFor`.
pub fn async_for(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::AsyncFor.into(), span, 0, crate::tree::NONE)
}

/// A `While`.
pub fn while_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::While.into(), span, 0, crate::tree::NONE)
}

/// An `If`.
pub fn if_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::If.into(), span, 0, crate::tree::NONE)
}

/// A `With`.
pub fn with(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::With.into(), span, 0, crate::tree::NONE)
}

/// An `AsyncWith`.
pub fn async_with(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::AsyncWith.into(), span, 0, crate::tree::NONE)
}

/// A `Match`.
pub fn match_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Match.into(), span, 0, crate::tree::NONE)
}

/// A `Raise`.
pub fn raise(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Raise.into(), span, 0, crate::tree::NONE)
}

/// A `Try`.
pub fn try_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Try.into(), span, 0, crate::tree::NONE)
}

/// A `TryStar`.
pub fn try_star(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::TryStar.into(), span, 0, crate::tree::NONE)
}

/// An `Assert`.
pub fn assert(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Assert.into(), span, 0, crate::tree::NONE)
}

/// An `Import`.
pub fn import(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Import.into(), span, 0, crate::tree::NONE)
}

/// An `ImportFrom`.
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
    builder.close(mark, Kind::ImportFrom.into(), span, 0, record)
}

/// A `Global`.
pub fn global(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, names: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(names.iter().map(|it| it.0));
    builder.close(mark, Kind::Global.into(), span, 0, record)
}

/// A `Nonlocal`.
pub fn nonlocal(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, names: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(names.iter().map(|it| it.0));
    builder.close(mark, Kind::Nonlocal.into(), span, 0, record)
}

/// An `Expr`.
pub fn expr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Expr.into(), span, 0, crate::tree::NONE)
}

/// A `Pass`.
pub fn pass(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Pass.into(), span, 0, crate::tree::NONE)
}

/// A `Break`.
pub fn break_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Break.into(), span, 0, crate::tree::NONE)
}

/// A `Continue`.
pub fn continue_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Continue.into(), span, 0, crate::tree::NONE)
}

/// A `Print`.
pub fn print(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, nl: i8) -> Built {
    builder.close(mark, Kind::Print.into(), span, nl.cast_unsigned(), crate::tree::NONE)
}

/// An `Exec`.
pub fn exec(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Exec.into(), span, 0, crate::tree::NONE)
}

/// A `Raise2`.
pub fn raise2(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Raise2.into(), span, 0, crate::tree::NONE)
}

/// A `BoolOp`.
pub fn bool_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Boolop) -> Built {
    builder.close(mark, Kind::BoolOp.into(), span, op as u8, crate::tree::NONE)
}

/// A `NamedExpr`.
pub fn named_expr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::NamedExpr.into(), span, 0, crate::tree::NONE)
}

/// A `BinOp`.
pub fn bin_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Operator) -> Built {
    builder.close(mark, Kind::BinOp.into(), span, op as u8, crate::tree::NONE)
}

/// An `UnaryOp`.
pub fn unary_op(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, op: Unaryop) -> Built {
    builder.close(mark, Kind::UnaryOp.into(), span, op as u8, crate::tree::NONE)
}

/// A `Lambda`.
pub fn lambda(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Lambda.into(), span, 0, crate::tree::NONE)
}

/// An `IfExp`.
pub fn if_exp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::IfExp.into(), span, 0, crate::tree::NONE)
}

/// A `Dict`.
pub fn dict(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Dict.into(), span, 0, crate::tree::NONE)
}

/// A `Set`.
pub fn set(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Set.into(), span, 0, crate::tree::NONE)
}

/// A `ListComp`.
pub fn list_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::ListComp.into(), span, 0, crate::tree::NONE)
}

/// A `SetComp`.
pub fn set_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::SetComp.into(), span, 0, crate::tree::NONE)
}

/// A `DictComp`.
pub fn dict_comp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::DictComp.into(), span, 0, crate::tree::NONE)
}

/// A `GeneratorExp`.
pub fn generator_exp(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::GeneratorExp.into(), span, 0, crate::tree::NONE)
}

/// An `Await`.
pub fn await_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Await.into(), span, 0, crate::tree::NONE)
}

/// A `Yield`.
pub fn yield_(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Yield.into(), span, 0, crate::tree::NONE)
}

/// A `YieldFrom`.
pub fn yield_from(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::YieldFrom.into(), span, 0, crate::tree::NONE)
}

/// A `Compare`.
pub fn compare(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ops: &[Cmpop]) -> Built {
    let record = builder.record();
    builder.record_list(ops.iter().map(|it| u32::from(*it as u8)));
    builder.close(mark, Kind::Compare.into(), span, 0, record)
}

/// A `Call`.
pub fn call(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Call.into(), span, 0, crate::tree::NONE)
}

/// A `FormattedValue`.
pub fn formatted_value(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, conversion: i8) -> Built {
    builder.close(mark, Kind::FormattedValue.into(), span, conversion.cast_unsigned(), crate::tree::NONE)
}

/// An `Interpolation`.
pub fn interpolation(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    str: ConstantId,
    conversion: i8,
) -> Built {
    builder.close(mark, Kind::Interpolation.into(), span, conversion.cast_unsigned(), str.0)
}

/// A `JoinedStr`.
pub fn joined_str(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::JoinedStr.into(), span, 0, crate::tree::NONE)
}

/// A `TemplateStr`.
pub fn template_str(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::TemplateStr.into(), span, 0, crate::tree::NONE)
}

/// A `Constant`.
pub fn constant(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    value: ConstantId,
    kind: Option<StringKind>,
) -> Built {
    builder.close(mark, Kind::Constant.into(), span, kind.map_or(0, |it| it as u8), value.0)
}

/// An `Attribute`.
pub fn attribute(
    builder: &mut TreeBuilder<'_>,
    mark: Mark,
    span: Span,
    attr: NameId,
    ctx: ExprContext,
) -> Built {
    builder.close(mark, Kind::Attribute.into(), span, ctx as u8, attr.0)
}

/// A `Subscript`.
pub fn subscript(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close(mark, Kind::Subscript.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Starred`.
pub fn starred(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close(mark, Kind::Starred.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Name`.
pub fn name(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, id: NameId, ctx: ExprContext) -> Built {
    builder.close(mark, Kind::Name.into(), span, ctx as u8, id.0)
}

/// A `List`.
pub fn list(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close(mark, Kind::List.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Tuple`.
pub fn tuple(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, ctx: ExprContext) -> Built {
    builder.close(mark, Kind::Tuple.into(), span, ctx as u8, crate::tree::NONE)
}

/// A `Slice`.
pub fn slice(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Slice.into(), span, 0, crate::tree::NONE)
}

/// A `Repr`.
pub fn repr(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Repr.into(), span, 0, crate::tree::NONE)
}

/// A `comprehension`.
pub fn comprehension(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, is_async: i8) -> Built {
    builder.close(mark, Kind::Comprehension.into(), span, is_async.cast_unsigned(), crate::tree::NONE)
}

/// An `ExceptHandler`.
pub fn except_handler(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close(mark, Kind::ExceptHandler.into(), span, 0, name.map_or(crate::tree::NONE, |it| it.0))
}

/// An `arguments`.
pub fn arguments(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Arguments.into(), span, 0, crate::tree::NONE)
}

/// An `arg`.
pub fn arg(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, arg: NameId) -> Built {
    builder.close(mark, Kind::Arg.into(), span, 0, arg.0)
}

/// A `keyword`.
pub fn keyword(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, arg: Option<NameId>) -> Built {
    builder.close(mark, Kind::Keyword.into(), span, 0, arg.map_or(crate::tree::NONE, |it| it.0))
}

/// An `alias`.
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
    builder.close(mark, Kind::Alias.into(), span, 0, record)
}

/// A `withitem`.
pub fn withitem(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Withitem.into(), span, 0, crate::tree::NONE)
}

/// A `match_case`.
pub fn match_case(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::MatchCase.into(), span, 0, crate::tree::NONE)
}

/// A `MatchValue`.
pub fn match_value(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::MatchValue.into(), span, 0, crate::tree::NONE)
}

/// A `MatchSingleton`.
pub fn match_singleton(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, value: ConstantId) -> Built {
    builder.close(mark, Kind::MatchSingleton.into(), span, 0, value.0)
}

/// A `MatchSequence`.
pub fn match_sequence(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::MatchSequence.into(), span, 0, crate::tree::NONE)
}

/// A `MatchMapping`.
pub fn match_mapping(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, rest: Option<NameId>) -> Built {
    builder.close(mark, Kind::MatchMapping.into(), span, 0, rest.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchClass`.
pub fn match_class(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, kwd_attrs: &[NameId]) -> Built {
    let record = builder.record();
    builder.record_list(kwd_attrs.iter().map(|it| it.0));
    builder.close(mark, Kind::MatchClass.into(), span, 0, record)
}

/// A `MatchStar`.
pub fn match_star(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close(mark, Kind::MatchStar.into(), span, 0, name.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchAs`.
pub fn match_as(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: Option<NameId>) -> Built {
    builder.close(mark, Kind::MatchAs.into(), span, 0, name.map_or(crate::tree::NONE, |it| it.0))
}

/// A `MatchOr`.
pub fn match_or(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::MatchOr.into(), span, 0, crate::tree::NONE)
}

/// A `TypeVar`.
pub fn type_var(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::TypeVar.into(), span, 0, name.0)
}

/// A `ParamSpec`.
pub fn param_spec(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::ParamSpec.into(), span, 0, name.0)
}

/// A `TypeVarTuple`.
pub fn type_var_tuple(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, name: NameId) -> Built {
    builder.close(mark, Kind::TypeVarTuple.into(), span, 0, name.0)
}

/// An `Error`.
pub fn error(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span, value: ConstantId) -> Built {
    builder.close(mark, Kind::Error.into(), span, 0, value.0)
}

/// A `Missing`.
pub fn missing(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span) -> Built {
    builder.close(mark, Kind::Missing.into(), span, 0, crate::tree::NONE)
}
