//! The common tree: one preorder arena per definition, without positions.
//!
//! A file's tree is cut at every kind of category `Def`: the definition's nodes stand in an arena of their own, and
//! its parent keeps a one-node *link* in their place. All arenas of a file lie one after the other in one array, in
//! source order of the definitions; in each, nodes stand in preorder with the size of their subtree, so the next
//! sibling of node `i` is `i + size`. Children are in source order and carry a *role*, the field of the parent that
//! they belong to. [`Node`] hides the cut: walking from the module sees one tree.
//!
//! Positions are in [`Spans`](crate::Spans), a sibling of the tree: code that gets only a tree can't depend on them.

use std::sync::{Arc, OnceLock};

use astkit_schema::{Arity, FieldType, KindDef, Pairing, Schema, Storage};

use crate::constant::Constant;
use crate::merkle::{TreeHashes, UNHASHED};
use crate::name_table::NameTable;

/// Stands for "none" where an index of a name, constant, record or definition is stored.
pub const NONE: u32 = u32::MAX;

/// Set in the stored kind of a link.
pub(crate) const LINK: u16 = 1 << 15;

/// A node kind: the index of its definition in the schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct KindId(pub u16);

/// A child's role: the index of its name in the schema's roles; 0 for a root.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct RoleId(pub u8);

/// A definition: its index in source order. 0 is the module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DefId(pub u32);

/// A node: its definition, and its index in that definition's arena. Valid for one structural hash of the definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId {
    /// The definition.
    pub def: DefId,
    /// Preorder index, 0 for the definition itself.
    pub index: u32,
}

/// What is stored of a node: 12 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeData {
    pub(crate) kind: u16,
    pub(crate) role: u8,
    pub(crate) flag: u8,
    pub(crate) aux: u32,
    pub(crate) size: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DefData {
    /// Index of the first node of its arena.
    pub(crate) start: u32,
    /// Number of nodes.
    pub(crate) len: u32,
    /// The enclosing definition, or [`NONE`].
    pub(crate) parent: u32,
    /// Index of the link in the enclosing definition's arena, or its own root's for the module.
    pub(crate) link: u32,
}

/// The tree of one file.
///
/// Equality of trees is equality of structure: kinds, roles, order, scalars, names and constants; never positions.
/// A tree that was [made of another](crate::TreeBuilder::made_of) has no structural hashes, and is equal to none.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) schema: &'static Schema,
    /// All arenas, then one `Missing` node that stands in for required children that are not there.
    pub(crate) nodes: Box<[NodeData]>,
    pub(crate) words: Box<[u32]>,
    pub(crate) names: NameTable,
    /// Shared with the trees that are made of this one.
    pub(crate) constants: Arc<[Constant]>,
    /// Those of its own that a tree made of another has.
    pub(crate) more_constants: Box<[Constant]>,
    pub(crate) defs: Box<[DefData]>,
    /// Made when they are asked for.
    pub(crate) hashes: OnceLock<TreeHashes>,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        let is_hashed = self.hash() != UNHASHED;
        std::ptr::eq(self.schema, other.schema) && is_hashed && self.hash() == other.hash()
    }
}

impl Eq for Tree {}

