//! The interface of a module: what other modules need to know of it, without positions or trees.
//!
//! Its global names with what each may stand for when the module has run, its classes with their bases, its
//! `__all__`, its star imports. An edit within a function's body leaves it equal, as long as it binds no global.

use std::collections::BTreeMap;

use astkit_ast::python::{ExprContext, Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::def_use::DefUse;
use crate::dunder_all::{DunderAll, dunder_all};
use crate::imports::{Import, imports};
use crate::mro::{self, BaseKind};
use crate::qualnames::qualnames;
use crate::scopes::{Options, Role, ScopeId, Scopes};
use crate::truth::Environment;
use crate::unreachable::unreachable;

/// What other modules need to know of a module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Interface {
    /// Whether it is a package (`__init__.py`).
    pub is_package: bool,
    /// Its `__all__`, if it has one.
    pub dunder_all: Option<DunderAll>,
    /// Its star imports in the module's own code, in order.
    pub stars: Vec<Star>,
    /// Its global names, deleted ones left out.
    pub globals: BTreeMap<Box<str>, Global>,
    /// Its classes, in the order of their scopes.
    pub classes: Vec<ClassFacts>,
    /// Whether it gives itself names through `globals()`.
    pub is_dynamic: bool,
}

/// `from m import *`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Star {
    /// The `alias`.
    pub node: NodeId,
    /// The number of leading dots.
    pub level: u32,
    /// The name after the dots.
    pub module: Box<str>,
}

/// A global name when the module has run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Global {
    /// Whether it may be unbound.
    pub is_conditional: bool,
    /// What it may stand for, in the order of the text.
    pub meanings: Vec<Meaning>,
}

/// What a name may stand for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Meaning {
    /// A class of this module: its index.
    Class(u32),
    /// A builtin.
    Builtin(Box<str>),
    /// A class without Python text, by its full name.
    Extension(&'static str),
    /// The type of another class.
    TypeOf(Box<Meaning>),
    /// Something of another module.
    Imported(Target),
    /// A name that a star import may have brought, with the attributes that are taken of it.
    Star(Box<str>, Vec<Box<str>>),
    /// A function of this module, by its scope.
    Function(ScopeId),
    /// Anything else, and why it is not known.
    Unknown(&'static str),
}

/// Something that an import asks for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Target {
    /// The number of leading dots.
    pub level: u32,
    /// The dotted name after the dots.
    pub module: Box<str>,
    /// The names that are taken, one of the other.
    pub names: Vec<Box<str>>,
    /// Where the import stands.
    pub place: Place,
}

/// Where an import stands in a `try`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// In none.
    Plain,
    /// In its body: what it brings counts before anything else, if there is such a module.
    Tried,
    /// In a handler: it counts if there is nothing else.
    Fallback,
}

/// A class and what it is derived from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassFacts {
    /// Its scope.
    pub scope: ScopeId,
    /// Its node.
    pub node: NodeId,
    /// Its qualified name.
    pub qualname: Box<str>,
    /// Whether a `class` statement says so; else a call of `namedtuple`.
    pub is_written: bool,
    /// Per base, in order, what it may stand for, and its expression.
    pub bases: Vec<(NodeId, Vec<Meaning>)>,
}

struct Maker<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    chains: &'a DefUse,
    /// Imports by alias, with the alias's place in the statement.
    imports: FxHashMap<NodeId, (Import, usize)>,
    classes: FxHashMap<ScopeId, u32>,
    /// Classes that calls of `namedtuple` make.
    tuples: FxHashMap<NodeId, u32>,
    /// Import statements that stand in a `try`.
    places: FxHashMap<NodeId, Place>,
}

