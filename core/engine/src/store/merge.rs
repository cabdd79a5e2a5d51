//! Tidiness of the folder: segments are merged when they are many, and forgotten when they are old or too much.
//!
//! Small segments are merged into larger ones, so that a record is rewritten a logarithmic number of times. Whatever
//! is in a segment that nobody used for a month goes, and so does a note or index; when all is too large, the records,
//! notes and indexes used longest ago go first. One process merges at a time, and the others don't wait. Files of other formats and builds go after a month.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::segment::{Entry, OpenError, Segment, encode};
use super::storage::{Storage, StoredFile};
use super::{Key, Place};

/// What a store may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of all segments, notes and indexes of a build.
    pub bytes: u64,
    /// Days after which what nobody used is forgotten.
    pub days: u32,
    /// Number of segments below `segment_bytes`.
    pub segments: usize,
    /// Size from which a segment is not merged any more for its size's sake.
    pub segment_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20, days: 30, segments: 8, segment_bytes: 64 << 20 }
    }
}

/// What a cache folder holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CacheStats {
    /// Per format and build, sorted by name.
    pub versions: Vec<VersionStats>,
}

/// What one build of the tool keeps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VersionStats {
    /// Format and build.
    pub name: String,
    /// Number of segments.
    pub segments: usize,
    /// Number of records.
    pub records: usize,
    /// Number of stat indexes and notes.
    pub indexes: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Day of last use, in days since 1970.
    pub last_used: u32,
}

/// Looks at a cache folder.
///
/// # Errors
/// As the system says when the folder can't be listed.
pub fn stats(storage: &Arc<dyn Storage>) -> std::io::Result<CacheStats> {
    let mut versions: Vec<VersionStats> = Vec::new();
    let mut files: Vec<_> = storage.list()?.into_iter().filter(|it| is_ours(&it.name)).collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    for file in files {
        let Some((name, _)) = file.name.split_once('/') else { continue };
        if versions.last().is_none_or(|it| it.name != name) {
            versions.push(VersionStats { name: name.to_owned(), ..VersionStats::default() });
        }
        let Some(version) = versions.last_mut() else { continue };
        version.bytes += file.size;
        version.last_used = version.last_used.max(file.modified.day());
        if has_suffix(&file.name, "pack") {
            version.segments += 1;
            version.records += Segment::open(storage, &file.name).map_or(0, |it| it.len());
        } else if has_suffix(&file.name, "index") || has_suffix(&file.name, "note") {
            version.indexes += 1;
        }
    }
    Ok(CacheStats { versions })
}

