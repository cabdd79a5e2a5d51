//! Diagnostics as people read them: a sentence, the place, and the line with the place marked.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use astkit::{Diagnostic, Severity, SourceText, Span};

/// Lines longer than this are not shown.
const LONGEST_LINE: u32 = 400;

/// Renders a diagnostic. An error in an input is a warning of the command: the result is there, but partial.
pub(crate) fn diagnostic(path: &str, source: &SourceText, it: &Diagnostic, color: bool) -> String {
    let level = match it.severity {
        Severity::Error | Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(printable(&it.message)).id(it.code);
    let line = source.position(it.span.start).line;
    let shown = source.line_span(line);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let group = if shown.len() > LONGEST_LINE {
        let origin =
            Origin::path(path).line(line as usize).char_column(source.char_column(it.span.start) as usize);
        Group::with_title(title).element(origin)
    } else {
        title.element(snippet(path, source, it.span, line, shown))
    };
    renderer.render(&[group])
}

fn snippet<'a>(
    path: &'a str,
    source: &'a SourceText,
    span: Span,
    line: u32,
    shown: Span,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    // One line only: the rest of a long span says no more, and a huge file must not be searched for lines.
    let start = span.start.clamp(shown.start, shown.end) - shown.start;
    let end = span.end.clamp(shown.start, shown.end) - shown.start;
    let range = start as usize..end.max(start) as usize;
    Snippet::source(source.slice(shown))
        .line_start(line as usize)
        .path(path)
        .annotation(AnnotationKind::Primary.span(range))
}

/// Text without control characters, which could do things to a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|it| if it.is_control() && !matches!(it, '\n' | '\t') { '\u{fffd}' } else { it })
        .collect()
}

/// A name as it can stand within a line.
pub(crate) fn on_one_line(name: &str) -> String {
    name.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect()
}
