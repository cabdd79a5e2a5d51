//! Our answer and the oracle's, side by side.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use astkit_analysis::shapes::{self, Places};
use astkit_ast::{Lowered, Options, PythonVersion, SourceText, lower};
use astkit_python_ast::PythonAst;
use serde_json::{Value, json};

use crate::oracle;

/// What a run found.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) files: usize,
    pub(crate) refused: usize,
    pub(crate) answers: usize,
    pub(crate) differences: Vec<String>,
}

/// One file, lowered for the oracle's version of Python.
pub(crate) struct Module {
    pub(crate) source: SourceText,
    pub(crate) lowered: Lowered,
}

impl Module {
    fn read(path: &Path) -> Result<Self> {
        let source = SourceText::decode(&std::fs::read(path).with_context(|| path.display().to_string())?);
        let options = Options { python: PythonVersion { major: 3, minor: 11 } };
        let lowered = lower(&PythonAst, &source, &options)?;
        Ok(Self { source, lowered })
    }

    pub(crate) fn places(&self) -> Places<'_> {
        Places::new(&self.source, &self.lowered)
    }
}

/// Compares one analysis over all files.
pub(crate) fn run(python: &str, analysis: &str, files: &[PathBuf]) -> Result<Report> {
    let (script, answer): (_, fn(&Module) -> Value) = match analysis {
        "scopes" => ("scopes.py", scopes),
        _ => bail!("unknown analysis `{analysis}`"),
    };
    let mut report = Report { files: files.len(), ..Report::default() };
    oracle::ask(python, script, files, |path, expected| {
        if expected.get("error").is_some() {
            report.refused += 1;
            return Ok(());
        }
        let actual = answer(&Module::read(path)?);
        for (key, actual) in actual.as_object().into_iter().flatten() {
            let expected = expected.get(key).unwrap_or(&Value::Null);
            report.answers += expected.as_array().map_or(1, Vec::len);
            if let Some(difference) = first_difference(expected, actual, key) {
                report.differences.push(format!("{}: {difference}", path.display()));
            }
        }
        Ok(())
    })?;
    Ok(report)
}

fn scopes(module: &Module) -> Value {
    let scopes = astkit_analysis::scopes(&module.lowered.tree, &astkit_analysis::scopes::Options::default());
    let mut names = shapes::references(&scopes, module.places())["names"].take();
    sort(&mut names);
    json!({"scopes": shapes::scopes(&scopes, module.places())["scopes"].take(), "names": names})
}

/// Sorts a list of lists of numbers and texts, as Python sorts them.
fn sort(list: &mut Value) {
    let key = |it: &Value| -> Vec<(i64, String)> {
        let cell = |it: &Value| (it.as_i64().unwrap_or(0), it.as_str().unwrap_or_default().to_owned());
        it.as_array().into_iter().flatten().map(cell).collect()
    };
    if let Some(list) = list.as_array_mut() {
        list.sort_by_cached_key(key);
    }
}

/// Where two values first differ, and how; sets of flags are compared without order.
fn first_difference(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Array(before), Value::Array(after)) => {
            for (nth, (before, after)) in before.iter().zip(after).enumerate() {
                if let Some(it) = first_difference(before, after, &format!("{at}[{nth}]")) {
                    return Some(it);
                }
            }
            let lengths = (before.len(), after.len());
            (lengths.0 != lengths.1).then(|| format!("{at}: {} expected, {} found", lengths.0, lengths.1))
        }
        (Value::Object(before), Value::Object(after)) => {
            let keys = before.keys().chain(after.keys());
            for key in keys {
                let (before, after) = (before.get(key), after.get(key));
                let pair = (before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null));
                let found = if key == "flags" { flags_differ(pair) } else { None };
                let found = if key == "flags" {
                    found
                } else {
                    first_difference(pair.0, pair.1, &format!("{at}.{key}"))
                };
                if found.is_some() {
                    return found.map(|it| if key == "flags" { format!("{at}.{key}: {it}") } else { it });
                }
            }
            None
        }
        _ => (expected != actual).then(|| format!("{at}: expected {expected}, found {actual}")),
    }
}

fn flags_differ((expected, actual): (&Value, &Value)) -> Option<String> {
    let set = |it: &Value| -> Vec<String> {
        let mut out: Vec<_> = it.as_array().into_iter().flatten().map(ToString::to_string).collect();
        out.sort();
        out
    };
    (set(expected) != set(actual)).then(|| format!("expected {expected}, found {actual}"))
}
