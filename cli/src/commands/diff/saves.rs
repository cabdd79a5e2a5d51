//! What saves did: comparisons of contents that are already here, for commands that see files change.

use std::convert::Infallible;

use astkit::Severity;
use astkit::diff::{DefinitionDiff, Part};
use astkit::hash::{Hash, Level, definition_hashes, file_hash};
use serde_json::value::RawValue;

use super::compare::{self, Comparison, Set, Status};
use super::load::{Content, Loaded};
use super::records::DefinitionRecord;
use super::version::{Place, Version, VersionPair};
use crate::failure::Failure;
use crate::parallel;
use crate::render::json::{self, DiagnosticRecord};
use crate::session::Session;

/// A file before and after; one of both may not be there.
pub(crate) struct Save {
    /// Its name in the output.
    pub(crate) shown: String,
    pub(crate) before: Option<Vec<u8>>,
    pub(crate) after: Option<Vec<u8>>,
}

/// What a save did.
pub(crate) struct Saved {
    pub(crate) definitions: Vec<SavedDefinition>,
    /// What is wrong with the new text, as records; and its errors: line, column in characters, and words.
    pub(crate) diagnostics: Vec<DiagnosticRecord>,
    pub(crate) errors: Vec<(u32, u32, String)>,
    /// Whether the new text has errors. What it defines is a guess then, so nothing is said of its definitions.
    pub(crate) is_broken: bool,
    /// The parts that changed.
    pub(crate) verdict: Vec<Part>,
    /// The new text's hash at the level that was asked for.
    pub(crate) hash: Option<Hash>,
    /// What could not be parsed at all.
    pub(crate) failure: Option<Failure>,
}

/// A definition that a save changed.
pub(crate) struct SavedDefinition {
    /// Qualified names, before and after.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// Where it begins: lines from 1, after the save or, if it is gone, before.
    pub(crate) line: u32,
    pub(crate) verdict: Vec<Part>,
    /// Whether it has the hash of before at the level that was asked for.
    pub(crate) is_same: bool,
    /// As in the output of `diff`.
    pub(crate) record: Box<RawValue>,
}

/// Compares files that were saved together, so that what moved from one to another is seen.
pub(crate) fn compare(session: &Session, level: Level, saves: &[Save]) -> Vec<Saved> {
    let mut loaded = Vec::with_capacity(saves.len());
    let done: Result<(), Infallible> = parallel::in_order(
        session.settings.jobs,
        saves,
        |it| load(session, it),
        |it| {
            loaded.push(it);
            Ok(())
        },
    );
    let Ok(()) = done;
    let pairs = compare::sides(&loaded);
    let set = Set { loaded: &loaded, pairs: &pairs };
    let diffs = compare::compare(&set);
    let finish = |number: usize| {
        let diff = &diffs[number];
        let comparison = Comparison {
            set: &set,
            number,
            status: Status::Modified,
            definitions: diff.definitions.iter().cloned().enumerate().collect(),
            hidden: 0,
            verdict: diff.verdict(),
        };
        finish(level, &comparison)
    };
    let mut out: Vec<Saved> = (0..loaded.len()).map(finish).collect();
    for (saved, loaded) in out.iter_mut().zip(loaded) {
        saved.failure = loaded.failure.map(|it| it.1);
    }
    out
}

fn load(session: &Session, save: &Save) -> Loaded {
    let version = |bytes: &Option<Vec<u8>>| {
        let place = Place::Blob(String::new());
        bytes.as_ref().map(|_| Version { shown: save.shown.clone(), place, mode: None })
    };
    let pair = VersionPair { old: version(&save.before), new: version(&save.after), renamed: false };
    let mut out = Loaded { pair, ..Loaded::default() };
    for (bytes, is_old) in [(&save.before, true), (&save.after, false)] {
        let Some(bytes) = bytes else { continue };
        match session.lower(&save.shown, bytes) {
            Ok(file) => {
                let content = Some(Content { bytes: bytes.clone(), file: Some(file) });
                *(if is_old { &mut out.old } else { &mut out.new }) = content;
            }
            Err(failure) => out.failure = Some((save.shown.clone(), failure)),
        }
    }
    out
}

fn finish(level: Level, comparison: &Comparison<'_, '_>) -> Saved {
    let (mut diagnostics, mut errors, mut hash, mut is_broken) = (Vec::new(), Vec::new(), None, false);
    if let Some(known) = comparison.set.after(comparison.number) {
        let (path, file) = (&*known.version.shown, known.file);
        diagnostics = json::diagnostics(path, &file.source, &file.lowered.diagnostics);
        is_broken = file.lowered.is_partial();
        hash = Some(file_hash(level, &file.source, &file.lowered));
        errors = file
            .lowered
            .diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .map(|it| {
                let line = file.source.position(it.span.start).line;
                (line, file.source.char_column(it.span.start), it.message.clone().into_owned())
            })
            .collect();
    }
    let hashes = Hashes::new(level, comparison);
    let definitions = comparison.definitions.iter().filter(|_| !is_broken);
    Saved {
        definitions: definitions.map(|it| definition(comparison, &hashes, &it.1)).collect(),
        is_broken,
        diagnostics,
        errors,
        verdict: comparison.verdict.clone(),
        hash,
        failure: None,
    }
}

/// The hashes of a file's definitions, before and after.
struct Hashes([Vec<Hash>; 2]);

impl Hashes {
    /// At `deep` a definition counts by what it does itself: what depends on it is told apart.
    fn new(level: Level, comparison: &Comparison<'_, '_>) -> Self {
        let level = level.min(Level::Semantic);
        let sides = [comparison.set.before(comparison.number), comparison.set.after(comparison.number)];
        Self(sides.map(|side| {
            let Some(known) = side else { return Vec::new() };
            let (source, lowered) = (&known.file.source, &known.file.lowered);
            definition_hashes(level, source, lowered, &astkit::ast::definitions(&lowered.tree))
        }))
    }

    /// Whether a definition that stays in its file has the same hash.
    fn are_equal(&self, file: usize, it: &DefinitionDiff) -> bool {
        let (Some(before), Some(after)) = (&it.before, &it.after) else { return false };
        let [old, new] = [self.0[0].get(before.number), self.0[1].get(after.number)];
        before.file == file && after.file == file && old.is_some() && old == new
    }
}

fn definition(comparison: &Comparison<'_, '_>, hashes: &Hashes, it: &DefinitionDiff) -> SavedDefinition {
    let name = |side: &Option<astkit::diff::DefinitionSide>| side.as_ref().map(|it| it.qualname.clone());
    let line = match (&it.after, &it.before) {
        (Some(side), _) => comparison.set.after(side.file).map(|it| it.file.source.position(side.span.start)),
        (None, Some(side)) => {
            comparison.set.before(side.file).map(|it| it.file.source.position(side.span.start))
        }
        (None, None) => None,
    };
    let record = json::line(&DefinitionRecord::new(comparison, it, None));
    SavedDefinition {
        before: name(&it.before),
        after: name(&it.after),
        line: line.map_or(1, |it| it.line),
        verdict: it.verdict.clone(),
        is_same: hashes.are_equal(comparison.number, it),
        record: RawValue::from_string(record.trim_end().to_owned()).expect("a record is JSON"),
    }
}
