//! What a Python on this machine says about itself.
//!
//! The interpreter is started once, without its `site` module having run, so that no code of a user's (`.pth` files,
//! `sitecustomize`) runs; it prints its version, its built-in and frozen modules, its suffixes and its folders. The
//! script works in CPython 2.7 and in 3.4 and later. Everything else about finding modules is the engine's.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use astkit_ast::PythonVersion;
use astkit_engine::modules::Interpreter;
use serde_json::Value;

const SCRIPT: &str = include_str!("interpreter/describe.py");

/// How long an interpreter may take: a guess, a thousand times what it takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a Python could not be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InterpreterError {
    /// It could not be started.
    #[error("cannot start `{}`", .python.display())]
    Start {
        /// The program.
        python: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A folder was given that is no virtual environment.
    #[error("there is no Python in `{}`", .folder.display())]
    NoPython {
        /// The folder.
        folder: PathBuf,
    },
    /// It started, and did not answer as a Python does.
    #[error("`{}` does not answer like a Python: {said}", .python.display())]
    NoAnswer {
        /// The program.
        python: PathBuf,
        /// What it said instead.
        said: String,
    },
}

/// The interpreter that a user means: a program, or the one of a virtual environment's folder.
///
/// # Errors
/// [`InterpreterError::NoPython`] for a folder without one.
pub fn python_of(path: &Path) -> Result<PathBuf, InterpreterError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let inside = ["bin/python", "bin/python3", "Scripts/python.exe", "python.exe"];
    let found = inside.iter().map(|it| path.join(it)).find(|it| it.is_file());
    found.ok_or_else(|| InterpreterError::NoPython { folder: path.to_owned() })
}

/// Asks a Python (a program, or the folder of a virtual environment) about itself.
///
/// # Errors
/// [`InterpreterError`] if it can't be started or does not answer.
pub fn describe_interpreter(path: &Path) -> Result<Interpreter, InterpreterError> {
    let python = python_of(path)?;
    let answer = run(&python)?;
    let value = serde_json::from_str(answer.trim()).ok();
    value.as_ref().and_then(interpreter).ok_or(InterpreterError::NoAnswer { python, said: answer })
}

fn run(python: &Path) -> Result<String, InterpreterError> {
    let failed = |source| InterpreterError::Start { python: python.to_owned(), source };
    let mut child = Command::new(python)
        .args(["-E", "-s", "-S", "-c", SCRIPT])
        // Nothing importable stands beside an interpreter.
        .current_dir(python.parent().filter(|it| it.is_dir()).unwrap_or(Path::new("/")))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let mut stdout = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut out = Vec::new();
        let read = stdout.as_mut().map(|it| it.take(1 << 22).read_to_end(&mut out));
        read.transpose().map(|_| String::from_utf8_lossy(&out).into_owned())
    });
    let start = Instant::now();
    while child.try_wait().map_err(failed)?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().and_then(|()| child.wait()).map_err(failed)?;
            let said = format!("nothing in {} seconds", PATIENCE.as_secs());
            return Err(InterpreterError::NoAnswer { python: python.to_owned(), said });
        }
        thread::sleep(Duration::from_millis(2));
    }
    reader.join().unwrap_or_else(|_| Ok(String::new())).map_err(failed)
}

fn interpreter(value: &Value) -> Option<Interpreter> {
    let strings = |key: &str| -> Option<Vec<String>> {
        value[key].as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
    };
    let paths = |key: &str| Some(strings(key)?.into_iter().map(PathBuf::from).collect());
    let frozen = value["frozen"].as_array()?.iter();
    let frozen = frozen.map(|it| Some((it[0].as_str()?.to_owned(), it[1].as_bool()?)));
    let mut out = Interpreter {
        version: PythonVersion {
            major: u8::try_from(value["version"][0].as_u64()?).ok()?,
            minor: u8::try_from(value["version"][1].as_u64()?).ok()?,
        },
        platform: value["platform"].as_str()?.to_owned(),
        stdlib: paths("stdlib")?,
        site_packages: paths("site_packages")?,
        builtin: strings("builtin")?,
        frozen: frozen.collect::<Option<_>>()?,
        extension_suffixes: strings("extension_suffixes")?,
    };
    out.builtin.sort();
    out.frozen.sort();
    Some(out)
}
