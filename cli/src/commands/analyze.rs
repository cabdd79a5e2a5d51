//! `astkit analyze`: the results of one analysis, a line a file.

mod passes;
mod program;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use astkit_analysis::Environment;
use astkit_analysis::shapes::Places;
use serde_json::{Value, json};

use super::transform;
use crate::arguments::AnalyzeArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::library::{self, Library};
use crate::render::Append;
use crate::render::json::{self, DiagnosticRecord, SCHEMA};
use crate::session::{File, Report, Session};
use crate::targets::{Input, Origin};

use passes::{Context, PASSES, Pass};
use program::Program;

/// Passes that look at all targets together.
const WHOLE: &[&str] = &["calls", "purity"];

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &AnalyzeArguments) -> Result<ExitStatus> {
    let pass = PASSES.iter().find(|it| it.name == arguments.pass).ok_or_else(|| unknown(&arguments.pass))?;
    Format::choose(session.format, "analyze", &[Format::JsonLines])?;
    let parameters = parameters(pass, &arguments.parameters)?;
    let (options, version) = library::scope_options(session);
    let mut facts = facts(&parameters)?;
    facts.python = version.map(|it| (it.major, it.minor));
    let library = Library::new(session, facts.clone(), options.clone())?;
    let program = WHOLE.contains(&pass.name).then(|| {
        let inputs = session.inputs(&arguments.targets).inputs;
        Program::new(session, &inputs, &options)
    });
    let run = Run { session, pass, parameters, facts, options, library, program };
    session.run_targets(&arguments.targets, |input| run.report(input))
}

/// Runs `astkit passes`.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn list(session: &Session) -> Result<ExitStatus> {
    let format = Format::choose(session.format, "passes", &[Format::Text, Format::JsonLines])?;
    let mut out = String::new();
    let analyses = PASSES.iter().map(|it| (it.name, it.about, it.parameters, "analysis"));
    let transformations =
        transform::PASSES.iter().map(|it| (it.name, it.about, it.parameters, "transformation"));
    for (name, about, parameters, kind) in analyses.chain(transformations) {
        if format == Format::JsonLines {
            let record = json!({"schema": SCHEMA, "type": "pass", "name": name, "kind": kind, "about": about, "parameters": parameters});
            out += &json::line(&record);
            continue;
        }
        let parameters: Vec<String> = parameters.iter().map(|it| format!(" [{it}]")).collect();
        out.append(format_args!("{name:<16} {about}{}\n", parameters.concat()));
    }
    session.write(&out)
}

fn unknown(name: &str) -> Failure {
    let names: Vec<&str> = PASSES.iter().map(|it| it.name).collect();
    Failure::new(format!("no pass `{name}`")).hint(format!("there are {}", names.join(", ")))
}

/// Reads `-p KEY=VALUE`.
fn parameters(pass: &Pass, given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut out = BTreeMap::new();
    for it in given {
        let Some((key, value)) = it.split_once('=') else {
            return Err(Failure::new(format!("`{it}` is no parameter")).hint("write it as KEY=VALUE"));
        };
        if !pass.parameters.contains(&key) {
            let hint = match pass.parameters {
                [] => "it has none".to_owned(),
                names => format!("it has {}", names.join(", ")),
            };
            return Err(Failure::new(format!("pass `{}` has no parameter `{key}`", pass.name)).hint(hint));
        }
        out.insert(key.to_owned(), value.to_owned());
    }
    Ok(out)
}

fn facts(parameters: &BTreeMap<String, String>) -> Result<Environment, Failure> {
    let text = |key: &str| parameters.get(key).cloned();
    let flag = |key: &str| match parameters.get(key).map(String::as_str) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(it) => Err(Failure::new(format!("`{key}` is `true` or `false`, not `{it}`"))),
    };
    Ok(Environment {
        python: None,
        platform: text("platform"),
        os_name: text("os-name"),
        implementation: text("implementation"),
        type_checking: flag("type-checking")?,
        debug: Some(flag("debug")?.unwrap_or(true)),
    })
}

struct Run<'a> {
    session: &'a Session,
    pass: &'static Pass,
    parameters: BTreeMap<String, String>,
    facts: Environment,
    options: astkit_analysis::scopes::Options,
    library: Library<'a>,
    program: Option<Program>,
}

impl Run<'_> {
    fn report(&self, input: &Input) -> Report {
        let file = match self.session.load(input) {
            Ok(file) => file,
            Err(failure) => {
                let mut report = self.session.failed(&failure);
                let record = DiagnosticRecord::unreadable(&input.shown, failure.to_string());
                report.out = json::line(&record).into_bytes();
                return report;
            }
        };
        let mut report = self.session.report(&input.shown, &file);
        if input.qualname.is_some() {
            let failure = Failure::new(format!("`{}`: passes work on whole files", input.shown));
            report.log += &self.session.messages.error(&failure.hint("name the file alone"));
            report.status = ExitStatus::Error;
            return report;
        }
        let (result, unresolved) = self.result(input, &file);
        report.out = json::line(&json!({
            "schema": SCHEMA,
            "path": input.shown,
            "pass": self.pass.name,
            "parameters": self.parameters,
            "result": result,
            "partial": file.lowered.is_partial(),
            "unresolved": unresolved,
        }))
        .into_bytes();
        report
    }

    fn result(&self, input: &Input, file: &File) -> (Value, Vec<Value>) {
        let path = match &input.origin {
            Origin::File(path) => path.as_path(),
            Origin::Stdin => Path::new(&input.shown),
        };
        let is_package = path.file_stem().is_some_and(|it| it == "__init__");
        let module = self.session.roots.module(path);
        let context = Context {
            tree: &file.lowered.tree,
            places: Places::new(&file.source, &file.lowered),
            options: &self.options,
            facts: &self.facts,
            library: &self.library,
            file,
            module: module.as_deref().unwrap_or("__main__"),
            is_package,
            program: self.program.as_ref().and_then(|it| Some((it, it.index(path)?))),
        };
        (self.pass.run)(&context)
    }
}
