//! Input that is broken, absent, huge or nested: an answer, the place, and the right exit code; never a crash.

use std::process::Stdio;

use crate::support::{Run, Scratch};

const COMMANDS: [&[&str]; 3] = [&["parse", "--json"], &["hash", "--json"], &["hash", "--level", "exact"]];

fn each(scratch: &Scratch, file: &str, check: impl Fn(&Run)) {
    for command in COMMANDS {
        check(&scratch.run(&[command, &[file]].concat()));
    }
}

#[test]
fn broken_syntax_is_a_warning_with_its_place() {
    let scratch = Scratch::new(&[("a.py", "def f():\n    return 1\n\nx = = 2\n")]);
    each(&scratch, "a.py", |run| {
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.err.contains("warning[syntax-error]"), "{}", run.err);
        assert!(run.err.contains("a.py:4:5"), "{}", run.err);
    });
    let record = &scratch.run(&["parse", "a.py", "--json"]).records()[0];
    assert_eq!(record["partial"], true);
    assert_eq!(record["diagnostics"][0]["severity"], "error");
    assert_eq!(record["diagnostics"][0]["span"]["line"], 4);
    assert_eq!(scratch.run(&["parse", "a.py", "--strict"]).code, Some(1));
    assert_eq!(scratch.run(&["parse", "a.py", "-q"]).err, "");
    let hashes = scratch.run(&["hash", "a.py", "--json"]).records();
    let of = |name: &str| hashes.iter().find(|it| it["qualname"] == name).unwrap()["partial"].clone();
    assert_eq!((of("<module>"), of("f")), (true.into(), false.into()));
}

#[test]
fn damaged_definitions_never_have_the_hash_of_whole_ones() {
    let scratch = Scratch::new(&[("whole.py", "def f(): pass\n\ndef g(): return 1\n")]);
    let hash = |file: &str, frontend: &str| {
        let run = scratch.run(&["hash", "-q", "--frontend", frontend, file]);
        run.out.lines().map(|it| it[..64].to_owned()).collect::<Vec<_>>()
    };
    for frontend in ["auto", "python-ast", "tree-sitter"] {
        let whole = hash("whole.py", frontend);
        for (at, text) in ["def f(: pass\n\ndef g(): return 1\n", "def f(): pass)\n\ndef g(): return 1\n"]
            .iter()
            .enumerate()
        {
            let name = format!("{at}.py");
            scratch.write(&name, text.as_bytes());
            let damaged = hash(&name, frontend);
            assert_ne!(damaged[0], whole[0], "{frontend} {text}");
            assert!(!damaged.contains(&whole[1]), "{frontend} {text}");
            assert!(damaged.contains(&whole[2]), "{frontend} {text}");
        }
    }
}

#[test]
fn undecodable_bytes_are_named() {
    let scratch = Scratch::new(&[]);
    let files: [(&str, &[u8], &str); 4] = [
        ("utf8.py", b"x = '\xff'\n", "invalid-utf8"),
        ("unknown.py", b"# coding: klingon\nx = 1\n", "unknown-encoding"),
        ("nul.py", b"x = 1\0\n", "nul-byte"),
        ("conflict.py", b"\xef\xbb\xbf# coding: latin-1\n", "encoding-conflict"),
    ];
    for (name, bytes, code) in files {
        scratch.write(name, bytes);
        each(&scratch, name, |run| {
            assert_eq!(run.code, Some(0), "{run:?}");
            assert!(run.err.contains(&format!("warning[{code}]")) && run.err.contains(name), "{}", run.err);
        });
        assert_eq!(scratch.run(&["explain", code]).code, Some(0));
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_served() {
    let scratch = Scratch::new(&[("a.py", "x\n"), ("folder.py/b.py", "y\n")]);
    let run = scratch.run(&["hash", "none.py", "a.py", "folder.py", "/dev/zero"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("could not read `none.py`: no such file or directory"), "{}", run.err);
    assert!(run.err.contains("could not read `/dev/zero`: it is a device"), "{}", run.err);
    let names: Vec<_> = run.out.lines().map(|it| it.split_once("  ").unwrap().1).collect();
    assert_eq!(names, ["a.py::<module>", "folder.py/b.py::<module>"]);
    let record = &scratch.run(&["parse", "/dev/zero", "--json"]).records()[0];
    assert_eq!((&record["tree"], &record["partial"]), (&serde_json::Value::Null, &true.into()));
}

#[cfg(unix)]
#[test]
fn permissions_are_errors_that_name_the_path() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new(&[("p/a.py", "x\n"), ("p/locked/b.py", "y\n"), ("p/secret.py", "z\n")]);
    for name in ["p/locked", "p/secret.py"] {
        let path = scratch.path().join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    }
    let can_read_all = std::fs::read(scratch.path().join("p/secret.py")).is_ok();
    let run = scratch.run(&["hash", "p"]);
    if !can_read_all {
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("p/locked") && run.err.contains("p/secret.py"), "{}", run.err);
    }
    assert!(run.out.contains("p/a.py::<module>"), "{}", run.out);
    let path = scratch.path().join("p/locked");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn empty_files_are_modules() {
    let scratch = Scratch::new(&[("a.py", "")]);
    each(&scratch, "a.py", |run| {
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        assert_eq!(run.out.lines().count(), 1);
    });
}

#[test]
fn deep_nesting_ends_in_an_answer() {
    let scratch = Scratch::new(&[]);
    let deep = 10_000;
    let texts = [
        ("brackets.py", format!("x = {}{}\n", "(".repeat(deep), ")".repeat(deep))),
        ("open.py", format!("x = {}\n", "[".repeat(deep))),
        ("unary.py", format!("x = {}1\n", "-".repeat(deep))),
        ("calls.py", format!("x{}\n", "()".repeat(deep))),
        ("attributes.py", format!("x{}\n", ".a".repeat(deep))),
        ("lambdas.py", format!("x = {}1\n", "lambda: ".repeat(deep))),
        ("sums.py", format!("x = 1{}\n", " + 1".repeat(deep))),
        ("elifs.py", format!("if a: pass\n{}", "elif a: pass\n".repeat(deep))),
        ("indents.py", (0..600).flat_map(|it| [" ".repeat(it), "if 'x':\n".to_owned()]).collect()),
    ];
    for (name, text) in texts {
        let path = scratch.write(name, text.as_bytes());
        scratch.write("other.py", text.replace('x', "y").as_bytes());
        each(&scratch, path.to_str().unwrap(), |run| {
            assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        });
        assert_eq!(scratch.run(&["diff", name, "other.py"]).code, Some(0), "{name}");
        assert_eq!(scratch.run(&["parse", name]).code, Some(0), "{name}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let scratch = Scratch::new(&[("a.py", &"x = 1\n".repeat(50_000))]);
    let mut command = scratch.command(&["parse", "a.py"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::new(&child.wait_with_output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let scratch = Scratch::new(&[("a.py", "x = 1\n")]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Run::new(&scratch.command(&["parse", "a.py"]).stdout(full).output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("could not write standard output: no space left on device"), "{}", run.err);
}
