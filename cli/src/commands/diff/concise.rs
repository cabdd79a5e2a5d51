//! `--format concise`: one line a definition, with its place first.

use astkit::diff::{Certainty, DefinitionDiff, How};

use super::compare::{Comparison, Status};
use crate::render::Append;
use crate::session::File;

/// The lines of a pair.
pub(super) fn render(comparison: &Comparison<'_>) -> String {
    let mut out = String::new();
    if comparison.status == Status::Renamed {
        let old = comparison.pair.old.as_ref().map_or("", |it| it.shown.as_str());
        return format!("{}: renamed from {old}\n", comparison.path());
    }
    for it in &comparison.definitions {
        out += &line(comparison, it);
    }
    out
}

fn line(comparison: &Comparison<'_>, it: &DefinitionDiff) -> String {
    let (input, file, side) = match (&it.after, &it.before) {
        (Some(side), _) => (&comparison.pair.new, comparison.new, side),
        (None, Some(side)) => (&comparison.pair.old, comparison.old, side),
        (None, None) => return String::new(),
    };
    let path = input.as_ref().map_or("", |it| it.shown.as_str());
    let place = |file: &File| {
        let start = side.span.start;
        (file.source.position(start).line, file.source.char_column(start))
    };
    let (line, column) = file.map_or((1, 1), place);
    format!("{path}:{line}:{column}: {}: {}\n", name(it), parts(it))
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
    if let Some(how) = it.how.filter(|it| *it == How::Reorder) {
        out.append(format_args!(" ({})", how.as_str()));
    }
    if it.certainty == Certainty::SyntaxError {
        out += " (syntax error)";
    }
    out
}