/// The interface of a module.
pub fn interface(
    tree: &Tree,
    scopes: &Scopes,
    chains: &DefUse,
    is_package: bool,
    options: &Options,
    environment: &Environment,
) -> Interface {
    let classes = mro::classes(tree, scopes, chains);
    let names = qualnames(scopes, options);
    let mut by_alias = FxHashMap::default();
    let mut stars = Vec::new();
    for import in imports(tree, scopes) {
        if import.is_star() && import.scope == ScopeId(0) {
            let module = import.name.clone().unwrap_or_default();
            stars.extend(import.aliases.first().map(|it| Star { node: *it, level: import.level, module }));
        }
        for (place, alias) in import.aliases.clone().into_iter().enumerate() {
            by_alias.insert(alias, (import.clone(), place));
        }
    }
    let tuples = named_tuples(tree, scopes);
    let maker = Maker {
        tree,
        scopes,
        chains,
        imports: by_alias,
        places: places(tree),
        classes: (0..).zip(&classes).map(|(at, it)| (it.scope, at)).collect(),
        tuples: tuples
            .iter()
            .zip(crate::names::index(classes.len())..)
            .map(|(it, at)| (it.id(), at))
            .collect(),
    };
    let facts = |it: &mro::Class| ClassFacts {
        scope: it.scope,
        node: it.node,
        qualname: names[it.scope.0 as usize].as_str().into(),
        is_written: true,
        bases: it.bases.iter().map(|base| (base.node, maker.meanings(&base.what, base.node))).collect(),
    };
    let made = |it: &Node<'_>| ClassFacts {
        scope: ScopeId(0),
        node: it.id(),
        qualname: mro::namedtuple_name(*it).unwrap_or_default().into(),
        is_written: false,
        bases: vec![(it.id(), vec![Meaning::Builtin("tuple".into())])],
    };
    Interface {
        is_package,
        dunder_all: dunder_all(tree, scopes, chains, environment),
        stars,
        globals: maker.globals(&dead_nodes(tree, environment)),
        classes: classes.iter().map(facts).chain(tuples.iter().map(made)).collect(),
        is_dynamic: is_dynamic(tree, scopes),
    }
}

/// All nodes of a module's own code that never runs in an environment, definitions included.
fn dead_nodes(tree: &Tree, environment: &Environment) -> FxHashSet<NodeId> {
    let mut out = FxHashSet::default();
    let dead = unreachable(tree, environment).into_iter().map(|it| tree.node(it.node));
    let mut stack: Vec<Node<'_>> = dead.filter(|it| it.id().def.0 == 0 || it.is_def()).collect();
    while let Some(node) = stack.pop() {
        out.insert(node.id());
        if !node.is_def() {
            stack.extend(node.children());
        }
    }
    out
}

/// The calls of `namedtuple` in a module.
fn named_tuples<'a>(tree: &'a Tree, scopes: &Scopes) -> Vec<Node<'a>> {
    let attributes = ["namedtuple", "_namedtuple", "NamedTuple", "collections", "_collections", "typing"];
    if attributes.iter().all(|it| scopes.names().find(it).is_none()) {
        return Vec::new();
    }
    let (mut out, mut stack) = (Vec::new(), vec![tree.root()]);
    while let Some(node) = stack.pop() {
        if mro::namedtuple_name(node).is_some() {
            out.push(node);
        }
        stack.extend(node.children());
    }
    out.sort_by_key(|it| it.id());
    out
}

/// The import statements of the module's own code that stand directly in a `try` or in one of its handlers.
fn places(tree: &Tree) -> FxHashMap<NodeId, Place> {
    let (mut out, mut stack) = (FxHashMap::default(), vec![(tree.root(), Place::Plain)]);
    while let Some((node, place)) = stack.pop() {
        if matches!(kind(node), Kind::Import | Kind::ImportFrom) {
            out.insert(node.id(), place);
        }
        for child in node.children().filter(|it| !it.is_def()) {
            let inner = match kind(node) {
                Kind::Try | Kind::TryStar if child.role() == Field::Body.into() => Place::Tried,
                Kind::ExceptHandler => Place::Fallback,
                _ => place,
            };
            stack.push((child, inner));
        }
    }
    out
}

/// Whether some code says `globals().update(...)`, `globals()[...] = ...` or the like.
fn is_dynamic(tree: &Tree, scopes: &Scopes) -> bool {
    if scopes.names().find("globals").is_none() {
        return false;
    }
    let is_globals = |it: Node<'_>| {
        let function = view::Call::cast(it).map(view::Call::func).and_then(view::Name::cast);
        function.is_some_and(|it| it.id() == "globals")
    };
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        let update =
            view::Attribute::cast(node).filter(|it| it.attr() == "update").map(view::Attribute::value);
        let item = view::Subscript::cast(node).filter(|it| it.ctx() == ExprContext::Store);
        if update.or(item.map(view::Subscript::value)).is_some_and(is_globals) {
            return true;
        }
        stack.extend(node.children());
    }
    false
}

