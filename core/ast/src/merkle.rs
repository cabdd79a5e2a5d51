//! Structural hashes of all nodes, in one pass over the builder's postorder.
//!
//! A node's hash is over its kind, its scalars, and the roles and hashes of its children. Names and constants count
//! by value, so ids do not matter. The pass keeps a stack of the subtrees that have no parent yet: what a node needs
//! of its children is on top of it.
//!
//! The mixing is multiplication of 64-bit words to 128 bits whose halves are folded together, as in wyhash, in two
//! lanes with keys of their own. It is no cryptographic hash: that is what `astkit hash` has.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

use crate::builder::PlacedNode;
use crate::constant::Constant;
use crate::name_table::NameTable;
use crate::payload::{KindFacts, Payload, Word};
use crate::tree::{NONE, NodeData};

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

/// A hash, or the state of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

/// What one pass over the postorder finds out.
pub(crate) struct Measured {
    /// Per node: how many nodes of its own definition's arena its subtree takes. A nested definition takes one.
    pub(crate) own_sizes: Vec<u32>,
    /// The definitions, in postorder; the root is the last.
    pub(crate) defs: Vec<MeasuredDef>,
    /// The own hashes of the root's children.
    pub(crate) statements: Vec<u128>,
}

/// A definition, as found in the postorder.
pub(crate) struct MeasuredDef {
    /// Index of its node.
    pub(crate) root: u32,
    /// Number of its own nodes.
    pub(crate) len: u32,
    /// Where its text begins, decorators included.
    pub(crate) start: u32,
    /// Structural hash.
    pub(crate) hash: u128,
    /// The same, but of nested definitions only the scalars count.
    pub(crate) own_hash: u128,
}

/// A subtree that has no parent yet.
#[derive(Clone, Copy)]
struct Subtree {
    hash: Mix,
    /// Number of its nodes.
    size: u32,
    /// How many of them are in its parent's arena.
    own_size: u32,
    /// Where the text of these begins.
    start: u32,
    role: u8,
    /// Whether it is a definition, or has one in it. If so, what it counts for in its parent's own hash is apart.
    has_def: bool,
}

/// The stack of subtrees that have no parent yet.
struct Open {
    subtrees: Vec<Subtree>,
    /// Of those that have a definition: what they count for in the own hash of the code around.
    own_hashes: Vec<Mix>,
}

/// What the values of scalars count for.
pub(crate) struct Hasher<'a> {
    seed: Mix,
    names: Vec<Mix>,
    constants: Vec<Mix>,
    words: &'a [u32],
}

impl<'a> Hasher<'a> {
    pub(crate) fn new(schema: &str, names: &NameTable, constants: &[Constant], words: &'a [u32]) -> Self {
        Self {
            seed: Mix::of(xxh3_128_with_seed(schema.as_bytes(), xxh3_64(&ENCODING.to_le_bytes()))),
            names: names.iter().map(|it| Mix::of(xxh3_128(it.as_bytes()))).collect(),
            constants: constants.iter().map(hash_constant).collect(),
            words,
        }
    }

