//! One module per command.

pub(crate) mod analyze;
pub(crate) mod apply;
pub(crate) mod cache;
pub(crate) mod config;
pub(crate) mod debug;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod hash;
pub(crate) mod impact;
pub(crate) mod parse;
pub(crate) mod schema;
pub(crate) mod shell;
pub(crate) mod transform;
pub(crate) mod watch;
