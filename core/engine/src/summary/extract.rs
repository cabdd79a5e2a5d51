//! From a lowered file to its summary: items, bindings, imports, and the packing of it all.

use std::collections::BTreeMap;

use astkit_analysis::scopes::{self, Occurrence, ScopeId, Scopes};
use astkit_analysis::{Role, scopes as scopes_of};
use astkit_ast::python::{self, Kind, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{
    DefId, DefKind, Definition, Lowered, PythonVersion, Severity, SourceText, Tree, definitions,
};
use astkit_hash::{Hash, Level, definition_hashes, definition_spans};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::all::{All, dunder_all};
use super::interface::{self, Interface, ItemKind};
use super::packed::{NONE, PackedBuilder, Texts as Names, index};
use super::references::{References, references};
use super::{Bodies, FileSummary, Texts, bodies};
use crate::modules::extends_path;

/// A module's scope.
const MODULE: ScopeId = ScopeId(0);

/// What a file's own code is called.
const MODULE_NAME: &str = "<module>";

/// A file's items, and how its definitions are numbered among them.
pub(super) struct Items<'a> {
    pub(super) definitions: &'a [Definition<'a>],
    /// Per definition in source order, its item.
    pub(super) item_of: Vec<u32>,
    /// Per arena, its item.
    pub(super) item_of_def: Vec<u32>,
    /// How many definitions the interface has.
    outer: u32,
    /// The variables by name, each with the statements that bind it, and the functions that do so by `global`.
    pub(super) variables: BTreeMap<&'a str, Variable>,
}

/// A module-level name that statements give values to.
#[derive(Default)]
pub(super) struct Variable {
    pub(super) statements: Vec<u32>,
    pub(super) functions: Vec<u32>,
}

impl Items<'_> {
    /// The item of the n-th variable.
    pub(super) fn variable(&self, nth: usize) -> u32 {
        self.outer + index(nth)
    }

    /// Number of the interface's items.
    fn interface_len(&self) -> u32 {
        self.outer + index(self.variables.len())
    }

    pub(super) fn len(&self) -> usize {
        self.definitions.len() + self.variables.len()
    }
}

pub(super) fn extract(source: &SourceText, lowered: &Lowered, python: PythonVersion) -> FileSummary {
    let tree = &lowered.tree;
    if !std::ptr::eq(tree.schema(), python::schema()) {
        return foreign(source, lowered);
    }
    let definitions = definitions(tree);
    let scopes = scopes_of(tree, &scopes::Options { python });
    let mut items = number(tree, &definitions);
    let statements = Statements::of(tree);
    add_variables(tree, &scopes, &statements, &mut items);
    let imports = imports(tree);
    let references = references(tree, &scopes, &items, &imports, &statements);
    let interface = pack_interface(source, lowered, &items, &imports, &dunder_all(tree.root()));
    let bodies = pack_bodies(source, lowered, &items, &references);
    FileSummary { interface, bodies, texts: pack_texts(source, lowered, &definitions) }
}

/// The summary of a file in another language: one item, the file.
fn foreign(source: &SourceText, lowered: &Lowered) -> FileSummary {
    let node = lowered.tree.root();
    let file = Definition {
        node,
        kind: DefKind::Module,
        name: MODULE_NAME,
        qualname: MODULE_NAME.to_owned(),
        parent: None,
    };
    let definitions = [file];
    let items = number(&lowered.tree, &definitions);
    let references = References { starts: vec![0, 0], path_starts: vec![0, 0], ..References::default() };
    let interface = pack_interface(source, lowered, &items, &[], &All::Absent);
    let bodies = pack_bodies(source, lowered, &items, &references);
    FileSummary { interface, bodies, texts: pack_texts(source, lowered, &definitions) }
}

