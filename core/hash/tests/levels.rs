//! Levels `semantic` and `deep`: golden hashes, and graphs with cycles.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

use std::fmt::Write;

use astkit_ast::{Options, SourceText, definitions, lower};
use astkit_hash::components::{Filled, GraphNode, graph_hashes};
use astkit_hash::deep::{ModuleTarget, Modules, NoModules, deep_hashes, semantic_hashes};
use astkit_hash::form::{FileForms, file_forms};
use astkit_hash::normal::NormalOptions;
use astkit_hash::{Hash, Level};
use astkit_python_ast::PythonAst;

fn forms(text: &str) -> (FileForms, Vec<String>) {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).unwrap();
    let all = definitions(&lowered.tree);
    let forms = file_forms(&source, &lowered, &all, NormalOptions::default()).unwrap();
    (forms, all.iter().map(|it| it.qualname.clone()).collect())
}

/// Each definition with its hash, at both levels.
fn render(text: &str) -> String {
    let (forms, names) = forms(text);
    let semantic = semantic_hashes(&forms, NormalOptions::default());
    let deep = deep_hashes(&[&forms], &NoModules, NormalOptions::default());
    let mut out = String::new();
    for ((name, semantic), deep) in names.iter().zip(semantic).zip(&deep.hashes[0]) {
        writeln!(out, "{name}\n  semantic {semantic}\n  deep     {deep}").unwrap();
    }
    out
}

/// A promise: these never change while the scheme's number is 1.
#[test]
fn golden() {
    let text = "\
\"\"\"Docs.\"\"\"
from . import a as b, c
import numpy as np
from functools import lru_cache, wraps
LIMIT: int = 3
LIMIT += 1
__all__ = ['f', 'C']

@lru_cache(maxsize=LIMIT)
def f(x, /, y: int = 1, *rest, k, **named) -> 'text':
    '''Doc.'''
    total = 0
    for item in rest:
        total += np.array(item) if not item in b.items else f(item, k=k)
    def inner(n):
        nonlocal total
        total = n
        return inner
    return inner(lambda: total) or even(2 * 3)

def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)

class C(c.Base, metaclass=M):
    attr: int = 1
    @property
    def __p(self): return self.__p
    @classmethod
    async def m(cls, it):
        async with it as (q, r):
            yield super().m(q, r)
    def m(self): return [v for v in self.m() if C.m]

if LIMIT:
    def g(): return LIMIT
else:
    g = None
def h(): return g()
";
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/hash");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("golden-levels", render(text)));
}

fn deep(text: &str) -> Vec<(String, Hash)> {
    let (forms, names) = forms(text);
    let deep = deep_hashes(&[&forms], &NoModules, NormalOptions::default());
    names.into_iter().zip(deep.hashes[0].iter().copied()).collect()
}

fn of(hashes: &[(String, Hash)], name: &str) -> Hash {
    hashes.iter().find(|it| it.0 == name).unwrap().1
}

#[test]
fn what_is_called_counts_by_what_it_does() {
    let one = deep("def helper(x): return x + 1\ndef f(y): return helper(y)\n");
    let two = deep("def other(z): return z + 1\ndef f(y): return other(y)\n");
    assert_ne!(of(&one, "helper"), of(&two, "other"), "parameters can be passed by name");
    let two = deep("def other(x): return x + 1\ndef g(y): return other(y)\n");
    assert_eq!(of(&one, "f"), of(&two, "g"));
    let two = deep("def helper(x): return x + 2\ndef f(y): return helper(y)\n");
    assert_ne!(of(&one, "f"), of(&two, "f"));
}

#[test]
fn recursion_is_hashed_whatever_it_is_called() {
    let one = deep("def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)\n");
    let two = deep("def b(n): return n != 0 and a(n - 1)\ndef a(n): return n == 0 or b(n - 1)\n");
    assert_eq!(of(&one, "even"), of(&two, "a"));
    assert_eq!(of(&one, "odd"), of(&two, "b"));
    let two = deep("def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 1 and even(n - 1)\n");
    assert_ne!(of(&one, "even"), of(&two, "even"));
    let once = deep("def f(n): return n and f(n - 1)\n");
    let twice = deep("def f(n): return n and g(n - 1)\ndef g(n): return n and f(n - 1)\n");
    assert_eq!(of(&twice, "f"), of(&twice, "g"));
    let renamed = deep("def g(n): return n and g(n - 1)\n");
    assert_eq!(of(&once, "f"), of(&renamed, "g"));
}

/// A ring of functions, each of which calls the next.
fn ring(len: usize, shift: usize, odd: usize) -> String {
    let mut out = String::new();
    for at in 0..len {
        let number = (at + shift) % len;
        let next = (number + 1) % len;
        let add = usize::from(number == odd);
        writeln!(out, "def f{number}(n):\n    return f{next}(n - 1) + {add}").unwrap();
    }
    out
}

#[test]
fn long_cycles_begin_nowhere() {
    let (one, two) = (deep(&ring(2000, 0, 7)), deep(&ring(2000, 1234, 7)));
    for number in [0, 6, 7, 8, 1999] {
        let name = format!("f{number}");
        assert_eq!(of(&one, &name), of(&two, &name));
    }
    assert_ne!(of(&one, "f7"), of(&one, "f8"));
}

/// Nodes with numbers for hashes of their own.
fn graph(nodes: &[(u8, &[u32])]) -> Vec<Hash> {
    let text = Hash::of("text", &[]);
    let node = |(own, slots): &(u8, &[u32])| GraphNode {
        own: Hash::of("own", &[*own]),
        slots: slots.iter().map(|it| Filled { node: Some(*it), text }).collect(),
    };
    graph_hashes("test", &nodes.iter().map(node).collect::<Vec<_>>())
}

