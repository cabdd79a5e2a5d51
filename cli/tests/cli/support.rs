//! A scratch folder with files, and runs of the binary in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A scratch folder.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
    /// Where its runs keep results.
    cache: tempfile::TempDir,
}

/// What a run printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    /// A folder with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            scratch.write(name, text.as_bytes());
        }
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder in which its runs keep results.
    pub(crate) fn cache(&self) -> &Path {
        self.cache.path()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// The binary in this folder, without the variables of whoever runs the tests.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_astkit"));
        command.current_dir(self.path()).args(arguments).stdin(Stdio::null());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars().filter(|it| it.0.starts_with("ASTKIT_")) {
            command.env_remove(name);
        }
        command.env("ASTKIT_CACHE_DIR", self.cache.path());
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::new(&self.command(arguments).output().unwrap())
    }

    /// Runs the binary with a text on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        use std::io::Write;
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Run::new(&child.wait_with_output().unwrap())
    }
}

impl Run {
    pub(crate) fn new(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The lines of the result, as JSON.
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}
