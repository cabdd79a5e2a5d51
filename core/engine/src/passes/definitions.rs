//! Which definitions a view has, and under which paths.
//!
//! A path is the qualified name. Siblings of one name are told apart by what decorates them (`C.x` and `C.x@setter`),
//! then by number (`f#2`): so a setter that is inserted renames nobody.

use std::fmt::Write as _;

use astkit_ast::python;
use astkit_ast::python::view::{self, Attribute, FunctionDef, Name};
use astkit_ast::{DefId, DefKind, Node, NodeId, Tree, def_id, definitions};
use rustc_hash::FxHashMap;

use super::error::PassError;
use super::target::{CodeNode, Def, Tables, View};
use super::trees::{def_code, view_tree};
use crate::db::Db;

/// The definitions of a tree, by their ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Definitions {
    pub(crate) list: Vec<Entry>,
    by_path: FxHashMap<u32, DefId>,
}

/// A definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) path: u32,
    pub(crate) parent: Option<DefId>,
    pub(crate) kind: DefKind,
    pub(crate) children: Vec<DefId>,
    /// Which of its siblings it is.
    nth: u32,
}

impl Definitions {
    pub(crate) fn id(&self, path: u32) -> Option<DefId> {
        self.by_path.get(&path).copied()
    }

    pub(crate) fn entry(&self, path: u32) -> Option<&Entry> {
        self.list.get(self.id(path)?.0 as usize)
    }

    pub(crate) fn path(&self, id: DefId) -> Option<u32> {
        Some(self.list.get(id.0 as usize)?.path)
    }

    fn of(tree: &Tree, tables: &Tables) -> Self {
        let (mut out, mut paths) = (Self::default(), Vec::<String>::new());
        let mut twins: FxHashMap<String, u32> = FxHashMap::default();
        for it in definitions(tree) {
            // Lambdas are part of the definition around them.
            let Some(id) = def_id(&it) else { continue };
            let parent = tree.parent_def(id);
            let mut path = match parent.map(|it| (it, out.list.get(it.0 as usize).map(|it| it.kind))) {
                None | Some((_, None | Some(DefKind::Module))) => String::new(),
                Some((parent, Some(DefKind::Class))) => format!("{}.", paths[parent.0 as usize]),
                Some((parent, Some(_))) => format!("{}.<locals>.", paths[parent.0 as usize]),
            };
            path += it.name;
            if let Some(tag) = decorator_tag(it.node, it.name) {
                path.push('@');
                path += tag;
            }
            let twin = twins.entry(path.clone()).or_insert(0);
            *twin += 1;
            if *twin > 1 {
                let _: std::fmt::Result = write!(path, "#{twin}");
            }
            let number = tables.paths.number(path.as_str().into());
            let mut nth = 0;
            if let Some(parent) = parent.and_then(|it| out.list.get_mut(it.0 as usize)) {
                nth = u32::try_from(parent.children.len()).unwrap_or(u32::MAX);
                parent.children.push(id);
            }
            out.by_path.insert(number, id);
            out.list.push(Entry { path: number, parent, kind: it.kind, children: Vec::new(), nth });
            paths.push(path);
        }
        out
    }
}

/// What the decorators of a function say it is among others of its name.
fn decorator_tag<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    if !python::is_python(node.tree()) {
        return None;
    }
    let function = FunctionDef::cast(node)?;
    function.decorator_list().find_map(|it| {
        let plain = |it: Node<'a>| Name::cast(it).map(view::Name::id);
        if let Some(it) = Attribute::cast(it) {
            let (of, attribute) = (plain(it.value()), it.attr());
            return (of == Some(name) || attribute == "overload").then_some(attribute);
        }
        plain(it).filter(|it| *it == "overload")
    })
}

/// A view as a key.
#[salsa::interned(revisions = usize::MAX)]
pub(crate) struct ViewKey<'db> {
    #[returns(copy)]
    pub(crate) view: View,
}

