//! Gaps of the grammar: valid Python that it can't parse, put in words that it can.
//!
//! When a text does not parse, some of its bytes are replaced, length for length, and it is parsed again. If that
//! gives a whole tree, the tree is used: places are the same, and wherever a token was replaced, the rebuilder looks
//! at the text itself. What is replaced:
//!
//! | gap | in the text | as parsed |
//! |---|---|---|
//! | a line in brackets that begins left of its block | line ends and comments in brackets | spaces |
//! | defaults of type parameters | `[T = int]` | `[T : int]` |
//! | a star before anything but a name | `1, *"ab"` | `1, ~"ab"` |
//! | annotations that go on after a generic | `x: a[b][c]` | `x: a(b)[c]` |
//! | format specifications that begin with `=` | `{x:=^9}` | `{x:x^9}` |
//! | `from __future__ import *` | `__future__` | `a_future__` |

use astkit_ast::{Span, Token, TokenKind, tokens};

/// Keywords that end no expression.
const KEYWORDS: [&str; 26] = [
    "and", "as", "assert", "async", "await", "class", "def", "del", "elif", "else", "except", "finally",
    "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "raise",
    "return", "while",
];
/// Words that end no expression where a line begins with them.
const SOFT_KEYWORDS: [&str; 2] = ["case", "match"];

/// What may follow a generic type in an annotation, to the grammar.
const AFTER_GENERIC: [&str; 9] = ["=", ",", ")", "]", ":", "|", ".", ";", "}"];

/// The text with all gaps bridged, if there are any.
pub(crate) fn bridge(text: &str) -> Option<String> {
    let mut bridge = Bridge {
        text,
        bytes: text.as_bytes().to_vec(),
        changed: false,
        open: Vec::new(),
        last: ["", "", ""],
        closed: None,
        last_token: None,
        future: 0,
    };
    for token in tokens(text) {
        bridge.add(&token);
    }
    bridge.changed.then(|| String::from_utf8(bridge.bytes).unwrap_or_default())
}

/// An open bracket.
struct Open {
    at: u32,
    /// Whether type parameters stand in it.
    type_parameters: bool,
    /// Whether it directly follows a name.
    after_name: bool,
    /// Whether a subscript with this content could be a call: it has neither colons nor `=`, and is not empty.
    call_like: bool,
}

struct Bridge<'a> {
    text: &'a str,
    bytes: Vec<u8>,
    changed: bool,
    open: Vec<Open>,
    /// The last code tokens, newest first.
    last: [&'a str; 3],
    last_token: Option<Token>,
    /// Where the last `__future__` stands.
    future: u32,
    /// The brackets that the last token closed, if they could be a call's.
    closed: Option<(u32, u32)>,
}

