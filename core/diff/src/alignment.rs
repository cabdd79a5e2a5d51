//! The alignment of two versions of a file: what stayed, what moved, what is new; the base of scripts and views.

use astkit_ast::Span;

use crate::items::Items;
use crate::mapping::{Cut, Mapping, NONE, mapping};
use crate::script::{Edit, EditScript, Text, Unit, generate};
use crate::side::Side;
use crate::{DefinitionDiff, FileDiff, How, Part};

/// Which text of the old version is which of the new one.
pub struct Alignment<'s, 'b, 'a> {
    before: &'s Side<'b>,
    after: &'s Side<'a>,
    mapping: Mapping,
    units: Vec<Unit>,
}

/// A token or comment of one side, and its counterpart on the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aligned {
    /// Where it is.
    pub span: Span,
    /// Where the same token is on the other side; none if it is on this side only.
    pub counterpart: Option<Span>,
}

impl<'s, 'b, 'a> Alignment<'s, 'b, 'a> {
    /// Aligns two versions of a file of which `diff` was found.
    pub fn new(before: &'s Side<'b>, after: &'s Side<'a>, diff: &FileDiff) -> Self {
        let (old_items, new_items) = (Items::new(before), Items::new(after));
        let old_cut = Cut { items: &old_items, lexemes: before.lexemes() };
        let new_cut = Cut { items: &new_items, lexemes: after.lexemes() };
        let mut within = diff.within.clone();
        // Files without known definitions are aligned as wholes.
        within.resize(after.definitions.len(), None);
        within[0] = Some(0);
        let mapping = mapping(&old_cut, &new_cut, &within);
        let range = |items: &Items, definition: usize| {
            let item = &items.list[items.of_definition[definition]?];
            Some((item.first, item.last))
        };
        let moved =
            diff.moves.iter().enumerate().filter(|it| matches!(it.1, Some(How::Reorder | How::Reparent)));
        let unit = |new: usize| {
            let (before, after) = (range(&old_items, within[new]?)?, range(&new_items, new)?);
            Some(Unit { before, after })
        };
        let units = moved.filter_map(|it| unit(it.0)).collect();
        Self { before, after, mapping, units }
    }

    /// The script that makes the new version of the old one.
    pub fn script(&self) -> EditScript {
        let text = |side: &'s Side<'_>| Text { text: side.source.text(), lexemes: side.lexemes() };
        EditScript {
            edits: generate(text(self.before), text(self.after), &self.mapping.to_before, &self.units),
            approximations: self.mapping.approximations.clone(),
            work: self.mapping.work,
        }
    }

    /// The definition of `diff` that an edit belongs to, by its place there; none for one outside of all changed ones,
    /// such as the white space between two definitions.
    pub fn owner(&self, edit: &Edit, diff: &FileDiff) -> Option<usize> {
        let find = |number: usize, side: &dyn Fn(&DefinitionDiff) -> Option<usize>| {
            diff.definitions.iter().position(|it| side(it) == Some(number))
        };
        if let Some(span) = edit.after() {
            let number = innermost(self.after, span);
            return find(number, &|it| it.after.as_ref().map(|it| it.number));
        }
        let number = innermost(self.before, edit.before()?);
        let here = |it: &DefinitionDiff| it.how != Some(How::File) && !it.verdict.contains(&Part::Copied);
        find(number, &|it| it.before.as_ref().filter(|_| here(it)).map(|it| it.number))
    }

    /// The tokens and comments of the old side.
    pub fn before(&self) -> Vec<Aligned> {
        aligned(self.before, self.after, &self.mapping.to_after)
    }

    /// The tokens and comments of the new side.
    pub fn after(&self) -> Vec<Aligned> {
        aligned(self.after, self.before, &self.mapping.to_before)
    }
}

/// The innermost definition that the first token of a span stands in.
fn innermost(side: &Side<'_>, span: Span) -> usize {
    let text = side.source.slice(span);
    let start = span.start + u32::try_from(text.len() - text.trim_start().len()).unwrap_or(0);
    // Definitions are in the order of their beginnings: the last that began, or one around it.
    let (mut at, mut end) = (0, side.definitions.len());
    while end - at > 1 {
        let middle = usize::midpoint(at, end);
        if side.span(middle).start <= start { at = middle } else { end = middle }
    }
    while at > 0 && start >= side.span(at).end {
        at = side.definitions[at].parent.unwrap_or(0);
    }
    at
}

fn aligned(side: &Side<'_>, other: &Side<'_>, to: &[u32]) -> Vec<Aligned> {
    let of = |(lexeme, to): (&crate::lexemes::Lexeme, &u32)| Aligned {
        span: lexeme.span,
        counterpart: (*to != NONE).then(|| other.lexemes()[*to as usize].span),
    };
    side.lexemes().iter().zip(to).map(of).collect()
}
