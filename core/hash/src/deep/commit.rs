//! Taking over what following names found: the second step of an edit.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Hash;
use crate::components::rehash;

use super::Dependencies;
use super::column::Column;
use super::facts::{Fact, short};
use super::fill::Linking;
use super::index::Index;
use super::linked::{Linked, NewFile, Update};
use super::places::{FileNodes, FileParts, NONE, Part, count};

/// The hash of a node that was not hashed yet.
const NO_HASH: Hash = Hash([0; 32]);

/// What became of an edit.
#[derive(Debug, Default)]
pub struct Committed {
    /// The files whose names were followed, with what each definition depends on.
    pub dependencies: Vec<(u32, Vec<Dependencies>)>,
    /// These, and files of which some definition has another hash; sorted.
    pub rehashed: Vec<u32>,
}

impl Linked {
    /// Takes over what was found.
    pub fn commit(&mut self, update: Update) -> Committed {
        self.own.grow(update.nodes);
        self.hashes.grow(update.nodes);
        self.slots.grow(update.nodes);
        self.homes.grow(update.nodes);
        self.free = update.free;
        let mut seeds = Vec::new();
        let mut out = Committed::default();
        for file in update.gone {
            let nodes = self.known_nodes(file).nodes;
            self.free.extend(nodes.into_iter().filter(|it| *it != NONE));
            self.set_parts(file, FileParts::default());
        }
        for node in std::mem::take(&mut self.free) {
            // Nobody leads to it any more; and who gets it has to be hashed.
            if self.hashes.get(node) != NO_HASH {
                self.hashes.set(node, NO_HASH);
                self.set_slots(node, Part::default());
            }
            self.free.push(node);
        }
        let is_noted = update.files.iter().any(|it| it.offers.is_some());
        for new in update.files {
            out.rehashed.push(new.file);
            let dependencies = self.take(new, &mut seeds);
            out.dependencies.push(dependencies);
        }
        for (key, target) in update.modules {
            if self.modules.get(key.0, &key.1).as_ref() != Some(&target) {
                self.modules.insert(key, target);
            }
        }
        let is_whole = seeds.len() == self.own.len() as usize;
        if is_whole {
            self.index = is_noted.then(|| Index::of(self));
        }
        self.rehash(&seeds, is_whole, &mut out.rehashed);
        out
    }

    fn set_parts(&mut self, file: u32, parts: FileParts) {
        self.files.grow(file.saturating_add(1));
        let (old, used) = (self.files.get(file), &mut self.used);
        for (used, old, new) in
            [(&mut used.asked, old.asked, parts.asked), (&mut used.offers, old.offers, parts.offers)]
        {
            *used = used.saturating_sub(old.len).saturating_add(new.len);
        }
        self.files.set(file, parts);
        if let Some(index) = &mut self.index {
            index.relink(file);
        }
    }

    fn set_slots(&mut self, node: u32, slots: Part) {
        let used = self.used.filled.saturating_sub(self.slots.get(node).len);
        self.used.filled = used.saturating_add(slots.len);
        self.slots.set(node, slots);
    }

    /// Takes over a file; the nodes that are not as they were become seeds.
    fn take(&mut self, new: NewFile, seeds: &mut Vec<u32>) -> (u32, Vec<Dependencies>) {
        self.files.grow(new.file.saturating_add(1));
        let old = self.files.get(new.file);
        let is_changed = new.offers.is_some() || old.nodes.len == 0;
        let FileNodes { nodes, definitions, statements } = new.nodes;
        let mut parts = FileParts { definitions, statements, ..old };
        if is_changed {
            parts.nodes = self.file_nodes.append(&nodes);
            parts.offers = self.offers.append(new.offers.as_deref().unwrap_or_default());
        }
        let Linking { own, ends, mut filled, texts, asked, dependencies } = new.linking;
        let texts: Vec<u32> = texts.into_iter().map(|it| self.text(it)).collect();
        for (_, text) in &mut filled {
            *text = texts[*text as usize];
        }
        if *self.asked.part(old.asked) != *asked {
            parts.asked = self.asked.append(&asked);
        }
        self.set_parts(new.file, parts);
        let mut start = 0;
        let there = nodes.iter().filter(|it| **it != NONE);
        for ((node, own), end) in there.zip(own).zip(ends) {
            let slots = &filled[start..end as usize];
            start = end as usize;
            if is_changed && self.homes.get(*node) != new.file {
                self.homes.set(*node, new.file);
            }
            if self.set_node(*node, own, slots) {
                seeds.push(*node);
            }
        }
        (new.file, dependencies)
    }

