//! Building a tree: frontends emit nodes bottom-up, and every node may become a late parent.
//!
//! Nodes are recorded in postorder. To build a node, take a [`Mark`], build its children in source order and give
//! each its role, then close the node over everything built since the mark. Because a parent comes after its
//! children, it can always be decided late: the left operand of `a + b` is built before anybody knows that there is
//! a `BinOp`, and a repair can wrap what it found. [`TreeBuilder::finish`] lays the nodes out in preorder, one arena
//! per definition, and splits off the positions; all of it in linear time.
//!
//! ```
//! use astkit_ast::python::{self, ExprContext, Role, build};
//! use astkit_ast::{SourceText, Span, TreeBuilder};
//!
//! // `x.y`
//! let source = SourceText::from_text("x.y");
//! let mut b = TreeBuilder::new(python::schema(), &source);
//! let start = b.mark();
//! let x = b.name("x");
//! build::name(&mut b, start, Span::new(0, 1), x, ExprContext::Load);
//! b.role(Role::Value);
//! let y = b.name("y");
//! build::attribute(&mut b, start, Span::new(0, 3), y, ExprContext::Load); // a late parent of `x`
//! b.role(Role::Value);
//! build::expr(&mut b, start, Span::new(0, 3));
//! b.role(Role::Body);
//! build::module(&mut b, start, Span::new(0, 3));
//! let (tree, spans, _) = b.finish();
//! assert_eq!(tree.root().children().count(), 1);
//! ```

use std::sync::{Arc, LazyLock};

use astkit_schema::Schema;
use hashbrown::HashTable;

use crate::constant::{Constant, text_key};
use crate::diagnostic::Diagnostic;
use crate::identifier::normalize_identifier;
use crate::layout;
use crate::lowered::Lowered;
use crate::name_table::NameInterner;
use crate::payload::{KindFacts, Payload, Word, kind_facts};
use crate::source::SourceText;
use crate::span::Span;
use crate::spans::Spans;
use crate::tree::{KindId, NONE, Node, NodeData, RoleId, Tree};

/// A place in the stream of built nodes: a node closed with it becomes the parent of all that was built since.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark(u32);

/// A node that was built.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Built(pub(crate) u32);

impl Built {
    /// How many nodes were built before it.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// A name's id in the tree being built.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NameId(pub u32);

/// A constant's id in the tree being built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConstantId(pub u32);

/// For how many names there is room from the beginning; only generated files have more.
const MOST_NAMES: usize = 4096;

/// A node and its place in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlacedNode {
    pub(crate) data: NodeData,
    pub(crate) span: Span,
}

/// Builds the tree of one file. See the module's documentation.
pub struct TreeBuilder<'s> {
    pub(crate) schema: &'static Schema,
    source: &'s SourceText,
    pub(crate) facts: &'static [KindFacts],
    /// In postorder; `size` counts the whole subtree.
    pub(crate) nodes: Vec<PlacedNode>,
    pub(crate) words: Vec<u32>,
    pub(crate) names: NameInterner,
    pub(crate) constants: Vec<Constant>,
    /// Of each constant, for the table.
    constant_keys: Vec<u64>,
    /// The tree that this one is made of.
    base: Option<&'s Tree>,
    constant_table: HashTable<u32>,
    diagnostics: Vec<Diagnostic>,
    repairs: Vec<(&'static str, u32)>,
}

impl<'s> TreeBuilder<'s> {
    /// Starts an empty tree of this schema for this text.
    pub fn new(schema: &'static Schema, source: &'s SourceText) -> Self {
        let guess = source.text().len() / 10;
        Self {
            schema,
            source,
            facts: kind_facts(schema),
            nodes: Vec::with_capacity(guess),
            words: Vec::new(),
            names: NameInterner::with_capacity((source.text().len() / 64).min(MOST_NAMES)),
            constants: Vec::new(),
            constant_keys: Vec::new(),
            base: None,
            constant_table: HashTable::new(),
            diagnostics: Vec::new(),
            repairs: Vec::new(),
        }
    }

