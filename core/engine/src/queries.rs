//! The queries: a line of salsa each, around a plain function.
//!
//! From the inside out: [`files`] turns contents into summaries and their parts, [`modules`] finds modules,
//! [`exports`] says what `import *` brings, [`edges`] resolves what definitions refer to, [`graph`] puts a whole root
//! together, [`deep`] asks what may behave differently, [`definitions`] gives single definitions an identity for analyses that are asked one by one.
//!
//! Rules: a query about a whole root reads queries about files only. A query returns what it computed, never a
//! diagnostic on the side. Nothing reads a file but through its content hash.

pub(crate) mod deep;
pub(crate) mod definitions;
pub(crate) mod edges;
pub(crate) mod exports;
pub(crate) mod files;
pub(crate) mod graph;
pub(crate) mod modules;
