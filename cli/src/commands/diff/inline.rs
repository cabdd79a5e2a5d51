//! What changed within a line: the pieces of an old and a new line that differ.
//!
//! Pieces are tokens; strings and comments fall into words. Lines that have little in common are not paired.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use astkit::ast::{TokenKind, tokens};
use rustc_hash::FxBuildHasher;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Lines with more pieces are shown as wholes.
const MOST_PIECES: usize = 2048;
/// The share of a pair of lines that has to be common.
const LEAST_COMMON: f32 = 0.4;

/// A line as pieces, those that differ marked.
pub(super) type Pieces<'a> = Vec<(bool, &'a str)>;

/// A line, cut into pieces.
pub(super) struct Line<'a> {
    text: &'a str,
    pieces: Vec<&'a str>,
    /// Hashes and lengths of the pieces, sorted.
    bag: Vec<(u64, usize)>,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let pieces = split(text);
        let hash = |it: &&str| (FxBuildHasher.hash_one(it.trim()), it.trim().len());
        let mut bag: Vec<_> = pieces.iter().map(hash).filter(|it| it.1 > 0).collect();
        bag.sort_unstable();
        Self { text, pieces, bag }
    }
}

/// The pieces of two lines; none if the lines have too little in common.
pub(super) fn pieces<'a>(old: &Line<'a>, new: &Line<'a>) -> Option<(Pieces<'a>, Pieces<'a>)> {
    let (olds, news) = (&old.pieces, &new.pieces);
    let all = old.text.trim().len() + new.text.trim().len();
    #[expect(clippy::cast_precision_loss, reason = "a ratio of lengths of lines")]
    let are_similar = |common: usize| (common * 2) as f32 >= LEAST_COMMON * all as f32;
    if olds.len() > MOST_PIECES || news.len() > MOST_PIECES || !are_similar(in_both(&old.bag, &new.bag)) {
        return None;
    }
    let (mut before, mut after): (Pieces<'a>, Pieces<'a>) = (Vec::new(), Vec::new());
    let mut common = 0;
    for op in capture_diff_slices(Algorithm::Myers, olds, news) {
        let equal = matches!(op, DiffOp::Equal { .. });
        for piece in &olds[op.old_range()] {
            common += if equal { piece.trim().len() } else { 0 };
            push(&mut before, !equal, piece, old.text);
        }
        for piece in &news[op.new_range()] {
            push(&mut after, !equal, piece, new.text);
        }
    }
    are_similar(common).then_some((before, after))
}

/// The length of what two bags have in common: the most that can be common in any order.
fn in_both(a: &[(u64, usize)], b: &[(u64, usize)]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + a[i].1),
        }
    }
    common
}

/// Adds a piece, joined with the one before it if that is marked alike.
fn push<'a>(pieces: &mut Pieces<'a>, marked: bool, piece: &'a str, line: &'a str) {
    if let Some(last) = pieces.last_mut().filter(|it| it.0 == marked) {
        let start = last.1.as_ptr().addr() - line.as_ptr().addr();
        last.1 = &line[start..start + last.1.len() + piece.len()];
    } else {
        pieces.push((marked, piece));
    }
}

fn split(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for token in tokens(line) {
        let span = token.span.range();
        if span.start > from {
            out.push(&line[from..span.start]);
        }
        let text = &line[span.clone()];
        match token.kind {
            TokenKind::String | TokenKind::FStringMiddle | TokenKind::Comment | TokenKind::Error => {
                out.extend(words(text));
            }
            TokenKind::Name
            | TokenKind::Number
            | TokenKind::FStringStart
            | TokenKind::FStringEnd
            | TokenKind::Op
            | TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::LineContinuation => out.push(text),
        }
        from = from.max(span.end);
    }
    out.push(&line[from..]);
    out.retain(|it| !it.is_empty());
    out
}

/// Words and what is between them.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let end = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let Some((before, after)) = pieces(&Line::new(old), &Line::new(new)) else {
            return "unlike".to_owned();
        };
        let text = |pieces: Pieces<'_>| {
            let one =
                |(marked, text): (bool, &str)| if marked { format!("<{text}>") } else { text.to_owned() };
            pieces.into_iter().map(one).collect::<String>()
        };
        format!("{} | {}", text(before), text(after))
    }

    #[test]
    fn tokens_that_differ_are_marked() {
        assert_eq!(marked("f(a, b)", "f(a, *b)"), "f(a, b) | f(a, <*>b)");
        assert_eq!(marked("x = 'one two'", "x = 'one three'"), "x = 'one <two>' | x = 'one <three>'");
        assert_eq!(marked("return a", "raise ValueError('no')"), "unlike");
    }
}
