//! One run of a command: the settings in force, and what commands have in common.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use astkit::{Frontends, LowerError, Lowered, Options, Severity, SourceText};

use crate::arguments::GlobalArguments;
use crate::cache;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::messages::{self, Messages};
use crate::modules::Roots;
use crate::output::{Output, WriteError};
use crate::parallel;
use crate::progress::Progress;
use crate::read;
use crate::render::{self, Append};
use crate::settings::Settings;
use crate::targets::{Finder, Input, Inputs};
use crate::timings::Timings;
use crate::walk::WalkRules;

/// Diagnostics of one file that are shown without `-v`.
const SHOWN_DIAGNOSTICS: usize = 10;

/// One run.
pub(crate) struct Session {
    pub(crate) settings: Settings,
    pub(crate) frontends: Frontends,
    pub(crate) messages: Messages,
    pub(crate) roots: Roots,
    pub(crate) rules: WalkRules,
    pub(crate) timings: Timings,
    /// Whether the result may be colored.
    pub(crate) color: bool,
    /// The format that was asked for on the command line.
    pub(crate) format: Option<Format>,
    stdin_name: String,
    output: Option<PathBuf>,
    show_files: bool,
}

/// A file, read and lowered.
pub(crate) struct File {
    pub(crate) source: SourceText,
    pub(crate) lowered: Lowered,
}

/// What came of one input: text for standard output, text for standard error, and how it went.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) out: Vec<u8>,
    pub(crate) log: String,
    pub(crate) status: ExitStatus,
}

impl Session {
    /// Starts a run.
    ///
    /// # Errors
    /// Settings that mean nothing.
    pub(crate) fn new(global: &GlobalArguments, settings: Settings) -> Result<Self, Failure> {
        let frontends = crate::frontends::all(&settings);
        frontends.check(&settings.frontend).map_err(|error| Failure::new(error.to_string()))?;
        let color_errors = settings.color.for_stream(&std::io::stderr());
        let format = if global.json { Some(Format::JsonLines) } else { global.format };
        Ok(Self {
            frontends,
            messages: Messages::new(color_errors, global.quiet, global.verbose),
            roots: Roots::new(&settings.roots, settings.python.as_deref()),
            rules: WalkRules::new(&settings.exclude, settings.no_ignore)?,
            timings: Timings::new(settings.timings),
            color: global.output.is_none() && settings.color.for_stream(&std::io::stdout()),
            format,
            stdin_name: global.stdin_filename.clone().unwrap_or_else(|| "<stdin>".to_owned()),
            output: global.output.clone(),
            show_files: global.show_files,
            settings,
        })
    }

    /// How standard input is called.
    pub(crate) fn stdin_name(&self) -> &str {
        &self.stdin_name
    }

    /// The inputs that targets mean.
    pub(crate) fn inputs(&self, targets: &[String]) -> Inputs {
        let wanted = |extension: &str| self.wanted(extension);
        let stdin_name = &self.stdin_name;
        Finder { rules: &self.rules, roots: &self.roots, wanted: &wanted, stdin_name }.find(targets)
    }

    /// Whether files of this extension are read in folders.
    pub(crate) fn wanted(&self, extension: &str) -> bool {
        self.frontends.claims(&self.settings.frontend, extension)
    }

    /// Reads and lowers an input.
    ///
    /// # Errors
    /// An input that can't be read, or a frontend that can't work.
    pub(crate) fn load(&self, input: &Input) -> Result<File, Failure> {
        self.lower(&input.shown, &self.read(input)?)
    }

    /// Reads an input.
    ///
    /// # Errors
    /// An input that can't be read.
    pub(crate) fn read(&self, input: &Input) -> Result<Vec<u8>, Failure> {
        let started = Instant::now();
        let bytes = read::bytes(input)?;
        self.timings.read(started, bytes.len());
        Ok(bytes)
    }

    /// Decodes and lowers a file's bytes.
    ///
    /// # Errors
    /// A frontend that can't work.
    pub(crate) fn lower(&self, path: &str, bytes: &[u8]) -> Result<File, Failure> {
        self.lower_text(path, &SourceText::decode(bytes))
    }

    /// Lowers a text.
    ///
    /// # Errors
    /// A frontend that can't work.
    pub(crate) fn lower_text(&self, path: &str, source: &SourceText) -> Result<File, Failure> {
        let started = Instant::now();
        let lowered = self
            .frontends
            .lower(&self.settings.frontend, path, source, self.options())
            .map_err(|error: LowerError| Failure::new(format!("could not parse `{path}`: {error}")))?;
        self.timings.lowered(started);
        Ok(File { source: source.clone(), lowered })
    }

    fn options(&self) -> &Options {
        &self.settings.options
    }

    /// A report that shows what is wrong with a file.
    pub(crate) fn report(&self, path: &str, file: &File) -> Report {
        self.report_on(path, &file.source, &file.lowered)
    }

