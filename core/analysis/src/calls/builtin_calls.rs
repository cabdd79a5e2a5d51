//! What builtin functions and methods of builtin types do with what they are given.

use super::objects::{Container, Object, ObjectId, Place, PlaceId, Word};
use super::solver::{Given, Site, Solver, Trigger, Wrap};
use super::{Callee, Code};
use crate::scopes::ScopeKind;

impl Solver<'_> {
    pub(super) fn call_builtin(&mut self, name: Word, site: &Site) {
        let text = self.text(name).to_owned();
        self.edge(site.origin, Callee::Builtin(text.as_str().into()));
        let origin = site.origin;
        let first = Self::argument(site, 0);
        match (text.as_str(), first) {
            ("super", first) => self.call_super(first, site),
            ("staticmethod", Some(it)) => self.on(it, Trigger::Wrap { how: Wrap::Static, to: site.result }),
            ("classmethod", Some(it)) => self.on(it, Trigger::Wrap { how: Wrap::Class, to: site.result }),
            ("property", Some(it)) => self.on(it, Trigger::Wrap { how: Wrap::Property, to: site.result }),
            ("type", Some(it)) => self.on(it, Trigger::Wrap { how: Wrap::Type, to: site.result }),
            ("map" | "filter", Some(function)) => {
                let mut arguments = Vec::new();
                let mut at = 1;
                while let Some(list) = Self::argument(site, at) {
                    let item = self.temporary();
                    self.on(list, Trigger::Iterate { to: item, origin });
                    arguments.push((Given::Positional, item));
                    at += 1;
                }
                let item = arguments.first().map(|it| it.1);
                let result = self.call_back(function, arguments, origin);
                self.container(site, if text == "map" { Some(result) } else { item });
            }
            ("sorted" | "list" | "tuple" | "set" | "frozenset" | "reversed" | "iter", Some(list)) => {
                let item = self.temporary();
                self.on(list, Trigger::Iterate { to: item, origin });
                self.with_key(site, item);
                self.container(site, Some(item));
            }
            ("min" | "max", Some(list)) => {
                self.on(list, Trigger::Iterate { to: site.result, origin });
                self.with_key(site, site.result);
            }
            ("list" | "tuple" | "set" | "dict", _) => self.container(site, None),
            ("next", Some(it)) => self.on(it, Trigger::Next { to: site.result, origin }),
            ("getattr", Some(it)) => {
                if let Some(name) = self.constant(site, 1) {
                    self.on(it, Trigger::Attribute { name, to: site.result, origin });
                }
            }
            ("setattr", Some(it)) => {
                if let (Some(name), Some(from)) = (self.constant(site, 1), Self::argument(site, 2)) {
                    self.on(it, Trigger::SetAttribute { name, from });
                }
            }
            (
                "len" | "repr" | "hash" | "abs" | "bool" | "str" | "int" | "float" | "bytes" | "format",
                Some(it),
            ) => {
                let method = self.word(&format!("__{text}__"));
                let ignored = self.temporary();
                self.on(it, Trigger::Protocol { method, to: ignored, argument: None, origin });
            }
            _ => {}
        }
        if Self::is_builtin_class(&text)
            && text.starts_with(|it: char| it.is_ascii_lowercase())
            && !matches!(
                text.as_str(),
                "super"
                    | "staticmethod"
                    | "classmethod"
                    | "property"
                    | "type"
                    | "object"
                    | "list"
                    | "tuple"
                    | "set"
                    | "dict"
                    | "map"
                    | "filter"
            )
        {
            self.put_object(site.result, Object::Value(name));
        }
    }

    /// A new list with these items.
    fn container(&mut self, site: &Site, items: Option<PlaceId>) {
        let ty = Container::List;
        let made = Object::Container { module: site.origin.caller.module, node: site.origin.node, ty };
        let made = self.object(made);
        if let Some(items) = items {
            self.fill(made, None, items);
        }
        self.put(site.result, made);
    }

    fn with_key(&mut self, site: &Site, item: PlaceId) {
        if let Some(key) = self.named(site, "key") {
            self.call_back(key, vec![(Given::Positional, item)], site.origin);
        }
    }

    /// The text of an argument that is a constant.
    fn constant(&mut self, site: &Site, at: usize) -> Option<Word> {
        let origin = site.origin;
        let tree = self.module(origin.caller.module).tree;
        let call = astkit_ast::python::view::Call::cast(tree.node(origin.node))?;
        let argument = astkit_ast::python::view::Constant::cast(call.args().nth(at)?)?;
        let astkit_ast::Constant::Str(text) = argument.value() else { return None };
        Some(self.word(text))
    }

    /// `super()` in a method: what comes after its class, for its first argument.
    fn call_super(&mut self, first: Option<PlaceId>, site: &Site) {
        let caller = site.origin.caller;
        let scopes = self.module(caller.module).scopes;
        let (mut function, mut scope) = (None, Some(caller.scope));
        let class = loop {
            let Some(at) = scope else { return };
            match scopes.scope(at).kind {
                ScopeKind::Class => break at,
                ScopeKind::Function | ScopeKind::AsyncFunction => function = Some(at),
                _ => {}
            }
            scope = scopes.scope(at).parent;
        };
        let class = Code { module: caller.module, scope: class };
        let receiver = match (first, Self::argument(site, 1), function) {
            (Some(_), Some(second), _) => second,
            (_, _, Some(function)) => {
                let slots = self.slots.get(&Code { module: caller.module, scope: function });
                let Some((_, place)) = slots.and_then(|it| it.positional.first()).copied() else { return };
                place
            }
            _ => return,
        };
        self.on(receiver, Trigger::Super { class, to: site.result });
    }

    pub(super) fn call_method(&mut self, receiver: ObjectId, name: Word, site: &Site) {
        let text = self.text(name).to_owned();
        let type_name = match self.what(receiver) {
            Object::Container { ty, .. } => ty.type_name().to_owned(),
            Object::Value(ty) => self.text(ty).to_owned(),
            Object::Generator(_) => "generator".to_owned(),
            Object::Instance(class) => match self.what(class) {
                Object::Builtin(class) => self.text(class).to_owned(),
                _ => return,
            },
            _ => return,
        };
        self.edge(site.origin, Callee::Builtin(format!("{type_name}.{text}").into()));
        if !matches!(self.what(receiver), Object::Container { .. }) {
            return;
        }
        let (origin, first, second) = (site.origin, Self::argument(site, 0), Self::argument(site, 1));
        let any = self.place(Place::Any(receiver));
        match (text.as_str(), first, second) {
            ("append" | "add" | "appendleft", Some(item), _) | ("insert", Some(_), Some(item)) => {
                self.fill(receiver, None, item);
            }
            ("extend" | "update", Some(list), _) => {
                let item = self.temporary();
                self.on(list, Trigger::Iterate { to: item, origin });
                self.on(list, Trigger::Item { key: None, to: item, origin });
                self.fill(receiver, None, item);
            }
            ("setdefault", Some(_), Some(item)) => {
                self.fill(receiver, None, item);
                self.copy(any, site.result);
            }
            ("get" | "pop", _, default) => {
                match self.constant(site, 0) {
                    Some(key) => self.item(receiver, Some(key), site.result, origin),
                    None => self.copy(any, site.result),
                }
                if let Some(default) = default {
                    self.copy(default, site.result);
                }
            }
            ("popleft" | "popitem", ..) => self.copy(any, site.result),
            ("values" | "copy", ..) => self.container(site, Some(any)),
            ("items", ..) => {
                let pair = Object::Container {
                    module: origin.caller.module,
                    node: origin.node,
                    ty: Container::Tuple,
                };
                let pair = self.object(pair);
                let key = self.index(1);
                self.fill(pair, Some(key), any);
                let item = self.temporary();
                self.put(item, pair);
                self.container(site, Some(item));
            }
            ("sort", ..) => self.with_key(site, any),
            _ => {}
        }
    }
}
