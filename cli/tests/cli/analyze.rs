//! `astkit analyze` and `astkit passes`.

use crate::support::Scratch;

#[test]
fn every_pass_has_a_line_a_file() {
    let scratch = Scratch::new(&[
        ("a.py", "import b\nfrom b import *\n__all__ = ['C']\nclass C(b.D): pass\nx = (1, 2)\n"),
        ("b.py", "class D: pass\n"),
    ]);
    let passes = scratch.run(&["passes", "--json"]);
    for pass in passes.records().into_iter().filter(|it| it["kind"] != "transformation") {
        let name = pass["name"].as_str().unwrap();
        let run = scratch.run(&["analyze", name, "."]);
        assert_eq!((run.code, run.err.as_str(), run.records().len()), (Some(0), "", 2), "{name}");
        assert!(run.records().iter().all(|it| it["pass"] == name && it["schema"] == 1), "{name}");
    }
    let run = scratch.run(&["analyze", "mro", "a.py"]);
    assert_eq!(
        run.records()[0]["result"]["classes"][0]["mro"].to_string(),
        r#"["a.C","b.D","builtins.object"]"#
    );
    let run = scratch.run(&["analyze", "wildcards", "a.py"]);
    assert_eq!(run.records()[0]["result"]["statements"][0]["names"].to_string(), r#"["D"]"#);
    let run = scratch.run(&["analyze", "calls", "."]);
    assert_eq!(run.records()[0]["result"]["edges"].to_string(), "[]");
    let run = scratch.run(&["analyze", "imports", "a.py"]);
    assert_eq!(run.records()[0]["result"]["imports"][0]["resolved"]["kind"], "source");
}

#[test]
fn parameters_are_checked() {
    let scratch = Scratch::new(&[("a.py", "import sys\nif sys.platform == 'win32': x\n")]);
    let run = scratch.run(&["analyze", "unreachable", "a.py", "-p", "platform=linux"]);
    assert_eq!(run.records()[0]["result"]["statements"][0]["line"], 2);
    let run = scratch.run(&["analyze", "unreachable", "a.py"]);
    assert_eq!(run.records()[0]["result"]["statements"].to_string(), "[]");
    let run = scratch.run(&["analyze", "scopes", "a.py", "-p", "x=1"]);
    assert!(run.code == Some(2) && run.err.contains("no parameter `x`"), "{}", run.err);
    let run = scratch.run(&["analyze", "nothing", "a.py"]);
    assert!(run.code == Some(2) && run.err.contains("no pass `nothing`"), "{}", run.err);
}

#[test]
fn of_a_definition_there_is_what_stands_in_it() {
    let text = "\
import os

class C:
    x = 1

    @staticmethod
    def f(a):
        b = a
        return b

    def g(self):
        import sys
        return lambda: 0

def f(): return 2
y = 3
";
    let scratch = Scratch::new(&[("a.py", text)]);
    let result = |pass: &str, target: &str| {
        let run = scratch.run(&["analyze", pass, target]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{pass} {target}");
        run.records().remove(0)
    };
    let names = |record: &serde_json::Value, list: &str, key: &str| {
        let all = record["result"][list].as_array().unwrap().iter();
        all.map(|it| it[key].to_string().replace('"', "")).collect::<Vec<_>>().join(" ")
    };
    let found = result("scopes", "a.py::C.f");
    assert_eq!((names(&found, "scopes", "name"), &found["qualname"]), ("f".to_owned(), &"C.f".into()));
    assert_eq!(names(&result("literals", "a.py::C"), "literals", "repr"), "1 0");
    assert_eq!(names(&result("literals", "a.py::<module>"), "literals", "repr"), "3");
    assert_eq!(names(&result("imports", "a.py::C.g"), "imports", "name"), "sys");
    assert_eq!(names(&result("purity", "a:C"), "functions", "qualname"), "C.f C.g C.g.<locals>.<lambda>");
    let chains = result("def-use", "a.py::C.f");
    assert_eq!(
        (names(&chains, "defs", "name"), names(&chains, "uses", "name")),
        ("f a b".into(), "staticmethod a b".into())
    );
    assert_eq!(names(&result("def-use", "a.py::<module>"), "defs", "name"), "os y");
    let run = scratch.run(&["analyze", "scopes", "a.py::C.h"]);
    assert!(run.code == Some(2) && run.err.contains("no definition `C.h` in `a.py`"), "{}", run.err);
}

#[test]
fn values_say_why_there_is_none() {
    let scratch = Scratch::new(&[
        ("a.py", "from b import N, M\nimport sys\nX = N * 2 if sys.platform == 'linux' else None\n"),
        ("b.py", "N = 21\nM = f()\n"),
    ]);
    let run = scratch.run(&["analyze", "values", "a.py", "-p", "known=sys.platform=linux,b.Q=1"]);
    let record = &run.records()[0];
    assert_eq!(record["result"]["globals"]["X"].to_string(), r#"{"repr":"42","type":"int"}"#);
    assert_eq!(
        record["unresolved"].to_string(),
        r#"[{"col":4,"line":2,"name":"M","path":"b.py","reason":"a call that is not evaluated"}]"#
    );
    let run = scratch.run(&["analyze", "values", "a.py", "-p", "known=1"]);
    assert!(run.code == Some(2) && run.err.contains("`known`: `1` is not NAME=VALUE"), "{}", run.err);
}