    /// A report that shows what is wrong with a text.
    pub(crate) fn report_on(&self, path: &str, source: &SourceText, lowered: &Lowered) -> Report {
        let mut report = Report::default();
        if lowered.is_partial() && self.settings.strict {
            report.status = ExitStatus::Findings;
        }
        if !self.messages.warnings() {
            return report;
        }
        let all: Vec<_> = lowered
            .diagnostics
            .iter()
            .filter(|it| it.severity != Severity::Note || self.messages.verbose())
            .collect();
        let shown = if self.messages.verbose() { all.len() } else { SHOWN_DIAGNOSTICS };
        for it in all.iter().take(shown) {
            report.log += &render::diagnostic::diagnostic(path, source, it, self.messages.color());
            report.log.push('\n');
        }
        if all.len() > shown {
            let left = all.len() - shown;
            report.log.append(format_args!("note: {left} more in `{path}` (-v shows all)\n"));
        }
        report
    }

    /// The report of an input that could not be served.
    pub(crate) fn failed(&self, failure: &Failure) -> Report {
        let log = self.messages.error(failure);
        Report { log, status: ExitStatus::Error, ..Report::default() }
    }

    /// Works on all items in parallel and hands over the results in order, with the progress bar out of the way.
    ///
    /// # Errors
    /// What `take` fails with.
    pub(crate) fn each<T: Sync, R: Send, E>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync,
        mut take: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let hidden = self.settings.no_progress || self.messages.silent();
        let progress = Progress::new(items.len(), hidden);
        parallel::in_order(self.settings.jobs, items, work, |result| {
            progress.advance();
            progress.hidden(|| take(result))
        })?;
        progress.finish();
        Ok(())
    }

    /// Works on all items in parallel and writes the reports in order.
    ///
    /// # Errors
    /// A result that can't be written.
    pub(crate) fn run<T: Sync>(
        &self,
        items: &[T],
        output: &mut Output,
        work: impl Fn(&T) -> Report + Sync,
    ) -> Result<ExitStatus, WriteError> {
        let mut status = ExitStatus::Success;
        self.each(items, work, |report: Report| {
            status = status.and(report.status);
            messages::print(&report.log);
            output.write(&report.out)
        })?;
        Ok(status)
    }

    /// Runs a command that works input by input, from targets to exit status.
    ///
    /// # Errors
    /// No output.
    pub(crate) fn run_targets(
        &self,
        targets: &[String],
        work: impl Fn(&Input) -> Report + Sync,
    ) -> Result<ExitStatus> {
        let found = self.inputs(targets);
        let mut status = self.say_failures(&found.failures);
        let mut output = self.output()?;
        if self.show_files {
            return self.list(&found.inputs, output);
        }
        match self.run(&found.inputs, &mut output, work) {
            Ok(it) => status = status.and(it),
            Err(error) => return stopped(error),
        }
        self.close(output, status)
    }

    /// Whether results of this run may be kept for others.
    pub(crate) fn remembers(&self) -> bool {
        // What an interpreter's version is, is known when it has been started.
        !self.settings.no_cache
            && self.settings.frontend != "cpython"
            && cache::folder(&self.settings).is_some()
    }

    /// Says that something is not as it should be, and no reason to stop.
    pub(crate) fn warn(&self, message: &str) {
        messages::print(&self.messages.warning(message));
    }

    /// Says something that helps to read the result.
    pub(crate) fn note(&self, message: &str) {
        if self.messages.warnings() {
            messages::print(&format!("note: {message}\n"));
        }
    }

    /// Opens the command's output.
    ///
    /// # Errors
    /// A file that can't be written.
    pub(crate) fn output(&self) -> Result<Output, Failure> {
        Output::open(self.output.as_deref())
    }

    /// Whether the result goes to a file.
    pub(crate) fn has_output_file(&self) -> bool {
        self.output.is_some()
    }

    /// Whether only the files are asked for.
    pub(crate) fn shows_files(&self) -> bool {
        self.show_files
    }

    /// Makes the output final.
    ///
    /// # Errors
    /// A result that can't be written.
    pub(crate) fn close(&self, output: Output, status: ExitStatus) -> Result<ExitStatus> {
        messages::print(&self.timings.summary());
        match output.finish() {
            Ok(()) => Ok(status),
            Err(error) => stopped(error),
        }
    }

    /// Writes a text that is all of a command's result.
    ///
    /// # Errors
    /// A result that can't be written.
    pub(crate) fn write(&self, text: &str) -> Result<ExitStatus> {
        let mut output = self.output()?;
        match output.write(text.as_bytes()) {
            Ok(()) => self.close(output, ExitStatus::Success),
            Err(error) => stopped(error),
        }
    }

    /// Says what is wrong with targets.
    pub(crate) fn say_failures(&self, failures: &[Failure]) -> ExitStatus {
        for failure in failures {
            messages::print(&self.messages.error(failure));
        }
        if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Error }
    }

    /// Prints the files of inputs.
    ///
    /// # Errors
    /// A result that can't be written.
    pub(crate) fn list(&self, inputs: &[Input], mut output: Output) -> Result<ExitStatus> {
        let text: String = inputs.iter().flat_map(|it| [&*it.shown, "\n"]).collect();
        match output.write(text.as_bytes()) {
            Ok(()) => self.close(output, ExitStatus::Success),
            Err(error) => stopped(error),
        }
    }
}

/// What to end with after writing stopped.
///
/// # Errors
/// The reason, unless it is that nobody reads on.
pub(crate) fn stopped(error: WriteError) -> Result<ExitStatus> {
    match error {
        WriteError::Closed => Ok(ExitStatus::Success),
        WriteError::Failed(failure) => Err(failure.into()),
    }
}
