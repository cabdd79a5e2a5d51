//! The first node in which two normal forms differ.
//!
//! Input is two definitions' nodes in their normal forms, output the nodes of the original trees. Statements that both
//! sides have before and after a difference are passed over, so that what was put in is what is shown.

use astkit_ast::python::{Kind, kind, view};
use astkit_ast::tree::{Node, Value};

use crate::normal::{Mark, NormalForm};

/// A place where two definitions differ: nodes of the original trees, by [`Node::index`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Difference {
    /// On the old side; none if there is nothing.
    pub old: Option<u32>,
    /// On the new side.
    pub new: Option<u32>,
}

/// What of two definitions is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compared {
    /// Whether names count that no function around binds; at `deep` they don't.
    pub names: bool,
    /// Whether nested definitions count.
    pub nested: bool,
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The file's normal form.
    pub normal: &'a NormalForm,
    /// The definition in it.
    pub node: Node<'a>,
}

/// The first place in which two definitions differ; none if there is none.
pub fn first_difference(old: Side<'_>, new: Side<'_>, compared: Compared) -> Option<Difference> {
    let pair = Pair { old: old.normal, new: new.normal, compared };
    let (old_node, new_node) = pair.differ_below(old.node, new.node, true)?;
    let origin = |normal: &NormalForm, node: Node<'_>| normal.origins()[node.index() as usize];
    Some(Difference {
        old: old_node.map(|it| origin(old.normal, it)),
        new: new_node.map(|it| origin(new.normal, it)),
    })
}

#[derive(Clone, Copy)]
struct Pair<'a> {
    old: &'a NormalForm,
    new: &'a NormalForm,
    compared: Compared,
}

type Differing<'a> = (Option<Node<'a>>, Option<Node<'a>>);

impl<'a> Pair<'a> {
    /// The first difference of two nodes; `is_top` for the definitions themselves, whose names don't count.
    fn differ_below(&self, old: Node<'a>, new: Node<'a>, is_top: bool) -> Option<Differing<'a>> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.differ(old, new, is_top))
    }

    fn differ(&self, old: Node<'a>, new: Node<'a>, is_top: bool) -> Option<Differing<'a>> {
        if old.kind() != new.kind() {
            let both_names = self.root(self.old, old).is_some() && self.root(self.new, new).is_some();
            return (!both_names).then_some((Some(old), Some(new)));
        }
        if !self.compared.names && self.root(self.old, old).is_some() && self.root(self.new, new).is_some() {
            return None;
        }
        if !is_top && !self.compared.nested && is_nested(old) {
            return None;
        }
        if !is_top && !self.same_scalars(old, new) {
            return Some((Some(old), Some(new)));
        }
        let children = |normal: &NormalForm, node: Node<'a>| -> Vec<Node<'a>> {
            let count =
                if node.index() == normal.tree.root().index() { normal.statements } else { usize::MAX };
            node.children().filter(|it| !is_declaration(*it)).take(count).collect()
        };
        let (left, right) = (children(self.old, old), children(self.new, new));
        let same = |one: &&Node<'a>, two: &&Node<'a>| {
            one.role() == two.role() && self.differ_below(**one, **two, false).is_none()
        };
        let prefix = left.iter().zip(&right).take_while(|it| same(&it.0, &it.1)).count();
        let (left, right) = (&left[prefix..], &right[prefix..]);
        let suffix = left.iter().rev().zip(right.iter().rev()).take_while(|it| same(&it.0, &it.1)).count();
        match (&left[..left.len() - suffix], &right[..right.len() - suffix]) {
            ([], []) => None,
            ([], [new, ..]) => Some((None, Some(*new))),
            ([old, ..], []) => Some((Some(*old), None)),
            ([one, ..], [two, ..]) if one.role() != two.role() => Some((Some(old), Some(new))),
            ([one, ..], [two, ..]) => {
                Some(self.differ_below(*one, *two, false).unwrap_or((Some(old), Some(new))))
            }
        }
    }

    /// What a chain of attributes begins with, if that is a name which no function around binds.
    fn root(&self, normal: &'a NormalForm, node: Node<'a>) -> Option<&'a str> {
        if self.compared.names {
            return None;
        }
        let mut node = node;
        while let Some(it) = view::Attribute::cast(node) {
            node = it.value();
        }
        let name = view::Name::cast(node)?.id();
        let Mark::Root { root, .. } = Mark::read(name)? else { return None };
        normal.roots.get(root as usize).map(|_| name)
    }

    fn same_scalars(&self, old: Node<'a>, new: Node<'a>) -> bool {
        let fields = &old.kind_def().fields;
        fields.iter().all(|field| match (old.value(field), new.value(field)) {
            (Value::Name(old), Value::Name(new)) => self.same_name(old, new),
            (old, new) => old == new || field.name == "kind",
        })
    }

    fn same_name(&self, old: &str, new: &str) -> bool {
        match (Mark::read(old), Mark::read(new)) {
            (Some(Mark::Root { root: old, .. }), Some(Mark::Root { root: new, .. })) => {
                self.old.roots.get(old as usize) == self.new.roots.get(new as usize)
            }
            (Some(Mark::Enclosing { levels: old, .. }), Some(Mark::Enclosing { levels: new, .. })) => {
                old == new
            }
            (old_mark, new_mark) => old_mark == new_mark && (old_mark.is_some() || old == new),
        }
    }
}

fn is_nested(node: Node<'_>) -> bool {
    matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef | Kind::Lambda)
}

fn is_declaration(node: Node<'_>) -> bool {
    matches!(kind(node), Kind::Global | Kind::Nonlocal)
}
