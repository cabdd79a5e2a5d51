//! `astkit watch`: what each save does to the code.
//!
//! The watcher (crate `astkit-watch`) says which files have other contents; here they are compared, definition by
//! definition, and printed. A batch is one comparison, so a definition that moves from one file to another is seen.

mod exec;
mod files;
mod impact;
mod records;
mod text;
mod wanted;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use astkit::diff::Part;
use astkit::hash::Level;
use astkit_watch::{Batch, Change, Event, Options, Polling, Warning, Watcher};

use crate::arguments::WatchArguments;
use crate::commands::diff::{Save, Saved, SavedDefinition, compare_saves};
use crate::exit_status::ExitStatus;
use crate::failure::{Failure, reason};
use crate::format::Format;
use crate::messages;
use crate::output::{Output, WriteError};
use crate::render::json;
use crate::session::{Session, stopped};
use crate::settings::Settings;
use crate::targets::absolute;
use exec::Exec;
use impact::Impact;
use wanted::Wanted;

/// A run of the command.
struct Watch<'a> {
    session: &'a Session,
    /// Reads the settings again.
    reload: &'a dyn Fn() -> Result<Settings, Failure>,
    /// The working directory; names in the output are relative to it.
    folder: PathBuf,
    level: Level,
    is_json: bool,
    output: Output,
    exec: Option<Exec>,
    impact: Option<Impact>,
    /// Of files that are broken now: the last text that was not.
    last_good: BTreeMap<PathBuf, Arc<[u8]>>,
}

/// What a batch did to a file.
pub(super) struct FileResult<'a> {
    change: &'a Change,
    shown: String,
    bytes: Option<String>,
    module: Option<String>,
    saved: Saved,
}

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(
    session: &Session,
    arguments: &WatchArguments,
    reload: &dyn Fn() -> Result<Settings, Failure>,
) -> Result<ExitStatus> {
    let format = Format::choose(session.format, "watch", &[Format::Text, Format::JsonLines])?;
    let level = Level::parse(&arguments.level).map_err(|error| Failure::new(error.to_string()))?;
    let folder = std::env::current_dir()
        .map_err(|error| Failure::new(format!("there is no working directory: {}", reason(&error))))?;
    let paths: Vec<PathBuf> = arguments.paths.iter().map(|it| absolute(it)).collect();
    let options = options(session, &folder, arguments);
    let wanted = Wanted::new(session.settings.clone(), &folder)?;
    let (mut watcher, ready) =
        Watcher::start(&paths, Box::new(wanted), options).map_err(|(path, error)| {
            Failure::new(format!("cannot watch `{}`: {}", files::show(&folder, &path), reason(&error)))
        })?;
    let exec = arguments.exec.clone().map(|it| Exec::new(it, arguments.on_busy, watcher.waker()));
    if arguments.stdin_quit {
        exec::wake_at_end_of_input(watcher.waker());
    }
    let is_json = format == Format::JsonLines;
    let output = session.output()?;
    let mut watch = Watch {
        session,
        reload,
        folder,
        level,
        is_json,
        output,
        exec,
        impact: None,
        last_good: BTreeMap::new(),
    };
    let roots: Vec<String> = paths.iter().map(|it| files::show(&watch.folder, it)).collect();
    let begun = if is_json {
        watch.print(&json::line(&records::Ready::new(&roots, &ready)))
    } else {
        watch.say(&text::ready(&roots, &ready));
        Ok(())
    };
    if !arguments.no_impact {
        let paths = watcher.files().map(|it| it.0.to_owned()).collect();
        watch.impact = Some(Impact::new(session, &watch.folder, paths));
    }
    let ended = begun.and_then(|()| watch.follow(&mut watcher, arguments.once));
    if let Some(exec) = &mut watch.exec {
        exec.end();
    }
    match ended {
        Ok(()) => session.close(watch.output, ExitStatus::Success),
        Err(error) => stopped(error),
    }
}

