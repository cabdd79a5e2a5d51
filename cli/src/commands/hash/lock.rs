//! Lock files: hashes written down, to see later what changed.
//!
//! A lock is text. Its first line names scheme and level, then come the targets that it was made of, one a line, then
//! the options that are not usual, then the hashes as `astkit hash` prints them, sorted by target. Below each hash
//! stands, indented, what it is made of: the code, and each name that it refers to, with 16 digits each. With them
//! `astkit hash --why` can say what changed when the old text is gone.
//!
//! ```text
//! # astkit lock: scheme 1, level deep
//! # target: src
//! # options: hints=keep
//! 5a1f…  src/a.py::f
//!   88e0d1f2a6b3c471 code
//!   0f31c9de5577ab02 helper
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use astkit::hash::normal::{Keep, NormalOptions, Rules};
use astkit::hash::{Hash, Level, SCHEME};

use super::project::{Dependencies, OthersCode};
use super::rows::{self, Asked};
use crate::arguments::HashArguments;
use crate::exit_status::ExitStatus;
use crate::failure::{Failure, reason};
use crate::messages;
use crate::output::{Output, WriteError};
use crate::render::Append;
use crate::session::{Session, stopped};

const HEADER: &str = "# astkit lock: scheme ";
const TARGET: &str = "# target: ";
const OPTIONS: &str = "# options: ";

/// A hash, and what it is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) hash: Hash,
    /// Names, and the first digits of what stands for them.
    pub(super) parts: Vec<(String, String)>,
}

/// A lock's content.
pub(super) struct Lock {
    pub(super) asked: Asked,
    pub(super) targets: Vec<String>,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// Writes a lock.
///
/// # Errors
/// An input that can't be read, or a lock that can't be written: then nothing is written.
pub(super) fn write(session: &Session, targets: &[String], asked: Asked, file: &Path) -> Result<ExitStatus> {
    let is_others =
        std::fs::metadata(file).is_ok_and(|it| it.is_file() && it.len() > 0) && !Lock::is_lock(file);
    if is_others {
        let message = format!("`{}` is there, and is no lock: it was not written", file.display());
        return Err(Failure::new(message).hint("name another file, or remove this one").into());
    }
    let asked = Asked { parts: true, json: false, ..asked };
    let (entries, status) = entries(session, targets, &asked)?;
    if status == ExitStatus::Error {
        let message = format!("`{}` was not written: some inputs could not be read", file.display());
        return Err(Failure::new(message).into());
    }
    let mut output = Output::open(Some(file))?;
    let text = Lock { asked, targets: targets.to_vec(), entries }.text();
    match output.write(text.as_bytes()).and_then(|()| output.finish()) {
        Ok(()) => Ok(status),
        Err(WriteError::Failed(failure)) => Err(failure.into()),
        Err(WriteError::Closed) => Ok(status),
    }
}

/// Compares with a lock.
///
/// # Errors
/// A lock that can't be read or is of another scheme, or options that are not the lock's.
pub(super) fn check(session: &Session, arguments: &HashArguments, file: &Path) -> Result<ExitStatus> {
    let mut lock = Lock::load(file, &arguments.targets)?;
    lock.asked.verify = arguments.verify.unwrap_or(false);
    is_as_asked(&lock, &super::asked(session, arguments, false)?, arguments.level.is_some())?;
    let given = &arguments.targets;
    let (now, status) = entries(session, if given.is_empty() { &lock.targets } else { given }, &lock.asked)?;
    if !given.is_empty() {
        lock.entries.retain(|name, _| now.contains_key(name) || given.iter().any(|it| is_of(name, it)));
    }
    let lines = compared(&lock, &now);
    let found = if lines.is_empty() { ExitStatus::Success } else { ExitStatus::Findings };
    let report = report(session, &lines, &lock, &now);
    let text: String = lines.into_iter().flat_map(|(name, what)| [what, " ", name, "\n"]).collect();
    let mut output = session.output()?;
    match output.write(text.as_bytes()) {
        Ok(()) => {
            messages::print(&report);
            session.close(output, status.and(found))
        }
        Err(error) => stopped(error),
    }
}

/// Whether a name of a lock is of a target: the definition, or one in the file or folder.
pub(super) fn is_of(name: &str, target: &str) -> bool {
    let target = target.trim_start_matches("./").trim_end_matches('/');
    let rest = name.strip_prefix(target);
    matches!(target, "" | ".")
        || rest.is_some_and(|it| it.is_empty() || it.starts_with("::") || it.starts_with('/'))
}

/// Refuses options that are not those of the lock, by which it is compared.
fn is_as_asked(lock: &Lock, asked: &Asked, has_level: bool) -> Result<(), Failure> {
    let (given, own) = (options_text(asked), options_text(&lock.asked));
    let message = if has_level && asked.level != lock.asked.level {
        format!("the lock is of level `{}`, not `{}`", lock.asked.level, asked.level)
    } else if !given.is_empty() && given != own {
        let own = if own.is_empty() { "without options".to_owned() } else { format!("with `{own}`") };
        format!("the lock was written {own}, not with `{given}`")
    } else {
        return Ok(());
    };
    Err(Failure::new(message).hint("`--check` takes level and options from the lock: leave them out"))
}

/// What differs, by target.
fn compared<'a>(lock: &'a Lock, now: &'a BTreeMap<String, Entry>) -> Vec<(&'a String, &'static str)> {
    let mut lines = Vec::new();
    for (name, old) in &lock.entries {
        match now.get(name) {
            None => lines.push((name, "removed")),
            Some(it) if it.hash != old.hash => lines.push((name, "changed")),
            Some(_) => {}
        }
    }
    lines.extend(now.keys().filter(|it| !lock.entries.contains_key(*it)).map(|it| (it, "added")));
    lines.sort();
    lines
}

