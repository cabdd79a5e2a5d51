//! Comments, parentheses and the places of names: what the text has beside the tree.
//!
//! All of it is computed from the tokens of the text and the positions of the tree, on demand. So every frontend has
//! the same side tables, whatever its parser reports, and nobody pays for them who does not ask.
//!
//! Cost: one scan of the text when made; then a binary search over the tokens per question.

mod names;

use crate::lowered::Lowered;
use crate::python::{self, Kind, Role};
use crate::scanner::{Token, TokenKind, tokens};
use crate::source::SourceText;
use crate::span::Span;
use crate::tree::Node;

/// A pair of parentheses that only groups: no node stands for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parentheses<'a> {
    /// The expression or pattern that they enclose.
    pub node: Node<'a>,
    /// From `(` to `)`, both included.
    pub span: Span,
}

/// A name that a node holds as a scalar, and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameSpan {
    /// The node's field.
    pub field: &'static str,
    /// The name's place; of a dotted name, from its first part to its last.
    pub span: Span,
}

/// The side tables of one Python file.
pub struct SideTables<'a> {
    text: &'a str,
    lowered: &'a Lowered,
    /// Tokens that mean something: no comments, line ends or continuations.
    tokens: Vec<Token>,
    /// For every bracket in `tokens`, the index of its partner; for everything else, its own.
    partners: Vec<usize>,
    comments: Vec<Span>,
}

impl<'a> SideTables<'a> {
    /// Scans the text that `lowered` was made of.
    pub fn new(source: &'a SourceText, lowered: &'a Lowered) -> Self {
        let text = source.text();
        let (mut significant, mut comments) = (Vec::new(), Vec::new());
        for token in tokens(text) {
            if token.kind == TokenKind::Comment {
                comments.push(token.span);
            } else if token.kind.is_code() {
                significant.push(token);
            }
        }
        let partners = partners(text, &significant);
        Self { text, lowered, tokens: significant, partners, comments }
    }

    /// The places of all comments, in order: from `#` to the line's end, which is left out.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The grouping parentheses around an expression or pattern, from the inside out.
    ///
    /// Left out are parentheses that belong to a node: of calls, tuples, generators, classes, class patterns.
    pub fn parentheses(&self, node: Node<'a>, parent: Option<Node<'a>>) -> Vec<Parentheses<'a>> {
        let mut out = Vec::new();
        let span = self.lowered.span(node);
        let groups = self.is_groupable(node) && !span.is_empty();
        let (Some(mut first), Some(mut last)) = (self.starting_at(span.start), self.ending_at(span.end))
        else {
            return out;
        };
        while groups && first > 0 && self.text_of(first - 1) == "(" && self.partners[first - 1] == last + 1 {
            (first, last) = (first - 1, last + 1);
            if parent.is_some_and(|it| self.belongs_to(it, node, first, last)) {
                break;
            }
            out.push(Parentheses { node, span: self.tokens[first].span.hull(self.tokens[last].span) });
        }
        out
    }

    /// All grouping parentheses of the file, in the order of the nodes.
    pub fn all_parentheses(&self) -> Vec<Parentheses<'a>> {
        let (mut out, mut stack) = (Vec::new(), vec![(self.lowered.tree.root(), None)]);
        while let Some((node, parent)) = stack.pop() {
            out.extend(self.parentheses(node, parent));
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, Some(node))));
            stack[first..].reverse();
        }
        out
    }

    /// A definition's whole text: from the `@` of its first decorator to the end of its last statement.
    pub fn definition_span(&self, node: Node<'a>) -> Span {
        let span = self.lowered.span(node);
        let Some(decorator) = node.child(Role::DecoratorList.into()) else { return span };
        let start = self.lowered.span(decorator).start;
        let mut at = self.starting_at(start);
        while let Some(token) = at {
            match self.text_of(token) {
                "@" => return Span::new(self.tokens[token].span.start, span.end),
                "(" => {}
                _ if self.tokens[token].span.start >= start => {}
                _ => break,
            }
            at = token.checked_sub(1);
        }
        // Behind an open quote, tokens and tree disagree about what is code.
        let before = &self.text[..start as usize];
        let between = before.trim_end_matches(|it: char| it.is_whitespace() || matches!(it, '(' | '\\'));
        match between.strip_suffix('@') {
            Some(rest) => Span::new(u32::try_from(rest.len()).unwrap_or(start), span.end),
            None => span,
        }
    }

    fn is_groupable(&self, node: Node<'_>) -> bool {
        let sums = &self.lowered.tree.schema().sums;
        matches!(sums[usize::from(node.kind_def().sum)].name.as_str(), "expr" | "pattern")
            // The same text as its value: reported there.
            && python::kind(node) != Kind::MatchValue
    }

    /// Whether the parentheses around `node` are part of `parent`.
    #[expect(clippy::wildcard_enum_match_arm, reason = "kinds without parentheses of their own")]
    fn belongs_to(&self, parent: Node<'_>, node: Node<'_>, open: usize, close: usize) -> bool {
        let ends_parent = self.tokens[close].span.end == self.lowered.span(parent).end;
        match python::kind(parent) {
            Kind::Call => node.role() != Role::Func.into() && ends_parent,
            Kind::MatchClass => node.role() != Role::Cls.into() && ends_parent,
            // `class A(B):` against `class A((B)):`, whose inner one follows a parenthesis.
            Kind::ClassDef => {
                node.role() == Role::Bases.into() && open > 0 && !matches!(self.text_of(open - 1), "(" | ",")
            }
            _ => false,
        }
    }

    fn text_of(&self, token: usize) -> &'a str {
        self.text.get(self.tokens[token].span.range()).unwrap_or_default()
    }

    /// Index of the first token that starts at or after `offset`.
    fn starting_at(&self, offset: u32) -> Option<usize> {
        let at = self.tokens.partition_point(|it| it.span.start < offset);
        (at < self.tokens.len()).then_some(at)
    }

    /// Index of the last token that ends at or before `offset`.
    fn ending_at(&self, offset: u32) -> Option<usize> {
        self.tokens.partition_point(|it| it.span.end <= offset).checked_sub(1)
    }
}

fn partners(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match text.get(token.span.range()).unwrap_or_default() {
            "(" | "[" | "{" if token.kind == TokenKind::Op => open.push(at),
            ")" | "]" | "}" if token.kind == TokenKind::Op => {
                // Partners have the same depth; what was opened deeper and never closed is dropped.
                while open.pop_if(|it| tokens[*it].depth > token.depth).is_some() {}
                if let Some(it) = open.pop_if(|it| tokens[*it].depth == token.depth) {
                    (partners[it], partners[at]) = (at, it);
                }
            }
            _ => {}
        }
    }
    partners
}
