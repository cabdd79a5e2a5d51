//! What a bug in astkit looks like to its user: a text that says what to report, and exit code 101.

use std::io::Write;
use std::panic::PanicHookInfo;

use crate::exit_status::ExitStatus;
use crate::interrupt;

/// Makes every panic, in whatever thread, end the program with a report.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let report = report(info);
        // Nobody is left to tell if standard error is closed.
        drop(std::io::stderr().lock().write_all(report.as_bytes()));
        interrupt::remove_temporary();
        leave();
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map_or_else(String::new, |it| format!("{}:{}", it.file(), it.line()));
    let version = env!("CARGO_PKG_VERSION");
    let arguments: Vec<_> = std::env::args_os().map(|it| it.to_string_lossy().into_owned()).collect();
    let thread = std::thread::current();
    let backtrace = std::backtrace::Backtrace::capture();
    let backtrace = if backtrace.status() == std::backtrace::BacktraceStatus::Captured {
        backtrace.to_string()
    } else {
        "run again with RUST_BACKTRACE=1 to see where it comes from".to_owned()
    };
    format!(
        "error: astkit has a bug and had to stop\n  \
         {message}\n  at {place}, thread `{}`\n  astkit {version}, called as: {}\n  {backtrace}\n\
         Please report this text, with the input if you can share it. No file was changed.\n",
        thread.name().unwrap_or("?"),
        arguments.join(" "),
    )
}

#[expect(clippy::exit, reason = "a bug must not become a result")]
fn leave() -> ! {
    std::process::exit(i32::from(ExitStatus::BUG))
}
