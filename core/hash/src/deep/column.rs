//! Lists of numbers of which only what is asked for is read.
//!
//! A column is what was read from elsewhere, what was set since in place of some of it, and what was added. Of the first
//! nothing is read before it is asked for, and the other two are all that has to be written after an edit. A column
//! of which nothing was read is a plain vector.
//!
//! Reading is total: what is not there is a default value, and notes that the source is broken, so that whoever asked
//! can begin anew without it.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rustc_hash::FxHashMap;

use crate::Hash;

use super::places::{FileParts, Part, count};

/// Bytes of which parts can be read.
pub trait Source: Send + Sync + Debug {
    /// Number of bytes.
    fn len(&self) -> usize;

    /// Whether there is nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the bytes; none if they are not there, or not what was written.
    fn read(&self, start: usize, len: usize) -> Option<Cow<'_, [u8]>>;
}

impl Source for Vec<u8> {
    fn len(&self) -> usize {
        self.len()
    }

    fn read(&self, start: usize, len: usize) -> Option<Cow<'_, [u8]>> {
        self.get(start..start.checked_add(len)?).map(Cow::Borrowed)
    }
}

/// What columns are read from.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) source: Arc<dyn Source>,
    /// Whether something was not there.
    is_broken: AtomicBool,
}

impl Base {
    pub(super) fn new(source: Arc<dyn Source>) -> Self {
        Self { source, is_broken: AtomicBool::new(false) }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.is_broken.load(Relaxed)
    }

    pub(super) fn set_broken(&self) {
        self.is_broken.store(true, Relaxed);
    }
}

/// What stands in columns: as many bytes each.
pub(super) trait Fixed: Copy + Default {
    const SIZE: usize;

    /// Reads it from as many bytes.
    fn read(bytes: &[u8]) -> Self;

    fn write(self, out: &mut Vec<u8>);
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(4 * at..).and_then(|it| it.first_chunk());
    word.map_or(0, |it| u32::from_le_bytes(*it))
}

impl Fixed for u8 {
    const SIZE: usize = 1;

    fn read(bytes: &[u8]) -> Self {
        bytes.first().copied().unwrap_or_default()
    }

    fn write(self, out: &mut Vec<u8>) {
        out.push(self);
    }
}

impl Fixed for u32 {
    const SIZE: usize = 4;

    fn read(bytes: &[u8]) -> Self {
        word(bytes, 0)
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }
}

impl Fixed for (u32, u32) {
    const SIZE: usize = 8;

    fn read(bytes: &[u8]) -> Self {
        (word(bytes, 0), word(bytes, 1))
    }

    fn write(self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }
}

impl Fixed for (u64, u64) {
    const SIZE: usize = 16;

    fn read(bytes: &[u8]) -> Self {
        let long = |at: usize| u64::from(word(bytes, at)) | u64::from(word(bytes, at + 1)) << 32;
        (long(0), long(2))
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend(self.0.to_le_bytes());
        out.extend(self.1.to_le_bytes());
    }
}

impl Fixed for Hash {
    const SIZE: usize = 32;

    fn read(bytes: &[u8]) -> Self {
        bytes.first_chunk().map_or(Hash([0; 32]), |it| Hash(*it))
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend(self.as_bytes());
    }
}

impl Fixed for Part {
    const SIZE: usize = 8;

    fn read(bytes: &[u8]) -> Self {
        Self { start: word(bytes, 0), len: word(bytes, 1) }
    }

    fn write(self, out: &mut Vec<u8>) {
        (self.start, self.len).write(out);
    }
}

impl Fixed for FileParts {
    const SIZE: usize = 32;

    fn read(bytes: &[u8]) -> Self {
        let part = |at: usize| Part { start: word(bytes, at), len: word(bytes, at + 1) };
        let (definitions, statements) = (word(bytes, 2), word(bytes, 3));
        Self { nodes: part(0), definitions, statements, asked: part(4), offers: part(6) }.sound()
    }

    fn write(self, out: &mut Vec<u8>) {
        self.nodes.write(out);
        (self.definitions, self.statements).write(out);
        self.asked.write(out);
        self.offers.write(out);
    }
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct Column<T> {
    /// What it is read from, and where there its beginning is.
    base: Option<(Arc<Base>, usize)>,
    /// How much of it is there.
    first: u32,
    /// What was set in place of that.
    changed: FxHashMap<u32, T>,
    tail: Vec<T>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { base: None, first: 0, changed: FxHashMap::default(), tail: Vec::new() }
    }
}

impl<T: Fixed> From<Vec<T>> for Column<T> {
    fn from(tail: Vec<T>) -> Self {
        Self { tail, ..Self::default() }
    }
}

impl<T: Fixed> Column<T> {
    /// A list that begins somewhere in a source.
    pub(super) fn read(base: &Arc<Base>, start: usize, len: u32) -> Self {
        Self { base: Some((Arc::clone(base), start)), first: len, ..Self::default() }
    }

    pub(super) fn len(&self) -> u32 {
        self.first + count(self.tail.len())
    }

