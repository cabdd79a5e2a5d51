//! Applies an edit script.

use astkit_ast::Span;

use super::Edit;

/// A script that does not fit the text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the script does not fit the text: {place:?} is not in it, or not a whole character")]
pub struct ScriptError {
    /// The place that is not in the text.
    pub place: Span,
}

/// Applies edits to the old text, and gives the new one. Cost: n log n.
///
/// # Errors
/// [`ScriptError`] for a text that the edits were not made for, as far as that shows.
pub fn apply(before: &str, edits: &[Edit]) -> Result<String, ScriptError> {
    let mut holes = Vec::new();
    collect(edits, &mut holes);
    // Of nested ones the outer comes first.
    holes.sort_unstable_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
    let mut out = String::with_capacity(before.len());
    let whole = Span::new(0, u32::try_from(before.len()).unwrap_or(u32::MAX));
    Applied { before, holes }.render(Part { span: whole, own: false }, edits, &mut out)?;
    Ok(out)
}

/// The places whose text is no longer there, at any depth.
fn collect(edits: &[Edit], holes: &mut Vec<Span>) {
    let mut stack: Vec<&[Edit]> = vec![edits];
    while let Some(edits) = stack.pop() {
        for edit in edits {
            holes.extend(edit.before().filter(|it| !it.is_empty()));
            if let Edit::Move { edits, .. } = edit {
                stack.push(edits);
            }
        }
    }
}

/// A part of the old text that is rendered.
#[derive(Clone, Copy)]
struct Part {
    span: Span,
    /// Whether it is moved, and so a hole of its own.
    own: bool,
}

struct Applied<'a> {
    before: &'a str,
    holes: Vec<Span>,
}

impl Applied<'_> {
    /// Renders a part of the old text with the edits in it.
    fn render(&self, part: Part, edits: &[Edit], out: &mut String) -> Result<(), ScriptError> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let mut order: Vec<&Edit> = edits.iter().filter(|it| it.after().is_some()).collect();
            order.sort_by_key(|it| (it.anchor(), it.after().map_or(0, |it| it.start)));
            let mut at = part.span.start;
            for edit in order {
                at = self.copy(at, edit.anchor(), part, out)?;
                match edit {
                    Edit::Insert { text, .. } | Edit::Update { text, .. } => out.push_str(text),
                    Edit::Move { before, edits, .. } => {
                        self.render(Part { span: *before, own: true }, edits, out)?;
                    }
                    Edit::Reindent { before, from, to, .. } => {
                        out.push_str(&reindented(self.slice(*before)?, from, to));
                    }
                    Edit::Delete { .. } => {}
                }
            }
            self.copy(at, part.span.end, part, out)?;
            Ok(())
        })
    }

    /// Copies text up to `end`, holes left out; gives where to go on.
    fn copy(&self, start: u32, end: u32, part: Part, out: &mut String) -> Result<u32, ScriptError> {
        let mut at = start;
        let first = self.holes.partition_point(|it| it.start < start);
        let mut own = part.own;
        for hole in self.holes[first..].iter().take_while(|it| it.start < end) {
            // What is moved is a hole itself, and may be in others.
            let is_own = own && *hole == part.span;
            own &= !is_own;
            if hole.start < at || is_own || (part.own && hole.contains(part.span) && *hole != part.span) {
                continue;
            }
            out.push_str(self.slice(Span::new(at, hole.start))?);
            at = hole.end;
        }
        if at < end {
            out.push_str(self.slice(Span::new(at, end))?);
        }
        Ok(at.max(end))
    }

    fn slice(&self, span: Span) -> Result<&str, ScriptError> {
        self.before.get(span.range()).ok_or(ScriptError { place: span })
    }
}

/// Changes what lines begin with; blank lines stay as they are.
pub(crate) fn reindented(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find('\n') {
        out.push_str(&rest[..=end]);
        rest = &rest[end + 1..];
        if let Some(line) = rest.strip_prefix(from)
            && !matches!(line.as_bytes().first(), Some(b'\n' | b'\r'))
        {
            out.push_str(to);
            rest = line;
        }
    }
    out.push_str(rest);
    out
}
