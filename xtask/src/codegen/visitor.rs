//! Generates the visitor: a method per kind, and the dispatch.

use std::fmt::Write;

use astkit_schema::Schema;

use super::names::{fn_name, type_name};

pub(crate) fn generate(schema: &Schema) -> String {
    let mut out = String::from(
        "//! The visitor of Python's trees: a method per kind, each of which by default visits the children in source order.\n",
    );
    out.push_str(
        "use crate::tree::Node;\nuse super::kind::Kind;\nuse super::view;\n
/// Visits nodes by kind.
///
/// Override what is of interest; call [`walk`] to go on into the children. Depth is no concern: the stack grows.
/// A node of another language's schema is passed to [`Visitor::visit_other`].
///
/// Source of the idea: the `ast` module's `NodeVisitor`.
#[expect(missing_docs, reason = \"one method per kind, each named after it\")]
pub trait Visitor<'a> {
    /// Visits a node of a foreign schema.
    fn visit_other(&mut self, node: Node<'a>) where Self: Sized { walk(self, node); }\n",
    );
    for kind in &schema.kinds {
        let _ = writeln!(
            out,
            "fn visit_{}(&mut self, node: view::{}<'a>) where Self: Sized {{ walk(self, node.node()); }}",
            fn_name(&kind.name).trim_end_matches('_'),
            type_name(&kind.name)
        );
    }
    out.push_str(
        "}\n
/// Visits the children of `node` in source order.
pub fn walk<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    for child in node.children() { visit(visitor, child); }
}

/// Visits `node` with the method of its kind.
pub fn visit<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || dispatch(visitor, node));
}

#[expect(clippy::too_many_lines, reason = \"one arm per kind\")]
fn dispatch<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    let Some(kind) = Kind::from_id(node.kind()) else { return visitor.visit_other(node) };
    match kind {\n",
    );
    for kind in &schema.kinds {
        let name = type_name(&kind.name);
        let _ = writeln!(
            out,
            "Kind::{name} => if let Some(it) = view::{name}::cast(node) {{ visitor.visit_{}(it); }},",
            fn_name(&kind.name).trim_end_matches('_')
        );
    }
    out.push_str("}\n}\n");
    out
}
