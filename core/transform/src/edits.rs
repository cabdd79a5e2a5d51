//! Edits of a tree, by node: what a transformation gives.
//!
//! Nothing is changed where it stands. [`Edits::apply`](crate::Edits::apply) makes the new tree,
//! [`Edits::print`](crate::Edits::print) the new text.

use std::collections::BTreeMap;

use astkit_ast::tree::{Node, NodeId};

use crate::code::{Code, Scalar};

/// Edits of one tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edits {
    changes: BTreeMap<NodeId, Change>,
}

/// What happens to one node.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Change {
    pub(crate) before: Vec<Code>,
    pub(crate) this: This,
    pub(crate) after: Vec<Code>,
}

/// What happens to the node itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum This {
    /// It stays.
    #[default]
    Same,
    /// It is not there any more.
    Deleted,
    /// Others stand in its place; it may be among them.
    Replaced(Vec<Code>),
    /// It has other scalars.
    Scalars(Vec<Scalar>),
}

impl Edits {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many nodes are touched.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Puts code in the place of a node.
    pub fn replace(&mut self, node: Node<'_>, code: Code) {
        self.replace_all(node, vec![code]);
    }

    /// Puts any number of nodes in the place of one.
    pub fn replace_all(&mut self, node: Node<'_>, code: Vec<Code>) {
        self.change(node).this = This::Replaced(code);
    }

    /// Puts code around a node.
    pub fn wrap(&mut self, node: Node<'_>, around: impl FnOnce(Code) -> Code) {
        let code = around(Code::kept(node));
        self.replace(node, code);
    }

    /// Puts code before a node, in the same list.
    pub fn insert_before(&mut self, node: Node<'_>, code: Code) {
        self.change(node).before.push(code);
    }

    /// Puts code behind a node, in the same list.
    pub fn insert_after(&mut self, node: Node<'_>, code: Code) {
        self.change(node).after.push(code);
    }

    /// Takes a node out of the list that it is in. A block that loses all its statements gets a `pass`.
    pub fn delete(&mut self, node: Node<'_>) {
        self.change(node).this = This::Deleted;
    }

    /// Gives a node other scalars (names, constants), in the order of the schema.
    pub fn set_scalars(&mut self, node: Node<'_>, scalars: Vec<Scalar>) {
        self.change(node).this = This::Scalars(scalars);
    }

    /// Gives another name to a node that has one.
    pub fn rename(&mut self, node: Node<'_>, name: &str) {
        self.set_scalars(node, vec![Scalar::name(name)]);
    }

    /// The same edits of another tree, in which every node is the one that `place` tells.
    pub fn moved(&self, place: &dyn Fn(NodeId) -> NodeId) -> Self {
        let codes = |it: &[Code]| it.iter().map(|it| it.moved(place)).collect();
        let change = |it: &Change| Change {
            before: codes(&it.before),
            this: match &it.this {
                This::Same => This::Same,
                This::Deleted => This::Deleted,
                This::Replaced(code) => This::Replaced(codes(code)),
                This::Scalars(scalars) => This::Scalars(scalars.clone()),
            },
            after: codes(&it.after),
        };
        Self { changes: self.changes.iter().map(|(node, it)| (place(*node), change(it))).collect() }
    }

    /// Only the edits of some nodes. If there are any, what is inserted before some others is inserted as well: imports
    /// that they need.
    #[must_use]
    pub fn within(mut self, is_in: &dyn Fn(NodeId) -> bool, may_insert: &dyn Fn(NodeId) -> bool) -> Self {
        if !self.changes.keys().any(|it| is_in(*it)) {
            return Self::new();
        }
        self.changes.retain(|node, it| is_in(*node) || may_insert(*node) && !it.before.is_empty());
        for (node, change) in self.changes.iter_mut().filter(|it| !is_in(*it.0)) {
            *change = Change { before: std::mem::take(&mut change.before), ..Change::default() };
            debug_assert!(may_insert(*node), "others are not kept");
        }
        self
    }

    /// Adds edits of other nodes of the same tree. Where both say something of one node, `other` counts.
    pub fn merge(&mut self, other: Self) {
        self.changes.extend(other.changes);
    }

    /// Whether a node is deleted.
    pub fn deletes(&self, node: Node<'_>) -> bool {
        self.changes.get(&node.id()).is_some_and(|it| it.this == This::Deleted)
    }

    pub(crate) fn of(&self, node: NodeId) -> Option<&Change> {
        self.changes.get(&node)
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.changes.keys().copied()
    }

    fn change(&mut self, node: Node<'_>) -> &mut Change {
        self.changes.entry(node.id()).or_default()
    }
}
