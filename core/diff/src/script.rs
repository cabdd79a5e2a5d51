//! Edit scripts: what to do to the old text to get the new one, byte for byte.
//!
//! All places are in the old text and stay as they are while edits are applied: an edit says where it stands, not where
//! it stands after others. A moved definition carries the edits within it. White space is text like any other; lines that
//! were indented together are one edit.
//!
//! Source: kept children as a longest increasing subsequence, here the heaviest, after Chawathe et al. 1996.

mod apply;
mod generate;
mod indentation;

use astkit_ast::Span;

pub use apply::{ScriptError, apply};

/// What to do to the old text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EditScript {
    /// The edits, in the order of the new text.
    pub edits: Vec<Edit>,
    /// The bounds at which something was approximated: the script is right, but longer than it might be.
    pub approximations: Vec<&'static str>,
    /// How many steps it took to find: linear in the texts, the same on every machine.
    pub work: usize,
}

/// One edit. Spans called `before` are of the old text, those called `after` of the new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edit {
    /// Text that is new.
    Insert {
        /// Where in the old text.
        at: u32,
        /// Where it is in the new text.
        after: Span,
        /// The text.
        text: String,
    },
    /// Text that is gone.
    Delete {
        /// Where it was.
        before: Span,
    },
    /// Text in the place of other text.
    Update {
        /// Where the old text was.
        before: Span,
        /// Where the new text is.
        after: Span,
        /// The new text.
        text: String,
    },
    /// Text that stands elsewhere.
    Move {
        /// Where in the old text it goes.
        at: u32,
        /// Where it was.
        before: Span,
        /// Where it is in the new text.
        after: Span,
        /// What else was done to it.
        edits: Vec<Edit>,
    },
    /// Lines whose indentation changed, and nothing else: where a line begins with `from`, it begins with `to` instead.
    Reindent {
        /// Where the lines were: from within the line before the first.
        before: Span,
        /// Where they are in the new text.
        after: Span,
        /// What the lines began with.
        from: String,
        /// What they begin with instead.
        to: String,
    },
}

impl Edit {
    /// Where in the old text the edit stands.
    pub fn anchor(&self) -> u32 {
        match self {
            Self::Insert { at, .. } | Self::Move { at, .. } => *at,
            Self::Delete { before } | Self::Update { before, .. } | Self::Reindent { before, .. } => {
                before.start
            }
        }
    }

    /// The old text that is no longer where it was.
    pub fn before(&self) -> Option<Span> {
        match self {
            Self::Insert { .. } => None,
            Self::Delete { before }
            | Self::Update { before, .. }
            | Self::Move { before, .. }
            | Self::Reindent { before, .. } => Some(*before),
        }
    }

    /// The new text that was not where it is.
    pub fn after(&self) -> Option<Span> {
        match self {
            Self::Delete { .. } => None,
            Self::Insert { after, .. }
            | Self::Update { after, .. }
            | Self::Move { after, .. }
            | Self::Reindent { after, .. } => Some(*after),
        }
    }

    /// The word used in output.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Insert { .. } => "insert",
            Self::Delete { .. } => "delete",
            Self::Update { .. } => "update",
            Self::Move { .. } => "move",
            Self::Reindent { .. } => "reindent",
        }
    }
}

pub(crate) use generate::{Text, Unit, generate};