fn options(session: &Session, folder: &Path, arguments: &WatchArguments) -> Options {
    let polling = match arguments.poll {
        Some(interval) => Polling::Every(Duration::from_millis(interval.max(1))),
        None => Polling::IfNeeded,
    };
    let mut options = Options {
        settle: Duration::from_millis(arguments.settle),
        polling,
        sync_file: arguments.sync_file.as_deref().map(absolute),
        others: crate::config::candidates(folder, session.settings.config_file.as_deref()),
        ..Options::default()
    };
    if arguments.no_safety_scan {
        options.safety_scan = None;
    }
    options
}

impl Watch<'_> {
    /// Prints what happens until there is a reason to end.
    fn follow(&mut self, watcher: &mut Watcher, once: bool) -> Result<(), WriteError> {
        loop {
            match watcher.next(None) {
                None => {}
                Some(Event::Batch(batch)) => {
                    self.batch(&batch)?;
                    if once {
                        return Ok(());
                    }
                }
                Some(Event::Woken) => {
                    if exec::has_input_ended() {
                        return Ok(());
                    }
                    if let Some(exec) = &mut self.exec {
                        let outcome = exec.continue_after();
                        self.say_failure(outcome);
                    }
                }
                Some(Event::Synced(token)) => {
                    self.record_or(&records::Synced::new(&token), || format!("synced {token}\n"))?;
                }
                Some(Event::Rescan(why)) => self.record_or(&records::Rescan::new(why), || {
                    format!("Looked at everything again ({})\n", why.as_str())
                })?,
                Some(Event::Other(path)) => self.reconfigure(watcher, &path)?,
                Some(Event::Warning(warning)) => self.warn(&warning)?,
            }
        }
    }

    fn batch(&mut self, batch: &Batch) -> Result<(), WriteError> {
        let started = Instant::now();
        let saved = compare_saves(self.session, self.level, &self.saves(batch));
        self.remember_good(batch, &saved);
        let results: Vec<FileResult<'_>> = batch
            .files
            .iter()
            .zip(saved)
            .map(|(change, saved)| {
                let shown = files::show(&self.folder, &change.path);
                let module = self.session.roots.module(Path::new(&shown));
                let bytes = files::bytes(&self.folder, &change.path);
                FileResult { change, shown, bytes, module, saved }
            })
            .collect();
        let changed = self.changed(&results);
        let impacted = self.impacted(&results);
        let out = if self.is_json {
            let mut out = records::diagnostics(&results);
            out += &json::line(&records::Batch::new(
                batch,
                &results,
                (&changed, &impacted),
                self.level,
                started.elapsed(),
            ));
            out
        } else {
            text::batch(&results, self.level) + &text::impact(&impacted)
        };
        self.print(&out)?;
        for it in &results {
            if let Some(failure) = &it.saved.failure {
                self.say(&self.session.messages.error(failure));
            }
        }
        if let Some(exec) = &mut self.exec
            && !changed.is_empty()
        {
            let outcome = exec.run(&changed, &impacted);
            self.say_failure(outcome);
        }
        if let Some(impact) = &mut self.impact {
            impact.prepare();
        }
        Ok(())
    }

    /// What is compared: a text that was broken by the save before is passed over.
    fn saves(&self, batch: &Batch) -> Vec<Save> {
        let save = |it: &Change| Save {
            shown: files::show(&self.folder, &it.path),
            before: self.last_good.get(&it.path).or(it.before.as_ref()).map(|it| it.to_vec()),
            after: it.after.as_deref().map(<[u8]>::to_vec),
        };
        batch.files.iter().map(save).collect()
    }

    /// Keeps the last text without errors of files that have some now.
    fn remember_good(&mut self, batch: &Batch, saved: &[Saved]) {
        for (change, saved) in batch.files.iter().zip(saved) {
            if !saved.is_broken {
                self.last_good.remove(&change.path);
            } else if let Some(before) = &change.before {
                self.last_good.entry(change.path.clone()).or_insert_with(|| Arc::clone(before));
            }
        }
    }

    /// The targets whose behavior has changed.
    fn changed(&self, results: &[FileResult<'_>]) -> Vec<String> {
        let mut out = Vec::new();
        for it in results {
            for definition in it.saved.definitions.iter().filter(|it| counts(it, self.level)) {
                let name = definition.after.as_ref().or(definition.before.as_ref());
                out.extend(name.map(|name| format!("{}::{name}", it.shown)));
            }
        }
        out
    }

    /// The targets that depend on those.
    fn impacted(&mut self, results: &[FileResult<'_>]) -> Vec<String> {
        let Some(impact) = &mut self.impact else { return Vec::new() };
        let paths: Vec<PathBuf> = results.iter().map(|it| it.change.path.clone()).collect();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for it in results {
            let path = &it.change.path;
            for definition in it.saved.definitions.iter().filter(|it| counts(it, self.level)) {
                // What stays in its place is asked for once, after the change.
                if definition.before != definition.after {
                    before.extend(definition.before.clone().map(|it| (path.clone(), it)));
                }
                after.extend(definition.after.clone().map(|it| (path.clone(), it)));
            }
        }
        impact.follow(&paths, &before, &after)
    }

    /// Takes over a configuration that has changed; keeps the last good one.
    fn reconfigure(&mut self, watcher: &mut Watcher, path: &Path) -> Result<(), WriteError> {
        let shown = files::show(&self.folder, path);
        match (self.reload)().and_then(|it| Wanted::new(it, &self.folder)) {
            Ok(wanted) => {
                watcher.set_rules(Box::new(wanted));
                if !self.is_json {
                    self.say(&format!("Took over {shown}\n"));
                }
                Ok(())
            }
            Err(failure) => {
                let failure = failure.hint("the configuration of before stays in force");
                self.say(&self.session.messages.error(&failure));
                let record = records::Warned::new("config", &failure.to_string(), Some(shown));
                self.record_or(&record, String::new)
            }
        }
    }

    fn warn(&mut self, warning: &Warning) -> Result<(), WriteError> {
        if self.is_json {
            self.print(&json::line(&records::Warned::of(warning, &self.folder)))?;
        }
        self.say(&text::warning(warning, self.session.messages));
        Ok(())
    }

    fn record_or(
        &mut self,
        record: &impl serde::Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), WriteError> {
        let out = if self.is_json { json::line(record) } else { text() };
        self.print(&out)
    }

    /// Prints at once: whoever reads along does not wait for a buffer to fill.
    fn print(&mut self, text: &str) -> Result<(), WriteError> {
        self.output.write(text.as_bytes())?;
        self.output.flush_now()
    }

    fn say_failure(&self, outcome: Result<(), Failure>) {
        if let Err(failure) = outcome {
            messages::print(&self.session.messages.error(&failure));
        }
    }

    fn say(&self, text: &str) {
        if self.session.messages.warnings() {
            messages::print(text);
        }
    }
}

/// Whether a change counts at a level: not what the level's hash does not see.
fn counts(it: &SavedDefinition, level: Level) -> bool {
    let is_place = |part: &Part| matches!(part, Part::Renamed | Part::Moved | Part::Added | Part::Removed);
    // At `exact`, comments behind the last token count too, which no hash of a definition sees.
    (level == Level::Exact || !it.is_same || it.verdict.iter().any(is_place))
        && it.verdict.iter().any(|part| match part {
            Part::Comments | Part::Formatting => level == Level::Exact,
            Part::Docstring | Part::Hints => level <= Level::Ast,
            Part::Added
            | Part::Removed
            | Part::Renamed
            | Part::Moved
            | Part::Copied
            | Part::Signature
            | Part::Decorators
            | Part::Body => true,
        })
}
