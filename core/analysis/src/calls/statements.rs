//! From trees to constraints: statements.

use astkit_ast::Node;
use astkit_ast::python::{Kind, Role as Field, kind, view};

use super::Code;
use super::generate::{Generator, method_of};
use super::objects::{Container, Object, Place, PlaceId};
use super::solver::{Given, Site, Slots, Trigger};
use crate::scopes::ScopeKind;

impl<'a> Generator<'_, 'a> {
    pub(super) fn block(&mut self, parent: Node<'a>, field: Field) {
        for statement in parent.field(field.into()) {
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(statement));
        }
    }

    fn blocks(&mut self, parent: Node<'a>) {
        for field in [Field::Body, Field::Handlers, Field::Orelse, Field::Finalbody, Field::Cases] {
            self.block(parent, field);
        }
    }

    fn statement(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef => self.function(node),
            Kind::ClassDef => self.class(node),
            Kind::Return => {
                if let Some(value) = node.children().next() {
                    let value = self.expr(value);
                    let to = self.solver.place(Place::Return(self.code));
                    self.solver.copy(value, to);
                }
            }
            Kind::Assign => {
                let Some(it) = view::Assign::cast(node) else { return };
                let value = self.expr(it.value());
                for target in it.targets() {
                    self.assign(target, value);
                }
            }
            Kind::AnnAssign => {
                let Some(it) = view::AnnAssign::cast(node) else { return };
                if let Some(value) = it.value() {
                    let value = self.expr(value);
                    self.assign(it.target(), value);
                }
            }
            Kind::AugAssign => self.aug_assign(node),
            Kind::For | Kind::AsyncFor => {
                let iter = node.required(Field::Iter.into());
                let value = self.expr(iter);
                let (item, origin) = (self.solver.temporary(), self.origin(iter));
                self.solver.on(value, Trigger::Iterate { to: item, origin });
                self.assign(node.required(Field::Target.into()), item);
                self.blocks(node);
            }
            Kind::While | Kind::If => {
                self.expr(node.required(Field::Test.into()));
                self.blocks(node);
            }
            Kind::With | Kind::AsyncWith => self.with(node),
            Kind::Raise => {
                for child in node.children() {
                    let value = self.expr(child);
                    let (to, origin) = (self.solver.temporary(), self.origin(node));
                    self.solver.on(value, Trigger::Raise { to, origin });
                }
            }
            Kind::Try | Kind::TryStar => self.blocks(node),
            Kind::ExceptHandler => {
                if let Some(caught) = node.child(Field::Type.into()) {
                    let caught = self.expr(caught);
                    if let Some(to) = self.definition(node) {
                        self.solver.on(caught, Trigger::Caught { to });
                    }
                }
                self.block(node, Field::Body);
            }
            Kind::Match => self.matching(node),
            Kind::Import | Kind::ImportFrom => self.import(node),
            Kind::Global | Kind::Nonlocal | Kind::TypeAlias => {}
            Kind::Delete => self.delete(node),
            _ => {
                for child in node.children() {
                    self.expr(child);
                }
            }
        }
    }

    fn delete(&mut self, node: Node<'a>) {
        for target in node.children() {
            for child in target.children() {
                self.expr(child);
            }
        }
    }

    /// Lets what a place holds flow into a target.
    pub(super) fn assign(&mut self, target: Node<'a>, from: PlaceId) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.assign_to(target, from));
    }

    fn assign_to(&mut self, target: Node<'a>, from: PlaceId) {
        let origin = self.origin(target);
        match kind(target) {
            Kind::Name => {
                if let Some(to) = self.definition(target) {
                    self.solver.copy(from, to);
                }
            }
            Kind::Tuple | Kind::List => {
                let mut starred = false;
                for (at, child) in target.children().enumerate() {
                    let item = self.solver.temporary();
                    if kind(child) == Kind::Starred || starred {
                        starred = true;
                        self.solver.on(from, Trigger::Iterate { to: item, origin });
                    } else {
                        let key = Some(self.solver.index(at));
                        self.solver.on(from, Trigger::Item { key, to: item, origin });
                        self.solver.on(from, Trigger::Unpack { to: item, origin });
                    }
                    self.assign(child, item);
                }
            }
            Kind::Starred => {
                let list = self.make(target.id(), Container::List);
                self.solver.fill(list, None, from);
                let place = self.solver.temporary();
                self.solver.put(place, list);
                for child in target.children() {
                    self.assign(child, place);
                }
            }
            Kind::Attribute => {
                let Some(it) = view::Attribute::cast(target) else { return };
                let value = self.expr(it.value());
                let name = self.attribute_word(it.attr());
                self.solver.on(value, Trigger::SetAttribute { name, from });
            }
            Kind::Subscript => {
                let Some(it) = view::Subscript::cast(target) else { return };
                let value = self.expr(it.value());
                self.expr(it.slice());
                let key = self.key(it.slice());
                self.solver.on(value, Trigger::SetItem { key, from, origin });
            }
            _ => {}
        }
    }

    fn aug_assign(&mut self, node: Node<'a>) {
        let Some(it) = view::AugAssign::cast(node) else { return };
        let (target, argument) = (it.target(), self.expr(it.value()));
        let value = self.expr(target);
        let (result, origin) = (self.solver.temporary(), self.origin(node));
        for prefix in ["__i", "__"] {
            let method = self.solver.word(&format!("{prefix}{}__", method_of(it.op())));
            self.solver.on(value, Trigger::Protocol { method, to: result, argument: Some(argument), origin });
        }
        self.solver.copy(value, result);
        if kind(target) == Kind::Name {
            self.assign(target, result);
        }
    }

    fn with(&mut self, node: Node<'a>) {
        let is_async = kind(node) == Kind::AsyncWith;
        for item in node.field(Field::Items.into()).filter_map(view::Withitem::cast) {
            let manager = self.expr(item.context_expr());
            let origin = self.origin(item.context_expr());
            let (entered, left) = (self.solver.temporary(), self.solver.temporary());
            let names = if is_async { ["__aenter__", "__aexit__"] } else { ["__enter__", "__exit__"] };
            for (name, to) in names.into_iter().zip([entered, left]) {
                let method = self.solver.word(name);
                self.solver.on(manager, Trigger::Protocol { method, to, argument: None, origin });
            }
            let entered = if is_async {
                let awaited = self.solver.temporary();
                self.solver.on(entered, Trigger::Await { to: awaited, origin });
                awaited
            } else {
                entered
            };
            if let Some(target) = item.optional_vars() {
                self.assign(target, entered);
            }
        }
        self.block(node, Field::Body);
    }

    fn matching(&mut self, node: Node<'a>) {
        let subject = self.expr(node.required(Field::Subject.into()));
        for case in node.field(Field::Cases.into()).filter_map(view::MatchCase::cast) {
            self.pattern(case.pattern(), subject);
            if let Some(guard) = case.guard() {
                self.expr(guard);
            }
            self.block(case.node(), Field::Body);
        }
    }

    fn pattern(&mut self, node: Node<'a>, subject: PlaceId) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::MatchAs | Kind::MatchOr => {
                if let Some(to) = self.definition(node) {
                    self.solver.copy(subject, to);
                }
                for child in node.children() {
                    self.pattern(child, subject);
                }
            }
            Kind::MatchSequence => {
                let (item, origin) = (self.solver.temporary(), self.origin(node));
                self.solver.on(subject, Trigger::Iterate { to: item, origin });
                for child in node.children() {
                    self.pattern(child, item);
                }
            }
            Kind::MatchMapping | Kind::MatchClass => {
                let item = self.solver.temporary();
                for child in node.children() {
                    self.pattern(child, item);
                }
            }
            Kind::MatchSingleton | Kind::MatchStar => {}
            Kind::MatchValue => {
                for child in node.children() {
                    self.expr(child);
                }
            }
            _ => {
                self.expr(node);
            }
        });
    }

    fn import(&mut self, node: Node<'a>) {
        for alias in node.children() {
            let Some(to) = self.definition(alias) else { continue };
            let Some((module, name)) = self.solver.asked(self.at, alias.id()) else { continue };
            let object = self.solver.module_object(self.at, &module);
            let Some(name) = name.filter(|it| it != "*") else {
                self.solver.put(to, object);
                continue;
            };
            let place = self.solver.temporary();
            self.solver.put(place, object);
            let (origin, name) = (self.origin(alias), self.solver.word(&name));
            self.solver.on(place, Trigger::Attribute { name, to, origin });
        }
    }

    /// The places of a function's parameters; defaults flow into them.
    pub(super) fn parameters(&mut self, node: Node<'a>, code: Code) {
        let arguments = node.required(Field::Args.into());
        let list = |field: Field| arguments.field(field.into()).collect::<Vec<_>>();
        let mut slots = Slots::default();
        let positional: Vec<Node<'a>> = [list(Field::Posonlyargs), list(Field::Args)].concat();
        let is_keyword = list(Field::Posonlyargs).len();
        for (at, arg) in positional.iter().enumerate() {
            let Some(place) = self.definition(*arg) else { continue };
            let name = arg.name_of(arg.aux()).map(|it| self.solver.word(it));
            slots.positional.push((name, place));
            slots.by_name.extend(name.filter(|_| at >= is_keyword).map(|it| (it, place)));
        }
        let defaults = list(Field::Defaults);
        let skipped = positional.len().saturating_sub(defaults.len());
        for (arg, default) in positional.iter().skip(skipped).zip(defaults) {
            self.default(*arg, default);
        }
        let kw_defaults =
            view::Arguments::cast(arguments).map(view::Arguments::kw_defaults).unwrap_or_default();
        for (arg, default) in list(Field::Kwonlyargs).into_iter().zip(kw_defaults) {
            if let Some(place) = self.definition(arg) {
                let name = arg.name_of(arg.aux()).map(|it| self.solver.word(it));
                slots.by_name.extend(name.map(|it| (it, place)));
            }
            if let Some(default) = default {
                self.default(arg, default);
            }
        }
        for (field, ty) in [(Field::Vararg, Container::Tuple), (Field::Kwarg, Container::Dict)] {
            let Some(arg) = arguments.child(field.into()) else { continue };
            let made = self.make(arg.id(), ty);
            if let Some(place) = self.definition(arg) {
                self.solver.put(place, made);
            }
            if field == Field::Vararg {
                slots.vararg = Some(made);
            } else {
                slots.kwarg = Some(made);
            }
        }
        self.solver.slots.insert(code, slots);
    }

    fn default(&mut self, arg: Node<'a>, default: Node<'a>) {
        let value = self.expr(default);
        if let Some(to) = self.definition(arg) {
            self.solver.copy(value, to);
        }
    }

    fn function(&mut self, node: Node<'a>) {
        let Some(scope) = self.module.scopes.scope_of(node.id()) else { return };
        let code = Code { module: self.at, scope };
        self.parameters(node, code);
        let made = self.solver.holding(Object::Function(code));
        let is_method = self.module.scopes.scope(self.code.scope).kind == ScopeKind::Class;
        if is_method {
            self.receive(node, code);
        }
        self.decorate(node, made);
        let outer = std::mem::replace(&mut self.code, code);
        self.block(node, Field::Body);
        self.code = outer;
    }

    /// The first parameter of a method is an instance of its class, or the class itself.
    fn receive(&mut self, node: Node<'a>, code: Code) {
        let class = self.solver.object(Object::Class(self.code));
        let decorators = node.field(Field::DecoratorList.into()).filter_map(view::Name::cast);
        let decorators: Vec<&str> = decorators.map(view::Name::id).collect();
        if decorators.contains(&"staticmethod") {
            return;
        }
        let name = self.module.scopes.text(self.module.scopes.scope(code.scope).name);
        let is_class = decorators.contains(&"classmethod")
            || matches!(name, "__new__" | "__init_subclass__" | "__class_getitem__");
        let receiver = if is_class { class } else { self.solver.object(Object::Instance(class)) };
        let first = self.solver.slots.get(&code).and_then(|it| it.positional.first()).copied();
        if let Some((_, place)) = first {
            self.solver.put(place, receiver);
        }
    }

    /// Applies decorators from the last to the first, and binds the name.
    fn decorate(&mut self, node: Node<'a>, made: PlaceId) {
        let decorators: Vec<Node<'a>> = node.field(Field::DecoratorList.into()).collect();
        let places: Vec<_> = decorators.iter().map(|it| (*it, self.expr(*it))).collect();
        let mut made = made;
        for (decorator, callee) in places.into_iter().rev() {
            let (result, origin) = (self.solver.temporary(), self.origin(decorator));
            let arguments = vec![(Given::Positional, made)];
            self.solver.call(Site { origin, arguments, result, is_written: false, callee });
            made = result;
        }
        if let Some(to) = self.definition(node) {
            self.solver.copy(made, to);
        }
    }

    fn class(&mut self, node: Node<'a>) {
        for field in [Field::Bases, Field::Keywords] {
            for child in node.field(field.into()) {
                match view::Keyword::cast(child) {
                    Some(keyword) => self.expr(keyword.value()),
                    None => self.expr(child),
                };
            }
        }
        let Some(scope) = self.module.scopes.scope_of(node.id()) else { return };
        let code = Code { module: self.at, scope };
        let outer = std::mem::replace(&mut self.code, code);
        self.block(node, Field::Body);
        self.code = outer;
        let made = self.solver.holding(Object::Class(code));
        self.decorate(node, made);
    }
}
