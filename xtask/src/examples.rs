//! The examples: crates outside of the workspace, as a user's are. Built in the workspace's target folder, so that
//! what both use is built once.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Tests every example.
pub(crate) fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut manifests: Vec<_> = std::fs::read_dir(root.join("examples"))
        .context("reading examples/")?
        .filter_map(|it| Some(it.ok()?.path().join("Cargo.toml")))
        .filter(|it| it.is_file())
        .collect();
    manifests.sort();
    if manifests.is_empty() {
        bail!("there are no examples");
    }
    for manifest in manifests {
        for arguments in [&["fmt", "--check"][..], &["test", "--quiet"]] {
            let mut command = Command::new("cargo");
            command.args(&arguments[..1]).arg("--manifest-path").arg(&manifest).args(&arguments[1..]);
            command.env("CARGO_TARGET_DIR", root.join("target"));
            let status = command.status().context("starting cargo")?;
            if !status.success() {
                bail!("`cargo {}` fails for {}", arguments[0], manifest.display());
            }
        }
    }
    Ok(())
}
