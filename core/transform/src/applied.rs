//! From edits to the new tree, and what became of each node.

use std::sync::LazyLock;

use astkit_ast::builder::Mark;
use astkit_ast::python::{self, Kind, Role, kind};
use astkit_ast::schema::{Arity, Storage};
use astkit_ast::tree::{NONE, Node, NodeId, RoleId, Tree};
use astkit_ast::{SourceText, Span, TreeBuilder};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::{Code, New, Scalar, is_statement};
use crate::edits::{Edits, This};

/// What applying edits gave.
#[derive(Debug)]
pub struct Applied {
    /// The new tree.
    pub tree: Tree,
    /// Whether it is another tree at all.
    pub is_updated: bool,
    /// Nodes of the new tree that were in none before.
    pub added: Vec<NodeId>,
    /// Nodes of the old tree that are gone.
    pub removed: Vec<NodeId>,
    /// What became of the nodes of the old tree.
    map: FxHashMap<NodeId, NodeId>,
}

impl Applied {
    /// The node of the new tree that a node of the old one became; the first, if it stands in several places.
    pub fn new_node(&self, old: NodeId) -> Option<NodeId> {
        self.map.get(&old).copied()
    }
}

impl Edits {
    /// The tree after these edits of `tree`. Cost: linear in both trees.
    pub fn apply(&self, tree: &Tree) -> Applied {
        let mut writer = Writer::new(tree, self);
        writer.kept(tree.root());
        let (new, origins) = writer.finish();
        let (mut map, mut added) = (FxHashMap::default(), Vec::new());
        for (node, origin) in postorder(&new).zip(origins) {
            match origin {
                Some(old) => {
                    map.entry(old).or_insert(node.id());
                }
                None => added.push(node.id()),
            }
        }
        let is_gone = |it: &NodeId| !map.contains_key(it);
        let mut removed: Vec<NodeId> = postorder(tree).map(Node::id).filter(is_gone).collect();
        added.sort_unstable();
        removed.sort_unstable();
        Applied { is_updated: new != *tree, tree: new, added, removed, map }
    }
}

/// All nodes of a tree, children first.
fn postorder(tree: &Tree) -> impl Iterator<Item = Node<'_>> {
    let mut stack = vec![(tree.root(), false)];
    std::iter::from_fn(move || {
        while let Some((node, is_closing)) = stack.pop() {
            if is_closing {
                return Some(node);
            }
            stack.push((node, true));
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, false)));
            stack[first..].reverse();
        }
        None
    })
}

/// New trees have no text.
pub(crate) static NO_TEXT: LazyLock<SourceText> = LazyLock::new(|| SourceText::from_text(""));

