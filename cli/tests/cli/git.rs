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

/// Git's diff with astkit as the external program, which must not fail.
fn external(scratch: &Scratch, arguments: &[&str]) -> String {
    let program = format!("diff.external={} diff --isolated --format concise", env!("CARGO_BIN_EXE_astkit"));
    let run = Run::new(&git(
        scratch,
        &[&["-c", &program, "diff", "--ext-diff", "-M30%"], arguments, &["--"]].concat(),
    ));
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.err);
    run.out
}

#[test]
fn before_the_first_commit_all_is_new() {
    let scratch = Scratch::new(&[("a.py", "x = 1\n"), ("b.py", "y = 1\n")]);
    git(&scratch, &["init", "-q"]);
    assert_eq!(concise(&scratch, &[]), "");
    git(&scratch, &["add", "a.py"]);
    for arguments in [&[][..], &["--staged"]] {
        assert_eq!(concise(&scratch, arguments), "a.py:1:1: <module>: added\n");
    }
    let run = scratch.run(&["diff", "HEAD"]);
    assert_eq!(run.code, Some(2), "{}", run.out);
}

#[test]
#[cfg(unix)]
fn names_links_modes_and_modules() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    let odd = ["with space.py", "new\nline.py", "tab\t\"quoted\".py", "-dash.py", "ü.py", "a::b.py", "HEAD"];
    let files: Vec<_> = odd.iter().map(|it| (*it, "x = 1\n")).collect();
    let scratch = Scratch::new(&files);
    let raw = scratch.path().join(std::ffi::OsStr::from_bytes(b"raw\xff.py"));
    std::fs::write(&raw, "x = 1\n").unwrap();
    symlink("ü.py", scratch.path().join("link.py")).unwrap();
    symlink("nowhere.py", scratch.path().join("dangling.py")).unwrap();
    let text = "def f(a, b):\n    if a > b:\n        return a + 1\n    return b - 1\n\n\nx = 1\n";
    scratch.write("mode.py", text.as_bytes());
    git(&scratch, &["init", "-q"]);
    git(&scratch, &["init", "-q", "sub"]);
    scratch.write("sub/s.py", b"s = 1\n");
    git(&scratch, &["-C", "sub", "add", "-A"]);
    git(&scratch, &["-C", "sub", "commit", "-qm", "in it"]);
    commit(&scratch, "first");
    let all = concise(&scratch, &["HEAD"]);
    assert_eq!(all, "", "nothing changed");
    for name in odd {
        scratch.write(name, b"x = 2\n");
    }
    std::fs::write(&raw, "x = 2\n").unwrap();
    for (name, to) in [("link.py", "-dash.py"), ("dangling.py", "anywhere.py")] {
        std::fs::remove_file(scratch.path().join(name)).unwrap();
        symlink(to, scratch.path().join(name)).unwrap();
    }
    git(&scratch, &["mv", "mode.py", "renamed.py"]);
    scratch.write("renamed.py", text.replace("x = 1", "x = 2").as_bytes());
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(scratch.path().join("renamed.py"), mode).unwrap();
    scratch.write("sub/s.py", b"s = 2\n");
    git(&scratch, &["-C", "sub", "commit", "-qam", "more"]);
    let check = |out: &str, what: &str| {
        let lines = out.lines().filter(|it| it.contains("<module>: body")).count();
        assert_eq!(lines, odd.len() - 1 + 2, "{what}: {out}");
        assert!(out.contains("new\u{fffd}line.py:1:1: "), "{what}: {out}");
        assert!(out.contains("raw\u{fffd}.py:1:1: <module>: body"), "{what}: {out}");
        assert!(out.contains("renamed.py: renamed from mode.py"), "{what}: {out}");
        assert!(out.contains("link.py: modified (no-frontend)"), "{what}: {out}");
        assert!(out.contains("dangling.py: modified (no-frontend)"), "{what}: {out}");
    };
    check(&concise(&scratch, &[]), "working tree");
    check(&external(&scratch, &["HEAD"]), "external, working tree");
    commit(&scratch, "second");
    check(&concise(&scratch, &["HEAD~1", "HEAD"]), "revisions");
    check(&external(&scratch, &["HEAD~1", "HEAD"]), "external, revisions");
    // A link becomes a file, and the other way round.
    std::fs::remove_file(scratch.path().join("link.py")).unwrap();
    scratch.write("link.py", b"x = 1\n");
    std::fs::remove_file(scratch.path().join("-dash.py")).unwrap();
    symlink("ü.py", scratch.path().join("-dash.py")).unwrap();
    let changed = "-dash.py: mode 100644 → 120000\n-dash.py: modified (no-frontend)\n\
                   link.py: mode 120000 → 100644\nlink.py: modified (no-frontend)\n";
    assert_eq!(concise(&scratch, &[]), changed);
    external(&scratch, &[]);
}

