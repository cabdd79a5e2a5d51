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
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

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
#[derive(Clone, Debug, Default)]
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
        let path = path.as_os_str().as_encoded_bytes();
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (entry, own) = self.entry(middle)?;
            match own.cmp(path) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return content(entry, stat),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
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

fn content(entry: &[u8], stat: &Stat) -> Option<[u8; 32]> {
    let known = Stat {
        size: u64_at(entry, 0)?,
        modified: u64_at(entry, 8)?.cast_signed(),
        changed: u64_at(entry, 16)?.cast_signed(),
        inode: u64_at(entry, 24)?,
        mode: u32_at(entry, 32)?,
    };
    (known == *stat).then(|| entry.get(36..FIXED)?.try_into().ok()).flatten()
}

/// The index for the next run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StatIndexBuilder {
    entries: BTreeMap<PathBuf, (Stat, [u8; 32])>,
}

impl StatIndexBuilder {
    /// Keeps a file's hash; `path` is below the root. Only for a stat that [is settled](Stat::is_settled).
    pub fn insert(&mut self, path: PathBuf, stat: Stat, content: [u8; 32]) {
        self.entries.insert(path, (stat, content));
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no file is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether `index` has the same entries.
    pub fn is_same_as(&self, index: &StatIndex) -> bool {
        self.len() == index.len()
            && self.entries.iter().all(|(path, (stat, content))| index.get(path, stat) == Some(*content))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let encoded = |it: &PathBuf| OsStr::as_encoded_bytes(it.as_os_str()).to_vec();
        let mut entries: Vec<_> = self.entries.iter().map(|(path, it)| (encoded(path), it)).collect();
        entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        let mut offset = HEADER + 4 * entries.len();
        let mut rest = Vec::with_capacity(entries.len() * (FIXED + 48));
        for (path, _) in &entries {
            rest.extend_from_slice(&u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes());
            offset += FIXED + path.len();
        }
        for (path, (stat, content)) in &entries {
            rest.extend_from_slice(&stat.size.to_le_bytes());
            rest.extend_from_slice(&stat.modified.to_le_bytes());
            rest.extend_from_slice(&stat.changed.to_le_bytes());
            rest.extend_from_slice(&stat.inode.to_le_bytes());
            rest.extend_from_slice(&stat.mode.to_le_bytes());
            rest.extend_from_slice(content);
            rest.extend_from_slice(path);
        }
        let mut out = Vec::with_capacity(HEADER + rest.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&u32::try_from(entries.len()).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&xxh3_128_with_seed(&rest, entries.len() as u64).to_le_bytes());
        out.extend_from_slice(&rest);
        out
    }
}
