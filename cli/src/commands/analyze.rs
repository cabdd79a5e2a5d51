//! `astkit analyze`: the results of one pass, a line a file; `astkit passes`: the passes that there are.

mod opened;
mod within;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use astkit::passes::{NamedAnalysis, ParameterError, PassError, PassKind, Reach, Registration, registered};
use serde_json::json;

use crate::arguments::AnalyzeArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::render::Append;
use crate::render::json::{self, DiagnosticRecord, SCHEMA};
use crate::session::{Report, Session};
use crate::targets::{self, Input, Origin};
use within::Part;

pub(in crate::commands) use opened::{Findings, Opened};

/// How many files are kept in memory together, where no file depends on others.
pub(in crate::commands) const CHUNK: usize = 256;

/// The width of names in the list of passes.
const NAMES: usize = 16;

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &AnalyzeArguments) -> Result<ExitStatus> {
    let analyses = || registered().into_iter().filter(|it| it.kind() == PassKind::Analysis);
    let pass = analyses().find(|it| it.name() == arguments.pass);
    let pass = pass.ok_or_else(|| {
        let names: Vec<&str> = analyses().map(Registration::name).collect();
        Failure::new(format!("no pass `{}`", arguments.pass)).hint(format!("there are {}", names.join(", ")))
    })?;
    Format::choose(session.format, "analyze", &[Format::JsonLines])?;
    let parameters = parameters(pass, &arguments.parameters)?;
    let made = pass.make(&parameters).map_err(|error| refused(pass, &error))?;
    let analysis = made.ok_or_else(|| Failure::new(format!("`{}` finds nothing", pass.name())))?;
    let inputs = session.inputs(&arguments.targets).inputs;
    // What is kept for others goes when no other can ask for it.
    let size = if pass.reach() == Reach::Intra { CHUNK } else { inputs.len().max(1) };
    let chunks = Chunks::new(session, &inputs, size, None)?;
    let run = Run { session, pass, analysis, parameters, chunks };
    session.run_targets(&arguments.targets, |input| run.report(input))
}

/// Runs `astkit passes`.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn list(session: &Session) -> Result<ExitStatus> {
    let format = Format::choose(session.format, "passes", &[Format::Text, Format::JsonLines])?;
    let all = registered();
    let mut out = String::new();
    for pass in all {
        let parameters = pass.parameters();
        if format == Format::JsonLines {
            let names: Vec<_> = parameters.iter().map(|it| it.name).collect();
            let required: Vec<_> = parameters.iter().filter(|it| it.is_required).map(|it| it.name).collect();
            out += &json::line(&json!({
                "schema": SCHEMA,
                "type": "pass",
                "name": pass.name(),
                "about": pass.about(),
                "kind": pass.kind().as_str(),
                "target": pass.target().as_str(),
                "version": pass.version(),
                "parameters": names,
                "required": required,
            }));
            continue;
        }
        out.append(format_args!("{:<NAMES$} {}", pass.name(), pass.about()));
        for it in parameters {
            let (open, close) = if it.is_required { ("<", ">") } else { ("[", "]") };
            out.append(format_args!(" {open}{}{close}", it.name));
        }
        out.push('\n');
    }
    session.write(&out)
}

/// Reads `-p KEY=VALUE`.
fn parameters(pass: &Registration, given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut out = BTreeMap::new();
    for it in given {
        let Some((key, value)) = it.split_once('=') else {
            return Err(Failure::new(format!("`{it}` is no parameter")).hint("write it as KEY=VALUE"));
        };
        if pass.parameters().iter().all(|it| it.name != key) {
            return Err(unknown(pass, key));
        }
        out.insert(key.to_owned(), value.to_owned());
    }
    Ok(out)
}

fn unknown(pass: &Registration, key: &str) -> Failure {
    let names: Vec<&str> = pass.parameters().iter().map(|it| it.name).collect();
    let hint =
        if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
    Failure::new(format!("pass `{}` has no parameter `{key}`", pass.name())).hint(hint)
}

fn refused(pass: &Registration, error: &ParameterError) -> Failure {
    match error {
        ParameterError::Unknown { name, .. } => unknown(pass, name),
        ParameterError::Missing(name) => {
            Failure::new(format!("pass `{}` needs parameter `{name}`", pass.name()))
                .hint(format!("give it as -p {name}=VALUE"))
        }
        ParameterError::Wrong { .. } | _ => Failure::new(format!("pass `{}`: {error}", pass.name())),
    }
}

struct Run<'a> {
    session: &'a Session,
    pass: &'static Registration,
    analysis: NamedAnalysis,
    parameters: BTreeMap<String, String>,
    chunks: Chunks<'a>,
}

