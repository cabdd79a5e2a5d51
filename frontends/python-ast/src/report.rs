//! What the parser found wrong, as diagnostics.

use std::borrow::Cow;

use astkit_ast::{Diagnostic, TreeBuilder};
use ruff_python_ast::ModModule;
use ruff_python_parser::Parsed;

use crate::findings::{Finding, is_removed};
use crate::place::span_of;

/// Who says so.
pub(crate) const SOURCE: &str = "python-ast";

/// How many errors of a kind are told one by one: enough to repair a file, and garbage of megabytes stays cheap.
pub(crate) const MOST: usize = 200;

/// Adds the errors as diagnostics, and a warning for each use of syntax that is newer than the Python asked for.
pub(crate) fn report(findings: &[Finding<'_>], parsed: &Parsed<ModModule>, builder: &mut TreeBuilder<'_>) {
    for finding in findings.iter().take(MOST) {
        let message = sentence(finding.what.to_string());
        builder.diagnostic(Diagnostic::error(SOURCE, finding.code, finding.span, message));
    }
    if let Some(next) = findings.get(MOST) {
        let message = format!("{} more syntax errors", findings.len() - MOST);
        builder.diagnostic(Diagnostic::error(SOURCE, "syntax-error", next.span, message));
    }
    let newer = parsed.unsupported_syntax_errors().iter().filter(|it| !is_removed(it.kind));
    for newer in newer.take(MOST) {
        let message = sentence(newer.to_string());
        builder.diagnostic(Diagnostic::warning(SOURCE, "version-too-old", span_of(newer), message));
    }
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
