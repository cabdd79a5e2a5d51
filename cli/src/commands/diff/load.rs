//! From pairs of versions to pairs of trees: read, drop what is equal, join what was renamed, lower.
//!
//! Of the files that are on one side only, those with equal bytes, found once on each side, are the same file under
//! another name; then those that are similar.

use std::collections::BTreeMap;

use astkit::diff::{Side, renamed_files};
use rustc_hash::FxHashSet;

use super::version::{ChangeSet, Place, SideName, Version, VersionPair};
use crate::contents::{Contents, Folder};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::{File, Report, Session};
use crate::targets::{Input, Origin};

/// How much of a file is looked at to find out whether it is text.
const SNIFFED: usize = 8000;

/// From how many pairs on it is worth while to remember what is in the files.
const WORTH_REMEMBERING: usize = 16;

/// A pair of versions, read.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) pair: VersionPair,
    pub(super) old: Option<Content>,
    pub(super) new: Option<Content>,
    /// What could not be read or parsed, and why.
    pub(super) failure: Option<(String, Failure)>,
    /// Whether both versions have the same bytes, which are then forgotten.
    pub(super) same: bool,
    pub(super) log: String,
    pub(super) status: ExitStatus,
}

/// The content of a version.
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// None for what no frontend reads.
    pub(super) file: Option<File>,
}

impl Loaded {
    /// Whether a side has no frontend.
    pub(super) fn is_foreign(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|it| it.file.is_none())
    }

    /// Whether a side is no text.
    pub(super) fn is_binary(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|it| it.file.is_none() && has_nul(&it.bytes))
    }

    fn has_content(&self) -> bool {
        self.failure.is_none() && (self.old.is_some() || self.new.is_some())
    }
}

fn has_nul(bytes: &[u8]) -> bool {
    bytes.iter().take(SNIFFED).any(|it| *it == 0)
}

/// Loads a change set.
pub(super) fn load(session: &Session, set: &ChangeSet) -> Vec<Loaded> {
    let equal = equal_pairs(session, set);
    let numbers: Vec<_> = (0..set.pairs.len()).collect();
    let mut loaded = each(session, &numbers, |at| {
        let pair = &set.pairs[*at];
        if equal.contains(at) {
            return Loaded { pair: pair.clone(), same: true, ..Loaded::default() };
        }
        read(session, set, pair)
    });
    join_equal(&mut loaded);
    let files = each(session, &loaded, |it| {
        let [old_read, new_read] = is_read(session, set, it);
        let file = |is_read: bool, version: &Option<Version>, content: &Option<Content>| {
            let (version, content) = version.as_ref().zip(content.as_ref()).filter(|_| is_read)?;
            Some(session.lower(&version.shown, &content.bytes))
        };
        if it.has_content() {
            (file(old_read, &it.pair.old, &it.old), file(new_read, &it.pair.new, &it.new))
        } else {
            (None, None)
        }
    });
    for (it, (old, new)) in loaded.iter_mut().zip(files) {
        take(session, it, true, old);
        take(session, it, false, new);
    }
    join_similar(&mut loaded);
    loaded
}

/// The pairs, by number, of which both versions are known to have the same bytes without being read.
fn equal_pairs(session: &Session, set: &ChangeSet) -> FxHashSet<usize> {
    let file = |version: &Option<Version>| match version.as_ref().map(|it| &it.place) {
        Some(Place::Input(Input { origin: Origin::File(path), .. })) => Some(path.clone()),
        Some(Place::Input(_) | Place::Blob(_) | Place::Link(_)) | None => None,
    };
    let (SideName::Path(old), SideName::Path(new)) = (&set.old, &set.new) else {
        return FxHashSet::default();
    };
    let pairs = set.pairs.iter().enumerate();
    let pairs: Vec<_> = pairs.filter_map(|(at, it)| Some((at, (file(&it.old)?, file(&it.new)?)))).collect();
    if !session.remembers() || pairs.len() < WORTH_REMEMBERING {
        return FxHashSet::default();
    }
    let (numbers, (olds, news)): (Vec<_>, (Vec<_>, Vec<_>)) = pairs.into_iter().unzip();
    let sides = vec![Folder { path: old.into(), files: olds }, Folder { path: new.into(), files: news }];
    let contents = Contents::survey(session, sides, false);
    let both = numbers.iter().zip(contents.of(0).iter().zip(contents.of(1)));
    let equal = both.filter(|it| it.1.0.is_some() && it.1.0 == it.1.1).map(|it| *it.0).collect();
    contents.close(session);
    equal
}

fn each<T: Sync, R: Send>(session: &Session, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut out = Vec::with_capacity(items.len());
    let done: Result<(), std::convert::Infallible> = session.each(items, work, |it| {
        out.push(it);
        Ok(())
    });
    let Ok(()) = done;
    out
}

fn read(session: &Session, set: &ChangeSet, pair: &VersionPair) -> Loaded {
    let mut out = Loaded { pair: pair.clone(), ..Loaded::default() };
    for (version, is_old) in [(&pair.old, true), (&pair.new, false)] {
        let Some(version) = version else { continue };
        match version.read(session, set.blobs.as_ref()) {
            Ok(bytes) => {
                *(if is_old { &mut out.old } else { &mut out.new }) = Some(Content { bytes, file: None });
            }
            Err(failure) => out.failure = Some((version.shown.clone(), failure)),
        }
    }
    out.same = matches!((&out.old, &out.new), (Some(old), Some(new)) if old.bytes == new.bytes);
    if out.same {
        (out.old, out.new) = (None, None);
    }
    out
}

