//! `astkit transform`.

use crate::support::Scratch;

const OLD: &str = "\
import sys
from b import *

# why
if sys.version_info >= (3, 8):
    # new
    day = 24 * 60 * 60  # seconds
else:
    day = 1
";

fn scratch() -> Scratch {
    Scratch::new(&[("a.py", OLD), ("b.py", "__all__ = ['x', 'y']\nx = y = 1\n")])
}

#[test]
fn the_result_is_printed() {
    let scratch = scratch();
    let run = scratch.run(&[
        "transform",
        "expand-wildcards, dead-code<python_version=3.9>, fold-constants",
        "a.py",
    ]);
    assert_eq!(run.out, "import sys\nfrom b import x, y\n\n# why\n# new\nday = 86400  # seconds\n");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(scratch.read("a.py"), OLD);
    let run = scratch.run_with_input(&["transform", "fold-constants", "-"], b"x = 1+1\r\n");
    assert_eq!(run.out, "x = 2\r\n");
    let run = scratch.run(&["transform", "fold-constants", "."]);
    let folded = OLD.replace("24 * 60 * 60", "86400");
    assert_eq!(run.out, format!("==> a.py <==\n{folded}\n==> b.py <==\n__all__ = ['x', 'y']\nx = y = 1\n\n"));
}

#[test]
fn a_patch_and_a_file() {
    let scratch = scratch();
    let run = scratch.run(&["transform", "fold-constants", "--diff", "."]);
    assert!(run.out.starts_with("--- a/a.py\n+++ b/a.py\n@@ -4,6 +4,6 @@\n"), "{}", run.out);
    assert!(run.out.contains("-    day = 24 * 60 * 60  # seconds\n+    day = 86400  # seconds\n"));
    assert_eq!(run.out.matches("+++").count(), 1);
    let before = std::fs::metadata(scratch.path().join("b.py")).unwrap().modified().unwrap();
    let run = scratch.run(&["transform", "repeat<8>(fold-constants)", "--write", "."]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", "1 of 2 files changed\n"));
    assert_eq!(scratch.read("a.py"), OLD.replace("24 * 60 * 60", "86400"));
    assert_eq!(std::fs::metadata(scratch.path().join("b.py")).unwrap().modified().unwrap(), before);
    let run = scratch.run(&["transform", "fold-constants", "--write", "-"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn records_say_what_happened() {
    let scratch = scratch();
    scratch.write("c.py", b"from nowhere import *\n");
    let run = scratch.run(&["transform", "expand-wildcards", "--json", "a.py", "c.py"]);
    let records = run.records();
    assert_eq!(records[0]["pass"], "expand-wildcards");
    assert_eq!(records[0]["result"]["applied"], "expand-wildcards");
    assert_eq!(
        records[0]["result"]["source"].as_str().unwrap(),
        OLD.replace('*', "x, y").replace("24 x, y 60 x, y", "24 * 60 *")
    );
    assert_eq!((&records[0]["schema"], &records[0]["partial"]), (&1.into(), &false.into()));
    assert_eq!(
        (&records[1]["result"]["changed"], &records[1]["result"]["source"]),
        (&false.into(), &serde_json::Value::Null)
    );
    assert_eq!(records[1]["unresolved"][0]["span"]["line"], 1);
    assert!(run.err.contains("c.py:1:21: expand-wildcards: "), "{}", run.err);
    let run = scratch.run(&["transform", "dead-code<platform=linux>,fold-constants", "--json", "b.py"]);
    assert_eq!(run.records()[0]["pass"], "dead-code<platform=linux>,fold-constants");
}

#[test]
fn what_is_broken_stays() {
    let scratch = Scratch::new(&[("a.py", "x = 1 + 1\ny = (\n")]);
    let run = scratch.run(&["transform", "fold-constants", "--write", "a.py"]);
    assert!(run.code == Some(0) && run.err.contains("syntax-error"), "{}", run.err);
    assert_eq!(scratch.read("a.py"), "x = 1 + 1\ny = (\n");
    let run = scratch.run(&["transform", "fold-constants", "--strict", "--json", "a.py"]);
    assert_eq!((run.code, &run.records()[0]["partial"]), (Some(1), &true.into()));
    let run = scratch.run(&["transform", "fold-constants", "nothing.py"]);
    assert_eq!(run.code, Some(2));
    for pipeline in
        ["", "fold-constants,", "nothing", "fold-constants<x=1>", "repeat<2>fold-constants", "scopes"]
    {
        let run = scratch.run(&["transform", pipeline, "a.py"]);
        assert_eq!(run.code, if pipeline.is_empty() { Some(0) } else { Some(2) }, "{pipeline}: {}", run.err);
    }
}

#[test]
fn other_codecs_are_kept() {
    let scratch = Scratch::new(&[]);
    scratch.write("a.py", b"# coding: latin-1\r\nx = '\xe9' + 'a'\r\n# \xe8\r\n");
    let run = scratch.run(&["transform", "fold-constants", "--write", "-q", "a.py"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let bytes = std::fs::read(scratch.path().join("a.py")).unwrap();
    assert_eq!(bytes, b"# coding: latin-1\r\nx = '\xe9a'\r\n# \xe8\r\n");
    scratch.write("b.py", b"\xef\xbb\xbfx = 1+1\ry = 2\r");
    scratch.run(&["transform", "fold-constants", "--write", "b.py"]);
    assert_eq!(std::fs::read(scratch.path().join("b.py")).unwrap(), b"\xef\xbb\xbfx = 2\ry = 2\r");
}

#[test]
fn a_definition_alone_is_changed() {
    let text = "\
from dataclasses import dataclass

def f():
    return 1 + 1

class C:
    x = 1 + 1

    def f(self):
        return 2 + 2

@dataclass
class D:
    a: int

@dataclass
class E:
    b: int
";
    let scratch = Scratch::new(&[("a.py", text)]);
    let run = scratch.run(&["transform", "fold-constants", "a.py::C.f"]);
    assert_eq!((run.out.as_str(), run.code), (text.replace("2 + 2", "4").as_str(), Some(0)));
    let run = scratch.run(&["transform", "repeat<2>(fold-constants)", "a:C"]);
    assert_eq!(run.out, text.replace("2 + 2", "4").replace("x = 1 + 1", "x = 2"));
    let run = scratch.run(&["transform", "fold-constants", "a.py::<module>"]);
    assert_eq!(run.out, text, "the module's own code has no operation");
    let run = scratch.run(&["transform", "undataclass", "a.py::D", "--diff"]);
    assert!(run.out.contains("+import dataclasses") && run.out.contains("self.a = a"), "{}", run.out);
    assert!(!run.out.contains("self.b"), "{}", run.out);
    let run = scratch.run(&["transform", "fold-constants", "a.py::f", "a.py::C", "--write"]);
    assert!(run.code == Some(2) && run.err.contains("`a.py` is to be written twice"), "{}", run.err);
    let run = scratch.run(&["transform", "fold-constants", "a.py::g"]);
    assert!(run.code == Some(2) && run.err.contains("no definition `g` in `a.py`"), "{}", run.err);
    let run = scratch.run(&["transform", "fold-constants", "a.py::f", "--write"]);
    assert_eq!((run.code, scratch.read("a.py")), (Some(0), text.replacen("1 + 1", "2", 1)));
}
