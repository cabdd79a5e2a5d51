//! Files in memory, for tests and for programs that have none.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::{DirEntry, FileKind, FileSystem, Metadata, Timestamp, normal};

/// A tree of files in memory, with a clock that ticks at every change.
///
/// Clones are cheap and independent: a clone keeps the files as they were.
#[derive(Debug)]
pub struct MemoryFiles {
    inner: RwLock<Inner>,
}

#[derive(Clone, Debug)]
struct Inner {
    /// Files by path, and folders as `None`.
    entries: BTreeMap<PathBuf, Option<Stored>>,
    clock: i64,
}

#[derive(Clone, Debug)]
struct Stored {
    bytes: Arc<[u8]>,
    modified: i64,
    inode: u64,
    is_forbidden: bool,
}

/// What the clock advances by at every change: more than any margin for clocks of coarse grain.
const TICK: i64 = 10 * Timestamp::SECOND;

impl Default for MemoryFiles {
    fn default() -> Self {
        let entries = BTreeMap::from([(PathBuf::from("/"), None)]);
        Self { inner: RwLock::new(Inner { entries, clock: TICK }) }
    }
}

impl Clone for MemoryFiles {
    fn clone(&self) -> Self {
        Self { inner: RwLock::new(self.with(Inner::clone)) }
    }
}

impl MemoryFiles {
    /// Makes a tree of the given files; folders above them come into being.
    pub fn new<P: AsRef<Path>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let this = Self::default();
        for (path, bytes) in files {
            this.write(path, bytes);
        }
        this
    }

    /// Writes a file, and makes the folders above it. The file keeps its inode when it was there.
    pub fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = normal(path.as_ref());
        self.change(|inner| {
            inner.make_folders_above(&path);
            let (modified, fresh) = (inner.clock, inner.clock.unsigned_abs());
            let inode = match inner.entries.get(&path) {
                Some(Some(old)) => old.inode,
                _ => fresh,
            };
            let stored = Stored { bytes: bytes.as_ref().into(), modified, inode, is_forbidden: false };
            inner.entries.insert(path, Some(stored));
        });
    }

    /// Gives a file a new time without a new content.
    pub fn touch(&self, path: impl AsRef<Path>) {
        let path = normal(path.as_ref());
        self.change(|inner| {
            let now = inner.clock;
            if let Some(Some(stored)) = inner.entries.get_mut(&path) {
                stored.modified = now;
            }
        });
    }

    /// Lets a file be unreadable, or readable again.
    pub fn forbid(&self, path: impl AsRef<Path>, is_forbidden: bool) {
        let path = normal(path.as_ref());
        self.change(|inner| {
            let now = inner.clock;
            if let Some(Some(stored)) = inner.entries.get_mut(&path) {
                (stored.modified, stored.is_forbidden) = (now, is_forbidden);
            }
        });
    }

    /// Makes a folder.
    pub fn create_dir(&self, path: impl AsRef<Path>) {
        let path = normal(path.as_ref());
        self.change(|inner| {
            inner.make_folders_above(&path);
            inner.entries.entry(path).or_insert(None);
        });
    }

    /// Removes a file, or a folder with all that is in it.
    pub fn remove(&self, path: impl AsRef<Path>) {
        let path = normal(path.as_ref());
        self.change(|inner| inner.entries.retain(|it, _| !it.starts_with(&path)));
    }

    /// Moves a file, or a folder with all that is in it.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        let (from, to) = (normal(from.as_ref()), normal(to.as_ref()));
        self.change(|inner| {
            inner.make_folders_above(&to);
            let moved: Vec<_> = inner.entries.keys().filter(|it| it.starts_with(&from)).cloned().collect();
            for old in moved {
                let (Some(entry), Ok(rest)) = (inner.entries.remove(&old), old.strip_prefix(&from)) else {
                    continue;
                };
                let new = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                inner.entries.insert(new, entry);
            }
        });
    }

    /// All files, sorted by path.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.with(|it| it.entries.iter().filter(|it| it.1.is_some()).map(|it| it.0.clone()).collect())
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        inner.clock += TICK;
        change(&mut inner);
    }

    fn with<R>(&self, read: impl FnOnce(&Inner) -> R) -> R {
        read(&self.inner.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn make_folders_above(&mut self, path: &Path) {
        for folder in path.ancestors().skip(1) {
            self.entries.entry(folder.to_owned()).or_insert(None);
        }
    }

    fn get(&self, path: &Path) -> io::Result<Option<&Stored>> {
        let entry = self.entries.get(&normal(path));
        entry.map(Option::as_ref).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl FileSystem for MemoryFiles {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.with(|inner| {
            let stored = inner.get(path)?;
            let modified = Timestamp(stored.map_or(0, |it| it.modified));
            Ok(Metadata {
                kind: if stored.is_some() { FileKind::File } else { FileKind::Directory },
                size: stored.map_or(0, |it| it.bytes.len() as u64),
                modified,
                changed: modified,
                inode: stored.map_or(0, |it| it.inode),
                mode: 0,
            })
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.with(|inner| match inner.get(path)? {
            Some(stored) if stored.is_forbidden => Err(io::ErrorKind::PermissionDenied.into()),
            Some(stored) => Ok(stored.bytes.to_vec()),
            None => Err(io::ErrorKind::IsADirectory.into()),
        })
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let path = normal(path);
        self.with(|inner| {
            if inner.get(&path)?.is_some() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            let below = inner.entries.range(path.clone()..).skip(1).take_while(|it| it.0.starts_with(&path));
            let children = below.filter(|it| it.0.parent() == Some(&path));
            let entry = |(path, stored): (&PathBuf, &Option<Stored>)| DirEntry {
                name: path.file_name().unwrap_or_default().to_owned(),
                kind: if stored.is_some() { FileKind::File } else { FileKind::Directory },
            };
            Ok(children.map(entry).collect())
        })
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.with(|inner| inner.get(path).map(|_| normal(path)))
    }

    fn now(&self) -> Timestamp {
        // A file that is written after this call is stamped later.
        self.with(|inner| Timestamp(inner.clock + TICK / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_list_their_own_entries_only() {
        let files = MemoryFiles::new([("/a/x.py", "1"), ("/a/b/y.py", "22"), ("/ab/z.py", "")]);
        let names = |path: &str| -> Vec<String> {
            let entries = files.read_dir(Path::new(path)).unwrap();
            entries.iter().map(|it| format!("{} {:?}", it.name.display(), it.kind)).collect()
        };
        assert_eq!(names("/"), ["a Directory", "ab Directory"]);
        assert_eq!(names("/a"), ["b Directory", "x.py File"]);
        assert_eq!(files.read(Path::new("/a/./b/../b/y.py")).unwrap(), b"22");
        assert_eq!(files.read_dir(Path::new("/a/x.py")).unwrap_err().kind(), io::ErrorKind::NotADirectory);
        assert_eq!(files.read(Path::new("/none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn folders_move_with_all_that_is_in_them() {
        let files = MemoryFiles::new([("/a/x.py", "1"), ("/a/b/y.py", "2")]);
        let before = files.clone();
        files.rename("/a", "/c/d");
        assert_eq!(files.paths(), [PathBuf::from("/c/d/b/y.py"), PathBuf::from("/c/d/x.py")]);
        files.remove("/c/d/b");
        assert_eq!(files.paths(), [PathBuf::from("/c/d/x.py")]);
        assert_eq!(before.paths().len(), 2);
    }
}
