//! Strings of all kinds: pieces put together, and format strings taken apart.
//!
//! A format string is a sequence of texts and fields. Texts that follow each other, from whatever piece they come
//! and also the text that an `=` field shows, are one `Constant`, which is left out if it is empty. It spans from its
//! first text to its last, quotes included where the text is a whole piece.

use astkit_ast::builder::{ConstantId, Mark};
use astkit_ast::python::{Role, StringKind, build};
use astkit_ast::{
    Constant, Diagnostic, Dialect, FormatPart, LiteralError, Span, StringPrefix, debug_text,
    decode_format_text, has_unicode_kind,
};
use ruff_python_ast::{
    ConversionFlag, DebugText, ExprBytesLiteral, ExprFString, ExprStringLiteral, ExprTString, FStringPart,
    InterpolatedElement, InterpolatedStringElement, StringLiteral,
};
use ruff_text_size::Ranged;

use super::Rebuilder;
use crate::place::{offset, span_of};
use crate::report::SOURCE;

/// How many format strings may stand within each other, as in CPython.
const MOST_FORMATS: usize = 149;

/// How many fields of one format string may stand within each other, as in CPython.
const MOST_FIELDS: usize = 3;

/// The `Constant` at hand in a format string: where its texts are; their value is in the rebuilder's buffer.
#[derive(Default)]
struct Run {
    span: Option<Span>,
    kind: Option<StringKind>,
}

impl Run {
    /// Adds a text; the first one decides about the kind.
    fn add(&mut self, span: Span, kind: Option<StringKind>) {
        if let Some(run) = &mut self.span {
            run.end = span.end;
        } else {
            *self = Self { span: Some(span), kind };
        }
    }
}

/// What a format string is made of: its kind, and whether escapes mean nothing in it.
#[derive(Clone, Copy)]
struct Format {
    is_template: bool,
    raw: bool,
    part: FormatPart,
    /// How many of its fields are open.
    fields: usize,
}

impl<'t> Rebuilder<'_, '_, 't> {
    pub(super) fn rebuild_string(&mut self, it: &'t ExprStringLiteral) {
        let span = span_of(it);
        let pieces = it.value.as_slice();
        let value = match pieces {
            [piece] => match self.verbatim(piece) {
                Some(text) => self.b.text_constant(text),
                None => self.decoded_string(pieces),
            },
            _ => self.decoded_string(pieces),
        };
        let kind = pieces.first().and_then(|it| self.kind_of_piece(it));
        let mark = self.b.mark();
        build::constant(self.b, mark, span, value, kind);
    }

    fn decoded_string(&mut self, pieces: &'t [StringLiteral]) -> ConstantId {
        for piece in pieces {
            self.add_piece(piece);
        }
        self.take_buffer()
    }

    fn take_buffer(&mut self) -> ConstantId {
        let value = if let Some(text) = self.buffer.as_str() {
            self.b.text_constant(text)
        } else {
            let wide = self.buffer.take();
            self.b.constant(wide)
        };
        self.buffer.clear();
        value
    }

    /// Adds a piece's value to the buffer.
    fn add_piece(&mut self, piece: &'t StringLiteral) {
        if let Some(text) = self.verbatim(piece) {
            return self.buffer.push_str(text);
        }
        let span = span_of(piece);
        let token = self.slice(span);
        let result = StringPrefix::parse(token, Dialect::Python3)
            .and_then(|prefix| prefix.decode_text(token, &mut self.buffer));
        if let Err(error) = result {
            self.literal_error(span.start, &error);
        }
    }

