use std::fmt::Write;

use astkit_ast::PythonVersion;
use insta::assert_snapshot;

use super::{Options, scopes};
use crate::shapes::{self, Places};
use crate::testing::lowered;

fn render(text: &str, minor: u8) -> String {
    let (source, lowered) = lowered(text);
    let options = Options { python: PythonVersion { major: 3, minor } };
    let scopes = scopes(&lowered.tree, &options);
    let mut out = String::new();
    for (id, scope) in scopes.scopes() {
        let parent = scope.parent.map_or(String::new(), |it| format!(" in {}", it.0));
        writeln!(out, "{} {} {}{parent}", id.0, scope.kind.symtable_type(), scopes.text(scope.name)).unwrap();
        let mut symbols: Vec<_> = scopes.symbols(id).map(|it| it.1).collect();
        symbols.sort_by_key(|it| scopes.text(it.name));
        for symbol in symbols {
            writeln!(out, "  {} {}", scopes.text(symbol.name), symbol.resolution.as_str()).unwrap();
        }
    }
    let references = shapes::references(&scopes, Places::new(&source, &lowered));
    for name in ["names", "unevaluated"].into_iter().flat_map(|it| references[it].as_array().unwrap()) {
        let [line, col, name, role, scope, owner] = name.as_array().unwrap().as_slice() else { panic!() };
        let (name, role) = (name.as_str().unwrap(), role.as_str().unwrap());
        writeln!(out, "{line}:{col} {role} {name} in {scope} -> {owner}").unwrap();
    }
    out
}

