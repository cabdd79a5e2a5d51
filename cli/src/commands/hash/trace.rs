//! What a run at `deep` depended on besides files: folders in which modules were looked for.
//!
//! Of a folder only those entries count that can be modules. While its times stay as they are it need not be listed;
//! that is sound only for folders that had been at rest when the run began. Where links are about, nothing is traced,
//! because what they lead to can change elsewhere.

use std::path::PathBuf;

use astkit_engine::FileSystem as _;
use astkit_system::OsFiles;

use super::listings::Listing;
use super::packed::{Reader, Writer};

/// Whether folders are as they were.
pub(super) fn folders_hold(folders: &[(PathBuf, FolderState)]) -> bool {
    folders.iter().all(|(path, state)| {
        let Ok(now) = OsFiles.metadata(path) else { return false };
        let is_untouched =
            (now.modified.0, now.changed.0, now.inode) == (state.modified, state.changed, state.inode);
        let entries = || Some(Listing::read(path)?.state()?.entries);
        is_untouched || entries() == Some(state.entries)
    })
}

/// What a folder looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FolderState {
    pub(super) modified: i64,
    pub(super) changed: i64,
    pub(super) inode: u64,
    /// A hash of the entries that can be modules.
    pub(super) entries: [u8; 32],
}

/// Writes folders.
pub(super) fn encode_folders(folders: &[(PathBuf, FolderState)], out: &mut Writer) {
    out.number(folders.len());
    for (path, state) in folders {
        out.bytes(path.as_os_str().as_encoded_bytes());
        for word in [state.modified.cast_unsigned(), state.changed.cast_unsigned(), state.inode] {
            out.long(word);
        }
        out.hash(&state.entries);
    }
}

/// Reads what [`encode_folders`] wrote.
pub(super) fn decode_folders(reader: &mut Reader<'_>) -> Option<Vec<(PathBuf, FolderState)>> {
    reader.list(|reader| {
        let path = PathBuf::from(reader.text()?);
        let (modified, changed) = (reader.long()?.cast_signed(), reader.long()?.cast_signed());
        let (inode, entries) = (reader.long()?, reader.hash()?);
        Some((path, FolderState { modified, changed, inode, entries }))
    })
}
