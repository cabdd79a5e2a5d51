//! The statements of a file as a tree of ranges of lexemes: what is aligned before single lexemes are.
//!
//! An item is a statement, an exception handler, a case, or comments that stand alone. Comments directly above a
//! statement, and at the end of its last line, belong to it. The lexemes of an item that are in no item within are its
//! own. The hash of an item is over its lexemes and over where items in it begin and end: a dedent changes it.
//!
//! In a language without known statements, items are the nodes that begin a line.

use astkit_ast::tree::Node;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::lexemes::{Lexeme, LexemeKind, within};
use crate::side::{Side, is_block_part};

/// The kind of an item that is only comments.
pub(crate) const COMMENTS: u16 = u16::MAX;

/// A statement.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its lexemes.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// How many items it is, with those in it.
    pub(crate) size: usize,
    pub(crate) parent: usize,
    pub(crate) kind: u16,
    /// The definition that it is.
    pub(crate) definition: Option<usize>,
    /// The innermost definition around it, or itself.
    pub(crate) owner: usize,
    pub(crate) hash: u64,
    /// The same, names and literals left out.
    pub(crate) shape: u64,
}

/// All items of a file in preorder; the first is the module.
#[derive(Debug)]
pub(crate) struct Items {
    pub(crate) list: Vec<Item>,
    /// By definition: its item.
    pub(crate) of_definition: Vec<Option<usize>>,
}

impl Item {
    /// How many lexemes it has.
    pub(crate) fn len(&self) -> usize {
        self.last - self.first
    }
}

impl Items {
    /// Finds the items of a side.
    pub(crate) fn new(side: &Side<'_>) -> Self {
        let lexemes = side.lexemes();
        let mut out = Self { list: Vec::new(), of_definition: vec![None; side.definitions.len()] };
        let found = found(side, lexemes);
        let whole = Item {
            first: 0,
            last: lexemes.len(),
            size: 1,
            parent: 0,
            kind: 0,
            definition: Some(0),
            owner: 0,
            hash: 0,
            shape: 0,
        };
        out.list.push(whole);
        Builder { side, lexemes, items: &mut out, open: vec![0] }.run(&found);
        for at in 0..out.list.len() {
            if let Some(it) = out.list[at].definition {
                out.of_definition[it] = Some(at);
            }
        }
        hash(&mut out.list, lexemes);
        out
    }

    /// The items directly in an item.
    pub(crate) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = at + self.list[at].size;
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let it = next;
            (it < end).then(|| {
                next += self.list[it].size;
                it
            })
        })
    }

    /// The lexemes of an item that are in no item within.
    pub(crate) fn own_lexemes(&self, at: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut next = self.list[at].first;
        for child in self.children(at) {
            out.extend(next..self.list[child].first);
            next = self.list[child].last;
        }
        out.extend(next..self.list[at].last);
        out
    }
}

/// A node that is an item, before comments are given to it.
struct Found {
    first: usize,
    last: usize,
    depth: usize,
    kind: u16,
    definition: Option<usize>,
}

