//! Classes, their bases, and the order in which attributes are looked up (C3).
//!
//! One module tells of each base what it is: a class of its own, a builtin, something imported, or unknown.
//! [`linearize`] does the rest for whoever knows the other modules; [`mro`] does it with this one's classes and the
//! builtins.
//!
//! Source: Barrett et al. 1996, "A Monotonic Superclass Linearization for Dylan", as Python 2.3 adopted it.

mod builtin_classes;
mod c3;

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId, Tree};
use rustc_hash::FxHashMap;

use crate::def_use::{DefUse, Definition};
use crate::qualnames::qualnames;
use crate::scopes::{Options, Role, ScopeId, ScopeKind, Scopes};

pub use builtin_classes::builtin_bases;
pub use c3::linearize;

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
    /// Anything else, and why it is not known.
    Unknown(&'static str),
}

/// How many assignments `A = B` are followed from a base to its class.
const ALIAS_LIMIT: u32 = 16;

/// All classes of a module with their bases, in the order of their scopes.
pub fn classes(tree: &Tree, scopes: &Scopes, chains: &DefUse) -> Vec<Class> {
    let classes = scopes.scopes().filter(|it| it.1.kind == ScopeKind::Class);
    classes
        .map(|(scope, it)| {
            let bases = tree.node(it.node).field(Field::Bases.into());
            let base = |node: Node<'_>| Base { node: node.id(), what: base(scopes, chains, node) };
            Class { scope, node: it.node, bases: bases.map(base).collect() }
        })
        .collect()
}

fn base(scopes: &Scopes, chains: &DefUse, node: Node<'_>) -> BaseKind {
    let mut node = node;
    let mut attributes: Vec<Box<str>> = Vec::new();
    for _ in 0..ALIAS_LIMIT {
        // `Base[T]` is derived from `Base`.
        while let Some(it) = view::Subscript::cast(node) {
            node = it.value();
        }
        while let Some(it) = view::Attribute::cast(node) {
            attributes.push(it.attr().into());
            node = it.value();
        }
        match step(scopes, chains, node) {
            Step::Alias(value) => node = value,
            Step::Found(BaseKind::Class(scope)) => return inner(scopes, chains, scope, attributes),
            Step::Found(BaseKind::Imported(alias, _)) => {
                attributes.reverse();
                return BaseKind::Imported(alias, attributes);
            }
            Step::Found(it) if attributes.is_empty() => return it,
            Step::Found(BaseKind::Unknown(why)) => return BaseKind::Unknown(why),
            Step::Found(BaseKind::Builtin(_)) => return BaseKind::Unknown("an attribute of a builtin"),
        }
    }
    BaseKind::Unknown("too many names for one class")
}

enum Step<'a> {
    Alias(Node<'a>),
    Found(BaseKind),
}

fn step<'a>(scopes: &Scopes, chains: &DefUse, node: Node<'a>) -> Step<'a> {
    let unknown = |why| Step::Found(BaseKind::Unknown(why));
    let Some(name) = view::Name::cast(node) else { return unknown("an expression that is computed") };
    let use_ = scopes.occurrence_of(node.id()).and_then(|it| chains.use_at(it)).map(|it| chains.use_(it));
    let Some(use_) = use_ else { return unknown("a name that is never evaluated") };
    match chains.reaching(use_) {
        [] if use_.is_builtin => Step::Found(BaseKind::Builtin(name.id().into())),
        [] => unknown("a name that is not bound"),
        [only] => defined(scopes, node, chains.definition(*only)),
        _ => unknown("a name with several definitions"),
    }
}

fn defined<'a>(scopes: &Scopes, node: Node<'a>, definition: &Definition) -> Step<'a> {
    let tree = node.tree();
    match definition.role {
        Some(Role::Class) => match scopes.scope_of(definition.node) {
            Some(scope) => Step::Found(BaseKind::Class(scope)),
            None => Step::Found(BaseKind::Unknown("a class without a scope")),
        },
        Some(Role::Import) => Step::Found(BaseKind::Imported(definition.node, Vec::new())),
        Some(Role::Store) => match assigned_value(tree.node(definition.node)) {
            Some(value) => Step::Alias(value),
            None => Step::Found(BaseKind::Unknown("a variable that is not assigned a class")),
        },
        None => Step::Found(BaseKind::Unknown("a name of a star import")),
        Some(_) => Step::Found(BaseKind::Unknown("a variable that is no class")),
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

/// A class's linearization, or why there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mro {
    /// The class.
    pub class: ScopeId,
    /// The names in order, itself first: qualified names of this module's classes, names of builtins.
    pub order: Result<Vec<String>, String>,
}

