//! Joins edits of white space that are one change of indentation.

use astkit_ast::Span;

use super::Edit;
use super::apply::reindented;

/// Joins neighbors among the edits that change indentation in the same way.
pub(super) fn join(edits: Vec<Edit>, before: &str, after: &str) -> Vec<Edit> {
    let mut out: Vec<Edit> = Vec::with_capacity(edits.len());
    let mut group: Option<Edit> = None;
    for edit in edits {
        let next = single(&edit, before);
        group = match (group.take(), next) {
            (Some(open), Some(next)) => {
                let both = joined(&open, &next, before, after);
                if both.is_none() {
                    out.push(open);
                }
                both.or(Some(next))
            }
            (open, next) => {
                out.extend(open);
                if next.is_none() {
                    out.push(edit);
                }
                next
            }
        };
    }
    out.extend(group);
    out
}

/// An edit of the white space before one line, as a change of its indentation.
fn single(edit: &Edit, text: &str) -> Option<Edit> {
    let Edit::Update { before, after, text: new } = edit else { return None };
    let old = text.get(before.range())?;
    let (old_lines, old_indentation) = old.rsplit_once('\n')?;
    let (new_lines, new_indentation) = new.rsplit_once('\n')?;
    let is_indentation = |it: &str| it.bytes().all(|it| it == b' ' || it == b'\t');
    if old_lines != new_lines || !is_indentation(old_indentation) || !is_indentation(new_indentation) {
        return None;
    }
    let common = old_indentation
        .bytes()
        .rev()
        .zip(new_indentation.bytes().rev())
        .take_while(|it| it.0 == it.1)
        .count();
    let from = old_indentation[..old_indentation.len() - common].to_owned();
    let to = new_indentation[..new_indentation.len() - common].to_owned();
    let edit = Edit::Reindent { before: *before, after: *after, from, to };
    does_what_it_says(&edit, old, new).then_some(edit)
}

fn joined(first: &Edit, second: &Edit, before: &str, after: &str) -> Option<Edit> {
    let (
        Edit::Reindent { before: old, after: new, from, to },
        Edit::Reindent { before: next_old, after: next_new, from: next_from, to: next_to },
    ) = (first, second)
    else {
        return None;
    };
    if from != next_from || to != next_to || old.end > next_old.start || new.end > next_new.start {
        return None;
    }
    // What is between two changed indentations must stay as it is when the lines are changed as a whole.
    let old_between = before.get(old.end as usize..next_old.start as usize)?;
    let new_between = after.get(new.end as usize..next_new.start as usize)?;
    let (old_gap, new_gap) = (before.get(next_old.range())?, after.get(next_new.range())?);
    if old_between != new_between || old_between.contains('\n') || reindented(old_gap, from, to) != new_gap {
        return None;
    }
    let (before, after) = (Span::new(old.start, next_old.end), Span::new(new.start, next_new.end));
    Some(Edit::Reindent { before, after, from: from.clone(), to: to.clone() })
}

fn does_what_it_says(edit: &Edit, old: &str, new: &str) -> bool {
    matches!(edit, Edit::Reindent { from, to, .. } if reindented(old, from, to) == new)
}
