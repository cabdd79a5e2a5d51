//! What of a root changed, for answers that are kept beside salsa and brought up to date.
//!
//! Salsa finds out what an edit concerns by a look at every memo below a question about all files. Most edits are of
//! what stands in one file, and then nothing but that file has to be looked at: a trail says whether it was so.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::inputs::{File, RootId};

/// Edits that are remembered: who has not asked since asks about everything.
const MOST: usize = 256;

/// The trails of all roots.
#[derive(Debug, Default)]
pub(crate) struct Trails(Mutex<FxHashMap<RootId, Trail>>);

#[derive(Debug, Default)]
struct Trail {
    /// The last revision in which more changed than what stands in files.
    structure: u64,
    /// Files that were and are there, with the revisions in which they changed.
    contents: Vec<(u64, File)>,
}

impl Trails {
    /// Notes that a file has another content since a revision.
    pub(crate) fn add(&self, root: RootId, revision: u64, file: File) {
        let mut trails = self.lock();
        let trail = trails.entry(root).or_default();
        if trail.contents.len() == MOST {
            trail.structure = trail.contents.drain(..MOST / 2).next_back().map_or(revision, |it| it.0);
        }
        trail.contents.push((revision, file));
    }

    /// Notes that anything may be another since a revision.
    pub(crate) fn cut(&self, root: RootId, revision: u64) {
        let mut trails = self.lock();
        let trail = trails.entry(root).or_default();
        trail.structure = revision;
        trail.contents.clear();
    }

    /// The files that changed after a revision; none if more did.
    pub(crate) fn since(&self, root: RootId, revision: u64) -> Option<Vec<File>> {
        let trails = self.lock();
        let Some(trail) = trails.get(&root) else { return Some(Vec::new()) };
        if trail.structure > revision {
            return None;
        }
        let later = trail.contents.iter().filter(|it| it.0 > revision);
        let files: FxHashSet<File> = later.map(|it| it.1).collect();
        Some(files.into_iter().collect())
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<RootId, Trail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
