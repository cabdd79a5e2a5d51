//! Real files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use astkit_engine::{DirEntry, FileKind, FileSystem, Metadata, Timestamp};

/// The files of the operating system. Paths have to be absolute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OsFiles;

impl FileSystem for OsFiles {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        fs::metadata(path).map(|it| metadata(&it))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let mut out = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let kind = match entry.file_type() {
                Ok(it) if it.is_file() => FileKind::File,
                Ok(it) if it.is_dir() => FileKind::Directory,
                // A link: what it leads to counts.
                _ => fs::metadata(entry.path()).map_or(FileKind::Other, |it| file_kind(&it)),
            };
            out.push(DirEntry { name: entry.file_name(), kind });
        }
        Ok(out)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn now(&self) -> Timestamp {
        timestamp(SystemTime::now())
    }
}

fn file_kind(metadata: &fs::Metadata) -> FileKind {
    if metadata.is_file() {
        FileKind::File
    } else if metadata.is_dir() {
        FileKind::Directory
    } else {
        FileKind::Other
    }
}

#[cfg(unix)]
fn metadata(it: &fs::Metadata) -> Metadata {
    use std::os::unix::fs::MetadataExt as _;
    let stamp =
        |seconds: i64, nanos: i64| Timestamp(seconds.saturating_mul(Timestamp::SECOND).saturating_add(nanos));
    Metadata {
        kind: file_kind(it),
        size: it.len(),
        modified: stamp(it.mtime(), it.mtime_nsec()),
        changed: stamp(it.ctime(), it.ctime_nsec()),
        inode: it.ino(),
        mode: it.mode(),
    }
}

#[cfg(not(unix))]
fn metadata(it: &fs::Metadata) -> Metadata {
    let modified = it.modified().map_or(Timestamp::default(), timestamp);
    Metadata { kind: file_kind(it), size: it.len(), modified, changed: modified, inode: 0, mode: 0 }
}

pub(crate) fn timestamp(time: SystemTime) -> Timestamp {
    let nanos = match time.duration_since(UNIX_EPOCH) {
        Ok(it) => i64::try_from(it.as_nanos()).unwrap_or(i64::MAX),
        Err(it) => i64::try_from(it.duration().as_nanos()).map_or(i64::MIN, |it| -it),
    };
    Timestamp(nanos)
}
