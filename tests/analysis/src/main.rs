//! Compares analyses with what a real CPython says about the same files.
//!
//! `analyses PYTHON ANALYSIS PATH...` runs the analysis' oracle script with that interpreter over the files and over
//! all `*.py` below the folders, prints how many answers are equal, and the first differences of those that are not.

mod chains;
mod compare;
mod graphs;
mod names;
mod oracle;
mod speed;
mod unresolved;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "analyses PYTHON scopes|literals|code|sizes|speed PATH... | flow COUNT SEED | expressions COUNT SEED | values | executed MODULE... | all | stars | mro | calls FOLDER... | unresolved FOLDER";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [python, analysis, paths @ ..] = arguments.as_slice() else { bail!("usage: {USAGE}") };
    let report = match analysis.as_str() {
        "flow" => chains::executed(python, "flow.py", paths)?,
        "executed" => chains::executed(python, "executed.py", paths)?,
        "sizes" => chains::sizes(python, paths)?,
        "speed" => speed::run(python, &files(paths.iter().map(Path::new))?)?,
        "calls" => graphs::run(paths)?,
        "unresolved" => {
            let [folder] = paths else { bail!("one folder") };
            unresolved::run(Path::new(folder), &files([Path::new(folder)].into_iter())?)?
        }
        "expressions" => values::expressions(python, paths)?,
        "values" => values::library(python)?,
        "all" | "stars" | "mro" => names::run(python, analysis)?,
        _ => compare::run(python, analysis, &files(paths.iter().map(Path::new))?)?,
    };
    print(&report);
    Ok(if report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::print_stdout, reason = "a command-line program")]
fn print(report: &compare::Report) {
    for difference in report.differences.iter().take(400) {
        println!("{difference}");
    }
    println!(
        "{} files, {} refused by this Python, {} answers, {} differences {}",
        report.files,
        report.refused,
        report.answers,
        report.differences.len(),
        report.note
    );
}

/// The files themselves, and all Python files below the folders, third-party packages left out; sorted.
fn files<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() { folders.push(path.to_owned()) } else { files.push(path.to_owned()) }
    }
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with("site-packages") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "py") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
