//! Which files of a folder are read.
//!
//! `.gitignore`, `.ignore` and `.astkitignore` files count as git and ripgrep read them; hidden files and folders,
//! virtual environments and folders of generated files are left out; `--no-ignore` takes them all. Links are not followed below the
//! folder, so no file is met twice and no circle is endless.

use std::io;
use std::path::{Path, PathBuf};

use astkit_watch::{Entry, EntryKind};
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use crate::failure::Failure;

/// The rules of a walk.
#[derive(Clone, Debug)]
pub(crate) struct WalkRules {
    exclude: Override,
    no_ignore: bool,
}

/// Something that could not be read, and why.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

impl WalkRules {
    /// Rules with these globs excluded, relative to the working directory.
    ///
    /// # Errors
    /// A glob that is none.
    pub(crate) fn new(exclude: &[String], no_ignore: bool) -> Result<Self, Failure> {
        let mut builder = OverrideBuilder::new(".");
        for glob in exclude {
            // In overrides a plain glob takes files and `!` leaves them out: the other way round than here.
            let inverted = match glob.strip_prefix('!') {
                Some(taken) => taken.to_owned(),
                None => format!("!{glob}"),
            };
            builder
                .add(&inverted)
                .map_err(|error| Failure::new(format!("`--exclude {glob}` is no glob: {error}")))?;
        }
        let exclude = builder.build().map_err(|error| Failure::new(format!("--exclude: {error}")))?;
        Ok(Self { exclude, no_ignore })
    }

    /// All files below `folder` for which `wanted` holds of the extension, sorted by path; and what could not be
    /// read.
    pub(crate) fn files(
        &self,
        folder: &Path,
        wanted: &dyn Fn(&str) -> bool,
    ) -> (Vec<PathBuf>, Vec<Unreadable>) {
        let (mut files, mut unreadable) = (Vec::new(), Vec::new());
        for entry in self.builder(folder).build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    unreadable.extend(place(folder, error));
                    continue;
                }
            };
            let is_file =
                entry.file_type().is_some_and(|it| it.is_file() || is_link_to_file(it, entry.path()));
            let extension = entry.path().extension().and_then(|it| it.to_str()).unwrap_or_default();
            if is_file && wanted(extension) {
                files.push(entry.into_path());
            }
        }
        files.sort();
        (files, unreadable)
    }

    /// The entries directly in a folder that a walk would go into or take, whatever their extension.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub(crate) fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut out = Vec::new();
        for entry in self.builder(folder).max_depth(Some(1)).build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => match place(folder, error) {
                    Some(it) if it.path == folder => return Err(it.error),
                    // Gone meanwhile.
                    Some(_) | None => continue,
                },
            };
            if entry.depth() == 1
                && let Some(kind) = entry_kind(&entry)
            {
                out.push(Entry { name: entry.file_name().to_owned(), kind });
            }
        }
        out.sort();
        Ok(out)
    }

    fn builder(&self, folder: &Path) -> WalkBuilder {
        let mut builder = WalkBuilder::new(folder);
        let obey = !self.no_ignore;
        builder
            .hidden(obey)
            .parents(obey)
            .ignore(obey)
            .git_ignore(obey)
            .git_global(obey)
            .git_exclude(obey)
            // Ignore files count whether or not somebody ran `git init`.
            .require_git(false)
            .overrides(self.exclude.clone());
        if obey {
            builder.add_custom_ignore_filename(".astkitignore");
            builder.filter_entry(|entry| {
                let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
                entry.depth() == 0 || !is_folder || !is_generated(entry.path())
            });
        }
        builder
    }
}

fn entry_kind(entry: &DirEntry) -> Option<EntryKind> {
    let kind = entry.file_type()?;
    if kind.is_symlink() {
        let target = std::fs::metadata(entry.path()).ok()?;
        return Some(if target.is_dir() { EntryKind::LinkedFolder } else { EntryKind::LinkedFile });
    }
    if kind.is_dir() { Some(EntryKind::Folder) } else { kind.is_file().then_some(EntryKind::File) }
}

fn is_link_to_file(file_type: std::fs::FileType, path: &Path) -> bool {
    file_type.is_symlink() && path.is_file()
}

/// Folders that hold what programs made, by name; hidden ones are left out anyway.
const GENERATED: [&str; 6] =
    ["__pycache__", "__pypackages__", "node_modules", "site-packages", "venv", "_build"];
/// Folders that usually hold what programs made, unless they are packages.
const PERHAPS_GENERATED: [&str; 2] = ["build", "dist"];

/// Whether a folder is a virtual environment or holds what programs made.
fn is_generated(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    GENERATED.contains(&name)
        || name.ends_with(".egg-info")
        || (PERHAPS_GENERATED.contains(&name) && !path.join("__init__.py").exists())
        || path.join("pyvenv.cfg").is_file()
}

/// The path of a walk's error. An ignore file with a bad glob is no reason to fail.
fn place(folder: &Path, error: ignore::Error) -> Option<Unreadable> {
    let mut path = folder.to_path_buf();
    let mut inner = error;
    loop {
        inner = match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                *err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => *err,
            // The walker's own words would name the path once more.
            ignore::Error::Io(error) => return Some(Unreadable { path, error: error.kind().into() }),
            ignore::Error::Loop { child, .. } => {
                return Some(Unreadable { path: child, error: io::Error::other("links in a circle") });
            }
            ignore::Error::Partial(_)
            | ignore::Error::Glob { .. }
            | ignore::Error::UnrecognizedFileType(_)
            | ignore::Error::InvalidDefinition => return None,
        };
    }
}
