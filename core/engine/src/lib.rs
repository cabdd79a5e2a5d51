//! astkit's engine: what a whole project knows about itself, kept up to date edit by edit.
//!
//! A [`Workspace`] owns some roots of files; a program tells it what may have changed, and asks [`Snapshot`]s of it.
//! Answers are remembered by salsa, and what a file says by content, between runs too. The parts:
//!
//! - [`FileSystem`]: where files come from; [`MemoryFiles`] for tests and embedders.
//! - [`modules`]: the module finder, as plain functions.
//! - [`graph`]: components and reachability.
//! - [`summary`]: what is kept of a file, a function of its content alone.
//! - [`passes`]: analyses and transformations of one's own.
//! - [`store`]: what is remembered between runs.
//!
//! This is the only crate that knows salsa. Queries are thin: a line around a plain function of the crates below.

mod db;
mod edges;
mod events;
pub mod files;
pub mod forms;
pub mod graph;
mod inputs;
mod lowering;
pub mod modules;
mod mount;
mod parallel;
pub mod passes;
mod queries;
mod snapshot;
pub mod store;
mod summaries;
pub mod summary;
mod trail;
mod workspace;

pub use events::Execution;
pub use files::{DirEntry, FileKind, FileSystem, MemoryFiles, Metadata, Timestamp};
pub use inputs::{Content, RootId};
pub use lowering::{ByFrontend, Lowering};
pub use snapshot::{CancelToken, Cancelled, DeepHashes, DefinitionGraph, FileId, Referent, Snapshot};
pub use summaries::{SummaryError, SummaryResult};
pub use workspace::{
    Applied, Changes, FileChange, MemoryUse, NoProgress, Progress, RootSpec, Stage, Survey, Workspace,
    WorkspaceBuilder,
};
