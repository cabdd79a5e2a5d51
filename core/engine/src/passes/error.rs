//! Why a pass has no result.

use std::fmt::Display;
use std::sync::Arc;

use crate::summaries::SummaryError;

/// Why a pass has no result. A value like others: it is kept, and found again by whoever asks next.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PassError {
    /// What the pass said.
    #[error("{0}")]
    Failed(Arc<str>),
    /// The result depends on itself, and some pass on the way has no bottom.
    #[error("the result depends on itself")]
    Cycle,
    /// The result depends on itself, and never comes to rest.
    #[error("the result depends on itself and does not come to rest")]
    NoFixPoint,
    /// There is no such module, definition or node any more.
    #[error("the target is not there")]
    Gone,
    /// The module can't be read.
    #[error(transparent)]
    Unreadable(SummaryError),
    /// The pass looked at what is out of its reach.
    #[error("out of reach: {0}")]
    Reach(Arc<str>),
    /// The pass works on another kind of target.
    #[error("the pass works on another kind of target")]
    WrongTarget,
    /// Edits that can't be made.
    #[error("edits that cannot be made: {0}")]
    Edits(Arc<str>),
    /// A listener asked for a result.
    #[error("listeners may not ask for results")]
    Listener,
    /// The answer is not needed any more. Never kept.
    #[error("cancelled")]
    Cancelled,
}

impl PassError {
    /// A failure in the words of a pass.
    pub fn failed(reason: impl Display) -> Self {
        Self::Failed(reason.to_string().into())
    }

    pub(crate) fn reach(reason: impl Display) -> Self {
        Self::Reach(reason.to_string().into())
    }
}
