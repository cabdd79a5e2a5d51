//! What is kept of a file, and which edits change which part of it.

use std::fmt::Write as _;

use astkit_ast::{Options, SourceText, lower};
use astkit_python_ast::PythonAst;
use insta::assert_snapshot;

use super::*;

fn summary(text: &str) -> FileSummary {
    let source = SourceText::from_text(text);
    let options = Options::default();
    let lowered = lower(&PythonAst, &source, &options).unwrap();
    let summary = FileSummary::of(&source, &lowered, options.python);
    assert_eq!(FileSummary::decode(&summary.encode()), Some(summary.clone()));
    summary
}

fn render(text: &str) -> String {
    let FileSummary { interface, bodies, .. } = &summary(text);
    let mut out = String::new();
    for item in 0..bodies.len() {
        let it = bodies.item(interface, item).unwrap();
        let inner = if item < interface.len() { "" } else { "inner " };
        write!(out, "{item} {inner}{} {}", it.kind.as_str(), bodies.qualname(interface, item)).unwrap();
        for (reference, path) in bodies.references(item) {
            let path = path.iter().fold(String::new(), |path, it| path + "." + it);
            match reference {
                Reference::Global(name) => write!(out, " [{name}{path}]").unwrap(),
                Reference::Import(import) => write!(out, " [import {import}{path}]").unwrap(),
                Reference::Local(item) => write!(out, " [item {item}{path}]").unwrap(),
            }
        }
        out.push('\n');
    }
    for name in interface.names() {
        writeln!(out, "{name}: {:?}", interface.binders(name).collect::<Vec<_>>()).unwrap();
    }
    for import in interface.imports() {
        writeln!(out, "{import:?}").unwrap();
    }
    for (class, base, path) in bodies.bases() {
        writeln!(out, "base of {class}: {base:?} {path:?}").unwrap();
    }
    for it in bodies.binding_items() {
        writeln!(out, "{} is bound by {}", it.0, it.1).unwrap();
    }
    if interface.dunder_all() != DunderAll::Absent {
        writeln!(out, "{:?}", interface.dunder_all()).unwrap();
    }
    out
}

