//! Values against those that CPython finds: of random expressions, and of the modules of its standard library.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use astkit_analysis::evaluate::{self, Evaluated, Known, Program, module_values};
use astkit_analysis::{Environment, Value as Constant};
use serde_json::Value;

use crate::chains::each_line;
use crate::compare::{Module, Report};

struct Modules<'a> {
    all: &'a BTreeMap<String, (Module, bool)>,
    textless: &'a BTreeSet<String>,
}

impl<'a> Program<'a> for Modules<'a> {
    fn module(&self, name: &str) -> Option<evaluate::Module<'a>> {
        let (module, is_package) = self.all.get(name)?;
        let tree = &module.lowered.tree;
        let scopes = Arc::new(astkit_analysis::scopes(tree, &astkit_analysis::scopes::Options::default()));
        let chains = Arc::new(astkit_analysis::def_use(tree, &scopes));
        Some(evaluate::Module { name: name.into(), is_package: *is_package, tree, scopes, chains })
    }

    fn is_module(&self, name: &str) -> bool {
        self.all.contains_key(name) || self.textless.contains(name)
    }
}

/// Compares random expressions: the arguments are how many programs, and a seed.
pub(crate) fn expressions(python: &str, arguments: &[String]) -> Result<Report> {
    let (mut report, mut totals) = (Report::default(), Totals::default());
    let known = Known::new(Environment::default(), BTreeMap::new());
    each_line(python, "values.py", arguments, |answer| {
        let module = Module::of_text(answer["source"].as_str().context("a source")?)?;
        let all = BTreeMap::from([("m".to_owned(), (module, false))]);
        report.files += 1;
        let modules = Modules { all: &all, textless: &BTreeSet::new() };
        compare(&modules, &known, "m", &answer, &mut report, &mut totals);
        Ok(())
    })?;
    report.note = totals.note();
    Ok(report)
}

/// Compares the global variables of the standard library's modules.
pub(crate) fn library(python: &str) -> Result<Report> {
    let (mut report, mut totals) = (Report::default(), Totals::default());
    let (mut all, mut textless, mut answers) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    each_line(python, "runtime_names.py", &[], |answer| {
        if let Some(modules) = answer["modules"].as_array() {
            textless.extend(modules.iter().filter_map(Value::as_str).map(str::to_owned));
            return Ok(());
        }
        let name = answer["module"].as_str().context("a name")?.to_owned();
        let module = Module::read(Path::new(answer["path"].as_str().context("a path")?))?;
        all.insert(name, (module, answer["package"] == true));
        answers.push(answer);
        Ok(())
    })?;
    let environment = Environment {
        python: Some((3, 11)),
        platform: Some("linux".to_owned()),
        os_name: Some("posix".to_owned()),
        implementation: Some("cpython".to_owned()),
        type_checking: Some(false),
        debug: Some(true),
    };
    let known = Known::new(environment, BTreeMap::new());
    report.files = answers.len();
    for answer in &answers {
        if answer["error"].is_string() || !answer["values"].is_object() {
            report.refused += 1;
            continue;
        }
        let name = answer["module"].as_str().unwrap_or_default();
        compare(&Modules { all: &all, textless: &textless }, &known, name, answer, &mut report, &mut totals);
    }
    report.note = totals.note();
    Ok(report)
}

/// How many values there are, and of how many of them we know.
#[derive(Default)]
struct Totals {
    there: usize,
    known: usize,
    reasons: BTreeMap<String, usize>,
}

impl Totals {
    fn note(&self) -> String {
        let mut reasons: Vec<_> = self.reasons.iter().map(|(why, count)| (*count, why)).collect();
        reasons.sort_unstable_by(|a, b| b.cmp(a));
        let reasons = reasons.iter().take(12).map(|(count, why)| format!("\n{count:8} {why}"));
        format!("({} of {} values known){}", self.known, self.there, reasons.collect::<String>())
    }
}

fn compare(
    modules: &Modules<'_>,
    known: &Known,
    name: &str,
    answer: &Value,
    report: &mut Report,
    totals: &mut Totals,
) {
    let ours = module_values(modules, known, name).globals;
    let theirs = &answer["values"];
    totals.there += theirs.as_object().into_iter().flatten().filter(|it| it.1.is_array()).count();
    for (key, found) in &ours {
        let expected = &theirs[&**key];
        if expected.is_array() && found.is_ok() {
            totals.known += 1;
        }
        let Evaluated::Ok(value) = found else {
            if let (true, Evaluated::Err(why)) = (expected.is_array(), found) {
                *totals.reasons.entry(generic(&why.why)).or_default() += 1;
            }
            continue;
        };
        // A name that is not there has no wrong value.
        let others = answer["others"].as_array();
        if expected.is_null() && others.is_some_and(|it| it.iter().all(|it| *it != **key)) {
            continue;
        }
        report.answers += 1;
        if expected[0] != value.type_name() || expected[1] != written(value) {
            let ours = format!("{} {}", value.type_name(), written(value));
            let source = answer["source"].as_str().unwrap_or_default();
            let line = source.lines().find(|it| it.starts_with(&format!("{key} = "))).unwrap_or_default();
            report.differences.push(format!("{name}.{key}: expected {expected}, found {ours}\n    {line}"));
        }
    }
}

/// A reason without names.
fn generic(why: &str) -> String {
    why.split('`').step_by(2).collect::<Vec<_>>().join("_")
}

/// `repr` with the members of sets sorted.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other values have no members")]
fn written(value: &Constant) -> String {
    let list = |items: &[Constant]| items.iter().map(written).collect::<Vec<_>>();
    let sorted = |items: &[Constant]| {
        let mut items = list(items);
        items.sort_unstable();
        items.join(", ")
    };
    match value {
        Constant::Tuple(items) if items.len() == 1 => format!("({},)", list(items).join(", ")),
        Constant::Tuple(items) => format!("({})", list(items).join(", ")),
        Constant::List(items) => format!("[{}]", list(items).join(", ")),
        Constant::Set(items) if !items.is_empty() => format!("{{{}}}", sorted(items)),
        Constant::FrozenSet(items) if !items.is_empty() => format!("frozenset({{{}}})", sorted(items)),
        Constant::Dict(items) => {
            let item = |(key, value): &(Constant, Constant)| format!("{}: {}", written(key), written(value));
            format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(", "))
        }
        it => it.repr(),
    }
}
