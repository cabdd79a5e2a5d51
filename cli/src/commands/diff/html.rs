//! `--format html`: one page that needs nothing else, light or dark as the reader's system is.

use astkit::diff::FileDiff;

use super::compare::Comparison;
use super::impact::Impacted;
use super::rows::{Block, Cell, Row, RowKind, blocks};
use super::{Style, full, plain};
use crate::render::Append;

/// What the page begins with.
pub(super) fn begin(old: &str, new: &str) -> String {
    let (old, new) = (escape(old), escape(new));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{old} → {new}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{old} → {new}</h1>\n",
        include_str!("diff.css")
    )
}

/// What it ends with.
pub(super) fn end(summary: &str, impacted: &[Impacted]) -> String {
    let summary = if summary.is_empty() { "no changes" } else { summary };
    let mut list = String::new();
    if !impacted.is_empty() {
        list += "<section>\n<h2>Depends on what changed</h2>\n<ul>\n";
        for it in impacted {
            let (target, via) = (escape(&it.target), escape(&it.via.join(" → ")));
            list.append(format_args!("<li>{target} <small>through {via} ({})</small></li>\n", it.because));
        }
        list += "</ul>\n</section>\n";
    }
    format!("{list}<footer>{}</footer>\n</body>\n</html>\n", escape(summary))
}

/// The section of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, diff: &FileDiff, style: &Style) -> String {
    let id = comparison.number;
    let mut out = format!(
        "<section id=\"f{id}\">\n<h2>{}</h2>\n<p class=\"notes\">{}</p>\n",
        escape(comparison.path()),
        escape(&full::notes(comparison)),
    );
    let blocks = blocks(comparison, diff, style);
    if !blocks.is_empty() {
        out += "<nav><ul>\n";
        for (at, it) in blocks.iter().enumerate() {
            out.append(format_args!(
                "<li><a href=\"#f{id}d{at}\"><b>{}</b> {}</a> <i>{}</i></li>\n",
                escape(&it.symbol.to_string()),
                escape(&it.name),
                it.parts,
            ));
        }
        out += "</ul></nav>\n";
        for (at, it) in blocks.iter().enumerate() {
            definition(&mut out, it, id, at);
        }
    }
    let lines = plain::hunks(comparison, style);
    if !lines.is_empty() {
        table(&mut out, &lines, id);
    }
    out += "</section>\n";
    out
}

fn definition(out: &mut String, block: &Block, file: usize, at: usize) {
    out.append(format_args!(
        "<details open id=\"f{file}d{at}\"><summary><b>{}</b> {} <i>{}</i> <small>{}</small></summary>\n",
        escape(&block.symbol.to_string()),
        escape(&block.name),
        block.parts,
        escape(&block.places.join(" → ")),
    ));
    table(out, &block.hunks, file);
    *out += "</details>\n";
}

fn table(out: &mut String, hunks: &[Vec<Row>], file: usize) {
    *out += "<table>\n";
    for (number, hunk) in hunks.iter().enumerate() {
        if number > 0 {
            *out += "<tr class=\"gap\"><td colspan=\"4\">⋮</td></tr>\n";
        }
        for it in hunk {
            row(out, it, file);
        }
    }
    *out += "</table>\n";
}

fn row(out: &mut String, row: &Row, file: usize) {
    let class = match row.kind {
        RowKind::Context => "same",
        RowKind::Changed => "changed",
        RowKind::Dedented => "dedented",
        RowKind::Indented => "indented",
        RowKind::Moved => "moved",
    };
    out.append(format_args!("<tr class=\"{class}\">"));
    cell(out, row.old.as_ref(), ("old", 'o', file), row.note.as_deref().filter(|_| row.new.is_none()));
    cell(out, row.new.as_ref(), ("new", 'n', file), row.note.as_deref().filter(|_| row.new.is_some()));
    *out += "</tr>\n";
}

fn cell(out: &mut String, cell: Option<&Cell>, (class, side, file): (&str, char, usize), note: Option<&str>) {
    let Some(cell) = cell else {
        *out += "<th></th><td class=\"none\"></td>";
        return;
    };
    out.append(format_args!("<th id=\"f{file}{side}{0}\">{0}</th><td class=\"{class}\"><code>", cell.number));
    for (marked, piece) in &cell.pieces {
        let text = escape(piece);
        if *marked {
            out.append(format_args!("<mark>{text}</mark>"));
        } else {
            *out += &text;
        }
    }
    *out += "</code>";
    if let Some(note) = note {
        // Moved lines link to their other place.
        let other = if side == 'o' { 'n' } else { 'o' };
        let target = note.rsplit_once(':').filter(|it| it.1.bytes().all(|it| it.is_ascii_digit()));
        match target.filter(|_| note.starts_with("moved")) {
            Some((_, line)) => out.append(format_args!(
                " <a class=\"note\" href=\"#f{file}{other}{line}\">{}</a>",
                escape(note)
            )),
            None => out.append(format_args!(" <span class=\"note\">{}</span>", escape(note))),
        }
    }
    *out += "</td>";
}

/// Text in which nothing is markup.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
