//! Def-use chains against pairs that were really executed, and against the sizes of beniget's sets.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use astkit_analysis::shapes;
use serde_json::Value;

use crate::compare::{Module, Report};

type Place = (u64, u64);

/// Every use with the places of its definitions.
pub(crate) fn chains(module: &Module) -> HashMap<Place, HashSet<Place>> {
    let scopes = astkit_analysis::scopes(&module.lowered.tree, &astkit_analysis::scopes::Options::default());
    let chains = astkit_analysis::def_use(&module.lowered.tree, &scopes);
    let shape = shapes::def_use(&chains, &scopes, module.places());
    let list = |key: &str| shape[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let defs: Vec<Place> = list("defs").iter().map(place).collect();
    let definition = |it: &Value| it.as_u64().and_then(|it| defs.get(usize::try_from(it).ok()?)).copied();
    let uses = list("uses").iter().map(|it| {
        let reaching = it["defs"].as_array().into_iter().flatten().filter_map(definition);
        (place(it), reaching.collect())
    });
    uses.collect()
}

fn place(it: &Value) -> Place {
    (it["line"].as_u64().unwrap_or(0), it["col"].as_u64().unwrap_or(0))
}

/// Runs an oracle script; each of its lines has `source` or `path`, and `pairs`. Every pair must be in our sets.
pub(crate) fn executed(python: &str, script: &str, arguments: &[String]) -> Result<Report> {
    let mut report = Report::default();
    each_line(python, script, arguments, |answer| {
        let module = match answer["source"].as_str() {
            Some(source) => Module::of_text(source)?,
            None => Module::read(Path::new(answer["path"].as_str().context("a path")?))?,
        };
        report.files += 1;
        let chains = chains(&module);
        for pair in answer["pairs"].as_array().into_iter().flatten() {
            let numbers: Vec<u64> = pair.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
            let [line, col, use_line, use_col] = numbers[..] else { bail!("a pair of two places") };
            report.answers += 1;
            let reaching = chains.get(&(use_line, use_col));
            if !reaching.is_some_and(|it| it.contains(&(line, col))) {
                let name = answer["path"].as_str().unwrap_or_default();
                let text = format!("{name}: {line}:{col} reaches {use_line}:{use_col}, found {reaching:?}");
                let source = answer["source"].as_str().unwrap_or_default();
                report.differences.push(format!("{text}\n{source}"));
            }
        }
        Ok(())
    })?;
    Ok(report)
}

/// Compares the sizes of sets with those of the oracle: lines of `path` and `uses`, each a place and its definitions.
pub(crate) fn sizes(python: &str, arguments: &[String]) -> Result<Report> {
    let mut report = Report::default();
    let (mut ours, mut theirs) = (0, 0);
    each_line(python, "beniget_sizes.py", arguments, |answer| {
        let path = Path::new(answer["path"].as_str().context("a path")?).to_owned();
        let chains = chains(&Module::read(&path)?);
        report.files += 1;
        for it in answer["uses"].as_array().into_iter().flatten() {
            let numbers: Vec<u64> = it.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
            let [line, col, size] = numbers[..] else { bail!("a place and a size") };
            let Some(reaching) = chains.get(&(line, col)) else { continue };
            if size == 0 || reaching.is_empty() {
                continue;
            }
            report.answers += 1;
            ours += reaching.len() as u64;
            theirs += size;
            if reaching.len() as u64 > size + 3 {
                let found = reaching.len();
                report
                    .differences
                    .push(format!("{}:{line}:{col}: {size} there, {found} here", path.display()));
            }
        }
        Ok(())
    })?;
    report.note = format!("{ours} definitions here, {theirs} there");
    Ok(report)
}

pub(crate) fn each_line(
    python: &str,
    script: &str,
    arguments: &[String],
    mut each: impl FnMut(Value) -> Result<()>,
) -> Result<()> {
    // What sites add may change the standard library's modules.
    let flags: &[&str] = if script == "runtime_names.py" { &["-I", "-S"] } else { &[] };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle").join(script);
    let mut child = Command::new(python)
        .args(flags)
        .arg(&script)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .context("starting it")?;
    let output = BufReader::new(child.stdout.take().context("a pipe")?);
    for line in output.lines() {
        let line = line?;
        if line.starts_with('{') {
            each(serde_json::from_str(&line)?)?;
        }
    }
    if !child.wait()?.success() {
        bail!("{} failed", script.display());
    }
    Ok(())
}
