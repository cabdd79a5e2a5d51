//! `strip-docstrings`: takes the docstrings out of modules, classes and functions.
//!
//! Promise: code runs the same but for `__doc__`, which is `None`, and line numbers. A docstring followed by a string
//! is left with that one as well, since it would become the docstring.

use astkit_ast::Constant;
use astkit_ast::Tree;
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::Node;

use crate::edits::Edits;

/// Takes out all docstrings.
pub fn strip_docstrings(tree: &Tree) -> Edits {
    let mut edits = Edits::new();
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        if matches!(kind(node), Kind::Module | Kind::ClassDef | Kind::FunctionDef | Kind::AsyncFunctionDef) {
            // The string behind a docstring would be the next docstring.
            for statement in node.field(Role::Body.into()).take_while(|it| is_text(*it)) {
                edits.delete(statement);
            }
        }
        stack.extend(node.children());
    }
    edits
}

pub(crate) fn is_text(statement: Node<'_>) -> bool {
    let value = view::Expr::cast(statement).map(view::Expr::value).and_then(view::Constant::cast);
    value.is_some_and(|it| matches!(it.value(), Constant::Str(_) | Constant::Wtf8(_)))
}
