//! What each transformation does, and that doing it twice does nothing more.

use astkit_analysis::Environment;
use astkit_analysis::scopes::{self, Scopes};
use astkit_ast::{Lowered, Options, SourceText, Tree, lower};
use astkit_python_ast::PythonAst;
use astkit_transform::{
    Edits, Surroundings, remove_dead_code, rename_locals, strip_docstrings, strip_hints, undataclass,
};

fn parse(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).expect("the frontend works");
    assert!(!lowered.is_partial(), "{text}\n{:?}", lowered.diagnostics);
    (source, lowered)
}

fn once(text: &str, transformation: &dyn Fn(&Tree, &Scopes) -> Edits) -> String {
    let (source, lowered) = parse(text);
    let scopes = scopes::scopes(&lowered.tree, &scopes::Options::default());
    let edits = transformation(&lowered.tree, &scopes);
    let out = edits.print(&source, &lowered).expect("it prints");
    assert!(parse(&out).1.tree == edits.apply(&lowered.tree).tree, "{text}\n=== became ===\n{out}");
    out
}

fn check(before: &str, after: &str, transformation: &dyn Fn(&Tree, &Scopes) -> Edits) {
    let out = once(before, transformation);
    assert_eq!(out, after);
    assert_eq!(once(&out, transformation), out, "twice is once");
}

#[test]
fn docstrings_go() {
    let strip = |tree: &Tree, scopes: &Scopes| strip_docstrings(tree, scopes);
    check("'''doc'''\n'second'\nx = 'a'\n", "x = 'a'\n", &strip);
    check(
        "class A:\n    '''doc'''\n\n    def f(self):\n        '''doc'''\n    x: 'no'\n",
        "class A:\n\n    def f(self):\n        pass\n    x: 'no'\n",
        &strip,
    );
    for kept in [
        "'''usage'''\nprint(__doc__)\n",
        "def f():\n    '''doc'''\nprint(f.__doc__)\n",
        "@click.command()\ndef f():\n    '''help'''\n",
        "import inspect\ndef f():\n    '''doc'''\ninspect.getdoc(g())\n",
    ] {
        check(kept, kept, &strip);
    }
}

#[test]
fn hints_go_where_nothing_reads_them() {
    let strip = |tree: &Tree, scopes: &Scopes| strip_hints(tree, scopes);
    check(
        "def f(a: int, *b: str, c: (list) = [],  # c\n      **d: 'x') -> None:\n    e: int = 1\n    f: int\n    f = 2\n    g: int\n    return g\n",
        "def f(a, *b, c = [],  # c\n      **d):\n    e = 1\n    f = 2\n    g: int\n    return g\n",
        &strip,
    );
    check("x: int\ny: tuple = 1, 2  # y\nself.z: int\n", "y = 1, 2  # y\n", &strip);
    check(
        "class A:\n    x: int\n    y: int = {  # y\n      1: 2}\n",
        "class A:\n    y = {  # y\n      1: 2}\n",
        &strip,
    );
    for kept in [
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n",
        "from typing import NamedTuple\nclass A(NamedTuple):\n    x: int\n",
        "from typing import TypedDict\nclass A(TypedDict):\n    x: int\nclass B(A):\n    y: int\n",
        "from typing import Protocol\nclass A(Protocol):\n    x: int\n",
        "@app.get('/')\ndef f(x: int): pass\n",
        "import typing\ndef f(x: int): pass\ntyping.get_type_hints(f)\n",
        "class A(Unknown):\n    x: int\n",
        "x = 1\ndef f():\n    x: int\n    def g(): return x\n",
    ] {
        check(kept, kept, &strip);
    }
}

#[test]
fn locals_get_numbers() {
    let rename = |tree: &Tree, scopes: &Scopes| rename_locals(tree, scopes);
    check(
        "def f(a, *, k):\n    x = a  # x\n    for y, in x: x += y\n    def g():\n        nonlocal x\n        x = [z for z in k if f'{z=}{x}']\n    import os\n    with a as w: return g, os, w, x\n",
        "def f(a, *, k):\n    v0 = a  # x\n    for v1, in v0: v0 += v1\n    def g():\n        nonlocal v0\n        v0 = [v2_0 for v2_0 in k if f'z={v2_0!r}{v0}']\n    import os\n    with a as v2: return g, os, v2, v0\n",
        &rename,
    );
    for kept in [
        "def f():\n    x = 1\n    return locals()\n",
        "def f():\n    x = 1\n    exec('x')\n",
        "class A:\n    x = 1\n    def f(self, y): return y\n",
        "x = 1\ndef f():\n    global x\n    x = 2\n",
        "def f():\n    x = 1\n    return t'{x}'\n",
    ] {
        check(kept, kept, &rename);
    }
    check(
        "v0 = 1\ndef f():\n    a = v0\n    return a\n",
        "v0 = 1\ndef f():\n    v_0 = v0\n    return v_0\n",
        &rename,
    );
}

