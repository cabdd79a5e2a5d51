//! Modules: names to files, and back.

use std::path::Path;
use std::sync::Arc;

use crate::db::{Db, DbListings, directory_at, file_at};
use crate::inputs::{File, Root};
use crate::modules::{
    Environment, FoundModule, Missing, ModuleKind, ModuleName, Resolution, SearchPath, find_in, module_of,
    resolve_relative,
};
use crate::queries::files::file_interface;

/// How many parts a name may have that is looked for.
const MOST_PARTS: usize = 64;

/// A module's name in a root, and the folder in which it is looked for before all others.
#[salsa::interned(debug)]
pub(crate) struct Module<'db> {
    #[returns(copy)]
    pub(crate) root: Root,
    pub(crate) name: ModuleName,
    pub(crate) first: Option<Arc<Path>>,
}

/// Where a root's modules are looked for.
#[salsa::tracked(returns(ref))]
pub(crate) fn search_path(db: &dyn Db, root: Root) -> SearchPath {
    crate::modules::search_path(root.environment(db), &DbListings { db, root })
}

/// What is imported under a name. Depends on the folders that were looked into, so what is missing may come.
#[salsa::tracked(returns(ref))]
pub(crate) fn resolve_module<'db>(db: &'db dyn Db, module: Module<'db>) -> Resolution {
    let (root, name, first) = (module.root(db), module.name(db), module.first(db));
    let parent = match name.parent() {
        None => None,
        Some(parent) => match resolve_first_in(db, root, first.clone(), &parent) {
            Ok(it) if it.is_package => Some(it),
            Ok(_) => return Err(Missing::NotAPackage(parent)),
            Err(Missing::NoSuchModule) => return Err(Missing::NoParent(parent)),
            Err(missing) => return Err(missing.clone()),
        },
    };
    let search = search_path(db, root);
    let own = first.as_deref().map(|first| {
        let folders = std::iter::once(first.to_owned()).chain(search.folders.iter().cloned());
        SearchPath { folders: folders.collect(), ..search.clone() }
    });
    find_in(name, parent, own.as_ref().unwrap_or(search), root.environment(db), &DbListings { db, root })
}

/// What is imported under a name; nothing for one of more parts than any folder is deep, as each part is a query
/// within a query.
pub(crate) fn resolve<'db>(db: &'db dyn Db, root: Root, name: &ModuleName) -> &'db Resolution {
    resolve_first_in(db, root, None, name)
}

/// What a file imports under a name. A file in a package sees what is beside its top package before all else: that
/// is where it was imported from, wherever else a package of this name may be.
pub(crate) fn resolve_from<'db>(db: &'db dyn Db, file: File, name: &ModuleName) -> &'db Resolution {
    resolve_beside(db, file.root(db), beside(db, file).as_ref(), name)
}

/// The same, where the folder is known already.
pub(crate) fn resolve_beside<'db>(
    db: &'db dyn Db,
    root: Root,
    beside: Option<&Arc<Path>>,
    name: &ModuleName,
) -> &'db Resolution {
    let first = beside.filter(|first| {
        let listing = directory_at(db, root, first).listing(db).as_ref();
        listing.is_some_and(|it| it.has_dir(name.head()) || it.has_file(format!("{}.py", name.head())))
    });
    resolve_first_in(db, root, first.cloned(), name)
}

/// The folder above a file's top package, if modules are looked for elsewhere before; none for a file in no package.
#[salsa::tracked(returns(ref))]
pub(crate) fn beside(db: &dyn Db, file: File) -> Option<Arc<Path>> {
    let (root, path) = (file.root(db), file.path(db));
    let folder = path.parent().filter(|_| is_own(root.environment(db), path))?;
    let is_package = |it: &&Path| {
        directory_at(db, root, it).listing(db).as_ref().is_some_and(|it| it.has_file("__init__.py"))
    };
    let above = folder.ancestors().take_while(is_package).last()?.parent()?;
    (search_path(db, root).folders.first().is_none_or(|it| it != above)).then(|| above.into())
}

fn resolve_first_in<'db>(
    db: &'db dyn Db,
    root: Root,
    first: Option<Arc<Path>>,
    name: &ModuleName,
) -> &'db Resolution {
    if name.as_str().split('.').nth(MOST_PARTS).is_some() {
        return &Err(Missing::NoSuchModule);
    }
    resolve_module(db, Module::new(db, root, name.clone(), first))
}

/// The name of the module that a file is, as far as its path tells.
pub(crate) fn module_name(db: &dyn Db, file: File) -> Option<ModuleName> {
    module_of(file.path(db), &search_path(db, file.root(db)).folders).map(|it| it.1)
}

/// The file of a module whose definitions are the project's own: others are known by name only.
pub(crate) fn own_file(db: &dyn Db, root: Root, found: &FoundModule) -> Option<File> {
    let path = match found.kind {
        ModuleKind::Source | ModuleKind::Stub => found.file()?,
        ModuleKind::Bytecode
        | ModuleKind::Extension
        | ModuleKind::Builtin
        | ModuleKind::Frozen
        | ModuleKind::Namespace => return None,
    };
    is_own(root.environment(db), path).then(|| file_at(db, root, path))
}

/// Whether a path is below a root, and not in a site's or the standard library's folder within.
fn is_own(environment: &Environment, path: &Path) -> bool {
    let interpreter = &environment.interpreter;
    let mut foreign = interpreter.stdlib.iter().chain(&interpreter.site_packages);
    environment.roots.iter().any(|it| path.starts_with(it)) && !foreign.any(|it| path.starts_with(it))
}

/// The modules that a file's imports name, one each in the order of [`Interface::imports`]; none for relative imports
/// that lead nowhere.
///
/// [`Interface::imports`]: crate::summary::Interface::imports
#[salsa::tracked(returns(ref))]
pub(crate) fn file_imports(db: &dyn Db, file: File) -> Vec<Option<ModuleName>> {
    let interface = file_interface(db, file);
    if interface.import_count() == 0 {
        return Vec::new();
    }
    let name = module_name(db, file);
    let is_package = file.path(db).file_stem().is_some_and(|it| it == "__init__");
    let absolute = |module: &str, level: u32| match (level, &name) {
        (0, _) => ModuleName::new(module),
        (_, Some(name)) => resolve_relative(name, is_package, level, module).ok(),
        (_, None) => None,
    };
    interface.imports().map(|it| absolute(it.module, it.level)).collect()
}

/// Makes the folders of a path known before threads ask for them.
pub(crate) fn warm_search_path(db: &dyn Db, root: Root) {
    for folder in &search_path(db, root).folders {
        directory_at(db, root, folder);
    }
}
