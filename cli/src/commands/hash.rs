//! `astkit hash`: hashes of definitions, files and folders; lock files of them.

mod folders;
mod lock;
mod normal_form;

use anyhow::Result;
use astkit::ast::{DefKind, Definition};
use astkit::hash::{Hash, Level, SCHEME, definition_hashes, definition_spans};
use astkit::{Severity, Span};
use serde::Serialize;

use crate::arguments::HashArguments;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::render::json::{self, DiagnosticRecord, SCHEMA, SpanRecord};
use crate::session::{File, Report, Session};
use crate::targets::{Input, Origin};

/// The level without `--level`, as long as there is no `deep`.
const DEFAULT_LEVEL: Level = Level::Ast;

/// How to print hashes.
#[derive(Clone, Copy)]
struct Style {
    level: Level,
    json: bool,
    summary: bool,
}

/// A definition's hash, and what is said of it.
struct Hashed<'a> {
    definition: &'a Definition<'a>,
    hash: Hash,
    span: Span,
    partial: bool,
}

/// One line of `--format json-lines`.
#[derive(Serialize)]
struct Record<'a> {
    schema: u32,
    r#type: &'static str,
    path: &'a str,
    /// Null for a file that can't be imported.
    module: Option<String>,
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
}

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &HashArguments) -> Result<ExitStatus> {
    if let Some(lock) = &arguments.check {
        return lock::check(session, arguments, lock);
    }
    if arguments.normal_form {
        return normal_form::run(session, &arguments.targets);
    }
    let level = level(session, arguments.level.as_deref())?;
    let asked = session.format.or(session.settings.config.hash.format);
    let format = Format::choose(asked, "hash", &[Format::Text, Format::JsonLines])?;
    let style = Style { level, json: format == Format::JsonLines, summary: arguments.summary };
    if let Some(file) = &arguments.write {
        return lock::write(session, &arguments.targets, level, file);
    }
    if arguments.tree {
        return folders::run(session, &arguments.targets, style);
    }
    session.run_targets(&arguments.targets, |input| hash(session, input, style))
}

fn level(session: &Session, asked: Option<&str>) -> Result<Level, Failure> {
    let Some(name) = asked.or(session.settings.config.hash.level.as_deref()) else {
        return Ok(DEFAULT_LEVEL);
    };
    Level::parse(name).map_err(|error| Failure::new(error.to_string()))
}

fn hash(session: &Session, input: &Input, style: Style) -> Report {
    let file = match session.load(input) {
        Ok(file) => file,
        Err(failure) => return unserved(session, input, style, &failure),
    };
    let mut report = session.report(&input.shown, &file);
    if style.json {
        for it in json::diagnostics(&input.shown, &file.source, &file.lowered.diagnostics) {
            report.out.extend(json::line(&it).bytes());
        }
    }
    match print(session, input, &file, style) {
        Ok(text) => report.out.extend(text.bytes()),
        Err(failure) => {
            report.log += &session.messages.error(&failure);
            report.status = ExitStatus::Error;
        }
    }
    report
}

fn unserved(session: &Session, input: &Input, style: Style, failure: &Failure) -> Report {
    let mut report = session.failed(failure);
    if style.json {
        let record = DiagnosticRecord::unreadable(&input.shown, failure.to_string());
        report.out = json::line(&record).into_bytes();
    }
    report
}

fn print(session: &Session, input: &Input, file: &File, style: Style) -> Result<String, Failure> {
    let all = astkit::ast::definitions(&file.lowered.tree);
    let wanted = match &input.qualname {
        Some(qualname) => Some(definitions::find(&all, &input.shown, qualname)?),
        None => None,
    };
    let hashes = definition_hashes(style.level, &file.source, &file.lowered, &all);
    let spans = if style.json {
        definition_spans(&file.source, &file.lowered, &all)
    } else {
        vec![Span::default(); all.len()]
    };
    let mut out = String::new();
    for ((definition, hash), span) in all.iter().zip(hashes).zip(spans) {
        let is_wanted =
            wanted.map_or(!style.summary || definition.parent.is_none(), |it| std::ptr::eq(it, definition));
        if is_wanted {
            let partial = is_partial(file, definition);
            out += &line(session, input, file, style, &Hashed { definition, hash, span, partial });
        }
    }
    Ok(out)
}

fn line(session: &Session, input: &Input, file: &File, style: Style, it: &Hashed<'_>) -> String {
    let whole = style.summary && input.qualname.is_none();
    let qualname = &it.definition.qualname;
    if !style.json {
        let name = if whole { input.shown.clone() } else { format!("{}::{qualname}", input.shown) };
        return format!("{}  {name}\n", it.hash);
    }
    let module = match &input.origin {
        Origin::File(path) => session.roots.module(path),
        Origin::Stdin => None,
    };
    json::line(&Record {
        schema: SCHEMA,
        r#type: if whole { "file" } else { "definition" },
        path: &input.shown,
        module,
        qualname: (!whole).then_some(qualname),
        kind: (!whole).then_some(it.definition.kind.as_str()),
        level: style.level.as_str(),
        scheme: SCHEME,
        hash: it.hash.to_string(),
        span: Some(SpanRecord::new(&file.source, it.span)),
        partial: it.partial,
    })
}

/// Whether some of a definition's text could not be understood.
fn is_partial(file: &File, definition: &Definition<'_>) -> bool {
    if definition.kind == DefKind::Module {
        return file.lowered.is_partial();
    }
    let text = file.lowered.spans.def(definition.node);
    let is_inside = |it: &Span| it.start < text.end.max(text.start + 1) && it.end >= text.start;
    file.lowered.diagnostics.iter().any(|it| it.severity == Severity::Error && is_inside(&it.span))
}
