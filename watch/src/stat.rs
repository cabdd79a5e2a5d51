//! What the system tells of a file without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// Changes whenever a file does, but for writes so quick after each other that clocks can't tell them apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stat {
    modified: i128,
    changed: i128,
    size: u64,
    inode: u64,
    mode: u32,
}

/// Which folder it is: one that was replaced by another of the same name is another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Identity(u64, u64);

/// Clocks of file systems are at most this coarse.
const GRAIN: Duration = Duration::from_millis(50);

impl Stat {
    #[cfg(unix)]
    pub(crate) fn of(it: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        let stamp = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        Self {
            modified: stamp(it.mtime(), it.mtime_nsec()),
            changed: stamp(it.ctime(), it.ctime_nsec()),
            size: it.size(),
            inode: it.ino(),
            mode: it.mode(),
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(it: &Metadata) -> Self {
        let modified = it.modified().map_or(0, nanos);
        let mode = u32::from(it.permissions().readonly());
        Self { modified, changed: modified, size: it.len(), inode: 0, mode }
    }

    /// Whether a file read at that time may have been written again without another stat.
    pub(crate) fn is_racy(&self, read_at: SystemTime) -> bool {
        let grain = i128::try_from(GRAIN.as_nanos()).unwrap_or(i128::MAX);
        self.modified.max(self.changed) + grain >= nanos(read_at)
    }
}

impl Identity {
    #[cfg(unix)]
    pub(crate) fn of(it: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self(it.dev(), it.ino())
    }

    #[cfg(not(unix))]
    pub(crate) fn of(it: &Metadata) -> Self {
        // The moment of its making is all that tells folders apart here.
        let made = it.created().map_or(0, nanos);
        Self(0, u64::try_from(made).unwrap_or(0))
    }
}

fn nanos(time: SystemTime) -> i128 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(it) => i128::try_from(it.as_nanos()).unwrap_or(i128::MAX),
        Err(it) => i128::try_from(it.duration().as_nanos()).map_or(i128::MIN, |it| -it),
    }
}
