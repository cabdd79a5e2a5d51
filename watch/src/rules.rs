//! Which files are wanted.

use std::ffi::OsString;
use std::io;
use std::path::Path;

/// Decides what is watched. Asked again whenever a folder changes, so it may read ignore files each time.
pub trait Rules: Send {
    /// The wanted files and the folders that may hold some, directly in a folder.
    ///
    /// # Errors
    /// As the system says, if the folder can't be read.
    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>>;

    /// Whether a file of this name may be wanted, whatever else is known of it. Must be cheap.
    fn may_be_wanted(&self, path: &Path) -> bool;

    /// Whether a file tells what is wanted in its folder and below, as `.gitignore` does.
    fn is_rule(&self, path: &Path) -> bool;

    /// Whether a file looks complete. One that looked complete before and does not now is looked at once more
    /// before it is reported: many programs empty a file and write it a moment later.
    fn is_complete(&self, path: &Path, content: &[u8]) -> bool;
}

/// One entry of a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// Its name.
    pub name: OsString,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link to a file.
    LinkedFile,
    /// A symbolic link to a folder.
    LinkedFolder,
}
