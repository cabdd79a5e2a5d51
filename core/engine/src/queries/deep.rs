//! The level `deep` of a root: one question about all files, asked of their forms.
//!
//! Between two edits the resolved graph is kept beside salsa, so that names are followed again only where they may
//! lead elsewhere. It is what following all names would give, so the answer is a function of the forms and modules
//! that the query reads, and it reads all of them every time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use astkit_hash::Hash;
use astkit_hash::deep::{Changes, Dependencies, Forms, Linked, ModuleTarget, Modules, Update};
use astkit_hash::form::FileForms;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::db::Db;
use crate::inputs::{File, Root, RootId};
use crate::modules::{ModuleKind, ModuleName, resolve_relative};
use crate::queries::files::file_forms;
use crate::queries::modules::{module_name, own_file, resolve};

/// The hashes at `deep` of all definitions of a root's files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RootDeep {
    /// The number of each file.
    pub(crate) numbers: Arc<FxHashMap<File, u32>>,
    /// By number.
    pub(crate) files: Vec<Arc<FileDeep>>,
}

/// The hashes at `deep` of a file's definitions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FileDeep {
    pub(crate) file: File,
    pub(crate) hashes: Box<[Hash]>,
    pub(crate) dependencies: Arc<[Dependencies]>,
}

/// The hashes at `deep` of a root's files. Reads forms and modules, so what changes no form ends before it.
#[salsa::tracked(returns(clone))]
pub(crate) fn root_deep(db: &dyn Db, root: Root) -> Arc<RootDeep> {
    let forms = root.files(db).iter().map(|it| {
        db.unwind_if_revision_cancelled();
        (*it, file_forms(db, *it).clone().unwrap_or_default(), Home::of(db, *it))
    });
    let forms: Vec<_> = forms.collect();
    let known = db.shared().linked.of(root.id(db));
    let mut known = lock(&known);
    // Nothing is changed before all is found: to be cancelled leaves what is known as it was.
    let next = if let Some(next) = known.next(db, root, &forms) {
        next
    } else {
        let linked = Some(Linked::new(db.shared().summaries.normal));
        *known = LinkedRoot { linked, ..LinkedRoot::default() };
        known.next(db, root, &forms).unwrap_or_default()
    };
    known.take(next);
    let answer = Arc::new(RootDeep { numbers: Arc::clone(&known.numbers), files: known.answers.clone() });
    if db.shared().mount(root.id(db)).is_frozen {
        *known = LinkedRoot::default();
    }
    answer
}

/// What was linked last, by root.
#[derive(Default)]
pub(crate) struct LinkedRoots(Mutex<FxHashMap<RootId, Arc<Mutex<LinkedRoot>>>>);

