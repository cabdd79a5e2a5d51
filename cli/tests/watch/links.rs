//! Links, and names that are no text.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use crate::scratch::Scratch;
use crate::support::{MODULE, Watching, repeat};

#[test]
fn what_links_lead_to() {
    repeat(|| {
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("t.py");
        fs::write(&target, MODULE).unwrap();
        fs::create_dir(outside.path().join("d")).unwrap();
        fs::write(outside.path().join("d/e.py"), MODULE).unwrap();
        let scratch = Scratch::new(&[("m.py", MODULE)]);
        symlink(&target, scratch.path().join("l.py")).unwrap();
        symlink(outside.path().join("d"), scratch.path().join("ld")).unwrap();
        symlink(".", scratch.path().join("circle")).unwrap();
        symlink("nowhere", scratch.path().join("dangling.py")).unwrap();
        let watching = Watching::start(scratch, &["--no-safety-scan"]);
        fs::write(&target, "x = 1\n").unwrap();
        assert_eq!(watching.files()["l.py"], ["modified"]);
        fs::write(outside.path().join("d/e.py"), "x = 1\n").unwrap();
        assert_eq!(watching.files()["ld/e.py"], ["modified"]);
        let other = outside.path().join("o.py");
        fs::write(&other, "y = 1\n").unwrap();
        fs::remove_file(watching.path("l.py")).unwrap();
        symlink(&other, watching.path("l.py")).unwrap();
        assert_eq!(watching.files()["l.py"], ["modified"]);
        fs::write(&other, "y = 2\n").unwrap();
        assert_eq!(watching.files()["l.py"], ["modified"]);
        fs::write(&target, "x = 2\n").unwrap();
        assert!(watching.files().is_empty());
    });
}

#[test]
fn hard_links_are_seen_by_the_safety_scan() {
    let outside = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::write(outside.path().join("o.py"), MODULE).unwrap();
    fs::hard_link(outside.path().join("o.py"), folder.path().join("h.py")).unwrap();
    let watching = Watching::new(&[], &[folder.path().to_str().unwrap()]);
    fs::write(outside.path().join("o.py"), "x = 1\n").unwrap();
    let before = watching.until(|it| it["type"] == "batch" && it["cause"] == "safety");
    assert!(before.is_empty(), "{before:?}");
}

#[test]
fn names_that_are_no_text() {
    repeat(|| {
        let watching = Watching::module();
        let path = watching.scratch.path().join(OsStr::from_bytes(b"b\xff.py"));
        // Some file systems take text only.
        if fs::write(&path, "x = 1\n").is_ok() {
            let record = watching.record();
            assert_eq!(record["files"][0]["path_bytes"], "62ff2e7079");
        }
        watching.write("line\nend.py", "x = 1\n");
        watching.write("m.py", "x = 1\n");
        let files = watching.files();
        assert_eq!(
            (files["line\nend.py"].join(" "), files["m.py"].join(" ")),
            ("added".into(), "modified".into())
        );
    });
}
