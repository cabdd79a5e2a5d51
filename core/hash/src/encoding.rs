//! The encoding of trees that hashes are made over, to the byte.
//!
//! It is written for humans with another program in their hands: everything that decides about a hash stands here.
//!
//! # Values
//!
//! A *text* is its length in bytes as 4 bytes, little-endian, and then its bytes in UTF-8 (generalized UTF-8 where
//! Python text has lone surrogates: each surrogate takes three bytes). A *number* is 8 bytes, little-endian, two's
//! complement.
//!
//! | value | bytes |
//! |---|---|
//! | node | `01`, its kind's name as a text, its fields, `00` |
//! | field of a node | `02`, its name as a text, its value |
//! | list | `03`, its length as 4 bytes, little-endian, its values |
//! | absent value in a list (a dict's key before `**`, a default that is not there) | `04` |
//! | identifier | `05`, a text |
//! | value of an enumeration (`Load`, `Add`, ...) | `06`, its name as a text |
//! | number (`level`, `conversion`, `simple`, `is_async`) | `07`, a number |
//! | digest of a nested definition | `08`, the 32 bytes of its hash at the same level |
//! | `None`, `False`, `True`, `...` as constants | `10`, `11`, `12`, `13` |
//! | integer | `14`, its value in lower-case hexadecimal digits without leading zeros, as a text |
//! | float | `15`, its IEEE-754 double, 8 bytes, big-endian |
//! | imaginary number | `16`, its imaginary part likewise |
//! | string | `17`, a text |
//! | bytes | `18`, their number as 4 bytes, little-endian, the bytes |
//! | what a definition refers to, in order (`semantic` and `deep`) | `09` |
//! | numbered variable (`semantic` and `deep`) | `0a`, how much deeper than the definition its function is, as a number; its number, likewise |
//! | definition around (`semantic` and `deep`) | `0b`, how many levels further out, as a number |
//! | text that has no meaning (`Error` nodes) | `19`, 16 bytes, little-endian: XXH3-128 of the text, trimmed |
//!
//! # Nodes
//!
//! Kinds and fields have CPython's names, and fields stand in the order of CPython's grammar, wherever their values
//! stand in the text. Fields that are absent, empty lists, or the number 0 are left out; so a field that a later
//! Python adds changes no hash of a text that does not use it. `type_comment` is always absent. At `ast` the `kind`
//! of a string is left out. Nested functions, classes and lambdas are encoded on their own, and stand
//! in the encoding around them as digests: so one pass hashes all definitions of a file. (Lambdas directly within
//! more than 16 others are the exception: they are encoded as nodes.) Where a definition's own text has an error, its
//! encoding ends with all of its text as text without meaning: what could not be understood is equal only to itself.

mod plan;

use astkit_ast::Constant;
use astkit_ast::tree::{Children, NONE, Node, RoleId};

use crate::Hash;

use plan::{FieldPlan, KindPlan, Scalar, Stored, plans};

/// Decides what of a tree is encoded.
pub trait Shape {
    /// Whether the `kind` of a string (`u""`) is encoded.
    fn keeps_string_kind(&self) -> bool;

    /// Writes what stands for an identifier, a word of a node; false if the identifier stands for itself.
    fn identifier(&self, _node: Node<'_>, _word: u32, _encoder: &mut Encoder<'_>) -> bool {
        false
    }

    /// Decides about one node below the one that encoding started with; it may write something in its place.
    fn treat(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> Treatment;
}

/// What to do with a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Treatment {
    /// Encode it as it is.
    Encode,
    /// The [`Shape`] has written what stands for it.
    Done,
    /// Leave it out, as if its parent did not have it.
    Omit,
}

/// Writes the encoding of nodes.
pub struct Encoder<'e> {
    shape: &'e dyn Shape,
    out: &'e mut Vec<u8>,
    /// Of the schema of the nodes; empty before the first.
    plans: &'static [KindPlan],
}

impl<'e> Encoder<'e> {
    /// An encoder that appends to `out`.
    pub fn new(shape: &'e dyn Shape, out: &'e mut Vec<u8>) -> Self {
        Self { shape, out, plans: &[] }
    }

    /// Encodes a node, whatever the shape says about it, and what the shape keeps of what is below.
    pub fn node(&mut self, node: Node<'_>) {
        if node.is_leaf() {
            return self.whole(node, false);
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.whole(node, false));
    }

    /// Encodes a definition without its name.
    pub fn nameless(&mut self, node: Node<'_>) {
        self.whole(node, true);
    }

    fn whole(&mut self, node: Node<'_>, is_nameless: bool) {
        if self.plans.is_empty() {
            self.plans = plans(node.tree().schema());
        }
        let plan = &self.plans[usize::from(node.kind().0)];
        plan.open.write(self.out);
        let fields = plan.fields.iter().filter(|it| !(is_nameless && it.is_name));
        if !(is_nameless && plan.has_name_node) && plan.is_order_of(node) {
            let mut rest = Rest::new(node);
            fields.for_each(|it| self.field(node, it, &mut rest));
        } else {
            fields.for_each(|it| self.field(node, it, &mut Rest::of_role(node, it)));
        }
        self.close();
    }

