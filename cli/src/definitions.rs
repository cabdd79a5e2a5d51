//! Definitions of a file by name.

use astkit::ast::Definition;

use crate::failure::Failure;

/// The definition of that name.
///
/// # Errors
/// No such definition; the message has the name that is nearest.
pub(crate) fn find<'a, 't>(
    all: &'a [Definition<'t>],
    path: &str,
    qualname: &str,
) -> Result<&'a Definition<'t>, Failure> {
    let names: Vec<&str> = all.iter().map(|it| it.qualname.as_str()).collect();
    find_name(&names, path, qualname).map(|at| &all[at])
}

/// The place of a name in a list of qualified names.
///
/// # Errors
/// No such name; the message has the one that is nearest.
pub(crate) fn find_name(all: &[&str], path: &str, qualname: &str) -> Result<usize, Failure> {
    let wanted = qualname.strip_suffix("#1").unwrap_or(qualname);
    if let Some(found) = all.iter().position(|it| *it == wanted) {
        return Ok(found);
    }
    let failure = Failure::new(format!("no definition `{qualname}` in `{path}`"));
    Err(match nearest(all, wanted) {
        Some(name) => failure.hint(format!("is it `{name}`?")),
        None => failure.hint(format!("`astkit hash {path}` lists its definitions")),
    })
}

/// The name that is most like `wanted`, if any is.
fn nearest<'a>(all: &[&'a str], wanted: &str) -> Option<&'a str> {
    let last = |it: &str| it.rsplit('.').next().unwrap_or_default().to_owned();
    let same_end = all.iter().copied().find(|it| last(it) == last(wanted));
    let close = || {
        all.iter()
            .copied()
            .map(|it| (similarity(it, wanted), it))
            .filter(|it| it.0 > 0.6)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|it| it.1)
    };
    same_end.or_else(close)
}

fn similarity(a: &str, b: &str) -> f32 {
    similar::TextDiff::from_chars(a, b).ratio()
}
