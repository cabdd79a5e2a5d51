//! The concrete tree as arrays.
//!
//! tree-sitter's tree is read once, in preorder, with a cursor; what the rebuilder needs of it is 16 bytes a node.
//! After that no call leaves Rust, any node can be looked at from any other, and the cost of the cursor is paid once
//! for rebuilding, repairs and checks together. Comments and line continuations are kept apart.

mod kind;

use astkit_ast::Span;
use tree_sitter::TreeCursor;

pub(crate) use kind::{Kind, KindTable};

/// A node of the concrete tree: its preorder index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Node(pub(crate) u32);

#[derive(Clone, Copy, Debug)]
struct Record {
    kind: Kind,
    flags: u8,
    start: u32,
    end: u32,
    /// Index after the subtree.
    next: u32,
}

/// The node itself was invented by the parser.
const MISSING: u8 = 1;
/// A direct child is an error.
const BROKEN: u8 = 2;
/// Something in the subtree is an error or was invented.
const DAMAGED: u8 = 4;

/// The concrete tree of one text.
pub(crate) struct Cst {
    records: Vec<Record>,
    comments: Vec<Span>,
    damage: Vec<Node>,
    /// Whether the parser says that something is wrong, but not with a node that can be seen.
    pub(crate) unplaced: bool,
}

impl Cst {
    /// Reads a parsed text.
    ///
    /// `text` is the text itself even if the parser was given another one for it (see [`crate::gaps`]).
    pub(crate) fn read(tree: &tree_sitter::Tree, text: &str, bridged: bool) -> Self {
        let mut reader = Reader {
            kinds: KindTable::python(),
            text: text.as_bytes(),
            // Measured: a node of interest takes 5 to 9 bytes of Python.
            records: Vec::with_capacity(text.len() / 5 + 8),
            comments: Vec::new(),
            bridged,
            damaged: tree.root_node().has_error(),
            damage: Vec::new(),
            parents: Vec::new(),
        };
        reader.read(&mut tree.walk());
        let unplaced = reader.damaged && reader.damage.is_empty();
        if bridged {
            reader.comments = astkit_ast::comments(text);
        }
        Self { records: reader.records, comments: reader.comments, damage: reader.damage, unplaced }
    }

    /// The whole text's node.
    #[expect(clippy::unused_self, reason = "every tree has its own root, even if they all have one number")]
    pub(crate) fn root(&self) -> Node {
        Node(0)
    }

    pub(crate) fn kind(&self, node: Node) -> Kind {
        self.record(node).kind
    }

    pub(crate) fn start(&self, node: Node) -> u32 {
        self.record(node).start
    }

    pub(crate) fn end(&self, node: Node) -> u32 {
        self.record(node).end
    }

    pub(crate) fn span(&self, node: Node) -> Span {
        let record = self.record(node);
        Span::new(record.start, record.end)
    }

    /// Whether the parser invented this node to go on.
    pub(crate) fn is_missing(&self, node: Node) -> bool {
        self.record(node).flags & MISSING != 0
    }

    /// Whether an error stands among its children.
    pub(crate) fn is_broken(&self, node: Node) -> bool {
        self.record(node).flags & BROKEN != 0
    }

    /// Whether something in its subtree is an error or was invented.
    pub(crate) fn is_damaged(&self, node: Node) -> bool {
        self.record(node).flags & (DAMAGED | MISSING) != 0 || self.kind(node) == Kind::Error
    }

    /// Its children in source order, without comments.
    pub(crate) fn children(&self, node: Node) -> Children<'_> {
        Children { cst: self, next: node.0 + 1, end: self.record(node).next }
    }

    /// Its first child.
    pub(crate) fn first(&self, node: Node) -> Option<Node> {
        self.children(node).next()
    }

    /// Its first child of this kind.
    pub(crate) fn child(&self, node: Node, kind: Kind) -> Option<Node> {
        self.children(node).find(|it| self.kind(*it) == kind)
    }

    /// The next node in preorder that is not in this one's subtree.
    pub(crate) fn after(&self, node: Node) -> Node {
        Node(self.record(node).next)
    }

    /// Whether the byte at `offset` belongs to a comment.
    pub(crate) fn is_in_comment(&self, offset: u32) -> bool {
        let after = self.comments.partition_point(|it| it.start <= offset);
        after > 0 && offset < self.comments[after - 1].end
    }

    /// Comments that begin in `span`, in source order.
    pub(crate) fn comments(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.comments.partition_point(|it| it.start < span.start);
        self.comments[first..].iter().copied().take_while(move |it| it.start < span.end)
    }

    /// Errors and what the parser invented, in source order.
    pub(crate) fn damage(&self) -> &[Node] {
        &self.damage
    }

    fn record(&self, node: Node) -> &Record {
        &self.records[node.0 as usize]
    }
}

/// Iterator over a node's children.
#[derive(Clone)]
pub(crate) struct Children<'a> {
    cst: &'a Cst,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        if self.next >= self.end {
            return None;
        }
        let node = Node(self.next);
        self.next = self.cst.record(node).next;
        Some(node)
    }
}

