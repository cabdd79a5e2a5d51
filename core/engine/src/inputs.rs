//! What salsa is told from outside: roots, files by content, folders.
//!
//! There is one [`File`] per path and root, for ever, and one [`Directory`]; also for what is not there, so that its
//! coming is noticed by who asked. Only [`Workspace`](crate::Workspace) sets anything, after comparing.

#![allow(missing_docs, reason = "salsa generates constructors and setters without")]

use std::io;
use std::path::Path;
use std::sync::Arc;

use astkit_ast::PythonVersion;

use crate::modules::{Environment, Listing};

/// A set of files that belong together: a work tree, a revision, a folder.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RootId(pub u32);

/// What is in a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Content {
    /// Bytes with this BLAKE3.
    Hash([u8; 32]),
    /// There is no such file.
    Absent,
    /// It is there, and can't be read.
    Unreadable(io::ErrorKind),
}

#[salsa::input(debug)]
pub(crate) struct Root {
    #[returns(copy)]
    pub(crate) id: RootId,
    pub(crate) environment: Arc<Environment>,
    #[returns(copy)]
    pub(crate) python: PythonVersion,
    /// The files that whole-project questions are about, sorted by path.
    pub(crate) files: Arc<[File]>,
}

/// A file of a root, whether it is there or not.
#[salsa::input(debug)]
pub(crate) struct File {
    #[returns(copy)]
    pub(crate) root: Root,
    pub(crate) path: Arc<Path>,
    #[returns(copy)]
    pub(crate) content: Content,
}

#[salsa::input(debug)]
pub(crate) struct Directory {
    /// None if there is no such folder.
    pub(crate) listing: Option<Arc<Listing>>,
}