    /// How much was read from elsewhere.
    pub(super) fn base_len(&self) -> u32 {
        self.first
    }

    /// What stands at a place.
    #[inline]
    pub(super) fn get(&self, at: u32) -> T {
        match at.checked_sub(self.first) {
            Some(at) => match self.tail.get(at as usize) {
                Some(it) => *it,
                None => self.missing(),
            },
            None => self.get_base(at),
        }
    }

    fn get_base(&self, at: u32) -> T {
        if let Some(known) = self.changed.get(&at) {
            return *known;
        }
        self.bytes(Part { start: at, len: 1 }).map_or_else(|| self.missing(), |it| T::read(&it))
    }

    fn missing(&self) -> T {
        if let Some((base, _)) = &self.base {
            base.set_broken();
        }
        T::default()
    }

    fn bytes(&self, part: Part) -> Option<Cow<'_, [u8]>> {
        let (base, start) = self.base.as_ref()?;
        base.source.read(start + part.start as usize * T::SIZE, part.len as usize * T::SIZE)
    }

    /// A part of the list; it was added at once.
    pub(super) fn part(&self, part: Part) -> Cow<'_, [T]> {
        if part.len == 0 {
            return Cow::Borrowed(&[]);
        }
        if let Some(start) = part.start.checked_sub(self.first) {
            let rest = self.tail.get(start as usize..).and_then(|it| it.get(..part.len as usize));
            return Cow::Borrowed(rest.unwrap_or_else(|| {
                self.missing();
                &[]
            }));
        }
        let is_there = part.start.checked_add(part.len).is_some_and(|it| it <= self.first);
        let Some(bytes) = is_there.then(|| self.bytes(part)).flatten() else {
            self.missing();
            return Cow::Borrowed(&[]);
        };
        let mut out: Vec<T> = bytes.chunks_exact(T::SIZE).map(T::read).collect();
        if !self.changed.is_empty() {
            for (at, it) in (part.start..).zip(&mut out) {
                *it = self.changed.get(&at).copied().unwrap_or(*it);
            }
        }
        Cow::Owned(out)
    }

    /// All of it.
    pub(super) fn all(&self) -> Vec<T> {
        let mut out = self.part(Part { start: 0, len: self.first }).into_owned();
        out.resize(self.first as usize, T::default());
        out.extend_from_slice(&self.tail);
        out
    }

    /// Sets what stands at a place.
    pub(super) fn set(&mut self, at: u32, it: T) {
        match at.checked_sub(self.first) {
            Some(at) => {
                if let Some(place) = self.tail.get_mut(at as usize) {
                    *place = it;
                }
            }
            None => {
                self.changed.insert(at, it);
            }
        }
    }

    pub(super) fn append(&mut self, part: &[T]) -> Part {
        let start = self.len();
        self.tail.extend_from_slice(part);
        Part { start, len: count(part.len()) }
    }

    /// Makes it longer, if it is not as long.
    pub(super) fn grow(&mut self, len: u32) {
        let tail = len.saturating_sub(self.first) as usize;
        if tail > self.tail.len() {
            self.tail.resize(tail, T::default());
        }
    }

    /// The places in what was read that were set since, sorted, and those that were added.
    pub(super) fn touched(&self) -> impl Iterator<Item = u32> {
        let mut changed: Vec<u32> = self.changed.keys().copied().collect();
        changed.sort_unstable();
        changed.into_iter().chain(self.first..self.len())
    }

    /// Writes what was set and added since it was read.
    pub(super) fn encode_changes(&self, out: &mut Vec<u8>) {
        let mut changed: Vec<(u32, T)> = self.changed.iter().map(|it| (*it.0, *it.1)).collect();
        changed.sort_unstable_by_key(|it| it.0);
        count(changed.len()).write(out);
        for (at, it) in changed {
            at.write(out);
            it.write(out);
        }
        count(self.tail.len()).write(out);
        self.tail.iter().for_each(|it| it.write(out));
    }

    /// Reads what [`encode_changes`](Self::encode_changes) wrote, off the beginning of bytes.
    pub(super) fn decode_changes(&mut self, bytes: &mut &[u8]) -> Option<()> {
        let changed = take(bytes, 4 + T::SIZE)?.chunks_exact(4 + T::SIZE);
        self.changed = changed.map(|it| (word(it, 0), T::read(&it[4..]))).collect();
        self.tail = take(bytes, T::SIZE)?.chunks_exact(T::SIZE).map(T::read).collect();
        self.changed.keys().all(|it| *it < self.first).then_some(())
    }
}

/// Takes a list of things of some size off the beginning of bytes.
fn take<'b>(bytes: &mut &'b [u8], size: usize) -> Option<&'b [u8]> {
    let (len, rest) = bytes.split_first_chunk()?;
    let len = u32::from_le_bytes(*len) as usize;
    let (taken, rest) = rest.split_at_checked(len.checked_mul(size)?)?;
    *bytes = rest;
    Some(taken)
}