/// Removes all of astkit's files from a cache folder, and nothing else; returns how many, and their bytes.
///
/// # Errors
/// As the system says; what could be removed is.
pub fn clean(storage: &Arc<dyn Storage>) -> std::io::Result<(usize, u64)> {
    let (mut count, mut bytes, mut failed) = (0, 0, None);
    for file in storage.list()?.into_iter().filter(|it| is_ours(&it.name)) {
        match storage.remove(&file.name) {
            Ok(()) => (count, bytes) = (count + 1, bytes + file.size),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok((count, bytes)), Err)
}

/// Whether a file of this name is one that a store wrote.
fn is_ours(name: &str) -> bool {
    let Some((folder, file)) = name.split_once('/') else {
        return super::MARKS.iter().any(|it| it.0 == name);
    };
    let is_version = folder.split_once('-').is_some_and(|it| it.0.bytes().all(|it| it.is_ascii_digit()));
    let is_known = ["pack", "index", "note", "tmp"].iter().any(|it| has_suffix(file, it)) || file == "lock";
    is_version && is_known && !file.contains('/')
}

fn has_suffix(name: &str, suffix: &str) -> bool {
    name.rsplit_once('.').is_some_and(|it| it.1 == suffix)
}

/// Opens all segments of a place, the largest first; damaged ones are removed and counted.
pub(super) fn open_all(place: &Place) -> (Vec<Arc<Segment>>, u64) {
    let (mut segments, mut damaged) = (Vec::new(), 0);
    for file in place.packs() {
        match Segment::open(&place.storage, &file.name) {
            Ok(segment) => segments.push(Arc::new(segment)),
            Err(OpenError::Damaged) => {
                damaged += 1;
                tracing::debug!(segment = file.name, "damaged segment");
                place.remove(&file.name);
            }
            Err(OpenError::Io) => {}
        }
    }
    segments.sort_by(|left, right| right.size().cmp(&left.size()).then_with(|| left.name.cmp(&right.name)));
    (segments, damaged)
}

/// Marks what was read or written, once a day: segments by the records that were used, notes and indexes by their names.
pub(super) fn mark_used(
    place: &Place,
    segments: &[Arc<Segment>],
    used: &FxHashSet<Key>,
    used_files: &FxHashSet<String>,
) {
    if used.is_empty() && used_files.is_empty() {
        return;
    }
    let today = place.storage.now().day();
    let has_used = |file: &StoredFile| match segments.iter().find(|it| it.name == file.name) {
        Some(segment) => used.iter().any(|it| segment.find(it).is_some()),
        None => used_files.contains(&file.name),
    };
    for file in place.files().iter().filter(|it| it.modified.day() < today && has_used(it)) {
        // Only its age is at stake.
        place.storage.touch(&file.name).unwrap_or_else(|error| tracing::trace!(%error, "mark of use"));
    }
}

/// Merges and forgets what the limits say, and rewrites segments that are damaged; returns whether something changed.
pub(super) fn tidy(place: &Place, used: &FxHashSet<Key>, limits: &Limits, damaged: &[&str]) -> bool {
    if damaged.is_empty() && !is_untidy(place, &place.files(), limits) {
        return false;
    }
    // An error is as good as a lock that another has: who can't lock can't write either.
    let Ok(Some(_lock)) = place.storage.try_lock(&format!("{}/lock", place.folder)) else { return false };
    remove_leftovers(place, limits);
    let (old, kept): (Vec<_>, Vec<_>) =
        place.files().into_iter().partition(|it| place.is_old(it, limits.days));
    for file in &old {
        // Whoever has it open can read on.
        place.remove(&file.name);
    }
    let total: u64 = kept.iter().map(|it| it.size).sum();
    let (packs, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(is_pack);
    if total > limits.bytes {
        merge(place, &packs, &others, used, limits, limits.bytes / 4 * 3);
    } else if !damaged.is_empty() {
        // Written anew without what can't be read, or every run would stumble over it.
        let parts: Vec<_> = packs.into_iter().filter(|it| damaged.contains(&&*it.name)).collect();
        merge(place, &parts, &[], used, limits, u64::MAX);
    } else if let Some(small) = worth_merging(packs, limits) {
        merge(place, &small, &[], used, limits, u64::MAX);
    }
    true
}

fn is_untidy(place: &Place, files: &[StoredFile], limits: &Limits) -> bool {
    let small = files.iter().filter(|it| is_pack(it) && it.size < limits.segment_bytes);
    files.iter().map(|it| it.size).sum::<u64>() > limits.bytes
        || small.count() > limits.segments
        || files.iter().any(|it| place.is_old(it, limits.days))
}

fn is_pack(file: &StoredFile) -> bool {
    has_suffix(&file.name, "pack")
}

/// The smallest segments, up to the first that is larger than all smaller ones together.
fn worth_merging(mut packs: Vec<StoredFile>, limits: &Limits) -> Option<Vec<StoredFile>> {
    packs.retain(|it| it.size < limits.segment_bytes);
    if packs.len() <= limits.segments {
        return None;
    }
    packs.sort_by(|left, right| left.size.cmp(&right.size).then_with(|| left.name.cmp(&right.name)));
    let (mut sum, mut count) = (0, 0);
    for file in &packs {
        if count > limits.segments / 2 && file.size > sum {
            break;
        }
        (sum, count) = (sum + file.size, count + 1);
    }
    packs.truncate(count);
    Some(packs)
}

/// Rewrites segments as few: equal keys once, damaged records not at all, and of too much what was used last; the
/// same holds for other files.
fn merge(
    place: &Place,
    packs: &[StoredFile],
    others: &[StoredFile],
    used: &FxHashSet<Key>,
    limits: &Limits,
    room: u64,
) {
    let today = place.storage.now().day();
    let segments: Vec<_> =
        packs.iter().filter_map(|it| Segment::open(&place.storage, &it.name).ok()).collect();
    let mut newest: FxHashMap<Key, (usize, Entry)> = FxHashMap::default();
    for (at, segment) in segments.iter().enumerate() {
        for mut entry in segment.entries() {
            if used.contains(&entry.key) {
                entry.day = today;
            }
            let known = newest.entry(entry.key).or_insert((at, entry));
            if known.1.day < entry.day {
                *known = (at, entry);
            }
        }
    }
    let mut entries: Vec<_> = newest.into_values().collect();
    entries.sort_unstable_by_key(|it| (std::cmp::Reverse(it.1.day), it.1.key));
    let mut others: Vec<_> = others.iter().collect();
    others.sort_unstable_by_key(|it| (std::cmp::Reverse(it.modified), &it.name));
    let (mut taken, mut others) = (0, others.into_iter().peekable());
    let mut take = |size: u64| {
        taken += size;
        taken <= room
    };
    entries.retain(|it| {
        while let Some(file) = others.next_if(|file| file.modified.day() >= it.1.day) {
            if !take(file.size) {
                place.remove(&file.name);
            }
        }
        take(it.1.size())
    });
    others.filter(|it| !take(it.size)).for_each(|it| place.remove(&it.name));
    if write_merged(place, &segments, &entries, limits) {
        for segment in &segments {
            place.remove(&segment.name);
        }
    }
}

/// Writes the given records as segments of limited size; false if that failed.
fn write_merged(place: &Place, segments: &[Segment], entries: &[(usize, Entry)], limits: &Limits) -> bool {
    let (mut from, mut size) = (0, 0);
    for at in 0..entries.len() {
        size += entries[at].1.size();
        if size < limits.segment_bytes && at + 1 < entries.len() {
            continue;
        }
        let part = &entries[from..=at];
        let mut records = vec![None; part.len()];
        for (index, segment) in segments.iter().enumerate() {
            let of_segment = part.iter().enumerate().filter(|it| it.1.0 == index);
            let wanted: Vec<_> = of_segment.map(|(place, it)| (place, it.1)).collect();
            segment.read_many(&wanted, &mut records);
        }
        let sound = part.iter().zip(records).filter_map(|(it, record)| Some((it.1.key, it.1.day, record?)));
        let encoded = encode(sound.collect());
        let name = format!("{}/{}.pack", place.folder, encoded.name);
        // A segment that is merged with nothing is written over itself, and must not be removed then.
        if segments.iter().any(|it| it.name == name) || place.write(&name, &encoded.chunks()).is_err() {
            return false;
        }
        (from, size) = (at + 1, 0);
    }
    true
}

/// Removes what broken writes left, and what other formats and builds left a month ago.
fn remove_leftovers(place: &Place, limits: &Limits) {
    let files = place.storage.list().unwrap_or_default();
    for file in files.iter().filter(|it| is_ours(&it.name)) {
        let Some((folder, _)) = file.name.split_once('/') else { continue };
        let is_dead = has_suffix(&file.name, "tmp") && place.is_old(file, 1);
        // What is of this build is dealt with one by one.
        if is_dead || (folder != place.folder && place.is_old(file, limits.days)) {
            place.remove(&file.name);
        }
    }
}

impl Place {
    /// Segments, notes and indexes.
    fn files(&self) -> Vec<StoredFile> {
        let mut files = self.storage.list().unwrap_or_default();
        let folder = format!("{}/", self.folder);
        let is_kept = |name: &str| ["pack", "note", "index"].iter().any(|it| has_suffix(name, it));
        files.retain(|it| it.name.starts_with(&folder) && is_kept(&it.name));
        files
    }

    fn packs(&self) -> Vec<StoredFile> {
        self.files().into_iter().filter(is_pack).collect()
    }

    /// Removes a file if that is possible; another process may have done so.
    fn remove(&self, name: &str) {
        self.storage.remove(name).unwrap_or_else(|error| tracing::trace!(%error, name, "not removed"));
    }

    fn is_old(&self, file: &StoredFile, days: u32) -> bool {
        file.modified.day().saturating_add(days) < self.storage.now().day()
    }
}
