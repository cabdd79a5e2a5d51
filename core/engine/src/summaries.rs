//! Where summaries come from: memory, the store, or the text.

mod forms;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use astkit_ast::{Lowered, Options, PythonVersion, SourceText};
use rustc_hash::FxHashMap;

use astkit_hash::normal::NormalOptions;

use crate::inputs::Content;
use crate::lowering::Lowering;
use crate::store::Store;
use crate::summary::{FileSummary, SummaryKey};

/// Why there is no summary of a file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SummaryError {
    /// There is no such file.
    #[error("the file is not there")]
    Absent,
    /// The file can't be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(std::io::ErrorKind),
    /// The file changed since it was looked at; looking again will tell.
    #[error("the file changed while it was read")]
    Moved,
    /// No frontend reads files of this kind.
    #[error("no frontend reads files like this")]
    NoFrontend,
    /// The frontend could not work.
    #[error("{0}")]
    Frontend(Arc<str>),
    /// The frontend broke down over this text.
    #[error("internal error while reading the file: {0}")]
    Panicked(Arc<str>),
}

/// A file's summary, or why there is none.
pub type SummaryResult = Result<Arc<FileSummary>, SummaryError>;

/// All frontends, and the summaries that were made or loaded.
pub(crate) struct Summaries {
    lowerings: Vec<Arc<dyn Lowering>>,
    pub(crate) store: Store,
    known: Mutex<FxHashMap<SummaryKey, Arc<FileSummary>>>,
    forms: forms::Known,
    /// Whether normal forms are made whenever a file is lowered, and how they are made.
    pub(crate) is_normal: bool,
    pub(crate) normal: NormalOptions,
    fingerprints: RwLock<FxHashMap<(usize, PythonVersion), [u8; 32]>>,
    lowered: AtomicU64,
}

impl Summaries {
    /// `normal` asks for normal forms of all files that are lowered.
    pub(crate) fn new(
        lowerings: Vec<Arc<dyn Lowering>>,
        store: Store,
        normal: Option<NormalOptions>,
    ) -> Self {
        Self {
            lowerings,
            store,
            known: Mutex::default(),
            forms: forms::Known::default(),
            is_normal: normal.is_some(),
            normal: normal.unwrap_or_default(),
            fingerprints: RwLock::default(),
            lowered: AtomicU64::new(0),
        }
    }

    /// How many files were lowered so far.
    pub(crate) fn lowered_count(&self) -> u64 {
        self.lowered.load(Relaxed)
    }

    /// Whether some frontend reads files of that path's kind.
    pub(crate) fn claims(&self, path: &Path) -> bool {
        self.lowering(path).is_some()
    }

    fn lowering(&self, path: &Path) -> Option<usize> {
        let extension = extension(path);
        self.lowerings.iter().position(|it| it.claims(extension))
    }

    /// The key of a summary.
    pub(crate) fn key(&self, path: &Path, content: &[u8; 32], python: PythonVersion) -> Option<SummaryKey> {
        let lowering = self.lowering(path)?;
        let kind = (lowering, python);
        // Its own statement, so that the lock is free again before the table is written.
        let known = self.fingerprints.read().unwrap_or_else(PoisonError::into_inner).get(&kind).copied();
        let fingerprint = known.unwrap_or_else(|| {
            let fresh = SummaryKey::fingerprint(&self.lowerings[lowering].id(), python);
            let mut all = self.fingerprints.write().unwrap_or_else(PoisonError::into_inner);
            *all.entry(kind).or_insert(fresh)
        });
        Some(SummaryKey::new(content, &fingerprint))
    }

