//! A piece of a broken text: parsed by itself, its tree put into the file's.

use std::ops::Range;

use super::{is_class, offset};
use crate::builder::TreeBuilder;
use crate::diagnostic::Diagnostic;
use crate::frontend::{Frontend, LowerError, Options, lower};
use crate::lowered::Lowered;
use crate::python::Role;
use crate::scanner::code_span;
use crate::side_tables::SideTables;
use crate::source::SourceText;
use crate::span::Span;
use crate::tree::Node;

/// Stands above an indented piece, so that it is a block.
const WRAPPER: &str = "class _:\n";

/// Whole lines of a text.
pub(super) struct Piece<'a> {
    text: &'a str,
    range: Range<usize>,
    wrapper: &'static str,
}

impl<'a> Piece<'a> {
    pub(super) fn new(text: &'a str, range: Range<usize>, indented: bool) -> Self {
        let wrapper = if indented {
            WRAPPER
        } else if range.start > 0 && text[range.start..].starts_with('\u{feff}') {
            // Within a file it is no byte-order mark.
            "\n"
        } else {
            ""
        };
        Self { text, range, wrapper }
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Lowers the piece.
    pub(super) fn lower(&self, frontend: &dyn Frontend, options: &Options) -> Result<Lowered, LowerError> {
        self.lower_with(frontend, options, "")
    }

    /// Lowers the piece with some more text behind it.
    pub(super) fn lower_with(
        &self,
        frontend: &dyn Frontend,
        options: &Options,
        more: &str,
    ) -> Result<Lowered, LowerError> {
        let text = [self.wrapper, &self.text[self.range.clone()], more].concat();
        lower(frontend, &SourceText::from_text(&text), options)
    }

    /// What to add to a position in the piece to get the position in the file.
    pub(super) fn shift(&self) -> i64 {
        i64::from(offset(self.range.start)) - i64::from(offset(self.wrapper.len()))
    }

    /// The span in the file of a span in the piece; text of the wrapper counts as the piece's beginning.
    pub(super) fn moved(&self, span: Span) -> Span {
        let (first, last) = (offset(self.range.start), offset(self.range.end));
        let moved = |it: u32| (i64::from(it) + self.shift()).clamp(i64::from(first), i64::from(last));
        let moved = |it: u32| u32::try_from(moved(it)).unwrap_or(first);
        Span::new(moved(span.start), moved(span.end))
    }

    /// The statements of the piece's tree.
    pub(super) fn statements<'t>(&self, lowered: &'t Lowered) -> Vec<Node<'t>> {
        let mut out = Vec::new();
        for node in lowered.tree.root().children() {
            let wraps = !self.wrapper.is_empty() && lowered.span(node).start == 0;
            if wraps && is_class(node) {
                out.extend(node.field(Role::Body.into()));
            } else {
                out.push(node);
            }
        }
        out
    }

    /// Puts the piece's statements into the file's tree, and its diagnostics to the others.
    pub(super) fn emit(&self, builder: &mut TreeBuilder<'_>, lowered: &Lowered, found: &mut Vec<Diagnostic>) {
        let statements = self.statements(lowered);
        let outside = |it: &Node<'_>| (lowered.span(*it).start as usize) < self.wrapper.len();
        if !lowered.is_partial() {
            for node in statements {
                builder.graft(lowered, node, self.shift());
                builder.role(Role::Body);
            }
        } else if statements.iter().any(outside) {
            // The wrapper itself was torn: nothing of this tree is about the piece alone.
            let mark = builder.mark();
            builder.error(mark, self.code());
            builder.role(Role::Body);
        } else {
            self.emit_covered(builder, lowered, &statements);
        }
        found.extend(self.diagnostics(lowered));
    }

    /// Puts statements into the file's tree, and errors for the text that no statement covers.
    fn emit_covered(&self, builder: &mut TreeBuilder<'_>, lowered: &Lowered, statements: &[Node<'_>]) {
        let source = SourceText::from_text(&[self.wrapper, &self.text[self.range.clone()]].concat());
        let tables = SideTables::new(&source, lowered);
        let mark = if source.has_bom() { 3 } else { 0 };
        let mut done = offset(self.wrapper.len()).max(mark);
        for node in statements {
            let span = tables.definition_span(*node);
            self.cover(builder, &source, Span::new(done, span.start));
            builder.graft(lowered, *node, self.shift());
            builder.role(Role::Body);
            done = done.max(span.end);
        }
        self.cover(builder, &source, Span::new(done, source.len()));
    }

    /// Makes an error of the code in a gap between statements. The gap is read by itself: what is code and what is the
    /// inside of a string is a matter of opinion in broken text, and the tree has decided.
    fn cover(&self, builder: &mut TreeBuilder<'_>, source: &SourceText, gap: Span) {
        if let Some(code) = code_span(source.slice(gap)) {
            let mark = builder.mark();
            builder.error(mark, self.moved(Span::new(gap.start + code.start, gap.start + code.end)));
            builder.role(Role::Body);
        }
    }

    /// The diagnostics of the piece's tree, at their places in the file.
    pub(super) fn diagnostics(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        let moved = |it: &Diagnostic| Diagnostic { span: self.moved(it.span), ..it.clone() };
        lowered.diagnostics.iter().map(moved).collect()
    }

    /// The piece without white space at its ends.
    pub(super) fn code(&self) -> Span {
        let text = &self.text[self.range.clone()];
        let start = self.range.start + (text.len() - text.trim_start().len());
        Span::new(offset(start), offset(self.range.start + text.trim_end().len()))
    }
}
