//! Where a broken text may be cut: before definitions, and where a block ends.
//!
//! Cuts are made from the look of lines alone. Brackets and strings can't be trusted in broken text: one missing quote
//! turns code into text and text into code to the end of the file. A cut that was wrong shows, because the piece does
//! not parse and ends within a string or bracket; see [`open_end`].

use std::ops::Range;

use super::Lines;
use crate::scanner::{TokenKind, tokens};

/// What a line looks like, by its first word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LineKind {
    /// White space and perhaps a comment.
    Blank,
    /// `def`, `async def` or `class`.
    Definition,
    /// `@`.
    Decorator,
    /// The header of another block.
    Block,
    /// What can't be the first line of a statement: a closing bracket, `else`, `except`, ...
    Continuation,
    Other,
}

/// One line of the text.
pub(super) struct Line {
    pub(super) start: usize,
    /// Behind its last character, before the line end.
    pub(super) end: usize,
    /// Bytes of indentation.
    pub(super) column: u32,
    kind: LineKind,
}

impl Line {
    pub(super) fn has_code(&self) -> bool {
        self.kind != LineKind::Blank
    }

    /// Whether a definition or its decorators begin here.
    pub(super) fn starts_definition(&self) -> bool {
        matches!(self.kind, LineKind::Definition | LineKind::Decorator)
    }

    /// Its white space at the start.
    pub(super) fn indentation<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.start + self.column as usize]
    }
}

/// Looks at every line of a text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let mark = if start == 0 && content.starts_with('\u{feff}') { 3 } else { 0 };
        let code = content[mark..].trim_start_matches([' ', '\t', '\x0c']);
        let column = u32::try_from(content.len() - mark - code.len()).unwrap_or(u32::MAX);
        out.push(Line { start, end: start + content.len(), column, kind: kind(code) });
        start += line.len();
    }
    out
}

fn kind(code: &str) -> LineKind {
    let word = code.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or_default();
    match word {
        "def" | "class" => LineKind::Definition,
        "async" if code[word.len()..].trim_start().starts_with("def ") => LineKind::Definition,
        "if" | "for" | "while" | "with" | "try" | "match" | "async" => LineKind::Block,
        "else" | "elif" | "except" | "finally" => LineKind::Continuation,
        _ if code.is_empty() || code.starts_with('#') => LineKind::Blank,
        _ if code.starts_with('@') => LineKind::Decorator,
        _ if code.starts_with([')', ']', '}']) => LineKind::Continuation,
        _ => LineKind::Other,
    }
}

/// The lines of `range` before which to cut, the first line always among them. `column` is where its statements start:
/// lines to the left of it, which don't belong there, begin pieces of their own.
pub(super) fn cut(lines: &[Line], range: Lines, column: u32) -> Vec<usize> {
    let mut out = vec![range.start];
    let code: Vec<usize> = range.filter(|it| lines[*it].has_code()).collect();
    for (number, at) in code.iter().enumerate().skip(1) {
        let (last, line) = (&lines[code[number - 1]], &lines[*at]);
        let is_left = line.column < column;
        if line.column <= column
            && line.kind != LineKind::Continuation
            && last.kind != LineKind::Decorator
            && (line.starts_definition() || last.column > column || last.kind == LineKind::Continuation)
            && (is_left || !is_stray(line, &code[number + 1..], lines))
        {
            out.push(*at);
        }
    }
    out
}

/// Whether a line is no start of anything: what follows, up to the next line that is no deeper, holds definitions, but
/// it opens no block for them. It may be the second half of a line that was broken in two, or something typed at the
/// left edge; the definitions belong to the class before it.
fn is_stray(line: &Line, following: &[usize], lines: &[Line]) -> bool {
    let mut deeper = following.iter().map(|it| &lines[*it]).take_while(|it| it.column > line.column);
    let opens = matches!(line.kind, LineKind::Definition | LineKind::Block);
    !opens && deeper.any(Line::starts_definition)
}

/// If a string or bracket that starts in the piece is still open at its end: where it closes, if before `limit`. The
/// first number is how many bytes behind the piece were looked through for it.
pub(super) fn open_end(text: &str, piece: Range<usize>, limit: usize) -> (usize, Option<usize>) {
    let mut open = false;
    let mut seen = 0;
    for token in tokens(&text[piece.start..limit]) {
        let span = token.span.range();
        let (start, end) = (piece.start + span.start, piece.start + span.end);
        if end <= piece.end {
            continue;
        }
        seen = end - piece.end;
        // The first token after the end says by its depth whether brackets are open; one across the end is a string.
        open |= start < piece.end || token.depth > 0;
        if !open || token.unterminated {
            return (seen, None);
        }
        if token.depth == 0 {
            return (seen, Some(end));
        }
    }
    (seen, None)
}

/// For the lines of a class: the first line of its body, if the header ends and the body is deeper.
pub(super) fn class_body(text: &str, lines: &[Line], range: Lines) -> Option<usize> {
    let column = lines[range.start].column;
    let is_own = |it: &usize| {
        let line = &lines[*it];
        line.has_code() && line.kind != LineKind::Decorator && line.column == column
    };
    let class = range.clone().find(is_own)?;
    let limit = lines.get(range.end).map_or(text.len(), |it| it.start);
    let header = &text[lines[class].start..limit];
    if !header.trim_start().starts_with("class") {
        return None;
    }
    let newline = tokens(header).find(|it| it.kind == TokenKind::Newline)?;
    let end = lines[class].start + newline.span.end as usize;
    let body = (class + 1..range.end).find(|it| lines[*it].start >= end && lines[*it].has_code())?;
    (lines[body].column > column).then_some(body)
}
