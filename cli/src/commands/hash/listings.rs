//! Folders in which modules are looked for, each listed once: quicker than asking for files one by one, and what was
//! listed is just what the answers depend on.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use astkit_engine::store::Stat;
use astkit_engine::{FileSystem as _, Timestamp};
use astkit_system::OsFiles;
use rustc_hash::{FxHashMap, FxHashSet};

use super::trace::FolderState;

use crate::targets::absolute;

/// Folders, as they were when they were first looked at.
#[derive(Default)]
pub(super) struct Listings {
    known: RefCell<FxHashMap<OsString, Option<Rc<Listing>>>>,
    /// The folders of packages below a folder that is imported from.
    packages: RefCell<FxHashMap<OsString, Packages>>,
}

/// The folders of packages below a folder, as far as they are there.
struct Packages {
    /// The folder, from the root of the file system.
    place: PathBuf,
    known: FxHashMap<Box<str>, Option<Rc<Listing>>>,
}

/// The entries of a folder that can be modules.
pub(super) struct Listing {
    folders: FxHashSet<OsString>,
    files: FxHashSet<OsString>,
    /// The names of both, files without their extensions: most names that are looked for are none of them.
    names: FxHashSet<OsString>,
    /// None where there are links, or nothing is known: what they lead to can change without a trace.
    traced: Option<(FolderState, Stat)>,
}

impl Listings {
    /// The entries of a folder; none if it is not there. Paths are meant from the root of the file system.
    pub(super) fn list(&self, folder: &Path) -> Option<Rc<Listing>> {
        if let Some(known) = self.known.borrow().get(folder.as_os_str()) {
            return known.clone();
        }
        let is_there = match folder.parent().filter(|it| !it.as_os_str().is_empty()) {
            // Whether it is there is then known from above, and so it is known when it comes.
            Some(parent) if !self.known.borrow().contains_key(parent.as_os_str()) && !folder.is_dir() => {
                self.list(parent);
                false
            }
            Some(parent) => match self.known.borrow().get(parent.as_os_str()) {
                Some(Some(above)) => folder.file_name().is_some_and(|it| above.folders.contains(it)),
                Some(None) => false,
                None => true,
            },
            None => true,
        };
        let listing = if is_there { Listing::read(folder).map(Rc::new) } else { None };
        self.known.borrow_mut().insert(folder.as_os_str().to_owned(), listing.clone());
        listing
    }

    /// The file of a module below a folder, as [`find_below`](crate::modules::find_below) finds it.
    pub(super) fn find_below(&self, root: &Path, module: &str) -> Option<PathBuf> {
        let (package, name) = split(module);
        if !name.is_empty() && !self.package(root, package)?.has_name(name) {
            return None;
        }
        let base: PathBuf = root.join(module.split('.').collect::<PathBuf>());
        let place = absolute(&base);
        let (folder, name) = (self.list(place.parent()?)?, place.file_name()?);
        if folder.folders.contains(name)
            && let Some(inner) = self.list(&place)
            && let Some(init) = ["__init__.py", "__init__.pyi"].into_iter().find(|it| inner.has_file(it))
        {
            return Some(base.join(init));
        }
        let found = astkit::PYTHON_EXTENSIONS.into_iter().find(|extension| {
            let mut file = name.to_owned();
            file.push(".");
            file.push(extension);
            folder.files.contains(&file)
        });
        found.map(|extension| base.with_added_extension(extension))
    }

    /// Whether the folder of a module is there below a folder.
    pub(super) fn is_folder_below(&self, root: &Path, module: &str) -> bool {
        let (package, name) = split(module);
        self.package(root, package).is_some_and(|it| it.folders.contains(OsStr::new(name)))
    }

    /// The folder of a package below `root`; none if it is not there.
    fn package(&self, root: &Path, package: &str) -> Option<Rc<Listing>> {
        let mut packages = self.packages.borrow_mut();
        if !packages.contains_key(root.as_os_str()) {
            let here = if root.as_os_str().is_empty() { Path::new(".") } else { root };
            let below = Packages { place: absolute(here), known: FxHashMap::default() };
            packages.insert(root.as_os_str().to_owned(), below);
        }
        let below = packages.get_mut(root.as_os_str())?;
        if let Some(known) = below.known.get(package) {
            return known.clone();
        }
        let mut place = below.place.clone();
        place.extend(package.split('.').filter(|it| !it.is_empty()));
        let listing = self.list(&place);
        below.known.insert(package.into(), listing.clone());
        listing
    }

