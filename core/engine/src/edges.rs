//! Edges: what the definitions of a file refer to, resolved across files. A plain function.
//!
//! Names are followed through definitions, imports, `import *` and submodules to items of the project's own files, or
//! to a name outside of them. Calls of methods on values are not told apart here: an attribute of something that is
//! no module, class or definition leads to what it is an attribute of. Whoever knows more of calls adds edges of its
//! own to the same graph.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{Graph, GraphBuilder};
use crate::modules::ModuleName;
use crate::summary::{Binder, Bodies, Interface, ItemKind, Reference};

/// How far a name is followed through imports of imports. Longer chains end in an external name.
const MOST_STEPS: usize = 256;

/// What the items of a file refer to, in order.
///
/// Targets below the number of items are the file's own items; then come [`others`](Self::others), then
/// [`externals`](Self::externals).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edges<F> {
    /// Per item its targets. What an item contains (a class's methods, a function's functions) is among them.
    pub(crate) graph: Graph,
    /// Items of other files.
    pub(crate) others: Box<[(F, u32)]>,
    /// Names of what is not in the project's own files, or could not be found there.
    pub(crate) externals: Box<[Box<str>]>,
}

impl<F> Edges<F> {
    /// Bytes on the heap.
    pub(crate) fn heap_size(&self) -> usize {
        let names = self.externals.iter().map(|it| it.len() + size_of::<Box<str>>());
        self.graph.heap_size() + size_of_val(&*self.others) + names.sum::<usize>()
    }
}

/// What a name of a module leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Home<F> {
    /// A file whose definitions are the project's own.
    Own(F),
    /// Folders without an `__init__`: nothing but submodules.
    Namespace,
    /// A module of others, known by name only.
    Foreign,
    /// Nothing.
    Missing,
}

/// What following names asks; whoever answers may record what was asked.
pub(crate) trait Linkage<'p> {
    /// A file of the project.
    type File: Copy + Eq + Hash;

    /// What others can see of a file.
    fn interface(&self, file: Self::File) -> &'p Interface;

    /// The name that a file is imported by.
    fn module_name(&self, file: Self::File) -> Option<ModuleName>;

    /// The absolute name of the module that an import of a file is about.
    fn imported(&self, file: Self::File, import: u32) -> Option<&'p ModuleName>;

    /// Where a module is that a file asks for.
    fn home(&self, from: Self::File, module: &ModuleName) -> Home<Self::File>;

    /// Whether `import *` of a file brings a name.
    fn exports(&self, file: Self::File, name: &str) -> bool;
}

/// The edges of a file.
pub(crate) fn edges<'p, L: Linkage<'p>>(
    linkage: &L,
    file: L::File,
    interface: &'p Interface,
    bodies: &'p Bodies,
) -> Edges<L::File> {
    let mut collector = Collector {
        linkage,
        file,
        interface,
        item_count: bodies.len(),
        others: Numbering::default(),
        externals: Numbering::default(),
        known: FxHashMap::default(),
    };
    let mut lists: Vec<Vec<Code>> = vec![Vec::new(); bodies.len() as usize];
    for item in 0..bodies.len() {
        // What is in it comes first: of equal code, the same things are in it.
        let parent = bodies.item(interface, item).and_then(|it| it.parent);
        if let Some(list) = parent.and_then(|it| lists.get_mut(it as usize)) {
            list.push(Code::Own(item));
        }
    }
    for (variable, item) in bodies.binding_items() {
        if let Some(list) = lists.get_mut(variable as usize) {
            list.push(Code::Own(item));
        }
    }
    for (item, list) in (0..).zip(&mut lists) {
        for reference in bodies.reference_ids(item) {
            list.extend_from_slice(collector.resolve(bodies, reference));
        }
        let mut seen = FxHashSet::default();
        list.retain(|it| seen.insert(*it));
    }
    collector.finish(lists)
}

/// A target before others and externals are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Code {
    Own(u32),
    Other(u32),
    External(u32),
}

/// Numbers things in order of first use.
struct Numbering<T> {
    list: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { list: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbering<T> {
    fn number(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(thing.clone()).or_insert(next);
        if number == next {
            self.list.push(thing);
        }
        number
    }
}

struct Collector<'l, 'p, L: Linkage<'p>> {
    linkage: &'l L,
    file: L::File,
    interface: &'p Interface,
    item_count: u32,
    others: Numbering<(L::File, u32)>,
    externals: Numbering<Box<str>>,
    /// References that were resolved for another item, by their numbers.
    known: FxHashMap<[u32; 2], Vec<Code>>,
}

impl<'p, L: Linkage<'p>> Collector<'_, 'p, L> {
    fn resolve(&mut self, bodies: &'p Bodies, reference: [u32; 2]) -> &[Code] {
        if !self.known.contains_key(&reference) {
            let (root, path) = bodies.reference(reference);
            let targets = self.targets(root, &path);
            let codes = targets.into_iter().map(|it| self.code(it)).collect();
            self.known.insert(reference, codes);
        }
        &self.known[&reference]
    }

