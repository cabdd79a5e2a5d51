//! The visitor of Python's trees: a method per kind, each of which by default visits the children in source order.

// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.

use super::kind::Kind;
use super::view;
use crate::tree::Node;

/// Visits nodes by kind.
///
/// Override what is of interest; call [`walk`] to go on into the children. Depth is no concern: the stack grows.
/// A node of another language's schema is passed to [`Visitor::visit_other`].
///
/// Source of the idea: the `ast` module's `NodeVisitor`.
#[expect(missing_docs, reason = "one method per kind, each named after it")]
pub trait Visitor<'a> {
    /// Visits a node of a foreign schema.
    fn visit_other(&mut self, node: Node<'a>)
    where
        Self: Sized,
    {
        walk(self, node);
    }
    fn visit_module(&mut self, node: view::Module<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_function_def(&mut self, node: view::FunctionDef<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_async_function_def(&mut self, node: view::AsyncFunctionDef<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_class_def(&mut self, node: view::ClassDef<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_return(&mut self, node: view::Return<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_delete(&mut self, node: view::Delete<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_assign(&mut self, node: view::Assign<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_type_alias(&mut self, node: view::TypeAlias<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_aug_assign(&mut self, node: view::AugAssign<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_ann_assign(&mut self, node: view::AnnAssign<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_for(&mut self, node: view::For<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_async_for(&mut self, node: view::AsyncFor<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_while(&mut self, node: view::While<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_if(&mut self, node: view::If<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_with(&mut self, node: view::With<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_async_with(&mut self, node: view::AsyncWith<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match(&mut self, node: view::Match<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_raise(&mut self, node: view::Raise<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_try(&mut self, node: view::Try<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_try_star(&mut self, node: view::TryStar<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_assert(&mut self, node: view::Assert<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_import(&mut self, node: view::Import<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_import_from(&mut self, node: view::ImportFrom<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_global(&mut self, node: view::Global<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_nonlocal(&mut self, node: view::Nonlocal<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_expr(&mut self, node: view::Expr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_pass(&mut self, node: view::Pass<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_break(&mut self, node: view::Break<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_continue(&mut self, node: view::Continue<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_print(&mut self, node: view::Print<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_exec(&mut self, node: view::Exec<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_raise2(&mut self, node: view::Raise2<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_bool_op(&mut self, node: view::BoolOp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_named_expr(&mut self, node: view::NamedExpr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_bin_op(&mut self, node: view::BinOp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_unary_op(&mut self, node: view::UnaryOp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_lambda(&mut self, node: view::Lambda<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_if_exp(&mut self, node: view::IfExp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_dict(&mut self, node: view::Dict<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_set(&mut self, node: view::Set<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_list_comp(&mut self, node: view::ListComp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_set_comp(&mut self, node: view::SetComp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_dict_comp(&mut self, node: view::DictComp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_generator_exp(&mut self, node: view::GeneratorExp<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_await(&mut self, node: view::Await<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_yield(&mut self, node: view::Yield<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_yield_from(&mut self, node: view::YieldFrom<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_compare(&mut self, node: view::Compare<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_call(&mut self, node: view::Call<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_formatted_value(&mut self, node: view::FormattedValue<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_interpolation(&mut self, node: view::Interpolation<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_joined_str(&mut self, node: view::JoinedStr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_template_str(&mut self, node: view::TemplateStr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_constant(&mut self, node: view::Constant<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_attribute(&mut self, node: view::Attribute<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_subscript(&mut self, node: view::Subscript<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_starred(&mut self, node: view::Starred<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_name(&mut self, node: view::Name<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_list(&mut self, node: view::List<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_tuple(&mut self, node: view::Tuple<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_slice(&mut self, node: view::Slice<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_repr(&mut self, node: view::Repr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_comprehension(&mut self, node: view::Comprehension<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_except_handler(&mut self, node: view::ExceptHandler<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_arguments(&mut self, node: view::Arguments<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_arg(&mut self, node: view::Arg<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_keyword(&mut self, node: view::Keyword<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_alias(&mut self, node: view::Alias<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_withitem(&mut self, node: view::Withitem<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_case(&mut self, node: view::MatchCase<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_value(&mut self, node: view::MatchValue<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_singleton(&mut self, node: view::MatchSingleton<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_sequence(&mut self, node: view::MatchSequence<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_mapping(&mut self, node: view::MatchMapping<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_class(&mut self, node: view::MatchClass<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_star(&mut self, node: view::MatchStar<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_as(&mut self, node: view::MatchAs<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_match_or(&mut self, node: view::MatchOr<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_type_var(&mut self, node: view::TypeVar<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_param_spec(&mut self, node: view::ParamSpec<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_type_var_tuple(&mut self, node: view::TypeVarTuple<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_error(&mut self, node: view::Error<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
    fn visit_missing(&mut self, node: view::Missing<'a>)
    where
        Self: Sized,
    {
        walk(self, node.node());
    }
}

/// Visits the children of `node` in source order.
pub fn walk<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    for child in node.children() {
        visit(visitor, child);
    }
}

/// Visits `node` with the method of its kind.
pub fn visit<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || dispatch(visitor, node));
}

#[expect(clippy::too_many_lines, reason = "one arm per kind")]
fn dispatch<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    let Some(kind) = Kind::from_id(node.kind()) else { return visitor.visit_other(node) };
    match kind {
        Kind::Module => {
            if let Some(it) = view::Module::cast(node) {
                visitor.visit_module(it);
            }
        }
        Kind::FunctionDef => {
            if let Some(it) = view::FunctionDef::cast(node) {
                visitor.visit_function_def(it);
            }
        }
        Kind::AsyncFunctionDef => {
            if let Some(it) = view::AsyncFunctionDef::cast(node) {
                visitor.visit_async_function_def(it);
            }
        }
        Kind::ClassDef => {
            if let Some(it) = view::ClassDef::cast(node) {
                visitor.visit_class_def(it);
            }
        }
        Kind::Return => {
            if let Some(it) = view::Return::cast(node) {
                visitor.visit_return(it);
            }
        }
        Kind::Delete => {
            if let Some(it) = view::Delete::cast(node) {
                visitor.visit_delete(it);
            }
        }
        Kind::Assign => {
            if let Some(it) = view::Assign::cast(node) {
                visitor.visit_assign(it);
            }
        }
        Kind::TypeAlias => {
            if let Some(it) = view::TypeAlias::cast(node) {
                visitor.visit_type_alias(it);
            }
        }
        Kind::AugAssign => {
            if let Some(it) = view::AugAssign::cast(node) {
                visitor.visit_aug_assign(it);
            }
        }
        Kind::AnnAssign => {
            if let Some(it) = view::AnnAssign::cast(node) {
                visitor.visit_ann_assign(it);
            }
        }
        Kind::For => {
            if let Some(it) = view::For::cast(node) {
                visitor.visit_for(it);
            }
        }
        Kind::AsyncFor => {
            if let Some(it) = view::AsyncFor::cast(node) {
                visitor.visit_async_for(it);
            }
        }
        Kind::While => {
            if let Some(it) = view::While::cast(node) {
                visitor.visit_while(it);
            }
        }
        Kind::If => {
            if let Some(it) = view::If::cast(node) {
                visitor.visit_if(it);
            }
        }
        Kind::With => {
            if let Some(it) = view::With::cast(node) {
                visitor.visit_with(it);
            }
        }
        Kind::AsyncWith => {
            if let Some(it) = view::AsyncWith::cast(node) {
                visitor.visit_async_with(it);
            }
        }
        Kind::Match => {
            if let Some(it) = view::Match::cast(node) {
                visitor.visit_match(it);
            }
        }
        Kind::Raise => {
            if let Some(it) = view::Raise::cast(node) {
                visitor.visit_raise(it);
            }
        }
        Kind::Try => {
            if let Some(it) = view::Try::cast(node) {
                visitor.visit_try(it);
            }
        }
        Kind::TryStar => {
            if let Some(it) = view::TryStar::cast(node) {
                visitor.visit_try_star(it);
            }
        }
        Kind::Assert => {
            if let Some(it) = view::Assert::cast(node) {
                visitor.visit_assert(it);
            }
        }
        Kind::Import => {
            if let Some(it) = view::Import::cast(node) {
                visitor.visit_import(it);
            }
        }
        Kind::ImportFrom => {
            if let Some(it) = view::ImportFrom::cast(node) {
                visitor.visit_import_from(it);
            }
        }
        Kind::Global => {
            if let Some(it) = view::Global::cast(node) {
                visitor.visit_global(it);
            }
        }
        Kind::Nonlocal => {
            if let Some(it) = view::Nonlocal::cast(node) {
                visitor.visit_nonlocal(it);
            }
        }
        Kind::Expr => {
            if let Some(it) = view::Expr::cast(node) {
                visitor.visit_expr(it);
            }
        }
        Kind::Pass => {
            if let Some(it) = view::Pass::cast(node) {
                visitor.visit_pass(it);
            }
        }
        Kind::Break => {
            if let Some(it) = view::Break::cast(node) {
                visitor.visit_break(it);
            }
        }
        Kind::Continue => {
            if let Some(it) = view::Continue::cast(node) {
                visitor.visit_continue(it);
            }
        }
        Kind::Print => {
            if let Some(it) = view::Print::cast(node) {
                visitor.visit_print(it);
            }
        }
        Kind::Exec => {
            if let Some(it) = view::Exec::cast(node) {
                visitor.visit_exec(it);
            }
        }
        Kind::Raise2 => {
            if let Some(it) = view::Raise2::cast(node) {
                visitor.visit_raise2(it);
            }
        }
        Kind::BoolOp => {
            if let Some(it) = view::BoolOp::cast(node) {
                visitor.visit_bool_op(it);
            }
        }
        Kind::NamedExpr => {
            if let Some(it) = view::NamedExpr::cast(node) {
                visitor.visit_named_expr(it);
            }
        }
        Kind::BinOp => {
            if let Some(it) = view::BinOp::cast(node) {
                visitor.visit_bin_op(it);
            }
        }
        Kind::UnaryOp => {
            if let Some(it) = view::UnaryOp::cast(node) {
                visitor.visit_unary_op(it);
            }
        }
        Kind::Lambda => {
            if let Some(it) = view::Lambda::cast(node) {
                visitor.visit_lambda(it);
            }
        }
        Kind::IfExp => {
            if let Some(it) = view::IfExp::cast(node) {
                visitor.visit_if_exp(it);
            }
        }
        Kind::Dict => {
            if let Some(it) = view::Dict::cast(node) {
                visitor.visit_dict(it);
            }
        }
        Kind::Set => {
            if let Some(it) = view::Set::cast(node) {
                visitor.visit_set(it);
            }
        }
        Kind::ListComp => {
            if let Some(it) = view::ListComp::cast(node) {
                visitor.visit_list_comp(it);
            }
        }
        Kind::SetComp => {
            if let Some(it) = view::SetComp::cast(node) {
                visitor.visit_set_comp(it);
            }
        }
        Kind::DictComp => {
            if let Some(it) = view::DictComp::cast(node) {
                visitor.visit_dict_comp(it);
            }
        }
        Kind::GeneratorExp => {
            if let Some(it) = view::GeneratorExp::cast(node) {
                visitor.visit_generator_exp(it);
            }
        }
        Kind::Await => {
            if let Some(it) = view::Await::cast(node) {
                visitor.visit_await(it);
            }
        }
        Kind::Yield => {
            if let Some(it) = view::Yield::cast(node) {
                visitor.visit_yield(it);
            }
        }
        Kind::YieldFrom => {
            if let Some(it) = view::YieldFrom::cast(node) {
                visitor.visit_yield_from(it);
            }
        }
        Kind::Compare => {
            if let Some(it) = view::Compare::cast(node) {
                visitor.visit_compare(it);
            }
        }
        Kind::Call => {
            if let Some(it) = view::Call::cast(node) {
                visitor.visit_call(it);
            }
        }
        Kind::FormattedValue => {
            if let Some(it) = view::FormattedValue::cast(node) {
                visitor.visit_formatted_value(it);
            }
        }
        Kind::Interpolation => {
            if let Some(it) = view::Interpolation::cast(node) {
                visitor.visit_interpolation(it);
            }
        }
        Kind::JoinedStr => {
            if let Some(it) = view::JoinedStr::cast(node) {
                visitor.visit_joined_str(it);
            }
        }
        Kind::TemplateStr => {
            if let Some(it) = view::TemplateStr::cast(node) {
                visitor.visit_template_str(it);
            }
        }
        Kind::Constant => {
            if let Some(it) = view::Constant::cast(node) {
                visitor.visit_constant(it);
            }
        }
        Kind::Attribute => {
            if let Some(it) = view::Attribute::cast(node) {
                visitor.visit_attribute(it);
            }
        }
        Kind::Subscript => {
            if let Some(it) = view::Subscript::cast(node) {
                visitor.visit_subscript(it);
            }
        }
        Kind::Starred => {
            if let Some(it) = view::Starred::cast(node) {
                visitor.visit_starred(it);
            }
        }
        Kind::Name => {
            if let Some(it) = view::Name::cast(node) {
                visitor.visit_name(it);
            }
        }
        Kind::List => {
            if let Some(it) = view::List::cast(node) {
                visitor.visit_list(it);
            }
        }
        Kind::Tuple => {
            if let Some(it) = view::Tuple::cast(node) {
                visitor.visit_tuple(it);
            }
        }
        Kind::Slice => {
            if let Some(it) = view::Slice::cast(node) {
                visitor.visit_slice(it);
            }
        }
        Kind::Repr => {
            if let Some(it) = view::Repr::cast(node) {
                visitor.visit_repr(it);
            }
        }
        Kind::Comprehension => {
            if let Some(it) = view::Comprehension::cast(node) {
                visitor.visit_comprehension(it);
            }
        }
        Kind::ExceptHandler => {
            if let Some(it) = view::ExceptHandler::cast(node) {
                visitor.visit_except_handler(it);
            }
        }
        Kind::Arguments => {
            if let Some(it) = view::Arguments::cast(node) {
                visitor.visit_arguments(it);
            }
        }
        Kind::Arg => {
            if let Some(it) = view::Arg::cast(node) {
                visitor.visit_arg(it);
            }
        }
        Kind::Keyword => {
            if let Some(it) = view::Keyword::cast(node) {
                visitor.visit_keyword(it);
            }
        }
        Kind::Alias => {
            if let Some(it) = view::Alias::cast(node) {
                visitor.visit_alias(it);
            }
        }
        Kind::Withitem => {
            if let Some(it) = view::Withitem::cast(node) {
                visitor.visit_withitem(it);
            }
        }
        Kind::MatchCase => {
            if let Some(it) = view::MatchCase::cast(node) {
                visitor.visit_match_case(it);
            }
        }
        Kind::MatchValue => {
            if let Some(it) = view::MatchValue::cast(node) {
                visitor.visit_match_value(it);
            }
        }
        Kind::MatchSingleton => {
            if let Some(it) = view::MatchSingleton::cast(node) {
                visitor.visit_match_singleton(it);
            }
        }
        Kind::MatchSequence => {
            if let Some(it) = view::MatchSequence::cast(node) {
                visitor.visit_match_sequence(it);
            }
        }
        Kind::MatchMapping => {
            if let Some(it) = view::MatchMapping::cast(node) {
                visitor.visit_match_mapping(it);
            }
        }
        Kind::MatchClass => {
            if let Some(it) = view::MatchClass::cast(node) {
                visitor.visit_match_class(it);
            }
        }
        Kind::MatchStar => {
            if let Some(it) = view::MatchStar::cast(node) {
                visitor.visit_match_star(it);
            }
        }
        Kind::MatchAs => {
            if let Some(it) = view::MatchAs::cast(node) {
                visitor.visit_match_as(it);
            }
        }
        Kind::MatchOr => {
            if let Some(it) = view::MatchOr::cast(node) {
                visitor.visit_match_or(it);
            }
        }
        Kind::TypeVar => {
            if let Some(it) = view::TypeVar::cast(node) {
                visitor.visit_type_var(it);
            }
        }
        Kind::ParamSpec => {
            if let Some(it) = view::ParamSpec::cast(node) {
                visitor.visit_param_spec(it);
            }
        }
        Kind::TypeVarTuple => {
            if let Some(it) = view::TypeVarTuple::cast(node) {
                visitor.visit_type_var_tuple(it);
            }
        }
        Kind::Error => {
            if let Some(it) = view::Error::cast(node) {
                visitor.visit_error(it);
            }
        }
        Kind::Missing => {
            if let Some(it) = view::Missing::cast(node) {
                visitor.visit_missing(it);
            }
        }
    }
}
