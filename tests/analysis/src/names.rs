//! Exported names, star imports and class orders of the standard library against those of the running one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use astkit_analysis::project::{self, Project};
use astkit_analysis::{Environment, Interface};
use serde_json::Value;

use crate::chains::each_line;
use crate::compare::{Module, Report};

/// The modules of the oracle.
struct Library {
    texts: BTreeMap<String, Arc<Interface>>,
    textless: BTreeSet<String>,
}

impl Project for Library {
    fn interface(&self, module: &str) -> Option<Arc<Interface>> {
        self.texts.get(module).cloned()
    }

    fn is_module(&self, module: &str) -> bool {
        self.texts.contains_key(module) || self.textless.contains(module)
    }

    fn lacks(&self, module: &str) -> bool {
        !self.is_module(module)
    }

    fn python(&self) -> Option<(u8, u8)> {
        Some((3, 11))
    }
}

/// Compares the names of one kind: `all`, `stars` or `mro`.
pub(crate) fn run(python: &str, what: &str) -> Result<Report> {
    let mut library = Library { texts: BTreeMap::new(), textless: BTreeSet::new() };
    let mut answers = Vec::new();
    each_line(python, "runtime_names.py", &[], |answer| {
        if let Some(modules) = answer["modules"].as_array() {
            library.textless.extend(modules.iter().filter_map(Value::as_str).map(str::to_owned));
            return Ok(());
        }
        let name = answer["module"].as_str().context("a name")?.to_owned();
        let module = Module::read(Path::new(answer["path"].as_str().context("a path")?))?;
        let is_package = answer["package"] == true;
        library.texts.insert(name, Arc::new(interface(&module, is_package)));
        answers.push(answer);
        Ok(())
    })?;
    let mut report = Report { files: answers.len(), ..Report::default() };
    for answer in &answers {
        if answer["error"].is_string() {
            report.refused += 1;
            continue;
        }
        match what {
            "all" => all(&library, answer, &mut report),
            "stars" => stars(&library, answer, &mut report),
            _ => mro(&library, answer, &mut report),
        }
    }
    Ok(report)
}

fn interface(module: &Module, is_package: bool) -> Interface {
    let options = astkit_analysis::scopes::Options::default();
    let tree = &module.lowered.tree;
    let scopes = astkit_analysis::scopes(tree, &options);
    let chains = astkit_analysis::def_use(tree, &scopes);
    let environment = Environment {
        python: Some((3, 11)),
        platform: Some("linux".to_owned()),
        os_name: Some("posix".to_owned()),
        implementation: Some("cpython".to_owned()),
        type_checking: Some(false),
        ..Environment::default()
    };
    astkit_analysis::interface(tree, &scopes, &chains, is_package, &options, &environment)
}

fn set(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn all(library: &Library, answer: &Value, report: &mut Report) {
    if answer["all"].is_null() {
        return;
    }
    report.answers += 1;
    let name = answer["module"].as_str().unwrap_or_default();
    let found = library.interface(name).and_then(|it| project::exported(library, name, &it));
    let Some(found) = found else { return report.differences.push(format!("{name}: none found")) };
    let real = set(&answer["all"]);
    let definite: BTreeSet<&str> = found.definite.iter().map(|it| &**it).collect();
    if found.exact().is_none() || definite != real {
        let conditional: BTreeSet<&str> = found.conditional.iter().map(|it| &**it).collect();
        let extra: Vec<_> = definite.difference(&real).collect();
        let known: BTreeSet<&str> = definite.union(&conditional).copied().collect();
        let missing: Vec<_> = real.difference(&known).take(5).collect();
        let opaque: Vec<_> = found.opaque.iter().map(|it| &it.1).collect();
        let is_sound = extra.is_empty() && (missing.is_empty() || !opaque.is_empty());
        report.differences.push(format!(
            "{name}: {} extra {extra:?}, missing {missing:?}, conditional {conditional:?}, opaque {opaque:?}",
            if is_sound { "open" } else { "WRONG" }
        ));
    }
}

fn stars(library: &Library, answer: &Value, report: &mut Report) {
    let name = answer["module"].as_str().unwrap_or_default();
    let Some(interface) = library.interface(name) else { return };
    let found = project::wildcards(library, name, &interface);
    for (real, found) in answer["stars"].as_array().into_iter().flatten().zip(found) {
        report.answers += 1;
        let names = set(&real[2]);
        let ours: BTreeSet<&str> = found.names.names.keys().map(|it| &**it).collect();
        if names != ours || found.target.as_deref() != real[1].as_str() {
            let missing: Vec<_> = names.difference(&ours).take(5).collect();
            let extra: Vec<_> = ours.difference(&names).take(5).collect();
            let opaque = &found.names.opaque;
            report
                .differences
                .push(format!("{name}: {} missing {missing:?} extra {extra:?} {opaque:?}", real[1]));
        }
    }
}

fn mro(library: &Library, answer: &Value, report: &mut Report) {
    let name = answer["module"].as_str().unwrap_or_default();
    let Some(interface) = library.interface(name) else { return };
    let orders = astkit_analysis::mro::mro(library, name, &interface);
    for (qualname, real) in answer["mro"].as_object().into_iter().flatten() {
        report.answers += 1;
        let real: Vec<&str> = real.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let found = orders.iter().filter(|it| *it.qualname == **qualname);
        let is_right = found.clone().any(|it| it.order.as_ref().is_ok_and(|it| it.iter().eq(&real)));
        if !is_right {
            let found: Vec<_> = found.map(|it| &it.order).collect();
            report.differences.push(format!("{name}.{qualname}: {real:?}, found {found:?}"));
        }
    }
}
