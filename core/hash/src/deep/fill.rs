//! Filling slots: what each name of a file's forms means, as nodes and texts.

use rustc_hash::FxHashMap;

use crate::Hash;
use crate::form::{Binding, Form, Slot};
use crate::normal::Root;

use super::places::{NONE, Places, count};
use super::resolve::{Found, Resolver};
use super::{
    Dependencies, Forms, ModuleTarget, Modules, Reason, Target, Unresolved, inner_text, name_text, root_name,
    texts,
};

pub(super) struct Filler<'f> {
    files: &'f dyn Forms,
    places: &'f Places<'f>,
    resolver: Resolver<'f>,
    /// Slots of the file that were filled before: most names are used more than once.
    known: FxHashMap<Slot, Known>,
    targets: Once<Target>,
    unresolved: Once<(String, Reason)>,
    /// The numbers of targets, by their nodes.
    numbers: FxHashMap<u32, u32>,
    /// The numbers of what is unresolved.
    said: FxHashMap<(String, Reason), u32>,
    /// The texts of slots, each once: first of what is within, then of what is found whole.
    texts: Vec<Hash>,
    text_numbers: FxHashMap<Hash, u32>,
    /// The texts of names that modules import: the same ones, file after file.
    imported: FxHashMap<&'f str, Hash>,
    /// The texts of names outside, by distribution.
    outside: FxHashMap<Box<str>, FxHashMap<Box<str>, Hash>>,
}

/// The number of the text of what is within, around or a member.
const INNER: u32 = 0;
/// The number of the text of what is found and leaves no attributes.
const FOUND: u32 = 1;

/// A node or none, and the number of a text.
type Filled = (u32, u32);

/// What fills a slot, and what is known of it: the numbers of a target and of something unresolved, or none.
#[derive(Clone, Copy)]
struct Known {
    filled: Filled,
    target: u32,
    unresolved: u32,
}

impl From<Filled> for Known {
    fn from(filled: Filled) -> Self {
        Self { filled, target: NONE, unresolved: NONE }
    }
}

/// What is said of a file's definitions, of each definition once.
struct Once<T> {
    all: Vec<T>,
    /// The last definition of which each was said.
    last: Vec<u32>,
}

impl<T> Once<T> {
    fn new() -> Self {
        Self { all: Vec::new(), last: Vec::new() }
    }

    fn clear(&mut self) {
        self.all.clear();
        self.last.clear();
    }

    /// A number for something that has none yet.
    fn add(&mut self, it: T) -> u32 {
        self.all.push(it);
        self.last.push(NONE);
        count(self.all.len() - 1)
    }

    /// What has a number, if it was not yet said of a definition.
    fn say(&mut self, number: u32, definition: u32) -> Option<&T> {
        let last = self.last.get_mut(number as usize)?;
        let is_new = std::mem::replace(last, definition) != definition;
        is_new.then(|| &self.all[number as usize])
    }
}

/// A file whose names were followed: its nodes one after the other.
#[derive(Debug, Default)]
pub(super) struct Linking {
    /// Per node the hash of its own.
    pub(super) own: Vec<Hash>,
    /// Per node, where its slots end.
    pub(super) ends: Vec<u32>,
    /// What fills slots: a node or none, and the number of a text.
    pub(super) filled: Vec<(u32, u32)>,
    /// Texts, each once.
    pub(super) texts: Vec<Hash>,
    /// What was asked of other files.
    pub(super) asked: Vec<u32>,
    /// Per definition.
    pub(super) dependencies: Vec<Dependencies>,
}

impl Linking {
    fn end(&mut self, own: Hash) {
        self.own.push(own);
        self.ends.push(count(self.filled.len()));
    }
}

impl<'f> Filler<'f> {
    pub(super) fn new(
        files: &'f dyn Forms,
        modules: &'f dyn Modules,
        places: &'f Places<'f>,
        is_noted: bool,
    ) -> Self {
        let mut resolver = Resolver::new(files, modules, places);
        resolver.asked.is_noted = is_noted;
        Self {
            files,
            places,
            resolver,
            known: FxHashMap::default(),
            targets: Once::new(),
            unresolved: Once::new(),
            numbers: FxHashMap::default(),
            said: FxHashMap::default(),
            texts: Vec::new(),
            text_numbers: FxHashMap::default(),
            imported: FxHashMap::default(),
            outside: FxHashMap::default(),
        }
    }

