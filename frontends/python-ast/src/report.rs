//! What the parser found wrong, as diagnostics.

use std::borrow::Cow;

use astkit_ast::{Diagnostic, Span, TreeBuilder};
use ruff_python_ast::ModModule;
use ruff_python_parser::{ParseError, ParseErrorType, Parsed, UnsupportedSyntaxErrorKind};
use ruff_text_size::TextRange;

/// Who says so.
pub(crate) const SOURCE: &str = "python-ast";

/// How many errors of a kind are told one by one: enough to repair a file, and garbage of megabytes stays cheap.
const MOST: usize = 200;

/// An error of the parser.
pub(crate) struct Finding {
    pub(crate) span: Span,
    message: String,
}

/// What the parser refuses, in order, but for what it is wrong about.
pub(crate) fn findings(parsed: &Parsed<ModModule>, text: &str) -> Vec<Finding> {
    let errors = parsed.errors().iter().filter(|it| !is_bare_raise(it, text));
    let errors = errors.map(|it| Finding { span: span(it.location), message: it.error.to_string() });
    // What a later version took away again is no question of the version for us: no tree has a word for it.
    let removed = parsed.unsupported_syntax_errors().iter().filter(|it| is_removed(it.kind));
    let removed = removed.map(|it| Finding { span: span(it.range), message: it.to_string() });
    let mut findings: Vec<Finding> = errors.chain(removed).collect();
    findings.sort_by_key(|it| it.span);
    findings
}

/// The parser wants an expression in `raise;`.
fn is_bare_raise(error: &ParseError, text: &str) -> bool {
    error.error == ParseErrorType::ExpectedExpression
        && text.get(error.location.to_std_range()) == Some(";")
        && ends_in_raise(&text[..error.location.start().to_usize()])
}

/// Whether the last token of `text` is the keyword `raise`.
pub(crate) fn ends_in_raise(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '\t', '\x0c', '\\', '\r', '\n']);
    text.strip_suffix("raise")
        .is_some_and(|before| !before.ends_with(|it: char| it == '_' || it.is_alphanumeric()))
}

fn is_removed(kind: UnsupportedSyntaxErrorKind) -> bool {
    kind == UnsupportedSyntaxErrorKind::ParenthesizedKeywordArgumentName
}

/// Adds the errors as diagnostics, and a warning for each use of syntax that is newer than the Python asked for.
pub(crate) fn report(findings: &[Finding], parsed: &Parsed<ModModule>, builder: &mut TreeBuilder<'_>) {
    for finding in findings.iter().take(MOST) {
        let message = sentence(finding.message.clone());
        builder.diagnostic(Diagnostic::error(SOURCE, "syntax-error", finding.span, message));
    }
    if let Some(next) = findings.get(MOST) {
        let message = format!("{} more syntax errors", findings.len() - MOST);
        builder.diagnostic(Diagnostic::error(SOURCE, "syntax-error", next.span, message));
    }
    let newer = parsed.unsupported_syntax_errors().iter().filter(|it| !is_removed(it.kind));
    for newer in newer.take(MOST) {
        let message = sentence(newer.to_string());
        builder.diagnostic(Diagnostic::warning(SOURCE, "version-too-old", span(newer.range), message));
    }
}

/// The parser's range as a span.
pub(crate) fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// A message in the style of the other diagnostics: lower case at the start.
fn sentence(message: String) -> Cow<'static, str> {
    let mut chars = message.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            Cow::Owned(first.to_lowercase().chain(chars).collect())
        }
        _ => Cow::Owned(message),
    }
}
