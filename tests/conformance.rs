//! A quick conformance run: a sample of the oracle's own standard library, through every frontend of this build.
//!
//! `cargo xtask conformance` is the whole one. Skipped, with a message, where there is no CPython 3.13 or later.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use astkit::{Options, PythonVersion};
use astkit_harness::conformance::{self, CorpusFile};
use astkit_harness::{OraclePython, SplitMix, candidates, registry, tests_folder};

/// How many files; a second or two of work for an unoptimized build.
const SAMPLE: usize = 120;
/// Larger files are left to the whole run.
const MAX_BYTES: u64 = 60_000;

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
    let files = sample(standard_library(&python), 1);
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

/// The Python files of the interpreter's standard library, sorted, third-party packages left out.
fn standard_library(python: &OraclePython) -> Vec<CorpusFile> {
    let script = "import os; print(os.path.dirname(os.__file__))";
    let output =
        Command::new(&python.executable).args(["-I", "-S", "-c", script]).output().expect("it ran before");
    let root = PathBuf::from(String::from_utf8(output.stdout).expect("a path in UTF-8").trim_end());
    let label = format!("python{}.{}", python.version.0, python.version.1);
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !["site-packages", "dist-packages", "__pycache__"].iter().any(|it| name == *it) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "py") && is_small(&path) {
                let inner =
                    path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
                files.push(CorpusFile { key: format!("{label}/{inner}"), path });
            }
        }
    }
    files.sort_by(|a, b| a.key.cmp(&b.key));
    files
}

fn is_small(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| it.len() <= MAX_BYTES)
}

fn sample(mut files: Vec<CorpusFile>, seed: u64) -> Vec<CorpusFile> {
    let mut random = SplitMix::new(seed);
    while files.len() > SAMPLE {
        files.swap_remove(random.below(files.len()));
    }
    files
}
