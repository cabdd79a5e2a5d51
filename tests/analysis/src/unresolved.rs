//! How many calls of a project have no known callee, and why.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use astkit_analysis::calls::calls;
use astkit_ast::python::{Kind, kind};

use crate::compare::Report;
use crate::graphs::Known;

/// Counts over all files of a folder, which are modules below the folder's own name if it is a package.
pub(crate) fn run(folder: &Path, files: &[PathBuf]) -> Result<Report> {
    let base = if folder.join("__init__.py").is_file() { folder.parent().unwrap_or(folder) } else { folder };
    let mut modules = Vec::with_capacity(files.len());
    for path in files {
        let mut parts: Vec<String> = path
            .strip_prefix(base)?
            .with_extension("")
            .iter()
            .map(|it| it.to_string_lossy().into_owned())
            .collect();
        let is_package = parts.last().is_some_and(|it| it == "__init__");
        parts.truncate(parts.len() - usize::from(is_package));
        modules.push(Known::read(path, parts.join("."), is_package)?);
    }
    let graph = calls(&modules.iter().map(Known::module).collect::<Vec<_>>());
    let is_call =
        |module: u32, node| kind(modules[module as usize].module.lowered.tree.node(node)) == Kind::Call;
    let resolved: HashSet<_> = graph
        .edges
        .iter()
        .filter(|it| is_call(it.caller.module, it.node))
        .map(|it| (it.caller.module, it.node))
        .collect();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &graph.unresolved {
        *reasons.entry(it.reason.as_str()).or_default() += 1;
    }
    let all = resolved.len() + graph.unresolved.len();
    let share = |count: usize| {
        let [count, all] = [count, all].map(|it| f64::from(u32::try_from(it).unwrap_or(u32::MAX)));
        100.0 * count / all.max(1.0)
    };
    let mut note = format!(
        "\n{} of {all} calls ({:.1} %) have no known callee",
        graph.unresolved.len(),
        share(graph.unresolved.len())
    );
    let mut sorted: Vec<_> = reasons.into_iter().collect();
    sorted.sort_by_key(|it| std::cmp::Reverse(it.1));
    for (reason, count) in sorted {
        let _ = write!(note, "\n  {count:>7}  {:>4.1} %  {reason}", share(count));
    }
    Ok(Report { files: files.len(), answers: all, note, ..Report::default() })
}
