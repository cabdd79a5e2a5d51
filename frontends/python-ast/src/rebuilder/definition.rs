//! Functions, classes, parameters and type parameters.

use astkit_ast::Span;
use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use ruff_python_ast::{
    AnyParameterRef, ArgOrKeyword, Arguments, Decorator, Keyword, Parameter, ParameterWithDefault,
    Parameters, StmtClassDef, StmtFunctionDef, TypeParam, TypeParams,
};
use ruff_text_size::Ranged;

use super::Rebuilder;
use crate::place::span_of;

impl<'t> Rebuilder<'_, '_, 't> {
    pub(super) fn rebuild_function_def(&mut self, it: &'t StmtFunctionDef, mark: Mark) -> u32 {
        let start = self.rebuild_decorators(&it.decorator_list, it.start().to_u32());
        self.rebuild_type_params(it.type_params.as_deref());
        self.rebuild_parameters(&it.parameters, Role::Args);
        self.optional_expr(it.returns.as_deref(), Role::Returns);
        let end = self.block(&it.body, Role::Body, it);
        let name = self.identifier(&it.name);
        let span = Span::new(start, end);
        if it.is_async {
            build::async_function_def(self.b, mark, span, name);
        } else {
            build::function_def(self.b, mark, span, name);
        }
        end
    }

    pub(super) fn rebuild_class_def(&mut self, it: &'t StmtClassDef, mark: Mark) -> u32 {
        let start = self.rebuild_decorators(&it.decorator_list, it.start().to_u32());
        self.rebuild_type_params(it.type_params.as_deref());
        if let Some(arguments) = &it.arguments {
            self.rebuild_arguments(arguments, Role::Bases);
        }
        let end = self.block(&it.body, Role::Body, it);
        let name = self.identifier(&it.name);
        build::class_def(self.b, mark, Span::new(start, end), name);
        end
    }

    /// Rebuilds the decorators and returns where the definition's keyword is.
    fn rebuild_decorators(&mut self, decorators: &'t [Decorator], start: u32) -> u32 {
        for decorator in decorators {
            self.rebuild_expr(&decorator.expression, Role::DecoratorList);
        }
        decorators.last().map_or(start, |it| self.skip_trivia(it.end().to_u32()))
    }

    /// Rebuilds arguments and keywords in the order of the text.
    pub(super) fn rebuild_arguments(&mut self, arguments: &'t Arguments, role: Role) {
        if arguments.keywords.is_empty() {
            return arguments.args.iter().for_each(|it| self.rebuild_argument(it, role));
        }
        for argument in arguments.iter_source_order() {
            match argument {
                ArgOrKeyword::Arg(expr) => self.rebuild_argument(expr, role),
                ArgOrKeyword::Keyword(keyword) => self.rebuild_keyword(keyword),
            }
        }
    }

    fn rebuild_keyword(&mut self, it: &'t Keyword) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.value, Role::Value);
        let arg = self.optional_identifier(it.arg.as_ref());
        build::keyword(self.b, mark, span_of(it), arg);
        self.b.role(Role::Keywords);
    }

    pub(super) fn rebuild_parameters(&mut self, it: &'t Parameters, role: Role) {
        let mark = self.b.mark();
        if self.damage.is_any() {
            self.parameters_in_text_order(it);
        } else {
            self.parameters_with_default(&it.posonlyargs, Role::Posonlyargs, Role::Defaults);
            self.parameters_with_default(&it.args, Role::Args, Role::Defaults);
            if let Some(vararg) = &it.vararg {
                self.rebuild_parameter(vararg, Role::Vararg);
            }
            self.parameters_with_default(&it.kwonlyargs, Role::Kwonlyargs, Role::KwDefaults);
            if let Some(kwarg) = &it.kwarg {
                self.rebuild_parameter(kwarg, Role::Kwarg);
            }
        }
        build::arguments(self.b, mark, Span::empty(it.start().to_u32()));
        self.b.role(role);
    }

    /// In broken text, parameters may stand where they may not.
    fn parameters_in_text_order(&mut self, it: &'t Parameters) {
        let is_one_of = |list: &[ParameterWithDefault], it: &ParameterWithDefault| {
            list.as_ptr_range().contains(&std::ptr::from_ref(it))
        };
        for parameter in it.iter_source_order() {
            match parameter {
                AnyParameterRef::Variadic(parameter) => {
                    let is_kwarg = it.kwarg.as_deref().is_some_and(|kwarg| std::ptr::eq(kwarg, parameter));
                    self.rebuild_parameter(parameter, if is_kwarg { Role::Kwarg } else { Role::Vararg });
                }
                AnyParameterRef::NonVariadic(parameter) => {
                    let (role, default) = if is_one_of(&it.posonlyargs, parameter) {
                        (Role::Posonlyargs, Role::Defaults)
                    } else if is_one_of(&it.kwonlyargs, parameter) {
                        (Role::Kwonlyargs, Role::KwDefaults)
                    } else {
                        (Role::Args, Role::Defaults)
                    };
                    self.parameters_with_default(std::slice::from_ref(parameter), role, default);
                }
            }
        }
    }

    fn parameters_with_default(&mut self, parameters: &'t [ParameterWithDefault], role: Role, default: Role) {
        for it in parameters {
            self.rebuild_parameter(&it.parameter, role);
            self.optional_expr(it.default.as_deref(), default);
        }
    }

    /// An `arg` begins at its name, also after stars.
    fn rebuild_parameter(&mut self, it: &'t Parameter, role: Role) {
        let mark = self.b.mark();
        self.optional_expr(it.annotation.as_deref(), Role::Annotation);
        let name = self.identifier(&it.name);
        let span = Span::new(it.name.start().to_u32(), it.end().to_u32());
        build::arg(self.b, mark, span, name);
        self.b.role(role);
    }

    pub(super) fn rebuild_type_params(&mut self, params: Option<&'t TypeParams>) {
        for param in params.into_iter().flat_map(|it| &it.type_params) {
            self.rebuild_type_param(param);
            self.b.role(Role::TypeParams);
        }
    }

    fn rebuild_type_param(&mut self, param: &'t TypeParam) {
        let mark = self.b.mark();
        let span = span_of(param);
        match param {
            TypeParam::TypeVar(it) => {
                self.optional_expr(it.bound.as_deref(), Role::Bound);
                self.optional_expr(it.default.as_deref(), Role::DefaultValue);
                let name = self.identifier(&it.name);
                build::type_var(self.b, mark, span, name);
            }
            TypeParam::ParamSpec(it) => {
                self.optional_expr(it.default.as_deref(), Role::DefaultValue);
                let name = self.identifier(&it.name);
                build::param_spec(self.b, mark, span, name);
            }
            TypeParam::TypeVarTuple(it) => {
                self.optional_expr(it.default.as_deref(), Role::DefaultValue);
                let name = self.identifier(&it.name);
                build::type_var_tuple(self.b, mark, span, name);
            }
        }
    }
}
