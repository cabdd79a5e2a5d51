use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use astkit_ast::Lowered;

use super::{Known, Module, Program, module_values};
use crate::constants::Value;
use crate::truth::Environment;

struct Modules(BTreeMap<&'static str, Lowered>);

impl<'a> Program<'a> for &'a Modules {
    fn module(&self, name: &str) -> Option<Module<'a>> {
        let tree = &self.0.get(name)?.tree;
        let scopes = Arc::new(crate::scopes(tree, &crate::scopes::Options::default()));
        let chains = Arc::new(crate::def_use(tree, &scopes));
        Some(Module { name: name.into(), is_package: name == "pkg", tree, scopes, chains })
    }

    fn is_module(&self, name: &str) -> bool {
        self.0.contains_key(name) || name == "sys"
    }
}

/// The globals of the first module.
fn globals(modules: &[(&'static str, &str)], environment: Environment, known: &[(&str, Value)]) -> String {
    let all = Modules(modules.iter().map(|it| (it.0, crate::testing::lowered(it.1).1)).collect());
    let known = known.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect();
    let values = module_values(&&all, &Known::new(environment, known), modules[0].0);
    let mut out = String::new();
    for (name, value) in values.globals {
        match value {
            Ok(it) => writeln!(out, "{name} = {}", it.repr()),
            Err(it) => writeln!(
                out,
                "{name}: {}{}",
                it.why,
                if *it.module == *modules[0].0 { "" } else { ", elsewhere" }
            ),
        }
        .unwrap();
    }
    out
}

fn of(text: &str) -> String {
    globals(&[("m", text)], Environment::default(), &[])
}

#[test]
fn operators_and_containers() {
    insta::assert_snapshot!(of("
a = 2 ** 100 % 7, 7 // -2, 1 / 3, 1 << 70, ~5, -True
b = [1, *(2, 3)] + [4] * 2
c = {'a': 1, **{'b': 2}}['b']
d = 'abc'[::-1] + 'x' * 3 + f'{1 + 1:03d}|{0.5:.2f}|{\"q\"!r:>5}'
e = 1 < 2 <= 2.0 != 3 and (None or 'yes')
f = {1, 2} | {3} >= {1} if 1 else 0
g = (1, (2, 3))[1][-1], 3 in {1: 2, 3: 4}, None is not None
h = len('abc'), int('12'), str(1.5), tuple('ab'), sorted({3, 1}), max(1, 2.5), isinstance(True, (str, int))
i = 'a,b'.split(','), '-'.join(['x', 'y']), 'linux2'.startswith(('win', 'linux')), ' a '.strip()
"), @r#"
    a = (2, -4, 0.3333333333333333, 1180591620717411303424, -6, -1)
    b = [1, 2, 3, 4, 4]
    c = 2
    d = "cbaxxx002|0.50|  'q'"
    e = 'yes'
    f = True
    g = (3, True, False)
    h = (3, 12, '1.5', ('a', 'b'), [1, 3], 2.5, True)
    i = (['a', 'b'], 'x-y', True, 'a')
    "#);
}

#[test]
fn what_has_no_value() {
    insta::assert_snapshot!(of("
a = 1 // 0
b = 9 ** 9 ** 9
c = 'x' * 10 ** 9
d = 1 + 'a'
e = (1, 2)[5]
f = unknown
g = print
h = [i for i in (1, 2)]
i = q.b
j = list({1, 2})
k = {[]: 1}
l = f(1)
"), @r"
    a: a division by zero
    b: a number that is too large, or not exact
    c: an operation on str and int that fails, is too large or is not evaluated
    d: an operation on int and str that fails, is too large or is not evaluated
    e: an item that is not there
    f: `unknown` is not bound
    g: the builtin `print`
    h: an expression that is not evaluated
    i: `q` is not bound
    j: a call of `list` that fails or is not evaluated
    k: a key that can't be one
    l: a call that is not evaluated
    ");
}

#[test]
fn names_have_the_value_that_all_their_definitions_agree_on() {
    insta::assert_snapshot!(of("
import sys
a = 1
b = a + 1
a += 5
c, d = a, b
if sys.argv:
    e = 1
    f = 'x'
else:
    e = 2
    f = 'x'
g = e
h = (i := 3) + i
for j in 1, 2: pass
k = 0
while k < 3: k += 1
def n(): global o; o = 2
o = 1
"), @r"
    a = 6
    b = 2
    c = 6
    d = 2
    e: a name with several values
    f = 'x'
    g: a name with several values
    h = 6
    i = 3
    j: a variable that is not assigned a value
    k: a value that depends on itself
    o: a name with several values
    ");
}

#[test]
fn what_can_change_has_a_value_while_nothing_changes_it() {
    insta::assert_snapshot!(of("
a = [1, 2]
b = a[0] + len(a)
c = [1]
c.append(2)
d = c
e = {'x': [1]}
f = e['x']
g = {'x': 1}
h = g.get('x'), g.get('y', 5), 'x' in g
i = j = []
k = [*'ab']
k += 'c'
"), @r"
    a = [1, 2]
    b = 3
    c: something that may be changed here
    d: something that may be changed here
    e: something that may be changed here
    f: something that may be changed here
    g = {'x': 1}
    h = (1, 5, True)
    i: something that may be changed under another name
    j: something that may be changed under another name
    k = ['a', 'b', 'c']
    ");
}

#[test]
fn imports_are_followed() {
    let modules = [
        (
            "pkg",
            "from .a import X as x, Y\nfrom . import a, b as z\nfrom .c import *\nimport pkg.a\nw = a.X + 1, pkg.a.X\nv = z.LIST\nu = P\nt = _Q\ns = missing.x\nfrom gone import r\nq = a.N\n",
        ),
        ("pkg.a", "from .b import BASE\nX = BASE * 2\nY: str = 'y'\nfrom . import b\nN = b.n\n"),
        ("pkg.b", "from .a import X\nBASE = 21\nLIST = [1]\nfrom .a import N as n\n"),
        ("pkg.c", "P = 'public'\n_Q = 'private'\n"),
    ];
    insta::assert_snapshot!(globals(&modules, Environment::default(), &[]), @r"
    Y = 'y'
    q: a value that depends on itself, elsewhere
    r: `gone.r` is not known
    s: `missing` is not bound
    t: `_Q` is not bound
    u = 'public'
    v: something of another module that may be changed
    w = (43, 42)
    x = 42
    ");
}

#[test]
fn star_imports_bring_what_all_says() {
    let modules = [
        ("m", "from n import *\na = A\nb = _b\nc = C\n"),
        ("n", "__all__ = ['A', '_b']\nA = 1\n_b = 2\nC = 3\n"),
    ];
    insta::assert_snapshot!(globals(&modules, Environment::default(), &[]), @r"
    a = 1
    b = 2
    c: `C` is not bound
    ");
}

#[test]
fn what_is_known_decides_branches() {
    let text = "
import sys, os
from typing import TYPE_CHECKING
import config
if sys.platform.startswith('win'):
    SEP = '\\\\'
else:
    SEP = '/'
PATH = SEP.join(('a', 'b'))
if sys.version_info >= (3, 9):
    NEW = True
else:
    NEW = False
if TYPE_CHECKING or not __debug__:
    MODE = 'check'
elif config.FAST and NEW:
    MODE = 'fast'
else:
    MODE = 'slow'
major = sys.version_info[0], sys.version_info.minor
limit = sys.maxsize if sys.maxsize > 2**32 else None
";
    let config = ("config", "import m\nFAST = m.NEW\n");
    let files = [("m", text), config];
    let open = globals(&files, Environment::default(), &[]);
    let linux = Environment {
        python: Some((3, 12)),
        platform: Some("linux".to_owned()),
        type_checking: Some(false),
        ..Environment::default()
    };
    let known = globals(&files, linux.clone(), &[("sys.maxsize", Value::Int(9.into()))]);
    let said =
        globals(&files, linux, &[("config.FAST", Value::Bool(false)), ("__debug__", Value::Bool(true))]);
    insta::assert_snapshot!(format!("{open}\n{known}\n{said}"), @r"
    MODE: a name with several values
    NEW: a name with several values
    PATH: a name with several values
    SEP: a name with several values
    TYPE_CHECKING: `typing.TYPE_CHECKING` is not known
    limit: `sys.maxsize` is not known
    major: `sys.version_info` is not known

    MODE = 'fast'
    NEW = True
    PATH = 'a/b'
    SEP = '/'
    TYPE_CHECKING = False
    limit = None
    major = (3, 12)

    MODE = 'slow'
    NEW = True
    PATH = 'a/b'
    SEP = '/'
    TYPE_CHECKING = False
    limit: `sys.maxsize` is not known
    major = (3, 12)
    ");
}

#[test]
fn what_never_ends_ends() {
    let mut text = String::from("x0 = 'ab'\n");
    for at in 1..200 {
        writeln!(text, "x{at} = x{} + x{}", at - 1, at - 1).unwrap();
    }
    text += "a = b\nb = a\nprint(x199)\n";
    let out = of(&text);
    assert!(
        out.contains("x199: a value that is too large\n") && out.contains("x3 = 'abababababababab'\n"),
        "{out}"
    );
}