impl Run<'_> {
    fn report(&self, input: &Input) -> Report {
        let out = self.chunks.with(input, |opened| match opened {
            Err(failure) => self.session.failed(failure),
            Ok(opened) => self.report_of(input, opened),
        });
        self.chunks.done(input);
        out
    }

    fn report_of(&self, input: &Input, opened: &Opened) -> Report {
        let view = opened.view(&path(input));
        let started = Instant::now();
        let source = match opened.snapshot.source(view) {
            Ok(it) => it,
            Err(error) => return self.unreadable(input, &error),
        };
        self.session.timings.lowered(started);
        self.session.timings.read(Instant::now(), source.text.text().len());
        let mut report = self.session.report_on(&input.shown, &source.text, &source.lowered);
        let part = input.qualname.as_ref().map(|it| Part::find(&source, &input.shown, it)).transpose();
        let part = match part {
            Ok(it) => it,
            Err(failure) => {
                report.log += &self.session.messages.error(&failure);
                report.status = ExitStatus::Error;
                return report;
            }
        };
        match opened.snapshot.report(&self.analysis, view, &targets::show_found) {
            Ok(mut found) => {
                if let Some(part) = &part {
                    part.keep(&mut found);
                }
                let mut record = json!({
                    "schema": SCHEMA,
                    "path": input.shown,
                    "pass": self.pass.name(),
                    "parameters": self.parameters,
                    "result": found.result,
                    "partial": source.lowered.is_partial(),
                    "unresolved": found.unresolved,
                });
                if let Some(part) = &part {
                    record["qualname"] = part.qualname.as_str().into();
                }
                report.out = json::line(&record).into_bytes();
            }
            Err(error) => {
                let failure =
                    Failure::new(format!("`{}`: pass `{}`: {error}", input.shown, self.pass.name()));
                report.log += &self.session.messages.error(&failure);
                report.status = ExitStatus::Error;
            }
        }
        report
    }

    /// Says why an input can't be read, as all commands do.
    fn unreadable(&self, input: &Input, error: &PassError) -> Report {
        let failure = match &input.origin {
            Origin::File(_) => self.session.load(input).err(),
            Origin::Stdin => None,
        };
        let failure =
            failure.unwrap_or_else(|| Failure::new(format!("could not read `{}`: {error}", input.shown)));
        let mut report = self.session.failed(&failure);
        let record = DiagnosticRecord::unreadable(&input.shown, failure.to_string());
        report.out = json::line(&record).into_bytes();
        report
    }
}

pub(in crate::commands) fn path(input: &Input) -> std::path::PathBuf {
    match &input.origin {
        Origin::File(path) => targets::absolute(path),
        Origin::Stdin => targets::absolute(Path::new(&input.shown)),
    }
}

/// The inputs, some together: each project is opened when the first of its files is asked for, and closed after the
/// last.
pub(in crate::commands) struct Chunks<'a> {
    session: &'a Session,
    all: Vec<Vec<Input>>,
    /// Which of them an input is in.
    places: HashMap<Input, usize>,
    open: Mutex<HashMap<usize, Chunk>>,
    /// In verify mode, where findings go.
    findings: Option<Findings>,
}

struct Chunk {
    opened: Arc<Result<Mutex<Opened>, Failure>>,
    /// How many inputs still come.
    left: usize,
}

impl<'a> Chunks<'a> {
    pub(in crate::commands) fn new(
        session: &'a Session,
        inputs: &[Input],
        size: usize,
        findings: Option<Findings>,
    ) -> Result<Self, Failure> {
        // A Python that can't be asked is told before anything is done.
        opened::interpreter(session)?;
        let chunks: Vec<_> = inputs.chunks(size).map(<[_]>::to_vec).collect();
        let places = (0..).zip(&chunks).flat_map(|(at, chunk)| chunk.iter().map(move |it| (it.clone(), at)));
        Ok(Self { session, places: places.collect(), all: chunks, open: Mutex::default(), findings })
    }

    pub(in crate::commands) fn with<R>(
        &self,
        input: &Input,
        work: impl FnOnce(Result<&Opened, &Failure>) -> R,
    ) -> R {
        let opened = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let place = self.places.get(input).copied().unwrap_or(0);
            let chunk = open.entry(place).or_insert_with(|| {
                let inputs = self.all.get(place).map_or(&[][..], Vec::as_slice);
                let opened = Opened::new(self.session, inputs, self.findings.as_ref()).map(Mutex::new);
                Chunk { opened: Arc::new(opened), left: inputs.len() }
            });
            Arc::clone(&chunk.opened)
        };
        match &*opened {
            Err(failure) => work(Err(failure)),
            Ok(it) => {
                let own = it.lock().unwrap_or_else(PoisonError::into_inner).another();
                work(Ok(&own))
            }
        }
    }

    pub(in crate::commands) fn done(&self, input: &Input) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.places.get(input).copied().unwrap_or(0);
        let Some(chunk) = open.get_mut(&place) else { return };
        chunk.left = chunk.left.saturating_sub(1);
        if chunk.left == 0 {
            let gone = open.remove(&place);
            drop(open);
            drop(gone);
        }
    }
}
