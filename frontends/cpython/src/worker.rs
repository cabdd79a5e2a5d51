//! A Python interpreter as a worker process, with time limits.
//!
//! Reading and writing of a worker's pipes is done by a thread of its own, because both may block for ever; the owner
//! waits for the thread's word as long as it wants to and kills the process otherwise, which also ends the thread.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::marshal::Reader;

/// The program that the interpreter runs.
const PROGRAM: &str = include_str!("worker.py");

/// How long an interpreter may take to start; a cold one on a busy machine takes a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Text for a worker; bytes before `skip` are left out.
struct Request {
    text: Arc<str>,
    skip: usize,
}

/// Why there was no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The process ended or broke the protocol.
    Died,
    /// The limit was reached; the process is killed when the worker is dropped.
    TimedOut,
}

/// What an interpreter says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) micro: u32,
    pub(crate) implementation: String,
}

/// A running interpreter. Dropping it ends the process.
pub(crate) struct Worker {
    child: Child,
    requests: Sender<Request>,
    answers: Receiver<io::Result<Vec<u8>>>,
    pub(crate) version: Version,
}

impl Worker {
    /// Starts an interpreter and tells it the schema; the error says why this is no usable Python.
    pub(crate) fn start(executable: &Path, schema: &str) -> Result<Self, String> {
        let mut child = Command::new(executable)
            .args(["-I", "-S", "-c", PROGRAM])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("`{}` can't be started: {error}", executable.display()))?;
        let stdin = child.stdin.take().expect("it was piped");
        let stdout = child.stdout.take().expect("it was piped");
        let (requests, incoming) = channel();
        let (outgoing, answers) = channel();
        let version = Version { major: 0, minor: 0, micro: 0, implementation: String::new() };
        let mut worker = Self { child, requests, answers, version };
        std::thread::Builder::new()
            .name("astkit-cpython".to_owned())
            .spawn(move || exchange(stdin, stdout, &incoming, &outgoing))
            .map_err(|error| format!("no thread for `{}`: {error}", executable.display()))?;
        let hello = worker.request(Arc::from(schema), 0, START_LIMIT).ok();
        worker.version = hello
            .as_deref()
            .and_then(read_version)
            .ok_or_else(|| format!("`{}` is no Python of version 3.8 or newer", executable.display()))?;
        Ok(worker)
    }

    /// Sends a text from its byte `skip` on and waits for the answer.
    pub(crate) fn request(
        &mut self,
        text: Arc<str>,
        skip: usize,
        limit: Duration,
    ) -> Result<Vec<u8>, Failure> {
        self.requests.send(Request { text, skip }).map_err(|_| Failure::Died)?;
        match self.answers.recv_timeout(limit) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(Failure::Died),
            Err(RecvTimeoutError::Timeout) => Err(Failure::TimedOut),
        }
    }

    /// The id of the process.
    #[cfg(test)]
    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already; waiting for it then only takes its entry out of the process table.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Serves requests until the owner or the process is gone.
fn exchange(
    mut stdin: ChildStdin,
    mut stdout: ChildStdout,
    incoming: &Receiver<Request>,
    outgoing: &Sender<io::Result<Vec<u8>>>,
) {
    while let Ok(request) = incoming.recv() {
        let text = &request.text.as_bytes()[request.skip..];
        let answer = write(&mut stdin, text).and_then(|()| read(&mut stdout));
        let failed = answer.is_err();
        if outgoing.send(answer).is_err() || failed {
            return;
        }
    }
}

fn write(stdin: &mut ChildStdin, text: &[u8]) -> io::Result<()> {
    let len = u32::try_from(text.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    stdin.write_all(&len.to_le_bytes())?;
    stdin.write_all(text)?;
    stdin.flush()
}

fn read(stdout: &mut ChildStdout) -> io::Result<Vec<u8>> {
    let mut len = [0; 4];
    stdout.read_exact(&mut len)?;
    let len = u64::from(u32::from_le_bytes(len));
    // The length is not trusted with memory: what claims to be long may never come.
    let mut answer = Vec::new();
    stdout.take(len).read_to_end(&mut answer)?;
    if answer.len() as u64 == len { Ok(answer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn read_version(hello: &[u8]) -> Option<Version> {
    let mut reader = Reader::new(hello);
    reader.sequence().ok().filter(|len| *len == 4)?;
    let [major, minor, micro] = [reader.natural().ok()?, reader.natural().ok()?, reader.natural().ok()?];
    let implementation = reader.text().ok()??.to_owned();
    let usable = (major, minor) >= (3, 8);
    usable.then_some(Version { major, minor, micro, implementation })
}
