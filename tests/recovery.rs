//! Definitions outside the damage keep their names and hashes: a sample of the standard library, damaged in six ways.
//!
//! `cargo xtask conformance --broken N` measures the same over more files.

use std::collections::BTreeMap;
use std::fmt::Write;

use astkit::ast::{Definition, definitions};
use astkit::{Options, SourceText};
use astkit_harness::recovery::{Share, recovery};
use astkit_harness::{MutationKind, OraclePython, candidates, registry, standard_library};

/// What has to survive, in percent of the untouched definitions: in what users get, and in a frontend alone.
const FLOOR: f64 = 92.0;
const FLOOR_ALONE: f64 = 65.0;
const FILES: usize = 20;
const EDITS: usize = 18;

#[test]
#[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
fn untouched_definitions_survive_damage() {
    let python = match OraclePython::find() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("skipped, there is no standard library to damage: {error}");
            return;
        }
    };
    let files = standard_library(&python, FILES, 2);
    for candidate in candidates(registry(None).unwrap()) {
        // The oracle has no recovery: a broken file is one error to it.
        if candidate.name() == "cpython" {
            continue;
        }
        let mut kinds: BTreeMap<MutationKind, Share> = BTreeMap::new();
        for (seed, file) in (0..).zip(&files) {
            let bytes = std::fs::read(&file.path).unwrap();
            for (kind, share) in recovery(&candidate, &bytes, &Options::default(), seed, EDITS).unwrap() {
                kinds.entry(kind).or_default().add(share);
            }
        }
        let mut total = Share::default();
        let mut table = String::new();
        for (kind, share) in &kinds {
            total.add(*share);
            let _: std::fmt::Result =
                writeln!(table, "{:12} {:5.1} % of {}", kind.as_str(), share.percent(), share.untouched);
        }
        let floor = if candidate.name() == "auto" { FLOOR } else { FLOOR_ALONE };
        assert!(total.untouched > 0, "nothing was damaged");
        assert!(total.percent() >= floor, "{} keeps {:.1} %:\n{table}", candidate.name(), total.percent());
    }
}

/// The statements and definitions of a broken text as `auto` sees them, and what is wrong with it.
fn render(text: &str) -> String {
    let source = SourceText::from_text(text);
    let frontends = registry(None).expect("frontends without an interpreter");
    let lowered =
        frontends.lower("auto", "broken.py", &source, &Options::default()).expect("in-process parsers");
    let is_module = |it: &Definition<'_>| it.parent.is_none();
    let mut out: Vec<String> =
        definitions(&lowered.tree).iter().filter(|it| !is_module(it)).map(|it| it.qualname.clone()).collect();
    let mut stack: Vec<_> = vec![lowered.tree.root()];
    while let Some(node) = stack.pop() {
        if node.kind_name() == "Error" {
            out.push(format!("Error {:?}", source.slice(lowered.span(node))));
        }
        stack.extend(node.children());
    }
    out.extend(lowered.diagnostics.iter().map(|it| {
        let place = source.position(it.span.start);
        format!("{}:{} {}", place.line, place.col, it.code)
    }));
    out.join("\n")
}

#[test]
fn a_broken_method_costs_itself_only() {
    let text = r"
class A(B):
    x = 1
    def a(self): pass
    def b(self):
        return (
    def c(self): pass

def d(): pass
";
    insta::assert_snapshot!(render(text), @r#"
    A
    A.a
    A.b
    A.c
    d
    Error "def b(self):\n        return (\n"
    Error "return ("
    7:0 syntax-error
    "#);
}

#[test]
fn a_line_broken_in_two_does_not_end_its_class() {
    let text = r"
class A:
    def a(self):
        x = y
+ z
    def b(self): pass
";
    insta::assert_snapshot!(render(text), @r#"
    A
    A.a
    A.b
    Error "+ z"
    5:0 unexpected-indentation
    "#);
}

#[test]
fn code_in_a_string_is_no_definition() {
    let text = r"
x = '''
def not_this(): pass
'''
def a(): pass
def b(: pass
";
    insta::assert_snapshot!(render(text), @r#"
    a
    b
    6:6 syntax-error
    "#);
}

#[test]
fn an_open_string_ends_with_its_definition() {
    let text = r#"
def a():
    """doc
    return 1
def b():
    """doc"""
    return 2
@d
def c(): pass
"#;
    insta::assert_snapshot!(render(text), @r#"
    a
    b
    c
    Error "\"\"\""
    3:4 syntax-error
    "#);
}

#[test]
fn a_definition_in_a_strange_column_costs_nobody_else() {
    let text = r"
def a():
    return 1
  def b():
    return 2
def c(): pass
";
    insta::assert_snapshot!(render(text), @r#"
    a
    b
    c
    4:2 unexpected-indentation
    "#);
}
