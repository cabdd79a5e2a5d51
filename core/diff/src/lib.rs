//! What a change did to a file, definition by definition.
//!
//! The definitions of all changed files are matched, also under other names, in other places and in other files; each
//! pair gets a *verdict*, the set of its [`Part`]s that changed. A definition is compared by what is its own: a method that changed does not change its
//! class. Lambdas are part of the definition around them.
//!
//! # Soundness
//!
//! A verdict is never weaker than the truth. `comments` and `formatting` are said only if CPython's `ast` of the
//! definition's own code is equal on both sides, the `kind` of strings included; `docstring` only if it is equal
//! without docstrings, `hints` only if it is equal without annotations. Where a side could not be parsed, the verdict
//! is `body`, with the certainty `syntax-error`.
//!
//! Source of the ideas: matching definitions before anything else after `RefactoringMiner`; reordered children as
//! those outside of a longest increasing subsequence after Chawathe et al. 1996.

mod align;
mod alignment;
mod elements;
mod equivalent;
mod items;
mod layout;
mod lexemes;
mod mapping;
mod matching;
mod order;
mod own;
mod ownership;
mod part;
mod references;
mod renames;
mod script;
mod shortest;
mod side;
mod sketch;
mod twins;
mod verdict;

use astkit_ast::{DefKind, Span};

pub use align::align_numbers;
pub use alignment::{Aligned, Alignment};
pub use matching::DefinitionRef;
pub use part::{Part, UnknownPart};
pub use renames::renamed_files;
pub use script::{Edit, EditScript, ScriptError, apply};
pub use side::Side;

/// Two versions of a file; one may be absent.
pub struct FilePair<'a> {
    /// The file's name: it decides in which order files are looked at.
    pub name: &'a str,
    /// The old version.
    pub before: Option<Side<'a>>,
    /// The new version.
    pub after: Option<Side<'a>>,
}

/// What happened to the definitions of a file.
#[derive(Clone, Debug, Default)]
pub struct FileDiff {
    /// The changed definitions, in the order of the new text; removed ones after what stood before them.
    pub definitions: Vec<DefinitionDiff>,
    /// How many definitions of the old text are in other files now, whose results tell of them.
    pub moved_away: usize,
    /// For every new definition, the old one in the same file.
    within: Vec<Option<usize>>,
    /// For every new definition, how it moved within the file.
    moves: Vec<Option<How>>,
}

/// What happened to one definition.
#[derive(Clone, Debug)]
pub struct DefinitionDiff {
    /// What it is; on the new side, if it is there.
    pub kind: DefKind,
    /// The old side; none for an added definition that is no copy.
    pub before: Option<DefinitionSide>,
    /// The new side; none for a removed definition.
    pub after: Option<DefinitionSide>,
    /// The parts that changed, the strongest first; never empty.
    pub verdict: Vec<Part>,
    /// How it moved, if it moved.
    pub how: Option<How>,
    /// By what the two sides were taken for the same definition.
    pub evidence: Option<Evidence>,
    /// How similar the two sides are, from 0 to 1: an estimate, but 1 for equal code. None for one side, and where
    /// it did not have to be known: see [`Side::similarity`].
    pub similarity: Option<f32>,
    /// How sure the verdict is.
    pub certainty: Certainty,
}

/// One side of a definition.
#[derive(Clone, Debug)]
pub struct DefinitionSide {
    /// The number of its pair of files.
    pub file: usize,
    /// Its number on its [`Side`].
    pub number: usize,
    /// Its qualified name.
    pub qualname: String,
    /// Its text, from its first decorator to its last token; the whole text for the module.
    pub span: Span,
}

/// How a definition moved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum How {
    /// Among its siblings.
    Reorder,
    /// Into a block of the same parent, such as `if` or `try`, or out of one.
    Block,
    /// To another parent.
    Reparent,
    /// To another file.
    File,
}

/// By what two sides were taken for the same definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Evidence {
    /// The same name in the same place.
    SameName,
    /// Equal code but for the name, found nowhere else.
    EqualCode,
    /// Similar code.
    Similar,
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
            Self::Block => "block",
            Self::Reparent => "reparent",
            Self::File => "file",
        }
    }
}

impl Evidence {
    /// The words used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameName => "same-name",
            Self::EqualCode => "equal-code",
            Self::Similar => "similar-code",
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
        let moved = (self.moved_away > 0).then_some(Part::Moved);
        let parts = self.definitions.iter().flat_map(|it| it.verdict.iter().copied());
        part::sorted(parts.chain(moved).collect())
    }
}

/// Compares the versions of a set of files; the result has one entry a pair.
///
/// All sides must be lowered for the same Python; which frontend did it makes no difference, and neither does the order
/// of the pairs. A result is empty exactly if the texts are equal but for how their lines end. Files that did not change
/// need not be given. Cost: n log n in the texts.
pub fn diff_files(pairs: &[FilePair<'_>]) -> Vec<FileDiff> {
    verdict::diff(pairs)
}

/// How to get the new version of a file from the old one; `diff` is what was found about them.
///
/// The script is of the texts: bytes that decoding evened out, such as a lone `\r`, are not in it. Where a bound was hit,
/// the script is longer than it might be, and says so. Cost: n log n in the texts.
pub fn edit_script(before: &Side<'_>, after: &Side<'_>, diff: &FileDiff) -> EditScript {
    Alignment::new(before, after, diff).script()
}

/// What is said of two versions of a file of which the bytes differ but not the texts: a byte-order mark, a coding, old
/// line ends; or bytes that could not be decoded, of which nothing weaker than `body` can be said.
pub fn diff_of_bytes(file: usize, before: &Side<'_>, after: &Side<'_>) -> FileDiff {
    verdict::unseen(file, before, after)
}