    /// Where modules were found, or not.
    pub(super) fn modules(self) -> impl Iterator<Item = ((u32, Box<str>), ModuleTarget)> {
        self.resolver.found_modules()
    }

    /// Follows the names of a file.
    pub(super) fn file(&mut self, file: u32) -> Linking {
        self.known.clear();
        self.targets.clear();
        self.unresolved.clear();
        self.numbers.clear();
        self.said.clear();
        self.text_numbers.clear();
        for text in [inner_text(), texts("astkit:found", [])] {
            self.text(text);
        }
        self.resolver.asked.own = file;
        let forms = self.files.of(file);
        let mut out = Linking::default();
        let slots = forms.definitions.iter().chain(&forms.statements).map(|it| it.slots.len());
        out.filled.reserve(slots.sum::<usize>() + forms.names.len());
        for (number, form) in (0..).zip(&forms.definitions) {
            let mut found = Dependencies::default();
            self.node(file, number, form, &mut out, Some(&mut found));
            out.dependencies.push(found);
        }
        for form in &forms.statements {
            self.node(file, NONE, form, &mut out, None);
        }
        for (_, binding) in &forms.names {
            if let Binding::Variable(statements) = binding {
                for it in statements {
                    out.filled.push((self.places.statement(file, *it), INNER));
                }
                out.end(Hash::of("astkit:variable", &[]));
            }
        }
        self.module(file, &mut out);
        out.asked = self.resolver.asked.take();
        out.texts = std::mem::take(&mut self.texts);
        out
    }

    fn node(
        &mut self,
        file: u32,
        number: u32,
        form: &Form,
        out: &mut Linking,
        mut found: Option<&mut Dependencies>,
    ) {
        for (slot, place) in form.slots.iter().zip(&form.places) {
            let known = self.filled(file, *slot);
            out.filled.push(known.filled);
            let Some(found) = &mut found else { continue };
            found.targets.extend(self.targets.say(known.target, number).cloned());
            if let Some((name, reason)) = self.unresolved.say(known.unresolved, number) {
                let (name, reason) = (name.clone(), *reason);
                found.unresolved.push(Unresolved { name, reason, place: *place });
            }
        }
        out.end(form.shape);
    }

    /// A module as a value: its code, and what it imports for others.
    fn module(&mut self, file: u32, out: &mut Linking) {
        let forms = self.files.of(file);
        let slots = &mut out.filled;
        slots.push((self.places.definition(file, 0), INNER));
        for (name, binding) in &forms.names {
            if let Binding::Import(root) = binding {
                let text = *self.imported.entry(name).or_insert_with(|| texts("astkit:name", [&**name]));
                slots.push((NONE, self.text(text)));
                slots.push(self.fill_name(file, root, &[]).filled);
            }
        }
        for (level, module) in &forms.stars {
            let found = self.resolver.star_module(file, *level, module);
            slots.push((found.map_or(NONE, |it| self.places.module(it)), INNER));
        }
        out.end(Hash::of("astkit:module", &[]));
    }

    /// The number of a text.
    fn text(&mut self, text: Hash) -> u32 {
        let next = count(self.texts.len());
        let number = *self.text_numbers.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }

    /// The text of a name outside.
    fn outside_text(&mut self, distribution: Box<str>, name: Box<str>) -> Hash {
        if let Some(known) = self.outside.get(&distribution).and_then(|it| it.get(&name)) {
            return *known;
        }
        let text = texts("astkit:outside", [&*distribution, &*name]);
        self.outside.entry(distribution).or_default().insert(name, text);
        text
    }

    fn filled(&mut self, file: u32, slot: Slot) -> Known {
        if let Slot::Child(child) | Slot::Around(child) = slot {
            return (self.places.definition(file, child), INNER).into();
        }
        if let Some(known) = self.known.get(&slot) {
            return *known;
        }
        let known = self.fill(file, slot);
        self.known.insert(slot, known);
        known
    }

