//! What definitions refer to: names that are the module's or an import's, with the attributes asked of them.
//!
//! Of local names only those of definitions and imports are told; parameters and other variables are left out, and so
//! are attributes of anything else than names. A reference is told once per definition. A module-level variable
//! refers to what the statements that bind it do.

use astkit_analysis::Role;
use astkit_analysis::scopes::{Scopes, SymbolId};
use astkit_ast::python::{Kind, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{DefId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::bodies::{IMPORT, LOCAL};
use super::extract::{ImportedName, Items, Statements, import_numbers, is_module_level};
use super::packed::{NONE, Texts, index};

/// The longest attribute chain that is kept whole: what is defined is not nested deeper.
const LONGEST_PATH: usize = 8;

/// From this product of references and variables of one statement on, its variables refer to the module instead.
const MOST_COPIES: usize = 4_096;

/// References of all items, ready to be packed.
#[derive(Default)]
pub(super) struct References<'a> {
    pub(super) names: Texts<'a>,
    pub(super) starts: Vec<u32>,
    pub(super) list: Vec<[u32; 2]>,
    pub(super) path_starts: Vec<u32>,
    pub(super) paths: Vec<u32>,
    pub(super) bases: Vec<[u32; 3]>,
    /// Variables that refer to the module, because what binds them refers to too much.
    pub(super) coarse: Vec<u32>,
}

struct Collector<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    items: &'a Items<'a>,
    statements: &'a Statements,
    /// Per stored node, its occurrence.
    occurrences: Vec<u32>,
    /// The imports and definitions that bind a symbol of a function or class.
    locals: FxHashMap<SymbolId, SmallVec<[u32; 1]>>,
    names: Texts<'a>,
    path_ids: FxHashMap<SmallVec<[u32; 4]>, u32>,
    path_list: Vec<SmallVec<[u32; 4]>>,
    lists: Vec<Vec<[u32; 2]>>,
    known: FxHashSet<(u32, [u32; 2])>,
    /// References of module-level statements.
    by_statement: Vec<(u32, [u32; 2])>,
    bases: Vec<[u32; 3]>,
    coarse: Vec<u32>,
}

/// Collects the references of all items.
pub(super) fn references<'a>(
    tree: &'a Tree,
    scopes: &'a Scopes,
    items: &'a Items<'a>,
    imports: &[ImportedName<'_>],
    statements: &'a Statements,
) -> References<'a> {
    let mut collector = Collector {
        tree,
        scopes,
        items,
        statements,
        occurrences: occurrences_of_nodes(tree, scopes),
        locals: local_bindings(tree, scopes, items, imports),
        names: Texts::default(),
        path_ids: FxHashMap::default(),
        path_list: Vec::new(),
        lists: vec![Vec::new(); items.len()],
        known: FxHashSet::default(),
        by_statement: Vec::new(),
        bases: Vec::new(),
        coarse: Vec::new(),
    };
    collector.path(SmallVec::new());
    collector.walk();
    collector.give_to_variables();
    collector.finish()
}

/// Per stored node, the number of its occurrence; declarations by `global` and `nonlocal` are none.
fn occurrences_of_nodes(tree: &Tree, scopes: &Scopes) -> Vec<u32> {
    let mut out = vec![NONE; tree.node_count() as usize + 1];
    for (at, it) in scopes.occurrences().iter().enumerate() {
        if !matches!(it.role, Role::Global | Role::Nonlocal) {
            out[tree.node(it.node).index() as usize] = index(at);
        }
    }
    out
}

