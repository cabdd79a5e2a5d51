//! Tests: which functions pytest collects, what it calls them, and what it gives them without their asking.

use rustc_hash::FxHashMap;

use astkit_analysis::accesses::Accessor;
use astkit_engine::summary::ItemKind;

use super::classes::{Classes, Place};
use super::link::Edges;
use super::{World, WorldFile};

/// What runs around tests because of its name.
const AROUND_TESTS: &[&str] = &[
    "setup",
    "teardown",
    "setup_method",
    "teardown_method",
    "setup_class",
    "teardown_class",
    "setUp",
    "tearDown",
    "setUpClass",
    "tearDownClass",
    "asyncSetUp",
    "asyncTearDown",
    "setup_module",
    "teardown_module",
    "setup_function",
    "teardown_function",
    "setUpModule",
    "tearDownModule",
];

/// Whether pytest collects tests of a file, by its usual rules.
pub(super) fn is_test_file(file: &WorldFile) -> bool {
    let stem = file.path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    stem.starts_with("test_") || stem.ends_with("_test") || stem == "tests" || stem == "test"
}

fn is_conftest(file: &WorldFile) -> bool {
    file.path.file_name().is_some_and(|it| it == "conftest.py")
}

fn is_function(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Function | ItemKind::AsyncFunction)
}

impl World {
    /// Whether a node is a test function or a test method.
    pub(crate) fn is_test(&self, node: u32) -> bool {
        let Some((file, item)) = self.item(node) else { return false };
        if !is_function(item.kind) || !item.name.starts_with("test") {
            return false;
        }
        let parent = item.parent.and_then(|it| file.items.get(it as usize));
        match parent.map(|it| it.kind) {
            Some(ItemKind::Module) => is_test_file(file),
            // Which classes are collected is known when their names are told.
            Some(ItemKind::Class) => true,
            _ => false,
        }
    }

    /// The node ids under which pytest runs a test: more than one for a method that test classes inherit.
    pub(crate) fn test_ids(&self, tests: &Tests<'_>, node: u32) -> Vec<String> {
        let Some((file, item)) = self.item(node).filter(|_| self.is_test(node)) else { return Vec::new() };
        let own = |it: &str| it.split('#').next().unwrap_or(it).to_owned();
        let parent = item.parent.and_then(|it| file.items.get(it as usize));
        if parent.is_none_or(|it| it.kind != ItemKind::Class) {
            return vec![format!("{}::{}", file.shown, own(&item.name))];
        }
        let (Some(at), Some(class)) = (self.file_at(&file.path), item.parent) else { return Vec::new() };
        let mut out: Vec<String> = tests
            .classes
            .descendants((at, class))
            .into_iter()
            .filter_map(|place| {
                let file = &self.files[place.0 as usize];
                let class = file.items.get(place.1 as usize)?;
                let is_collected = is_test_file(file)
                    && !class.qualname.contains("<locals>")
                    && (class.name.starts_with("Test") || tests.classes.is_test_case(place));
                let path = class.qualname.split('.').map(own).collect::<Vec<_>>().join("::");
                is_collected.then(|| format!("{}::{path}::{}", file.shown, own(&item.name)))
            })
            .collect();
        out.sort();
        out
    }
}

/// What is needed to name tests.
pub(crate) struct Tests<'w> {
    classes: Classes<'w>,
}

impl<'w> Tests<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { classes: Classes::of(world) }
    }
}

