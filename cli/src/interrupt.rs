//! What happens when the user interrupts: temporary files go, the exit code is 130 (143 when terminated).

use std::path::{Path, PathBuf};
use std::sync::Mutex;

static TEMPORARY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Notes a temporary file that has to go if the program is interrupted.
pub(crate) fn remember(path: &Path) {
    *TEMPORARY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(path.to_owned());
}

/// The temporary file is gone or has its final name.
pub(crate) fn forget() {
    *TEMPORARY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
}

/// Starts to listen for signals.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let watch = move || {
        if let Some(signal) = signals.forever().next() {
            remove_temporary();
            leave(128 + signal);
        }
    };
    // Without the thread the default action stays: the program ends all the same.
    drop(std::thread::Builder::new().name("signals".to_owned()).spawn(watch));
}

/// Starts to listen for signals.
#[cfg(not(unix))]
pub(crate) fn listen() {}

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
