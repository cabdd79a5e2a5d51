//! What the names of a file mean to somebody outside: which variables nobody can see, which stand for an import, and
//! what decorators and bases are known to look at.
//!
//! Who renames variables or leaves out docstrings and hints asks here; in doubt, everything is seen and looked at.

pub mod inert;
mod survey;

use crate::scopes::{OccurrenceId, Role, ScopeId, ScopeKind, Scopes, SymbolId};
use astkit_ast::Tree;
use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::tree::{NONE, Node};
use rustc_hash::FxHashSet;

use inert::{Looks, POSITIONAL_CALLERS};
pub use survey::Survey;

/// What a variable is to others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// It counts by its name.
    Named,
    /// Its name can't be seen: it counts by a number.
    Numbered,
    /// Nothing but one import binds it: the `alias` node.
    Import(u32),
    /// Nothing but one definition of the module binds it: the definition's node.
    Definition(u32),
}

/// The meanings of a file's variables.
#[derive(Debug)]
pub struct Meanings {
    /// Per stored node, its occurrence.
    occurrences: Vec<u32>,
    /// Per symbol.
    of_symbols: Vec<Meaning>,
    /// Per scope: how many functions, lambdas and comprehensions are around it.
    depths: Vec<u32>,
    calls: Calls,
}

/// What is known of the bindings of a variable.
#[derive(Clone, Copy, Default)]
struct Bindings {
    count: u32,
    last: Option<(Role, u32)>,
    deleted: bool,
    /// Something about it shows its name.
    visible: bool,
    /// Some use of it is not a call of it.
    escapes: bool,
}

impl Meanings {
    /// Finds the meanings of a file's variables. Cost: linear.
    pub fn new(tree: &Tree, scopes: &Scopes, survey: &Survey) -> Self {
        let mut occurrences = vec![NONE; tree.node_count() as usize + 1];
        for (at, it) in (0..).zip(scopes.occurrences()) {
            if !matches!(it.role, Role::Global | Role::Nonlocal) {
                occurrences[tree.node(it.node).index() as usize] = at;
            }
        }
        let depths = depths(scopes);
        let calls = Calls::new(tree);
        let bindings = bindings(tree, scopes, &calls);
        let has_star = |scope: ScopeId| scopes.scope(scope).has_star_import;
        let meaning = |(at, it): (u32, &Bindings)| {
            let symbol = scopes.symbol(SymbolId(at));
            let scope = scopes.scope(symbol.scope);
            let sole = it.last.filter(|_| it.count == 1 && !it.deleted && !has_star(symbol.scope));
            match (scope.kind, sole) {
                (ScopeKind::Class, _) => Meaning::Named,
                (_, Some((Role::Import, alias))) => Meaning::Import(alias),
                (ScopeKind::Module, Some((Role::Def | Role::Class, node))) => Meaning::Definition(node),
                (ScopeKind::Module, _) => Meaning::Named,
                _ if it.count == 0 || it.visible || survey.shows_names[symbol.scope.0 as usize] => {
                    Meaning::Named
                }
                (kind, _) if is_numbered_scope(kind) && !is_dunder(scopes.text(symbol.name)) => {
                    Meaning::Numbered
                }
                _ => Meaning::Named,
            }
        };
        let of_symbols = (0..).zip(&bindings).map(meaning).collect();
        Self { occurrences, of_symbols, depths, calls }
    }

    /// The occurrence at a node.
    pub fn occurrence(&self, node: Node<'_>) -> Option<OccurrenceId> {
        self.occurrences.get(node.index() as usize).filter(|it| **it != NONE).map(|it| OccurrenceId(*it))
    }

    /// The `from ... import` that an imported name stands in.
    pub fn import_of(&self, alias: Node<'_>) -> Option<u32> {
        self.calls.import_of(alias)
    }

    /// What a variable is.
    pub fn of(&self, variable: SymbolId) -> Meaning {
        self.of_symbols.get(variable.0 as usize).copied().unwrap_or(Meaning::Named)
    }

    /// What the decorators of a definition look at.
    pub fn looks_of(&self, tree: &Tree, scopes: &Scopes, node: Node<'_>) -> Looks {
        let mut looks = Looks::NOWHERE;
        for decorator in node.field(Field::DecoratorList.into()) {
            let known = match self.full_name(tree, scopes, decorator) {
                Some(name) if is_property_part(&name) => Looks::NOWHERE,
                Some(name) => inert::decorator(&name),
                None if is_property_part(&attribute_of(decorator)) => Looks::NOWHERE,
                None => Looks::EVERYWHERE,
            };
            looks.at_docstring |= known.at_docstring;
            looks.at_hints |= known.at_hints;
        }
        looks
    }

