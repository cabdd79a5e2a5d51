//! The command that runs after a save.
//!
//! It runs in a process group of its own, so that ending it ends what it has started.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use astkit_watch::Waker;

use crate::arguments::OnBusy;
use crate::failure::{Failure, reason};
use crate::interrupt;

/// How long a command that is asked to end may take.
const GRACE: Duration = Duration::from_secs(2);

/// What the command is to know.
#[derive(Clone, Default)]
struct Targets {
    changed: BTreeSet<String>,
    impacted: BTreeSet<String>,
}

/// The command.
pub(super) struct Exec {
    command: String,
    on_busy: OnBusy,
    waker: Waker,
    running: Option<Arc<Mutex<Child>>>,
    /// What has changed since the running one began.
    queued: Option<Targets>,
}

impl Exec {
    pub(super) fn new(command: String, on_busy: OnBusy, waker: Waker) -> Self {
        Self { command, on_busy, waker, running: None, queued: None }
    }

    /// Runs the command for what has changed, now or when the running one has ended.
    ///
    /// # Errors
    /// A command that can't be started.
    pub(super) fn run(&mut self, changed: &[String], impacted: &[String]) -> Result<(), Failure> {
        let mut targets = self.queued.take().unwrap_or_default();
        targets.changed.extend(changed.iter().cloned());
        targets.impacted.extend(impacted.iter().cloned());
        if self.is_running() {
            match self.on_busy {
                OnBusy::Ignore => return Ok(()),
                OnBusy::Queue => {
                    self.queued = Some(targets);
                    return Ok(());
                }
                OnBusy::Restart => self.end(),
            }
        }
        self.start(&targets)
    }

    /// Runs what is queued, if nothing runs any more.
    ///
    /// # Errors
    /// A command that can't be started.
    pub(super) fn continue_after(&mut self) -> Result<(), Failure> {
        if self.is_running() {
            return Ok(());
        }
        interrupt::forget_group();
        match self.queued.take() {
            Some(targets) => self.start(&targets),
            None => Ok(()),
        }
    }

    /// Ends the command and all that it has started.
    pub(super) fn end(&mut self) {
        let Some(child) = self.running.take() else { return };
        let id = lock(&child).id();
        interrupt::signal_group(id, false);
        let started = Instant::now();
        while started.elapsed() < GRACE && matches!(lock(&child).try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(5));
        }
        // What the command itself has started may live on without it.
        interrupt::signal_group(id, true);
        if let Err(error) = lock(&child).wait() {
            tracing::debug!(%error, "waiting for the command");
        }
        interrupt::forget_group();
    }

    fn is_running(&self) -> bool {
        self.running.as_ref().is_some_and(|it| matches!(lock(it).try_wait(), Ok(None)))
    }

    fn start(&mut self, targets: &Targets) -> Result<(), Failure> {
        let join = |it: &BTreeSet<String>| it.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let mut command = shell(&self.command);
        command.env("ASTKIT_CHANGED", join(&targets.changed));
        command.env("ASTKIT_IMPACTED", join(&targets.impacted));
        let child = command
            .spawn()
            .map_err(|error| Failure::new(format!("could not run `{}`: {}", self.command, reason(&error))))?;
        interrupt::remember_group(child.id());
        let child = Arc::new(Mutex::new(child));
        self.running = Some(Arc::clone(&child));
        let waker = self.waker.clone();
        thread::spawn(move || {
            wait(&child);
            waker.wake();
        });
        Ok(())
    }
}

/// Waits for the end of a process without keeping others from asking about it.
fn wait(child: &Mutex<Child>) -> Option<ExitStatus> {
    let mut pause = Duration::from_millis(1);
    loop {
        match lock(child).try_wait() {
            Ok(None) => {}
            Ok(status) => return status,
            Err(_) => return None,
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn shell(text: &str) -> Command {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new("sh");
    command.args(["-c", text]).process_group(0);
    command
}

#[cfg(not(unix))]
fn shell(text: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", text]);
    command
}

static INPUT_HAS_ENDED: AtomicBool = AtomicBool::new(false);

/// Wakes the watcher when standard input ends.
pub(super) fn wake_at_end_of_input(waker: Waker) {
    thread::spawn(move || {
        let mut buffer = [0; 1024];
        while matches!(std::io::stdin().lock().read(&mut buffer), Ok(1..)) {}
        INPUT_HAS_ENDED.store(true, Ordering::Relaxed);
        waker.wake();
    });
}

/// Whether standard input has ended.
pub(super) fn has_input_ended() -> bool {
    INPUT_HAS_ENDED.load(Ordering::Relaxed)
}
