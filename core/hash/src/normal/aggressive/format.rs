//! `"{}".format(x)` as an f-string.
//!
//! Fields are numbers, names or empty, with a conversion and a specification that may itself have fields. Attributes and
//! elements (`{0.a}`, `{0[a]}`) are left as they are, and so are calls in which an argument would be evaluated another
//! number of times, or behind another one.

use astkit_ast::python::{Kind, Role, build, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{Constant, Span};

use super::super::Normalizer;
use super::is_simple;

/// A part of a format.
enum Piece {
    Text(String),
    Field {
        /// The number of the argument, those with names behind the others.
        argument: usize,
        /// The letter behind `!`, or -1.
        conversion: i8,
        spec: Vec<Piece>,
    },
}

impl<'a> Normalizer<'a> {
    /// Writes a call of a text's `format`; false if it is none that an f-string does.
    pub(super) fn format_call(&mut self, node: Node<'a>) -> bool {
        let Some((arguments, pieces)) = formatted(node) else { return false };
        match pieces.as_slice() {
            [] => self.literal(Constant::Str("".into()), node),
            [Piece::Text(text)] => self.literal(Constant::Str(text.as_str().into()), node),
            pieces => {
                let start = self.builder.mark();
                self.pieces(pieces, &arguments, node);
                self.closed(node);
                build::joined_str(&mut self.builder, start, Span::default());
            }
        }
        true
    }

    fn pieces(&mut self, pieces: &[Piece], arguments: &[Node<'a>], origin: Node<'a>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.literal(Constant::Str(text.as_str().into()), origin),
                Piece::Field { argument, conversion, spec } => {
                    let start = self.builder.mark();
                    self.expression_or_definition(arguments[*argument]);
                    self.builder.role(Role::Value);
                    if !spec.is_empty() {
                        let inner = self.builder.mark();
                        self.pieces(spec, arguments, origin);
                        self.closed(origin);
                        build::joined_str(&mut self.builder, inner, Span::default());
                        self.builder.role(Role::FormatSpec);
                    }
                    self.closed(origin);
                    build::formatted_value(&mut self.builder, start, Span::default(), *conversion);
                }
            }
            self.builder.role(Role::Values);
        }
    }
}

/// The arguments and pieces of a call that an f-string does as well.
fn formatted(node: Node<'_>) -> Option<(Vec<Node<'_>>, Vec<Piece>)> {
    let call = view::Call::cast(node)?;
    let method = view::Attribute::cast(call.func()).filter(|it| it.attr() == "format")?;
    let Constant::Str(text) = view::Constant::cast(method.value())?.value() else { return None };
    let mut arguments: Vec<Node<'_>> = call.args().collect();
    if arguments.iter().any(|it| kind(*it) == Kind::Starred) {
        return None;
    }
    let positional = arguments.len();
    let mut names = Vec::new();
    for keyword in call.keywords().filter_map(view::Keyword::cast) {
        names.push(keyword.arg()?);
        arguments.push(keyword.value());
    }
    let mut parser = Parser { rest: text, names, positional, next: 0, has_numbers: false, used: Vec::new() };
    let pieces = parser.pieces(false)?;
    is_evaluated_alike(&arguments, &parser.used).then_some((arguments, pieces))
}

/// Whether arguments that may have effects are used once, and in their order.
fn is_evaluated_alike(arguments: &[Node<'_>], used: &[usize]) -> bool {
    let has_effects = |it: &usize| !is_simple(arguments[*it]);
    let wanted = (0..arguments.len()).filter(has_effects);
    used.iter().copied().filter(has_effects).eq(wanted)
}

/// Reads a format.
struct Parser<'t> {
    rest: &'t str,
    names: Vec<&'t str>,
    positional: usize,
    /// How many fields without a number there were.
    next: usize,
    has_numbers: bool,
    /// The arguments of the fields, in order.
    used: Vec<usize>,
}

impl Parser<'_> {
    /// The pieces up to the end, or up to the `}` behind a specification; none if that is no format.
    fn pieces(&mut self, is_spec: bool) -> Option<Vec<Piece>> {
        let (mut out, mut text) = (Vec::new(), String::new());
        while let Some(next) = self.rest.chars().next() {
            let is_doubled = !is_spec && (self.rest.starts_with("{{") || self.rest.starts_with("}}"));
            match next {
                '{' | '}' if is_doubled => {
                    text.push(next);
                    self.rest = &self.rest[2..];
                }
                '}' if is_spec => break,
                '}' => return None,
                '{' => {
                    if !text.is_empty() {
                        out.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    self.rest = &self.rest[1..];
                    out.push(self.field(is_spec)?);
                }
                _ => {
                    text.push(next);
                    self.rest = &self.rest[next.len_utf8()..];
                }
            }
        }
        if !text.is_empty() {
            out.push(Piece::Text(text));
        }
        Some(out)
    }

    /// A field, from behind its `{`.
    fn field(&mut self, is_nested: bool) -> Option<Piece> {
        let (name, rest) = self.rest.split_at(self.rest.find(['!', ':', '{', '}'])?);
        let argument = self.argument(name)?;
        self.used.push(argument);
        self.rest = rest;
        let mut conversion = -1;
        if let Some(rest) = self.rest.strip_prefix('!') {
            let letter = rest.bytes().next().filter(|it| b"sra".contains(it))?;
            conversion = letter.cast_signed();
            self.rest = &rest[1..];
        }
        let mut spec = Vec::new();
        if let Some(rest) = self.rest.strip_prefix(':') {
            if is_nested {
                return None;
            }
            self.rest = rest;
            spec = self.pieces(true)?;
        }
        self.rest = self.rest.strip_prefix('}')?;
        Some(Piece::Field { argument, conversion, spec })
    }

    /// The argument that a field's name means; none if there is none, or if numbers are mixed with empty names.
    fn argument(&mut self, name: &str) -> Option<usize> {
        let argument = if name.is_empty() {
            self.next += 1;
            self.next - 1
        } else if name.bytes().all(|it| it.is_ascii_digit()) {
            self.has_numbers = true;
            name.parse().ok()?
        } else {
            return Some(self.positional + self.names.iter().position(|it| *it == name)?);
        };
        let is_mixed = self.has_numbers && self.next > 0;
        (argument < self.positional && !is_mixed).then_some(argument)
    }
}
