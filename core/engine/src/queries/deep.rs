//! The level `deep` of a root: one question about all files, asked of their forms.
//!
//! Between two edits the resolved graph is kept beside salsa, so that names are followed again only where they may
//! lead elsewhere. It is what following all names would give, so the answer is a function of the forms and modules
//! that the query reads, and it reads all of them every time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use astkit_hash::Hash;
use astkit_hash::deep::{Changes, Dependencies, Forms, Linked, ModuleTarget, Modules, Update};
use astkit_hash::form::FileForms;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::db::Db;
use crate::inputs::{File, Root, RootId};
use crate::modules::{ModuleKind, ModuleName, resolve_relative};
use crate::queries::files::{file_forms, file_interface};
use crate::queries::modules::{module_name, own_file, resolve};

/// The hashes at `deep` of all definitions of a root's files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
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
    let answer = Arc::clone(&known.answer);
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

    /// The answer for a root in a revision of the workspace, as [`root_deep`] would give it; none if all has to be asked.
    ///
    /// What code means depends on files and on where modules are. So after edits that stay within files, only the forms
    /// of these files are looked at.
    pub(crate) fn latest(&self, db: &dyn Db, root: Root, revision: u64) -> Option<Arc<RootDeep>> {
        let known = self.of(root.id(db));
        let mut known = lock(&known);
        let last = known.revision?;
        if last < revision {
            let files = db.shared().trails.since(root.id(db), last)?;
            let next = known.next_of(db, root, &files)?;
            known.take(next);
            known.revision = Some(revision);
        }
        (known.revision == Some(revision)).then(|| Arc::clone(&known.answer))
    }

    /// Notes that an answer was that for a revision.
    pub(crate) fn keep(&self, db: &dyn Db, root: Root, revision: u64, answer: &Arc<RootDeep>) {
        let known = self.of(root.id(db));
        let mut known = lock(&known);
        // Salsa may have found that an older answer is right again, and then this is not what is linked.
        let is_linked = known.linked.is_some() && Arc::ptr_eq(&known.answer, answer);
        known.revision = is_linked.then_some(revision);
        if is_linked {
            let widens = known.files.iter().map(|it| file_interface(db, it.file).extends_path());
            known.widens = widens.collect();
        }
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
    /// By number; of files that are gone there are no forms.
    files: Vec<Known>,
    linked: Option<Linked>,
    answer: Arc<RootDeep>,
    /// The revision of the workspace in which all of it is so, if that is known.
    revision: Option<u64>,
    /// Per file, whether it says where its modules are, in that revision.
    widens: Vec<bool>,
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
    /// Files that are new or have other forms, by number.
    files: BTreeMap<u32, Known>,
    update: Update,
}

impl LinkedRoot {
    /// Follows names where they may lead elsewhere now; none if all have to be followed.
    fn next(&self, db: &dyn Db, root: Root, now: &[(File, Arc<FileForms>, Home)]) -> Option<Next> {
        let linked = self.linked.as_ref()?;
        let (mut files, mut changes) = (BTreeMap::new(), Changes::default());
        let mut numbers = FxHashMap::with_capacity_and_hasher(now.len(), FxBuildHasher);
        let mut new = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        for (file, forms, home) in now {
            let known = self.answer.numbers.get(file).copied();
            let number = known.unwrap_or(new);
            numbers.insert(*file, number);
            match known.map(|it| &self.files[it as usize]) {
                None => new += 1,
                Some(it) if it.home != *home => return None,
                Some(it) if it.forms == *forms => continue,
                Some(_) => {}
            }
            files.insert(number, Known { file: *file, forms: Arc::clone(forms), home: home.clone() });
            changes.changed.push(number);
        }
        let known = &self.answer.numbers;
        changes.gone = known.iter().filter(|it| !numbers.contains_key(it.0)).map(|it| *it.1).collect();
        changes.gone.sort_unstable();
        for number in &changes.gone {
            let Known { file, home, .. } = self.files[*number as usize].clone();
            files.insert(*number, Known { file, home, forms: Arc::default() });
        }
        let is_same = changes.gone.is_empty() && numbers.len() == known.len();
        let numbers = if is_same { Arc::clone(known) } else { Arc::new(numbers) };
        let project = DbProject { db, root, known: &self.files, files: &files, numbers: &numbers };
        changes.modules = linked.moved_modules(&|group, name| project.find(group, name));
        let update = linked.link(&project, &changes, true);
        Some(Next { numbers, files, update })
    }

    /// The same after edits of some files, when modules are where they were; none if that is not known.
    fn next_of(&self, db: &dyn Db, root: Root, edited: &[File]) -> Option<Next> {
        let linked = self.linked.as_ref()?;
        let mut files = BTreeMap::new();
        let numbers = Arc::clone(&self.answer.numbers);
        for file in edited {
            let number = *numbers.get(file)?;
            let known = &self.files[number as usize];
            if *self.widens.get(number as usize)? != file_interface(db, *file).extends_path() {
                return None;
            }
            let forms = file_forms(db, *file).clone().unwrap_or_default();
            if forms != known.forms {
                files.insert(number, Known { forms, ..known.clone() });
            }
        }
        let changes = Changes { changed: files.keys().copied().collect(), ..Changes::default() };
        let project = DbProject { db, root, known: &self.files, files: &files, numbers: &numbers };
        let update = linked.link(&project, &changes, true);
        Some(Next { numbers, files, update })
    }

    /// Takes over what was found.
    fn take(&mut self, next: Next) {
        let Some(linked) = &mut self.linked else { return };
        for (number, it) in next.files {
            // New files have the next numbers, in order.
            match self.files.get_mut(number as usize) {
                Some(known) => *known = it,
                None => self.files.push(it),
            }
        }
        let done = linked.commit(next.update);
        linked.compact();
        let answer = Arc::make_mut(&mut self.answer);
        answer.numbers = next.numbers;
        let mut dependencies: FxHashMap<u32, Vec<Dependencies>> = done.dependencies.into_iter().collect();
        for number in done.rehashed {
            let at = number as usize;
            let dependencies = match dependencies.remove(&number) {
                Some(new) => new.into(),
                None => Arc::clone(&answer.files[at].dependencies),
            };
            let hashes = linked.hashes(number).into();
            let of_file = Arc::new(FileDeep { file: self.files[at].file, hashes, dependencies });
            match answer.files.get_mut(at) {
                Some(known) => *known = of_file,
                None => answer.files.push(of_file),
            }
        }
    }
}

/// Finds modules by queries, so that salsa knows what was asked.
struct DbProject<'db> {
    db: &'db dyn Db,
    root: Root,
    known: &'db [Known],
    /// What takes the place of some of these, and comes after them.
    files: &'db BTreeMap<u32, Known>,
    numbers: &'db FxHashMap<File, u32>,
}

impl DbProject<'_> {
    fn file(&self, file: u32) -> &Known {
        self.files.get(&file).unwrap_or_else(|| &self.known[file as usize])
    }
}

impl Forms for DbProject<'_> {
    fn of(&self, file: u32) -> &FileForms {
        &self.file(file).forms
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
        let Home(own, is_package) = &self.file(file).home;
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
