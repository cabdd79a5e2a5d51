//! What astkit's test suites share.
//!
//! - [`Snippet`]: the cases of `tests/snippets`, one construct each, with what CPython says about them.
//! - [`Oracle`]: CPython's own `ast` of any source, as canonical JSON, from a long-lived worker.
//! - [`Candidate`], [`Outcome`] and [`judge`]: what a frontend made of a source, against the oracle.
//! - [`first_difference`]: where in the tree two canonical JSON texts part.
//! - [`Mutation`]: seeded edits that damage a file, for properties on broken text.
//! - [`properties`]: what holds for every input, whole or broken.
//! - [`conformance`]: all of that over many files, in parallel.

pub mod conformance;
mod difference;
mod judge;
mod library;
mod mutation;
mod oracle;
pub mod properties;
pub mod recovery;
mod snippet;

pub use difference::{Difference, first_difference};
pub use judge::{Candidate, Outcome, candidates, judge, lower_and_judge, registry};
pub use library::standard_library;
pub use mutation::{Mutation, MutationKind, SplitMix, mutations};
pub use oracle::{Answer, Oracle, OracleError, OraclePython};
pub use snippet::{Expectation, Snippet, SnippetError, recorded_trees, snippets};

use std::path::PathBuf;

/// The folder `tests` of the repository that this crate was built from.
pub fn tests_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