    /// Writes that something is referred to.
    pub fn slot(&mut self) {
        self.out.push(0x09);
    }

    /// Writes a numbered variable.
    pub fn variable(&mut self, depth: i64, number: u32) {
        self.tagged_number(0x0a, depth);
        self.out.extend_from_slice(&i64::from(number).to_le_bytes());
    }

    /// Writes a definition around.
    pub fn enclosing(&mut self, levels: u32) {
        self.tagged_number(0x0b, i64::from(levels));
    }

    /// Writes a field that is an identifier, a word of a node.
    pub fn identifier_field(&mut self, name: &str, node: Node<'_>, word: u32) {
        self.name(name);
        self.identifier(node, word);
    }

    fn identifier(&mut self, node: Node<'_>, word: u32) {
        let shape = self.shape;
        if !shape.identifier(node, word, &mut Encoder { shape, out: self.out, plans: self.plans }) {
            self.tagged(0x05, node.name_of(word).unwrap_or_default().as_bytes());
        }
    }

    /// Begins a node of that kind; for shapes that write a node of their own.
    pub fn open(&mut self, kind: &str) {
        self.tagged(0x01, kind.as_bytes());
    }

    /// Ends a node.
    pub fn close(&mut self) {
        self.out.push(0x00);
    }

    /// Writes a field that is a list of nodes.
    pub fn nodes_field<'a>(&mut self, name: &str, nodes: impl Iterator<Item = Node<'a>>) {
        let start = self.out.len();
        self.name(name);
        self.list(start, nodes.map(Some));
    }

    /// Writes a field that is one node.
    pub fn node_field(&mut self, name: &str, node: Node<'_>) {
        let start = self.out.len();
        self.name(name);
        self.one(start, node);
    }

    /// Writes the digest of something that is hashed on its own.
    pub fn digest(&mut self, hash: Hash) {
        self.out.push(0x08);
        self.out.extend_from_slice(hash.as_bytes());
    }

    /// Writes a text that has no meaning.
    pub fn meaningless(&mut self, text: &str) {
        self.constant(&Constant::digest_of(text.trim()));
    }

    /// Writes a field, with the children from `rest` on that are of its role.
    fn field<'a>(&mut self, node: Node<'a>, field: &FieldPlan, rest: &mut Rest<'a>) {
        let start = self.out.len();
        match &field.stored {
            Stored::Nowhere => {}
            Stored::Child(role) => {
                if let Some(child) = rest.next_of(*role) {
                    field.head.write(self.out);
                    self.one(start, child);
                    // A second one is no part of what CPython knows.
                    while rest.next_of(*role).is_some() {}
                }
            }
            Stored::Children(role) => {
                if rest.is_at(*role) {
                    field.head.write(self.out);
                    self.list(start, std::iter::from_fn(|| rest.next_of(*role).map(Some)));
                }
            }
            Stored::ChildrenWithHoles(role) => {
                while rest.next_of(*role).is_some() {}
                field.head.write(self.out);
                self.list(start, node.list_with_holes(*role).into_iter());
            }
            Stored::Flag(_) | Stored::Aux(_) | Stored::Word(..) | Stored::Words(..) => {
                if self.shape.keeps_string_kind() || !field.is_kind {
                    field.head.write(self.out);
                    if !self.stored(node, &field.stored) {
                        self.out.truncate(start);
                    }
                }
            }
        }
    }

    /// Ends the field that began at `start` with a node; takes it back if the node is left out.
    fn one(&mut self, start: usize, node: Node<'_>) {
        let before = self.out.len();
        if !self.child(node) || self.out.len() == before {
            self.out.truncate(start);
        }
    }

    /// Ends the field that began at `start` with a list; takes it back if all of the list is left out.
    fn list<'a>(&mut self, start: usize, nodes: impl Iterator<Item = Option<Node<'a>>>) {
        self.tagged_length(0x03, 0);
        let length_at = self.out.len() - 4;
        let mut count: u32 = 0;
        for node in nodes {
            if let Some(node) = node {
                count += u32::from(self.child(node));
            } else {
                self.out.push(0x04);
                count += 1;
            }
        }
        if count == 0 {
            self.out.truncate(start);
        } else {
            self.out[length_at..length_at + 4].copy_from_slice(&count.to_le_bytes());
        }
    }

    /// Encodes a child as the shape wants it; false if it is left out.
    fn child(&mut self, node: Node<'_>) -> bool {
        let shape = self.shape;
        match shape.treat(node, &mut Encoder { shape, out: self.out, plans: self.plans }) {
            Treatment::Encode => self.node(node),
            Treatment::Done => {}
            Treatment::Omit => return false,
        }
        true
    }

    /// Writes the scalars of a field; false if it is absent, or the number 0.
    fn stored(&mut self, node: Node<'_>, stored: &Stored) -> bool {
        match stored {
            Stored::Flag(Scalar::Tiny) if node.tiny() != 0 => {
                self.number(i64::from(node.tiny()));
                true
            }
            Stored::Flag(scalar @ Scalar::Enum(_)) => self.scalar(node, scalar, u32::from(node.flag())),
            Stored::Aux(scalar) => !is_zero(scalar, node.aux()) && self.scalar(node, scalar, node.aux()),
            Stored::Word(entry, scalar) => {
                let word = node.record_word(*entry);
                !is_zero(scalar, word) && self.scalar(node, scalar, word)
            }
            Stored::Words(entry, scalar) => {
                let words = node.record_list(*entry);
                self.tagged_length(0x03, words.len());
                for word in words {
                    if !self.scalar(node, scalar, *word) {
                        self.out.push(0x04);
                    }
                }
                !words.is_empty()
            }
            Stored::Flag(_)
            | Stored::Child(_)
            | Stored::Children(_)
            | Stored::ChildrenWithHoles(_)
            | Stored::Nowhere => false,
        }
    }

    /// Writes a word; false if it stands for nothing.
    fn scalar(&mut self, node: Node<'_>, scalar: &Scalar, word: u32) -> bool {
        match scalar {
            _ if word == NONE => return false,
            Scalar::Name if node.name_of(word).is_none() => return false,
            Scalar::Name => self.identifier(node, word),
            Scalar::Constant => self.constant(node.constant_of(word)),
            Scalar::Int => self.number(i64::from(word)),
            Scalar::Enum(values) => {
                let Some(value) = (word as usize).checked_sub(1).and_then(|it| values.get(it)) else {
                    return false;
                };
                value.write(self.out);
            }
            Scalar::Tiny | Scalar::Nothing => return false,
        }
        true
    }

    fn number(&mut self, number: i64) {
        self.tagged_number(0x07, number);
    }

    fn constant(&mut self, constant: &Constant) {
        match constant {
            Constant::None => self.out.push(0x10),
            Constant::Bool(false) => self.out.push(0x11),
            Constant::Bool(true) => self.out.push(0x12),
            Constant::Ellipsis => self.out.push(0x13),
            Constant::Int(value) => self.tagged(0x14, format!("{value:x}").as_bytes()),
            Constant::BigInt(digits) => self.tagged(0x14, digits.as_bytes()),
            Constant::Float(bits) => self.bits(0x15, *bits),
            Constant::Imaginary(bits) => self.bits(0x16, *bits),
            Constant::Str(text) => self.tagged(0x17, text.as_bytes()),
            Constant::Wtf8(text) => self.tagged(0x17, text),
            Constant::Bytes(bytes) => self.tagged(0x18, bytes),
            Constant::Digest(digest) => {
                self.out.push(0x19);
                self.out.extend(digest.to_le_bytes());
            }
        }
    }

    fn bits(&mut self, tag: u8, bits: u64) {
        self.out.push(tag);
        self.out.extend(bits.to_be_bytes());
    }

    fn name(&mut self, name: &str) {
        self.tagged(0x02, name.as_bytes());
    }

    fn tagged(&mut self, tag: u8, text: &[u8]) {
        self.tagged_length(tag, text.len());
        self.out.extend_from_slice(text);
    }

    #[inline]
    fn tagged_length(&mut self, tag: u8, length: usize) {
        let mut bytes = [tag; 5];
        bytes[1..].copy_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        self.out.extend_from_slice(&bytes);
    }

    #[inline]
    fn tagged_number(&mut self, tag: u8, number: i64) {
        let mut bytes = [tag; 9];
        bytes[1..].copy_from_slice(&number.to_le_bytes());
        self.out.extend_from_slice(&bytes);
    }
}

