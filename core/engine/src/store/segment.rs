//! Segments: records sorted by key, packed into a file that never changes.
//!
//! All numbers are little-endian. A header of 48 bytes: `ASTKPACK`, format (u32), number of records (u32), length of
//! the file (u64), XXH3-128 of the index (16 bytes), zeros (8). Then the index, 56 bytes a record, sorted by key: key
//! (32), offset in the file (u64), length (u32), day of last known use (u32), XXH3-64 of the record seeded with the
//! key's first eight bytes (u64). Then the records.
//!
//! Opening reads header and index only; a record is checked when it is read.

use std::cmp::Reverse;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

use super::storage::{Blob, Storage};
use super::{FORMAT, Key, Record};

const MAGIC: &[u8; 8] = b"ASTKPACK";
const HEADER: usize = 48;
const ENTRY: usize = 56;

/// Reads that are closer together than this are done as one: what a read costs, in bytes (a guess).
const GAP: u64 = 16 << 10;

/// The longest single read.
const LONGEST_READ: u64 = 4 << 20;

/// An open segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) name: String,
    blob: Arc<dyn Blob>,
    index: Box<[u8]>,
    /// Whether a record could not be read.
    is_damaged: AtomicBool,
}

/// Where a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    offset: u64,
    len: u32,
    pub(super) day: u32,
    check: u64,
}

impl Entry {
    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            key: bytes.get(..32)?.try_into().ok()?,
            offset: u64_at(bytes, 32)?,
            len: u32_at(bytes, 40)?,
            day: u32_at(bytes, 44)?,
            check: u64_at(bytes, 48)?,
        })
    }

    pub(super) fn size(&self) -> u64 {
        u64::from(self.len) + ENTRY as u64
    }
}

/// Why a segment could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OpenError {
    /// The system did not let us, or it is gone.
    Io,
    /// It is not what was written.
    Damaged,
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        // It was long enough when it was measured.
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Damaged } else { Self::Io }
    }
}

impl Segment {
    /// Opens a segment.
    pub(super) fn open(storage: &Arc<dyn Storage>, name: &str) -> Result<Self, OpenError> {
        let blob = storage.open(name)?;
        let mut header = [0; HEADER];
        blob.read_at(0, &mut header)?;
        let count = count(&header, blob.len()).ok_or(OpenError::Damaged)?;
        let mut index = vec![0; count * ENTRY];
        blob.read_at(HEADER as u64, &mut index)?;
        if xxh3_128(&index).to_le_bytes() != header[24..40] {
            return Err(OpenError::Damaged);
        }
        Ok(Self {
            name: name.to_owned(),
            blob,
            index: index.into_boxed_slice(),
            is_damaged: AtomicBool::new(false),
        })
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.index.len() / ENTRY
    }

    /// Bytes of the file.
    pub(super) fn size(&self) -> u64 {
        self.blob.len()
    }

