//! The files that the level `deep` needs: the targets', and what they import of their own project.
//!
//! Own is what is found in the roots; what is in the `site-packages` of `--python` is others', and counts by the name
//! and version of its distribution (`--deps version`), by its code (`source`), or by name alone (`name`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use astkit::hash::deep::{Deep, ModuleTarget, Modules, Target, deep_hashes};
use astkit::hash::form::{FileForms, file_forms};
use rustc_hash::FxHashSet;

use super::listings::Listings;
use super::memory::{Memory, decode_forms};
use super::rows::Asked;
use super::trace::Trace;
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
struct ProjectFile {
    forms: FileForms,
    shown: String,
    origin: Origin,
    qualnames: Vec<String>,
    /// The module's name, and whether it is a package.
    module: Option<String>,
    is_package: bool,
    root: u32,
}

/// The files of a project, by number.
pub(super) struct Project<'s> {
    session: &'s Session,
    asked: &'s Asked,
    memory: Option<&'s Memory<'s>>,
    files: Vec<ProjectFile>,
    by_path: HashMap<PathBuf, u32>,
    by_input: HashMap<Origin, u32>,
    /// Folders from which files of a group import first.
    roots: Vec<PathBuf>,
    /// Files that turned out to be needed.
    needed: RefCell<BTreeSet<PathBuf>>,
    listings: Listings,
    /// What was asked for by imports.
    imported: RefCell<FxHashSet<(u32, String)>>,
    /// Files that were needed, with their contents; none for what could not be read.
    read: BTreeMap<PathBuf, Option<[u8; 32]>>,
    found: RefCell<HashMap<(u32, String), Option<PathBuf>>>,
    distributions: RefCell<HashMap<PathBuf, HashMap<String, String>>>,
}

impl<'s> Project<'s> {
    pub(super) fn new(session: &'s Session, asked: &'s Asked, memory: Option<&'s Memory<'s>>) -> Self {
        Self {
            session,
            asked,
            memory,
            files: Vec::new(),
            by_path: HashMap::new(),
            by_input: HashMap::new(),
            roots: vec![PathBuf::new()],
            needed: RefCell::default(),
            listings: Listings::default(),
            imported: RefCell::default(),
            read: BTreeMap::new(),
            found: RefCell::default(),
            distributions: RefCell::default(),
        }
    }

    /// Adds an input.
    pub(super) fn add(&mut self, input: &Input, (forms, qualnames): (FileForms, Vec<String>)) {
        let number = match &input.origin {
            Origin::File(path) => self.add_file(path, input.shown.clone(), forms, qualnames),
            Origin::Stdin => self.push(ProjectFile {
                forms,
                qualnames,
                shown: input.shown.clone(),
                origin: Origin::Stdin,
                module: None,
                is_package: false,
                root: 0,
            }),
        };
        self.by_input.insert(input.origin.clone(), number);
    }

    fn add_file(&mut self, path: &Path, shown: String, forms: FileForms, qualnames: Vec<String>) -> u32 {
        let key = absolute(path);
        if let Some(known) = self.by_path.get(&key) {
            return *known;
        }
        let module = self.session.roots.module(path);
        let is_package = path.file_stem().is_some_and(|it| it == "__init__");
        let root = root_of(path);
        let root = root.map_or(0, |it| self.root(it));
        let number = self.push(ProjectFile {
            forms,
            qualnames,
            shown,
            origin: Origin::File(path.to_owned()),
            module,
            is_package,
            root,
        });
        self.by_path.insert(key, number);
        number
    }

    fn push(&mut self, file: ProjectFile) -> u32 {
        self.files.push(file);
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
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
        &self.files[file as usize].forms
    }

    /// How a definition or variable is called in output.
    pub(super) fn shown(&self, target: &Target) -> String {
        match target {
            Target::Definition(file, number) => {
                let file = &self.files[*file as usize];
                format!("{}::{}", file.shown, file.qualnames[*number as usize])
            }
            Target::Variable(file, name) => format!("{}::{name}", self.files[*file as usize].shown),
            Target::Statement(file, _) => format!("{}::<module>", self.files[*file as usize].shown),
        }
    }

    /// A file as an input.
    pub(super) fn input(&self, file: u32) -> Input {
        let file = &self.files[file as usize];
        Input { origin: file.origin.clone(), shown: file.shown.clone(), qualname: None }
    }

    /// The hashes; reads what is imported, until nothing more is needed.
    pub(super) fn deep(&mut self) -> Deep {
        let mut first = 0;
        while first < self.files.len() {
            let before = self.files.len();
            self.need_imports(first);
            first = before;
            self.load_needed();
        }
        loop {
            let forms: Vec<&FileForms> = self.files.iter().map(|it| &it.forms).collect();
            let deep = deep_hashes(&forms, self, self.asked.options);
            if self.needed.borrow().is_empty() || !self.load_needed() {
                return deep;
            }
        }
    }

