//! What may have changed, as a program tells the engine; and what had, as the engine answers.

use std::path::PathBuf;
use std::sync::Arc;

use crate::inputs::RootId;
use crate::modules::Environment;

/// Hints about what may have changed. None has to be exact: the engine looks, compares, and sets what differs.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub(super) list: Vec<(RootId, Change)>,
}

#[derive(Clone, Debug)]
pub(super) enum Change {
    Path(PathBuf),
    Open(PathBuf, Arc<[u8]>),
    Close(PathBuf),
    Files(Vec<PathBuf>),
    Environment(Arc<Environment>),
    Everything { verify: bool },
}

impl Changes {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something at or below a path was made, changed, moved or removed.
    ///
    /// A new file of a kind that some frontend reads joins the root's files, if it is below the root's folder; of a
    /// new folder, all such files that are not hidden do. Absent files leave.
    pub fn path(&mut self, root: RootId, path: impl Into<PathBuf>) -> &mut Self {
        self.add(root, Change::Path(path.into()))
    }

    /// An editor shows a text for a file; it counts instead of what is in the file until [`close`](Self::close).
    pub fn open(&mut self, root: RootId, path: impl Into<PathBuf>, text: impl Into<Arc<[u8]>>) -> &mut Self {
        self.add(root, Change::Open(path.into(), text.into()))
    }

    /// An editor has closed a file.
    pub fn close(&mut self, root: RootId, path: impl Into<PathBuf>) -> &mut Self {
        self.add(root, Change::Close(path.into()))
    }

    /// The files that questions about the whole root are about.
    pub fn files(&mut self, root: RootId, paths: Vec<PathBuf>) -> &mut Self {
        self.add(root, Change::Files(paths))
    }

    /// Another Python, other roots.
    pub fn environment(&mut self, root: RootId, environment: Environment) -> &mut Self {
        self.add(root, Change::Environment(Arc::new(environment)))
    }

    /// Anything may have changed that was looked at before. `verify` reads contents where stats would do.
    pub fn everything(&mut self, root: RootId, verify: bool) -> &mut Self {
        self.add(root, Change::Everything { verify })
    }

    fn add(&mut self, root: RootId, change: Change) -> &mut Self {
        self.list.push((root, change));
        self
    }
}

/// What happened to a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FileChange {
    /// It is there now.
    Created,
    /// It has another content, or can't be read any more, or again.
    Changed,
    /// It is gone.
    Removed,
}

/// What had changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// Number of the workspace's state. The same as before if nothing had changed.
    pub revision: u64,
    /// Files of which the engine knew, or knows now, sorted.
    pub files: Vec<(RootId, PathBuf, FileChange)>,
}
