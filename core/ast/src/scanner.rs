//! A tolerant lexical scanner: the tokens of any text, well-formed or not, with their places.
//!
//! It follows CPython 3.13's tokenizer on what that accepts, f-strings after PEP 701 included (t-strings after
//! PEP 750 likewise), and goes on where that stops. It is for what needs no grammar: comments, parentheses, places
//! of names, safe places to cut a broken file, and whether two texts differ in formatting alone. Indentation is
//! not turned into tokens, but each token has its column.
//!
//! Every byte of the text lies in a token or is white space; tokens do not overlap. Cost: linear in the text, for
//! any nesting; nothing is allocated but one stack of open brackets and format strings. The text is expected to
//! come from [`SourceText`](crate::SourceText): a lone `\r` is no line end here.
//!
//! Broken text: a string in single quotes ends with its line, one in triple quotes with the text. A closing
//! bracket closes the nearest opening one of its kind in the same replacement field, and everything left open
//! within; without any, it closes nothing. A string that ends with its line also ends the single-quoted format
//! strings around it.

use memchr::{memchr, memrchr};
use unicode_ident::{is_xid_continue, is_xid_start};

use crate::Span;
use crate::line_index::offset_u32;
use lexeme::{number_end, operator_len, string_end, string_prefix};
use nesting::{Mode, Nesting, Quotes};

mod lexeme;
mod nesting;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TokenKind {
    /// An identifier or keyword.
    Name,
    /// A number, also with Python 2's `L`.
    Number,
    /// A whole string or bytes literal, prefix and quotes included, that is no format string.
    String,
    /// Prefix and opening quotes of an f-string or t-string.
    FStringStart,
    /// Text of a format string or of a format specification, doubled braces and escapes as they stand.
    FStringMiddle,
    /// Closing quotes of a format string; empty when they are missing.
    FStringEnd,
    /// An operator or delimiter of one to three characters.
    Op,
    /// A comment without its line end.
    Comment,
    /// The end of a logical line; empty when the text ends without newline.
    Newline,
    /// A line end that ends no logical line: of a blank line, or within brackets.
    NonLogicalNewline,
    /// A backslash with the line end after it.
    LineContinuation,
    /// A character that no token begins with.
    Error,
}

impl TokenKind {
    /// Whether it is part of what the code says: no comment, and no layout.
    pub fn is_code(self) -> bool {
        match self {
            Self::Name
            | Self::Number
            | Self::String
            | Self::FStringStart
            | Self::FStringMiddle
            | Self::FStringEnd
            | Self::Op
            | Self::Error => true,
            Self::Comment | Self::Newline | Self::NonLogicalNewline | Self::LineContinuation => false,
        }
    }
}

/// One token and its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
    /// How many brackets and replacement fields are open around it. A bracket is not in itself: an opening and
    /// its closing bracket have the same depth.
    pub depth: u32,
    /// Bytes between the start of its physical line and itself; a form feed in the indentation and a byte-order
    /// mark start anew.
    pub column: u32,
    /// Whether it is the first of a logical line; comments and line ends never are.
    pub starts_line: bool,
    /// Whether it is a string, or the end of one, without closing quotes.
    pub unterminated: bool,
}

/// The tokens of `text`, in order.
pub fn tokens(text: &str) -> Scanner<'_> {
    Scanner::new(text)
}

/// The places of all comments of `text`, from `#` to the line's end, which is left out (with its `\r`).
pub fn comments(text: &str) -> Vec<Span> {
    let is_comment = |token: &Token| token.kind == TokenKind::Comment;
    tokens(text).filter(is_comment).map(|token| token.span).collect()
}

/// From the first token of `text` that is code to the last; none if there are only comments, white space and separators
/// of statements.
pub fn code_span(text: &str) -> Option<Span> {
    let is_code = |token: &Token| {
        let kind = token.kind;
        let is_trivia = matches!(
            kind,
            TokenKind::Comment
                | TokenKind::Newline
                | TokenKind::NonLogicalNewline
                | TokenKind::LineContinuation
        );
        !is_trivia && !token.span.is_empty() && text.get(token.span.range()) != Some(";")
    };
    let spans = tokens(text).filter(is_code).map(|token| token.span);
    // A byte-order mark is none where a text does not begin.
    let mark = text.starts_with('\u{feff}').then(|| Span::new(0, 3));
    mark.into_iter().chain(spans).reduce(Span::hull)
}

