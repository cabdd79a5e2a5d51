//! `astkit hash`.

use crate::support::Scratch;

const TEXT: &str = "import os\n\n\n@a\ndef f(x):\n    return lambda: x\n\n\nclass C:\n    def f(self): pass\n    def f(self): return 1\n";

#[test]
fn every_definition_once() {
    let scratch = Scratch::new(&[("a.py", TEXT)]);
    let run = scratch.run(&["hash", "a.py"]);
    let names: Vec<_> = run.out.lines().map(|it| it.split_once("  ").unwrap().1).collect();
    let all = ["<module>", "f", "f.<locals>.<lambda>", "C", "C.f", "C.f#2"].map(|it| format!("a.py::{it}"));
    assert_eq!(names, all);
    let json = scratch.run(&["hash", "a.py::f", "--json"]).records();
    assert_eq!(json.len(), 1);
    assert_eq!(json[0]["qualname"], "f");
    assert_eq!(json[0]["module"], "a");
    assert_eq!(json[0]["kind"], "function");
    assert_eq!(json[0]["level"], "deep");
    assert_eq!(json[0]["depends_on"], serde_json::json!([]));
    assert_eq!(json[0]["unresolved"][0]["reason"], "undefined-name");
    assert_eq!(json[0]["partial"], false);
    assert_eq!((&json[0]["span"]["line"], &json[0]["span"]["col"]), (&4.into(), &0.into()));
    assert_eq!(run.out.lines().nth(1).unwrap(), format!("{}  a.py::f", json[0]["hash"].as_str().unwrap()));
}

#[test]
fn names_are_those_of_python() {
    let text = "\
@d(lambda: 0)
def f(a=lambda: 1):
    global g, C
    def g():
        def h(): pass
    class C:
        def m(self): return lambda: 2
    return [lambda: x for x in a]
class D(lambda: 3):
    def g(self, b=lambda: 4): pass
def g(): pass
";
    let scratch = Scratch::new(&[("a.py", text)]);
    let run = scratch.run(&["hash", "a.py"]);
    let names: Vec<_> = run.out.lines().map(|it| it.split_once("::").unwrap().1).collect();
    let expected = [
        "<module>",
        "f",
        "<lambda>",
        "<lambda>#2",
        "g",
        "g.<locals>.h",
        "C",
        "C.m",
        "C.m.<locals>.<lambda>",
        "f.<locals>.<lambda>",
        "D",
        "<lambda>#3",
        "D.g",
        "D.<lambda>",
        "g#2",
    ];
    assert_eq!(names, expected);
}

#[test]
fn levels_ignore_what_they_say() {
    let one = Scratch::new(&[("a.py", "def f(a):\n    return a+1  # c\n")]);
    let two = Scratch::new(&[("a.py", "def f(a):\r\n    return (a + 1)\r\n")]);
    let hash = |scratch: &Scratch, level: &str| scratch.run(&["hash", "a.py::f", "--level", level]).out;
    assert_eq!(hash(&one, "ast"), hash(&two, "ast"));
    assert_ne!(hash(&one, "exact"), hash(&two, "exact"));
    assert_eq!(hash(&one, "semantic"), hash(&two, "semantic"));
    let run = one.run(&["hash", "a.py", "--level", "deeper"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("unknown level `deeper`"), "{}", run.err);
}

#[test]
fn threads_and_frontends_make_no_difference() {
    let scratch = Scratch::new(&[("p/a.py", TEXT), ("p/b.py", "x = 1\n"), ("p/c.py", TEXT)]);
    let reference = scratch.run(&["hash", "p"]).out;
    for arguments in [["-j", "1"], ["-j", "2"], ["--frontend", "tree-sitter"]] {
        let run = scratch.run(&[&["hash", "p"], arguments.as_slice()].concat());
        assert_eq!(run.out, reference, "{arguments:?}");
    }
}

#[test]
fn files_and_folders_have_one_hash() {
    let scratch = Scratch::new(&[("p/a.py", "x\n"), ("p/q/b.py", "y\n"), ("p/q/c.py", "z\n")]);
    let summary = scratch.run(&["hash", "--summary", "p"]).out;
    assert_eq!(summary.lines().count(), 3);
    assert!(summary.lines().next().unwrap().ends_with("  p/a.py"));
    let tree = scratch.run(&["hash", "--tree", "p"]).out;
    let names: Vec<_> = tree.lines().map(|it| it.split_once("  ").unwrap().1).collect();
    assert_eq!(names, ["p", "p/q"]);
    scratch.write("p/q/b.py", b"y # c\n");
    assert_eq!(scratch.run(&["hash", "--tree", "p"]).out, tree);
    scratch.write("p/q/b.py", b"yy\n");
    let changed = scratch.run(&["hash", "--tree", "p"]).out;
    assert!(changed.lines().zip(tree.lines()).all(|(a, b)| a != b), "{changed}{tree}");
}

#[test]
fn lock_files_say_what_changed() {
    let scratch = Scratch::new(&[("a.py", "def f(): pass\ndef g(): pass\n")]);
    assert_eq!(scratch.run(&["hash", "a.py", "--write", "lock"]).code, Some(0));
    assert_eq!(scratch.run(&["hash", "--check", "lock"]).code, Some(0));
    scratch.write("a.py", b"def f(): return 1\ndef h(): pass\n");
    let run = scratch.run(&["hash", "--check", "lock"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out, "changed a.py::<module>\nchanged a.py::f\nremoved a.py::g\nadded a.py::h\n");
    scratch.write("lock", scratch.read("lock").replace("scheme 1", "scheme 0").as_bytes());
    let run = scratch.run(&["hash", "a.py", "--check", "lock"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("astkit hash a.py --write lock"), "{}", run.err);
}
