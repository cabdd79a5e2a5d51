//! `--stat`: numbers only.

use std::collections::BTreeMap;

use astkit::diff::Part;

use super::Total;
use super::compare::{Comparison, Status};
use crate::render::diagnostic::on_one_line;

/// The line of a file.
pub(super) fn line(comparison: &Comparison<'_, '_>, parts: &BTreeMap<Part, usize>) -> String {
    let what = match comparison.status {
        Status::Renamed => "renamed".to_owned(),
        Status::Added | Status::Removed | Status::Modified | Status::Unchanged => counts(parts),
    };
    let what = [what, comparison.mode_change().unwrap_or_default()];
    let what = what.iter().filter(|it| !it.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ");
    format!(" {} | {what}\n", on_one_line(comparison.path()))
}

/// The last line.
pub(super) fn total(total: &Total) -> String {
    let files = total.changed_files;
    let noun = if files == 1 { "file" } else { "files" };
    if files == 0 {
        return String::new();
    }
    let counts = counts(&total.parts);
    format!(" {files} {noun} changed{}{counts}\n", if counts.is_empty() { "" } else { ": " })
}

/// Parts with their numbers, the strongest first.
pub(super) fn counts(parts: &BTreeMap<Part, usize>) -> String {
    let counts: Vec<_> = parts.iter().map(|(part, count)| format!("{count} {part}")).collect();
    counts.join(", ")
}
