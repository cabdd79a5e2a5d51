//! Files as a project that the engine follows: one way to open it for all commands that ask about dependencies.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_engine::modules::{Environment, Interpreter};
use astkit_engine::{Cancelled, FileId, RootSpec, Snapshot, Workspace, WorkspaceBuilder};
use astkit_system::OsFiles;

use crate::contents::absolute;
use crate::session::Session;
use crate::{cache, frontends};

/// A workspace with the run's store, frontends and threads.
pub(crate) fn builder(session: &Session) -> WorkspaceBuilder {
    let settings = &session.settings;
    let mut builder = Workspace::builder().store(cache::store(settings));
    for lowering in frontends::lowerings(&session.frontends, &settings.frontend) {
        builder = builder.lowering(lowering);
    }
    builder.threads(NonZeroUsize::new(settings.jobs).unwrap_or(NonZeroUsize::MIN))
}

/// Files that may change, with modules looked for in the run's roots.
pub(crate) fn root(session: &Session, here: &Path, folder: PathBuf, paths: Vec<PathBuf>) -> RootSpec {
    let interpreter = Interpreter { version: session.settings.options.python, ..Interpreter::default() };
    let roots = session.roots.folders().iter().map(|it| absolute(here, it)).collect();
    RootSpec {
        files: Arc::new(OsFiles),
        folder,
        environment: Environment { roots, interpreter, ..Environment::default() },
        paths,
        is_frozen: false,
        verify: false,
    }
}

/// The item of a file with a qualified name.
///
/// # Errors
/// [`Cancelled`].
pub(crate) fn item(snapshot: &Snapshot, file: FileId, qualname: &str) -> Result<Option<u32>, Cancelled> {
    let Ok(summary) = snapshot.summary(file)? else { return Ok(None) };
    Ok((0..summary.bodies.len()).find(|it| summary.qualname(*it) == qualname))
}
