//! What is remembered between runs: records by key, in packed segments; and content hashes of files by their stat.
//!
//! Everything in here can be lost without harm, so nothing is ever waited for: there is no `fsync`, no blocking lock,
//! and an error of writing costs the entry and is counted. What is read is checked against checksums, so a torn, cut
//! or flipped file costs its entries too, and never gives a wrong answer. Any number of processes may use one folder.
//!
//! ```text
//! CACHEDIR.TAG  .gitignore
//! 1-0.1.0/              format of this module, and the build of the tool: others' records are never read
//!     HASH.pack         a segment: records sorted by key, written once (see `segment`)
//!     HASH.index        the stat index of one root (see `stat_index`)
//!     HASH.note         a record that changes (see `note`), and is read whole or in parts (see `pages`)
//!     lock              held by whoever merges segments
//! ```
//!
//! The store does its input and output through [`Storage`]; a program brings one over a real folder, tests bring
//! [`MemoryStorage`].

mod memory;
mod merge;
mod note;
mod pages;
mod record;
mod segment;
mod stat_index;
mod storage;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use segment::{Segment, encode};

pub use memory::{Fault, MemoryStorage};
pub use merge::{CacheStats, Limits, VersionStats, clean, stats};
pub use pages::Pages;
pub use record::Record;
pub use stat_index::{Stat, StatIndex, StatIndexBuilder};
pub use storage::{Blob, Storage, StoredFile};

/// Names a record: a hash of everything that the record is a function of.
pub type Key = [u8; 32];

/// The format of segments and indexes; part of the folder's name.
const FORMAT: u32 = 1;

/// Pending records are written when they reach this size, so that memory stays bounded: a guess.
const PENDING_LIMIT: usize = 64 << 20;

/// What a store did, for `--timings`, statistics and tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StoreCounts {
    /// Records found.
    pub hits: u64,
    /// Records not found.
    pub misses: u64,
    /// Records written.
    pub written: u64,
    /// Records or files that were damaged, and passed over.
    pub damaged: u64,
    /// Failed attempts to write.
    pub failed: u64,
}

#[derive(Debug, Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    written: AtomicU64,
    damaged: AtomicU64,
    failed: AtomicU64,
}

/// Records that outlive the process. Shared by all threads of it.
#[derive(Debug)]
pub struct Store {
    place: Option<Place>,
    state: Mutex<State>,
    counters: Counters,
    limits: Limits,
}

#[derive(Debug)]
struct Place {
    storage: Arc<dyn Storage>,
    /// The folder of this format and build.
    folder: String,
}

#[derive(Debug, Default)]
struct State {
    /// Opened segments, the largest first; none before the first look.
    segments: Option<Vec<Arc<Segment>>>,
    pending: FxHashMap<Key, Record>,
    pending_size: usize,
    /// Keys that were read: they count as used when their segment is merged.
    used: FxHashSet<Key>,
    /// Notes and indexes that were read, by the names of their files.
    used_files: FxHashSet<String>,
}

impl Store {
    /// A store in a folder. Nothing is read before something is asked for.
    ///
    /// `build` names the build of the tool: records of another are never read.
    pub fn new(storage: Arc<dyn Storage>, build: &str) -> Self {
        Self::at(Some(Place { storage, folder: version_name(build) }))
    }

    /// A store that remembers nothing.
    pub fn none() -> Self {
        Self::at(None)
    }

    fn at(place: Option<Place>) -> Self {
        Self { place, state: Mutex::default(), counters: Counters::default(), limits: Limits::default() }
    }

    /// The same store with other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What it did so far.
    pub fn counts(&self) -> StoreCounts {
        let it = &self.counters;
        StoreCounts {
            hits: it.hits.load(Relaxed),
            misses: it.misses.load(Relaxed),
            written: it.written.load(Relaxed),
            damaged: it.damaged.load(Relaxed),
            failed: it.failed.load(Relaxed),
        }
    }

    /// Whether there is a record; it may still turn out to be damaged.
    pub fn contains(&self, key: &Key) -> bool {
        let Some(place) = &self.place else { return false };
        let mut state = self.state();
        state.pending.contains_key(key)
            || self.segments(place, &mut state).iter().any(|it| it.find(key).is_some())
    }