/// The nodes that are items, in preorder.
fn found(side: &Side<'_>, lexemes: &[Lexeme]) -> Vec<Found> {
    let python = side.is_python();
    let numbers: &FxHashMap<u32, usize> = &side.numbers;
    let mut out: Vec<Found> = Vec::new();
    let mut stack: Vec<(Node<'_>, usize, u32)> =
        side.lowered.tree.root().children().map(|it| (it, 1, u32::MAX)).collect();
    stack.reverse();
    while let Some((node, depth, parent_start)) = stack.pop() {
        let definition = numbers.get(&node.index()).copied();
        let span = definition.map_or_else(|| side.lowered.span(node), |it| side.span(it));
        let is_item = if python {
            is_block_part(node)
        } else {
            definition.is_some()
                || (span.start != parent_start && begins_line(side.source.text(), span.start))
        };
        let mut inner = depth;
        if is_item {
            let range = within(lexemes, span);
            if !range.is_empty() {
                out.push(Found {
                    first: range.start,
                    last: range.end,
                    depth,
                    kind: node.kind().0,
                    definition,
                });
                inner += 1;
            }
        } else if python {
            continue;
        }
        let first = stack.len();
        let start = if is_item { span.start } else { parent_start };
        stack.extend(node.children().map(|it| (it, inner, start)));
        stack[first..].reverse();
    }
    out
}

fn begins_line(text: &str, offset: u32) -> bool {
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    before[line..].bytes().all(|it| it == b' ' || it == b'\t')
}

struct Builder<'b, 'a> {
    side: &'b Side<'a>,
    lexemes: &'b [Lexeme],
    items: &'b mut Items,
    /// The items around the current place.
    open: Vec<usize>,
}

impl Builder<'_, '_> {
    fn run(&mut self, found: &[Found]) {
        for it in found {
            self.close_to(it.depth);
            let parent = *self.open.last().expect("the module is never closed before the end");
            // What overlaps its sibling, as in broken trees, can't be an item of its own.
            let from = self.free_from(parent);
            if it.first < from || it.last > self.limit(parent) {
                continue;
            }
            let leading = self.leading(from, it.first);
            self.loose(parent, from, leading);
            let owner = it.definition.unwrap_or(self.items.list[parent].owner);
            let last = self.trailing(it.last, self.limit(parent));
            self.push(Item {
                first: leading,
                last,
                size: 1,
                parent,
                kind: it.kind,
                definition: it.definition,
                owner,
                hash: 0,
                shape: 0,
            });
            self.open.push(self.items.list.len() - 1);
        }
        self.close_to(0);
    }

    fn push(&mut self, item: Item) {
        self.items.list.push(item);
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth.max(1) || (depth == 0 && !self.open.is_empty()) {
            let Some(at) = self.open.pop() else { return };
            self.items.list[at].size = self.items.list.len() - at;
        }
    }

    /// The end of the last item in an item so far; where its own text begins, if there is none.
    fn free_from(&self, parent: usize) -> usize {
        let list = &self.items.list;
        let mut last = list.len() - 1;
        while last > parent && list[last].parent != parent {
            last = list[last].parent;
        }
        if last > parent { list[last].last } else { list[parent].first }
    }

    fn limit(&self, parent: usize) -> usize {
        self.items.list[parent].last
    }

    /// Where the comments directly above a statement begin.
    fn leading(&self, from: usize, first: usize) -> usize {
        let mut at = first;
        while at > from
            && self.lexemes[at - 1].kind == LexemeKind::Comment
            && self.newlines_before(at) == 1
            && self.newlines_before(at - 1) > 0
        {
            at -= 1;
        }
        at
    }

    /// The end of a statement with the comment at the end of its line.
    fn trailing(&self, last: usize, limit: usize) -> usize {
        let is_trailing =
            last < limit && self.lexemes[last].kind == LexemeKind::Comment && self.newlines_before(last) == 0;
        if is_trailing { last + 1 } else { last }
    }

    /// Makes items of comments that stand alone between two statements.
    fn loose(&mut self, parent: usize, from: usize, to: usize) {
        // At the beginning of a block are the words that open it, and comments behind them.
        let owner = self.items.list[parent].owner;
        let mut at = to;
        while at > from
            && self.lexemes[at - 1].kind == LexemeKind::Comment
            && self.newlines_before(at - 1) > 0
        {
            at -= 1;
        }
        while at < to {
            let mut end = at + 1;
            while end < to && self.newlines_before(end) == 1 {
                end += 1;
            }
            let item = Item {
                first: at,
                last: end,
                size: 1,
                parent,
                kind: COMMENTS,
                definition: None,
                owner,
                hash: 0,
                shape: 0,
            };
            self.push(item);
            at = end;
        }
    }

    fn newlines_before(&self, at: usize) -> usize {
        let start = at.checked_sub(1).map_or(0, |it| self.lexemes[it].span.end);
        let gap = self.side.source.text().get(start as usize..self.lexemes[at].span.start as usize);
        let count = gap.unwrap_or_default().matches('\n').count();
        // The beginning of the text is the beginning of a line.
        if at == 0 { count + 1 } else { count }
    }
}

/// Hashes all items, those within others first.
fn hash(list: &mut [Item], lexemes: &[Lexeme]) {
    for at in (0..list.len()).rev() {
        let mut state = (u64::from(list[at].kind), u64::from(list[at].kind));
        let mut next = list[at].first;
        let end = at + list[at].size;
        let mut child = at + 1;
        while child < end {
            own(&mut state, &lexemes[next..list[child].first]);
            state.0 = mix(state.0, list[child].hash ^ 1);
            state.1 = mix(state.1, list[child].shape ^ 1);
            next = list[child].last;
            child += list[child].size;
        }
        own(&mut state, &lexemes[next..list[at].last]);
        (list[at].hash, list[at].shape) = state;
    }
}

fn own(state: &mut (u64, u64), lexemes: &[Lexeme]) {
    for it in lexemes {
        state.0 = mix(state.0, it.hash);
        match it.kind {
            LexemeKind::Word => state.1 = mix(state.1, 7),
            LexemeKind::Mark => state.1 = mix(state.1, it.hash),
            LexemeKind::Comment => {}
        }
    }
}

fn mix(state: u64, value: u64) -> u64 {
    xxh3_64_with_seed(&value.to_le_bytes(), state)
}