    fn targets(&self, reference: Reference<'p>, path: &[&'p str]) -> Vec<Target<L::File>> {
        let mut names = Names::new(self.linkage);
        match reference {
            Reference::Local(item) => return vec![Target::Item(self.file, item)],
            Reference::Import(import) => names.open_import(self.file, self.interface, import, path),
            Reference::Global(name) => {
                let mut whole = vec![name];
                whole.extend_from_slice(path);
                names.open.push(Step::InFile(self.file, whole));
            }
        }
        names.follow()
    }

    fn code(&mut self, target: Target<L::File>) -> Code {
        match target {
            Target::Item(file, item) if file == self.file => Code::Own(item),
            Target::Item(file, item) => Code::Other(self.others.number((file, item))),
            Target::External(name) => Code::External(self.externals.number(name.into())),
        }
    }

    fn finish(self, lists: Vec<Vec<Code>>) -> Edges<L::File> {
        let others = u32::try_from(self.others.list.len()).unwrap_or(u32::MAX);
        let mut builder = GraphBuilder::default();
        for list in lists {
            builder.add_node(list.into_iter().map(|it| match it {
                Code::Own(item) => item,
                Code::Other(at) => self.item_count + at,
                Code::External(at) => self.item_count + others + at,
            }));
        }
        Edges {
            graph: builder.finish(),
            others: self.others.list.into(),
            externals: self.externals.list.into(),
        }
    }
}

/// What a name can mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target<F> {
    /// An item of the project's own files.
    Item(F, u32),
    /// Anything else, by its name.
    External(String),
}