    /// The record of a key.
    pub fn get(&self, key: &Key) -> Option<Record> {
        let place = self.place.as_ref()?;
        let segments = {
            let mut state = self.state();
            if let Some(record) = state.pending.get(key).cloned() {
                self.counters.hits.fetch_add(1, Relaxed);
                return Some(record);
            }
            self.segments(place, &mut state).to_vec()
        };
        let found = segments.iter().find_map(|it| self.read(it, key));
        match &found {
            Some(_) => {
                self.counters.hits.fetch_add(1, Relaxed);
                self.state().used.insert(*key);
            }
            None => {
                self.counters.misses.fetch_add(1, Relaxed);
            }
        }
        found
    }

    /// Reads many records at once, in the order of their keys; far cheaper than one by one.
    pub fn get_many(&self, keys: &[Key]) -> Vec<Option<Record>> {
        let mut out = vec![None; keys.len()];
        let Some(place) = &self.place else { return out };
        let segments = self.segments(place, &mut self.state()).to_vec();
        for segment in &segments {
            let wanted = (0..keys.len()).filter(|it| out[*it].is_none());
            let wanted: Vec<_> = wanted.filter_map(|at| Some((at, segment.find(&keys[at])?))).collect();
            self.counters.damaged.fetch_add(segment.read_many(&wanted, &mut out), Relaxed);
        }
        let mut state = self.state();
        for (key, record) in keys.iter().zip(&mut out) {
            match record {
                Some(_) => {
                    state.used.insert(*key);
                }
                None => *record = state.pending.get(key).cloned(),
            }
        }
        let hits = out.iter().filter(|it| it.is_some()).count() as u64;
        self.counters.hits.fetch_add(hits, Relaxed);
        self.counters.misses.fetch_add(keys.len() as u64 - hits, Relaxed);
        out
    }

    /// Remembers a record; it is written by [`Store::flush`], or when much is waiting.
    pub fn put(&self, key: Key, record: Record) {
        if self.place.is_none() {
            return;
        }
        let mut state = self.state();
        state.pending_size += record.len();
        state.pending.insert(key, record);
        if state.pending_size > PENDING_LIMIT {
            self.write_pending(&mut state);
        }
    }

    /// Writes what waits, marks what was used, and tidies up if there is reason to.
    pub fn flush(&self) {
        let Some(place) = &self.place else { return };
        let mut state = self.state();
        self.write_pending(&mut state);
        let segments = state.segments.as_deref().unwrap_or_default();
        merge::mark_used(place, segments, &state.used, &state.used_files);
        let segments = state.segments.iter().flatten();
        let damaged: Vec<_> = segments.filter(|it| it.is_damaged()).map(|it| &*it.name).collect();
        if merge::tidy(place, &state.used, &self.limits, &damaged) {
            // Others may have merged as well: look again when something is asked for.
            state.segments = None;
        }
    }

    /// The stat index of a root, as the last run left it; empty if there is none, or a damaged one.
    pub fn stat_index(&self, root: &std::path::Path) -> StatIndex {
        let Some(place) = &self.place else { return StatIndex::default() };
        let Some(blob) = self.open(place, place.index_name(root)) else { return StatIndex::default() };
        let mut bytes = vec![0; usize::try_from(blob.len()).unwrap_or(0)];
        let read = blob.read_at(0, &mut bytes).ok().and_then(|()| StatIndex::decode(bytes));
        read.unwrap_or_else(|| {
            self.counters.damaged.fetch_add(1, Relaxed);
            StatIndex::default()
        })
    }

    /// Keeps the stat index of a root.
    pub fn write_stat_index(&self, root: &std::path::Path, index: &StatIndexBuilder) {
        let Some(place) = &self.place else { return };
        if place.write(&place.index_name(root), &[&index.encode()]).is_err() {
            self.counters.failed.fetch_add(1, Relaxed);
        }
    }

    /// The note of that name.
    pub fn note(&self, key: &Key) -> Option<Record> {
        let place = self.place.as_ref()?;
        let blob = self.open(place, place.note_name(key))?;
        let mut bytes = vec![0; usize::try_from(blob.len()).unwrap_or(0)];
        let found = blob.read_at(0, &mut bytes).ok().and_then(|()| note::decode(key, bytes));
        let counter = if found.is_some() { &self.counters.hits } else { &self.counters.damaged };
        counter.fetch_add(1, Relaxed);
        found
    }

