//! A quick conformance run: a sample of the oracle's own standard library, through every frontend of this build.
//!
//! `cargo xtask conformance` is the whole one. Skipped, with a message, where there is no CPython 3.13 or later.

use std::collections::BTreeMap;

use astkit::{Options, PythonVersion};
use astkit_harness::conformance;
use astkit_harness::{OraclePython, candidates, registry, standard_library, tests_folder};

/// How many files; a second or two of work for an unoptimized build.
const SAMPLE: usize = 120;

#[test]
#[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
fn a_sample_of_the_standard_library_is_equal() {
    let python = match OraclePython::find() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("skipped: {error}");
            return;
        }
    };
    let files = standard_library(&python, SAMPLE, 1);
    let options = Options { python: PythonVersion { major: 3, minor: python.version.1 } };
    let reports = conformance::run(
        &files,
        &candidates(registry(Some(&python)).unwrap()),
        &python,
        &options,
        2,
        &|_| (),
    )
    .unwrap();
    let allowed = conformance::read_allowed(&tests_folder().join("corpus/tree-sitter-allowed.txt")).unwrap();
    let mut failures = Vec::new();
    for report in &reports {
        let allowed = if report.frontend == "tree-sitter" { allowed.clone() } else { BTreeMap::new() };
        for (key, outcome) in report.failures(&allowed) {
            failures.push(format!("{} {key}: {}: {}", report.frontend, outcome.as_str(), outcome.detail()));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
