//! From a matching to verdicts.

use astkit_ast::DefKind;
use astkit_hash::Hash;

use crate::layout::LayoutDiff;
use crate::matching::{Counterpart, DefinitionRef, Matching, matching};
use crate::own::{self, Links, OwnCode};
use crate::part::sorted;
use crate::side::Side;
use crate::{Certainty, DefinitionDiff, DefinitionSide, Evidence, FileDiff, FilePair, How, Part, order};

pub(crate) fn diff(pairs: &[FilePair<'_>]) -> Vec<FileDiff> {
    let matching = matching(pairs);
    (0..pairs.len()).map(|file| file_diff(pairs, &matching, file)).collect()
}

fn file_diff(pairs: &[FilePair<'_>], matching: &Matching, file: usize) -> FileDiff {
    let mut found = match (&pairs[file].before, &pairs[file].after) {
        (None, None) => Vec::new(),
        (Some(before), None) => removed(before, matching, file, &|_| 0),
        (None, Some(after)) => {
            let of = |at| Place { after: at, removed: false, before: 0 };
            let all = 0..after.definitions.len();
            all.map(|at| (of(at), elsewhere(pairs, matching, DefinitionRef { file, number: at }))).collect()
        }
        (Some(before), Some(after)) if is_same(before, after) => Vec::new(),
        (Some(before), Some(after)) => both(pairs, matching, file, before, after),
    };
    found.sort_by_key(|it| it.0);
    let within = within_file(matching, file);
    let moves = match (&pairs[file].before, &pairs[file].after) {
        (Some(before), Some(after)) => moves(before, after, &within),
        _ => vec![None; within.len()],
    };
    let elsewhere = |it: &&Option<DefinitionRef>| it.is_some_and(|it| it.file != file);
    let moved_away = matching.to_after[file].iter().filter(elsewhere).count();
    FileDiff { definitions: found.into_iter().map(|it| it.1).collect(), moved_away, within, moves }
}

fn is_same(before: &Side<'_>, after: &Side<'_>) -> bool {
    before.source.text() == after.source.text() && before.lowered.tree == after.lowered.tree
}

fn both(
    pairs: &[FilePair<'_>],
    matching: &Matching,
    file: usize,
    before: &Side<'_>,
    after: &Side<'_>,
) -> Vec<(Place, DefinitionDiff)> {
    if !std::ptr::eq(before.lowered.tree.schema(), after.lowered.tree.schema()) {
        let place = Place { after: 0, removed: false, before: 0 };
        return vec![(place, whole(file, before, after))];
    }
    let within: Vec<Option<usize>> = within_file(matching, file);
    let moves = moves(before, after, &within);
    let (links, other_links) = links(before, after, &within, &moves);
    let comparison = Comparison { before, after, links, other_links };
    let mut out = Vec::new();
    for at in 0..after.definitions.len() {
        let place = Place { after: at, removed: false, before: 0 };
        let found = match within[at] {
            Some(old) => {
                let why = matching.to_before[file][at].expect("it was found within the file");
                comparison.changed(file, (old, at), moves[at], why)
            }
            None => Some(elsewhere(pairs, matching, DefinitionRef { file, number: at })),
        };
        out.extend(found.map(|it| (place, it)));
    }
    let anchors: Vec<Option<usize>> = {
        let to_after = &matching.to_after[file];
        to_after.iter().map(|it| it.filter(|it| it.file == file).map(|it| it.number)).collect()
    };
    let mut anchor = 0;
    let anchored: Vec<usize> = anchors
        .iter()
        .map(|it| {
            anchor = it.unwrap_or(anchor);
            anchor
        })
        .collect();
    out.extend(removed(before, matching, file, &|at| anchored[at]));
    out
}

/// For every new definition of a file, the old one in the same file.
pub(crate) fn within_file(matching: &Matching, file: usize) -> Vec<Option<usize>> {
    let to_before = matching.to_before[file].iter();
    to_before.map(|it| it.filter(|it| it.of.file == file).map(|it| it.of.number)).collect()
}

/// The definitions that are nowhere any more.
fn removed(
    before: &Side<'_>,
    matching: &Matching,
    file: usize,
    anchor: &dyn Fn(usize) -> usize,
) -> Vec<(Place, DefinitionDiff)> {
    let gone = (0..before.definitions.len()).filter(|it| matching.to_after[file][*it].is_none());
    gone.map(|at| {
        let place = Place { after: anchor(at), removed: true, before: at };
        (place, one_sided(before, DefinitionRef { file, number: at }, Part::Removed))
    })
    .collect()
}

/// A new definition whose old one is not in the same file: it was moved, copied, or added.
fn elsewhere(pairs: &[FilePair<'_>], matching: &Matching, new: DefinitionRef) -> DefinitionDiff {
    let after = pairs[new.file].after.as_ref().expect("it has definitions");
    let source = |it: Counterpart| (it, pairs[it.of.file].before.as_ref());
    let moved = matching.to_before[new.file][new.number].map(source);
    let copied = matching.copies[new.file][new.number].map(source);
    let (Some((why, Some(before))), is_copy) = (moved.or(copied), moved.is_none()) else {
        return one_sided(after, new, Part::Added);
    };
    // Nested definitions have records of their own, wherever they are now.
    let comparison = Comparison { before, after, links: Links::default(), other_links: Links::default() };
    let (found, how) = if is_copy {
        (comparison.changed(new.file, (why.of.number, new.number), None, why), None)
    } else {
        (comparison.changed(new.file, (why.of.number, new.number), Some(How::File), why), Some(How::File))
    };
    let mut verdict = found.map_or_else(Vec::new, |it| it.verdict);
    if is_copy {
        verdict = vec![Part::Added, Part::Copied];
    }
    DefinitionDiff {
        kind: after.definitions[new.number].kind,
        before: Some(shown(before, why.of)),
        after: Some(shown(after, new)),
        verdict: sorted(verdict),
        how,
        evidence: Some(why.evidence),
        similarity: why.similarity,
        certainty: if after.broken[new.number] { Certainty::SyntaxError } else { Certainty::Exact },
    }
}

fn shown(side: &Side<'_>, it: DefinitionRef) -> DefinitionSide {
    side.shown(it.file, it.number)
}

pub(crate) fn unseen(file: usize, before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    let certain = !before.source.is_partial() && !after.source.is_partial();
    FileDiff { definitions: vec![module(file, (before, after), certain, certain)], ..FileDiff::default() }
}

/// Where a record stands in the result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    after: usize,
    removed: bool,
    before: usize,
}

fn one_sided(side: &Side<'_>, it: DefinitionRef, part: Part) -> DefinitionDiff {
    let (mut before, mut after) = (None, None);
    *(if part == Part::Removed { &mut before } else { &mut after }) = Some(shown(side, it));
    let at = it.number;
    DefinitionDiff {
        kind: side.definitions[at].kind,
        before,
        after,
        verdict: vec![part],
        how: None,
        evidence: None,
        similarity: None,
        certainty: if side.broken[at] { Certainty::SyntaxError } else { Certainty::Exact },
    }
}

/// Compares files of a language without known definitions.
fn whole(file: usize, before: &Side<'_>, after: &Side<'_>) -> DefinitionDiff {
    let same = before.lowered.tree == after.lowered.tree;
    let certain = [&before.broken, &after.broken].iter().all(|it| !it.contains(&true));
    module(file, (before, after), same, certain)
}

/// A record of the module-level code: of its formatting if its code is surely the same.
fn module(file: usize, (before, after): (&Side<'_>, &Side<'_>), same: bool, certain: bool) -> DefinitionDiff {
    DefinitionDiff {
        kind: DefKind::Module,
        before: Some(before.shown(file, 0)),
        after: Some(after.shown(file, 0)),
        verdict: vec![if same && certain { Part::Formatting } else { Part::Body }],
        how: None,
        evidence: Some(Evidence::SameName),
        similarity: None,
        certainty: if certain { Certainty::Exact } else { Certainty::SyntaxError },
    }
}

/// For every new definition, how it moved.
pub(crate) fn moves(before: &Side<'_>, after: &Side<'_>, within: &[Option<usize>]) -> Vec<Option<How>> {
    let mut out = vec![None; after.definitions.len()];
    for (parent, children) in after.children.iter().enumerate() {
        let old_parent = within[parent];
        let mut stayed = Vec::new();
        for child in children {
            let Some(old) = within[*child] else { continue };
            if before.definitions[old].parent != old_parent {
                out[*child] = Some(How::Reparent);
            } else if before.block(old) == after.block(*child) {
                stayed.push((*child, old));
            } else {
                out[*child] = Some(How::Block);
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
fn links(
    before: &Side<'_>,
    after: &Side<'_>,
    within: &[Option<usize>],
    moves: &[Option<How>],
) -> (Links, Links) {
    let (mut links, mut other_links) = (Links::default(), Links::default());
    for (at, old) in within.iter().enumerate() {
        // In which block it stands matters to whoever has the block.
        let (Some(old), None | Some(How::Block)) = (old, moves[at]) else { continue };
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
    links: Links,
    other_links: Links,
}

impl Comparison<'_, '_, '_> {
    /// What happened to a definition; none if nothing did.
    fn changed(
        &self,
        file: usize,
        (old, at): (usize, usize),
        how: Option<How>,
        why: Counterpart,
    ) -> Option<DefinitionDiff> {
        let (mut verdict, certainty) = self.changed_parts(old, at);
        if how.is_some() {
            verdict.push(Part::Moved);
        }
        if matches!(how, Some(How::Block | How::Reparent | How::File)) {
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
            before: Some(shown(self.before, why.of)),
            after: Some(shown(self.after, DefinitionRef { file, number: at })),
            verdict: sorted(verdict),
            how,
            evidence: Some(why.evidence),
            similarity: why.similarity,
            certainty,
        })
    }

    fn changed_parts(&self, old: usize, new: usize) -> (Vec<Part>, Certainty) {
        if !self.after.is_python() {
            return self.foreign_parts(old, new);
        }
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

    /// What changed in a language of which only the grammar is known: equal trees are the proof of comments or
    /// formatting.
    fn foreign_parts(&self, old: usize, new: usize) -> (Vec<Part>, Certainty) {
        let ours = own::foreign(&self.before.definitions[old], &self.before.numbers, &self.links);
        let theirs = own::foreign(&self.after.definitions[new], &self.after.numbers, &self.other_links);
        let (before, after) = (self.before.own_text(old), self.after.own_text(new));
        let is_broken = self.before.broken[old] || self.after.broken[new];
        let words = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
        // The old name in the place of the new one is no change of the code.
        let names = [self.before.definitions[old].name, self.after.definitions[new].name];
        let other_name = names[0] != names[1];
        if is_broken && before != after {
            (vec![Part::Body], Certainty::SyntaxError)
        } else if ours != theirs {
            (vec![Part::Body], Certainty::Exact)
        } else if before == after
            || (other_name && words(&before.replacen(names[0], names[1], 1)) == words(&after))
        {
            (Vec::new(), Certainty::Exact)
        } else if words(&before) == words(&after) {
            // Where a nested definition came or went, so did the white space around it.
            let linked = |side: &Side<'_>, links: &Links, at: usize| {
                side.children[at].iter().all(|it| links.contains_key(&side.definitions[*it].node.index()))
            };
            let stays = linked(self.before, &self.links, old) && linked(self.after, &self.other_links, new);
            (if stays { vec![Part::Formatting] } else { Vec::new() }, Certainty::Exact)
        } else {
            (vec![Part::Comments], Certainty::Exact)
        }
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
        let other_kind = (before.kind == DefKind::Class) != (after.kind == DefKind::Class);
        let body = ours.body(false) != theirs.body(false) || other_kind;
        let hints = ours.hints_differ(&theirs) || (!body && ours.body(true) != theirs.body(true));
        let parts = [
            (ours.signature() != theirs.signature(), Part::Signature),
            (body, Part::Body),
            (ours.decorators() != theirs.decorators(), Part::Decorators),
            (hints, Part::Hints),
            (ours.docstring() != theirs.docstring(), Part::Docstring),
        ];
        let parts: Vec<Part> = parts.into_iter().filter(|it| it.0).map(|it| it.1).collect();
        (!parts.is_empty()).then_some(parts)
    }
}