    /// Starts a tree that is made of another one's nodes and has no text of its own. End it by
    /// [`finish_made_of`](Self::finish_made_of).
    ///
    /// It shares the other's names, constants and records, so that [`copy_payload`](Self::copy_payload) of a node of
    /// that tree costs nothing. A name that is added may get another id than the other tree has for it.
    pub fn made_of(tree: &'s Tree) -> Self {
        static NO_TEXT: LazyLock<SourceText> = LazyLock::new(|| SourceText::from_text(""));
        Self {
            nodes: Vec::with_capacity(tree.nodes.len()),
            words: tree.words.to_vec(),
            names: NameInterner::behind(&tree.names),
            constants: tree.more_constants.to_vec(),
            constant_keys: tree.more_constants.iter().map(Constant::key).collect(),
            base: Some(tree),
            ..Self::new(tree.schema, &NO_TEXT)
        }
    }

    /// How many names are known so far.
    pub fn name_count(&self) -> u32 {
        u32::try_from(self.names.len()).unwrap_or(NONE)
    }

    /// The text that the tree is built for.
    pub fn source(&self) -> &'s SourceText {
        self.source
    }

    /// The present place in the stream of nodes.
    #[inline]
    pub fn mark(&self) -> Mark {
        Mark(u32::try_from(self.nodes.len()).unwrap_or(NONE))
    }

    /// Forgets everything built since `mark` (names and constants stay known, which no result shows).
    pub fn rewind(&mut self, mark: Mark) {
        self.nodes.truncate(mark.0 as usize);
    }

    /// Closes a node over everything built since `mark`.
    ///
    /// `flag` and `aux` hold its scalars as the schema's [`Storage`](astkit_schema::Storage) says; the constructors
    /// of [`python::build`](crate::python::build) know them. The span of a kind without a position of its own is the
    /// hull of its children, and `span` only if there are none.
    pub fn close(&mut self, mark: Mark, kind: KindId, span: Span, flag: u8, aux: u32) -> Built {
        let located = self.facts.get(usize::from(kind.0)).is_none_or(|it| it.located);
        let is_file = kind.0 == 0;
        let span = if located || is_file { span } else { self.hull(mark).unwrap_or(span) };
        self.close_located(mark, kind, span, flag, aux)
    }

    /// Closes a node in a tree without positions.
    #[inline]
    pub fn close_unplaced(&mut self, mark: Mark, kind: KindId, flag: u8, aux: u32) -> Built {
        self.close_located(mark, kind, Span::default(), flag, aux)
    }

    /// Closes a node of a kind that has a position of its own, or of the file's.
    #[inline]
    pub(crate) fn close_located(
        &mut self,
        mark: Mark,
        kind: KindId,
        span: Span,
        flag: u8,
        aux: u32,
    ) -> Built {
        let at = self.mark();
        let data = NodeData { kind: kind.0, role: 0, flag, aux, size: at.0 - mark.0 + 1 };
        self.nodes.push(PlacedNode { data, span });
        Built(at.0)
    }

    /// Gives the last node that was closed its role in its future parent.
    #[inline]
    pub fn role(&mut self, role: impl Into<RoleId>) {
        if let Some(last) = self.nodes.last_mut() {
            last.data.role = role.into().0;
        }
    }

    /// Gives a node its role in its future parent.
    pub fn set_role(&mut self, node: Built, role: impl Into<RoleId>) {
        if let Some(node) = self.nodes.get_mut(node.0 as usize) {
            node.data.role = role.into().0;
        }
    }

    /// The last node that was closed; none at the very beginning.
    pub fn last(&self) -> Option<Built> {
        u32::try_from(self.nodes.len()).ok()?.checked_sub(1).map(Built)
    }

    /// The last `count` nodes that were closed, newest first: each is followed by its last child, if it has any.
    pub fn last_nodes(&self, count: u32) -> impl Iterator<Item = Built> + use<> {
        let end = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        (end.saturating_sub(count)..end).rev().map(Built)
    }

    /// Kind of a node that was built.
    pub fn kind_of(&self, node: Built) -> Option<KindId> {
        self.nodes.get(node.0 as usize).map(|it| KindId(it.data.kind))
    }

    /// Span of a node that was built.
    pub fn span_of(&self, node: Built) -> Span {
        self.nodes.get(node.0 as usize).map(|it| it.span).unwrap_or_default()
    }

    /// Changes the span of a node that was built.
    pub fn set_span(&mut self, node: Built, span: Span) {
        if let Some(it) = self.nodes.get_mut(node.0 as usize) {
            it.span = span;
        }
    }

    /// Makes the spans of everything built since `mark` nest: each within its parent's, none before its left sibling's
    /// end. For trees that were recovered from broken text, where a parser may place what it made up anywhere.
    ///
    /// Spans that nest already stay as they are; so do decorators, and the texts of `=` fields. Cost: linear.
    pub fn nest_spans(&mut self, mark: Mark) {
        let whole = Span::new(0, u32::try_from(self.source.text().len()).unwrap_or(NONE));
        // Subtrees that are to be put within a span, the last child of a parent first: (end of the list, its
        // length, span of the parent). Children are walked backwards, so what bounds them is their right sibling.
        let mut stack = vec![(self.nodes.len(), mark.0 as usize, whole)];
        let mut siblings: Vec<usize> = Vec::new();
        while let Some((mut end, first, parent)) = stack.pop() {
            siblings.clear();
            while end > first {
                siblings.push(end - 1);
                end -= self.nodes[end - 1].data.size as usize;
            }
            let mut from = parent.start;
            for at in siblings.iter().rev().copied() {
                let span = self.nest_span(at, from, parent);
                self.nodes[at].span = span;
                from = span.end.max(from);
                stack.push((at, at + 1 - self.nodes[at].data.size as usize, span));
            }
        }
    }

    /// The span of a node, put within `parent` and behind `from`.
    fn nest_span(&self, at: usize, from: u32, parent: Span) -> Span {
        let PlacedNode { data: node, span } = &self.nodes[at];
        let role = self.schema.roles.get(usize::from(node.role)).map_or("", String::as_str);
        if role == "decorator_list" && span.end <= parent.start {
            return *span;
        }
        let kind = self.schema.kinds.get(usize::from(node.kind)).map_or("", |it| &it.name);
        let from = if matches!(kind, "FormattedValue" | "Interpolation") { parent.start } else { from };
        let start = span.start.clamp(from.min(parent.end), parent.end);
        Span::new(start, span.end.clamp(start, parent.end))
    }

    /// Changes the byte of a node that was built (a context that is known late).
    pub fn set_flag(&mut self, node: Built, flag: u8) {
        if let Some(it) = self.nodes.get_mut(node.0 as usize) {
            it.data.flag = flag;
        }
    }

    /// The roots of the subtrees built since `mark`, in order.
    pub fn roots(&self, mark: Mark) -> Vec<Built> {
        let mut out: Vec<Built> = self.roots_backwards(mark).collect();
        out.reverse();
        out
    }

    fn roots_backwards(&self, mark: Mark) -> impl Iterator<Item = Built> + '_ {
        let mut end = self.nodes.len();
        std::iter::from_fn(move || {
            let at = end.checked_sub(1).filter(|it| *it >= mark.0 as usize)?;
            end -= self.nodes[at].data.size as usize;
            u32::try_from(at).ok().map(Built)
        })
    }

    fn hull(&self, mark: Mark) -> Option<Span> {
        self.roots_backwards(mark).map(|it| self.span_of(it)).reduce(Span::hull)
    }

    /// The id of a name that is normalized already.
    #[inline]
    pub fn normalized_name(&mut self, name: &str) -> NameId {
        NameId(self.names.intern(name))
    }

    /// The id of a normalized name that nobody has asked for before; it is not found again by its text.
    pub fn new_name(&mut self, name: &str) -> NameId {
        NameId(self.names.push(name))
    }

    /// The id of a name, which is normalized as Python does (NFKC).
    pub fn name(&mut self, name: &str) -> NameId {
        if name.is_ascii() {
            return NameId(self.names.intern(name));
        }
        NameId(self.names.intern(&normalize_identifier(name)))
    }

    /// The id of a constant.
    pub fn constant(&mut self, constant: Constant) -> ConstantId {
        let key = constant.key();
        match self.find_constant(key, |known| *known == constant) {
            Some(id) => ConstantId(self.first_constant() + id),
            None => self.new_constant(constant, key),
        }
    }

    /// The id of a text constant. Cost: nothing is allocated for a text that is known already.
    pub fn text_constant(&mut self, text: &str) -> ConstantId {
        let key = text_key(text);
        match self.find_constant(key, |known| matches!(known, Constant::Str(known) if **known == *text)) {
            Some(id) => ConstantId(self.first_constant() + id),
            None => self.new_constant(Constant::Str(text.into()), key),
        }
    }

    fn find_constant(&self, key: u64, is_equal: impl Fn(&Constant) -> bool) -> Option<u32> {
        let is_it = |id: &u32| {
            let at = *id as usize;
            self.constant_keys[at] == key && is_equal(&self.constants[at])
        };
        self.constant_table.find(key, is_it).copied()
    }

    fn new_constant(&mut self, constant: Constant, key: u64) -> ConstantId {
        let id = u32::try_from(self.constants.len()).unwrap_or(NONE);
        self.constants.push(constant);
        self.constant_keys.push(key);
        let keys = &self.constant_keys;
        self.constant_table.insert_unique(key, id, |it| keys[*it as usize]);
        ConstantId(self.first_constant() + id)
    }

    /// How many constants the tree has that this one is made of.
    fn first_constant(&self) -> u32 {
        self.base.map_or(0, |it| u32::try_from(it.constants.len()).unwrap_or(NONE))
    }

    /// Starts a record and returns its place, for a node's `aux`. See [`Storage`](astkit_schema::Storage).
    pub fn record(&mut self) -> u32 {
        u32::try_from(self.words.len()).unwrap_or(NONE)
    }

    /// Adds a single value to the record that was started last.
    pub fn record_word(&mut self, word: u32) {
        self.words.push(word);
    }

    /// Adds a list to the record that was started last.
    pub fn record_list(&mut self, words: impl Iterator<Item = u32>) {
        let at = self.words.len();
        self.words.push(0);
        self.words.extend(words);
        self.words[at] = u32::try_from(self.words.len() - at - 1).unwrap_or(0);
    }

    /// Closes an `Error` node over everything built since `mark`: text that has no meaning, with what could be
    /// recovered in it. Its value is the digest of its text, so that only equal text is equal.
    pub fn error(&mut self, mark: Mark, span: Span) -> Built {
        let text = self.source.slice(span).trim();
        let value = self.constant(Constant::digest_of(text));
        let kind = self.schema.kind("Error").unwrap_or(0);
        for root in self.roots(mark) {
            self.set_role(root, RoleId(self.schema.role("recovered").unwrap_or(0)));
        }
        self.close(mark, KindId(kind), span, 0, value.0)
    }

    /// Adds a `Missing` node: a required child that the text does not have.
    pub fn missing(&mut self, offset: u32) -> Built {
        let kind = self.schema.kind("Missing").unwrap_or(0);
        self.close(self.mark(), KindId(kind), Span::empty(offset), 0, NONE)
    }

    /// Adds a diagnostic.
    pub fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The diagnostics so far.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Takes the diagnostics so far: for a frontend that begins anew after [`rewind`](Self::rewind).
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    /// Counts one use of a named repair (of a tree that a parser accepted but got wrong).
    pub fn repaired(&mut self, rule: &'static str) {
        match self.repairs.iter_mut().find(|it| it.0 == rule) {
            Some(it) => it.1 += 1,
            None => self.repairs.push((rule, 1)),
        }
    }

    /// Takes the counts of repairs, sorted by name.
    pub fn take_repairs(&mut self) -> Vec<(&'static str, u32)> {
        let mut repairs = std::mem::take(&mut self.repairs);
        repairs.sort_unstable();
        repairs
    }

    /// Copies a subtree of another file's tree of the same schema, moving its positions by `shift` bytes.
    ///
    /// The copy's root keeps no role: give it one.
    pub fn graft(&mut self, from: &Lowered, node: Node<'_>, shift: i64) -> Built {
        let mut stack = vec![(node, None)];
        while let Some((node, mark)) = stack.pop() {
            let Some(mark) = mark else {
                stack.push((node, Some(self.mark())));
                let children: Vec<_> = node.children().collect();
                stack.extend(children.into_iter().rev().map(|it| (it, None)));
                continue;
            };
            let span = from.spans.get(node);
            let moved = |it: u32| u32::try_from(i64::from(it) + shift).unwrap_or(0);
            let aux = self.copy_payload(node);
            self.close(mark, node.kind(), Span::new(moved(span.start), moved(span.end)), node.flag(), aux);
            self.role(node.role());
        }
        self.role(RoleId(0));
        Built(self.mark().0.saturating_sub(1))
    }

    /// Copies what a node of another tree of the same schema has in its word: names, constants, records. The result
    /// is the `aux` for [`close`](Self::close).
    #[inline]
    pub fn copy_payload(&mut self, node: Node<'_>) -> u32 {
        if self.base.is_some_and(|it| std::ptr::eq(it, node.tree())) {
            return node.aux();
        }
        self.copy_others_payload(node)
    }

    fn copy_others_payload(&mut self, node: Node<'_>) -> u32 {
        let Some(facts) = self.facts.get(usize::from(node.kind().0)) else { return NONE };
        match facts.payload.clone() {
            Payload::Nothing => NONE,
            Payload::Word(word) => self.copy_word(word, node, node.aux()),
            Payload::Record(singles, list) => {
                let list_at = u8::try_from(singles.len()).unwrap_or(0);
                let mut words: Vec<u32> = Vec::new();
                for (at, word) in (0..).zip(&singles) {
                    words.push(self.copy_word(*word, node, node.record_word(at)));
                }
                let items = list.map(|word| {
                    node.record_list(list_at)
                        .iter()
                        .map(|it| self.copy_word(word, node, *it))
                        .collect::<Vec<_>>()
                });
                let record = self.record();
                self.words.extend(words);
                if let Some(items) = items {
                    self.record_list(items.into_iter());
                }
                record
            }
        }
    }

    fn copy_word(&mut self, word: Word, node: Node<'_>, value: u32) -> u32 {
        match word {
            _ if value == NONE => NONE,
            Word::Plain => value,
            Word::Name => node.name_of(value).map_or(NONE, |it| self.names.intern(it)),
            Word::Constant => self.constant(node.constant_of(value).clone()).0,
        }
    }

    /// Lays out a tree [made of another](Self::made_of): without positions, in one arena, without structural hashes.
    ///
    /// Returns with it each node's [index](Node::index), in the order in which they were built. There must be one root.
    pub fn finish_made_of(self) -> (Tree, Vec<u32>) {
        let shared = self.base.map(|it| Arc::clone(&it.constants)).unwrap_or_default();
        layout::lay_out_flat(self, shared)
    }

    /// Lays out the tree.
    ///
    /// What was built should be one root of the schema's first kind; if a frontend left something else, it is put
    /// under such a root, with a diagnostic.
    pub fn finish(mut self) -> (Tree, Spans, Vec<Diagnostic>) {
        let roots = self.roots(Mark(0));
        let is_file = |it: &Built| self.kind_of(*it) == Some(KindId(0));
        if roots.len() != 1 || !roots.iter().all(is_file) {
            let span = Span::new(0, u32::try_from(self.source.text().len()).unwrap_or(NONE));
            self.diagnostic(Diagnostic::error(
                "frontend",
                "no-root",
                span,
                "the frontend built no file node",
            ));
            self.close(Mark(0), KindId(0), span, 0, NONE);
        }
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let (tree, spans) = layout::lay_out(self);
        (tree, spans, diagnostics)
    }
}

#[cfg(test)]
mod tests;
