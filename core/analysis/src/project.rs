//! Modules together: what a name of one module stands for, imports followed.
//!
//! A [`Project`] tells the interfaces of modules by name; who keeps them (a map in a test, a query engine) and where
//! they come from is its matter. Where a name has several meanings, an import in a `try` counts before all others if
//! there is such a module, and one in a handler only if there is nothing else.

mod exports;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use crate::dunder_all::{DunderAll, What};
use crate::interface::{Interface, Meaning, Place, Target};
use crate::mro::{canonical_class, extension_metaclass};
use crate::scopes::ScopeId;

pub use exports::{StarNames, Wildcard, exported, star_names, wildcards};

/// The modules that can be looked at.
pub trait Project {
    /// The interface of the module of this absolute name, if its text is there.
    fn interface(&self, module: &str) -> Option<Arc<Interface>>;

    /// Whether a module of this absolute name could be imported, with text or without.
    fn is_module(&self, module: &str) -> bool {
        self.interface(module).is_some()
    }

    /// Whether a module of this absolute name surely can't be imported.
    fn lacks(&self, _module: &str) -> bool {
        false
    }

    /// The version of Python, if it is known.
    fn python(&self) -> Option<(u8, u8)> {
        None
    }
}

/// A few modules by name.
impl Project for BTreeMap<String, Arc<Interface>> {
    fn interface(&self, module: &str) -> Option<Arc<Interface>> {
        self.get(module).cloned()
    }
}

/// What a name of a module stands for.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Found {
    /// A module.
    Module(Box<str>),
    /// A class of a module whose text is there: its index.
    Class(Box<str>, u32),
    /// A function of such a module: its scope.
    Function(Box<str>, ScopeId),
    /// A class without Python text, by its full name.
    Extension(&'static str),
    /// Something of a module without text: the module and the name in it.
    Foreign(Box<str>, Box<str>),
}

/// Why nothing is found.
pub type Why = String;

/// How many imports are followed from one name. A guess.
const STEPS: u32 = 64;

/// The absolute name that a relative one means in a module; none if there are more dots than packages.
pub fn absolute(importer: &str, is_package: bool, level: u32, module: &str) -> Option<String> {
    if level == 0 {
        return Some(module.to_owned());
    }
    let mut base = importer;
    for _ in 0..level - u32::from(is_package) {
        base = base.rsplit_once('.').map_or("", |it| it.0);
    }
    match (base.is_empty(), module.is_empty()) {
        (true, _) => None,
        (false, true) => Some(base.to_owned()),
        (false, false) => Some(format!("{base}.{module}")),
    }
}

/// Per file, a number for the folder that it is imported from, as its module's name tells.
pub fn roots<'a>(files: impl IntoIterator<Item = (&'a Path, &'a str)>) -> Vec<u32> {
    let mut numbers = BTreeMap::new();
    let number = |(path, name): (&'a Path, &'a str)| {
        let is_package = path.file_stem().is_some_and(|it| it == "__init__");
        let folder = path.ancestors().nth(name.split('.').count() + usize::from(is_package));
        let next = crate::names::index(numbers.len());
        *numbers.entry(folder).or_insert(next)
    };
    files.into_iter().map(number).collect()
}

/// The modules that CPython freezes under names of their own: their names, and those of their texts.
const FROZEN: [(&str, &str); 2] = [
    ("_frozen_importlib", "importlib._bootstrap"),
    ("_frozen_importlib_external", "importlib._bootstrap_external"),
];

/// The module that has the text of a frozen one.
fn text_of(module: &str) -> Option<&'static str> {
    FROZEN.iter().find(|it| it.0 == module).map(|it| it.1)
}

/// What a module calls itself: its `__name__` when CPython runs it.
pub(crate) fn own_name(module: &str) -> &str {
    FROZEN.iter().find(|it| it.1 == module).map_or(module, |it| it.0)
}

/// What a meaning stands for, seen from the module that it is one of.
///
/// # Errors
/// Why it is not known.
pub fn resolve(project: &dyn Project, module: &str, meanings: &[Meaning]) -> Result<Found, Why> {
    Search { project, steps: STEPS }.one_of(module, meanings, &[])
}

