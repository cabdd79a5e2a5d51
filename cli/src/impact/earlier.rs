//! Files as they were: those of the system, with some of them replaced, absent, or back again.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_engine::{DirEntry, FileKind, FileSystem, Metadata, Timestamp};
use astkit_system::OsFiles;

/// The system's files with differences.
#[derive(Debug, Default)]
pub(crate) struct EarlierFiles {
    /// What was in a file, if it was there.
    pub(crate) contents: BTreeMap<PathBuf, Option<Arc<[u8]>>>,
}

impl EarlierFiles {
    /// What is known about a path: nothing, that it was absent, or what was in it.
    #[expect(clippy::option_option, reason = "not known, known to be absent, and there are three things")]
    fn known(&self, path: &Path) -> Option<Option<&Arc<[u8]>>> {
        self.contents.get(path).map(Option::as_ref)
    }

    /// Whether a folder that is gone had some of the files.
    fn is_folder(&self, path: &Path) -> bool {
        self.contents.iter().any(|it| it.1.is_some() && it.0 != path && it.0.starts_with(path))
    }
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl FileSystem for EarlierFiles {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        let made_up = |kind, size: usize| {
            // Of this moment, so that nobody takes it for what is known of the file of today.
            let (now, size) = (OsFiles.now(), u64::try_from(size).unwrap_or(u64::MAX));
            Metadata { kind, size, modified: now, changed: now, inode: 0, mode: 0 }
        };
        match self.known(path) {
            Some(None) => Err(not_found()),
            Some(Some(content)) => Ok(made_up(FileKind::File, content.len())),
            None => OsFiles.metadata(path).or_else(|error| {
                if self.is_folder(path) { Ok(made_up(FileKind::Directory, 0)) } else { Err(error) }
            }),
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.known(path) {
            Some(None) => Err(not_found()),
            Some(Some(content)) => Ok(content.to_vec()),
            None => OsFiles.read(path),
        }
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = match OsFiles.read_dir(path) {
            Ok(entries) => entries,
            Err(_) if self.is_folder(path) => Vec::new(),
            Err(error) => return Err(error),
        };
        entries.retain(|it| !matches!(self.known(&path.join(&it.name)), Some(None)));
        for (file, content) in &self.contents {
            let Ok(below) = file.strip_prefix(path) else { continue };
            let mut parts = below.components();
            let (Some(first), false) = (parts.next(), content.is_none()) else { continue };
            let name: OsString = first.as_os_str().to_owned();
            if entries.iter().all(|it| it.name != name) {
                let kind = if parts.next().is_none() { FileKind::File } else { FileKind::Directory };
                entries.push(DirEntry { name, kind });
            }
        }
        Ok(entries)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        match self.known(path) {
            Some(None) => Err(not_found()),
            Some(Some(_)) => Ok(path.to_owned()),
            None => OsFiles
                .canonicalize(path)
                .or_else(|error| if self.is_folder(path) { Ok(path.to_owned()) } else { Err(error) }),
        }
    }

    fn now(&self) -> Timestamp {
        OsFiles.now()
    }
}
