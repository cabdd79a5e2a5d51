//! `astkit debug memory`: what the engine holds in memory for a project.

use std::path::PathBuf;

use anyhow::Result;
use astkit_engine::{MemoryUse, NoProgress};
use serde::Serialize;

use crate::arguments::{DebugAction, DebugArguments};
use crate::contents::{absolute, common_folder};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::project;
use crate::render::Append;
use crate::render::json::{self, SCHEMA};
use crate::session::Session;
use crate::targets::Origin;

/// One line of `--format json-lines`.
#[derive(Serialize)]
struct Record<'a> {
    schema: u32,
    r#type: &'static str,
    name: &'a str,
    count: usize,
    bytes: usize,
}

/// Runs the command.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn run(session: &Session, arguments: &DebugArguments) -> Result<ExitStatus> {
    let DebugAction::Memory { targets } = &arguments.action;
    let format = Format::choose(session.format, "debug memory", &[Format::Text, Format::JsonLines])?;
    let found = session.inputs(targets);
    let status = session.say_failures(&found.failures);
    let files = found.inputs.iter().filter_map(|it| match &it.origin {
        Origin::File(path) => Some(path.clone()),
        Origin::Stdin => None,
    });
    let uses = uses(session, &files.collect::<Vec<_>>())?;
    let text = if format == Format::JsonLines { records(&uses) } else { table(&uses) };
    Ok(session.write(&text)?.and(status))
}

/// Asks for the definition graph and the deep hashes of some files, and tells what is held then.
fn uses(session: &Session, files: &[PathBuf]) -> Result<Vec<MemoryUse>, Failure> {
    let mut builder = project::builder(session);
    if session.settings.timings {
        builder = builder.record_queries();
    }
    let mut workspace = builder.build();
    let here = std::env::current_dir().unwrap_or_default();
    let paths = files.iter().map(|it| absolute(&here, it)).collect();
    let spec = project::root(session, &here, common_folder(files), paths);
    let root = workspace.add_root(spec, &NoProgress);
    // Nothing changes while this runs, so nothing is cancelled.
    {
        let snapshot = workspace.snapshot();
        let asked = snapshot.graph(root, &NoProgress).and_then(|_| snapshot.deep_hashes(root, &NoProgress));
        asked.map_err(|error| Failure::new(error.to_string()))?;
    }
    workspace.save_part();
    session.timings.queries(&workspace.take_counts(), workspace.lowered_count());
    session.timings.store(&workspace.store_counts());
    Ok(workspace.memory())
}

fn records(uses: &[MemoryUse]) -> String {
    let record = |it: &MemoryUse| {
        let MemoryUse { name, count, bytes } = it;
        json::line(&Record { schema: SCHEMA, r#type: "memory", name, count: *count, bytes: *bytes })
    };
    uses.iter().map(record).collect()
}

fn table(uses: &[MemoryUse]) -> String {
    let total: usize = uses.iter().map(|it| it.bytes).sum();
    let width = uses.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let mut out = format!("{:<width$} {:>9} {:>12}\n", "what", "count", "bytes");
    for MemoryUse { name, count, bytes } in uses {
        out.append(format_args!("{name:<width$} {count:>9} {bytes:>12}\n"));
    }
    out.append(format_args!("{:<width$} {:>9} {total:>12}\n", "all", ""));
    out
}