/// What is not as a lock says.
///
/// # Errors
/// A lock that can't be read, or an input of it.
pub(super) fn differences(session: &Session, file: &Path) -> Result<Vec<(String, &'static str)>, Failure> {
    let lock = Lock::load(file, &[])?;
    let (now, _) = entries(session, &lock.targets, &lock.asked)?;
    Ok(compared(&lock, &now).into_iter().map(|(name, what)| (name.clone(), what)).collect())
}

/// What is said beside the lines: how many there are, and with `-v` what of each changed.
fn report(
    session: &Session,
    lines: &[(&String, &str)],
    lock: &Lock,
    now: &BTreeMap<String, Entry>,
) -> String {
    let mut out = String::new();
    if !session.messages.warnings() || lines.is_empty() {
        return out;
    }
    if session.messages.verbose() {
        for (name, _) in lines.iter().filter(|it| it.1 == "changed") {
            if let (Some(old), Some(new)) = (lock.entries.get(*name), now.get(*name)) {
                out.append(format_args!("{name}: {}\n", old.difference(new)));
            }
        }
    }
    let count = |what: &str| lines.iter().filter(|it| it.1 == what).count();
    let (changed, added, removed) = (count("changed"), count("added"), count("removed"));
    let all = now.len();
    out.append(format_args!("{changed} changed, {added} added, {removed} removed; {all} definitions\n"));
    out
}

impl Entry {
    /// In which parts another entry differs, in words.
    pub(super) fn difference(&self, new: &Self) -> String {
        let lacks = |it: &&(String, String), other: &Self| !other.parts.contains(it);
        let names = |from: &Self, other: &Self| -> Vec<String> {
            let mut seen = BTreeSet::new();
            let lacking = from.parts.iter().filter(|it| lacks(it, other) && seen.insert(&it.0));
            lacking.map(|it| it.0.clone()).collect()
        };
        let (old, new) = (names(self, new), names(new, self));
        let mut out = Vec::new();
        if new.iter().any(|it| it == "code") {
            out.push("its own code changed".to_owned());
        }
        let both = |it: &&String| *it != "code" && old.contains(it);
        out.extend(new.iter().filter(both).map(|it| format!("`{it}` changed")));
        let only = |it: &&String, other: &[String]| *it != "code" && !other.contains(it);
        out.extend(new.iter().filter(|it| only(it, &old)).map(|it| format!("it refers to `{it}` now")));
        out.extend(old.iter().filter(|it| only(it, &new)).map(|it| format!("it refers to `{it}` no more")));
        if out.is_empty() {
            out.push("what it refers to, or its order, changed".to_owned());
        }
        out.join("; ")
    }
}

/// The hashes of all definitions of the targets, by target.
pub(super) fn entries(
    session: &Session,
    targets: &[String],
    asked: &Asked,
) -> Result<(BTreeMap<String, Entry>, ExitStatus), Failure> {
    let found = session.inputs(targets);
    let mut status = session.say_failures(&found.failures);
    let mut out = BTreeMap::new();
    let whole = rows::each(session, targets, &found.inputs, asked, |input, it| {
        messages::print(&it.report.log);
        status = status.and(it.report.status);
        for row in it.rows {
            let digits = |hash: Hash| hash.to_string()[..16].to_owned();
            let parts = row.parts.into_iter().map(|(name, hash)| (name, digits(hash))).collect();
            out.insert(format!("{}::{}", input.shown, row.qualname), Entry { hash: row.hash, parts });
        }
        Ok(())
    });
    match whole {
        Ok(()) | Err(WriteError::Closed) => Ok((out, status)),
        Err(WriteError::Failed(failure)) => Err(failure),
    }
}

