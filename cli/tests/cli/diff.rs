//! `astkit diff`.

use crate::support::Scratch;

const OLD: &str = "def f(a):\n    return a\n\n\ndef g():\n    return [1,2]\n";
const NEW: &str = "def f(a, b):\n    return a + b\n\n\ndef g():\n    return [1, 2]\n";

#[test]
fn two_files_in_every_format() {
    let scratch = Scratch::new(&[("a.py", OLD), ("b.py", NEW)]);
    let concise = scratch.run(&["diff", "a.py", "b.py", "--format", "concise"]);
    assert_eq!(concise.out, "b.py:1:1: f: signature, body\nb.py:5:1: g: formatting\n");
    assert_eq!(concise.code, Some(0));
    let full = scratch.run(&["diff", "a.py", "b.py"]).out;
    let expected = "\
b.py  1 signature, 1 body  (formatting folded: 1)
~ signature, body f  :1 → :1
       1  -  def f(a):
       2  -      return a
       1  +  def f(a[+, b+]):
       2  +      return a[+ + b+]

";
    assert_eq!(full, expected);
    assert_eq!(scratch.run(&["diff", "a.py", "b.py", "--name-only"]).out, "b.py\n");
    let stat = scratch.run(&["diff", "a.py", "b.py", "--stat"]).out;
    assert_eq!(
        stat,
        " b.py | 1 signature, 1 body, 1 formatting\n 1 file changed: 1 signature, 1 body, 1 formatting\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&scratch.run(&["diff", "a.py", "b.py", "--format", "json"]).out).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["old"]["path"], "a.py");
    assert_eq!(json["summary"]["body"], 1);
    assert_eq!(json["files"][0]["status"], "modified");
    assert_eq!(json["files"][0]["verdict"], serde_json::json!(["signature", "body", "formatting"]));
    let f = &json["definitions"][0];
    assert_eq!((&f["kind"], &f["certainty"]), (&"function".into(), &"exact".into()));
    assert_eq!(f["old"]["qualname"], "f");
    assert_ne!(f["old"]["hash"], f["new"]["hash"]);
    let lines = scratch.run(&["diff", "a.py", "b.py", "--json"]).records();
    let types: Vec<_> = lines.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["file", "definition", "definition", "summary"]);
}

#[test]
fn exit_codes_follow_what_is_asked() {
    let scratch = Scratch::new(&[("a.py", OLD), ("b.py", NEW), ("c.py", &OLD.replace("1,2", "1, 2"))]);
    let code = |arguments: &[&str]| scratch.run(&[&["diff"], arguments].concat()).code;
    assert_eq!(code(&["a.py", "b.py"]), Some(0));
    assert_eq!(code(&["a.py", "b.py", "--exit-code"]), Some(1));
    assert_eq!(code(&["a.py", "a.py", "--exit-code"]), Some(0));
    assert_eq!(code(&["a.py", "c.py", "--exit-code"]), Some(1));
    assert_eq!(code(&["a.py", "c.py", "--exit-code", "--hide", "formatting"]), Some(0));
    assert_eq!(code(&["a.py", "b.py", "--exit-code", "--hide", "formatting,comments"]), Some(1));
    assert_eq!(code(&["a.py", "b.py", "--fail-on", "signature"]), Some(1));
    assert_eq!(code(&["a.py", "b.py", "--fail-on", "removed,hints"]), Some(0));
    assert_eq!(code(&["a.py", "b.py", "--hide", "colour"]), Some(2));
    assert_eq!(code(&["a.py", "none.py"]), Some(2));
    assert_eq!(code(&["a.py"]), Some(2));
    assert_eq!(code(&["a.py", "."]), Some(2));
}

#[test]
fn folders_are_paired_by_path_and_then_by_content() {
    let scratch = Scratch::new(&[
        ("old/same.py", "x\n"),
        ("new/same.py", "x\n"),
        ("old/m/a.py", OLD),
        ("new/m/a.py", NEW),
        ("old/gone.py", "def gone(): pass\n"),
        ("new/fresh.py", "def fresh(): pass\n"),
        ("old/was.py", "print('moved')\n"),
        ("new/sub/is.py", "print('moved')\n"),
    ]);
    let concise = scratch.run(&["diff", "old", "new", "--format", "concise"]);
    let expected = "\
new/fresh.py:1:1: <module>: added
new/fresh.py:1:1: fresh: added
old/gone.py:1:1: <module>: removed
old/gone.py:1:1: gone: removed
new/m/a.py:1:1: f: signature, body
new/m/a.py:5:1: g: formatting
new/sub/is.py: renamed from old/was.py
";
    assert_eq!(concise.out, expected);
    let json = scratch.run(&["diff", "old", "new", "--json"]).records();
    let statuses: Vec<_> =
        json.iter().filter(|it| it["type"] == "file").map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["added", "removed", "modified", "unchanged", "renamed"]);
    let reference = scratch.run(&["diff", "old", "new", "-j", "1"]).out;
    assert_eq!(scratch.run(&["diff", "old", "new", "-j", "4"]).out, reference);
}

