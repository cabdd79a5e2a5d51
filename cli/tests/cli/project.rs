//! A small project with tests, for the commands that follow dependencies.

use std::process::Command;

use crate::support::Scratch;

const FILES: [(&str, &str); 8] = [
    ("pkg/__init__.py", include_str!("project/pkg/__init__.py")),
    ("pkg/again.py", include_str!("project/pkg/again.py")),
    ("pkg/core.py", include_str!("project/pkg/core.py")),
    ("pkg/cycle.py", include_str!("project/pkg/cycle.py")),
    ("pkg/registry.py", include_str!("project/pkg/registry.py")),
    ("pkg/shapes.py", include_str!("project/pkg/shapes.py")),
    ("tests/conftest.py", include_str!("project/tests/conftest.py")),
    ("tests/test_core.py", include_str!("project/tests/test_core.py")),
];

/// The project in a folder of its own.
pub(crate) fn project() -> Scratch {
    Scratch::new(&FILES)
}

/// Runs git.
pub(crate) fn git(scratch: &Scratch, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(scratch.path()).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The project as a repository with one commit.
pub(crate) fn repository() -> Scratch {
    let scratch = project();
    git(&scratch, &["init", "-q"]);
    git(&scratch, &["add", "-A"]);
    git(&scratch, &["commit", "-qm", "first"]);
    scratch
}

/// Replaces a piece of a file's text.
pub(crate) fn edit(scratch: &Scratch, name: &str, from: &str, to: &str) {
    let text = scratch.read(name);
    assert!(text.contains(from), "{name} has no {from:?}");
    scratch.write(name, text.replacen(from, to, 1).as_bytes());
}

/// Compares with a snapshot in a folder of its own.
pub(crate) fn check(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{}/../snapshots/{folder}", env!("CARGO_MANIFEST_DIR")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
