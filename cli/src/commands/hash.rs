//! `astkit hash`: hashes of definitions, files and folders; lock files of them.

mod edited;
mod folders;
mod listings;
mod lock;
mod memory;
mod normal_form;
mod packed;
mod project;
mod rows;
mod state;
mod trace;
mod why;

pub(crate) use project::OthersCode;

use anyhow::Result;
use astkit::ast::DefKind;
use astkit::hash::normal::{Keep, NormalOptions, Rule, Rules};
use astkit::hash::{Level, SCHEME};
use serde::Serialize;

use crate::arguments::{HashArguments, KeepHints};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::messages;
use crate::render::json::{self, SCHEMA, SpanRecord};
use crate::session::{Session, stopped};
use crate::targets::{Input, Origin};

use project::Dependencies;
use rows::{Asked, Row, UnresolvedRecord};

/// The level without `--level`.
const DEFAULT_LEVEL: Level = Level::Deep;

/// Whether a file is a lock.
pub(crate) fn is_lock(file: &std::path::Path) -> bool {
    lock::Lock::is_lock(file)
}

/// What is not as a lock says: targets, and whether each was `changed`, `added` or `removed`.
///
/// # Errors
/// A lock that can't be read, or an input of it.
pub(crate) fn since_lock(
    session: &Session,
    file: &std::path::Path,
) -> Result<Vec<(String, &'static str)>, Failure> {
    lock::differences(session, file)
}

/// One line of `--format json-lines`.
#[derive(Serialize)]
struct Record<'a> {
    schema: u32,
    r#type: &'static str,
    path: &'a str,
    /// Null for a file that can't be imported.
    module: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qualname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    level: &'static str,
    scheme: u32,
    hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<SpanRecord>,
    partial: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unresolved: Option<&'a [UnresolvedRecord]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<&'a [String]>,
}

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &HashArguments) -> Result<ExitStatus> {
    if arguments.rules.as_deref() == Some("list") {
        return session.write(&rules());
    }
    if let Some(lock) = &arguments.check {
        return lock::check(session, arguments, lock);
    }
    if arguments.normal_form {
        return normal_form::run(session, &arguments.targets, options(arguments)?);
    }
    let asked_format = session.format.or(session.settings.config.hash.format);
    let format = Format::choose(asked_format, "hash", &[Format::Text, Format::JsonLines])?;
    let asked = asked(session, arguments, format == Format::JsonLines)?;
    warn_of_python(session, &asked);
    if let [old, new] = arguments.why.as_slice() {
        return why::run(session, old, new, &asked);
    }
    if let Some(file) = &arguments.write {
        return lock::write(session, &arguments.targets, asked, file);
    }
    if arguments.tree {
        return folders::run(session, &arguments.targets, &asked);
    }
    definitions(session, arguments, &asked)
}

/// Says that nothing is known of others' code where a Python was named to know it.
fn warn_of_python(session: &Session, asked: &Asked) {
    let is_needed = asked.level == Level::Deep && asked.dependencies.others != OthersCode::Name;
    if let Some(python) = session.settings.python.as_ref().filter(|_| is_needed && !session.roots.has_sites())
    {
        let message = format!("`{}` has no `site-packages`: code of others counts by name", python.display());
        session.warn(&message);
    }
}

fn definitions(session: &Session, arguments: &HashArguments, asked: &Asked) -> Result<ExitStatus> {
    let found = session.inputs(&arguments.targets);
    let mut status = session.say_failures(&found.failures);
    let mut output = session.output()?;
    if session.shows_files() {
        return session.list(&found.inputs, output);
    }
    let whole = rows::each(session, &arguments.targets, &found.inputs, asked, |input, mut it| {
        messages::print(&it.report.log);
        status = status.and(it.report.status);
        let module = module(session, input, asked);
        for row in &it.rows {
            if !arguments.summary || input.qualname.is_some() || row.kind == DefKind::Module {
                let line = line(module.as_deref(), input, asked, row, arguments.summary);
                it.report.out.extend_from_slice(line.as_bytes());
            }
            if session.settings.strict && !row.unresolved.is_empty() {
                status = status.and(ExitStatus::Findings);
            }
        }
        output.write(&it.report.out)
    });
    match whole {
        Ok(()) => session.close(output, status),
        Err(error) => stopped(error),
    }
}

fn asked(session: &Session, arguments: &HashArguments, json: bool) -> Result<Asked, Failure> {
    let python = if arguments.pin_python {
        format!("python=={}", session.settings.options.python)
    } else {
        String::new()
    };
    Ok(Asked {
        level: level(session, arguments.level.as_deref())?,
        options: options(arguments)?,
        dependencies: Dependencies { others: arguments.deps, python },
        json,
        parts: false,
        verify: arguments.verify.unwrap_or(false),
    })
}

fn options(arguments: &HashArguments) -> Result<NormalOptions, Failure> {
    let rules = arguments.rules.as_deref().unwrap_or_default();
    let rules = Rules::parse(rules).map_err(|part| {
        Failure::new(format!("`{part}` is no rule")).hint("`astkit hash --rules` lists them")
    })?;
    let hints = match arguments.hints {
        KeepHints::Auto => Keep::Auto,
        KeepHints::Keep => Keep::Always,
        KeepHints::Drop => Keep::Never,
    };
    let docstrings = match arguments.keep {
        Some(_) => Keep::Always,
        None => Keep::Auto,
    };
    Ok(NormalOptions { rules, docstrings, hints })
}

/// All rules of the normal form, a line each.
fn rules() -> String {
    let line = |it: Rule| format!("{:22} {}\n", it.as_str(), it.summary());
    let lines = |rules: &[Rule]| rules.iter().copied().map(line).collect::<String>();
    let (default, aggressive) = (lines(&Rule::DEFAULT), lines(&Rule::AGGRESSIVE));
    format!(
        "{default}\nOnly with `--rules +NAME`, or all with `--rules +aggressive`; for ordinary values:\n{aggressive}"
    )
}

fn level(session: &Session, asked: Option<&str>) -> Result<Level, Failure> {
    let Some(name) = asked.or(session.settings.config.hash.level.as_deref()) else {
        return Ok(DEFAULT_LEVEL);
    };
    Level::parse(name).map_err(|error| Failure::new(error.to_string()))
}

/// The name of an input's module, if it is printed.
fn module(session: &Session, input: &Input, asked: &Asked) -> Option<String> {
    match &input.origin {
        Origin::File(path) if asked.json => session.roots.module(path),
        Origin::File(_) | Origin::Stdin => None,
    }
}

fn line(module: Option<&str>, input: &Input, asked: &Asked, row: &Row, summary: bool) -> String {
    let whole = summary && input.qualname.is_none();
    let qualname = &row.qualname;
    if !asked.json {
        let (hash, shown) = (row.hash.to_hex(), input.shown.as_str());
        let behind = if whole { ["", ""] } else { ["::", qualname] };
        return [&*hash, "  ", shown, behind[0], behind[1], "\n"].concat();
    }
    let is_deep = asked.level == Level::Deep;
    json::line(&Record {
        schema: SCHEMA,
        r#type: if whole { "file" } else { "definition" },
        path: &input.shown,
        module,
        qualname: (!whole).then_some(qualname),
        kind: (!whole).then_some(row.kind.as_str()),
        level: asked.level.as_str(),
        scheme: SCHEME,
        hash: row.hash.to_string(),
        span: row.span,
        partial: row.partial,
        unresolved: is_deep.then_some(&row.unresolved),
        depends_on: is_deep.then_some(&row.depends_on),
    })
}
