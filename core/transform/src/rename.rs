//! `rename-locals`: names that nobody can see become `v0`, `v1`, ... in the order of the text.
//!
//! Promise: code runs the same but for names of variables in error messages, in code objects, and in tracebacks.
//! Left alone are parameters, functions and classes, names of classes and modules, names in scopes whose names code may
//! look at (`locals()`, `eval`, `exec`, `vars()`, frames), `__dunder__` names, and names in t-strings.

use std::collections::BTreeMap;

use astkit_analysis::meanings::{Meaning, Meanings, Survey};
use astkit_analysis::scopes::{Role, Scopes, SymbolId};
use astkit_ast::python::{Kind, kind};
use astkit_ast::tree::{Node, NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::Scalar;
use crate::edits::Edits;

/// Gives local variables numbers for names.
pub fn rename_locals(tree: &Tree, scopes: &Scopes) -> Edits {
    let survey = Survey::new(tree, scopes);
    let meanings = Meanings::new(tree, scopes, &survey);
    let kept = kept(tree, scopes);
    let is_renamed = |it: SymbolId| meanings.of(it) == Meaning::Numbered && !kept.contains(&it);
    let prefix = prefix(scopes, &is_renamed);
    let (mut names, mut counts) = (FxHashMap::default(), FxHashMap::default());
    let mut scalars: BTreeMap<NodeId, Vec<Scalar>> = BTreeMap::new();
    for it in in_text_order(tree, scopes) {
        let Some(variable) = it.variable.filter(|it| is_renamed(*it)) else { continue };
        let scope = scopes.symbol(variable).scope;
        let name: &String = names.entry(variable).or_insert_with(|| {
            let number = counts.entry(scope).or_insert(0_u32);
            *number += 1;
            match meanings.depth(scope) {
                0 => format!("{prefix}{}", *number - 1),
                depth => format!("{prefix}{depth}_{}", *number - 1),
            }
        });
        let known = scalars.entry(it.node).or_insert_with(|| Scalar::of(tree.node(it.node)));
        // The name that an import binds is the last of its names.
        match known.last_mut() {
            Some(Scalar::Names(names)) => {
                if let Some(known) = names.get_mut(usize::from(it.nth)) {
                    *known = name.as_str().into();
                }
            }
            Some(known) => *known = Scalar::name(name),
            None => {}
        }
    }
    let mut edits = Edits::new();
    for (id, scalars) in scalars {
        let node = tree.node(id);
        if Scalar::of(node) != scalars {
            edits.set_scalars(node, scalars);
        }
    }
    edits
}

fn in_text_order<'a>(tree: &'a Tree, scopes: &'a Scopes) -> Vec<&'a astkit_analysis::Occurrence> {
    let mut order: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        order.insert(node.id(), order.len());
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
    }
    let mut out: Vec<_> = scopes.occurrences().iter().collect();
    out.sort_by_key(|it| (order.get(&it.node).copied(), it.nth));
    out
}

/// Variables that keep their names.
fn kept(tree: &Tree, scopes: &Scopes) -> FxHashSet<SymbolId> {
    let mut out = FxHashSet::default();
    let shown = shown_as_text(tree);
    for it in scopes.occurrences() {
        let Some(variable) = it.variable else { continue };
        let is_named =
            matches!(it.role, Role::Param | Role::Def | Role::Class | Role::TypeParam | Role::Global);
        if is_named || it.is_unevaluated || shown.contains(&it.node) {
            out.insert(variable);
        }
    }
    out
}

/// Nodes whose text a program can see, or whose kind says more than one name.
fn shown_as_text(tree: &Tree) -> FxHashSet<NodeId> {
    let mut out = FxHashSet::default();
    let mut stack: Vec<(Node<'_>, bool)> = vec![(tree.root(), false)];
    while let Some((node, is_shown)) = stack.pop() {
        let is_shown = is_shown || matches!(kind(node), Kind::TemplateStr | Kind::Exec);
        if is_shown {
            out.insert(node.id());
        }
        stack.extend(node.children().map(|it| (it, is_shown)));
    }
    out
}

/// A beginning of names that no other name of the file has, before a digit.
fn prefix(scopes: &Scopes, is_renamed: &impl Fn(SymbolId) -> bool) -> String {
    let others: FxHashSet<&str> = scopes
        .occurrences()
        .iter()
        .filter(|it| !it.variable.is_some_and(is_renamed))
        .map(|it| scopes.text(it.name))
        .collect();
    let mut prefix = String::from("v");
    let is_like = |name: &str, prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
    };
    while others.iter().any(|it| is_like(it, &prefix)) {
        prefix.push('_');
    }
    prefix
}
