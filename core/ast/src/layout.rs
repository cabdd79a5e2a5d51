//! From the builder's postorder to the tree's arenas: hashing, cutting at definitions, splitting off positions.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

use crate::builder::TreeBuilder;
use crate::constant::Constant;
use crate::payload::{KindFacts, Payload, Word};
use crate::span::Span;
use crate::spans::Spans;
use crate::tree::{DefData, LINK, NONE, NodeData, Tree};

/// Version of the structural hash's encoding: part of its seed.
const ENCODING: u64 = 1;

pub(crate) fn lay_out(builder: TreeBuilder<'_>) -> (Tree, Spans) {
    let TreeBuilder { schema, facts, nodes, spans, words, names, constants, .. } = builder;
    let names = names.finish();
    let hasher = Hasher {
        seed: xxh3_64(schema.name.as_bytes()) ^ ENCODING,
        names: names.iter().map(|it| xxh3_128(it.as_bytes())).collect(),
        constants: constants.iter().map(hash_constant).collect(),
        words: &words,
    };
    let measured = measure(&hasher, &facts, &nodes);
    let mut statements: Vec<_> = match nodes.len().checked_sub(1) {
        Some(root) => children_backwards(&nodes, root).map(|it| measured.own_hashes[it]).collect(),
        None => Vec::new(),
    };
    statements.reverse();
    let placed = place(&facts, &nodes, &spans, &measured, schema.kind("Missing").unwrap_or(0));
    let tree = Tree {
        schema,
        nodes: placed.nodes,
        words: words.into_boxed_slice(),
        names,
        constants: constants.into_boxed_slice(),
        defs: placed.defs,
        statements: statements.into_boxed_slice(),
    };
    (tree, placed.spans)
}

struct Hasher<'a> {
    seed: u64,
    names: Vec<u128>,
    constants: Vec<u128>,
    words: &'a [u32],
}

impl Hasher<'_> {
    /// Everything of a node but its children.
    fn scalars(&self, facts: &[KindFacts], node: &NodeData, out: &mut Vec<u8>) {
        out.clear();
        out.extend(node.kind.to_le_bytes());
        out.push(node.flag);
        if let Some(facts) = facts.get(usize::from(node.kind)) {
            self.payload(&facts.payload, node.aux, out);
        }
    }

    fn word(&self, word: Word, value: u32, out: &mut Vec<u8>) {
        let hash = match word {
            Word::Plain => return out.extend(value.to_le_bytes()),
            Word::Name => self.names.get(value as usize),
            Word::Constant => self.constants.get(value as usize),
        };
        out.extend(hash.copied().unwrap_or(0).to_le_bytes());
    }

    fn payload(&self, payload: &Payload, aux: u32, out: &mut Vec<u8>) {
        match payload {
            Payload::Nothing => {}
            Payload::Word(word) => self.word(*word, aux, out),
            Payload::Record(singles, list) => {
                let mut record = self.words.get(aux as usize..).unwrap_or_default().iter().copied();
                for (word, value) in singles.iter().zip(&mut record) {
                    self.word(*word, value, out);
                }
                if let (Some(word), Some(len)) = (list, record.next()) {
                    out.extend(len.to_le_bytes());
                    for value in record.take(len as usize) {
                        self.word(*word, value, out);
                    }
                }
            }
        }
    }
}

fn hash_constant(constant: &Constant) -> u128 {
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
    xxh3_128_with_seed(bytes, u64::from(tag))
}

/// What one pass over the postorder finds out.
struct Measured {
    hashes: Vec<u128>,
    /// The same, but of nested definitions only the scalars count.
    own_hashes: Vec<u128>,
    /// Per node: how many nodes of its own definition's arena its subtree takes. A nested definition takes one.
    own_sizes: Vec<u32>,
    /// The roots of definitions, in postorder.
    defs: Vec<u32>,
}

/// Hashes every node over its kind, scalars, and its children's roles and hashes; measures subtrees; finds definitions.
fn measure(hasher: &Hasher<'_>, facts: &[KindFacts], nodes: &[NodeData]) -> Measured {
    let mut out = Measured {
        hashes: Vec::with_capacity(nodes.len()),
        own_hashes: Vec::with_capacity(nodes.len()),
        own_sizes: Vec::with_capacity(nodes.len()),
        defs: Vec::new(),
    };
    let mut buffer = Vec::with_capacity(256);
    for (at, node) in nodes.iter().enumerate() {
        hasher.scalars(facts, node, &mut buffer);
        let mut own = 1;
        // Last child first: any fixed order serves.
        for child in children_backwards(nodes, at) {
            buffer.push(nodes[child].role);
            buffer.extend(out.hashes[child].to_le_bytes());
            own += if is_def(facts, &nodes[child]) { 1 } else { out.own_sizes[child] };
        }
        let hash = xxh3_128_with_seed(&buffer, hasher.seed);
        // Most nodes have no definition in them, and need no second look.
        let own_hash =
            if own == node.size { hash } else { own_hash(hasher, facts, nodes, at, &out.own_hashes) };
        out.hashes.push(hash);
        out.own_hashes.push(own_hash);
        out.own_sizes.push(own);
        if is_def(facts, node) || at + 1 == nodes.len() {
            out.defs.push(index(at));
        }
    }
    out
}

