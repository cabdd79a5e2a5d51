//! From a matching to verdicts.

use astkit_ast::DefKind;
use astkit_hash::Hash;

use crate::layout::LayoutDiff;
use crate::matching::{Matching, matching};
use crate::own::{Links, OwnCode};
use crate::part::sorted;
use crate::side::Side;
use crate::{Certainty, DefinitionDiff, Evidence, FileDiff, How, Part, order};

pub(crate) fn diff(before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    if before.source.text() == after.source.text() && before.lowered.tree == after.lowered.tree {
        return FileDiff::default();
    }
    if !before.is_python() || !after.is_python() {
        return FileDiff { definitions: vec![whole(before, after)] };
    }
    let matching = matching(before, after);
    let moves = moves(before, after, &matching);
    let (links, other_links) = links(before, after, &matching, &moves);
    let comparison = Comparison { before, after, matching, moves, links, other_links };
    let mut out = Vec::new();
    for at in 0..after.definitions.len() {
        let place = Place { after: at, removed: false, before: 0 };
        out.extend(comparison.new_definition(at).map(|it| (place, it)));
    }
    let mut anchor = 0;
    for at in 0..before.definitions.len() {
        if let Some(after) = comparison.matching.to_after[at] {
            anchor = after;
        } else {
            let place = Place { after: anchor, removed: true, before: at };
            out.push((place, one_sided(before, at, Part::Removed)));
        }
    }
    out.sort_by_key(|it| it.0);
    FileDiff { definitions: out.into_iter().map(|it| it.1).collect() }
}

pub(crate) fn whole_file(side: &Side<'_>, part: Part) -> FileDiff {
    FileDiff { definitions: (0..side.definitions.len()).map(|at| one_sided(side, at, part)).collect() }
}

pub(crate) fn unseen(before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    let certain = !before.source.is_partial() && !after.source.is_partial();
    FileDiff { definitions: vec![module(before, after, certain, certain)] }
}

/// Where a record stands in the result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    after: usize,
    removed: bool,
    before: usize,
}

fn one_sided(side: &Side<'_>, at: usize, part: Part) -> DefinitionDiff {
    let (mut before, mut after) = (None, None);
    *(if part == Part::Removed { &mut before } else { &mut after }) = Some(side.shown(at));
    DefinitionDiff {
        kind: side.definitions[at].kind,
        before,
        after,
        verdict: vec![part],
        how: None,
        evidence: None,
        certainty: if side.broken[at] { Certainty::SyntaxError } else { Certainty::Exact },
    }
}

/// Compares files of a language without known definitions.
fn whole(before: &Side<'_>, after: &Side<'_>) -> DefinitionDiff {
    let same = before.lowered.tree == after.lowered.tree;
    let certain = [&before.broken, &after.broken].iter().all(|it| !it.contains(&true));
    module(before, after, same, certain)
}

/// A record of the module-level code: of its formatting if its code is surely the same.
fn module(before: &Side<'_>, after: &Side<'_>, same: bool, certain: bool) -> DefinitionDiff {
    DefinitionDiff {
        kind: DefKind::Module,
        before: Some(before.shown(0)),
        after: Some(after.shown(0)),
        verdict: vec![if same && certain { Part::Formatting } else { Part::Body }],
        how: None,
        evidence: Some(Evidence::SameName),
        certainty: if certain { Certainty::Exact } else { Certainty::SyntaxError },
    }
}

/// For every new definition, how it moved.
fn moves(before: &Side<'_>, after: &Side<'_>, matching: &Matching) -> Vec<Option<How>> {
    let mut out = vec![None; after.definitions.len()];
    for (parent, children) in after.children.iter().enumerate() {
        let old_parent = matching.to_before[parent];
        let mut stayed = Vec::new();
        for child in children {
            let Some(old) = matching.to_before[*child] else { continue };
            if before.definitions[old].parent == old_parent {
                stayed.push((*child, old));
            } else {
                out[*child] = Some(How::Reparent);
            }
        }
        let sequence: Vec<usize> = stayed.iter().map(|it| it.1).collect();
        for ((child, _), kept) in stayed.into_iter().zip(order::kept(&sequence)) {
            if !kept {
                out[child] = Some(How::Reorder);
            }
        }
    }
    out
}

