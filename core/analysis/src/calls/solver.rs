//! The solver: objects flow along constraints until nothing new comes.

use std::collections::VecDeque;

use astkit_ast::NodeId;
use astkit_ast::python::{Kind, kind, view};
use rustc_hash::{FxHashMap, FxHashSet};

use super::objects::{Object, ObjectId, Place, PlaceId, Word};
use super::{CallGraph, Callee, Code, Edge, Module, Reason, Unresolved};
use crate::def_use::DefinitionId;
use crate::mro::{BaseKind, Class, classes};
use crate::names::{NameInterner, index};
use crate::scopes::{Role, ScopeId, SymbolId};

/// How many objects a place holds at most. A guess: beyond it a call says nothing any more.
const SET_LIMIT: usize = 48;

/// How many names a dotted name has at most, and how many imports are followed to a class. Guesses.
const DEPTH_LIMIT: usize = 12;

/// Who is responsible for a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Origin {
    pub(super) caller: Code,
    pub(super) node: NodeId,
}

/// How an argument is given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Given {
    Positional,
    Keyword(Word),
    Star,
    DoubleStar,
}

/// A call that is made with these arguments.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) origin: Origin,
    pub(super) arguments: Vec<(Given, PlaceId)>,
    pub(super) result: PlaceId,
    /// Whether it is a call expression, which is told if nothing is known of its callee.
    pub(super) is_written: bool,
    pub(super) callee: PlaceId,
}

/// What happens when an object reaches a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trigger {
    Copy(PlaceId),
    /// The object is called.
    Call(u32),
    /// An attribute of it is read.
    Attribute {
        name: Word,
        to: PlaceId,
        origin: Origin,
    },
    SetAttribute {
        name: Word,
        from: PlaceId,
    },
    Item {
        key: Option<Word>,
        to: PlaceId,
        origin: Origin,
    },
    SetItem {
        key: Option<Word>,
        from: PlaceId,
        origin: Origin,
    },
    Iterate {
        to: PlaceId,
        origin: Origin,
    },
    Await {
        to: PlaceId,
        origin: Origin,
    },
    /// It is raised: a class is called without arguments.
    Raise {
        to: PlaceId,
        origin: Origin,
    },
    /// It is caught: an instance of a class, or of one of several.
    Caught {
        to: PlaceId,
    },
    /// One of its items is assigned to one of several targets; items of containers are told apart by their keys.
    Unpack {
        to: PlaceId,
        origin: Origin,
    },
    /// Some of its items are taken: a list, or a text again.
    Part {
        part: ObjectId,
        to: PlaceId,
    },
    /// The next item of an iterator is asked for.
    Next {
        to: PlaceId,
        origin: Origin,
    },
    /// It was found in a class, and is taken of a receiver.
    Bind {
        receiver: ObjectId,
        to: PlaceId,
        origin: Origin,
    },
    /// It is the receiver of `super()` in a class.
    Super {
        class: Code,
        to: PlaceId,
    },
    /// A builtin wraps it.
    Wrap {
        how: Wrap,
        to: PlaceId,
    },
    /// A method of it is called by the language itself.
    Protocol {
        method: Word,
        to: PlaceId,
        argument: Option<PlaceId>,
        origin: Origin,
    },
}

/// What a builtin makes of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wrap {
    Static,
    Class,
    Property,
    /// `type(x)`.
    Type,
    /// `functools.partial`, at this site.
    Partial(u32),
}

/// Where the arguments of a function go.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    pub(super) positional: Vec<(Option<Word>, PlaceId)>,
    pub(super) by_name: Vec<(Word, PlaceId)>,
    /// What `*args` and `**kwargs` hold.
    pub(super) vararg: Option<ObjectId>,
    pub(super) kwarg: Option<ObjectId>,
}

pub(super) struct Solver<'a> {
    pub(super) modules: &'a [Module<'a>],
    by_name: FxHashMap<&'a str, Vec<u32>>,
    pub(super) words: NameInterner,
    pub(super) objects: Vec<Object>,
    object_ids: FxHashMap<Object, ObjectId>,
    places: Vec<Vec<ObjectId>>,
    members: FxHashSet<(PlaceId, ObjectId)>,
    place_ids: FxHashMap<Place, PlaceId>,
    triggers: Vec<Vec<Trigger>>,
    copies: FxHashSet<(PlaceId, PlaceId)>,
    /// Names that were looked for in the star imports of a module, and where they go.
    pub(super) starred: FxHashSet<(u32, Word, PlaceId)>,
    queue: VecDeque<(PlaceId, ObjectId)>,
    full: FxHashSet<PlaceId>,
    pub(super) sites: Vec<Site>,
    resolved: FxHashSet<u32>,
    edges: FxHashSet<Edge>,
    /// Per module: its classes by scope.
    pub(super) classes: Vec<FxHashMap<ScopeId, Class>>,
    orders: FxHashMap<Code, Vec<ClassRef>>,
    temporaries: u32,
    /// How many imports are being followed.
    following: usize,
    pub(super) slots: FxHashMap<Code, Slots>,
    /// Per module: live definitions by the variable they are of.
    live: Vec<FxHashMap<SymbolId, Vec<DefinitionId>>>,
}

