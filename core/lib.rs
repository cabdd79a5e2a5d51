//! astkit knows what a change to Python code does.
//!
//! One common tree from several parsers, and on it hashes and diffs by definition. This crate is the face: it knows
//! every part and adds nothing but the choice of a frontend.
//!
//! - [`ast`]: the common tree, source text, and the [`Frontend`] trait for parsers of your own.
//! - [`hash`]: hashes of definitions, files and folders at documented levels.
//! - [`diff`]: what changed between two files, definition by definition.
//! - [`engine`]: a whole project, kept up to date edit by edit: [`Workspace`] and [`Snapshot`].
//! - [`passes`]: analyses and transformations, the project's own and yours; [`prelude`] has what writing one takes.
//! - [`analysis`], [`transform`]: the plain functions that they are made of.
//! - [`Frontends`]: the frontends of this build, chosen by name or by path, `auto` among them.
//!
//! Each frontend is a cargo feature: `python-ast` and `cpython` for Python, `tree-sitter` for Python
//! (also broken text and Python 2), `javascript` and `json` for trees of other languages.

//!
//! # A project that changes
//!
//! ```
//! # #[cfg(feature = "python-ast")] {
//! use std::sync::Arc;
//!
//! use astkit::engine::modules::Environment;
//! use astkit::engine::{Changes, MemoryFiles, NoProgress, RootSpec};
//! use astkit::{Frontends, Workspace};
//!
//! let files = Arc::new(MemoryFiles::new([
//!     ("/p/shop.py", "import prices\ndef total(n):\n    return n * prices.one()\n"),
//!     ("/p/prices.py", "def one():\n    return 3\n"),
//! ]));
//! let lowering = Frontends::standard().lowering("auto").expect("it is always there");
//! let mut workspace = Workspace::builder().lowering(lowering).build();
//! let root = workspace.add_root(
//!     RootSpec {
//!         paths: files.paths(),
//!         files: files.clone(),
//!         folder: "/p".into(),
//!         environment: Environment { roots: vec!["/p".into()], ..Environment::default() },
//!         is_frozen: false,
//!         verify: false,
//!     },
//!     &NoProgress,
//! );
//! let before = workspace.snapshot().deep_hashes(root, &NoProgress)?;
//!
//! // What `total` gives depends on another file.
//! files.write("/p/prices.py", "def one():\n    return 4\n");
//! workspace.apply(Changes::new().path(root, "/p/prices.py"), &NoProgress);
//! let snapshot = workspace.snapshot();
//! let after = snapshot.deep_hashes(root, &NoProgress)?;
//! let shop = snapshot.file(root, "/p/shop.py".as_ref());
//! assert_ne!(before.of(shop), after.of(shop));
//! # }
//! # Ok::<(), astkit::engine::Cancelled>(())
//! ```

pub use astkit_analysis as analysis;
pub use astkit_ast as ast;
pub use astkit_diff as diff;
pub use astkit_engine as engine;
pub use astkit_hash as hash;
pub use astkit_transform as transform;

mod auto;
mod chosen;
#[cfg(feature = "cpython")]
mod cpython;
mod frontends;

pub use astkit_ast::{
    Diagnostic, Frontend, LowerError, Lowered, Options, PythonVersion, Severity, SourceText, Span, Tree,
};
pub use astkit_engine::{Snapshot, Workspace, passes, register};
pub use auto::Auto;
#[cfg(feature = "cpython")]
pub use cpython::LazyCPython;
pub use frontends::{Frontends, PYTHON_EXTENSIONS, UnknownFrontend};

/// What writing a pass takes.
pub mod prelude {
    pub use astkit_ast::python::{Kind, Role, kind, view};
    pub use astkit_ast::{Node, NodeId, Tree};
    pub use astkit_engine::passes::{
        Analysis, CodeNode, Codec, Cx, Def, DefTree, PassError, Pipeline, Preserve, Project, Reach,
        Transformation, View,
    };
    pub use astkit_transform::Edits;
}