/// The definitions of a view: stay as they are when nothing comes or goes.
pub(crate) fn definitions_of(db: &dyn Db, view: View) -> Result<&Definitions, PassError> {
    definitions_of_key(db, ViewKey::new(db, view)).as_ref().map_err(Clone::clone)
}

#[salsa::tracked(returns(ref), cycle_initial = in_cycle, cycle_fn = stays)]
fn definitions_of_key<'db>(db: &'db dyn Db, key: ViewKey<'db>) -> Result<Definitions, PassError> {
    Ok(Definitions::of(view_tree(db, key.view(db))?, &db.shared().passes))
}

fn in_cycle(_: &dyn Db, _: salsa::Id, _: ViewKey<'_>) -> Result<Definitions, PassError> {
    Err(PassError::Cycle)
}

fn stays(
    _: &dyn Db,
    _: &salsa::Cycle<'_>,
    _: &Result<Definitions, PassError>,
    _: Result<Definitions, PassError>,
    _: ViewKey<'_>,
) -> Result<Definitions, PassError> {
    Err(PassError::Cycle)
}

/// The definitions in a definition, in source order.
pub(crate) fn children(db: &dyn Db, def: Def) -> Result<Vec<Def>, PassError> {
    let all = definitions_of(db, def.view)?;
    let entry = all.entry(def.path).ok_or(PassError::Gone)?;
    let child = |id: &DefId| all.path(*id).map(|path| Def { path, ..def });
    Ok(entry.children.iter().filter_map(child).collect())
}

/// The definition around a definition.
pub(crate) fn parent(db: &dyn Db, def: Def) -> Result<Option<Def>, PassError> {
    let all = definitions_of(db, def.view)?;
    let entry = all.entry(def.path).ok_or(PassError::Gone)?;
    Ok(entry.parent.and_then(|it| all.path(it)).map(|path| Def { path, ..def }))
}

/// The node that stands for a definition in the code around it.
fn link(db: &dyn Db, def: Def) -> Result<Option<CodeNode>, PassError> {
    let Some(around) = parent(db, def)? else { return Ok(None) };
    let nth = definitions_of(db, def.view)?.entry(def.path).ok_or(PassError::Gone)?.nth;
    let index = def_code(db, around)?.nested(nth).ok_or(PassError::Gone)?;
    Ok(Some(CodeNode { def: around, index }))
}

/// The nodes around a node, the innermost first, up to the module.
pub(crate) fn parents(db: &dyn Db, node: CodeNode) -> Result<Vec<CodeNode>, PassError> {
    let (mut out, mut node) = (Vec::new(), Some(node));
    while let Some(it) = node {
        let code = def_code(db, it.def)?;
        let mut around = code.around(it.index).ok_or(PassError::Gone)?;
        around.reverse();
        out.extend(around.into_iter().map(|index| CodeNode { index, ..it }));
        // The link stands for the definition itself: it is not one more node.
        node = link(db, it.def)?;
    }
    Ok(out)
}

/// The innermost scope around a node: a module, class, function, lambda or comprehension.
pub(crate) fn enclosing_scope(db: &dyn Db, node: CodeNode) -> Result<Option<CodeNode>, PassError> {
    for it in parents(db, node)? {
        let code = def_code(db, it.def)?;
        if code.node(it.index).is_some_and(is_scope) {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

fn is_scope(node: Node<'_>) -> bool {
    const SCOPES: [&str; 5] = ["Lambda", "ListComp", "SetComp", "DictComp", "GeneratorExp"];
    node.is_def() || (python::is_python(node.tree()) && SCOPES.contains(&node.kind_name()))
}

/// The place in a file's tree of a node of a definition's code.
pub(crate) fn in_file(db: &dyn Db, node: CodeNode) -> Result<NodeId, PassError> {
    let id = definitions_of(db, node.def.view)?.id(node.def.path).ok_or(PassError::Gone)?;
    def_code(db, node.def)?.node(node.index).ok_or(PassError::Gone)?;
    Ok(NodeId { def: id, index: node.index })
}
