//! One side of a comparison: a file's definitions, and what is looked up about them.

use std::sync::OnceLock;

use astkit_ast::tree::Node;
use astkit_ast::{
    DefKind, Definition, Lowered, Severity, SourceText, Span, Token, definitions, python, tokens,
};
use astkit_hash::{Hash, Level, definition_hashes, definition_spans};
use rustc_hash::FxHashMap;

use crate::layout::Layout;
use crate::lexemes::{self, Lexeme};
use crate::sketch::{self, Sketch};
use crate::{DefinitionSide, own};

/// A version of a file, ready to be compared.
pub struct Side<'a> {
    pub(crate) source: &'a SourceText,
    pub(crate) lowered: &'a Lowered,
    /// Definitions without lambdas; parents are indices in this list.
    pub(crate) definitions: Vec<Definition<'a>>,
    /// Their numbers by the index of their node.
    pub(crate) numbers: FxHashMap<u32, usize>,
    /// Direct children, in the order of the text.
    pub(crate) children: Vec<Vec<usize>>,
    /// Whether a definition's own code could not be parsed.
    pub(crate) broken: Vec<bool>,
    spans: OnceLock<Vec<Span>>,
    hashes: OnceLock<Vec<Hash>>,
    layout: OnceLock<Layout<'a>>,
    tokens: OnceLock<Vec<Token>>,
    lexemes: OnceLock<Vec<Lexeme>>,
    blocks: OnceLock<Vec<u64>>,
    sketches: Vec<OnceLock<Sketch>>,
}

impl<'a> Side<'a> {
    /// Looks at a lowered file; `source` is the text that it was lowered from.
    pub fn new(source: &'a SourceText, lowered: &'a Lowered) -> Self {
        let definitions = compared(lowered);
        let numbers: FxHashMap<u32, usize> =
            definitions.iter().enumerate().map(|(at, it)| (it.node.index(), at)).collect();
        let mut children = vec![Vec::new(); definitions.len()];
        for (at, it) in definitions.iter().enumerate() {
            if let Some(parent) = it.parent {
                children[parent].push(at);
            }
        }
        let mut side = Self {
            source,
            lowered,
            definitions,
            numbers,
            children,
            broken: Vec::new(),
            spans: OnceLock::new(),
            hashes: OnceLock::new(),
            layout: OnceLock::new(),
            tokens: OnceLock::new(),
            lexemes: OnceLock::new(),
            blocks: OnceLock::new(),
            sketches: Vec::new(),
        };
        side.sketches.resize_with(side.definitions.len(), OnceLock::new);
        side.broken = side.find_broken();
        side
    }

    /// Whether the text is Python's.
    pub(crate) fn is_python(&self) -> bool {
        python::is_python(&self.lowered.tree)
    }

    /// What is shown of a definition.
    pub(crate) fn shown(&self, file: usize, at: usize) -> DefinitionSide {
        DefinitionSide {
            file,
            number: at,
            qualname: self.definitions[at].qualname.clone(),
            span: self.span(at),
        }
    }

    /// The hash of a definition at the level `ast`, by its number. The first call hashes the whole file.
    pub fn hash(&self, number: usize) -> Hash {
        let hashes = self.hashes.get_or_init(|| {
            // Hashing needs lambdas, too: they stand for themselves in the encoding.
            let all = definitions(&self.lowered.tree);
            let hashes = definition_hashes(Level::Ast, self.source, self.lowered, &all);
            let named = all.iter().zip(hashes).filter(|(it, _)| it.kind != DefKind::Lambda);
            named.map(|(_, hash)| hash).collect()
        });
        hashes[number]
    }

    /// The span of a definition, decorators included.
    pub(crate) fn span(&self, at: usize) -> Span {
        self.spans.get_or_init(|| definition_spans(self.source, self.lowered, &self.definitions))[at]
    }

    /// In which kinds of statements a definition stands within its parent, and as what, as one number.
    pub(crate) fn block(&self, at: usize) -> u64 {
        self.blocks.get_or_init(|| self.find_blocks())[at]
    }

