//! How much of a file survives damage: the share of untouched definitions that keep their name and their hash.
//!
//! A file is lowered before and after an edit. A definition is *untouched* if the edit lies outside of it, its decorators
//! included; so the edited definition and those around it never count, and neither do files that the edit leaves whole.
//! It is *kept* if the tree after the edit has a definition of the same qualified name and the same structural hash.

use std::collections::{BTreeMap, HashMap};

use astkit_ast::{LowerError, Lowered, Options, SideTables, SourceText, def_id, definitions};

use crate::judge::Candidate;
use crate::mutation::{Mutation, MutationKind, mutations};

/// Definitions that were untouched, and those of them that were kept.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Share {
    /// How many edits left the file broken.
    pub edits: u64,
    /// How many of them lost more than half of the untouched definitions.
    pub wrecked: u64,
    /// Untouched definitions.
    pub untouched: u64,
    /// Those that are found again.
    pub kept: u64,
}

impl Share {
    /// Kept in percent of untouched; 100 if there was nothing to lose.
    pub fn percent(&self) -> f64 {
        if self.untouched == 0 {
            return 100.0;
        }
        // Counts of definitions are far below what a double holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let share = self.kept as f64 / self.untouched as f64;
        share * 100.0
    }

    /// Adds what another share counted.
    pub fn add(&mut self, other: Self) {
        self.edits += other.edits;
        self.wrecked += other.wrecked;
        self.untouched += other.untouched;
        self.kept += other.kept;
    }
}

/// Damages a whole file `count` times, each time alone, and counts what survives, by kind of edit.
///
/// # Errors
/// [`LowerError`] if the frontend can't work at all.
pub fn recovery(
    candidate: &Candidate,
    bytes: &[u8],
    options: &Options,
    seed: u64,
    count: usize,
) -> Result<BTreeMap<MutationKind, Share>, LowerError> {
    let mut out = BTreeMap::new();
    let source = SourceText::decode(bytes);
    let before = candidate.lower(&source, options)?;
    if before.is_partial() {
        return Ok(out);
    }
    let known = Known::new(&source, &before);
    for edit in mutations(source.text(), seed, count) {
        let broken = SourceText::from_text(&edit.apply(source.text()));
        let after = candidate.lower(&broken, options)?;
        if after.is_partial() {
            out.entry(edit.kind).or_insert_with(Share::default).add(known.share(&edit, &after));
        }
    }
    Ok(out)
}

/// The definitions of the file before it was damaged: name, hash and place.
struct Known {
    definitions: Vec<(String, u128, std::ops::Range<usize>)>,
}

impl Known {
    fn new(source: &SourceText, lowered: &Lowered) -> Self {
        let tables = SideTables::new(source, lowered);
        let of = |it: &astkit_ast::Definition<'_>| {
            let id = def_id(it).filter(|_| it.parent.is_some())?;
            let span = tables.definition_span(it.node);
            Some((it.qualname.clone(), lowered.tree.def_hash(id), span.start as usize..span.end as usize))
        };
        Self { definitions: definitions(&lowered.tree).iter().filter_map(of).collect() }
    }

    fn share(&self, edit: &Mutation, after: &Lowered) -> Share {
        let found: HashMap<String, u128> = definitions(&after.tree)
            .iter()
            .filter_map(|it| Some((it.qualname.clone(), after.tree.def_hash(def_id(it)?))))
            .collect();
        let mut share = Share { edits: 1, ..Share::default() };
        for (name, hash, place) in &self.definitions {
            // An edit right at the border belongs to the definition as well.
            if edit.removed.end < place.start || place.end < edit.removed.start {
                share.untouched += 1;
                share.kept += u64::from(found.get(name) == Some(hash));
            }
        }
        share.wrecked = u64::from(share.kept * 2 < share.untouched);
        share
    }
}
