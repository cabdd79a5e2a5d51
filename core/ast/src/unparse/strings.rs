//! Constants, above all strings.

use std::fmt::Write as _;

use super::Unparser;
use crate::constant::Constant;
use crate::python::StringKind;
use crate::repr::is_printable;
use crate::tree::Node;

/// More hexadecimal digits than this are written as they are: CPython refuses decimal literals of over 4,300 digits,
/// and converting costs more than linear time.
const LONGEST_DECIMAL: usize = 3_500;

/// How a string begins and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quotes {
    Single,
    Double,
    TripleSingle,
    TripleDouble,
}

impl Quotes {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Single => "'",
            Self::Double => "\"",
            Self::TripleSingle => "'''",
            Self::TripleDouble => "\"\"\"",
        }
    }

    fn char(self) -> char {
        match self {
            Self::Single | Self::TripleSingle => '\'',
            Self::Double | Self::TripleDouble => '"',
        }
    }

    /// Those that `repr` takes: double ones only where they save escapes.
    pub(super) fn of_text(text: &[u8]) -> Self {
        if text.contains(&b'\'') && !text.contains(&b'"') { Self::Double } else { Self::Single }
    }
}

/// Where a string's text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// In a plain string.
    Plain,
    /// In a string over several lines, where newlines stand as they are.
    Lines,
    /// Between the fields of an f-string, where braces are doubled.
    Literal,
    /// In a format specification, where braces can't stand at all.
    Specification,
}

/// What becomes of characters beyond ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wide {
    /// Unprintable ones are escaped.
    Readable,
    /// All stand as they are.
    Kept,
    /// All are escaped: they stand for bytes.
    Escaped,
}

impl<'a> Unparser<'a> {
    pub(super) fn constant(&mut self, node: Node<'a>) {
        let text: &[u8] = match node.constant_of(node.aux()) {
            Constant::Str(text) => text.as_bytes(),
            Constant::Wtf8(text) => text,
            Constant::BigInt(digits) if digits.len() > LONGEST_DECIMAL => {
                self.push("0x");
                return self.push(digits);
            }
            constant @ (Constant::None
            | Constant::Bool(_)
            | Constant::Ellipsis
            | Constant::Int(_)
            | Constant::BigInt(_)
            | Constant::Float(_)
            | Constant::Imaginary(_)
            | Constant::Bytes(_)
            | Constant::Digest(_)) => {
                let source = constant.to_source();
                return self.push(&source);
            }
        };
        self.string(node, text, Quotes::of_text(text), Place::Plain);
    }

    /// Writes a text over several lines, as docstrings are written.
    pub(super) fn long_text(&mut self, node: Node<'a>, text: &str) {
        self.string(node, text.as_bytes(), Quotes::TripleDouble, Place::Lines);
    }

    fn string(&mut self, node: Node<'a>, text: &[u8], quotes: Quotes, place: Place) {
        let unicode = is_unicode(node);
        if unicode {
            self.push("u");
        }
        self.push(quotes.as_str());
        let wide = if self.python_2 && !unicode { wide_of_python_2(text) } else { self.wide() };
        self.text(text, quotes, place, wide);
        self.push(quotes.as_str());
    }

    /// What becomes of characters beyond ASCII here: in a field of an f-string, an escape is for Python 3.12.
    pub(super) fn wide(&self) -> Wide {
        if self.in_field { Wide::Kept } else { Wide::Readable }
    }

    /// Writes a string's text, in generalized UTF-8, between its quotes.
    pub(super) fn text(&mut self, text: &[u8], quotes: Quotes, place: Place, wide: Wide) {
        let mut rest = text;
        while !rest.is_empty() {
            let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
            rest = &rest[valid.len()..];
            self.valid_text(valid, rest.is_empty(), quotes, place, wide);
            if let [0xed, second, third, after @ ..] = rest {
                let code = 0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
                self.escape('u', 4, code);
                rest = after;
            } else if let [byte, after @ ..] = rest {
                // No constant holds such bytes.
                self.escape('x', 2, u32::from(*byte));
                rest = after;
            }
        }
    }

    fn valid_text(&mut self, text: &str, is_end: bool, quotes: Quotes, place: Place, wide: Wide) {
        let triple = matches!(quotes, Quotes::TripleSingle | Quotes::TripleDouble);
        let mut done = 0;
        for (at, char) in text.char_indices() {
            // All but this is written as it stands, in long pieces.
            let end = at + char.len_utf8();
            let plain = match char {
                '\\' => false,
                '\'' | '"' if char == quotes.char() => {
                    let next = text[end..].chars().next();
                    triple && next != Some(char) && !(next.is_none() && is_end)
                }
                '{' | '}' => matches!(place, Place::Plain | Place::Lines),
                ' '..='~' => true,
                '\n' | '\t' => place == Place::Lines,
                '\0'..='\u{7f}' => false,
                _ => match wide {
                    Wide::Readable => is_printable(char),
                    Wide::Kept => true,
                    Wide::Escaped => false,
                },
            };
            if !plain {
                self.push(&text[done..at]);
                self.special(char, place);
                done = end;
            }
        }
        self.push(&text[done..]);
    }

    fn special(&mut self, char: char, place: Place) {
        match char {
            '\n' => self.push("\\n"),
            '\r' => self.push("\\r"),
            '\t' => self.push("\\t"),
            '{' if place == Place::Literal => self.push("{{"),
            '}' if place == Place::Literal => self.push("}}"),
            '\\' | '\'' | '"' => self.out.extend(['\\', char]),
            _ => match u32::from(char) {
                code @ ..=0xff => self.escape('x', 2, code),
                code @ ..=0xffff => self.escape('u', 4, code),
                code => self.escape('U', 8, code),
            },
        }
    }

    fn escape(&mut self, letter: char, width: usize, code: u32) {
        // Writing to a string can't fail.
        let _: std::fmt::Result = write!(self.out, "\\{letter}{code:0width$x}");
    }
}

/// Whether a constant is of the kind `'u'`.
pub(super) fn is_unicode(node: Node<'_>) -> bool {
    StringKind::from_flag(node.flag()) == Some(StringKind::U)
}

/// In Python 2, a string without `u` has bytes, one a character, and `\u` is no escape. Text beyond Latin-1 is there
/// only if it stands so in the source.
fn wide_of_python_2(text: &[u8]) -> Wide {
    let latin_1 = |it: char| it <= '\u{ff}';
    match std::str::from_utf8(text) {
        Ok(text) if text.chars().all(latin_1) => Wide::Escaped,
        Ok(_) | Err(_) => Wide::Kept,
    }
}
