//! CPython's own `ast` of any source, from a long-lived worker that runs `tests/oracle/ast_oracle.py`.
//!
//! The interpreter only parses, it runs nothing of what it is given. Which one: `ASTKIT_ORACLE` if that is set, else
//! the first of `python3.13`, `python3.14`, `python3` and pyenv's that is CPython 3.13 or later.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Older interpreters place f-strings otherwise, so they can't be the reference.
const OLDEST: (u8, u8) = (3, 13);

/// An interpreter that can be an oracle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OraclePython {
    /// How to start it.
    pub executable: PathBuf,
    /// Major and minor version.
    pub version: (u8, u8),
}

/// Why there is no oracle, or no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OracleError {
    /// No interpreter was found.
    #[error("no CPython 3.13 or later: install one, or name it in `ASTKIT_ORACLE`")]
    NotFound,
    /// The interpreter named is too old or none.
    #[error("`{0}` is not CPython 3.13 or later")]
    Unfit(PathBuf),
    /// The worker broke down.
    #[error("the oracle broke down")]
    Broken(#[from] io::Error),
}

impl OraclePython {
    /// Finds an interpreter, 3.13 before later ones.
    ///
    /// # Errors
    /// [`OracleError::NotFound`], or [`OracleError::Unfit`] if the one named in the environment will not do.
    pub fn find() -> Result<Self, OracleError> {
        if let Some(named) = std::env::var_os("ASTKIT_ORACLE") {
            return Self::at(PathBuf::from(named));
        }
        let mut names: Vec<PathBuf> = ["python3.13", "python3.14", "python3"].map(PathBuf::from).to_vec();
        names.extend(pyenv_interpreters());
        let mut found: Vec<_> = names.into_iter().filter_map(|it| Self::at(it).ok()).collect();
        found.sort_by_key(|it| it.version);
        found.into_iter().next().ok_or(OracleError::NotFound)
    }

    /// Asks one executable for its version.
    ///
    /// # Errors
    /// [`OracleError::Unfit`] if it can't be the oracle.
    pub fn at(executable: PathBuf) -> Result<Self, OracleError> {
        let script = "import sys; print(*sys.version_info[:2], sys.implementation.name)";
        let output =
            Command::new(&executable).args(["-I", "-S", "-c", script]).stderr(Stdio::null()).output();
        let said = output.ok().and_then(|it| String::from_utf8(it.stdout).ok()).unwrap_or_default();
        let mut words = said.split_whitespace();
        let mut number = || words.next().and_then(|it| it.parse().ok());
        match (number(), number()) {
            (Some(major), Some(minor)) if (major, minor) >= OLDEST && said.contains("cpython") => {
                Ok(Self { executable, version: (major, minor) })
            }
            _ => Err(OracleError::Unfit(executable)),
        }
    }
}

fn pyenv_interpreters() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| std::env::home_dir().map(|it| it.join(".pyenv")));
    let folders = root.and_then(|it| std::fs::read_dir(it.join("versions")).ok());
    let mut out: Vec<_> =
        folders.into_iter().flatten().flatten().map(|it| it.path().join("bin").join("python")).collect();
    out.sort();
    out
}

/// What the oracle says about a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// CPython accepts it: the canonical JSON of its tree.
    Tree(String),
    /// CPython rejects it, with the name of the exception and its text.
    Rejected {
        /// `SyntaxError`, `IndentationError`, ...
        kind: String,
        /// What it says.
        message: String,
    },
    /// CPython gave up (memory, recursion): this says nothing about the source.
    GaveUp,
}

/// A running worker.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    /// Open until the worker is dropped.
    requests: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts a worker.
    ///
    /// # Errors
    /// [`OracleError::Broken`] if it can't be started.
    pub fn start(python: &OraclePython) -> Result<Self, OracleError> {
        let mut child = Command::new(&python.executable)
            .args(["-I", "-S"])
            .arg(crate::tests_folder().join("oracle").join("ast_oracle.py"))
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take().map(BufWriter::new);
        let closed = || io::Error::other("the worker has no output");
        let answers = child.stdout.take().map(BufReader::new).ok_or_else(closed)?;
        Ok(Self { child, requests, answers })
    }

    /// Asks for the tree of a file's bytes.
    ///
    /// # Errors
    /// [`OracleError::Broken`] if the worker died; it should then be dropped.
    pub fn ask(&mut self, source: &[u8]) -> Result<Answer, OracleError> {
        let closed = || io::Error::other("the worker has no input");
        let requests = self.requests.as_mut().ok_or_else(closed)?;
        let length = u32::try_from(source.len()).map_err(io::Error::other)?;
        requests.write_all(&length.to_be_bytes())?;
        requests.write_all(source)?;
        requests.flush()?;
        let mut head = [0; 4];
        self.answers.read_exact(&mut head)?;
        let mut line = vec![0; u32::from_be_bytes(head) as usize];
        self.answers.read_exact(&mut line)?;
        Ok(read_answer(String::from_utf8(line).map_err(io::Error::other)?))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // End of input ends the worker; its exit code does not matter any more.
        self.requests = None;
        drop(self.child.wait());
    }
}

fn read_answer(mut line: String) -> Answer {
    const HEAD: &str = "{\"tree\":";
    if line.starts_with(HEAD) {
        line.pop();
        line.drain(..HEAD.len());
        return Answer::Tree(line);
    }
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    let text = |field: &str| said["error"][field].as_str().unwrap_or_default().to_owned();
    match text("type").as_str() {
        "RecursionError" | "MemoryError" | "" => Answer::GaveUp,
        kind => Answer::Rejected { kind: kind.to_owned(), message: text("msg") },
    }
}
