//! The finders of Python's import system: built-in, frozen, and the one that looks into folders.
//!
//! A name is found part by part, each in the folders of the package before it, so that a query engine can remember
//! every step. For each folder, in order: a package (`NAME/__init__` with a known suffix), a module (`NAME` with a
//! known suffix), and, if no folder has either, all folders called `NAME` together are a namespace package.
//! Stubs are found beside, and never change what is found; a name with nothing but a stub is a module of its own kind.
//!
//! Source: `PathFinder`, `FileFinder`, `BuiltinImporter` and `FrozenImporter` of CPython's importlib.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::listing::{Listing, Listings};
use super::name::ModuleName;
use super::search_path::SearchPath;
use super::stubs;

/// What kind of thing Python would load.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ModuleKind {
    /// A `.py` file.
    Source,
    /// A `.pyc` file without its source.
    Bytecode,
    /// A compiled extension.
    Extension,
    /// Built into the interpreter.
    Builtin,
    /// Frozen into the interpreter; its source is named where it is there.
    Frozen,
    /// Folders of one name without an `__init__`.
    Namespace,
    /// Nothing that Python could load, but a stub that describes it.
    Stub,
}

impl ModuleKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            ModuleKind::Source => "source",
            ModuleKind::Bytecode => "bytecode",
            ModuleKind::Extension => "extension",
            ModuleKind::Builtin => "builtin",
            ModuleKind::Frozen => "frozen",
            ModuleKind::Namespace => "namespace",
            ModuleKind::Stub => "stub",
        }
    }
}

/// A module that was found.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FoundModule {
    /// What Python would load.
    pub kind: ModuleKind,
    /// The file that would be loaded (of a frozen module, its source if that is there).
    pub path: Option<PathBuf>,
    /// Whether it can have submodules.
    pub is_package: bool,
    /// Its `__path__`: where submodules are looked for.
    pub folders: Vec<PathBuf>,
    /// The stub that describes it.
    pub stub: Option<PathBuf>,
    /// Where stubs of submodules are looked for, before `folders`.
    pub stub_folders: Vec<PathBuf>,
}

impl FoundModule {
    pub(super) fn new(kind: ModuleKind) -> Self {
        Self {
            kind,
            path: None,
            is_package: false,
            folders: Vec::new(),
            stub: None,
            stub_folders: Vec::new(),
        }
    }

    /// The file whose definitions are the module's: its source, else its stub.
    pub fn file(&self) -> Option<&Path> {
        match self.kind {
            ModuleKind::Source | ModuleKind::Frozen => self.path.as_deref().or(self.stub.as_deref()),
            ModuleKind::Bytecode
            | ModuleKind::Extension
            | ModuleKind::Builtin
            | ModuleKind::Namespace
            | ModuleKind::Stub => self.stub.as_deref(),
        }
    }
}

/// Why nothing was found.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Missing {
    /// No folder that was searched has it.
    NoSuchModule,
    /// The package that should have it is not found itself.
    NoParent(ModuleName),
    /// It would be a submodule of a module that is no package.
    NotAPackage(ModuleName),
}

/// The answer for one name.
pub type Resolution = Result<FoundModule, Missing>;

/// Finds a module, and the packages above it first.
///
/// # Errors
/// [`Missing`] where CPython raises `ModuleNotFoundError`.
pub fn find(
    name: &ModuleName,
    search: &SearchPath,
    environment: &Environment,
    listings: &dyn Listings,
) -> Resolution {
    let mut found: Option<(ModuleName, FoundModule)> = None;
    for prefix in name.prefixes() {
        let parent = match &found {
            Some((parent, module)) if !module.is_package => {
                return Err(Missing::NotAPackage(parent.clone()));
            }
            found => found.as_ref().map(|it| &it.1),
        };
        match find_in(&prefix, parent, search, environment, listings) {
            Ok(module) => found = Some((prefix, module)),
            Err(_) if prefix != *name => return Err(Missing::NoParent(prefix)),
            Err(missing) => return Err(missing),
        }
    }
    found.map(|it| it.1).ok_or(Missing::NoSuchModule)
}

