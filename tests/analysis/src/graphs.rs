//! Call graphs against expected ones: folders with a `main.py`, further modules, and a `callgraph.json`.
//!
//! The file maps full names of callers to lists of full names of callees; builtins are `<builtin>.name`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use astkit_analysis::calls::{CallGraph, Callee, Code, Module as CallModule, calls};
use astkit_analysis::{DefUse, def_use, scopes};

use crate::compare::{Module, Report};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// A module with what is known of it.
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) is_package: bool,
    pub(crate) module: Module,
    pub(crate) scopes: scopes::Scopes,
    pub(crate) chains: DefUse,
}

impl Known {
    pub(crate) fn read(path: &Path, name: String, is_package: bool) -> Result<Self> {
        let module = Module::read(path)?;
        let options = scopes::Options::default();
        let scopes = scopes::scopes(&module.lowered.tree, &options);
        let chains = def_use(&module.lowered.tree, &scopes);
        Ok(Self { name, is_package, module, scopes, chains })
    }

    pub(crate) fn module(&self) -> CallModule<'_> {
        CallModule {
            root: 0,
            name: &self.name,
            is_package: self.is_package,
            tree: &self.module.lowered.tree,
            scopes: &self.scopes,
            chains: &self.chains,
        }
    }
}

/// Compares the graphs of all folders below some.
pub(crate) fn run(folders: &[String]) -> Result<Report> {
    let mut cases = Vec::new();
    let mut stack: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    while let Some(folder) = stack.pop() {
        if folder.join("callgraph.json").is_file() {
            cases.push(folder);
            continue;
        }
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                stack.push(path);
            }
        }
    }
    cases.sort();
    let mut report = Report::default();
    let (mut invented, mut missing) = (0, 0);
    for case in cases {
        report.files += 1;
        report.answers += 1;
        let (extra, lacking) = compare(&case)?;
        invented += usize::from(!extra.is_empty());
        missing += usize::from(!lacking.is_empty());
        if !extra.is_empty() || !lacking.is_empty() {
            report.differences.push(format!("{}: extra {extra:?}, missing {lacking:?}", case.display()));
        }
    }
    report.note = format!("{invented} with edges too many, {missing} with edges missing");
    Ok(report)
}

fn compare(case: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let expected: Graph = serde_json::from_str(&std::fs::read_to_string(case.join("callgraph.json"))?)?;
    let mut modules = Vec::new();
    let mut stack = vec![case.to_owned()];
    while let Some(folder) = stack.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|it| it == "py") {
                let relative = path.strip_prefix(case)?.with_extension("");
                let mut parts: Vec<String> =
                    relative.iter().map(|it| it.to_string_lossy().into_owned()).collect();
                let is_package = parts.last().is_some_and(|it| it == "__init__");
                if is_package {
                    parts.pop();
                }
                modules.push(Known::read(&path, parts.join("."), is_package)?);
            }
        }
    }
    modules.sort_by(|before, after| before.name.cmp(&after.name));
    let found = named(&modules, &calls(&modules.iter().map(Known::module).collect::<Vec<_>>()));
    let flat = |graph: &Graph| -> BTreeSet<String> {
        let edges = graph
            .iter()
            .flat_map(|(caller, callees)| callees.iter().map(move |it| format!("{caller} -> {it}")));
        edges.collect()
    };
    let (expected, found) = (flat(&expected), flat(&found));
    Ok((found.difference(&expected).cloned().collect(), expected.difference(&found).cloned().collect()))
}

/// The graph in the words of the files: no `<locals>`, lambdas numbered by function, classes without constructor left
/// out, class bodies and comprehensions part of the code around.
fn named(modules: &[Known], graph: &CallGraph) -> Graph {
    let labels: Vec<Vec<String>> = modules.iter().map(labels).collect();
    let mut out = Graph::new();
    for edge in &graph.edges {
        let callee = match &edge.callee {
            Callee::Code(Code { module, scope }) => {
                let known = &modules[*module as usize];
                if known.scopes.scope(*scope).kind == scopes::ScopeKind::Class {
                    continue;
                }
                labels[*module as usize][scope.0 as usize].clone()
            }
            Callee::External(name) => name.to_string(),
            // What wraps a method is not counted there.
            Callee::Builtin(name) if matches!(&**name, "staticmethod" | "classmethod" | "property") => {
                continue;
            }
            Callee::Builtin(name) => match name.split_once('.') {
                Some((ty, method)) if ty.len() > 1 => {
                    let (first, rest) = ty.split_at(1);
                    format!("<**Py{}{rest}**>.{method}", first.to_uppercase())
                }
                _ => format!("<builtin>.{name}"),
            },
        };
        let caller = labels[edge.caller.module as usize][edge.caller.scope.0 as usize].clone();
        out.entry(caller).or_default().insert(callee);
    }
    out
}

fn labels(known: &Known) -> Vec<String> {
    use scopes::ScopeKind;
    let mut out: Vec<String> = Vec::new();
    let mut lambdas: BTreeMap<String, usize> = BTreeMap::new();
    for (_, scope) in known.scopes.scopes() {
        let around = scope.parent.map(|it| out[it.0 as usize].clone()).unwrap_or_default();
        out.push(match scope.kind {
            ScopeKind::Module => known.name.clone(),
            ScopeKind::Class | ScopeKind::Function | ScopeKind::AsyncFunction => {
                format!("{around}.{}", known.scopes.text(scope.name))
            }
            ScopeKind::Lambda => {
                let count = lambdas.entry(around.clone()).or_default();
                *count += 1;
                format!("{around}.<lambda{count}>")
            }
            ScopeKind::ListComp
            | ScopeKind::SetComp
            | ScopeKind::DictComp
            | ScopeKind::GeneratorExp
            | ScopeKind::Annotation
            | ScopeKind::TypeParameters
            | ScopeKind::TypeVariable
            | ScopeKind::TypeAlias => around,
        });
    }
    out
}
