use std::fmt::Write;

use insta::assert_snapshot;

use super::def_use;
use crate::scopes::{Options, scopes};
use crate::shapes::{self, Places};
use crate::testing::lowered;

/// One line per use: its place, then its definitions' lines (`line:col` where columns tell them apart).
fn render(text: &str) -> String {
    let (source, lowered) = lowered(text);
    let scopes = scopes(&lowered.tree, &Options::default());
    let chains = def_use(&lowered.tree, &scopes);
    let shape = shapes::def_use(&chains, &scopes, Places::new(&source, &lowered));
    let defs = shape["defs"].as_array().unwrap();
    let mut out = String::new();
    for it in shape["uses"].as_array().unwrap() {
        write!(out, "{}:{} {} <-", it["line"], it["col"], it["name"].as_str().unwrap()).unwrap();
        for id in it["defs"].as_array().unwrap() {
            let def = &defs[usize::try_from(id.as_u64().unwrap()).unwrap()];
            write!(out, " {}:{}", def["line"], def["col"]).unwrap();
        }
        let flags = [("builtin", "builtin"), ("maybe_unbound", "unbound")];
        for (_, word) in flags.into_iter().filter(|flag| it[flag.0] == true) {
            write!(out, " {word}").unwrap();
        }
        out.push('\n');
    }
    let dead: Vec<_> = defs.iter().filter(|it| it["live"] == false).collect();
    if !dead.is_empty() {
        let places: Vec<String> = dead.iter().map(|it| format!("{}:{}", it["line"], it["col"])).collect();
        writeln!(out, "not live: {}", places.join(" ")).unwrap();
    }
    out
}

