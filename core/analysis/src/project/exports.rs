//! Which names modules export: `__all__` over modules, and what `from m import *` binds.

use std::collections::BTreeMap;

use astkit_ast::{DefId, NodeId};
use rustc_hash::FxHashSet;

use super::{Project, absolute};
use crate::dunder_all::{Condition, Exported, OtherModule};
use crate::interface::{Interface, Meaning, Place, Star};

/// The names that `from m import *` binds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StarNames {
    /// Names with whether they may be missing.
    pub names: BTreeMap<Box<str>, bool>,
    /// What could not be told.
    pub opaque: Vec<String>,
}

/// A star import and what it binds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wildcard {
    /// The `alias`.
    pub node: NodeId,
    /// The module asked for; none if there are more dots than packages.
    pub target: Option<String>,
    /// The names.
    pub names: StarNames,
}

/// The `__all__` of a module, those of other modules included; none if it has none.
pub fn exported(project: &dyn Project, module: &str, interface: &Interface) -> Option<Exported> {
    exported_by(project, module, interface, &mut FxHashSet::default())
}

fn exported_by(
    project: &dyn Project,
    module: &str,
    interface: &Interface,
    open: &mut FxHashSet<String>,
) -> Option<Exported> {
    let all = interface.dunder_all.as_ref()?;
    // A module that is made of its own `__all__` adds nothing to it.
    if !open.insert(module.to_owned()) {
        return Some(Exported::default());
    }
    let decided = all.decided(|it| {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || holds(project, module, interface, it))
    });
    let find = |other: &OtherModule| absolute(module, interface.is_package, other.level, &other.name);
    let other = |other: &OtherModule| {
        let target = find(other)?;
        let theirs = project.interface(&target)?;
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || exported_by(project, &target, &theirs, open))
    };
    let star = |other: &OtherModule| {
        let target = find(other)?;
        let found = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || star_names(project, &target));
        let mut out = Exported::default();
        for (name, is_conditional) in found.names {
            if is_module_in(project, &target, &name) {
                continue;
            }
            if is_conditional { out.conditional.push(name) } else { out.definite.push(name) }
        }
        out.opaque = found.opaque.into_iter().map(|it| (NodeId { def: DefId(0), index: 0 }, it)).collect();
        Some(out)
    };
    let exported = decided.names(other, star);
    open.remove(module);
    Some(exported)
}

/// What `from MODULE import *` binds: with an `__all__` its names, else all public names of the module when it has
/// run.
pub fn star_names(project: &dyn Project, module: &str) -> StarNames {
    names_of(project, module, &mut FxHashSet::default())
}

fn names_of(project: &dyn Project, module: &str, open: &mut FxHashSet<String>) -> StarNames {
    let mut out = StarNames::default();
    // On an import cycle the module has not run yet: what it binds later is not there.
    if !open.insert(module.to_owned()) {
        return out;
    }
    let Some(interface) = project.interface(module) else {
        if let Some(names) = extension_names(module, project.python()) {
            for (name, is_conditional) in names {
                out.add(name, is_conditional);
            }
            return out;
        }
        let why = if project.is_module(module) { "has no text" } else { "is not known" };
        out.opaque.push(format!("`{module}` {why}"));
        return out;
    };
    if let Some(exported) = exported(project, module, &interface) {
        for (names, is_conditional) in [(&exported.definite, false), (&exported.conditional, true)] {
            for name in names {
                out.add(name, is_conditional);
            }
        }
        out.opaque.extend(exported.opaque.into_iter().map(|it| it.1));
        return out;
    }
    for (name, global) in interface.globals.iter().filter(|it| !it.0.starts_with('_')) {
        out.add(name, global.is_conditional);
    }
    if interface.is_dynamic {
        out.opaque.push(format!("`{module}` gives itself names through `globals()`"));
    }
    for star in &interface.stars {
        let Some(target) = absolute(module, interface.is_package, star.level, &star.module) else {
            out.opaque.push("a relative import beyond the top".to_owned());
            continue;
        };
        let inner = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || names_of(project, &target, open));
        // Names with a leading underscore come with `__all__` only, and go no further without one.
        for (name, is_conditional) in inner.names.iter().filter(|it| !it.0.starts_with('_')) {
            out.add(name, *is_conditional);
        }
        out.opaque.extend(inner.opaque);
    }
    out
}

/// The public names of CPython's compiled modules on Linux, a module a line. Behind a name that not all of the versions
/// 3.11 to 3.13 have stand a `?` and the minor versions that do.
static EXTENSIONS: &str = include_str!("../../tables/extension_names.txt");

/// The minor versions that the table is about.
const TABLED: std::ops::RangeInclusive<u8> = 11..=13;

/// The public names of a compiled module in a version of Python, and whether they may be missing.
fn extension_names(
    module: &str,
    python: Option<(u8, u8)>,
) -> Option<impl Iterator<Item = (&'static str, bool)>> {
    let mut lines = EXTENSIONS.lines().filter_map(|it| it.split_once(' ').filter(|it| it.0 == module));
    let (_, names) = lines.next()?;
    let minor = python.filter(|it| it.0 == 3 && TABLED.contains(&it.1)).map(|it| it.1);
    Some(names.split(' ').filter_map(move |it| {
        let Some((name, versions)) = it.split_once('?') else { return Some((it, false)) };
        let Some(minor) = minor else { return Some((name, true)) };
        let has_it = versions.split(',').any(|it| it.parse() == Ok(minor));
        has_it.then_some((name, false))
    }))
}