#[test]
fn a_free_variable_passes_through_and_makes_a_cell() {
    assert_snapshot!(render("def f(a):\n  def g():\n    return lambda: a\n", 11), @r"
    0 module top
      f local
    1 function f in 0
      a cell
      g local
    2 function g in 1
      a free
    3 function lambda in 2
      a free
    1:0 def f in 0 -> 0
    1:6 param a in 1 -> 1
    2:2 def g in 1 -> 1
    3:19 load a in 3 -> 1
    ");
}

#[test]
fn class_names_are_not_seen_by_methods() {
    assert_snapshot!(render("x = 1\nclass C:\n  x = 2\n  def f(self): return x, __class__, super\n", 11), @r"
    0 module top
      C local
      x local
    1 class C in 0
      f local
      x local
    2 function f in 1
      __class__ free
      self local
      super global_implicit
      x global_implicit
    1:0 store x in 0 -> 0
    2:0 class C in 0 -> 0
    3:2 store x in 1 -> 1
    4:2 def f in 1 -> 1
    4:8 param self in 2 -> 2
    4:22 load x in 2 -> 0
    4:25 load __class__ in 2 -> 1
    4:36 load super in 2 -> -1
    ");
}

#[test]
fn walrus_in_a_comprehension_binds_outside() {
    assert_snapshot!(render("def f(z):\n  [(y := x) for x in z]\n[(y := x) for x in ()]\n", 11), @r"
    0 module top
      f local
      y global_explicit
    1 function f in 0
      y cell
      z local
    2 function listcomp in 1
      .0 local
      x local
      y free
    3 function listcomp in 0
      .0 local
      x local
      y global_explicit
    1:0 def f in 0 -> 0
    1:6 param z in 1 -> 1
    2:4 store y in 2 -> 1
    2:9 load x in 2 -> 2
    2:16 store x in 2 -> 2
    2:21 load z in 1 -> 1
    3:2 store y in 3 -> 0
    3:7 load x in 3 -> 3
    3:14 store x in 3 -> 3
    ");
}

#[test]
fn private_names_are_mangled() {
    assert_snapshot!(render("class C:\n  def f(self):\n    global __g\n    import __m.n\n    __x = __g\n", 11), @r"
    0 module top
      C local
      _C__g global_explicit
    1 class C in 0
      f local
    2 function f in 1
      _C__g global_explicit
      _C__m local
      _C__x local
      self local
    1:0 class C in 0 -> 0
    2:2 def f in 1 -> 1
    2:8 param self in 2 -> 2
    3:4 global __g in 2 -> -1
    4:11 import __m in 2 -> 2
    5:4 store __x in 2 -> 2
    5:10 load __g in 2 -> -1
    ");
}

#[test]
fn a_global_is_owned_by_the_module_if_anybody_binds_it() {
    assert_snapshot!(render("def f():\n  global a, b\n  a = b\n  print(a)\n", 11), @r"
    0 module top
      a global_explicit
      b global_explicit
      f local
    1 function f in 0
      a global_explicit
      b global_explicit
      print global_implicit
    1:0 def f in 0 -> 0
    2:2 global a in 1 -> 0
    2:2 global b in 1 -> -1
    3:2 store a in 1 -> 0
    3:6 load b in 1 -> -1
    4:2 load print in 1 -> -1
    4:8 load a in 1 -> 0
    ");
}

#[test]
fn nonlocal_skips_classes() {
    assert_snapshot!(render("def f():\n  x = 1\n  class C:\n    nonlocal x\n    x = 2\n", 11), @r"
    0 module top
      f local
    1 function f in 0
      C local
      x cell
    2 class C in 1
      x free
    1:0 def f in 0 -> 0
    2:2 store x in 1 -> 1
    3:2 class C in 1 -> 1
    4:4 nonlocal x in 2 -> 1
    5:4 store x in 2 -> 1
    ");
}

#[test]
fn postponed_annotations_make_no_symbols() {
    let text = "from __future__ import annotations\nT = 1\ndef f(x: T, y: U) -> T: pass\n";
    assert_snapshot!(render(text, 11), @r"
    0 module top
      T local
      annotations local
      f local
    1 function f in 0
      x local
      y local
    1:23 import annotations in 0 -> 0
    2:0 store T in 0 -> 0
    3:0 def f in 0 -> 0
    3:6 param x in 1 -> 1
    3:12 param y in 1 -> 1
    3:9 load T in 0 -> 0
    3:15 load U in 0 -> -1
    3:21 load T in 0 -> 0
    ");
}

#[test]
fn type_parameters_have_scopes() {
    assert_snapshot!(render("class A[T: int](B[T]):\n  def f[U](self, x: U) -> T: ...\ntype X[V] = V\n", 13), @r"
    0 module top
      A local
      X local
    1 type parameters A in 0
      .generic_base local
      .type_params cell
      B global_implicit
      T cell
    2 type variable T in 1
      int global_implicit
    3 class A in 1
      .type_params free
      T free
      __type_params__ local
      f local
    4 type parameters f in 3
      T free
      U local
      __classdict__ free
    5 function f in 4
      self local
      x local
    6 type parameters X in 0
      V cell
    7 type alias X in 6
      V free
    1:0 class A in 0 -> 0
    1:8 type_param T in 1 -> 1
    1:11 load int in 2 -> -1
    1:16 load B in 1 -> -1
    1:18 load T in 1 -> 1
    2:2 def f in 3 -> 3
    2:8 type_param U in 4 -> 4
    2:11 param self in 5 -> 5
    2:17 param x in 5 -> 5
    2:20 load U in 4 -> 4
    2:26 load T in 4 -> 1
    3:5 store X in 0 -> 0
    3:7 type_param V in 6 -> 6
    3:12 load V in 7 -> 6
    ");
}

#[test]
fn annotations_have_scopes_from_3_14() {
    assert_snapshot!(render("class C:\n  T = int\n  def f(self, x: T): y: T = 1\nv: C\n", 14), @r"
    0 module top
      C local
      v local
    1 class C in 0
      T local
      f local
      int global_implicit
    2 annotation __annotate__ in 1
      .format local
      T global_implicit
      __classdict__ free
    3 function f in 1
      self local
      x local
      y local
    4 annotation __annotate__ in 0
      .format local
      C global_implicit
    1:0 class C in 0 -> 0
    2:2 store T in 1 -> 1
    2:6 load int in 1 -> -1
    3:2 def f in 1 -> 1
    3:8 param self in 3 -> 3
    3:14 param x in 3 -> 3
    3:17 load T in 2 -> 1
    3:21 store y in 3 -> 3
    4:0 store v in 0 -> 0
    4:3 load C in 4 -> 0
    3:24 load T in 3 -> -1
    ");
}

#[test]
fn handlers_patterns_and_imports_bind() {
    let text = "try: pass\nexcept E as e: e\nmatch s:\n  case {'k': [a, *b], **c} as d: pass\nimport m.n, o as p\nfrom q import r, s as t\n";
    assert_snapshot!(render(text, 11), @r"
    0 module top
      E global_implicit
      a local
      b local
      c local
      d local
      e local
      m local
      p local
      r local
      s global_implicit
      t local
    2:0 except e in 0 -> 0
    2:7 load E in 0 -> -1
    2:15 load e in 0 -> 0
    3:6 load s in 0 -> -1
    4:7 capture c in 0 -> 0
    4:7 capture d in 0 -> 0
    4:14 capture a in 0 -> 0
    4:17 capture b in 0 -> 0
    5:7 import m in 0 -> 0
    5:12 import p in 0 -> 0
    6:14 import r in 0 -> 0
    6:17 import t in 0 -> 0
    ");
}