/// What a module has under a name.
///
/// # Errors
/// Why it is not known.
pub fn lookup(project: &dyn Project, module: &str, name: &str) -> Result<Found, Why> {
    Search { project, steps: STEPS }.names(module, &[name])
}

struct Search<'a> {
    project: &'a dyn Project,
    steps: u32,
}

impl Search<'_> {
    fn one_of(&mut self, module: &str, meanings: &[Meaning], rest: &[&str]) -> Result<Found, Why> {
        if let [only] = meanings {
            return self.meaning(module, only, rest);
        }
        let (mut plain, mut fallback) = (Vec::new(), Vec::new());
        for meaning in meanings {
            let place = if let Meaning::Imported(it) = meaning { it.place } else { Place::Plain };
            match (place, self.meaning(module, meaning, rest)) {
                (Place::Tried, Ok(found)) => return Ok(found),
                (Place::Tried, Err(_)) => {}
                // The star import does not bring it, or the import fails, as it would have to at once.
                (Place::Plain, Err(_)) if matches!(meaning, Meaning::Star(..) | Meaning::Imported(_)) => {}
                (Place::Plain, found) => plain.push(found),
                (Place::Fallback, found) => fallback.push(found),
            }
        }
        let mut list = if plain.is_empty() { fallback } else { plain };
        list.dedup();
        match (list.pop(), list.is_empty()) {
            (Some(found), true) => found,
            (Some(_), false) => Err("a name with several definitions".to_owned()),
            (None, _) => Err("an import of a module that is not known".to_owned()),
        }
    }

    fn meaning(&mut self, module: &str, meaning: &Meaning, rest: &[&str]) -> Result<Found, Why> {
        let Some(steps) = self.steps.checked_sub(1) else {
            return Err("too many imports to follow".to_owned());
        };
        self.steps = steps;
        match meaning {
            Meaning::Class(class) => self.inner(module, *class, rest),
            Meaning::Function(scope) if rest.is_empty() => Ok(Found::Function(module.into(), *scope)),
            Meaning::Function(_) => Err("an attribute of a function".to_owned()),
            Meaning::Builtin(name) => extension("builtins", name, rest),
            Meaning::Extension(name) if rest.is_empty() => Ok(Found::Extension(name)),
            Meaning::Extension(_) => Err("an attribute of a compiled class".to_owned()),
            Meaning::TypeOf(class) => self.type_of(module, class, rest),
            Meaning::Imported(target) => self.target(module, target, rest),
            Meaning::Star(name, more) => {
                let names: Vec<&str> = std::iter::once(&**name)
                    .chain(more.iter().map(|it| &**it))
                    .chain(rest.iter().copied())
                    .collect();
                self.starred(module, &names)
            }
            Meaning::Unknown(why) => Err((*why).to_owned()),
        }
    }

    /// The type of a class, if that is a compiled one: others may have any metaclass.
    fn type_of(&mut self, module: &str, class: &Meaning, rest: &[&str]) -> Result<Found, Why> {
        let is_old = self.project.python().is_some_and(|it| it < (3, 13));
        match self.meaning(module, class, &[])? {
            Found::Extension(name) if rest.is_empty() => match extension_metaclass(name) {
                it @ "builtins.type" => Ok(Found::Extension(it)),
                it if is_old => Ok(Found::Extension(it)),
                _ => Err("a metaclass whose bases depend on the version of Python".to_owned()),
            },
            _ => Err("the type of a class that is no compiled one".to_owned()),
        }
    }

    fn target(&mut self, module: &str, target: &Target, rest: &[&str]) -> Result<Found, Why> {
        let is_package = self.project.interface(module).is_some_and(|it| it.is_package);
        let Some(absolute) = absolute(module, is_package, target.level, &target.module) else {
            return Err("a relative import beyond the top".to_owned());
        };
        let names: Vec<&str> = target.names.iter().map(|it| &**it).chain(rest.iter().copied()).collect();
        self.names(&absolute, &names)
    }

    fn names(&mut self, module: &str, names: &[&str]) -> Result<Found, Why> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.names_of(module, names))
    }

    fn names_of(&mut self, module: &str, names: &[&str]) -> Result<Found, Why> {
        let module = match text_of(module) {
            Some(text) if self.project.interface(text).is_some() => text,
            _ => module,
        };
        let Some((name, rest)) = names.split_first() else {
            return if self.project.is_module(module) {
                Ok(Found::Module(module.into()))
            } else {
                Err(format!("module `{module}` is not known"))
            };
        };
        let Some(interface) = self.project.interface(module) else {
            if !self.project.is_module(module) {
                return Err(format!("module `{module}` is not known"));
            }
            return self.textless(module, name, rest);
        };
        if let Some(global) = interface.globals.get(*name) {
            return self.one_of(module, &global.meanings, rest);
        }
        if let Ok(found) = self.starred(module, names) {
            return Ok(found);
        }
        let submodule = format!("{module}.{name}");
        if self.project.is_module(&submodule) {
            return self.names(&submodule, rest);
        }
        Err(format!("`{name}` is not known in `{module}`"))
    }

    /// A name of a module without text.
    fn textless(&mut self, module: &str, name: &str, rest: &[&str]) -> Result<Found, Why> {
        let submodule = format!("{module}.{name}");
        if self.project.is_module(&submodule) {
            return self.names(&submodule, rest);
        }
        extension(module, name, rest)
    }

    /// A name that a star import of a module may have brought; the last one that can counts.
    fn starred(&mut self, module: &str, names: &[&str]) -> Result<Found, Why> {
        let Some(interface) = self.project.interface(module) else { return Err("no text".to_owned()) };
        for star in interface.stars.iter().rev() {
            let Some(steps) = self.steps.checked_sub(1) else { break };
            self.steps = steps;
            let target = absolute(module, interface.is_package, star.level, &star.module);
            let Some(target) = target.filter(|it| it != module) else { continue };
            let name = names.first().copied().unwrap_or_default();
            if exports::lacks(self.project, &target, name) {
                continue;
            }
            let theirs = self.project.interface(&target);
            let all = theirs.as_ref().and_then(|it| it.dunder_all.as_ref());
            if all.map_or(!name.starts_with('_'), |it| may_export(it, name))
                && let Ok(found) = self.names(&target, names)
            {
                return Ok(found);
            }
        }
        Err("a name that no star import is known to bring".to_owned())
    }
}

