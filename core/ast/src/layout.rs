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
    let (hashes, own_sizes) = hash_nodes(&hasher, &facts, &nodes);
    let walk = preorder(&facts, &nodes, &hashes);
    let (nodes, spans) = place(&walk, &nodes, &spans, &own_sizes, schema.kind("Missing").unwrap_or(0));
    let tree = Tree {
        schema,
        nodes,
        words: words.into_boxed_slice(),
        names,
        constants: constants.into_boxed_slice(),
        defs: walk.defs.into_boxed_slice(),
    };
    (tree, spans)
}

struct Hasher<'a> {
    seed: u64,
    names: Vec<u128>,
    constants: Vec<u128>,
    words: &'a [u32],
}

impl Hasher<'_> {
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

/// Hashes every node over its kind, scalars, and its children's roles and hashes; and counts for every node how many
/// nodes of its own definition's arena its subtree takes (a nested definition takes one: its link).
fn hash_nodes(hasher: &Hasher<'_>, facts: &[KindFacts], nodes: &[NodeData]) -> (Vec<u128>, Vec<u32>) {
    let mut hashes: Vec<u128> = Vec::with_capacity(nodes.len());
    let mut own_sizes: Vec<u32> = Vec::with_capacity(nodes.len());
    let mut buffer = Vec::with_capacity(256);
    for (at, node) in nodes.iter().enumerate() {
        buffer.clear();
        buffer.extend(node.kind.to_le_bytes());
        buffer.push(node.flag);
        if let Some(facts) = facts.get(usize::from(node.kind)) {
            hasher.payload(&facts.payload, node.aux, &mut buffer);
        }
        let (mut own, mut end, first) = (1, at, at + 1 - node.size as usize);
        // Last child first: any fixed order serves.
        while end > first {
            let child = end - 1;
            buffer.push(nodes[child].role);
            buffer.extend(hashes[child].to_le_bytes());
            let is_def = facts.get(usize::from(nodes[child].kind)).is_some_and(|it| it.is_def);
            own += if is_def { 1 } else { own_sizes[child] };
            end -= nodes[child].size as usize;
        }
        hashes.push(xxh3_128_with_seed(&buffer, hasher.seed));
        own_sizes.push(own);
    }
    (hashes, own_sizes)
}

/// All nodes in preorder with their definition, and the definitions with the sizes of their arenas.
struct Walk {
    order: Vec<(u32, u32)>,
    defs: Vec<DefData>,
}

fn preorder(facts: &[KindFacts], nodes: &[NodeData], hashes: &[u128]) -> Walk {
    let mut walk = Walk { order: Vec::with_capacity(nodes.len()), defs: Vec::new() };
    let mut stack = vec![(nodes.len() - 1, NONE)];
    while let Some((at, parent)) = stack.pop() {
        let node = &nodes[at];
        let is_def = parent == NONE || facts.get(usize::from(node.kind)).is_some_and(|it| it.is_def);
        let def = if is_def { u32::try_from(walk.defs.len()).unwrap_or(NONE) } else { parent };
        if is_def {
            if let Some(parent) = walk.defs.get_mut(parent as usize) {
                parent.len += 1; // the link
            }
            walk.defs.push(DefData { start: 0, len: 0, parent, link: 0, hash: hashes[at] });
        }
        walk.defs[def as usize].len += 1;
        walk.order.push((u32::try_from(at).unwrap_or(NONE), def));
        let (mut end, first) = (at, at + 1 - node.size as usize);
        while end > first {
            stack.push((end - 1, def));
            end -= nodes[end - 1].size as usize;
        }
    }
    let mut start = 0;
    for def in &mut walk.defs {
        def.start = start;
        start += def.len;
    }
    walk.defs[0].link = 0;
    place_links(&mut walk, nodes.len());
    walk
}

/// Finds where each definition's link stands: by replaying the walk with one cursor per definition.
fn place_links(walk: &mut Walk, _nodes: usize) {
    let mut cursors: Vec<u32> = walk.defs.iter().map(|it| it.start).collect();
    let mut seen = 0;
    for (_, def) in &walk.order {
        let def = *def as usize;
        if def == seen {
            // First node of a definition: its link is next in its parent's arena.
            let parent = walk.defs[def].parent;
            walk.defs[def].link = if parent == NONE {
                walk.defs[def].start
            } else {
                let link = cursors[parent as usize];
                cursors[parent as usize] += 1;
                link
            };
            seen += 1;
        }
        cursors[def] += 1;
    }
}

fn place(
    walk: &Walk,
    nodes: &[NodeData],
    spans: &[Span],
    own_sizes: &[u32],
    missing: u16,
) -> (Box<[NodeData]>, Spans) {
    let total = walk.defs.iter().map(|it| it.len as usize).sum::<usize>() + 1;
    let blank = NodeData { kind: missing, role: 0, flag: 0, aux: NONE, size: 1 };
    let mut out = vec![blank; total];
    let mut absolute = vec![Span::default(); total];
    let mut offsets = vec![u32::MAX; walk.defs.len()];
    let mut cursors: Vec<u32> = walk.defs.iter().map(|it| it.start).collect();
    for (at, def) in &walk.order {
        let (at, owner) = (*at as usize, *def as usize);
        let data = &walk.defs[owner];
        let (node, span) = (nodes[at], spans[at]);
        if cursors[owner] == data.start && data.parent != NONE {
            let link = data.link as usize;
            out[link] = NodeData { kind: node.kind | LINK, role: node.role, flag: 0, aux: *def, size: 1 };
            absolute[link] = span;
            cursors[data.parent as usize] += 1;
        }
        let index = cursors[owner] as usize;
        cursors[owner] += 1;
        out[index] = NodeData { size: own_sizes[at], ..node };
        absolute[index] = span;
        offsets[owner] = offsets[owner].min(span.start);
    }
    (out.into_boxed_slice(), relative(walk, &absolute, offsets))
}

fn relative(walk: &Walk, absolute: &[Span], mut offsets: Vec<u32>) -> Spans {
    offsets[0] = 0;
    let mut ranges = vec![(0, 0); absolute.len()];
    for (def, offset) in walk.defs.iter().zip(&mut offsets) {
        let arena = def.start as usize..(def.start + def.len) as usize;
        // A link's span may begin before everything else of its parent: a decorated first member.
        *offset = absolute[arena.clone()].iter().map(|it| it.start).fold(*offset, u32::min);
        for (range, span) in ranges[arena.clone()].iter_mut().zip(&absolute[arena]) {
            *range = (span.start - *offset, span.len());
        }
    }
    Spans { offsets: offsets.into_boxed_slice(), ranges: ranges.into_boxed_slice() }
}
