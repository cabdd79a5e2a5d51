//! The level `ast` against what it promises, and golden hashes.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

use std::collections::HashMap;
use std::fmt::Write;

use astkit_ast::{Lowered, Options, SourceText, definitions, dump, lower};
use astkit_hash::{Level, definition_hashes, file_hash};
use astkit_python_ast::PythonAst;

fn lowered(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).unwrap();
    (source, lowered)
}

fn hash(text: &str) -> String {
    let (source, lowered) = lowered(text);
    file_hash(Level::Ast, &source, &lowered).to_string()
}

/// Each definition with its hash, at both levels.
fn render_hashes(text: &str) -> String {
    let (source, lowered) = lowered(text);
    let all = definitions(&lowered.tree);
    let hashes = |level| definition_hashes(level, &source, &lowered, &all);
    let mut out = String::new();
    for ((it, ast), exact) in all.iter().zip(hashes(Level::Ast)).zip(hashes(Level::Exact)) {
        writeln!(out, "{}\n  ast   {ast}\n  exact {exact}", it.qualname).unwrap();
    }
    out
}

/// A promise: these never change while the scheme's number is 1.
#[test]
fn golden() {
    let text = "\
\"\"\"Docs.\"\"\"
from . import a as b, c
from __future__ import annotations

@decorated  # comment
async def f(x, /, y: int = 1, *z, k, l=-2.5, **rest) -> 'text':
    nonlocal_ = {**x, 1: 0x10_0000_0000_0000_0000_0000, b'\\xff': 1j}
    async with x as (q, r), y: yield lambda: None
    return f'{x!r:>{y}}' if x not in y else [i async for i in z if ...]

class C[T](Base, metaclass=M):
    attr: T
    def m(self): del self.x[1:2, ::3]; return True
    def m(self):
        match self:
            case {'a': [1, *_], **r} | C(x=None) if r: pass
            case _: raise E from None
";
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/hash");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("golden", render_hashes(text)));
}

#[test]
fn equal_is_what_cpython_does_not_tell_apart() {
    let same = [
        ("x = 'a'\n", "x = (\"\"\"a\"\"\")  # c\n"),
        ("x = u'a' 'b'\n", "x = 'ab'\n"),
        ("f(1, k=2, *a)\n", "f(1, *a, k=2,)\n"),
        ("class C(a, k=1, *b): pass\n", "class C(a, *b, k=1): pass\n"),
        ("x = 0xFF, 1_0, 1e1\n", "x = (255, 10, 10.0)\n"),
        ("if a: b\nelif c: d\n", "if a:\n  b\nelse:\n  if c: d\n"),
        ("def f(): return lambda: 1\n", "def f():\n\n    return (lambda: 1)\n"),
    ];
    for (a, b) in same {
        assert_eq!(hash(a), hash(b), "{a:?} {b:?}");
    }
    let different = [
        ("x = 1\n", "x = 1.0\n"),
        ("x = 1\n", "x = True\n"),
        ("x = 0.0\n", "x = -0.0\n"),
        ("x = 'a'\n", "x = b'a'\n"),
        ("x = (1)\n", "x = 1,\n"),
        ("{**a, b: c}\n", "{a: b, **c}\n"),
        ("def f(*, a=1, b): pass\n", "def f(*, a, b=1): pass\n"),
        ("def f(a, b): pass\n", "def f(a, /, b): pass\n"),
        ("'''doc'''\n", "'''other'''\n"),
        ("f'{x}'\n", "f'{x!s}'\n"),
        ("import a\n", "import a as a\n"),
        ("from a import b\n", "from .a import b\n"),
        ("x: int\n", "(x): int\n"),
        ("def f(): return lambda: 1\n", "def f(): return lambda: 2\n"),
        ("[x for y in z]\n", "{x for y in z}\n"),
        ("'\\ud800'\n", "'?'\n"),
    ];
    for (a, b) in different {
        assert_ne!(hash(a), hash(b), "{a:?} {b:?}");
    }
}

/// Over a set of small texts: hashes are equal exactly where the dumps without `kind` are.
#[test]
fn hashes_partition_texts_as_dumps_do() {
    let atoms = [
        "a", "b", "1", "1.0", "1j", "'1'", "b'1'", "u'1'", "None", "...", "(a)", "(a,)", "-1", "a.b", "a[b]",
        "a[b:]", "a[b,]",
    ];
    let frames = [
        "{}",
        "f({})",
        "f(*{})",
        "f(k={})",
        "[{}]",
        "{{{}}}",
        "{{1: {}}}",
        "{{**{}}}",
        "lambda: {}",
        "lambda x={}: x",
        "({} for x in y)",
        "(yield {})",
        "not {}",
        "f'{{{}}}'",
    ];
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut dumps: HashMap<String, String> = HashMap::new();
    for frame in frames {
        for atom in atoms {
            let text = frame.replace("{{", "\u{1}").replace("}}", "\u{2}").replace("{}", atom);
            let text = text.replace('\u{1}', "{").replace('\u{2}', "}") + "\n";
            let (source, lowered) = lowered(&text);
            let dump = dump::text(&lowered, &source, false)
                .replace(", kind='u'", "")
                .replace(",\n      kind='u'", "");
            let hash = file_hash(Level::Ast, &source, &lowered).to_string();
            assert_eq!(seen.entry(hash.clone()).or_insert_with(|| dump.clone()), &dump, "{text}");
            assert_eq!(dumps.entry(dump).or_insert_with(|| hash.clone()), &hash, "{text}");
        }
    }
}

#[test]
fn deep_trees_are_hashed() {
    for text in [
        "-".repeat(50_000) + "1\n",
        "lambda: ".repeat(5_000) + "1\n",
        "x".to_owned() + &".a".repeat(50_000) + "\n",
    ] {
        let (source, lowered) = lowered(&text);
        let all = definitions(&lowered.tree);
        assert!(definition_hashes(Level::Ast, &source, &lowered, &all).len() <= 18);
    }
}
