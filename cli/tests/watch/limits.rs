//! Where the system gives no events, too few, or not for all folders.

use std::fs;
#[cfg(target_os = "linux")]
use std::process::Command;

use crate::scratch::Scratch;
#[cfg(target_os = "linux")]
use crate::support::works;
use crate::support::{MODULE, Watching, repeat, run};

#[test]
fn polling_sees_all() {
    repeat(|| {
        let watching = Watching::new(&[("m.py", MODULE), ("p/n.py", MODULE)], &["--poll=30"]);
        assert_eq!(watching.ready["backend"], "poll");
        // Another content of the same size and time.
        let old = fs::metadata(watching.path("m.py")).unwrap().modified().unwrap();
        let other = MODULE.replace("return 1", "return 7");
        fs::write(watching.path("t"), other).unwrap();
        fs::File::options().append(true).open(watching.path("t")).unwrap().set_modified(old).unwrap();
        fs::rename(watching.path("t"), watching.path("m.py")).unwrap();
        assert_eq!(watching.files()["m.py"], ["modified"]);
        watching.write("p/n.py", "x = 1\n");
        assert_eq!(watching.files()["p/n.py"], ["modified"]);
        watching.write("p/n.py", "x = 2\n");
        watching.write("q/r/n.py", "x = 2\n");
        let files = watching.files();
        assert_eq!((files["p/n.py"].len(), files["q/r/n.py"].len()), (1, 1));
    });
}

#[test]
fn a_file_as_argument() {
    repeat(|| {
        let watching = Watching::new(&[("m.py", MODULE), ("n.py", MODULE)], &["m.py"]);
        for at in 0..4 {
            watching.write("n.py", &format!("x = {at}\n"));
            watching.write("t", &format!("x = {at}\n"));
            fs::rename(watching.path("t"), watching.path("m.py")).unwrap();
            assert_eq!(watching.files().into_keys().collect::<Vec<_>>(), ["m.py"]);
        }
    });
}

#[test]
fn a_checkout_of_many_files() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..2000 {
        let name = folder.path().join(format!("p{}", at % 20));
        fs::create_dir_all(&name).unwrap();
        fs::write(name.join(format!("f{at}.py")), format!("x = {at}\n")).unwrap();
    }
    let git = |arguments: &[&str]| {
        run(folder.path(), "git", &[&["-c", "user.name=n", "-c", "user.email=e"], arguments].concat());
    };
    git(&["init", "-q", "-b", "one"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "1"]);
    git(&["checkout", "-qb", "two"]);
    for at in 0..2000 {
        fs::write(folder.path().join(format!("p{}/f{at}.py", at % 20)), format!("x = -{at}\n")).unwrap();
    }
    git(&["commit", "-qam", "2"]);
    let watching = Watching::new(&[], &[folder.path().to_str().unwrap()]);
    git(&["checkout", "-q", "one"]);
    let batches = watching.batches();
    let files: usize = batches.iter().map(|it| it.files.len()).sum();
    assert_eq!(files, 2000);
    assert!(batches.len() <= 10, "{} batches", batches.len());
}

/// A process that is stopped loses events when too many come.
#[cfg(target_os = "linux")]
#[test]
fn lost_events() {
    let scratch = Scratch::new(&[]);
    for at in 0..8000 {
        scratch.write(&format!("p{}/f{at}.py", at % 8), b"x = 1\n");
    }
    let watching = Watching::start(scratch, &["--no-impact", "--level", "ast"]);
    let signal = |name: &str| {
        run(watching.scratch.path(), "kill", &[name, &watching.child.id().to_string()]);
    };
    signal("-STOP");
    for at in 0..8000 {
        watching.write(&format!("p{}/f{at}.py", at % 8), "x = 2\n");
    }
    signal("-CONT");
    let records = watching.sync();
    assert!(records.iter().any(|it| it["type"] == "rescan"), "the queue was full");
    let batches = records.iter().filter(|it| it["type"] == "batch");
    assert_eq!(batches.map(|it| it["files"].as_array().unwrap().len()).sum::<usize>(), 8000);
}

/// Starts a watcher in a user namespace with a limit of its own.
#[cfg(target_os = "linux")]
fn with_limit(name: &str, limit: u32, scratch: &Scratch) -> crate::support::Started {
    Watching::of_command(scratch, |cookie| {
        let binary = env!("CARGO_BIN_EXE_astkit");
        let script = format!(
            "echo {limit} > /proc/sys/user/{name}; exec {binary} watch --json --no-safety-scan --sync-file {}",
            cookie.display()
        );
        let mut command = Command::new("unshare");
        command.args(["-Ur", "sh", "-c", &script]);
        command
    })
}

#[cfg(target_os = "linux")]
#[test]
fn fewer_watches_than_folders() {
    // Not everywhere may a user make namespaces.
    if !works("unshare", &["-Ur", "true"]) {
        return;
    }
    let scratch = Scratch::new(&[]);
    for at in 0..60 {
        scratch.write(&format!("d{at}/m.py"), MODULE.as_bytes());
    }
    let watching = with_limit("max_inotify_watches", 30, &scratch).into_watching(scratch);
    assert!(watching.ready["watches"].as_u64().unwrap() < 61);
    for at in 0..60 {
        watching.write(&format!("d{at}/m.py"), "x = 1\n");
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut warnings = 0;
    while seen.len() < 60 {
        let record = watching.record();
        warnings += u32::from(record["code"] == "watch_limit");
        for file in record["files"].as_array().into_iter().flatten() {
            seen.insert(file["path"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(warnings, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn no_watcher_at_all() {
    // Not everywhere may a user make namespaces.
    if !works("unshare", &["-Ur", "true"]) {
        return;
    }
    let scratch = Scratch::new(&[("m.py", MODULE)]);
    let watching = with_limit("max_inotify_instances", 0, &scratch).into_watching(scratch);
    assert_eq!(watching.ready["backend"], "poll");
    watching.write("m.py", "x = 1\n");
    let before = watching.until(|it| it["type"] == "batch");
    assert!(before.iter().all(|it| it["type"] == "warning"), "{before:?}");
}
