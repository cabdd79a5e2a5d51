//! Edges of a file, as the engine remembers them.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::db::Db;
use crate::edges::{Edges, Home, Linkage, edges};
use crate::inputs::{File, Root};
use crate::modules::{ModuleKind, ModuleName};
use crate::queries::exports::exports;
use crate::queries::files::{file_bodies, file_interface};
use crate::queries::modules::{beside, file_imports, module_name, own_file, resolve_beside};
use crate::summary::Interface;

/// The edges of a file. Reads imports, what definitions refer to, and the interfaces of files that names lead to; so
/// edits within functions of other files leave them as they are.
#[salsa::tracked(returns(ref), heap_size = Edges::heap_size)]
pub(crate) fn file_edges(db: &dyn Db, file: File) -> Edges<File> {
    let linkage = DbLinkage { db, root: file.root(db), homes: RefCell::default() };
    edges(&linkage, file, file_interface(db, file), file_bodies(db, file))
}

/// A module, and the folder that it is looked for in before all others.
type Asked<'db> = (Option<&'db Arc<Path>>, ModuleName);

/// What following names asks, answered by queries, so that salsa knows what was asked.
struct DbLinkage<'db> {
    db: &'db dyn Db,
    root: Root,
    /// Answers that were given: a file asks for the same few modules over and over.
    homes: RefCell<FxHashMap<Asked<'db>, Home<File>>>,
}

impl<'db> Linkage<'db> for DbLinkage<'db> {
    type File = File;

    fn interface(&self, file: File) -> &'db Interface {
        file_interface(self.db, file)
    }

    fn module_name(&self, file: File) -> Option<ModuleName> {
        module_name(self.db, file)
    }

    fn imported(&self, file: File, import: u32) -> Option<&'db ModuleName> {
        file_imports(self.db, file).get(import as usize)?.as_ref()
    }

    fn home(&self, from: File, module: &ModuleName) -> Home<File> {
        let first = beside(self.db, from).as_ref();
        let key = (first, module.clone());
        if let Some(known) = self.homes.borrow().get(&key) {
            return *known;
        }
        let home = match resolve_beside(self.db, self.root, first, module) {
            Err(_) => Home::Missing,
            Ok(found) => match own_file(self.db, self.root, found) {
                Some(file) => Home::Own(file),
                None if found.kind == ModuleKind::Namespace => Home::Namespace,
                None => Home::Foreign,
            },
        };
        self.homes.borrow_mut().insert(key, home);
        home
    }

    fn exports(&self, file: File, name: &str) -> bool {
        exports(self.db, file, name)
    }
}
