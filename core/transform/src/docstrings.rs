//! `strip-docstrings`: takes out docstrings that nothing reads.
//!
//! Promise: code runs the same but for `__doc__` of what was stripped, which is `None`, and line numbers. Kept are all
//! docstrings of a file that reads some without saying which, those of names whose `__doc__` the file reads, and those
//! of definitions whose decorators are not known to ignore them. What other files do is not looked at. A string behind a
//! docstring goes as well, since it would become the docstring.

use astkit_analysis::meanings::{Meanings, Survey};
use astkit_analysis::scopes::Scopes;
use astkit_ast::Constant;
use astkit_ast::Tree;
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::Node;

use crate::edits::Edits;

/// Takes out docstrings.
pub fn strip_docstrings(tree: &Tree, scopes: &Scopes) -> Edits {
    let survey = Survey::new(tree, scopes);
    let meanings = Meanings::new(tree, scopes, &survey);
    let mut edits = Edits::new();
    if survey.reads_docstrings {
        return edits;
    }
    let reads_own = survey.documented.contains("__doc__");
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        let is_kept = match kind(node) {
            Kind::Module => reads_own,
            Kind::ClassDef | Kind::FunctionDef | Kind::AsyncFunctionDef => {
                let name = node.name_of(node.aux()).unwrap_or_default();
                // `__doc__` in a class's body is the class's own.
                kind(node) == Kind::ClassDef && reads_own
                    || survey.documented.contains(name)
                    || meanings.looks_of(tree, scopes, node).at_docstring
            }
            _ => true,
        };
        if !is_kept {
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
