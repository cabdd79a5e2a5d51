//! The folders that modules are looked for in: roots, standard library, site's folders, what `.pth` files add.
//!
//! Source: `addsitedir` and `addpackage` of CPython's `Lib/site.py`. Lines of `.pth` files that Python would run
//! (`import ...`) are not run; the files that have some are named in the result.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::listing::Listings;
use crate::files::{FileKind, normal};

/// Where modules are looked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct SearchPath {
    /// Existing folders, in the order of search, each once.
    pub folders: Vec<PathBuf>,
    /// Folders that are searched for stubs only, before the others.
    pub stubs: Vec<PathBuf>,
    /// Entries that no module is looked for in: archives, which are not read.
    pub unsearched: Vec<PathBuf>,
    /// `.pth` files with lines that Python would run: what they do to the path is unknown.
    pub opaque: Vec<PathBuf>,
}

/// Puts the search path together.
pub fn search_path(environment: &Environment, listings: &dyn Listings) -> SearchPath {
    let mut out = SearchPath::default();
    let interpreter = &environment.interpreter;
    for folder in environment.roots.iter().chain(&interpreter.stdlib) {
        add(folder, listings, &mut out);
    }
    for folder in &interpreter.site_packages {
        add_site(folder, listings, &mut out);
    }
    let is_folder = |it: &&PathBuf| listings.listing(it).is_some();
    out.stubs = environment.stub_path.iter().filter(is_folder).cloned().collect();
    out
}

/// Adds an entry if it is there and not yet known.
fn add(entry: &Path, listings: &dyn Listings, out: &mut SearchPath) {
    let entry = normal(entry);
    if out.folders.contains(&entry) {
        return;
    }
    if listings.listing(&entry).is_some() {
        out.folders.push(entry);
        return;
    }
    let is_file = || {
        let (parent, name) = (entry.parent()?, entry.file_name()?);
        listings.listing(parent)?.get(name)
    };
    if is_file() == Some(FileKind::File) && !out.unsearched.contains(&entry) {
        out.unsearched.push(entry);
    }
}

fn add_site(folder: &Path, listings: &dyn Listings, out: &mut SearchPath) {
    add(folder, listings, out);
    let Some(listing) = listings.listing(folder) else { return };
    for entry in listing.entries() {
        let hidden = entry.name.as_encoded_bytes().starts_with(b".");
        let is_pth = Path::new(&entry.name).extension() == Some(OsStr::new("pth"));
        if is_pth && !hidden && entry.kind == FileKind::File {
            let path = folder.join(&entry.name);
            if let Some(text) = listings.text(&path) {
                add_pth(folder, &path, &text, listings, out);
            }
        }
    }
}

fn add_pth(folder: &Path, path: &Path, text: &str, listings: &dyn Listings, out: &mut SearchPath) {
    for line in text.trim_start_matches('\u{feff}').lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if line.starts_with("import ") || line.starts_with("import\t") {
            if out.opaque.last().is_none_or(|it| it != path) {
                out.opaque.push(path.to_owned());
            }
            continue;
        }
        add(&folder.join(line.trim_end()), listings, out);
    }
}
