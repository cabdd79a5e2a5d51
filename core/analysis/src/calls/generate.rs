//! From trees to constraints: expressions.

use astkit_ast::python::{Cmpop, Kind, Operator, Role as Field, kind, view};
use astkit_ast::{Constant, Node, NodeId};

use super::objects::{Container, Object, ObjectId, Place, PlaceId, Word};
use super::solver::{Given, Origin, Site, Solver, Trigger};
use super::{Code, Module};
use crate::imports::statement_of;
use crate::mro::canonical_class;
use crate::project::absolute;
use crate::scopes::{ScopeId, ScopeKind};

/// Makes the constraints of all modules.
pub(super) fn generate(solver: &mut Solver<'_>) {
    for at in 0..crate::names::index(solver.modules.len()) {
        let module = solver.module(at);
        let code = Code { module: at, scope: ScopeId(0) };
        let mut walk = Generator { solver, module, at, code };
        walk.block(module.tree.root(), Field::Body);
    }
}

pub(super) struct Generator<'s, 'a> {
    pub(super) solver: &'s mut Solver<'a>,
    pub(super) module: Module<'a>,
    pub(super) at: u32,
    pub(super) code: Code,
}

impl<'a> Generator<'_, 'a> {
    pub(super) fn origin(&self, node: Node<'_>) -> Origin {
        Origin { caller: self.code, node: node.id() }
    }

    pub(super) fn definition(&mut self, node: Node<'_>) -> Option<PlaceId> {
        let occurrence = self.module.scopes.occurrence_of(node.id())?;
        let definition = self.module.chains.definition_at(occurrence)?;
        Some(self.solver.place(Place::Definition(self.at, definition)))
    }

    fn all(&mut self, node: Node<'a>) {
        for child in node.children() {
            self.expr(child);
        }
    }

    /// The place of what an expression stands for.
    pub(super) fn expr(&mut self, node: Node<'a>) -> PlaceId {
        let place = self.solver.place(Place::Expression(self.at, node.id()));
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.expression(node, place));
        place
    }

    fn expression(&mut self, node: Node<'a>, place: PlaceId) {
        let origin = self.origin(node);
        match kind(node) {
            Kind::Name => self.name(node, place),
            Kind::Attribute => {
                let Some(it) = view::Attribute::cast(node) else { return };
                let value = self.expr(it.value());
                let name = self.attribute_word(it.attr());
                self.solver.on(value, Trigger::Attribute { name, to: place, origin });
            }
            Kind::Call => self.call(node, place),
            Kind::Lambda => self.lambda(node, place),
            Kind::List | Kind::Tuple | Kind::Set => self.sequence(node, place),
            Kind::Dict => self.dict(node, place),
            Kind::ListComp | Kind::SetComp | Kind::GeneratorExp | Kind::DictComp => {
                self.comprehension(node, place);
            }
            Kind::IfExp => {
                let Some(it) = view::IfExp::cast(node) else { return };
                self.expr(it.test());
                for value in [it.body(), it.orelse()] {
                    let value = self.expr(value);
                    self.solver.copy(value, place);
                }
            }
            Kind::BoolOp => {
                for value in node.children() {
                    let value = self.expr(value);
                    self.solver.copy(value, place);
                }
            }
            Kind::NamedExpr => {
                let Some(it) = view::NamedExpr::cast(node) else { return };
                let value = self.expr(it.value());
                self.solver.copy(value, place);
                self.assign(it.target(), value);
            }
            Kind::Await => {
                let Some(it) = view::Await::cast(node) else { return };
                let value = self.expr(it.value());
                self.solver.on(value, Trigger::Await { to: place, origin });
            }
            Kind::Yield => {
                let Some(value) = node.children().next().map(|it| self.expr(it)) else { return };
                let to = self.solver.place(Place::Yield(self.code));
                self.solver.copy(value, to);
            }
            Kind::YieldFrom => {
                let Some(value) = node.children().next().map(|it| self.expr(it)) else { return };
                let to = self.solver.place(Place::Yield(self.code));
                self.solver.on(value, Trigger::Iterate { to, origin });
                self.solver.on(value, Trigger::Await { to: place, origin });
            }
            Kind::Subscript => {
                let Some(it) = view::Subscript::cast(node) else { return };
                let value = self.expr(it.value());
                self.expr(it.slice());
                if kind(it.slice()) == Kind::Slice {
                    let part = self.make(node.id(), Container::List);
                    let item = self.solver.temporary();
                    self.solver.on(value, Trigger::Item { key: None, to: item, origin });
                    self.solver.fill(part, None, item);
                    self.solver.on(value, Trigger::Part { part, to: place });
                    return;
                }
                let key = self.key(it.slice());
                self.solver.on(value, Trigger::Item { key, to: place, origin });
            }
            Kind::Starred => {
                for child in node.children() {
                    let value = self.expr(child);
                    self.solver.copy(value, place);
                }
            }
            Kind::BinOp => self.binary(node, place),
            Kind::Compare => self.compare(node),
            Kind::Constant => {
                if let Some(ty) = view::Constant::cast(node).and_then(|it| type_of(it.value())) {
                    let ty = self.solver.word(ty);
                    self.solver.put_object(place, Object::Value(ty));
                }
            }
            Kind::JoinedStr => {
                self.all(node);
                let ty = self.solver.word("str");
                self.solver.put_object(place, Object::Value(ty));
            }
            _ => self.all(node),
        }
    }

    fn name(&mut self, node: Node<'a>, place: PlaceId) {
        let Some(occurrence) = self.module.scopes.occurrence_of(node.id()) else { return };
        let Some(use_) = self.module.chains.use_at(occurrence).map(|it| self.module.chains.use_(it)) else {
            return;
        };
        let name = self.module.scopes.text(self.module.scopes.occurrence(occurrence).name);
        for id in self.module.chains.reaching(use_) {
            let definition = self.module.chains.definition(*id);
            if definition.role.is_some() {
                let from = self.solver.place(Place::Definition(self.at, *id));
                self.solver.copy(from, place);
            } else if let Some(target) = self.solver.star_target(self.at, definition.node) {
                let (origin, name) = (self.origin(node), self.solver.word(name));
                self.solver.on(target, Trigger::Attribute { name, to: place, origin });
            }
        }
        if use_.is_builtin {
            let word = self.solver.word(name);
            self.solver.put_object(place, Object::Builtin(word));
        }
    }

    /// The word of an attribute: a private name is mangled with the class around.
    pub(super) fn attribute_word(&mut self, name: &str) -> Word {
        if name.starts_with("__") && !name.ends_with("__") {
            let mut scope = Some(self.code.scope);
            while let Some(at) = scope {
                let it = self.module.scopes.scope(at);
                if it.kind == ScopeKind::Class {
                    let class = self.module.scopes.text(it.name).trim_start_matches('_');
                    if !class.is_empty() {
                        return self.solver.word(&format!("_{class}{name}"));
                    }
                }
                scope = it.parent;
            }
        }
        self.solver.word(name)
    }

    /// The word of a constant key.
    pub(super) fn key(&mut self, node: Node<'a>) -> Option<Word> {
        match view::Constant::cast(node)?.value() {
            Constant::Str(text) => Some(self.solver.word(text)),
            Constant::Int(number) => Some(self.solver.word(&format!("\0{number}"))),
            _ => None,
        }
    }

    fn call(&mut self, node: Node<'a>, place: PlaceId) {
        let Some(call) = view::Call::cast(node) else { return };
        let callee = self.expr(call.func());
        let mut arguments = Vec::new();
        for argument in call.args() {
            let given = if kind(argument) == Kind::Starred { Given::Star } else { Given::Positional };
            arguments.push((given, self.expr(argument)));
        }
        for keyword in call.keywords().filter_map(view::Keyword::cast) {
            let value = self.expr(keyword.value());
            let given = match keyword.arg() {
                Some(name) => Given::Keyword(self.solver.word(name)),
                None => Given::DoubleStar,
            };
            arguments.push((given, value));
        }
        let origin = self.origin(node);
        self.solver.call(Site { origin, arguments, result: place, is_written: true, callee });
    }

    fn lambda(&mut self, node: Node<'a>, place: PlaceId) {
        let Some(scope) = self.module.scopes.scope_of(node.id()) else { return };
        let code = Code { module: self.at, scope };
        self.parameters(node, code);
        self.solver.put_object(place, Object::Function(code));
        let outer = std::mem::replace(&mut self.code, code);
        let value = self.expr(node.required(Field::Body.into()));
        let to = self.solver.place(Place::Return(code));
        self.solver.copy(value, to);
        self.code = outer;
    }

    pub(super) fn make(&mut self, node: NodeId, ty: Container) -> ObjectId {
        self.solver.object(Object::Container { module: self.at, node, ty })
    }

    fn sequence(&mut self, node: Node<'a>, place: PlaceId) {
        let ty = match kind(node) {
            Kind::List => Container::List,
            Kind::Tuple => Container::Tuple,
            _ => Container::Set,
        };
        let container = self.make(node.id(), ty);
        let mut is_counted = true;
        for (at, child) in node.children().enumerate() {
            let value = self.expr(child);
            if kind(child) == Kind::Starred {
                is_counted = false;
                let (item, origin) = (self.solver.temporary(), self.origin(child));
                self.solver.on(value, Trigger::Iterate { to: item, origin });
                self.solver.fill(container, None, item);
            } else {
                let key = is_counted.then(|| self.solver.index(at));
                self.solver.fill(container, key, value);
            }
        }
        self.solver.put(place, container);
    }

    fn dict(&mut self, node: Node<'a>, place: PlaceId) {
        let Some(it) = view::Dict::cast(node) else { return };
        let container = self.make(node.id(), Container::Dict);
        for (key, value) in it.keys().into_iter().zip(it.values()) {
            let from = self.expr(value);
            if let Some(key) = key {
                self.expr(key);
                let key = self.key(key);
                self.solver.fill(container, key, from);
            } else {
                let (item, origin) = (self.solver.temporary(), self.origin(value));
                self.solver.on(from, Trigger::Item { key: None, to: item, origin });
                self.solver.fill(container, None, item);
            }
        }
        self.solver.put(place, container);
    }

    fn comprehension(&mut self, node: Node<'a>, place: PlaceId) {
        for generator in node.field(Field::Generators.into()).filter_map(view::Comprehension::cast) {
            let iter = self.expr(generator.iter());
            let (item, origin) = (self.solver.temporary(), self.origin(generator.iter()));
            self.solver.on(iter, Trigger::Iterate { to: item, origin });
            self.assign(generator.target(), item);
            for condition in generator.ifs() {
                self.expr(condition);
            }
        }
        let ty = match kind(node) {
            Kind::DictComp => Container::Dict,
            Kind::SetComp => Container::Set,
            _ => Container::List,
        };
        let container = self.make(node.id(), ty);
        for field in [Field::Key, Field::Value, Field::Elt] {
            if let Some(element) = node.child(field.into()) {
                let value = self.expr(element);
                if field != Field::Key {
                    self.solver.fill(container, None, value);
                }
            }
        }
        self.solver.put(place, container);
    }

    fn binary(&mut self, node: Node<'a>, place: PlaceId) {
        let Some(it) = view::BinOp::cast(node) else { return };
        let (left, right) = (self.expr(it.left()), self.expr(it.right()));
        let (origin, name) = (self.origin(node), method_of(it.op()));
        for (prefix, receiver, argument) in [("__", left, right), ("__r", right, left)] {
            let method = self.solver.word(&format!("{prefix}{name}__"));
            let argument = Some(argument);
            self.solver.on(receiver, Trigger::Protocol { method, to: place, argument, origin });
        }
    }

    fn compare(&mut self, node: Node<'a>) {
        let Some(it) = view::Compare::cast(node) else { return };
        let mut left = self.expr(it.left());
        for (op, right) in it.ops().zip(it.comparators()) {
            let right = self.expr(right);
            let (method, receiver, argument) = match op {
                Cmpop::Eq => ("__eq__", left, right),
                Cmpop::NotEq => ("__ne__", left, right),
                Cmpop::Lt => ("__lt__", left, right),
                Cmpop::LtE => ("__le__", left, right),
                Cmpop::Gt => ("__gt__", left, right),
                Cmpop::GtE => ("__ge__", left, right),
                Cmpop::In | Cmpop::NotIn => ("__contains__", right, left),
                Cmpop::Is | Cmpop::IsNot => {
                    left = right;
                    continue;
                }
            };
            let (origin, method, to) = (self.origin(node), self.solver.word(method), self.solver.temporary());
            self.solver.on(receiver, Trigger::Protocol { method, to, argument: Some(argument), origin });
            left = right;
        }
    }
}

