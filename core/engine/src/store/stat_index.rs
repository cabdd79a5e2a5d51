//! The stat index: content hashes of files that nobody has touched since they were hashed.
//!
//! A file's hash is believed while size, times, inode and mode stay as they were. That is sound only if every later
//! change must show in a time, and a clock's grain can hide one: a file changed, hashed, and changed again within one
//! tick keeps its time. So an entry is kept only if the file had been at rest for longer than a tick when hashing
//! began ([`Stat::is_settled`]); what is too young is hashed again by the next run. (git's rule compares with the
//! time at which its index was written, which lets a change between reading and writing slip through.)
//!
//! The file: `ASTKSTAT`, format (u32), number of entries (u32), XXH3-128 of the rest seeded with that number, offsets of the entries (u32
//! each), then the entries sorted by path: size (u64), modified (i64), changed (i64), inode (u64), mode (u32),
//! BLAKE3 of the content (32), path below the root (the rest).

use std::collections::BTreeMap;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::FORMAT;
use super::segment::{u32_at, u64_at};
use crate::files::{Metadata, Timestamp};

const MAGIC: &[u8; 8] = b"ASTKSTAT";
const HEADER: usize = 32;
const FIXED: usize = 68;

/// The grain of clocks that count in fractions of seconds: kernels stamp files with a tick of up to 10 ms.
const FINE_GRAIN: i64 = 50_000_000;

/// The grain of clocks that count in seconds, FAT's in two.
const COARSE_GRAIN: i64 = 2 * Timestamp::SECOND + FINE_GRAIN;

/// What a file looks like from outside.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Stat {
    size: u64,
    modified: i64,
    changed: i64,
    inode: u64,
    mode: u32,
}

impl From<&Metadata> for Stat {
    fn from(it: &Metadata) -> Self {
        let (modified, changed) = (it.modified.0, it.changed.0);
        Self { size: it.size, modified, changed, inode: it.inode, mode: it.mode }
    }
}

impl Stat {
    /// Whether every change after `now` must show in the file's times.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        let last = self.modified.max(self.changed);
        let grain = if last % Timestamp::SECOND == 0 { COARSE_GRAIN } else { FINE_GRAIN };
        last < now.0.saturating_sub(grain)
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// The index of the last run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StatIndex {
    bytes: Vec<u8>,
    count: usize,
}

impl StatIndex {
    /// Reads an index; none if it is damaged.
    pub(super) fn decode(bytes: Vec<u8>) -> Option<Self> {
        let count = usize::try_from(u32_at(&bytes, 12)?).ok()?;
        let rest = bytes.get(HEADER..)?;
        let sound = bytes.starts_with(MAGIC)
            && u32_at(&bytes, 8)? == FORMAT
            && bytes.get(16..HEADER)? == xxh3_128_with_seed(rest, count as u64).to_le_bytes()
            && count.checked_mul(4)? <= rest.len();
        let index = Self { bytes, count };
        (sound && (0..count).all(|it| index.entry(it).is_some())).then_some(index)
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no file is known.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The content hash of a file, given by its path below the root, if its stat is still the same.
    pub fn get(&self, path: &Path, stat: &Stat) -> Option<[u8; 32]> {
        self.get_encoded(path.as_os_str().as_encoded_bytes(), stat)
    }

    fn get_encoded(&self, path: &[u8], stat: &Stat) -> Option<[u8; 32]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (entry, own) = self.entry(middle)?;
            match own.cmp(path) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => {
                    let (known, content) = decode_entry(entry)?;
                    return (known == *stat).then_some(content);
                }
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// All entries by path, sorted.
    fn entries(&self) -> impl Iterator<Item = (&[u8], Known)> {
        (0..self.count).filter_map(|it| {
            let (entry, path) = self.entry(it)?;
            Some((path, decode_entry(entry)?))
        })
    }

    /// An entry's fixed part and its path.
    fn entry(&self, at: usize) -> Option<(&[u8], &[u8])> {
        let start = usize::try_from(u32_at(&self.bytes, HEADER + 4 * at)?).ok()?;
        let end = if at + 1 == self.count {
            self.bytes.len()
        } else {
            usize::try_from(u32_at(&self.bytes, HEADER + 4 * (at + 1))?).ok()?
        };
        self.bytes.get(start..end)?.split_at_checked(FIXED)
    }
}

fn decode_entry(entry: &[u8]) -> Option<Known> {
    let stat = Stat {
        size: u64_at(entry, 0)?,
        modified: u64_at(entry, 8)?.cast_signed(),
        changed: u64_at(entry, 16)?.cast_signed(),
        inode: u64_at(entry, 24)?,
        mode: u32_at(entry, 32)?,
    };
    Some((stat, entry.get(36..FIXED)?.try_into().ok()?))
}

/// What is known of a file: its stat and the hash of its content.
type Known = (Stat, [u8; 32]);

/// The index for the next run: that of the last, and what is new.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StatIndexBuilder {
    last: StatIndex,
    /// By path, as the system encodes it; none for what is to be forgotten.
    news: BTreeMap<Vec<u8>, Option<Known>>,
}

impl From<&StatIndex> for StatIndexBuilder {
    fn from(index: &StatIndex) -> Self {
        Self { last: index.clone(), news: BTreeMap::new() }
    }
}

impl StatIndexBuilder {
    /// Keeps a file's hash; `path` is below the root. Only for a stat that [is settled](Stat::is_settled).
    pub fn insert(&mut self, path: &Path, stat: Stat, content: [u8; 32]) {
        self.news.insert(path.as_os_str().as_encoded_bytes().to_vec(), Some((stat, content)));
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &Path) {
        self.news.insert(path.as_os_str().as_encoded_bytes().to_vec(), None);
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.entries().count()
    }

    /// Whether no file is known.
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Whether `index` has the same entries.
    pub fn is_same_as(&self, index: &StatIndex) -> bool {
        self.entries().eq(index.entries())
    }

    /// All entries by path, sorted: two sorted lists as one.
    fn entries(&self) -> impl Iterator<Item = (&[u8], Known)> {
        let (mut last, mut news) = (self.last.entries().peekable(), self.news.iter().peekable());
        let next = move || {
            let Some((path, _)) = news.peek() else { return last.next().map(|it| (it.0, Some(it.1))) };
            if let Some(known) = last.next_if(|it| it.0 < path.as_slice()) {
                return Some((known.0, Some(known.1)));
            }
            last.next_if(|it| it.0 == path.as_slice());
            news.next().map(|(path, it)| (path.as_slice(), *it))
        };
        std::iter::from_fn(next).filter_map(|(path, it)| Some((path, it?)))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let count = self.len();
        let mut offset = HEADER + 4 * count;
        let mut rest = Vec::with_capacity(count * (FIXED + 64));
        for (path, _) in self.entries() {
            rest.extend_from_slice(&u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes());
            offset += FIXED + path.len();
        }
        for (path, (stat, content)) in self.entries() {
            rest.extend_from_slice(&stat.size.to_le_bytes());
            rest.extend_from_slice(&stat.modified.to_le_bytes());
            rest.extend_from_slice(&stat.changed.to_le_bytes());
            rest.extend_from_slice(&stat.inode.to_le_bytes());
            rest.extend_from_slice(&stat.mode.to_le_bytes());
            rest.extend_from_slice(&content);
            rest.extend_from_slice(path);
        }
        let mut out = Vec::with_capacity(HEADER + rest.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&u32::try_from(count).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&xxh3_128_with_seed(&rest, count as u64).to_le_bytes());
        out.extend_from_slice(&rest);
        out
    }
}
