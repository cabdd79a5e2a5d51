//! What the parser found wrong, as diagnostics.

use std::borrow::Cow;

use astkit_ast::{Diagnostic, Span, TreeBuilder};
use ruff_python_ast::ModModule;
use ruff_python_parser::Parsed;
use ruff_text_size::TextRange;

/// Who says so.
pub(crate) const SOURCE: &str = "python-ast";

/// How many errors of a kind are told one by one: enough to repair a file, and garbage of megabytes stays cheap.
const MOST: usize = 200;

/// Adds the parser's errors, and a warning for each use of syntax that is newer than the Python asked for.
pub(crate) fn report(parsed: &Parsed<ModModule>, builder: &mut TreeBuilder<'_>) {
    for error in parsed.errors().iter().take(MOST) {
        let message = sentence(error.error.to_string());
        builder.diagnostic(Diagnostic::error(SOURCE, "syntax-error", span(error.location), message));
    }
    if let Some(next) = parsed.errors().get(MOST) {
        let message = format!("{} more syntax errors", parsed.errors().len() - MOST);
        builder.diagnostic(Diagnostic::error(SOURCE, "syntax-error", span(next.location), message));
    }
    for newer in parsed.unsupported_syntax_errors().iter().take(MOST) {
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