struct Reader<'a> {
    kinds: &'static KindTable,
    text: &'a [u8],
    records: Vec<Record>,
    comments: Vec<Span>,
    /// Whether the parser was given another text.
    bridged: bool,
    /// Whether anything at all is wrong.
    damaged: bool,
    damage: Vec<Node>,
    parents: Vec<u32>,
}

impl Reader<'_> {
    fn read(&mut self, cursor: &mut TreeCursor<'_>) {
        loop {
            let before = self.records.len();
            let descend = self.push(&cursor.node());
            if descend && cursor.goto_first_child() {
                self.parents.push(offset(self.records.len() - 1));
                continue;
            }
            // A comment has no record: what was recorded last says nothing about it.
            let mut done = (self.records.len() > before).then(|| offset(self.records.len() - 1));
            while done.is_some_and(|it| self.is_last(it)) || !cursor.goto_next_sibling() {
                let Some(parent) = self.parents.pop() else { return };
                cursor.goto_parent();
                self.records[parent as usize].next = offset(self.records.len());
                done = Some(parent);
            }
        }
    }

    /// Whether no sibling can follow the node that was read last, so that the cursor needs not be asked. Its children
    /// may be completed here, if the text says what they are.
    ///
    /// In a sound tree only an empty block has no text of its own, and what stands before that is a colon.
    fn is_last(&mut self, node: u32) -> bool {
        let (false, Some(parent)) = (self.damaged, self.parents.last()) else { return false };
        let (record, parent) = (self.records[node as usize], self.records[*parent as usize]);
        if record.end == parent.end {
            return record.kind != Kind::Colon;
        }
        if parent.kind == Kind::Attribute && record.kind != Kind::Dot {
            return self.complete_attribute(record.end, parent.end);
        }
        false
    }

    /// `.b` of `a.b`, unless there is anything else between them.
    fn complete_attribute(&mut self, start: u32, end: u32) -> bool {
        let text = &self.text[start as usize..end as usize];
        let [b'.', first, rest @ ..] = text else { return false };
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if !is_name(first) || !rest.iter().all(is_name) {
            return false;
        }
        self.leaf(Kind::Dot, start, start + 1);
        self.leaf(Kind::Identifier, start + 1, end);
        true
    }

    fn leaf(&mut self, kind: Kind, start: u32, end: u32) {
        let next = offset(self.records.len() + 1);
        self.records.push(Record { kind, flags: 0, start, end, next });
    }

    /// Records a node; says whether its children are of interest.
    fn push(&mut self, node: &tree_sitter::Node<'_>) -> bool {
        let start = offset(node.start_byte());
        let kind = match self.kinds.get(node.kind_id()) {
            kind @ (Kind::UnaryOperator | Kind::Tilde) if self.bridged => self.bridged_star(kind, start),
            kind => kind,
        };
        let end = offset(node.end_byte());
        if kind.is_trivia() {
            if kind == Kind::Comment {
                self.comments.push(Span::new(start, end));
            }
            return false;
        }
        let mut flags = 0;
        // What is missing may be a token without a name of its own, below a node that is a leaf to us.
        if (start == end && node.is_missing()) || (self.damaged && kind.is_leaf() && node.has_error()) {
            flags = MISSING;
        }
        if kind == Kind::Error || flags != 0 {
            self.spoil(kind == Kind::Error);
        }
        let next = offset(self.records.len() + 1);
        self.records.push(Record { kind, flags, start, end, next });
        match kind {
            Kind::ArgumentList if !self.damaged && &self.text[start as usize..end as usize] == b"()" => {
                self.leaf(Kind::OpenParen, start, start + 1);
                self.leaf(Kind::CloseParen, start + 1, end);
                self.records[next as usize - 1].next = next + 2;
                false
            }
            Kind::String => is_format(&self.text[start as usize..end as usize]),
            _ => !kind.is_leaf(),
        }
    }

    /// The parser saw `~` where the text has a star.
    fn bridged_star(&self, kind: Kind, start: u32) -> Kind {
        if self.text.get(start as usize) != Some(&b'*') {
            return kind;
        }
        if kind == Kind::Tilde { Kind::Star } else { Kind::ListSplat }
    }

    /// Marks all open nodes, and the innermost as broken if the child is an error.
    fn spoil(&mut self, error: bool) {
        self.damage.push(Node(offset(self.records.len())));
        if let (Some(parent), true) = (self.parents.last(), error) {
            self.records[*parent as usize].flags |= BROKEN;
        }
        for parent in self.parents.iter().rev() {
            let flags = &mut self.records[*parent as usize].flags;
            if *flags & DAMAGED != 0 {
                break;
            }
            *flags |= DAMAGED;
        }
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a string literal may have replacement fields.
fn is_format(string: &[u8]) -> bool {
    let prefix = string.iter().take_while(|it| it.is_ascii_alphabetic()).take(3);
    prefix.into_iter().any(|it| matches!(it, b'f' | b'F' | b't' | b'T'))
}

#[cfg(test)]
mod tests;
