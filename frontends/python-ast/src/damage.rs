//! Where a broken text is damaged: which statements have to be marked, and which text no statement covers.
//!
//! The parser repairs what it can: from `f(a b)` it makes the same call as from `f(a, b)`. Two texts of which one is
//! broken must not give equal trees, so every error has to leave an `Error` node. The rule: an error belongs to the
//! innermost statement around it, or to the one that follows in the same block, and that statement is wrapped.

use astkit_ast::Span;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextSize};

use crate::findings::Finding;

/// The errors of a text in order, those before `next` already assigned to a statement.
pub(crate) struct Damage<'t> {
    starts: Vec<u32>,
    next: usize,
    tokens: &'t Tokens,
}

impl<'t> Damage<'t> {
    /// The damage that `findings`, which are sorted, tell of.
    pub(crate) fn new(findings: &[Finding<'_>], tokens: &'t Tokens) -> Self {
        Self { starts: findings.iter().map(|it| it.span.start).collect(), next: 0, tokens }
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

    /// The text in `gap` that is neither white space nor comment nor a semicolon: from the first to the last token.
    pub(crate) fn uncovered(&self, gap: Span) -> Option<Span> {
        let tokens = &self.tokens[..];
        let first = tokens.partition_point(|it| it.start() < TextSize::new(gap.start));
        let inside = tokens[first..].iter().take_while(|it| it.end() <= TextSize::new(gap.end));
        let mut real = inside.filter(|it| !is_trivia(it.kind()) && !it.range().is_empty());
        let start = real.next()?;
        let end = real.last().unwrap_or(start);
        Some(Span::new(start.start().to_u32(), end.end().to_u32()))
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
