//! `astkit transform`: source text after transformations, on standard output, as a patch, or in place.
//!
//! The engine parses what it prints after every transformation: what does not mean the tree that was meant is never shown
//! or written, and the file counts as an error.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use astkit::SourceText;
use astkit::ast::{DefKind, definitions};
use astkit::passes::{
    PassError, PassKind, Pipeline, PipelineError, Reach, Registration, Source, TargetKind, View, registered,
};
use serde_json::{Value, json};
use similar::TextDiff;

use super::analyze::{self, CHUNK, Chunks, Findings, Opened};
use crate::arguments::TransformArguments;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::messages;
use crate::output::{Output, WriteError};
use crate::render::Append;
use crate::render::json::{self, DiagnosticRecord, SCHEMA, SpanRecord};
use crate::session::{Report, Session};
use crate::targets::{self, Input, Origin};

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
    let pipeline =
        Pipeline::parse(&arguments.pipeline).map_err(|error| refused(&arguments.pipeline, &error))?;
    let formats = [Format::Source, Format::Text, Format::Unified, Format::JsonLines];
    let format = Format::choose(session.format, "transform", &formats)?;
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
    if arguments.write {
        let mut seen = HashSet::new();
        if let Some(twice) = found.inputs.iter().find(|it| !seen.insert(&it.origin)) {
            let failure = Failure::new(format!("`{}` is to be written twice", twice.shown));
            return Err(failure.hint("write its definitions one after the other").into());
        }
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other formats that there are here show the text")]
    let shown = match format {
        _ if arguments.diff && format != Format::JsonLines => Shown::Diff,
        Format::JsonLines => Shown::Records,
        Format::Unified => Shown::Diff,
        _ if arguments.write => Shown::Nothing,
        _ if found.inputs.len() > 1 => Shown::Titled,
        _ => Shown::Text,
    };
    // What is kept for others goes when no other can ask for it.
    let size = if pipeline.reach() == Reach::Intra { CHUNK } else { found.inputs.len().max(1) };
    let findings = arguments.verify.then(Findings::default);
    let chunks = Chunks::new(session, &found.inputs, size, findings.clone())?;
    let run = Run { session, pipeline, chunks, shown, writes: arguments.write, verifies: arguments.verify };
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
    if let Err(error) = done {
        return crate::session::stopped(error);
    }
    if arguments.write && session.messages.warnings() {
        messages::print(&format!("{count} of {} files changed\n", found.inputs.len()));
    }
    for finding in findings.iter().flat_map(Findings::list) {
        messages::print(&session.messages.error(&Failure::new(finding)));
        status = status.and(ExitStatus::Findings);
    }
    session.close(output, status)
}

/// What is wrong with a pipeline.
fn refused(text: &str, error: &PipelineError) -> Failure {
    let failure = Failure::new(format!("pipeline `{text}`: {error}"));
    let transformations = || registered().into_iter().filter(|it| it.kind() == PassKind::Transformation);
    match error {
        PipelineError::Unknown(_) => {
            let names: Vec<&str> = transformations().map(Registration::name).collect();
            failure.hint(format!("there are {}", names.join(", ")))
        }
        PipelineError::Parameters(name, _) => {
            let parameters = transformations().find(|it| it.name() == name).map(Registration::parameters);
            let names: Vec<String> = parameters.into_iter().flatten().map(|it| it.name.to_string()).collect();
            let names = if names.is_empty() { "no parameters".to_owned() } else { names.join(", ") };
            failure.hint(format!("it has {names}"))
        }
        PipelineError::Syntax { .. } | _ => {
            failure.hint("a pipeline is NAME<KEY=VALUE,...>,NAME,...; repeat<N>(...) repeats one")
        }
    }
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
    chunks: Chunks<'a>,
    shown: Shown,
    writes: bool,
    verifies: bool,
}

/// What came of one file.
struct Outcome {
    report: Report,
    /// What is to be written.
    write: Option<(PathBuf, Vec<u8>)>,
}

/// A file after its transformations.
struct Transformed {
    /// The new text with the steps that changed something; none if nothing did.
    new: Option<(SourceText, String)>,
    /// What was left, with reasons.
    unresolved: Vec<Value>,
}

