//! Every view of `astkit diff`, as it was.

use crate::support::Scratch;

const OLD: &str = include_str!("views/old.py");
const NEW: &str = include_str!("views/new.py");

fn check(name: &str, arguments: &[&str]) {
    let scratch = Scratch::new(&[("old/shop.py", OLD), ("new/shop.py", NEW)]);
    scratch.write(
        "old/tools.py",
        b"def total(items):\n    return sum(item.price * item.count for item in items)\n",
    );
    scratch.write(
        "new/sums.py",
        b"def total(items):\n    return sum(item.price * item.count for item in items)\n",
    );
    let run = scratch.run(&[&["diff", "old", "new", "--isolated"], arguments].concat());
    assert_ne!(run.code, Some(2), "{}", run.err);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots/diff"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, run.out));
}

#[test]
fn views_are_as_they_were() {
    check("full", &[]);
    check("full-color", &["--color", "always"]);
    check("side-by-side", &["--format", "side-by-side", "--width", "120"]);
    check("concise", &["--format", "concise"]);
    check("html", &["--format", "html"]);
    check("markdown", &["--format", "markdown"]);
    check("github", &["--format", "github", "--fail-on", "copied"]);
    check("unified", &["--format", "unified"]);
    check("stat", &["--stat"]);
    check("json", &["--format", "json", "--script"]);
}
