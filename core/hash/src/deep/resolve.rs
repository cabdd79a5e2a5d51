//! Following names: through files, imports, star imports, submodules and classes.

use astkit_analysis::is_builtin;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::form::{Binding, Class};
use crate::normal::Root;

use super::facts::{Asked, Fact};
use super::places::Places;
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
enum Step<'s> {
    InFile(u32, &'s str),
    InModule(String),
}

pub(super) struct Resolver<'f> {
    files: &'f dyn Forms,
    modules: &'f dyn Modules,
    places: &'f Places<'f>,
    /// By group and name.
    pub(super) known_modules: FxHashMap<u32, FxHashMap<String, ModuleTarget>>,
    /// What was looked at.
    pub(super) asked: Asked,
}

impl<'f> Resolver<'f> {
    pub(super) fn new(files: &'f dyn Forms, modules: &'f dyn Modules, places: &'f Places<'f>) -> Self {
        Self { files, modules, places, known_modules: FxHashMap::default(), asked: Asked::default() }
    }

    /// What a name of a file means.
    fn name(&mut self, file: u32, name: &str) -> Option<&'f Binding> {
        self.asked.add(file, &Fact::Name(file, name));
        self.files.of(file).name(name)
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
    pub(super) fn resolve(&mut self, file: u32, root: &Root, path: &[Box<str>]) -> Found {
        let (step, mut rest): (Step<'_>, Vec<&str>) = match root {
            Root::Global(name) => {
                if self.name(file, name).is_none() && !self.has_star(file, name) {
                    return self.not_bound(file, name);
                }
                (Step::InFile(file, name), path.iter().map(|it| &**it).collect())
            }
            Root::Module { module } => {
                (Step::InModule(module.to_string()), path.iter().map(|it| &**it).collect())
            }
            Root::From { level, module, name } => {
                let Some(module) = self.modules.full_name(file, *level, module) else {
                    let name = format!("{}{module}.{name}", ".".repeat(*level as usize));
                    return Found::Unresolved { name, reason: Reason::MissingModule };
                };
                let rest = std::iter::once(&**name).chain(path.iter().map(|it| &**it)).collect();
                (Step::InModule(module), rest)
            }
        };
        rest.reverse();
        self.follow(file, step, rest)
    }

    fn not_bound(&mut self, file: u32, name: &str) -> Found {
        if is_builtin(name) || is_implicit(name) {
            return Found::BuiltIn(self.modules.python().into());
        }
        let group = self.modules.group(file);
        let stars = self.stars(file);
        let modules = stars.iter().map(|(level, it)| self.modules.full_name(file, *level, it));
        let modules: Vec<Option<String>> = modules.collect();
        let mut is_opaque = false;
        for module in modules {
            let target = module.map(|it| self.module(group, &it));
            is_opaque |= !matches!(target, Some(ModuleTarget::File(_)));
        }
        let reason = if is_opaque { Reason::OpaqueStar } else { Reason::Undefined };
        Found::Unresolved { name: name.to_owned(), reason }
    }

    /// Follows a step; `rest` has the attributes to come, the next one last.
    fn follow(&mut self, from: u32, step: Step<'_>, mut rest: Vec<&str>) -> Found {
        let mut group = self.modules.group(from);
        let mut seen: FxHashSet<(u32, String)> = FxHashSet::default();
        let mut next = match step {
            Step::InFile(file, name) => (Some(file), name.to_owned()),
            Step::InModule(module) => (None, module),
        };
        for _ in 0..MOST_STEPS {
            let (file, name) = next;
            let Some(file) = file else {
                match self.in_module(group, &name, &mut rest) {
                    Ok((file, name)) => {
                        next = (Some(file), name);
                        continue;
                    }
                    Err(found) => return found,
                }
            };
            group = self.modules.group(file);
            if !seen.insert((file, name.clone())) {
                return Found::Unresolved { name, reason: Reason::MissingName };
            }
            match self.in_file(file, &name, &mut rest) {
                Ok(step) => next = step,
                Err(found) => return found,
            }
        }
        Found::Unresolved { name: next.1, reason: Reason::MissingName }
    }

    /// A name in a file: where to go on, or what it means.
    fn in_file(
        &mut self,
        file: u32,
        name: &str,
        rest: &mut Vec<&str>,
    ) -> Result<(Option<u32>, String), Found> {
        match self.name(file, name) {
            Some(Binding::Definition(number)) => {
                let (target, left) = self.attributes(file, *number, rest);
                Err(Found::Target { target, rest: left })
            }
            Some(Binding::Variable(_)) => {
                Err(Found::Target { target: Target::Variable(file, name.into()), rest: rest.len() })
            }
            Some(Binding::Import(root)) => self.open(file, root, rest),
            None => match self.star(file, name, &mut FxHashSet::default()) {
                Some(file) => Ok((Some(file), name.to_owned())),
                None => Err(Found::Unresolved { name: name.to_owned(), reason: Reason::MissingName }),
            },
        }
    }

