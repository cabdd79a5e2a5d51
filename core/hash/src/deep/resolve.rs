//! Following names: through files, imports, star imports, submodules and classes.

use std::sync::Arc;

use astkit_analysis::is_builtin;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::form::{Binding, Class};
use crate::normal::Root;

use super::facts::{Asked, Fact};
use super::places::{Places, count};
use super::{Forms, ModuleTarget, Modules, Reason, Target};

/// How far a name is followed through imports of imports.
const MOST_STEPS: usize = 256;

/// What a name was followed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// A definition or variable; so many attributes at the end were not followed.
    Target { target: Target, rest: usize },
    /// A module as a value: its file.
    Module(u32),
    /// Something of a module outside.
    Outside { distribution: Box<str>, name: Box<str> },
    /// A built-in name; what else counts of it.
    BuiltIn(Box<str>),
    /// Nothing.
    Unresolved { name: String, reason: Reason },
}

/// A name on its way to what it means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step<'f> {
    /// A name of a file.
    Name(u32, &'f str),
    /// A module: its number among those that were asked for.
    Module(u32),
}

/// Attributes that are still to be followed.
#[derive(Clone, Copy)]
struct Rest<'f> {
    first: Option<&'f str>,
    path: &'f [Box<str>],
}

impl<'f> Rest<'f> {
    fn next(self) -> Option<&'f str> {
        self.first.or_else(|| self.path.first().map(|it| &**it))
    }

    fn pop(&mut self) -> Option<&'f str> {
        let next = self.next()?;
        if self.first.take().is_none() {
            self.path = &self.path[1..];
        }
        Some(next)
    }

    fn len(self) -> usize {
        self.path.len() + usize::from(self.first.is_some())
    }

    /// A full name, and all of these behind it.
    fn behind(self, mut name: String) -> Box<str> {
        for it in self.first.into_iter().chain(self.path.iter().map(|it| &**it)) {
            name.push('.');
            name.push_str(it);
        }
        name.into()
    }
}

/// A module that was asked for.
struct KnownModule {
    group: u32,
    name: Box<str>,
    /// Where it is, once that was needed.
    target: Option<ModuleTarget>,
}

/// Classes: files and definitions.
type Classes = Arc<[(u32, u32)]>;

