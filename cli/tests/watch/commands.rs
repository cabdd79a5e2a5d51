//! The command after a save, the configuration, and the end.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::scratch::Scratch;
use crate::support::{MODULE, Watching, pause, repeat, run};

/// Waits until a file holds a text that is enough.
#[track_caller]
fn wait_for(path: &std::path::Path, is_enough: impl Fn(&str) -> bool) -> String {
    let started = Instant::now();
    loop {
        let text = fs::read_to_string(path).unwrap_or_default();
        if is_enough(&text) {
            return text;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{text:?}");
        pause(5);
    }
}

const CHANGED: &str = "def f():\n    return 10\n";

#[test]
fn runs_after_changes_of_behavior_only() {
    repeat(|| {
        let watching =
            Watching::new(&[("m.py", MODULE)], &["--exec", "printf '%s|' \"$ASTKIT_CHANGED\" >> log.txt"]);
        watching.write("m.py", &format!("# c\n{MODULE}"));
        watching.sync();
        watching.write("m.py", &MODULE.replace("return 1", "return 10"));
        let log = wait_for(&watching.path("log.txt"), |it| it.ends_with('|'));
        assert_eq!(log, "m.py::f|");
    });
}

#[cfg(unix)]
#[test]
fn never_two_at_once() {
    let script = "echo begin >> log.txt; sleep 0.3; echo end >> log.txt";
    for (how, expected) in
        [("queue", "begin end begin end"), ("ignore", "begin end"), ("restart", "begin begin end")]
    {
        let watching = Watching::new(&[("m.py", MODULE)], &["--exec", script, "--on-busy", how]);
        watching.write("m.py", CHANGED);
        wait_for(&watching.path("log.txt"), |it| it.contains("begin"));
        watching.write("m.py", &CHANGED.replace("10", "11"));
        watching.sync();
        let words = expected.split(' ').count();
        wait_for(&watching.path("log.txt"), |it| it.lines().count() >= words);
        pause(400);
        let log = watching.scratch.read("log.txt");
        assert_eq!(log.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{how}");
    }
}

#[test]
fn the_configuration_is_followed() {
    repeat(|| {
        let files = [("astkit.toml", ""), ("m.py", MODULE), ("gen.py", "x = 1\n")];
        let watching = Watching::new(&files, &[]);
        watching.write("astkit.toml", "exclude = ['gen.py']\n");
        assert_eq!(watching.files()["gen.py"], ["removed"]);
        watching.write("astkit.toml", "exclude = [\n");
        let records = watching.sync();
        assert!(records.iter().any(|it| it["code"] == "config"), "{records:?}");
        watching.write("gen.py", "x = 2\n");
        assert!(watching.files().is_empty(), "the last good configuration stays");
        watching.write("astkit.toml", "");
        assert_eq!(watching.files()["gen.py"], ["added"]);
    });
}

#[cfg(unix)]
#[test]
fn signals_end_the_watcher_and_its_command() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let scratch = Scratch::new(&[("m.py", MODULE)]);
        let script = "echo $$ > pid.txt; sleep 60";
        let mut command = scratch.command(&["watch", "--json", "--exec", script]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().unwrap().contains("ready"));
        scratch.write("m.py", CHANGED.as_bytes());
        let pid = wait_for(&scratch.path().join("pid.txt"), |it| it.ends_with('\n'));
        run(scratch.path(), "kill", &[signal, &child.id().to_string()]);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let started = Instant::now();
        let proc = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
        while cfg!(target_os = "linux") && is_alive(&proc) {
            assert!(started.elapsed() < Duration::from_secs(10), "the command still runs");
            pause(5);
        }
    }
}

/// Whether a process is there and not only waited for.
fn is_alive(proc: &std::path::Path) -> bool {
    fs::read_to_string(proc.join("stat")).is_ok_and(|it| !it.contains(") Z "))
}

#[test]
fn ends_with_standard_input_and_after_one_batch() {
    let scratch = Scratch::new(&[("m.py", MODULE)]);
    let mut child = scratch
        .command(&["watch", "--json", "--stdin-quit"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"x\n").unwrap();
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut child =
        scratch.command(&["watch", "--once"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("Watching"));
    scratch.write("m.py", CHANGED.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    let expected = "Update m.f @L1 (body)\nDelete m.C @L5\nDelete m.C.m @L6\n  affects m.py::<module>\n";
    assert_eq!(text, expected);
}