/// The roots of references to symbols that imports and definitions within functions and classes bind.
fn local_bindings(
    tree: &Tree,
    scopes: &Scopes,
    items: &Items<'_>,
    imports: &[ImportedName<'_>],
) -> FxHashMap<SymbolId, SmallVec<[u32; 1]>> {
    let numbers = import_numbers(imports);
    let mut out: FxHashMap<SymbolId, SmallVec<[u32; 1]>> = FxHashMap::default();
    for it in scopes.occurrences().iter().filter(|it| !is_module_level(scopes, it)) {
        let root = match it.role {
            Role::Import => numbers.get(&tree.node(it.node).index()).map(|it| it | IMPORT),
            Role::Def | Role::Class => Some(items.item_of_def[it.node.def.0 as usize] | LOCAL),
            Role::Load
            | Role::Store
            | Role::Del
            | Role::Param
            | Role::Global
            | Role::Nonlocal
            | Role::Except
            | Role::Capture
            | Role::TypeParam => None,
        };
        if let (Some(variable), Some(root)) = (it.variable, root) {
            out.entry(variable).or_default().push(root);
        }
    }
    out
}

impl<'a> Collector<'a> {
    fn walk(&mut self) {
        let mut stack = vec![self.tree.root()];
        while let Some(node) = stack.pop() {
            if matches!(kind(node), Kind::Attribute | Kind::Name) {
                let (root, path) = self.chain(node);
                for reference in self.reference(root, path) {
                    self.add(node, reference);
                }
                if kind(root) != Kind::Name {
                    stack.push(root);
                }
                continue;
            }
            if let Some(class) = view::ClassDef::cast(node) {
                self.bases_of(class);
            }
            let first = stack.len();
            stack.extend(node.children());
            stack[first..].reverse();
        }
    }

    /// The innermost value of a chain of attributes, and the attributes' path.
    fn chain(&mut self, node: Node<'a>) -> (Node<'a>, u32) {
        let (mut root, mut attributes) = (node, Vec::new());
        while let Some(it) = view::Attribute::cast(root) {
            attributes.push(it.attr());
            root = it.value();
        }
        if kind(root) != Kind::Name {
            return (root, 0);
        }
        let path = attributes.iter().rev().take(LONGEST_PATH).map(|it| self.names.id(it)).collect();
        (root, self.path(path))
    }

    fn path(&mut self, path: SmallVec<[u32; 4]>) -> u32 {
        let next = index(self.path_list.len());
        let id = *self.path_ids.entry(path.clone()).or_insert(next);
        if id == next {
            self.path_list.push(path);
        }
        id
    }

    /// What a name at the root of a chain stands for, if that is not local.
    fn reference(&mut self, root: Node<'a>, path: u32) -> SmallVec<[[u32; 2]; 1]> {
        let occurrence = self.occurrences.get(root.index() as usize).copied().unwrap_or(NONE);
        let Some(it) = self.scopes.occurrences().get(occurrence as usize).copied() else {
            return SmallVec::new();
        };
        if it.role != Role::Load || it.is_unevaluated {
            return SmallVec::new();
        }
        if is_module_level(self.scopes, &it) {
            let name = self.names.id(self.scopes.text(it.name));
            return SmallVec::from_slice(&[[name, path]]);
        }
        let roots = it.variable.and_then(|it| self.locals.get(&it));
        roots.into_iter().flatten().map(|root| [*root, path]).collect()
    }

    fn add(&mut self, node: Node<'a>, reference: [u32; 2]) {
        let def = node.id().def;
        let item = self.items.item_of_def[def.0 as usize];
        if def == DefId(0) {
            self.by_statement.push((self.statements.at(node), reference));
        }
        self.add_to(item, reference);
    }

    fn add_to(&mut self, item: u32, reference: [u32; 2]) {
        if self.known.insert((item, reference)) {
            self.lists[item as usize].push(reference);
        }
    }

    fn bases_of(&mut self, class: view::ClassDef<'a>) {
        let item = self.items.item_of_def[class.node().id().def.0 as usize];
        for base in class.bases() {
            let (root, path) = self.chain(base);
            let reference = self.reference(root, path);
            self.bases.extend(reference.iter().map(|[root, path]| [item, *root, *path]));
        }
    }

    /// Variables refer to what the statements that bind them refer to.
    fn give_to_variables(&mut self) {
        let mut variables: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (nth, variable) in self.items.variables.values().enumerate() {
            for statement in &variable.statements {
                variables.entry(*statement).or_default().push(self.items.variable(nth));
            }
        }
        let by_statement = std::mem::take(&mut self.by_statement);
        for references in by_statement.chunk_by(|left, right| left.0 == right.0) {
            let Some(variables) = variables.get(&references[0].0) else { continue };
            if references.len() * variables.len() > MOST_COPIES {
                self.coarse.extend(variables);
                continue;
            }
            for variable in variables {
                for (_, reference) in references {
                    self.add_to(*variable, *reference);
                }
            }
        }
    }

    fn finish(self) -> References<'a> {
        let mut out = References { names: self.names, bases: self.bases, ..References::default() };
        out.coarse = self.coarse;
        out.coarse.sort_unstable();
        out.coarse.dedup();
        for list in &self.lists {
            out.starts.push(index(out.list.len()));
            out.list.extend(list);
        }
        out.starts.push(index(out.list.len()));
        for path in &self.path_list {
            out.path_starts.push(index(out.paths.len()));
            out.paths.extend(path);
        }
        out.path_starts.push(index(out.paths.len()));
        out
    }
}
