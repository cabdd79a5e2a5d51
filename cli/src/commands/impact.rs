//! `astkit impact`: who is reached by a change of some definitions, or by what changed since a revision.

mod earlier;
mod report;

use std::sync::Arc;

use anyhow::Result;
use astkit_engine::FileSystem;
use astkit_system::OsFiles;

use crate::arguments::ImpactArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::impact::since::What;
use crate::impact::{self, World};
use crate::render::Append;
use crate::session::Session;
use crate::targets::{Input, Origin, absolute};

use report::Report;

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &ImpactArguments) -> Result<ExitStatus> {
    let format = Format::choose(session.format, "impact", &[Format::Text, Format::JsonLines])?;
    let found = session.inputs(&arguments.targets);
    let status = session.say_failures(&found.failures);
    if session.shows_files() {
        let folder = impact::folder_of(&found.inputs);
        let mut shown = String::new();
        for it in impact::files_of(session, &folder) {
            shown.append(format_args!(
                "{}
",
                impact::shown(&it)
            ));
        }
        return session.write(&shown);
    }
    let (report, status) = match &arguments.since {
        Some(since) => (earlier::since(session, arguments, since, &found.inputs)?, status),
        None if found.inputs.is_empty() => return Ok(status.and(ExitStatus::Error)),
        None => {
            let (world, seeds, asked) = asked(session, &found.inputs)?;
            let report = Report::of(&world, &seeds, arguments.depth);
            world.save();
            (report, status.and(asked))
        }
    };
    let text = if format == Format::JsonLines {
        report.json_lines(arguments.tests)
    } else if arguments.tests {
        report.test_ids()
    } else {
        report.text()
    };
    if let Some(note) = report.note(arguments) {
        session.note(&note);
    }
    Ok(session.write(&text)?.and(status))
}

/// A project, the nodes that were asked about, and how that went.
pub(crate) type Asked = (World, Vec<(u32, What)>, ExitStatus);

/// The project that targets are in, and the nodes that they mean.
///
/// # Errors
/// No such definition.
pub(crate) fn asked(session: &Session, inputs: &[Input]) -> Result<Asked, Failure> {
    let folder = impact::folder_of(inputs);
    let mut paths = impact::files_of(session, &folder);
    for input in inputs {
        match &input.origin {
            Origin::File(path) => paths.push(absolute(path)),
            Origin::Stdin => {
                return Err(Failure::new("standard input has no users").hint("name a file of a project"));
            }
        }
    }
    paths.sort();
    paths.dedup();
    let system: Arc<dyn FileSystem> = Arc::new(OsFiles);
    let world = World::open(session, &folder, paths, &system)?;
    let (mut seeds, mut status) = (Vec::new(), ExitStatus::Success);
    for input in inputs {
        let Origin::File(path) = &input.origin else { continue };
        let Some(file) = world.file_at(&absolute(path)) else { continue };
        let nodes = world.nodes(file, input.qualname.as_deref());
        if let (true, Some(name)) = (nodes.is_empty(), &input.qualname) {
            let names: Vec<&str> =
                world.files[file as usize].items.iter().map(|it| it.qualname.as_str()).collect();
            let failure = crate::definitions::find_name(&names, &input.shown, name);
            status = status.and(session.say_failures(failure.err().as_slice()));
        }
        seeds.extend(nodes.into_iter().map(|it| (it, What::Asked)));
    }
    Ok((world, seeds, status))
}
