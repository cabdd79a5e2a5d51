//! What a save means.

use std::fs;

use crate::scratch::Scratch;
use crate::support::{MODULE, Watching, repeat, works};

#[test]
fn comments_and_blank_lines_are_no_change() {
    repeat(|| {
        let watching = Watching::module();
        watching.write("m.py", &MODULE.replace("return 1", "return 1  # one"));
        watching.write("m.py", &format!("\n\n{MODULE}"));
        for batch in watching.batches() {
            assert_eq!(batch.changed, [] as [String; 0], "{batch:?}");
        }
    });
}

#[test]
fn what_counts_is_the_level_s() {
    let changed = |level: &str, text: &str| {
        let watching = Watching::new(&[("m.py", MODULE)], &["--level", level]);
        watching.write("m.py", text);
        watching.batches().into_iter().flat_map(|it| it.changed).collect::<Vec<_>>()
    };
    let comment = MODULE.replace("return 1", "return 1  # one");
    let hint = MODULE.replace("def f():", "def f() -> int:");
    assert_eq!(changed("exact", &comment), ["m.py::f"]);
    assert_eq!(changed("ast", &comment), [] as [&str; 0]);
    assert_eq!(changed("ast", &hint), ["m.py::f"]);
    assert_eq!(changed("semantic", &hint), [] as [&str; 0]);
    let local = MODULE.replace("return 1", "one = 1\n    return one");
    let renamed = local.replace("one", "uno");
    let watching = Watching::new(&[("m.py", &local)], &["--level", "semantic"]);
    watching.write("m.py", &renamed);
    assert!(watching.batches().iter().all(|it| it.changed.is_empty()), "a local name is no behavior");
}

#[test]
fn what_depends_on_a_change_is_named() {
    repeat(|| {
        let files = [
            ("p/__init__.py", ""),
            ("p/a.py", "def f():\n    return 1\n\n\ndef g():\n    return f()\n"),
            ("p/b.py", "from p.a import g\n\n\ndef h():\n    return g()\n\n\ndef other():\n    return 2\n"),
        ];
        let watching = Watching::new(&files, &[]);
        let impact = |text: &str| {
            watching.write("p/a.py", text);
            let records = watching.sync();
            let batch = records.iter().find(|it| it["type"] == "batch").unwrap().clone();
            (batch["changed"].clone(), batch["impact"].clone())
        };
        let (changed, impacted) = impact("def f():\n    return 3\n\n\ndef g():\n    return f()\n");
        assert_eq!(changed, serde_json::json!(["p/a.py::f"]));
        let names = |it: &serde_json::Value| {
            it.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&impacted), ["p/a.py::<module>", "p/a.py::g", "p/b.py::<module>", "p/b.py::h"]);
        // A new name: `h` is found through it from now on.
        let (_, impacted) =
            impact("def f():\n    return 3\n\n\ndef g():\n    return k()\n\n\ndef k():\n    return 1\n");
        assert!(names(&impacted).contains(&"p/b.py::h".to_owned()), "{impacted}");
        let (changed, impacted) =
            impact("def f():\n    return 3\n\n\ndef g():\n    return k()\n\n\ndef k():\n    return 2\n");
        assert_eq!(changed, serde_json::json!(["p/a.py::k"]));
        assert!(names(&impacted).contains(&"p/b.py::h".to_owned()), "{impacted}");
        // What is gone was used by somebody.
        let (_, impacted) = impact("def g():\n    return f()\n");
        assert!(names(&impacted).contains(&"p/b.py::h".to_owned()), "{impacted}");
    });
}

#[test]
fn broken_and_mended() {
    repeat(|| {
        let watching = Watching::module();
        watching.write("m.py", &MODULE.replace("def f()", "def f("));
        let records = watching.sync();
        let diagnostics: Vec<_> = records.iter().filter(|it| it["type"] == "diagnostic").collect();
        assert_eq!(diagnostics.len(), 1, "{records:?}");
        assert_eq!(diagnostics[0]["span"]["line"], 1);
        let batch = records.iter().find(|it| it["type"] == "batch").unwrap();
        assert_eq!(
            (&batch["files"][0]["partial"], &batch["changed"]),
            (&true.into(), &serde_json::json!([]))
        );
        watching.write("m.py", &MODULE.replace("return 2", "return 3"));
        let records = watching.sync();
        assert!(records.iter().all(|it| it["type"] != "diagnostic"), "{records:?}");
        // Compared with the last text that was whole.
        assert_eq!(records[0]["changed"], serde_json::json!(["m.py::C.m"]));
    });
}

#[test]
fn a_definition_moves_to_another_file() {
    repeat(|| {
        let long = "def g(a):\n    b = a + 1\n    return b * 2\n";
        let watching = Watching::new(&[("a.py", long), ("b.py", "x = 1\n")], &[]);
        fs::write(watching.path("t1"), "").unwrap();
        fs::write(watching.path("t1"), "y = 1\n").unwrap();
        fs::write(watching.path("t2"), format!("x = 1\n\n\n{long}")).unwrap();
        fs::rename(watching.path("t2"), watching.path("b.py")).unwrap();
        fs::rename(watching.path("t1"), watching.path("a.py")).unwrap();
        let batches = watching.batches();
        assert!(batches.iter().flat_map(|it| &it.changed).any(|it| it == "b.py::g"), "{batches:?}");
    });
}

/// Root reads everything, so the watcher is another user then.
#[cfg(unix)]
#[test]
fn unreadable_files_are_named_once() {
    use std::os::unix::fs::PermissionsExt as _;
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let scratch = Scratch::new(&[("m.py", MODULE)]);
    set(scratch.path(), 0o755);
    set(scratch.cache(), 0o777);
    let is_root = is_root();
    let binary = env!("CARGO_BIN_EXE_astkit");
    if is_root && !works("setpriv", &["--reuid=65534", "--clear-groups", binary, "--version"]) {
        return;
    }
    let started = Watching::of_command(&scratch, |cookie| {
        set(cookie.parent().unwrap(), 0o755);
        let arguments = ["watch", "--json", "--sync-file", cookie.to_str().unwrap()];
        let mut command = if is_root {
            let mut command = std::process::Command::new("setpriv");
            command.args(["--reuid=65534", "--clear-groups", binary]);
            command
        } else {
            std::process::Command::new(binary)
        };
        command.args(arguments).env("ASTKIT_CACHE_DIR", scratch.cache());
        command
    });
    let watching = started.into_watching(scratch);
    set(&watching.path("m.py"), 0o000);
    let records = watching.sync();
    assert_eq!(records.iter().filter(|it| it["code"] == "unreadable").count(), 1, "{records:?}");
    assert_eq!(records.iter().filter(|it| it["type"] == "batch").count(), 1, "{records:?}");
    set(&watching.path("m.py"), 0o644);
    assert_eq!(watching.files()["m.py"], ["added"]);
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}
