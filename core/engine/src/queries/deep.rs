//! The level `deep` of a root: one question about all files, asked of their forms.

use std::cell::RefCell;
use std::sync::Arc;

use astkit_hash::deep::{Deep, ModuleTarget, Modules, deep_hashes};
use astkit_hash::form::FileForms;
use rustc_hash::FxHashMap;

use crate::db::Db;
use crate::inputs::{File, Root};
use crate::modules::{ModuleKind, ModuleName, resolve_relative};
use crate::queries::files::file_forms;
use crate::queries::modules::{module_name, own_file, resolve};

/// The hashes at `deep` of all definitions of a root's files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RootDeep {
    pub(crate) files: Arc<[File]>,
    pub(crate) places: FxHashMap<File, u32>,
    pub(crate) deep: Deep,
}

/// The hashes at `deep` of a root's files. Reads forms and modules, so what changes no form ends before it.
#[salsa::tracked(returns(clone))]
pub(crate) fn root_deep(db: &dyn Db, root: Root) -> Arc<RootDeep> {
    let files = root.files(db);
    let nothing = FileForms::default();
    let forms: Vec<&FileForms> = files
        .iter()
        .map(|it| {
            db.unwind_if_revision_cancelled();
            file_forms(db, *it).as_deref().unwrap_or(&nothing)
        })
        .collect();
    let places: FxHashMap<File, u32> = files.iter().copied().zip(0..).collect();
    let modules = DbModules { db, root, files, places: &places, names: RefCell::default() };
    let deep = deep_hashes(&forms, &modules, db.shared().summaries.normal);
    Arc::new(RootDeep { files: Arc::clone(files), places, deep })
}

/// Finds modules by queries, so that salsa knows what was asked.
struct DbModules<'db> {
    db: &'db dyn Db,
    root: Root,
    files: &'db [File],
    places: &'db FxHashMap<File, u32>,
    /// The modules' own names, and whether each is a package.
    names: RefCell<FxHashMap<u32, Option<(ModuleName, bool)>>>,
}

impl Modules for DbModules<'_> {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        self.db.unwind_if_revision_cancelled();
        if level == 0 {
            return Some(module.to_owned());
        }
        let mut names = self.names.borrow_mut();
        let own = names.entry(file).or_insert_with(|| {
            let file = *self.files.get(file as usize)?;
            let is_package = file.path(self.db).file_stem().is_some_and(|it| it == "__init__");
            module_name(self.db, file).map(|it| (it, is_package))
        });
        let (own, is_package) = own.as_ref()?;
        let name = resolve_relative(own, *is_package, level, module).ok()?;
        Some(name.as_str().to_owned())
    }

    fn group(&self, _file: u32) -> u32 {
        0
    }

    fn find(&self, _group: u32, name: &str) -> ModuleTarget {
        self.db.unwind_if_revision_cancelled();
        let Some(name) = ModuleName::new(name) else { return ModuleTarget::Missing };
        let Ok(found) = resolve(self.db, self.root, &name) else { return ModuleTarget::Missing };
        let own = own_file(self.db, self.root, found).and_then(|it| self.places.get(&it));
        match own {
            Some(place) => ModuleTarget::File(*place),
            // It has nothing but submodules, which are looked for next.
            None if found.kind == ModuleKind::Namespace => ModuleTarget::Missing,
            None => ModuleTarget::Outside(Box::default()),
        }
    }
}
