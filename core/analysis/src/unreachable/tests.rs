use insta::assert_snapshot;

use super::unreachable;
use crate::shapes::{self, Places};
use crate::testing::lowered;
use crate::truth::Environment;

fn render_in(environment: &Environment, text: &str) -> String {
    let (source, lowered) = lowered(text);
    let shape = shapes::unreachable(&unreachable(&lowered.tree, environment), Places::new(&source, &lowered));
    let line = |it: &serde_json::Value| {
        let (kind, why) = (it["kind"].as_str().unwrap(), it["why"].as_str().unwrap());
        format!("{}:{} {kind} {why}\n", it["line"], it["col"])
    };
    shape["statements"].as_array().unwrap().iter().map(line).collect()
}

fn render(text: &str) -> String {
    render_in(&Environment::default(), text)
}

#[test]
fn after_jumps() {
    let text = "\
def f():
    while x:
        if y: break
        else: continue
        a
    return 1
    b
    def g(): pass
";
    assert_snapshot!(render(text), @r"
    5:8 Expr after `If` in line 3
    7:4 Expr after `Return` in line 6
    8:4 FunctionDef after `Return` in line 6
    ");
}

#[test]
fn endless_loops_and_their_ends() {
    let text = "\
def f():
    while True:
        a
    else: b
    c
def g():
    while 1:
        while 1: break
        if d: break
    e
";
    assert_snapshot!(render(text), @r"
    4:10 Expr the condition in line 2 always holds
    5:4 Expr after `While` in line 2
    ");
}

#[test]
fn finally_swallows_jumps() {
    let text = "\
def f():
    while True:
        try: break
        finally: continue
    a
def g():
    try: return
    except E: b
    else: c
    finally: d
    e
def h():
    with x: return
    i
";
    assert_snapshot!(render(text), @r"
    5:4 Expr after `While` in line 2
    9:10 Expr after `Return` in line 7
    ");
}

#[test]
fn constants_decide() {
    let text = "\
if 0: a
elif not (): b
else: c
if x and False: d
if x or 1: e
else: f
if not __debug__: g
if []: h
assert 0, m
i
";
    assert_snapshot!(render(text), @r"
    1:6 Expr the condition in line 1 never holds
    3:6 Expr the condition in line 2 always holds
    4:16 Expr the condition in line 4 never holds
    6:6 Expr the condition in line 5 always holds
    7:18 Expr the condition in line 7 never holds
    10:0 Expr after `Assert` in line 9
    ");
}

#[test]
fn exhaustive_matches() {
    let text = "\
def f(x):
    match x:
        case 1: return
        case _ if 0: a
        case 2 | _: return
    b
def g(x):
    match x:
        case _ if y: return
    c
";
    assert_snapshot!(render(text), @r"
    4:21 Expr the condition in line 4 never holds
    6:4 Expr after `Match` in line 2
    ");
}

#[test]
fn an_environment_decides_more() {
    let environment = Environment {
        python: Some((3, 11)),
        platform: Some("linux".into()),
        os_name: Some("posix".into()),
        type_checking: Some(false),
        ..Environment::default()
    };
    let text = "\
if sys.version_info >= (3, 12): a
if sys.version_info < (3, 11): b
if sys.version_info >= (3, 11): c
else: d
if sys.version_info[:2] == (3, 11): e
else: f
if sys.version_info[0] == 2: g
if sys.platform.startswith(('win', 'cygwin')): h
if 'linux' != sys.platform or os.name not in ('posix',): i
if typing.TYPE_CHECKING: j
if sys.version_info >= (3, 11, 4): k
";
    assert_snapshot!(render_in(&environment, text), @r"
    1:32 Expr the condition in line 1 never holds
    2:31 Expr the condition in line 2 never holds
    4:6 Expr the condition in line 3 always holds
    6:6 Expr the condition in line 5 always holds
    7:29 Expr the condition in line 7 never holds
    8:47 Expr the condition in line 8 never holds
    9:57 Expr the condition in line 9 never holds
    10:25 Expr the condition in line 10 never holds
    ");
}
