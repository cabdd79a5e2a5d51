//! Indentation that means one thing with wide tabs and another with narrow ones.
//!
//! CPython measures each line twice, with tabs to every eighth column and with tabs of one, and refuses lines that
//! compare differently with the ones before. The parser measures with tabs to every second column.
//!
//! Source: CPython's `Parser/lexer/lexer.c`.

use astkit_ast::Span;
use memchr::memchr;
use ruff_python_ast::token::{TokenKind, Tokens};

use crate::place::span_of;

/// The width of an indentation, measured twice.
#[derive(Clone, Copy, Default)]
struct Width {
    wide: u32,
    narrow: u32,
}

/// The first line whose indentation CPython refuses, at its first token.
pub(crate) fn inconsistent_line(text: &str, tokens: &Tokens) -> Option<Span> {
    memchr(b'\t', text.as_bytes())?;
    let mut open = vec![Width::default()];
    let mut starts_line = true;
    for token in &tokens[..] {
        if token.kind() == TokenKind::Newline {
            starts_line = true;
        } else if starts_line && !is_blank(token.kind()) {
            starts_line = false;
            let place = span_of(token);
            if let Some(width) = width_before(text, place.start)
                && !is_consistent(&mut open, width)
            {
                return Some(place);
            }
        }
    }
    None
}

/// Whether a line may have nothing but such tokens and be blank.
fn is_blank(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::NonLogicalNewline
            | TokenKind::Comment
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::EndOfFile
    )
}

/// The indentation of the line of a token that is its first; none if the line goes on from one before.
fn width_before(text: &str, token: u32) -> Option<Width> {
    let before = text.get(..token as usize)?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    if before[..before.len() - line.len()].trim_end_matches(['\n', '\r']).ends_with('\\') {
        return None;
    }
    let mut width = Width::default();
    for byte in line.bytes() {
        match byte {
            b' ' => width = Width { wide: width.wide + 1, narrow: width.narrow + 1 },
            b'\t' => width = Width { wide: (width.wide / 8 + 1) * 8, narrow: width.narrow + 1 },
            // A form feed starts anew; nothing else can be there but a byte-order mark.
            _ => width = Width::default(),
        }
    }
    Some(width)
}

/// Opens or closes blocks, as the width of the next line tells. A line that closes some is as wide as one before.
fn is_consistent(open: &mut Vec<Width>, width: Width) -> bool {
    let mut closes = false;
    while open.pop_if(|it| width.wide < it.wide).is_some() {
        closes = true;
    }
    let Some(block) = open.last().copied() else { return false };
    if width.wide > block.wide && !closes {
        open.push(width);
        return width.narrow > block.narrow;
    }
    width.wide == block.wide && width.narrow == block.narrow
}
