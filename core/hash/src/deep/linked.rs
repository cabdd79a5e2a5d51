//! A project whose names have been followed, kept up to date edit by edit.
//!
//! Nodes keep their numbers while what they stand for is there under its name, wherever in its file. An edit is taken
//! in two steps. [`Linked::link`] changes nothing, so it may be given up at any time: it compares what the changed
//! files offer with what they offered before, finds the files that had looked at something of the difference, and
//! follows the names of these and of the changed files. [`Linked::commit`] takes that over, and hashes anew what leads
//! to a node that is not as it was. The result is that of following all names of all files, whatever came before.
//!
//! Lists only grow, and what is out of use is left behind until it is a quarter of all; so what was added since a
//! moment can be written down by itself (see [`packed`](super::packed)).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Hash;
use crate::components::{Filled, SlotGraph, order, rehash};
use crate::form::{Binding, FileForms};
use crate::normal::NormalOptions;

use super::facts::{Fact, Offers, OldNodes, changed, offers, short};
use super::fill::{Filler, Linking};
use super::places::{FileNodes, FileParts, NONE, Part, Places, count};
use super::{Dependencies, Forms, ModuleTarget, Modules, domain};

/// The hash of a node that was not hashed yet.
const NO_HASH: Hash = Hash([0; 32]);

/// Passes over all nodes after which their order is made anew.
const MOST_PASSES: u32 = 4;

/// What is asked for while names are followed.
pub trait Project: Modules + Forms {}

impl<P: Modules + Forms> Project for P {}

/// What is not as it was.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Files that are new, or have other forms.
    pub changed: Vec<u32>,
    /// Files that are not there any more.
    pub gone: Vec<u32>,
    /// Modules that are found elsewhere now: group and name.
    pub modules: Vec<(u32, Box<str>)>,
    /// Files whose dependencies are wanted.
    pub wanted: Vec<u32>,
}

/// A file whose names were followed.
#[derive(Debug)]
struct NewFile {
    file: u32,
    nodes: FileNodes,
    offers: Option<Offers>,
    linking: Linking,
}

/// What [`Linked::link`] found.
#[derive(Debug, Default)]
pub struct Update {
    files: Vec<NewFile>,
    gone: Vec<u32>,
    modules: Vec<((u32, Box<str>), ModuleTarget)>,
    /// How many nodes there will be.
    nodes: u32,
    /// Free nodes that are left.
    free: Vec<u32>,
}

/// What became of an edit.
#[derive(Debug, Default)]
pub struct Committed {
    /// The files whose names were followed, with what each definition depends on.
    pub dependencies: Vec<(u32, Vec<Dependencies>)>,
    /// These, and files of which some definition has another hash; sorted.
    pub rehashed: Vec<u32>,
}

/// The resolved definitions of a project.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Linked {
    pub(super) domain: String,
    pub(super) files: Vec<FileParts>,
    pub(super) file_nodes: Vec<u32>,
    pub(super) asked: Vec<u32>,
    pub(super) offers: Vec<(u64, u64)>,
    /// Per node.
    pub(super) own: Vec<Hash>,
    pub(super) hashes: Vec<Hash>,
    pub(super) slots: Vec<Part>,
    /// What fills slots: a node or none, and the number of a text.
    pub(super) filled: Vec<(u32, u32)>,
    pub(super) texts: Vec<Hash>,
    pub(super) text_numbers: FxHashMap<Hash, u32>,
    /// Nodes, each behind those that it leads to, as far as that was so when the order was made.
    pub(super) order: Vec<u32>,
    pub(super) free: Vec<u32>,
    pub(super) modules: FxHashMap<(u32, Box<str>), ModuleTarget>,
    /// What was changed in place since the state was read; none where all of it is new.
    pub(super) touched: Option<Touched>,
}

/// What of the lists was changed in place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Touched {
    /// How long the lists were.
    pub(super) lengths: [u32; 8],
    pub(super) files: FxHashSet<u32>,
    pub(super) nodes: FxHashSet<u32>,
    pub(super) modules: FxHashSet<(u32, Box<str>)>,
}

impl SlotGraph for Linked {
    fn own(&self, node: u32) -> Hash {
        self.own[node as usize]
    }

    fn slot_count(&self, node: u32) -> usize {
        self.slots[node as usize].len as usize
    }

