//! Files that no frontend reads: their lines, or their sizes.

use super::Style;
use super::compare::{Comparison, Status};
use super::load::Content;
use super::rows::{Row, text_hunks};

/// Longer texts are not compared line by line.
const LONGEST: usize = 4 << 20;

/// The lines that changed in a text without a structure; nothing of other files.
pub(super) fn hunks(comparison: &Comparison<'_, '_>, style: &Style) -> Vec<Vec<Row>> {
    let Some((old, new)) = contents(comparison).filter(|_| has_lines(comparison)) else { return Vec::new() };
    text_hunks(&String::from_utf8_lossy(&old.bytes), &String::from_utf8_lossy(&new.bytes), style)
}

/// The sizes of what is not compared line by line.
pub(super) fn sizes(comparison: &Comparison<'_, '_>) -> Option<String> {
    let (old, new) = contents(comparison).filter(|_| !has_lines(comparison))?;
    Some(format!("{} → {} bytes", old.bytes.len(), new.bytes.len()))
}

/// Both contents of a file that changed and that no frontend reads.
fn contents<'b>(comparison: &Comparison<'_, 'b>) -> Option<(&'b Content, &'b Content)> {
    comparison.approximation().filter(|_| comparison.status != Status::Unchanged)?;
    comparison.loaded().old.as_ref().zip(comparison.loaded().new.as_ref())
}

fn has_lines(comparison: &Comparison<'_, '_>) -> bool {
    let size = |it: &Option<Content>| it.as_ref().map_or(0, |it| it.bytes.len());
    let loaded = comparison.loaded();
    !loaded.is_binary() && size(&loaded.old) + size(&loaded.new) <= LONGEST
}