/// A name on its way to what it means.
#[derive(Clone)]
enum Step<'p, F> {
    /// As it stands in the code of a file.
    InFile(F, Vec<&'p str>),
    /// As a name that a file exports.
    Exported(F, Vec<&'p str>),
    /// As an attribute of a module that a file asks for; the module itself, if there is nothing more.
    OfModule(F, ModuleName, Vec<&'p str>),
}

/// Follows names through files: definitions, imports, star imports, submodules.
struct Names<'l, 'p, L: Linkage<'p>> {
    linkage: &'l L,
    open: Vec<Step<'p, L::File>>,
    seen: FxHashSet<(L::File, Vec<&'p str>)>,
    found: Vec<Target<L::File>>,
}

impl<'l, 'p, L: Linkage<'p>> Names<'l, 'p, L> {
    fn new(linkage: &'l L) -> Self {
        Self { linkage, open: Vec::new(), seen: FxHashSet::default(), found: Vec::new() }
    }

    /// Everything that the open names can mean; at least one thing.
    fn follow(mut self) -> Vec<Target<L::File>> {
        let asked = self.open.first().cloned();
        let mut steps = 0;
        while let Some(step) = self.open.pop() {
            steps += 1;
            match step {
                Step::InFile(_, path) | Step::Exported(_, path) | Step::OfModule(_, _, path)
                    if steps > MOST_STEPS =>
                {
                    self.found.push(Target::External(path.join(".")));
                }
                Step::InFile(file, path) => self.in_file(file, &path),
                Step::Exported(file, path) => self.exported(file, &path),
                Step::OfModule(from, module, path) => self.of_module(from, &module, &path),
            }
        }
        if self.found.is_empty() {
            // A ring of imports that nothing defines.
            let name = asked.map_or_else(String::new, |it| match it {
                Step::InFile(_, path) | Step::Exported(_, path) => format!("?.{}", path.join(".")),
                Step::OfModule(_, module, path) => format!("{module}.{}", path.join(".")),
            });
            self.found.push(Target::External(name));
        }
        self.found
    }

    /// A name in the code of a file: what binds it there, a star import, or a built-in name.
    fn in_file(&mut self, file: L::File, path: &[&'p str]) {
        if !self.seen.insert((file, path.to_vec())) {
            return;
        }
        let interface = self.linkage.interface(file);
        if !self.bound(file, interface, path) && !self.starred(file, interface, path) {
            self.found.push(Target::External(format!("builtins.{}", path.join("."))));
        }
    }

    /// Follows all that binds a name in a file.
    fn bound(&mut self, file: L::File, interface: &'p Interface, path: &[&'p str]) -> bool {
        let Some((name, rest)) = path.split_first() else { return false };
        let mut is_bound = false;
        for binder in interface.binders(name) {
            is_bound = true;
            match binder {
                Binder::Definition(item) => {
                    self.found.push(Target::Item(file, member(interface, item, rest)));
                }
                Binder::Variable(item) => self.found.push(Target::Item(file, item)),
                Binder::Import(import) => self.open_import(file, interface, import, rest),
            }
        }
        is_bound
    }

    /// Follows the star imports of a file that bring a name.
    fn starred(&mut self, file: L::File, interface: &'p Interface, path: &[&'p str]) -> bool {
        let Some(name) = path.first() else { return false };
        let mut is_bound = false;
        for import in interface.star_imports() {
            let target = self.linkage.imported(file, import).map(|it| self.linkage.home(file, it));
            let Some(Home::Own(target)) = target else { continue };
            if self.linkage.exports(target, name) {
                is_bound = true;
                if self.seen.insert((target, path.to_vec())) {
                    self.open.push(Step::Exported(target, path.to_vec()));
                }
            }
        }
        is_bound
    }

    /// A name that a file exports.
    fn exported(&mut self, file: L::File, path: &[&'p str]) {
        let interface = self.linkage.interface(file);
        if !self.bound(file, interface, path) && !self.starred(file, interface, path) {
            self.unknown(file, interface, path);
        }
    }

    /// A name that nothing in a file binds: a submodule, or what its `__getattr__` makes of it.
    fn unknown(&mut self, file: L::File, interface: &'p Interface, path: &[&'p str]) {
        let module = self.linkage.module_name(file);
        if module.as_ref().is_some_and(|it| self.open_submodule(file, it, path)) {
            return;
        }
        if let Some(getattr) = interface.member(0, "__getattr__") {
            self.found.push(Target::Item(file, getattr));
        } else {
            let module = module.map_or_else(|| "?".to_owned(), |it| it.to_string());
            self.found.push(Target::External(format!("{module}.{}", path.join("."))));
        }
    }

    /// An attribute of a module.
    fn of_module(&mut self, from: L::File, module: &ModuleName, path: &[&'p str]) {
        let external = |path: &[&str]| {
            let name = std::iter::once(module.as_str()).chain(path.iter().copied()).collect::<Vec<_>>();
            Target::External(name.join("."))
        };
        let file = match self.linkage.home(from, module) {
            Home::Own(file) => file,
            Home::Namespace if self.open_submodule(from, module, path) => return,
            Home::Namespace | Home::Foreign | Home::Missing => {
                self.found.push(external(path));
                return;
            }
        };
        if path.is_empty() {
            self.found.push(Target::Item(file, 0));
        } else if self.seen.insert((file, path.to_vec())) {
            self.exported(file, path);
        } else {
            // `from . import x` in a package binds `x` to what the package has not bound yet: its submodule.
            self.open_submodule(file, module, path);
        }
    }

    /// Goes on in the submodule that is named first in a path; false if there is none.
    fn open_submodule(&mut self, from: L::File, module: &ModuleName, path: &[&'p str]) -> bool {
        let Some((first, rest)) = path.split_first() else { return false };
        let submodule = module.join(first).filter(|it| self.linkage.home(from, it) != Home::Missing);
        let is_there = submodule.is_some();
        self.open.extend(submodule.map(|it| Step::OfModule(from, it, rest.to_vec())));
        is_there
    }

    /// What an import brings, and attributes of it.
    fn open_import(&mut self, file: L::File, interface: &'p Interface, import: u32, rest: &[&'p str]) {
        let Some(it) = interface.import(import) else { return };
        let Some(module) = self.linkage.imported(file, import) else {
            let dots = ".".repeat(it.level as usize);
            self.found.push(Target::External(format!("{dots}{}.{}", it.module, it.name.unwrap_or("*"))));
            return;
        };
        let step = match (it.name, it.alias) {
            (Some(name), _) => Step::OfModule(file, module.clone(), [&[name], rest].concat()),
            (None, Some(_)) => Step::OfModule(file, module.clone(), rest.to_vec()),
            // `import a.b` binds `a`.
            (None, None) => match ModuleName::new(module.head()) {
                Some(head) => Step::OfModule(file, head, rest.to_vec()),
                None => return,
            },
        };
        self.open.push(step);
    }
}

/// The definition that attributes of a definition lead to, as far as they lead to members of classes.
fn member(interface: &Interface, item: u32, path: &[&str]) -> u32 {
    let mut item = item;
    for name in path {
        let is_class = interface.item(item).is_some_and(|it| it.kind == ItemKind::Class);
        match interface.member(item, name).filter(|_| is_class) {
            Some(member) => item = member,
            None => break,
        }
    }
    item
}
