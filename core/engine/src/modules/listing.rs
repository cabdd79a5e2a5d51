//! What is in which folder: the only thing that finding modules looks at.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::files::{DirEntry, FileKind, FileSystem};

/// The entries of a folder, sorted by name. Equal listings have equal names and kinds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    entries: Box<[DirEntry]>,
}

impl Listing {
    /// Sorts the entries.
    pub fn new(mut entries: Vec<DirEntry>) -> Self {
        entries.sort();
        Self { entries: entries.into_boxed_slice() }
    }

    /// What the entry of this name is. Names are compared to the letter, as CPython does on every system.
    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<FileKind> {
        let name = name.as_ref();
        let at = self.entries.binary_search_by(|it| it.name.as_os_str().cmp(name)).ok()?;
        Some(self.entries[at].kind)
    }

    /// Whether there is a file of this name.
    pub fn has_file(&self, name: impl AsRef<OsStr>) -> bool {
        self.get(name) == Some(FileKind::File)
    }

    /// Whether there is a folder of this name.
    pub fn has_dir(&self, name: impl AsRef<OsStr>) -> bool {
        self.get(name) == Some(FileKind::Directory)
    }

    /// All entries, sorted by name.
    pub fn entries(&self) -> &[DirEntry] {
        &self.entries
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.entries.iter().map(|it| size_of::<DirEntry>() + it.name.len()).sum()
    }
}

/// What finding modules asks about files.
pub trait Listings {
    /// The entries of a folder; none if it is no folder, or may not be read.
    fn listing(&self, folder: &Path) -> Option<Arc<Listing>>;

    /// The text of a small file (`.pth`); none if there is none.
    fn text(&self, file: &Path) -> Option<Arc<str>>;

    /// Whether a package's `__init__` widens its path to folders of the same name: see [`extends_path`].
    fn extends_path(&self, init: &Path) -> bool;
}

/// Listings straight from a file system, each asked for once.
#[derive(Debug)]
pub struct FileListings<'a> {
    files: &'a dyn FileSystem,
    listings: Mutex<FxHashMap<PathBuf, Option<Arc<Listing>>>>,
}

impl<'a> FileListings<'a> {
    /// Knows nothing yet.
    pub fn new(files: &'a dyn FileSystem) -> Self {
        Self { files, listings: Mutex::default() }
    }
}

impl Listings for FileListings<'_> {
    fn listing(&self, folder: &Path) -> Option<Arc<Listing>> {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = listings.get(folder) {
            return known.clone();
        }
        let listing = self.files.read_dir(folder).ok().map(|it| Arc::new(Listing::new(it)));
        listings.insert(folder.to_owned(), listing.clone());
        listing
    }

    fn text(&self, file: &Path) -> Option<Arc<str>> {
        self.files.read(file).ok().map(|it| String::from_utf8_lossy(&it).into())
    }

    fn extends_path(&self, init: &Path) -> bool {
        self.files.read(init).is_ok_and(|it| extends_path(&it))
    }
}

/// Whether the source of a package's `__init__` makes it an old namespace package, by one of the two calls that the
/// packaging guide names: `pkgutil.extend_path(__path__, __name__)`, `pkg_resources.declare_namespace(__name__)`.
///
/// Looks for the call's text: the spellings differ in layout only, and a mention of it elsewhere costs a look into
/// other folders, no more.
pub fn extends_path(source: &[u8]) -> bool {
    let has = |word: &[u8]| memchr::memmem::find(source, word).is_some();
    (has(b"extend_path(") && has(b"__path__")) || has(b"declare_namespace(")
}