/// Whether a frontend reads a version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Some,
    None,
    /// It has no extension that says so.
    Unknown,
}

fn reader(session: &Session, version: &Version, bytes: &[u8]) -> Reader {
    if version.is_link() {
        return Reader::None;
    }
    let name = version.shown.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.').map(|it| it.1) {
        Some(extension) if session.wanted(extension) => Reader::Some,
        Some(_) => Reader::None,
        None if bytes.starts_with(b"#!") && contains(&bytes[..bytes.len().min(80)], b"python") => {
            Reader::Some
        }
        None => Reader::Unknown,
    }
}

/// Whether the versions of a pair are lowered: all that has an extension for it; of two named files those without one,
/// too, and both if one of them is Python's or a frontend was named.
fn is_read(session: &Session, set: &ChangeSet, it: &Loaded) -> [bool; 2] {
    let of = |version: &Option<Version>, content: &Option<Content>| {
        Some(reader(session, version.as_ref()?, &content.as_ref()?.bytes))
    };
    let readers = [of(&it.pair.old, &it.old), of(&it.pair.new, &it.new)];
    let asked_for = set.blobs.is_none() && !set.external;
    let all = session.settings.frontend != "auto" || readers.contains(&Some(Reader::Some));
    let is_link = |version: &Option<Version>| version.as_ref().is_some_and(Version::is_link);
    let links = [is_link(&it.pair.old), is_link(&it.pair.new)];
    [0, 1].map(|side| match readers[side] {
        Some(Reader::Some) => true,
        Some(Reader::Unknown) => asked_for,
        Some(Reader::None) => asked_for && all && !links[side],
        None => false,
    })
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|it| it == wanted)
}

fn take(session: &Session, it: &mut Loaded, is_old: bool, file: Option<Result<File, Failure>>) {
    let version = if is_old { &it.pair.old } else { &it.pair.new };
    let shown = version.as_ref().map_or(String::new(), |it| it.shown.clone());
    match file {
        None => {}
        Some(Ok(file)) => {
            let Report { log, status, .. } = session.report(&shown, &file);
            it.log += &log;
            it.status = it.status.and(status);
            let content = if is_old { &mut it.old } else { &mut it.new };
            if let Some(content) = content {
                content.file = Some(file);
            }
        }
        Some(Err(failure)) => it.failure = Some((shown, failure)),
    }
}

/// Joins files of equal bytes that are on one side only.
fn join_equal(loaded: &mut Vec<Loaded>) {
    let mut by_bytes: BTreeMap<&[u8], (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, it) in loaded.iter().enumerate() {
        match (&it.old, &it.new, &it.failure) {
            (Some(old), None, None) if it.pair.new.is_none() && !old.bytes.is_empty() => {
                by_bytes.entry(&old.bytes).or_default().0.push(at);
            }
            (None, Some(new), None) if it.pair.old.is_none() && !new.bytes.is_empty() => {
                by_bytes.entry(&new.bytes).or_default().1.push(at);
            }
            _ => {}
        }
    }
    let pairs: Vec<(usize, usize)> = by_bytes
        .values()
        .filter_map(|it| match (&*it.0, &*it.1) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        })
        .collect();
    for (old, new) in &pairs {
        (loaded[*new].pair.old, loaded[*new].pair.renamed) = (loaded[*old].pair.old.take(), true);
        (loaded[*new].same, loaded[*new].new) = (true, None);
    }
    forget(loaded);
}

/// Joins similar files that are on one side only.
fn join_similar(loaded: &mut Vec<Loaded>) {
    let one_sided = |is_old: bool| {
        let all = loaded.iter().enumerate().filter(move |(_, it)| {
            it.failure.is_none() && it.pair.old.is_some() == is_old && it.pair.new.is_some() != is_old
        });
        all.filter_map(move |(at, it)| {
            let content = if is_old { &it.old } else { &it.new };
            let file = content.as_ref()?.file.as_ref()?;
            Some((at, it.pair.name(), Side::new(&file.source, &file.lowered)))
        })
        .collect::<Vec<_>>()
    };
    let (removed, added) = (one_sided(true), one_sided(false));
    let olds: Vec<_> = removed.iter().map(|it| (it.1, &it.2)).collect();
    let news: Vec<_> = added.iter().map(|it| (it.1, &it.2)).collect();
    let pairs: Vec<_> =
        renamed_files(&olds, &news).into_iter().map(|it| (removed[it.0].0, added[it.1].0)).collect();
    for (old, new) in &pairs {
        let Loaded { pair, old: content, log, status, .. } = std::mem::take(&mut loaded[*old]);
        let joined = &mut loaded[*new];
        (joined.pair.old, joined.pair.renamed, joined.old) = (pair.old, true, content);
        joined.log = log + &joined.log;
        joined.status = joined.status.and(status);
    }
    forget(loaded);
}

/// Drops the pairs whose only version went to another pair.
fn forget(loaded: &mut Vec<Loaded>) {
    loaded.retain(|it| it.pair.old.is_some() || it.pair.new.is_some());
}
