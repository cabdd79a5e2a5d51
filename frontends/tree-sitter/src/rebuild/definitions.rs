//! Functions, classes and their decorators.

use astkit_ast::Span;
use astkit_ast::builder::Mark;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// A definition with decorators, which stand before the definition's own span.
    pub(super) fn rebuild_decorated_definition(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Decorator => {
                    self.check_clause_column(it);
                    let expression = self.parts(it).next();
                    self.limited(expression, self.end(it), Role::DecoratorList, Barred::STARRED);
                }
                Kind::FunctionDefinition => {
                    self.check_clause_column(it);
                    end = self.rebuild_function_definition(mark, it);
                }
                Kind::ClassDefinition => {
                    self.check_clause_column(it);
                    end = self.rebuild_class_definition(mark, it);
                }
                _ => {
                    self.rebuild_error(it);
                    self.b.role(Role::DecoratorList);
                }
            }
        }
        end
    }

    pub(super) fn rebuild_function_definition(&mut self, mark: Mark, node: Node) -> u32 {
        let mut name = None;
        let mut end = self.end(node);
        let mut has_arguments = false;
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Identifier if name.is_none() => name = Some(it),
                Kind::TypeParameter => self.rebuild_type_parameters(it),
                Kind::Parameters => {
                    self.rebuild_parameters(Some(it), Span::empty(self.start(it)));
                    has_arguments = true;
                }
                Kind::Type => {
                    self.limited(Some(it), 0, Role::Returns, Barred::NOT_EXPRESSION);
                }
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                _ => self.rebuild_stray(it, if has_arguments { Role::Body } else { Role::TypeParams }),
            }
        }
        let text = name.map_or("", |it| self.text_of(it));
        if let Some(name) = name {
            self.check_name(name, text, ExprContext::Store);
        }
        let id = self.b.name(text);
        let end = self.reach(mark, end);
        let span = Span::new(self.start(node), end);
        if self.has(node, Kind::AsyncToken) {
            build::async_function_def(self.b, mark, span, id);
        } else {
            build::function_def(self.b, mark, span, id);
        }
        end
    }

    pub(super) fn rebuild_class_definition(&mut self, mark: Mark, node: Node) -> u32 {
        let mut name = None;
        let mut end = self.end(node);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::Identifier if name.is_none() => name = Some(it),
                Kind::TypeParameter => self.rebuild_type_parameters(it),
                Kind::ArgumentList => self.rebuild_argument_list(it, Role::Bases),
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                _ => self.rebuild_stray(it, Role::Bases),
            }
        }
        let text = name.map_or("", |it| self.text_of(it));
        if let Some(name) = name {
            self.check_name(name, text, ExprContext::Store);
        }
        let id = self.b.name(text);
        let end = self.reach(mark, end);
        build::class_def(self.b, mark, Span::new(self.start(node), end), id);
        end
    }

    /// The type parameters of a function, class or type alias.
    pub(super) fn rebuild_type_parameters(&mut self, node: Node) {
        for it in self.parts(node) {
            self.rebuild_type_parameter(it);
            self.b.role(Role::TypeParams);
        }
    }

    fn rebuild_type_parameter(&mut self, node: Node) {
        let inner = self.unwrap_type(node);
        let parameter = self.type_parameter_of(inner);
        let mark = self.b.mark();
        let span = self.span(node);
        let star = self.has(parameter.name, Kind::Star) || self.has(parameter.name, Kind::DoubleStar);
        let double = self.has(parameter.name, Kind::DoubleStar);
        let name = match self.kind(parameter.name) {
            Kind::SplatType | Kind::ListSplat | Kind::ListSplatPattern => {
                self.parts(parameter.name).next().map_or(parameter.name, |it| self.unwrap_type(it))
            }
            _ => parameter.name,
        };
        let misplaced = star && parameter.bound.is_some();
        if self.kind(name) != Kind::Identifier || self.cst.is_damaged(node) || misplaced {
            self.fault("invalid-type-parameter", span, "a type parameter must be a name");
            self.rebuild_expression(inner, ExprContext::Load);
            self.b.error(mark, span);
            return;
        }
        let id = self.b.name(self.text_of(name));
        if parameter.bound.is_some() {
            self.limited(parameter.bound, 0, Role::Bound, Barred::NOT_EXPRESSION);
        }
        if parameter.default.is_some() {
            let barred = if star && !double { Barred::NAMED } else { Barred::NOT_EXPRESSION };
            self.limited(parameter.default, 0, Role::DefaultValue, barred);
        }
        match (star, double) {
            (false, _) => build::type_var(self.b, mark, span, id),
            (true, false) => build::type_var_tuple(self.b, mark, span, id),
            (true, true) => build::param_spec(self.b, mark, span, id),
        };
    }

    /// The parts of `T: bound = default`, which the grammar sees as bounds of bounds.
    fn type_parameter_of(&self, inner: Node) -> TypeParameter {
        let mut parameter = TypeParameter { name: inner, bound: None, default: None };
        let Some((name, is_default, value)) = self.constraint_of(inner) else { return parameter };
        parameter.name = name;
        if is_default {
            parameter.default = Some(value);
        } else if let Some((bound, true, default)) = self.constraint_of(value) {
            parameter.bound = Some(bound);
            parameter.default = Some(default);
        } else {
            parameter.bound = Some(value);
        }
        parameter
    }

    /// Both sides of a colon, and whether the text has a `=` in its place.
    fn constraint_of(&self, node: Node) -> Option<(Node, bool, Node)> {
        let node = self.unwrap_type(node);
        if self.kind(node) != Kind::ConstrainedType {
            return None;
        }
        let colon = self.cst.child(node, Kind::Colon)?;
        let mut parts = self.parts(node);
        let (left, right) = (parts.next()?, parts.next()?);
        Some((self.unwrap_type(left), self.text_of(colon) == "=", right))
    }
}

/// One type parameter.
struct TypeParameter {
    name: Node,
    bound: Option<Node>,
    default: Option<Node>,
}