#[test]
fn items_bindings_and_references() {
    let text = "\
import os.path, sys as system
from .. import a
from .m import *
LIMIT = system.maxsize
def f(x=LIMIT):
    import json as j
    def inner(y): return y + x + j.dumps(LIMIT)
    return lambda: os.path.join(inner(x), g.h.i)
class C(a.Base, Generic[T]):
    attribute = LIMIT
    @property
    def p(self): return self.q
    @p.setter
    def p(self, v): global counter; counter = v
    class D: pass
try: LIMIT += 1
except E as e: LIMIT = f.x().y
";
    assert_snapshot!(render(text), @r#"
    0 module <module> [system.maxsize] [E] [f.x]
    1 function f [LIMIT] [os.path.join] [item 9] [g.h.i]
    2 class C [a.Base] [Generic] [T] [LIMIT]
    3 function C.p [property]
    4 function C.p#2 [item 3.setter] [item 4.setter]
    5 class C.D
    6 variable LIMIT [system.maxsize] [E] [f.x]
    7 variable counter
    8 variable e [E] [f.x]
    9 inner function f.<locals>.inner [import 4.dumps] [LIMIT]
    10 inner lambda f.<locals>.<lambda>
    C: [Definition(2)]
    LIMIT: [Variable(6)]
    a: [Import(2)]
    counter: [Variable(7)]
    e: [Variable(8)]
    f: [Definition(1)]
    os: [Import(0)]
    system: [Import(1)]
    Import { module: "os.path", level: 0, name: None, alias: None, is_star: false, in_function: false }
    Import { module: "sys", level: 0, name: None, alias: Some("system"), is_star: false, in_function: false }
    Import { module: "", level: 2, name: Some("a"), alias: None, is_star: false, in_function: false }
    Import { module: "m", level: 1, name: None, alias: None, is_star: true, in_function: false }
    Import { module: "json", level: 0, name: None, alias: Some("j"), is_star: false, in_function: true }
    base of 2: Global("a") ["Base"]
    7 is bound by 4
    "#);
}

#[test]
fn dunder_all_is_read_where_it_can_be() {
    let all = |text: &str| format!("{:?}", summary(text).interface.dunder_all());
    assert_eq!(all("x = 1\n"), "Absent");
    assert_eq!(all("__all__ = ['a', 'b']\n__all__ += ('c',)\n"), r#"Definite(["a", "b", "c"])"#);
    assert_eq!(
        all("__all__ = []\n__all__.append('a')\n__all__.extend(['b'])\n__all__.remove('a')\n"),
        r#"Definite(["b"])"#
    );
    assert_eq!(all("if x:\n    __all__: list = ['a']\n"), r#"Definite(["a"])"#);
    assert_eq!(all("__all__ = ['a'] + m.__all__\n"), "Opaque([])");
    assert_eq!(all("__all__ = ['a']\nfor __all__ in x: pass\n"), r#"Opaque(["a"])"#);
    assert_eq!(all("def f():\n    __all__ = ['a']\n"), "Absent");
}

/// Which parts differ.
fn changes(before: &str, after: &str) -> String {
    let (before, after) = (summary(before), summary(after));
    let mut out = Vec::new();
    if before.interface != after.interface {
        out.push("interface");
    }
    if before.bodies != after.bodies {
        out.push("bodies");
    }
    if before.texts != after.texts {
        out.push("texts");
    }
    out.join(" ")
}

#[test]
fn edits_change_the_parts_they_concern() {
    let text = "import a\nX = 1\nclass C:\n    def m(self): return X\ndef f(): return a.b(C)\n";
    let edit = |from: &str, to: &str| changes(text, &text.replace(from, to));
    assert_eq!(edit("", ""), "");
    assert_eq!(edit("X = 1", "# a comment\n\nX  =  1"), "texts");
    assert_eq!(edit("return X", "return X + 1"), "bodies texts");
    assert_eq!(edit("return a", "x = lambda: 3; return a"), "bodies texts");
    assert_eq!(edit("X = 1", "X = 2"), "bodies texts");
    assert_eq!(edit("m(self)", "m(self, x)"), "bodies texts");
    assert_eq!(edit("def f", "def g(): pass\ndef f"), "interface bodies texts");
    assert_eq!(edit("import a", "import a, z"), "interface bodies texts");
    assert_eq!(edit("X = 1", "X = 1; Y = 2"), "interface bodies texts");
    assert_eq!(edit("return X", "import q; return X"), "interface bodies texts");
}

#[test]
fn own_hashes_stop_at_nested_definitions() {
    let hashes = |text: &str| {
        let it = summary(text);
        (0..it.bodies.len()).map(|item| (it.qualname(item), it.bodies.own_hash(item))).collect::<Vec<_>>()
    };
    let text = "X = 1\nif X:\n    class C:\n        def m(self): return X\nY = X\n";
    let before = hashes(text);
    let changed = |from: &str, to: &str| {
        let after = hashes(&text.replace(from, to));
        assert_eq!(before.len(), after.len());
        let changed = before.iter().zip(&after).filter(|it| it.0 != it.1);
        changed.map(|it| it.1.0.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(changed("return X", "return 1"), "C.m");
    assert_eq!(changed("class C:", "class C(object):"), "C");
    assert_eq!(changed("X = 1", "X = 2"), "<module> X");
    assert_eq!(changed("Y = X", "Y = 0"), "<module> Y");
    assert_eq!(changed("def m", "def n"), "C C.n");
    assert_eq!(changed("class C", "class D"), "<module> D D.m");
}

#[test]
fn broken_and_odd_texts_have_summaries() {
    for text in ["", "\u{feff}", "def", "class C(:\n  def f(self: 1\n", "x = 'a\n", "\0", "from . import\n"] {
        let it = summary(text);
        assert!(!it.bodies.is_empty() && !it.interface.is_empty());
        assert_eq!(it.qualname(0), "<module>");
        assert_eq!(it.texts.items().count(), it.bodies.source_order().count());
    }
    assert!(summary("def").bodies.is_partial());
    assert!(summary("def").texts.diagnostics().count() > 0);
    let deep = format!("x = {}1{}\n", "f(".repeat(20_000), ")".repeat(20_000));
    assert!(!summary(&deep).bodies.is_empty());
    let chain = format!("def f(): return a{}\n", ".b".repeat(50_000));
    assert_eq!(summary(&chain).bodies.references(1).next().unwrap().1.len(), 8);
}

#[test]
fn damaged_records_read_as_nothing() {
    let encoded = summary("import a\nclass C(a.b):\n    def f(self): return C\nX = 1\n").encode();
    for at in 0..encoded.len() {
        let mut bytes = encoded.to_vec();
        bytes[at] ^= 0xff;
        for bytes in [bytes.clone(), bytes[..at].to_vec()] {
            let Some(it) = FileSummary::decode(&bytes.into()) else { continue };
            let items = it.bodies.len().min(100);
            (0..items).for_each(|item| {
                assert!(it.bodies.item(&it.interface, item).is_none_or(|_| it.qualname(item).len() < 10_000));
                assert!(it.bodies.references(item).take(1_000).count() <= 1_000);
            });
            assert!(it.interface.names().take(1_000).count() <= 1_000);
            assert!(it.texts.items().take(1_000).count() <= 1_000);
        }
    }
}