#[test]
fn straight_lines_and_branches() {
    let text = "\
x = 1
x = 2
if x: y = 1
y
if x: z = 1
else: z = 2
z
del z
z
";
    assert_snapshot!(render(text), @"
    3:3 x <- 2:0
    4:0 y <- 3:6 unbound
    5:3 x <- 2:0
    7:0 z <- 5:6 6:6
    8:4 z <- 5:6 6:6
    9:0 z <- unbound
    not live: 1:0 5:6 6:6
    ");
}

#[test]
fn loops_come_back_and_may_not_run() {
    let text = "\
def f(a):
    x = 0
    for i in a:
        x
        x = i
        if x: break
        if i: continue
        x = 3
    else:
        x
    x, i
    while a:
        y
        y = 1
    while True:
        z = 1
        if z: break
        z = 2
    z
";
    assert_snapshot!(render(text), @"
    3:13 a <- 1:6
    4:8 x <- 2:4 5:8 8:8
    5:12 i <- 3:8
    6:11 x <- 5:8
    7:11 i <- 3:8
    10:8 x <- 2:4 5:8 8:8
    11:4 x <- 2:4 5:8 8:8
    11:7 i <- 3:8 unbound
    12:10 a <- 1:6
    13:8 y <- 14:8 unbound
    17:11 z <- 16:8
    19:4 z <- 16:8
    not live: 18:8
    ");
}

#[test]
fn handlers_see_every_point_of_the_body() {
    let text = "\
def f():
    x = 0
    try:
        x = 1
        g()
        x = 2
        g()
        x = 3
    except E as e:
        x, e
    else:
        x
    x, e
";
    assert_snapshot!(render(text), @"
    5:8 g <- unbound
    7:8 g <- unbound
    9:11 E <- unbound
    10:8 x <- 2:4 4:8 6:8 8:8
    10:11 e <- 9:4
    12:8 x <- 8:8
    13:4 x <- 2:4 4:8 6:8 8:8
    13:7 e <- unbound
    not live: 9:4
    ");
}

#[test]
fn finally_runs_on_every_way_out() {
    let text = "\
def f(a):
    x = 0
    for i in a:
        try:
            x = 1
            if a: break
            x = 2
        finally:
            x
            y = 1
        x
    x, y
def g():
    x = 0
    try:
        x = 1
        return x
    finally:
        x
    x
";
    assert_snapshot!(render(text), @"
    3:13 a <- 1:6
    6:15 a <- 1:6
    9:12 x <- 2:4 5:12 7:12
    11:8 x <- 7:12
    12:4 x <- 2:4 5:12 7:12
    12:7 y <- 10:12 unbound
    17:15 x <- 16:8
    19:8 x <- 14:4 16:8
    20:4 x <- 16:8
    not live: 14:4
    ");
}

#[test]
fn with_may_swallow_exceptions() {
    let text = "\
def f():
    x = 0
    with m as n:
        x = 1
        raise x
    x, n
    with open() as o:
        x = 2
    x, o
";
    assert_snapshot!(render(text), @"
    3:9 m <- unbound
    5:14 x <- 4:8
    6:4 x <- 2:4 4:8
    6:7 n <- 3:14 unbound
    7:9 open <- builtin
    9:4 x <- 8:8
    9:7 o <- 7:19
    not live: 2:4 4:8
    ");
}

#[test]
fn patterns_bind_when_they_have_matched() {
    let text = "\
def f(s):
    match s:
        case [a, b] if a: a
        case {'k': a}: a
        case a: a
    a, b
";
    assert_snapshot!(render(text), @"
    2:10 s <- 1:6
    3:23 a <- 3:14
    3:26 a <- 3:14
    4:23 a <- 4:19
    5:16 a <- 5:13
    6:4 a <- 3:14 4:19 5:13
    6:7 b <- 3:17 unbound
    ");
}

#[test]
fn short_circuits_may_skip_bindings() {
    let text = "\
def f(a):
    if (x := a) and (y := x): x, y
    else: x, y
    b = a or (z := 1)
    z
    c = (w := 1) if a else w
    a < (v := 1) < (u := 2)
    v, u
    assert (t := a), t
    t
";
    assert_snapshot!(render(text), @"
    2:13 a <- 1:6
    2:26 x <- 2:8
    2:30 x <- 2:8
    2:33 y <- 2:21
    3:10 x <- 2:8
    3:13 y <- 2:21 unbound
    4:8 a <- 1:6
    5:4 z <- 4:14 unbound
    6:20 a <- 1:6
    6:27 w <- unbound
    7:4 a <- 1:6
    8:4 v <- 7:9
    8:7 u <- 7:20 unbound
    9:17 a <- 1:6
    9:21 t <- 9:12
    10:4 t <- 9:12
    ");
}

#[test]
fn closures_see_what_comes_later() {
    let text = "\
def f():
    x = 1
    x = 2
    def g(): return x
    x = 3
    return g
def h():
    def g():
        nonlocal y
        y = 1
    y = 0
    g()
    return y
";
    assert_snapshot!(render(text), @"
    4:20 x <- 3:4 5:4
    6:11 g <- 4:4
    12:4 g <- 8:4
    13:11 y <- 10:8 11:4
    not live: 2:4 3:4
    ");
}

#[test]
fn globals_of_functions() {
    let text = "\
c = 0
def f():
    global c
    c += 1
    return c, g, len, nope
def g(): return c
print(c)
";
    assert_snapshot!(render(text), @"
    4:4 c <- 1:0 4:4
    5:11 c <- 4:4
    5:14 g <- 6:0
    5:17 len <- builtin
    5:22 nope <- unbound
    6:16 c <- 1:0 4:4
    7:0 print <- builtin
    7:6 c <- 1:0 4:4
    ");
}

#[test]
fn class_bodies_run_where_they_stand() {
    let text = "\
x = 1
class C:
    y = x
    x = x
    def f(self): return x, y
    z = [x for _ in x if x]
x = C
";
    assert_snapshot!(render(text), @"
    3:8 x <- 1:0
    4:8 x <- 1:0
    5:24 x <- 1:0 7:0
    5:27 y <- unbound
    6:9 x <- 1:0
    6:20 x <- 4:4
    6:25 x <- 1:0
    7:4 C <- 2:0
    not live: 1:0
    ");
}

#[test]
fn comprehensions_and_generators() {
    let text = "\
def f(a):
    x = 0
    l = [(x := i) for i in a if x]
    g = (x for i in a if i)
    x = 9
    return l, g, x
";
    assert_snapshot!(render(text), @"
    3:15 i <- 3:22
    3:27 a <- 1:6
    3:32 x <- 2:4 3:10
    4:9 x <- 2:4 3:10 5:4
    4:20 a <- 1:6
    4:25 i <- 4:15
    6:11 l <- 3:4
    6:14 g <- 4:4
    6:17 x <- 5:4
    not live: 2:4
    ");
}

#[test]
fn star_imports_may_bind_anything() {
    let text = "\
x = 1
from m import *
x, y, len
x = 2
x
def f(): return x, z
";
    assert_snapshot!(render(text), @"
    3:0 x <- 1:0 2:14
    3:3 y <- 2:14
    3:6 len <- builtin
    5:0 x <- 4:0
    6:16 x <- 4:0
    6:19 z <- 2:14
    not live: 1:0
    ");
}
