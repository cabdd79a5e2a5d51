//! A linked project as bytes, to be kept between runs: all of it, or what was changed since it was read.
//!
//! All numbers are little-endian, lists have their length before them. What is written of changes is the ends of the
//! lists that only grow, and the entries of the others that were touched; the changes of many runs are written as one,
//! since they are all meant from the same beginning. Reading is total: bytes that nothing wrote give nothing.

use rustc_hash::FxHashSet;

use crate::Hash;

use super::ModuleTarget;
use super::linked::{Linked, Touched};
use super::places::{FileParts, NONE, Part, count};

/// Version of the layout.
const FORMAT: u32 = 1;

/// The lengths of the lists that only grow.
type Lengths = [u32; 8];

impl Linked {
    fn lengths(&self) -> Lengths {
        [
            self.files.len(),
            self.own.len(),
            self.file_nodes.len(),
            self.asked.len(),
            self.offers.len(),
            self.filled.len(),
            self.texts.len(),
            self.order.len(),
        ]
        .map(count)
    }

    /// All of it.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::with_capacity(96 * self.own.len() + 12 * self.filled.len()));
        out.word(FORMAT);
        out.list(&self.files, Writer::parts);
        out.list(&self.own, |out, it| out.0.extend(it.as_bytes()));
        out.list(&self.hashes, |out, it| out.0.extend(it.as_bytes()));
        out.list(&self.slots, |out, it| out.part(*it));
        self.encode_ends(&mut out, [0; 8]);
        out.list(&self.free, |out, it| out.word(*it));
        let mut modules: Vec<_> = self.modules.iter().collect();
        modules.sort_unstable_by_key(|it| it.0);
        out.list(&modules, |out, ((group, name), target)| out.module(*group, name, target));
        out.0
    }

    /// Reads what [`encode`](Self::encode) wrote, under the options of the one that is read into.
    pub fn decode(self, bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.word()? != FORMAT {
            return None;
        }
        let mut out = Self { domain: self.domain, ..Self::default() };
        out.files = reader.list(32, Reader::parts)?;
        out.own = reader.hashes()?;
        out.hashes = reader.hashes()?;
        let parts = reader.pairs(|it: &[u8; 4]| u32::from_le_bytes(*it))?;
        out.slots = parts.into_iter().map(|(start, len)| Part { start, len }).collect();
        out.decode_ends(&mut reader)?;
        out.free = reader.words()?;
        for _ in 0..reader.word()? {
            let (key, target) = reader.module()?;
            out.modules.insert(key, target);
        }
        let lengths = out.lengths();
        out.touched = Some(Touched { lengths, ..Touched::default() });
        out.is_sound().then_some(out)
    }

    /// What was changed since the beginning that was read; none if all is new.
    pub fn encode_changes(&self) -> Option<Vec<u8>> {
        let touched = self.touched.as_ref()?;
        let mut out = Writer::default();
        touched.lengths.iter().for_each(|it| out.word(*it));
        out.word(count(self.files.len()));
        out.word(count(self.own.len()));
        out.list(&sorted(&touched.files), |out, file| {
            out.word(*file);
            out.parts(&self.files[*file as usize]);
        });
        out.list(&sorted(&touched.nodes), |out, node| {
            let at = *node as usize;
            out.word(*node);
            out.0.extend(self.own[at].as_bytes());
            out.0.extend(self.hashes[at].as_bytes());
            out.part(self.slots[at]);
        });
        self.encode_ends(&mut out, touched.lengths);
        out.list(&self.free, |out, it| out.word(*it));
        let modules = touched.modules.iter().filter_map(|it| Some((it, self.modules.get(it)?)));
        let mut modules: Vec<_> = modules.collect();
        modules.sort_unstable_by_key(|it| it.0);
        out.list(&modules, |out, ((group, name), target)| out.module(*group, name, target));
        Some(out.0)
    }

    /// Reads what [`encode_changes`](Self::encode_changes) wrote after the same beginning.
    pub fn apply(mut self, bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let lengths = self.touched.as_ref()?.lengths;
        for it in lengths {
            if reader.word()? != it {
                return None;
            }
        }
        let (files, nodes) = (reader.word()? as usize, reader.word()? as usize);
        // Each of what is new is among what follows.
        let is_possible = |new: usize, old: usize| new >= old && new - old <= reader.0.len();
        if !is_possible(files, self.files.len()) || !is_possible(nodes, self.own.len()) {
            return None;
        }
        self.files.resize(files, FileParts::default());
        self.own.resize(nodes, Hash([0; 32]));
        self.hashes.resize(nodes, Hash([0; 32]));
        self.slots.resize(nodes, Part::default());
        let mut touched = Touched { lengths, ..Touched::default() };
        for _ in 0..reader.word()? {
            let file = reader.word()?;
            *self.files.get_mut(file as usize)? = reader.parts()?;
            touched.files.insert(file);
        }
        for _ in 0..reader.word()? {
            let node = reader.word()?;
            let at = node as usize;
            *self.own.get_mut(at)? = reader.hash()?;
            self.hashes[at] = reader.hash()?;
            self.slots[at] = reader.part()?;
            touched.nodes.insert(node);
        }
        self.decode_ends(&mut reader)?;
        self.free = reader.words()?;
        for _ in 0..reader.word()? {
            let (key, target) = reader.module()?;
            touched.modules.insert(key.clone());
            self.modules.insert(key, target);
        }
        self.touched = Some(touched);
        self.is_sound().then_some(self)
    }

    fn encode_ends(&self, out: &mut Writer, lengths: Lengths) {
        let [_, _, file_nodes, asked, offers, filled, texts, order] = lengths.map(|it| it as usize);
        out.list(&self.file_nodes[file_nodes..], |out, it| out.word(*it));
        out.list(&self.asked[asked..], |out, it| out.word(*it));
        out.list(&self.offers[offers..], |out, (question, answer)| {
            out.0.extend(question.to_le_bytes());
            out.0.extend(answer.to_le_bytes());
        });
        out.list(&self.filled[filled..], |out, (node, text)| {
            out.word(*node);
            out.word(*text);
        });
        out.list(&self.texts[texts..], |out, it| out.0.extend(it.as_bytes()));
        out.list(&self.order[order..], |out, it| out.word(*it));
    }

    fn decode_ends(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        append(&mut self.file_nodes, reader.words()?);
        append(&mut self.asked, reader.words()?);
        append(&mut self.offers, reader.pairs(|it: &[u8; 8]| u64::from_le_bytes(*it))?);
        append(&mut self.filled, reader.pairs(|it: &[u8; 4]| u32::from_le_bytes(*it))?);
        append(&mut self.texts, reader.hashes()?);
        append(&mut self.order, reader.words()?);
        Some(())
    }

    /// Whether all numbers are those of something.
    fn is_sound(&self) -> bool {
        let nodes = count(self.own.len());
        let is_node = |it: &u32| *it < nodes || *it == NONE;
        self.hashes.len() == self.own.len()
            && self.slots.len() == self.own.len()
            && self.order.len() == self.own.len()
            && self.order.iter().chain(&self.free).all(|it| *it < nodes)
            && self.file_nodes.iter().all(is_node)
            && self.filled.iter().all(|it| is_node(&it.0) && (it.1 as usize) < self.texts.len())
            && self.slots.iter().all(|it| it.of(&self.filled).len() == it.len as usize)
            && self.files.iter().all(|it| {
                let list = it.nodes.of(&self.file_nodes);
                let named = list.iter().take((it.definitions + it.statements) as usize);
                list.len() == it.nodes.len as usize
                    && it.definitions.checked_add(it.statements).is_some_and(|it| it as usize <= list.len())
                    && named.chain(list.last()).all(|it| *it != NONE)
            })
    }
}