    /// The text between a piece's quotes, if that is its value.
    ///
    /// Every escape is longer than what it stands for; so if the parser's value is as long as the text, there are
    /// none (or only unknown ones, which stand for themselves).
    fn verbatim(&self, piece: &'t StringLiteral) -> Option<&'t str> {
        let text = self.slice(span_of(&piece.content_range()));
        let is_verbatim = text.len() == piece.value.len()
            && !piece.flags.is_invalid()
            && !(self.has_carriage_return && text.contains('\r'));
        is_verbatim.then_some(text)
    }

    fn kind_of_piece(&self, piece: &StringLiteral) -> Option<StringKind> {
        let is_unicode = piece.flags.prefix().is_unicode() && has_unicode_kind(self.slice(span_of(piece)));
        is_unicode.then_some(StringKind::U)
    }

    pub(super) fn rebuild_bytes(&mut self, it: &'t ExprBytesLiteral) {
        let mut bytes = Vec::new();
        for piece in it.value.as_slice() {
            let span = span_of(piece);
            let token = self.slice(span);
            let result = StringPrefix::parse(token, Dialect::Python3)
                .and_then(|prefix| prefix.decode_bytes(token, &mut bytes));
            if let Err(error) = result {
                self.literal_error(span.start, &error);
            }
        }
        let value = self.b.constant(Constant::Bytes(bytes.into_boxed_slice()));
        let mark = self.b.mark();
        build::constant(self.b, mark, span_of(it), value, None);
    }

    /// Reports what only the common decoder refuses.
    pub(super) fn literal_error(&mut self, start: u32, error: &LiteralError) {
        let span = Span::empty(start + error.offset);
        if !self.damage.is_any() {
            self.b.diagnostic(Diagnostic::error(SOURCE, "syntax-error", span, error.message.clone()));
        }
        self.is_damaged = true;
    }

    pub(super) fn rebuild_f_string(&mut self, it: &'t ExprFString) {
        let mark = self.b.mark();
        self.open_formats += 1;
        let mut run = Run::default();
        for part in &it.value {
            match part {
                FStringPart::Literal(piece) => {
                    run.add(span_of(piece), self.kind_of_piece(piece));
                    self.add_piece(piece);
                }
                FStringPart::FString(piece) => {
                    let raw = piece.flags.prefix().is_raw();
                    let format = Format { is_template: false, raw, part: FormatPart::Literal, fields: 0 };
                    self.rebuild_elements(&piece.elements, format, &mut run);
                }
            }
        }
        self.close_run(&mut run);
        self.close_format(mark, span_of(it), false);
    }

    pub(super) fn rebuild_t_string(&mut self, it: &'t ExprTString) {
        let mark = self.b.mark();
        self.open_formats += 1;
        let mut run = Run::default();
        for piece in &it.value {
            let raw = piece.flags.prefix().is_raw();
            let format = Format { is_template: true, raw, part: FormatPart::Literal, fields: 0 };
            self.rebuild_elements(&piece.elements, format, &mut run);
        }
        self.close_run(&mut run);
        self.close_format(mark, span_of(it), true);
    }

    /// Closes a format string, unless there are too many around it: CPython refuses it then. As a field may show the
    /// source of all that is in it, the values of so many would be as long as the text times their number.
    fn close_format(&mut self, mark: Mark, span: Span, is_template: bool) {
        self.open_formats -= 1;
        if self.open_formats == MOST_FORMATS {
            self.b.rewind(mark);
            self.b.error(mark, span);
            self.refuse(span, "too many nested f-strings or t-strings");
        } else if is_template {
            build::template_str(self.b, mark, span);
        } else {
            build::joined_str(self.b, mark, span);
        }
    }

    fn rebuild_elements(&mut self, elements: &'t [InterpolatedStringElement], format: Format, run: &mut Run) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(it) => {
                    let span = span_of(it);
                    let before = self.buffer.len();
                    let result =
                        decode_format_text(self.slice(span), format.raw, format.part, &mut self.buffer);
                    if let Err(error) = result {
                        self.literal_error(span.start, &error);
                    }
                    // CPython leaves a text out that turns out to be empty, such as an escaped line end.
                    if self.buffer.len() > before {
                        run.add(span, None);
                    }
                }
                InterpolatedStringElement::Interpolation(it) => {
                    self.rebuild_interpolation(it, format, run);
                }
            }
        }
    }

    fn rebuild_interpolation(&mut self, it: &'t InterpolatedElement, format: Format, run: &mut Run) {
        let span = span_of(it);
        if format.fields == MOST_FIELDS {
            self.refuse(span, "expressions of an f-string or t-string are nested too deep");
        }
        if let Some(debug) = &it.debug_text {
            let text = debug_span(span, debug);
            run.add(text, None);
            debug_text(self.shown(text), &mut self.buffer);
        }
        self.close_run(run);
        let mark = self.b.mark();
        self.rebuild_expr(&it.expression, Role::Value);
        if let Some(spec) = &it.format_spec {
            self.deeper(|rebuilder| {
                // Fields of a specification are formatted in a t-string too.
                let part = FormatPart::Specification;
                let format = Format { is_template: false, part, fields: format.fields + 1, ..format };
                // It begins at its `:`.
                let span = Span::new(spec.start().to_u32().saturating_sub(1), spec.end().to_u32());
                rebuilder.rebuild_format_spec(&spec.elements, format, span);
            });
        }
        let shows_repr =
            it.conversion == ConversionFlag::None && it.debug_text.is_some() && it.format_spec.is_none();
        let conversion = if shows_repr { ConversionFlag::Repr as i8 } else { it.conversion as i8 };
        if format.is_template {
            self.close_interpolation(it, mark, conversion);
        } else {
            build::formatted_value(self.b, mark, span, conversion);
        }
        self.b.role(Role::Values);
    }

    fn rebuild_format_spec(&mut self, elements: &'t [InterpolatedStringElement], format: Format, span: Span) {
        let mark = self.b.mark();
        let mut run = Run::default();
        self.rebuild_elements(elements, format, &mut run);
        self.close_run(&mut run);
        build::joined_str(self.b, mark, span);
        self.b.role(Role::FormatSpec);
    }

    /// A t-string's field also keeps the source of its expression: all from its brace on, without comments, but for
    /// the space and the `=` behind it.
    fn close_interpolation(&mut self, it: &'t InterpolatedElement, mark: Mark, conversion: i8) {
        let span = span_of(it);
        debug_text(self.shown(Span::new(span.start + 1, self.expression_end(it))), &mut self.buffer);
        let text = self.buffer.as_str().unwrap_or_default();
        let text = self.b.text_constant(text.trim_end_matches(|it: char| it.is_whitespace() || it == '='));
        self.buffer.clear();
        build::interpolation(self.b, mark, span, text, conversion);
    }

    /// The source that a field shows; nothing where format strings are too deep, as their tree is dropped again.
    fn shown(&self, span: Span) -> &'t str {
        if self.open_formats > MOST_FORMATS { "" } else { self.slice(span) }
    }

    /// Where in a field begins what follows its expression: `!`, `:` or `}`.
    fn expression_end(&self, it: &InterpolatedElement) -> u32 {
        let field = span_of(it);
        let end = it.format_spec.as_ref().map_or(field.end, |spec| spec.start().to_u32()).saturating_sub(1);
        if it.conversion == ConversionFlag::None {
            return end;
        }
        // In `!r` no space stands between the two, but behind them there may be some.
        let start = it.expression.end().to_u32();
        let behind = self.slice(Span::new(start, end)).trim_end();
        start + offset(behind.rfind('!').unwrap_or(behind.len()))
    }

    /// Closes the constant at hand, if it has text.
    fn close_run(&mut self, run: &mut Run) {
        let Run { span, kind } = std::mem::take(run);
        if let Some(span) = span
            && !self.buffer.is_empty()
        {
            let value = self.take_buffer();
            let mark = self.b.mark();
            build::constant(self.b, mark, span, value, kind);
            self.b.role(Role::Values);
        }
    }
}

/// Where the text is that an `=` field shows: from behind its `{`.
fn debug_span(field: Span, debug: &DebugText) -> Span {
    let start = field.start + 1;
    Span::new(start, start + offset(debug.as_str().len()))
}