    fn fill(&mut self, file: u32, slot: Slot) -> Known {
        let forms = self.files.of(file);
        match slot {
            Slot::Child(child) | Slot::Around(child) => (self.places.definition(file, child), INNER).into(),
            Slot::Member { class, path, is_super } => {
                let name = forms.paths[path as usize].first();
                let member = name.and_then(|it| self.resolver.member(file, class, it, is_super));
                let Some((file, number)) = member else { return (NONE, INNER).into() };
                self.to(self.places.definition(file, number), INNER, Target::Definition(file, number))
            }
            Slot::Name { root, path } => {
                self.fill_name(file, &forms.roots[root as usize], &forms.paths[path as usize])
            }
            Slot::Pin { root, path } => {
                self.fill_pin(file, &forms.roots[root as usize], &forms.paths[path as usize])
            }
            Slot::Text(text) => {
                let text = forms.paths[text as usize].iter().map(|it| &**it);
                (NONE, self.text(texts("astkit:pin", ["text"].into_iter().chain(text)))).into()
            }
        }
    }

    /// What is pinned: followed as a name is, but all of it has to be there.
    fn fill_pin(&mut self, file: u32, root: &'f Root, path: &'f [Box<str>]) -> Known {
        let pinned = self.text(texts("astkit:pin", []));
        let found = self.resolver.resolve(file, root, path);
        let mut outside =
            |of: &str, name: &str| (NONE, self.text(texts("astkit:pin", ["outside", of, name]))).into();
        match found {
            Found::Target { target, rest: 0 } => {
                self.to(self.places.target(&target).unwrap_or(NONE), pinned, target)
            }
            Found::Module(module) => {
                self.to(self.places.module(module), pinned, Target::Definition(module, 0))
            }
            Found::Outside { distribution, name } => outside(&distribution, &name),
            Found::BuiltIn(python) if path.is_empty() => outside(&python, &root_name(root)),
            Found::Target { .. } | Found::BuiltIn(_) | Found::Unresolved { .. } => {
                let names: Vec<String> =
                    std::iter::once(root_name(root)).chain(path.iter().map(ToString::to_string)).collect();
                let name = names.join(".");
                let text = self.text(texts("astkit:pin", ["missing", &*name]));
                let unresolved = self.unresolved.add((name, Reason::MissingPin));
                Known { filled: (NONE, text), target: NONE, unresolved }
            }
        }
    }

    /// A slot that leads to a node.
    fn to(&mut self, node: u32, text: u32, target: Target) -> Known {
        let target = match node {
            NONE => self.targets.add(target),
            node => *self.numbers.entry(node).or_insert_with(|| self.targets.add(target)),
        };
        Known { filled: (node, text), target, unresolved: NONE }
    }

    fn fill_name(&mut self, file: u32, root: &'f Root, path: &'f [Box<str>]) -> Known {
        let by_name = || name_text(root, path);
        match self.resolver.resolve(file, root, path) {
            Found::Target { target, rest } => {
                let node = self.places.target(&target).unwrap_or(NONE);
                let rest = path.get(path.len() - rest.min(path.len())..).unwrap_or_default();
                let text = match rest {
                    [] => FOUND,
                    rest => self.text(texts("astkit:found", rest.iter().map(|it| &**it))),
                };
                self.to(node, text, target)
            }
            Found::Module(module) => {
                self.to(self.places.module(module), INNER, Target::Definition(module, 0))
            }
            Found::Outside { distribution, name } => {
                let text = self.outside_text(distribution, name);
                (NONE, self.text(text)).into()
            }
            Found::BuiltIn(python) if !python.is_empty() => {
                (NONE, self.text(texts("astkit:outside", [&*python, &root_name(root)]))).into()
            }
            Found::BuiltIn(_) => (NONE, self.text(by_name())).into(),
            Found::Unresolved { name, reason } => {
                let it = (name, reason);
                let unresolved = match self.said.get(&it) {
                    Some(known) => *known,
                    None => self.unresolved.add(it.clone()),
                };
                self.said.insert(it, unresolved);
                Known { filled: (NONE, self.text(by_name())), target: NONE, unresolved }
            }
        }
    }
}
