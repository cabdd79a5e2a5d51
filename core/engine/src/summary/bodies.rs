//! What is behind a file's names: structure, hashes and references of every definition.

use std::fmt::Write as _;

use super::interface::{Interface, ItemKind};
use super::packed::{NONE, Packed};

pub(super) const FLAGS: usize = 0;
pub(super) const NAMES: usize = 1;
/// Definitions that the interface does not have: kind and twin, name, parent.
pub(super) const INNER: usize = 3;
/// Per item, 64 bytes: own hash, structural hash, BLAKE3 at level `ast`.
pub(super) const HASHES: usize = 4;
/// Per item, where its references start; one more at the end.
pub(super) const STARTS: usize = 5;
/// References: kind and root, path.
pub(super) const REFERENCES: usize = 6;
/// Per path, where its names start; one more at the end.
pub(super) const PATH_STARTS: usize = 7;
pub(super) const PATHS: usize = 8;
/// Definitions in source order.
pub(super) const ORDER: usize = 9;
/// Classes and their bases: class, kind and root, path.
pub(super) const BASES: usize = 10;
/// Variables, and items that they depend on without a name.
pub(super) const BINDING_ITEMS: usize = 11;

pub(super) const PARTIAL: u32 = 1;
pub(super) const HASH_BYTES: usize = 64;
/// Set in a reference's root when that is an import and not a name.
pub(super) const IMPORT: u32 = 1 << 31;
/// Set in a reference's root when that is an item and not a name.
pub(super) const LOCAL: u32 = 1 << 30;

/// A definition or variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item<'a> {
    /// What it is.
    pub kind: ItemKind,
    /// Its own name.
    pub name: &'a str,
    /// The item that it is in; none for the module.
    pub parent: Option<u32>,
    /// 1, or 2, 3, ... for later items of the same name in the same place.
    pub twin: u32,
    /// Whether it is declared `global` where it stands, and so named as if it stood in the module.
    pub is_global: bool,
    /// Structural hash without nested definitions; of a variable, over the statements that bind it.
    pub own_hash: u128,
    /// Structural hash with nested definitions.
    pub structural_hash: u128,
    /// The hash at level `ast` of [`astkit_hash`]; zeros for a variable.
    pub ast_hash: &'a [u8; 32],
}

/// What a definition refers to, attributes of it apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reference<'a> {
    /// A name that no function around binds: the module's, a star import's, or a built-in one.
    Global(&'a str),
    /// An import in a function or class around: its number.
    Import(u32),
    /// A definition in a function or class around: its item.
    Local(u32),
}

/// What is behind a file's names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bodies {
    pub(super) packed: Packed,
}

impl Bodies {
    /// Whether some of the text could not be understood.
    pub fn is_partial(&self) -> bool {
        self.packed.words(FLAGS).get(0).unwrap_or(0) & PARTIAL != 0
    }

    /// Number of items, those of the interface included.
    pub fn len(&self) -> u32 {
        u32::try_from(self.packed.section(HASHES).len() / HASH_BYTES).unwrap_or(0)
    }

    /// Whether there is no item; there always is the module.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An item.
    pub fn item<'a>(&'a self, interface: &'a Interface, item: u32) -> Option<Item<'a>> {
        let hashes = self.hashes(item)?;
        let hash = |at: usize| hashes[at..at + 16].try_into().map_or(0, u128::from_le_bytes);
        let (kind, name, parent, twin, is_global) = if let Some(it) = interface.item(item) {
            (it.kind, it.name, it.parent, it.twin, it.is_global)
        } else {
            let row = item.checked_sub(interface.len())? as usize;
            let [kind, name, parent] = self.packed.words(INNER).row(row)?;
            let (kind, twin, is_global) = ItemKind::unpack(kind);
            (kind, self.packed.text(NAMES, name), (parent != NONE).then_some(parent), twin, is_global)
        };
        Some(Item {
            kind,
            name,
            parent,
            twin,
            is_global,
            own_hash: hash(0),
            structural_hash: hash(16),
            ast_hash: hashes[32..].try_into().ok()?,
        })
    }

