//! A linked project as bytes, to be kept between runs: all of it, or what was changed since it was read.
//!
//! All of it is a table of lengths, and then the columns one after the other, so that each is read in parts as it is
//! asked for. What is written of changes is what was set and added since; the changes of many runs are written as one,
//! since they are all meant from the same beginning. All numbers are little-endian. Reading is total: bytes that
//! nothing wrote give nothing, or turn out [broken](Linked::is_broken) when they are looked at.

use std::sync::Arc;

use crate::Hash;

use super::column::{Base, Column, Fixed, Source};
use super::index::Index;
use super::linked::{Linked, Used};
use super::places::count;

/// Version of the layout.
const FORMAT: u32 = 2;

/// Number of columns.
const COLUMNS: usize = 16;

/// Columns begin at multiples of this, so that nothing in them reaches over the end of a page.
const GRAIN: usize = 64;

/// Words before the columns: format, number of columns, and what is in use.
const WORDS: usize = 2 + 3 + COLUMNS;

/// The lengths of the columns.
type Lengths = [u32; COLUMNS];

impl Linked {
    fn lengths(&self) -> Lengths {
        let index = self.index.as_ref();
        [
            self.files.base_len(),
            self.file_nodes.base_len(),
            self.asked.base_len(),
            self.offers.base_len(),
            self.own.base_len(),
            self.hashes.base_len(),
            self.slots.base_len(),
            self.homes.base_len(),
            self.filled.base_len(),
            self.texts.base_len(),
            self.modules.starts.base_len(),
            self.modules.bytes.base_len(),
            index.map_or(0, |it| it.user_starts.base_len()),
            index.map_or(0, |it| it.users.base_len()),
            index.map_or(0, |it| it.asker_starts.base_len()),
            index.map_or(0, |it| it.askers.base_len()),
        ]
    }

    /// All of it, as one that nothing was read of; [rebuilds](Linked::rebuild) it if that is not so. It is written behind
    /// what there is, which is of no concern here: there is much of it, and so it stands in memory once.
    pub fn encode(&mut self, behind: Vec<u8>) -> Vec<u8> {
        if self.base.is_some() || self.index.is_none() {
            self.rebuild();
        }
        let start = behind.len();
        let mut out = Writer { bytes: behind, start, lengths: Vec::new() };
        out.bytes.reserve_exact(self.size());
        out.bytes.resize(start + 4 * WORDS, 0);
        let (starts, modules) = self.modules.encode_new();
        let index = self.index.take().unwrap_or_default();
        out.column(&self.files);
        out.column(&self.file_nodes);
        out.column(&self.asked);
        out.column(&self.offers);
        out.column(&self.own);
        out.column(&self.hashes);
        out.column(&self.slots);
        out.column(&self.homes);
        out.column(&self.filled);
        out.column(&self.texts);
        out.column(&Column::from(starts));
        out.column(&Column::from(modules));
        out.column(&index.user_starts);
        out.column(&index.users);
        out.column(&index.asker_starts);
        out.column(&index.askers);
        self.index = Some(index);
        let free = Column::from(self.free.clone());
        free.encode_changes(&mut out.bytes);
        let Used { asked, offers, filled } = self.used;
        let head = [FORMAT, count(out.bytes.len() - start), asked, offers, filled];
        let words = head.into_iter().chain(out.lengths.iter().copied());
        for (word, place) in words.zip(out.bytes[start..].as_chunks_mut().0) {
            *place = word.to_le_bytes();
        }
        out.bytes
    }

    /// Bytes of all of it, about.
    fn size(&self) -> usize {
        let (nodes, users) = (self.own.len() as usize, self.index.as_ref().map_or(0, |it| it.users.len()));
        let words = 2 * self.filled.len() + 4 * self.asked.len() + self.file_nodes.len() + users;
        let modules = 64 * self.modules.new.len();
        88 * nodes
            + 4 * words as usize
            + 16 * self.offers.len() as usize
            + 32 * (self.texts.len() + self.files.len()) as usize
            + modules
            + (1 << 16)
    }

    /// Begins to read what [`encode`](Self::encode) wrote, under the options of the one that is read into.
    pub fn decode(self, source: Arc<dyn Source>) -> Option<Self> {
        let head = source.read(0, 4 * WORDS)?.into_owned();
        let words: Vec<u32> = head.chunks_exact(4).map(u32::read).collect();
        let [format, len, asked, offers, filled, lengths @ ..] = words.as_slice() else { return None };
        if *format != FORMAT || *len as usize != source.len() {
            return None;
        }
        let mut out = Self { domain: self.domain, ..Self::default() };
        out.used = Used { asked: *asked, offers: *offers, filled: *filled };
        let base = Arc::new(Base::new(source));
        let mut reader = Reader { base: &base, at: 4 * WORDS, lengths: lengths.iter() };
        out.files = reader.column()?;
        out.file_nodes = reader.column()?;
        out.asked = reader.column()?;
        out.offers = reader.column()?;
        out.own = reader.column()?;
        out.hashes = reader.column()?;
        out.slots = reader.column()?;
        out.homes = reader.column()?;
        out.filled = reader.column()?;
        out.texts = reader.column()?;
        out.modules.starts = reader.column()?;
        out.modules.bytes = reader.column()?;
        let mut index = Index::default();
        index.user_starts = reader.column()?;
        index.users = reader.column()?;
        index.asker_starts = reader.column()?;
        index.askers = reader.column()?;
        out.index = Some(index);
        let at = reader.at;
        let rest = base.source.read(at, base.source.len().checked_sub(at)?)?.into_owned();
        let mut rest = rest.as_slice();
        out.decode_free(&mut rest)?;
        out.base = Some(base);
        let nodes = [out.hashes.len(), out.slots.len(), out.homes.len()];
        (rest.is_empty() && nodes.iter().all(|it| *it == out.own.len())).then_some(out)
    }