/// Whether `__all__` may have a name.
fn may_export(all: &DunderAll, name: &str) -> bool {
    all.parts.iter().any(|it| match &it.what {
        What::Name(it) => **it == *name,
        What::Remove(_) => false,
        What::Other(_) | What::Star { .. } | What::Opaque(_) => true,
    })
}

impl Search<'_> {
    /// The class that attributes lead to from a class.
    fn inner(&mut self, module: &str, class: u32, rest: &[&str]) -> Result<Found, Why> {
        if rest.is_empty() {
            return Ok(Found::Class(module.into(), class));
        }
        let Some(interface) = self.project.interface(module) else { return Err("no text".to_owned()) };
        let mut name = String::from(interface.classes.get(class as usize).map_or("", |it| &it.qualname));
        for part in rest {
            let _ = write!(name, ".{part}");
        }
        let is_it = |it: &(u32, &crate::interface::ClassFacts)| it.1.is_written && *it.1.qualname == *name;
        let mut found = (0..).zip(&interface.classes).filter(is_it);
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Ok(Found::Class(module.into(), at)),
            _ => Err("an attribute of a class that is no class".to_owned()),
        }
    }
}

fn extension(module: &str, name: &str, rest: &[&str]) -> Result<Found, Why> {
    match (canonical_class(module, name), rest) {
        (Some(class), []) => Ok(Found::Extension(class)),
        (Some(_), _) => Err("an attribute of a compiled class".to_owned()),
        (None, []) => Ok(Found::Foreign(module.into(), name.into())),
        (None, [..]) => Err(format!("an attribute of `{module}.{name}`, which has no text")),
    }
}

#[cfg(test)]
mod tests;
