//! `astkit graph`: every format as it was, and what changes the graph.

use crate::project::{check, project};

#[test]
fn formats_are_as_they_were() {
    let scratch = project();
    for (name, arguments) in [
        ("imports-dot", &["imports", ".", "--format", "dot"][..]),
        ("imports-mermaid", &["imports", ".", "--format", "mermaid"]),
        ("imports-svg", &["imports", "pkg", "--format", "svg"]),
        ("imports-html", &["imports", "pkg", "--format", "html"]),
        ("imports-json", &["imports", ".", "--format", "json"]),
        ("packages-json", &["imports", ".", "--package", "--format", "json"]),
        ("calls-dot", &["calls", ".", "--format", "dot"]),
        ("calls-json", &["calls", ".", "--format", "json"]),
        ("impact-dot", &["impact", "pkg/core.py::helper", "--format", "dot"]),
        ("impact-json", &["impact", "pkg/core.py::helper", "--format", "json"]),
        ("focus-dot", &["imports", ".", "--focus", "pkg.registry", "--depth", "1"]),
    ] {
        let run = scratch.run(&[&["graph", "--isolated"], arguments].concat());
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        check("graph", name, &run.out);
        let again = scratch.run(&[&["graph", "--isolated"], arguments].concat());
        assert_eq!(run.out, again.out, "{name}");
    }
}

#[test]
fn cycles_are_findings() {
    let scratch = project();
    let imports = scratch.run(&["graph", "imports", "pkg", "--cycles"]);
    assert_eq!((imports.code, imports.out.as_str()), (Some(1), "pkg.again -> pkg.cycle -> pkg.again\n"));
    let calls = scratch.run(&["graph", "calls", "pkg", "--cycles"]);
    assert_eq!(calls.out, "pkg.again.even -> pkg.again.odd -> pkg.again.even\n", "{}", calls.err);
    let none = scratch.run(&["graph", "imports", "tests", "--cycles"]);
    assert_eq!((none.code, none.out.as_str()), (Some(0), ""));
    assert!(none.err.contains("no cycles"), "{}", none.err);
}

#[test]
fn bad_use_is_told() {
    let scratch = project();
    let focus = scratch.run(&["graph", "imports", "pkg", "--focus", "pkg.corr"]);
    assert_eq!(focus.code, Some(2));
    assert!(focus.err.contains("pkg.core"), "{}", focus.err);
    let format = scratch.run(&["graph", "imports", "pkg", "--format", "text"]);
    assert!(format.code == Some(2) && format.err.contains("mermaid"), "{}", format.err);
    let gone = scratch.run(&["graph", "imports", "gone.py"]);
    assert_eq!(gone.code, Some(2));
    let broken = scratch.write("pkg/broken.py", b"import pkg.core\ndef f(:\n");
    assert!(broken.exists());
    let run = scratch.run(&["graph", "imports", "pkg", "--format", "json", "--strict"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains(r#"{"from":"pkg.broken","to":"pkg.core""#), "{}", run.out);
}

#[test]
fn large_pictures_are_packages() {
    let scratch = project();
    for number in 0..600 {
        scratch.write(&format!("many/p{}/m{number}.py", number % 7), b"import pkg.core\n");
    }
    let run = scratch.run(&["graph", "imports", ".", "--format", "svg"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("too many for a picture"), "{}", run.err);
    assert!(run.out.contains("many.p3") || run.out.contains(">p3<"), "{}", &run.out[..2000]);
}
