//! What a run at `deep` depended on besides its inputs: files that were imported, and folders in which modules were
//! looked for.
//!
//! Of a folder only those entries count that can be modules. While its times stay as they are it need not be listed;
//! that is sound only for folders that had been at rest when the run began. Where links are about, nothing is traced,
//! because what they lead to can change elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use astkit_engine::store::Stat;
use astkit_engine::{FileSystem as _, Timestamp};
use astkit_system::OsFiles;

use super::packed::{Reader, Writer};
use crate::contents::{Contents, Folder, common_folder};
use crate::session::Session;

/// What else counted.
#[derive(Default)]
pub(super) struct Trace {
    folders: Vec<(PathBuf, FolderState)>,
    files: Vec<(PathBuf, [u8; 32])>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct FolderState {
    modified: i64,
    changed: i64,
    inode: u64,
    entries: [u8; 32],
}

impl Trace {
    /// The trace of a run that began at `start`; none where something may have changed since, or can't be traced.
    pub(super) fn new(
        folders: &BTreeSet<PathBuf>,
        files: Vec<(PathBuf, [u8; 32])>,
        start: Timestamp,
    ) -> Option<Self> {
        let state = |path: &PathBuf| {
            let metadata = OsFiles.metadata(path).ok()?;
            let entries = entries(path).filter(|_| Stat::from(&metadata).is_settled(start))?;
            let (modified, changed) = (metadata.modified.0, metadata.changed.0);
            Some((path.clone(), FolderState { modified, changed, inode: metadata.inode, entries }))
        };
        Some(Self { folders: folders.iter().map(state).collect::<Option<_>>()?, files })
    }

    /// Whether all is as it was.
    pub(super) fn holds(&self, session: &Session) -> bool {
        let is_same = |(path, state): &(PathBuf, FolderState)| {
            let Ok(now) = OsFiles.metadata(path) else { return false };
            let is_untouched =
                (now.modified.0, now.changed.0, now.inode) == (state.modified, state.changed, state.inode);
            is_untouched || entries(path) == Some(state.entries)
        };
        self.folders.iter().all(is_same) && self.has_files(session)
    }

    fn has_files(&self, session: &Session) -> bool {
        if self.files.is_empty() {
            return true;
        }
        let files: Vec<_> = self.files.iter().map(|it| it.0.clone()).collect();
        let contents = Contents::survey(session, vec![Folder { path: common_folder(&files), files }], false);
        let holds = contents.of(0).iter().zip(&self.files).all(|(now, it)| *now == Some(it.1));
        contents.close(session);
        holds
    }

    pub(super) fn encode(&self, out: &mut Writer) {
        out.number(self.folders.len());
        for (path, state) in &self.folders {
            out.bytes(path.as_os_str().as_encoded_bytes());
            for word in [state.modified.cast_unsigned(), state.changed.cast_unsigned(), state.inode] {
                out.0.extend_from_slice(&word.to_le_bytes());
            }
            out.hash(&state.entries);
        }
        out.number(self.files.len());
        for (path, content) in &self.files {
            out.bytes(path.as_os_str().as_encoded_bytes());
            out.hash(content);
        }
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let long = |reader: &mut Reader<'_>| {
            let (low, high) = (u64::from(reader.word()?), u64::from(reader.word()?));
            Some(low | (high << 32))
        };
        let folders = reader.list(|reader| {
            let path = PathBuf::from(reader.text()?);
            let (modified, changed) = (long(reader)?.cast_signed(), long(reader)?.cast_signed());
            let (inode, entries) = (long(reader)?, reader.hash()?);
            Some((path, FolderState { modified, changed, inode, entries }))
        })?;
        let files = reader.list(|reader| Some((PathBuf::from(reader.text()?), reader.hash()?)))?;
        Some(Self { folders, files })
    }
}

/// A hash of a folder's entries that can be modules; none if it has links among them or can't be listed.
fn entries(folder: &Path) -> Option<[u8; 32]> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let (name, kind) = (entry.file_name(), entry.file_type().ok()?);
        if kind.is_symlink() {
            return None;
        }
        let name = name.into_encoded_bytes();
        let is_module = [&b".py"[..], b".pyi", b".pyw"].iter().any(|it| name.ends_with(it));
        if (kind.is_dir() && name != b"__pycache__") || is_module {
            names.push((name, kind.is_dir()));
        }
    }
    names.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (name, is_folder) in names {
        hasher.update(&name).update(&[0, u8::from(is_folder)]);
    }
    Some(*hasher.finalize().as_bytes())
}

/// The folders on which it depends whether a file or folder is there: its own, or the nearest above that is there.
pub(super) fn decides(path: &Path, known: &mut BTreeSet<PathBuf>) {
    for folder in path.ancestors().skip(1) {
        if known.contains(folder) || folder.is_dir() {
            known.insert(folder.to_owned());
            return;
        }
    }
}