    /// Hashes and measures every subtree.
    pub(crate) fn measure(&self, facts: &[KindFacts], nodes: &[PlacedNode]) -> Measured {
        let mut own_sizes = Vec::with_capacity(nodes.len());
        let (mut defs, mut statements) = (Vec::new(), Vec::new());
        let mut open = Open { subtrees: Vec::with_capacity(64), own_hashes: Vec::new() };
        for (at, node) in (0..).zip(nodes) {
            let facts = facts.get(usize::from(node.data.kind)).unwrap_or(&KindFacts::UNKNOWN);
            let scalars = self.scalars(facts, &node.data);
            let is_root = at as usize + 1 == nodes.len();
            if node.data.size == 1 && !facts.is_def && !is_root {
                own_sizes.push(1);
                open.subtrees.push(leaf(scalars, node));
                continue;
            }
            if is_root {
                statements = open.own_hashes_of_all();
            }
            let (mut subtree, own_hash) = open.close(scalars, node);
            own_sizes.push(subtree.own_size);
            if facts.is_def || is_root {
                let (hash, own_hash) = (subtree.hash.value(), own_hash.unwrap_or(subtree.hash).value());
                let (len, start) = (subtree.own_size, subtree.start);
                defs.push(MeasuredDef { root: at, len, start, hash, own_hash });
                // In the arena around, a link stands for it.
                open.own_hashes.push(self.stub(scalars));
                subtree = Subtree { own_size: 1, start: node.span.start, has_def: true, ..subtree };
            } else {
                open.own_hashes.extend(own_hash);
            }
            open.subtrees.push(subtree);
        }
        Measured { own_sizes, defs, statements }
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

    /// What a nested definition with these scalars counts for in the hash of the code around it.
    fn stub(&self, mut scalars: Mix) -> Mix {
        scalars.absorb(self.seed.high, self.seed.low);
        scalars
    }
}

#[inline]
fn leaf(hash: Mix, node: &PlacedNode) -> Subtree {
    Subtree { hash, size: 1, own_size: 1, start: node.span.start, role: node.data.role, has_def: false }
}

impl Open {
    /// Takes the children of a node from the stack and puts the node over them; also returns its own hash, if that
    /// is another one.
    #[inline]
    fn close(&mut self, scalars: Mix, node: &PlacedNode) -> (Subtree, Option<Mix>) {
        let mut out = Subtree { size: node.data.size, ..leaf(scalars, node) };
        let first = self.first_child(node.data.size);
        let mut defs = 0;
        for child in &self.subtrees[first..] {
            out.hash.absorb(child.hash.low.wrapping_add(role_key(child.role)), child.hash.high);
            out.own_size += child.own_size;
            out.start = out.start.min(child.start);
            defs += usize::from(child.has_def);
        }
        // Most nodes have no definition in them, and need no second look.
        let own_hash = (defs > 0).then(|| self.own_hash(scalars, first, defs));
        out.has_def = defs > 0;
        self.subtrees.truncate(first);
        (out, own_hash)
    }

    /// Where the children of a node with a subtree of `size` nodes begin.
    #[inline]
    fn first_child(&self, size: u32) -> usize {
        let mut rest = size - 1;
        let mut first = self.subtrees.len();
        while rest > 0
            && let Some(child) = self.subtrees[..first].last()
        {
            first -= 1;
            rest = rest.saturating_sub(child.size);
        }
        first
    }

    /// The own hash over the children from `first` on, of which `defs` have a definition.
    fn own_hash(&mut self, scalars: Mix, first: usize, defs: usize) -> Mix {
        let mut hash = scalars;
        let apart = self.own_hashes.split_off(self.own_hashes.len().saturating_sub(defs));
        let mut apart = apart.into_iter();
        for child in &self.subtrees[first..] {
            let own = if child.has_def { apart.next().unwrap_or(child.hash) } else { child.hash };
            hash.absorb(own.low.wrapping_add(role_key(child.role)), own.high);
        }
        hash
    }

    /// What each subtree counts for in the own hash of the code around.
    fn own_hashes_of_all(&self) -> Vec<u128> {
        let mut apart = self.own_hashes.iter();
        let own = |it: &Subtree| if it.has_def { apart.next().unwrap_or(&it.hash) } else { &it.hash }.value();
        self.subtrees.iter().map(own).collect()
    }
}

/// Spreads a role over all of a word.
#[inline]
fn role_key(role: u8) -> u64 {
    u64::from(role).wrapping_mul(KEYS[4])
}

fn hash_constant(constant: &Constant) -> Mix {
    let (tag, bytes): (u8, &[u8]) = match constant {
        Constant::None => (0, &[]),
        Constant::Bool(it) => (1, &[u8::from(*it)]),
        Constant::Ellipsis => (2, &[]),
        Constant::Int(it) => (3, &it.to_le_bytes()),
        Constant::BigInt(it) => (4, it.as_bytes()),
        Constant::Float(it) => (5, &it.to_le_bytes()),
        Constant::Imaginary(it) => (6, &it.to_le_bytes()),
        Constant::Str(it) => (7, it.as_bytes()),
        Constant::Wtf8(it) => (8, it),
        Constant::Bytes(it) => (9, it),
        Constant::Digest(it) => (10, &it.to_le_bytes()),
    };
    Mix::of(xxh3_128_with_seed(bytes, u64::from(tag)))
}

#[cfg(test)]
mod tests;
