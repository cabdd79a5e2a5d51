//! `--format markdown`: for comments on a change: a table of what changed, and the lines, folded.

use astkit::diff::FileDiff;

use super::compare::Comparison;
use super::rows::{Row, RowKind, blocks};
use super::{Style, full, plain};
use crate::render::Append;

/// The section of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, diff: &FileDiff, style: &Style) -> String {
    let mut out = format!("### `{}`\n\n{}\n\n", ticks(comparison.path()), escape(&full::notes(comparison)));
    let blocks = blocks(comparison, diff, style);
    if !blocks.is_empty() {
        out += "| | definition | what changed | where |\n|---|---|---|---|\n";
    }
    for it in &blocks {
        let (name, parts) = (ticks(&it.name).replace('|', "\\|"), &it.parts);
        out.append(format_args!(
            "| `{}` | `{name}` | {parts} | {} |\n",
            it.symbol,
            escape(&it.places.join(" → "))
        ));
    }
    for it in blocks.iter().filter(|it| !it.hunks.is_empty()) {
        lines(&mut out, &format!("{}: {}", super::html::escape(&it.name), it.parts), &it.hunks);
    }
    let plain = plain::hunks(comparison, style);
    if !plain.is_empty() {
        lines(&mut out, "lines", &plain);
    }
    if !comparison.is_one_sided() {
        out.push('\n');
    }
    out
}

fn lines(out: &mut String, summary: &str, hunks: &[Vec<Row>]) {
    let mut text = String::new();
    for (number, hunk) in hunks.iter().enumerate() {
        if number > 0 {
            text += "@@ @@\n";
        }
        for row in hunk {
            line(&mut text, row);
        }
    }
    // A fence that is longer than any in the text.
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    out.append(format_args!(
        "\n<details><summary>{summary}</summary>\n\n{fence}diff\n{text}{fence}\n</details>\n"
    ));
}

fn line(out: &mut String, row: &Row) {
    let note = row.note.as_ref().map_or(String::new(), |it| format!("    # {it}"));
    match (&row.old, &row.new, row.kind) {
        (_, Some(new), RowKind::Context) => out.append(format_args!("  {}\n", new.text())),
        (_, Some(new), RowKind::Dedented | RowKind::Indented) => {
            out.append(format_args!("! {}{note}\n", new.text()));
        }
        (old, new, _) => {
            if let Some(old) = old {
                out.append(format_args!("- {}{}\n", old.text(), if new.is_none() { &note } else { "" }));
            }
            if let Some(new) = new {
                out.append(format_args!("+ {}{note}\n", new.text()));
            }
        }
    }
}

fn ticks(text: &str) -> String {
    text.replace('`', "'")
}

/// Text in which nothing is markup.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for it in text.chars() {
        if matches!(it, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#') {
            out.push('\\');
        }
        out.push(it);
    }
    out
}
