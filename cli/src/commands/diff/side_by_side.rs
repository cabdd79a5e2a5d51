//! `--format side-by-side`: old lines on the left, new ones on the right.
//!
//! Columns are counted as terminals show them: wide characters take two, tabs go to the next stop. Lines that are too
//! long go on below.

use astkit::diff::FileDiff;
use unicode_width::UnicodeWidthChar;

use super::compare::Comparison;
use super::full::{head, heading, line};
use super::looks::{Looks, Paint};
use super::rows::{Cell, Row, RowKind, TAB, blocks};
use super::{Style, plain};

/// The narrowest column for text.
const NARROWEST: usize = 16;
/// What stands beside the text of a side: number, sign and spaces.
const MARGIN: usize = 9;

/// The view of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, diff: &FileDiff, style: &Style) -> String {
    let looks = Looks::new(style.color);
    let mut out = String::new();
    head(&mut out, comparison, &looks);
    let width = (style.width.saturating_sub(3) / 2).saturating_sub(MARGIN).max(NARROWEST);
    for block in blocks(comparison, diff, style) {
        heading(&mut out, &block, &looks);
        hunks(&mut out, &block.hunks, width, &looks);
    }
    hunks(&mut out, &plain::hunks(comparison, style), width, &looks);
    if out.lines().nth(1).is_some() || !comparison.is_one_sided() {
        out.push('\n');
    }
    out
}

fn hunks(out: &mut String, hunks: &[Vec<Row>], width: usize, looks: &Looks) {
    for (number, hunk) in hunks.iter().enumerate() {
        if number > 0 {
            line(out, &looks.dim.paint("     ⋮"));
        }
        for it in hunk {
            row(out, it, width, looks);
        }
    }
}

fn row(out: &mut String, row: &Row, width: usize, looks: &Looks) {
    let (left, right) = (side(row, true, width, looks), side(row, false, width, looks));
    let empty = " ".repeat(MARGIN + width);
    for at in 0..left.len().max(right.len()) {
        let left = left.get(at).unwrap_or(&empty);
        let right = right.get(at).map_or("", String::as_str);
        line(out, &format!("{left} {} {right}", looks.dim.paint("│")));
    }
    if let Some(note) = &row.note {
        let at = if row.new.is_some() { MARGIN + width + 3 } else { 0 };
        line(out, &format!("{}{}", " ".repeat(at + MARGIN), looks.dim.paint(&format!("^ {note}"))));
    }
}

/// The lines of one side of a row, each as wide as the column.
fn side(row: &Row, is_old: bool, width: usize, looks: &Looks) -> Vec<String> {
    let cell = if is_old { &row.old } else { &row.new };
    let Some(cell) = cell else { return Vec::new() };
    let (sign, look) = match (row.kind, is_old) {
        (RowKind::Context, _) => (' ', looks.plain),
        (RowKind::Changed, true) => ('-', looks.old),
        (RowKind::Changed, false) => ('+', looks.new),
        (RowKind::Dedented, _) => ('«', looks.name),
        (RowKind::Indented, _) => ('»', looks.name),
        (RowKind::Moved, true) => ('‹', looks.name),
        (RowKind::Moved, false) => ('›', looks.name),
    };
    let number = looks.dim.paint(&format!("{:>5}", cell.number));
    let mut out = Vec::new();
    // Without color the marks are text, which takes its place.
    let marks = |(marked, piece): &(bool, String)| match marked {
        true if !looks.has_color() => (false, looks.marked(piece, sign, look)),
        _ => (*marked, piece.clone()),
    };
    let pieces = cell.pieces.iter().map(marks).collect();
    let cell = Cell { number: cell.number, pieces };
    for (at, (pieces, used)) in wrapped(&cell, width).into_iter().enumerate() {
        let mut text = String::new();
        for (marked, piece) in pieces {
            text += &if marked { looks.marked(&piece, sign, look) } else { look.paint(&piece) };
        }
        let head = if at == 0 { number.clone() } else { "     ".to_owned() };
        let sign = if at == 0 { look.paint(&sign.to_string()) } else { " ".to_owned() };
        out.push(format!("{head} {sign}  {text}{}", " ".repeat(width.saturating_sub(used))));
    }
    out
}

/// The pieces of a visual line, and its width.
type Visual = (Vec<(bool, String)>, usize);

/// A line's pieces, cut where the column ends.
fn wrapped(cell: &Cell, width: usize) -> Vec<Visual> {
    let mut out: Vec<Visual> = vec![(Vec::new(), 0)];
    let mut column = 0;
    for (marked, piece) in &cell.pieces {
        let mut text = String::new();
        for it in piece.chars() {
            let (shown, wide) = match it {
                '\t' => (" ".repeat(TAB - column % TAB), TAB - column % TAB),
                _ => (it.to_string(), it.width().unwrap_or(0)),
            };
            if column + wide > width {
                finish(&mut out, *marked, &mut text, column);
                out.push((Vec::new(), 0));
                column = 0;
            }
            text += &shown;
            column += wide;
        }
        finish(&mut out, *marked, &mut text, column);
    }
    out
}

fn finish(out: &mut [Visual], marked: bool, text: &mut String, column: usize) {
    if let Some((pieces, used)) = out.last_mut() {
        if !text.is_empty() {
            pieces.push((marked, std::mem::take(text)));
        }
        *used = column;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_and_tabs_take_their_columns() {
        let cell = |text: &str| Cell { number: 1, pieces: vec![(false, text.to_owned())] };
        let widths = |text: &str| wrapped(&cell(text), 8).iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(widths("abc"), [3]);
        assert_eq!(widths("日本"), [4]);
        assert_eq!(widths("a\tb"), [5]);
        assert_eq!(widths("日本日本日"), [8, 2]);
        assert_eq!(widths("1234567日"), [7, 2]);
    }
}
