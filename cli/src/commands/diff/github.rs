//! `--format github`: annotations for a workflow of GitHub, one a definition.

use astkit::diff::Part;

use super::Style;
use super::compare::Comparison;
use super::concise;
use crate::render::Append;

/// The annotations of a pair.
pub(super) fn render(comparison: &Comparison<'_, '_>, style: &Style) -> String {
    let mut out = String::new();
    for (_, it) in &comparison.definitions {
        let (known, side) = match (&it.after, &it.before) {
            (Some(side), _) => (comparison.set.after(side.file), side),
            (None, Some(side)) => (comparison.set.before(side.file), side),
            (None, None) => continue,
        };
        let Some(known) = known else { continue };
        let is_bad = |part: &Part| style.fail_on.contains(part);
        let level = if it.verdict.iter().any(is_bad) { "error" } else { "notice" };
        let (path, message) = (&known.version.shown, concise::parts(it));
        let line = known.file.source.position(side.span.start).line;
        let from = concise::origin(comparison, it).map_or(String::new(), |path| format!(" from {path}"));
        out.append(format_args!(
            "::{level} file={},line={line},title={}::{}\n",
            property(path),
            property(&format!("astkit diff: {}", concise::name(it))),
            data(&format!("{}: {message}{from}", concise::name(it))),
        ));
    }
    let approximation = comparison.approximation();
    let approximation = approximation.map(|why| format!("{} ({why})", comparison.status.as_str()));
    for message in comparison.mode_change().into_iter().chain(approximation) {
        out.append(format_args!("::notice file={}::{}\n", property(comparison.path()), data(&message)));
    }
    out
}

/// Text of a message, with what ends it escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
