//! Diagnostics: what is wrong with an input, as data beside the result.

use std::borrow::Cow;

use crate::Span;

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Additional information.
    Note,
    /// The result is whole, but something about the input deserves a look.
    Warning,
    /// The input is broken here: the result is partial.
    Error,
}

impl Severity {
    /// The word used in output: `note`, `warning` or `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One finding about an input, with its place.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Diagnostic {
    /// Where, in the decoded text.
    pub span: Span,
    /// How bad.
    pub severity: Severity,
    /// Stable short name of the kind of finding, such as `syntax-error`; `astkit explain` knows each.
    pub code: &'static str,
    /// One sentence for a person: lower case, no full stop.
    pub message: Cow<'static, str>,
    /// Who says so: `source`, `python-ast`, `tree-sitter`, `check`, `cpython`, or a frontend of one's own.
    pub source: &'static str,
}

impl Diagnostic {
    /// An error, which makes the result partial.
    pub fn error(
        source: &'static str,
        code: &'static str,
        span: Span,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { span, severity: Severity::Error, code, message: message.into(), source }
    }

    /// A warning: the result is whole.
    pub fn warning(
        source: &'static str,
        code: &'static str,
        span: Span,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(source, code, span, message) }
    }
}
