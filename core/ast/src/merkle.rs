//! Structural hashes of a tree's definitions, made when somebody asks for one.
//!
//! A node's hash is over its kind, its scalars, and the roles and hashes of its children. Names and constants count
//! by value, so ids do not matter. One pass over the arenas, backwards: children come before their parents, and nested
//! definitions before those around them.
//!
//! The mixing is multiplication of 64-bit words to 128 bits whose halves are folded together, as in wyhash, in two
//! lanes with keys of their own. It is no cryptographic hash: that is what `astkit hash` has.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

use crate::constant::Constant;
use crate::payload::{KindFacts, Payload, Word, kind_facts};
use crate::tree::{DefData, LINK, NONE, NodeData, Tree};

/// Version of the structural hash's encoding: part of its seed.
const ENCODING: u64 = 2;

/// Keys of the lanes: digits of the fractional part of π.
const KEYS: [u64; 5] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
];

/// The hash of trees that have none.
pub(crate) const UNHASHED: u128 = 0;

/// A hash, or the state of one.
#[derive(Clone, Copy)]
struct Mix {
    low: u64,
    high: u64,
}

impl Mix {
    fn of(value: u128) -> Self {
        let [low, high] = halves(value);
        Self { low, high }
    }

    /// Takes 128 bits in.
    #[inline]
    fn absorb(&mut self, low: u64, high: u64) {
        let (a, b) = (self.low ^ low, self.high ^ high);
        self.low = fold(a.wrapping_add(KEYS[0]), b ^ KEYS[1]);
        self.high = fold(b.wrapping_add(KEYS[2]), a ^ KEYS[3]);
    }

    /// Takes in what a child of a role counts for.
    #[inline]
    fn put(&mut self, child: Self, role: u8) {
        // Spread over all of a word.
        let role = u64::from(role).wrapping_mul(KEYS[4]);
        self.absorb(child.low.wrapping_add(role), child.high);
    }

    fn value(self) -> u128 {
        u128::from(self.high) << 64 | u128::from(self.low)
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let [low, high] = halves(u128::from(a) * u128::from(b));
    low ^ high
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
#[inline]
fn halves(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

/// The structural hashes of a tree.
#[derive(Clone, Debug)]
pub(crate) struct TreeHashes {
    /// Per definition.
    pub(crate) defs: Box<[DefHashes]>,
    /// Per child of the root: its own hash.
    pub(crate) statements: Box<[u128]>,
}

/// The hashes of a definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefHashes {
    /// Over all of it.
    pub(crate) whole: u128,
    /// The same, but of nested definitions only the scalars count.
    pub(crate) own: u128,
}

impl TreeHashes {
    /// Of a tree that has none: no hash is one of these.
    pub(crate) fn none() -> Self {
        let none = DefHashes { whole: UNHASHED, own: UNHASHED };
        Self { defs: Box::new([none]), statements: Box::default() }
    }

    pub(crate) fn heap_size(&self) -> usize {
        size_of_val(&*self.defs) + size_of_val(&*self.statements)
    }

    /// Hashes a tree. Cost: linear.
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut walk = Walk {
            tree,
            facts: kind_facts(tree.schema),
            hasher: Hasher::new(tree),
            hashes: vec![Mix { low: 0, high: 0 }; tree.nodes.len()],
            own_hashes: FxHashMap::default(),
        };
        let mut defs: Vec<DefHashes> = tree.defs.iter().rev().map(|it| walk.definition(it)).collect();
        defs.reverse();
        let statements = tree.defs.first().map(|it| walk.children(it.start)).into_iter().flatten();
        let statements = statements.map(|it| walk.own(it).value()).collect();
        Self { defs: defs.into_boxed_slice(), statements }
    }
}

/// What the values of scalars count for.
struct Hasher<'a> {
    seed: Mix,
    names: Vec<Mix>,
    constants: Vec<Mix>,
    words: &'a [u32],
}

impl<'a> Hasher<'a> {
    fn new(tree: &'a Tree) -> Self {
        let schema = tree.schema.name.as_bytes();
        Self {
            seed: Mix::of(xxh3_128_with_seed(schema, xxh3_64(&ENCODING.to_le_bytes()))),
            names: tree.names.iter().map(|it| Mix::of(xxh3_128(it.as_bytes()))).collect(),
            constants: tree.constants.iter().map(hash_constant).collect(),
            words: &tree.words,
        }
    }