    /// Writes a note, in the place of the last one of that name.
    pub fn write_note(&self, key: &Key, note: &[u8]) {
        self.write_file(key, &[&note::header(key, note), note]);
    }

    /// The note of that name, to be read in parts; it was written by [`write_pages`](Self::write_pages).
    pub fn pages(&self, key: &Key) -> Option<Pages> {
        let place = self.place.as_ref()?;
        let blob = self.open(place, place.note_name(key))?;
        let found = Pages::open(key, blob);
        let counter = if found.is_some() { &self.counters.hits } else { &self.counters.damaged };
        counter.fetch_add(1, Relaxed);
        found
    }

    /// Writes a note that is to be read in parts.
    pub fn write_pages(&self, key: &Key, note: &[u8]) {
        self.write_file(key, &[&pages::header(key, note), note]);
    }

    /// Opens a file that is no segment.
    fn open(&self, place: &Place, name: String) -> Option<Arc<dyn Blob>> {
        let blob = place.storage.open(&name).ok()?;
        self.state().used_files.insert(name);
        Some(blob)
    }

    fn write_file(&self, key: &Key, pieces: &[&[u8]]) {
        let Some(place) = &self.place else { return };
        let written = place.write(&place.note_name(key), pieces);
        let counter = if written.is_ok() { &self.counters.written } else { &self.counters.failed };
        counter.fetch_add(1, Relaxed);
    }

    fn read(&self, segment: &Segment, key: &Key) -> Option<Record> {
        let record = segment.read(segment.find(key)?);
        if record.is_none() {
            self.counters.damaged.fetch_add(1, Relaxed);
        }
        record
    }

    fn write_pending(&self, state: &mut State) {
        let Some(place) = &self.place else { return };
        state.pending_size = 0;
        if state.pending.is_empty() {
            return;
        }
        let day = place.storage.now().day();
        let records: Vec<_> = state.pending.drain().map(|(key, record)| (key, day, record)).collect();
        let (count, encoded) = (records.len() as u64, encode(records));
        let name = format!("{}/{}.pack", place.folder, encoded.name);
        let written = place.write(&name, &encoded.chunks());
        if written.is_err() {
            self.counters.failed.fetch_add(1, Relaxed);
            tracing::debug!(records = count, "the cache could not be written");
            return;
        }
        self.counters.written.fetch_add(count, Relaxed);
        state.used.extend(encoded.keys());
        if let (Some(segments), Ok(segment)) = (&mut state.segments, Segment::open(&place.storage, &name)) {
            segments.push(Arc::new(segment));
        }
    }

    fn segments<'s>(&self, place: &Place, state: &'s mut State) -> &'s [Arc<Segment>] {
        state.segments.get_or_insert_with(|| {
            let (segments, damaged) = merge::open_all(place);
            self.counters.damaged.fetch_add(damaged, Relaxed);
            segments
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the folder in which a build of the tool keeps its records.
pub fn version_name(build: &str) -> String {
    let safe = |it: char| if it.is_ascii_alphanumeric() || "._-+".contains(it) { it } else { '_' };
    format!("{FORMAT}-{}", build.chars().map(safe).collect::<String>())
}

impl Drop for Store {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Place {
    fn index_name(&self, root: &std::path::Path) -> String {
        let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        format!("{}/{}.index", self.folder, &hash[..32])
    }

    fn note_name(&self, key: &Key) -> String {
        format!("{}/{}.note", self.folder, &blake3::Hash::from_bytes(*key).to_hex()[..32])
    }

    /// Writes a file, and the marks that tell others what the folder is.
    fn write(&self, name: &str, chunks: &[&[u8]]) -> std::io::Result<()> {
        for (name, text) in MARKS {
            if self.storage.open(name).is_err() {
                self.storage.write(name, &[text.as_bytes()])?;
            }
        }
        self.storage.write(name, chunks)
    }
}

/// Files that tell backup programs and git to pass by.
const MARKS: [(&str, &str); 2] = [
    (
        "CACHEDIR.TAG",
        "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of astkit; it may be deleted at any time.\n",
    ),
    (".gitignore", "*\n"),
];

#[cfg(test)]
mod tests;
