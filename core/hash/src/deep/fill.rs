//! Filling slots: what each name of a file's forms means, as nodes and texts.

use rustc_hash::FxHashMap;

use crate::Hash;
use crate::components::Filled;
use crate::form::{Binding, Form, Slot};
use crate::normal::Root;

use super::places::{Places, count};
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
    known: FxHashMap<&'f Slot, Known>,
}

/// What fills a slot, and what is known of it.
#[derive(Clone)]
struct Known {
    filled: Filled,
    target: Option<Target>,
    unresolved: Option<(String, Reason)>,
}

impl From<Filled> for Known {
    fn from(filled: Filled) -> Self {
        Self { filled, target: None, unresolved: None }
    }
}

/// A file whose names were followed: its nodes one after the other.
#[derive(Debug, Default)]
pub(super) struct Linking {
    /// Per node the hash of its own.
    pub(super) own: Vec<Hash>,
    /// Per node, where its slots end.
    pub(super) ends: Vec<u32>,
    /// What fills slots.
    pub(super) filled: Vec<Filled>,
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
        Self { files, places, resolver, known: FxHashMap::default() }
    }

    /// Where modules were found, or not.
    pub(super) fn modules(self) -> impl Iterator<Item = ((u32, Box<str>), ModuleTarget)> {
        let groups = self.resolver.known_modules.into_iter();
        groups.flat_map(|(group, it)| it.into_iter().map(move |(name, it)| ((group, name.into()), it)))
    }

    /// Follows the names of a file.
    pub(super) fn file(&mut self, file: u32) -> Linking {
        self.known.clear();
        self.resolver.asked.own = file;
        let forms = self.files.of(file);
        let mut out = Linking::default();
        for form in &forms.definitions {
            let mut found = Dependencies::default();
            self.node(file, form, &mut out, &mut found);
            out.dependencies.push(found);
        }
        for form in &forms.statements {
            self.node(file, form, &mut out, &mut Dependencies::default());
        }
        for (_, binding) in &forms.names {
            if let Binding::Variable(statements) = binding {
                for it in statements {
                    let node = Some(self.places.statement(file, *it));
                    out.filled.push(Filled { node, text: inner_text() });
                }
                out.end(Hash::of("astkit:variable", &[]));
            }
        }
        self.module(file, &mut out);
        out.asked = self.resolver.asked.take();
        out
    }

    fn node(&mut self, file: u32, form: &'f Form, out: &mut Linking, found: &mut Dependencies) {
        let slots = &mut out.filled;
        for (slot, place) in form.slots.iter().zip(&form.places) {
            if !self.known.contains_key(slot) {
                let filled = self.fill(file, slot);
                self.known.insert(slot, filled);
            }
            let known = &self.known[slot];
            slots.push(known.filled);
            found.targets.extend(known.target.clone());
            let unresolved = known.unresolved.clone();
            found.unresolved.extend(unresolved.map(|(name, reason)| Unresolved {
                name,
                reason,
                place: *place,
            }));
        }
        let mut seen = rustc_hash::FxHashSet::default();
        found.targets.retain(|it| seen.insert(it.clone()));
        let mut seen = rustc_hash::FxHashSet::default();
        found.unresolved.retain(|it| seen.insert((it.name.clone(), it.reason)));
        out.end(form.shape);
    }

    /// A module as a value: its code, and what it imports for others.
    fn module(&mut self, file: u32, out: &mut Linking) {
        let inner = inner_text();
        let forms = self.files.of(file);
        let slots = &mut out.filled;
        slots.push(Filled { node: Some(self.places.definition(file, 0)), text: inner });
        for (name, binding) in &forms.names {
            if let Binding::Import(root) = binding {
                slots.push(Filled { node: None, text: texts("astkit:name", [&**name]) });
                slots.push(self.fill_name(file, root, &[]).filled);
            }
        }
        for (level, module) in &forms.stars {
            let found = self.resolver.star_module(file, *level, module);
            slots.push(Filled { node: found.map(|it| self.places.module(it)), text: inner });
        }
        out.end(Hash::of("astkit:module", &[]));
    }

    fn fill(&mut self, file: u32, slot: &Slot) -> Known {
        let text = inner_text();
        match slot {
            Slot::Child(child) | Slot::Around(child) => {
                Filled { node: Some(self.places.definition(file, *child)), text }.into()
            }
            Slot::Member { class, path, is_super } => {
                let name = self.files.of(file).paths[*path as usize].first();
                let member = name.and_then(|it| self.resolver.member(file, *class, it, *is_super));
                let Some(member) = member else { return Filled { node: None, text }.into() };
                let filled = Filled { node: Some(self.places.definition(member.0, member.1)), text };
                let target = Some(Target::Definition(member.0, member.1));
                Known { filled, target, unresolved: None }
            }
            Slot::Name { root, path } => {
                let forms = self.files.of(file);
                self.fill_name(file, &forms.roots[*root as usize], &forms.paths[*path as usize])
            }
        }
    }

    fn fill_name(&mut self, file: u32, root: &Root, path: &[Box<str>]) -> Known {
        let outside = |texts_of: [&str; 2]| Filled { node: None, text: texts("astkit:outside", texts_of) };
        let by_name = Filled { node: None, text: name_text(root, path) };
        match self.resolver.resolve(file, root, path) {
            Found::Target { target, rest } => {
                let node = self.places.target(&target);
                let rest = path.get(path.len() - rest.min(path.len())..).unwrap_or_default();
                let text = texts("astkit:found", rest.iter().map(|it| &**it));
                Known { filled: Filled { node, text }, target: Some(target), unresolved: None }
            }
            Found::Module(module) => {
                let filled = Filled { node: Some(self.places.module(module)), text: inner_text() };
                Known { filled, target: Some(Target::Definition(module, 0)), unresolved: None }
            }
            Found::Outside { distribution, name } => outside([&distribution, &name]).into(),
            Found::BuiltIn(python) if !python.is_empty() => outside([&python, &root_name(root)]).into(),
            Found::BuiltIn(_) => by_name.into(),
            Found::Unresolved { name, reason } => {
                Known { filled: by_name, target: None, unresolved: Some((name, reason)) }
            }
        }
    }
}
