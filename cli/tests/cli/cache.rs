//! What is kept between runs: `astkit cache`, and that no state of the cache can be seen in a result.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::{Run, Scratch};

#[test]
fn the_folder_comes_from_flags_variables_files() {
    let scratch = Scratch::new(&[("astkit.toml", "cache-dir = 'c'\n"), ("sub/x.py", "")]);
    let here = |name: &str| scratch.path().canonicalize().unwrap().join(name).display().to_string();
    let dir = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = scratch.command(&[&["cache", "dir"], arguments].concat());
        command.env_remove("ASTKIT_CACHE_DIR").env_remove("XDG_CACHE_HOME").envs(variable);
        Run::new(&command.output().unwrap()).out.trim().to_owned()
    };
    // What a file says is meant from the file's folder.
    assert_eq!(dir(&["-C", "sub"], None), here("c"));
    assert_eq!(dir(&["--cache-dir", "d"], Some(("ASTKIT_CACHE_DIR", "/e"))), here("d"));
    assert_eq!(dir(&[], Some(("ASTKIT_CACHE_DIR", "/e"))), "/e");
    if cfg!(target_os = "linux") {
        assert_eq!(dir(&["--isolated"], Some(("XDG_CACHE_HOME", "/x"))), "/x/astkit");
    }
    let records = scratch.run(&["cache", "dir", "--json"]).records();
    assert_eq!((records[0]["type"].as_str(), records[0]["schema"].as_u64()), (Some("cache"), Some(1)));
    assert_eq!(records[0]["path"].as_str(), scratch.cache().to_str());
}

#[test]
fn an_empty_cache_has_figures_too() {
    let scratch = Scratch::new(&[]);
    let run = scratch.run(&["cache", "stats", "--cache-dir", "none"]);
    assert_eq!((run.code, run.out.lines().last()), (Some(0), Some("empty")), "{run:?}");
    let run = scratch.run(&["cache", "clean", "--cache-dir", "none"]);
    assert!(run.code == Some(0) && run.out.starts_with("0 files, 0 B, removed"), "{run:?}");
    assert!(!scratch.path().join("none").exists());
}

/// A scratch folder with real files of many kinds, broken ones among them.
fn real_files() -> Scratch {
    let scratch = Scratch::new(&[
        ("src/broken.py", "def f(:\n    pass\n\n\ndef g(x):\n    return x\n"),
        ("src/empty.py", ""),
        ("src/null.py", "a = 1\0\n"),
        ("src/latin.py", "# coding: latin-1\nname = 1\n"),
        ("src/crlf.py", "def f():\r\n    return 1\r\n"),
    ]);
    scratch.write("src/bytes.py", b"# coding: latin-1\ns = '\xe9'\n");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/parse");
    for entry in fs::read_dir(fixtures).unwrap() {
        let entry = entry.unwrap();
        scratch
            .write(&format!("src/parse/{}", entry.file_name().display()), &fs::read(entry.path()).unwrap());
    }
    scratch
}

/// Everything that `hash` can print of a folder, and what it says besides.
fn everything(scratch: &Scratch, more: &[&str]) -> Vec<(Option<i32>, String, String)> {
    let kinds: [&[&str]; 6] = [
        &["hash", "src"],
        &["hash", "src", "--level", "exact", "--json"],
        &["hash", "src", "--level", "ast", "--json"],
        &["hash", "src/parse", "src/broken.py", "--summary", "--strict"],
        &["hash", "src", "--tree"],
        &["hash", "src/parse/classes.py", "src/empty.py", "src/missing.py"],
    ];
    let run = |it: &&[&str]| {
        let run = scratch.run(&[*it, more].concat());
        (run.code, run.out, run.err)
    };
    kinds.iter().map(run).collect()
}

fn packs(scratch: &Scratch) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for folder in fs::read_dir(scratch.cache()).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir())
    {
        let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
        out.extend(files.filter(|it| it.extension().is_some_and(|it| it == "pack")));
    }
    out.sort();
    out
}

#[test]
fn the_cache_cannot_be_seen_in_a_result() {
    let scratch = real_files();
    let plain = everything(&scratch, &["--no-cache"]);
    assert_eq!(fs::read_dir(scratch.cache()).unwrap().count(), 0, "`--no-cache` writes nothing");
    for round in ["cold", "warm"] {
        assert_eq!(everything(&scratch, &[]), plain, "{round}");
    }
    assert_eq!(everything(&scratch, &["-j", "1"]), plain);
    for arguments in [["--verify"].as_slice(), &["--frontend", "tree-sitter"], &["--python-version", "3.9"]] {
        let plain = everything(&scratch, &[arguments, &["--no-cache"]].concat());
        for round in 0..2 {
            assert_eq!(everything(&scratch, arguments), plain, "{arguments:?}, {round}");
        }
    }
    assert_eq!(scratch.run(&["cache", "stats", "--json"]).records()[1]["current"], true);
    let run = scratch.run(&["cache", "clean"]);
    assert_eq!((run.code, fs::read_dir(scratch.cache()).map_or(0, Iterator::count)), (Some(0), 0), "{run:?}");
}

