//! Modules: from a qualified name to what Python would import, and from a path to its qualified name.
//!
//! Plain functions over [`Listings`], which knows what is in which folder; a query engine records what they look at by
//! implementing that trait, and [`FileListings`] asks a [`FileSystem`](crate::FileSystem). Nothing is imported or run.
//!
//! - [`ModuleName`]: dotted names; relative names made absolute.
//! - [`Environment`]: what is to be known of a Python: its version, built-in modules, suffixes, folders.
//! - [`search_path`]: the folders that modules are looked for in, `.pth` files read.
//! - [`find`]: the import system's finders, and the stubs of type checkers beside them.
//! - [`module_of`], [`infer_roots`]: the way back.
//!
//! Left out: zip archives on the path (their names are told by [`SearchPath::unsearched`]), finders that programs
//! install, and paths that code changes while it runs, but for the two spellings of old namespace packages.
//! Source: CPython's `Lib/importlib/_bootstrap_external.py`, `Lib/site.py` and `Lib/pkgutil.py`; PEP 420, PEP 561.

mod environment;
mod finder;
mod listing;
mod name;
mod paths;
mod search_path;
mod stubs;

pub use environment::{Environment, Interpreter};
pub use finder::{FoundModule, Missing, ModuleKind, Resolution, find, find_in};
pub use listing::{FileListings, Listing, Listings, extends_path};
pub use name::{ModuleName, RelativeError, resolve_relative};
pub use paths::{infer_roots, module_of};
pub use search_path::{SearchPath, search_path};

#[cfg(test)]
mod tests;
