//! Python's schema, and what is generated from it: kinds, typed views, constructors and the visitor.

pub mod build;
mod kind;
#[expect(clippy::iter_not_returning_iterator, reason = "`iter` is CPython's name of a field")]
pub mod view;
pub mod visitor;

use std::sync::LazyLock;

use astkit_schema::Schema;

pub use kind::{Boolop, Cmpop, ExprContext, Kind, Operator, Role, StringKind, Unaryop};

use crate::tree::{Node, Tree};

/// The schema of Python's trees: CPython 3.14's kinds and fields, with astkit's additions.
pub fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        Schema::parse(include_str!("../python.asdl")).expect("python.asdl is read by every test")
    });
    &SCHEMA
}

/// The kind of a node of Python's schema; `Missing` for a node of another schema.
#[inline]
pub fn kind(node: Node<'_>) -> Kind {
    let kind = if is_python(node.tree()) { Kind::from_id(node.kind()) } else { None };
    kind.unwrap_or(Kind::Missing)
}

/// Whether a tree is of Python's schema.
#[inline]
pub fn is_python(tree: &Tree) -> bool {
    std::ptr::eq(tree.schema(), schema())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_follow_the_schema() {
        let schema = schema();
        assert!(schema.kinds.iter().map(|it| it.name.as_str()).eq(Kind::ALL.iter().map(|it| it.name())));
        assert!(schema.roles[1..].iter().map(String::as_str).eq(Role::ALL.iter().map(|it| it.name())));
        assert!(schema.roles.len() < 128);
    }
}
