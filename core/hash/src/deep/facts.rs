//! What following names looks at, so that it is known whose names have to be followed again.
//!
//! A *fact* is what one look found: what a name of a file means, which modules it imports `*` of, what a member or the
//! bases of a class are, where a module is. A look that finds nothing is a fact, too. Facts are known by 64-bit hashes
//! of what was asked; what a file depends on is kept as the upper halves, because two questions that look alike make
//! work and never a wrong answer. What a file *offers* is kept as pairs of a question and its answer. Answers name
//! definitions by their nodes, which outlive edits, so a definition that only moves changes no fact.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::form::{Binding, FileForms};
use crate::normal::Root;

use super::places::FileNodes;

/// What can be asked.
pub(super) enum Fact<'a> {
    /// What a name of a file means.
    Name(u32, &'a str),
    /// The star imports of a file.
    Stars(u32),
    /// A member of the class that is a node.
    Member(u32, &'a str),
    /// The bases of the class that is a node; nothing if it is none.
    Bases(u32),
    /// Where a module is, for a group.
    Module(u32, &'a str),
}

impl Fact<'_> {
    /// What was asked, as a number.
    pub(super) fn key(&self) -> u64 {
        let (kind, scope, name) = match *self {
            Fact::Name(file, name) => (1, file, name),
            Fact::Stars(file) => (2, file, ""),
            Fact::Member(class, name) => (3, class, name),
            Fact::Bases(class) => (4, class, ""),
            Fact::Module(group, name) => (5, group, name),
        };
        xxh3_64_with_seed(name.as_bytes(), (u64::from(scope) << 8) | kind)
    }
}

/// What of a key is kept by those who asked.
pub(super) fn short(key: u64) -> u32 {
    u32::try_from(key >> 32).unwrap_or(0)
}

/// What was asked while a file's names were followed.
#[derive(Default)]
pub(super) struct Asked {
    /// The file: what it asks of itself is not noted, because a change of it shows anyway.
    pub(super) own: u32,
    /// Whether anything is noted.
    pub(super) is_noted: bool,
    keys: FxHashSet<u32>,
}

impl Asked {
    /// Notes a question about a file.
    pub(super) fn add(&mut self, file: u32, fact: &Fact<'_>) {
        if self.is_noted && file != self.own {
            self.keys.insert(short(fact.key()));
        }
    }

    /// Takes what was asked, sorted.
    pub(super) fn take(&mut self) -> Vec<u32> {
        let mut keys: Vec<u32> = self.keys.drain().collect();
        keys.sort_unstable();
        keys
    }
}

/// What a file offers: questions and answers, sorted.
pub(super) type Offers = Vec<(u64, u64)>;

const DEFINITION: u64 = 1 << 32;
const VARIABLE: u64 = 2 << 32;
const OTHER: u64 = 1 << 63;

/// The answer that is a definition's node.
fn definition(node: u32) -> u64 {
    DEFINITION | u64::from(node)
}

/// What a file offers to those who follow names into it.
pub(super) fn offers(file: u32, forms: &FileForms, nodes: &FileNodes) -> Offers {
    let mut out = Offers::new();
    for (at, (name, binding)) in forms.names.iter().enumerate() {
        let answer = match binding {
            Binding::Definition(number) => definition(nodes.definition(*number)),
            Binding::Variable(_) => VARIABLE | u64::from(nodes.name(at)),
            Binding::Import(root) => root_answer(root),
        };
        out.push((Fact::Name(file, name).key(), answer));
    }
    if !forms.stars.is_empty() {
        let mut bytes = Vec::new();
        for (level, module) in &forms.stars {
            text(&mut bytes, *level, module);
        }
        out.push((Fact::Stars(file).key(), xxh3_64(&bytes) | OTHER));
    }
    for class in &forms.classes {
        let node = nodes.definition(class.definition);
        let mut bytes = Vec::new();
        for (root, path) in &class.bases {
            let answer = forms.roots.get(*root as usize).map_or(0, root_answer);
            bytes.extend(answer.to_le_bytes());
            bytes.extend((path.len() as u64).to_le_bytes());
            for it in path {
                text(&mut bytes, 0, it);
            }
        }
        out.push((Fact::Bases(node).key(), xxh3_64(&bytes) | OTHER));
        for (name, member) in &class.members {
            out.push((Fact::Member(node, name).key(), definition(nodes.definition(*member))));
        }
    }
    out.sort_unstable();
    out
}

fn root_answer(root: &Root) -> u64 {
    let mut bytes = Vec::new();
    match root {
        Root::Global(name) => text(&mut bytes, 0, name),
        Root::Module { module } => text(&mut bytes, 1, module),
        Root::From { level, module, name } => {
            text(&mut bytes, 2, module);
            text(&mut bytes, *level, name);
        }
    }
    xxh3_64(&bytes) | OTHER
}

fn text(bytes: &mut Vec<u8>, number: u32, text: &str) {
    bytes.extend(number.to_le_bytes());
    bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// The questions to which two versions of a file give different answers, as they are kept.
pub(super) fn changed(old: &[(u64, u64)], new: &[(u64, u64)], out: &mut FxHashSet<u32>) {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (Some(one), Some(two)) if one == two => {
                old.next();
                new.next();
            }
            (Some(one), Some(two)) if one < two => {
                out.insert(short(one.0));
                old.next();
            }
            (_, Some(two)) => {
                out.insert(short(two.0));
                new.next();
            }
            (Some(one), None) => {
                out.insert(short(one.0));
                old.next();
            }
            (None, None) => return,
        }
    }
}

/// The nodes that a file's definitions and variables had before, by what they are called.
pub(super) struct OldNodes<'o> {
    offers: &'o [(u64, u64)],
    /// How many nodes there are.
    nodes: u32,
    /// Nodes that were given again.
    taken: FxHashSet<u32>,
}

impl<'o> OldNodes<'o> {
    /// Of what the file offered before.
    pub(super) fn new(offers: &'o [(u64, u64)], nodes: u32) -> Self {
        Self { offers, nodes, taken: FxHashSet::default() }
    }

    /// Takes the node that a definition had.
    pub(super) fn take_definition(&mut self, fact: &Fact<'_>) -> Option<u32> {
        self.take(fact, DEFINITION)
    }

    /// Takes the node that a variable had.
    pub(super) fn take_variable(&mut self, fact: &Fact<'_>) -> Option<u32> {
        self.take(fact, VARIABLE)
    }

    fn take(&mut self, fact: &Fact<'_>, kind: u64) -> Option<u32> {
        if self.offers.is_empty() {
            return None;
        }
        let key = fact.key();
        let at = self.offers.binary_search_by_key(&key, |it| it.0).ok()?;
        let node = u32::try_from(self.offers[at].1 ^ kind).ok().filter(|it| *it < self.nodes)?;
        self.taken.insert(node).then_some(node)
    }

    /// Whether a node was given again.
    pub(super) fn has_taken(&self, node: u32) -> bool {
        self.taken.contains(&node)
    }

    /// Says that a node is taken.
    pub(super) fn is_taken(&mut self, node: u32) {
        self.taken.insert(node);
    }

    /// Takes a node that nobody took yet.
    pub(super) fn take_any(&mut self, of: &mut impl Iterator<Item = u32>) -> Option<u32> {
        of.find(|it| self.taken.insert(*it))
    }
}
