//! What is told to people about a file: places, hashes of the text, findings.

use astkit_ast::{Position, Severity, Span};

use super::packed::Packed;

/// Per definition in source order: start, end, line and column of both, and BLAKE3 at level `exact`.
pub(super) const PLACES: usize = 0;
/// Findings: start, end, severity.
pub(super) const FINDINGS: usize = 1;
/// Per finding three texts: code, source, message.
pub(super) const MESSAGES: usize = 2;

pub(super) const PLACE_BYTES: usize = 56;

/// Place and text of a definition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ItemText<'a> {
    /// From the first decorator to the last token.
    pub span: Span,
    /// Line and column of its start.
    pub start: Position,
    /// Line and column of its end.
    pub end: Position,
    /// The hash at level `exact` of [`astkit_hash`].
    pub exact_hash: &'a [u8; 32],
}

/// A finding about a text: see [`astkit_ast::Diagnostic`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredDiagnostic<'a> {
    /// Where, in the decoded text.
    pub span: Span,
    /// How bad.
    pub severity: Severity,
    /// Stable short name of the kind of finding.
    pub code: &'a str,
    /// One sentence for a person.
    pub message: &'a str,
    /// Who says so.
    pub source: &'a str,
}

/// What is told to people about a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Texts {
    pub(super) packed: Packed,
}

impl Texts {
    /// The definitions in the order of [`Bodies::source_order`](super::Bodies::source_order).
    pub fn items(&self) -> impl Iterator<Item = ItemText<'_>> {
        self.packed.section(PLACES).chunks_exact(PLACE_BYTES).filter_map(|it| {
            let word = |at: usize| it[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
            Some(ItemText {
                span: Span::new(word(0), word(4)),
                start: Position { line: word(8), col: word(12) },
                end: Position { line: word(16), col: word(20) },
                exact_hash: it[24..].try_into().ok()?,
            })
        })
    }

    /// What is wrong with the text, sorted by place.
    pub fn diagnostics(&self) -> impl Iterator<Item = StoredDiagnostic<'_>> {
        self.packed.words(FINDINGS).rows::<3>().zip(0..).map(|([start, end, severity], at)| {
            StoredDiagnostic {
                span: Span::new(start, end),
                severity: [Severity::Note, Severity::Warning, Severity::Error][severity.min(2) as usize],
                code: self.packed.text(MESSAGES, 3 * at),
                source: self.packed.text(MESSAGES, 3 * at + 1),
                message: self.packed.text(MESSAGES, 3 * at + 2),
            }
        })
    }
}
