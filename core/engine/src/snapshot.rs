//! Asking a workspace.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use astkit_hash::Hash;
use astkit_hash::deep::Dependencies;

use crate::db::{EngineDb, file_at};
use crate::graph::{Condensation, Graph};
use crate::inputs::{Content, File, Root, RootId};
use crate::modules::{ModuleName, Resolution, SearchPath};
use crate::parallel;
use crate::queries::deep::{FileDeep, RootDeep, root_deep};
use crate::queries::edges::file_edges;
use crate::queries::exports::star_exports;
use crate::queries::files::{file_forms, file_semantic, file_summary};
use crate::queries::graph::{RootGraph, root_graph};
use crate::queries::modules::{file_imports, module_name, resolve, search_path, warm_search_path};
use crate::summaries::SummaryResult;
use crate::workspace::{Progress, Stage};

/// The answer is not needed any more: the workspace changes, or somebody said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// A file of a root. Stays the same while the workspace lives, whatever happens to the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId(pub(crate) File);

/// The state of a workspace at one moment. May be sent to another thread, and has to be dropped before the
/// workspace can change: long work notices by [`Cancelled`].
pub struct Snapshot {
    db: EngineDb,
    roots: Vec<Root>,
    threads: usize,
    /// Number of the state.
    revision: u64,
    cancellation: Arc<Cancellation>,
}

/// Cancels what a snapshot computes.
#[derive(Clone)]
pub struct CancelToken(Arc<Cancellation>);

impl CancelToken {
    /// Lets the questions that are being answered, and all that are asked of the same snapshot later, end in
    /// [`Cancelled`].
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// Whether a snapshot is cancelled, and how each of its handles is told: salsa knows handles only.
#[derive(Default)]
struct Cancellation {
    is_cancelled: AtomicBool,
    tokens: Mutex<Vec<salsa::CancellationToken>>,
}

impl Cancellation {
    fn add(&self, db: &EngineDb) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let token = salsa::Database::cancellation_token(db);
        if self.is_cancelled.load(Relaxed) {
            token.cancel();
        }
        tokens.push(token);
    }

    fn cancel(&self) {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_cancelled.store(true, Relaxed);
        for token in &*tokens {
            token.cancel();
        }
    }
}

/// Another handle of the same state, for another thread; cancelled together with this one.
impl Clone for Snapshot {
    fn clone(&self) -> Self {
        let cancellation = Arc::clone(&self.cancellation);
        let (roots, threads, revision) = (self.roots.clone(), self.threads, self.revision);
        Self { db: self.handle(), roots, threads, revision, cancellation }
    }
}

impl Snapshot {
    pub(crate) fn new(db: EngineDb, roots: Vec<Root>, threads: usize, revision: u64) -> Self {
        let cancellation = Arc::<Cancellation>::default();
        cancellation.add(&db);
        Self { db, roots, threads, revision, cancellation }
    }

    /// What cancels this snapshot's questions, from any thread.
    pub fn cancel_token(&self) -> CancelToken {
        CancelToken(Arc::clone(&self.cancellation))
    }

    /// A root's files, sorted by path.
    pub fn files(&self, root: RootId) -> Vec<FileId> {
        self.root(root).files(&self.db).iter().copied().map(FileId).collect()
    }

    /// The file of a path, whether it is there or not.
    pub fn file(&self, root: RootId, path: &Path) -> FileId {
        FileId(file_at(&self.db, self.root(root), path))
    }

    /// Where a file is.
    pub fn path(&self, file: FileId) -> &Arc<Path> {
        file.0.path(&self.db)
    }

    /// What is in a file.
    pub fn content(&self, file: FileId) -> Content {
        file.0.content(&self.db)
    }