    /// Everything of a node but its children.
    #[inline]
    fn scalars(&self, facts: &KindFacts, node: &NodeData) -> Mix {
        let mut mix = self.seed;
        let head = u64::from(node.kind) << 8 | u64::from(node.flag);
        match &facts.payload {
            Payload::Nothing => mix.absorb(head, 0),
            Payload::Word(word) => {
                let value = self.word(*word, node.aux);
                mix.absorb(value.low.wrapping_add(head.wrapping_mul(KEYS[4])), value.high);
            }
            Payload::Record(singles, list) => {
                mix.absorb(head, 1);
                self.record(singles, *list, node.aux, &mut mix);
            }
        }
        mix
    }

    fn record(&self, singles: &[Word], list: Option<Word>, aux: u32, mix: &mut Mix) {
        let mut record = self.words.get(aux as usize..).unwrap_or_default().iter().copied();
        for (word, value) in singles.iter().zip(&mut record) {
            let value = self.word(*word, value);
            mix.absorb(value.low, value.high);
        }
        if let (Some(word), Some(len)) = (list, record.next()) {
            mix.absorb(u64::from(len), 0);
            for value in record.take(len as usize) {
                let value = self.word(word, value);
                mix.absorb(value.low, value.high);
            }
        }
    }

    #[inline]
    fn word(&self, word: Word, value: u32) -> Mix {
        let hash = match word {
            Word::Plain => return Mix { low: u64::from(value), high: 0 },
            Word::Name => self.names.get(value as usize),
            Word::Constant => self.constants.get(value as usize),
        };
        hash.copied().unwrap_or(Mix { low: u64::from(NONE), high: 1 })
    }
}

/// The state of the pass.
struct Walk<'a> {
    tree: &'a Tree,
    facts: &'static [KindFacts],
    hasher: Hasher<'a>,
    /// Per node that was passed.
    hashes: Vec<Mix>,
    /// Of links, and of nodes that have some below: what they count for in the own hash of the code around.
    own_hashes: FxHashMap<u32, Mix>,
}

impl<'a> Walk<'a> {
    /// Hashes the nodes of a definition, those of nested ones being hashed already.
    fn definition(&mut self, def: &DefData) -> DefHashes {
        // The first link behind the node at hand.
        let mut link = NONE;
        for at in (def.start..def.start + def.len).rev() {
            let node = &self.tree.nodes[at as usize];
            if node.kind & LINK == 0 {
                self.node(at, node, link < at + node.size);
            } else {
                link = at;
                let root = self.tree.defs[node.aux as usize].start;
                let mut stub = self.scalars(&self.tree.nodes[root as usize]);
                stub.absorb(self.hasher.seed.high, self.hasher.seed.low);
                self.own_hashes.insert(at, stub);
                self.hashes[at as usize] = self.hashes[root as usize];
            }
        }
        DefHashes { whole: self.hashes[def.start as usize].value(), own: self.own(def.start).value() }
    }

    fn node(&mut self, at: u32, node: &NodeData, has_links: bool) {
        let scalars = self.scalars(node);
        let mut hash = scalars;
        for child in self.children(at) {
            hash.put(self.hashes[child as usize], self.role(child));
        }
        self.hashes[at as usize] = hash;
        if has_links {
            let mut own = scalars;
            for child in self.children(at) {
                own.put(self.own(child), self.role(child));
            }
            self.own_hashes.insert(at, own);
        }
    }

    #[inline]
    fn scalars(&self, node: &NodeData) -> Mix {
        let facts = self.facts.get(usize::from(node.kind)).unwrap_or(&KindFacts::UNKNOWN);
        self.hasher.scalars(facts, node)
    }

    /// The places of a node's children.
    #[inline]
    fn children(&self, at: u32) -> impl Iterator<Item = u32> + use<'a> {
        let nodes = &self.tree.nodes;
        let (mut next, end) = (at + 1, at + nodes[at as usize].size);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next += nodes[child as usize].size;
            Some(child)
        })
    }

    #[inline]
    fn role(&self, at: u32) -> u8 {
        self.tree.nodes[at as usize].role
    }

    /// What a node counts for in the own hash of the code around.
    fn own(&self, at: u32) -> Mix {
        self.own_hashes.get(&at).copied().unwrap_or(self.hashes[at as usize])
    }
}

/// The hash of a constant's value.
fn hash_constant(constant: &Constant) -> Mix {
    let (tag, mut mix) = constant.with_bytes(|tag, bytes| (tag, Mix::of(xxh3_128(bytes))));
    mix.absorb(tag, 0);
    mix
}

#[cfg(test)]
mod tests;
