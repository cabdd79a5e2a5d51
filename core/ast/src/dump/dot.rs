//! A tree as a directed graph in Graphviz's DOT language.

use std::fmt;

use astkit_schema::Storage;

use super::Positions;
use crate::tree::{Node, Value};

pub(super) fn write(
    out: &mut impl fmt::Write,
    root: Node<'_>,
    positions: Option<Positions<'_>>,
) -> fmt::Result {
    out.write_str("digraph tree {\n  ordering=out;\n  node [shape=box, fontname=\"monospace\"];\n")?;
    let mut next = 0_u64;
    let mut stack = vec![(root, None)];
    while let Some((node, parent)) = stack.pop() {
        let id = next;
        next += 1;
        write!(out, "  n{id} [label=\"{}", node.kind_name())?;
        write_scalars(out, node)?;
        if let Some(positions) = positions.filter(|_| node.kind_def().located) {
            let [line, col, end_line, end_col] = positions.of(node);
            write!(out, "\\n{line}:{col}-{end_line}:{end_col}")?;
        }
        out.write_str("\"];\n")?;
        if let Some(parent) = parent {
            writeln!(out, "  n{parent} -> n{id} [label=\"{}\"];", node.role_name())?;
        }
        let first = stack.len();
        stack.extend(node.children().map(|it| (it, Some(id))));
        stack[first..].reverse();
    }
    out.write_str("}\n")
}

fn write_scalars(out: &mut impl fmt::Write, node: Node<'_>) -> fmt::Result {
    for field in &node.kind_def().fields {
        if matches!(field.storage, Storage::Child(_) | Storage::Nowhere) {
            continue;
        }
        match node.value(field) {
            Value::Null => {}
            Value::List(items) => {
                let texts: Vec<_> = items.iter().map(label).collect();
                write!(out, "\\n{}: {}", field.name, texts.join(", "))?;
            }
            value @ (Value::Name(_)
            | Value::Enum(_)
            | Value::Text(_)
            | Value::Int(_)
            | Value::Constant(_)) => {
                write!(out, "\\n{}: {}", field.name, label(&value))?;
            }
        }
    }
    Ok(())
}

/// A scalar as it stands in a label; long texts are cut.
fn label(value: &Value<'_>) -> String {
    const LONGEST: usize = 40;
    let text = match value {
        Value::Null | Value::List(_) => String::new(),
        Value::Name(it) | Value::Enum(it) | Value::Text(it) => (*it).to_owned(),
        Value::Int(it) => it.to_string(),
        Value::Constant(it) => it.repr(),
    };
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\\', "\\\\").replace('"', "\\\"")
}