impl Lock {
    /// Reads a lock from a file; `targets` are for the command that would renew it.
    ///
    /// # Errors
    /// A lock that can't be read or is of another scheme.
    pub(super) fn load(file: &Path, targets: &[String]) -> Result<Self, Failure> {
        let shown = file.display();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::new(format!("could not read `{shown}`: {}", reason(&error))))?;
        Self::read(&text).map_err(|message| {
            let failure = Failure::new(format!("`{shown}`: {message}"));
            if !text.starts_with(HEADER) {
                return failure.hint("`astkit hash TARGET... --write FILE` writes one");
            }
            let own = text.lines().filter_map(|it| it.strip_prefix(TARGET)).map(str::to_owned);
            let targets = if targets.is_empty() { own.collect() } else { targets.to_vec() };
            let level = text.lines().next().and_then(|it| it.split_once(", level "));
            let level = level.filter(|it| it.1 != super::DEFAULT_LEVEL.as_str());
            let level = level.map(|it| format!(" --level {}", it.1)).unwrap_or_default();
            failure.hint(format!("renew it: astkit hash {}{level} --write {shown}", targets.join(" ")))
        })
    }

    /// Whether a file is a lock.
    pub(super) fn is_lock(file: &Path) -> bool {
        std::fs::read(file).is_ok_and(|it| it.starts_with(HEADER.as_bytes()))
    }

    fn text(&self) -> String {
        let mut out = format!("{HEADER}{SCHEME}, level {}\n", self.asked.level);
        for target in &self.targets {
            out.append(format_args!("{TARGET}{target}\n"));
        }
        let options = options_text(&self.asked);
        if !options.is_empty() {
            out.append(format_args!("{OPTIONS}{options}\n"));
        }
        for (name, entry) in &self.entries {
            out.append(format_args!("{}  {name}\n", entry.hash));
            for (name, digits) in &entry.parts {
                out.append(format_args!("  {digits} {name}\n"));
            }
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
        let mut lock = Self { asked: asked(level), targets: Vec::new(), entries: BTreeMap::new() };
        let mut last: Option<String> = None;
        for (number, line) in (2..).zip(lines) {
            let wrong = || format!("line {number} is no hash and name");
            if let Some(target) = line.strip_prefix(TARGET) {
                lock.targets.push(target.to_owned());
            } else if let Some(options) = line.strip_prefix(OPTIONS) {
                read_options(options, &mut lock.asked)
                    .ok_or_else(|| format!("line {number} has unknown options"))?;
            } else if let Some(part) = line.strip_prefix("  ") {
                let (digits, name) = part.split_once(' ').ok_or_else(wrong)?;
                let entry = last.as_ref().and_then(|it| lock.entries.get_mut(it)).ok_or_else(wrong)?;
                entry.parts.push((name.to_owned(), digits.to_owned()));
            } else {
                let (hash, name) = line.split_once("  ").unwrap_or_default();
                let hash = Hash::parse(hash).ok_or_else(wrong)?;
                lock.entries.insert(name.to_owned(), Entry { hash, parts: Vec::new() });
                last = Some(name.to_owned());
            }
        }
        Ok(lock)
    }
}

fn asked(level: Level) -> Asked {
    Asked {
        level,
        options: NormalOptions::default(),
        dependencies: Dependencies::default(),
        json: false,
        parts: true,
        verify: false,
    }
}

fn options_text(asked: &Asked) -> String {
    let mut parts = Vec::new();
    let normal = asked.options.to_string();
    if !normal.is_empty() {
        parts.push(normal);
    }
    match asked.dependencies.others {
        OthersCode::Version => {}
        OthersCode::Source => parts.push("deps=source".to_owned()),
        OthersCode::Name => parts.push("deps=name".to_owned()),
    }
    if !asked.dependencies.python.is_empty() {
        parts.push(asked.dependencies.python.clone());
    }
    parts.join(" ")
}

fn read_options(text: &str, asked: &mut Asked) -> Option<()> {
    for part in text.split(' ') {
        let (name, value) = part.split_once('=')?;
        match (name, value) {
            ("rules", rules) => asked.options.rules = Rules::parse(rules).ok()?,
            ("hints", "keep") => asked.options.hints = Keep::Always,
            ("hints", "drop") => asked.options.hints = Keep::Never,
            ("docstrings", "keep") => asked.options.docstrings = Keep::Always,
            ("deps", "source") => asked.dependencies.others = OthersCode::Source,
            ("deps", "name") => asked.dependencies.others = OthersCode::Name,
            ("python", version) => asked.dependencies.python = format!("python={version}"),
            _ => return None,
        }
    }
    Some(())
}