    fn find_blocks(&self) -> Vec<u64> {
        let mut out = vec![0; self.definitions.len()];
        if !self.is_python() {
            return out;
        }
        let mut stack: Vec<(Node<'_>, u64)> = vec![(self.lowered.tree.root(), 0)];
        while let Some((node, block)) = stack.pop() {
            let number = self.numbers.get(&node.index()).copied();
            let kind = if number.is_some() { 0 } else { u64::from(node.kind().0) + 1 };
            let own = (kind << 16) | u64::from(node.role().0);
            let mut inner = (block.rotate_left(5) ^ own).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            if let Some(number) = number {
                (out[number], inner) = (inner, 0);
            }
            let inside = node.children().filter(|it| is_block_part(*it));
            stack.extend(inside.map(|it| (it, inner)));
        }
        out
    }

    /// The lexemes of the text.
    pub(crate) fn lexemes(&self) -> &[Lexeme] {
        self.lexemes.get_or_init(|| {
            let text = self.source.text();
            if self.is_python() { lexemes::of_python(text, self.tokens()) } else { lexemes::of_text(text) }
        })
    }

    /// What a definition is made of, those nested in it included.
    pub(crate) fn sketch(&self, at: usize) -> &Sketch {
        // A definition comes before those in it, so from the back each finds those in it complete.
        let end = self.subtree_end(at);
        for it in (at + 1..end).rev() {
            self.sketches[it].get_or_init(|| sketch::sketch(self, it));
        }
        self.sketches[at].get_or_init(|| sketch::sketch(self, at))
    }

    /// The sketch of a definition that has been made.
    pub(crate) fn made_sketch(&self, at: usize) -> Option<&Sketch> {
        self.sketches[at].get()
    }

    /// The number after the last definition that is in one.
    fn subtree_end(&self, mut at: usize) -> usize {
        while let Some(last) = self.children[at].last() {
            at = *last;
        }
        at + 1
    }

    /// How similar two definitions are, from 0 to 1: an estimate.
    pub fn similarity(&self, number: usize, other: &Side<'_>, other_number: usize) -> f32 {
        self.sketch(number).similarity(other.sketch(other_number))
    }

    /// The tokens of the text, if it is Python.
    pub(crate) fn tokens(&self) -> &[Token] {
        self.tokens.get_or_init(|| tokens(self.source.text()).collect())
    }

    /// The definitions' own tokens and comments.
    pub(crate) fn layout(&self) -> &Layout<'a> {
        self.layout.get_or_init(|| Layout::new(self))
    }

    /// The whole lines of a definition that are its own, in order: those of nested definitions are left out, and
    /// comments belong to whom they speak of, if it is Python.
    pub fn own_lines(&self, number: usize) -> Vec<u32> {
        let lines = |at: usize| {
            let extent = if self.is_python() { self.layout().extent(at)? } else { self.span(at) };
            Some((self.source.position(extent.start).line, self.source.position(extent.end).line))
        };
        let Some((first, last)) = lines(number) else { return Vec::new() };
        let mut out = Vec::new();
        let mut next = first;
        for (nested_first, nested_last) in self.children[number].iter().filter_map(|it| lines(*it)) {
            out.extend(next..nested_first.max(next));
            next = next.max(nested_last + 1);
        }
        out.extend(next..=last.max(next.saturating_sub(1)));
        out
    }

    /// A definition's own text: nested definitions are left out.
    pub(crate) fn own_text(&self, at: usize) -> String {
        let mut out = String::new();
        let span = self.span(at);
        let mut from = span.start;
        for nested in self.children[at].iter().map(|it| self.span(*it)) {
            out.push_str(self.source.slice(Span::new(from, nested.start.max(from))));
            from = nested.end.max(from);
        }
        out.push_str(self.source.slice(Span::new(from, span.end)));
        out
    }

    /// The innermost definition at an offset; the module outside of all others.
    fn innermost(&self, offset: u32) -> usize {
        let text = |at: usize| self.lowered.spans.def(self.definitions[at].node);
        let mut at =
            self.definitions[1..].partition_point(|it| self.lowered.spans.def(it.node).start <= offset);
        while at > 0 && text(at).end < offset {
            at = self.definitions[at].parent.unwrap_or(0);
        }
        at
    }

    /// Which definitions have damage in their own code: nodes that stand for it, or errors in their place.
    fn find_broken(&self) -> Vec<bool> {
        if !self.lowered.is_partial() {
            return vec![false; self.definitions.len()];
        }
        let is_damage = |node: Node<'_>| matches!(node.kind_name(), "Error" | "Missing");
        let damaged = |it: &Definition<'_>| own::any_node(it.node, &self.numbers, &is_damage);
        let mut out: Vec<bool> = self.definitions.iter().map(damaged).collect();
        for error in self.lowered.diagnostics.iter().filter(|it| it.severity == Severity::Error) {
            out[self.innermost(error.span.start)] = true;
        }
        out
    }
}

/// Whether a node is a statement or a part of one that has statements.
pub(crate) fn is_block_part(node: Node<'_>) -> bool {
    let sums = &node.tree().schema().sums;
    matches!(sums[usize::from(node.kind_def().sum)].name.as_str(), "stmt" | "excepthandler" | "match_case")
}

/// The definitions that are compared: all but lambdas, which have no names to match them by.
fn compared(lowered: &Lowered) -> Vec<Definition<'_>> {
    let all = definitions(&lowered.tree);
    let mut numbers = vec![usize::MAX; all.len()];
    let mut out: Vec<Definition<'_>> = Vec::new();
    for (at, mut it) in all.into_iter().enumerate() {
        if it.kind == DefKind::Lambda {
            // Nothing but lambdas can stand in a lambda, so nobody looks this number up.
            continue;
        }
        it.parent = it.parent.and_then(|parent| numbers.get(parent).copied());
        numbers[at] = out.len();
        out.push(it);
    }
    out
}