/// One step of [`find`]: finds `name` given the package above it, if it has one.
///
/// # Errors
/// [`Missing::NoSuchModule`].
pub fn find_in(
    name: &ModuleName,
    parent: Option<&FoundModule>,
    search: &SearchPath,
    environment: &Environment,
    listings: &dyn Listings,
) -> Resolution {
    let folders = parent.map_or(&search.folders, |it| &it.folders);
    let interpreter = &environment.interpreter;
    let in_folders =
        |folders: &[PathBuf]| in_folders(name.tail(), folders, &interpreter.extension_suffixes, listings);
    let found = if interpreter.is_builtin(name.as_str()) {
        Some(FoundModule::new(ModuleKind::Builtin))
    } else if let Some(is_package) = interpreter.frozen(name.as_str()) {
        // Frozen code was made of the standard library's, whatever else has that name.
        let source = in_folders(parent.map_or(&interpreter.stdlib, |it| &it.folders));
        let source = source.filter(|it| it.kind == ModuleKind::Source && it.is_package == is_package);
        let source = source.unwrap_or_else(|| FoundModule::new(ModuleKind::Frozen));
        Some(FoundModule { kind: ModuleKind::Frozen, is_package, ..source })
    } else {
        in_folders(folders)
    };
    stubs::add(found, name, parent, search, listings).ok_or(Missing::NoSuchModule)
}

/// `PathFinder`: the first folder with a package or module, else all folders of that name.
///
/// Python 2 has no namespace packages; what would be one is taken for one all the same.
fn in_folders(
    tail: &str,
    folders: &[PathBuf],
    extensions: &[String],
    listings: &dyn Listings,
) -> Option<FoundModule> {
    let mut portions = Vec::new();
    for folder in folders {
        let Some(listing) = listings.listing(folder) else { continue };
        match in_folder(tail, folder, &listing, extensions, listings) {
            Some(mut found) if found.kind != ModuleKind::Namespace => {
                widen(&mut found, tail, folders, extensions, listings);
                return Some(found);
            }
            Some(found) => portions.extend(found.folders),
            None => {}
        }
    }
    (!portions.is_empty()).then(|| FoundModule {
        is_package: true,
        folders: portions,
        ..FoundModule::new(ModuleKind::Namespace)
    })
}

/// `FileFinder`: what one folder has of that name.
fn in_folder(
    tail: &str,
    folder: &Path,
    listing: &Listing,
    extensions: &[String],
    listings: &dyn Listings,
) -> Option<FoundModule> {
    let is_dir = listing.has_dir(tail);
    if is_dir {
        let package = folder.join(tail);
        let inner = listings.listing(&package);
        if let Some((kind, file)) = inner.and_then(|it| with_suffix("__init__", &it, extensions)) {
            let path = Some(package.join(file));
            return Some(FoundModule {
                path,
                is_package: true,
                folders: vec![package],
                ..FoundModule::new(kind)
            });
        }
    }
    if let Some((kind, file)) = with_suffix(tail, listing, extensions) {
        return Some(FoundModule { path: Some(folder.join(file)), ..FoundModule::new(kind) });
    }
    is_dir.then(|| FoundModule {
        is_package: true,
        folders: vec![folder.join(tail)],
        ..FoundModule::new(ModuleKind::Namespace)
    })
}

/// The first file `stem` with a suffix that Python loads: extensions, source, bytecode.
fn with_suffix(stem: &str, listing: &Listing, extensions: &[String]) -> Option<(ModuleKind, String)> {
    let extensions = extensions.iter().map(|it| (ModuleKind::Extension, it.as_str()));
    let mut all = extensions.chain([(ModuleKind::Source, ".py"), (ModuleKind::Bytecode, ".pyc")]);
    all.find_map(|(kind, suffix)| {
        let name = format!("{stem}{suffix}");
        listing.has_file(&name).then_some((kind, name))
    })
}

/// `pkgutil.extend_path`: an old namespace package takes in the folders of its name in all folders searched.
fn widen(
    found: &mut FoundModule,
    tail: &str,
    folders: &[PathBuf],
    extensions: &[String],
    listings: &dyn Listings,
) {
    let is_old_namespace = found.is_package
        && found.kind == ModuleKind::Source
        && found.path.as_deref().is_some_and(|it| listings.extends_path(it));
    if !is_old_namespace {
        return;
    }
    for folder in folders {
        let Some(listing) = listings.listing(folder) else { continue };
        let portions = in_folder(tail, folder, &listing, extensions, listings).map(|it| it.folders);
        for portion in portions.unwrap_or_default() {
            if !found.folders.contains(&portion) {
                found.folders.push(portion);
            }
        }
    }
}
