//! Our answer and the oracle's, side by side.

use std::collections::BTreeMap;
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
    /// What else there is to say.
    pub(crate) note: String,
}

/// One file, lowered for the oracle's version of Python.
pub(crate) struct Module {
    pub(crate) source: SourceText,
    pub(crate) lowered: Lowered,
}

impl Module {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Self::of(SourceText::decode(&std::fs::read(path).with_context(|| path.display().to_string())?))
    }

    pub(crate) fn of_text(text: &str) -> Result<Self> {
        Self::of(SourceText::from_text(text))
    }

    fn of(source: SourceText) -> Result<Self> {
        let options = Options { python: PythonVersion { major: 3, minor: 11 } };
        let lowered = lower(&PythonAst, &source, &options)?;
        Ok(Self { source, lowered })
    }

    pub(crate) fn places(&self) -> Places<'_> {
        Places::new(&self.source, &self.lowered)
    }
}

/// Where and how two answers differ.
type Difference = fn(&Value, &Value, &str) -> Option<String>;

/// Compares one analysis over all files.
pub(crate) fn run(python: &str, analysis: &str, files: &[PathBuf]) -> Result<Report> {
    let (script, answer, difference): (_, fn(&Module) -> Value, Difference) = match analysis {
        "scopes" => ("scopes.py", scopes, first_difference),
        "literals" => ("literals.py", literals, first_difference),
        "code" => ("code.py", code, first_missing),
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
            if let Some(difference) = difference(expected, actual, key) {
                report.differences.push(format!("{}: {difference}", path.display()));
            }
        }
        Ok(())
    })?;
    Ok(report)
}

fn scopes(module: &Module) -> Value {
    let scopes = astkit_analysis::scopes(&module.lowered.tree, &astkit_analysis::scopes::Options::default());
    let mut shape = shapes::references(&scopes, module.places());
    for key in ["names", "unevaluated"] {
        sort(&mut shape[key]);
    }
    shape["scopes"] = shapes::scopes(&scopes, module.places())["scopes"].take();
    shape
}

fn literals(module: &Module) -> Value {
    shapes::literals(&astkit_analysis::literals(&module.lowered.tree), module.places())
}

fn code(module: &Module) -> Value {
    let (tree, options) = (&module.lowered.tree, astkit_analysis::scopes::Options::default());
    let scopes = astkit_analysis::scopes(tree, &options);
    let names = astkit_analysis::qualnames(&scopes, &options);
    let signatures = astkit_analysis::signatures(tree, &scopes);
    let mut functions = shapes::signatures(&signatures, &scopes, &names, module.places())["functions"].take();
    for function in functions.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        function.remove("defaults");
    }
    let imports = astkit_analysis::imports(tree, &scopes);
    let nothing = |_: &astkit_analysis::Import| shapes::Resolved {
        path: None,
        kind: "missing",
        is_package: false,
        submodules: Vec::new(),
    };
    let mut imports = shapes::imports(&imports, &names, module.places(), nothing)["imports"].take();
    for import in imports.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        import.remove("resolved");
        import.remove("submodules");
    }
    json!({"functions": functions, "imports": imports})
}

/// Whether some expected record is not there. Code that the compiler drops is no concern of its records.
fn first_missing(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for record in actual.as_array().into_iter().flatten() {
        *left.entry(record.to_string()).or_default() += 1;
    }
    for record in expected.as_array().into_iter().flatten() {
        match left.get_mut(&record.to_string()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => return Some(format!("{at}: {record} is missing")),
        }
    }
    None
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