    /// The class of the module that a name means.
    pub fn class_of<'a>(&self, tree: &'a Tree, scopes: &Scopes, name: Node<'_>) -> Option<Node<'a>> {
        let variable = scopes.occurrence(self.occurrence(name)?).variable?;
        let Meaning::Definition(node) = self.of(variable) else { return None };
        node_at(tree, node).filter(|it| kind(*it) == Kind::ClassDef)
    }

    /// The full name of what an expression, less its call, means: `functools.wraps` for `@wraps(f)`.
    pub fn full_name(&self, tree: &Tree, scopes: &Scopes, node: Node<'_>) -> Option<String> {
        let mut node = view::Call::cast(node).map_or(node, view::Call::func);
        let mut attributes = Vec::new();
        while let Some(it) = view::Attribute::cast(node) {
            attributes.push(it.attr());
            node = it.value();
        }
        let name = view::Name::cast(node)?;
        let occurrence = scopes.occurrence(self.occurrence(node)?);
        let mut out = match occurrence.variable.map(|it| (it, self.of(it))) {
            None => name.id().to_owned(),
            Some((_, Meaning::Import(alias))) => {
                let alias = node_at(tree, alias)?;
                let statement = self.import_of(alias).and_then(|it| node_at(tree, it));
                match imported(statement, alias)? {
                    (_, module, None) => module.to_owned(),
                    (level, module, Some(name)) => {
                        format!("{}{module}.{name}", ".".repeat(level as usize))
                    }
                }
            }
            Some((variable, _)) if !scopes.is_bound(variable) => name.id().to_owned(),
            Some(_) => return None,
        };
        for attribute in attributes.iter().rev() {
            out.push('.');
            out.push_str(attribute);
        }
        Some(out)
    }

    /// How many functions, lambdas and comprehensions are around a scope.
    pub fn depth(&self, scope: ScopeId) -> u32 {
        self.depths.get(scope.0 as usize).copied().unwrap_or(0)
    }
}

fn is_numbered_scope(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda)
        || kind.is_comprehension()
}

fn is_dunder(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

fn depths(scopes: &Scopes) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    for (_, scope) in scopes.scopes() {
        let depth = scope
            .parent
            .map_or(0, |it| out[it.0 as usize] + u32::from(is_numbered_scope(scopes.scope(it).kind)));
        out.push(depth);
    }
    out
}

fn bindings(tree: &Tree, scopes: &Scopes, calls: &Calls) -> Vec<Bindings> {
    let mut out = vec![Bindings::default(); scopes.symbol_count()];
    for it in scopes.occurrences() {
        let Some(variable) = it.variable else { continue };
        let node = tree.node(it.node);
        let known = &mut out[variable.0 as usize];
        match it.role {
            Role::Load => {
                known.escapes |= !calls.called[node.index() as usize];
                known.visible |= is_seen_by_metaclass(tree, scopes, it.scope);
            }
            Role::Del => known.deleted = true,
            Role::Global | Role::Nonlocal => {}
            Role::TypeParam => known.visible = true,
            Role::Param => {
                known.count += 1;
                known.last = Some((it.role, node.index()));
                known.visible |= !is_positional(tree, scopes, it.scope, node, calls);
            }
            Role::Import => {
                let is_same = known.last.is_some_and(|(role, last)| {
                    role == Role::Import && is_same_import(tree, calls, last, node)
                });
                known.count += u32::from(!is_same);
                known.last = Some((it.role, node.index()));
                known.visible |= view::Alias::cast(node)
                    .is_some_and(|it| it.asname().is_none() && it.name().contains('.'));
            }
            Role::Def => {
                known.count += 1;
                known.last = Some((it.role, node.index()));
                // Its name can be read off the function.
                known.visible |= node.child(Field::DecoratorList.into()).is_some();
                known.escapes |= scopes.scope(it.scope).kind == ScopeKind::Class;
            }
            Role::Class => {
                known.count += 1;
                known.last = Some((it.role, node.index()));
                known.visible = true;
            }
            Role::Store | Role::Except | Role::Capture => {
                known.count += 1;
                known.last = Some((it.role, node.index()));
            }
        }
    }
    for it in scopes.occurrences().iter().filter(|it| it.role == Role::Def) {
        if let Some(variable) = it.variable {
            let known = &mut out[variable.0 as usize];
            known.visible |= known.escapes;
        }
    }
    out
}

