//! Notes: records that change, one small file each.
//!
//! A segment's record is a function of its key. What is not (the last answer to a question, with what it depended on)
//! is a note: writing one replaces the one before. The file: `ASTKNOTE`, format (u32), zeros (4), key (32), XXH3-128 of
//! the rest seeded with the key's first eight bytes, then the rest.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::segment::{u32_at, u64_at};
use super::{FORMAT, Key, Record};

const MAGIC: &[u8; 8] = b"ASTKNOTE";
const HEADER: usize = 64;

/// What stands before a note in its file.
pub(super) fn header(key: &Key, note: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(key);
    out.extend_from_slice(&check(key, note).to_le_bytes());
    out
}

/// The note in a file; none if it is damaged, or that of another key.
pub(super) fn decode(key: &Key, bytes: Vec<u8>) -> Option<Record> {
    let note = bytes.get(HEADER..)?;
    let is_sound = bytes.starts_with(MAGIC)
        && u32_at(&bytes, 8)? == FORMAT
        && bytes.get(16..48)? == key
        && bytes.get(48..HEADER)? == check(key, note).to_le_bytes();
    let len = bytes.len();
    is_sound.then(|| Record::from(bytes).part(HEADER..len))
}

fn check(key: &Key, note: &[u8]) -> u128 {
    xxh3_128_with_seed(note, u64_at(key, 0).unwrap_or(0))
}