/// Numbers the definitions: those that are reached through classes only, then room for variables, then the others.
fn number<'a>(tree: &Tree, definitions: &'a [Definition<'a>]) -> Items<'a> {
    let mut is_outer = vec![false; definitions.len()];
    for (at, it) in definitions.iter().enumerate() {
        is_outer[at] = match it.parent {
            None => true,
            Some(parent) => {
                is_outer[parent]
                    && it.kind != DefKind::Lambda
                    && matches!(definitions[parent].kind, DefKind::Module | DefKind::Class)
            }
        };
    }
    let outer = index(is_outer.iter().filter(|it| **it).count());
    let mut items = Items {
        definitions,
        item_of: vec![NONE; definitions.len()],
        item_of_def: vec![0; tree.def_count() as usize],
        outer,
        variables: BTreeMap::new(),
    };
    let (mut next_outer, mut next_inner) = (0, outer);
    for (at, it) in definitions.iter().enumerate() {
        let next = if is_outer[at] { &mut next_outer } else { &mut next_inner };
        items.item_of[at] = *next;
        *next += 1;
        if it.node.is_def() {
            items.item_of_def[it.node.id().def.0 as usize] = items.item_of[at];
        }
    }
    items
}

/// Which top-level statement a node of the module's own arena is part of.
pub(super) struct Statements {
    /// Where statements begin that are no definitions, and their numbers.
    starts: Vec<(u32, u32)>,
}

impl Statements {
    fn of(tree: &Tree) -> Self {
        let statements = (0..).zip(tree.root().children()).filter(|it| !it.1.is_def());
        Self { starts: statements.map(|(nth, it)| (it.index(), nth)).collect() }
    }

    /// The number of the statement with this node. (Within a definition's arena the answer means nothing.)
    pub(super) fn at(&self, node: Node<'_>) -> u32 {
        let after = self.starts.partition_point(|it| it.0 <= node.index());
        after.checked_sub(1).map_or(0, |it| self.starts[it].1)
    }
}

fn add_variables<'a>(tree: &Tree, scopes: &'a Scopes, statements: &Statements, items: &mut Items<'a>) {
    for it in scopes.occurrences() {
        let binds = matches!(it.role, Role::Store | Role::Del | Role::Except | Role::Capture);
        if !binds || !is_module_level(scopes, it) {
            continue;
        }
        let variable = items.variables.entry(scopes.text(it.name)).or_default();
        if it.node.def == DefId(0) {
            let statement = statements.at(tree.node(it.node));
            if variable.statements.last() != Some(&statement) {
                variable.statements.push(statement);
            }
        } else {
            let function = items.item_of_def[it.node.def.0 as usize];
            if variable.functions.last() != Some(&function) {
                variable.functions.push(function);
            }
        }
    }
    // Definitions within functions come after the variables.
    let (outer, variables) = (items.outer, index(items.variables.len()));
    for item in items.item_of.iter_mut().chain(&mut items.item_of_def) {
        *item += if *item >= outer { variables } else { 0 };
    }
    for variable in items.variables.values_mut() {
        for function in &mut variable.functions {
            *function += if *function >= outer { variables } else { 0 };
        }
        variable.functions.sort_unstable();
        variable.functions.dedup();
    }
}

/// Whether an occurrence means a variable of the module.
pub(super) fn is_module_level(scopes: &Scopes, it: &Occurrence) -> bool {
    match it.variable {
        Some(variable) => scopes.symbol(variable).scope == MODULE,
        None => it.symbol.is_some_and(|it| scopes.symbol(it).resolution.is_global()),
    }
}

/// One name of an import statement.
pub(super) struct ImportedName<'a> {
    /// Its alias's node.
    pub(super) node: Node<'a>,
    module: &'a str,
    level: u32,
    name: Option<&'a str>,
    alias: Option<&'a str>,
    is_star: bool,
    pub(super) in_function: bool,
}

impl<'a> ImportedName<'a> {
    fn binds(&self) -> Option<&'a str> {
        let name = self.name.or_else(|| self.module.split('.').next().filter(|_| !self.is_star));
        self.alias.or(name)
    }
}

/// All imports in source order.
fn imports(tree: &Tree) -> Vec<ImportedName<'_>> {
    let mut out = Vec::new();
    let mut stack = vec![(tree.root(), false)];
    while let Some((node, in_function)) = stack.pop() {
        if let Some(import) = view::Import::cast(node) {
            for alias in import.names().filter_map(view::Alias::cast) {
                out.push(ImportedName {
                    node: alias.node(),
                    module: alias.name(),
                    level: 0,
                    name: None,
                    alias: alias.asname(),
                    is_star: false,
                    in_function,
                });
            }
        } else if let Some(import) = view::ImportFrom::cast(node) {
            for alias in import.names().filter_map(view::Alias::cast) {
                let is_star = alias.name() == "*";
                out.push(ImportedName {
                    node: alias.node(),
                    module: import.module().unwrap_or_default(),
                    level: import.level(),
                    name: (!is_star).then(|| alias.name()),
                    alias: alias.asname(),
                    is_star,
                    in_function,
                });
            }
        } else {
            let inside = in_function
                || matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::Lambda);
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, inside)));
            stack[first..].reverse();
        }
    }
    out
}