/// The children of a node that are still to be written.
struct Rest<'a> {
    next: Option<Node<'a>>,
    behind: Children<'a>,
    /// Whether children of other roles are passed over.
    skips: bool,
}

impl<'a> Rest<'a> {
    /// Of a node whose children stand in the order of the fields.
    fn new(node: Node<'a>) -> Self {
        let mut behind = node.children();
        Self { next: behind.next(), behind, skips: false }
    }

    /// Of one field, where they stand in any order.
    fn of_role(node: Node<'a>, field: &FieldPlan) -> Self {
        let mut out = Self { skips: true, ..Self::new(node) };
        if let Stored::Child(role) | Stored::Children(role) = field.stored {
            out.skip_to(role);
        }
        out
    }

    fn skip_to(&mut self, role: RoleId) {
        while self.next.is_some_and(|it| it.role() != role) {
            self.next = self.behind.next();
        }
    }

    fn is_at(&self, role: RoleId) -> bool {
        self.next.is_some_and(|it| it.role() == role)
    }

    /// The next child, if it is of a role.
    #[inline]
    fn next_of(&mut self, role: RoleId) -> Option<Node<'a>> {
        let found = self.next.filter(|it| it.role() == role)?;
        self.next = self.behind.next();
        if self.skips {
            self.skip_to(role);
        }
        Some(found)
    }
}

/// Whether a word is the number 0, which is left out where it is not in a list.
fn is_zero(scalar: &Scalar, word: u32) -> bool {
    matches!(scalar, Scalar::Int) && word == 0
}
