//! Single definitions, for analyses that are asked for one by one.
//!
//! A definition's identity is its file and its qualified name. What changes with edits are tracked fields, so an
//! analysis that reads a definition's tree runs again when that tree has changed, and not because a neighbor has.

use xxhash_rust::xxh3::xxh3_128;

use crate::db::Db;
use crate::inputs::File;
use crate::queries::files::{file_bodies, file_interface};
use crate::summary::ItemKind;

#[salsa::tracked(debug)]
pub(crate) struct Definition<'db> {
    #[returns(copy)]
    pub(crate) file: File,
    /// Hash of its qualified name.
    #[returns(copy)]
    pub(crate) path: u128,
    /// Its number in the file.
    #[tracked]
    #[returns(copy)]
    pub(crate) item: u32,
    #[tracked]
    #[returns(copy)]
    pub(crate) kind: ItemKind,
    /// Structural hash without nested definitions.
    #[tracked]
    #[returns(copy)]
    pub(crate) own: u128,
    /// Structural hash with nested definitions.
    #[tracked]
    #[returns(copy)]
    pub(crate) structure: u128,
}

/// The definitions of a file by item, variables included.
#[salsa::tracked(returns(ref))]
pub(crate) fn file_definitions(db: &dyn Db, file: File) -> Vec<Definition<'_>> {
    let (interface, bodies) = (file_interface(db, file), file_bodies(db, file));
    let mut out = Vec::with_capacity(bodies.len() as usize);
    for item in 0..bodies.len() {
        let Some(it) = bodies.item(interface, item) else { continue };
        let path = xxh3_128(bodies.qualname(interface, item).as_bytes());
        // A variable and a definition may have one name; the kind keeps them apart, but not class and function.
        let path = path ^ u128::from(it.kind == ItemKind::Variable);
        out.push(Definition::new(db, file, path, item, it.kind, it.own_hash, it.structural_hash));
    }
    out
}
