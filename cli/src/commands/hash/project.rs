//! The files that the level `deep` needs: the targets', and what they import of their own project.
//!
//! Own is what is found in the roots; what is in the `site-packages` of `--python` is others', and counts by the name
//! and version of its distribution (`--deps version`), by its code (`source`), or by name alone (`name`).

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use astkit::hash::deep::{
    Changes, Committed, Deep, Forms, Linked, ModuleTarget, Modules, Target, deep_hashes,
};
use astkit::hash::form::{FileForms, file_forms};
use astkit_engine::store::Key;
use rustc_hash::{FxHashMap, FxHashSet};

use super::listings::Listings;
use super::memory::{Memory, decode_forms};
use super::rows::Asked;
use super::trace::FolderState;
use crate::modules;
use crate::parallel;
use crate::session::Session;
use crate::targets::absolute;
use crate::targets::{Input, Origin, show};

/// How code of others counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum OthersCode {
    /// By the name and version of its distribution.
    #[default]
    Version,
    /// By what it does, like the project's own.
    Source,
    /// By name.
    Name,
}

/// What counts of what is not the project's own.
#[derive(Clone, Debug, Default)]
pub(super) struct Dependencies {
    pub(super) others: OthersCode,
    /// What counts of built-in names and the standard library besides their names.
    pub(super) python: String,
}

/// A file of the project.
pub(super) struct ProjectFile {
    pub(super) origin: Origin,
    /// Its forms, and what its definitions are called; read when they are asked for.
    code: OnceCell<Code>,
    /// Whether it has forms; what is in another language is here for its rows alone.
    pub(super) is_python: bool,
    /// The module's name.
    pub(super) module: Option<String>,
    /// The folder from which it imports first.
    pub(super) root: u32,
    /// What is kept of it between runs.
    pub(super) kept: Kept,
}

/// A file's forms, and what its definitions are called.
type Code = (FileForms, Vec<String>);

/// What is kept of a file between runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Kept {
    /// The BLAKE3 of its bytes.
    pub(super) content: [u8; 32],
    /// Its rows in the store, if they were asked for.
    pub(super) rows: Option<Key>,
    /// Whether something is wrong with it, which only reading it tells.
    pub(super) is_damaged: bool,
    /// Whether it is not there any more.
    pub(super) is_gone: bool,
}

impl ProjectFile {
    /// A file whose code is read when it is asked for.
    pub(super) fn known(
        path: PathBuf,
        module: Option<String>,
        root: u32,
        is_python: bool,
        kept: Kept,
    ) -> Self {
        Self { origin: Origin::File(path), code: OnceCell::new(), is_python, module, root, kept }
    }

    pub(super) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin => None,
        }
    }

    fn is_package(&self) -> bool {
        self.path().and_then(Path::file_stem).is_some_and(|it| it == "__init__")
    }
}

/// The files of modules, as far as they are there.
type Found = FxHashMap<Box<str>, Option<PathBuf>>;

/// The files of a project, by number.
pub(super) struct Project<'s> {
    session: &'s Session,
    asked: &'s Asked,
    memory: Option<&'s Memory<'s>>,
    pub(super) files: Vec<ProjectFile>,
    /// Files with forms by their absolute paths; made when it is asked for.
    by_path: OnceCell<FxHashMap<OsString, u32>>,
    by_input: FxHashMap<Origin, u32>,
    /// Folders from which files of a group import first.
    pub(super) roots: Vec<PathBuf>,
    /// Files that turned out to be needed.
    needed: RefCell<BTreeSet<PathBuf>>,
    pub(super) listings: Listings,
    /// Folders, and whether they are packages.
    packages: RefCell<FxHashMap<OsString, bool>>,
    /// Per group, what was asked for by imports.
    imported: RefCell<FxHashMap<u32, FxHashSet<Box<str>>>>,
    /// Files that were needed, with their contents; none for what could not be read.
    pub(super) read: BTreeMap<PathBuf, Option<[u8; 32]>>,
    /// Per group, where modules are.
    found: RefCell<FxHashMap<u32, Found>>,
    distributions: RefCell<HashMap<PathBuf, HashMap<String, String>>>,
    /// Names that were followed.
    pub(super) linked: Linked,
    /// Whether modules are where they were when names were followed.
    pub(super) has_modules: bool,
    /// Whether a file was not what it was said to be.
    is_broken: Cell<bool>,
}