    /// What all answers depended on; none where something may have changed since `start`, or can't be traced.
    pub(super) fn trace(&self, start: Timestamp) -> Option<Vec<(PathBuf, FolderState)>> {
        let known = self.known.borrow();
        let there = known.iter().filter_map(|(path, it)| Some((path, it.as_ref()?)));
        let state = |(path, listing): (&OsString, &Rc<Listing>)| {
            let (state, stat) = listing.traced.as_ref()?;
            stat.is_settled(start).then(|| (PathBuf::from(path), *state))
        };
        let mut out: Vec<_> = there.map(state).collect::<Option<_>>()?;
        out.sort_unstable_by(|left, right| left.0.as_os_str().cmp(right.0.as_os_str()));
        Some(out)
    }
}

impl Listing {
    /// Lists a folder.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let metadata = OsFiles.metadata(folder).ok()?;
        let (mut folders, mut files, mut has_links) = (FxHashSet::default(), FxHashSet::default(), false);
        let mut names = FxHashSet::default();
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let (name, Ok(mut kind)) = (entry.file_name(), entry.file_type()) else { continue };
            if kind.is_symlink() {
                // A link of another name leads to no module, whatever it leads to.
                has_links |= is_module(&name) || name.to_str().is_some_and(astkit::ast::is_identifier);
                let Ok(target) = fs::metadata(entry.path()) else { continue };
                kind = target.file_type();
            }
            if kind.is_dir() && name != "__pycache__" {
                names.insert(name.clone());
                folders.insert(name);
            } else if kind.is_file() && is_module(&name) {
                names.extend(Path::new(&name).file_stem().map(OsStr::to_owned));
                files.insert(name);
            }
        }
        let (modified, changed) = (metadata.modified.0, metadata.changed.0);
        let entries = digest(&folders, &files);
        let state = FolderState { modified, changed, inode: metadata.inode, entries };
        let traced = (!has_links).then(|| (state, Stat::from(&metadata)));
        Some(Self { folders, files, names, traced })
    }

    /// Whether a file is in it.
    pub(super) fn has_file(&self, name: &str) -> bool {
        self.files.contains(OsStr::new(name))
    }

    fn has_name(&self, name: &str) -> bool {
        self.names.contains(OsStr::new(name))
    }

    /// What is remembered of it; none if that is not enough.
    pub(super) fn state(&self) -> Option<FolderState> {
        self.traced.as_ref().map(|it| it.0)
    }
}

/// The package and the last name of a module.
fn split(module: &str) -> (&str, &str) {
    let module = module.trim_end_matches('.');
    module.rsplit_once('.').unwrap_or(("", module))
}

fn is_module(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    [&b".py"[..], b".pyi", b".pyw"].iter().any(|it| name.ends_with(it))
}

fn digest(folders: &FxHashSet<OsString>, files: &FxHashSet<OsString>) -> [u8; 32] {
    let mut names: Vec<_> = folders.iter().map(|it| (it, 1)).chain(files.iter().map(|it| (it, 0))).collect();
    names.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (name, is_folder) in names {
        hasher.update(name.as_encoded_bytes()).update(&[0, is_folder]);
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_as_one_by_one() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let root = folder.path();
        for file in ["a.py", "b/__init__.py", "b/c.pyi", "b.py", "d/e/f.pyw", "g.txt", "h/__init__.pyi"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let listings = Listings::default();
        for name in ["a", "b", "b.c", "b.none", "d", "d.e", "d.e.f", "g", "h", "none", "none.x.y", "a.x"] {
            let expected = crate::modules::find_below(root, name);
            assert_eq!(listings.find_below(root, name), expected, "{name}");
            let path = root.join(name.split('.').collect::<PathBuf>());
            assert_eq!(listings.is_folder_below(root, name), path.is_dir(), "{name}");
        }
        let future = Timestamp(OsFiles.now().0 + Timestamp::SECOND * 10);
        let traced = listings.trace(future).map(|it| it.len());
        assert_eq!(traced, Some(5), "the root and the four folders below it");
        assert!(listings.trace(Timestamp(0)).is_none(), "what changed lately is not believed");
    }
}