pub(super) struct Resolver<'f> {
    files: &'f dyn Forms,
    modules: &'f dyn Modules,
    places: &'f Places<'f>,
    /// Per file that names were looked for in: its names.
    names: FxHashMap<u32, FxHashMap<&'f str, &'f Binding>>,
    known_modules: Vec<KnownModule>,
    /// Their numbers, by group and name.
    numbers: FxHashMap<u32, FxHashMap<Box<str>, u32>>,
    /// Their numbers, by file, level and name of an import.
    imported: FxHashMap<(u32, u32, &'f str), Option<u32>>,
    /// Their numbers, by the number of the package and the name in it.
    submodules: FxHashMap<(u32, &'f str), u32>,
    /// The bases of classes that were followed, where nothing is noted.
    bases: FxHashMap<(u32, u32), Classes>,
    /// The classes whose bases are being followed, and how often one was met again.
    open: Vec<(u32, u32)>,
    cycles: u32,
    /// What was looked at.
    pub(super) asked: Asked,
}

impl<'f> Resolver<'f> {
    pub(super) fn new(files: &'f dyn Forms, modules: &'f dyn Modules, places: &'f Places<'f>) -> Self {
        Self {
            files,
            modules,
            places,
            names: FxHashMap::default(),
            known_modules: Vec::new(),
            numbers: FxHashMap::default(),
            imported: FxHashMap::default(),
            submodules: FxHashMap::default(),
            bases: FxHashMap::default(),
            open: Vec::new(),
            cycles: 0,
            asked: Asked::default(),
        }
    }

    /// Where modules were found, or not: by group and name.
    pub(super) fn found_modules(self) -> impl Iterator<Item = ((u32, Box<str>), ModuleTarget)> {
        self.known_modules.into_iter().filter_map(|it| Some(((it.group, it.name), it.target?)))
    }

    /// What a name of a file means.
    fn name(&mut self, file: u32, name: &str) -> Option<&'f Binding> {
        self.asked.add(file, &Fact::Name(file, name));
        let files = self.files;
        let names = self.names.entry(file).or_insert_with(|| {
            files.of(file).names.iter().map(|(name, binding)| (&**name, binding)).collect()
        });
        names.get(name).copied()
    }

    /// The modules of which a file imports `*`.
    fn stars(&mut self, file: u32) -> &'f [(u32, Box<str>)] {
        self.asked.add(file, &Fact::Stars(file));
        &self.files.of(file).stars
    }

    /// The class that a definition is.
    fn class(&mut self, file: u32, definition: u32) -> Option<&'f Class> {
        let class = self.files.of(file).class(definition);
        if class.is_none() {
            self.asked.add(file, &Fact::Bases(self.places.definition(file, definition)));
        }
        class
    }

    /// What a root and its attributes mean in a file.
    pub(super) fn resolve(&mut self, file: u32, root: &'f Root, path: &'f [Box<str>]) -> Found {
        let mut rest = Rest { first: None, path };
        let step = match root {
            Root::Global(name) => {
                if self.name(file, name).is_none() && !self.has_star(file, name) {
                    return self.not_bound(file, name);
                }
                Step::Name(file, name)
            }
            Root::Module { module } => match self.import(file, 0, module) {
                Some(module) => Step::Module(module),
                None => return missing(0, module),
            },
            Root::From { level, module, name } => {
                let Some(number) = self.import(file, *level, module) else {
                    return missing(*level, &format!("{module}.{name}"));
                };
                rest.first = Some(name);
                Step::Module(number)
            }
        };
        self.follow(step, rest)
    }

    fn not_bound(&mut self, file: u32, name: &str) -> Found {
        if is_builtin(name) || is_implicit(name) {
            return Found::BuiltIn(self.modules.python().into());
        }
        let mut is_opaque = false;
        for (level, module) in self.stars(file) {
            let module = self.import(file, *level, module);
            is_opaque |= !matches!(module.map(|it| self.module(it)), Some(ModuleTarget::File(_)));
        }
        let reason = if is_opaque { Reason::OpaqueStar } else { Reason::Undefined };
        Found::Unresolved { name: name.to_owned(), reason }
    }

    /// Follows a step.
    fn follow(&mut self, mut step: Step<'f>, mut rest: Rest<'f>) -> Found {
        let mut seen: Vec<(u32, &str)> = Vec::new();
        for _ in 0..MOST_STEPS {
            let next = match step {
                Step::Module(module) => self.in_module(module, &mut rest),
                Step::Name(file, name) if seen.contains(&(file, name)) => {
                    return Found::Unresolved { name: name.to_owned(), reason: Reason::MissingName };
                }
                Step::Name(file, name) => {
                    seen.push((file, name));
                    self.in_file(file, name, &mut rest)
                }
            };
            match next {
                Ok(next) => step = next,
                Err(found) => return found,
            }
        }
        let name = match step {
            Step::Name(_, name) => name.to_owned(),
            Step::Module(module) => self.module_name(module).to_owned(),
        };
        Found::Unresolved { name, reason: Reason::MissingName }
    }

    /// A name in a file: where to go on, or what it means.
    fn in_file(&mut self, file: u32, name: &'f str, rest: &mut Rest<'f>) -> Result<Step<'f>, Found> {
        match self.name(file, name) {
            Some(Binding::Definition(number)) => {
                let target = self.attributes(file, *number, rest);
                Err(Found::Target { target, rest: rest.len() })
            }
            Some(Binding::Variable(_)) => {
                Err(Found::Target { target: Target::Variable(file, name.into()), rest: rest.len() })
            }
            Some(Binding::Import(root)) => self.open(file, root, *rest),
            None => match self.star(file, name, &mut FxHashSet::default()) {
                Some(file) => Ok(Step::Name(file, name)),
                None => Err(Found::Unresolved { name: name.to_owned(), reason: Reason::MissingName }),
            },
        }
    }

    fn open(&mut self, file: u32, root: &'f Root, rest: Rest<'f>) -> Result<Step<'f>, Found> {
        match root {
            Root::Global(name) => Ok(Step::Name(file, name)),
            Root::Module { module } => {
                self.import(file, 0, module).map(Step::Module).ok_or_else(|| missing(0, module))
            }
            Root::From { level, module, name } => match self.import(file, *level, module) {
                Some(number) => self.of_module(number, name, rest),
                None => Err(missing(*level, &format!("{module}.{name}"))),
            },
        }
    }

    /// A module and what is left of the attributes.
    fn in_module(&mut self, module: u32, rest: &mut Rest<'f>) -> Result<Step<'f>, Found> {
        let mut module = module;
        while let Some(name) = rest.pop() {
            match self.of_module(module, name, *rest)? {
                Step::Module(inner) => module = inner,
                step @ Step::Name(..) => return Ok(step),
            }
        }
        let target = self.module(module).clone();
        let name = self.module_name(module);
        Err(match target {
            ModuleTarget::File(file) => Found::Module(file),
            ModuleTarget::Outside(distribution) => Found::Outside { distribution, name: name.into() },
            ModuleTarget::Missing => {
                Found::Unresolved { name: name.to_owned(), reason: Reason::MissingModule }
            }
        })
    }

    /// An attribute of a module.
    fn of_module(&mut self, module: u32, name: &'f str, rest: Rest<'f>) -> Result<Step<'f>, Found> {
        let reason = match self.module(module) {
            ModuleTarget::File(file) => {
                let file = *file;
                if self.name(file, name).is_some() || self.has_star(file, name) {
                    return Ok(Step::Name(file, name));
                }
                Reason::MissingName
            }
            ModuleTarget::Outside(distribution) => {
                let distribution = distribution.clone();
                let name = rest.behind(format!("{}.{name}", self.module_name(module)));
                return Err(Found::Outside { distribution, name });
            }
            // A namespace package has no file of its own.
            ModuleTarget::Missing => Reason::MissingModule,
        };
        let submodule = self.submodule(module, name);
        if *self.module(submodule) == ModuleTarget::Missing {
            return Err(Found::Unresolved { name: self.module_name(submodule).to_owned(), reason });
        }
        Ok(Step::Module(submodule))
    }

    /// The number of a module that is imported in a file; none if the dots lead out of its package.
    fn import(&mut self, file: u32, level: u32, module: &'f str) -> Option<u32> {
        let group = self.modules.group(file);
        if level == 0 {
            let known = self.numbers.get(&group).and_then(|it| it.get(module)).copied();
            return Some(known.unwrap_or_else(|| self.number(group, module.to_owned())));
        }
        if let Some(known) = self.imported.get(&(file, level, module)) {
            return *known;
        }
        let name = self.modules.full_name(file, level, module);
        let number = name.map(|it| self.number(group, it));
        self.imported.insert((file, level, module), number);
        number
    }

    fn submodule(&mut self, module: u32, name: &'f str) -> u32 {
        if let Some(known) = self.submodules.get(&(module, name)) {
            return *known;
        }
        let group = self.known_modules[module as usize].group;
        let number = self.number(group, format!("{}.{name}", self.module_name(module)));
        self.submodules.insert((module, name), number);
        number
    }

    /// The number of a module.
    fn number(&mut self, group: u32, name: String) -> u32 {
        let name: Box<str> = name.into();
        let numbers = self.numbers.entry(group).or_default();
        if let Some(known) = numbers.get(&name) {
            return *known;
        }
        let number = count(self.known_modules.len());
        numbers.insert(name.clone(), number);
        self.known_modules.push(KnownModule { group, name, target: None });
        number
    }

    fn module_name(&self, module: u32) -> &str {
        &self.known_modules[module as usize].name
    }

    /// Where a module is.
    fn module(&mut self, module: u32) -> &ModuleTarget {
        let modules = self.modules;
        let KnownModule { group, name, target } = &mut self.known_modules[module as usize];
        self.asked.add(u32::MAX, &Fact::Module(*group, name));
        target.get_or_insert_with(|| modules.find(*group, name))
    }

    /// The file whose names a star import brings.
    pub(super) fn star_module(&mut self, file: u32, level: u32, module: &'f str) -> Option<u32> {
        let module = self.import(file, level, module)?;
        match self.module(module) {
            ModuleTarget::File(file) => Some(*file),
            ModuleTarget::Outside(_) | ModuleTarget::Missing => None,
        }
    }

    fn has_star(&mut self, file: u32, name: &str) -> bool {
        !self.stars(file).is_empty() && self.star(file, name, &mut FxHashSet::default()).is_some()
    }

    /// The file whose name a star import brings.
    fn star(&mut self, file: u32, name: &str, seen: &mut FxHashSet<u32>) -> Option<u32> {
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            if next != file && self.name(next, name).is_some() {
                return Some(next);
            }
            // The last star import wins, so it is looked at first.
            for (level, module) in self.stars(next) {
                open.extend(self.star_module(next, *level, module));
            }
        }
        None
    }

    /// Follows attributes of a definition as far as they are members of classes.
    fn attributes(&mut self, file: u32, number: u32, rest: &mut Rest<'f>) -> Target {
        let mut at = (file, number);
        while let Some(name) = rest.next() {
            let Some(member) = self.member(at.0, at.1, name, false) else { break };
            at = member;
            rest.pop();
        }
        Target::Definition(at.0, at.1)
    }

    /// A member of a class: its own, or that of the first base that has it.
    pub(super) fn member(&mut self, file: u32, class: u32, name: &str, is_super: bool) -> Option<(u32, u32)> {
        let mut open = vec![(file, class, is_super)];
        let mut seen = FxHashSet::default();
        while let Some((file, number, skip)) = open.pop() {
            if !seen.insert((file, number)) || seen.len() > MOST_STEPS {
                continue;
            }
            let Some(class) = self.class(file, number) else { continue };
            let node = self.places.definition(file, number);
            if !skip {
                self.asked.add(file, &Fact::Member(node, name));
                if let Ok(at) = class.members.binary_search_by(|it| (*it.0).cmp(name)) {
                    return Some((file, class.members[at].1));
                }
            }
            self.asked.add(file, &Fact::Bases(node));
            let bases = self.bases(file, number, class);
            open.extend(bases.iter().map(|(file, number)| (*file, *number, false)));
        }
        None
    }

    /// The bases of a class that are definitions, the last first.
    fn bases(&mut self, file: u32, number: u32, class: &'f Class) -> Classes {
        if let Some(known) = self.bases.get(&(file, number)) {
            return Arc::clone(known);
        }
        // A class whose base is an attribute of itself is none that Python can make.
        if self.open.contains(&(file, number)) {
            self.cycles += 1;
            return Arc::default();
        }
        let cycles = self.cycles;
        self.open.push((file, number));
        let bases = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.find_bases(file, class));
        self.open.pop();
        // What was found within a cycle depends on where one began; and where questions are noted, everybody has to
        // ask anew.
        if !self.asked.is_noted && self.cycles == cycles {
            self.bases.insert((file, number), Arc::clone(&bases));
        }
        bases
    }

    fn find_bases(&mut self, file: u32, class: &'f Class) -> Classes {
        let forms = self.files.of(file);
        let mut out = Vec::new();
        for (root, path) in class.bases.iter().rev() {
            let found = self.resolve(file, &forms.roots[*root as usize], path);
            if let Found::Target { target: Target::Definition(file, number), rest: 0 } = found {
                out.push((file, number));
            }
        }
        out.into()
    }
}

/// An import whose dots lead out of its package.
fn missing(level: u32, module: &str) -> Found {
    let name = format!("{}{module}", ".".repeat(level as usize));
    Found::Unresolved { name, reason: Reason::MissingModule }
}

fn is_implicit(name: &str) -> bool {
    astkit_analysis::is_implicit_global(name)
}