#[test]
fn equal_unfoldings_are_equal() {
    // A ring of two, written out twice; and in another order.
    let two = graph(&[(1, &[1]), (2, &[0])]);
    let four = graph(&[(1, &[1]), (2, &[2]), (1, &[3]), (2, &[0])]);
    assert_eq!([two[0], two[1], two[0], two[1]], four[..]);
    assert_eq!(graph(&[(2, &[1]), (1, &[0])]), [two[1], two[0]]);
    // Order of slots, and what is behind a ring, count.
    assert_ne!(
        graph(&[(1, &[1, 2]), (2, &[0]), (3, &[])])[0],
        graph(&[(1, &[2, 1]), (2, &[0]), (3, &[])])[0]
    );
    assert_ne!(
        graph(&[(1, &[1, 2]), (2, &[0]), (3, &[])])[1],
        graph(&[(1, &[1, 2]), (2, &[0]), (4, &[])])[1]
    );
    // No kind of node is alone: the smallest table is the same from everywhere.
    let pattern = graph(&[(1, &[1]), (1, &[2]), (2, &[3]), (2, &[0])]);
    let turned = graph(&[(2, &[1]), (2, &[2]), (1, &[3]), (1, &[0])]);
    assert_eq!([pattern[2], pattern[3], pattern[0], pattern[1]], turned[..]);
}

/// Files by module name.
struct Names<'a>(&'a [&'a str]);

impl Modules for Names<'_> {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        let package = self.0[file as usize].split('.').next()?;
        Some(match (level, module) {
            (0, _) => module.to_owned(),
            (_, "") => package.to_owned(),
            _ => format!("{package}.{module}"),
        })
    }

    fn group(&self, _file: u32) -> u32 {
        0
    }

    fn find(&self, _group: u32, name: &str) -> ModuleTarget {
        match self.0.iter().position(|it| *it == name) {
            Some(at) => ModuleTarget::File(u32::try_from(at).unwrap()),
            None if name.starts_with('p') => ModuleTarget::Missing,
            None => ModuleTarget::Outside("dist==1".into()),
        }
    }
}

#[test]
fn names_are_followed_through_files() {
    let hashes = |rate: &str| {
        let texts = [
            ("p", "from .a import total as total\nfrom .b import *\n"),
            (
                "p.a",
                "from . import b\nimport p.c as c\nclass T(c.Base):\n    def go(self): return self.rate()\ndef total(x): return b.helper(x)\n",
            ),
            ("p.b", "__all__ = ['helper']\ndef helper(x): return RATE * x\nRATE = 1\nRATE += 1\n"),
            (
                "p.c",
                &*format!("class Base:\n    def rate(self): return {rate}\n    def other(self): return 1\n"),
            ),
            (
                "main",
                "import p\nimport p.a\ndef run(): return p.total(p.helper(1))\ndef make(): return p.a.T().go()\n",
            ),
        ];
        let (names, texts): (Vec<&str>, Vec<&str>) = texts.into_iter().unzip();
        let all: Vec<_> = texts.iter().map(|it| forms(it)).collect();
        let files: Vec<&FileForms> = all.iter().map(|it| &it.0).collect();
        let deep = deep_hashes(&files, &Names(&names), NormalOptions::default());
        let mut out = Vec::new();
        for ((module, (_, names)), hashes) in names.iter().zip(&all).zip(&deep.hashes) {
            out.extend(names.iter().zip(hashes).map(|(name, hash)| (format!("{module}:{name}"), *hash)));
        }
        out
    };
    let (one, two) = (hashes("0.19"), hashes("0.2"));
    let mut changed: Vec<&str> = one
        .iter()
        .zip(&two)
        .filter(|(one, two)| one.1 != two.1 && !one.0.contains("<module>"))
        .map(|(one, _)| one.0.as_str())
        .collect();
    changed.sort_unstable();
    assert_eq!(changed, ["main:make", "p.a:T", "p.a:T.go", "p.c:Base", "p.c:Base.rate"]);
}

#[test]
fn levels_are_known_by_name() {
    for level in Level::ALL {
        assert_eq!(Level::parse(level.as_str()).unwrap(), level);
    }
    assert!(Level::parse("deeper").is_err());
}

#[test]
fn imports_within_functions_are_followed_even_where_two_bind_a_name() {
    let hashes = |constant: &str| {
        let user = "def f():\n    try:\n        from p.a import g\n    except ImportError:\n        from p.b import g\n    return g()\n";
        let other = format!("def g(): return {constant}\n");
        let all = [forms(user), forms("def g(): return 1\n"), forms(&other)];
        let files: Vec<&FileForms> = all.iter().map(|it| &it.0).collect();
        deep_hashes(&files, &Names(&["main", "p.a", "p.b"]), NormalOptions::default()).hashes[0][1]
    };
    assert_ne!(hashes("2"), hashes("3"));
}

#[test]
fn what_is_captured_counts() {
    let hashes = |constant: &str| {
        deep(&format!(
            "def outer(x):\n    @deco\n    def helper(): return {constant}\n    def inner(): return helper() + x\n    def other(y): return y\n    return inner\n"
        ))
    };
    let (one, two) = (hashes("1"), hashes("2"));
    assert_ne!(of(&one, "outer.<locals>.inner"), of(&two, "outer.<locals>.inner"));
    assert_eq!(of(&one, "outer.<locals>.other"), of(&two, "outer.<locals>.other"));
}
