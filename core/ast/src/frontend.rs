//! Frontends: how somebody's parser becomes a source of common trees.
//!
//! A frontend parses a text with a parser of its choice and *rebuilds* the result as a common tree: its rebuilder
//! walks the parser's tree, usually with one `rebuild_<kind>` function per node kind, and emits nodes through a
//! [`TreeBuilder`]. To add one:
//!
//! 1. Choose a schema: Python's ([`python::schema`](crate::python::schema)), or one of your own, written in the same
//!    notation and read once with [`Schema::parse`](astkit_schema::Schema::parse).
//! 2. Implement [`Frontend::lower`]: build one root of the schema's first kind, children in source order, each with
//!    its role. Spans are byte ranges of [`SourceText::text`]. Broken text is data: use [`TreeBuilder::error`] and
//!    [`TreeBuilder::missing`], and say what is wrong with [`TreeBuilder::diagnostic`]; cover every piece of text.
//! 3. Let [`check`](crate::check::check) look at some trees in your tests: it knows the rules.
//!
//! Frontends of Python must agree: equal text gives equal trees, node for node and span for span, with the kinds and
//! the positions of CPython's `ast`. The literal decoder, name normalization and everything about comments,
//! parentheses and name positions are common code, so that a frontend only says what the parser knows.
//!
//! Source of the idea: the rebuilder of astng (today astroid), which made one tree from two parsers' trees.

use std::borrow::Cow;

use astkit_schema::Schema;

use crate::builder::TreeBuilder;
use crate::lowered::Lowered;
use crate::source::SourceText;

/// Which frontend, in which version: part of every key under which its results are kept.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FrontendId {
    /// Its name, as given to `--frontend`.
    pub name: Cow<'static, str>,
    /// Version of its parser and of its rebuilder.
    pub version: Cow<'static, str>,
}

/// A version of Python's grammar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PythonVersion {
    /// 2 or 3.
    pub major: u8,
    /// The number after the point.
    pub minor: u8,
}

impl PythonVersion {
    /// The newest version whose grammar is known.
    pub const LATEST: Self = Self { major: 3, minor: 14 };

    /// Reads `3.12`.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? })
    }

    /// Whether the text is to be read as Python 2.
    pub fn is_python2(self) -> bool {
        self.major == 2
    }
}

impl Default for PythonVersion {
    fn default() -> Self {
        Self::LATEST
    }
}

impl std::fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a lowering depends on besides the text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// The Python that the text is written for.
    pub python: PythonVersion,
}

/// Why a frontend could not be used at all. What is wrong with a text is a diagnostic instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// Something outside of the process that the frontend needs is not there or broke down.
    #[error("frontend `{frontend}` is not available: {reason}")]
    Unavailable {
        /// The frontend's name.
        frontend: Cow<'static, str>,
        /// What is missing.
        reason: String,
    },
}

/// A source of common trees.
pub trait Frontend: Send + Sync {
    /// Its name and version.
    fn id(&self) -> FrontendId;

    /// The schema of its trees.
    fn schema(&self) -> &'static Schema;

    /// Extensions of the files that it reads, without the dot.
    fn extensions(&self) -> &[&str];

    /// Parses `source` and emits its tree. The result is a function of the arguments and of [`id`](Self::id) alone.
    ///
    /// # Errors
    /// [`LowerError`] if the frontend itself can't work; never for a text.
    fn lower(
        &self,
        source: &SourceText,
        options: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError>;
}

/// Lowers one file with a frontend.
///
/// The diagnostics are those of decoding and of the frontend, sorted by place.
///
/// # Errors
/// [`LowerError`] if the frontend can't work.
pub fn lower(frontend: &dyn Frontend, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
    let mut builder = TreeBuilder::new(frontend.schema(), source);
    frontend.lower(source, options, &mut builder)?;
    Ok(finish(builder, frontend.id()))
}

/// Finishes a tree as [`lower`] does: for code that drives a builder itself.
pub fn finish(mut builder: TreeBuilder<'_>, frontend: FrontendId) -> Lowered {
    let source = builder.source();
    let repairs = builder.take_repairs();
    let (tree, spans, mut diagnostics) = builder.finish();
    diagnostics.extend_from_slice(source.diagnostics());
    diagnostics.sort();
    diagnostics.dedup();
    Lowered { tree, spans, diagnostics, frontend, repairs }
}