    /// Asks for everything that files from a number on import.
    fn need_imports(&self, first: usize) {
        for (number, file) in self.files.iter().enumerate().skip(first) {
            let number = u32::try_from(number).unwrap_or(0);
            let group = file.root;
            let ask = |level: u32, module: &str, name: Option<&str>| {
                let Some(full) = self.full_name(number, level, module) else { return };
                if self.imported.borrow_mut().insert((group, full.clone())) {
                    for (at, _) in full.match_indices('.') {
                        self.find(group, &full[..at]);
                    }
                    self.find(group, &full);
                }
                let name = name.map(|it| format!("{full}.{it}"));
                if let Some(name) = name
                    && self.imported.borrow_mut().insert((group, name.clone()))
                {
                    self.find(group, &name);
                }
            };
            for (level, module) in &file.forms.stars {
                ask(*level, module, None);
            }
            for root in &file.forms.roots {
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

    /// Reads the files that are needed; false if there is none that can be read.
    fn load_needed(&mut self) -> bool {
        let paths: Vec<PathBuf> = self.needed.take().into_iter().collect();
        let work = |path: &PathBuf| {
            let input = Input { origin: Origin::File(path.clone()), shown: show(path), qualname: None };
            let bytes = self.session.read(&input).ok()?;
            let content = *blake3::hash(&bytes).as_bytes();
            let known =
                self.memory.and_then(|it| it.forms_of(path, &content)).and_then(|it| decode_forms(&it));
            if let Some((rows, forms)) = known {
                let names: Vec<_> = rows.into_iter().map(|it| it.qualname).collect();
                return Some((content, forms.map(|it| (it, names))));
            }
            let file = self.session.lower(&input.shown, &bytes).ok()?;
            let all = astkit::ast::definitions(&file.lowered.tree);
            let forms = file_forms(&file.source, &file.lowered, &all, self.asked.options);
            let names: Vec<_> = all.into_iter().map(|it| it.qualname).collect();
            Some((content, forms.map(|it| (it, names))))
        };
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
            if let Some((_, Some((forms, qualnames)))) = it {
                self.add_file(path, show(path), forms, qualnames);
                any = true;
            } else {
                // What can't be read is not there.
                let gone = |(_, found): (&(u32, String), &mut Option<PathBuf>)| {
                    if found.as_ref() == Some(path) {
                        *found = None;
                    }
                };
                self.found.borrow_mut().iter_mut().for_each(gone);
            }
        }
        any
    }

    /// What the hashes depend on besides the inputs; none if that can't be told.
    pub(super) fn trace(&self, memory: &Memory<'_>) -> Option<Trace> {
        let mut paths: Vec<_> = self.by_path.keys().collect();
        paths.sort_unstable();
        for path in paths {
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
        let files = self.read.iter().map(|(path, content)| Some((absolute(path), (*content)?)));
        Some(Trace::new(self.listings.trace(memory.start)?, files.collect::<Option<_>>()?))
    }

    /// The file of a module, in the folder from which a group imports, then in the roots.
    fn path(&self, group: u32, name: &str) -> Option<PathBuf> {
        let key = (group, name.to_owned());
        if let Some(known) = self.found.borrow().get(&key) {
            return known.clone();
        }
        let root = &self.roots[group as usize];
        let own = (group > 0).then_some(root).into_iter();
        let mut all = own.chain(self.session.roots.folders());
        let found = all.find_map(|it| self.listings.find_below(it, name));
        self.found.borrow_mut().insert(key, found.clone());
        found
    }

    /// Whether a name is that of a folder of modules without a file of its own.
    fn is_namespace(&self, group: u32, name: &str) -> bool {
        let path: PathBuf = name.split('.').collect();
        let roots = &self.session.roots;
        let mut own = roots.own_folders().chain([&self.roots[group as usize]]);
        own.any(|it| self.listings.is_folder(&it.join(&path)))
    }

    /// The distribution and version that a file of `site-packages` belongs to.
    fn distribution(&self, site: &Path, module: &str) -> String {
        let top = module.split('.').next().unwrap_or_default();
        let mut known = self.distributions.borrow_mut();
        let of_site = known.entry(site.to_owned()).or_insert_with(|| crate::modules::distributions(site));
        of_site.get(top).cloned().unwrap_or_default()
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
        let up = level - u32::from(file.is_package);
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
        let Some(path) = self.path(group, name) else {
            let top = name.split('.').next().unwrap_or_default();
            let is_own =
                top != name && self.path(group, top).is_some_and(|it| self.session.roots.site(&it).is_none());
            let is_site = self.is_namespace(group, name);
            if is_own || is_site {
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
        if let Some(number) = self.by_path.get(&absolute(&path)) {
            return ModuleTarget::File(*number);
        }
        self.needed.borrow_mut().insert(path);
        ModuleTarget::Missing
    }
}

/// The folder that a file imports from first: the one above its top package; of a script, its own.
fn root_of(path: &Path) -> Option<PathBuf> {
    let mut folder = path.parent()?;
    while folder.join("__init__.py").is_file() {
        match folder.parent() {
            Some(above) => folder = above,
            // The path begins within the package.
            None if path.is_relative() => return root_of(&absolute(path)),
            None => break,
        }
    }
    Some(folder.to_owned())
}