fn pack_interface(
    source: &SourceText,
    lowered: &Lowered,
    items: &Items<'_>,
    imports: &[ImportedName<'_>],
    all: &All<'_>,
) -> Interface {
    let mut names = Names::default();
    let mut table = outer_items(items, &mut names);
    let mut bindings = bindings(lowered, items, imports, &mut names);
    let mut members = Vec::new();
    for (definition, item) in items.definitions.iter().zip(&items.item_of) {
        if let Some(parent) = definition.parent.filter(|_| *item < items.outer) {
            members.push([items.item_of[parent], names.id(definition.name), *item]);
        }
    }
    let mut imported: Vec<[u32; 4]> = Vec::with_capacity(imports.len());
    for it in imports {
        let flags = if it.in_function { interface::IN_FUNCTION } else { 0 }
            | if it.is_star { interface::STAR } else { 0 }
            | it.level << 8;
        imported.push([
            flags,
            names.id(it.module),
            it.name.map_or(NONE, |it| names.id(it)),
            it.alias.map_or(NONE, |it| names.id(it)),
        ]);
    }
    let mut flags = if extends_path(source.text().as_bytes()) { interface::EXTENDS_PATH } else { 0 };
    let listed = match all {
        All::Absent => &[][..],
        All::Definite(names) => {
            flags |= interface::ALL_DEFINITE;
            names
        }
        All::Opaque(names) => {
            flags |= interface::ALL_OPAQUE;
            names
        }
    };
    let mut listed: Vec<_> = listed.iter().map(|it| names.id(it)).collect();
    let sorted = names.sort();
    let renumber = |it: &mut u32| *it = sorted.get(*it as usize).copied().unwrap_or(NONE);
    let in_items = table.iter_mut().map(|it| &mut it[1]).chain(members.iter_mut().map(|it| &mut it[1]));
    let in_bindings = bindings.iter_mut().map(|it| &mut it[0]);
    let in_imports = imported.iter_mut().flat_map(|it| &mut it[1..]);
    in_items.chain(in_bindings).chain(in_imports).chain(&mut listed).for_each(renumber);
    rank(&mut bindings);
    members.sort_unstable();
    let mut builder = PackedBuilder::default();
    builder.words([flags]).texts(names.iter()).rows(table).rows(bindings).rows(members).rows(imported);
    Interface { packed: builder.words(listed).finish() }
}

/// Kind and twin, name, parent of the interface's items.
fn outer_items<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<[u32; 3]> {
    let mut out = vec![[0; 3]; items.interface_len() as usize];
    for (definition, item) in items.definitions.iter().zip(&items.item_of) {
        if *item < items.outer {
            out[*item as usize] = row(definition, items, names);
        }
    }
    for (nth, name) in items.variables.keys().enumerate() {
        out[items.variable(nth) as usize] = [ItemKind::Variable.pack(1), names.id(name), 0];
    }
    out
}

fn row<'a>(definition: &Definition<'a>, items: &Items<'_>, names: &mut Names<'a>) -> [u32; 3] {
    let item_kind = match definition.kind {
        DefKind::Module => ItemKind::Module,
        DefKind::Class => ItemKind::Class,
        DefKind::Function => ItemKind::Function,
        DefKind::AsyncFunction => ItemKind::AsyncFunction,
        DefKind::Lambda => ItemKind::Lambda,
    };
    let twin = definition.qualname.rsplit_once('#').and_then(|it| it.1.parse().ok()).unwrap_or(1);
    // A name without a place, of a definition in another: it is declared `global` there.
    let is_global = definition.parent.is_some_and(|it| it > 0) && !definition.qualname.contains('.');
    let kind = if is_global { item_kind.pack_global(twin) } else { item_kind.pack(twin) };
    [kind, names.id(definition.name), definition.parent.map_or(NONE, |it| items.item_of[it])]
}

/// What binds which module-level name: name, place, kind, number.
fn bindings<'a>(
    lowered: &Lowered,
    items: &Items<'a>,
    imports: &[ImportedName<'a>],
    names: &mut Names<'a>,
) -> Vec<[u32; 4]> {
    let mut out = Vec::new();
    for (definition, item) in items.definitions.iter().zip(&items.item_of) {
        if definition.parent == Some(0) && definition.kind != DefKind::Lambda {
            out.push([names.id(definition.name), lowered.span(definition.node).start, 0, *item]);
        }
    }
    for (import, it) in (0..).zip(imports) {
        if let Some(name) = it.binds().filter(|_| it.node.id().def == DefId(0)) {
            out.push([names.id(name), lowered.span(it.node).start, 1, import]);
        }
    }
    for (nth, name) in items.variables.keys().enumerate() {
        out.push([names.id(name), NONE, 2, items.variable(nth)]);
    }
    out
}

