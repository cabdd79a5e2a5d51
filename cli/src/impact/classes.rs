//! Classes of a project by name: which belong together, and which methods are called without their names.
//!
//! Bases are followed by the last part of their names. Where several classes share a name, all are meant.

use rustc_hash::{FxHashMap, FxHashSet};

use astkit_engine::summary::ItemKind;

use super::{World, WorldFile, WorldItem};

/// A class or a member of one: its file and item.
pub(super) type Place = (u32, u32);

/// Bases of others that call no methods but those with underscores, as far as anybody would notice.
const QUIET_BASES: &[&str] = &[
    "object",
    "ABC",
    "Protocol",
    "Generic",
    "NamedTuple",
    "TypedDict",
    "Enum",
    "IntEnum",
    "StrEnum",
    "Flag",
    "IntFlag",
    "BaseException",
    "Exception",
    "ValueError",
    "TypeError",
    "RuntimeError",
    "KeyError",
    "LookupError",
    "IndexError",
    "AttributeError",
    "OSError",
    "IOError",
    "NotImplementedError",
    "StopIteration",
    "ArithmeticError",
    "ImportError",
    "AssertionError",
    "Warning",
    "UserWarning",
    "DeprecationWarning",
    "str",
    "int",
    "float",
    "bytes",
    "tuple",
];

/// Methods that foreign code calls on objects that only look like files, mappings, threads.
const DUCK_METHODS: &[&str] = &[
    "read",
    "readline",
    "readlines",
    "readinto",
    "write",
    "writelines",
    "flush",
    "close",
    "seek",
    "tell",
    "fileno",
    "isatty",
    "readable",
    "writable",
    "seekable",
    "keys",
    "items",
    "values",
    "send",
    "throw",
    "run",
    "acquire",
    "release",
    "default",
    "emit",
    "filter",
    "format",
    "handle",
    "append",
    "add",
    "update",
    "pop",
];

/// Decorators that leave a method one that is called by its name.
const QUIET_DECORATORS: &[&str] = &[
    "staticmethod",
    "classmethod",
    "property",
    "cached_property",
    "abstractmethod",
    "abstractproperty",
    "setter",
    "getter",
    "deleter",
    "overload",
    "override",
    "final",
    "wraps",
    "lru_cache",
    "cache",
    "cached",
    "total_ordering",
    "dataclass",
    "contextmanager",
    "asynccontextmanager",
    "singledispatch",
    "singledispatchmethod",
    "deprecated",
    "runtime_checkable",
    "no_type_check",
    "coroutine",
    "unique",
    "fixture",
    "yield_fixture",
    "parametrize",
    "usefixtures",
    "skip",
    "skipif",
    "skipIf",
    "skipUnless",
    "xfail",
    "expectedFailure",
    "patch",
    "object",
    "dict",
    "asyncio",
    "anyio",
    "given",
    "settings",
    "example",
    "define",
    "frozen",
    "mutable",
    "attrs",
    "s",
];

/// Whether a decorator of others leaves a function as it is and tells nobody of it.
pub(super) fn is_quiet(decorator: &str) -> bool {
    let last = decorator.rsplit('.').next().unwrap_or(decorator);
    QUIET_DECORATORS.contains(&last)
        || decorator.starts_with("pytest.mark.")
        || decorator.starts_with("mark.")
}

/// The classes of a project.
pub(super) struct Classes<'w> {
    world: &'w World,
    by_name: FxHashMap<&'w str, Vec<Place>>,
    /// Per class: the names of its bases, aliases undone.
    bases: FxHashMap<Place, Vec<&'w str>>,
    derived: FxHashMap<&'w str, Vec<Place>>,
    /// Functions and classes in classes, by name.
    members: FxHashMap<&'w str, Vec<Place>>,
    families: FxHashMap<Place, FxHashSet<Place>>,
    /// Names that stand for something else than a class of that name somewhere.
    ambiguous: FxHashSet<&'w str>,
}

