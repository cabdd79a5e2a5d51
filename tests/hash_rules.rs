//! The rules of the normal form, each with its proof: both sides run in Python and are seen to do the same.
//!
//! `tests/hash/rules/NAME.py` has two texts and a third that looks at what they do; so has `tests/hash/always/`, for
//! what no rule switches. Both texts must have equal hashes, other ones when the rule is off, and their normal forms
//! must do the same as they do. Rules that are used only where they are asked for are asked for. What is run stands in this repository. Without CPython 3.13 the runs are left
//! out; with `ASTKIT_TEST_PYTHONS` each of its interpreters makes them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use astkit::hash::normal::{Keep, Names, NormalForm, NormalOptions, Rule, Rules};
use astkit::hash::{Hash, semantic_hashes};
use astkit::{Lowered, Options, SourceText};
use astkit_harness::{OraclePython, tests_folder};

struct Case {
    name: String,
    one: String,
    two: String,
    seen: String,
}

fn cases(folder: &str) -> Vec<Case> {
    let folder = tests_folder().join("hash").join(folder);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the rules").flatten().map(|it| it.path()).collect();
    paths.sort();
    let case = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a rule");
        let (one, rest) = text.split_once("# ==== same ====\n").expect("a second text");
        let (two, seen) = rest.split_once("# ==== seen ====\n").expect("a third text");
        let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        Case { name: name.to_owned(), one: one.to_owned(), two: two.to_owned(), seen: seen.to_owned() }
    };
    paths.iter().map(case).collect()
}

fn lowered(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = astkit::ast::lower(&astkit_python_ast::PythonAst, &source, &Options::default())
        .expect("an in-process parser");
    assert!(!lowered.is_partial(), "{text}");
    (source, lowered)
}

/// The hashes of a text's functions and classes, and of the module where `module` says so.
fn hashes(text: &str, options: NormalOptions) -> Vec<(String, Hash)> {
    let (source, lowered) = lowered(text);
    let all = astkit::ast::definitions(&lowered.tree);
    let hashes = semantic_hashes(&source, &lowered, &all, options);
    let mut out: Vec<_> = all.iter().map(|it| it.qualname.clone()).zip(hashes).collect();
    if text.starts_with("# Names of a module are seen by others.") {
        out.remove(0);
    }
    out.sort();
    out
}

fn values(hashes: &[(String, Hash)]) -> Vec<Hash> {
    let mut out: Vec<Hash> = hashes.iter().map(|it| it.1).collect();
    out.sort();
    out
}

fn normal_form(text: &str, options: NormalOptions) -> String {
    let (_, lowered) = lowered(text);
    let normal = NormalForm::of(&lowered.tree, options).expect("Python");
    normal.to_source(normal.tree.root(), Names::Program).expect("a whole tree")
}

/// Runs a text; ends with 77 if it is none of this Python.
const RUNNER: &str = "\
import sys
text = sys.stdin.buffer.read().decode('utf-8')
try:
    code = compile(text, '<case>', 'exec')
except SyntaxError as error:
    print(error, file=sys.stderr)
    sys.exit(77)
exec(code, {'__name__': 'case', '__file__': sys.executable})
";

