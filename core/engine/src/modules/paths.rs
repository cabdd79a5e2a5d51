//! The way back: from a path to the name that it is imported by, and to the roots that names start from.

use std::path::{Path, PathBuf};

use super::listing::Listings;
use super::name::ModuleName;

/// Suffixes of files that hold a module's text.
const SUFFIXES: [&str; 3] = ["py", "pyi", "pyw"];

/// The name by which a file is imported, and the index of the folder on the path that it is found from.
///
/// The innermost folder wins: with `/p` and `/p/src` searched, `/p/src/a/b.py` is `a.b`. A package's `__init__` has
/// the package's name, stubs have the name of what they describe. None for a file outside of all folders, and for one
/// that no import can name: a part of its path with a dot in it, an `__init__` directly in a root.
/// Another file may be found first under that name; [`find`](super::find) tells.
pub fn module_of(path: &Path, folders: &[PathBuf]) -> Option<(usize, ModuleName)> {
    let roots = folders.iter().enumerate().filter(|it| path.starts_with(it.1));
    let (at, root) = roots.max_by_key(|it| (it.1.components().count(), usize::MAX - it.0))?;
    let mut parts = Vec::new();
    for component in path.strip_prefix(root).ok()?.components() {
        parts.push(component.as_os_str().to_str()?);
    }
    let (stem, suffix) = parts.pop()?.rsplit_once('.')?;
    if !SUFFIXES.contains(&suffix) {
        return None;
    }
    if stem != "__init__" {
        parts.push(stem);
    }
    if let Some(first) = parts.first_mut().filter(|_| suffix == "pyi") {
        *first = first.strip_suffix("-stubs").unwrap_or(first);
    }
    if parts.iter().any(|it| it.contains('.')) {
        return None;
    }
    ModuleName::new(&parts.join(".")).map(|name| (at, name))
}

/// The roots that Python would most likely have on its path for the code of `folder`, innermost first.
///
/// A folder in a package: the folder above the topmost package. Else its `src`, if that holds code and is no package
/// itself, and the folder.
pub fn infer_roots(folder: &Path, listings: &dyn Listings) -> Vec<PathBuf> {
    let is_package = |it: &Path| {
        listings.listing(it).is_some_and(|it| it.has_file("__init__.py") || it.has_file("__init__.pyi"))
    };
    if is_package(folder) {
        let top = folder.ancestors().take_while(|it| is_package(it)).last();
        return top.and_then(Path::parent).map(|it| vec![it.to_owned()]).unwrap_or_default();
    }
    let src = folder.join("src");
    let holds_code = listings.listing(&src).is_some_and(|listing| {
        listing.entries().iter().any(|entry| {
            let path = Path::new(&entry.name);
            path.extension().is_some_and(|it| it == "py") || is_package(&src.join(path))
        })
    });
    let mut out = Vec::new();
    if holds_code && !is_package(&src) {
        out.push(src);
    }
    out.push(folder.to_owned());
    out
}