/// Writes a tree with its edits.
pub(crate) struct Writer<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) edits: &'a Edits,
    pub(crate) builder: TreeBuilder<'static>,
    /// Of each node that was closed: what it was.
    origins: Vec<Option<NodeId>>,
    start: Mark,
    /// Nodes whose edit is being written: within it they stand for themselves.
    pub(crate) open: FxHashSet<NodeId>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(tree: &'a Tree, edits: &'a Edits) -> Self {
        let builder = TreeBuilder::new(python::schema(), &NO_TEXT);
        let start = builder.mark();
        Self { tree, edits, builder, origins: Vec::new(), start, open: FxHashSet::default() }
    }

    pub(crate) fn finish(self) -> (Tree, Vec<Option<NodeId>>) {
        (self.builder.finish().0, self.origins)
    }

    /// Writes a node of the old tree, or what stands in its place. Returns how many nodes that are.
    pub(crate) fn kept(&mut self, node: Node<'_>) -> usize {
        let id = node.id();
        let change = self.edits.of(id).filter(|_| !self.open.contains(&id));
        let Some(change) = change else {
            self.copy(node, None);
            return 1;
        };
        self.open.insert(id);
        let role = node.role();
        let mut count = self.codes(&change.before, role);
        match &change.this {
            This::Same => count += self.copied(node, None),
            This::Deleted => {}
            This::Replaced(codes) => count += self.codes(codes, role),
            This::Scalars(scalars) => count += self.copied(node, Some(scalars)),
        }
        count += self.codes(&change.after, role);
        self.open.remove(&id);
        count
    }

    fn copied(&mut self, node: Node<'_>, scalars: Option<&[Scalar]>) -> usize {
        self.copy(node, scalars);
        1
    }

    fn codes(&mut self, codes: &[Code], role: RoleId) -> usize {
        codes.iter().map(|it| self.code(it, role)).sum()
    }

    /// Writes code in a role. Returns how many nodes that are.
    pub(crate) fn code(&mut self, code: &Code, role: RoleId) -> usize {
        match code {
            Code::Kept(id) => {
                let mark = self.builder.mark();
                let count = self.kept(self.tree.node(*id));
                for root in self.builder.roots(mark) {
                    self.builder.set_role(root, role);
                }
                count
            }
            Code::New(new) => {
                self.new_node(new);
                self.builder.role(role);
                1
            }
        }
    }

    fn new_node(&mut self, new: &New) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let mark = self.builder.mark();
            for (role, code) in &new.children {
                self.code(code, (*role).into());
            }
            let aux = self.scalars(new.kind, &new.scalars);
            self.close(mark, new.kind, new.flag, aux, None);
        });
    }

    /// Closes a node over everything that was written.
    pub(crate) fn close_all(&mut self, kind: Kind) {
        self.close(self.start, kind, 0, NONE, None);
    }

    pub(crate) fn close(&mut self, mark: Mark, kind: Kind, flag: u8, aux: u32, origin: Option<NodeId>) {
        self.builder.close(mark, kind.into(), Span::default(), flag, aux);
        self.origins.push(origin);
    }

    /// Copies a node with its children, edits applied to these.
    fn copy(&mut self, node: Node<'_>, scalars: Option<&[Scalar]>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let mark = self.builder.mark();
            let of_statements = has_blocks(kind(node));
            let (mut block, mut written, mut handlers) = (None, 0, 0);
            for child in node.children() {
                let role = child.role();
                if of_statements && block != Some(role) {
                    self.fill(block, written, handlers);
                    (block, written) = (Some(role), 0);
                }
                let count = self.kept(child);
                written += count;
                handlers += if role == Role::Handlers.into() { count } else { 0 };
            }
            if of_statements {
                self.fill(block, written, handlers);
            }
            let aux = match scalars {
                Some(scalars) => self.scalars(kind(node), scalars),
                None => self.builder.copy_payload(node),
            };
            self.builder.close(mark, node.kind(), Span::default(), node.flag(), aux);
            self.origins.push(Some(node.id()));
            self.builder.role(node.role());
        });
    }

    /// Puts a `pass` into a block that lost all its statements and must have one.
    fn fill(&mut self, block: Option<RoleId>, written: usize, handlers: usize) {
        let is = |role: Role| block == Some(role.into());
        if written == 0 && (is(Role::Body) || is(Role::Finalbody) && handlers == 0) {
            let mark = self.builder.mark();
            self.close(mark, Kind::Pass, 0, NONE, None);
            self.builder.role(block.unwrap_or_default());
        }
    }

    /// Writes scalars as a kind stores them; the result is the `aux`.
    pub(crate) fn scalars(&mut self, kind: Kind, scalars: &[Scalar]) -> u32 {
        let Some(def) = python::schema().kinds.get(kind as usize) else { return NONE };
        let mut words = Vec::new();
        for scalar in scalars {
            words.push(match scalar {
                Scalar::Name(name) => {
                    vec![name.as_ref().map_or(NONE, |it| self.builder.normalized_name(it).0)]
                }
                Scalar::Names(names) => names.iter().map(|it| self.builder.normalized_name(it).0).collect(),
                Scalar::Constant(it) => vec![self.builder.constant(it.clone()).0],
                Scalar::Number(it) => vec![*it],
                Scalar::Numbers(it) => it.clone(),
            });
        }
        let wide = |it: &&astkit_ast::schema::Field| matches!(it.storage, Storage::Aux | Storage::Record(_));
        let fields: Vec<_> = def.fields.iter().filter(wide).collect();
        if fields.iter().any(|it| it.storage == Storage::Aux) {
            return words.first().and_then(|it| it.first()).copied().unwrap_or(NONE);
        }
        if fields.is_empty() {
            return NONE;
        }
        let record = self.builder.record();
        let mut list = None;
        for (field, words) in fields.iter().zip(words) {
            if field.arity == Arity::Many {
                list = Some(words);
            } else {
                self.builder.record_word(words.first().copied().unwrap_or(NONE));
            }
        }
        if let Some(list) = list {
            self.builder.record_list(list.into_iter());
        }
        record
    }
}

/// Whether nodes of a kind have statements below them that may all go away.
pub(crate) fn has_blocks(kind: Kind) -> bool {
    let is_clause = matches!(kind, Kind::ExceptHandler | Kind::MatchCase);
    is_clause || is_statement(kind)
}
