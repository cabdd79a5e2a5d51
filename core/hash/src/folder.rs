//! Hashes of folders: over the names and hashes of what is in them.

use crate::{Hash, Level, SCHEME};

/// A file or folder in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// Its name, without the folder's, in the bytes of the system.
    pub name: Vec<u8>,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Its hash.
    pub hash: Hash,
}

/// The hash of a folder.
///
/// BLAKE3 over `astkit:folder:LEVEL:SCHEME`, a zero byte, and for each entry, sorted by the bytes of its name: one
/// byte, `F` for a file and `D` for a folder; the length of the name as 4 bytes, little-endian; the name; the 32
/// bytes of the hash. Folders without files are no entries.
pub fn folder_hash(level: Level, mut entries: Vec<Entry>) -> Hash {
    entries.sort();
    let mut bytes = Vec::new();
    for entry in &entries {
        bytes.push(if entry.is_folder { b'D' } else { b'F' });
        bytes.extend(u32::try_from(entry.name.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(&entry.name);
        bytes.extend(entry.hash.as_bytes());
    }
    Hash::of(&format!("astkit:folder:{level}:{SCHEME}"), &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_entries_does_not_matter_and_names_do() {
        let entry = |name: &str, is_folder| Entry {
            name: name.into(),
            is_folder,
            hash: Hash::of("test", name.as_bytes()),
        };
        let (a, b) = (entry("a", false), entry("b", true));
        let hash = folder_hash(Level::Ast, vec![a.clone(), b.clone()]);
        assert_eq!(hash, folder_hash(Level::Ast, vec![b.clone(), a.clone()]));
        assert_ne!(hash, folder_hash(Level::Exact, vec![a.clone(), b.clone()]));
        assert_ne!(
            hash,
            folder_hash(Level::Ast, vec![Entry { name: b"c".to_vec(), ..a.clone() }, b.clone()])
        );
        assert_ne!(hash, folder_hash(Level::Ast, vec![Entry { is_folder: true, ..a }, b]));
    }
}
