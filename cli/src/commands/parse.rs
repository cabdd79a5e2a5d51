//! `astkit parse`: the common tree of files, as text, JSON, a graph, or source again.

use anyhow::Result;
use astkit::ast::dump::{self, Positions};
use astkit::ast::{Node, unparse_node};

use crate::arguments::ParseArguments;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::render::json::{self, DiagnosticRecord, SCHEMA};
use crate::session::{File, Report, Session};
use crate::targets::Input;

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &ParseArguments) -> Result<ExitStatus> {
    let formats = [Format::Tree, Format::JsonLines, Format::Dot, Format::Source];
    let asked = session.format.or(session.settings.config.parse.format);
    let format = Format::choose(asked, "parse", &formats)?;
    let positions = !arguments.no_positions;
    session.run_targets(&arguments.targets, |input| parse(session, input, format, positions))
}

fn parse(session: &Session, input: &Input, format: Format, positions: bool) -> Report {
    let file = match session.load(input) {
        Ok(file) => file,
        Err(failure) => return unserved(session, input, format, &failure),
    };
    let mut report = session.report(&input.shown, &file);
    let rendered = node(input, &file).and_then(|node| {
        if format == Format::Source {
            return unparsed(input, &file, node);
        }
        Ok(render(input, &file, node, format, positions))
    });
    match rendered {
        Ok(text) => report.out = text.into_bytes(),
        Err(failure) => {
            report.log += &session.messages.error(&failure);
            report.status = ExitStatus::Error;
        }
    }
    report
}

fn unserved(session: &Session, input: &Input, format: Format, failure: &Failure) -> Report {
    let mut report = session.failed(failure);
    if format == Format::JsonLines {
        let diagnostics = [DiagnosticRecord::unreadable(&input.shown, failure.to_string())];
        report.out = record(&input.shown, None, "null", &diagnostics, true).into_bytes();
    }
    report
}

fn node<'a>(input: &Input, file: &'a File) -> Result<Node<'a>, Failure> {
    let Some(qualname) = &input.qualname else { return Ok(file.lowered.tree.root()) };
    let all = astkit::ast::definitions(&file.lowered.tree);
    definitions::find(&all, &input.shown, qualname).map(|it| it.node)
}

fn unparsed(input: &Input, file: &File, node: Node<'_>) -> Result<String, Failure> {
    let mut text = unparse_node(node, Some((&file.lowered.spans, &file.source)))
        .map_err(|error| Failure::new(format!("could not write `{}` as source: {error}", input.shown)))?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

fn render(input: &Input, file: &File, node: Node<'_>, format: Format, positions: bool) -> String {
    let positions = positions.then(|| Positions::new(&file.lowered, &file.source));
    let mut out = String::new();
    // Strings take everything: there is no error.
    let _: std::fmt::Result = if format == Format::Dot {
        dump::write_dot(&mut out, node, positions)
    } else if format == Format::JsonLines {
        dump::write_json(&mut out, node, positions)
    } else {
        dump::write_text(&mut out, node, positions)
    };
    if format == Format::JsonLines {
        let diagnostics = json::diagnostics(&input.shown, &file.source, &file.lowered.diagnostics);
        let frontend = Some(&*file.lowered.frontend.name);
        return record(&input.shown, frontend, &out, &diagnostics, file.lowered.is_partial());
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

fn record(
    path: &str,
    frontend: Option<&str>,
    tree: &str,
    diagnostics: &[DiagnosticRecord],
    partial: bool,
) -> String {
    let text = |it: &str| serde_json::Value::from(it).to_string();
    let diagnostics = json::line(&diagnostics);
    format!(
        "{{\"schema\":{SCHEMA},\"path\":{},\"frontend\":{},\"tree\":{tree},\"diagnostics\":{},\"partial\":{partial}}}\n",
        text(path),
        frontend.map_or("null".to_owned(), text),
        diagnostics.trim_end(),
    )
}