impl<'w> Classes<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        let mut out = Self {
            world,
            by_name: FxHashMap::default(),
            bases: FxHashMap::default(),
            derived: FxHashMap::default(),
            members: FxHashMap::default(),
            families: FxHashMap::default(),
            ambiguous: FxHashSet::default(),
        };
        for (file, at) in world.files.iter().zip(0..) {
            for (item, number) in file.items.iter().zip(0..) {
                out.item(file, item, (at, number));
            }
            let renamed = file.accesses.aliases.iter().filter(|it| it.0 != it.1);
            out.ambiguous.extend(renamed.map(|it| &*it.0));
        }
        out
    }

    fn item(&mut self, file: &'w WorldFile, item: &'w WorldItem, place: Place) {
        let name = item.name.as_str();
        let parent = item.parent.and_then(|it| file.items.get(it as usize));
        if item.kind == ItemKind::Class {
            self.by_name.entry(name).or_default().push(place);
            let bases = file.accessor(place.1).map_or(&[][..], |it| &it.bases);
            let last = |it: &'w str| it.rsplit('.').next().unwrap_or(it);
            let bases: Vec<&str> = bases.iter().map(|it| unaliased(file, last(it))).collect();
            for base in &bases {
                self.derived.entry(base).or_default().push(place);
            }
            self.bases.insert(place, bases);
        } else if item.kind != ItemKind::Module {
            self.ambiguous.insert(name);
        }
        if parent.is_some_and(|it| it.kind == ItemKind::Class) {
            self.members.entry(name).or_default().push(place);
        }
    }

    /// All members of that name.
    pub(super) fn members(&self, name: &str) -> &[Place] {
        self.members.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of all members.
    pub(super) fn member_names(&self) -> impl Iterator<Item = &'w str> + '_ {
        self.members.keys().copied()
    }

    /// The classes that a call of this name in a file makes instances of; none if that can't be told.
    pub(super) fn made(&self, file: &WorldFile, name: &str) -> Option<Vec<Place>> {
        let name = match file.accesses.aliases.iter().find(|it| *it.0 == *name) {
            Some((_, whole)) => &**whole,
            None if self.ambiguous.contains(name) => return None,
            None => name,
        };
        if self.ambiguous.contains(name) {
            return None;
        }
        self.by_name.get(name).cloned()
    }

    /// Whatever an instance of a class, or of one derived from it, may have its methods from.
    pub(super) fn family(&mut self, class: Place) -> &FxHashSet<Place> {
        if !self.families.contains_key(&class) {
            let family = self.related(class);
            self.families.insert(class, family);
        }
        &self.families[&class]
    }

    /// Whatever an instance of a class, or of one derived from it, may have its methods from.
    pub(super) fn related(&self, class: Place) -> FxHashSet<Place> {
        closure(self.descendants(class), |it| self.bases_of(it))
    }

    /// The members of that name in a class's family.
    pub(super) fn in_family(&mut self, class: Place, name: &str) -> Vec<Place> {
        let all = self.members(name).to_vec();
        let world = self.world;
        let family = self.family(class);
        let owner =
            |it: &Place| world.files[it.0 as usize].items[it.1 as usize].parent.map(|parent| (it.0, parent));
        all.into_iter().filter(|it| owner(it).is_some_and(|it| family.contains(&it))).collect()
    }

    /// A class and all that it is derived from.
    pub(super) fn ancestors(&self, class: Place) -> FxHashSet<Place> {
        closure([class], |it| self.bases_of(it))
    }

    /// A class and all that are derived from it.
    pub(super) fn descendants(&self, class: Place) -> FxHashSet<Place> {
        closure([class], |it| self.derived.get(self.name(it)).cloned().unwrap_or_default())
    }

    fn bases_of(&self, class: Place) -> Vec<Place> {
        let names = self.bases.get(&class).into_iter().flatten();
        names.filter_map(|it| self.by_name.get(it)).flatten().copied().collect()
    }

    /// Whether some base of a class is foreign, and may call what the class defines.
    pub(super) fn has_foreign_base(&self, class: Place) -> bool {
        let bases = |it: &Place| self.bases.get(it).into_iter().flatten().copied();
        self.ancestors(class)
            .iter()
            .flat_map(bases)
            .any(|it| !self.by_name.contains_key(it) && !QUIET_BASES.contains(&it))
    }

    /// Whether a class is a test case of `unittest`, as far as its bases' names tell.
    pub(super) fn is_test_case(&self, class: Place) -> bool {
        let bases = |it: &Place| self.bases.get(it).into_iter().flatten().copied();
        self.ancestors(class).iter().flat_map(bases).any(|it| it.ends_with("TestCase"))
    }

    fn name(&self, class: Place) -> &'w str {
        &self.world.files[class.0 as usize].items[class.1 as usize].name
    }
}

/// All that can be reached.
fn closure(from: impl IntoIterator<Item = Place>, next: impl Fn(Place) -> Vec<Place>) -> FxHashSet<Place> {
    let mut open: Vec<Place> = from.into_iter().collect();
    let mut out: FxHashSet<Place> = open.iter().copied().collect();
    while let Some(class) = open.pop() {
        open.extend(next(class).into_iter().filter(|it| out.insert(*it)));
    }
    out
}

/// What a name of a file was imported as, if it was renamed.
pub(super) fn unaliased<'w>(file: &'w WorldFile, name: &'w str) -> &'w str {
    file.accesses.aliases.iter().find(|it| *it.0 == *name).map_or(name, |it| &it.1)
}

/// Whether a member's name has the language or foreign code call it.
pub(super) fn is_called_by_others(name: &str) -> bool {
    (name.starts_with('_') && name.ends_with('_')) || DUCK_METHODS.contains(&name)
}
