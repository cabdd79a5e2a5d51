//! Records of the JSON formats that several commands share.

use astkit::{Diagnostic, SourceText, Span};
use serde::Serialize;

/// The number that every top object carries.
pub(crate) const SCHEMA: u32 = 1;

/// A place: byte offsets in the decoded UTF-8 text, half-open; lines from 1, columns in bytes from 0.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct SpanRecord {
    start: u32,
    end: u32,
    line: u32,
    col: u32,
    end_line: u32,
    end_col: u32,
}

impl SpanRecord {
    /// The record with these numbers, in the order in which they are printed.
    pub(crate) fn from_words([start, end, line, col, end_line, end_col]: [u32; 6]) -> Self {
        Self { start, end, line, col, end_line, end_col }
    }

    /// Its numbers, in that order.
    pub(crate) fn words(self) -> [u32; 6] {
        [self.start, self.end, self.line, self.col, self.end_line, self.end_col]
    }

    /// The record of a span.
    pub(crate) fn new(source: &SourceText, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            start: span.start,
            end: span.end,
            line: start.line,
            col: start.col,
            end_line: end.line,
            end_col: end.col,
        }
    }
}

impl SpanRecord {
    /// The record of a range of bytes without lines.
    pub(crate) fn of_bytes(start: usize, end: usize) -> Self {
        let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end), line: 0, col: 0, end_line: 0, end_col: 0 }
    }
}

/// A diagnostic.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DiagnosticRecord {
    schema: u32,
    r#type: &'static str,
    path: String,
    severity: &'static str,
    code: String,
    message: String,
    span: Option<SpanRecord>,
    source: String,
}

impl DiagnosticRecord {
    /// The record of a diagnostic of a file.
    pub(crate) fn new(path: &str, source: &SourceText, it: &Diagnostic) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "diagnostic",
            path: path.to_owned(),
            severity: it.severity.as_str(),
            code: it.code.to_owned(),
            message: it.message.clone().into_owned(),
            span: Some(SpanRecord::new(source, it.span)),
            source: it.source.to_owned(),
        }
    }

    /// The record of an input that could not be read.
    pub(crate) fn unreadable(path: &str, message: String) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "diagnostic",
            path: path.to_owned(),
            severity: "error",
            code: "unreadable".to_owned(),
            message,
            span: None,
            source: "astkit".to_owned(),
        }
    }
}

/// The records of a file's diagnostics.
pub(crate) fn diagnostics(path: &str, source: &SourceText, all: &[Diagnostic]) -> Vec<DiagnosticRecord> {
    all.iter().map(|it| DiagnosticRecord::new(path, source, it)).collect()
}

/// A record as one line of JSON.
pub(crate) fn line(record: &impl Serialize) -> String {
    let mut line = serde_json::to_string(record).expect("records have string keys and cannot fail");
    line.push('\n');
    line
}