    /// Sets what a node is made of; false if it is as it was.
    fn set_node(&mut self, node: u32, own: Hash, slots: &[(u32, u32)]) -> bool {
        let known = self.filled.part(self.slots.get(node));
        // Of what was read from elsewhere, the same text may have got another number.
        let is_equal = |(one, two): (&(u32, u32), &(u32, u32))| {
            one.0 == two.0 && (one.1 == two.1 || self.texts.get(one.1) == self.texts.get(two.1))
        };
        let has_slots = known.len() == slots.len() && known.iter().zip(slots).all(is_equal);
        let has_own = self.own.get(node) == own;
        if has_own && has_slots && self.hashes.get(node) != NO_HASH {
            return false;
        }
        if let Some(index) = self.index.as_mut().filter(|_| !has_slots) {
            let known: FxHashSet<u32> = known.iter().map(|it| it.0).collect();
            let new = slots.iter().map(|it| it.0).filter(|it| *it != NONE && !known.contains(it));
            new.for_each(|it| index.add_user(it, node));
        }
        if !has_own {
            self.own.set(node, own);
        }
        if !has_slots {
            let slots = self.filled.append(slots);
            self.set_slots(node, slots);
        }
        true
    }

    fn text(&mut self, text: Hash) -> u32 {
        let next = self.texts.len();
        let number = *self.text_numbers.entry(text).or_insert(next);
        if number == next {
            self.texts.append(&[text]);
        }
        number
    }

    /// Hashes what leads to these nodes, and tells the files of which some definition has another hash.
    fn rehash(&mut self, seeds: &[u32], is_whole: bool, files: &mut Vec<u32>) {
        let nodes = self.own.len();
        let stale: Vec<u32> = match &self.index {
            Some(index) if !is_whole => index.reaching(seeds, nodes),
            _ => (0..nodes).collect(),
        };
        let hashes = rehash(&self.domain, self, &stale, nodes as usize);
        let mut changed: FxHashMap<u32, FxHashSet<u32>> = FxHashMap::default();
        for (node, hash) in stale.into_iter().zip(hashes) {
            if self.hashes.get(node) != hash {
                self.hashes.set(node, hash);
                changed.entry(self.homes.get(node)).or_default().insert(node);
            }
        }
        let has_changed = |(file, changed): &(u32, FxHashSet<u32>)| {
            let known = self.known_nodes(*file);
            known.nodes.iter().take(known.definitions as usize).any(|it| changed.contains(it))
        };
        files.extend(changed.into_iter().filter(has_changed).map(|it| it.0));
        files.sort_unstable();
        files.dedup();
    }

    /// Throws away what is out of use, if that is much; returns whether it did.
    pub fn compact(&mut self) -> bool {
        let is_much = |all: u32, used: u32| u64::from(all) > u64::from(used) / 4 * 5 + 4096;
        let is_due = is_much(self.filled.len(), self.used.filled)
            || is_much(self.asked.len(), self.used.asked)
            || is_much(self.offers.len(), self.used.offers);
        if is_due {
            self.rebuild();
        }
        is_due
    }

    /// Takes all of it into memory, without what is out of use.
    pub fn rebuild(&mut self) {
        let (texts, filled) = (self.texts.all(), self.filled.all());
        self.texts = Column::default();
        self.text_numbers.clear();
        let (mut slots, mut new) = (self.slots.all(), Vec::with_capacity(self.used.filled as usize));
        // Most texts are used over and over.
        let mut numbers = vec![NONE; texts.len()];
        for part in &mut slots {
            let range = part.start as usize..part.start as usize + part.len as usize;
            part.start = count(new.len());
            for (target, text) in filled.get(range).unwrap_or_default() {
                let at = *text as usize;
                let Some(number) = numbers.get_mut(at) else { continue };
                if *number == NONE {
                    *number = self.text(texts[at]);
                }
                new.push((*target, *number));
            }
        }
        (self.slots, self.filled) = (slots.into(), new.into());
        self.own = self.own.all().into();
        self.hashes = self.hashes.all().into();
        self.homes = self.homes.all().into();
        let mut files = self.files.all();
        let (mut nodes, mut asked, mut offers) = (Vec::new(), Vec::new(), Vec::new());
        for file in &mut files {
            file.nodes = append(&mut nodes, &self.file_nodes.part(file.nodes));
            file.asked = append(&mut asked, &self.asked.part(file.asked));
            file.offers = append(&mut offers, &self.offers.part(file.offers));
        }
        let questions: FxHashSet<u32> = asked.iter().copied().collect();
        self.modules.rebuild(|group, name| questions.contains(&short(Fact::Module(group, name).key())));
        (self.files, self.file_nodes) = (files.into(), nodes.into());
        (self.asked, self.offers) = (asked.into(), offers.into());
        if !self.is_broken() {
            self.base = None;
        }
        self.index = Some(Index::of(self));
    }
}

fn append<T: Clone>(list: &mut Vec<T>, part: &[T]) -> Part {
    let start = count(list.len());
    list.extend_from_slice(part);
    Part { start, len: count(part.len()) }
}