/// The name of an operator's method, without underscores.
pub(crate) fn method_of(op: Operator) -> &'static str {
    match op {
        Operator::Add => "add",
        Operator::Sub => "sub",
        Operator::Mult => "mul",
        Operator::MatMult => "matmul",
        Operator::Div => "truediv",
        Operator::Mod => "mod",
        Operator::Pow => "pow",
        Operator::LShift => "lshift",
        Operator::RShift => "rshift",
        Operator::BitOr => "or",
        Operator::BitXor => "xor",
        Operator::BitAnd => "and",
        Operator::FloorDiv => "floordiv",
    }
}

fn type_of(constant: &Constant) -> Option<&'static str> {
    match constant {
        Constant::Str(_) | Constant::Wtf8(_) => Some("str"),
        Constant::Bytes(_) => Some("bytes"),
        Constant::Int(_) | Constant::BigInt(_) => Some("int"),
        Constant::Float(_) => Some("float"),
        _ => None,
    }
}

impl Solver<'_> {
    /// The object that an alias binds, as far as it can be told without solving.
    pub(super) fn imported(&mut self, at: u32, alias: NodeId) -> Option<ObjectId> {
        let (module, name) = self.asked(at, alias)?;
        if let Some(name) = name {
            let object = self.module_object(at, &module);
            let word = self.word(&name);
            return match self.what(object) {
                Object::Module(known) => match self.exported_class(known, word) {
                    Some(found) => Some(found),
                    None => self
                        .module_named(at, &format!("{module}.{name}"))
                        .map(|it| self.object(Object::Module(it))),
                },
                _ => self.static_attribute(Some(object), word),
            };
        }
        Some(self.module_object(at, &module))
    }

    /// The module of an absolute name that a module means.
    pub(super) fn module_object(&mut self, from: u32, name: &str) -> ObjectId {
        if let Some(known) = self.module_named(from, name) {
            return self.object(Object::Module(known));
        }
        let word = self.word(name);
        self.object(Object::External(word))
    }

    /// The module that an alias asks for, and the name that it takes of it.
    pub(super) fn asked(&self, at: u32, alias: NodeId) -> Option<(String, Option<String>)> {
        let module = self.module(at);
        let it = view::Alias::cast(module.tree.node(alias))?;
        let Some(from) = view::ImportFrom::cast(statement_of(module.tree.node(alias))?) else {
            // `import a.b` binds `a`.
            let whole = it.asname().is_some();
            let name = if whole { it.name() } else { it.name().split('.').next().unwrap_or_default() };
            return Some((name.to_owned(), None));
        };
        let target =
            absolute(module.name, module.is_package, from.level(), from.module().unwrap_or_default())?;
        Some((target, Some(it.name().to_owned())))
    }

    /// A place with the module of a star import.
    pub(super) fn star_target(&mut self, at: u32, alias: NodeId) -> Option<PlaceId> {
        let (target, _) = self.asked(at, alias)?;
        let object = self.module_object(at, &target);
        // Nothing is guessed of modules that are not given.
        matches!(self.what(object), Object::Module(_)).then(|| {
            let place = self.temporary();
            self.put(place, object);
            place
        })
    }

    /// The modules that a module imports `*` from, the last first.
    pub(super) fn stars(&mut self, at: u32) -> Vec<PlaceId> {
        let chains = self.module(at).chains;
        let stars: Vec<NodeId> =
            chains.definitions().filter(|it| it.1.role.is_none()).map(|it| it.1.node).collect();
        stars.into_iter().rev().filter_map(|it| self.star_target(at, it)).collect()
    }

    /// Whether a name is that of a builtin class.
    pub(super) fn is_builtin_class(name: &str) -> bool {
        canonical_class("builtins", name).is_some()
    }
}