impl LinkedRoots {
    fn of(&self, root: RootId) -> Arc<Mutex<LinkedRoot>> {
        Arc::clone(lock(&self.0).entry(root).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a file is called when it is imported, and whether it is a package.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Home(Option<ModuleName>, bool);

impl Home {
    fn of(db: &dyn Db, file: File) -> Self {
        Self(module_name(db, file), file.path(db).file_stem().is_some_and(|it| it == "__init__"))
    }
}
/// What was linked of a root, and from what.
#[derive(Default)]
struct LinkedRoot {
    numbers: Arc<FxHashMap<File, u32>>,
    /// By number; of files that are gone there are no forms.
    files: Vec<Known>,
    linked: Option<Linked>,
    answers: Vec<Arc<FileDeep>>,
}

/// A file when it was linked.
#[derive(Clone)]
struct Known {
    file: File,
    forms: Arc<FileForms>,
    home: Home,
}

/// What an edit leads to.
#[derive(Default)]
struct Next {
    numbers: Arc<FxHashMap<File, u32>>,
    files: Vec<Known>,
    update: Update,
}

impl LinkedRoot {
    /// Follows names where they may lead elsewhere now; none if all have to be followed.
    fn next(&self, db: &dyn Db, root: Root, now: &[(File, Arc<FileForms>, Home)]) -> Option<Next> {
        let linked = self.linked.as_ref()?;
        let (mut files, mut changes) = (self.files.clone(), Changes::default());
        let mut numbers = FxHashMap::with_capacity_and_hasher(now.len(), FxBuildHasher);
        for (file, forms, home) in now {
            let known = self.numbers.get(file).copied();
            let number = known.unwrap_or(u32::try_from(files.len()).unwrap_or(u32::MAX));
            numbers.insert(*file, number);
            let it = Known { file: *file, forms: Arc::clone(forms), home: home.clone() };
            match known {
                None => files.push(it),
                Some(_) if files[number as usize].home != *home => return None,
                Some(_) if files[number as usize].forms == *forms => continue,
                Some(_) => files[number as usize] = it,
            }
            changes.changed.push(number);
        }
        changes.gone = self.numbers.iter().filter(|it| !numbers.contains_key(it.0)).map(|it| *it.1).collect();
        changes.gone.sort_unstable();
        for number in &changes.gone {
            files[*number as usize].forms = Arc::default();
        }
        let is_same = changes.gone.is_empty() && numbers.len() == self.numbers.len();
        let numbers = if is_same { Arc::clone(&self.numbers) } else { Arc::new(numbers) };
        let project = DbProject { db, root, files: &files, numbers: &numbers };
        changes.modules = linked.moved_modules(&|group, name| project.find(group, name));
        let update = linked.link(&project, &changes, true);
        Some(Next { numbers, files, update })
    }

    /// Takes over what was found.
    fn take(&mut self, next: Next) {
        let Some(linked) = &mut self.linked else { return };
        (self.numbers, self.files) = (next.numbers, next.files);
        let done = linked.commit(next.update);
        linked.compact();
        let mut dependencies: FxHashMap<u32, Vec<Dependencies>> = done.dependencies.into_iter().collect();
        for number in done.rehashed {
            let at = number as usize;
            let dependencies = match dependencies.remove(&number) {
                Some(new) => new.into(),
                None => Arc::clone(&self.answers[at].dependencies),
            };
            let hashes = linked.hashes(number).into();
            let answer = Arc::new(FileDeep { file: self.files[at].file, hashes, dependencies });
            // New files have the next numbers, in order.
            match self.answers.get_mut(at) {
                Some(known) => *known = answer,
                None => self.answers.push(answer),
            }
        }
    }
}

/// Finds modules by queries, so that salsa knows what was asked.
struct DbProject<'db> {
    db: &'db dyn Db,
    root: Root,
    files: &'db [Known],
    numbers: &'db FxHashMap<File, u32>,
}

impl Forms for DbProject<'_> {
    fn of(&self, file: u32) -> &FileForms {
        &self.files[file as usize].forms
    }
}

impl Modules for DbProject<'_> {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        self.db.unwind_if_revision_cancelled();
        if level == 0 {
            return Some(module.to_owned());
        }
        let Home(own, is_package) = &self.files[file as usize].home;
        let name = resolve_relative(own.as_ref()?, *is_package, level, module).ok()?;
        Some(name.as_str().to_owned())
    }

    fn group(&self, _file: u32) -> u32 {
        0
    }

    fn find(&self, _group: u32, name: &str) -> ModuleTarget {
        self.db.unwind_if_revision_cancelled();
        let Some(name) = ModuleName::new(name) else { return ModuleTarget::Missing };
        let Ok(found) = resolve(self.db, self.root, &name) else { return ModuleTarget::Missing };
        let own = own_file(self.db, self.root, found).and_then(|it| self.numbers.get(&it));
        match own {
            Some(number) => ModuleTarget::File(*number),
            // It has nothing but submodules, which are looked for next.
            None if found.kind == ModuleKind::Namespace => ModuleTarget::Missing,
            None => ModuleTarget::Outside(Box::default()),
        }
    }
}
