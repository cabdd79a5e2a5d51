//! What `from module import *` brings.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::db::Db;
use crate::inputs::File;
use crate::modules::ModuleName;
use crate::queries::files::file_interface;
use crate::queries::modules::{file_imports, own_file, resolve_from};
use crate::summary::DunderAll;

/// The names that `import *` of this file brings, sorted.
///
/// Its `__all__` if that can be read; else all public names, those that it gets by `import *` itself included. An
/// opaque `__all__` adds what is known of it to the public names. Modules of others bring nothing that is known.
#[salsa::tracked(returns(ref))]
pub(crate) fn star_exports(db: &dyn Db, file: File) -> Box<[Box<str>]> {
    // A plain search, and no fix-point: a ring of modules that import all of each other is one of any length.
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut seen = FxHashSet::from_iter([file]);
    let mut open = vec![file];
    while let Some(next) = open.pop() {
        db.unwind_if_revision_cancelled();
        let interface = file_interface(db, next);
        let is_first = next == file;
        let is_seen = |name: &&str| is_first || !name.starts_with('_');
        match interface.dunder_all() {
            DunderAll::Definite(all) => {
                names.extend(all.into_iter().filter(is_seen));
                continue;
            }
            DunderAll::Opaque(all) => names.extend(all.into_iter().filter(is_seen)),
            DunderAll::Absent => {}
        }
        names.extend(interface.names().filter(|it| !it.starts_with('_')));
        for import in interface.star_imports() {
            open.extend(star_target(db, next, import).filter(|it| seen.insert(*it)));
        }
    }
    names.into_iter().map(Into::into).collect()
}

/// The file whose names a star import brings, if it is one of the project's own.
fn star_target(db: &dyn Db, file: File, import: u32) -> Option<File> {
    let module: &ModuleName = file_imports(db, file).get(import as usize)?.as_ref()?;
    let root = file.root(db);
    own_file(db, root, resolve_from(db, file, module).as_ref().ok()?)
}

/// Whether `import *` of this file brings a name.
pub(crate) fn exports(db: &dyn Db, file: File, name: &str) -> bool {
    star_exports(db, file).binary_search_by(|it| (**it).cmp(name)).is_ok()
}
