//! Classes, their bases, and the order in which attributes are looked up (C3).
//!
//! One module tells of each base what it is: a class of its own, a builtin, something imported, or unknown
//! ([`classes`]). [`mro`] does the rest with the other modules of a [`Project`](crate::project::Project).
//!
//! Source: Barrett et al. 1996, "A Monotonic Superclass Linearization for Dylan", as Python 2.3 adopted it.

mod c3;
mod extension_classes;
mod orders;

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId, Tree};

use crate::def_use::{DefUse, Definition, DefinitionId};
use crate::imports::statement_of;
use crate::scopes::{Role, ScopeId, ScopeKind, Scopes};

pub use c3::linearize;
pub(crate) use extension_classes::extension_metaclass;
pub use extension_classes::{canonical_class, extension_bases};
pub use orders::{ClassOrder, mro};

/// A class of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Class {
    /// Its scope.
    pub scope: ScopeId,
    /// Its node.
    pub node: NodeId,
    /// What it is derived from, in order; `object` only if it is written.
    pub bases: Vec<Base>,
}

/// A base of a class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    /// The expression.
    pub node: NodeId,
    /// What it stands for.
    pub what: BaseKind,
}

/// What a base stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BaseKind {
    /// A class of this module.
    Class(ScopeId),
    /// A builtin.
    Builtin(Box<str>),
    /// Something imported: the import's `alias`, and the attributes that are taken of what it binds.
    Imported(NodeId, Vec<Box<str>>),
    /// A name of a star import: its `alias`, and the attributes that are taken of it.
    Star(NodeId, Vec<Box<str>>),
    /// The class that a call of `namedtuple` makes.
    NamedTuple(NodeId),
    /// A class without Python text, by its full name.
    Extension(&'static str),
    /// The type of a class: `type(X)`, with the `X`.
    TypeOf(NodeId, Box<BaseKind>),
    /// One of several.
    Several(Vec<BaseKind>),
    /// Anything else, and why it is not known.
    Unknown(&'static str),
}

/// How many assignments `A = B` are followed from a base to its class. A guess.
const ALIAS_LIMIT: u32 = 32;

/// All classes of a module with their bases, in the order of their scopes.
pub fn classes(tree: &Tree, scopes: &Scopes, chains: &DefUse) -> Vec<Class> {
    let classes = scopes.scopes().filter(|it| it.1.kind == ScopeKind::Class);
    classes
        .map(|(scope, it)| {
            let node = tree.node(it.node);
            let bases = node.field(Field::Bases.into());
            let base = |node: Node<'_>| Base { node: node.id(), what: base(scopes, chains, node) };
            let mut bases: Vec<Base> = bases.map(base).collect();
            if bases.is_empty() {
                bases.extend(simple_enum(node).map(base));
            }
            Class { scope, node: it.node, bases }
        })
        .collect()
}

/// What `@enum._simple_enum(Base)` derives a class from: it makes another class of what it is given.
fn simple_enum(class: Node<'_>) -> Option<Node<'_>> {
    let mut decorators = class.field(Field::DecoratorList.into()).filter_map(view::Call::cast);
    let call = decorators.find(|it| last_name(it.func()) == Some("_simple_enum"))?;
    call.args().next()
}

/// The name of a name, or of an attribute.
fn last_name(node: Node<'_>) -> Option<&str> {
    match view::Attribute::cast(node) {
        Some(it) => Some(it.attr()),
        None => view::Name::cast(node).map(view::Name::id),
    }
}

/// The name that a call of `namedtuple` gives its class.
pub(crate) fn namedtuple_name(node: Node<'_>) -> Option<&str> {
    let call = view::Call::cast(node)?;
    // `import namedtuple as _namedtuple` is what modules do that export everything else.
    if !matches!(last_name(call.func())?.trim_start_matches('_'), "namedtuple" | "NamedTuple") {
        return None;
    }
    view::Constant::cast(call.args().next()?)?.value().as_str()
}

/// The class that a call makes or gives, as far as it shows: of `namedtuple(...)`, `type(module)`, `type(list[int])`,
/// `type(Class)`.
fn called(scopes: &Scopes, chains: &DefUse, node: Node<'_>, budget: &mut u32) -> Option<BaseKind> {
    if namedtuple_name(node).is_some() {
        return Some(BaseKind::NamedTuple(node.id()));
    }
    let call = view::Call::cast(node)?;
    let (argument, None) = (call.args().next()?, call.args().nth(1)) else { return None };
    if last_name(call.func()) != Some("type") || view::Name::cast(call.func()).is_none() {
        return None;
    }
    if let Some(it) = view::Subscript::cast(argument) {
        let generic = view::Name::cast(it.value())?.id();
        return matches!(generic, "list" | "dict" | "tuple" | "set" | "frozenset" | "type")
            .then_some(BaseKind::Extension("types.GenericAlias"));
    }
    if imports_module(scopes, chains, argument) {
        return Some(BaseKind::Extension("builtins.module"));
    }
    *budget = budget.checked_sub(1)?;
    match follow(scopes, chains, argument, Vec::new(), budget) {
        it
        @ (BaseKind::Builtin(_) | BaseKind::Imported(..) | BaseKind::Star(..) | BaseKind::Extension(_)) => {
            Some(BaseKind::TypeOf(argument.id(), Box::new(it)))
        }
        _ => None,
    }
}

/// Whether a name is what some `import` binds.
fn imports_module(scopes: &Scopes, chains: &DefUse, name: Node<'_>) -> bool {
    let use_ = scopes.occurrence_of(name.id()).and_then(|it| chains.use_at(it)).map(|it| chains.use_(it));
    let reaching = use_.map_or(&[][..], |it| chains.reaching(it));
    reaching.iter().any(|it| {
        let definition = chains.definition(*it);
        let statement = || statement_of(name.tree().node(definition.node));
        definition.role == Some(Role::Import) && statement().is_some_and(|it| kind(it) == Kind::Import)
    })
}

/// What an expression stands for, as far as it is a class.
pub(crate) fn base(scopes: &Scopes, chains: &DefUse, node: Node<'_>) -> BaseKind {
    follow(scopes, chains, node, Vec::new(), &mut { ALIAS_LIMIT })
}

/// What a definition's name stands for, as far as it is a class.
pub(crate) fn meaning(scopes: &Scopes, chains: &DefUse, tree: &Tree, definition: &Definition) -> BaseKind {
    defined(scopes, chains, tree, definition, Vec::new(), &mut { ALIAS_LIMIT })
}

/// Follows an expression of which `attributes`, the last first, are taken.
fn follow(
    scopes: &Scopes,
    chains: &DefUse,
    mut node: Node<'_>,
    mut attributes: Vec<Box<str>>,
    budget: &mut u32,
) -> BaseKind {
    // `module.Base if module else object`: with the module, if there is one.
    if let Some(it) = view::IfExp::cast(node)
        && imports_module(scopes, chains, it.test())
    {
        node = it.body();
    }
    if let Some(made) = called(scopes, chains, node, budget).filter(|_| attributes.is_empty()) {
        return made;
    }
    // `Base[T]` is derived from `Base`.
    while let Some(it) = view::Subscript::cast(node) {
        node = it.value();
    }
    while let Some(it) = view::Attribute::cast(node) {
        attributes.push(it.attr().into());
        node = it.value();
    }
    let Some(name) = view::Name::cast(node) else {
        return BaseKind::Unknown("an expression that is computed");
    };
    let use_ = scopes.occurrence_of(node.id()).and_then(|it| chains.use_at(it)).map(|it| chains.use_(it));
    let Some(use_) = use_ else { return BaseKind::Unknown("a name that is never evaluated") };
    let mut definition = |it: &DefinitionId| {
        defined(scopes, chains, node.tree(), chains.definition(*it), attributes.clone(), budget)
    };
    match chains.reaching(use_) {
        [] if use_.is_builtin && attributes.is_empty() => BaseKind::Builtin(name.id().into()),
        [] if use_.is_builtin => BaseKind::Unknown("an attribute of a builtin"),
        [] => BaseKind::Unknown("a name that is not bound"),
        [only] if !use_.is_builtin => definition(only),
        several => {
            let mut all: Vec<BaseKind> = several.iter().map(definition).collect();
            if use_.is_builtin && attributes.is_empty() {
                all.push(BaseKind::Builtin(name.id().into()));
            }
            BaseKind::Several(all)
        }
    }
}

/// What a definition's name stands for, when `attributes`, the last first, are taken of it.
fn defined(
    scopes: &Scopes,
    chains: &DefUse,
    tree: &Tree,
    definition: &Definition,
    mut attributes: Vec<Box<str>>,
    budget: &mut u32,
) -> BaseKind {
    match definition.role {
        Some(Role::Class) => match scopes.scope_of(definition.node) {
            Some(scope) => inner(scopes, chains, scope, attributes),
            None => BaseKind::Unknown("a class without a scope"),
        },
        Some(Role::Import) => {
            attributes.reverse();
            BaseKind::Imported(definition.node, attributes)
        }
        Some(Role::Store) => match assigned_value(tree.node(definition.node)) {
            Some(_) if *budget == 0 => BaseKind::Unknown("too many names for one class"),
            Some(value) => {
                *budget -= 1;
                follow(scopes, chains, value, attributes, budget)
            }
            None => BaseKind::Unknown("a variable that is not assigned a class"),
        },
        None => {
            attributes.reverse();
            BaseKind::Star(definition.node, attributes)
        }
        Some(_) => BaseKind::Unknown("a variable that is no class"),
    }
}

/// The value of `x = value`, for the `x` in it.
pub(crate) fn assigned_value(target: Node<'_>) -> Option<Node<'_>> {
    let mut id = target.id();
    // The statement is the nearest node before it whose subtree it is in.
    while id.index > 0 {
        id.index -= 1;
        let node = target.tree().node(id);
        match kind(node) {
            Kind::Assign => {
                let it = view::Assign::cast(node)?;
                return it.targets().any(|it| it == target).then(|| it.value());
            }
            Kind::AnnAssign => {
                let it = view::AnnAssign::cast(node)?;
                return if it.target() == target { it.value() } else { None };
            }
            Kind::NamedExpr => {
                let it = view::NamedExpr::cast(node)?;
                return (it.target() == target).then(|| it.value());
            }
            Kind::Name => {}
            _ => return None,
        }
    }
    None
}

/// The class that attributes, the last first, lead to from a class.
fn inner(scopes: &Scopes, chains: &DefUse, class: ScopeId, mut attributes: Vec<Box<str>>) -> BaseKind {
    let mut class = class;
    while let Some(attribute) = attributes.pop() {
        let symbol = scopes.names().find(&attribute).and_then(|it| scopes.lookup(class, it));
        let is_live = |it: &&Definition| it.is_live && it.variable == symbol && symbol.is_some();
        let mut found = chains.definitions().map(|it| it.1).filter(is_live);
        let inner = match (found.next(), found.next()) {
            (Some(only), None) if only.role == Some(Role::Class) => scopes.scope_of(only.node),
            _ => None,
        };
        match inner {
            Some(inner) => class = inner,
            None => return BaseKind::Unknown("an attribute of a class that is no class"),
        }
    }
    BaseKind::Class(class)
}
