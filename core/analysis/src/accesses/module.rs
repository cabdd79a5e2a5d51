//! What a module does when it is imported, besides binding names.

use std::collections::BTreeSet;

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::{Constant, Node, Tree};
use rustc_hash::FxHashMap;

use super::{Accesses, Bindings, FileAccesses};

/// What a module does when it is imported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AtImport {
    /// What it asks for.
    pub accesses: Accesses,
    /// Names that it uses, attributes included.
    pub names: BTreeSet<Box<str>>,
    /// Structural hashes of the top-level statements that do more than bind names.
    pub statements: Vec<u128>,
}

/// Adds what module-level statements ask for: to their variables, or to what is done at import.
pub(super) fn add(tree: &Tree, bindings: &Bindings<'_>, out: &mut FileAccesses) {
    let mut variables: FxHashMap<&str, Accesses> = FxHashMap::default();
    for (nth, statement) in tree.root().children().enumerate() {
        if statement.is_def() || is_main_guard(statement) {
            continue;
        }
        if acts(statement) {
            act(tree, bindings, statement, &mut out.at_import);
            out.at_import.statements.extend(tree.statement_hashes().get(nth));
        }
        let (accesses, names) = of_statement(bindings, statement);
        for name in names {
            let known = variables.entry(name).or_default();
            known.attributes.extend(accesses.attributes.iter().cloned());
            known.computed.extend(accesses.computed.iter().cloned());
            known.texts.extend(accesses.texts.iter().cloned());
        }
    }
    out.variables = variables.into_iter().map(|(name, it)| (name.into(), it)).collect();
    out.variables.sort_by(|a, b| a.0.cmp(&b.0));
}

/// What a statement asks for, and the names that it binds; definitions in it are left out.
fn of_statement<'a>(bindings: &Bindings<'_>, statement: Node<'a>) -> (Accesses, Vec<&'a str>) {
    let (mut accesses, mut names) = (Accesses::default(), Vec::new());
    let mut stack = vec![statement];
    while let Some(node) = stack.pop() {
        if node.is_def() {
            continue;
        }
        super::add(&mut accesses, bindings, node);
        let stored = view::Name::cast(node).filter(|it| it.ctx() != astkit_ast::python::ExprContext::Load);
        names.extend(stored.map(view::Name::id));
        stack.extend(node.children());
    }
    (accesses, names)
}

fn act(tree: &Tree, bindings: &Bindings<'_>, statement: Node<'_>, out: &mut AtImport) {
    let mut stack = vec![statement];
    while let Some(node) = stack.pop() {
        if node.is_def() || is_main_guard(node) || (is_statement(node) && !acts(node)) {
            continue;
        }
        super::add(&mut out.accesses, bindings, node);
        out.names.extend(view::Name::cast(node).map(|it| Box::from(it.id())));
        out.names.extend(view::Attribute::cast(node).map(|it| Box::from(it.attr())));
        stack.extend(node.children());
    }
    debug_assert!(std::ptr::eq(statement.tree(), tree));
}

fn is_statement(node: Node<'_>) -> bool {
    let role = node.role();
    [Field::Body, Field::Orelse, Field::Finalbody].into_iter().any(|it| role == it.into())
        && !matches!(kind(node), Kind::ExceptHandler)
}

/// Whether a statement does more, when it runs, than bind names to values.
fn acts(statement: Node<'_>) -> bool {
    match kind(statement) {
        Kind::Import | Kind::ImportFrom | Kind::Pass | Kind::Global | Kind::TypeAlias => false,
        Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef => false,
        // A call whose value is kept is done for that value.
        Kind::Assign | Kind::AugAssign | Kind::AnnAssign => {
            let role = |it: Node<'_>| it.role();
            let is_target =
                |it: &Node<'_>| role(*it) == Field::Targets.into() || role(*it) == Field::Target.into();
            statement.children().filter(is_target).any(|it| !binds_names(it))
        }
        Kind::Expr => statement.child(Field::Value.into()).is_some_and(|it| {
            !matches!(
                view::Constant::cast(it).map(view::Constant::value),
                Some(Constant::Str(_) | Constant::Ellipsis)
            )
        }),
        Kind::If | Kind::Try | Kind::TryStar | Kind::ExceptHandler => {
            !is_main_guard(statement) && statement.children().filter(|it| is_part(*it)).any(acts)
        }
        _ => true,
    }
}

/// Whether a child is a statement or a handler of a compound statement.
fn is_part(node: Node<'_>) -> bool {
    is_statement(node) || kind(node) == Kind::ExceptHandler
}

fn binds_names(target: Node<'_>) -> bool {
    match kind(target) {
        Kind::Name => true,
        Kind::Tuple | Kind::List | Kind::Starred => target.children().all(binds_names),
        _ => false,
    }
}

/// Whether a statement is `if __name__ == "__main__"` without an `else`: no import runs it.
fn is_main_guard(statement: Node<'_>) -> bool {
    let Some(it) = view::If::cast(statement) else { return false };
    let Some(test) = view::Compare::cast(it.test()) else { return false };
    let is_name = |it: Node<'_>| view::Name::cast(it).is_some_and(|it| it.id() == "__name__");
    it.orelse().next().is_none() && (is_name(test.left()) || test.comparators().any(is_name))
}
