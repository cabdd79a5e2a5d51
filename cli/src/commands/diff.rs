//! `astkit diff`: what changed between two files, folders or revisions, definition by definition.

mod compare;
mod concise;
mod full;
mod git;
mod github;
mod html;
mod impact;
mod inline;
mod load;
mod looks;
mod markdown;
mod pairs;
mod plain;
mod records;
mod rows;
mod saves;
mod script;
mod side_by_side;
mod stat;
mod unified;
mod version;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::Result;
use astkit::diff::Part;

use crate::arguments::DiffArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::format::Format;
use crate::messages;
use crate::output::{Output, WriteError};
use crate::render::diagnostic::on_one_line;
use crate::session::{Session, stopped};
use compare::Compared;
pub(crate) use saves::{Save, Saved, SavedDefinition, compare as compare_saves};
pub(super) use script::{ContentRecord, EditInput, content_hash};
use version::ChangeSet;

/// Lines of context around a change without `--context`.
const CONTEXT: u32 = 3;
/// Columns where no terminal says how many it has.
const WIDTH: usize = 140;

/// How to print a comparison.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Style {
    pub(super) view: View,
    pub(super) hide: Vec<Part>,
    pub(super) fail_on: Vec<Part>,
    exit_code: bool,
    pub(super) context: usize,
    pub(super) width: usize,
    pub(super) color: bool,
    pub(super) level: Level,
    pub(super) script: bool,
    pub(super) verify: bool,
}

/// How closely a view for people looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// Headings only.
    Definition,
    /// Lines.
    Node,
    /// Lines, with the tokens that differ set off.
    Token,
}

/// The views of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum View {
    Full,
    SideBySide,
    Concise,
    Html,
    Markdown,
    Github,
    Unified,
    Json,
    JsonLines,
    Stat,
    NameOnly,
}

impl Style {
    fn new(session: &Session, arguments: &DiffArguments) -> Result<Self, Failure> {
        let config = &session.settings.config.diff;
        let formats = [
            Format::Full,
            Format::SideBySide,
            Format::Concise,
            Format::Json,
            Format::JsonLines,
            Format::Html,
            Format::Markdown,
            Format::Github,
            Format::Unified,
        ];
        let view = match Format::choose(session.format.or(config.format), "diff", &formats)? {
            _ if arguments.stat => View::Stat,
            _ if arguments.name_only => View::NameOnly,
            Format::Concise => View::Concise,
            Format::Json => View::Json,
            Format::JsonLines => View::JsonLines,
            Format::SideBySide => View::SideBySide,
            Format::Html => View::Html,
            Format::Markdown => View::Markdown,
            Format::Github => View::Github,
            Format::Unified => View::Unified,
            Format::Full
            | Format::Text
            | Format::Tree
            | Format::Dot
            | Format::Mermaid
            | Format::Svg
            | Format::Source => View::Full,
        };
        let parts = |given: &[String], configured: &Option<Vec<String>>| {
            let names = if given.is_empty() { configured.as_deref().unwrap_or_default() } else { given };
            names.iter().filter(|it| !it.is_empty()).map(|it| part(it)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            view,
            hide: parts(&arguments.hide, &config.hide)?,
            fail_on: parts(&arguments.fail_on, &config.fail_on)?,
            exit_code: arguments.exit_code.or(config.exit_code).unwrap_or(false),
            context: arguments.context.or(config.context).unwrap_or(CONTEXT) as usize,
            width: arguments.width.or(config.width).map_or_else(terminal_width, |it| it as usize),
            color: session.color,
            level: match arguments.level.as_deref() {
                Some("definition") => Level::Definition,
                Some("node") => Level::Node,
                _ => Level::Token,
            },
            script: arguments.script,
            verify: arguments.verify.unwrap_or(false),
        })
    }
}

/// How wide the terminal is.
fn terminal_width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|it| usize::from(it.0.0))).unwrap_or(WIDTH)
}

