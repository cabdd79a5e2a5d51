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
pub(crate) struct Mix {
    pub(crate) low: u64,
    pub(crate) high: u64,
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
    /// Where the text of these begins, decorators included.
    start: u32,
    /// Where the node's own span begins.
    own_start: u32,
    role: u8,
    /// Whether it is a definition, or has one in it. If so, what it counts for in its parent's own hash is in
    /// [`Walk::own_hashes`].
    has_def: bool,
}

/// What the values of scalars count for.
pub(crate) struct Hasher<'a> {
    seed: Mix,
    names: Vec<Mix>,
    constants: Vec<Mix>,
    words: &'a [u32],
}

impl<'a> Hasher<'a> {
    pub(crate) fn new(schema: &str, names: &NameTable, constants: Vec<Mix>, words: &'a [u32]) -> Self {
        Self {
            seed: Mix::of(xxh3_128_with_seed(schema.as_bytes(), xxh3_64(&ENCODING.to_le_bytes()))),
            names: names.iter().map(|it| Mix::of(xxh3_128(it.as_bytes()))).collect(),
            constants,
            words,
        }
    }

    /// Hashes and measures every subtree. The last node is the root.
    pub(crate) fn measure(&self, facts: &[KindFacts], nodes: &[PlacedNode]) -> Measured {
        let mut walk = Walk { open: Vec::with_capacity(64), own_hashes: Vec::new(), defs: Vec::new() };
        let inner = nodes.len().saturating_sub(1);
        let mut own_sizes: Vec<u32> = Vec::with_capacity(nodes.len());
        own_sizes.extend((0..).zip(&nodes[..inner]).map(|(at, node)| {
            let facts = facts.get(usize::from(node.data.kind)).unwrap_or(&KindFacts::UNKNOWN);
            let scalars = self.scalars(facts, &node.data);
            let first = walk.first_child(node.data.size);
            let subtree = close(scalars, node, &walk.open[first..]);
            if subtree.has_def || facts.is_def {
                let stub = facts.is_def.then(|| self.stub(scalars));
                walk.put_with_definitions(at, subtree, scalars, first, stub);
            } else {
                walk.open.truncate(first);
                walk.open.push(subtree);
            }
            subtree.own_size
        }));
        let statements = walk.own_hashes_from(0).map(Mix::value).collect();
        if let Some(root) = nodes.last() {
            let facts = facts.get(usize::from(root.data.kind)).unwrap_or(&KindFacts::UNKNOWN);
            let scalars = self.scalars(facts, &root.data);
            let subtree = close(scalars, root, &walk.open);
            own_sizes.push(subtree.own_size);
            walk.put_with_definitions(index(inner), subtree, scalars, 0, Some(scalars));
        }
        Measured { own_sizes, defs: walk.defs, statements }
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

/// The state of the pass.
struct Walk {
    /// The stack of subtrees that have no parent yet.
    open: Vec<Subtree>,
    /// Of those with a definition: what they count for in the own hash of the code around.
    own_hashes: Vec<Mix>,
    defs: Vec<MeasuredDef>,
}

impl Walk {
    /// Where in the stack the children of a node with a subtree of `size` nodes begin.
    #[inline]
    fn first_child(&self, size: u32) -> usize {
        let mut first = self.open.len();
        let mut rest = size - 1;
        while rest > 0
            && let Some(child) = self.open[..first].last()
        {
            first -= 1;
            rest = rest.saturating_sub(child.size);
        }
        first
    }

    /// Puts the subtree of node `root` in the place of its children, from `first` on. It has definitions, or is one
    /// and has a stub.
    #[inline(never)]
    fn put_with_definitions(
        &mut self,
        root: u32,
        mut subtree: Subtree,
        scalars: Mix,
        first: usize,
        stub: Option<Mix>,
    ) {
        let mut own_hash = scalars;
        for (child, own) in self.open[first..].iter().zip(self.own_hashes_from(first)) {
            own_hash.absorb(own.low.wrapping_add(role_key(child.role)), own.high);
        }
        let apart = self.open[first..].iter().filter(|it| it.has_def).count();
        self.own_hashes.truncate(self.own_hashes.len().saturating_sub(apart));
        self.open.truncate(first);
        if stub.is_some() {
            let (hash, own_hash) = (subtree.hash.value(), own_hash.value());
            let Subtree { own_size: len, start, .. } = subtree;
            self.defs.push(MeasuredDef { root, len, start, hash, own_hash });
            // In the arena around, a link stands for it.
            subtree.own_size = 1;
            subtree.start = subtree.own_start;
        }
        self.own_hashes.push(stub.unwrap_or(own_hash));
        self.open.push(Subtree { has_def: true, ..subtree });
    }

    /// What each subtree of the stack from `first` on counts for in the own hash of the code around.
    fn own_hashes_from(&self, first: usize) -> impl Iterator<Item = Mix> + '_ {
        let subtrees = &self.open[first..];
        let apart = subtrees.iter().filter(|it| it.has_def).count();
        let mut apart = self.own_hashes[self.own_hashes.len().saturating_sub(apart)..].iter().copied();
        subtrees.iter().map(move |it| if it.has_def { apart.next().unwrap_or(it.hash) } else { it.hash })
    }
}

/// Puts a node over its children.
#[inline]
fn close(scalars: Mix, node: &PlacedNode, children: &[Subtree]) -> Subtree {
    let PlacedNode { data, span } = node;
    let (mut hash, mut own_size, mut start, mut has_def) = (scalars, 1, span.start, false);
    for child in children {
        hash.absorb(child.hash.low.wrapping_add(role_key(child.role)), child.hash.high);
        own_size += child.own_size;
        start = start.min(child.start);
        has_def |= child.has_def;
    }
    Subtree { hash, size: data.size, own_size, start, own_start: span.start, role: data.role, has_def }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

/// Spreads a role over all of a word.
#[inline]
fn role_key(role: u8) -> u64 {
    u64::from(role).wrapping_mul(KEYS[4])
}

/// The hash of a constant's value.
pub(crate) fn hash_constant(constant: &Constant) -> Mix {
    match constant {
        Constant::None => hash_bytes(0, &[]),
        Constant::Bool(it) => hash_bytes(1, &[u8::from(*it)]),
        Constant::Ellipsis => hash_bytes(2, &[]),
        Constant::Int(it) => hash_bytes(3, &it.to_le_bytes()),
        Constant::BigInt(it) => hash_bytes(4, it.as_bytes()),
        Constant::Float(it) => hash_bytes(5, &it.to_le_bytes()),
        Constant::Imaginary(it) => hash_bytes(6, &it.to_le_bytes()),
        Constant::Str(it) => hash_text(it),
        Constant::Wtf8(it) => hash_bytes(8, it),
        Constant::Bytes(it) => hash_bytes(9, it),
        Constant::Digest(it) => hash_bytes(10, &it.to_le_bytes()),
    }
}

/// The hash of a text constant.
pub(crate) fn hash_text(text: &str) -> Mix {
    hash_bytes(7, text.as_bytes())
}

fn hash_bytes(tag: u64, bytes: &[u8]) -> Mix {
    let mut mix = Mix::of(xxh3_128(bytes));
    mix.absorb(tag, 0);
    mix
}

#[cfg(test)]
mod tests;