    /// A file's summary.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn summary(&self, file: FileId) -> Result<&SummaryResult, Cancelled> {
        self.ask(|| file_summary(&self.db, file.0))
    }

    /// Where modules are looked for.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn search_path(&self, root: RootId) -> Result<&SearchPath, Cancelled> {
        self.ask(|| search_path(&self.db, self.root(root)))
    }

    /// What is imported under a name.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn resolve(&self, root: RootId, name: &ModuleName) -> Result<&Resolution, Cancelled> {
        self.ask(|| resolve(&self.db, self.root(root), name))
    }

    /// The name under which a file is imported, as far as its path tells.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn module_name(&self, file: FileId) -> Result<Option<ModuleName>, Cancelled> {
        self.ask(|| module_name(&self.db, file.0))
    }

    /// The modules that a file's imports name, in the order of the interface's imports.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn imports(&self, file: FileId) -> Result<&[Option<ModuleName>], Cancelled> {
        self.ask(|| file_imports(&self.db, file.0).as_slice())
    }

    /// The names that `import *` of a file brings, sorted.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn star_exports(&self, file: FileId) -> Result<&[Box<str>], Cancelled> {
        self.ask(|| &**star_exports(&self.db, file.0))
    }

    /// What the items of a file refer to.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn references(&self, file: FileId) -> Result<Vec<Vec<Referent<'_>>>, Cancelled> {
        self.ask(|| {
            let edges = file_edges(&self.db, file.0);
            let (items, others) = (edges.graph.len(), u32::try_from(edges.others.len()).unwrap_or(0));
            let referent = |code: &u32| match code.checked_sub(items) {
                None => Referent::Item(file, *code),
                Some(it) => match edges.others.get(it as usize) {
                    Some((file, item)) => Referent::Item(FileId(*file), *item),
                    None => Referent::External(
                        edges.externals.get((it - others) as usize).map_or("?", |it| &**it),
                    ),
                },
            };
            (0..items).map(|it| edges.graph.targets(it).iter().map(referent).collect()).collect()
        })
    }

    /// All definitions of a root's files, and who depends on whom. Works with all threads.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn graph(&self, root: RootId, progress: &dyn Progress) -> Result<DefinitionGraph, Cancelled> {
        let of = self.root(root);
        let graphs = &self.db.shared.graphs;
        if let Some(latest) = self.ask(|| graphs.latest(&self.db, of, self.revision))? {
            return Ok(DefinitionGraph(latest));
        }
        self.warm(root, progress)?;
        self.ask_aside(|db| {
            let graph = root_graph(db, of);
            graphs.keep(db, of, self.revision, &graph);
            DefinitionGraph(graph)
        })
    }

    /// The hashes of a file's definitions at `semantic`, in source order. None where there is no normal form: in other
    /// languages, in what can't be read.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn semantic_hashes(&self, file: FileId) -> Result<&[Hash], Cancelled> {
        self.ask(|| file_semantic(&self.db, file.0))
    }

    /// The hashes at `deep` of all definitions of a root's files. Works with all threads.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn deep_hashes(&self, root: RootId, progress: &dyn Progress) -> Result<DeepHashes, Cancelled> {
        let (of, linked) = (self.root(root), &self.db.shared.linked);
        if let Some(latest) = self.ask(|| linked.latest(&self.db, of, self.revision))? {
            return Ok(DeepHashes(latest));
        }
        self.ask(|| warm_search_path(&self.db, of))?;
        self.with_all_threads(root, progress, |db, file| {
            file_forms(db, file);
        })?;
        self.ask_aside(|db| {
            let answer = root_deep(db, of);
            linked.keep(db, of, self.revision, &answer);
            DeepHashes(answer)
        })
    }

    /// Makes the summaries of all of a root's files with all threads, so that asking for each finds it.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn load_summaries(&self, root: RootId, progress: &dyn Progress) -> Result<(), Cancelled> {
        self.with_all_threads(root, progress, |db, file| {
            file_summary(db, file);
        })
    }

    /// Answers what is asked of single files with all threads, so that a question about all finds the answers.
    fn warm(&self, root: RootId, progress: &dyn Progress) -> Result<(), Cancelled> {
        self.ask(|| warm_search_path(&self.db, self.root(root)))?;
        self.with_all_threads(root, progress, |db, file| {
            file_edges(db, file);
        })
    }

    fn with_all_threads(
        &self,
        root: RootId,
        progress: &dyn Progress,
        question: impl Fn(&EngineDb, File) + Sync,
    ) -> Result<(), Cancelled> {
        let root = self.root(root);
        self.ask(|| {
            let files = Arc::clone(root.files(&self.db));
            progress.begin(Stage::Resolve, files.len());
            let handles = (0..self.threads).map(|_| self.handle()).collect();
            let cancellation = &*self.cancellation;
            parallel::map(handles, &files, |db, file| {
                // Salsa forgets a token at the end of each query.
                if cancellation.is_cancelled.load(Relaxed) {
                    salsa::Database::cancellation_token(db).cancel();
                }
                question(db, *file);
                progress.advance();
            });
        })
    }

    /// Answers a question, unless the snapshot is cancelled.
    pub(crate) fn ask<R>(&self, question: impl FnOnce() -> R) -> Result<R, Cancelled> {
        if self.cancellation.is_cancelled.load(Relaxed) {
            return Err(Cancelled);
        }
        // Cancellation is a panic in salsa.
        let answer = salsa::Cancelled::catch(AssertUnwindSafe(question));
        answer.map_err(|cancelled| {
            // Who waits for a thread that a write cancels is told that it broke down.
            let is_broken = matches!(cancelled, salsa::Cancelled::PropagatedPanic) && !self.is_outdated();
            assert!(!is_broken, "a query broke down in another thread");
            Cancelled
        })
    }

    /// Whether the workspace waits for this snapshot to go.
    fn is_outdated(&self) -> bool {
        let look = AssertUnwindSafe(|| salsa::Database::unwind_if_revision_cancelled(&self.db));
        salsa::Cancelled::catch(look).is_err()
    }

    /// Answers a question that has very many dependencies: those leave a large table in the handle that is used.
    fn ask_aside<R>(&self, question: impl FnOnce(&EngineDb) -> R) -> Result<R, Cancelled> {
        let db = self.handle();
        self.ask(|| question(&db))
    }

    /// Another handle of the database, which is cancelled with this one.
    fn handle(&self) -> EngineDb {
        let db = self.db.clone();
        self.cancellation.add(&db);
        db
    }

    pub(crate) fn db(&self) -> &dyn crate::db::Db {
        &self.db
    }

    pub(crate) fn root(&self, root: RootId) -> Root {
        self.roots[root.0 as usize]
    }
}