    fn open(&mut self, file: u32, root: &Root, rest: &mut Vec<&str>) -> Result<(Option<u32>, String), Found> {
        match root {
            Root::Global(name) => Ok((Some(file), name.to_string())),
            Root::Module { module } => Ok((None, module.to_string())),
            Root::From { level, module, name } => {
                let Some(module) = self.modules.full_name(file, *level, module) else {
                    let name = format!("{}{module}.{name}", ".".repeat(*level as usize));
                    return Err(Found::Unresolved { name, reason: Reason::MissingModule });
                };
                self.of_module(self.modules.group(file), &module, name, rest)
            }
        }
    }

    /// A module and what is left of the attributes.
    fn in_module(&mut self, group: u32, module: &str, rest: &mut Vec<&str>) -> Result<(u32, String), Found> {
        match rest.pop() {
            Some(name) => match self.of_module(group, module, name, rest)? {
                (Some(file), name) => Ok((file, name)),
                (None, module) => self.in_module(group, &module, rest),
            },
            None => Err(match self.module(group, module) {
                ModuleTarget::File(file) => Found::Module(file),
                ModuleTarget::Outside(distribution) => Found::Outside { distribution, name: module.into() },
                ModuleTarget::Missing => {
                    Found::Unresolved { name: module.to_owned(), reason: Reason::MissingModule }
                }
            }),
        }
    }

    /// An attribute of a module.
    fn of_module(
        &mut self,
        group: u32,
        module: &str,
        name: &str,
        rest: &[&str],
    ) -> Result<(Option<u32>, String), Found> {
        match self.module(group, module) {
            ModuleTarget::File(file) => {
                if self.name(file, name).is_some() || self.has_star(file, name) {
                    return Ok((Some(file), name.to_owned()));
                }
                let submodule = format!("{module}.{name}");
                if self.module(group, &submodule) == ModuleTarget::Missing {
                    let name = submodule;
                    return Err(Found::Unresolved { name, reason: Reason::MissingName });
                }
                Ok((None, submodule))
            }
            ModuleTarget::Outside(distribution) => {
                let mut full = format!("{module}.{name}");
                for it in rest.iter().rev() {
                    full.push('.');
                    full.push_str(it);
                }
                Err(Found::Outside { distribution, name: full.into() })
            }
            ModuleTarget::Missing => {
                // A namespace package has no file of its own.
                let submodule = format!("{module}.{name}");
                if self.module(group, &submodule) != ModuleTarget::Missing {
                    return Ok((None, submodule));
                }
                Err(Found::Unresolved { name: submodule, reason: Reason::MissingModule })
            }
        }
    }

    fn module(&mut self, group: u32, name: &str) -> ModuleTarget {
        self.asked.add(u32::MAX, &Fact::Module(group, name));
        let known = self.known_modules.entry(group).or_default();
        if let Some(known) = known.get(name) {
            return known.clone();
        }
        let found = self.modules.find(group, name);
        known.insert(name.to_owned(), found.clone());
        found
    }

    /// The file whose names a star import brings.
    pub(super) fn star_module(&mut self, file: u32, level: u32, module: &str) -> Option<u32> {
        let module = self.modules.full_name(file, level, module)?;
        match self.module(self.modules.group(file), &module) {
            ModuleTarget::File(file) => Some(file),
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
                let Some(module) = self.modules.full_name(next, *level, module) else { continue };
                let group = self.modules.group(next);
                if let ModuleTarget::File(target) = self.module(group, &module) {
                    open.push(target);
                }
            }
        }
        None
    }

    /// Follows attributes of a definition as far as they are members of classes.
    fn attributes(&mut self, file: u32, number: u32, rest: &mut Vec<&str>) -> (Target, usize) {
        let mut at = (file, number);
        while let Some(name) = rest.last() {
            let Some(member) = self.member(at.0, at.1, name, false) else { break };
            at = member;
            rest.pop();
        }
        (Target::Definition(at.0, at.1), rest.len())
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
            let forms = self.files.of(file);
            for (root, path) in class.bases.iter().rev() {
                let found = self.resolve(file, &forms.roots[*root as usize], path);
                if let Found::Target { target: Target::Definition(file, number), rest: 0 } = found {
                    open.push((file, number, false));
                }
            }
        }
        None
    }
}

fn is_implicit(name: &str) -> bool {
    astkit_analysis::is_implicit_global(name)
}