    /// What was changed since the beginning that was read; none if all is new.
    pub fn encode_changes(&self) -> Option<Vec<u8>> {
        self.base.as_ref()?;
        let mut out = Vec::new();
        let Used { asked, offers, filled } = self.used;
        for it in self.lengths().into_iter().chain([asked, offers, filled]) {
            it.write(&mut out);
        }
        self.files.encode_changes(&mut out);
        self.file_nodes.encode_changes(&mut out);
        self.asked.encode_changes(&mut out);
        self.offers.encode_changes(&mut out);
        self.own.encode_changes(&mut out);
        self.hashes.encode_changes(&mut out);
        self.slots.encode_changes(&mut out);
        self.homes.encode_changes(&mut out);
        self.filled.encode_changes(&mut out);
        self.texts.encode_changes(&mut out);
        Column::from(self.free.clone()).encode_changes(&mut out);
        let (starts, modules) = self.modules.encode_new();
        Column::from(starts).encode_changes(&mut out);
        Column::from(modules).encode_changes(&mut out);
        Some(out)
    }

    /// Reads what [`encode_changes`](Self::encode_changes) wrote after the same beginning.
    pub fn apply(mut self, bytes: &[u8]) -> Option<Self> {
        let (head, mut bytes) = bytes.split_at_checked(4 * (COLUMNS + 3))?;
        let head: Vec<u32> = head.chunks_exact(4).map(u32::read).collect();
        let (lengths, used) = head.split_at(COLUMNS);
        let [asked, offers, filled] = used else { return None };
        if *lengths != self.lengths() {
            return None;
        }
        self.used = Used { asked: *asked, offers: *offers, filled: *filled };
        let rest = &mut bytes;
        self.files.decode_changes(rest)?;
        self.file_nodes.decode_changes(rest)?;
        self.asked.decode_changes(rest)?;
        self.offers.decode_changes(rest)?;
        self.own.decode_changes(rest)?;
        self.hashes.decode_changes(rest)?;
        self.slots.decode_changes(rest)?;
        self.homes.decode_changes(rest)?;
        self.filled.decode_changes(rest)?;
        self.texts.decode_changes(rest)?;
        self.decode_free(rest)?;
        let (mut starts, mut modules) = (Column::default(), Column::default());
        starts.decode_changes(rest)?;
        modules.decode_changes(rest)?;
        self.modules.decode_new(&starts.all(), &modules.all())?;
        let nodes = [self.hashes.len(), self.slots.len(), self.homes.len()];
        if !bytes.is_empty() || nodes.iter().any(|it| *it != self.own.len()) {
            return None;
        }
        let texts = self.texts.touched().map(|it| (self.texts.get(it), it));
        self.text_numbers = texts.collect();
        self.index_changes();
        Some(self)
    }

    /// Adds what was changed to the index.
    fn index_changes(&mut self) {
        let Some(mut index) = self.index.take() else { return };
        self.files.touched().for_each(|it| index.relink(it));
        for node in self.slots.touched() {
            for (target, _) in &*self.filled.part(self.slots.get(node)) {
                if *target < self.own.len() {
                    index.add_user(*target, node);
                }
            }
        }
        self.index = Some(index);
    }

    fn decode_free(&mut self, bytes: &mut &[u8]) -> Option<()> {
        let mut free = Column::default();
        free.decode_changes(bytes)?;
        self.free = free.all();
        self.free.iter().all(|it| *it < self.own.len()).then_some(())
    }
}

struct Writer {
    bytes: Vec<u8>,
    /// Where it begins in these.
    start: usize,
    lengths: Vec<u32>,
}

impl Writer {
    fn column<T: Fixed>(&mut self, column: &Column<T>) {
        self.bytes.resize(self.start + (self.bytes.len() - self.start).next_multiple_of(GRAIN), 0);
        self.lengths.push(column.len());
        (0..column.len()).for_each(|it| column.get(it).write(&mut self.bytes));
    }
}

struct Reader<'b> {
    base: &'b Arc<Base>,
    at: usize,
    lengths: std::slice::Iter<'b, u32>,
}

impl Reader<'_> {
    fn column<T: Fixed>(&mut self) -> Option<Column<T>> {
        let start = self.at.next_multiple_of(GRAIN);
        let len = *self.lengths.next()?;
        self.at = start.checked_add((len as usize).checked_mul(T::SIZE)?)?;
        (self.at <= self.base.source.len()).then(|| Column::read(self.base, start, len))
    }
}

const _: () = assert!(GRAIN.is_multiple_of(Hash::SIZE));
