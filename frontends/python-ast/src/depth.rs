//! How deep a text nests, at most: before it is parsed.
//!
//! The parser takes any depth, on a stack that grows: several kilobytes for each level. A text of a few megabytes
//! could so take all of the memory. So a text that may nest deeper than [`LIMIT`] is not parsed. (CPython stops at
//! 200 brackets, and somewhere between 1,000 and 10,000 operators.)
//!
//! Each level needs a bracket, a replacement field, a prefix operator, a power, or the keyword of a ternary (`if`), a
//! lambda, an `await` or a `yield`. They are counted where nothing tells that what came before is over: a comma (not after a
//! lambda or a `yield`, which may have some of their own), a closing bracket, the end of a logical line.

use astkit_ast::{Span, Token, TokenKind, tokens};
use memchr::memmem;
use memchr::{memchr, memchr_iter};

/// The deepest nesting that is parsed.
pub(crate) const LIMIT: u32 = 100_000;

/// Where a text nests too deep.
pub(crate) fn too_deep(text: &str) -> Option<Span> {
    if text.len() <= LIMIT as usize || most(text) <= LIMIT as usize { None } else { scan(text) }
}

/// How often anything that can nest occurs in a text, wherever it stands.
fn most(text: &str) -> usize {
    let marks = b"([{-~+*".iter().map(|mark| memchr_iter(*mark, text.as_bytes()).count());
    let words = ["if", "not", "lambda", "await", "yield"];
    let words = words.iter().map(|word| memmem::find_iter(text.as_bytes(), word).count());
    marks.chain(words).sum()
}

/// What is known of the brackets that are open.
struct Nesting {
    /// For the text outside of all brackets, then for each bracket from the outermost on: levels since the last
    /// comma, and whether commas mean nothing.
    open: Vec<(u32, bool)>,
    /// Levels in all.
    depth: u32,
}

impl Nesting {
    fn new() -> Self {
        Self { open: vec![(0, false)], depth: 0 }
    }

    fn deeper(&mut self, sticky: bool) {
        self.depth += 1;
        if let Some(last) = self.open.last_mut() {
            last.0 += 1;
            last.1 |= sticky;
        }
    }

    /// Closes or opens brackets until `depth` are open around what comes.
    fn set_open(&mut self, depth: usize) {
        while self.open.len() > depth + 1
            && let Some((levels, _)) = self.open.pop()
        {
            self.depth -= levels + 1;
        }
        while self.open.len() < depth + 1 {
            self.depth += 1;
            self.open.push((0, false));
        }
    }

    /// What came before in the innermost bracket is over.
    fn reset(&mut self, is_line_end: bool) {
        if let Some(last) = self.open.last_mut()
            && (is_line_end || !last.1)
        {
            self.depth -= last.0;
            *last = (0, false);
        }
    }
}

fn scan(text: &str) -> Option<Span> {
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        start += match simple_line(rest) {
            Some(len) => len,
            None => match logical_line(rest) {
                Ok(len) => len,
                Err(Span { start: from, end: to }) => {
                    let start = u32::try_from(start).unwrap_or(u32::MAX);
                    return Some(Span { start: start + from, end: start + to });
                }
            },
        };
    }
    None
}

/// The length of the first line, if it is a logical line that can be told without looking at its tokens, and too short to
/// nest too deep.
fn simple_line(text: &str) -> Option<usize> {
    let end = memchr(b'\n', text.as_bytes())? + 1;
    let mut open = 0u32;
    for it in text[..end].bytes() {
        match it {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.checked_sub(1)?,
            b'\'' | b'"' | b'#' | b'\\' => return None,
            _ => {}
        }
    }
    (open == 0 && end <= LIMIT as usize).then_some(end)
}

/// The length of the first logical line.
///
/// # Errors
/// Where it nests too deep.
fn logical_line(text: &str) -> Result<usize, Span> {
    let mut nesting = Nesting::new();
    let mut after_operand = false;
    for token in tokens(text) {
        nesting.set_open(token.depth as usize);
        after_operand = step(&mut nesting, text, &token, after_operand);
        if nesting.depth > LIMIT {
            return Err(token.span);
        }
        if token.kind == TokenKind::Newline && token.depth == 0 && !token.span.is_empty() {
            return Ok(token.span.range().end);
        }
    }
    Ok(text.len())
}

/// Takes a token in; says whether an operator after it is a binary one.
fn step(nesting: &mut Nesting, text: &str, token: &Token, after_operand: bool) -> bool {
    let word = text.get(token.span.range()).unwrap_or_default();
    match token.kind {
        TokenKind::Newline => {
            nesting.reset(true);
            false
        }
        TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::LineContinuation => after_operand,
        TokenKind::Name => match word {
            "if" | "not" | "await" => {
                nesting.deeper(false);
                false
            }
            "lambda" | "yield" => {
                nesting.deeper(true);
                false
            }
            _ => !matches!(word, "and" | "or" | "in" | "is" | "else" | "return"),
        },
        TokenKind::Op => match word {
            "," => {
                nesting.reset(false);
                false
            }
            "**" => {
                nesting.deeper(false);
                false
            }
            "+" | "-" | "~" | "*" => {
                if !after_operand {
                    nesting.deeper(false);
                }
                false
            }
            _ => matches!(word, ")" | "]" | "}"),
        },
        TokenKind::FStringStart | TokenKind::FStringMiddle | TokenKind::Error => false,
        TokenKind::Number | TokenKind::String | TokenKind::FStringEnd => true,
    }
}
