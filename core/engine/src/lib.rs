//! astkit's engine: what a whole project knows about itself, kept up to date edit by edit.
//!
//! - [`FileSystem`]: where files come from; [`MemoryFiles`] for tests and embedders.
//! - [`modules`]: the module finder, as plain functions.
//! - [`graph`]: components, reachability, and hashes over cycles.
//! - [`summary`]: what is kept of a file, a function of its content alone.
//! - [`store`]: what is remembered between runs.

pub mod files;
pub mod graph;
pub mod modules;
pub mod store;
pub mod summary;

pub use files::{DirEntry, FileKind, FileSystem, MemoryFiles, Metadata, Timestamp};
