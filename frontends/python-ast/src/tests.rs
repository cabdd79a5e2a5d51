//! One test for each rule that the rebuilder adds to the parser's tree.

use std::fmt::Write;

use astkit_ast::check::check;
use astkit_ast::{Lowered, Node, Options, PythonVersion, SourceText, Value, lower};

use crate::PythonAst;

mod broken;
mod depth;
mod strings;
mod structure;

fn lowered(text: &str) -> Lowered {
    lowered_for(text, PythonVersion::LATEST)
}

fn lowered_for(text: &str, python: PythonVersion) -> Lowered {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options { python }).unwrap();
    assert_eq!(check(&lowered), [], "{text}");
    lowered
}

/// A line a node: role, kind, scalars but for `Load`, and the text of its span; then the diagnostics.
fn render(text: &str) -> String {
    let lowered = lowered(text);
    let mut out = String::new();
    for child in lowered.tree.root().children() {
        render_node(&lowered, text, child, 0, &mut out);
    }
    out + &render_diagnostics(&lowered)
}

fn render_node(lowered: &Lowered, text: &str, node: Node<'_>, depth: usize, out: &mut String) {
    let own = &text[lowered.span(node).range()];
    let _ = write!(out, "{}{} {}", "  ".repeat(depth), node.role_name(), node.kind_name());
    for field in &node.kind_def().fields {
        let value = node.value(field);
        if !matches!(value, Value::Null | Value::Enum("Load")) {
            let _ = write!(out, " {value:?}");
        }
    }
    let _ = writeln!(out, " {own:?}");
    for child in node.children() {
        render_node(lowered, text, child, depth + 1, out);
    }
}

fn render_diagnostics(lowered: &Lowered) -> String {
    let line = |it: &astkit_ast::Diagnostic| {
        format!("{:?} {} {}: {}\n", it.span, it.severity.as_str(), it.code, it.message)
    };
    lowered.diagnostics.iter().map(line).collect()
}

/// The messages of a broken text.
fn messages(text: &str) -> Vec<String> {
    lowered(text).diagnostics.iter().map(|it| it.message.to_string()).collect()
}
