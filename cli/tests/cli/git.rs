//! `astkit diff` in repositories: revisions, index and working tree, and as git's own diff program.

use std::process::{Command, Output};

use crate::support::{Run, Scratch};

const TEXT: &str = "def f(x):\n    for y in x:\n        a(y)\n        b(y)\n\n\ndef g():\n    return [1,2]\n";

fn git(scratch: &Scratch, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.current_dir(scratch.path()).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(arguments);
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")] {
        command.env(name, value);
    }
    command.output().unwrap()
}

fn commit(scratch: &Scratch, message: &str) {
    git(scratch, &["add", "-A"]);
    let output = git(scratch, &["commit", "-qm", message]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with one commit.
fn repository() -> Scratch {
    let scratch =
        Scratch::new(&[("src/a.py", TEXT), ("notes.txt", "one\ntwo\n"), ("src/b.py", "import os\n")]);
    git(&scratch, &["init", "-q"]);
    commit(&scratch, "first");
    scratch
}

fn concise(scratch: &Scratch, arguments: &[&str]) -> String {
    let run = scratch.run(&[&["diff", "--format", "concise"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
    run.out
}

#[test]
fn revisions_index_and_working_tree() {
    let scratch = repository();
    assert_eq!(concise(&scratch, &[]), "");
    scratch.write("src/a.py", TEXT.replace("        b(y)", "    b(y)").as_bytes());
    scratch.write("notes.txt", b"one\n2\n");
    assert_eq!(concise(&scratch, &[]), "notes.txt: modified (no-frontend)\nsrc/a.py:1:1: f: body\n");
    assert_eq!(concise(&scratch, &["--", "src"]), "src/a.py:1:1: f: body\n");
    assert_eq!(concise(&scratch, &["--staged"]), "");
    git(&scratch, &["add", "-A"]);
    assert_eq!(concise(&scratch, &["--staged", "--", "src"]), "src/a.py:1:1: f: body\n");
    commit(&scratch, "second");
    let moved = "import os\n\n\ndef g():\n    return [1, 2]\n";
    scratch.write("src/b.py", moved.as_bytes());
    scratch.write("src/a.py", b"def f(x):\n    for y in x:\n        a(y)\n    b(y)\n");
    commit(&scratch, "third");
    let back = concise(&scratch, &["HEAD~2..HEAD", "--", "src/a.py"]);
    assert_eq!(back, "src/a.py:1:1: f: body\nsrc/a.py:7:1: g: removed\n");
    assert_eq!(concise(&scratch, &["HEAD~1", "HEAD"]), "src/b.py:4:1: g: moved from src/a.py\n");
    let below = scratch.run(&["-C", "src", "diff", "HEAD~1...", "--format", "concise"]);
    assert_eq!(below.out, "b.py:4:1: g: moved from a.py\n", "{}", below.err);
    let unknown = scratch.run(&["diff", "nothing..HEAD"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("nothing"), "{}", unknown.err);
}

#[test]
fn as_external_diff_and_difftool() {
    let scratch = repository();
    let program = env!("CARGO_BIN_EXE_astkit");
    let diff = |extra: &str, arguments: &[&str]| {
        let external = format!("diff.external={program} diff --isolated --format concise {extra}");
        let options = ["-c", &external, "-c", "diff.trustExitCode=true", "diff", "--ext-diff"];
        Run::new(&git(&scratch, &[&options, arguments].concat()))
    };
    let strict = "--exit-code --hide formatting,comments";
    scratch.write("src/a.py", TEXT.replace("[1,2]", "[1, 2]").as_bytes());
    assert_eq!(diff("", &[]).out, "src/a.py:7:1: g: formatting\n");
    assert_eq!(diff(strict, &["--exit-code"]).code, Some(0));
    scratch.write("src/a.py", TEXT.replace("        b(y)", "    b(y)").as_bytes());
    let dedent = diff(strict, &["--exit-code"]);
    assert_eq!((dedent.code, dedent.out.as_str()), (Some(1), "src/a.py:1:1: f: body\n"));
    // Added, removed and renamed files; others than Python; a file that is no text.
    git(&scratch, &["mv", "src/b.py", "src/c.py"]);
    scratch.write("src/c.py", b"import os\nimport sys\n");
    scratch.write("new.py", b"x = 1\n");
    scratch.write("data.bin", b"\0\x01");
    git(&scratch, &["rm", "-q", "notes.txt"]);
    git(&scratch, &["add", "-A"]);
    let all = diff("", &["-M20%", "HEAD"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    let expected = "data.bin: added (binary)\nnew.py:1:1: <module>: added\nnotes.txt: removed (no-frontend)\n\
                    src/a.py:1:1: f: body\nsrc/c.py: renamed from src/b.py\nsrc/c.py:1:1: <module>: body\n";
    assert_eq!(all.out, expected, "{}", all.err);
    let tool =
        format!("difftool.astkit.cmd={program} diff --isolated --format concise \"$LOCAL\" \"$REMOTE\"");
    let tool = ["-c", &tool, "difftool", "-y", "--dir-diff", "--tool=astkit", "HEAD"];
    let folders = Run::new(&git(&scratch, &tool));
    assert!(folders.out.contains("src/a.py:1:1: f: body"), "{} {}", folders.out, folders.err);
}
