//! The parts of a definition that can change.

use std::fmt;

/// What changed about a definition. Ordered by strength, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Part {
    /// It is gone.
    Removed,
    /// It is new.
    Added,
    /// It has another name.
    Renamed,
    /// It stands elsewhere.
    Moved,
    /// It is new, and like something old.
    Copied,
    /// How it is called: parameters and defaults, `async`; a class's bases and keywords; type parameters.
    Signature,
    /// What it does.
    Body,
    /// Its decorators.
    Decorators,
    /// Annotations: of parameters, of the result, of assignments in its body.
    Hints,
    /// Its docstring.
    Docstring,
    /// Its comments.
    Comments,
    /// Everything that CPython's `ast` does not tell apart: white space, quotes, parentheses, trailing commas, ...
    Formatting,
}

/// There is no part of that name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown part `{name}`")]
pub struct UnknownPart {
    /// What was asked for.
    pub name: String,
}

impl Part {
    /// All parts, the strongest first.
    pub const ALL: [Self; 12] = [
        Self::Removed,
        Self::Added,
        Self::Renamed,
        Self::Moved,
        Self::Copied,
        Self::Signature,
        Self::Body,
        Self::Decorators,
        Self::Hints,
        Self::Docstring,
        Self::Comments,
        Self::Formatting,
    ];

    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Added => "added",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Copied => "copied",
            Self::Signature => "signature",
            Self::Body => "body",
            Self::Decorators => "decorators",
            Self::Hints => "hints",
            Self::Docstring => "docstring",
            Self::Comments => "comments",
            Self::Formatting => "formatting",
        }
    }

    /// The part of that name.
    ///
    /// # Errors
    /// [`UnknownPart`].
    pub fn parse(name: &str) -> Result<Self, UnknownPart> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == name);
        found.ok_or_else(|| UnknownPart { name: name.to_owned() })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Parts, the strongest first, each once.
pub(crate) fn sorted(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort();
    parts.dedup();
    parts
}
