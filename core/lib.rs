//! astkit knows what a change to Python code does.
//!
//! One common tree from several parsers, and on it hashes and diffs by definition. This crate is the face: it knows
//! every part and adds nothing but the choice of a frontend.
//!
//! - [`ast`]: the common tree, source text, and the [`Frontend`] trait for parsers of your own.
//! - [`hash`]: hashes of definitions, files and folders at documented levels.
//! - [`diff`]: what changed between two files, definition by definition.
//! - [`Frontends`]: the frontends of this build, chosen by name or by path, `auto` among them.
//!
//! Each frontend is a cargo feature: `python-ast` and `cpython` for Python, `tree-sitter` for Python
//! (also broken text and Python 2), `javascript` and `json` for trees of other languages.

pub use astkit_ast as ast;
pub use astkit_diff as diff;
pub use astkit_hash as hash;

mod auto;
#[cfg(feature = "cpython")]
mod cpython;
mod frontends;

pub use astkit_ast::{
    Diagnostic, Frontend, LowerError, Lowered, Options, PythonVersion, Severity, SourceText, Span, Tree,
};
pub use auto::Auto;
#[cfg(feature = "cpython")]
pub use cpython::LazyCPython;
pub use frontends::{Frontends, UnknownFrontend};