#[test]
#[cfg(unix)]
fn a_mode_is_a_change_of_its_own() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = repository();
    for name in ["src/a.py", "notes.txt"] {
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(scratch.path().join(name), mode).unwrap();
    }
    let change = "mode 100644 → 100755";
    assert_eq!(concise(&scratch, &[]), format!("notes.txt: {change}\nsrc/a.py: {change}\n"));
    let stat = scratch.run(&["diff", "--stat"]);
    assert_eq!(stat.out, format!(" notes.txt | {change}\n src/a.py | {change}\n 2 files changed\n"));
    assert_eq!(scratch.run(&["diff", "--exit-code", "--hide", "formatting"]).code, Some(1));
    let record = scratch.run(&["diff", "--format", "json-lines", "--", "src"]);
    assert!(
        record.out.contains(r#""status":"modified","mode":["100644","100755"],"verdict":[]"#),
        "{}",
        record.out
    );
    // Other words of the same file stand beside it, and git takes the patch.
    scratch.write("src/a.py", TEXT.replace("        b(y)", "    b(y)").as_bytes());
    let both = format!("src/a.py: {change}\nsrc/a.py:1:1: f: body\n");
    assert_eq!(concise(&scratch, &["--", "src"]), both);
    scratch.write("change.patch", scratch.run(&["diff", "--format", "unified"]).out.as_bytes());
    assert!(git(&scratch, &["apply", "-R", "change.patch"]).status.success());
    assert_eq!(concise(&scratch, &["--", "src", "notes.txt"]), "");
}

#[test]
fn conflicts_are_skipped_with_a_word() {
    let scratch = repository();
    git(&scratch, &["checkout", "-q", "-b", "other"]);
    scratch.write("src/b.py", b"import os, sys\n");
    commit(&scratch, "other");
    git(&scratch, &["checkout", "-q", "-"]);
    scratch.write("src/b.py", b"import re\n");
    commit(&scratch, "this");
    assert!(!git(&scratch, &["merge", "other"]).status.success());
    let staged = scratch.run(&["diff", "--staged", "--format", "concise"]);
    assert_eq!((staged.code, staged.out.as_str()), (Some(0), ""));
    assert!(staged.err.contains("`src/b.py` is unmerged"), "{}", staged.err);
    // The file with the markers does not parse.
    assert_eq!(concise(&scratch, &[]), "src/b.py:1:1: <module>: body (syntax error)\n");
    external(&scratch, &[]);
    external(&scratch, &["--cached"]);
}

#[test]
fn bare_shallow_and_linked_repositories() {
    let scratch = repository();
    scratch.write("src/b.py", b"import re\n");
    commit(&scratch, "second");
    let expected = "src/b.py:1:1: <module>: body\n";
    git(&scratch, &["clone", "-q", "--bare", ".", "bare.git"]);
    let bare = scratch.run(&["-C", "bare.git", "diff", "HEAD~1..HEAD", "--format", "concise"]);
    assert_eq!((bare.code, bare.out.as_str()), (Some(0), expected), "{}", bare.err);
    let no_tree = scratch.run(&["-C", "bare.git", "diff"]);
    assert_eq!(no_tree.code, Some(2), "{}", no_tree.out);
    git(&scratch, &["worktree", "add", "-q", "linked", "HEAD~1"]);
    let linked = scratch.run(&["-C", "linked", "diff", "HEAD", "other", "--format", "concise"]);
    assert_eq!(linked.code, Some(2), "no such revision: {}", linked.out);
    scratch.write("linked/src/b.py", b"import re\n");
    let linked = scratch.run(&["-C", "linked/src", "diff", "--format", "concise"]);
    assert_eq!((linked.code, linked.out.as_str()), (Some(0), "b.py:1:1: <module>: body\n"), "{}", linked.err);
    let url = format!("file://{}", scratch.path().display());
    git(&scratch, &["clone", "-q", "--depth=1", &url, "shallow"]);
    let shallow = scratch.run(&["-C", "shallow", "diff", "HEAD~1"]);
    assert_eq!(shallow.code, Some(2), "{}", shallow.out);
    assert!(shallow.err.contains("HEAD~1"), "{}", shallow.err);
    git(&scratch, &["config", "diff.relative", "true"]);
    scratch.write("src/a.py", b"def f(x):\n    return 1\n");
    let below = scratch.run(&["-C", "src", "diff", "--format", "concise", "--", "."]);
    assert!(below.out.starts_with("a.py:1:1: f: body\n"), "{} {}", below.out, below.err);
    for odd in ["", ":/second", "HEAD^{tree}", "HEAD:src", "@{u}", "HEAD~99", "..", "...", "a..b..c", "\n"] {
        let run = scratch.run(&["diff", "--format", "concise", "--", odd]);
        assert!(matches!(run.code, Some(0 | 2)), "{odd:?}: {}", run.err);
        let run = scratch.run(&["diff", "--format", "concise", odd]);
        assert!(matches!(run.code, Some(0 | 2)), "{odd:?}: {}", run.err);
    }
}