/// What an item refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Referent<'a> {
    /// An item of the project's own files.
    Item(FileId, u32),
    /// Anything else, by its name.
    External(&'a str),
}

/// The items of a root's files as nodes of a graph. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefinitionGraph(Arc<RootGraph>);

impl DefinitionGraph {
    /// Targets are what a node depends on; externals come after the nodes.
    pub fn graph(&self) -> &Graph {
        &self.0.graph
    }

    /// Who depends on each other.
    pub fn condensation(&self) -> &Condensation {
        self.0.condensation()
    }

    /// The node of an item.
    pub fn node(&self, file: FileId, item: u32) -> Option<u32> {
        let at = *self.0.places.get(&file.0)? as usize;
        let node = self.0.bases[at] + item;
        (node < self.0.bases[at + 1]).then_some(node)
    }

    /// The item of a node.
    pub fn item(&self, node: u32) -> Option<(FileId, u32)> {
        let at = self.0.bases.partition_point(|it| *it <= node).checked_sub(1)?;
        Some((FileId(*self.0.files.get(at)?), node - self.0.bases[at]))
    }

    /// All nodes that depend on some of these, directly or not; these included, sorted.
    pub fn impact(&self, nodes: impl IntoIterator<Item = u32>) -> Vec<u32> {
        self.0.reversed().reachable(nodes)
    }
}

/// The hashes at `deep` of all definitions of a root's files. Cheap to clone.
///
/// Definitions are numbered in source order, as [`Bodies::source_order`](crate::summary::Bodies::source_order) lists
/// them; files by [`file`](Self::file), in no order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeepHashes(Arc<RootDeep>);

impl DeepHashes {
    /// The number of a file.
    pub fn number(&self, file: FileId) -> Option<u32> {
        self.0.numbers.get(&file.0).copied()
    }

    /// The file of a number.
    pub fn file(&self, number: u32) -> Option<FileId> {
        self.0.files.get(number as usize).map(|it| FileId(it.file))
    }

    /// The hashes of a file's definitions; none where there is no normal form.
    pub fn of(&self, file: FileId) -> &[Hash] {
        self.answer(file).map_or(&[], |it| &it.hashes)
    }

    /// What a file's definitions depend on, and what was not found.
    pub fn dependencies(&self, file: FileId) -> &[Dependencies] {
        self.answer(file).map_or(&[], |it| &it.dependencies)
    }

    fn answer(&self, file: FileId) -> Option<&FileDeep> {
        self.0.files.get(self.number(file)? as usize).map(|it| &**it)
    }
}
