//! Statements that run straight through: definitions, assignments, imports, deletions, jumps.

use astkit_ast::Node;
use astkit_ast::python::{Kind, Role as Field, kind, view};

use super::flow::Path;
use super::units::UnitKind;
use super::walk::{Jump, Walker};
use crate::scopes::ScopeId;

impl<'a> Walker<'a> {
    /// The statements of a block.
    pub(super) fn block(&mut self, parent: Node<'a>, field: Field) {
        for statement in parent.field(field.into()) {
            self.stmt(statement);
        }
    }

    pub(super) fn stmt(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(node));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other statements only evaluate their expressions")]
    fn statement(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef => self.function(node),
            Kind::ClassDef => self.class(node),
            Kind::Return => {
                self.children(node);
                self.jump(Jump::Return);
            }
            Kind::Raise | Kind::Raise2 => {
                self.children(node);
                self.flow.is_dead = true;
            }
            Kind::Break => self.jump(Jump::Break),
            Kind::Continue => self.jump(Jump::Continue),
            Kind::Delete => self.fields(node, Field::Targets, Self::delete),
            Kind::Assign => {
                self.fields(node, Field::Value, Self::expr);
                self.fields(node, Field::Targets, Self::target);
            }
            Kind::AugAssign => self.aug_assign(node),
            Kind::AnnAssign => self.ann_assign(node),
            Kind::TypeAlias => self.type_alias(node),
            Kind::For | Kind::AsyncFor => self.for_loop(node),
            Kind::While => self.while_loop(node),
            Kind::If => self.branch(node),
            Kind::With | Kind::AsyncWith => self.with(node),
            Kind::Match => self.matching(node),
            Kind::Try | Kind::TryStar => self.attempt(node),
            Kind::Assert => self.assert(node),
            Kind::Import | Kind::ImportFrom => self.import(node),
            Kind::Global | Kind::Nonlocal => {}
            _ => self.children(node),
        }
    }

    /// Does something with all children of a role.
    pub(super) fn fields(&mut self, node: Node<'a>, field: Field, each: fn(&mut Self, Node<'a>)) {
        for child in node.field(field.into()) {
            each(self, child);
        }
    }

    fn function(&mut self, node: Node<'a>) {
        let arguments = node.required(Field::Args.into());
        self.fields(node, Field::DecoratorList, Self::expr);
        self.fields(arguments, Field::Defaults, Self::expr);
        self.fields(arguments, Field::KwDefaults, Self::expr);
        self.fields(node, Field::TypeParams, Self::type_param);
        for field in [Field::Posonlyargs, Field::Args, Field::Vararg, Field::Kwonlyargs, Field::Kwarg] {
            for arg in arguments.field(field.into()) {
                self.fields(arg, Field::Annotation, Self::annotation);
            }
        }
        self.fields(node, Field::Returns, Self::annotation);
        self.make(UnitKind::Function, node);
        self.bind(node);
    }

    fn class(&mut self, node: Node<'a>) {
        self.fields(node, Field::DecoratorList, Self::expr);
        self.fields(node, Field::TypeParams, Self::type_param);
        self.fields(node, Field::Bases, Self::expr);
        self.fields(node, Field::Keywords, Self::expr);
        self.block(node, Field::Body);
        if let Some(scope) = self.scopes.scope_of(node.id()) {
            self.finish_class(scope);
        }
        self.bind(node);
    }

    /// A type parameter is bound at once, its bound and its default are evaluated later.
    fn type_param(&mut self, node: Node<'a>) {
        for child in node.children() {
            self.make(UnitKind::Deferred, child);
        }
        self.bind(node);
    }

    fn type_alias(&mut self, node: Node<'a>) {
        self.fields(node, Field::TypeParams, Self::type_param);
        self.fields(node, Field::Value, |walker, value| walker.make(UnitKind::Deferred, value));
        self.fields(node, Field::Name, Self::target);
    }

    fn annotation(&mut self, node: Node<'a>) {
        if self.scopes.defers_annotations() {
            self.make(UnitKind::Deferred, node);
        } else {
            self.expr(node);
        }
    }

    fn ann_assign(&mut self, node: Node<'a>) {
        let value = node.child(Field::Value.into());
        let target = node.required(Field::Target.into());
        if let Some(value) = value {
            self.expr(value);
            self.target(target);
        } else if kind(target) != Kind::Name {
            self.target(target);
        }
        self.fields(node, Field::Annotation, Self::annotation);
    }

    fn aug_assign(&mut self, node: Node<'a>) {
        let target = node.required(Field::Target.into());
        if kind(target) == Kind::Name {
            self.read(target);
            self.fields(node, Field::Value, Self::expr);
            self.bind(target);
        } else {
            self.children(target);
            self.fields(node, Field::Value, Self::expr);
        }
    }

    /// Assigns to a target.
    pub(super) fn target(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::Name => self.bind(node),
            Kind::Tuple | Kind::List | Kind::Starred => {
                for child in node.children() {
                    self.target(child);
                }
            }
            _ => self.children(node),
        });
    }

    fn delete(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::Name => {
                self.read(node);
                self.unbind(node);
            }
            Kind::Tuple | Kind::List => {
                for child in node.children() {
                    self.delete(child);
                }
            }
            _ => self.children(node),
        });
    }

    /// The message is evaluated only if the test fails, and then nothing follows.
    fn assert(&mut self, node: Node<'a>) {
        let mark = self.flow.mark();
        let was_dead = self.flow.is_dead;
        let (holds, fails) = self.condition(node.required(Field::Test.into()));
        self.flow.follow(&fails);
        self.fields(node, Field::Msg, Self::expr);
        self.flow.undo(mark);
        self.flow.is_dead = was_dead;
        self.flow.follow(&holds);
    }

    fn import(&mut self, node: Node<'a>) {
        for alias in node.children() {
            let is_star = view::Alias::cast(alias).is_some_and(|it| it.name() == "*");
            if is_star {
                self.event(None, None, alias, ScopeId(0), true);
            } else {
                self.bind(alias);
            }
        }
    }

    /// A path on which nothing happens.
    pub(super) fn nothing(&self) -> Path {
        Path { changes: Vec::new(), is_dead: self.flow.is_dead }
    }
}