impl<'s> Project<'s> {
    pub(super) fn new(session: &'s Session, asked: &'s Asked, memory: Option<&'s Memory<'s>>) -> Self {
        Self {
            session,
            asked,
            memory,
            files: Vec::new(),
            by_path: OnceCell::new(),
            by_input: FxHashMap::default(),
            roots: vec![PathBuf::new()],
            needed: RefCell::default(),
            listings: Listings::default(),
            packages: RefCell::default(),
            imported: RefCell::default(),
            read: BTreeMap::new(),
            found: RefCell::default(),
            distributions: RefCell::default(),
            linked: Linked::new(asked.options),
            has_modules: false,
            is_broken: Cell::new(false),
        }
    }

    /// Adds an input.
    pub(super) fn add(&mut self, input: &Input, code: (FileForms, Vec<String>)) {
        let number = match &input.origin {
            Origin::File(path) => self.add_file(path, code),
            Origin::Stdin => self.push(ProjectFile {
                origin: Origin::Stdin,
                code: OnceCell::from(code),
                is_python: true,
                module: None,
                root: 0,
                kept: Kept::default(),
            }),
        };
        self.by_input.insert(input.origin.clone(), number);
    }

    fn add_file(&mut self, path: &Path, code: Code) -> u32 {
        let key = absolute(path).into_os_string();
        if let Some(known) = self.by_path().get(&key) {
            return *known;
        }
        let number = self.add_path(path, OnceCell::from(code), true);
        self.by_path.get_mut().map(|it| it.insert(key, number));
        number
    }

    /// Adds a file in another language.
    pub(super) fn add_foreign(&mut self, path: &Path) -> u32 {
        self.add_path(path, OnceCell::new(), false)
    }

    fn add_path(&mut self, path: &Path, code: OnceCell<Code>, is_python: bool) -> u32 {
        let (module, root) = self.place(path);
        let root = root.map_or(0, |it| self.root(it));
        let origin = Origin::File(path.to_owned());
        self.push(ProjectFile { origin, code, is_python, module, root, kept: Kept::default() })
    }

    /// The name of a file's module, and the folder from which it imports first.
    fn place(&self, path: &Path) -> (Option<String>, Option<PathBuf>) {
        let is_package = |folder: &Path| self.is_package(folder);
        (self.session.roots.module_in(path, &is_package), root_of(path, &is_package))
    }

    fn is_package(&self, folder: &Path) -> bool {
        if let Some(known) = self.packages.borrow().get(folder.as_os_str()) {
            return *known;
        }
        let is_package = modules::is_package(folder);
        self.packages.borrow_mut().insert(folder.as_os_str().to_owned(), is_package);
        is_package
    }

    /// Whether a file's module is called as it was, and imports from where it did.
    pub(super) fn is_in_place(&self, file: &ProjectFile) -> bool {
        let Some(path) = file.path() else { return false };
        let (module, root) = self.place(path);
        module == file.module && root.unwrap_or_default() == self.roots[file.root as usize]
    }

    fn push(&mut self, file: ProjectFile) -> u32 {
        self.files.push(file);
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    /// Gives a file new code; none if it is in another language.
    pub(super) fn set_code(&mut self, file: u32, code: Option<(FileForms, Vec<String>)>) {
        let it = &mut self.files[file as usize];
        if it.is_python != code.is_some() {
            self.by_path.take();
        }
        it.is_python = code.is_some();
        it.code = code.map(OnceCell::from).unwrap_or_default();
    }

    /// Gives the memory of all code back; it will be read again when it is asked for.
    pub(super) fn forget_code(&mut self) {
        self.files.iter_mut().for_each(|it| drop(it.code.take()));
    }

    fn by_path(&self) -> &FxHashMap<OsString, u32> {
        self.by_path.get_or_init(|| {
            let files = (0..).zip(&self.files).filter(|it| it.1.is_python && !it.1.kept.is_gone);
            files.filter_map(|(number, it)| Some((absolute(it.path()?).into_os_string(), number))).collect()
        })
    }

    fn root(&mut self, folder: PathBuf) -> u32 {
        let at = self.roots.iter().position(|it| *it == folder).unwrap_or_else(|| {
            self.roots.push(folder);
            self.roots.len() - 1
        });
        u32::try_from(at).unwrap_or(0)
    }

    /// The number of an input's file.
    pub(super) fn file(&self, input: &Input) -> Option<u32> {
        self.by_input.get(&input.origin).copied()
    }

    /// The forms of a file.
    pub(super) fn forms(&self, file: u32) -> &FileForms {
        &self.code(file).0
    }

    fn reader(&self) -> CodeReader<'s> {
        CodeReader { session: self.session, asked: self.asked, memory: self.memory }
    }

