//! A pair of files after comparison, and what is rendered of it. Rendering runs in parallel.

use std::collections::{BTreeMap, BTreeSet};

use astkit::diff::{DefinitionDiff, FileDiff, FilePair, Part, Side, diff_files, diff_of_bytes};

use super::load::{Content, Loaded};
use super::records::{DefinitionRecord, FileRecord};
use super::script::Scripts;
use super::version::{Version, VersionPair};
use super::{Style, View, concise, full, github, html, markdown, side_by_side, stat, unified};
use crate::exit_status::ExitStatus;
use crate::render::diagnostic::on_one_line;
use crate::render::json::{self, DiagnosticRecord};
use crate::session::{File, Session};

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

/// All pairs of a run, compared with each other.
pub(super) struct Set<'a, 'b> {
    pub(super) loaded: &'b [Loaded],
    pub(super) pairs: &'a [FilePair<'b>],
}

/// A pair after comparison, with all that a view may show.
pub(super) struct Comparison<'a, 'b> {
    pub(super) set: &'a Set<'a, 'b>,
    pub(super) number: usize,
    pub(super) status: Status,
    /// Definitions with a change that is not hidden, with their places in the diff.
    pub(super) definitions: Vec<(usize, DefinitionDiff)>,
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

/// One version of a file, with what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Known<'a, 'b> {
    pub(super) version: &'b Version,
    pub(super) file: &'b File,
    pub(super) side: &'a Side<'b>,
}

impl<'a, 'b> Set<'a, 'b> {
    /// The old version of a pair.
    pub(super) fn before(&self, number: usize) -> Option<Known<'a, 'b>> {
        let (loaded, pair) = (self.loaded.get(number)?, self.pairs.get(number)?);
        let file = loaded.old.as_ref()?.file.as_ref()?;
        Some(Known { version: loaded.pair.old.as_ref()?, file, side: pair.before.as_ref()? })
    }

    /// The new version of a pair.
    pub(super) fn after(&self, number: usize) -> Option<Known<'a, 'b>> {
        let (loaded, pair) = (self.loaded.get(number)?, self.pairs.get(number)?);
        let file = loaded.new.as_ref()?.file.as_ref()?;
        Some(Known { version: loaded.pair.new.as_ref()?, file, side: pair.after.as_ref()? })
    }
}

impl<'b> Comparison<'_, 'b> {
    pub(super) fn loaded(&self) -> &'b Loaded {
        &self.set.loaded[self.number]
    }

    pub(super) fn pair(&self) -> &'b VersionPair {
        &self.loaded().pair
    }

    /// The path that stands for the pair: the new one, if there is one.
    pub(super) fn path(&self) -> &'b str {
        self.pair().name()
    }

    /// The path that the file had.
    pub(super) fn old_path(&self) -> &'b str {
        self.pair().old.as_ref().map_or("", |it| it.shown.as_str())
    }

    /// Whether the file came or went.
    pub(super) fn is_one_sided(&self) -> bool {
        matches!(self.status, Status::Added | Status::Removed)
    }

    /// What became of the file's mode, if it changed.
    pub(super) fn mode_change(&self) -> Option<String> {
        self.pair().mode_change().map(|(old, new)| format!("mode {old} → {new}"))
    }

    /// Why the comparison is not structural, if it is not.
    pub(super) fn approximation(&self) -> Option<&'static str> {
        let loaded = self.loaded();
        if loaded.is_binary() { Some("binary") } else { loaded.is_foreign().then_some("no-frontend") }
    }
}

/// The sides of all pairs.
pub(super) fn sides(loaded: &[Loaded]) -> Vec<FilePair<'_>> {
    loaded.iter().map(pair).collect()
}

fn pair(loaded: &Loaded) -> FilePair<'_> {
    let name = loaded.pair.name();
    if loaded.is_foreign() || loaded.failure.is_some() {
        return FilePair { name, before: None, after: None };
    }
    FilePair { name, before: side(loaded.old.as_ref()), after: side(loaded.new.as_ref()) }
}

fn side(content: Option<&Content>) -> Option<Side<'_>> {
    let file = content?.file.as_ref()?;
    Some(Side::new(&file.source, &file.lowered))
}

/// Compares all pairs.
pub(super) fn compare(set: &Set<'_, '_>) -> Vec<FileDiff> {
    let mut out = diff_files(set.pairs);
    for (number, diff) in out.iter_mut().enumerate() {
        let pair = &set.pairs[number];
        if let (Some(before), Some(after)) = (&pair.before, &pair.after)
            && diff.definitions.is_empty()
            && diff.moved_away == 0
        {
            // The bytes are not equal, else nothing would have been lowered.
            *diff = diff_of_bytes(number, before, after);
        }
    }
    out
}