impl Run<'_> {
    fn outcome(&self, input: &Input) -> Outcome {
        let mut write = None;
        let report = self.chunks.with(input, |opened| match opened {
            Ok(opened) => self.report(input, opened, &mut write),
            Err(failure) => Err(Failure::new(failure.to_string())),
        });
        self.chunks.done(input);
        let report = report.unwrap_or_else(|failure| {
            let mut report = self.session.failed(&failure);
            if self.shown == Shown::Records {
                report.out =
                    json::line(&DiagnosticRecord::unreadable(&input.shown, failure.to_string())).into();
            }
            report
        });
        Outcome { report, write }
    }

    fn report(
        &self,
        input: &Input,
        opened: &Opened,
        write: &mut Option<(PathBuf, Vec<u8>)>,
    ) -> Result<Report, Failure> {
        let view = opened.view(&analyze::path(input));
        let source = opened.snapshot.source(view).map_err(|error| self.unreadable(input, &error))?;
        let pipeline = self.pipeline_for(input, opened, view, &source)?;
        let mut report = self.session.report_on(&input.shown, &source.text, &source.lowered);
        let is_partial = source.lowered.is_partial();
        let done = if is_partial {
            Transformed { new: None, unresolved: Vec::new() }
        } else {
            let failed = |error| self.failed(input, &error);
            let unresolved = self.left(input, opened, (view, &pipeline), &mut report).map_err(failed)?;
            Transformed { new: self.transform(opened, view, &pipeline).map_err(failed)?, unresolved }
        };
        let old = || match &input.origin {
            Origin::File(_) => self.session.read(input),
            Origin::Stdin => Self::encode(input, &source.text),
        };
        let needs_bytes =
            matches!(self.shown, Shown::Text | Shown::Titled) || self.writes && done.new.is_some();
        let bytes = match &done.new {
            Some((text, _)) => {
                let bytes = Self::encode(input, text)?;
                // Texts have newlines where such a file has carriage returns.
                let only_returns =
                    matches!(input.origin, Origin::File(_)) && ends_lines_with_returns(&old()?);
                if only_returns { replaced(bytes, b'\n', b'\r') } else { bytes }
            }
            None if needs_bytes => old()?,
            None => Vec::new(),
        };
        if let Origin::File(path) = &input.origin
            && self.writes
            && done.new.is_some()
        {
            *write = Some((path.clone(), bytes.clone()));
        }
        report.out = self.output(input, source.text.text(), bytes, is_partial, &done);
        Ok(report)
    }

    /// The pipeline, kept to the definition that is asked for, if one is.
    fn pipeline_for(
        &self,
        input: &Input,
        opened: &Opened,
        view: View,
        source: &Source,
    ) -> Result<Pipeline, Failure> {
        let Some(qualname) = &input.qualname else { return Ok(self.pipeline.clone()) };
        let all = definitions(&source.lowered.tree);
        let found = definitions::find(&all, &input.shown, qualname)?;
        if found.kind == DefKind::Lambda {
            let failure = Failure::new(format!("`{}::{qualname}` is a lambda", input.shown));
            return Err(failure.hint("name the function or class around it"));
        }
        let all = opened.snapshot.definitions(view).map_err(|error| self.failed(input, &error))?;
        match all.get(found.node.id().def.0 as usize) {
            Some(def) => Ok(opened.snapshot.within(&self.pipeline, *def)),
            None => Err(Failure::new(format!("no definition `{qualname}` in `{}`", input.shown))),
        }
    }

    fn output(
        &self,
        input: &Input,
        old: &str,
        bytes: Vec<u8>,
        is_partial: bool,
        done: &Transformed,
    ) -> Vec<u8> {
        match self.shown {
            Shown::Nothing => Vec::new(),
            Shown::Text => bytes,
            Shown::Titled => {
                let mut out = format!("==> {} <==\n", input.shown).into_bytes();
                out.extend_from_slice(&bytes);
                out.push(b'\n');
                out
            }
            Shown::Diff => {
                let new = done.new.as_ref().map_or(old, |it| it.0.text());
                diff(&input.shown, old, new).into_bytes()
            }
            Shown::Records => {
                let only = self.pipeline.only();
                let (pass, parameters) = only.map_or_else(
                    || (self.pipeline.to_string(), json!({})),
                    |(name, parameters)| (name.to_owned(), json!(parameters)),
                );
                let (changed, applied) = (done.new.is_some(), done.new.as_ref().map_or("", |it| &it.1));
                let source = done.new.as_ref().map(|it| it.0.text());
                let mut record = json!({
                    "schema": SCHEMA,
                    "path": input.shown,
                    "pass": pass,
                    "parameters": parameters,
                    "result": {"changed": changed, "source": source, "applied": applied},
                    "partial": is_partial,
                    "unresolved": done.unresolved,
                });
                if let Some(qualname) = &input.qualname {
                    record["qualname"] = qualname.as_str().into();
                }
                json::line(&record).into_bytes()
            }
        }
    }

    /// The new text, with the steps that changed something; none if none did.
    fn transform(
        &self,
        opened: &Opened,
        view: View,
        pipeline: &Pipeline,
    ) -> Result<Option<(SourceText, String)>, PassError> {
        let after = opened.snapshot.through(view, pipeline)?;
        if self.verifies {
            verify(opened, view, after);
        }
        let applied = opened.snapshot.pipeline(after);
        if applied.is_empty() {
            return Ok(None);
        }
        Ok(Some((opened.snapshot.source(after)?.text.clone(), applied.to_string())))
    }

    /// What the transformations leave: warnings, and records.
    fn left(
        &self,
        input: &Input,
        opened: &Opened,
        (view, pipeline): (View, &Pipeline),
        report: &mut Report,
    ) -> Result<Vec<Value>, PassError> {
        let source = opened.snapshot.source(view)?;
        let mut out = Vec::new();
        for (pass, left) in opened.snapshot.left(view, pipeline)? {
            let span = source.lowered.span(source.lowered.tree.node(left.node));
            let (line, column) = (source.text.position(span.start).line, source.text.char_column(span.start));
            let warning = format!("{}:{line}:{column}: {pass}: {}", input.shown, left.why);
            report.log += &self.session.messages.warning(&warning);
            let span = SpanRecord::new(&source.text, span);
            out.push(json!({"pass": pass, "reason": left.why, "span": span}));
        }
        Ok(out)
    }

    fn encode(input: &Input, text: &SourceText) -> Result<Vec<u8>, Failure> {
        text.encode(text.text()).ok_or_else(|| {
            Failure::new(format!("`{}`: the result can't be written as {}", input.shown, text.encoding()))
        })
    }

    fn failed(&self, input: &Input, error: &PassError) -> Failure {
        let failure = Failure::new(format!("`{}`: pipeline `{}`: {error}", input.shown, self.pipeline));
        if matches!(error, PassError::Edits(_)) {
            return failure.hint("this is a bug in a transformation; the file is left as it is");
        }
        failure
    }

    /// Says why an input can't be read, as all commands do.
    fn unreadable(&self, input: &Input, error: &PassError) -> Failure {
        let failure = match &input.origin {
            Origin::File(_) => self.session.load(input).err(),
            Origin::Stdin => None,
        };
        failure.unwrap_or_else(|| Failure::new(format!("could not read `{}`: {error}", input.shown)))
    }
}

