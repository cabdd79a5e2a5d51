//! Tables packed into one piece of memory, which is also what is written to disk: nothing is decoded that nobody asks.
//!
//! A packed value is a number of sections of little-endian words or of bytes. Its bytes have been checked against a
//! checksum when they come from a disk; reading is total all the same, and what is not there reads as nothing.

use rustc_hash::FxHashMap;

use crate::store::Record;

/// Stands for "none" where an index is stored.
pub(crate) const NONE: u32 = u32::MAX;

/// Sections in one piece of memory. Cheap to clone; equal when the bytes are. The default has none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Packed {
    bytes: Record,
}

impl Packed {
    /// Takes bytes that a [`PackedBuilder`] made.
    pub(crate) fn from_record(bytes: Record) -> Self {
        Self { bytes }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of a section.
    pub(crate) fn section(&self, section: usize) -> &[u8] {
        let header = Words(&self.bytes);
        let (Some(start), Some(end)) = (header.get(section), header.get(section + 1)) else { return &[] };
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// A section of words.
    pub(crate) fn words(&self, section: usize) -> Words<'_> {
        Words(self.section(section))
    }

    /// The n-th text of a list of texts that begins at a section: see [`PackedBuilder::texts`].
    pub(crate) fn text(&self, section: usize, at: u32) -> &str {
        std::str::from_utf8(self.text_bytes(section, at)).unwrap_or_default()
    }

    fn text_bytes(&self, section: usize, at: u32) -> &[u8] {
        let ends = self.words(section);
        let start = at.checked_sub(1).map_or(Some(0), |before| ends.get(before as usize));
        let (Some(start), Some(end)) = (start, ends.get(at as usize)) else { return &[] };
        self.section(section + 1).get(start as usize..end as usize).unwrap_or_default()
    }

    /// Number of texts in a list of texts.
    pub(crate) fn text_count(&self, section: usize) -> u32 {
        u32::try_from(self.words(section).len()).unwrap_or(0)
    }

    /// The index of a text in a sorted list of texts.
    pub(crate) fn find_text(&self, section: usize, text: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.text_count(section));
        while low < high {
            let middle = u32::midpoint(low, high);
            match self.text_bytes(section, middle).cmp(text.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// A list of words.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a [u8]);

impl<'a> Words<'a> {
    pub(crate) fn len(self) -> usize {
        self.0.len() / 4
    }

    pub(crate) fn get(self, at: usize) -> Option<u32> {
        let start = at.checked_mul(4)?;
        self.0.get(start..start + 4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// The n-th row of a table of rows of `N` words.
    pub(crate) fn row<const N: usize>(self, at: usize) -> Option<[u32; N]> {
        let start = at.checked_mul(4 * N)?;
        let bytes = self.0.get(start..start + 4 * N)?;
        let mut out = [0; N];
        for (word, bytes) in out.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = bytes.try_into().map_or(0, u32::from_le_bytes);
        }
        Some(out)
    }

    /// All rows of a table of rows of `N` words.
    pub(crate) fn rows<const N: usize>(self) -> impl Iterator<Item = [u32; N]> + 'a {
        (0..self.len() / N).filter_map(move |it| self.row(it))
    }

    /// The index of the first row whose first words are not less than `key`, in a sorted table.
    pub(crate) fn lower_bound<const N: usize, const K: usize>(self, key: [u32; K]) -> usize {
        let (mut low, mut high) = (0, self.len() / N);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.row::<N>(middle).is_some_and(|it| it[..K] < key[..]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Packs sections.
#[derive(Default)]
pub(crate) struct PackedBuilder {
    sections: Vec<Vec<u8>>,
}

impl PackedBuilder {
    pub(crate) fn bytes(&mut self, bytes: Vec<u8>) -> &mut Self {
        self.sections.push(bytes);
        self
    }

    pub(crate) fn words(&mut self, words: impl IntoIterator<Item = u32>) -> &mut Self {
        self.bytes(words.into_iter().flat_map(u32::to_le_bytes).collect())
    }

    pub(crate) fn rows<const N: usize>(&mut self, rows: impl IntoIterator<Item = [u32; N]>) -> &mut Self {
        self.words(rows.into_iter().flatten())
    }

    /// Two sections: where each text ends, and all texts.
    pub(crate) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let (mut ends, mut all) = (Vec::new(), Vec::new());
        for text in texts {
            all.extend_from_slice(text.as_bytes());
            ends.push(index(all.len()));
        }
        self.words(ends).bytes(all)
    }

    pub(crate) fn finish(&self) -> Packed {
        let mut offset = 4 * (self.sections.len() + 1);
        let total = offset + self.sections.iter().map(Vec::len).sum::<usize>();
        let mut out = Vec::with_capacity(total);
        out.extend_from_slice(&index(offset).to_le_bytes());
        for section in &self.sections {
            offset += section.len();
            out.extend_from_slice(&index(offset).to_le_bytes());
        }
        for section in &self.sections {
            out.extend_from_slice(section);
        }
        Packed { bytes: out.into() }
    }
}

/// Gives texts ids in order of first use.
#[derive(Clone, Default)]
pub(crate) struct Texts<'a> {
    list: Vec<&'a str>,
    ids: FxHashMap<&'a str, u32>,
}

impl<'a> Texts<'a> {
    pub(crate) fn id(&mut self, text: &'a str) -> u32 {
        let list = &mut self.list;
        *self.ids.entry(text).or_insert_with(|| {
            list.push(text);
            index(list.len() - 1)
        })
    }

    /// Sorts the texts; returns for each former id the new one.
    pub(crate) fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<_> = (0..self.list.len()).collect();
        order.sort_unstable_by_key(|it| self.list[*it]);
        let mut new = vec![0; order.len()];
        for (at, old) in order.iter().enumerate() {
            new[*old] = index(at);
        }
        self.list.sort_unstable();
        new
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.list.iter().copied()
    }
}

pub(crate) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