fn append<T>(list: &mut Vec<T>, end: Vec<T>) {
    if list.is_empty() {
        *list = end;
    } else {
        list.extend(end);
    }
}

fn sorted(set: &FxHashSet<u32>) -> Vec<u32> {
    let mut out: Vec<u32> = set.iter().copied().collect();
    out.sort_unstable();
    out
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn word(&mut self, word: u32) {
        self.0.extend(word.to_le_bytes());
    }

    fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.word(count(list.len()));
        for it in list {
            write(self, it);
        }
    }

    fn part(&mut self, part: Part) {
        self.word(part.start);
        self.word(part.len);
    }

    fn parts(&mut self, it: &FileParts) {
        self.part(it.nodes);
        self.word(it.definitions);
        self.word(it.statements);
        self.part(it.asked);
        self.part(it.offers);
    }

    fn text(&mut self, text: &str) {
        self.word(count(text.len()));
        self.0.extend(text.as_bytes());
    }

    fn module(&mut self, group: u32, name: &str, target: &ModuleTarget) {
        self.word(group);
        self.text(name);
        match target {
            ModuleTarget::File(file) => {
                self.word(0);
                self.word(*file);
            }
            ModuleTarget::Outside(distribution) => {
                self.word(1);
                self.text(distribution);
            }
            ModuleTarget::Missing => self.word(2),
        }
    }
}

struct Reader<'r>(&'r [u8]);

impl<'r> Reader<'r> {
    fn take(&mut self, len: usize) -> Option<&'r [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn word(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(32)?.try_into().ok().map(Hash)
    }

    /// The bytes of a list whose items have `size` bytes each.
    fn items(&mut self, size: usize) -> Option<&'r [u8]> {
        let len = self.word()? as usize;
        self.take(len.checked_mul(size)?)
    }

    fn list<T>(&mut self, size: usize, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let items = self.items(size)?;
        let mut out = Vec::with_capacity(items.len() / size);
        for it in items.chunks_exact(size) {
            out.push(item(&mut Reader(it))?);
        }
        Some(out)
    }

    fn words(&mut self) -> Option<Vec<u32>> {
        let word = |it: &[u8; 4]| u32::from_le_bytes(*it);
        Some(self.items(4)?.as_chunks().0.iter().map(word).collect())
    }

    fn pairs<T, const N: usize>(&mut self, number: impl Fn(&[u8; N]) -> T) -> Option<Vec<(T, T)>> {
        let items = self.items(2 * N)?.as_chunks::<N>().0.as_chunks::<2>().0;
        Some(items.iter().map(|[one, two]| (number(one), number(two))).collect())
    }

    fn hashes(&mut self) -> Option<Vec<Hash>> {
        Some(self.items(32)?.as_chunks().0.iter().map(|it| Hash(*it)).collect())
    }

    fn part(&mut self) -> Option<Part> {
        Some(Part { start: self.word()?, len: self.word()? })
    }

    fn parts(&mut self) -> Option<FileParts> {
        Some(FileParts {
            nodes: self.part()?,
            definitions: self.word()?,
            statements: self.word()?,
            asked: self.part()?,
            offers: self.part()?,
        })
    }

    fn text(&mut self) -> Option<&'r str> {
        let len = self.word()? as usize;
        std::str::from_utf8(self.take(len)?).ok()
    }

    fn module(&mut self) -> Option<((u32, Box<str>), ModuleTarget)> {
        let (group, name) = (self.word()?, self.text()?.into());
        let target = match self.word()? {
            0 => ModuleTarget::File(self.word()?),
            1 => ModuleTarget::Outside(self.text()?.into()),
            2 => ModuleTarget::Missing,
            _ => return None,
        };
        Some(((group, name), target))
    }
}
