//! Where a broken text is damaged: which statements have to be marked, and which text no statement covers.
//!
//! The parser repairs what it can: from `f(a b)` it makes the same call as from `f(a, b)`. Two texts of which one is
//! broken must not give equal trees, so every error has to leave an `Error` node. The rule: an error belongs to the
//! innermost statement around it, or to the one that follows in the same block, and that statement is wrapped.

use astkit_ast::Span;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextSize};

use crate::findings::Finding;
use crate::place::{offset, span_of};

/// The errors of a text in order, those before `next` already assigned to a statement.
pub(crate) struct Damage<'t> {
    starts: Vec<u32>,
    next: usize,
    text: &'t str,
    tokens: &'t Tokens,
}

impl<'t> Damage<'t> {
    /// The damage that `findings`, which are sorted, tell of.
    pub(crate) fn new(findings: &[Finding<'_>], text: &'t str, tokens: &'t Tokens) -> Self {
        Self { starts: findings.iter().map(|it| it.span.start).collect(), next: 0, text, tokens }
    }

    /// Whether the text is broken anywhere.
    pub(crate) fn is_any(&self) -> bool {
        !self.starts.is_empty()
    }

    /// Assigns all errors before `offset`; says whether there were any.
    pub(crate) fn take_before(&mut self, offset: u32) -> bool {
        let before = self.next;
        while self.starts.get(self.next).is_some_and(|it| *it < offset) {
            self.next += 1;
        }
        self.next > before
    }

    /// Assigns the next error, if it is not behind `offset`.
    pub(crate) fn take_one(&mut self, offset: u32) {
        if self.rest().is_some_and(|it| it <= offset) {
            self.next += 1;
        }
    }

    /// Whether the parser found an error within `span`.
    pub(crate) fn is_any_in(&self, span: Span) -> bool {
        let at = self.starts.partition_point(|it| *it < span.start);
        self.starts.get(at).is_some_and(|it| *it <= span.end)
    }

    /// The first error that is not assigned to anything yet.
    pub(crate) fn rest(&self) -> Option<u32> {
        self.starts.get(self.next).copied()
    }

    /// The text in `gap` that is neither white space nor comment nor a semicolon: from its first character to its
    /// last. Where the parser's lexer gave up, the text is between its tokens.
    pub(crate) fn uncovered(&self, gap: Span) -> Option<Span> {
        let tokens = &self.tokens[..];
        let first = tokens.partition_point(|it| it.start() < TextSize::new(gap.start));
        let mut found: Option<Span> = None;
        let mut add = |span: Span| found = Some(found.map_or(span, |it| it.hull(span)));
        let mut end = gap.start;
        for token in tokens[first..].iter().take_while(|it| it.end() <= TextSize::new(gap.end)) {
            let span = span_of(token);
            self.between_tokens(Span::new(end, span.start)).map(&mut add);
            if !is_trivia(token.kind()) && !span.is_empty() {
                add(span);
            }
            end = end.max(span.end);
        }
        self.between_tokens(Span::new(end, gap.end)).map(&mut add);
        found
    }

    /// What of the text between two tokens is no white space.
    fn between_tokens(&self, gap: Span) -> Option<Span> {
        let is_space = |it: char| matches!(it, ' ' | '\t' | '\x0c' | '\r' | '\n' | '\\' | '\u{feff}');
        let text = self.text.get(gap.range())?;
        let rest = text.trim_start_matches(is_space);
        let start = gap.start + offset(text.len() - rest.len());
        let rest = rest.trim_end_matches(is_space);
        (!rest.is_empty()).then(|| Span::new(start, start + offset(rest.len())))
    }
}

fn is_trivia(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comment
            | TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::Semi
            | TokenKind::EndOfFile
    )
}
