//! Code generation from `core/ast/python.asdl`: one committed file per output, under `core/ast/src/python/`.
//!
//! `kind.rs` has the enums, `view.rs` the typed views, `build.rs` the constructors, `visitor.rs` the visitor.

mod build;
mod kind;
mod names;
mod view;
mod visitor;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use astkit_schema::Schema;

const HEAD: &str = "// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.\n\n";

/// Writes the generated files, or with `check` fails if one of them is out of date.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let asdl = root.join("core/ast/python.asdl");
    let text = std::fs::read_to_string(&asdl).with_context(|| format!("reading {}", asdl.display()))?;
    let schema = Schema::parse(&text)?;
    let out = root.join("core/ast/src/python");
    write(&out.join("kind.rs"), &kind::generate(&schema), check)?;
    write(&out.join("view.rs"), &view::generate(&schema), check)?;
    write(&out.join("build.rs"), &build::generate(&schema), check)?;
    write(&out.join("visitor.rs"), &visitor::generate(&schema), check)
}

fn write(path: &PathBuf, body: &str, check: bool) -> Result<()> {
    let (docs, rest): (Vec<&str>, Vec<&str>) = body.lines().partition(|it| it.starts_with("//!"));
    let text = format_rust(&format!("{}\n\n{HEAD}{}\n", docs.join("\n"), rest.join("\n")))?;
    if check {
        let present = std::fs::read_to_string(path).unwrap_or_default();
        if present != text {
            bail!("{} is out of date: run `cargo xtask codegen`", path.display());
        }
        return Ok(());
    }
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

fn format_rust(text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "max_width=110,use_small_heuristics=Max"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting rustfmt")?;
    child.stdin.take().context("rustfmt's input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("rustfmt refused the generated code");
    }
    Ok(String::from_utf8(output.stdout)?)
}