/// Whether two imports bind a name to the same: `import a` and `import a.b` do, and an import that is there twice.
fn is_same_import(tree: &Tree, calls: &Calls, one: u32, two: Node<'_>) -> bool {
    let statement = |alias: Node<'_>| calls.import_of(alias).and_then(|it| node_at(tree, it));
    let one = node_at(tree, one).and_then(|it| imported(statement(it), it));
    one.is_some() && one == imported(statement(two), two)
}

/// The level, module and name (none for a module itself) that an import binds a name to.
fn imported<'a>(import: Option<Node<'a>>, alias: Node<'a>) -> Option<(u32, &'a str, Option<&'a str>)> {
    let it = view::Alias::cast(alias)?;
    if let Some(from) = import.and_then(view::ImportFrom::cast) {
        return Some((from.level(), from.module().unwrap_or_default(), Some(it.name())));
    }
    let module = if it.asname().is_some() { it.name() } else { it.name().split('.').next()? };
    Some((0, module, None))
}

/// The node of an [index](Node::index).
pub fn node_at(tree: &Tree, index: u32) -> Option<Node<'_>> {
    let mut low = 0;
    let mut high = tree.def_count();
    while low + 1 < high {
        let middle = u32::midpoint(low, high);
        if tree.def(astkit_ast::DefId(middle)).index() <= index {
            low = middle;
        } else {
            high = middle;
        }
    }
    let def = tree.def(astkit_ast::DefId(low));
    let id = astkit_ast::NodeId { def: astkit_ast::DefId(low), index: index.checked_sub(def.index())? };
    Some(tree.node(id))
}

/// Whether a scope is a class whose namespace may be of somebody's making, and see which names are asked for.
fn is_seen_by_metaclass(tree: &Tree, scopes: &Scopes, scope: ScopeId) -> bool {
    let scope = scopes.scope(scope);
    if scope.kind != ScopeKind::Class {
        return false;
    }
    view::ClassDef::cast(tree.node(scope.node))
        .is_some_and(|it| it.bases().next().is_some() || it.keywords().next().is_some())
}

/// Whether nobody can pass a parameter by its name.
fn is_positional(tree: &Tree, scopes: &Scopes, scope: ScopeId, arg: Node<'_>, calls: &Calls) -> bool {
    let owner = tree.node(scopes.scope(scope).node);
    let role = arg.role();
    if [Field::Posonlyargs, Field::Vararg, Field::Kwarg].into_iter().any(|it| role == it.into()) {
        return true;
    }
    kind(owner) == Kind::Lambda && role == Field::Args.into() && calls.by_position.contains(&owner.index())
}

/// What is called, which lambdas are handed to something that is known to pass arguments by position, and the
/// statements of imported names.
#[derive(Debug)]
struct Calls {
    /// Per stored node.
    called: Vec<bool>,
    by_position: FxHashSet<u32>,
    /// Imported names, in order, and their statements, if they are `from ... import`.
    imports: Vec<(u32, u32)>,
}

impl Calls {
    fn new(tree: &Tree) -> Self {
        let called = vec![false; tree.node_count() as usize + 1];
        let mut out = Self { called, by_position: FxHashSet::default(), imports: Vec::new() };
        let is_positional = tree.names().any(|it| POSITIONAL_CALLERS.contains(&it));
        for node in tree.stored_nodes() {
            if let Some(call) = view::Call::cast(node) {
                out.called[call.func().index() as usize] = true;
                if is_positional {
                    out.lambdas(call);
                }
            } else if let Some(import) = view::ImportFrom::cast(node) {
                out.imports.extend(import.names().map(|it| (it.index(), node.index())));
            }
        }
        out
    }

    fn import_of(&self, alias: Node<'_>) -> Option<u32> {
        let at = self.imports.binary_search_by_key(&alias.index(), |it| it.0).ok()?;
        Some(self.imports[at].1)
    }

    fn lambdas(&mut self, call: view::Call<'_>) {
        let func = call.func();
        let name = view::Name::cast(func).map(view::Name::id);
        let name = name.or_else(|| view::Attribute::cast(func).map(view::Attribute::attr));
        if name.is_some_and(|it| POSITIONAL_CALLERS.contains(&it)) {
            let values = call.keywords().filter_map(view::Keyword::cast).map(view::Keyword::value);
            let lambdas = call.args().chain(values).filter(|it| kind(*it) == Kind::Lambda);
            self.by_position.extend(lambdas.map(Node::index));
        }
    }
}

fn is_property_part(name: &str) -> bool {
    [".setter", ".getter", ".deleter"].iter().any(|it| name.ends_with(it))
}

/// The last attribute of an expression, with its dot.
fn attribute_of(node: Node<'_>) -> String {
    view::Attribute::cast(node).map(|it| format!(".{}", it.attr())).unwrap_or_default()
}
