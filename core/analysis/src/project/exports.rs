//! Which names modules export: `__all__` over modules, and what `from m import *` binds.

use std::collections::BTreeMap;

use astkit_ast::NodeId;
use rustc_hash::FxHashSet;

use super::{Project, absolute};
use crate::dunder_all::{Exported, OtherModule};
use crate::interface::{Interface, Star};

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
    let exported = all.names(|other: &OtherModule| {
        let target = absolute(module, interface.is_package, other.level, &other.name)?;
        let theirs = project.interface(&target)?;
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || exported_by(project, &target, &theirs, open))
    });
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
        if let Some(names) = extension_names(module) {
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

/// The public names of CPython's compiled modules on Linux, a module a line; a `?` is behind a name that some of the
/// versions 3.11 to 3.13 lack.
static EXTENSIONS: &str = include_str!("../../tables/extension_names.txt");

/// The public names of a compiled module, and whether they may be missing.
fn extension_names(module: &str) -> Option<impl Iterator<Item = (&'static str, bool)>> {
    let mut lines = EXTENSIONS.lines().filter_map(|it| it.split_once(' ').filter(|it| it.0 == module));
    let (_, names) = lines.next()?;
    Some(names.split(' ').map(|it| it.strip_suffix('?').map_or((it, false), |it| (it, true))))
}

/// Whether a compiled module is known not to have a public name.
pub(super) fn lacks(module: &str, name: &str) -> bool {
    extension_names(module).is_some_and(|mut it| !it.any(|it| it.0 == name))
}

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
