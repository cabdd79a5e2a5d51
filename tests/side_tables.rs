//! Comments, parentheses and places of names, over real text: what the tree says and where it stands must agree.

use std::collections::BTreeMap;

use astkit::ast::python::{self, Kind};
use astkit::ast::{Node, SideTables, TokenKind, Value, normalize_identifier, tokens};
use astkit::{Lowered, Options, SourceText};
use astkit_harness::{Expectation, snippets};

fn lower(source: &SourceText) -> Lowered {
    astkit::ast::lower(&astkit_python_ast::PythonAst, source, &Options::default())
        .expect("an in-process parser")
}

/// Parentheses and names of `text`, one a line.
fn render(text: &str) -> String {
    let source = SourceText::from_text(text);
    let lowered = lower(&source);
    let tables = SideTables::new(&source, &lowered);
    let mut lines = Vec::new();
    for it in tables.all_parentheses() {
        lines.push(format!("{} in {}", it.node.kind_name(), source.slice(it.span)));
    }
    for node in preorder(lowered.tree.root()).filter(|it| python::kind(*it) != Kind::Name) {
        for name in tables.names(node) {
            lines.push(format!("{}.{} {}", node.kind_name(), name.field, source.slice(name.span)));
        }
    }
    for comment in tables.comments() {
        lines.push(source.slice(*comment).to_owned());
    }
    lines.join("\n")
}

fn preorder(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let mut stack = vec![root];
    std::iter::from_fn(move || {
        let node = stack.pop()?;
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
        Some(node)
    })
}

#[test]
fn grouping_parentheses_are_told_from_those_of_nodes() {
    insta::assert_snapshot!(render("((a)) + (b, (c))\nf((x))(y)\n(g)((i for i in j), (z))\n"), @r"
    Name in (a)
    Name in ((a))
    Name in (c)
    Name in (x)
    Name in (g)
    Name in (z)
    ");
    insta::assert_snapshot!(render("class A((B), (C), metaclass=(M)): pass\nclass D(E): pass\nclass F[T](G): pass\n"), @r"
    Name in (B)
    Name in (C)
    Name in (M)
    ClassDef.name A
    keyword.arg metaclass
    ClassDef.name D
    ClassDef.name F
    TypeVar.name T
    ");
    insta::assert_snapshot!(render("match (s):\n  case (A(x, (y), z=(1))) | (2): pass\n"), @r"
    Name in (s)
    MatchClass in (A(x, (y), z=(1)))
    MatchAs in (y)
    Constant in (1)
    Constant in (2)
    MatchClass.kwd_attrs z
    MatchAs.name x
    MatchAs.name y
    ");
}

#[test]
fn names_are_found_where_they_stand() {
    insta::assert_snapshot!(render("from . a . b import c as d, e  # f\nimport g . h as i\nglobal j, k\n"), @r"
    ImportFrom.module a . b
    alias.name c
    alias.asname d
    alias.name e
    alias.name g . h
    alias.asname i
    Global.names j
    Global.names k
    # f
    ");
    insta::assert_snapshot!(
        render("@d(def_)\nasync def f(a, /, *b: int, c=(1), **e): (x . y) . z\ntry: pass\nexcept (A, B) as g: pass\n"), @r"
    Constant in (1)
    Attribute in (x . y)
    AsyncFunctionDef.name f
    arg.arg a
    arg.arg b
    arg.arg c
    arg.arg e
    Attribute.attr z
    Attribute.attr y
    ExceptHandler.name g
    ");
}

/// The names that a node holds as scalars, per field.
fn scalars(node: Node<'_>) -> BTreeMap<&str, Vec<String>> {
    let mut out = BTreeMap::new();
    for field in &node.kind_def().fields {
        let names = match node.value(field) {
            Value::Name(name) => vec![name.to_owned()],
            Value::List(items) => items
                .iter()
                .filter_map(|it| if let Value::Name(name) = it { Some((*name).to_owned()) } else { None })
                .collect(),
            Value::Null | Value::Enum(_) | Value::Text(_) | Value::Int(_) | Value::Constant(_) => Vec::new(),
        };
        if !names.is_empty() {
            out.insert(field.name.as_str(), names);
        }
    }
    out
}

#[test]
fn every_name_of_every_snippet_has_its_place() {
    let mut compared = 0;
    for snippet in snippets().unwrap() {
        if snippet.expects(&Expectation::Dialect2) || snippet.expects(&Expectation::Invalid) {
            continue;
        }
        let source = SourceText::decode(&snippet.source);
        let lowered = lower(&source);
        if lowered.is_partial() {
            continue;
        }
        let tables = SideTables::new(&source, &lowered);
        for node in preorder(lowered.tree.root()) {
            let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for name in tables.names(node) {
                let text = source.slice(name.span);
                // A dotted name may have space, comments and line ends between its parts.
                let parts = tokens(text).filter(|it| {
                    it.kind == TokenKind::Name || matches!(text.get(it.span.range()), Some("." | "*"))
                });
                let joined: String = parts.map(|it| &text[it.span.range()]).collect();
                found.entry(name.field).or_default().push(normalize_identifier(&joined).into_owned());
            }
            assert_eq!(found, scalars(node), "{}: {}", snippet.place, source.text());
            compared += 1;
        }
    }
    assert!(compared > 20_000, "only {compared} nodes");
}