    fn code(&self, file: u32) -> &Code {
        let it = &self.files[file as usize];
        it.code.get_or_init(|| {
            let code = it.path().and_then(|path| self.reader().read(path, Some(&it.kept.content)));
            code.and_then(|it| it.1).unwrap_or_else(|| {
                self.is_broken.set(true);
                Code::default()
            })
        })
    }

    /// How a definition or variable is called in output.
    pub(super) fn shown(&self, target: &Target) -> String {
        match target {
            Target::Definition(file, number) => {
                let name = self.code(*file).1.get(*number as usize).map_or("", String::as_str);
                format!("{}::{name}", self.shown_file(*file))
            }
            Target::Variable(file, name) => format!("{}::{name}", self.shown_file(*file)),
            Target::Statement(file, _) => format!("{}::<module>", self.shown_file(*file)),
        }
    }

    fn shown_file(&self, file: u32) -> String {
        match self.files[file as usize].path() {
            Some(path) => show(path),
            None => self.session.stdin_name().to_owned(),
        }
    }

    /// A file as an input.
    pub(super) fn input(&self, file: u32) -> Input {
        let origin = self.files[file as usize].origin.clone();
        Input { origin, shown: self.shown_file(file), qualname: None }
    }

    /// The hashes, and what fills which slot; reads what is imported, until nothing more is needed.
    pub(super) fn deep(&mut self) -> Deep {
        self.load_imports(0);
        loop {
            let forms: Vec<&FileForms> = (0..).zip(&self.files).map(|it| self.forms(it.0)).collect();
            let deep = deep_hashes(&forms, self, self.asked.options);
            if self.needed.borrow().is_empty() || !self.load_needed() {
                return deep;
            }
        }
    }

    /// Follows names, after some files changed; reads what is imported, until nothing more is needed.
    pub(super) fn link(&mut self, mut changes: Changes, is_noted: bool) -> Committed {
        let imports = changes.changed.clone();
        self.need_imports(imports);
        let known = self.files.len();
        if self.load_needed() {
            self.load_imports(known);
        }
        loop {
            let new = (0..).zip(&self.files).skip(known).filter(|it| it.1.is_python);
            changes.changed.extend(new.map(|it| it.0));
            if !self.has_modules {
                changes.modules = self.linked.moved_modules(&|group, name| self.find(group, name));
                if !self.needed.borrow().is_empty() && self.load_needed() {
                    continue;
                }
            }
            let update = self.linked.link(self, &changes, is_noted);
            if self.needed.borrow().is_empty() || !self.load_needed() {
                let done = self.linked.commit(update);
                let (linked, rehashed) = (done.dependencies.len(), done.rehashed.len());
                self.session.timings.linked(linked, rehashed, self.files.len());
                return done;
            }
        }
    }