/// The linearizations that one module can tell, in the order of its classes.
pub fn mro(classes: &[Class], scopes: &Scopes, options: &Options) -> Vec<Mro> {
    let names = qualnames(scopes, options);
    let mut known: FxHashMap<ScopeId, Result<Vec<Key>, String>> = FxHashMap::default();
    let by_scope: FxHashMap<ScopeId, &Class> = classes.iter().map(|it| (it.scope, it)).collect();
    let text = |key: &Key| match key {
        Key::Class(scope) => names[scope.0 as usize].clone(),
        Key::Builtin(name) => (*name).to_owned(),
    };
    let order = |class: &Class| {
        let order = resolve(class.scope, &by_scope, &mut known);
        Mro { class: class.scope, order: order.map(|it| it.iter().map(text).collect()) }
    };
    classes.iter().map(order).collect()
}

/// A class, wherever it comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Key {
    Class(ScopeId),
    Builtin(&'static str),
}

/// Linearizes a class after its bases; a class on the way to itself has none.
fn resolve(
    class: ScopeId,
    classes: &FxHashMap<ScopeId, &Class>,
    known: &mut FxHashMap<ScopeId, Result<Vec<Key>, String>>,
) -> Result<Vec<Key>, String> {
    let mut stack = vec![class];
    while let Some(&top) = stack.last() {
        if known.contains_key(&top) && known.get(&top).is_some_and(|it| !is_pending(it)) {
            stack.pop();
            continue;
        }
        let pending = known.insert(top, Err(PENDING.to_owned())).is_some();
        let bases = classes.get(&top).map(|it| it.bases.as_slice()).unwrap_or_default();
        let open = bases.iter().filter_map(|it| match it.what {
            BaseKind::Class(base) if !known.contains_key(&base) => Some(base),
            _ => None,
        });
        let open: Vec<ScopeId> = open.collect();
        if open.is_empty() || pending {
            let order = linearize_one(top, bases, known);
            known.insert(top, order);
            stack.pop();
        } else {
            stack.extend(open);
        }
    }
    known.get(&class).cloned().unwrap_or_else(|| Err(PENDING.to_owned()))
}

/// The order of a class whose bases are being looked at; what is left of it is a class that is its own base.
const PENDING: &str = "a class is its own base";

fn is_pending(order: &Result<Vec<Key>, String>) -> bool {
    matches!(order, Err(why) if why == PENDING)
}

fn linearize_one(
    class: ScopeId,
    bases: &[Base],
    known: &FxHashMap<ScopeId, Result<Vec<Key>, String>>,
) -> Result<Vec<Key>, String> {
    let mut orders = Vec::with_capacity(bases.len());
    for base in bases {
        let order = match &base.what {
            BaseKind::Class(scope) => known.get(scope).cloned().unwrap_or_else(|| Err(PENDING.to_owned()))?,
            BaseKind::Builtin(name) => {
                builtin_order(name).ok_or_else(|| format!("`{name}` is no known class"))?
            }
            BaseKind::Imported(..) => return Err("a base comes from another module".to_owned()),
            BaseKind::Unknown(why) => return Err(format!("a base is not known: {why}")),
        };
        orders.push(order);
    }
    if orders.is_empty() {
        orders.push(vec![Key::Builtin("object")]);
    }
    linearize(Key::Class(class), &orders).ok_or_else(|| "the bases have no consistent order".to_owned())
}

fn builtin_order(name: &str) -> Option<Vec<Key>> {
    let (name, bases) = builtin_bases(name)?;
    if bases.is_empty() {
        return Some(vec![Key::Builtin(name)]);
    }
    // Builtin hierarchies are a few levels deep.
    let orders: Option<Vec<_>> = bases.iter().map(|it| builtin_order(it)).collect();
    linearize(Key::Builtin(name), &orders?)
}
