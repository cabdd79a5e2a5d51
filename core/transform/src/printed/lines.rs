//! Where statements stand among the lines of a text: logical lines, leading comments, indentation.

use astkit_ast::{Span, Token, TokenKind, tokens};

/// The tokens of a text, and which of its lines begin outside of strings.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    tokens: Vec<Token>,
    /// Starts of the lines whose indentation is no part of a string, blank lines left out.
    starts: Vec<u32>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let tokens: Vec<Token> = tokens(text).collect();
        let starts = line_starts(text, &tokens);
        Self { text, tokens, starts }
    }

    /// Index of the first token that starts at or behind an offset.
    fn at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|it| it.span.start < offset)
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The line starts in a part of the text.
    pub(super) fn starts_in(&self, start: u32, end: u32) -> &[u32] {
        let first = self.starts.partition_point(|it| *it < start);
        let last = self.starts.partition_point(|it| *it < end);
        &self.starts[first..last.max(first)]
    }

    /// Whether code at an offset is the first of its logical line.
    pub(super) fn starts_line(&self, offset: u32) -> bool {
        self.tokens.get(self.at(offset)).is_some_and(|it| it.span.start == offset && it.starts_line)
    }

    /// Whether nothing but `;` follows on the logical line.
    pub(super) fn ends_line(&self, end: u32) -> bool {
        let mut rest = self.tokens[self.at(end)..].iter();
        let is_code = |it: &&Token| {
            !matches!(
                it.kind,
                TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::LineContinuation
            ) && self.slice(it.span.start, it.span.end) != ";"
        };
        rest.find(is_code).is_none_or(|it| it.kind == TokenKind::Newline || it.starts_line)
    }

    /// Where the logical line of code at an offset begins: at the start of a line.
    pub(super) fn begin(&self, start: u32) -> u32 {
        let mut at = self.at(start);
        while let Some(before) = at.checked_sub(1) {
            if matches!(self.tokens[before].kind, TokenKind::Newline | TokenKind::NonLogicalNewline) {
                return self.tokens[before].span.end;
            }
            at = before;
        }
        if self.text.starts_with('\u{feff}') { 3 } else { 0 }
    }

    /// Where the logical line ends on which code ends: the place of its newline, and the start of the next line.
    pub(super) fn end(&self, end: u32) -> (u32, u32) {
        let mut rest = self.tokens[self.at(end)..].iter();
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        rest.find(|it| it.kind == TokenKind::Newline)
            .map_or((length, length), |it| (it.span.start, it.span.end))
    }

    /// Where the comments begin that stand directly above a logical line, at its indentation.
    pub(super) fn leading(&self, start: u32) -> u32 {
        let mut begin = self.begin(start);
        let column = self.tokens.get(self.at(start)).map_or(0, |it| it.column);
        loop {
            let Some(newline) = self.at(begin).checked_sub(1).filter(|it| *it > 0) else { return begin };
            let comment = self.tokens[newline - 1];
            let is_alone = newline < 2
                || matches!(self.tokens[newline - 2].kind, TokenKind::Newline | TokenKind::NonLogicalNewline);
            let is_newline = self.tokens[newline].kind == TokenKind::NonLogicalNewline;
            if !is_newline || comment.kind != TokenKind::Comment || comment.column != column || !is_alone {
                return begin;
            }
            begin = self.line_start(comment.span.start);
        }
    }

    /// Whether nothing but comments and blank lines stands before an offset.
    pub(super) fn is_first(&self, start: u32) -> bool {
        self.tokens[..self.at(start)].iter().all(|it| {
            matches!(it.kind, TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::LineContinuation)
        })
    }

    fn line_start(&self, offset: u32) -> u32 {
        let before = self.slice(0, offset);
        before.rfind('\n').map_or(if before.starts_with('\u{feff}') { 3 } else { 0 }, |it| {
            u32::try_from(it + 1).unwrap_or(0)
        })
    }

    /// The white space before the first code of the logical line that an offset is on.
    pub(super) fn indentation(&self, offset: u32) -> &'a str {
        let mut at = self.at(offset);
        while at > 0 && !self.tokens.get(at).is_some_and(|it| it.starts_line) {
            at -= 1;
        }
        let start = self.tokens.get(at).map_or(offset, |it| it.span.start);
        let before = self.slice(self.line_start(start), start);
        before.rsplit(['\u{c}', '\u{feff}']).next().unwrap_or_default()
    }

    /// One level of indentation, as the text has it.
    pub(super) fn unit(&self) -> &'a str {
        let first = self.tokens.iter().find(|it| it.starts_line && it.column > 0);
        first.map(|it| self.indentation(it.span.start)).filter(|it| !it.is_empty()).unwrap_or("    ")
    }

    /// The last token of code before an offset.
    pub(super) fn before(&self, offset: u32) -> Option<(Span, &'a str)> {
        self.tokens[..self.at(offset)].iter().rev().find(|it| is_code(it)).map(|it| self.told(it))
    }

    /// The first token of code at or behind an offset.
    pub(super) fn behind(&self, offset: u32) -> Option<(Span, &'a str)> {
        self.tokens[self.at(offset)..].iter().find(|it| is_code(it)).map(|it| self.told(it))
    }

    fn told(&self, token: &Token) -> (Span, &'a str) {
        (token.span, self.slice(token.span.start, token.span.end))
    }

    /// The nearest token of this text before an offset, but not before another offset.
    pub(super) fn find_before(&self, offset: u32, not_before: u32, text: &str) -> Option<Span> {
        let range = self.at(not_before)..self.at(offset);
        let is_it = |it: &&Token| self.slice(it.span.start, it.span.end) == text && it.kind == TokenKind::Op;
        self.tokens.get(range)?.iter().rev().find(is_it).map(|it| it.span)
    }
}

fn is_code(token: &Token) -> bool {
    !matches!(
        token.kind,
        TokenKind::Comment | TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::LineContinuation
    )
}

/// The starts of lines that are neither blank nor within a string.
pub(super) fn line_starts(text: &str, tokens: &[Token]) -> Vec<u32> {
    let (mut out, mut formats, mut inside_until, mut at) = (Vec::new(), 0_u32, 0, 0);
    let bytes = text.as_bytes();
    let mut line = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while line < bytes.len() {
        // What begins before this line.
        while let Some(token) = tokens.get(at).filter(|it| (it.span.start as usize) < line) {
            match token.kind {
                TokenKind::FStringStart => formats += 1,
                TokenKind::FStringEnd => formats = formats.saturating_sub(1),
                TokenKind::String => inside_until = token.span.end as usize,
                _ => {}
            }
            at += 1;
        }
        let next = memchr_newline(bytes, line);
        let is_blank = text[line..next].trim().is_empty();
        if formats == 0 && line >= inside_until && !is_blank {
            out.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
        line = next + 1;
    }
    out
}

fn memchr_newline(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| from + it)
}
