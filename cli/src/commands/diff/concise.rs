//! `--format concise`: one line a definition, with its place first.

use astkit::diff::{Certainty, DefinitionDiff, How};

use super::compare::{Comparison, Known, Status};
use crate::render::Append;
use crate::render::diagnostic::on_one_line;

/// The lines of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>) -> String {
    let mut out = String::new();
    let path = on_one_line(comparison.path());
    if comparison.status == Status::Renamed {
        out.append(format_args!("{path}: renamed from {}\n", on_one_line(comparison.old_path())));
    }
    if let Some(mode) = comparison.mode_change() {
        out.append(format_args!("{path}: {mode}\n"));
    }
    if let Some(why) = comparison.approximation() {
        out.append(format_args!("{path}: {} ({why})\n", comparison.status.as_str()));
    }
    for (_, it) in &comparison.definitions {
        out += &line(comparison, it);
    }
    out
}

fn line(comparison: &Comparison<'_, '_>, it: &DefinitionDiff) -> String {
    let (known, side) = match (&it.after, &it.before) {
        (Some(side), _) => (comparison.set.after(side.file), side),
        (None, Some(side)) => (comparison.set.before(side.file), side),
        (None, None) => return String::new(),
    };
    let Some(Known { version, file, .. }) = known else { return String::new() };
    let start = side.span.start;
    let (line, column) = (file.source.position(start).line, file.source.char_column(start));
    let from = origin(comparison, it).map_or(String::new(), |path| format!(" from {}", on_one_line(path)));
    format!("{}:{line}:{column}: {}: {}{from}\n", on_one_line(&version.shown), name(it), parts(it))
}

/// The file that a definition came from, if that is another one.
pub(super) fn origin<'a>(comparison: &Comparison<'_, 'a>, it: &DefinitionDiff) -> Option<&'a str> {
    let (before, after) = (it.before.as_ref()?, it.after.as_ref()?);
    let version = comparison.set.before(before.file)?.version;
    (before.file != after.file).then_some(version.shown.as_str())
}

/// A definition's name, or both if it was renamed.
pub(super) fn name(it: &DefinitionDiff) -> String {
    match (&it.before, &it.after) {
        (Some(before), Some(after)) if before.qualname != after.qualname => {
            format!("{} → {}", before.qualname, after.qualname)
        }
        (_, Some(side)) | (Some(side), None) => side.qualname.clone(),
        (None, None) => String::new(),
    }
}

/// A definition's verdict in words.
pub(super) fn parts(it: &DefinitionDiff) -> String {
    let words: Vec<_> = it.verdict.iter().map(|it| it.as_str()).collect();
    let mut out = words.join(", ");
    if let Some(how) = it.how.filter(|it| matches!(it, How::Reorder | How::Block)) {
        out.append(format_args!(" ({})", how.as_str()));
    }
    if it.certainty == Certainty::SyntaxError {
        out += " (syntax error)";
    }
    out
}
