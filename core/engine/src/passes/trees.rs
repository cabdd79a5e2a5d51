//! Trees for passes: of a file, of a view, of one definition.

use std::sync::Arc;

use astkit_ast::{DefId, Lowered, Node, NodeId, SourceText, Span, Tree, TreeBuilder};

use super::definitions::definitions_of;
use super::error::PassError;
use super::target::{Def, View};
use super::views;
use crate::db::{Db, bytes_of};
use crate::inputs::{Content, File};
use crate::summaries::SummaryError;

/// A file, read and lowered.
#[derive(Debug)]
pub struct Source {
    /// Its text.
    pub text: SourceText,
    /// Its tree and positions.
    pub lowered: Lowered,
}

/// The text and the tree of a file, with positions: another one after every edit.
#[salsa::tracked(returns(clone), no_eq, lru = 512)]
pub(crate) fn file_source(db: &dyn Db, file: File) -> Result<Arc<Source>, SummaryError> {
    let content = file.content(db);
    match content {
        Content::Hash(_) => {}
        Content::Absent => return Err(SummaryError::Absent),
        Content::Unreadable(kind) => return Err(SummaryError::Unreadable(kind)),
    }
    let bytes = bytes_of(db, file, content)?;
    let (text, lowered) = db.shared().summaries.lower(file.path(db), &bytes, file.root(db).python(db))?;
    Ok(Arc::new(Source { text, lowered }))
}

/// A file of which only the tree is looked at, so that it is the same when only positions differ.
#[derive(Clone, Debug)]
pub(crate) struct ByTree(Arc<Source>);

impl PartialEq for ByTree {
    fn eq(&self, other: &Self) -> bool {
        self.0.lowered.tree == other.0.lowered.tree
    }
}

impl ByTree {
    pub(crate) fn tree(&self) -> &Tree {
        &self.0.lowered.tree
    }
}

/// The tree of a file: stays as it is when comments or layout change.
#[salsa::tracked(returns(ref), lru = 512)]
pub(crate) fn file_tree(db: &dyn Db, file: File) -> Result<ByTree, SummaryError> {
    file_source(db, file).map(ByTree)
}

/// The tree of a view.
pub(crate) fn view_tree(db: &dyn Db, view: View) -> Result<&Tree, PassError> {
    if view.is_source() {
        return match file_tree(db, view.file.0) {
            Ok(it) => Ok(it.tree()),
            Err(SummaryError::Absent) => Err(PassError::Gone),
            Err(error) => Err(PassError::Unreadable(error.clone())),
        };
    }
    views::tree(db, view)
}

/// The tree of one definition, without what is in nested ones: of those there is a node with their name.
///
/// A tree of its own, so that passes that look at it have nothing to do with the rest of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefTree {
    tree: Tree,
    def: DefId,
}

impl DefTree {
    /// The definition's node.
    pub fn root(&self) -> Node<'_> {
        self.tree.def(self.def)
    }

    /// The node with this number; for a nested definition, the node with its name.
    pub fn node(&self, index: u32) -> Option<Node<'_>> {
        self.tree.own_node(NodeId { def: self.def, index })
    }

    /// All nodes in source order, with their numbers.
    pub fn nodes(&self) -> impl Iterator<Item = (u32, Node<'_>)> {
        (0..).zip(self.tree.own_nodes(self.def))
    }

    /// The tree: a file with this definition alone, or the file's own code.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The number of the node that stands for a nested definition: the first, the second, ...
    pub(crate) fn nested(&self, nth: u32) -> Option<u32> {
        let def = DefId(self.def.0 + 1 + nth);
        (def.0 < self.tree.def_count()).then(|| self.tree.link(def)).flatten().map(|it| it.index)
    }

    /// The numbers of the nodes around a node, the outermost first.
    pub(crate) fn around(&self, index: u32) -> Option<Vec<u32>> {
        self.tree.own_parents(NodeId { def: self.def, index })
    }

    /// What a node of this tree is in the file's, where the definition has this number, and those in it these.
    pub(crate) fn in_file(&self, id: NodeId, def: DefId, children: &[DefId]) -> NodeId {
        let nested = if self.def == DefId(0) { id.def.0 } else { id.def.0.wrapping_sub(1) };
        match nested.checked_sub(1) {
            None => NodeId { def, ..id },
            Some(at) => NodeId { def: children.get(at as usize).copied().unwrap_or(def), ..id },
        }
    }

    /// Copies a definition out of a tree.
    pub(crate) fn of(tree: &Tree, def: DefId) -> Self {
        let nothing = SourceText::from_text("");
        let mut builder = TreeBuilder::new(tree.schema(), &nothing);
        let (file, root) = (tree.root(), tree.def(def));
        let start = builder.mark();
        let mut stack = vec![(root, None)];
        while let Some((node, mark)) = stack.pop() {
            if let Some(mark) = mark {
                let aux = builder.copy_payload(node);
                builder.close(mark, node.kind(), Span::default(), node.flag(), aux);
                builder.role(node.role());
            } else {
                stack.push((node, Some(builder.mark())));
                if node == root || !node.is_def() {
                    let first = stack.len();
                    stack.extend(node.children().map(|it| (it, None)));
                    stack[first..].reverse();
                }
            }
        }
        if def == DefId(0) {
            return Self { tree: builder.finish().0, def };
        }
        let aux = builder.copy_payload(file);
        builder.close(start, file.kind(), Span::default(), file.flag(), aux);
        Self { tree: builder.finish().0, def: DefId(1) }
    }
}

/// A definition as a key.
#[salsa::interned(revisions = usize::MAX)]
pub(crate) struct DefKey<'db> {
    #[returns(copy)]
    def: Def,
}

/// The code of a definition: stays as it is when others change, or positions.
pub(crate) fn def_code(db: &dyn Db, def: Def) -> Result<&DefTree, PassError> {
    code_of_key(db, DefKey::new(db, def)).as_ref().map_err(Clone::clone)
}

#[salsa::tracked(returns(ref), cycle_initial = code_in_cycle, cycle_fn = code_stays)]
fn code_of_key<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Result<DefTree, PassError> {
    let def = key.def(db);
    let id = definitions_of(db, def.view)?.id(def.path).ok_or(PassError::Gone)?;
    Ok(DefTree::of(view_tree(db, def.view)?, id))
}

fn code_in_cycle(_: &dyn Db, _: salsa::Id, _: DefKey<'_>) -> Result<DefTree, PassError> {
    Err(PassError::Cycle)
}

fn code_stays(
    _: &dyn Db,
    _: &salsa::Cycle<'_>,
    _: &Result<DefTree, PassError>,
    _: Result<DefTree, PassError>,
    _: DefKey<'_>,
) -> Result<DefTree, PassError> {
    Err(PassError::Cycle)
}