/// The iterator of [`tokens`].
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    pos: usize,
    /// Where columns are counted from.
    line_start: usize,
    /// Whether only white space came since `line_start`.
    in_indentation: bool,
    /// Whether the logical line has no token yet.
    line_is_empty: bool,
    nesting: Nesting,
    /// Whether an unclosed string was seen whose format strings have to be closed.
    unwinding: bool,
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.unwinding {
            if self.nesting.close_single_quoted() {
                return Some(self.unclosed_end());
            }
            self.unwinding = false;
        }
        match self.nesting.mode() {
            Mode::Code => self.code(),
            Mode::Text(quotes) => Some(self.format_text(quotes, false)),
            Mode::Specification(quotes) => Some(self.format_text(quotes, true)),
        }
    }
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        let pos = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            pos,
            line_start: pos,
            in_indentation: true,
            line_is_empty: true,
            nesting: Nesting::default(),
            unwinding: false,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The token from the current position to `end`, which becomes the current position.
    fn token(&mut self, kind: TokenKind, end: usize) -> Token {
        let span = Span::new(offset_u32(self.pos), offset_u32(end));
        let is_code = !matches!(
            kind,
            TokenKind::Comment
                | TokenKind::Newline
                | TokenKind::NonLogicalNewline
                | TokenKind::LineContinuation
        );
        let token = Token {
            kind,
            span,
            depth: self.nesting.depth(),
            column: span.start - offset_u32(self.line_start),
            starts_line: is_code && self.line_is_empty,
            unterminated: false,
        };
        self.line_is_empty &= !is_code;
        self.in_indentation = false;
        self.pos = end;
        token
    }

    /// A token that may hold line ends.
    fn long_token(&mut self, kind: TokenKind, end: usize) -> Token {
        let start = self.pos;
        let token = self.token(kind, end);
        if let Some(newline) = memrchr(b'\n', &self.text.as_bytes()[start..end]) {
            self.line_start = start + newline + 1;
        }
        token
    }

    fn code(&mut self) -> Option<Token> {
        self.skip_space();
        let Some(first) = self.byte(self.pos) else {
            return self.end_of_text();
        };
        Some(match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.name(),
            b'0'..=b'9' => self.token(TokenKind::Number, number_end(self.text.as_bytes(), self.pos)),
            b'\'' | b'"' => self.string(self.pos),
            b'\n' => self.newline(1),
            b'\r' => self.newline(2),
            b'#' => self.comment(),
            b'\\' => match self.line_end_len(self.pos + 1) {
                0 => self.token(TokenKind::Error, self.pos + 1),
                length => self.long_token(TokenKind::LineContinuation, self.pos + 1 + length),
            },
            b'.' if self.byte(self.pos + 1).is_some_and(|byte| byte.is_ascii_digit()) => {
                self.token(TokenKind::Number, number_end(self.text.as_bytes(), self.pos))
            }
            b'(' | b'[' | b'{' | b')' | b']' | b'}' => self.bracket(first),
            _ => self.operator(),
        })
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.byte(self.pos) {
            match byte {
                b' ' | b'\t' => self.pos += 1,
                b'\x0c' => {
                    self.pos += 1;
                    if self.in_indentation {
                        self.line_start = self.pos;
                    }
                }
                b'\r' if self.line_end_len(self.pos) == 0 => self.pos += 1,
                _ => return,
            }
        }
    }

    /// Length of the line end at `at`, 0 if there is none.
    fn line_end_len(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(b'\n') => 1,
            Some(b'\r') if self.byte(at + 1) == Some(b'\n') => 2,
            _ => 0,
        }
    }

    fn end_of_text(&mut self) -> Option<Token> {
        if self.nesting.close_format() {
            return Some(self.unclosed_end());
        }
        let ends_line = !self.line_is_empty && self.nesting.is_empty();
        self.line_is_empty = true;
        ends_line.then(|| self.token(TokenKind::Newline, self.pos))
    }

    fn newline(&mut self, length: usize) -> Token {
        let logical = self.nesting.is_empty() && !self.line_is_empty;
        let kind = if logical { TokenKind::Newline } else { TokenKind::NonLogicalNewline };
        let token = self.token(kind, self.pos + length);
        self.line_is_empty |= logical;
        self.line_start = self.pos;
        self.in_indentation = true;
        token
    }

    fn comment(&mut self) -> Token {
        let rest = &self.text.as_bytes()[self.pos..];
        let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        let length = line.strip_suffix(b"\r").unwrap_or(line).len();
        self.token(TokenKind::Comment, self.pos + length)
    }

    /// A name, or a string with a prefix, or a character that is neither.
    fn name(&mut self) -> Token {
        let bytes = self.text.as_bytes();
        let mut end = self.pos;
        loop {
            let ascii = bytes[end..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
            end += ascii.count();
            let Some(char) = self.text[end..].chars().next().filter(|char| !char.is_ascii()) else {
                break;
            };
            let belongs = if end == self.pos { is_xid_start(char) } else { is_xid_continue(char) };
            if !belongs {
                if end == self.pos {
                    return self.token(TokenKind::Error, end + char.len_utf8());
                }
                break;
            }
            end += char.len_utf8();
        }
        if matches!(self.byte(end), Some(b'\'' | b'"')) && string_prefix(&bytes[self.pos..end]).is_some() {
            return self.string(end);
        }
        self.token(TokenKind::Name, end)
    }

    /// A string literal whose opening quotes are at `quotes_at`, or the start of a format string.
    fn string(&mut self, quotes_at: usize) -> Token {
        let bytes = self.text.as_bytes();
        let prefix = string_prefix(&bytes[self.pos..quotes_at]).unwrap_or_default();
        let quote = bytes[quotes_at];
        let triple = bytes[quotes_at..].starts_with(&[quote; 3]);
        let body = quotes_at + if triple { 3 } else { 1 };
        if prefix.format {
            let token = self.token(TokenKind::FStringStart, body);
            self.nesting.open_format(Quotes { quote, triple, raw: prefix.raw });
            return token;
        }
        let (end, closed) = string_end(bytes, body, quote, triple);
        let mut token = self.long_token(TokenKind::String, end);
        token.unterminated = !closed;
        self.unwinding = !closed && !triple;
        token
    }

    fn bracket(&mut self, bracket: u8) -> Token {
        if matches!(bracket, b'(' | b'[' | b'{') {
            let token = self.token(TokenKind::Op, self.pos + 1);
            self.nesting.open(bracket);
            return token;
        }
        self.nesting.close(bracket);
        self.token(TokenKind::Op, self.pos + 1)
    }

    fn operator(&mut self) -> Token {
        let rest = &self.text.as_bytes()[self.pos..];
        if rest[0] == b':' && self.nesting.is_at_field() {
            let token = self.token(TokenKind::Op, self.pos + 1);
            self.nesting.begin_specification();
            return token;
        }
        match operator_len(rest) {
            0 => self.token(TokenKind::Error, self.pos + 1),
            length => self.token(TokenKind::Op, self.pos + length),
        }
    }

    /// A piece of a format string from a place outside the code of its fields.
    fn format_text(&mut self, quotes: Quotes, specification: bool) -> Token {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        let end = lexeme::format_text_end(bytes, start, quotes, specification);
        if end > start {
            return self.long_token(TokenKind::FStringMiddle, end);
        }
        match self.byte(start) {
            Some(b'{') => {
                let token = self.token(TokenKind::Op, start + 1);
                self.nesting.open_field(quotes);
                token
            }
            Some(b'}') => self.bracket(b'}'),
            _ if bytes[start..].starts_with(quotes.closing()) => {
                self.nesting.close_format();
                self.token(TokenKind::FStringEnd, start + quotes.closing().len())
            }
            _ => {
                // The text is at its end, or a single-quoted string is at the end of its line.
                self.nesting.close_format();
                self.unwinding = !quotes.triple;
                self.unclosed_end()
            }
        }
    }

    /// The empty end of a format string that is not closed.
    fn unclosed_end(&mut self) -> Token {
        let token = self.token(TokenKind::FStringEnd, self.pos);
        Token { unterminated: true, ..token }
    }
}

#[cfg(test)]
mod tests;
