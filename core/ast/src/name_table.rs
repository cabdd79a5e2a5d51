//! The names of one file, each once.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

use crate::tree::NONE;

/// The distinct names of a tree, by id.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct NameTable {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl NameTable {
    /// The name with this id; none for [`NONE`].
    #[inline]
    pub(crate) fn get(&self, id: u32) -> Option<&str> {
        if id == NONE {
            return None;
        }
        let end = *self.ends.get(id as usize)? as usize;
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] as usize };
        self.text.get(start..end)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..u32::try_from(self.ends.len()).unwrap_or(0)).filter_map(|it| self.get(it))
    }

    pub(crate) fn heap_size(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<u32>()
    }
}

/// Collects names and gives each an id, in order of first use.
#[derive(Debug, Default)]
pub(crate) struct NameInterner {
    text: String,
    ends: Vec<u32>,
    /// Of each name, so that the table grows without looking at texts.
    hashes: Vec<u64>,
    table: HashTable<u32>,
}

impl NameInterner {
    /// An interner with room for so many names.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Self {
            text: String::with_capacity(names * 10),
            ends: Vec::with_capacity(names),
            hashes: Vec::with_capacity(names),
            table: HashTable::with_capacity(names),
        }
    }

    /// An interner whose names come after those of a table, of which it knows nothing but the number: a name of the
    /// table gets another id.
    pub(crate) fn behind(table: &NameTable) -> Self {
        let text = String::from(&*table.text);
        let (ends, hashes) = (table.ends.to_vec(), vec![0; table.ends.len()]);
        Self { text, ends, hashes, table: HashTable::new() }
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(crate) fn intern(&mut self, name: &str) -> u32 {
        let hash = hash(name);
        let (text, ends, hashes) = (&self.text, &self.ends, &self.hashes);
        let is_it = |id: &u32| {
            let at = *id as usize;
            let start = if at == 0 { 0 } else { ends[at - 1] as usize };
            hashes[at] == hash && text.as_bytes()[start..ends[at] as usize] == *name.as_bytes()
        };
        match self.table.find(hash, is_it) {
            Some(id) => *id,
            None => self.add(name, hash),
        }
    }

    /// Adds a name that is not looked for by its text.
    pub(crate) fn push(&mut self, name: &str) -> u32 {
        let id = u32::try_from(self.ends.len()).unwrap_or(NONE);
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(NONE));
        self.hashes.push(0);
        id
    }

    fn add(&mut self, name: &str, hash: u64) -> u32 {
        let id = self.push(name);
        self.hashes[id as usize] = hash;
        let hashes = &self.hashes;
        self.table.insert_unique(hash, id, |it| hashes[*it as usize]);
        id
    }

    pub(crate) fn finish(self) -> NameTable {
        NameTable { text: self.text.into_boxed_str(), ends: self.ends.into_boxed_slice() }
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}
