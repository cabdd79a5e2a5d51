//! f-strings and t-strings.
//!
//! Before Python 3.12, the quotes of an f-string may not occur in its fields. So quotes are planned from the inside
//! out, in one pass over an outermost f-string: each takes the first of `'`, `"`, `'''` and `"""` that its fields do
//! not contain, and only where all four are taken `'` again, which Python 3.12 and newer read.

use super::precedence::Level;
use super::strings::{Place, Quotes, is_unicode};
use super::{Unparser, child, many, opt};
use crate::constant::Constant;
use crate::python::{Kind, Role, kind};
use crate::scanner::comments;
use crate::tree::Node;

/// Which quotes occur in a text, as bits in the order of [`ORDER`].
#[derive(Clone, Copy, Default)]
struct Used(u8);

/// Quotes in the order of preference.
const ORDER: [Quotes; 4] = [Quotes::Single, Quotes::Double, Quotes::TripleSingle, Quotes::TripleDouble];

impl Used {
    fn by_text(text: &[u8]) -> Self {
        let mut used = 0;
        for (bit, quotes) in ORDER.into_iter().enumerate() {
            if memchr::memmem::find(text, quotes.as_str().as_bytes()).is_some() {
                used |= 1 << bit;
            }
        }
        Self(used)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, quotes: Quotes) -> bool {
        self.and(Self::by_text(quotes.as_str().as_bytes())).0 == self.0
    }
}

/// What is known of an f-string before its quotes are chosen.
#[derive(Clone, Copy, Default)]
struct Parts {
    texts: Used,
    fields: Used,
}

impl Parts {
    fn quotes(self) -> Quotes {
        let double_first = self.texts.has(Quotes::Single) && !self.texts.has(Quotes::Double);
        let first = if double_first { Quotes::Double } else { Quotes::Single };
        let free = std::iter::once(first).chain(ORDER).find(|it| !self.fields.has(*it));
        free.unwrap_or(Quotes::Single)
    }
}

impl<'a> Unparser<'a> {
    pub(super) fn joined_str(&mut self, node: Node<'a>) {
        if !self.quotes.contains_key(&node.index()) {
            self.plan(node);
        }
        let quotes = self.quotes.get(&node.index()).copied().unwrap_or(Quotes::Single);
        let prefix = if kind(node) == Kind::TemplateStr { "t" } else { "f" };
        let (mut open, mut pieces, mut joined) = (false, 0, false);
        for value in many(node, Role::Values) {
            // `u'a' f'{b}'` shows the `u` on the text, so that is a piece of its own.
            let unicode = kind(value) == Kind::Constant && is_unicode(value);
            if unicode || !open {
                self.next_piece(open, pieces, if unicode { "u" } else { prefix }, quotes);
                (open, pieces) = (true, pieces + 1);
            }
            joined |= !unicode;
            match kind(value) {
                Kind::Constant => {
                    let place = if unicode { Place::Plain } else { Place::Literal };
                    self.text(text_of(value), quotes, place, self.wide());
                }
                Kind::FormattedValue | Kind::Interpolation => self.field_in(value, quotes),
                _ => self.broken(value),
            }
            if unicode {
                self.push(quotes.as_str());
                open = false;
            }
        }
        if !joined {
            self.next_piece(open, pieces, prefix, quotes);
            open = true;
        }
        if open {
            self.push(quotes.as_str());
        }
    }

    fn next_piece(&mut self, open: bool, pieces: u32, prefix: &str, quotes: Quotes) {
        if open {
            self.push(quotes.as_str());
        }
        if pieces > 0 {
            self.push(" ");
        }
        self.push(prefix);
        self.push(quotes.as_str());
    }

    pub(super) fn field(&mut self, node: Node<'a>) {
        self.plan(node);
        self.field_in(node, Quotes::Single);
    }

