//! Names and numbers, character by character.

use astkit_ast::python::ExprContext;
use astkit_ast::{Diagnostic, Span, TokenKind, is_identifier, tokens};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

/// Words that may follow a number without a space.
const AFTER_NUMBERS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "not", "or"];

/// Names that only Python 3 reserves.
const NAMES_IN_PYTHON2: [&str; 6] = ["False", "None", "True", "async", "await", "nonlocal"];

/// Whether the grammar takes a word for a name in some places, and Python 3 never does. Asked for every name.
fn is_keyword(word: &str) -> bool {
    match word.len() {
        2 => matches!(word, "as" | "if" | "in" | "is" | "or"),
        3 => matches!(word, "and" | "def" | "del" | "for" | "not" | "try"),
        4 => matches!(word, "None" | "True" | "elif" | "else" | "from" | "pass" | "with"),
        5 => {
            matches!(word, "False" | "async" | "await" | "break" | "class" | "raise" | "while" | "yield")
        }
        6 => matches!(word, "assert" | "except" | "global" | "import" | "lambda" | "return"),
        7 => word == "finally",
        8 => matches!(word, "continue" | "nonlocal"),
        _ => false,
    }
}

/// Whether the grammar takes a character for white space and Python does not.
fn is_strange(char: char) -> bool {
    matches!(char, '\u{b}' | '\u{1c}'..='\u{1f}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
        || (!char.is_ascii() && char.is_whitespace())
}

/// Whether any character of a text is strange. Nearly no text has one, but every text is looked through: in blocks,
/// and closely only in blocks that are not all of ordinary characters.
fn has_strange_characters(text: &str) -> bool {
    const BLOCK: usize = 64;
    let ordinary = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' '..=b'~');
    let starts = text.as_bytes().chunks(BLOCK).enumerate();
    let mut suspicious =
        starts.filter(|it| !it.1.iter().fold(true, |all, byte| all & ordinary(*byte))).map(|it| it.0 * BLOCK);
    suspicious.any(|start| {
        let (start, end) = (text.ceil_char_boundary(start), text.ceil_char_boundary(start + BLOCK));
        text[start..end].chars().any(is_strange)
    })
}

impl Rebuilder<'_, '_> {
    pub(crate) fn check_name(&mut self, node: Node, text: &str, _ctx: ExprContext) {
        if text.is_ascii() {
            if is_keyword(text) && !(self.python2() && NAMES_IN_PYTHON2.contains(&text)) {
                self.fault(
                    "reserved-word",
                    self.span(node),
                    format!("`{text}` is reserved, it can't be a name"),
                );
            }
        } else if !is_identifier(text) {
            self.fault("invalid-name", self.span(node), format!("`{text}` is not a name"));
        }
    }

    /// A name of an import: parts between dots, white space around them.
    pub(crate) fn check_dotted_name(&mut self, node: Node, text: &str) {
        if text.contains('#') {
            return;
        }
        for part in text.split('.') {
            let part = part.trim_matches(|it: char| it.is_whitespace() || it == '\\');
            if part.is_empty() || !is_identifier(part) {
                self.fault("invalid-name", self.span(node), format!("`{text}` is not a dotted name"));
                return;
            }
            self.check_name(node, part, ExprContext::Load);
        }
    }

    /// What is imported from a module has no dots.
    pub(crate) fn check_imported_name(&mut self, node: Node) {
        let name =
            if self.kind(node) == Kind::AliasedImport { self.cst.first(node).unwrap_or(node) } else { node };
        if self.text_of(name).contains('.') {
            self.fault("invalid-name", self.span(name), "a name that is imported from a module has no dots");
        }
    }

    /// Checks a statement for characters that are white space to the grammar, and nothing to Python.
    pub(crate) fn check_characters(&mut self, node: Node) {
        let span = self.span(node);
        let first = self.strange.partition_point(|it| it.start < span.start);
        if self.strange.get(first).is_some_and(|it| it.start < span.end) {
            self.faults += 1;
        }
    }

    /// Finds and reports characters that no token of Python begins with.
    pub(crate) fn find_strange_characters(&mut self) {
        if !has_strange_characters(self.text) {
            return;
        }
        for token in tokens(self.text) {
            let Some(char) = self.slice(token.span).chars().next().filter(|it| is_strange(*it)) else {
                continue;
            };
            if token.kind == TokenKind::Error {
                self.strange.push(token.span);
                let message = format!("U+{:04X} can't stand in Python code", u32::from(char));
                self.b.diagnostic(Diagnostic::error("check", "invalid-character", token.span, message));
            }
        }
    }

    /// Checks that no line ends in a text in single quotes, unless after a backslash.
    pub(crate) fn check_line_ends(&mut self, span: Span) {
        let text = self.slice(span).as_bytes();
        for newline in memchr::memchr_iter(b'\n', text) {
            let line = text[..newline].strip_suffix(b"\r").unwrap_or(&text[..newline]);
            if line.iter().rev().take_while(|it| **it == b'\\').count() % 2 == 0 {
                let at = span.start + u32::try_from(newline).unwrap_or(0);
                self.fault(
                    "invalid-string",
                    Span::new(span.start, at),
                    "this string is not closed on its line",
                );
                return;
            }
        }
    }

    /// `1a` is no number followed by a name.
    pub(crate) fn check_number_end(&mut self, node: Node) {
        let rest = &self.text[self.end(node) as usize..];
        let word = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
        if word == 0 && rest.chars().next().is_none_or(|it| it.is_ascii()) {
            return;
        }
        if !AFTER_NUMBERS.contains(&&rest[..word]) {
            self.fault("invalid-number", self.span(node), "a number can't be followed by a name directly");
        }
    }
}
