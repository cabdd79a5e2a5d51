//! The files of one root: which of them salsa knows, what they looked like, and what an editor has open.
//!
//! Outside of salsa. Answers only what salsa's inputs say in the same revision: everything in here changes in
//! [`Workspace::apply`](crate::Workspace::apply), while no query runs, or comes into being when it is first asked for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::files::{DirEntry, FileKind, FileSystem};
use crate::inputs::{Content, Directory, File};
use crate::modules::Listing;
use crate::store::{Stat, StatIndex, StatIndexBuilder};
use crate::summaries::SummaryError;

/// The files of one root.
pub(crate) struct Mount {
    pub(crate) files: Arc<dyn FileSystem>,
    pub(crate) folder: PathBuf,
    /// Whether nothing will ever change.
    pub(crate) is_frozen: bool,
    /// What the last run knew.
    index: StatIndex,
    tables: Mutex<Tables>,
}

#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) files: FxHashMap<Arc<Path>, File>,
    pub(crate) directories: FxHashMap<Arc<Path>, Directory>,
    pub(crate) seen: FxHashMap<Arc<Path>, Seen>,
    pub(crate) overlays: FxHashMap<PathBuf, Arc<[u8]>>,
}

/// What a file was like when it was last looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Seen {
    /// None for what has no stat: absent files, editors' texts.
    pub(crate) stat: Option<Stat>,
    /// Whether every later change must show in the stat.
    pub(crate) is_settled: bool,
    /// Whether the last run's index knew it, as it is.
    pub(crate) is_indexed: bool,
    pub(crate) content: Content,
}

/// What looking at a file gave.
pub(crate) struct Look {
    pub(crate) seen: Seen,
    /// The bytes, if they had to be read.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Look {
    fn without_bytes(content: Content) -> Self {
        let seen = Seen { stat: None, is_settled: false, is_indexed: false, content };
        Self { seen, bytes: None }
    }
}

impl Mount {
    pub(crate) fn new(
        files: Arc<dyn FileSystem>,
        folder: PathBuf,
        is_frozen: bool,
        index: StatIndex,
    ) -> Self {
        Self { files, folder, is_frozen, index, tables: Mutex::default() }
    }

    pub(crate) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds out what is in a file, reading it only if its stat does not tell. `verify` always reads.
    pub(crate) fn look(&self, path: &Path, verify: bool) -> Look {
        let (overlay, seen) = {
            let tables = self.tables();
            (tables.overlays.get(path).cloned(), tables.seen.get(path).copied())
        };
        if let Some(bytes) = overlay {
            return Look::without_bytes(Content::Hash(*blake3::hash(&bytes).as_bytes()));
        }
        // The clock is read first: what is written after this has a later time, or hides in the clock's grain.
        let now = self.files.now();
        let metadata = match self.files.metadata(path) {
            Ok(it) if it.kind == FileKind::File => it,
            Ok(_) => return Look::without_bytes(Content::Absent),
            Err(error) => return Look::without_bytes(absent_or_unreadable(&error)),
        };
        let stat = Stat::from(&metadata);
        if let Some(known) = self.known(path, &stat, seen).filter(|_| !verify) {
            return Look { seen: known, bytes: None };
        }
        match self.files.read(path) {
            Ok(bytes) => {
                let content = Content::Hash(*blake3::hash(&bytes).as_bytes());
                // A file that grew or shrank while it was read is looked at again next time.
                let is_settled = stat.is_settled(now) && stat.size() == bytes.len() as u64;
                let is_indexed =
                    is_settled && self.known(path, &stat, seen).is_some_and(|it| it.content == content);
                let seen = Seen { stat: Some(stat), is_settled, is_indexed, content };
                Look { seen, bytes: Some(bytes) }
            }
            Err(error) => Look::without_bytes(absent_or_unreadable(&error)),
        }
    }

    /// What a stat stands for, as this or the last run saw it.
    fn known(&self, path: &Path, stat: &Stat, seen: Option<Seen>) -> Option<Seen> {
        match seen {
            Some(seen) => (seen.stat == Some(*stat) && seen.is_settled).then_some(seen),
            None => self.index.get(self.below(path), stat).map(|hash| Seen {
                stat: Some(*stat),
                is_settled: true,
                is_indexed: true,
                content: Content::Hash(hash),
            }),
        }
    }

    /// Reads the bytes of a file that has to have this content.
    pub(crate) fn read(&self, path: &Path, content: &[u8; 32]) -> Result<Arc<[u8]>, SummaryError> {
        let overlay = self.tables().overlays.get(path).cloned();
        let bytes = match overlay {
            Some(bytes) => bytes,
            None => self.files.read(path).map_err(|_| SummaryError::Moved)?.into(),
        };
        if blake3::hash(&bytes).as_bytes() == content { Ok(bytes) } else { Err(SummaryError::Moved) }
    }

    /// The entries of a folder, none if it is no folder or may not be read.
    pub(crate) fn list(&self, path: &Path) -> Option<Arc<Listing>> {
        let mut entries = self.files.read_dir(path).ok()?;
        // A file that an editor has not saved yet can be imported all the same.
        let tables = self.tables();
        let unsaved = tables.overlays.keys().filter(|it| it.parent() == Some(path));
        for name in unsaved.filter_map(|it| it.file_name()) {
            if entries.iter().all(|it| it.name != name) {
                entries.push(DirEntry { name: name.to_owned(), kind: FileKind::File });
            }
        }
        drop(tables);
        Some(Arc::new(Listing::new(entries)))
    }

    /// Keeps what looking at files gave that the last run did not leave; all of it if others are to be forgotten.
    pub(crate) fn note(&self, looks: &[(PathBuf, Seen)], keep_unseen: bool) {
        if looks.iter().all(|it| it.1.is_indexed) {
            return;
        }
        let news = looks.iter().filter(|it| !(keep_unseen && it.1.is_indexed));
        let seen = news.map(|(path, seen)| (Arc::from(path.as_path()), *seen));
        self.tables().seen.extend(seen);
    }

    /// The stat index for the next run; none if nothing is new. What this run did not look at is forgotten unless it is
    /// to be kept.
    pub(crate) fn next_index(&self, keep_unseen: bool) -> Option<StatIndexBuilder> {
        let tables = self.tables();
        if tables.seen.values().all(|it| it.is_indexed) {
            return None;
        }
        let mut builder =
            if keep_unseen { StatIndexBuilder::from(&self.index) } else { StatIndexBuilder::default() };
        // What the last run knew, as it is, is there already.
        let is_news = |it: &(&Arc<Path>, &Seen)| !(keep_unseen && it.1.is_indexed);
        let mut seen: Vec<_> = tables.seen.iter().filter(is_news).collect();
        seen.sort_unstable_by_key(|it| it.0);
        for (path, seen) in seen {
            let path = self.below(path);
            match (seen.stat, seen.content, seen.is_settled) {
                (Some(stat), Content::Hash(hash), true) => builder.insert(path, stat, hash),
                _ => builder.remove(path),
            }
        }
        (!builder.is_same_as(&self.index)).then_some(builder)
    }

    fn below<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.folder).unwrap_or(path)
    }
}

fn absent_or_unreadable(error: &io::Error) -> Content {
    let kind = error.kind();
    if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory) {
        Content::Absent
    } else {
        Content::Unreadable(kind)
    }
}