fn part(name: &str) -> Result<Part, Failure> {
    Part::parse(name).map_err(|error| {
        let names: Vec<_> = Part::ALL.iter().map(|it| it.as_str()).collect();
        Failure::new(error.to_string()).hint(format!("parts are {}", names.join(", ")))
    })
}

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &DiffArguments) -> Result<ExitStatus> {
    let style = Style::new(session, arguments)?;
    let set = change_set(session, arguments)?;
    let mut status = session.say_failures(&set.failures);
    for path in &set.unmerged {
        session.warn(&format!("`{}` is unmerged", on_one_line(path)));
    }
    let pages = matches!(style.view, View::Full | View::SideBySide) && !arguments.no_pager && !set.external;
    let pager = if pages && !session.has_output_file() { Output::pager() } else { None };
    let mut output = pager.map_or_else(|| session.output(), Ok)?;
    if session.shows_files() {
        let versions = set.pairs.iter().flat_map(|it| [&it.old, &it.new]).flatten();
        let text: String = versions.flat_map(|it| [&*it.shown, "\n"]).collect();
        return match output.write(text.as_bytes()) {
            Ok(()) => session.close(output, status),
            Err(error) => stopped(error),
        };
    }
    // The process ends with them: to free them one by one would take longer than to print a small difference.
    let loaded = ManuallyDrop::new(load::load(session, &set));
    let sides = ManuallyDrop::new(compare::sides(&loaded));
    let compared = compare::Set { loaded: &loaded, pairs: &sides };
    let diffs = ManuallyDrop::new(compare::compare(&compared));
    let numbers: Vec<usize> = (0..loaded.len()).collect();
    let work = |number: &usize| compare::render(session, &compared, *number, &diffs[*number], &style);
    let mut total = Total::default();
    let mut document = records::Document::new(&set.old, &set.new, style.view);
    let written = write(&mut output, document.begin()).and_then(|()| {
        session.each(&numbers, work, |compared| {
            messages::print(&compared.log);
            total.add(&compared);
            write(&mut output, document.file(&compared))
        })
    });
    let impacted = match arguments.impact {
        Some(depth) => impact::impacted(session, &set, &compared, &diffs, Some(depth).filter(|it| *it > 0))?,
        None => Vec::new(),
    };
    let end = match style.view {
        View::Stat => stat::total(&total),
        View::Full | View::SideBySide | View::Concise | View::Markdown => {
            full::impact(&impacted, &looks::Looks::new(style.color))
        }
        View::Json | View::JsonLines | View::Html => document.end(&total, &impacted),
        View::Github | View::Unified | View::NameOnly => String::new(),
    };
    if let Err(error) = written.and_then(|()| write(&mut output, end)) {
        return stopped(error);
    }
    status = status.and(total.status);
    let fails =
        (style.exit_code && total.changed) || style.fail_on.iter().any(|it| total.found.contains_key(it));
    session.close(output, if fails { status.and(ExitStatus::Findings) } else { status })
}

/// The files that changed since a revision, and what was in each, if it was there: in the working tree, new files that
/// git does not know included.
///
/// # Errors
/// No git, no repository, no such revision.
pub(crate) fn changed_since(revision: &str) -> Result<git::Contents, Failure> {
    git::changed_since(revision)
}

/// What is asked for: two files or folders, revisions of a repository, or what git hands to an external diff.
fn change_set(session: &Session, arguments: &DiffArguments) -> Result<ChangeSet, Failure> {
    let (targets, paths) = (&arguments.targets, &arguments.paths);
    for (call, others) in [(targets, paths), (paths, targets)] {
        if matches!(call.len(), 7 | 9) && others.is_empty() && (call == targets || is_external()) {
            return pairs::external(call);
        }
    }
    let is_path = |it: &OsString| it == "-" || Path::new(it).exists();
    match targets.as_slice() {
        // A path with a conflict in the index is all that git hands over of it.
        [path] if is_external() => Ok(ChangeSet::unmerged(path)),
        [old, new]
            if !arguments.staged
                && arguments.paths.is_empty()
                && (is_path(old) || is_path(new))
                && ((is_path(old) && is_path(new)) || !git::are_revisions(&[old, new])) =>
        {
            pairs::change_set(session, old, new)
        }
        _ => {
            let revisions = targets.iter().map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>();
            let request =
                git::Request { revisions: &revisions, staged: arguments.staged, paths: &arguments.paths };
            git::change_set(&request)
        }
    }
}

/// Whether git calls.
fn is_external() -> bool {
    std::env::var_os("GIT_DIFF_PATH_COUNTER").is_some()
}

fn write(output: &mut Output, text: impl AsRef<[u8]>) -> Result<(), WriteError> {
    let text = text.as_ref();
    if text.is_empty() { Ok(()) } else { output.write(text) }
}

/// Sums over all files.
#[derive(Default)]
pub(super) struct Total {
    /// Definitions by part, hidden parts left out.
    pub(super) parts: BTreeMap<Part, usize>,
    /// All parts that occur, hidden ones included.
    found: BTreeMap<Part, usize>,
    pub(super) changed_files: usize,
    changed: bool,
    status: ExitStatus,
}

impl Total {
    fn add(&mut self, compared: &Compared) {
        for (part, count) in &compared.parts {
            *self.parts.entry(*part).or_default() += count;
        }
        for part in &compared.found {
            *self.found.entry(*part).or_default() += 1;
        }
        self.changed_files += usize::from(compared.changed);
        self.changed |= compared.changed;
        self.status = self.status.and(compared.status);
    }
}
