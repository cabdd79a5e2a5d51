//! Large notes of which only parts are read.
//!
//! A note is read whole and checked whole. Where a run needs little of much, each page has a check of its own, and is
//! read when it is asked for. The file: `ASTKPAGE`, format (u32), zeros (4), key (32), XXH3-128 of what follows up to the
//! pages, seeded with the key's first eight bytes; then the number of bytes (u64), per page its XXH3-64 seeded with its
//! number, and the pages.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use astkit_hash::deep::Source;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

use super::segment::{u32_at, u64_at};
use super::storage::Blob;
use super::{FORMAT, Key};

const MAGIC: &[u8; 8] = b"ASTKPAGE";
const HEADER: usize = 64;

/// Bytes of a page: what reading costs beyond the bytes that are wanted, against what a read costs (a guess).
const PAGE: usize = 8 << 10;

/// An open note.
#[derive(Debug)]
pub struct Pages {
    blob: Arc<dyn Blob>,
    /// Where the pages begin.
    start: u64,
    len: usize,
    checks: Box<[u8]>,
    known: Box<[Page]>,
}

/// What was read of a page, if it was; nothing if it is damaged.
type Page = OnceLock<Option<Box<[u8]>>>;

/// What stands before the pages of a note in its file.
pub(super) fn header(key: &Key, note: &[u8]) -> Vec<u8> {
    let mut table = Vec::with_capacity(8 + note.len().div_ceil(PAGE) * 8);
    table.extend_from_slice(&(note.len() as u64).to_le_bytes());
    for (number, page) in (0..).zip(note.chunks(PAGE)) {
        table.extend_from_slice(&xxh3_64_with_seed(page, number).to_le_bytes());
    }
    let mut out = Vec::with_capacity(HEADER + table.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(key);
    out.extend_from_slice(&check(key, &table).to_le_bytes());
    out.extend_from_slice(&table);
    out
}

fn check(key: &Key, table: &[u8]) -> u128 {
    xxh3_128_with_seed(table, u64_at(key, 0).unwrap_or(0))
}

impl Pages {
    /// The note in a file; none if its head is damaged, or that of another key.
    pub(super) fn open(key: &Key, blob: Arc<dyn Blob>) -> Option<Self> {
        let mut head = [0; HEADER + 8];
        blob.read_at(0, &mut head).ok()?;
        let len = usize::try_from(u64_at(&head, HEADER)?).ok()?;
        let count = len.div_ceil(PAGE);
        let start = count.checked_mul(8)?.checked_add(HEADER + 8)?;
        let is_sound = head.starts_with(MAGIC)
            && u32_at(&head, 8)? == FORMAT
            && head.get(16..48)? == key
            && blob.len() == (start as u64).checked_add(len as u64)?;
        if !is_sound {
            return None;
        }
        let mut table = vec![0; 8 + 8 * count];
        blob.read_at(HEADER as u64, &mut table).ok()?;
        if head.get(48..HEADER)? != check(key, &table).to_le_bytes() {
            return None;
        }
        let checks = table.split_off(8).into_boxed_slice();
        let known = (0..count).map(|_| Page::new()).collect();
        Some(Self { blob, start: start as u64, len, checks, known })
    }

    fn page(&self, number: usize) -> Option<&[u8]> {
        let page = self.known.get(number)?.get_or_init(|| {
            let len = PAGE.min(self.len - number * PAGE);
            self.read_pages(number, len).map(Vec::into_boxed_slice)
        });
        page.as_deref()
    }

    /// Reads some bytes from the beginning of a page on.
    fn read_pages(&self, first: usize, len: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; len];
        self.blob.read_at(self.start + (first * PAGE) as u64, &mut bytes).ok()?;
        let mut pages = (first..).zip(bytes.chunks(PAGE));
        let is_sound =
            |(number, page)| u64_at(&self.checks, 8 * number) == Some(xxh3_64_with_seed(page, number as u64));
        pages.all(is_sound).then_some(bytes)
    }
}

impl Source for Pages {
    fn len(&self) -> usize {
        self.len
    }

    fn read(&self, start: usize, len: usize) -> Option<Cow<'_, [u8]>> {
        let end = start.checked_add(len).filter(|it| *it <= self.len)?;
        if len == 0 {
            return Some(Cow::default());
        }
        let (first, last) = (start / PAGE, (end - 1) / PAGE);
        let from = start - first * PAGE;
        if first == last {
            return self.page(first)?.get(from..from + len).map(Cow::Borrowed);
        }
        // What is as long is seldom wanted twice.
        let mut bytes = self.read_pages(first, ((last + 1) * PAGE).min(self.len) - first * PAGE)?;
        bytes.truncate(from + len);
        bytes.drain(..from);
        Some(Cow::Owned(bytes))
    }
}