/// The tokens that stand for nested definitions which are in the same place on both sides.
fn links(before: &Side<'_>, after: &Side<'_>, matching: &Matching, moves: &[Option<How>]) -> (Links, Links) {
    let (mut links, mut other_links) = (Links::default(), Links::default());
    for (at, old) in matching.to_before.iter().enumerate() {
        let (Some(old), None) = (old, moves[at]) else { continue };
        let token = Hash::of("astkit:diff:link", &at.to_le_bytes());
        links.insert(before.definitions[*old].node.index(), token);
        other_links.insert(after.definitions[at].node.index(), token);
    }
    (links, other_links)
}

/// Two matched files.
struct Comparison<'s, 'b, 'a> {
    before: &'s Side<'b>,
    after: &'s Side<'a>,
    matching: Matching,
    moves: Vec<Option<How>>,
    links: Links,
    other_links: Links,
}

impl Comparison<'_, '_, '_> {
    /// What happened to a definition of the new file; none if nothing did.
    fn new_definition(&self, at: usize) -> Option<DefinitionDiff> {
        let Some(old) = self.matching.to_before[at] else {
            return Some(one_sided(self.after, at, Part::Added));
        };
        let (mut verdict, certainty) = self.changed_parts(old, at);
        let how = self.moves[at];
        if how.is_some() {
            verdict.push(Part::Moved);
        }
        if how == Some(How::Reparent) {
            // It stands in another column, which says nothing more.
            verdict.retain(|it| *it != Part::Formatting);
        }
        if self.before.definitions[old].name != self.after.definitions[at].name {
            verdict.push(Part::Renamed);
        }
        if verdict.is_empty() {
            return None;
        }
        Some(DefinitionDiff {
            kind: self.after.definitions[at].kind,
            before: Some(self.before.shown(old)),
            after: Some(self.after.shown(at)),
            verdict: sorted(verdict),
            how,
            evidence: self.matching.evidence[at],
            certainty,
        })
    }

    fn changed_parts(&self, old: usize, new: usize) -> (Vec<Part>, Certainty) {
        let changed_code = self.changed_code(old, new);
        let is_broken = self.before.broken[old] || self.after.broken[new];
        let layout = || {
            let (ours, theirs) = (self.before.layout(), self.after.layout());
            let names = [self.before.definitions[old].name, self.after.definitions[new].name];
            ours.compare((old, &self.links), theirs, (new, &self.other_links), names)
        };
        let Some(mut parts) = changed_code else {
            let LayoutDiff { comments, formatting } = layout();
            if is_broken && (comments || formatting) {
                return (vec![Part::Body], Certainty::SyntaxError);
            }
            let parts = [(comments, Part::Comments), (formatting, Part::Formatting)];
            let parts = parts.into_iter().filter(|it| it.0).map(|it| it.1);
            return (parts.collect(), Certainty::Exact);
        };
        if is_broken {
            return (vec![Part::Body], Certainty::SyntaxError);
        }
        if self.before.layout().comment_texts_differ(old, self.after.layout(), new) {
            parts.push(Part::Comments);
        }
        (parts, Certainty::Exact)
    }

    /// Which parts of a definition's own code changed; none if the code is equal.
    fn changed_code(&self, old: usize, new: usize) -> Option<Vec<Part>> {
        let (before, after) = (&self.before.definitions[old], &self.after.definitions[new]);
        let hash = |it: &astkit_ast::Definition<'_>| it.node.tree().def_hash(it.node.id().def);
        if hash(before) == hash(after) {
            return None;
        }
        let ours = OwnCode::new(before, &self.before.numbers, &self.links);
        let theirs = OwnCode::new(after, &self.after.numbers, &self.other_links);
        if ours == theirs {
            return None;
        }
        let other_kind = (before.kind == DefKind::Class) != (after.kind == DefKind::Class);
        let body = ours.body_without_hints != theirs.body_without_hints || other_kind;
        let hints = ours.hints_differ(&theirs) || (!body && ours.body != theirs.body);
        let parts = [
            (ours.signature != theirs.signature, Part::Signature),
            (body, Part::Body),
            (ours.decorators != theirs.decorators, Part::Decorators),
            (hints, Part::Hints),
            (ours.docstring != theirs.docstring, Part::Docstring),
        ];
        let parts: Vec<Part> = parts.into_iter().filter(|it| it.0).map(|it| it.1).collect();
        // Different code without a different part would be a gap in the parts: the strongest verdict is safe.
        Some(if parts.is_empty() { vec![Part::Body] } else { parts })
    }
}
