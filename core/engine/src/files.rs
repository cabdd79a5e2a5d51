//! Files, as the engine sees them: a trait, and an implementation in memory.
//!
//! Nothing below `core/` touches the operating system. The engine reads through [`FileSystem`], which a program
//! implements over real files, a version control's tree, an editor's buffers or, as [`MemoryFiles`], nothing at all.
//! Paths are absolute and say what they mean: an implementation does not know a current folder.

mod memory;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

pub use memory::MemoryFiles;

/// What a path leads to, symbolic links followed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FileKind {
    /// A file with content.
    File,
    /// A folder.
    Directory,
    /// A socket, a device, a link into nothing.
    Other,
}

/// A moment on the clock of a file system: nanoseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Nanoseconds of a second.
    pub const SECOND: i64 = 1_000_000_000;

    /// Whole days since 1970.
    pub fn day(self) -> u32 {
        u32::try_from(self.0 / (86_400 * Self::SECOND)).unwrap_or(0)
    }
}

/// What a file system knows about a file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Metadata {
    /// What it is.
    pub kind: FileKind,
    /// Size in bytes.
    pub size: u64,
    /// When its content was last changed, as far as programs tell.
    pub modified: Timestamp,
    /// When anything about it was last changed; the same as `modified` where the system does not know.
    pub changed: Timestamp,
    /// Its number on its device; 0 where the system has none.
    pub inode: u64,
    /// Permission bits; 0 where the system has none.
    pub mode: u32,
}

/// One entry of a folder.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DirEntry {
    /// Its name in the folder.
    pub name: OsString,
    /// What it is, links followed.
    pub kind: FileKind,
}

/// A source of files.
///
/// All methods may be called from many threads at once. What they return may change between calls; the engine
/// remembers what it has seen and asks again only when it is told to.
pub trait FileSystem: Send + Sync + fmt::Debug {
    /// What is known about a path without reading it.
    ///
    /// # Errors
    /// As the system says; [`io::ErrorKind::NotFound`] if there is nothing.
    fn metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// The content of a file.
    ///
    /// # Errors
    /// As the system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The entries of a folder, in any order.
    ///
    /// # Errors
    /// As the system says; [`io::ErrorKind::NotADirectory`] if it is something else.
    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>>;

    /// The path without links.
    ///
    /// # Errors
    /// As the system says; [`io::ErrorKind::NotFound`] if there is nothing.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// The clock that stamps files: not earlier than the stamp of a file written before the call.
    fn now(&self) -> Timestamp;
}

/// The path without `.` and `..`, as `os.path.abspath` makes it: links are not asked.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(component),
        }
    }
    out
}
