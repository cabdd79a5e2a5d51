//! String literals: a run of pieces side by side is one constant, or one f-string.
//!
//! Values come from source text through astkit's decoder; the grammar's escape nodes are not looked at.

use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{Role, StringKind as Kinds, build};
use astkit_ast::{Constant, LiteralError, Span, StringKind, StringPrefix, TextBuffer, has_unicode_kind};
use smallvec::SmallVec;

use super::Rebuilder;
use crate::cst::{Kind, Node};

/// One string token and what its prefix says.
type Piece = (Node, StringPrefix);

/// Text of an f-string that has not become a constant yet.
pub(crate) struct Pending {
    pub(super) buffer: TextBuffer,
    /// Where it stands; none if nothing was added.
    pub(super) span: Option<Span>,
    unicode: bool,
}

impl Pending {
    pub(crate) fn new() -> Self {
        Self { buffer: TextBuffer::new(), span: None, unicode: false }
    }

    /// Takes the span of more text in; the kind is that of the first text.
    pub(super) fn extend(&mut self, span: Span, unicode: bool) {
        if let Some(it) = &mut self.span {
            *it = it.hull(span);
        } else {
            self.span = Some(span);
            self.unicode = unicode;
        }
    }
}

impl Rebuilder<'_, '_> {
    pub(crate) fn rebuild_string(&mut self, node: Node) -> Built {
        let mut pieces: SmallVec<[Piece; 4]> = SmallVec::new();
        if self.kind(node) == Kind::String {
            if let Err(built) = self.add_piece(node, &mut pieces) {
                return built;
            }
        } else {
            for it in self.parts(node) {
                if self.kind(it) != Kind::String {
                    return self.rebuild_broken(node);
                }
                if let Err(built) = self.add_piece(it, &mut pieces) {
                    return built;
                }
            }
        }
        let is_bytes = |it: &Piece| it.1.kind == StringKind::Bytes;
        let bytes = pieces.iter().filter(|it| is_bytes(it)).count();
        if bytes == pieces.len() {
            return self.rebuild_bytes(node, &pieces);
        }
        if bytes > 0 && !self.python2() {
            return self.bad_string(node, "bytes and other literals can't stand side by side");
        }
        if pieces.iter().any(|it| it.1.is_format()) {
            return self.rebuild_joined(node, &pieces);
        }
        self.rebuild_text(node, &pieces)
    }

    fn add_piece(&mut self, node: Node, pieces: &mut SmallVec<[Piece; 4]>) -> Result<(), Built> {
        if self.cst.is_broken(node) {
            return Err(self.rebuild_broken(node));
        }
        let text = self.text_of(node);
        if text.starts_with('`') {
            return Err(self.rebuild_backquotes(node));
        }
        match StringPrefix::parse(text, self.dialect) {
            Ok(mut prefix) => {
                prefix.unicode |= self.python2() && self.unicode_literals && prefix.kind == StringKind::Text;
                if prefix.quote_len == 1 && !prefix.is_format() {
                    self.check_line_ends(self.span(node));
                }
                pieces.push((node, prefix));
                Ok(())
            }
            Err(error) => Err(self.bad_string(node, error.message)),
        }
    }

    fn bad_string(&mut self, node: Node, message: impl Into<std::borrow::Cow<'static, str>>) -> Built {
        let span = self.span(node);
        self.fault("invalid-string", span, message);
        let mark = self.b.mark();
        self.b.error(mark, span)
    }

    pub(super) fn string_fault(&mut self, start: u32, error: LiteralError) {
        self.fault("invalid-string", Span::empty(start + error.offset), error.message);
    }

    fn rebuild_bytes(&mut self, node: Node, pieces: &[Piece]) -> Built {
        let mut bytes = Vec::new();
        for (piece, prefix) in pieces {
            if let Err(error) = prefix.decode_bytes(self.text_of(*piece), &mut bytes) {
                self.string_fault(self.start(*piece), error);
            }
        }
        let mark = self.b.mark();
        let value = self.b.constant(Constant::Bytes(bytes.into_boxed_slice()));
        build::constant(self.b, mark, self.span(node), value, None)
    }

    fn rebuild_text(&mut self, node: Node, pieces: &[Piece]) -> Built {
        let mut buffer = TextBuffer::new();
        for (piece, prefix) in pieces {
            if let Err(error) = prefix.decode_text(self.text_of(*piece), &mut buffer) {
                self.string_fault(self.start(*piece), error);
            }
        }
        let unicode = pieces.first().is_some_and(|(it, _)| has_unicode_kind(self.text_of(*it)));
        let mark = self.b.mark();
        let value = self.b.constant(buffer.finish());
        build::constant(self.b, mark, self.span(node), value, unicode.then_some(Kinds::U))
    }

    /// An f-string or t-string, perhaps with plain strings beside it.
    fn rebuild_joined(&mut self, node: Node, pieces: &[Piece]) -> Built {
        let mark = self.b.mark();
        let mut pending = Pending::new();
        for (piece, prefix) in pieces {
            if prefix.is_format() {
                self.rebuild_format_piece(*piece, *prefix, &mut pending);
                continue;
            }
            let text = self.text_of(*piece);
            pending.extend(self.span(*piece), has_unicode_kind(text));
            if let Err(error) = prefix.decode_text(text, &mut pending.buffer) {
                self.string_fault(self.start(*piece), error);
            }
        }
        self.flush(&mut pending);
        let template = pieces.iter().any(|it| it.1.kind == StringKind::Template);
        if template && pieces.iter().any(|it| it.1.kind != StringKind::Template) {
            self.fault(
                "invalid-string",
                self.span(node),
                "t-strings and other strings can't stand side by side",
            );
        }
        self.close_joined(mark, self.span(node), template)
    }

    pub(super) fn close_joined(&mut self, mark: Mark, span: Span, template: bool) -> Built {
        if template { build::template_str(self.b, mark, span) } else { build::joined_str(self.b, mark, span) }
    }

    /// Makes a constant of the text so far, unless it is empty.
    pub(crate) fn flush(&mut self, pending: &mut Pending) {
        let Some(span) = pending.span.take() else { return };
        if pending.buffer.is_empty() {
            return;
        }
        let mark = self.b.mark();
        let value = self.b.constant(pending.buffer.take());
        build::constant(self.b, mark, span, value, pending.unicode.then_some(Kinds::U));
        self.b.role(Role::Values);
    }
}
