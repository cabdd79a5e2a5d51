//! Replacement fields of f-strings and t-strings, and the text between them.

use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use astkit_ast::{Constant, FormatPart, Span, StringKind, StringPrefix, TextBuffer, decode_format_text};

use super::Rebuilder;
use super::strings::Pending;
use crate::cst::{Kind, Node};

/// No conversion, as CPython has it.
const NO_CONVERSION: i8 = -1;
/// What `=` means if nothing else is said: `!r`.
const REPR: i8 = b'r'.cast_signed();

/// What an interpolation is made of.
#[derive(Default)]
pub(crate) struct Field {
    pub(crate) expression: Option<Node>,
    equal: Option<Node>,
    conversion: Option<Node>,
    spec: Option<Node>,
    close: Option<Node>,
}

/// What holds for all of a string.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) raw: bool,
    pub(crate) triple: bool,
    pub(crate) template: bool,
}

impl Field {
    /// The closing brace.
    pub(crate) fn close(&self) -> Option<Node> {
        self.close
    }
}

impl Rebuilder<'_, '_> {
    /// The texts and fields of one f-string token.
    pub(super) fn rebuild_format_piece(&mut self, node: Node, prefix: StringPrefix, pending: &mut Pending) {
        let format = Format {
            raw: prefix.raw,
            triple: prefix.quote_len == 3,
            template: prefix.kind == StringKind::Template,
        };
        let mut at = self.start(node) + prefix.body_start();
        // The grammar's closing quotes may begin too early: at a backslash of a raw string.
        let end = self.end(node) - prefix.quote_len.min(self.end(node) - at);
        for it in self.children(node) {
            if self.kind(it) == Kind::Interpolation {
                self.add_format_text(Span::new(at, self.start(it)), format, FormatPart::Literal, pending);
                self.rebuild_interpolation(it, format, pending);
                at = self.end(it);
            }
        }
        self.add_format_text(Span::new(at, end), format, FormatPart::Literal, pending);
    }

    pub(crate) fn add_format_text(
        &mut self,
        span: Span,
        format: Format,
        part: FormatPart,
        pending: &mut Pending,
    ) {
        if span.is_empty() {
            return;
        }
        if !format.triple {
            self.check_line_ends(span);
        }
        let text = self.slice(span);
        if let Err(error) = decode_format_text(text, format.raw, part, &mut pending.buffer) {
            self.string_fault(span.start, error);
        }
        pending.extend(span, false);
    }

    pub(crate) fn field_of(&self, node: Node) -> Field {
        let mut field = Field::default();
        for it in self.children(node) {
            match self.kind(it) {
                Kind::OpenBrace => {}
                Kind::CloseBrace => field.close = Some(it),
                Kind::Equal => field.equal = Some(it),
                Kind::TypeConversion => field.conversion = Some(it),
                Kind::FormatSpecifier => field.spec = Some(it),
                _ if field.expression.is_none() => field.expression = Some(it),
                _ => {}
            }
        }
        field
    }

    fn rebuild_interpolation(&mut self, node: Node, format: Format, pending: &mut Pending) {
        if self.cst.is_broken(node) {
            self.flush(pending);
            self.rebuild_broken(node);
            return self.b.role(Role::Values);
        }
        let field = self.field_of(node);
        if self.repair_specification(node, &field, format, pending) {
            return;
        }
        if field.equal.is_some() {
            self.add_debug_text(node, &field, pending);
        }
        self.flush(pending);
        let mark = self.b.mark();
        self.check_field(&field);
        self.child_or_absent(field.expression, self.end(node), Role::Value);
        if let Some(spec) = field.spec {
            // The grammar leaves a line end in front of the brace out.
            let end = field.close.map_or(self.end(spec), |it| self.start(it));
            self.rebuild_format_specifier(spec, Span::new(self.start(spec), end), format);
        }
        let conversion = self.conversion_of(&field);
        let end = field.equal.map_or_else(|| self.expression_end(node, &field), |it| self.start(it));
        self.close_interpolation(mark, node, end, format, conversion);
    }

    fn conversion_of(&mut self, field: &Field) -> i8 {
        match field.conversion {
            Some(it) => {
                let letter = self.text_of(it).as_bytes().get(1).copied().unwrap_or(b'?');
                if !matches!(letter, b'r' | b's' | b'a') {
                    self.fault("invalid-string", self.span(it), "a conversion is one of `!r`, `!s` and `!a`");
                }
                letter.cast_signed()
            }
            None if field.equal.is_some() && field.spec.is_none() => REPR,
            None => NO_CONVERSION,
        }
    }

    pub(crate) fn close_interpolation(
        &mut self,
        mark: Mark,
        node: Node,
        end: u32,
        format: Format,
        conversion: i8,
    ) {
        if format.template {
            let text = self.template_text(Span::new(self.start(node) + 1, end));
            let text = self.b.constant(text);
            build::interpolation(self.b, mark, self.span(node), text, conversion);
        } else {
            build::formatted_value(self.b, mark, self.span(node), conversion);
        }
        self.b.role(Role::Values);
    }

    /// A lambda's `:` would begin a specification.
    fn check_field(&mut self, field: &Field) {
        if let Some(lambda) = field.expression.filter(|it| self.kind(*it) == Kind::Lambda) {
            self.fault(
                "invalid-string",
                self.span(lambda),
                "a lambda in a replacement field needs parentheses",
            );
        }
    }

    /// Where the expression's part of a field ends.
    fn expression_end(&self, node: Node, field: &Field) -> u32 {
        let after = field.conversion.or(field.spec).or(field.close);
        after.map_or(self.end(node), |it| self.start(it))
    }

    /// `x =` of `{x =}`, with white space, without comments.
    fn add_debug_text(&mut self, node: Node, field: &Field, pending: &mut Pending) {
        let span = Span::new(self.start(node) + 1, self.expression_end(node, field));
        self.push_without_comments(span, &mut pending.buffer);
        pending.extend(span, false);
    }

    fn push_without_comments(&self, span: Span, buffer: &mut TextBuffer) {
        let mut at = span.start;
        for comment in self.cst.comments(span) {
            buffer.push_lines(self.slice(Span::new(at, comment.start)));
            at = comment.end;
        }
        buffer.push_lines(self.slice(Span::new(at, span.end)));
    }

    /// The source of a t-string's expression.
    fn template_text(&self, span: Span) -> Constant {
        let mut buffer = TextBuffer::new();
        self.push_without_comments(span, &mut buffer);
        match buffer.finish() {
            Constant::Str(text) => Constant::Str(text.trim_end().into()),
            other => other,
        }
    }

    /// What stands after the `:` of a field, as an f-string of its own.
    fn rebuild_format_specifier(&mut self, node: Node, span: Span, format: Format) {
        let mark = self.b.mark();
        let mut pending = Pending::new();
        // Specifications are f-strings, also those of a t-string.
        let format = Format { template: false, ..format };
        let mut at = span.start + 1;
        for it in self.children(node) {
            if matches!(self.kind(it), Kind::FormatExpression | Kind::Interpolation) {
                let text = Span::new(at, self.start(it));
                self.add_format_text(text, format, FormatPart::Specification, &mut pending);
                self.grow(|this| this.rebuild_interpolation(it, format, &mut pending));
                at = self.end(it);
            }
        }
        let text = Span::new(at, span.end);
        self.add_format_text(text, format, FormatPart::Specification, &mut pending);
        self.flush(&mut pending);
        self.close_joined(mark, span, false);
        self.b.role(Role::FormatSpec);
    }
}
