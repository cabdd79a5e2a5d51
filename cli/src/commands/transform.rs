//! `astkit transform`: source text after transformations, on standard output, as a patch, or in place.
//!
//! After every transformation the new text is parsed: what does not mean the tree that was meant is never shown or
//! written, and the file counts as an error.

mod cycles;
mod passes;
mod pipeline;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use astkit::{PythonVersion, SourceText};
use astkit_analysis::Environment;
use astkit_analysis::scopes::Options;
use serde_json::{Value, json};
use similar::TextDiff;

use crate::arguments::TransformArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::library::{self, Library};
use crate::messages;
use crate::output::{Output, WriteError};
use crate::render::Append;
use crate::render::json::{self, DiagnosticRecord, SCHEMA, SpanRecord};
use crate::session::{File, Report, Session};
use crate::targets::{Input, Origin};

use passes::{Context, Pass};
use pipeline::{Pipeline, Step};

/// What to do with the result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Text,
    /// Texts of several files, each below its name.
    Titled,
    Diff,
    Records,
    /// Nothing: files are written.
    Nothing,
}

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &TransformArguments) -> Result<ExitStatus> {
    let pipeline = Pipeline::parse(&arguments.pipeline)?;
    let format = Format::choose(
        session.format,
        "transform",
        &[Format::Source, Format::Text, Format::Unified, Format::JsonLines],
    )?;
    let (options, version) = library::scope_options(session);
    check(&pipeline.steps, version)?;
    let found = session.inputs(&arguments.targets);
    let mut status = session.say_failures(&found.failures);
    let mut output = session.output()?;
    if session.shows_files() {
        return session.list(&found.inputs, output);
    }
    if arguments.write && found.inputs.iter().any(|it| it.origin == Origin::Stdin) {
        let failure = Failure::new("standard input can't be written to");
        return Err(failure.hint("leave `--write` out: the result is printed").into());
    }
    let shown = match format {
        Format::JsonLines => Shown::Records,
        Format::Unified => Shown::Diff,
        _ if arguments.diff => Shown::Diff,
        _ if arguments.write => Shown::Nothing,
        _ if found.inputs.len() > 1 => Shown::Titled,
        _ => Shown::Text,
    };
    let facts = Environment { python: version.map(|it| (it.major, it.minor)), ..Environment::default() };
    let library = Library::new(session, facts, options.clone())?;
    let run = Run { session, pipeline, version, options, library, shown, writes: arguments.write };
    let mut count = 0_usize;
    let done = session.each(
        &found.inputs,
        |input| run.outcome(input),
        |outcome| {
            messages::print(&outcome.report.log);
            status = status.and(outcome.report.status);
            output.write(&outcome.report.out)?;
            if let Some((path, bytes)) = &outcome.write {
                write_whole(path, bytes)?;
                count += 1;
            }
            Ok(())
        },
    );
    match done {
        Ok(()) => {}
        Err(error) => return crate::session::stopped(error),
    }
    if arguments.write && session.messages.warnings() {
        messages::print(&format!("{count} of {} files changed\n", found.inputs.len()));
    }
    session.close(output, status)
}

/// Checks names and parameters before any file is read.
fn check(steps: &[Step], version: Option<PythonVersion>) -> Result<(), Failure> {
    for step in steps {
        match step {
            Step::Pass { name, parameters } => {
                Pass::named(name)?.environment(parameters, version)?;
            }
            Step::Repeat { steps, .. } => check(steps, version)?,
        }
    }
    Ok(())
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let mut output = Output::open(Some(path)).map_err(WriteError::Failed)?;
    output.write(bytes)?;
    output.finish()
}

struct Run<'a> {
    session: &'a Session,
    pipeline: Pipeline,
    version: Option<PythonVersion>,
    options: Options,
    library: Library<'a>,
    shown: Shown,
    writes: bool,
}

/// What came of one file.
struct Outcome {
    report: Report,
    /// What is to be written.
    write: Option<(PathBuf, Vec<u8>)>,
}

/// A file while it is transformed.
struct Work<'a> {
    path: &'a str,
    module: String,
    is_package: bool,
    file: File,
    /// The text as it is written to the file, if it is another than that of `file`.
    text: String,
    /// What each transformation did.
    passes: Vec<Value>,
    /// What was left, with reasons.
    unresolved: Vec<Value>,
    warnings: Vec<String>,
}

