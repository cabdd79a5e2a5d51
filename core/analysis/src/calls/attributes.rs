//! What attributes and items of objects are.

use super::Code;
use super::objects::{Container, Object, ObjectId, Place, PlaceId, Word};
use super::solver::{ClassRef, Given, Origin, Solver, Trigger, Wrap};
use crate::scopes::ScopeId;

/// What a look-up in a class comes to.
enum Looked {
    Found(Vec<PlaceId>),
    /// Only a class that is not given can have it.
    Elsewhere(ClassRef),
    Missing,
}

impl Solver<'_> {
    pub(super) fn attribute(&mut self, object: ObjectId, name: Word, to: PlaceId, origin: Origin) {
        match self.what(object) {
            Object::Module(module) => self.module_attribute(module, name, to, origin),
            Object::External(outer) => {
                if let Some(dotted) = self.dotted(outer, name) {
                    self.put_object(to, Object::External(dotted));
                }
            }
            Object::Builtin(outer) => {
                if let Some(dotted) = self.dotted(outer, name) {
                    self.put_object(to, Object::Builtin(dotted));
                }
            }
            Object::Class(class) => self.taken(class, object, object, name, None, to, origin),
            Object::Instance(class) => {
                let own = self.place(Place::Attribute(object, name));
                self.copy(own, to);
                match self.what(class) {
                    Object::Class(code) => self.taken(code, class, object, name, None, to, origin),
                    Object::Builtin(_) => {
                        self.put_object(to, Object::BuiltinMethod { receiver: object, name });
                    }
                    Object::External(_) => self.attribute(class, name, to, origin),
                    _ => {}
                }
            }
            Object::Super { class, receiver } => {
                let (of, owner) = match self.what(receiver) {
                    Object::Instance(it) => (self.what(it), it),
                    it => (it, receiver),
                };
                if let Object::Class(code) = of {
                    self.taken(code, owner, receiver, name, Some(class), to, origin);
                }
            }
            Object::Container { .. } | Object::Value(_) | Object::Generator(_) => {
                self.put_object(to, Object::BuiltinMethod { receiver: object, name });
            }
            Object::Function(_) | Object::Partial { .. } => {
                let own = self.place(Place::Attribute(object, name));
                self.copy(own, to);
            }
            // `@x.setter` gives a property again.
            Object::Property(_) if matches!(self.text(name), "setter" | "deleter" | "getter") => {
                self.put_object(to, Object::Setter(object));
            }
            Object::Setter(_) => {}
            Object::Bound { .. }
            | Object::BuiltinMethod { .. }
            | Object::Static(_)
            | Object::ClassMethod(_)
            | Object::Property(_)
            | Object::Identity => {}
        }
    }

    fn module_attribute(&mut self, module: u32, name: Word, to: PlaceId, origin: Origin) {
        let live = self.live_in(module, ScopeId(0), name);
        for definition in &live {
            let from = self.place(Place::Definition(module, *definition));
            self.copy(from, to);
        }
        let object = self.object(Object::Module(module));
        let set = self.place(Place::Attribute(object, name));
        self.copy(set, to);
        if !live.is_empty() {
            return;
        }
        let dotted = format!("{}.{}", self.module(module).name, self.text(name));
        if let Some(submodule) = self.module_named(module, &dotted) {
            self.put_object(to, Object::Module(submodule));
            return;
        }
        // Modules may import `*` of each other.
        if !self.starred.insert((module, name, to)) {
            return;
        }
        for target in self.stars(module) {
            let ask = || self.on(target, Trigger::Attribute { name, to, origin });
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, ask);
        }
    }

    /// Lets an attribute of a class, as `receiver` gives it, flow to a place.
    #[expect(clippy::too_many_arguments, reason = "all of them say which attribute it is")]
    fn taken(
        &mut self,
        class: Code,
        class_object: ObjectId,
        receiver: ObjectId,
        name: Word,
        after: Option<Code>,
        to: PlaceId,
        origin: Origin,
    ) {
        match self.look_up(class, name, after) {
            Looked::Found(places) => {
                for from in places {
                    self.on(from, Trigger::Bind { receiver, to, origin });
                }
            }
            Looked::Elsewhere(ClassRef::External(outer)) => {
                let own = self.place(Place::Attribute(receiver, name));
                // What instances are given is no matter of the class.
                if let Some(dotted) = self.dotted(outer, name).filter(|_| self.is_empty(own)) {
                    self.put_object(to, Object::External(dotted));
                }
            }
            Looked::Elsewhere(ClassRef::Builtin(outer)) => {
                if let Some(dotted) = self.dotted(outer, name) {
                    self.put_object(to, Object::Builtin(dotted));
                }
            }
            Looked::Elsewhere(_) | Looked::Missing => {}
        }
        let set = self.place(Place::Attribute(class_object, name));
        if class_object == receiver {
            self.copy(set, to);
        } else {
            self.on(set, Trigger::Bind { receiver, to, origin });
        }
    }

    /// The first class in the order that has a name, `after` skipped up to.
    fn look_up(&mut self, class: Code, name: Word, after: Option<Code>) -> Looked {
        let mut order = self.order(class);
        if let Some(after) = after {
            let at = order.iter().position(|it| *it == ClassRef::Known(after));
            order.drain(..at.map_or(0, |it| it + 1));
        }
        for it in order {
            match it {
                ClassRef::Known(code) => {
                    let live = self.live_in(code.module, code.scope, name);
                    if !live.is_empty() {
                        let place = |it| self.place(Place::Definition(code.module, it));
                        return Looked::Found(live.into_iter().map(place).collect());
                    }
                }
                ClassRef::Builtin(word) if self.text(word) == "object" => {}
                ClassRef::External(_) | ClassRef::Builtin(_) | ClassRef::Unknown => {
                    return Looked::Elsewhere(it);
                }
            }
        }
        Looked::Missing
    }

    /// Whether a class, or one it is derived from, has a name of its own.
    pub(super) fn has(&mut self, class: Code, name: Word) -> bool {
        matches!(self.look_up(class, name, None), Looked::Found(_))
    }

    /// The name of a class without text that a class has a name from.
    pub(super) fn elsewhere(&mut self, class: Code, name: Word) -> Option<Word> {
        match self.look_up(class, name, None) {
            Looked::Elsewhere(ClassRef::External(outer)) => self.dotted(outer, name),
            _ => None,
        }
    }

    /// Calls a method of an instance by name, if its class has it.
    pub(super) fn method(
        &mut self,
        receiver: ObjectId,
        name: Word,
        arguments: Vec<(Given, PlaceId)>,
        origin: Origin,
    ) -> Option<PlaceId> {
        let Object::Instance(class) = self.what(receiver) else { return None };
        let Object::Class(code) = self.what(class) else { return None };
        let Looked::Found(places) = self.look_up(code, name, None) else { return None };
        let method = self.temporary();
        for from in places {
            self.on(from, Trigger::Bind { receiver, to: method, origin });
        }
        Some(self.call_back(method, arguments, origin))
    }

    /// What was found in a class, as the receiver gives it.
    pub(super) fn bind(&mut self, object: ObjectId, receiver: ObjectId, to: PlaceId, origin: Origin) {
        let of_instance = matches!(self.what(receiver), Object::Instance(_));
        match self.what(object) {
            Object::Function(_) if of_instance => {
                self.put_object(to, Object::Bound { function: object, receiver });
            }
            Object::Static(function) => self.put(to, function),
            Object::ClassMethod(function) => {
                let class = if let Object::Instance(class) = self.what(receiver) { class } else { receiver };
                self.put_object(to, Object::Bound { function, receiver: class });
            }
            Object::Property(getter) if of_instance => {
                let bound = self.holding(Object::Bound { function: getter, receiver });
                let result = self.call_back(bound, Vec::new(), origin);
                self.copy(result, to);
            }
            _ => self.put(to, object),
        }
    }

    pub(super) fn wrap(&mut self, object: ObjectId, how: Wrap, to: PlaceId) {
        // What is wrapped already is not wrapped again: there would be no end to it.
        let is_plain = matches!(
            self.what(object),
            Object::Function(_)
                | Object::Class(_)
                | Object::Builtin(_)
                | Object::External(_)
                | Object::Bound { .. }
        );
        let made = match how {
            Wrap::Type => self.what(object),
            _ if !is_plain => return self.put(to, object),
            Wrap::Static | Wrap::Class | Wrap::Property
                if matches!(self.what(object), Object::Bound { .. }) =>
            {
                return self.put(to, object);
            }
            it => return self.put_wrapped(object, it, to),
        };
        match made {
            Object::Instance(class) => self.put(to, class),
            Object::Value(name) => self.put_object(to, Object::Builtin(name)),
            _ => {}
        }
    }

    fn put_wrapped(&mut self, object: ObjectId, how: Wrap, to: PlaceId) {
        let made = match how {
            Wrap::Static => Object::Static(object),
            Wrap::Class => Object::ClassMethod(object),
            Wrap::Property => Object::Property(object),
            Wrap::Partial(site) => Object::Partial { function: object, site },
            Wrap::Type => return,
        };
        self.put_object(to, made);
    }

    pub(super) fn set_attribute(&mut self, object: ObjectId, name: Word, from: PlaceId) {
        if matches!(
            self.what(object),
            Object::Instance(_) | Object::Class(_) | Object::Function(_) | Object::Module(_)
        ) {
            let to = self.place(Place::Attribute(object, name));
            self.copy(from, to);
        }
    }

    pub(super) fn item(&mut self, object: ObjectId, key: Option<Word>, to: PlaceId, origin: Origin) {
        match self.what(object) {
            Object::Container { .. } => {
                let places = match key {
                    Some(key) => vec![Place::Item(object, key), Place::Items(object)],
                    None => vec![Place::Any(object)],
                };
                for place in places {
                    let from = self.place(place);
                    self.copy(from, to);
                }
            }
            // A part of a text is a text.
            Object::Value(_) => self.put(to, object),
            Object::Instance(_) => {
                let name = self.word("__getitem__");
                if let Some(result) = self.method(object, name, Vec::new(), origin) {
                    self.copy(result, to);
                }
            }
            // `C[int]` is called as `C` is.
            Object::Class(_) => self.put(to, object),
            Object::Generator(_) => self.iterate(object, to, origin),
            _ => {}
        }
    }

    pub(super) fn set_item(&mut self, object: ObjectId, key: Option<Word>, from: PlaceId, origin: Origin) {
        match self.what(object) {
            Object::Container { .. } => self.fill(object, key, from),
            Object::Instance(_) => {
                let name = self.word("__setitem__");
                let unknown = self.temporary();
                let arguments = vec![(Given::Positional, unknown), (Given::Positional, from)];
                self.method(object, name, arguments, origin);
            }
            _ => {}
        }
    }

    pub(super) fn iterate(&mut self, object: ObjectId, to: PlaceId, origin: Origin) {
        match self.what(object) {
            Object::Container { ty: Container::Dict, .. } => {}
            Object::Container { .. } => {
                let from = self.place(Place::Any(object));
                self.copy(from, to);
            }
            Object::Generator(code) => {
                let from = self.place(Place::Yield(code));
                self.copy(from, to);
            }
            Object::Instance(_) => {
                let name = self.word("__iter__");
                if let Some(iterator) = self.method(object, name, Vec::new(), origin) {
                    self.on(iterator, Trigger::Next { to, origin });
                } else {
                    self.item(object, None, to, origin);
                }
            }
            _ => {}
        }
    }

    pub(super) fn next_item(&mut self, object: ObjectId, to: PlaceId, origin: Origin) {
        if !matches!(self.what(object), Object::Instance(_)) {
            return self.iterate(object, to, origin);
        }
        let name = self.word("__next__");
        if let Some(result) = self.method(object, name, Vec::new(), origin) {
            self.copy(result, to);
        }
    }
}