impl Maker<'_> {
    /// The global names; what stands in `dead` nodes binds none.
    fn globals(&self, dead: &FxHashSet<NodeId>) -> BTreeMap<Box<str>, Global> {
        let mut out: BTreeMap<Box<str>, Global> = BTreeMap::new();
        for (_, definition) in self.chains.definitions().filter(|it| it.1.is_live) {
            let Some(variable) = definition.variable else { continue };
            let symbol = self.scopes.symbol(variable);
            if symbol.scope != ScopeId(0) || dead.contains(&definition.node) {
                continue;
            }
            let global = out.entry(self.scopes.text(symbol.name).into()).or_default();
            // A function that declares it global may never run.
            let may_not_run = global.meanings.is_empty() && definition.scope != ScopeId(0);
            global.is_conditional = self.chains.may_end_unbound(variable) || may_not_run;
            if definition.role == Some(Role::Def) {
                global.meanings.extend(self.scopes.scope_of(definition.node).map(Meaning::Function));
                continue;
            }
            let what = mro::meaning(self.scopes, self.chains, self.tree, definition);
            global.meanings.extend(self.meanings(&what, definition.node));
        }
        for global in out.values_mut() {
            global.meanings.dedup();
        }
        out
    }

    fn meanings(&self, what: &BaseKind, node: NodeId) -> Vec<Meaning> {
        let mut out = Vec::new();
        self.add(what, node, &mut out);
        out
    }

    fn add(&self, what: &BaseKind, node: NodeId, out: &mut Vec<Meaning>) {
        out.push(match what {
            BaseKind::Class(scope) => match self.classes.get(scope) {
                Some(class) => Meaning::Class(*class),
                None => Meaning::Unknown("a class without a scope"),
            },
            BaseKind::Builtin(name) => Meaning::Builtin(name.clone()),
            BaseKind::Extension(name) => Meaning::Extension(name),
            BaseKind::NamedTuple(call) => match self.tuples.get(call) {
                Some(class) => Meaning::Class(*class),
                None => Meaning::Unknown("a named tuple without a name"),
            },
            BaseKind::Imported(alias, attributes) => match self.imports.get(alias) {
                Some((import, place)) => Meaning::Imported(self.target(*alias, import, *place, attributes)),
                None => Meaning::Unknown("an import in an expression"),
            },
            BaseKind::Star(_, attributes) => self.star(node, attributes),
            BaseKind::TypeOf(argument, class) => match self.meanings(class, *argument).pop() {
                Some(it) => Meaning::TypeOf(Box::new(it)),
                None => Meaning::Unknown("the type of something that is not known"),
            },
            BaseKind::Several(all) => {
                for it in all {
                    self.add(it, node, out);
                }
                return;
            }
            BaseKind::Unknown(why) => Meaning::Unknown(why),
        });
    }

    /// The name that a star import may bring: the first name of the expression.
    fn star(&self, expression: NodeId, attributes: &[Box<str>]) -> Meaning {
        let mut node = self.tree.node(expression);
        while let Some(first) = node.children().next() {
            node = first;
        }
        match node.name_of(node.aux()) {
            Some(name) => Meaning::Star(name.into(), attributes.to_vec()),
            None => Meaning::Unknown("a name of a star import"),
        }
    }

    /// What an alias asks for, with attributes that are taken of the name it binds.
    fn target(&self, alias: NodeId, import: &Import, place: usize, attributes: &[Box<str>]) -> Target {
        let mut module = import.name.clone().unwrap_or_default();
        let mut names = Vec::new();
        if let Some(from) = &import.from {
            names.extend(from.get(place).cloned());
        } else if view::Alias::cast(self.tree.node(alias)).is_some_and(|it| it.asname().is_none()) {
            // `import a.b` binds `a`.
            module = module.split('.').next().unwrap_or_default().into();
        }
        names.extend(attributes.iter().cloned());
        let place = self.places.get(&import.node).copied().unwrap_or(Place::Plain);
        Target { level: import.level, module, names, place }
    }
}
