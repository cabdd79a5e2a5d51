use super::{Callee, Code, Module, calls};
use crate::qualnames::qualnames;
use crate::scopes::{Options, scopes};
use crate::testing::lowered;

/// One line per caller and callee, `module.qualname -> module.qualname`, and the unresolved calls by caller.
fn render(files: &[(&str, &str)]) -> String {
    let options = Options::default();
    let lowered: Vec<_> = files.iter().map(|it| lowered(it.1).1).collect();
    let scopes: Vec<_> = lowered.iter().map(|it| scopes(&it.tree, &options)).collect();
    let chains: Vec<_> = lowered.iter().zip(&scopes).map(|it| crate::def_use(&it.0.tree, it.1)).collect();
    let names: Vec<_> = scopes.iter().map(|it| qualnames(it, &options)).collect();
    let module = |at: usize| Module {
        root: 0,
        name: files[at].0,
        is_package: false,
        tree: &lowered[at].tree,
        scopes: &scopes[at],
        chains: &chains[at],
    };
    let modules: Vec<_> = (0..files.len()).map(module).collect();
    let graph = calls(&modules);
    let code = |it: Code| {
        let name = &names[it.module as usize][it.scope.0 as usize];
        let module = files[it.module as usize].0;
        if name == "<module>" { module.to_owned() } else { format!("{module}.{name}") }
    };
    let callee = |it: &Callee| match it {
        Callee::Code(it) => code(*it),
        Callee::External(name) => format!("[{name}]"),
        Callee::Builtin(name) => format!("<{name}>"),
    };
    let edge = |it: &super::Edge| format!("{} -> {}", code(it.caller), callee(&it.callee));
    let mut lines: Vec<String> = graph.edges.iter().map(edge).collect();
    lines.extend(graph.unresolved.iter().map(|it| format!("{} ? {}", code(it.caller), it.reason.as_str())));
    lines.sort();
    lines.dedup();
    lines.join("\n")
}

fn one(text: &str) -> String {
    render(&[("m", text)])
}

#[test]
fn functions_are_values() {
    let text = "\
def f(): pass
def g(h): h()
def k(): return f
a = f
a()
g(f)
k()()
(lambda: f())()
d = {'x': f, 'y': g}
d['x']()
l = [f]
for it in l: it()
x, y = f, k
y()
b()
";
    insta::assert_snapshot!(one(text), @"
    m -> m.<lambda>
    m -> m.f
    m -> m.g
    m -> m.k
    m ? a name without a known value
    m.<lambda> -> m.f
    m.g -> m.f
    ");
}

#[test]
fn methods_go_through_self_and_the_order_of_classes() {
    let text = "\
class A:
    def __init__(self, f): self.f = f
    def m(self): self.n()
    def n(self): self.f()
class B(A):
    def __init__(self):
        super().__init__(cb)
    def n(self): super().n()
    @staticmethod
    def s(): pass
    @classmethod
    def c(cls): return cls()
    @property
    def p(self): return cb
def cb(): pass
b = B()
b.m()
B.s()
B.c().n()
b.p()
b.nothing()
";
    insta::assert_snapshot!(one(text), @"
    m -> m.A.m
    m -> m.B.__init__
    m -> m.B.c
    m -> m.B.n
    m -> m.B.p
    m -> m.B.s
    m -> m.cb
    m ? an attribute that is not known
    m.A.m -> m.A.n
    m.A.m -> m.B.n
    m.A.n -> m.cb
    m.B -> <classmethod>
    m.B -> <property>
    m.B -> <staticmethod>
    m.B.__init__ -> <super>
    m.B.__init__ -> m.A.__init__
    m.B.c -> m.B.__init__
    m.B.n -> <super>
    m.B.n -> m.A.n
    ");
}

#[test]
fn decorators_generators_and_protocols() {
    let text = "\
import functools
from contextlib import contextmanager
def deco(f):
    @functools.wraps(f)
    def inner(*args, **kwargs): return f(*args, **kwargs)
    return inner
@deco
def f(x): x()
def g(): pass
f(g)
def gen():
    yield g
for it in gen(): it()
@contextmanager
def cm():
    yield g
with cm() as it: it()
class C:
    def __enter__(self): return self
    def __exit__(self, *args): pass
    def __add__(self, other): return other
with C() as c: (c + g)()
functools.partial(f, g)()
[].append(g)
";
    insta::assert_snapshot!(one(text), @"
    m -> <list.append>
    m -> [contextlib.contextmanager]
    m -> [functools.partial]
    m -> m.C
    m -> m.C.__add__
    m -> m.C.__enter__
    m -> m.C.__exit__
    m -> m.cm
    m -> m.deco
    m -> m.deco.<locals>.inner
    m -> m.g
    m -> m.gen
    m.deco -> [functools.wraps]
    m.deco.<locals>.inner -> m.f
    m.f -> m.g
    ");
}

#[test]
fn modules_together() {
    let files = [
        (
            "a",
            "from b import f as g, C\nimport b\nimport os.path\ng()\nC().m()\nb.f()\nos.path.join()\nfrom b import *\nh()\nnope.x()\n",
        ),
        ("b", "import a\ndef f(): a.g()\nclass C:\n  def m(self): pass\ndef h(): pass\n"),
    ];
    insta::assert_snapshot!(render(&files), @"
    a -> [os.path.join]
    a -> b.C
    a -> b.C.m
    a -> b.f
    a -> b.h
    a ? an attribute of something unknown
    b.f -> b.f
    ");
}

#[test]
fn endless_wrapping_ends() {
    let text = "\
import functools, x
def f(): pass
class C: m = f
while x:
    f = functools.partial(f, 1)
    f = staticmethod(f)
    x = x.y
    C.m = classmethod(C.m)
f()
x()
C.m()
";
    insta::assert_snapshot!(one(text), @"
    m -> <classmethod>
    m -> <staticmethod>
    m -> [functools.partial]
    m -> [x.y.y.y.y.y.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y.y]
    m -> [x.y.y.y.y.y]
    m -> [x.y.y.y.y]
    m -> [x.y.y.y]
    m -> [x.y.y]
    m -> [x.y]
    m -> [x]
    m -> m.f
    ");
}

#[test]
fn modules_may_import_everything_of_each_other() {
    let files = [
        ("a", "from b import *\nimport b, c\ndef f(): pass\nb.f()\nb.g()\nc.f()\n"),
        ("b", "from a import *\nfrom b import *\n"),
        ("c", "from c import *\n"),
    ];
    insta::assert_snapshot!(render(&files), @"
    a -> a.f
    a ? an attribute that is not known
    ");
}