/// Adds what tests need without naming it: fixtures, what runs around them, `conftest.py`.
pub(super) fn add(world: &World, classes: &Classes<'_>, edges: &mut Edges) {
    let fixtures = Fixtures::of(world);
    for (file, at) in world.files.iter().zip(0..) {
        if is_test_file(file) || is_conftest(file) {
            for (other, number) in world.files.iter().zip(0..).filter(|it| is_conftest(it.0)) {
                let folder = other.path.parent();
                if number != at && folder.is_some_and(|it| file.path.starts_with(it)) {
                    edges.both(world.import_node(at), world.import_node(number));
                }
            }
        }
        for (item, number) in file.items.iter().zip(0..).filter(|it| is_function(it.0.kind)) {
            let Some(it) = file.accessor(number) else { continue };
            let node = file.first + number;
            let is_test = world.is_test(node);
            let is_hook = is_conftest(file) && item.name.starts_with("pytest_");
            let is_around = AROUND_TESTS.contains(&item.name.as_str());
            if is_hook || it.fixture.as_ref().is_some_and(|it| it.1) || (is_around && item.parent == Some(0))
            {
                edges.both(world.import_node(at), node);
            }
            if is_test || it.fixture.is_some() {
                let asked = it.parameters.iter().chain(&it.accesses.texts);
                asked.flat_map(|name| fixtures.named(world, at, name)).for_each(|it| edges.both(node, it));
            }
            if is_test && item.parent != Some(0) {
                around_method(world, classes, (at, item.parent.unwrap_or(0)), node, edges);
            }
        }
        used_by_marks(world, &fixtures, at, file, edges);
    }
}

/// A test method needs its class, what runs around it, and the classes that inherit it.
fn around_method(world: &World, classes: &Classes<'_>, class: Place, node: u32, edges: &mut Edges) {
    let place = |it: Place| world.files[it.0 as usize].first + it.1;
    edges.both(node, place(class));
    for it in classes.descendants(class) {
        edges.wide(node, place(it));
    }
    for name in AROUND_TESTS {
        for member in classes.members(name) {
            let owner = world.files[member.0 as usize].items[member.1 as usize].parent;
            if owner.is_some_and(|it| classes.ancestors(class).contains(&(member.0, it))) {
                edges.both(node, place(*member));
            }
        }
    }
}

/// `pytestmark = usefixtures("name")`, and the same as decorator of a class.
fn used_by_marks(world: &World, fixtures: &Fixtures<'_>, at: u32, file: &WorldFile, edges: &mut Edges) {
    let marks = file.accesses.variables.iter().filter(|it| &*it.0 == "pytestmark");
    let of_class = |it: &&Accessor| it.decorators.iter().any(|it| it.ends_with("usefixtures"));
    let of_classes = file.accesses.definitions.iter().filter(of_class).map(|it| &it.accesses);
    for accesses in marks.map(|it| &it.1).chain(of_classes) {
        for name in &accesses.texts {
            fixtures.named(world, at, name).into_iter().for_each(|it| edges.both(world.import_node(at), it));
        }
    }
}

/// All fixtures by name: file and node.
struct Fixtures<'w>(FxHashMap<&'w str, Vec<(u32, u32)>>);

impl<'w> Fixtures<'w> {
    fn of(world: &'w World) -> Self {
        let mut out: FxHashMap<&str, Vec<(u32, u32)>> = FxHashMap::default();
        for (file, at) in world.files.iter().zip(0..) {
            for number in 0..u32::try_from(file.items.len()).unwrap_or(0) {
                if let Some((name, _)) = file.accessor(number).and_then(|it| it.fixture.as_ref()) {
                    out.entry(name).or_default().push((at, file.first + number));
                }
            }
        }
        Self(out)
    }

    /// The fixtures that a name may mean in a file: its own, those of `conftest.py` files around, else any.
    fn named(&self, world: &World, at: u32, name: &str) -> Vec<u32> {
        let all = self.0.get(name).map_or(&[][..], Vec::as_slice);
        let file = &world.files[at as usize];
        let is_near = |it: &&(u32, u32)| {
            let other = &world.files[it.0 as usize];
            it.0 == at
                || (is_conftest(other) && other.path.parent().is_some_and(|it| file.path.starts_with(it)))
        };
        let near: Vec<u32> = all.iter().filter(is_near).map(|it| it.1).collect();
        // Plugins and imports bring those of other files; with near ones they may still be what is overridden.
        if near.is_empty() { all.iter().map(|it| it.1).collect() } else { near }
    }
}
