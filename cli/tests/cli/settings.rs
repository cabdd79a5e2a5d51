//! Flags, variables and configuration files; and the commands that speak of the program itself.

use crate::support::{Run, Scratch};

fn shown(run: &Run, name: &str) -> String {
    let line = run.out.lines().find(|it| it.split_whitespace().next() == Some(name)).unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn flags_beat_variables_beat_files() {
    let scratch = Scratch::new(&[
        ("astkit.toml", "jobs = 3\nstrict = true\n[diff]\nhide = ['formatting']\n"),
        ("sub/x.py", ""),
    ]);
    let run = scratch.run(&["config", "show", "-C", "sub"]);
    assert!(
        shown(&run, "jobs").starts_with("jobs = 3 # ") && shown(&run, "jobs").ends_with("astkit.toml"),
        "{run:?}"
    );
    assert!(shown(&run, "diff.hide").contains("formatting"), "{}", run.out);
    let mut command = scratch.command(&["config", "show"]);
    let run = Run::new(&command.env("ASTKIT_JOBS", "4").output().unwrap());
    assert_eq!(shown(&run, "jobs"), "jobs = 4 # ASTKIT_JOBS");
    let mut command = scratch.command(&["config", "show", "-j", "5"]);
    let run = Run::new(&command.env("ASTKIT_JOBS", "4").output().unwrap());
    assert_eq!(shown(&run, "jobs"), "jobs = 5 # --jobs");
    let run = scratch.run(&["config", "show", "--config", "jobs=6"]);
    assert_eq!(shown(&run, "jobs"), "jobs = 6 # --config");
    let run = scratch.run(&["config", "show", "--isolated"]);
    assert!(shown(&run, "strict") == "strict = false # default", "{}", run.out);
}

#[test]
fn pyproject_counts_if_it_speaks_of_astkit() {
    let scratch = Scratch::new(&[
        ("pyproject.toml", "[tool.astkit]\nstrict = true\n"),
        ("a/pyproject.toml", "[tool.black]\n"),
    ]);
    let run = scratch.run(&["config", "show", "-C", "a"]);
    assert!(shown(&run, "strict").starts_with("strict = true"), "{}", run.out);
}

#[test]
fn wrong_settings_are_errors_with_their_place() {
    let scratch = Scratch::new(&[("astkit.toml", "strict = true\njobbs = 3\n"), ("a.py", "x\n")]);
    let run = scratch.run(&["parse", "a.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("astkit.toml:2:1: unknown field `jobbs`"), "{}", run.err);
    let code = |arguments: &[&str]| scratch.run(&[&["--isolated"], arguments].concat()).code;
    assert_eq!(code(&["parse", "a.py"]), Some(0));
    assert_eq!(code(&["parse", "a.py", "--frontend", "none"]), Some(2));
    assert_eq!(code(&["parse", "a.py", "--python-version", "three"]), Some(2));
    assert_eq!(code(&["parse", "a.py", "--format", "concise"]), Some(2));
    assert_eq!(code(&["parse", "a.py", "--config", "jobs=many"]), Some(2));
    assert_eq!(code(&["parse"]), Some(2));
    assert_eq!(code(&["perse", "a.py"]), Some(2));
    assert_eq!(code(&["--version"]), Some(0));
}

#[test]
fn color_obeys_flags_and_variables() {
    let scratch = Scratch::new(&[("a.py", "def f(): return 1\n"), ("b.py", "def f(): return 2\n")]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = scratch.command(&[&["diff", "a.py", "b.py"], arguments].concat());
        Run::new(&command.envs(variables.iter().copied()).output().unwrap()).out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]));
    assert!(!colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("FORCE_COLOR", "1")]));
}

#[test]
fn the_program_describes_itself() {
    let scratch = Scratch::new(&[]);
    for command in ["parse", "hash", "diff", "watch", "analyze", "graph", "impact", "cache"] {
        let run = scratch.run(&["schema", command]);
        let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert!(schema["$schema"].is_string());
        assert!(scratch.run(&["man", command]).out.contains(".TH"), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(scratch.run(&["completions", shell]).out.contains("astkit"), "{shell}");
    }
    assert!(scratch.run(&["explain"]).out.contains("syntax-error"));
    assert_eq!(scratch.run(&["explain", "nonsense"]).code, Some(2));
    assert_eq!(scratch.run(&["man", "nonsense"]).code, Some(2));
}

/// The codes that the sources of core and frontends give to diagnostics: the first word in quotes with a hyphen in it,
/// or the one after the source, of every call that makes one.
fn codes_in(folder: &std::path::Path, codes: &mut std::collections::BTreeSet<String>) {
    const MAKERS: [&str; 6] = [
        "Diagnostic::error(",
        "Diagnostic::warning(",
        ".fault(",
        "Capped::new(",
        "report_cookie(",
        "Refusal::",
    ];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            codes_in(&path, codes);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for maker in MAKERS {
                for call in text.split(maker).skip(1) {
                    let near: String = call.chars().take(90).collect();
                    let is_code = |it: &&str| {
                        it.len() > 5
                            && it.contains('-')
                            && it
                                .chars()
                                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
                    };
                    let sources = ["tree-sitter", "python-ast"];
                    let words = near.split('"').skip(1).step_by(2);
                    codes.extend(words.filter(is_code).filter(|it| !sources.contains(it)).map(str::to_owned));
                }
            }
        }
    }
}

#[test]
fn every_code_of_a_diagnostic_is_explained() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut codes = std::collections::BTreeSet::new();
    for folder in ["core/ast/src", "frontends"] {
        codes_in(&root.join(folder), &mut codes);
    }
    assert!(codes.len() > 10, "{codes:?}");
    let explained = Scratch::new(&[]).run(&["explain"]).out;
    let is_explained = |it: &&String| explained.lines().any(|line| line.split("  ").next() == Some(it));
    let unexplained: Vec<_> = codes.iter().filter(|it| !is_explained(it)).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}
