//! `astkit schema`: the JSON Schema of what a command prints with `--format json-lines` or `json`.

use anyhow::Result;

use crate::arguments::SchemaArguments;
use crate::exit_status::ExitStatus;
use crate::session::Session;

/// Runs the command.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn run(session: &Session, arguments: &SchemaArguments) -> Result<ExitStatus> {
    session.write(match arguments.command.as_str() {
        "parse" => include_str!("../../schemas/parse.json"),
        "hash" => include_str!("../../schemas/hash.json"),
        "watch" => include_str!("../../schemas/watch.json"),
        "transform" => include_str!("../../schemas/transform.json"),
        "analyze" => include_str!("../../schemas/analyze.json"),
        "graph" => include_str!("../../schemas/graph.json"),
        "impact" => include_str!("../../schemas/impact.json"),
        "cache" => include_str!("../../schemas/cache.json"),
        _ => include_str!("../../schemas/diff.json"),
    })
}
