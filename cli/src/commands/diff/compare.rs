//! One pair of files: read, compare, render. Runs in parallel, so it renders all that its view needs.

use std::collections::{BTreeMap, BTreeSet};

use astkit::diff::{DefinitionDiff, FileDiff, Part, Side, diff_of_bytes, whole_file};

use super::pairs::FilePair;
use super::records::{DefinitionRecord, FileRecord};
use super::{Style, View, concise, full, stat};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::render::json::{self, DiagnosticRecord};
use crate::session::{File, Report, Session};
use crate::targets::Input;

/// What came of a pair.
#[derive(Default)]
pub(super) struct Compared {
    /// Its text in the views for people; its file record in the JSON views.
    pub(super) text: String,
    /// Its definitions' records in the JSON views.
    pub(super) definitions: Vec<String>,
    pub(super) log: String,
    pub(super) status: ExitStatus,
    /// Definitions by part, without what is hidden.
    pub(super) parts: BTreeMap<Part, usize>,
    /// Parts that occur, hidden or not.
    pub(super) found: BTreeSet<Part>,
    /// Whether a change is left that is not hidden.
    pub(super) changed: bool,
}

/// A pair after comparison, with all that a view may show.
pub(super) struct Comparison<'a> {
    pub(super) pair: &'a FilePair,
    pub(super) status: Status,
    pub(super) before: Option<&'a Side<'a>>,
    pub(super) after: Option<&'a Side<'a>>,
    pub(super) old: Option<&'a File>,
    pub(super) new: Option<&'a File>,
    /// Definitions with a change that is not hidden.
    pub(super) definitions: Vec<DefinitionDiff>,
    /// How many definitions have hidden changes only.
    pub(super) hidden: usize,
    pub(super) verdict: Vec<Part>,
}

/// What happened to a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    Added,
    Removed,
    Modified,
    Renamed,
    Unchanged,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
            Self::Renamed => "renamed",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Comparison<'_> {
    /// The path that stands for the pair: the new one, if there is one.
    pub(super) fn path(&self) -> &str {
        let input = self.pair.new.as_ref().or(self.pair.old.as_ref());
        input.map_or("", |it| it.shown.as_str())
    }
}

/// Compares a pair.
pub(super) fn compare(session: &Session, pair: &FilePair, style: &Style) -> Compared {
    match try_compare(session, pair, style) {
        Ok(compared) => compared,
        Err((input, failure)) => unserved(session, pair, style, input, &failure),
    }
}

fn try_compare<'a>(
    session: &Session,
    pair: &'a FilePair,
    style: &Style,
) -> Result<Compared, (&'a Input, Failure)> {
    let bytes = |input: &'a Option<Input>| {
        input.as_ref().map(|it| session.read(it).map_err(|error| (it, error))).transpose()
    };
    let (old, new) = (bytes(&pair.old)?, bytes(&pair.new)?);
    if old.is_some() && old == new {
        return Ok(same_bytes(pair, style));
    }
    let lower = |input: &'a Option<Input>, bytes: Option<Vec<u8>>| {
        let both = input.as_ref().zip(bytes);
        both.map(|(it, bytes)| session.lower(&it.shown, &bytes).map_err(|error| (it, error))).transpose()
    };
    let (old, new) = (lower(&pair.old, old)?, lower(&pair.new, new)?);
    let mut compared = Compared::default();
    for (input, file) in [(&pair.old, &old), (&pair.new, &new)] {
        if let (Some(input), Some(file)) = (input, file) {
            let Report { log, status, .. } = session.report(&input.shown, file);
            compared.log += &log;
            compared.status = compared.status.and(status);
        }
    }
    let before = old.as_ref().map(|it| Side::new(&it.source, &it.lowered));
    let after = new.as_ref().map(|it| Side::new(&it.source, &it.lowered));
    let (found, status) = match (&before, &after) {
        (Some(before), Some(after)) => (diff_of_bytes(before, after), Status::Modified),
        (Some(before), None) => (whole_file(before, Part::Removed), Status::Removed),
        (None, Some(after)) => (whole_file(after, Part::Added), Status::Added),
        (None, None) => (FileDiff::default(), Status::Unchanged),
    };
    let mut comparison = Comparison {
        pair,
        status,
        before: before.as_ref(),
        after: after.as_ref(),
        old: old.as_ref(),
        new: new.as_ref(),
        definitions: Vec::new(),
        hidden: 0,
        verdict: found.verdict(),
    };
    compared.found = comparison.verdict.iter().copied().collect();
    hide(&mut comparison, found, &style.hide);
    finish(&comparison, style, &mut compared);
    Ok(compared)
}

/// A pair of files with equal bytes: nothing has to be parsed.
fn same_bytes(pair: &FilePair, style: &Style) -> Compared {
    let (status, verdict) =
        if pair.renamed { (Status::Renamed, vec![Part::Renamed]) } else { (Status::Unchanged, Vec::new()) };
    let mut comparison = Comparison {
        pair,
        status,
        before: None,
        after: None,
        old: None,
        new: None,
        definitions: Vec::new(),
        hidden: 0,
        verdict,
    };
    let mut compared =
        Compared { found: comparison.verdict.iter().copied().collect(), ..Compared::default() };
    hide(&mut comparison, FileDiff::default(), &style.hide);
    finish(&comparison, style, &mut compared);
    compared
}

/// Takes hidden parts out of the verdicts, and definitions that have no others.
fn hide(comparison: &mut Comparison<'_>, found: FileDiff, hidden: &[Part]) {
    for mut it in found.definitions {
        it.verdict.retain(|part| !hidden.contains(part));
        if it.verdict.is_empty() {
            comparison.hidden += 1;
        } else {
            comparison.definitions.push(it);
        }
    }
    comparison.verdict.retain(|part| !hidden.contains(part));
}

fn finish(comparison: &Comparison<'_>, style: &Style, compared: &mut Compared) {
    for part in comparison.definitions.iter().flat_map(|it| &it.verdict) {
        *compared.parts.entry(*part).or_default() += 1;
    }
    compared.changed = !comparison.verdict.is_empty();
    match style.view {
        View::Json | View::JsonLines => {
            let record = FileRecord::new(comparison);
            compared.text = records_text(&record, style.view);
            let records = comparison.definitions.iter().map(|it| DefinitionRecord::new(comparison, it));
            compared.definitions = records.map(|it| records_text(&it, style.view)).collect();
        }
        _ if !compared.changed => {}
        View::Full => compared.text = full::render(comparison, style),
        View::Concise => compared.text = concise::render(comparison),
        View::Stat => compared.text = stat::line(comparison.path(), &compared.parts, comparison.status),
        View::NameOnly => compared.text = format!("{}\n", comparison.path()),
    }
}

/// A record as JSON: with its type first where records of several types follow each other.
fn records_text(record: &impl super::records::Typed, view: View) -> String {
    let text = json::line(record);
    let text = text.trim_end();
    match view {
        View::JsonLines => super::records::typed(record.type_name(), text),
        View::Json | View::Full | View::Concise | View::Stat | View::NameOnly => text.to_owned(),
    }
}

fn unserved(session: &Session, pair: &FilePair, style: &Style, input: &Input, failure: &Failure) -> Compared {
    let Report { log, status, .. } = session.failed(failure);
    let mut compared = Compared { log, status, ..Compared::default() };
    if matches!(style.view, View::Json | View::JsonLines) {
        let diagnostic = DiagnosticRecord::unreadable(&input.shown, failure.to_string());
        compared.text = records_text(&FileRecord::unserved(pair, diagnostic), style.view);
    }
    compared
}
