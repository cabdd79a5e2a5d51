//! The classes that no Python text defines: builtins, and those of CPython's compiled modules.
//!
//! The table was made by asking CPython 3.11 to 3.13 themselves.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TEXT: &str = include_str!("../../tables/extension_classes.txt");

#[derive(Default)]
struct Table {
    /// Full names by module and name.
    names: FxHashMap<(&'static str, &'static str), &'static str>,
    bases: FxHashMap<&'static str, Vec<&'static str>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for line in TEXT.lines() {
        let mut words = line.split(' ');
        if let (Some(module), Some(name), Some(class)) = (words.next(), words.next(), words.next()) {
            table.names.entry((module, name)).or_insert(class);
            table.bases.entry(class).or_insert_with(|| words.collect());
        }
    }
    table
});

/// The compiled classes of CPython 3.11 and 3.12 whose type is not `type`, with their types, which are derived from it. From
/// 3.13 on these have another base between.
const METACLASSES: [(&str, &str); 6] = [
    ("_ctypes.Array", "_ctypes.PyCArrayType"),
    ("_ctypes.CFuncPtr", "_ctypes.PyCFuncPtrType"),
    ("_ctypes.Structure", "_ctypes.PyCStructType"),
    ("_ctypes.Union", "_ctypes.UnionType"),
    ("_ctypes._Pointer", "_ctypes.PyCPointerType"),
    ("_ctypes._SimpleCData", "_ctypes.PyCSimpleType"),
];

/// The type of a compiled class.
pub(crate) fn extension_metaclass(class: &str) -> &'static str {
    METACLASSES.iter().find(|it| it.0 == class).map_or("builtins.type", |it| it.1)
}

/// The full name of the class that a compiled module, or `builtins`, has under a name.
pub fn canonical_class(module: &str, name: &str) -> Option<&'static str> {
    TABLE.names.get(&(module, name)).copied()
}

/// The bases of a compiled class, by full names; `builtins.object` has none.
pub fn extension_bases(class: &str) -> Option<&'static [&'static str]> {
    let is_metaclass = METACLASSES.iter().any(|it| it.1 == class);
    if is_metaclass { Some(&["builtins.type"]) } else { TABLE.bases.get(class).map(Vec::as_slice) }
}

#[cfg(test)]
mod tests {
    use super::{canonical_class, extension_bases};

    #[test]
    fn classes_have_their_real_names() {
        assert_eq!(canonical_class("builtins", "IOError"), Some("builtins.OSError"));
        assert_eq!(canonical_class("_collections", "deque"), Some("collections.deque"));
        assert_eq!(canonical_class("_collections", "nothing"), None);
        assert_eq!(extension_bases("_io.FileIO"), Some(["_io._RawIOBase"].as_slice()));
        assert_eq!(extension_bases("builtins.object"), Some([].as_slice()));
    }
}
