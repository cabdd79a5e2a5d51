//! What the command ends with.

use std::process::{ExitCode, Termination};

/// Exit codes: part of the contract with scripts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum ExitStatus {
    /// 0: all went well.
    #[default]
    Success,
    /// 1: there are findings, as each command defines them, or broken syntax under `--strict`.
    Findings,
    /// 2: bad use, bad configuration, or an input that could not be read.
    Error,
}

impl ExitStatus {
    /// An internal error: a bug in astkit.
    pub(crate) const BUG: u8 = 101;

    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Error => 2,
        }
    }

    /// The graver of two.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Termination for ExitStatus {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}
