//! `--stat`: numbers only.

use std::collections::BTreeMap;

use astkit::diff::Part;

use super::Total;
use super::compare::Status;
use crate::render::diagnostic::on_one_line;

/// The line of a file.
pub(super) fn line(path: &str, parts: &BTreeMap<Part, usize>, status: Status) -> String {
    let path = on_one_line(path);
    match status {
        Status::Renamed => format!(" {path} | renamed\n"),
        Status::Added | Status::Removed | Status::Modified | Status::Unchanged => {
            format!(" {path} | {}\n", counts(parts))
        }
    }
}

/// The last line.
pub(super) fn total(total: &Total) -> String {
    let files = total.changed_files;
    let noun = if files == 1 { "file" } else { "files" };
    if files == 0 {
        return String::new();
    }
    format!(" {files} {noun} changed: {}\n", counts(&total.parts))
}

/// Parts with their numbers, the strongest first.
pub(super) fn counts(parts: &BTreeMap<Part, usize>) -> String {
    let counts: Vec<_> = parts.iter().map(|(part, count)| format!("{count} {part}")).collect();
    counts.join(", ")
}
