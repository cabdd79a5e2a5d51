//! The lexemes of a text: what similarity is measured on, and what edit scripts are made of.
//!
//! A lexeme is a token or a comment; what lies between two lexemes, white space and line continuations, is the *gap*
//! before the second. Lexemes and gaps cover every byte of the text. Python is cut by its own scanner; any other
//! language into words, and single characters that are neither words nor white space.

use astkit_ast::{Span, Token, TokenKind};
use xxhash_rust::xxh3::xxh3_64;

/// One lexeme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexeme {
    pub(crate) span: Span,
    /// Hash of its text.
    pub(crate) hash: u64,
    pub(crate) kind: LexemeKind,
}

/// What a lexeme is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LexemeKind {
    /// A name, keyword, number, or text of a string.
    Word,
    /// Anything else that is code.
    Mark,
    Comment,
}

/// The lexemes that the tokens of a Python text are, in order.
pub(crate) fn of_python(text: &str, tokens: &[Token]) -> Vec<Lexeme> {
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let kind = match token.kind {
            TokenKind::Comment => LexemeKind::Comment,
            TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::LineContinuation => continue,
            TokenKind::Name | TokenKind::Number | TokenKind::String | TokenKind::FStringMiddle => {
                LexemeKind::Word
            }
            TokenKind::FStringStart | TokenKind::FStringEnd | TokenKind::Op | TokenKind::Error => {
                LexemeKind::Mark
            }
        };
        push(&mut out, text, token.span, kind);
    }
    out
}

/// The lexemes of a text in another language.
pub(crate) fn of_text(text: &str) -> Vec<Lexeme> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let rest = &text[at..];
        let len = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            let span = Span::new(offset(at), offset(at + len));
            push(&mut out, text, span, if is_word(first) { LexemeKind::Word } else { LexemeKind::Mark });
        }
        at += len;
    }
    out
}

fn push(out: &mut Vec<Lexeme>, text: &str, span: Span, kind: LexemeKind) {
    if !span.is_empty() {
        let hash = xxh3_64(text.get(span.range()).unwrap_or_default().as_bytes());
        out.push(Lexeme { span, hash, kind });
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The lexemes within a span, as a range of indices.
pub(crate) fn within(lexemes: &[Lexeme], span: Span) -> std::ops::Range<usize> {
    let first = lexemes.partition_point(|it| it.span.start < span.start);
    let last = lexemes.partition_point(|it| it.span.end <= span.end);
    first..last.max(first)
}
