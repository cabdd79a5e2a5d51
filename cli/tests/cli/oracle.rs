//! Hashes and verdicts against CPython's own trees. Skipped, with a message, where there is no CPython 3.13 or later.

use std::path::{Path, PathBuf};
use std::process::Command;

use astkit_harness::{OraclePython, standard_library, tests_folder};

use crate::support::{Run, Scratch};

/// Files of the standard library: seconds of work for an unoptimized build.
const FILES: usize = 150;
const PAIRS: usize = 150;

#[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
fn python() -> Option<OraclePython> {
    OraclePython::find().map_err(|error| eprintln!("skipped: {error}")).ok()
}

fn script(python: &OraclePython, name: &str) -> Command {
    let mut command = Command::new(&python.executable);
    command.arg(tests_folder().join("oracle").join(name));
    command
}

fn stdlib(python: &OraclePython, seed: u64) -> Vec<PathBuf> {
    standard_library(python, FILES, seed).into_iter().map(|it| it.path).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn hashes_are_equal_exactly_where_dumps_are() {
    let Some(python) = python() else { return };
    let scratch = Scratch::new(&[]);
    let files = stdlib(&python, 7);
    let arguments: Vec<&str> = ["hash", "-q", "--level", "ast", "--json", "-o", "hashes"]
        .into_iter()
        .chain(files.iter().map(|it| text(it)))
        .collect();
    assert_eq!(scratch.run(&arguments).code, Some(0));
    let hashes = std::fs::File::open(scratch.path().join("hashes")).unwrap();
    let run = Run::new(&script(&python, "hashes.py").stdin(hashes).output().unwrap());
    let compared: u32 = run.out.trim().parse().unwrap_or_else(|_| panic!("{}{}", run.out, run.err));
    assert!(compared > 1000, "{compared}");
}

#[test]
fn verdicts_are_never_weaker_than_the_truth() {
    let Some(python) = python() else { return };
    let scratch = Scratch::new(&[]);
    let files = stdlib(&python, 8);
    let small = files.iter().filter(|it| std::fs::metadata(it).is_ok_and(|it| it.len() < 12_000));
    let mut make = script(&python, "verdicts.py");
    make.args(["make", text(scratch.path()), "1", &PAIRS.to_string()]).args(small);
    assert!(make.status().unwrap().success());
    assert_eq!(scratch.run(&["diff", "old", "new", "--format", "json", "-o", "diff.json"]).code, Some(0));
    let mut check = script(&python, "verdicts.py");
    let run = Run::new(&check.args(["check", "diff.json"]).current_dir(scratch.path()).output().unwrap());
    assert_eq!(run.out.trim(), PAIRS.to_string(), "{}", run.err);
}
