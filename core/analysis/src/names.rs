//! The names that the analyses of one module speak of: those of its tree, and those that only Python's rules know.
//!
//! A tree gives its names ids, but has none for `_C__x` (what `__x` means in a class `C`), `a` of `import a.b`,
//! or the compiler's `.0`. Here all of them have ids, in order of first use, and equal names have equal ids.

use std::hash::Hasher;

use astkit_ast::Node;
use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// A name of the module. Valid for one result of [`scopes`](crate::scopes()).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NameId(pub u32);

/// Names by id, and ids by name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.ends == other.ends
    }
}

impl Eq for Names {}

impl Names {
    /// The text of a name.
    pub fn text(&self, name: NameId) -> &str {
        let at = name.0 as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// The id of a name that occurs in the module.
    pub fn find(&self, name: &str) -> Option<NameId> {
        let equal = |it: &u32| self.text(NameId(*it)) == name;
        self.table.find(hash(name), equal).map(|it| NameId(*it))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.find(name) {
            return id;
        }
        let id = index(self.ends.len());
        self.text.push_str(name);
        self.ends.push(index(self.text.len()));
        let (text, ends) = (&self.text, &self.ends);
        let rehash = |it: &u32| {
            let at = *it as usize;
            let start = if at == 0 { 0 } else { ends[at - 1] as usize };
            hash(&text[start..ends[at] as usize])
        };
        self.table.insert_unique(hash(name), id, rehash);
        NameId(id)
    }
}

/// Collects names; remembers which of the tree's words it has seen, so that each name is hashed once.
#[derive(Debug, Default)]
pub(crate) struct NameInterner {
    names: Names,
    of_word: Vec<Option<NameId>>,
    scratch: String,
}

impl NameInterner {
    /// The name that a word of `node`'s tree stands for.
    pub(crate) fn of_word(&mut self, node: Node<'_>, word: u32) -> Option<NameId> {
        let text = node.name_of(word)?;
        let at = word as usize;
        if self.of_word.len() <= at {
            self.of_word.resize(at + 1, None);
        }
        if self.of_word[at].is_none() {
            self.of_word[at] = Some(self.names.intern(text));
        }
        self.of_word[at]
    }

    pub(crate) fn intern(&mut self, name: &str) -> NameId {
        self.names.intern(name)
    }

    pub(crate) fn text(&self, name: NameId) -> &str {
        self.names.text(name)
    }

    /// What a name is called in the code of a class whose name, less its leading underscores, is `class`.
    pub(crate) fn mangled(&mut self, name: NameId, class: NameId) -> NameId {
        if !self.names.text(name).starts_with("__") {
            return name;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let mangled = mangle(self.names.text(class), self.names.text(name), &mut scratch);
        let id = if mangled { self.names.intern(&scratch) } else { name };
        self.scratch = scratch;
        id
    }

    pub(crate) fn finish(self) -> Names {
        self.names
    }
}

/// Writes what `name` is called within a class of name `class`, if that is another name.
///
/// Source: Python's reference, "Private name mangling".
fn mangle(class: &str, name: &str, out: &mut String) -> bool {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return false;
    }
    out.push('_');
    out.push_str(class);
    out.push_str(name);
    true
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

pub(crate) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{NameInterner, mangle};

    #[test]
    fn private_names_are_mangled() {
        let mangled = |class: &str, name: &str| {
            let mut out = String::new();
            mangle(class, name, &mut out).then_some(out)
        };
        assert_eq!(mangled("C", "__x").as_deref(), Some("_C__x"));
        assert_eq!(mangled("__C", "__x").as_deref(), Some("_C__x"));
        assert_eq!(mangled("C", "__x__"), None);
        assert_eq!(mangled("C", "_x"), None);
        assert_eq!(mangled("__", "__x"), None);
    }

    #[test]
    fn equal_names_have_equal_ids() {
        let mut names = NameInterner::default();
        let (x, class) = (names.intern("__x"), names.intern("C"));
        let mangled = names.mangled(x, class);
        assert_eq!(names.intern("_C__x"), mangled);
        assert_eq!(names.finish().text(mangled), "_C__x");
    }
}
