//! Lock files: hashes written down, to see later what changed.
//!
//! A lock is text. Its first line names scheme and level, then come the targets that it was made of, one a line,
//! then the hashes as `astkit hash` prints them, sorted by target.
//!
//! ```text
//! # astkit lock: scheme 1, level ast
//! # target: src
//! 5a1f…  src/a.py::f
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use astkit::hash::{Hash, Level, SCHEME, definition_hashes};

use crate::arguments::HashArguments;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::{Failure, reason};
use crate::messages;
use crate::output::{Output, WriteError};
use crate::parallel;
use crate::render::Append;
use crate::session::{Report, Session, stopped};
use crate::targets::Input;

/// A lock's content.
struct Lock {
    level: Level,
    targets: Vec<String>,
    hashes: BTreeMap<String, Hash>,
}

/// Writes a lock.
///
/// # Errors
/// An input that can't be read, or a lock that can't be written: then nothing is written.
pub(super) fn write(session: &Session, targets: &[String], level: Level, file: &Path) -> Result<ExitStatus> {
    let (hashes, status) = hashes(session, targets, level)?;
    if status == ExitStatus::Error {
        let message = format!("`{}` was not written: some inputs could not be read", file.display());
        return Err(Failure::new(message).into());
    }
    let mut output = Output::open(Some(file))?;
    let text = Lock { level, targets: targets.to_vec(), hashes }.text();
    match output.write(text.as_bytes()).and_then(|()| output.finish()) {
        Ok(()) => Ok(status),
        Err(WriteError::Failed(failure)) => Err(failure.into()),
        Err(WriteError::Closed) => Ok(status),
    }
}

/// Compares with a lock.
///
/// # Errors
/// A lock that can't be read or is of another scheme.
pub(super) fn check(session: &Session, arguments: &HashArguments, file: &Path) -> Result<ExitStatus> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("could not read `{shown}`: {}", reason(&error))))?;
    let lock = Lock::read(&text).map_err(|message| {
        let targets =
            if arguments.targets.is_empty() { "TARGET...".to_owned() } else { arguments.targets.join(" ") };
        Failure::new(format!("`{shown}`: {message}"))
            .hint(format!("renew it: astkit hash {targets} --write {shown}"))
    })?;
    let targets = if arguments.targets.is_empty() { &lock.targets } else { &arguments.targets };
    let (now, status) = hashes(session, targets, lock.level)?;
    let mut lines = Vec::new();
    for (name, hash) in &lock.hashes {
        match now.get(name) {
            None => lines.push((name, "removed")),
            Some(it) if it != hash => lines.push((name, "changed")),
            Some(_) => {}
        }
    }
    lines.extend(now.keys().filter(|it| !lock.hashes.contains_key(*it)).map(|it| (it, "added")));
    lines.sort();
    let found = if lines.is_empty() { ExitStatus::Success } else { ExitStatus::Findings };
    let text: String = lines.into_iter().flat_map(|(name, what)| [what, " ", name, "\n"]).collect();
    let mut output = session.output()?;
    match output.write(text.as_bytes()) {
        Ok(()) => session.close(output, status.and(found)),
        Err(error) => stopped(error),
    }
}

/// The hashes of all definitions of the targets, by target.
fn hashes(
    session: &Session,
    targets: &[String],
    level: Level,
) -> Result<(BTreeMap<String, Hash>, ExitStatus), Failure> {
    let found = session.inputs(targets);
    let mut status = session.say_failures(&found.failures);
    let mut out = BTreeMap::new();
    let work = |input: &Input| file_hashes(session, input, level);
    parallel::in_order(session.settings.jobs, &found.inputs, work, |(report, hashes)| {
        messages::print(&report.log);
        status = status.and(report.status);
        out.extend(hashes);
        Ok::<(), Failure>(())
    })?;
    Ok((out, status))
}

fn file_hashes(session: &Session, input: &Input, level: Level) -> (Report, Vec<(String, Hash)>) {
    let file = match session.load(input) {
        Ok(file) => file,
        Err(failure) => return (session.failed(&failure), Vec::new()),
    };
    let all = astkit::ast::definitions(&file.lowered.tree);
    let mut report = session.report(&input.shown, &file);
    let wanted = input.qualname.as_ref().map(|it| definitions::find(&all, &input.shown, it));
    let wanted = match wanted.transpose() {
        Ok(wanted) => wanted,
        Err(failure) => {
            report.log += &session.messages.error(&failure);
            report.status = ExitStatus::Error;
            return (report, Vec::new());
        }
    };
    let hashes = definition_hashes(level, &file.source, &file.lowered, &all);
    let taken = all.iter().zip(hashes).filter(|it| wanted.is_none_or(|wanted| std::ptr::eq(wanted, it.0)));
    let named = taken.map(|(it, hash)| (format!("{}::{}", input.shown, it.qualname), hash)).collect();
    (report, named)
}

const HEADER: &str = "# astkit lock: scheme ";
const TARGET: &str = "# target: ";

impl Lock {
    fn text(&self) -> String {
        let mut out = format!("{HEADER}{SCHEME}, level {}\n", self.level);
        for target in &self.targets {
            out.append(format_args!("{TARGET}{target}\n"));
        }
        for (name, hash) in &self.hashes {
            out.append(format_args!("{hash}  {name}\n"));
        }
        out
    }

    /// Reads a lock; the error says what is wrong with it.
    fn read(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let header = lines.next().and_then(|it| it.strip_prefix(HEADER));
        let Some((scheme, level)) = header.and_then(|it| it.split_once(", level ")) else {
            return Err("it is no lock file of astkit".to_owned());
        };
        if scheme != SCHEME.to_string() {
            return Err(format!("it was made by scheme {scheme}, and this version has scheme {SCHEME}"));
        }
        let level = Level::parse(level).map_err(|error| error.to_string())?;
        let mut lock = Self { level, targets: Vec::new(), hashes: BTreeMap::new() };
        for (number, line) in (2..).zip(lines) {
            if let Some(target) = line.strip_prefix(TARGET) {
                lock.targets.push(target.to_owned());
            } else {
                let (hash, name) = line.split_once("  ").unwrap_or_default();
                let hash = Hash::parse(hash).ok_or_else(|| format!("line {number} is no hash and name"))?;
                lock.hashes.insert(name.to_owned(), hash);
            }
        }
        Ok(lock)
    }
}