    fn slot(&self, node: u32, at: usize) -> Option<Filled> {
        let (node, text) = *self.slots[node as usize].of(&self.filled).get(at)?;
        Some(Filled { node: (node != NONE).then_some(node), text: self.texts[text as usize] })
    }
}

impl Linked {
    /// Of no files. What is hashed with other options is another project.
    pub fn new(options: NormalOptions) -> Self {
        Self { domain: domain("deep", options), ..Self::default() }
    }

    /// Number of files, those that are gone included.
    pub fn len(&self) -> u32 {
        count(self.files.len())
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Where modules were found, or not.
    pub fn modules(&self) -> impl Iterator<Item = (u32, &str, &ModuleTarget)> {
        self.modules.iter().map(|((group, name), it)| (*group, &**name, it))
    }

    /// Where a module was found, if it was looked for.
    pub fn module(&self, group: u32, name: &str) -> Option<&ModuleTarget> {
        self.modules.get(&(group, Box::from(name)))
    }

    /// The hashes of a file's definitions.
    pub fn hashes(&self, file: u32) -> impl ExactSizeIterator<Item = Hash> {
        let definitions = self.files.get(file as usize).map_or(0, |it| it.definitions);
        (0..definitions).map(move |it| self.hashes[self.node(file, it) as usize])
    }

    /// How many definitions, statements and names a file has.
    pub(super) fn counts(&self, file: u32) -> (u32, u32, u32) {
        let it = &self.files[file as usize];
        (it.definitions, it.statements, (it.nodes.len - it.definitions - it.statements).saturating_sub(1))
    }

    /// The hash of a node.
    pub(super) fn hash(&self, node: u32) -> Hash {
        self.hashes[node as usize]
    }

    /// The node of a file's n-th variable; `names` is where its names begin.
    pub(super) fn variable(&self, file: u32, names: u32, at: usize) -> Option<u32> {
        let nodes = self.files[file as usize].nodes.of(&self.file_nodes);
        let names = nodes.get(names as usize..nodes.len().checked_sub(1)?)?;
        names.iter().copied().filter(|it| *it != NONE).nth(at)
    }

    /// Per node, its file and its place among the file's definitions, statements and variables.
    pub(super) fn places(&self) -> Vec<(u32, u32)> {
        let mut out = vec![(0, 0); self.own.len()];
        for (file, parts) in (0..).zip(&self.files) {
            let nodes = parts.nodes.of(&self.file_nodes).iter().filter(|it| **it != NONE);
            for (at, node) in (0..).zip(nodes) {
                out[*node as usize] = (file, at);
            }
        }
        out
    }

    pub(super) fn node(&self, file: u32, at: u32) -> u32 {
        self.file_nodes[(self.files[file as usize].nodes.start + at) as usize]
    }

    /// What fills the slots of a definition, in the order of its form's: one hash each.
    pub fn filled(&self, file: u32, definition: u32) -> Vec<Hash> {
        let hash = |it: Filled| match it.node {
            Some(node) => {
                let mut bytes = self.hashes[node as usize].as_bytes().to_vec();
                bytes.extend(it.text.as_bytes());
                Hash::of("astkit:filled", &bytes)
            }
            None => it.text,
        };
        self.slots(self.node(file, definition)).map(hash).collect()
    }

    /// Follows the names of what changed and of what depends on it; nothing is changed yet. With `is_noted`, later
    /// edits will be told apart; else all files have to be linked at once, and never again.
    pub fn link(&self, project: &dyn Project, changes: &Changes, is_noted: bool) -> Update {
        let mut update =
            Update { nodes: count(self.own.len()), free: self.free.clone(), ..Update::default() };
        let mut places = Places { linked: self, files: project, new: FxHashMap::default() };
        let mut differences = FxHashSet::default();
        let mut new_offers = FxHashMap::default();
        let mut to_link = changes.changed.clone();
        to_link.sort_unstable();
        to_link.dedup();
        for file in &to_link {
            let forms = project.of(*file);
            let nodes = self.file_nodes(*file, forms, &mut update);
            if is_noted {
                let offers = offers(*file, forms, &nodes);
                changed(self.offers(*file), &offers, &mut differences);
                new_offers.insert(*file, offers);
            }
            places.new.insert(*file, nodes);
        }
        for file in &changes.gone {
            changed(self.offers(*file), &[], &mut differences);
        }
        let module = |(group, name): &(u32, Box<str>)| short(Fact::Module(*group, name).key());
        differences.extend(changes.modules.iter().map(module));
        to_link.extend(changes.wanted.iter().filter(|it| self.is_there(**it)));
        to_link.extend(self.dependents(&differences));
        to_link.retain(|it| !changes.gone.contains(it));
        to_link.sort_unstable();
        to_link.dedup();
        let mut filler = Filler::new(project, project, &places, is_noted);
        let linked = to_link.into_iter().map(|it| (it, filler.file(it))).collect::<Vec<_>>();
        update.modules = filler.modules().collect();
        let file = |(file, linking)| {
            let nodes = match places.new.get(&file) {
                Some(nodes) => nodes.clone(),
                None => self.known_nodes(file),
            };
            NewFile { file, nodes, offers: new_offers.remove(&file), linking }
        };
        update.files = linked.into_iter().map(file).collect();
        update.gone = changes.gone.iter().copied().filter(|it| self.is_there(*it)).collect();
        update
    }

    /// Takes over what was found.
    pub fn commit(&mut self, update: Update) -> Committed {
        let nodes = update.nodes as usize;
        self.order.extend(count(self.own.len())..update.nodes);
        self.own.resize(nodes, NO_HASH);
        self.hashes.resize(nodes, NO_HASH);
        self.slots.resize(nodes, Part::default());
        self.free = update.free;
        let mut seeds = Vec::new();
        let mut out = Committed::default();
        for file in update.gone {
            let nodes = self.known_nodes(file).nodes;
            self.free.extend(nodes.into_iter().filter(|it| *it != NONE));
            self.files[file as usize] = FileParts::default();
            self.touch(|it| it.files.insert(file));
        }
        for node in std::mem::take(&mut self.free) {
            // Nobody leads to it any more; and who gets it has to be hashed.
            if self.hashes[node as usize] != NO_HASH {
                self.hashes[node as usize] = NO_HASH;
                self.slots[node as usize] = Part::default();
                self.touch(|it| it.nodes.insert(node));
            }
            self.free.push(node);
        }
        for new in update.files {
            out.rehashed.push(new.file);
            let dependencies = self.take(new, &mut seeds);
            out.dependencies.push(dependencies);
        }
        for (key, target) in update.modules {
            if self.modules.get(&key) != Some(&target) {
                self.touch(|it| it.modules.insert(key.clone()));
                self.modules.insert(key, target);
            }
        }
        self.rehash(&seeds, &mut out.rehashed);
        out
    }

    fn touch<R>(&mut self, what: impl FnOnce(&mut Touched) -> R) {
        self.touched.as_mut().map(what);
    }

    fn is_there(&self, file: u32) -> bool {
        self.files.get(file as usize).is_some_and(|it| it.nodes.len > 0)
    }

    fn offers(&self, file: u32) -> &[(u64, u64)] {
        self.files.get(file as usize).map_or(&[], |it| it.offers.of(&self.offers))
    }

    fn known_nodes(&self, file: u32) -> FileNodes {
        let it = self.files.get(file as usize).copied().unwrap_or_default();
        let nodes = it.nodes.of(&self.file_nodes).to_vec();
        FileNodes { nodes, definitions: it.definitions, statements: it.statements }
    }

    /// The files that asked something of these.
    fn dependents(&self, differences: &FxHashSet<u32>) -> Vec<u32> {
        if differences.is_empty() {
            return Vec::new();
        }
        // Most of what is looked for is in none of a few thousand places.
        let mut sieve = vec![false; 1 << 12];
        let mut sorted: Vec<u32> = differences.iter().copied().collect();
        sorted.sort_unstable();
        for it in sorted {
            sieve[(it & 0xFFF) as usize] = true;
        }
        let is_different = |it: &u32| sieve[(it & 0xFFF) as usize] && differences.contains(it);
        let files =
            (0..).zip(&self.files).filter(|(_, it)| it.asked.of(&self.asked).iter().any(is_different));
        files.map(|it| it.0).collect()
    }

    /// Gives nodes to a file's definitions, statements and names: those that they had, as far as that can be told.
    fn file_nodes(&self, file: u32, forms: &FileForms, update: &mut Update) -> FileNodes {
        let known = self.known_nodes(file);
        let mut old = OldNodes::new(self.offers(file), count(self.own.len()));
        let (definitions, statements) = (forms.definitions.len(), forms.statements.len());
        let mut nodes = vec![NONE; definitions + statements + forms.names.len() + 1];
        let mut unused = known.nodes.iter().copied().filter(|it| *it != NONE);
        let last = nodes.len() - 1;
        nodes[last] = known.nodes.last().copied().unwrap_or(NONE);
        old.is_taken(nodes[last]);
        if let (Some(first), Some(module)) = (nodes.first_mut(), known.nodes.first())
            && definitions > 0
            && known.definitions > 0
        {
            *first = *module;
            old.is_taken(*module);
        }
        for (at, (name, binding)) in forms.names.iter().enumerate() {
            let fact = Fact::Name(file, name);
            let (place, node) = match binding {
                Binding::Definition(number) => (*number as usize, old.take_definition(&fact)),
                Binding::Variable(_) => (definitions + statements + at, old.take_variable(&fact)),
                Binding::Import(_) => continue,
            };
            if let Some(node) = node
                && nodes[place] == NONE
            {
                nodes[place] = node;
            }
        }
        for class in &forms.classes {
            let node = nodes[class.definition as usize];
            if node == NONE {
                continue;
            }
            for (name, member) in &class.members {
                if nodes[*member as usize] == NONE
                    && let Some(node) = old.take_definition(&Fact::Member(node, name))
                {
                    nodes[*member as usize] = node;
                }
            }
        }
        // What has no name that others could use: by its own hash, so that what is new shifts nothing.
        let mut by_hash: FxHashMap<Hash, Vec<u32>> = FxHashMap::default();
        let nameless = known.nodes.iter().take((known.definitions + known.statements) as usize).rev();
        for node in nameless.filter(|it| !old.has_taken(**it)) {
            by_hash.entry(self.own[*node as usize]).or_default().push(*node);
        }
        for (node, form) in nodes.iter_mut().zip(forms.definitions.iter().chain(&forms.statements)) {
            if *node == NONE
                && let Some(same) = by_hash.get_mut(&form.shape).and_then(Vec::pop)
            {
                *node = same;
                old.is_taken(same);
            }
        }
        let is_node = |at: usize| match at.checked_sub(definitions + statements) {
            Some(name) => forms.names.get(name).is_none_or(|it| matches!(it.1, Binding::Variable(_))),
            None => true,
        };
        for (at, node) in nodes.iter_mut().enumerate() {
            if *node == NONE && is_node(at) {
                *node = old.take_any(&mut unused).or_else(|| update.free.pop()).unwrap_or_else(|| {
                    update.nodes += 1;
                    update.nodes - 1
                });
            }
        }
        update.free.extend(std::iter::from_fn(|| old.take_any(&mut unused)));
        FileNodes { nodes, definitions: count(definitions), statements: count(statements) }
    }

    /// Takes over a file; the nodes that are not as they were become seeds.
    fn take(&mut self, new: NewFile, seeds: &mut Vec<u32>) -> (u32, Vec<Dependencies>) {
        if self.files.len() <= new.file as usize {
            self.files.resize(new.file as usize + 1, FileParts::default());
        }
        self.touch(|it| it.files.insert(new.file));
        let old = self.files[new.file as usize];
        let is_changed = new.offers.is_some() || old.nodes.len == 0;
        let FileNodes { nodes, definitions, statements } = new.nodes;
        let mut parts = FileParts { definitions, statements, ..old };
        if is_changed {
            parts.nodes = Part::append(&mut self.file_nodes, &nodes);
            parts.offers = Part::append(&mut self.offers, new.offers.as_deref().unwrap_or_default());
        }
        let Linking { own, ends, mut filled, texts, asked, dependencies } = new.linking;
        let texts: Vec<u32> = texts.into_iter().map(|it| self.text(it)).collect();
        for (_, text) in &mut filled {
            *text = texts[*text as usize];
        }
        if old.asked.of(&self.asked) != asked {
            parts.asked = Part::append(&mut self.asked, &asked);
        }
        self.files[new.file as usize] = parts;
        let mut start = 0;
        let there = nodes.iter().filter(|it| **it != NONE);
        for ((node, own), end) in there.zip(own).zip(ends) {
            let slots = &filled[start..end as usize];
            start = end as usize;
            // Of what was read from elsewhere, the same text may have got another number.
            let is_equal = |(one, two): (&(u32, u32), &(u32, u32))| {
                one.0 == two.0 && self.texts[one.1 as usize] == self.texts[two.1 as usize]
            };
            let known = self.slots[*node as usize].of(&self.filled);
            let is_same = self.own[*node as usize] == own
                && known.len() == slots.len()
                && known.iter().zip(slots).all(is_equal);
            if !is_same || self.hashes[*node as usize] == NO_HASH {
                self.own[*node as usize] = own;
                self.slots[*node as usize] = Part::append(&mut self.filled, slots);
                seeds.push(*node);
            }
        }
        (new.file, dependencies)
    }

    fn text(&mut self, text: Hash) -> u32 {
        let next = count(self.texts.len());
        let number = *self.text_numbers.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }

    /// Hashes what leads to these nodes.
    fn rehash(&mut self, seeds: &[u32], files: &mut Vec<u32>) {
        let mut is_stale = vec![false; self.own.len()];
        for node in seeds {
            is_stale[*node as usize] = true;
        }
        let is_whole = seeds.len() == self.own.len();
        let passes = if is_whole || seeds.is_empty() { 0 } else { self.spread(&mut is_stale) };
        let stale: Vec<u32> = self.order.iter().copied().filter(|it| is_stale[*it as usize]).collect();
        let old: Vec<Hash> = stale.iter().map(|it| self.hashes[*it as usize]).collect();
        let mut hashes = std::mem::take(&mut self.hashes);
        let new_order = rehash(&self.domain, self, &stale, &mut hashes);
        self.hashes = hashes;
        if is_whole {
            self.order = new_order;
            self.touched = None;
        } else if passes > MOST_PASSES {
            self.order = order(self, self.own.len());
            self.touched = None;
        }
        for (node, old) in stale.iter().zip(old) {
            is_stale[*node as usize] = self.hashes[*node as usize] != old;
        }
        for (file, parts) in (0..).zip(&self.files) {
            let nodes = parts.nodes.of(&self.file_nodes);
            if nodes.iter().take(parts.definitions as usize).any(|it| is_stale[*it as usize]) {
                files.push(file);
            }
        }
        self.touch(|it| it.nodes.extend(stale));
        files.sort_unstable();
        files.dedup();
    }

    /// Marks all nodes that lead to marked ones. Once over all nodes is enough if their order is right; it is not where
    /// slots were filled later, so it goes on until nothing changes.
    fn spread(&self, is_stale: &mut [bool]) -> u32 {
        for passes in 1.. {
            let mut changed = false;
            for node in &self.order {
                let slots = self.slots[*node as usize].of(&self.filled);
                if !is_stale[*node as usize] && slots.iter().any(|it| it.0 != NONE && is_stale[it.0 as usize])
                {
                    is_stale[*node as usize] = true;
                    changed = true;
                }
            }
            if !changed {
                return passes;
            }
        }
        0
    }

    /// Throws away what is out of use, if that is much; returns whether it did.
    pub fn compact(&mut self) -> bool {
        let sum = |parts: &mut dyn Iterator<Item = Part>| parts.map(|it| it.len as usize).sum::<usize>();
        let slots = sum(&mut self.slots.iter().copied());
        let asked = sum(&mut self.files.iter().map(|it| it.asked));
        let offers = sum(&mut self.files.iter().map(|it| it.offers));
        let is_much = |all: usize, used: usize| all > used + used / 4 + 4096;
        if !is_much(self.filled.len(), slots)
            && !is_much(self.asked.len(), asked)
            && !is_much(self.offers.len(), offers)
        {
            return false;
        }
        let (filled, texts) = (std::mem::take(&mut self.filled), std::mem::take(&mut self.texts));
        self.text_numbers.clear();
        for node in 0..self.slots.len() {
            let start = count(self.filled.len());
            for (target, text) in self.slots[node].of(&filled) {
                let text = self.text(texts[*text as usize]);
                self.filled.push((*target, text));
            }
            self.slots[node].start = start;
        }
        let (nodes, asked) = (std::mem::take(&mut self.file_nodes), std::mem::take(&mut self.asked));
        let offers = std::mem::take(&mut self.offers);
        for file in &mut self.files {
            file.nodes = Part::append(&mut self.file_nodes, file.nodes.of(&nodes));
            file.asked = Part::append(&mut self.asked, file.asked.of(&asked));
            file.offers = Part::append(&mut self.offers, file.offers.of(&offers));
        }
        let asked: FxHashSet<u32> = self.asked.iter().copied().collect();
        self.modules.retain(|(group, name), _| asked.contains(&short(Fact::Module(*group, name).key())));
        self.touched = None;
        true
    }
}
