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
    table: HashTable<u32>,
}

impl NameInterner {
    pub(crate) fn intern(&mut self, name: &str) -> u32 {
        let (text, ends) = (&self.text, &self.ends);
        let get = |id: u32| {
            let start = if id == 0 { 0 } else { ends[id as usize - 1] as usize };
            &text[start..ends[id as usize] as usize]
        };
        let hash = hash(name);
        if let Some(id) = self.table.find(hash, |it| get(*it) == name) {
            return *id;
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(NONE);
        self.table.insert_unique(hash, id, |it| self::hash(get(*it)));
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(NONE));
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