    /// An item's own hash.
    pub fn own_hash(&self, item: u32) -> u128 {
        self.hashes(item).and_then(|it| it[..16].try_into().ok()).map_or(0, u128::from_le_bytes)
    }

    /// All definitions in source order; variables are left out.
    pub fn source_order(&self) -> impl Iterator<Item = u32> + '_ {
        self.packed.words(ORDER).rows::<1>().map(|[it]| it)
    }

    /// What an item refers to, each once, in the order of the tree; with the attributes that are asked of it.
    ///
    /// Long attribute chains are cut. Those of a lambda are told by what it is in.
    pub fn references(&self, item: u32) -> impl Iterator<Item = (Reference<'_>, Vec<&str>)> {
        self.reference_ids(item).map(|it| self.reference(it))
    }

    /// What an item refers to, as numbers that mean the same in all of the file: see [`reference`](Self::reference).
    pub(crate) fn reference_ids(&self, item: u32) -> impl Iterator<Item = [u32; 2]> {
        let starts = self.packed.words(STARTS);
        let start = starts.get(item as usize).unwrap_or(0) as usize;
        let end = starts.get(item as usize + 1).unwrap_or(0) as usize;
        let references = self.packed.words(REFERENCES);
        (start..end).map_while(move |it| references.row::<2>(it))
    }

    /// The bases of classes, as far as they are names with attributes: class and base, in source order.
    pub fn bases(&self) -> impl Iterator<Item = (u32, Reference<'_>, Vec<&str>)> {
        self.packed.words(BASES).rows::<3>().map(|[class, root, path]| {
            let (reference, path) = self.reference([root, path]);
            (class, reference, path)
        })
    }

    /// Variables, and items that bind them: functions by `global`; the module, where a statement binds many.
    pub fn binding_items(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.packed.words(BINDING_ITEMS).rows::<2>().map(|[variable, item]| (variable, item))
    }

    /// Python's `__qualname__` of an item, with `#2`, `#3`, ... for later twins.
    pub fn qualname(&self, interface: &Interface, item: u32) -> String {
        let mut inner = Vec::new();
        let mut next = item;
        while next >= interface.len() {
            let Some(it) = self.item(interface, next) else { break };
            inner.push(it);
            match it.parent {
                Some(_) if it.is_global => next = 0,
                Some(parent) if parent < next => next = parent,
                _ => break,
            }
        }
        let Some(outer) = interface.item(next) else { return String::new() };
        let mut out = if outer.kind == ItemKind::Module && !inner.is_empty() {
            String::new()
        } else {
            interface.qualname(next)
        };
        let mut around = outer.kind;
        for it in inner.iter().rev() {
            out.push_str(match around {
                ItemKind::Module => "",
                ItemKind::Class => ".",
                ItemKind::Function | ItemKind::AsyncFunction | ItemKind::Lambda | ItemKind::Variable => {
                    ".<locals>."
                }
            });
            out.push_str(it.name);
            if it.twin > 1 {
                let _ = write!(out, "#{}", it.twin);
            }
            around = it.kind;
        }
        out
    }

    /// What numbers of a reference mean.
    pub(crate) fn reference(&self, [root, path]: [u32; 2]) -> (Reference<'_>, Vec<&str>) {
        let reference = if root & IMPORT != 0 {
            Reference::Import(root & !IMPORT)
        } else if root & LOCAL != 0 {
            Reference::Local(root & !LOCAL)
        } else {
            Reference::Global(self.packed.text(NAMES, root))
        };
        let starts = self.packed.words(PATH_STARTS);
        let start = starts.get(path as usize).unwrap_or(0) as usize;
        let end = starts.get(path as usize + 1).unwrap_or(0) as usize;
        let names = (start..end).map_while(|it| self.packed.words(PATHS).get(it));
        (reference, names.map(|it| self.packed.text(NAMES, it)).collect())
    }

    fn hashes(&self, item: u32) -> Option<&[u8]> {
        let start = item as usize * HASH_BYTES;
        self.packed.section(HASHES).get(start..start + HASH_BYTES)
    }
}
