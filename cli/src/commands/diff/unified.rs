//! `--format unified`: the lines of whole files, as `patch` and `git apply` take them.

use similar::TextDiff;

use super::Style;
use super::compare::Comparison;

/// The patch of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, style: &Style) -> String {
    let loaded = comparison.loaded();
    let bytes = |it: &Option<super::load::Content>| it.as_ref().map_or(Vec::new(), |it| it.bytes.clone());
    let (old, new) = (bytes(&loaded.old), bytes(&loaded.new));
    let name = |is_old: bool| match if is_old { &loaded.pair.old } else { &loaded.pair.new } {
        Some(it) if is_old => format!("a/{}", it.shown),
        Some(it) => format!("b/{}", it.shown),
        None => "/dev/null".to_owned(),
    };
    // Git takes modes from a header of its own only.
    let header = loaded.pair.mode_change().map_or(String::new(), |(old, new)| {
        format!("diff --git {} {}\nold mode {old}\nnew mode {new}\n", name(true), name(false))
    });
    let (Ok(old), Ok(new)) = (String::from_utf8(old), String::from_utf8(new)) else {
        return format!("{header}Binary files {} and {} differ\n", name(true), name(false));
    };
    let diff = TextDiff::from_lines(&old, &new);
    let patch =
        diff.unified_diff().context_radius(style.context).header(&name(true), &name(false)).to_string();
    header + &patch
}