#[test]
fn a_warm_run_asks_nothing() {
    let scratch = real_files();
    fs::remove_file(scratch.path().join("src/broken.py")).unwrap();
    fs::remove_file(scratch.path().join("src/null.py")).unwrap();
    // Folders that were just made could change without a trace.
    thread::sleep(Duration::from_millis(100));
    for level in ["deep", "semantic", "ast", "exact"] {
        scratch.write("src/empty.py", b"");
        thread::sleep(Duration::from_millis(100));
        let run = || scratch.run(&["hash", "src", "--timings", "--level", level]);
        let cold = run();
        assert!(!cold.err.contains("timings: 0 files,"), "{level}: {}", cold.err);
        let warm = run();
        assert!(warm.err.contains("timings: 0 files, 0 bytes"), "{level}: {}", warm.err);
        assert!(warm.err.contains(" 0 not, 0 written, 0 damaged, 0 failed"), "{level}: {}", warm.err);
        assert_eq!(warm.out, cold.out, "{level}");
        scratch.write("src/empty.py", format!("def new(): return '{level}'\n").as_bytes());
        let edited = run();
        assert!(edited.err.contains("timings: 1 files,"), "{level}: {}", edited.err);
        assert!(edited.out.contains("src/empty.py::new"));
    }
}

#[test]
fn what_was_imported_counts_too() {
    let scratch = Scratch::new(&[
        ("src/a.py", "import helper\nfrom pack import thing\n\ndef f(): return helper.g(thing)\n"),
        ("helper.py", "def g(x): return x\n"),
        ("pack/__init__.py", ""),
    ]);
    let mut seen = Vec::new();
    let mut check = |what: &str| {
        thread::sleep(Duration::from_millis(70));
        let run = |more: &[&str]| {
            let run = scratch.run(&[&["hash", "src/a.py", "--json", "--timings"], more].concat());
            assert_eq!(run.code, Some(0), "{run:?}");
            (run.out, run.err)
        };
        let plain = run(&["--no-cache"]).0;
        assert_eq!(run(&[]).0, plain, "after: {what}");
        let again = run(&[]);
        assert_eq!(again.0, plain, "after: {what}, once more");
        assert!(again.1.contains("timings: 0 files"), "after: {what}: {}", again.1);
        assert!(!seen.contains(&plain), "{what} is seen");
        seen.push(plain);
    };
    check("nothing");
    scratch.write("helper.py", b"def g(x): return x + 1\n");
    check("an edit of an imported file");
    scratch.write("pack/thing.py", b"X = 1\n");
    check("a submodule that is new");
    scratch.write("src/helper.py", b"def g(x): return x + 2\n");
    check("a file that comes first");
    fs::remove_dir_all(scratch.path().join("pack")).unwrap();
    check("a package that is gone");
}

/// The same is asked from a cache that has seen all edits, and without one.
#[test]
fn edits_cost_what_they_change() {
    /// What it is, files with their new texts (none: gone), and what `--timings` says of it.
    type Edit<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)], &'a str);
    let scratch = Scratch::new(&[
        ("p/__init__.py", "from .a import *\n"),
        ("p/a.py", "from .b import base, Base\ndef f(): return base() + 1\nclass A(Base): pass\n"),
        ("p/b.py", "def base(): return 1\nclass Base:\n    def go(self): return self.come()\n"),
        ("p/c.py", "import p\nfrom p.d import late\ndef g(): return p.f(), p.A().go(), late()\n"),
        ("p/e.py", "def alone(): return 1\n"),
        ("q.py", "from p.c import g\ndef top(): return g()\n"),
    ]);
    let edits: [Edit<'_>; 11] = [
        ("nothing", &[], "names followed in 6 of 6 files"),
        ("a body", &[("p/e.py", Some("def alone(): return 2\n"))], "in 1 of 6 files, hashed in 1"),
        (
            "a body far away",
            &[("p/b.py", Some("def base(): return 2\nclass Base:\n    def go(self): return 1\n"))],
            "names followed in 1 of",
        ),
        (
            "a function above",
            &[(
                "p/b.py",
                Some("def new(): pass\ndef base(): return 2\nclass Base:\n    def go(self): return 1\n"),
            )],
            "names followed in 1 of",
        ),
        ("a file that was missed", &[("p/d.py", Some("def late(): return 3\n"))], "names followed in 2 of"),
        (
            "another name",
            &[("p/b.py", Some("def based(): return 2\nclass Base: pass\n"))],
            "names followed in 2 of",
        ),
        (
            "a variable",
            &[("p/b.py", Some("base = 1\nbase += 1\nclass Base: pass\n"))],
            "names followed in 2 of",
        ),
        (
            "a cycle",
            &[("p/b.py", Some("from q import top as base\nclass Base: pass\n"))],
            "names followed in 2 of",
        ),
        ("broken", &[("p/e.py", Some("def alone(:\n    return 2\n"))], "names followed in 1 of"),
        ("gone", &[("p/d.py", None), ("p/__init__.py", Some("__all__ = []\n"))], "names followed in 2 of"),
        ("no package", &[("p/__init__.py", None)], "names followed in"),
    ];
    for (what, files, line) in edits {
        for (name, text) in files {
            match text {
                Some(text) => drop(scratch.write(name, text.as_bytes())),
                None => fs::remove_file(scratch.path().join(name)).unwrap(),
            }
        }
        // Of what changed a moment ago nothing is kept.
        thread::sleep(Duration::from_millis(70));
        for more in [&[][..], &["--json"]] {
            let ask = |cache: &[&str]| scratch.run(&[&["hash", "p", "q.py"], more, cache].concat());
            let (cached, fresh) = (ask(&["--timings"]), ask(&["--no-cache"]));
            assert_eq!((cached.code, &cached.out), (fresh.code, &fresh.out), "{what}");
            let is_told = cached.err.lines().any(|it| it.contains(line));
            assert!(is_told, "{what}: {}", cached.err);
        }
    }
}

