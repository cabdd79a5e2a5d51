//! Where modules were found, or not: a table that is searched where it lies.

use rustc_hash::FxHashMap;

use super::ModuleTarget;
use super::column::{Column, Fixed as _};
use super::places::{Part, count};

/// Modules by group and name.
#[derive(Clone, Debug, Default)]
pub(super) struct ModuleTable {
    /// Where each entry begins, sorted by what they are entries of; at last where they end.
    pub(super) starts: Column<u32>,
    pub(super) bytes: Column<u8>,
    /// What is not there, or not as it is there.
    pub(super) new: FxHashMap<(u32, Box<str>), ModuleTarget>,
}

impl ModuleTable {
    pub(super) fn get(&self, group: u32, name: &str) -> Option<ModuleTarget> {
        if let Some(known) = self.new.get(&(group, Box::from(name))) {
            return Some(known.clone());
        }
        let (mut low, mut high) = (0, self.entries());
        while low < high {
            let middle = u32::midpoint(low, high);
            let entry = self.entry(middle);
            let (key, rest) = decode_key(&entry)?;
            match key.cmp(&(group, name)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return decode_target(rest),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    pub(super) fn insert(&mut self, key: (u32, Box<str>), target: ModuleTarget) {
        self.new.insert(key, target);
    }

    /// Those that are found elsewhere now.
    pub(super) fn moved(&self, find: &dyn Fn(u32, &str) -> ModuleTarget) -> Vec<(u32, Box<str>)> {
        let moved = self.new.iter().filter(|(key, target)| find(key.0, &key.1) != **target);
        let mut out: Vec<(u32, Box<str>)> = moved.map(|it| it.0.clone()).collect();
        for at in 0..self.entries() {
            let entry = self.entry(at);
            let Some(((group, name), rest)) = decode_key(&entry) else { continue };
            if !self.is_new(group, name) && decode_target(rest).is_some_and(|it| find(group, name) != it) {
                out.push((group, name.into()));
            }
        }
        out
    }

    fn is_new(&self, group: u32, name: &str) -> bool {
        !self.new.is_empty() && self.new.contains_key(&(group, Box::from(name)))
    }

    /// Takes all into memory, and keeps those that are wanted.
    pub(super) fn rebuild(&mut self, is_wanted: impl Fn(u32, &str) -> bool) {
        for at in 0..self.entries() {
            let entry = self.entry(at);
            let Some(((group, name), rest)) = decode_key(&entry) else { continue };
            if let Some(target) = decode_target(rest).filter(|_| !self.is_new(group, name)) {
                let name = Box::from(name);
                drop(entry);
                self.new.insert((group, name), target);
            }
        }
        (self.starts, self.bytes) = (Column::default(), Column::default());
        self.new.retain(|(group, name), _| is_wanted(*group, name));
    }

    fn entries(&self) -> u32 {
        self.starts.len().saturating_sub(1)
    }

    fn entry(&self, at: u32) -> std::borrow::Cow<'_, [u8]> {
        let start = self.starts.get(at);
        self.bytes.part(Part { start, len: self.starts.get(at + 1).saturating_sub(start) })
    }

    /// What is new, sorted, as [`starts`](Self::starts) and [`bytes`](Self::bytes).
    pub(super) fn encode_new(&self) -> (Vec<u32>, Vec<u8>) {
        let mut all: Vec<_> = self.new.iter().collect();
        all.sort_unstable_by_key(|it| it.0);
        let (mut starts, mut bytes) = (vec![0], Vec::new());
        for ((group, name), target) in all {
            group.write(&mut bytes);
            count(name.len()).write(&mut bytes);
            bytes.extend(name.as_bytes());
            match target {
                ModuleTarget::File(file) => {
                    bytes.push(0);
                    file.write(&mut bytes);
                }
                ModuleTarget::Outside(distribution) => {
                    bytes.push(1);
                    bytes.extend(distribution.as_bytes());
                }
                ModuleTarget::Missing => bytes.push(2),
            }
            starts.push(count(bytes.len()));
        }
        (starts, bytes)
    }

    /// Takes over what [`encode_new`](Self::encode_new) gave.
    pub(super) fn decode_new(&mut self, starts: &[u32], bytes: &[u8]) -> Option<()> {
        for ends in starts.windows(2) {
            let ((group, name), rest) = decode_key(bytes.get(ends[0] as usize..ends[1] as usize)?)?;
            self.new.insert((group, name.into()), decode_target(rest)?);
        }
        Some(())
    }
}

fn decode_key(entry: &[u8]) -> Option<((u32, &str), &[u8])> {
    let (group, rest) = entry.split_first_chunk()?;
    let (len, rest) = rest.split_first_chunk()?;
    let (name, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    Some(((u32::from_le_bytes(*group), std::str::from_utf8(name).ok()?), rest))
}

fn decode_target(bytes: &[u8]) -> Option<ModuleTarget> {
    let (kind, rest) = bytes.split_first()?;
    Some(match kind {
        0 => ModuleTarget::File(u32::from_le_bytes(*rest.first_chunk()?)),
        1 => ModuleTarget::Outside(std::str::from_utf8(rest).ok()?.into()),
        2 => ModuleTarget::Missing,
        _ => return None,
    })
}