impl Run<'_> {
    fn outcome(&self, input: &Input) -> Outcome {
        let mut write = None;
        let report = self.report(input, &mut write).unwrap_or_else(|failure| {
            let mut report = self.session.failed(&failure);
            if self.shown == Shown::Records {
                report.out =
                    json::line(&DiagnosticRecord::unreadable(&input.shown, failure.to_string())).into();
            }
            report
        });
        Outcome { report, write }
    }

    fn report(&self, input: &Input, write: &mut Option<(PathBuf, Vec<u8>)>) -> Result<Report, Failure> {
        let bytes = self.session.read(input)?;
        let file = self.session.lower(&input.shown, &bytes)?;
        if input.qualname.is_some() {
            let failure = Failure::new(format!("`{}`: transformations work on whole files", input.shown));
            return Err(failure.hint("name the file alone"));
        }
        let mut report = self.session.report(&input.shown, &file);
        let is_partial = file.lowered.is_partial();
        let source = file.source.clone();
        let work = self.work(input, &bytes, file);
        let (text, passes, unresolved) = if is_partial {
            (work.text, work.passes, work.unresolved)
        } else {
            let mut work = work;
            self.steps(&self.pipeline.steps, &mut work)?;
            for warning in &work.warnings {
                report.log += &self.session.messages.warning(warning);
            }
            (work.text, work.passes, work.unresolved)
        };
        let changed = passes.iter().any(|it| it["changed"] == true);
        let new = if changed { self.encode(input, &source, &text)? } else { bytes.clone() };
        report.out = match self.shown {
            Shown::Nothing => Vec::new(),
            Shown::Text => new.clone(),
            Shown::Titled => {
                let mut out = format!("==> {} <==\n", input.shown).into_bytes();
                out.extend_from_slice(&new);
                out.push(b'\n');
                out
            }
            Shown::Diff => diff(&input.shown, source.text(), &text).into_bytes(),
            Shown::Records => {
                let (pass, parameters) = self.name();
                let source = if changed { Value::from(text) } else { Value::Null };
                json::line(&json!({
                    "schema": SCHEMA,
                    "path": input.shown,
                    "pass": pass,
                    "parameters": parameters,
                    "result": {"changed": changed, "source": source, "passes": passes},
                    "partial": is_partial,
                    "unresolved": unresolved,
                }))
                .into_bytes()
            }
        };
        if let Origin::File(path) = &input.origin
            && self.writes
            && new != bytes
        {
            *write = Some((path.clone(), new));
        }
        Ok(report)
    }

    fn encode(&self, input: &Input, source: &SourceText, text: &str) -> Result<Vec<u8>, Failure> {
        let bytes = source.encode(text);
        bytes.ok_or_else(|| {
            let codec = source.encoding();
            Failure::new(format!("`{}`: the result can't be written as {codec}", input.shown))
        })
    }

    /// The pipeline's name in records: that of its only transformation, with its parameters.
    fn name(&self) -> (String, BTreeMap<String, String>) {
        match &self.pipeline.steps[..] {
            [Step::Pass { name, parameters }] => (name.clone(), parameters.clone()),
            _ => (self.pipeline.to_string(), BTreeMap::new()),
        }
    }

    fn work<'i>(&self, input: &'i Input, bytes: &[u8], file: File) -> Work<'i> {
        let path = match &input.origin {
            Origin::File(path) => path.as_path(),
            Origin::Stdin => Path::new(&input.shown),
        };
        // The text of the file itself, before lone carriage returns are evened out.
        let own = std::str::from_utf8(bytes).ok().filter(|it| it.len() == file.source.text().len());
        let text = own.filter(|_| file.source.encoding() == "utf-8").unwrap_or(file.source.text()).to_owned();
        Work {
            path: &input.shown,
            module: self.session.roots.module(path).unwrap_or_else(|| "__main__".to_owned()),
            is_package: path.file_stem().is_some_and(|it| it == "__init__"),
            file,
            text,
            passes: Vec::new(),
            unresolved: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Runs steps; returns whether something changed.
    fn steps(&self, steps: &[Step], work: &mut Work<'_>) -> Result<bool, Failure> {
        let mut changed = false;
        for step in steps {
            changed |= match step {
                Step::Pass { name, parameters } => self.pass(name, parameters, work)?,
                Step::Repeat { times, steps } => {
                    let mut any = false;
                    for _ in 0..*times {
                        if !self.steps(steps, work)? {
                            break;
                        }
                        any = true;
                    }
                    any
                }
            };
        }
        Ok(changed)
    }

    fn pass(
        &self,
        name: &str,
        parameters: &BTreeMap<String, String>,
        work: &mut Work<'_>,
    ) -> Result<bool, Failure> {
        let pass = Pass::named(name)?;
        let context = Context {
            session: self.session,
            file: &work.file,
            module: &work.module,
            is_package: work.is_package,
            options: &self.options,
            environment: pass.environment(parameters, self.version)?,
            library: &self.library,
        };
        let (edits, left) = (pass.run)(&context);
        let File { source, lowered } = &work.file;
        for it in left {
            let span = lowered.span(lowered.tree.node(it.node));
            let (line, column) = (source.position(span.start).line, source.char_column(span.start));
            work.warnings.push(format!("{}:{line}:{column}: {name}: {}", work.path, it.why));
            let span = SpanRecord::new(source, span);
            work.unresolved.push(json!({"pass": name, "reason": it.why, "span": span}));
        }
        if edits.is_empty() {
            work.passes.push(json!({"pass": name, "parameters": parameters, "changed": false}));
            return Ok(false);
        }
        let wrong = |why: &str| {
            let message = format!("`{}`: `{name}` gave {why}", work.path);
            Failure::new(message).hint("this is a bug in astkit; the file is left as it is")
        };
        let applied = edits.apply(&lowered.tree);
        let text = edits
            .print_over(source, lowered, &work.text)
            .map_err(|error| wrong(&format!("no text: {error}")))?;
        let source = SourceText::from_text(&text);
        let file = self.session.lower_text(work.path, &source)?;
        if file.lowered.is_partial() || file.lowered.tree != applied.tree {
            return Err(wrong("a text that does not mean what it should"));
        }
        work.passes.push(json!({
            "pass": name,
            "parameters": parameters,
            "changed": applied.is_updated,
            "edits": edits.len(),
            "added": applied.added.len(),
            "removed": applied.removed.len(),
        }));
        (work.text, work.file) = (text, file);
        Ok(applied.is_updated)
    }
}

fn diff(path: &str, old: &str, new: &str) -> String {
    let (a, b) = (format!("a/{path}"), format!("b/{path}"));
    let mut out = String::new();
    if old != new {
        out.append(format_args!("{}", TextDiff::from_lines(old, new).unified_diff().header(&a, &b)));
    }
    out
}
