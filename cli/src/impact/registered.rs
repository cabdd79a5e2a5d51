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
            let Some(it) = file.accessor(number) else { continue };
            for decorator in it.decorators.iter().filter(|it| !is_quiet(it)) {
                decorated(world, file, at, number, decorator, edges);
            }
        }
    }
    derived(world, classes, edges);
}

/// What a decorator's holder is: the object that it is a method of, the variables that the decorator writes to, or,
/// where neither is known, everybody who imports the file.
fn decorated(world: &World, file: &WorldFile, at: u32, number: u32, decorator: &str, edges: &mut Edges) {
    let node = file.first + number;
    let (root, rest) = decorator.split_once('.').unwrap_or((decorator, ""));
    let name = unaliased(file, root);
    let targets = world.graph.graph().targets(node).iter().copied();
    let named = |wanted: &str| {
        let is_it = |it: &u32| world.item(*it).is_some_and(|it| it.1.name == wanted);
        targets.clone().filter(is_it).collect::<Vec<u32>>()
    };
    let last = rest.rsplit('.').next().unwrap_or(rest);
    let mut roots = named(name);
    if roots.is_empty() && !rest.is_empty() {
        roots = named(last);
    }
    if roots.is_empty() {
        edges.both(world.import_node(at), node);
        return;
    }
    for root in roots {
        let Some((of, item)) = world.item(root) else { continue };
        if item.kind == ItemKind::Variable || (!rest.is_empty() && item.name != last) {
            edges.both(root, node);
            continue;
        }
        let holders = holders(world, of, root);
        match holders {
            None => {}
            Some(list) if list.is_empty() => edges.both(world.import_node(at), node),
            Some(list) => list.into_iter().for_each(|it| edges.both(it, node)),
        }
    }
}

/// The variables that a decorator of the project's own may keep functions in; none if it keeps none.
fn holders(world: &World, file: &WorldFile, decorator: u32) -> Option<Vec<u32>> {
    let (_, item) = world.item(decorator)?;
    let is_in = |it: &str| {
        it.strip_prefix(item.qualname.as_str()).is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    let inside: Vec<u32> = (0..).zip(&file.items).filter(|it| is_in(&it.1.qualname)).map(|it| it.0).collect();
    if !inside.iter().any(|it| file.accessor(*it).is_some_and(|it| it.gives_away)) {
        return None;
    }
    let targets = inside.iter().flat_map(|it| world.graph.graph().targets(file.first + it));
    let is_variable = |it: &u32| world.item(*it).is_some_and(|it| it.1.kind == ItemKind::Variable);
    Some(targets.copied().filter(is_variable).collect())
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
