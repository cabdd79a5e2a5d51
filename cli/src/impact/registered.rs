//! Functions and classes that a decorator or a base class hands to somebody who may call them later.

use rustc_hash::FxHashSet;

use astkit_engine::summary::ItemKind;

use super::classes::{Classes, Place, is_quiet, unaliased};
use super::link::Edges;
use super::{World, WorldFile};

/// Lets whoever holds registered functions need them.
pub(super) fn add(world: &World, classes: &Classes<'_>, edges: &mut Edges) {
    for (file, at) in world.files.iter().zip(0..) {
        for number in 0..u32::try_from(file.items.len()).unwrap_or(0) {
            let node = file.first + number;
            // What an unknown decorator makes of a method or an inner function is reached from what is around it.
            let is_outer = file.items[number as usize].parent == Some(0);
            let holders = holders(world, file, number);
            for holder in holders.into_iter().filter(|it| it.is_some() || is_outer) {
                edges.both(holder.unwrap_or_else(|| world.import_node(at)), node);
            }
        }
    }
    derived(world, classes, edges);
}

/// Whether a decorator may hand a definition to somebody who calls it later.
pub(super) fn is_kept(world: &World, file: &WorldFile, number: u32) -> bool {
    !holders(world, file, number).is_empty()
}

/// Who a definition's decorators hand it to: the object that one is a method of, the variables that one writes to, or,
/// where neither is known, everybody who imports the file (none).
fn holders(world: &World, file: &WorldFile, number: u32) -> Vec<Option<u32>> {
    let Some(accessor) = file.accessor(number) else { return Vec::new() };
    let mut out = Vec::new();
    for (decorator, is_called) in accessor.decorators.iter().filter(|it| !is_quiet(&it.0)) {
        let (root, rest) = decorator.split_once('.').unwrap_or((decorator, ""));
        let last = rest.rsplit('.').next().unwrap_or(rest);
        let mut roots = targets(world, file.first + number, unaliased(file, root));
        if roots.is_empty() && !rest.is_empty() {
            roots = targets(world, file.first + number, last);
        }
        if roots.is_empty() {
            out.push(None);
        }
        for root in roots {
            let Some((of, item)) = world.item(root) else { continue };
            if item.kind == ItemKind::Variable || (!rest.is_empty() && item.name != last) {
                out.push(Some(root));
                continue;
            }
            if !keeps(world, of, root, *is_called, MOST_STEPS) {
                continue;
            }
            let variables = variables(world, of, root);
            if variables.is_empty() {
                out.push(None);
            }
            out.extend(variables.into_iter().map(Some));
        }
    }
    out
}

/// How many functions are followed that a decorator hands its parameter to.
const MOST_STEPS: u32 = 4;

/// What a node's names lead to, of this name.
fn targets(world: &World, node: u32, name: &str) -> Vec<u32> {
    let all = world.graph.graph().targets(node).iter().copied();
    all.filter(|it| world.item(*it).is_some_and(|it| it.1.name == name)).collect()
}

/// Whether a decorator of the project's own keeps what it decorates; one that is called makes the decorator first.
fn keeps(world: &World, file: &WorldFile, decorator: u32, is_called: bool, steps: u32) -> bool {
    let own = decorator - file.first;
    let is_class = file.items.get(own as usize).is_some_and(|it| it.kind == ItemKind::Class);
    let inner = || (0..).zip(&file.items).filter(|it| it.1.parent == Some(own)).map(|it| it.0);
    let functions: Vec<u32> = if is_class || is_called { inner().collect() } else { vec![own] };
    functions.into_iter().any(|it| {
        let Some(accessor) = file.accessor(it) else { return false };
        accessor.gives_away
            || accessor.gives_to.iter().any(|name| {
                let found = targets(world, file.first + it, unaliased(file, name));
                let mut found = found.into_iter().filter_map(|it| Some((it, world.item(it)?.0)));
                steps > 0 && found.any(|(it, of)| keeps(world, of, it, false, steps - 1))
            })
    })
}

/// The variables that a decorator may keep functions in.
fn variables(world: &World, file: &WorldFile, decorator: u32) -> Vec<u32> {
    let Some((_, item)) = world.item(decorator) else { return Vec::new() };
    let is_in = |it: &str| {
        it.strip_prefix(item.qualname.as_str()).is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    let inside = (0..).zip(&file.items).filter(|it| is_in(&it.1.qualname)).map(|it| it.0);
    let targets = inside.flat_map(|it| world.graph.graph().targets(file.first + it));
    let is_variable = |it: &u32| world.item(*it).is_some_and(|it| it.1.kind == ItemKind::Variable);
    targets.copied().filter(is_variable).collect()
}

/// A class with `__init_subclass__`, or whose subclasses somebody asks for, may call all that is derived from it.
fn derived(world: &World, classes: &Classes<'_>, edges: &mut Edges) {
    let is_asked = world
        .files
        .iter()
        .flat_map(|it| &it.accesses.definitions)
        .any(|it| it.accesses.attributes.iter().any(|it| &*it.0 == "__subclasses__"));
    let mut bases: FxHashSet<Place> = FxHashSet::default();
    for member in classes.members("__init_subclass__") {
        let owner = world.files[member.0 as usize].items[member.1 as usize].parent;
        bases.extend(owner.map(|it| (member.0, it)));
    }
    if is_asked {
        for (file, at) in world.files.iter().zip(0..) {
            let all = file.items.iter().zip(0..).filter(|it| it.0.kind == ItemKind::Class);
            bases.extend(all.map(|it| (at, it.1)));
        }
    }
    let node = |it: (u32, u32)| world.files[it.0 as usize].first + it.1;
    let mut bases: Vec<Place> = bases.into_iter().collect();
    bases.sort_unstable();
    for base in bases {
        let derived = classes.descendants(base).into_iter().filter(|it| *it != base);
        derived.for_each(|it| edges.both(node(base), node(it)));
    }
}
