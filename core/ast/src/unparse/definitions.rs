//! Functions, classes, parameters and type parameters.

use super::precedence::Level;
use super::{Unparser, child, many, name, opt};
use crate::python::{Kind, Role, kind};
use crate::tree::Node;

impl<'a> Unparser<'a> {
    pub(super) fn function(&mut self, node: Node<'a>) {
        self.decorators(node);
        self.line();
        self.push(if kind(node) == Kind::AsyncFunctionDef { "async def " } else { "def " });
        self.name(name(node));
        self.type_params(node);
        self.bracketed("(", ")", |it| it.arguments(child(node, Role::Args)));
        self.tail(" -> ", opt(node, Role::Returns), Level::Test);
        self.block(many(node, Role::Body), true);
    }

    pub(super) fn class(&mut self, node: Node<'a>) {
        self.decorators(node);
        self.line();
        self.push("class ");
        self.name(name(node));
        self.type_params(node);
        if opt(node, Role::Bases).is_some() || opt(node, Role::Keywords).is_some() {
            self.bracketed("(", ")", |it| {
                let is_base =
                    |it: &Node<'_>| [Role::Bases, Role::Keywords].map(Into::into).contains(&it.role());
                it.argument_list(node.children().filter(is_base));
            });
        }
        self.block(many(node, Role::Body), true);
    }

    fn decorators(&mut self, node: Node<'a>) {
        for decorator in many(node, Role::DecoratorList) {
            self.line();
            self.push("@");
            self.expr(decorator, Level::Test);
            self.push("\n");
        }
    }

    /// Parameters in the order of the text: a default stands behind its parameter.
    pub(super) fn arguments(&mut self, node: Node<'a>) {
        if kind(node) != Kind::Arguments {
            return self.broken(node);
        }
        let (mut first, mut annotated) = (true, false);
        let (mut positional_only, mut star) = (false, false);
        for part in node.children() {
            let role = part.role();
            let is = |it: Role| role == it.into();
            if is(Role::Defaults) || is(Role::KwDefaults) {
                self.push(if annotated { " = " } else { "=" });
                self.expr(part, Level::Test);
                continue;
            }
            if positional_only && !is(Role::Posonlyargs) {
                self.push(", /");
                positional_only = false;
            }
            if !std::mem::take(&mut first) {
                self.push(", ");
            }
            if is(Role::Vararg) {
                self.push("*");
                star = true;
            } else if is(Role::Kwonlyargs) && !star {
                self.push("*, ");
                star = true;
            } else if is(Role::Kwarg) {
                self.push("**");
            }
            positional_only |= is(Role::Posonlyargs);
            annotated = opt(part, Role::Annotation).is_some();
            self.arg(part);
        }
        if positional_only {
            self.push(", /");
        }
    }

    pub(super) fn arg(&mut self, node: Node<'a>) {
        if kind(node) != Kind::Arg {
            // Python 2 has tuples as parameters.
            return self.expr(node, Level::Test);
        }
        self.name(name(node));
        self.tail(": ", opt(node, Role::Annotation), Level::Test);
    }

    pub(super) fn type_params(&mut self, node: Node<'a>) {
        if opt(node, Role::TypeParams).is_some() {
            self.bracketed("[", "]", |it| it.list(many(node, Role::TypeParams), Self::type_param));
        }
    }

    pub(super) fn type_param(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::TypeVar => {}
            Kind::TypeVarTuple => self.push("*"),
            Kind::ParamSpec => self.push("**"),
            _ => return self.broken(node),
        }
        self.name(name(node));
        self.tail(": ", opt(node, Role::Bound), Level::Test);
        self.tail(" = ", opt(node, Role::DefaultValue), Level::Test);
    }
}
