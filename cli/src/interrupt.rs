//! What happens when the user interrupts: temporary files go, the exit code is 130 (143 when terminated).
//!
//! As long as there is nothing to clean up, the handler itself ends the program. The thread that cleans up starts with
//! the first temporary file or command.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
#[cfg(unix)]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU32, Ordering};
#[cfg(unix)]
use std::sync::{Arc, LazyLock, Once};

/// The process group of a command that runs for the user; 0 for none.
static GROUP: AtomicU32 = AtomicU32::new(0);

static TEMPORARY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Whether a signal may end the program at once.
#[cfg(unix)]
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));

/// Notes a temporary file that has to go if the program is interrupted.
pub(crate) fn remember(path: &Path) {
    clean_up_first();
    *TEMPORARY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(path.to_owned());
}

/// The temporary file is gone or has its final name.
pub(crate) fn forget() {
    *TEMPORARY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
}

/// Gives signals their exit codes.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    for signal in [SIGHUP, SIGINT, SIGTERM] {
        // Without the handler the default action stays: the program ends all the same.
        drop(signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&AT_ONCE)));
    }
}

/// From now on a signal cleans up before it ends the program.
#[cfg(unix)]
fn clean_up_first() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
        let watch = move || {
            if let Some(signal) = signals.forever().next() {
                remove_temporary();
                signal_group(GROUP.load(Ordering::Relaxed), false);
                leave(128 + signal);
            }
        };
        let thread = std::thread::Builder::new().name("signals".to_owned()).spawn(watch);
        AT_ONCE.store(thread.is_err(), Ordering::Relaxed);
    });
}

/// Signals keep their default actions here.
#[cfg(not(unix))]
pub(crate) fn listen() {}

/// Signals keep their default actions here.
#[cfg(not(unix))]
fn clean_up_first() {}

/// Notes a process group that has to end with this program.
pub(crate) fn remember_group(id: u32) {
    clean_up_first();
    GROUP.store(id, Ordering::Relaxed);
}

/// The process group has ended.
pub(crate) fn forget_group() {
    GROUP.store(0, Ordering::Relaxed);
}

/// Asks a process group to end, or ends it.
#[cfg(unix)]
pub(crate) fn signal_group(id: u32, is_final: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if is_final { Signal::KILL } else { Signal::TERM };
    let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw) else { return };
    if let Err(error) = kill_process_group(id, signal) {
        tracing::trace!(%error, "the group is gone");
    }
}

/// Process groups are not known here.
#[cfg(not(unix))]
pub(crate) fn signal_group(_id: u32, _is_final: bool) {}

/// Removes the temporary file, if there is one.
pub(crate) fn remove_temporary() {
    if let Ok(mut path) = TEMPORARY.try_lock()
        && let Some(path) = path.take()
    {
        // Nothing is left to do if that fails.
        drop(std::fs::remove_file(path));
    }
}

#[cfg(unix)]
#[expect(clippy::exit, reason = "workers may be busy for long: only the process as a whole can end at once")]
fn leave(code: i32) -> ! {
    std::process::exit(code)
}
