//! `astkit graph`: who imports, calls or is reached by whom, as a picture or as data.

mod calls;
mod data;
mod drawing;
mod focus;
mod imports;
mod layers;
mod model;
mod reached;

use anyhow::Result;

use crate::arguments::{GraphArguments, GraphKind};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::session::Session;

use model::Model;

/// How many nodes a picture has at most; beyond, packages stand for what is in them.
const MOST_DRAWN: usize = 500;

/// From so many nodes on, a picture says how to make it smaller.
const MANY: usize = 150;

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &GraphArguments) -> Result<ExitStatus> {
    let formats = [Format::Dot, Format::Mermaid, Format::Svg, Format::Html, Format::Json];
    let format = Format::choose(session.format, "graph", &formats)?;
    let found = session.inputs(&arguments.targets);
    let mut status = session.say_failures(&found.failures);
    if session.shows_files() {
        let output = session.output()?;
        return session.list(&found.inputs, output);
    }
    if found.inputs.is_empty() {
        return Ok(status.and(ExitStatus::Error));
    }
    let (mut model, made) = match arguments.kind {
        GraphKind::Imports => imports::model(session, &found.inputs),
        GraphKind::Calls => calls::model(session, &found.inputs),
        GraphKind::Impact => reached::model(session, &found.inputs)?,
    };
    status = status.and(made);
    if arguments.package {
        model = model.by_package();
    }
    if let Some(name) = &arguments.focus {
        model = model.around(name, arguments.depth.unwrap_or(focus::DEPTH))?;
    }
    model.find_cycles();
    if arguments.cycles {
        return cycles(session, &model, format, status);
    }
    let is_picture = matches!(format, Format::Svg | Format::Html);
    if is_picture && model.nodes.len() > MOST_DRAWN {
        let count = model.nodes.len();
        model = model.by_package();
        model.find_cycles();
        let drawn = model.nodes.len();
        if drawn > MOST_DRAWN {
            let message = format!("a picture of {count} nodes ({drawn} packages) can't be read");
            return Err(Failure::new(message)
                .hint("show a part: `--focus NAME --depth 1`, or name fewer files")
                .hint("or take the data: `--format json`, `dot`")
                .into());
        }
        model
            .notes
            .push(format!("{count} nodes are too many for a picture: packages stand for what is in them"));
    }
    if is_picture && model.nodes.len() > MANY {
        model.notes.push(format!(
            "{} nodes: `--package` draws packages, `--focus NAME --depth 1` a part",
            model.nodes.len()
        ));
    }
    for note in &model.notes {
        session.note(note);
    }
    let print = match format {
        Format::Mermaid => data::mermaid,
        Format::Svg => drawing::svg,
        Format::Html => drawing::html,
        Format::Json => data::json,
        Format::Dot
        | Format::Text
        | Format::Tree
        | Format::Source
        | Format::Full
        | Format::SideBySide
        | Format::Markdown
        | Format::Github
        | Format::Unified
        | Format::Concise
        | Format::JsonLines => data::dot,
    };
    let text = print(&model);
    Ok(session.write(&text)?.and(status))
}

/// Prints the cycles, if there are any: a finding.
fn cycles(session: &Session, model: &Model, format: Format, status: ExitStatus) -> Result<ExitStatus> {
    for note in &model.notes {
        session.note(note);
    }
    let text = if format == Format::Json && session.format == Some(Format::Json) {
        data::json(model)
    } else {
        data::cycles(model)
    };
    if model.cycles.is_empty() {
        session.note(&format!("no cycles among {} nodes", model.nodes.len()));
        return Ok(
            if session.format == Some(Format::Json) { session.write(&text)? } else { status }.and(status)
        );
    }
    Ok(session.write(&text)?.and(status).and(ExitStatus::Findings))
}