#[test]
fn dead_code_goes() {
    let environment = Environment { python: Some((3, 8)), ..Environment::default() };
    let remove = |tree: &Tree, scopes: &Scopes| remove_dead_code(tree, scopes, &environment);
    check(
        "import sys\nif sys.version_info >= (3, 10):\n    # new\n    a = 1\nelif x:\n    # old\n    a = 2\nelse:\n    a = 3\n",
        "import sys\nif x:\n    # old\n    a = 2\nelse:\n    a = 3\n",
        &remove,
    );
    check("def f():\n    return 1\n    # never\n    g()\n", "def f():\n    return 1\n", &remove);
    check("while 0: a\nelse: b\nwhile 1:\n    c\nelse:\n    d\n", "b\nwhile 1:\n    c\n", &remove);
    check("if f() and 0:\n    a\nelse:\n    b\n", "if f() and 0:\n    pass\nelse:\n    b\n", &remove);
    check("def f():\n    if 1:\n        if 0: a\n", "def f():\n    pass\n", &remove);
    check("if x: a\nelse:\n    if 1:\n        if 0: b\n", "if x:\n    a\n", &remove);
    check("if 0: a\n'text'\n", "pass\n'text'\n", &remove);
    check(
        "try:\n    raise x\nexcept y:\n    z\nelse:\n    w\n",
        "try:\n    raise x\nexcept y:\n    z\n",
        &remove,
    );
    check("class A:\n    if 1:\n        x = '''\n  raw'''\n", "class A:\n    x = '''\n  raw'''\n", &remove);
    for kept in [
        "def f():\n    return\n    yield\n",
        "def f():\n    if 0: yield\n",
        "x = 1\ndef f():\n    if 0:\n        x = 2\n    return x\n",
        "def f():\n    if 0:\n        global x\n    x = 1\n",
        "def f():\n    x = 1\n    def g():\n        if 0:\n            nonlocal x\n        x = 2\n    g()\n",
        "def f():\n    if 0:\n        x = 1\n    def g(): return x\n    return g\n",
    ] {
        check(kept, kept, &remove);
    }
    check("def f():\n    yield 1\n    return\n    yield 2\n", "def f():\n    yield 1\n    return\n", &remove);
    check("def f():\n    x = 1\n    return x\n    x = 2\n", "def f():\n    x = 1\n    return x\n", &remove);
}

#[test]
fn dataclasses_become_classes() {
    let parse_tree = |text: &str| Some(parse(text).1.tree);
    let write = |tree: &Tree, scopes: &Scopes| {
        undataclass(
            tree,
            scopes,
            &Surroundings { python: Some((3, 12)), parse: &parse_tree, module: &|_| None },
        )
        .0
    };
    let before = "'''doc'''\nfrom dataclasses import dataclass, field\n\n@dataclass(frozen=True)\nclass P:\n    '''point'''\n    x: int  # first\n    y: list = field(default_factory=list)\n";
    let out = once(before, &write);
    for part in [
        "'''doc'''\nimport dataclasses as _dataclasses\nimport reprlib as _reprlib\nfrom dataclasses import",
        "\nclass P:\n    '''point'''\n    x: int  # first\n    y: list\n",
        "    def __init__(self, x: int, y: list = _dataclasses._HAS_DEFAULT_FACTORY) -> None:\n",
        "        object.__setattr__(self, 'x', x)\n",
        "    def __hash__(self):\n        return hash((self.x, self.y))\n",
        "    __match_args__ = 'x', 'y'\n",
    ] {
        assert!(out.contains(part), "{part}\n=== is not in ===\n{out}");
    }
    assert_eq!(once(&out, &write), out, "twice is once");
    for kept in [
        "from dataclasses import dataclass\nfrom m import B\n@dataclass\nclass A(B):\n    x: int\n",
        "from dataclasses import dataclass\n@dataclass(order=flag)\nclass A:\n    x: int\n",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    if t:\n        x: int\n",
        "def dataclass(it): return it\n@dataclass\nclass A:\n    x: int\n",
    ] {
        check(kept, kept, &write);
    }
}
