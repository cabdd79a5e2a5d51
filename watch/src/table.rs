//! The table: every wanted file with its content, every folder that may hold some.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use crate::stat::{Identity, Stat};

/// What was last seen on disk, and reported.
#[derive(Debug, Default)]
pub(crate) struct Table {
    folders: BTreeMap<PathBuf, Folder>,
    files: FxHashMap<PathBuf, File>,
}

/// A folder that is watched.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) identity: Identity,
    /// At the time of the last listing; none if there was none.
    pub(crate) listed: Option<(Stat, SystemTime)>,
    pub(crate) files: BTreeSet<OsString>,
    pub(crate) folders: BTreeSet<OsString>,
}

/// A wanted file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) stat: Stat,
    pub(crate) read_at: SystemTime,
    /// None if it can't be read.
    pub(crate) content: Option<Arc<[u8]>>,
    pub(crate) is_complete: bool,
}

impl Table {
    pub(crate) fn folder(&self, path: &Path) -> Option<&Folder> {
        self.folders.get(path)
    }

    pub(crate) fn folder_mut(&mut self, path: &Path) -> Option<&mut Folder> {
        self.folders.get_mut(path)
    }

    pub(crate) fn file(&self, path: &Path) -> Option<&File> {
        self.files.get(path)
    }

    pub(crate) fn file_mut(&mut self, path: &Path) -> Option<&mut File> {
        self.files.get_mut(path)
    }

    /// The folders, parents before children.
    pub(crate) fn folders(&self) -> impl Iterator<Item = (&PathBuf, &Folder)> {
        self.folders.iter()
    }

    pub(crate) fn folder_count(&self) -> usize {
        self.folders.len()
    }

    pub(crate) fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The files, sorted.
    pub(crate) fn files(&self) -> Vec<(&Path, &File)> {
        let mut out: Vec<_> = self.files.iter().map(|(path, file)| (&**path, file)).collect();
        out.sort_unstable_by_key(|it| it.0);
        out
    }

    pub(crate) fn add_folder(&mut self, path: &Path, identity: Identity) {
        let folder = Folder { identity, listed: None, files: BTreeSet::new(), folders: BTreeSet::new() };
        self.folders.insert(path.to_owned(), folder);
        if let Some((parent, name)) = self.parent_of(path) {
            parent.folders.insert(name);
        }
    }

    pub(crate) fn put_file(&mut self, path: &Path, file: File) {
        self.files.insert(path.to_owned(), file);
        if let Some((parent, name)) = self.parent_of(path) {
            parent.files.insert(name);
        }
    }

    pub(crate) fn remove_file(&mut self, path: &Path) -> Option<File> {
        if let Some((parent, name)) = self.parent_of(path) {
            parent.files.remove(&name);
        }
        self.files.remove(path)
    }

    /// Forgets a folder and those below it; their files stay, as they are to be reported. Returns both.
    pub(crate) fn remove_folder(&mut self, path: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
        if let Some((parent, name)) = self.parent_of(path) {
            parent.folders.remove(&name);
        }
        // Paths are ordered by components, so what is below stands together.
        let below = self.folders.range(path.to_owned()..).map(|it| it.0);
        let folders: Vec<PathBuf> = below.take_while(|it| it.starts_with(path)).cloned().collect();
        let mut files = Vec::new();
        for folder in &folders {
            if let Some(it) = self.folders.remove(folder) {
                files.extend(it.files.iter().map(|name| folder.join(name)));
            }
        }
        (folders, files)
    }

    fn parent_of(&mut self, path: &Path) -> Option<(&mut Folder, OsString)> {
        let parent = self.folders.get_mut(path.parent()?)?;
        Some((parent, path.file_name().map(OsStr::to_owned)?))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::Table;
    use crate::stat::Identity;

    #[test]
    fn forgetting_a_folder_takes_what_is_below_and_nothing_beside() {
        let folder = tempfile::tempdir().expect("a folder");
        let identity = Identity::of(&std::fs::metadata(folder.path()).expect("it is there"));
        let mut table = Table::default();
        let all = ["r", "r/a", "r/a b", "r/a/x", "r/a-b", "r/a/x/y", "r/b"];
        for path in all {
            table.add_folder(Path::new(path), identity);
        }
        let (folders, files) = table.remove_folder(Path::new("r/a"));
        assert_eq!(folders, ["r/a", "r/a/x", "r/a/x/y"].map(PathBuf::from));
        assert!(files.is_empty());
        let left: Vec<_> = table.folders().map(|it| it.0.display().to_string()).collect();
        assert_eq!(left, ["r", "r/a b", "r/a-b", "r/b"]);
    }
}