/// Renders a pair.
pub(super) fn render(
    session: &Session,
    set: &Set<'_, '_>,
    number: usize,
    diff: &FileDiff,
    style: &Style,
) -> Compared {
    let loaded = &set.loaded[number];
    if let Some((shown, failure)) = &loaded.failure {
        let report = session.failed(failure);
        let mut compared = Compared { log: report.log, status: report.status, ..Compared::default() };
        if matches!(style.view, View::Json | View::JsonLines) {
            let diagnostic = DiagnosticRecord::unreadable(shown, failure.to_string());
            compared.text = records_text(&FileRecord::unserved(&loaded.pair, diagnostic), style.view);
        }
        return compared;
    }
    let (status, verdict) = status(loaded, diff);
    let mut comparison = Comparison { set, number, status, definitions: Vec::new(), hidden: 0, verdict };
    let mut compared = Compared {
        log: loaded.log.clone(),
        status: loaded.status,
        found: comparison.verdict.iter().copied().collect(),
        ..Compared::default()
    };
    hide(&mut comparison, diff, &style.hide);
    finish(session, &comparison, diff, style, &mut compared);
    compared
}

/// What happened to a file, and the parts that changed in it.
fn status(loaded: &Loaded, diff: &FileDiff) -> (Status, Vec<Part>) {
    let mut verdict = diff.verdict();
    let foreign = loaded.is_foreign();
    let status = match (&loaded.pair.old, &loaded.pair.new) {
        (Some(_), Some(_)) if loaded.pair.renamed => {
            verdict.push(Part::Renamed);
            Status::Renamed
        }
        (Some(_), Some(_)) if loaded.same => Status::Unchanged,
        (Some(_), Some(_)) => Status::Modified,
        (Some(_), None) => {
            verdict.push(Part::Removed);
            Status::Removed
        }
        (None, _) => {
            verdict.push(Part::Added);
            Status::Added
        }
    };
    if foreign && matches!(status, Status::Modified | Status::Renamed) {
        verdict.push(Part::Body);
    }
    verdict.sort_unstable();
    verdict.dedup();
    (status, verdict)
}

/// Takes hidden parts out of the verdicts, and definitions that have no others.
fn hide(comparison: &mut Comparison<'_, '_>, found: &FileDiff, hidden: &[Part]) {
    for (at, it) in found.definitions.iter().enumerate() {
        let mut it = it.clone();
        it.verdict.retain(|part| !hidden.contains(part));
        if it.verdict.is_empty() {
            comparison.hidden += 1;
        } else {
            comparison.definitions.push((at, it));
        }
    }
    comparison.verdict.retain(|part| !hidden.contains(part));
}

fn finish(
    session: &Session,
    comparison: &Comparison<'_, '_>,
    diff: &FileDiff,
    style: &Style,
    compared: &mut Compared,
) {
    for part in comparison.definitions.iter().flat_map(|it| &it.1.verdict) {
        *compared.parts.entry(*part).or_default() += 1;
    }
    compared.changed = !comparison.verdict.is_empty() || comparison.pair().mode_change().is_some();
    let scripts = if (style.script || style.verify) && !comparison.loaded().same {
        let versions = (comparison.set.before(comparison.number), comparison.set.after(comparison.number));
        match Scripts::new(comparison.loaded(), versions, diff, style.verify) {
            Ok(it) => Some(it).filter(|_| style.script),
            Err(failure) => {
                let report = session.failed(&failure);
                compared.log += &report.log;
                compared.status = ExitStatus::Error;
                return;
            }
        }
    } else {
        None
    };
    match style.view {
        View::Json | View::JsonLines => {
            let record = FileRecord::new(comparison, scripts.as_ref());
            compared.text = records_text(&record, style.view);
            let records = comparison.definitions.iter().map(|it| {
                let script = scripts.as_ref().map(|all| all.definitions[it.0].as_slice());
                DefinitionRecord::new(comparison, &it.1, script)
            });
            compared.definitions = records.map(|it| records_text(&it, style.view)).collect();
        }
        _ if !compared.changed => {}
        View::Full => compared.text = full::render(comparison, diff, style),
        View::SideBySide => compared.text = side_by_side::render(comparison, diff, style),
        View::Concise => compared.text = concise::render(comparison),
        View::Html => compared.text = html::render(comparison, diff, style),
        View::Markdown => compared.text = markdown::render(comparison, diff, style),
        View::Github => compared.text = github::render(comparison, style),
        View::Unified => compared.text = unified::render(comparison, style),
        View::Stat => compared.text = stat::line(comparison, &compared.parts),
        View::NameOnly => compared.text = format!("{}\n", on_one_line(comparison.path())),
    }
}

/// A record as JSON: with its type first where records of several types follow each other.
fn records_text(record: &impl super::records::Typed, view: View) -> String {
    let text = json::line(record);
    let text = text.trim_end();
    if view == View::JsonLines { super::records::typed(record.type_name(), text) } else { text.to_owned() }
}
