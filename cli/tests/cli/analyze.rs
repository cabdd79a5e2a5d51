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
