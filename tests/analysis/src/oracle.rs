//! Oracle scripts: a real interpreter's answers, one JSON object a file.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Calls `each` with the script's answer for every file, in order.
pub(crate) fn ask(
    python: &str,
    script: &str,
    files: &[PathBuf],
    mut each: impl FnMut(&Path, Value) -> Result<()>,
) -> Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle").join(script);
    let mut child = Command::new(python)
        .args(["-I", "-S"])
        .arg(&script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {python}"))?;
    let mut input = child.stdin.take().context("a pipe")?;
    let paths: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
    let writer = std::thread::spawn(move || paths.iter().try_for_each(|it| writeln!(input, "{it}")));
    let output = BufReader::new(child.stdout.take().context("a pipe")?);
    let mut answered = 0;
    for (line, path) in output.lines().zip(files) {
        each(path, serde_json::from_str(&line?)?)?;
        answered += 1;
    }
    let written = writer.join();
    if !child.wait()?.success() || answered != files.len() || written.is_err() {
        bail!("{} answered {answered} of {} files", script.display(), files.len());
    }
    Ok(())
}
