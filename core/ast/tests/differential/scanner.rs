//! The scanner against `tokenize`.

use std::fmt::Write as _;

use astkit_ast::{SourceText, TokenKind, tokens};

use crate::python::{ask, bytes};

/// Every so many files of the standard library are compared.
const STEP: &str = "20";

/// The oracle's notation. It gives no end to line ends, and texts of format strings end before doubled braces.
fn render(text: &str) -> String {
    let mut out = String::new();
    for token in tokens(text) {
        let letter = match token.kind {
            TokenKind::Name => 'n',
            TokenKind::Number => 'i',
            TokenKind::String => 's',
            TokenKind::FStringStart => '<',
            TokenKind::FStringMiddle => 'm',
            TokenKind::FStringEnd => '>',
            TokenKind::Op => 'o',
            TokenKind::Comment => 'c',
            TokenKind::Newline => 'N',
            TokenKind::NonLogicalNewline => 'l',
            TokenKind::LineContinuation => continue,
            TokenKind::Error => 'E',
        };
        writeln!(out, "{letter} {} {}", token.span.start, token.span.end).unwrap();
    }
    out
}

fn same(ours: &str, theirs: &str) -> bool {
    let mut ours = ours.split_whitespace();
    let mut theirs = theirs.split_whitespace();
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some(our), Some(their)) if our == their => {
                let starts = (ours.next(), theirs.next());
                let [our_end, their_end]: [u32; 2] =
                    [ours.next(), theirs.next()].map(|end| end.unwrap().parse().unwrap());
                let same_end = match our {
                    "N" | "l" => true,
                    "m" => our_end == their_end || our_end == their_end + 1,
                    _ => our_end == their_end,
                };
                if starts.0 != starts.1 || !same_end {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[test]
fn tokens_of_the_standard_library() {
    let Some(answers) = ask(&["tokens", STEP], String::new()) else {
        return;
    };
    let mut different = Vec::new();
    for file in answers.chunks(3) {
        let source = SourceText::decode(&bytes(&file[1]));
        if !same(&render(source.text()), &file[2]) {
            different.push(&file[0]);
        }
    }
    assert!(different.is_empty(), "{} of {} files: {different:?}", different.len(), answers.len() / 3);
}
