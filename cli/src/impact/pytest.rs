//! Tests: which functions pytest collects, what it calls them, and what it gives them without their asking.

use rustc_hash::{FxHashMap, FxHashSet};

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
            let name = own(&item.name);
            let Some(at) = self.file_at(&file.path) else { return Vec::new() };
            let mut out: Vec<String> = tests
                .places(at, file, &name)
                .into_iter()
                .filter(|it| it.1.starts_with("test"))
                .map(|(at, name)| format!("{}::{name}", self.files[at as usize].shown))
                .collect();
            out.sort();
            out.dedup();
            return out;
        }
        let (Some(at), Some(class)) = (self.file_at(&file.path), item.parent) else { return Vec::new() };
        let mut out = Vec::new();
        let mut classes: Vec<Place> = tests.classes.descendants((at, class)).into_iter().collect();
        classes.sort_unstable();
        for place in classes {
            let file = &self.files[place.0 as usize];
            let Some(class) = file.items.get(place.1 as usize) else { continue };
            let is_case = tests.classes.is_test_case(place);
            let (first, rest) = class.qualname.split_once('.').unwrap_or((&class.qualname, ""));
            for (at, first) in tests.places(place.0, file, first) {
                let file = &self.files[at as usize];
                let path = [first.as_str()].into_iter().chain(rest.split('.').filter(|it| !it.is_empty()));
                let path: Vec<String> = path.map(own).collect();
                let is_named = path.iter().all(|it| it.starts_with("Test"));
                if is_test_file(file) && !class.qualname.contains("<locals>") && (is_named || is_case) {
                    out.push(format!("{}::{}::{}", file.shown, path.join("::"), own(&item.name)));
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }
}

/// What is needed to name tests.
pub(crate) struct Tests<'w> {
    classes: Classes<'w>,
    /// Names that test files import, with the names that they have there: tests are collected there, too. Under `*`
    /// are the modules of star imports.
    imported: FxHashMap<String, Vec<(u32, String)>>,
}

impl<'w> Tests<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        let mut imported: FxHashMap<String, Vec<(u32, String)>> = FxHashMap::default();
        for (file, at) in world.files.iter().zip(0..).filter(|it| is_test_file(it.0)) {
            let Ok(Ok(summary)) = world.snapshot.summary(file.id) else { continue };
            for import in summary.interface.imports().filter(|it| !it.in_function) {
                if let (Some(name), Some(bound)) = (import.name, import.binds()) {
                    imported.entry(name.to_owned()).or_default().push((at, bound.to_owned()));
                } else if import.is_star {
                    imported.entry("*".to_owned()).or_default().push((at, import.module.to_owned()));
                }
            }
        }
        Self { classes: Classes::of(world), imported }
    }

    /// The files where a name of a file can be found: itself, and test files that import it; and its name there.
    fn places(&self, file: u32, it: &WorldFile, name: &str) -> Vec<(u32, String)> {
        let stem = it.path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let stars = self.imported.get("*").into_iter().flatten();
        let starred =
            stars.filter(|it| it.1.rsplit('.').next() == Some(stem)).map(|it| (it.0, name.to_owned()));
        let named = self.imported.get(name).into_iter().flatten().cloned();
        [(file, name.to_owned())].into_iter().chain(named).chain(starred).collect()
    }
}

/// Adds what tests need without naming it: fixtures, what runs around them, `conftest.py`.
pub(super) fn add(world: &World, classes: &Classes<'_>, edges: &mut Edges) {
    let fixtures = Fixtures::of(world);
    let conftests: Vec<(&WorldFile, u32)> =
        world.files.iter().zip(0..).filter(|it| is_conftest(it.0)).collect();
    for (file, at) in world.files.iter().zip(0..) {
        if is_test_file(file) || is_conftest(file) {
            for (other, number) in conftests.iter().copied() {
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
                let class = item.parent.filter(|it| *it > 0).map(|it| (at, it));
                let family = class.map(|it| classes.related(it)).unwrap_or_default();
                let asked = asked.flat_map(|name| fixtures.named(world, at, &family, name));
                asked.for_each(|it| edges.both(node, it));
                fixtures.automatic(&family).filter(|_| is_test).for_each(|it| edges.both(node, it));
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
    classes.descendants(class).into_iter().for_each(|it| edges.wide(node, place(it)));
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
    let of_class = |it: &&Accessor| it.decorators.iter().any(|it| it.0.ends_with("usefixtures"));
    let of_classes = file.accesses.definitions.iter().filter(of_class).map(|it| &it.accesses);
    for accesses in marks.map(|it| &it.1).chain(of_classes) {
        for name in &accesses.texts {
            let found = fixtures.named(world, at, &FxHashSet::default(), name);
            for it in found {
                edges.both(world.import_node(at), it);
            }
        }
    }
}

/// A fixture: its file, its node, the class that it is in, and whether tests get it unasked.
#[derive(Clone, Copy)]
struct Fixture {
    file: u32,
    node: u32,
    owner: Option<Place>,
    is_automatic: bool,
}

/// All fixtures by name.
struct Fixtures<'w>(FxHashMap<&'w str, Vec<Fixture>>);

impl<'w> Fixtures<'w> {
    fn of(world: &'w World) -> Self {
        let mut out: FxHashMap<&str, Vec<Fixture>> = FxHashMap::default();
        for (file, at) in world.files.iter().zip(0..) {
            for (item, number) in file.items.iter().zip(0..) {
                let fixture = file.accessor(number).and_then(|it| it.fixture.as_ref());
                let Some((name, is_automatic)) = fixture else { continue };
                let owner = item.parent.filter(|it| *it > 0).map(|it| (at, it));
                let it = Fixture { file: at, node: file.first + number, owner, is_automatic: *is_automatic };
                out.entry(name).or_default().push(it);
            }
        }
        Self(out)
    }

    /// The fixtures that a name may mean in a file, for a method of some classes: its own, theirs, those of
    /// `conftest.py` files around, else any.
    fn named(&self, world: &World, at: u32, family: &FxHashSet<Place>, name: &str) -> Vec<u32> {
        let all = self.0.get(name).map_or(&[][..], Vec::as_slice);
        let file = &world.files[at as usize];
        let is_near = |it: &&Fixture| {
            let other = &world.files[it.file as usize];
            it.file == at
                || it.owner.is_some_and(|it| family.contains(&it))
                || (is_conftest(other) && other.path.parent().is_some_and(|it| file.path.starts_with(it)))
        };
        let near: Vec<u32> = all.iter().filter(is_near).map(|it| it.node).collect();
        // Plugins and imports bring those of other files; with near ones they may still be what is overridden.
        if near.is_empty() { all.iter().map(|it| it.node).collect() } else { near }
    }

    /// The fixtures of some classes that their tests get unasked.
    fn automatic<'f>(&'f self, family: &'f FxHashSet<Place>) -> impl Iterator<Item = u32> + 'f {
        let all = self.0.values().flatten().filter(|it| it.is_automatic);
        all.filter(|it| it.owner.is_some_and(|it| family.contains(&it))).map(|it| it.node)
    }
}