/// Asks every analysis that needs no parameters before and after: verify mode tells what differs.
fn verify(opened: &Opened, before: View, after: View) {
    let analyses = registered().into_iter().filter(|it| it.kind() == PassKind::Analysis);
    for analysis in analyses.filter(|it| it.target() != TargetKind::Node) {
        let Ok(Some(made)) = analysis.make(&BTreeMap::new()) else { continue };
        for view in [before, after] {
            // That an analysis fails is no matter of this.
            drop(opened.snapshot.report(&made, view, &targets::show_found));
        }
    }
}

/// Whether lines end with a carriage return alone, all of them.
fn ends_lines_with_returns(bytes: &[u8]) -> bool {
    bytes.contains(&b'\r') && !bytes.contains(&b'\n')
}

fn replaced(mut bytes: Vec<u8>, old: u8, new: u8) -> Vec<u8> {
    for byte in &mut bytes {
        if *byte == old {
            *byte = new;
        }
    }
    bytes
}

fn diff(path: &str, old: &str, new: &str) -> String {
    let (a, b) = (format!("a/{path}"), format!("b/{path}"));
    let mut out = String::new();
    if old != new {
        out.append(format_args!("{}", TextDiff::from_lines(old, new).unified_diff().header(&a, &b)));
    }
    out
}
