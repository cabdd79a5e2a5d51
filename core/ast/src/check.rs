//! The schema check: does a tree keep the rules that everybody downstream relies on?

use std::fmt;

use astkit_schema::{Arity, FieldType, Pairing, Schema, Storage};

use crate::lowered::Lowered;
use crate::span::Span;
use crate::tree::{Node, NodeId};

/// A broken rule: a bug of the frontend that built the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The node.
    pub node: NodeId,
    /// Its place.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.span, self.message)
    }
}

/// Checks a tree against its schema and returns every broken rule.
///
/// The rules: each child's role is a field of its parent, and its kind one that the field allows (`Error` and
/// `Missing` may stand anywhere); required children are there, and single ones once; children follow each other in
/// the text and lie within their parent, with three exceptions: decorators stand before the definition's span, the
/// text of an `=` field of a format string lies within the field, and unlocated children are only hulls; lists with
/// holes pair up.
pub fn check(lowered: &Lowered) -> Vec<Violation> {
    let mut out = Vec::new();
    let mut stack = vec![lowered.tree.root()];
    while let Some(node) = stack.pop() {
        check_fields(lowered, node, &mut out);
        check_order(lowered, node, &mut out);
        stack.extend(node.children());
    }
    out
}

fn report(lowered: &Lowered, node: Node<'_>, message: String, out: &mut Vec<Violation>) {
    out.push(Violation { node: node.id(), span: lowered.span(node), message });
}

fn is_broken(node: Node<'_>) -> bool {
    matches!(node.kind_name(), "Error" | "Missing")
}

fn check_fields(lowered: &Lowered, node: Node<'_>, out: &mut Vec<Violation>) {
    let schema = node.tree().schema();
    let kind = node.kind_def();
    for child in node.children() {
        let field = kind.fields.iter().find(|it| it.storage == Storage::Child(child.role().0));
        let Some(field) = field else {
            let message = format!("`{}` has no field `{}`", kind.name, child.role_name());
            report(lowered, child, message, out);
            continue;
        };
        if !is_broken(child) && !allows(schema, &field.ty, child) {
            let message = format!("`{}` may not be `{}` of `{}`", child.kind_name(), field.name, kind.name);
            report(lowered, child, message, out);
        }
    }
    for field in &kind.fields {
        let Storage::Child(role) = field.storage else { continue };
        let count = node.children().filter(|it| it.role().0 == role).count();
        let wrong = match field.arity {
            Arity::One => count != 1,
            Arity::Opt => count > 1,
            Arity::Many => false,
            Arity::ManyOpt => {
                let partner = match field.pairing {
                    Some(Pairing::Before(it) | Pairing::After(it)) => it,
                    None => role,
                };
                count > node.children().filter(|it| it.role().0 == partner).count()
            }
        };
        if wrong {
            report(lowered, node, format!("`{}` has {count} of field `{}`", kind.name, field.name), out);
        }
    }
}

fn allows(schema: &Schema, ty: &FieldType, child: Node<'_>) -> bool {
    match ty {
        FieldType::Node(sum) => schema.kinds[usize::from(child.kind().0)].sum == *sum,
        FieldType::AnyNode => true,
        FieldType::Identifier
        | FieldType::Constant
        | FieldType::Int
        | FieldType::Tiny
        | FieldType::Enum(_)
        | FieldType::Null => false,
    }
}

fn check_order(lowered: &Lowered, node: Node<'_>, out: &mut Vec<Violation>) {
    let span = lowered.span(node);
    let mut last = 0;
    for child in node.children() {
        let own = lowered.span(child);
        let text_start = if child.is_def() { lowered.spans.offset(child.id().def) } else { own.start };
        // In `f"{x=}"` the text that is shown before the value stands within the field.
        let is_field = matches!(child.kind_name(), "FormattedValue" | "Interpolation");
        if text_start < last && !is_field {
            report(
                lowered,
                child,
                format!("`{}` begins before its left sibling ends", child.kind_name()),
                out,
            );
        }
        last = own.end;
        let decorator = child.role_name() == "decorator_list";
        // The hull of nothing is a place near by, not a part of the parent's text.
        let nothing = own.is_empty() && !child.kind_def().located;
        let within = span.contains(own) || (decorator && own.end <= span.start) || nothing;
        if !within && node.kind_def().located {
            report(lowered, child, format!("`{}` is not within its parent", child.kind_name()), out);
        }
    }
}
