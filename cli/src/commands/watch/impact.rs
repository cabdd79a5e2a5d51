//! What depends on a change, directly or not: asked of the engine, which follows every batch.
//!
//! A batch is one revision of the workspace. What depended on a definition that is gone is told by the graph before the
//! batch, everything else by the one after it.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_engine::modules::{Environment, Interpreter};
use astkit_engine::{Cancelled, Changes, FileId, NoProgress, RootId, RootSpec, Snapshot, Workspace};
use astkit_system::OsFiles;

use super::files;
use crate::session::Session;
use crate::{cache, frontends};

/// The watched files as a project.
pub(super) struct Impact {
    workspace: Workspace,
    root: RootId,
    folder: PathBuf,
}

/// A definition, by the path of its file and its qualified name.
pub(super) type Place = (PathBuf, String);

impl Impact {
    /// Looks at all files, through what other runs remember.
    pub(super) fn new(session: &Session, folder: &Path, paths: Vec<PathBuf>) -> Self {
        let threads = NonZeroUsize::new(session.settings.jobs).unwrap_or(NonZeroUsize::MIN);
        let mut builder = Workspace::builder().store(cache::store(&session.settings)).threads(threads);
        for lowering in frontends::lowerings(&session.frontends, &session.settings.frontend) {
            builder = builder.lowering(lowering);
        }
        let mut workspace = builder.build();
        let interpreter = Interpreter { version: session.settings.options.python, ..Interpreter::default() };
        let roots = session.roots.folders().iter().map(|it| folder.join(it.strip_prefix(".").unwrap_or(it)));
        let environment = Environment { roots: roots.collect(), interpreter, ..Environment::default() };
        let spec = RootSpec {
            files: Arc::new(OsFiles),
            folder: folder.to_owned(),
            environment,
            paths,
            is_frozen: false,
            verify: false,
        };
        let root = workspace.add_root(spec, &NoProgress);
        let out = Self { workspace, root, folder: folder.to_owned() };
        // The first batch is not to wait for what can be known before it.
        drop(out.dependents(&[]));
        out.workspace.save();
        out
    }

    /// Takes over a batch. Returns the targets that depend on what was there before or is there now, sorted, without
    /// these themselves.
    pub(super) fn follow(&mut self, paths: &[PathBuf], before: &[Place], after: &[Place]) -> Vec<String> {
        let mut out = if before.is_empty() { BTreeSet::new() } else { self.dependents(before) };
        let mut changes = Changes::new();
        for path in paths {
            changes.path(self.root, path);
        }
        self.workspace.apply(&changes, &NoProgress);
        out.extend(self.dependents(after));
        for it in before.iter().chain(after) {
            out.remove(it);
        }
        let shown = |it: &Place| format!("{}::{}", files::show(&self.folder, &it.0), it.1);
        out.iter().map(shown).collect()
    }

    /// All that depends on definitions, these included.
    fn dependents(&self, places: &[Place]) -> BTreeSet<Place> {
        // Nobody else changes the workspace, so nothing is cancelled.
        self.ask(places).unwrap_or_default()
    }

    fn ask(&self, places: &[Place]) -> Result<BTreeSet<Place>, Cancelled> {
        let snapshot = self.workspace.snapshot();
        let graph = snapshot.graph(self.root, &NoProgress)?;
        if places.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut nodes = Vec::new();
        for (path, qualname) in places {
            let file = snapshot.file(self.root, path);
            let item = item(&snapshot, file, qualname)?;
            nodes.extend(item.and_then(|item| graph.node(file, item)));
        }
        let mut out = BTreeSet::new();
        for (file, item) in graph.impact(nodes).into_iter().filter_map(|it| graph.item(it)) {
            if let Ok(summary) = snapshot.summary(file)? {
                out.insert((snapshot.path(file).to_path_buf(), summary.qualname(item)));
            }
        }
        Ok(out)
    }
}

/// The item of a file with a qualified name.
fn item(snapshot: &Snapshot, file: FileId, qualname: &str) -> Result<Option<u32>, Cancelled> {
    let Ok(summary) = snapshot.summary(file)? else { return Ok(None) };
    Ok((0..summary.bodies.len()).find(|it| summary.qualname(*it) == qualname))
}