    /// The summary of a file with this content; `read` is called if the text is needed.
    pub(crate) fn get(
        &self,
        path: &Path,
        content: Content,
        python: PythonVersion,
        read: impl FnOnce() -> Result<Arc<[u8]>, SummaryError>,
    ) -> SummaryResult {
        let hash = match content {
            Content::Hash(hash) => hash,
            Content::Absent => return Err(SummaryError::Absent),
            Content::Unreadable(kind) => return Err(SummaryError::Unreadable(kind)),
        };
        let key = self.key(path, &hash, python).ok_or(SummaryError::NoFrontend)?;
        if let Some(known) = self.known().get(&key) {
            return Ok(Arc::clone(known));
        }
        if let Some(stored) = self.store.get(&key.0).and_then(|it| FileSummary::decode(&it)) {
            return Ok(self.keep(key, stored));
        }
        let bytes = read()?;
        let lowered = self.lower(path, &bytes, python)?;
        let summary = guarded(|| Ok(FileSummary::of(&lowered.0, &lowered.1, python)))?;
        self.store.put(key.0, summary.encode());
        if self.is_normal {
            // The tree is at hand; making it again would cost more than all the rest.
            self.make_forms(&key, &lowered.0, &lowered.1)?;
        }
        Ok(self.keep(key, summary))
    }

    /// Whether the store has the summary of a file with this content.
    pub(crate) fn is_stored(&self, path: &Path, content: Content, python: PythonVersion) -> bool {
        match content {
            Content::Hash(hash) => self.key(path, &hash, python).is_some_and(|it| {
                self.store.contains(&it.0) && (!self.is_normal || self.has_stored_forms(&it))
            }),
            Content::Absent | Content::Unreadable(_) => false,
        }
    }

    /// Loads many summaries from the store at once, so that asking for them one by one finds them in memory.
    pub(crate) fn prefetch(&self, keys: &[SummaryKey]) {
        let mut missing: Vec<_> = {
            let known = self.known();
            keys.iter().filter(|it| !known.contains_key(it)).map(|it| it.0).collect()
        };
        // Equal files have one summary.
        missing.sort_unstable();
        missing.dedup();
        let found = self.store.get_many(&missing);
        for (key, record) in missing.iter().zip(found) {
            if let Some(summary) = record.and_then(|it| FileSummary::decode(&it)) {
                self.keep(SummaryKey(*key), summary);
            }
        }
        if self.is_normal {
            self.prefetch_forms(keys);
        }
    }

    /// Lowers a text with the frontend for its kind.
    pub(crate) fn lower(
        &self,
        path: &Path,
        bytes: &[u8],
        python: PythonVersion,
    ) -> Result<(SourceText, Lowered), SummaryError> {
        let lowering = self.lowering(path).ok_or(SummaryError::NoFrontend)?;
        let (lowering, extension) = (&self.lowerings[lowering], extension(path));
        self.lowered.fetch_add(1, Relaxed);
        guarded(|| {
            let source = SourceText::decode(bytes);
            let lowered = lowering.lower(extension, &source, &Options { python });
            lowered.map(|it| (source, it)).map_err(|it| SummaryError::Frontend(it.to_string().into()))
        })
    }

    /// Forgets summaries that nobody holds.
    pub(crate) fn sweep(&self) {
        self.known().retain(|_, it| Arc::strong_count(it) > 1);
        self.sweep_forms();
    }

    /// Bytes of all summaries in memory, and their number.
    pub(crate) fn size(&self) -> (usize, usize) {
        let known = self.known();
        (known.values().map(|it| it.heap_size()).sum(), known.len())
    }

    fn keep(&self, key: SummaryKey, summary: FileSummary) -> Arc<FileSummary> {
        Arc::clone(self.known().entry(key).or_insert_with(|| Arc::new(summary)))
    }

    fn known(&self) -> MutexGuard<'_, FxHashMap<SummaryKey, Arc<FileSummary>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Turns a panic over one text into that file's error: other files are not to blame.
///
/// Nothing in here asks salsa, whose cancellation is a panic that must not be caught.
fn guarded<R>(work: impl FnOnce() -> Result<R, SummaryError>) -> Result<R, SummaryError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown");
        tracing::error!(text, "a frontend broke down");
        Err(SummaryError::Panicked(text.into()))
    })
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|it| it.to_str()).unwrap_or_default()
}