impl Bridge<'_> {
    fn add(&mut self, token: &Token) {
        let text = &self.text[token.span.range()];
        match token.kind {
            TokenKind::Comment | TokenKind::NonLogicalNewline if token.depth > 0 => {
                return self.blank(token.span);
            }
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::LineContinuation => return,
            _ => {}
        }
        if token.kind == TokenKind::FStringMiddle && self.last[0] == ":" && text.starts_with('=') {
            self.replace(token.span.start, b'x');
        }
        self.continue_generic(token, text);
        self.star(token, text);
        if self.last[0] == "import" && self.last[1] == "__future__" && text == "*" {
            self.replace(self.future, b'a');
        }
        match text {
            "(" | "[" | "{" => self.open(token, text),
            ")" | "]" | "}" => self.close(token),
            "=" if self.open.last().is_some_and(|it| it.type_parameters) => {
                self.replace(token.span.start, b':');
            }
            ":" | "=" | ":=" => {
                if let Some(open) = self.open.last_mut() {
                    open.call_like = false;
                }
            }
            _ => {}
        }
        if text == "__future__" {
            self.future = token.span.start;
        }
        self.last_token = Some(*token);
        self.last = [text, self.last[0], self.last[1]];
    }

    fn replace(&mut self, at: u32, byte: u8) {
        self.bytes[at as usize] = byte;
        self.changed = true;
    }

    fn blank(&mut self, span: Span) {
        self.bytes[span.range()].fill(b' ');
        self.changed = true;
    }

    fn open(&mut self, token: &Token, text: &str) {
        let soft = |it: &Token| it.starts_line && SOFT_KEYWORDS.contains(&self.last[0]);
        let after_name = self.follows_operand()
            && self.last_token.is_some_and(|it| it.kind == TokenKind::Name && !soft(&it));
        let definition = matches!(self.last[1], "def" | "class")
            || (self.last[1] == "type" && !matches!(self.last[2], "." | "def" | "class"));
        self.open.push(Open {
            at: token.span.start,
            type_parameters: text == "[" && after_name && definition,
            after_name,
            call_like: text == "[",
        });
    }

    fn close(&mut self, token: &Token) {
        let Some(open) = self.open.pop() else { return };
        let empty = self.last_token.is_some_and(|it| it.span.start == open.at);
        if open.call_like && open.after_name && !open.type_parameters && !empty {
            self.closed = Some((open.at, token.span.start));
        }
    }

    /// `a[b]` and then something that the grammar does not expect there: it gets `a(b)`.
    fn continue_generic(&mut self, token: &Token, text: &str) {
        let Some((open, close)) = self.closed.take() else { return };
        let goes_on = match token.kind {
            // Not where it may be a target: of an augmented assignment, or of a loop.
            TokenKind::Op => !AFTER_GENERIC.contains(&text) && !is_augmented(text),
            TokenKind::Name => text != "in",
            _ => false,
        };
        if goes_on {
            self.replace(open, b'(');
            self.replace(close, b')');
        }
    }

    /// `*` before something that is no name: `~` is an operator that the grammar allows there.
    fn star(&mut self, token: &Token, text: &str) {
        let Some(star) = self.last_token.filter(|_| self.last[0] == "*") else { return };
        let operand = match token.kind {
            TokenKind::Op => matches!(text, "(" | "[" | "{" | "-" | "~" | "+"),
            TokenKind::Name => text == "await",
            TokenKind::String | TokenKind::FStringStart | TokenKind::Number => true,
            _ => false,
        };
        if operand && self.last[1] != "except" && !is_operand_end(self.last[1], star.starts_line) {
            self.replace(star.span.start, b'~');
        }
    }

    fn follows_operand(&self) -> bool {
        is_operand_end(self.last[0], false)
    }
}

fn is_augmented(operator: &str) -> bool {
    operator.ends_with('=') && !matches!(operator, "==" | "!=" | "<=" | ">=")
}

/// Whether an expression may end with this token.
fn is_operand_end(text: &str, starts_line: bool) -> bool {
    let Some(last) = text.chars().next_back().filter(|_| !starts_line) else { return false };
    let word = last.is_alphanumeric() || matches!(last, '_' | ')' | ']' | '}' | '"' | '\'');
    word && !KEYWORDS.contains(&text) && !matches!(text, "with" | "yield")
}

#[cfg(test)]
mod tests {
    use super::bridge;

    fn bridged(text: &str) -> String {
        let out = bridge(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(out.len(), text.len());
        out
    }

    #[test]
    fn lines_in_brackets_become_one() {
        assert_eq!(bridged("x = (a + # b\nc)\ny"), "x = (a +     c)\ny");
    }

    #[test]
    fn defaults_of_type_parameters_become_bounds() {
        assert_eq!(
            bridged("class A[T: str = int, *Ts = *x]: y = 1"),
            "class A[T: str : int, *Ts : *x]: y = 1"
        );
        assert_eq!(bridged("type X[T = a[b]] = T"), "type X[T : a[b]] = T");
        assert_eq!(bridged("type[x] = y"), "type[x] = y");
    }

    #[test]
    fn stars_before_brackets_become_operators() {
        assert_eq!(bridged("x = 1, *\"ab\", a * (b)"), "x = 1, ~\"ab\", a * (b)");
        assert_eq!(bridged("return *[1], f(*(x))"), "return ~[1], f(~(x))");
        assert_eq!(bridged("except* (A, B): pass"), "except* (A, B): pass");
        assert_eq!(bridged("case [*a]: pass"), "case [*a]: pass");
    }

    #[test]
    fn generics_that_go_on_become_calls() {
        assert_eq!(bridged("x: a[b][c]"), "x: a(b)[c]");
        assert_eq!(bridged("x: a[b] if c else d[e]"), "x: a(b) if c else d[e]");
        assert_eq!(bridged("x: a[b:c][d]"), "x: a[b:c][d]");
    }

    #[test]
    fn a_star_can_be_imported_from_future() {
        assert_eq!(bridged("from __future__ import *"), "from a_future__ import *");
    }
}
