//! The standard library of an interpreter, as files to test with.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::conformance::CorpusFile;
use crate::mutation::SplitMix;
use crate::oracle::OraclePython;

/// Larger files are left to the whole conformance run.
const MAX_BYTES: u64 = 60_000;

/// A sample of the Python files of the interpreter's standard library, third-party packages left out: sorted by key,
/// the same for the same seed. Empty if the interpreter does not say where its library is.
pub fn standard_library(python: &OraclePython, count: usize, seed: u64) -> Vec<CorpusFile> {
    let mut files = all(python);
    let mut random = SplitMix::new(seed);
    while files.len() > count {
        files.swap_remove(random.below(files.len()));
    }
    files.sort_by(|a, b| a.key.cmp(&b.key));
    files
}

fn all(python: &OraclePython) -> Vec<CorpusFile> {
    let script = "import os; print(os.path.dirname(os.__file__))";
    let output = Command::new(&python.executable).args(["-I", "-S", "-c", script]).output();
    let root = output.ok().and_then(|it| String::from_utf8(it.stdout).ok()).unwrap_or_default();
    let root = PathBuf::from(root.trim_end());
    let label = format!("python{}.{}", python.version.0, python.version.1);
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !["site-packages", "dist-packages", "__pycache__"].iter().any(|it| name == *it) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "py") && is_small(&path) {
                let inner = path.strip_prefix(&root).unwrap_or(&path);
                let inner = inner.to_string_lossy().replace('\\', "/");
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
