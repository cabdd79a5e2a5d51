//! Where lines begin, for turning byte offsets into lines and columns and back.
//!
//! Input is a decoded text, in which only `\n` ends a line (`\r\n` ends with one, a form feed is none, and
//! lone `\r` were replaced before). A byte-order mark belongs to no column: line 1 starts after it.

use memchr::memchr_iter;

/// A place in a text as CPython's `ast` gives it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in UTF-8 bytes, from 0.
    pub col: u32,
}

/// The offset of each line's first byte.
#[derive(Debug)]
pub(crate) struct LineIndex {
    /// Never empty; strictly increasing. A text that ends in a newline has a last, empty line.
    starts: Box<[u32]>,
}

impl LineIndex {
    /// Indexes `text`, whose length fits in 32 bits. Cost: one pass and four bytes a line.
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // 28 bytes a line is a low guess for Python, so the vector seldom grows.
        let mut starts = Vec::with_capacity(bytes.len() / 28 + 2);
        starts.push(if text.starts_with('\u{feff}') { 3 } else { 0 });
        starts.extend(memchr_iter(b'\n', bytes).map(|newline| offset_u32(newline + 1)));
        Self { starts: starts.into_boxed_slice() }
    }

    /// How many lines begin, the empty one after a final newline included.
    pub(crate) fn len(&self) -> u32 {
        offset_u32(self.starts.len())
    }

    /// The line and column of `offset`.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        Position { line: offset_u32(line), col: offset.saturating_sub(self.starts[line - 1]) }
    }

    /// The offset of the first byte of the 1-based `line`, if there is such a line.
    pub(crate) fn start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }
}

/// An offset or count of a text, all of which fit in 32 bits.
pub(crate) fn offset_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
