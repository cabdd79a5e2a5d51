//! File summaries: what the engine keeps of a file when its text and its tree are gone.
//!
//! A summary is a function of the content, the frontend and the Python version, and of nothing else: not of the
//! file's name, nor of other files. Equal files share one, and it is what the store keeps. It has three parts, each
//! in a piece of memory of its own, because different edits change them:
//!
//! - [`Interface`]: the module's and its classes' definitions by name, what binds which name, imports, `__all__`.
//!   Edits within functions leave it as it is.
//! - [`Bodies`]: structure, hashes and references of every definition. Comments and layout leave it as it is.
//! - [`Texts`]: places, hashes of the text, findings. Whatever is edited changes it.
//!
//! In both of the first, definitions and module-level variables are *items*: first those of the interface (the module
//! itself, definitions in source order, variables by name), then definitions within functions. So an item of the
//! interface keeps its number when a body changes.

mod all;
mod bodies;
mod extract;
mod interface;
mod packed;
mod references;
mod texts;

use astkit_ast::{FrontendId, Lowered, PythonVersion, SourceText};

pub use bodies::{Bodies, Item, Reference};
pub use interface::{Binder, DunderAll, Import, Interface, InterfaceItem, ItemKind};
pub use texts::{ItemText, StoredDiagnostic, Texts};

use crate::store::Record;
use packed::Packed;

/// Version of what is in a summary and of how it is laid out; part of every key.
const FORMAT: u32 = 3;

/// What the engine keeps of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileSummary {
    /// Names that others can see.
    pub interface: Interface,
    /// What is behind the names.
    pub bodies: Bodies,
    /// What is told to people.
    pub texts: Texts,
}

/// The name of a summary: a hash of everything that it is a function of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SummaryKey(pub [u8; 32]);

impl SummaryKey {
    /// The key for a content, given by its BLAKE3, and a [`fingerprint`](Self::fingerprint).
    pub fn new(content: &[u8; 32], fingerprint: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(content).update(fingerprint);
        Self(*hasher.finalize().as_bytes())
    }

    /// A hash of what summaries depend on besides the content.
    pub fn fingerprint(frontend: &FrontendId, python: PythonVersion) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let FrontendId { name, version } = frontend;
        for part in [&format!("astkit summary {FORMAT}"), &**name, &**version, &python.to_string()] {
            hasher.update(part.as_bytes()).update(&[0]);
        }
        *hasher.finalize().as_bytes()
    }
}

impl FileSummary {
    /// Sums a lowered file up.
    pub fn of(source: &SourceText, lowered: &Lowered, python: PythonVersion) -> Self {
        extract::extract(source, lowered, python)
    }

    /// What the store keeps.
    pub fn encode(&self) -> Record {
        let parts = [&self.interface.packed, &self.bodies.packed, &self.texts.packed];
        let mut out = Vec::new();
        for part in &parts[..2] {
            out.extend_from_slice(&packed::index(part.as_bytes().len()).to_le_bytes());
        }
        for part in parts {
            out.extend_from_slice(part.as_bytes());
        }
        out.into()
    }

    /// Reads what [`encode`](Self::encode) wrote; none if it can't be that.
    ///
    /// The summary shares the record's memory.
    pub fn decode(record: &Record) -> Option<Self> {
        let header = packed::Words(record);
        let interface = 8_usize.checked_add(header.get(0)? as usize)?;
        let bodies = interface.checked_add(header.get(1)? as usize)?;
        if bodies > record.len() {
            return None;
        }
        let part = |range| Packed::from_record(record.part(range));
        Some(Self {
            interface: Interface { packed: part(8..interface) },
            bodies: Bodies { packed: part(interface..bodies) },
            texts: Texts { packed: part(bodies..record.len()) },
        })
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        let parts = [&self.interface.packed, &self.bodies.packed, &self.texts.packed];
        parts.iter().map(|it| it.as_bytes().len()).sum()
    }

    /// Python's `__qualname__` of an item, with `#2`, `#3`, ... for later twins.
    pub fn qualname(&self, item: u32) -> String {
        self.bodies.qualname(&self.interface, item)
    }
}

#[cfg(test)]
mod tests;