#[test]
fn one_side_may_be_standard_input_or_nothing() {
    let scratch = Scratch::new(&[("a.py", OLD)]);
    let run = scratch.run_with_input(&["diff", "a.py", "-", "--format", "concise"], NEW.as_bytes());
    assert_eq!(run.out, "<stdin>:1:1: f: signature, body\n<stdin>:5:1: g: formatting\n");
    let run = scratch.run(&["diff", "/dev/null", "a.py", "--format", "concise"]);
    assert_eq!(run.out.lines().count(), 3, "{}", run.out);
    assert_eq!(scratch.run(&["diff", "-", "-"]).code, Some(2));
}

#[test]
fn what_cannot_be_seen_in_the_text_is_seen_in_the_bytes() {
    let scratch = Scratch::new(&[("a.py", "x = 1\n"), ("crlf.py", "x = 1\r\n")]);
    let concise = |old: &str, new: &str| scratch.run(&["diff", old, new, "--format", "concise", "-q"]).out;
    assert_eq!(concise("a.py", "crlf.py"), "crlf.py:1:1: <module>: formatting\n");
    scratch.write("bad1.py", b"x = '\xff'\n");
    scratch.write("bad2.py", b"x = '\xfe'\n");
    assert_eq!(concise("bad1.py", "bad2.py"), "bad2.py:1:1: <module>: body (syntax error)\n");
}

#[test]
fn what_depends_on_a_change_is_told() {
    let caller = "from a import f\n\n\ndef g():\n    return f(1)\n\n\ndef far():\n    return g()\n";
    let scratch = Scratch::new(&[
        ("old/a.py", "def f(x):\n    return x\n"),
        ("new/a.py", "def f(x):\n    return x + 1\n"),
        ("old/b.py", caller),
        ("new/b.py", caller),
    ]);
    let run = scratch.run(&["diff", "old", "new", "--format", "concise", "--impact"]);
    let expected = "\
new/a.py:1:1: f: body
! impacted   new/b.py::far  through new/a.py::f → new/b.py::g (body)
! impacted   new/b.py::g  through new/a.py::f (body)
";
    assert_eq!(run.out, expected, "{}", run.err);
    let near = scratch.run(&["diff", "old", "new", "--impact=1", "--json"]).records();
    let near: Vec<_> = near.iter().filter(|it| it["type"] == "impacted").collect();
    assert_eq!(near.len(), 1);
    assert_eq!(near[0]["target"], "new/b.py::g");
    assert_eq!(near[0]["via"], serde_json::json!(["new/a.py::f"]));
}

#[test]
fn scripts_are_applied() {
    let scratch = Scratch::new(&[("a.py", OLD), ("b.py", NEW)]);
    scratch.write("latin.py", b"# coding: latin-1\nx = '\xe9'\n");
    scratch.write("other.py", b"# coding: latin-1\nx = '\xe9\xe8'\n");
    for (old, new) in [("a.py", "b.py"), ("b.py", "a.py"), ("latin.py", "other.py")] {
        for format in ["json", "json-lines"] {
            let script = scratch.run(&["diff", old, new, "--script", "--verify", "--format", format]);
            scratch.write("script.json", script.out.as_bytes());
            let output = scratch.command(&["apply", "script.json", old]).output().unwrap();
            assert_eq!(
                output.stdout,
                std::fs::read(scratch.path().join(new)).unwrap(),
                "{old} {new} {format}"
            );
        }
    }
}

/// Definitions and statements of other languages, where the build has them.
#[cfg(feature = "javascript")]
#[test]
fn other_languages_have_definitions_too() {
    let old = "function f(a) {\n  return a;\n}\n\nfunction walk(tree) {\n  for (const it of tree) { visit(it, tree); }\n}\n";
    let new = "// Adds.\nfunction f(a, b) {\n  return a + b;\n}\n\nfunction stroll(tree) {\n  for (const it of tree) { visit(it, tree); }\n}\n";
    let scratch =
        Scratch::new(&[("a.js", old), ("b.js", new), ("c.js", &old.replace("return a", "return  a"))]);
    let out = |new: &str| scratch.run(&["diff", "a.js", new, "--format", "concise"]).out;
    assert_eq!(
        out("b.js"),
        "b.js:1:1: <module>: comments\nb.js:2:1: f: body\nb.js:6:1: walk → stroll: renamed\n"
    );
    assert_eq!(out("c.js"), "c.js:1:1: f: formatting\n");
}