    fn field_in(&mut self, node: Node<'a>, quotes: Quotes) {
        self.push("{");
        if kind(node) == Kind::Interpolation {
            self.shown_text(node);
        } else {
            self.field_value(child(node, Role::Value));
        }
        if let Ok(conversion) = u8::try_from(node.tiny()) {
            self.out.extend(['!', char::from(conversion)]);
        }
        if let Some(spec) = opt(node, Role::FormatSpec) {
            self.push(":");
            for value in many(spec, Role::Values) {
                match kind(value) {
                    Kind::Constant => {
                        self.text(text_of(value), quotes, Place::Specification, self.wide());
                    }
                    Kind::FormattedValue | Kind::Interpolation => {
                        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.field_in(value, quotes));
                    }
                    _ => self.broken(value),
                }
            }
        }
        self.push("}");
    }

    fn field_value(&mut self, value: Node<'a>) {
        let outside = (self.no_colon, self.in_field);
        (self.no_colon, self.in_field) = (true, true);
        let start = self.out.len();
        self.expr(value, Level::Yield);
        if self.out[start..].starts_with('{') {
            // Two braces would be one in the text.
            self.out.insert(start, ' ');
        }
        (self.no_colon, self.in_field) = outside;
    }

    /// The expression of a t-string's field, as the program sees it.
    fn shown_text(&mut self, node: Node<'a>) {
        let Constant::Str(text) = node.constant_of(node.aux()) else {
            return self.field_value(child(node, Role::Value));
        };
        if text.starts_with('{') {
            self.push(" ");
        }
        self.push(text);
        if text.contains('#') && comments(text).into_iter().next().is_some() {
            // It must not swallow what follows.
            self.push("\n");
        }
    }

    /// Chooses the quotes of the f-strings below (and with) `node`; returns what quotes its text will have.
    fn plan(&mut self, node: Node<'a>) -> Used {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::JoinedStr | Kind::TemplateStr => {
                let mut parts = Parts::default();
                self.plan_parts(node, &mut parts);
                let quotes = parts.quotes();
                self.quotes.insert(node.index(), quotes);
                parts.texts.and(parts.fields).and(Used::by_text(quotes.as_str().as_bytes()))
            }
            Kind::Constant => match node.constant_of(node.aux()) {
                Constant::Bytes(text) | Constant::Wtf8(text) => used_by_string(text),
                Constant::Str(text) => used_by_string(text.as_bytes()),
                _ => Used::default(),
            },
            _ => node.children().fold(Used::default(), |used, it| used.and(self.plan(it))),
        })
    }

    fn plan_parts(&mut self, node: Node<'a>, parts: &mut Parts) {
        for value in many(node, Role::Values) {
            match kind(value) {
                Kind::Constant => parts.texts = parts.texts.and(Used::by_text(text_of(value))),
                Kind::Interpolation => {
                    parts.fields = parts.fields.and(Used::by_text(shown_text_of(value).as_bytes()));
                }
                Kind::FormattedValue => {
                    let used = self.plan(child(value, Role::Value));
                    parts.fields = parts.fields.and(used);
                }
                _ => {}
            }
            if let Some(spec) = opt(value, Role::FormatSpec) {
                stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.plan_parts(spec, parts));
            }
        }
    }
}

/// The quotes of a plain string with this value.
fn used_by_string(text: &[u8]) -> Used {
    Used::by_text(text).and(Used::by_text(Quotes::of_text(text).as_str().as_bytes()))
}

/// The text of a constant in an f-string, in generalized UTF-8.
fn text_of(node: Node<'_>) -> &[u8] {
    match node.constant_of(node.aux()) {
        Constant::Str(text) => text.as_bytes(),
        Constant::Wtf8(text) => text,
        _ => &[],
    }
}

fn shown_text_of(node: Node<'_>) -> &str {
    match node.constant_of(node.aux()) {
        Constant::Str(text) => text,
        _ => "",
    }
}
