//! What a change did to a file, definition by definition.
//!
//! Two versions of a file are matched by their definitions' qualified names; each pair gets a *verdict*, the set of
//! its [`Part`]s that changed. A definition is compared by what is its own: a method that changed does not change its
//! class. Lambdas are part of the definition around them.
//!
//! # Soundness
//!
//! A verdict is never weaker than the truth. `comments` and `formatting` are said only if CPython's `ast` of the
//! definition's own code is equal on both sides, the `kind` of strings included; `docstring` only if it is equal
//! without docstrings, `hints` only if it is equal without annotations. Where a side could not be parsed, the verdict
//! is `body`, with the certainty `syntax-error`.
//!
//! Left out, so far: renames with edits, moves across files, edit scripts.
//!
//! Source of the ideas: matching definitions before anything else after `RefactoringMiner`; reordered children as
//! those outside of a longest increasing subsequence after Chawathe et al. 1996.

mod layout;
mod matching;
mod order;
mod own;
mod ownership;
mod part;
mod side;
mod verdict;

use astkit_ast::{DefKind, Span};
use astkit_hash::Hash;

pub use part::{Part, UnknownPart};
pub use side::Side;

/// What happened to the definitions of a file.
#[derive(Clone, Debug, Default)]
pub struct FileDiff {
    /// The changed definitions, in the order of the new text; removed ones after what stood before them.
    pub definitions: Vec<DefinitionDiff>,
}

/// What happened to one definition.
#[derive(Clone, Debug)]
pub struct DefinitionDiff {
    /// What it is; on the new side, if it is there.
    pub kind: DefKind,
    /// The old side; none for an added definition.
    pub before: Option<DefinitionSide>,
    /// The new side; none for a removed definition.
    pub after: Option<DefinitionSide>,
    /// The parts that changed, the strongest first; never empty.
    pub verdict: Vec<Part>,
    /// How it moved, if it moved.
    pub how: Option<How>,
    /// By what the two sides were taken for the same definition.
    pub evidence: Option<Evidence>,
    /// How sure the verdict is.
    pub certainty: Certainty,
}

/// One side of a definition.
#[derive(Clone, Debug)]
pub struct DefinitionSide {
    /// Its number on its [`Side`].
    pub number: usize,
    /// Its qualified name.
    pub qualname: String,
    /// Its text, from its first decorator to its last token; the whole text for the module.
    pub span: Span,
    /// Its hash at the level `ast`.
    pub hash: Hash,
}

/// How a definition moved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum How {
    /// Among its siblings.
    Reorder,
    /// To another parent.
    Reparent,
}

/// By what two sides were taken for the same definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Evidence {
    /// The same name in the same place.
    SameName,
    /// Equal code but for the name, found nowhere else.
    EqualCode,
}

/// How sure a verdict is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Certainty {
    /// Proven from the trees.
    Exact,
    /// A side could not be parsed, so the strongest verdict was taken.
    SyntaxError,
}

impl How {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reorder => "reorder",
            Self::Reparent => "reparent",
        }
    }
}

impl Evidence {
    /// The words used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameName => "same-name",
            Self::EqualCode => "equal-code",
        }
    }
}

impl Certainty {
    /// The words used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::SyntaxError => "syntax-error",
        }
    }
}

impl FileDiff {
    /// All parts of all definitions, the strongest first, each once.
    pub fn verdict(&self) -> Vec<Part> {
        part::sorted(self.definitions.iter().flat_map(|it| it.verdict.iter().copied()).collect())
    }
}

/// Compares two versions of a file.
///
/// Both sides must be lowered for the same Python; which frontend did it makes no difference. The result is empty
/// exactly if the texts are equal but for how their lines end. Cost: linear in the texts, but for reordered siblings (n log n).
pub fn diff(before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    verdict::diff(before, after)
}

/// Compares two versions of a file of which the bytes differ but not the texts: a byte-order mark, a coding, old line
/// ends; or bytes that could not be decoded, of which nothing weaker than `body` can be said.
pub fn diff_of_bytes(before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    let found = diff(before, after);
    if found.definitions.is_empty() { verdict::unseen(before, after) } else { found }
}

/// The definitions of a file that is there on one side only: all of them, `added` or `removed`.
pub fn whole_file(side: &Side<'_>, part: Part) -> FileDiff {
    verdict::whole_file(side, part)
}