/// A class in a linearization.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum ClassRef {
    Known(Code),
    External(Word),
    Builtin(Word),
    Unknown,
}

fn live(module: &Module<'_>) -> FxHashMap<SymbolId, Vec<DefinitionId>> {
    let mut out: FxHashMap<SymbolId, Vec<DefinitionId>> = FxHashMap::default();
    for (id, definition) in module.chains.definitions().filter(|it| it.1.is_live) {
        if let Some(variable) = definition.variable {
            out.entry(variable).or_default().push(id);
        }
    }
    out
}

impl Solver<'_> {
    /// The module of an absolute name that a module means.
    pub(super) fn module_named(&self, from: u32, name: &str) -> Option<u32> {
        let all = self.by_name.get(name)?;
        let root = self.module(from).root;
        let own = all.iter().find(|it| self.module(**it).root == root);
        own.or(all.last()).copied()
    }
}

impl<'a> Solver<'a> {
    pub(super) fn new(modules: &'a [Module<'a>]) -> Self {
        let by_scope = |it: &Module<'_>| {
            let classes = classes(it.tree, it.scopes, it.chains);
            classes.into_iter().map(|it| (it.scope, it)).collect()
        };
        let mut by_name = FxHashMap::<&str, Vec<u32>>::default();
        for (it, at) in modules.iter().zip(0..) {
            by_name.entry(it.name).or_default().push(at);
        }
        Self {
            modules,
            by_name,
            words: NameInterner::default(),
            objects: Vec::new(),
            object_ids: FxHashMap::default(),
            places: Vec::new(),
            members: FxHashSet::default(),
            place_ids: FxHashMap::default(),
            triggers: Vec::new(),
            copies: FxHashSet::default(),
            starred: FxHashSet::default(),
            queue: VecDeque::new(),
            full: FxHashSet::default(),
            sites: Vec::new(),
            resolved: FxHashSet::default(),
            edges: FxHashSet::default(),
            classes: modules.iter().map(by_scope).collect(),
            orders: FxHashMap::default(),
            temporaries: 0,
            following: 0,
            slots: FxHashMap::default(),
            live: modules.iter().map(live).collect(),
        }
    }

    pub(super) fn module(&self, module: u32) -> Module<'a> {
        self.modules[module as usize]
    }

    pub(super) fn word(&mut self, text: &str) -> Word {
        self.words.intern(text)
    }

    pub(super) fn text(&self, word: Word) -> &str {
        self.words.text(word)
    }

    /// A name below a dotted one; none if it gets too long.
    pub(super) fn dotted(&mut self, outer: Word, name: Word) -> Option<Word> {
        let outer = self.text(outer);
        if outer.bytes().filter(|it| *it == b'.').count() >= DEPTH_LIMIT {
            return None;
        }
        let dotted = format!("{outer}.{}", self.text(name));
        Some(self.word(&dotted))
    }

    pub(super) fn object(&mut self, object: Object) -> ObjectId {
        let next = ObjectId(index(self.objects.len()));
        let id = *self.object_ids.entry(object).or_insert(next);
        if id == next {
            self.objects.push(object);
        }
        id
    }

    pub(super) fn what(&self, object: ObjectId) -> Object {
        self.objects[object.0 as usize]
    }

    pub(super) fn place(&mut self, place: Place) -> PlaceId {
        let next = PlaceId(index(self.places.len()));
        let id = *self.place_ids.entry(place).or_insert(next);
        if id == next {
            self.places.push(Vec::new());
            self.triggers.push(Vec::new());
        }
        id
    }

    pub(super) fn temporary(&mut self) -> PlaceId {
        self.temporaries += 1;
        self.place(Place::Temporary(self.temporaries))
    }

    /// Puts an object into a place.
    pub(super) fn put(&mut self, place: PlaceId, object: ObjectId) {
        if self.places[place.0 as usize].len() >= SET_LIMIT {
            self.full.insert(place);
            return;
        }
        if self.members.insert((place, object)) {
            self.places[place.0 as usize].push(object);
            self.queue.push_back((place, object));
        }
    }

    pub(super) fn is_empty(&self, place: PlaceId) -> bool {
        self.places[place.0 as usize].is_empty()
    }

    pub(super) fn put_object(&mut self, place: PlaceId, object: Object) {
        let object = self.object(object);
        self.put(place, object);
    }

    /// Lets everything of one place flow into another.
    pub(super) fn copy(&mut self, from: PlaceId, to: PlaceId) {
        if from != to && self.copies.insert((from, to)) {
            self.on(from, Trigger::Copy(to));
        }
    }

    /// Does something with every object that reaches a place.
    pub(super) fn on(&mut self, place: PlaceId, trigger: Trigger) {
        self.triggers[place.0 as usize].push(trigger);
        let present = self.places[place.0 as usize].clone();
        for object in present {
            self.fire(trigger, object);
        }
    }

    /// Calls what reaches a place.
    pub(super) fn call(&mut self, site: Site) {
        let callee = site.callee;
        let id = index(self.sites.len());
        self.sites.push(site);
        self.on(callee, Trigger::Call(id));
    }

    pub(super) fn edge(&mut self, origin: Origin, callee: Callee) {
        self.edges.insert(Edge { caller: origin.caller, node: origin.node, callee });
    }

    pub(super) fn resolve_site(&mut self, site: u32) {
        self.resolved.insert(site);
    }

    pub(super) fn solve(&mut self) {
        while let Some((place, object)) = self.queue.pop_front() {
            // Triggers that come while these run see the object by themselves.
            let triggers = self.triggers[place.0 as usize].clone();
            for trigger in triggers {
                self.fire(trigger, object);
            }
        }
    }

    fn fire(&mut self, trigger: Trigger, object: ObjectId) {
        match trigger {
            Trigger::Copy(to) => self.put(to, object),
            Trigger::Call(site) => self.invoke(site, object),
            Trigger::Attribute { name, to, origin } => self.attribute(object, name, to, origin),
            Trigger::SetAttribute { name, from } => self.set_attribute(object, name, from),
            Trigger::Item { key, to, origin } => self.item(object, key, to, origin),
            Trigger::SetItem { key, from, origin } => self.set_item(object, key, from, origin),
            Trigger::Iterate { to, origin } => self.iterate(object, to, origin),
            Trigger::Await { to, origin } => self.awaited(object, to, origin),
            Trigger::Raise { to, origin } => self.raised(object, to, origin),
            Trigger::Unpack { to, origin } => {
                if !matches!(self.what(object), Object::Container { .. } | Object::Generator(_)) {
                    self.iterate(object, to, origin);
                }
            }
            Trigger::Part { part, to } => match self.what(object) {
                Object::Container { .. } => self.put(to, part),
                Object::Value(_) => self.put(to, object),
                _ => {}
            },
            Trigger::Caught { to } => self.caught(object, to),
            Trigger::Next { to, origin } => self.next_item(object, to, origin),
            Trigger::Bind { receiver, to, origin } => self.bind(object, receiver, to, origin),
            Trigger::Wrap { how, to } => self.wrap(object, how, to),
            Trigger::Super { class, to } => self.put_object(to, Object::Super { class, receiver: object }),
            Trigger::Protocol { method, to, argument, origin } => {
                self.protocol(object, method, to, argument, origin);
            }
        }
    }

    /// The linearization of a class; what comes after an unknown base is not known.
    pub(super) fn order(&mut self, class: Code) -> Vec<ClassRef> {
        if let Some(order) = self.orders.get(&class) {
            return order.clone();
        }
        // A class that is its own base is found unfinished here.
        self.orders.insert(class, vec![ClassRef::Known(class)]);
        let bases = self.classes[class.module as usize].get(&class.scope).map(|it| it.bases.clone());
        let mut orders = Vec::new();
        for base in bases.unwrap_or_default() {
            let base = self.base(class.module, &base.what);
            orders.push(match base {
                ClassRef::Known(base) => {
                    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.order(base))
                }
                ClassRef::External(_) | ClassRef::Builtin(_) | ClassRef::Unknown => vec![base],
            });
        }
        let order = crate::mro::linearize(ClassRef::Known(class), &orders)
            .unwrap_or_else(|| vec![ClassRef::Known(class), ClassRef::Unknown]);
        self.orders.insert(class, order.clone());
        order
    }

    fn base(&mut self, module: u32, base: &BaseKind) -> ClassRef {
        match base {
            BaseKind::Class(scope) => ClassRef::Known(Code { module, scope: *scope }),
            BaseKind::Builtin(name) => ClassRef::Builtin(self.word(name)),
            BaseKind::Unknown(_) => ClassRef::Unknown,
            BaseKind::Imported(alias, attributes) => {
                let mut object = self.imported(module, *alias);
                for name in attributes {
                    let name = self.word(name);
                    object = self.static_attribute(object, name);
                }
                match object.map(|it| self.what(it)) {
                    Some(Object::Class(class)) => ClassRef::Known(class),
                    Some(Object::External(name)) => ClassRef::External(name),
                    _ => ClassRef::Unknown,
                }
            }
            BaseKind::Several(_)
            | BaseKind::Star(..)
            | BaseKind::NamedTuple(_)
            | BaseKind::TypeOf(..)
            | BaseKind::Extension(_) => ClassRef::Unknown,
        }
    }

    /// An attribute that can be told without solving: of a module or of something external.
    pub(super) fn static_attribute(&mut self, object: Option<ObjectId>, name: Word) -> Option<ObjectId> {
        match self.what(object?) {
            Object::Module(module) => self.exported_class(module, name),
            Object::External(outer) => {
                let dotted = self.dotted(outer, name)?;
                Some(self.object(Object::External(dotted)))
            }
            _ => None,
        }
    }

    /// The class that a module's global name stands for at its end, imports followed.
    pub(super) fn exported_class(&mut self, module: u32, name: Word) -> Option<ObjectId> {
        let it = self.module(module);
        let [only] = self.live_in(module, ScopeId(0), name)[..] else { return None };
        let only = it.chains.definition(only);
        match only.role {
            Some(Role::Class) => {
                let scope = it.scopes.scope_of(only.node)?;
                Some(self.object(Object::Class(Code { module, scope })))
            }
            Some(Role::Import) if self.following < DEPTH_LIMIT => {
                self.following += 1;
                let found = self.imported(module, only.node);
                self.following -= 1;
                found
            }
            _ => None,
        }
    }

    /// The definitions of a scope's name that are there when the scope has run.
    pub(super) fn live_in(&self, module: u32, scope: ScopeId, name: Word) -> Vec<DefinitionId> {
        let scopes = self.module(module).scopes;
        let symbol = scopes.names().find(self.text(name)).and_then(|it| scopes.lookup(scope, it));
        let live = symbol.and_then(|it| self.live[module as usize].get(&it));
        live.cloned().unwrap_or_default()
    }

    pub(super) fn finish(self) -> CallGraph {
        let mut unresolved = Vec::new();
        for (site, id) in self.sites.iter().zip(0..) {
            if site.is_written && !self.resolved.contains(&id) {
                let reason = self.reason(site);
                unresolved.push(Unresolved { caller: site.origin.caller, node: site.origin.node, reason });
            }
        }
        let mut edges: Vec<Edge> = self.edges.into_iter().collect();
        edges.sort_unstable();
        unresolved.sort_unstable();
        CallGraph { edges, unresolved }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other expressions have one reason")]
    fn reason(&self, site: &Site) -> Reason {
        if self.full.contains(&site.callee) {
            return Reason::Limit;
        }
        let module = self.module(site.origin.caller.module);
        let node = module.tree.node(site.origin.node);
        let Some(call) = view::Call::cast(node) else { return Reason::Expression };
        let holds_any = |it: astkit_ast::Node<'_>| {
            let place = self.place_ids.get(&Place::Expression(site.origin.caller.module, it.id()));
            place.is_some_and(|it| !self.places[it.0 as usize].is_empty())
        };
        let callee = call.func();
        match kind(callee) {
            Kind::Attribute => {
                let receiver = view::Attribute::cast(callee).map(view::Attribute::value);
                if receiver.is_some_and(holds_any) { Reason::Attribute } else { Reason::Receiver }
            }
            Kind::Subscript => Reason::Item,
            Kind::Call => Reason::Result,
            Kind::Name => {
                let occurrence = module.scopes.occurrence_of(callee.id());
                let use_ =
                    occurrence.and_then(|it| module.chains.use_at(it)).map(|it| module.chains.use_(it));
                let is_parameter = use_.is_some_and(|it| {
                    let mut reaching = module.chains.reaching(it).iter();
                    reaching.any(|it| module.chains.definition(*it).role == Some(Role::Param))
                });
                if is_parameter { Reason::Parameter } else { Reason::Name }
            }
            _ => Reason::Expression,
        }
    }
}