impl Tree {
    /// The schema that its kinds, roles and scalars are of.
    #[inline]
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// The whole file's root.
    #[inline]
    pub fn root(&self) -> Node<'_> {
        self.def(DefId(0))
    }

    /// Number of definitions, the module included.
    pub fn def_count(&self) -> u32 {
        u32::try_from(self.defs.len()).unwrap_or(NONE)
    }

    /// Number of stored nodes, links included.
    pub fn node_count(&self) -> u32 {
        u32::try_from(self.nodes.len() - 1).unwrap_or(NONE)
    }

    /// The root of a definition.
    #[inline]
    pub fn def(&self, def: DefId) -> Node<'_> {
        let data = &self.defs[def.0 as usize];
        Node { tree: self, index: data.start, link: data.link, def: def.0 }
    }

    /// The definition that encloses `def`; none for the module.
    pub fn parent_def(&self, def: DefId) -> Option<DefId> {
        let parent = self.defs[def.0 as usize].parent;
        (parent != NONE).then_some(DefId(parent))
    }

    /// The node with this id.
    #[inline]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let data = &self.defs[id.def.0 as usize];
        let index = data.start + id.index;
        Node { tree: self, index, link: if id.index == 0 { data.link } else { index }, def: id.def.0 }
    }

    /// The nodes of a definition in preorder; where a definition is nested in it, that one's root.
    pub fn own_nodes(&self, def: DefId) -> impl Iterator<Item = Node<'_>> {
        let data = &self.defs[def.0 as usize];
        (data.start..data.start + data.len).map(move |index| self.at(index, def.0))
    }

    /// The node of a definition with this index; a nested definition's root, if that one stands there.
    pub fn own_node(&self, id: NodeId) -> Option<Node<'_>> {
        let data = self.defs.get(id.def.0 as usize)?;
        (id.index < data.len).then(|| self.at(data.start + id.index, id.def.0))
    }

    /// Where a definition stands in the one around it; none for the file's own.
    pub fn link(&self, def: DefId) -> Option<NodeId> {
        let around = self.parent_def(def)?;
        let index = self.defs[def.0 as usize].link - self.defs[around.0 as usize].start;
        Some(NodeId { def: around, index })
    }

    /// The indices of the nodes around a node of a definition, the outermost first; none if there is no such node.
    pub fn own_parents(&self, id: NodeId) -> Option<Vec<u32>> {
        let data = self.defs.get(id.def.0 as usize)?;
        if id.index >= data.len {
            return None;
        }
        let (mut out, mut at) = (Vec::new(), 0);
        while at != id.index {
            out.push(at);
            at += 1;
            while let size = self.nodes[(data.start + at) as usize].size
                && at + size <= id.index
            {
                at += size;
            }
        }
        Some(out)
    }

    /// Structural hash of the whole file: equal for equal trees, whatever frontend made them and whatever their ids.
    ///
    /// Meant for comparing within a process or a cache of this version; `astkit hash` has hashes that are promised.
    /// The first question for any structural hash of a tree makes all of them. Cost: linear.
    pub fn hash(&self) -> u128 {
        self.hashes().defs[0].whole
    }

    /// Structural hash of one definition, nested definitions included.
    pub fn def_hash(&self, def: DefId) -> u128 {
        self.hashes().defs[def.0 as usize].whole
    }

    /// Structural hash of one definition without its nested definitions, of which only the scalars (names) count.
    ///
    /// An edit in a method leaves its class's own hash as it is.
    pub fn own_hash(&self, def: DefId) -> u128 {
        self.hashes().defs[def.0 as usize].own
    }

    /// The own hashes of the root's children, in source order.
    pub fn statement_hashes(&self) -> &[u128] {
        &self.hashes().statements
    }

    fn hashes(&self) -> &TreeHashes {
        self.hashes.get_or_init(|| TreeHashes::of(self))
    }

    /// All nodes, definition after definition, each in preorder. Cost: less than walking from the root.
    pub fn stored_nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let of_def = move |(number, def): (u32, &DefData)| {
            let arena =
                (def.start..def.start + def.len).filter(|it| self.nodes[*it as usize].kind & LINK == 0);
            let link = def.link;
            let start = def.start;
            arena.map(move |index| {
                let link = if index == start { link } else { index };
                Node { tree: self, index, link, def: number }
            })
        };
        (0..).zip(&self.defs).flat_map(of_def)
    }

    /// The distinct names, in the order of their words.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }

    /// The distinct constants, in the order of their words.
    pub fn constants(&self) -> impl Iterator<Item = &Constant> {
        self.constants.iter().chain(&self.more_constants)
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        let constants: usize = self.constants().map(|it| size_of::<Constant>() + it.heap_size()).sum();
        self.nodes.len() * size_of::<NodeData>()
            + self.words.len() * size_of::<u32>()
            + self.defs.len() * size_of::<DefData>()
            + self.hashes.get().map_or(0, TreeHashes::heap_size)
            + self.names.heap_size()
            + constants
    }

    #[inline]
    fn at(&self, index: u32, def: u32) -> Node<'_> {
        let data = &self.nodes[index as usize];
        if data.kind & LINK == 0 {
            Node { tree: self, index, link: index, def }
        } else {
            Node { tree: self, index: self.defs[data.aux as usize].start, link: index, def: data.aux }
        }
    }
}

/// A node of a tree: a cheap handle.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    tree: &'a Tree,
    /// Index of the node itself.
    index: u32,
    /// Index of the link through which it hangs below its parent, or `index`.
    link: u32,
    def: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.kind_name(), self.index)
    }
}

