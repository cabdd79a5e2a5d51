//! The architecture check: which crate may use which, read from `cargo tree`.
//!
//! Every ban has a positive twin, a crate of which the banned thing is known to be found: a check whose pattern
//! matches nothing at all would otherwise pass for ever.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// `package` (built with `features`) may not reach any crate of `banned`, and must reach all of `needed`.
struct Rule {
    package: &'static str,
    features: &'static [&'static str],
    banned: &'static [&'static str],
    needed: &'static [&'static str],
    why: &'static str,
}

const OUTSIDE: &[&str] =
    &["clap", "anstream", "indicatif", "ignore", "notify", "rayon", "tree-sitter", "salsa"];
const UPWARD: &[&str] = &["astkit", "astkit-hash", "astkit-diff", "astkit-cli", "clap"];

const RULES: &[Rule] = &[
    Rule {
        package: "astkit-schema",
        features: &[],
        banned: &["astkit-ast", "tree-sitter", "ruff_python_parser", "clap"],
        needed: &["thiserror"],
        why: "the notation of schemas stands below everything",
    },
    Rule {
        package: "astkit-ast",
        features: &[],
        banned: OUTSIDE,
        needed: &["astkit-schema"],
        why: "the common tree knows no parser, no terminal and no engine",
    },
    Rule {
        package: "astkit-analysis",
        features: &[],
        banned: &[
            "astkit-hash",
            "astkit-diff",
            "tree-sitter",
            "ruff_python_parser",
            "clap",
            "rayon",
            "salsa",
        ],
        needed: &["astkit-ast"],
        why: "analyses are functions of one tree",
    },
    Rule {
        package: "astkit-transform",
        features: &[],
        banned: &[
            "astkit-hash",
            "astkit-diff",
            "tree-sitter",
            "ruff_python_parser",
            "clap",
            "rayon",
            "salsa",
        ],
        needed: &["astkit-ast", "astkit-analysis"],
        why: "transformations are functions of trees and of what analyses say",
    },
    Rule {
        package: "astkit-hash",
        features: &[],
        banned: &["astkit-diff", "tree-sitter", "ruff_python_parser", "clap", "rayon", "salsa"],
        needed: &["astkit-ast", "blake3"],
        why: "hashes are functions of trees",
    },
    Rule {
        package: "astkit-diff",
        features: &[],
        banned: &["tree-sitter", "ruff_python_parser", "clap", "rayon", "salsa"],
        needed: &["astkit-ast"],
        why: "diffs are functions of trees",
    },
    Rule {
        package: "astkit-engine",
        features: &[],
        banned: &["tree-sitter", "ruff_python_parser", "clap", "rayon", "ignore", "notify"],
        needed: &["astkit-ast", "astkit-analysis", "astkit-hash", "astkit-transform", "salsa"],
        why: "the engine knows no parser, no terminal and no operating system",
    },
    Rule {
        package: "astkit-system",
        features: &[],
        banned: &["ruff_python_parser", "tree-sitter", "clap"],
        needed: &["astkit-engine"],
        why: "files, interpreters and the cache folder need no parser",
    },
    Rule {
        package: "astkit-watch",
        features: &[],
        banned: &["astkit-ast", "astkit-engine", "clap", "ignore", "ruff_python_parser", "tree-sitter"],
        needed: &["notify"],
        why: "watching knows files and nothing of Python",
    },
    Rule {
        package: "astkit-python-ast",
        features: &[],
        banned: UPWARD,
        needed: &["astkit-ast", "ruff_python_parser"],
        why: "a frontend knows the common tree and its parser only",
    },
    Rule {
        package: "astkit-tree-sitter",
        features: &[],
        banned: UPWARD,
        needed: &["astkit-ast", "tree-sitter", "tree-sitter-python"],
        why: "a frontend knows the common tree and its parser only",
    },
    Rule {
        package: "astkit-cpython",
        features: &[],
        banned: UPWARD,
        needed: &["astkit-ast"],
        why: "a frontend knows the common tree and its parser only",
    },
    Rule {
        package: "astkit",
        features: &[],
        banned: &["astkit-python-ast", "astkit-tree-sitter", "astkit-cpython", "clap"],
        needed: &["astkit-ast", "astkit-hash", "astkit-diff", "astkit-engine"],
        why: "the face names frontends behind features only",
    },
    Rule {
        package: "astkit",
        features: &["python-ast", "tree-sitter", "cpython"],
        banned: &["clap", "annotate-snippets"],
        needed: &["astkit-python-ast", "astkit-tree-sitter", "astkit-cpython"],
        why: "the library has no command line",
    },
    Rule {
        package: "astkit-cli",
        features: &[],
        banned: &[],
        needed: &["astkit", "clap", "annotate-snippets"],
        why: "the command line is where the terminal is known",
    },
];

/// Checks every rule.
pub(crate) fn run() -> Result<()> {
    let mut broken = Vec::new();
    for rule in RULES {
        let reached = reached(rule)?;
        let reaches = |name: &&&str| reached.iter().any(|it| it == **name);
        let found: Vec<_> = rule.banned.iter().filter(reaches).collect();
        let absent: Vec<_> = rule.needed.iter().filter(|it| !reaches(it)).collect();
        if !found.is_empty() {
            broken.push(format!("{} reaches {found:?}: {}", rule.package, rule.why));
        }
        if !absent.is_empty() {
            broken.push(format!("{} does not reach {absent:?}: is the rule out of date?", rule.package));
        }
    }
    if broken.is_empty() { Ok(()) } else { bail!("{}", broken.join("\n")) }
}

/// Names of all crates below a package, without development dependencies.
fn reached(rule: &Rule) -> Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("cargo")
        .current_dir(root)
        .args([
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--no-default-features",
            "--package",
            rule.package,
        ])
        .args(["--features", &rule.features.join(",")])
        .output()
        .context("starting cargo tree")?;
    if !output.status.success() {
        bail!("cargo tree for {}: {}", rule.package, String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().skip(1).filter_map(|it| it.split(' ').next()).map(str::to_owned).collect())
}