/// What a text prints, looked at by another; nothing if it is no text of this Python.
fn run(python: &Path, text: &str, seen: &str) -> Option<String> {
    let mut child = Command::new(python)
        .args(["-I", "-W", "ignore", "-c", RUNNER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(format!("{text}\n{seen}").as_bytes()).expect("a pipe");
    drop(input);
    let output = child.wait_with_output().expect("Python");
    if output.status.code() == Some(77) {
        return None;
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{text}\n{errors}", python.display());
    Some(String::from_utf8(output.stdout).expect("text"))
}

/// The interpreters that run both sides: those of `ASTKIT_TEST_PYTHONS` (a list like that of `PATH`), or the usual one.
#[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
fn pythons() -> Vec<PathBuf> {
    if let Some(list) = std::env::var_os("ASTKIT_TEST_PYTHONS") {
        return std::env::split_paths(&list).collect();
    }
    let found = OraclePython::find().map_err(|error| eprintln!("not run: {error}"));
    found.into_iter().map(|it| it.executable).collect()
}

#[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
fn check(case: &Case, pythons: &[PathBuf], options: NormalOptions) {
    let (one, two) = (hashes(&case.one, options), hashes(&case.two, options));
    assert_eq!(values(&one), values(&two), "{}: {one:#?} {two:#?}", case.name);
    let normal = normal_form(&case.one, options);
    let first = case.one.lines().next().filter(|it| it.starts_with("# ")).unwrap_or_default();
    let again = hashes(&format!("{first}\n{normal}"), options);
    assert_eq!(values(&one), values(&again), "{}: the normal form is its own\n{normal}", case.name);
    for python in pythons {
        let Some(expected) = run(python, &case.one, &case.seen) else {
            eprintln!("not run: {} is too new for {}", case.name, python.display());
            continue;
        };
        assert!(!expected.is_empty(), "{}", case.name);
        for text in [&case.two, &normal, &normal_form(&case.two, options)] {
            let seen = run(python, text, &case.seen);
            assert_eq!(seen.as_ref(), Some(&expected), "{} under {}:\n{text}", case.name, python.display());
        }
    }
}

#[test]
fn every_rule_is_proven() {
    let pythons = pythons();
    let cases = cases("rules");
    let names: Vec<&str> = cases.iter().map(|it| it.name.as_str()).collect();
    let mut rules: Vec<&str> = Rule::all().map(Rule::as_str).collect();
    rules.sort_unstable();
    assert_eq!(names, rules);
    for case in &cases {
        let rule = Rule::parse(&case.name).expect("a rule");
        let default = Rules::default();
        let options = |rules| NormalOptions { rules, ..NormalOptions::default() };
        check(case, &pythons, options(default.with(rule)));
        let without = options(default.without(rule));
        let (one, two) = (hashes(&case.one, without), hashes(&case.two, without));
        assert_ne!(values(&one), values(&two), "{} makes no difference", case.name);
    }
}

#[test]
fn what_no_rule_switches_is_proven() {
    let pythons = pythons();
    for case in &cases("always") {
        check(case, &pythons, NormalOptions::default());
    }
}

/// Asking for aggressive rules changes no proof of the others, nor of what no rule switches.
#[test]
fn all_rules_together_are_proven() {
    let pythons = pythons();
    let rules = Rules::parse("+aggressive").expect("a name");
    assert!(Rule::all().all(|it| rules.has(it)));
    assert_eq!(Rules::parse(&rules.to_string()), Ok(rules));
    assert_eq!(Rules::parse("+aggressive,-aggressive"), Ok(Rules::default()));
    for folder in ["rules", "always", "aggressive"] {
        for case in &cases(folder) {
            check(case, &pythons, NormalOptions { rules, ..NormalOptions::default() });
        }
    }
}

#[test]
fn what_is_kept_makes_a_difference() {
    let text = "def f(x: int):\n    'Doc.'\n    return x\n";
    let usual = hashes(text, NormalOptions::default());
    let hints = NormalOptions { hints: Keep::Always, ..NormalOptions::default() };
    let docstrings = NormalOptions { docstrings: Keep::Always, ..NormalOptions::default() };
    let all = [usual, hashes(text, hints), hashes(text, docstrings)];
    assert_ne!(all[0], all[1]);
    assert_ne!(all[0], all[2]);
    assert_ne!(all[1], all[2]);
}

/// The examples of the documentation.
fn examples() -> Vec<(String, String, String)> {
    let path = tests_folder().join("..").join("docs").join("hash.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let mut out = Vec::new();
    for block in text.split("```python ").skip(1) {
        let (kind, rest) = block.split_once('\n').expect("a heading");
        let (code, _) = rest.split_once("```").expect("an end");
        let (one, two) = code.split_once("# and\n").expect("two halves");
        out.push((kind.to_owned(), one.to_owned(), two.to_owned()));
    }
    out
}

/// The hashes of the last definition at the top of a text.
fn last(text: &str) -> (Hash, Hash) {
    let (source, lowered) = lowered(text);
    let all = astkit::ast::definitions(&lowered.tree);
    let at = all.iter().rposition(|it| it.parent == Some(0)).expect("a definition");
    let options = NormalOptions::default();
    let forms = astkit::hash::form::file_forms(&source, &lowered, &all, options).expect("Python");
    let deep = astkit::hash::deep::deep_hashes(&[&forms], &astkit::hash::deep::NoModules, options);
    (astkit::hash::deep::semantic_hashes(&forms, options)[at], deep.hashes[0][at])
}

#[test]
fn examples_are_true() {
    let examples = examples();
    assert!(examples.len() >= 12, "{}", examples.len());
    for (kind, one, two) in examples {
        let (left, right) = (last(&one), last(&two));
        let is_equal = match kind.as_str() {
            "equal" | "different" => left.0 == right.0,
            "deep-equal" | "deep-different" => left.1 == right.1,
            other => panic!("{other}"),
        };
        assert_eq!(is_equal, kind.ends_with("equal"), "{kind}:\n{one}\n{two}");
    }
}