/// Sorts bindings, and replaces places, which any edit moves, by ranks among the bindings of the name.
fn rank(bindings: &mut [[u32; 4]]) {
    bindings.sort_unstable();
    let (mut last, mut next) = (NONE, 0);
    for it in bindings {
        next = if it[0] == last { next + 1 } else { 0 };
        last = it[0];
        it[1] = next;
    }
}

fn pack_bodies(
    source: &SourceText,
    lowered: &Lowered,
    items: &Items<'_>,
    references: &References<'_>,
) -> Bodies {
    let tree = &lowered.tree;
    let mut names = references.names.clone();
    let mut inner = vec![[0; 3]; items.len() - items.interface_len() as usize];
    let mut hashes = vec![[0; bodies::HASH_BYTES]; items.len()];
    let ast_hashes = definition_hashes(Level::Ast, source, lowered, items.definitions);
    for ((definition, item), ast_hash) in items.definitions.iter().zip(&items.item_of).zip(&ast_hashes) {
        if let Some(at) = item.checked_sub(items.interface_len()) {
            inner[at as usize] = row(definition, items, &mut names);
        }
        hashes[*item as usize] = item_hashes(tree, definition, ast_hash);
    }
    for (nth, variable) in items.variables.values().enumerate() {
        hashes[items.variable(nth) as usize][..16].copy_from_slice(&variable_hash(tree, variable));
    }
    let mut builder = PackedBuilder::default();
    builder
        .words([if lowered.is_partial() { bodies::PARTIAL } else { 0 }])
        .texts(names.iter())
        .rows(inner)
        .bytes(hashes.concat())
        .words(references.starts.iter().copied())
        .rows(references.list.iter().copied())
        .words(references.path_starts.iter().copied())
        .words(references.paths.iter().copied())
        .words(items.item_of.iter().copied())
        .rows(references.bases.iter().copied());
    let binders = items.variables.values().enumerate();
    let binders = binders
        .flat_map(|(nth, it)| it.functions.iter().map(move |function| [items.variable(nth), *function]));
    let coarse = references.coarse.iter().map(|it| [*it, 0]);
    Bodies { packed: builder.rows(binders.chain(coarse)).finish() }
}

fn item_hashes(tree: &Tree, definition: &Definition<'_>, ast_hash: &Hash) -> [u8; bodies::HASH_BYTES] {
    let mut out = [0; bodies::HASH_BYTES];
    if definition.node.is_def() {
        let def = definition.node.id().def;
        out[..16].copy_from_slice(&tree.own_hash(def).to_le_bytes());
        out[16..32].copy_from_slice(&tree.def_hash(def).to_le_bytes());
    }
    out[32..].copy_from_slice(ast_hash.as_bytes());
    out
}

/// The hash of the statements that bind a variable.
fn variable_hash(tree: &Tree, variable: &Variable) -> [u8; 16] {
    let mut hasher = Xxh3::new();
    for statement in &variable.statements {
        let hash = tree.statement_hashes().get(*statement as usize).copied().unwrap_or(0);
        hasher.update(&hash.to_le_bytes());
    }
    hasher.digest128().to_le_bytes()
}

fn pack_texts(source: &SourceText, lowered: &Lowered, definitions: &[Definition<'_>]) -> Texts {
    let spans = definition_spans(source, lowered, definitions);
    let hashes = definition_hashes(Level::Exact, source, lowered, definitions);
    let mut places = Vec::with_capacity(spans.len() * super::texts::PLACE_BYTES);
    for (span, hash) in spans.iter().zip(&hashes) {
        let (start, end) = (source.position(span.start), source.position(span.end));
        for word in [span.start, span.end, start.line, start.col, end.line, end.col] {
            places.extend_from_slice(&word.to_le_bytes());
        }
        places.extend_from_slice(hash.as_bytes());
    }
    let findings = lowered.diagnostics.iter().map(|it| {
        let severity = match it.severity {
            Severity::Note => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        [it.span.start, it.span.end, severity]
    });
    let messages = lowered.diagnostics.iter().flat_map(|it| [it.code, it.source, &*it.message]);
    let mut builder = PackedBuilder::default();
    builder.bytes(places).rows(findings).texts(messages);
    Texts { packed: builder.finish() }
}

/// A map from the stored index of an alias to its import's number.
pub(super) fn import_numbers(imports: &[ImportedName<'_>]) -> FxHashMap<u32, u32> {
    imports.iter().zip(0..).map(|(it, at)| (it.node.index(), at)).collect()
}
