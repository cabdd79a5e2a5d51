//! `astkit impact`: who is reached, what changed since, and which tests to run.

use std::process::Command;

use crate::project::{check, edit, git, project, repository};
use crate::support::Scratch;

fn tests(scratch: &Scratch, arguments: &[&str]) -> Vec<String> {
    let run = scratch.run(&[&["impact", "--tests"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
    run.out.lines().map(|it| it.trim_start_matches("tests/test_core.py::").to_owned()).collect()
}

#[test]
fn formats_are_as_they_were() {
    let scratch = project();
    check("impact", "text", &scratch.run(&["impact", "pkg/shapes.py::Circle.area"]).out);
    check("impact", "json-lines", &scratch.run(&["impact", "pkg/shapes.py::Circle.area", "--json"]).out);
    check("impact", "tests", &scratch.run(&["impact", "pkg/shapes.py::Circle.area", "--tests"]).out);
    check("impact", "module-target", &scratch.run(&["impact", "pkg.registry:one"]).out);
}

#[test]
fn tests_that_run_a_definition_are_told_and_no_others() {
    let scratch = project();
    for (target, expected) in [
        // A call, near and far; a name taken of a module.
        ("pkg/core.py::helper", &["test_compute", "test_param"][..]),
        ("pkg/core.py::LIMIT", &["test_unused"]),
        // A method of what a fixture gives; of what another function is given.
        ("pkg/shapes.py::Square.perimeter", &["test_perimeter"]),
        ("pkg/shapes.py::Square.area", &["test_area"]),
        // A method that only a base class calls.
        ("pkg/shapes.py::Base.label", &["TestCircle::test_describe"]),
        // A constructor in what runs before each test of a class.
        (
            "pkg/shapes.py::Circle.__init__",
            &["TestCircle::test_area", "TestCircle::test_describe", "TestCircle::test_nothing"],
        ),
        // What a decorator has put into a table.
        ("pkg/registry.py::one", &["test_registry"]),
        ("tests/conftest.py::square", &["test_area", "test_perimeter"]),
        ("tests/test_core.py::test_area", &["test_area"]),
    ] {
        assert_eq!(tests(&scratch, &[target]), expected, "{target}");
    }
}

#[test]
fn since_a_revision() {
    let scratch = repository();
    let quiet = scratch.run(&["impact", "--since", "HEAD", "--tests"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (Some(0), ""));
    assert!(quiet.err.contains("no definition of 8 files"), "{}", quiet.err);
    // What says nothing about behavior.
    edit(&scratch, "pkg/core.py", "def helper(x):\n", "def helper(x):\n    # Adds.\n");
    assert!(tests(&scratch, &["--since", "HEAD"]).is_empty());
    edit(&scratch, "pkg/core.py", "x + 1", "x + 2");
    assert_eq!(tests(&scratch, &["--since", "HEAD"]), ["test_compute", "test_param"]);
    git(&scratch, &["checkout", "-q", "."]);
    // An import that leads elsewhere.
    edit(&scratch, "pkg/__init__.py", "compute", "unused as compute");
    assert_eq!(tests(&scratch, &["--since", "HEAD"]), ["test_compute"]);
    git(&scratch, &["checkout", "-q", "."]);
    // A method that is gone, another that is not.
    edit(&scratch, "pkg/shapes.py", "    def area(self):\n        return 3 * self.r ** 2\n", "");
    let expected = ["TestCircle::test_area", "TestCircle::test_describe"];
    assert_eq!(tests(&scratch, &["--since", "HEAD"]), expected);
    let run = scratch.run(&["diff", "--impact", "--format", "concise"]);
    assert!(run.out.contains("Base.describe  through pkg/shapes.py::Circle.area (removed)"), "{}", run.out);
    git(&scratch, &["checkout", "-q", "."]);
    // A file that is gone, and one that is new to git.
    std::fs::remove_file(scratch.path().join("pkg/registry.py")).unwrap();
    assert!(tests(&scratch, &["--since", "HEAD"]).contains(&"test_registry".to_owned()));
    git(&scratch, &["checkout", "-q", "."]);
    scratch.write("tests/test_new.py", b"from pkg import compute\n\ndef test_new():\n    compute(1)\n");
    assert_eq!(tests(&scratch, &["--since", "HEAD"]), ["tests/test_new.py::test_new"]);
    // What nobody can follow is told.
    scratch.write("data.json", b"{}");
    let run = scratch.run(&["impact", "--since", "HEAD", "--tests"]);
    assert!(run.err.contains("data.json"), "{}", run.err);
    let unknown = scratch.run(&["impact", "--since", "nothing"]);
    assert_eq!(unknown.code, Some(2));
}

#[test]
fn since_a_lock() {
    let scratch = repository();
    let written = scratch.run(&["hash", "pkg", "tests", "--write", "lock"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert!(tests(&scratch, &["--since", "lock"]).is_empty());
    edit(&scratch, "pkg/core.py", "x + 1", "x + 2");
    assert_eq!(tests(&scratch, &["--since", "lock"]), ["test_compute", "test_param"]);
}

#[test]
fn bad_use_is_told() {
    let scratch = project();
    let run = scratch.run(&["impact", "pkg/core.py::helpr"]);
    assert!(run.code == Some(2) && run.err.contains("helper"), "{}", run.err);
    assert_eq!(scratch.run(&["impact"]).code, Some(2));
    let alone = scratch.run(&["impact", "tests/test_core.py::test_param"]);
    assert!(alone.code == Some(0) && alone.err.contains("nothing else"), "{}", alone.err);
    let none = scratch.run(&["impact", "pkg/again.py::odd", "--tests"]);
    assert!(none.out.is_empty() && none.err.contains("no test is reached"), "{}", none.err);
}

/// What is printed for pytest is what pytest takes, wherever there is one.
#[test]
fn pytest_runs_what_is_told() {
    let scratch = repository();
    let python = std::env::var("ASTKIT_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let pytest = |arguments: &[String]| {
        let mut command = Command::new(&python);
        command
            .current_dir(scratch.path())
            .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
            .args(arguments);
        command.env("PYTHONPATH", scratch.path()).env("PYTHONDONTWRITEBYTECODE", "1").output()
    };
    let is_there = Command::new(&python).args(["-c", "import pytest"]).output();
    if !is_there.is_ok_and(|it| it.status.success()) {
        return;
    }
    edit(&scratch, "pkg/shapes.py", "3 * self.r", "4 * self.r");
    let ids: Vec<String> =
        scratch.run(&["impact", "--since", "HEAD", "--tests"]).out.lines().map(str::to_owned).collect();
    let some = String::from_utf8_lossy(&pytest(&ids).unwrap().stdout).into_owned();
    let all = String::from_utf8_lossy(&pytest(&[]).unwrap().stdout).into_owned();
    assert!(some.contains("2 failed") && all.contains("2 failed, 8 passed"), "{some}\n{all}");
    assert!(!some.contains("error"), "{some}");
}
