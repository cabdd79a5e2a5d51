//! What needs to see the worker processes; what trees look like is tested from outside.

use std::process::Command;
use std::sync::PoisonError;
use std::time::Duration;

use astkit_ast::{LowerError, Lowered, Options, SourceText, lower};

use super::CPythonFrontend;

/// A frontend over the best interpreter there is, or none: then a test has nothing to show.
fn frontend() -> Option<CPythonFrontend> {
    let frontend = CPythonFrontend::new(None).ok();
    if frontend.is_none() {
        skipped();
    }
    frontend
}

#[expect(clippy::print_stderr, reason = "a test that shows nothing must say so")]
fn skipped() {
    eprintln!("skipped: no Python interpreter of version 3.8 or newer");
}

fn parse(frontend: &CPythonFrontend, text: &str) -> Lowered {
    lower(frontend, &SourceText::from_text(text), &Options::default()).unwrap()
}

fn worker_ids(frontend: &CPythonFrontend) -> Vec<u32> {
    let idle = frontend.idle.lock().unwrap_or_else(PoisonError::into_inner);
    idle.iter().map(crate::worker::Worker::process_id).collect()
}

#[cfg(unix)]
fn kill(id: u32) {
    assert!(Command::new("kill").args(["-9", &id.to_string()]).status().unwrap().success());
}

#[test]
fn an_interpreter_that_is_not_there_is_an_error() {
    let error = CPythonFrontend::new(Some("no-such-python".as_ref())).err();
    assert!(matches!(error, Some(LowerError::Unavailable { .. })));
    // It starts, but it does not speak.
    let error = CPythonFrontend::new(Some("true".as_ref())).err();
    assert!(matches!(error, Some(LowerError::Unavailable { .. })));
}

#[cfg(unix)]
#[test]
fn a_killed_worker_is_replaced() {
    let Some(frontend) = frontend() else { return };
    let before = worker_ids(&frontend);
    kill(before[0]);
    assert!(!parse(&frontend, "x = 1\n").is_partial());
    let after = worker_ids(&frontend);
    assert_eq!(after.len(), 1);
    assert_ne!(before, after);
}

#[test]
fn a_worker_that_takes_too_long_is_ended() {
    let Some(frontend) = frontend() else { return };
    let frontend = frontend.with_time_limit(Duration::ZERO);
    let lowered = parse(&frontend, &"x = [1, 2, 3]\n".repeat(1000));
    assert_eq!(lowered.diagnostics[0].code, "time-limit");
    assert_eq!(worker_ids(&frontend), []);
    let frontend = frontend.with_time_limit(Duration::from_mins(1));
    assert!(!parse(&frontend, "x = 1\n").is_partial());
}

#[test]
fn threads_share_the_workers() {
    let Some(frontend) = frontend() else { return };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert!(!parse(&frontend, "def f(x): return x\n").is_partial());
                }
            });
        }
    });
    assert!((1..=4).contains(&worker_ids(&frontend).len()));
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_is_left() {
    let Some(frontend) = frontend() else { return };
    parse(&frontend, "x\n");
    let ids = worker_ids(&frontend);
    drop(frontend);
    for id in ids {
        assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
    }
}
