//! Levels: what a hash ignores.

use std::fmt;

use crate::SCHEME;

/// What a hash covers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The text: ignores nothing but how lines end.
    Exact,
    /// What CPython's `ast` shows: ignores formatting and comments, quotes, string prefixes, parentheses, implicit
    /// concatenation, the spelling of numbers, and the order of positional and keyword arguments among each other.
    ///
    /// Equal exactly when `ast.dump` without positions and without the `kind` of strings is equal.
    Ast,
    /// What the code does, as far as one file tells: ignores also the definition's own name, docstrings, hints, local
    /// names, and what the [normal form](crate::normal) removes. What it refers to counts by name.
    Semantic,
    /// As `semantic`, but what it refers to counts by what it does, wherever that is.
    Deep,
}

/// There is no level of that name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown level `{name}`: there are `exact`, `ast`, `semantic` and `deep`")]
pub struct UnknownLevel {
    /// What was asked for.
    pub name: String,
}

impl Level {
    /// All levels, the one that ignores least first.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Ast, Self::Semantic, Self::Deep];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Ast => "ast",
            Self::Semantic => "semantic",
            Self::Deep => "deep",
        }
    }

    /// The level of that name.
    ///
    /// # Errors
    /// [`UnknownLevel`].
    pub fn parse(name: &str) -> Result<Self, UnknownLevel> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == name);
        found.ok_or_else(|| UnknownLevel { name: name.to_owned() })
    }

    /// The domain in which definitions are hashed: `astkit:LEVEL:SCHEME`.
    pub fn domain(self) -> String {
        format!("astkit:{self}:{SCHEME}")
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
