//! Stubs: the `.pyi` files that describe modules to those who do not run them.
//!
//! Looked for in this order: folders of stubs (typeshed's), `NAME-stubs` packages beside packages, and `.pyi` files
//! where the module itself is or would be. A stub package may be partial; here each may be, as a stub never hides a
//! module. Source: PEP 561.

use std::path::{Path, PathBuf};

use super::finder::{FoundModule, ModuleKind};
use super::listing::Listings;
use super::name::ModuleName;
use super::search_path::SearchPath;

/// Adds the stub of `name` to what was found; nothing but a stub is found as [`ModuleKind::Stub`].
pub(super) fn add(
    found: Option<FoundModule>,
    name: &ModuleName,
    parent: Option<&FoundModule>,
    search: &SearchPath,
    listings: &dyn Listings,
) -> Option<FoundModule> {
    let tail = name.tail();
    let mut stubs = Stubs::default();
    match parent {
        None => {
            stubs.look(tail, &search.stubs, listings);
            stubs.look_for_package(&format!("{tail}-stubs"), &search.folders, listings);
        }
        Some(parent) => stubs.look(tail, &parent.stub_folders, listings),
    }
    let folders = parent.map_or(&search.folders, |it| &it.folders);
    if stubs.file.is_none() {
        stubs.file = beside(found.as_ref(), tail, folders, listings);
    }
    match (found, stubs.file) {
        (None, None) if stubs.folders.is_empty() => None,
        (None, stub) => {
            let is_package = !stubs.folders.is_empty()
                || stub.as_ref().is_some_and(|it| it.file_name().is_some_and(|it| it == "__init__.pyi"));
            let folders = stub.iter().filter(|_| is_package).filter_map(|it| it.parent());
            let folders = folders.map(Path::to_owned).collect();
            Some(FoundModule {
                is_package,
                folders,
                stub,
                stub_folders: stubs.folders,
                ..FoundModule::new(ModuleKind::Stub)
            })
        }
        (Some(found), stub) => Some(FoundModule { stub, stub_folders: stubs.folders, ..found }),
    }
}

#[derive(Default)]
struct Stubs {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Stubs {
    /// `NAME.pyi` and `NAME/__init__.pyi` in folders that hold nothing but stubs.
    fn look(&mut self, tail: &str, folders: &[PathBuf], listings: &dyn Listings) {
        self.look_for_package(tail, folders, listings);
        for folder in folders {
            let Some(listing) = listings.listing(folder) else { continue };
            let file = format!("{tail}.pyi");
            if self.file.is_none() && listing.has_file(&file) {
                self.file = Some(folder.join(file));
            }
        }
    }

    fn look_for_package(&mut self, package: &str, folders: &[PathBuf], listings: &dyn Listings) {
        for folder in folders {
            if !listings.listing(folder).is_some_and(|it| it.has_dir(package)) {
                continue;
            }
            let package = folder.join(package);
            let Some(inner) = listings.listing(&package) else { continue };
            if self.file.is_none() && inner.has_file("__init__.pyi") {
                self.file = Some(package.join("__init__.pyi"));
            }
            self.folders.push(package);
        }
    }
}

/// The stub where the module is; if there is no module, where it would be.
fn beside(
    found: Option<&FoundModule>,
    tail: &str,
    folders: &[PathBuf],
    listings: &dyn Listings,
) -> Option<PathBuf> {
    let home = found.and_then(|it| it.path.as_deref()).and_then(Path::parent);
    if let (Some(found), Some(home)) = (found, home) {
        let name = if found.is_package { "__init__.pyi".to_owned() } else { format!("{tail}.pyi") };
        return listings.listing(home).filter(|it| it.has_file(&name)).map(|_| home.join(name));
    }
    folders.iter().find_map(|folder| {
        let listing = listings.listing(folder)?;
        let package = folder.join(tail);
        if listing.has_dir(tail) && listings.listing(&package)?.has_file("__init__.pyi") {
            return Some(package.join("__init__.pyi"));
        }
        let file = format!("{tail}.pyi");
        listing.has_file(&file).then(|| folder.join(file))
    })
}
