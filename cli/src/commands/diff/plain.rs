//! Files that no frontend reads: their lines, or their sizes.

use similar::{ChangeTag, TextDiff};

use super::compare::{Comparison, Status};
use super::full::line;
use super::looks::{Looks, Paint};
use crate::render::Append;
use crate::render::diagnostic::printable;

/// Longer texts are not compared line by line.
const LONGEST: usize = 4 << 20;

/// What changed in a file without a structure; nothing for others.
pub(super) fn render(comparison: &Comparison<'_, '_>, context: usize, looks: &Looks) -> String {
    let mut out = String::new();
    let loaded = comparison.loaded();
    if comparison.approximation().is_none() || comparison.status == Status::Unchanged {
        return out;
    }
    let (Some(old), Some(new)) = (&loaded.old, &loaded.new) else { return out };
    if loaded.is_binary() || old.bytes.len() + new.bytes.len() > LONGEST {
        out.append(format_args!("  {} → {} bytes\n", old.bytes.len(), new.bytes.len()));
        return out;
    }
    let (old, new) = (String::from_utf8_lossy(&old.bytes), String::from_utf8_lossy(&new.bytes));
    let diff = TextDiff::from_lines(&*old, &*new);
    for (number, group) in diff.grouped_ops(context).iter().enumerate() {
        if number > 0 {
            line(&mut out, &looks.dim.paint("       ⋮"));
        }
        for change in group.iter().flat_map(|it| diff.iter_changes(it)) {
            let (sign, look) = match change.tag() {
                ChangeTag::Delete => ('-', looks.old),
                ChangeTag::Insert => ('+', looks.new),
                ChangeTag::Equal => (' ', looks.plain),
            };
            let at = change.new_index().or(change.old_index()).map_or(0, |it| it + 1);
            let text = printable(change.value().trim_end());
            let number = looks.dim.paint(&format!("{at:>6}"));
            line(&mut out, &format!("  {number}  {}  {}", look.paint(&sign.to_string()), look.paint(&text)));
        }
    }
    out
}