    /// Whether a file was not what it was said to be: then nothing that was found is true.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken.get() || self.linked.is_broken()
    }

    /// Reads what files from a number on import, and what that imports.
    fn load_imports(&mut self, mut first: usize) {
        while first < self.files.len() {
            let before = self.files.len();
            self.need_imports((first..before).filter_map(|it| u32::try_from(it).ok()));
            first = before;
            self.load_needed();
        }
    }

    /// Asks for everything that files import.
    fn need_imports(&self, files: impl IntoIterator<Item = u32>) {
        let mut member = String::new();
        for number in files {
            let (group, forms) = (self.group(number), self.forms(number));
            let mut ask = |level: u32, module: &str, name: Option<&str>| {
                let full = match level {
                    0 => Some(Cow::Borrowed(module)),
                    _ => self.full_name(number, level, module).map(Cow::Owned),
                };
                let Some(full) = full else { return };
                if self.is_new_import(group, &full) {
                    for (at, _) in full.match_indices('.') {
                        self.find(group, &full[..at]);
                    }
                    self.find(group, &full);
                }
                let Some(name) = name else { return };
                member.clear();
                member.extend([&*full, ".", name]);
                if self.is_new_import(group, &member) {
                    self.find(group, &member);
                }
            };
            for (level, module) in &forms.stars {
                ask(*level, module, None);
            }
            for root in &forms.roots {
                match root {
                    astkit::hash::normal::Root::Global(_) => {}
                    astkit::hash::normal::Root::Module { module } => ask(0, module, None),
                    astkit::hash::normal::Root::From { level, module, name } => {
                        ask(*level, module, Some(name));
                    }
                }
            }
        }
    }

    /// Whether no import of a group has asked for a module yet.
    fn is_new_import(&self, group: u32, module: &str) -> bool {
        let mut imported = self.imported.borrow_mut();
        let known = imported.entry(group).or_default();
        !known.contains(module) && known.insert(module.into())
    }

    /// Reads the files that are needed; false if there is none that can be read.
    fn load_needed(&mut self) -> bool {
        let paths: Vec<PathBuf> = self.needed.take().into_iter().collect();
        let reader = self.reader();
        let work = |path: &PathBuf| reader.read(path, None);
        let mut loaded = Vec::with_capacity(paths.len());
        let all: Result<(), std::convert::Infallible> =
            parallel::in_order(self.session.settings.jobs, &paths, work, |it| {
                loaded.push(it);
                Ok(())
            });
        let Ok(()) = all;
        let mut any = false;
        for (path, it) in paths.iter().zip(loaded) {
            self.read.insert(path.clone(), it.as_ref().map(|it| it.0));
            if let Some((content, Some(code))) = it {
                let number = self.add_file(path, code);
                self.files[number as usize].kept.content = content;
                any = true;
            } else {
                // What can't be read is not there.
                for found in self.found.borrow_mut().values_mut().flat_map(FxHashMap::values_mut) {
                    found.take_if(|it| it == path);
                }
            }
        }
        any
    }

    /// The folders on which the hashes depend, as far as they were looked at in this run; none if that can't be told, or a
    /// file could not be read. Files below a number were placed before.
    pub(super) fn trace(&self, memory: &Memory<'_>, first: usize) -> Option<Vec<(PathBuf, FolderState)>> {
        if self.read.values().any(Option::is_none) {
            return None;
        }
        let files = self.files.iter().skip(first).filter(|it| it.is_python && !it.kept.is_gone);
        let mut paths: Vec<_> = files.filter_map(|it| Some(absolute(it.path()?))).collect();
        paths.sort_unstable();
        for path in &paths {
            // Where packages begin says what the file is called.
            let has_init = |it: &&Path| self.listings.list(it).is_some_and(|it| it.has_file("__init__.py"));
            let outermost = path.ancestors().skip(1).take_while(has_init).count();
            path.ancestors().nth(outermost + 1).map(|it| self.listings.list(it));
        }
        let distributions = self.distributions.borrow();
        let sites: std::collections::BTreeSet<_> = distributions.keys().collect();
        for site in sites {
            self.listings.list(&absolute(site));
        }
        self.listings.trace(memory.start)
    }

    /// The file of a module, in the folder from which a group imports, then in the roots.
    fn path(&self, group: u32, name: &str) -> Option<PathBuf> {
        if let Some(known) = self.found.borrow().get(&group).and_then(|it| it.get(name)) {
            return known.clone();
        }
        let root = &self.roots[group as usize];
        let own = (group > 0).then_some(root).into_iter();
        let mut all = own.chain(self.session.roots.folders());
        let found = all.find_map(|it| self.listings.find_below(it, name));
        self.found.borrow_mut().entry(group).or_default().insert(name.into(), found.clone());
        found
    }

    /// Whether a name is that of a folder of modules without a file of its own.
    fn is_namespace(&self, group: u32, name: &str) -> bool {
        let roots = &self.session.roots;
        let mut own = roots.own_folders().chain([&self.roots[group as usize]]);
        own.any(|it| self.listings.is_folder_below(it, name))
    }

    /// The distribution and version that a file of `site-packages` belongs to.
    fn distribution(&self, site: &Path, module: &str) -> String {
        let top = module.split('.').next().unwrap_or_default();
        let mut known = self.distributions.borrow_mut();
        let of_site = known.entry(site.to_owned()).or_insert_with(|| crate::modules::distributions(site));
        of_site.get(top).cloned().unwrap_or_default()
    }
}