#[test]
fn a_change_that_a_stat_cannot_show_is_seen() {
    let scratch = Scratch::new(&[]);
    for number in 0..20 {
        scratch.write("a.py", format!("x = {}\n", number % 10).as_bytes());
        let plain = scratch.run(&["hash", "a.py", "--no-cache"]);
        assert_eq!(scratch.run(&["hash", "a.py"]).out, plain.out, "after edit {number}");
    }
}

#[test]
fn a_damaged_cache_costs_time_only() {
    let scratch = real_files();
    let plain = everything(&scratch, &["--no-cache"]);
    everything(&scratch, &[]);
    let without_warnings = |mut all: Vec<(Option<i32>, String, String)>| {
        for it in &mut all {
            it.2 =
                it.2.lines().filter(|it| !it.contains(" the cache in ")).flat_map(|it| [it, "\n"]).collect();
        }
        all
    };
    for part in 0..4 {
        for pack in packs(&scratch) {
            let mut bytes = fs::read(&pack).unwrap();
            let len = bytes.len();
            if part == 0 {
                bytes.truncate(len / 2);
            } else {
                // In the index, in the listings, at the end.
                bytes[[60, len / 5, len - 9][part - 1]] ^= 0x10;
            }
            fs::write(&pack, bytes).unwrap();
        }
        let damaged = scratch.run(&["hash", "src", "--level", "exact"]);
        assert!(
            part > 1 || damaged.err.contains("warning: parts of the cache in"),
            "{part}: {}",
            damaged.err
        );
        assert_eq!(without_warnings(everything(&scratch, &[])), plain, "{part}");
        assert_eq!(everything(&scratch, &[]), plain, "{part}: what was lost is there again");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_a_warning() {
    let scratch = Scratch::new(&[("a.py", "def f(): pass\n"), ("file", "")]);
    let plain = scratch.run(&["hash", "a.py", "--no-cache"]);
    let run = scratch.run(&["hash", "a.py", "--cache-dir", "file"]);
    assert_eq!((run.code, &run.out), (Some(0), &plain.out));
    assert!(run.err.starts_with("warning: the cache in"), "{}", run.err);
    let quiet = scratch.run(&["hash", "a.py", "--cache-dir", "file", "-q"]);
    assert_eq!((quiet.code, quiet.out, quiet.err), (Some(0), plain.out, String::new()));
}

/// Needs the right to mount a file system of 12 KB; without it, the store's own tests are all there is.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_warning() {
    let scratch = real_files();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=12k", "tmpfs"]).arg(scratch.cache()).output();
    if !mounted.is_ok_and(|it| it.status.success()) {
        return;
    }
    let runs = [0, 1].map(|_| scratch.run(&["hash", "src"]));
    let unmounted = Command::new("umount").arg(scratch.cache()).status().unwrap();
    let plain = scratch.run(&["hash", "src", "--no-cache"]);
    assert!(unmounted.success());
    for run in runs {
        assert_eq!((run.code, &run.out), (plain.code, &plain.out));
        assert!(run.err.contains("warning: the cache in"), "{}", run.err);
    }
}

/// A folder that may be read and not written, on a real file system: mounted so, or, where that is not allowed, without
/// the right to write (which does not bind root: then there is nothing to see, and the store's own tests are all).
#[test]
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "that nothing was tested has to be told")]
fn a_cache_that_may_only_be_read_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = real_files();
    let mount = |options: &[&str]| {
        let done = Command::new("mount").args(options).arg(scratch.cache()).output();
        done.is_ok_and(|it| it.status.success())
    };
    let is_mounted = mount(&["-t", "tmpfs", "tmpfs"]);
    thread::sleep(Duration::from_millis(70));
    let ask = |more: &[&str]| scratch.run(&[&["hash", "src"], more].concat());
    let first = [ask(&[]), ask(&[])];
    let allow = |mode: u32| {
        for entry in walk(scratch.cache()).into_iter().filter(|it| it.is_dir()) {
            fs::set_permissions(entry, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    if is_mounted {
        assert!(mount(&["-o", "remount,ro"]));
    } else {
        allow(0o555);
    }
    let is_readonly = fs::write(scratch.cache().join("probe"), "").is_err();
    let warm = ask(&["--timings"]);
    scratch.write("src/empty.py", b"def f(): return 1\n");
    thread::sleep(Duration::from_millis(70));
    let edited = [ask(&[]), ask(&[])];
    let plain = ask(&["--no-cache"]);
    if is_mounted {
        assert!(Command::new("umount").arg(scratch.cache()).status().unwrap().success());
    } else {
        allow(0o755);
    }
    if !is_readonly {
        eprintln!("skipped: root may write everywhere, and no file system could be mounted");
        return;
    }
    assert_eq!((first[0].code, &first[0].out), (first[1].code, &warm.out));
    assert!(!warm.err.contains("warning: the cache in") && warm.err.contains(" 0 failed"), "{}", warm.err);
    for run in edited {
        assert_eq!((run.code, &run.out), (plain.code, &plain.out));
        assert!(run.err.contains("warning: the cache in"), "{}", run.err);
    }
}

/// A folder and all that is in it.
#[cfg(target_os = "linux")]
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut out = vec![folder.to_owned()];
    let mut at = 0;
    while at < out.len() {
        let inner = fs::read_dir(&out[at]).into_iter().flatten().flatten().map(|it| it.path());
        let inner: Vec<_> = inner.collect();
        out.extend(inner);
        at += 1;
    }
    out
}

/// Two runs at a time on one cache, killed at random moments; `ASTKIT_TEST_KILLS=100` for more of them.
#[test]
fn killed_at_any_moment() {
    let scratch = real_files();
    let plain = everything(&scratch, &["--no-cache"]);
    let kills: u64 = std::env::var("ASTKIT_TEST_KILLS").map_or(8, |it| it.parse().unwrap());
    for moment in 0..kills {
        let start = |level: &str| {
            let mut command = scratch.command(&["hash", "src", "--level", level]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        // New text each time, so that there is something to write.
        let name = format!("src/new{}.py", moment % 3);
        scratch.write(&name, format!("def f(): return {moment}\n").as_bytes());
        let mut runs = [start("ast"), start("exact")];
        thread::sleep(Duration::from_millis(moment * 37 % 150));
        for run in &mut runs {
            run.kill().unwrap();
            run.wait().unwrap();
        }
        if moment % 4 == 3 {
            let plain = scratch.run(&["hash", "src", "--no-cache"]);
            let run = scratch.run(&["hash", "src"]);
            assert_eq!(
                (run.code, run.out, run.err),
                (plain.code, plain.out, plain.err),
                "after kill {moment}"
            );
        }
    }
    for number in 0..3 {
        drop(fs::remove_file(scratch.path().join(format!("src/new{number}.py"))));
    }
    assert_eq!(everything(&scratch, &[]), plain);
}

#[test]
fn many_at_once() {
    let scratch = real_files();
    let plain = scratch.run(&["hash", "src", "--no-cache"]);
    let start =
        || scratch.command(&["hash", "src"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..2 {
        let runs: Vec<_> = (0..4).map(|_| start()).collect();
        for run in runs {
            let run = Run::new(&run.wait_with_output().unwrap());
            assert_eq!((run.code, &run.out, &run.err), (plain.code, &plain.out, &plain.err));
        }
    }
}

#[test]
fn memory_is_told() {
    let scratch = Scratch::new(&[("a.py", "import b\ndef f(): return b.g()\n"), ("b.py", "def g(): pass\n")]);
    let run = scratch.run(&["debug", "memory", ".", "--timings"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.starts_with("what") && run.out.contains("file_summary"), "{}", run.out);
    assert!(run.err.contains("file_edges 2") && run.err.contains("root_graph 1"), "{}", run.err);
    let records = scratch.run(&["debug", "memory", "a.py", "--json"]).records();
    assert!(records.iter().all(|it| it["type"] == "memory" && it["bytes"].is_u64()));
}
