//! The bytes of a record, shared.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A piece of shared bytes. Cheap to clone and to cut; equal when the bytes are.
#[derive(Clone)]
pub struct Record {
    bytes: Arc<Vec<u8>>,
    start: usize,
    end: usize,
}

impl Record {
    /// A part of it, of the same memory; empty if there is no such part.
    pub fn part(&self, range: Range<usize>) -> Self {
        let (start, end) = (self.start.saturating_add(range.start), self.start.saturating_add(range.end));
        if range.start > range.end || end > self.end {
            return Self { bytes: Arc::clone(&self.bytes), start: self.start, end: self.start };
        }
        Self { bytes: Arc::clone(&self.bytes), start, end }
    }
}

impl Default for Record {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl Deref for Record {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<Vec<u8>> for Record {
    fn from(bytes: Vec<u8>) -> Self {
        let end = bytes.len();
        Self { bytes: Arc::new(bytes), start: 0, end }
    }
}

impl FromIterator<u8> for Record {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        Self::from(bytes.into_iter().collect::<Vec<_>>())
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        let same_place = Arc::ptr_eq(&self.bytes, &other.bytes) && self.start == other.start;
        (same_place && self.end == other.end) || **self == **other
    }
}

impl Eq for Record {}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} bytes)", self.len())
    }
}