/// The hash of a node that has definitions in it, of which only the scalars count.
fn own_hash(hasher: &Hasher<'_>, facts: &[KindFacts], nodes: &[NodeData], at: usize, known: &[u128]) -> u128 {
    let (mut buffer, mut stub) = (Vec::new(), Vec::new());
    hasher.scalars(facts, &nodes[at], &mut buffer);
    for child in children_backwards(nodes, at) {
        let hash = if is_def(facts, &nodes[child]) {
            hasher.scalars(facts, &nodes[child], &mut stub);
            xxh3_128_with_seed(&stub, !hasher.seed)
        } else {
            known[child]
        };
        buffer.push(nodes[child].role);
        buffer.extend(hash.to_le_bytes());
    }
    xxh3_128_with_seed(&buffer, hasher.seed)
}

fn is_def(facts: &[KindFacts], node: &NodeData) -> bool {
    facts.get(usize::from(node.kind)).is_some_and(|it| it.is_def)
}

fn children_backwards(nodes: &[NodeData], at: usize) -> impl Iterator<Item = usize> + '_ {
    let (mut end, first) = (at, at + 1 - nodes[at].size as usize);
    std::iter::from_fn(move || {
        let child = end.checked_sub(1).filter(|it| *it >= first)?;
        end -= nodes[child].size as usize;
        Some(child)
    })
}

/// The definitions in source order with their arenas, and for each its root's place in the postorder.
fn definitions(nodes: &[NodeData], measured: &Measured) -> (Vec<DefData>, Vec<u32>) {
    let first = |at: u32| at + 1 - nodes[at as usize].size;
    let mut roots = measured.defs.clone();
    // Preorder: by first leaf, and the enclosing before the enclosed, which ends earlier.
    roots.sort_unstable_by_key(|at| (first(*at), std::cmp::Reverse(*at)));
    let (mut start, mut open, mut defs) = (0, Vec::new(), Vec::with_capacity(roots.len()));
    for (id, root) in (0..).zip(&roots) {
        while open.pop_if(|parent: &mut u32| roots[*parent as usize] < first(*root)).is_some() {}
        let at = *root as usize;
        let (len, hash, own_hash) = (measured.own_sizes[at], measured.hashes[at], measured.own_hashes[at]);
        let parent = open.last().copied().unwrap_or(NONE);
        defs.push(DefData { start, len, parent, link: start, hash, own_hash });
        open.push(id);
        start += len;
    }
    (defs, roots)
}

/// Puts every node in its place in its definition's arena.
///
/// Parents are visited before their children, and tell each where it stands: counted from the end of the parent's
/// subtree, the last child first.
fn place(
    facts: &[KindFacts],
    nodes: &[NodeData],
    spans: &[Span],
    measured: &Measured,
    missing: u16,
) -> Placed {
    let (mut defs, roots) = definitions(nodes, measured);
    let total = defs.iter().map(|it| it.len as usize).sum::<usize>();
    let blank = NodeData { kind: missing, role: 0, flag: 0, aux: NONE, size: 1 };
    let mut out = vec![blank; total + 1];
    let mut absolute = vec![Span::default(); total + 1];
    let mut places = vec![0; nodes.len()];
    let mut def_of_root = roots.iter().zip(0..).map(|(root, id)| (*root, id)).collect::<Vec<(u32, u32)>>();
    def_of_root.sort_unstable();
    for at in (0..nodes.len()).rev() {
        if let Some((_, id)) = def_of_root.pop_if(|it| it.0 as usize == at) {
            let def = &mut defs[id as usize];
            if def.parent != NONE {
                // Its parent gave a place to the link; the definition itself begins its own arena.
                let link = places[at];
                def.link = link;
                out[link as usize] =
                    NodeData { kind: nodes[at].kind | LINK, role: nodes[at].role, flag: 0, aux: id, size: 1 };
                absolute[link as usize] = spans[at];
            }
            places[at] = def.start;
        }
        let (place, size) = (places[at], measured.own_sizes[at]);
        let mut end = place + size;
        for child in children_backwards(nodes, at) {
            end -= if is_def(facts, &nodes[child]) { 1 } else { measured.own_sizes[child] };
            places[child] = end;
        }
        out[place as usize] = NodeData { size, ..nodes[at] };
        absolute[place as usize] = spans[at];
    }
    let spans = relative(&defs, &absolute);
    Placed { nodes: out.into_boxed_slice(), spans, defs: defs.into_boxed_slice() }
}

struct Placed {
    nodes: Box<[NodeData]>,
    spans: Spans,
    defs: Box<[DefData]>,
}

/// Makes spans relative to their definition, whose text begins with its first decorator.
fn relative(defs: &[DefData], absolute: &[Span]) -> Spans {
    let mut offsets = Vec::with_capacity(defs.len());
    let mut ranges = vec![(0, 0); absolute.len()];
    for def in defs {
        let arena = def.start as usize..(def.start + def.len) as usize;
        let first = absolute[arena.clone()].iter().map(|it| it.start).min();
        let offset = if def.parent == NONE { 0 } else { first.unwrap_or(0) };
        for (range, span) in ranges[arena.clone()].iter_mut().zip(&absolute[arena]) {
            *range = (span.start - offset, span.len());
        }
        offsets.push(offset);
    }
    Spans { offsets: offsets.into_boxed_slice(), ranges: ranges.into_boxed_slice() }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