impl<'a> Node<'a> {
    /// The tree that it is a node of.
    #[inline]
    pub fn tree(self) -> &'a Tree {
        self.tree
    }

    /// Its id. (The stand-in for an absent required child has the id of the file's root.)
    #[inline]
    pub fn id(self) -> NodeId {
        if self.def == NONE {
            return NodeId { def: DefId(0), index: 0 };
        }
        NodeId { def: DefId(self.def), index: self.index - self.tree.defs[self.def as usize].start }
    }

    /// Its kind.
    #[inline]
    pub fn kind(self) -> KindId {
        KindId(self.data().kind)
    }

    /// Its kind's definition in the schema.
    pub fn kind_def(self) -> &'static KindDef {
        &self.tree.schema.kinds[usize::from(self.data().kind)]
    }

    /// Its kind's name.
    pub fn kind_name(self) -> &'static str {
        &self.kind_def().name
    }

    /// Its role in its parent.
    #[inline]
    pub fn role(self) -> RoleId {
        RoleId(self.tree.nodes[self.link as usize].role)
    }

    /// Its role's name.
    pub fn role_name(self) -> &'static str {
        self.tree.schema.roles.get(usize::from(self.role().0)).map_or("", String::as_str)
    }

    /// Whether it is the root of a definition.
    #[inline]
    pub fn is_def(self) -> bool {
        self.def != NONE && self.tree.defs[self.def as usize].start == self.index
    }

    /// The stored index in the file's arrays, in the order of definitions; for tables that run beside the tree.
    #[inline]
    pub fn index(self) -> u32 {
        self.index
    }

    /// Where its own definition's part of it is stored.
    pub(crate) fn range(self) -> std::ops::Range<u32> {
        self.index..self.index + self.data().size
    }

    /// Whether it has no children.
    #[inline]
    pub fn is_leaf(self) -> bool {
        self.data().size == 1
    }

    /// Its children in source order.
    #[inline]
    pub fn children(self) -> Children<'a> {
        Children { tree: self.tree, next: self.index + 1, end: self.index + self.data().size, def: self.def }
    }

    /// Its children of one role, in source order.
    #[inline]
    pub fn field(self, role: RoleId) -> Fields<'a> {
        Fields { children: self.children(), role }
    }

    /// Its first child of a role.
    #[inline]
    pub fn child(self, role: RoleId) -> Option<Node<'a>> {
        self.field(role).next()
    }

    /// Its child of a role that the schema requires; a `Missing` node if a frontend left it out.
    #[inline]
    pub fn required(self, role: RoleId) -> Node<'a> {
        let missing = self.tree.nodes.len() - 1;
        let missing = u32::try_from(missing).unwrap_or(0);
        self.child(role).unwrap_or(Node { tree: self.tree, index: missing, link: missing, def: NONE })
    }

    /// The values of a list with holes (`keys` of a `Dict`, `kw_defaults` of `arguments`).
    pub fn list_with_holes(self, role: RoleId) -> Vec<Option<Node<'a>>> {
        let pairing = self.kind_def().fields.iter().find(|it| it.storage == Storage::Child(role.0));
        let (partner, before) = match pairing.and_then(|it| it.pairing) {
            Some(Pairing::Before(partner)) => (partner, true),
            Some(Pairing::After(partner)) => (partner, false),
            None => return self.field(role).map(Some).collect(),
        };
        let mut out = Vec::new();
        let mut waiting = None;
        for child in self.children() {
            if child.role().0 == partner {
                out.push(if before { waiting.take() } else { None });
            } else if child.role() == role {
                if before {
                    waiting = Some(child);
                } else if let Some(last) = out.last_mut() {
                    *last = Some(child);
                }
            }
        }
        out
    }

    /// Its byte: a small scalar. See [`Storage`].
    #[inline]
    pub fn flag(self) -> u8 {
        self.data().flag
    }

    /// Its byte as a number.
    #[inline]
    pub fn tiny(self) -> i8 {
        self.data().flag.cast_signed()
    }

    /// Its word: the id of a name or constant, a number, or where its record begins. See [`Storage`].
    #[inline]
    pub fn aux(self) -> u32 {
        self.data().aux
    }

    /// The n-th entry of its record.
    #[inline]
    pub fn record_word(self, entry: u8) -> u32 {
        self.tree.words.get(self.data().aux as usize + usize::from(entry)).copied().unwrap_or(NONE)
    }

    /// The list that is the n-th entry of its record.
    #[inline]
    pub fn record_list(self, entry: u8) -> &'a [u32] {
        let at = self.data().aux as usize + usize::from(entry);
        let len = self.tree.words.get(at).copied().unwrap_or(0) as usize;
        self.tree.words.get(at + 1..at + 1 + len).unwrap_or_default()
    }

    /// The name that a word stands for; none for [`NONE`].
    #[inline]
    pub fn name_of(self, word: u32) -> Option<&'a str> {
        self.tree.names.get(word)
    }

    /// The names that words stand for.
    pub fn names_of(self, words: &'a [u32]) -> Names<'a> {
        Names { tree: self.tree, words: words.iter() }
    }

    /// The constant that a word stands for.
    #[inline]
    pub fn constant_of(self, word: u32) -> &'a Constant {
        let constants = &self.tree.constants;
        let more = |word: usize| self.tree.more_constants.get(word.checked_sub(constants.len())?);
        constants.get(word as usize).or_else(|| more(word as usize)).unwrap_or(&Constant::None)
    }

    /// The scalar value of a field; [`Value::Null`] for a field of children.
    pub fn value(self, field: &'a astkit_schema::Field) -> Value<'a> {
        match field.storage {
            Storage::Child(_) | Storage::Nowhere => Value::Null,
            Storage::Flag => self.flag_value(&field.ty),
            Storage::Aux => self.word_value(&field.ty, self.aux()),
            Storage::Record(entry) if field.arity == Arity::Many => Value::List(
                self.record_list(entry).iter().map(|it| self.word_value(&field.ty, *it)).collect(),
            ),
            Storage::Record(entry) => self.word_value(&field.ty, self.record_word(entry)),
        }
    }

    fn flag_value(self, ty: &FieldType) -> Value<'a> {
        match ty {
            FieldType::Enum(at) => self.enum_value(*at, u32::from(self.flag())),
            FieldType::Tiny => Value::Int(i64::from(self.tiny())),
            FieldType::Node(_)
            | FieldType::AnyNode
            | FieldType::Identifier
            | FieldType::Constant
            | FieldType::Int
            | FieldType::Null => Value::Null,
        }
    }

    fn word_value(self, ty: &FieldType, word: u32) -> Value<'a> {
        match ty {
            _ if word == NONE => Value::Null,
            FieldType::Identifier => self.name_of(word).map_or(Value::Null, Value::Name),
            FieldType::Constant => Value::Constant(self.constant_of(word)),
            FieldType::Int => Value::Int(i64::from(word)),
            FieldType::Enum(at) => self.enum_value(*at, word),
            FieldType::Node(_) | FieldType::AnyNode | FieldType::Tiny | FieldType::Null => Value::Null,
        }
    }

    fn enum_value(self, at: u16, value: u32) -> Value<'a> {
        let it = &self.tree.schema.enums[usize::from(at)];
        let Some(name) = (value as usize).checked_sub(1).and_then(|at| it.values.get(at)) else {
            return Value::Null;
        };
        if it.strings { Value::Text(name) } else { Value::Enum(name) }
    }

    #[inline]
    fn data(self) -> &'a NodeData {
        &self.tree.nodes[self.index as usize]
    }
}

/// The value of a scalar field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value<'a> {
    /// Absent.
    Null,
    /// An identifier.
    Name(&'a str),
    /// A value of an enumeration whose values are nodes in CPython (`Load()`).
    Enum(&'a str),
    /// A value of an enumeration of strings.
    Text(&'a str),
    /// A number.
    Int(i64),
    /// A constant.
    Constant(&'a Constant),
    /// A list of scalars.
    List(Vec<Value<'a>>),
}

/// Iterator over a node's children, in source order.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    end: u32,
    def: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        if self.next >= self.end {
            return None;
        }
        let node = self.tree.at(self.next, self.def);
        self.next += self.tree.nodes[self.next as usize].size;
        Some(node)
    }
}

/// Iterator over a node's children of one role, in source order.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    children: Children<'a>,
    role: RoleId,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        let role = self.role;
        self.children.find(|it| it.role() == role)
    }
}

/// Iterator over a list of names.
#[derive(Clone, Debug)]
pub struct Names<'a> {
    tree: &'a Tree,
    words: std::slice::Iter<'a, u32>,
}

impl<'a> Iterator for Names<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.words.next().and_then(|it| self.tree.names.get(*it))
    }
}