/// Whether a compiled module is known not to have a public name.
pub(super) fn lacks(project: &dyn Project, module: &str, name: &str) -> bool {
    extension_names(module, project.python()).is_some_and(|mut it| !it.any(|it| it.0 == name))
}

/// Whether a module has a name when it has run; none if that is not known.
pub(super) fn has(project: &dyn Project, module: &str, name: &str) -> Option<bool> {
    let submodule = || project.is_module(&format!("{module}.{name}"));
    let Some(interface) = project.interface(module) else {
        if let Some(mut names) = extension_names(module, project.python()) {
            return match names.find(|it| it.0 == name) {
                Some((_, may_be_missing)) => (!may_be_missing).then_some(true),
                // The table has public names only.
                None => (!name.starts_with('_')).then_some(false),
            };
        }
        return None;
    };
    if interface.globals.get(name).is_some_and(|it| !it.is_conditional) || submodule() {
        return Some(true);
    }
    // What a module says that it exports is there.
    let exported = exported(project, module, &interface);
    if exported.is_some_and(|it| it.definite.iter().any(|it| **it == *name)) {
        return Some(true);
    }
    let mut is_open = interface.is_dynamic || interface.globals.contains_key(name);
    for star in &interface.stars {
        let target = absolute(module, interface.is_package, star.level, &star.module);
        let brought = target.map(|it| star_names(project, &it)).unwrap_or_default();
        match brought.names.get(name) {
            Some(false) => return Some(true),
            Some(true) => is_open = true,
            None => is_open |= !brought.opaque.is_empty(),
        }
    }
    is_open |= interface.globals.contains_key("__getattr__");
    (!is_open).then_some(false)
}

/// Whether a name of a module is a module itself: one that it imports, or its submodule.
fn is_module_in(project: &dyn Project, module: &str, name: &str) -> bool {
    let global = project.interface(module).and_then(|it| it.globals.get(name).cloned());
    match global {
        Some(global) => global.meanings.iter().any(|it| match it {
            Meaning::Imported(target) => target.names.is_empty(),
            _ => false,
        }),
        None => project.is_module(&format!("{module}.{name}")),
    }
}

/// Whether an import of a module succeeds, as far as it shows: the module is there, and so is what it imports at once.
fn importable(project: &dyn Project, module: &str, depth: u32) -> Option<bool> {
    if !project.is_module(module) {
        return project.lacks(module).then_some(false);
    }
    let (Some(interface), true) = (project.interface(module), depth > 0) else { return Some(true) };
    for global in interface.globals.values().filter(|it| !it.is_conditional) {
        let [Meaning::Imported(target)] = global.meanings.as_slice() else { continue };
        let name = absolute(module, interface.is_package, target.level, &target.module);
        if let (Place::Plain, Some(name)) = (target.place, name)
            && importable(project, &name, depth - 1) == Some(false)
        {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether a condition of `__all__` holds, seen from a module; none if that is not known.
fn holds(project: &dyn Project, module: &str, interface: &Interface, condition: &Condition) -> Option<bool> {
    let find = |it: &OtherModule| absolute(module, interface.is_package, it.level, &it.name);
    match condition {
        Condition::Runs { asked, wanted } => {
            let mut all_known = true;
            for it in asked {
                let target = find(&it.module)?;
                let outcome = match (importable(project, &target, IMPORT_DEPTH), &it.name) {
                    (Some(true), Some(name)) => has(project, &target, name),
                    (outcome, _) => outcome,
                };
                match outcome {
                    Some(false) => return Some(!wanted),
                    Some(true) => {}
                    None => all_known = false,
                }
            }
            all_known.then_some(*wanted)
        }
        Condition::IsModule { module, wanted } => {
            let name = find(module)?;
            let is_module = match name.rsplit_once('.') {
                Some((outer, name)) if project.is_module(outer) => is_module_in(project, outer, name),
                _ => project.is_module(&name),
            };
            Some(is_module == *wanted)
        }
        Condition::Has { module, name, wanted } => has(project, &find(module)?, name).map(|it| it == *wanted),
    }
}

/// How far it is followed what a module imports. A guess: optional modules fail at once.
const IMPORT_DEPTH: u32 = 1;

impl StarNames {
    fn add(&mut self, name: &str, is_conditional: bool) {
        let known = self.names.entry(name.into()).or_insert(is_conditional);
        *known &= is_conditional;
    }
}

/// The star imports of a module with what they bind.
pub fn wildcards(project: &dyn Project, module: &str, interface: &Interface) -> Vec<Wildcard> {
    let wildcard = |it: &Star| {
        let target = absolute(module, interface.is_package, it.level, &it.module);
        let names = target.as_deref().map(|it| star_names(project, it)).unwrap_or_default();
        Wildcard { node: it.node, target, names }
    };
    interface.stars.iter().map(wildcard).collect()
}
