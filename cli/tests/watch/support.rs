//! A running watcher and what it says.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

use crate::scratch::Scratch;

/// A watcher that says nothing for so long is stuck.
const PATIENCE: Duration = Duration::from_mins(2);

/// A small module.
pub(crate) const MODULE: &str = "def f():\n    return 1\n\n\nclass C:\n    def m(self):\n        return 2\n";

/// A running watcher.
pub(crate) struct Watching {
    pub(crate) scratch: Scratch,
    pub(crate) child: Child,
    records: Receiver<Value>,
    cookie: PathBuf,
    cookies: tempfile::TempDir,
    pub(crate) ready: Value,
}

impl Watching {
    /// Watches a folder with `m.py` in it.
    pub(crate) fn module() -> Self {
        Self::new(&[("m.py", MODULE)], &[])
    }

    /// Watches a folder with these files.
    pub(crate) fn new(files: &[(&str, &str)], arguments: &[&str]) -> Self {
        Self::start(Scratch::new(files), arguments)
    }

    pub(crate) fn start(scratch: Scratch, arguments: &[&str]) -> Self {
        let command = |cookie: &Path| {
            let arguments = [&["watch", "--json", "--sync-file", cookie.to_str().unwrap()], arguments];
            scratch.command(&arguments.concat())
        };
        Self::of_command(&scratch, command).into_watching(scratch)
    }

    /// Starts what a function makes of the path of the cookie.
    pub(crate) fn of_command(scratch: &Scratch, command: impl FnOnce(&Path) -> Command) -> Started {
        let cookies = tempfile::tempdir().unwrap();
        let cookie = cookies.path().join("cookie");
        let mut command = command(&cookie);
        command
            .current_dir(scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, records) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let record = serde_json::from_str(&line).unwrap_or_else(|it| panic!("{it}: {line}"));
                if sender.send(record).is_err() {
                    return;
                }
            }
        });
        Started { child, records, cookie, cookies }
    }

    /// The next record.
    pub(crate) fn record(&self) -> Value {
        self.records.recv_timeout(PATIENCE).expect("the watcher says something")
    }

    /// All that is said of what happened until now.
    pub(crate) fn sync(&self) -> Vec<Value> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let token = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        fs::write(&self.cookie, &token).unwrap();
        self.until(|it| it["type"] == "synced" && it["token"] == *token)
    }

    /// The records before the first for which something holds.
    pub(crate) fn until(&self, holds: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut out = Vec::new();
        loop {
            let record = self.record();
            if holds(&record) {
                return out;
            }
            out.push(record);
        }
    }

    /// The batches of what happened until now.
    pub(crate) fn batches(&self) -> Vec<Batch> {
        self.sync().iter().filter(|it| it["type"] == "batch").map(Batch::new).collect()
    }

    /// What was reported of each file until now, in order.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<String>> {
        let mut out = BTreeMap::<_, Vec<_>>::new();
        for (path, kind) in self.batches().into_iter().flat_map(|it| it.files) {
            out.entry(path).or_default().push(kind);
        }
        out
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.scratch.write(name, text.as_bytes());
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("the watcher was still there");
    }
}

/// A watcher whose folder is not known yet.
pub(crate) struct Started {
    child: Child,
    records: Receiver<Value>,
    cookie: PathBuf,
    cookies: tempfile::TempDir,
}

impl Started {
    pub(crate) fn into_watching(self, scratch: Scratch) -> Watching {
        let Self { child, records, cookie, cookies } = self;
        let mut out = Watching { scratch, child, records, cookie, cookies, ready: Value::Null };
        let mut first = out.record();
        while first["type"] != "ready" {
            first = out.record();
        }
        out.ready = first;
        assert!(out.cookies.path().is_dir());
        out
    }
}

/// A batch, without what changes from run to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Batch {
    pub(crate) cause: String,
    /// Paths and kinds.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) changed: Vec<String>,
}

impl Batch {
    fn new(it: &Value) -> Self {
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        let files = it["files"].as_array().unwrap().iter();
        Self {
            cause: text(&it["cause"]),
            files: files.map(|it| (text(&it["path"]), text(&it["kind"]))).collect(),
            changed: it["changed"].as_array().unwrap().iter().map(text).collect(),
        }
    }
}

/// Checks that there is one batch, with these files and kinds.
#[track_caller]
pub(crate) fn assert_one(batches: &[Batch], files: &[(&str, &str)]) {
    let found: Vec<Vec<(&str, &str)>> =
        batches.iter().map(|it| it.files.iter().map(|it| (&*it.0, &*it.1)).collect()).collect();
    assert_eq!(found, [files.to_vec()]);
}

/// Runs a scenario as often as is asked for.
pub(crate) fn repeat(scenario: impl Fn()) {
    let times = std::env::var("ASTKIT_WATCH_REPEAT").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    (0..times).for_each(|_| scenario());
}

/// Gives programs that write in steps the time that they take between these.
pub(crate) fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

/// Whether a program is here. Where `ASTKIT_TEST_PROGRAMS` says `required`, it has to.
#[track_caller]
pub(crate) fn has(program: &str) -> bool {
    let is_here = works(program, &["--version"]);
    let required = std::env::var("ASTKIT_TEST_PROGRAMS").is_ok_and(|it| it == "required");
    assert!(is_here || !required, "{program} is needed for this test");
    is_here
}

/// Whether a program does what it is asked here: containers may forbid much. Says so if not.
#[expect(clippy::print_stderr, reason = "whoever runs the tests is to know")]
pub(crate) fn works(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let works = output.is_ok_and(|it| it.status.success());
    if !works {
        eprintln!("left out: `{program} {}` does not work here", arguments.join(" "));
    }
    works
}

/// Runs a program that has to succeed.
#[track_caller]
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z");
    let output = command.output().unwrap_or_else(|it| panic!("{program} has to be installed: {it}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
