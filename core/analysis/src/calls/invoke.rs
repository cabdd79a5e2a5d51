//! What calling an object does.

use super::objects::{Container, Object, ObjectId, Place, PlaceId, Word};
use super::solver::{Given, Origin, Site, Solver, Trigger, Wrap};
use super::{Callee, Code};
use crate::scopes::ScopeKind;

/// Functions of other modules that give back the function or class that they are given.
const IDENTITIES: [&str; 13] = [
    "abc.abstractmethod",
    "atexit.register",
    "contextlib.asynccontextmanager",
    "contextlib.contextmanager",
    "dataclasses.dataclass",
    "enum.unique",
    "functools.cache",
    "functools.lru_cache",
    "functools.total_ordering",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.runtime_checkable",
];

impl Solver<'_> {
    pub(super) fn invoke(&mut self, id: u32, object: ObjectId) {
        let site = self.sites[id as usize].clone();
        match self.what(object) {
            Object::Function(code) => self.run(code, None, &site),
            Object::Bound { function, receiver } => match self.what(function) {
                Object::Function(code) => self.run(code, Some(receiver), &site),
                Object::Bound { .. } => return,
                _ => return self.invoke(id, function),
            },
            Object::Class(class) => self.construct(class, object, &site),
            Object::Instance(_) => {
                let name = self.word("__call__");
                match self.method(object, name, site.arguments.clone(), site.origin) {
                    Some(result) => self.copy(result, site.result),
                    None => return,
                }
            }
            Object::External(name) => self.call_external(id, name, &site),
            Object::Builtin(name) => self.call_builtin(name, &site),
            Object::BuiltinMethod { receiver, name } => self.call_method(receiver, name, &site),
            Object::Static(function) | Object::ClassMethod(function) => return self.invoke(id, function),
            Object::Partial { function, site: made } => self.call_partial(function, made, &site),
            Object::Setter(property) => self.put(site.result, property),
            Object::Identity => {
                if let Some(given) = Self::argument(&site, 0) {
                    self.copy(given, site.result);
                }
            }
            Object::Module(_)
            | Object::Container { .. }
            | Object::Value(_)
            | Object::Generator(_)
            | Object::Super { .. }
            | Object::Property(_) => return,
        }
        self.resolve_site(id);
    }

    fn run(&mut self, code: Code, receiver: Option<ObjectId>, site: &Site) {
        self.edge(site.origin, Callee::Code(code));
        self.give(code, receiver, &site.arguments, site.origin);
        let scope = self.module(code.module).scopes.scope(code.scope);
        if scope.is_generator || scope.kind == ScopeKind::AsyncFunction {
            self.put_object(site.result, Object::Generator(code));
        } else {
            let from = self.place(Place::Return(code));
            self.copy(from, site.result);
        }
    }

    fn construct(&mut self, class: Code, object: ObjectId, site: &Site) {
        let instance = self.object(Object::Instance(object));
        self.put(site.result, instance);
        let mut runs = false;
        for name in ["__new__", "__init__"] {
            let name = self.word(name);
            if !self.has(class, name) {
                continue;
            }
            runs = true;
            let (receiver, is_new) =
                if self.text(name) == "__new__" { (object, true) } else { (instance, false) };
            let mut arguments = site.arguments.clone();
            if is_new {
                let given = self.temporary();
                self.put(given, object);
                arguments.insert(0, (Given::Positional, given));
            }
            let method = self.temporary();
            self.attribute(receiver, name, method, site.origin);
            self.call_back(method, arguments, site.origin);
        }
        if !runs {
            self.edge(site.origin, Callee::Code(class));
            let name = self.word("__init__");
            if let Some(inherited) = self.elsewhere(class, name) {
                let inherited = self.text(inherited).into();
                self.edge(site.origin, Callee::External(inherited));
            }
        }
    }

    fn call_external(&mut self, id: u32, name: Word, site: &Site) {
        let text = self.text(name).to_owned();
        self.edge(site.origin, Callee::External(text.as_str().into()));
        let given = Self::argument(site, 0);
        match text.as_str() {
            "functools.wraps" => self.put_object(site.result, Object::Identity),
            "functools.partial" => {
                if let Some(function) = given {
                    self.on(function, Trigger::Wrap { how: Wrap::Partial(id), to: site.result });
                }
            }
            "functools.cached_property" => {
                if let Some(function) = given {
                    self.on(function, Trigger::Wrap { how: Wrap::Property, to: site.result });
                }
            }
            "functools.reduce" => {
                if let (Some(function), Some(list)) = (given, Self::argument(site, 1)) {
                    let item = self.temporary();
                    self.on(list, Trigger::Iterate { to: item, origin: site.origin });
                    let arguments = vec![(Given::Positional, item), (Given::Positional, item)];
                    let result = self.call_back(function, arguments, site.origin);
                    self.copy(result, site.result);
                }
            }
            it if IDENTITIES.contains(&it) => match given {
                Some(given) => self.copy(given, site.result),
                None => self.put_object(site.result, Object::Identity),
            },
            // By PEP 8 what begins with a capital is a class; its instances' methods have its name before theirs.
            it if it
                .rsplit('.')
                .next()
                .is_some_and(|it| it.starts_with(|it: char| it.is_ascii_uppercase())) =>
            {
                let class = self.object(Object::External(name));
                self.put_object(site.result, Object::Instance(class));
            }
            _ => {}
        }
    }

    fn call_partial(&mut self, function: ObjectId, made: u32, site: &Site) {
        let first = self.sites[made as usize].arguments.clone();
        let mut skipped = false;
        let mut arguments: Vec<_> = first
            .into_iter()
            .filter(|it| {
                skipped || it.0 != Given::Positional || {
                    skipped = true;
                    false
                }
            })
            .collect();
        arguments.extend(site.arguments.iter().copied());
        let callee = self.temporary();
        self.put(callee, function);
        let result = self.call_back(callee, arguments, site.origin);
        self.copy(result, site.result);
    }

    pub(super) fn awaited(&mut self, object: ObjectId, to: PlaceId, _origin: Origin) {
        if let Object::Generator(code) = self.what(object) {
            let from = self.place(Place::Return(code));
            self.copy(from, to);
        }
    }

    pub(super) fn raised(&mut self, object: ObjectId, to: PlaceId, origin: Origin) {
        if let Object::Class(_) = self.what(object) {
            let class = self.temporary();
            self.put(class, object);
            let result = self.call_back(class, Vec::new(), origin);
            self.copy(result, to);
        }
    }

    pub(super) fn caught(&mut self, object: ObjectId, to: PlaceId) {
        match self.what(object) {
            Object::Class(_) | Object::Builtin(_) => self.put_object(to, Object::Instance(object)),
            Object::Container { ty: Container::Tuple, .. } => {
                let from = self.place(Place::Any(object));
                self.on(from, Trigger::Caught { to });
            }
            _ => {}
        }
    }

    /// A method that the language itself calls.
    pub(super) fn protocol(
        &mut self,
        object: ObjectId,
        method: Word,
        to: PlaceId,
        argument: Option<PlaceId>,
        origin: Origin,
    ) {
        if let Object::Generator(code) = self.what(object) {
            // A function that `contextmanager` has wrapped.
            if self.text(method) == "__enter__" {
                let from = self.place(Place::Yield(code));
                self.copy(from, to);
            }
            return;
        }
        let arguments = argument.map(|it| (Given::Positional, it)).into_iter().collect();
        if let Some(result) = self.method(object, method, arguments, origin) {
            self.copy(result, to);
        }
    }
}