/// Reads code, in any thread.
struct CodeReader<'s> {
    session: &'s Session,
    asked: &'s Asked,
    memory: Option<&'s Memory<'s>>,
}

impl CodeReader<'_> {
    /// A file's content and code, which is none in other languages; none if it can't be read, or has not the content
    /// that it should have.
    fn read(&self, path: &Path, expected: Option<&[u8; 32]>) -> Option<([u8; 32], Option<Code>)> {
        let remembered = |content: &[u8; 32]| {
            let (rows, forms) = decode_forms(&self.memory?.forms_of(path, content)?)?;
            let names = rows.into_iter().map(|it| it.qualname).collect();
            Some((*content, forms.map(|it| (it, names))))
        };
        if let Some(known) = expected.and_then(remembered) {
            return Some(known);
        }
        let input = Input { origin: Origin::File(path.to_owned()), shown: show(path), qualname: None };
        let bytes = self.session.read(&input).ok()?;
        let content = *blake3::hash(&bytes).as_bytes();
        if expected.is_some_and(|it| *it != content) {
            return None;
        }
        if let Some(known) = remembered(&content) {
            return Some(known);
        }
        let file = self.session.lower(&input.shown, &bytes).ok()?;
        let all = astkit::ast::definitions(&file.lowered.tree);
        let forms = file_forms(&file.source, &file.lowered, &all, self.asked.options);
        let names: Vec<_> = all.into_iter().map(|it| it.qualname).collect();
        Some((content, forms.map(|it| (it, names))))
    }
}

impl Forms for Project<'_> {
    fn of(&self, file: u32) -> &FileForms {
        self.forms(file)
    }
}

impl Modules for Project<'_> {
    fn python(&self) -> &str {
        &self.asked.dependencies.python
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let file = &self.files[file as usize];
        let mut package = file.module.as_deref()?;
        let up = level - u32::from(file.is_package());
        for _ in 0..up {
            package = package.rsplit_once('.').map_or("", |it| it.0);
        }
        match (package.is_empty(), module.is_empty()) {
            (true, true) => None,
            (true, false) => Some(module.to_owned()),
            (false, true) => Some(package.to_owned()),
            (false, false) => Some(format!("{package}.{module}")),
        }
    }

    fn group(&self, file: u32) -> u32 {
        self.files[file as usize].root
    }

    fn find(&self, group: u32, name: &str) -> ModuleTarget {
        if self.has_modules
            && let Some(known) = self.linked.module(group, name)
        {
            return known;
        }
        let Some(path) = self.path(group, name) else {
            let top = name.split('.').next().unwrap_or_default();
            let is_own =
                top != name && self.path(group, top).is_some_and(|it| self.session.roots.site(&it).is_none());
            if is_own || self.is_namespace(group, name) {
                return ModuleTarget::Missing;
            }
            return ModuleTarget::Outside(self.asked.dependencies.python.as_str().into());
        };
        if let Some(site) = self.session.roots.site(&path) {
            match self.asked.dependencies.others {
                OthersCode::Source => {}
                OthersCode::Version => return ModuleTarget::Outside(self.distribution(&site, name).into()),
                OthersCode::Name => return ModuleTarget::Outside("".into()),
            }
        }
        if let Some(number) = self.by_path().get(absolute(&path).as_os_str()) {
            return ModuleTarget::File(*number);
        }
        self.needed.borrow_mut().insert(path);
        ModuleTarget::Missing
    }
}

/// The folder that a file imports from first: the one above its top package; of a script, its own.
fn root_of(path: &Path, is_package: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    let mut folder = path.parent()?;
    while is_package(folder) {
        match folder.parent() {
            Some(above) => folder = above,
            // The path begins within the package.
            None if path.is_relative() => return root_of(&absolute(path), is_package),
            None => break,
        }
    }
    Some(folder.to_owned())
}
