//! The conformance run, as a chore.
//!
//! It is a program of its own, `tests/harness/src/main.rs`: this crate would otherwise have to build every parser before
//! it could check a comment.

use std::process::{Command, exit};

use anyhow::{Context, Result};

/// Builds the conformance program with optimizations and runs it.
#[expect(clippy::exit, reason = "the program's exit code is the answer")]
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "astkit-harness", "--bin", "conformance", "--"])
        .args(arguments)
        .status()
        .context("starting cargo")?;
    exit(status.code().unwrap_or(2));
}
