//! `--format full`: for people, in the terminal. Under each changed definition stand its own lines that changed.
//!
//! Old and new lines stand below each other. Definitions whose formatting alone changed are counted and not shown.

use std::collections::BTreeMap;

use astkit::diff::{FileDiff, Part};

use super::compare::{Comparison, Status};
use super::impact::Impacted;
use super::looks::{Looks, Paint};
use super::rows::{Block, Cell, Row, RowKind, blocks, is_formatting};
use super::{Style, plain, stat};
use crate::render::Append;
use crate::render::diagnostic::{on_one_line, printable};

/// So many definitions that depend on a change are shown.
const MOST_IMPACTED: usize = 60;

/// The view of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, diff: &FileDiff, style: &Style) -> String {
    let looks = Looks::new(style.color);
    let mut out = String::new();
    head(&mut out, comparison, &looks);
    for block in blocks(comparison, diff, style) {
        heading(&mut out, &block, &looks);
        hunks(&mut out, &block.hunks, &looks);
    }
    hunks(&mut out, &plain::hunks(comparison, style), &looks);
    if out.lines().nth(1).is_some() || !comparison.is_one_sided() {
        out.push('\n');
    }
    out
}

/// The line of a file: its path, and what changed in numbers.
pub(super) fn head(out: &mut String, comparison: &Comparison<'_, '_>, looks: &Looks) {
    let path = on_one_line(comparison.path());
    line(out, &format!("{}  {}", looks.bold.paint(&path), notes(comparison)));
}

/// What depends on what changed.
pub(super) fn impact(impacted: &[Impacted], looks: &Looks) -> String {
    let mut out = String::new();
    for it in impacted.iter().take(MOST_IMPACTED) {
        let heading = looks.name.paint(&format!("! impacted   {}", printable(&it.target)));
        let way = printable(&format!("through {} ({})", it.via.join(" → "), it.because));
        line(&mut out, &format!("{heading}  {}", looks.dim.paint(&way)));
    }
    if impacted.len() > MOST_IMPACTED {
        out.append(format_args!("  and {} more\n", impacted.len() - MOST_IMPACTED));
    }
    out
}

/// What changed in a file, in numbers.
pub(super) fn notes(comparison: &Comparison<'_, '_>) -> String {
    let mut parts: BTreeMap<Part, usize> = BTreeMap::new();
    let shown = comparison.definitions.iter().map(|it| &it.1).filter(|it| !is_formatting(it));
    for part in shown.flat_map(|it| &it.verdict) {
        *parts.entry(*part).or_default() += 1;
    }
    let mut notes = stat::counts(&parts);
    let folded = comparison.definitions.iter().filter(|it| is_formatting(&it.1)).count();
    if folded > 0 && parts.is_empty() {
        notes = format!("formatting only ({folded} {})", definitions(folded));
    } else if folded > 0 {
        notes.append(format_args!("  (formatting folded: {folded})"));
    }
    if comparison.hidden > 0 {
        notes.append(format_args!("  (hidden: {})", comparison.hidden));
    }
    if let Some(why) = comparison.approximation() {
        notes = format!("{} ({why})", comparison.status.as_str());
        if let Some(sizes) = plain::sizes(comparison) {
            notes.append(format_args!("  {sizes}"));
        }
    }
    if comparison.status == Status::Renamed {
        let from = format!("renamed from {}", on_one_line(comparison.old_path()));
        notes = if notes.is_empty() { from } else { format!("{from}  {notes}") };
    }
    if comparison.is_one_sided() && comparison.approximation().is_none() {
        let count = comparison.definitions.len();
        let others: BTreeMap<_, _> =
            parts.into_iter().filter(|it| !matches!(it.0, Part::Added | Part::Removed)).collect();
        notes = format!("{} file, {count} {}", comparison.status.as_str(), definitions(count));
        if !others.is_empty() {
            notes.append(format_args!(": {}", stat::counts(&others)));
        }
    }
    if let Some(mode) = comparison.mode_change() {
        notes = if notes.is_empty() { mode } else { format!("{mode}  {notes}") };
    }
    notes
}

fn definitions(count: usize) -> &'static str {
    if count == 1 { "definition" } else { "definitions" }
}

/// Adds a line, without white space at its end.
pub(super) fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// The heading of a definition.
pub(super) fn heading(out: &mut String, block: &Block, looks: &Looks) {
    let look = match block.symbol {
        '+' => looks.new,
        '-' => looks.old,
        _ => looks.name,
    };
    let heading = look.paint(&format!("{} {:<10} {}", block.symbol, block.parts, block.name));
    line(out, &format!("{heading}  {}", looks.dim.paint(&block.places.join(" → "))));
}

fn hunks(out: &mut String, hunks: &[Vec<Row>], looks: &Looks) {
    for (number, hunk) in hunks.iter().enumerate() {
        if number > 0 {
            line(out, &looks.dim.paint("       ⋮"));
        }
        rows(out, hunk, looks);
    }
}

/// Rows: changed ones with all old lines first.
fn rows(out: &mut String, rows: &[Row], looks: &Looks) {
    let mut at = 0;
    while at < rows.len() {
        let is_changed = |it: &Row| matches!(it.kind, RowKind::Changed | RowKind::Moved);
        if !is_changed(&rows[at]) {
            single(out, &rows[at], looks);
            at += 1;
            continue;
        }
        let end = (at..rows.len()).find(|it| !is_changed(&rows[*it])).unwrap_or(rows.len());
        for row in &rows[at..end] {
            if let Some(cell) = &row.old {
                let sign = if row.kind == RowKind::Moved { '‹' } else { '-' };
                let note = row.note.as_deref().filter(|_| row.new.is_none());
                show(out, cell, (sign, '-'), note, looks);
            }
        }
        for row in &rows[at..end] {
            if let Some(cell) = &row.new {
                let sign = if row.kind == RowKind::Moved { '›' } else { '+' };
                let note = row.note.as_deref().filter(|_| row.old.is_none());
                show(out, cell, (sign, '+'), note, looks);
            }
        }
        at = end;
    }
}

fn single(out: &mut String, row: &Row, looks: &Looks) {
    let Some(cell) = &row.new else { return };
    let sign = match row.kind {
        RowKind::Dedented => '«',
        RowKind::Indented => '»',
        RowKind::Context | RowKind::Changed | RowKind::Moved => ' ',
    };
    show(out, cell, (sign, ' '), row.note.as_deref(), looks);
}

/// A line with its number, its sign, and what is said about it.
fn show(out: &mut String, cell: &Cell, (sign, side): (char, char), note: Option<&str>, looks: &Looks) {
    let look = match (sign, side) {
        ('‹' | '›' | '«' | '»', _) => looks.name,
        (_, '-') => looks.old,
        (_, '+') => looks.new,
        _ => looks.plain,
    };
    let mut shown = String::new();
    for (marked, piece) in &cell.pieces {
        shown += &if *marked { looks.marked(piece, side, look) } else { look.paint(piece) };
    }
    let number = looks.dim.paint(&format!("{:>6}", cell.number));
    let note = note.map_or(String::new(), |it| looks.dim.paint(&format!("    {it}")));
    line(out, &format!("  {number}  {}  {shown}{note}", look.paint(&sign.to_string())));
}
