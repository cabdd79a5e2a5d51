//! What a watcher reports.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One thing that a watcher has to say.
#[derive(Debug)]
pub enum Event {
    /// Files have other contents than before.
    Batch(Batch),
    /// Events were lost; everything is looked at again.
    Rescan(RescanReason),
    /// All that happened before the cookie file was written has been reported. Holds the file's text.
    Synced(String),
    /// One of [`Options::others`](crate::Options::others) has another content.
    Other(PathBuf),
    /// Something that a user should know.
    Warning(Warning),
    /// Somebody used the [`Waker`](crate::Waker).
    Woken,
}

/// Changes that belong together: what was found in one look at the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Counts from 1.
    pub number: u64,
    /// What led to the look.
    pub cause: Cause,
    /// The files, sorted by path, each once.
    pub files: Vec<Change>,
    /// From the first hint to the report.
    pub waited: Duration,
}

/// What led to a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// Events of the operating system.
    Event,
    /// Lost events, or other rules for what is wanted.
    Rescan,
    /// Polling.
    Poll,
    /// The look at all stats when nothing else is to do.
    Safety,
}

impl Cause {
    /// Its name in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Rescan => "rescan",
            Self::Poll => "poll",
            Self::Safety => "safety",
        }
    }
}

/// A file with another content than before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Where it is: as the root was given, with the way from there; through links as the user sees them.
    pub path: PathBuf,
    /// The content before; none if it was not there or could not be read.
    pub before: Option<Arc<[u8]>>,
    /// The content now; none if it is not there or can't be read.
    pub after: Option<Arc<[u8]>>,
}

impl Change {
    /// What happened.
    pub fn kind(&self) -> ChangeKind {
        match (&self.before, &self.after) {
            (None, _) => ChangeKind::Added,
            (Some(_), Some(_)) => ChangeKind::Modified,
            (Some(_), None) => ChangeKind::Removed,
        }
    }
}

/// What happened to a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ChangeKind {
    /// It is there now.
    Added,
    /// It has another content.
    Modified,
    /// It is gone, or can't be read any more.
    Removed,
}

impl ChangeKind {
    /// Its name in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Removed => "removed",
        }
    }
}

/// Why everything was looked at again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RescanReason {
    /// The operating system's queue of events was full.
    Overflow,
    /// The operating system reported an error.
    Error,
    /// What is wanted has changed.
    Rules,
}

impl RescanReason {
    /// Its name in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overflow => "overflow",
            Self::Error => "error",
            Self::Rules => "rules",
        }
    }
}

/// Something that a user should know; none of them ends the watcher.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// The system lets a user watch only so many folders. The others are polled.
    #[error("watch limit reached: {watched} of {wanted} folders are watched, the others are polled")]
    WatchLimit {
        /// Folders that the system watches.
        watched: usize,
        /// Folders with wanted files.
        wanted: usize,
    },
    /// The system gives no events at all. Everything is polled.
    #[error("the system gives no file events, so all files are polled: {0}")]
    NoEvents(String),
    /// A file system of another machine tells nothing about changes made there. It is polled.
    #[error("`{}` is on {kind}, which does not report all changes, so it is polled", .path.display())]
    Network {
        /// The root.
        path: PathBuf,
        /// The kind of file system.
        kind: &'static str,
    },
    /// Can't be read, and is passed over until it can.
    #[error("cannot read `{}`", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// A root is gone. It is watched for.
    #[error("`{}` is gone", .0.display())]
    RootGone(PathBuf),
    /// A root has come back.
    #[error("`{}` is back", .0.display())]
    RootBack(PathBuf),
}

impl Warning {
    /// Its name in machine-readable output.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WatchLimit { .. } => "watch_limit",
            Self::NoEvents(_) => "no_events",
            Self::Network { .. } => "network",
            Self::Unreadable { .. } => "unreadable",
            Self::RootGone(_) => "root_gone",
            Self::RootBack(_) => "root_back",
        }
    }
}