    /// All entries, sorted by key.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.index.chunks_exact(ENTRY).filter_map(Entry::decode)
    }

    /// The entry of a key.
    pub(super) fn find(&self, key: &Key) -> Option<Entry> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let entry = self.index.get(middle * ENTRY..)?;
            match entry.get(..32)?.cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Entry::decode(entry),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Whether a record turned out to be damaged.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged.load(Relaxed)
    }

    /// Reads a record; none if it is damaged.
    pub(super) fn read(&self, entry: Entry) -> Option<Record> {
        let record = self.read_sound(entry);
        self.is_damaged.fetch_or(record.is_none(), Relaxed);
        record
    }

    fn read_sound(&self, entry: Entry) -> Option<Record> {
        let end = entry.offset.checked_add(u64::from(entry.len))?;
        if end > self.blob.len() {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(entry.len).ok()?];
        self.blob.read_at(entry.offset, &mut bytes).ok()?;
        (check(&entry.key, &bytes) == entry.check).then(|| bytes.into())
    }

    /// Reads records into their places of `out`, neighbours together; returns how many were damaged.
    pub(super) fn read_many(&self, wanted: &[(usize, Entry)], out: &mut [Option<Record>]) -> u64 {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable_by_key(|it| it.1.offset);
        let (mut damaged, mut rest) = (0, wanted.as_slice());
        while let Some((_, first)) = rest.first() {
            let mut end = first.offset.saturating_add(u64::from(first.len));
            let run = rest.iter().skip(1).take_while(|(_, it)| {
                let next = it.offset.saturating_add(u64::from(it.len));
                let near =
                    it.offset <= end.saturating_add(GAP) && next - first.offset.min(next) <= LONGEST_READ;
                if near {
                    end = end.max(next);
                }
                near
            });
            let (together, later) = rest.split_at(run.count() + 1);
            rest = later;
            let chunk = self.chunk(first.offset, end);
            for (at, entry) in together {
                let start = usize::try_from(entry.offset - first.offset).unwrap_or(usize::MAX);
                let record =
                    chunk.as_ref().map(|it| it.part(start..start.saturating_add(entry.len as usize)));
                out[*at] = record.filter(|it| check(&entry.key, it) == entry.check);
                damaged += u64::from(out[*at].is_none());
            }
        }
        self.is_damaged.fetch_or(damaged > 0, Relaxed);
        damaged
    }

    fn chunk(&self, start: u64, end: u64) -> Option<Record> {
        if end > self.blob.len() {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(end - start).ok()?];
        self.blob.read_at(start, &mut bytes).ok()?;
        Some(bytes.into())
    }
}

/// The number of records that a header tells, if it is sound.
fn count(header: &[u8], len: u64) -> Option<usize> {
    let count = u32_at(header, 12)?;
    let sound = header.starts_with(MAGIC)
        && u32_at(header, 8)? == FORMAT
        && u64_at(header, 16)? == len
        && u64::from(count) <= len / ENTRY as u64;
    sound.then_some(usize::try_from(count).ok()?)
}

/// A segment to be written.
pub(super) struct Encoded {
    /// Its name, a hash of its index: equal segments have equal names.
    pub(super) name: String,
    head: Vec<u8>,
    records: Vec<(Key, u32, Record)>,
}

impl Encoded {
    /// The pieces of the file.
    pub(super) fn chunks(&self) -> Vec<&[u8]> {
        std::iter::once(&*self.head).chain(self.records.iter().map(|it| &*it.2)).collect()
    }

    /// Its keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.records.iter().map(|it| it.0)
    }
}

/// Packs records, each with its day of last use. Of equal keys the one used last stays.
pub(super) fn encode(mut records: Vec<(Key, u32, Record)>) -> Encoded {
    records.retain(|it| u32::try_from(it.2.len()).is_ok());
    records.sort_unstable_by_key(|it| (it.0, Reverse(it.1)));
    records.dedup_by_key(|it| it.0);
    let mut index = Vec::with_capacity(records.len() * ENTRY);
    let mut offset = (HEADER + records.len() * ENTRY) as u64;
    for (key, day, record) in &records {
        index.extend_from_slice(key);
        index.extend_from_slice(&offset.to_le_bytes());
        index.extend_from_slice(&u32::try_from(record.len()).unwrap_or(0).to_le_bytes());
        index.extend_from_slice(&day.to_le_bytes());
        index.extend_from_slice(&check(key, record).to_le_bytes());
        offset += record.len() as u64;
    }
    let mut head = Vec::with_capacity(HEADER + index.len());
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&FORMAT.to_le_bytes());
    head.extend_from_slice(&u32::try_from(records.len()).unwrap_or(0).to_le_bytes());
    head.extend_from_slice(&offset.to_le_bytes());
    head.extend_from_slice(&xxh3_128(&index).to_le_bytes());
    head.extend_from_slice(&[0; 8]);
    head.extend_from_slice(&index);
    let name = format!("{:032x}", xxh3_128(&index));
    Encoded { name, head, records }
}

fn check(key: &Key, record: &[u8]) -> u64 {
    xxh3_64_with_seed(record, u64_at(key, 0).unwrap_or(0))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}
