//! `astkit apply`: makes the new version of a file from the old one and an edit script.
//!
//! The script is what `astkit diff --script` printed, as one document or as lines. Where it is about several files, the
//! one whose old path fits the given file is applied.

use anyhow::Result;
use astkit::diff::apply;
use serde::Deserialize;

use super::diff::{ContentRecord, EditInput, content_hash};
use crate::arguments::ApplyArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;

/// What is read of a document or a line.
#[derive(Deserialize)]
struct Record {
    r#type: Option<String>,
    #[serde(default)]
    files: Vec<FileInput>,
    #[serde(default)]
    definitions: Vec<DefinitionInput>,
}

#[derive(Deserialize)]
struct FileInput {
    old: Option<String>,
    new: Option<String>,
    content: Option<ContentRecord>,
    script: Option<Vec<EditInput>>,
}

#[derive(Deserialize)]
struct DefinitionInput {
    old: Option<SideInput>,
    new: Option<SideInput>,
    script: Option<Vec<EditInput>>,
}

#[derive(Deserialize)]
struct SideInput {
    path: String,
}

/// Runs the command.
///
/// # Errors
/// A script that can't be read, or that does not fit.
pub(crate) fn run(session: &Session, arguments: &ApplyArguments) -> Result<ExitStatus> {
    let read = |path: &str| {
        let found = session.inputs(&[path.to_owned()]);
        match (found.inputs.into_iter().next(), found.failures.into_iter().next()) {
            (Some(input), _) => session.read(&input),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::new(format!("`{path}` has no files"))),
        }
    };
    let (files, definitions) = parse(&read(&arguments.script)?)?;
    let old = read(&arguments.old)?;
    let file = choose(&files, &arguments.old)?;
    let differs = |bytes: &[u8], wanted: Option<&String>| wanted.is_some_and(|it| *it != content_hash(bytes));
    let content = file.content.as_ref();
    if differs(&old, content.and_then(|it| it.old.as_ref())) {
        let message = format!("the script is of another version of the file than `{}`", arguments.old);
        return Err(Failure::new(message).into());
    }
    let new = applied(&old, file, &definitions)?;
    if differs(&new, content.and_then(|it| it.new.as_ref())) {
        return Err(Failure::new("the script does not give the new version").into());
    }
    let mut output = session.output()?;
    match output.write(&new) {
        Ok(()) => session.close(output, ExitStatus::Success),
        Err(error) => crate::session::stopped(error),
    }
}

fn parse(bytes: &[u8]) -> Result<(Vec<FileInput>, Vec<DefinitionInput>), Failure> {
    let not_json = |error: serde_json::Error| {
        Failure::new(format!("the script is no output of `astkit diff --script`: {error}"))
    };
    let (mut files, mut definitions) = (Vec::new(), Vec::new());
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<serde_json::Value>() {
        let value = value.map_err(not_json)?;
        let record: Record = serde_json::from_value(value.clone()).map_err(not_json)?;
        match record.r#type.as_deref() {
            Some("file") => files.push(serde_json::from_value(value).map_err(not_json)?),
            Some("definition") => definitions.push(serde_json::from_value(value).map_err(not_json)?),
            Some(_) => {}
            None => {
                files.extend(record.files);
                definitions.extend(record.definitions);
            }
        }
    }
    Ok((files, definitions))
}

fn choose<'a>(files: &'a [FileInput], old: &str) -> Result<&'a FileInput, Failure> {
    let changed: Vec<&FileInput> = files.iter().filter(|it| it.script.is_some()).collect();
    let named: Vec<&FileInput> = changed
        .iter()
        .copied()
        .filter(|it| it.old.as_deref().is_some_and(|it| it == old || old.ends_with(&format!("/{it}"))))
        .collect();
    match (changed.as_slice(), named.as_slice()) {
        ([one], _) | (_, [one]) => Ok(one),
        ([], _) => {
            Err(Failure::new("the file has no script")
                .hint("`astkit diff --script --format json` prints one"))
        }
        _ => {
            Err(Failure::new(format!("the script is about several files, and not about one called `{old}`")))
        }
    }
}

/// The new bytes.
fn applied(old: &[u8], file: &FileInput, definitions: &[DefinitionInput]) -> Result<Vec<u8>, Failure> {
    let misfit = |why: &str| Failure::new(format!("the script does not fit the file: {why}"));
    let is_here = |it: &&DefinitionInput| match (&it.new, &it.old) {
        (Some(new), _) => Some(&new.path) == file.new.as_ref(),
        (None, Some(old)) => Some(&old.path) == file.old.as_ref(),
        (None, None) => false,
    };
    let of_definitions = definitions.iter().filter(is_here).flat_map(|it| it.script.iter().flatten());
    let all: Vec<&EditInput> = file.script.iter().flatten().chain(of_definitions).collect();
    if let [one] = all.as_slice()
        && let Some((start, end, bytes)) = one.bytes()
    {
        let head = old.get(..start).ok_or_else(|| misfit("it is too short"))?;
        let tail = old.get(end..).ok_or_else(|| misfit("it is too short"))?;
        return Ok([head, &bytes, tail].concat());
    }
    let edits: Option<Vec<_>> = all.iter().map(|it| it.edit()).collect();
    let edits = edits.ok_or_else(|| misfit("it has edits of an unknown kind"))?;
    let text = std::str::from_utf8(old).map_err(|_| misfit("the file is not UTF-8"))?;
    apply(text, &edits).map(String::into_bytes).map_err(|error| misfit(&error.to_string()))
}
