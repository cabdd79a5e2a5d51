//! The workspace: owner of the state, and the only place where it changes.
//!
//! A program tells a [`Workspace`] what may have changed, and asks [`Snapshot`]s. Whatever takes time (looking at
//! files, hashing, lowering) happens before the state is touched, by all threads, and the state is touched only where
//! a content hash, a folder or a setting differs: a touched file changes nothing.

mod apply;
mod changes;
mod progress;
mod survey;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use astkit_ast::Frontend;
use astkit_hash::normal::NormalOptions;

use crate::db::EngineDb;
use crate::events::{EventLog, Execution};
use crate::files::FileSystem;
use crate::inputs::{Root, RootId};
use crate::lowering::{ByFrontend, Lowering};
use crate::modules::Environment;
use crate::passes::Clock;
use crate::snapshot::Snapshot;
use crate::store::{Store, StoreCounts};
use crate::summaries::Summaries;

pub use changes::{Applied, Changes, FileChange};
pub use progress::{NoProgress, Progress, Stage};
pub use survey::Survey;

/// After so many edits it is looked for what nobody holds any more: a look at all summaries.
const SWEEP: u64 = 32;

/// A root to be added.
#[derive(Clone, Debug)]
pub struct RootSpec {
    /// Where its files come from.
    pub files: Arc<dyn FileSystem>,
    /// The folder that belongs to the user; files elsewhere are installed, and seldom change.
    pub folder: PathBuf,
    /// Where modules are looked for, and for which Python.
    pub environment: Environment,
    /// The files that questions about the whole root are about.
    pub paths: Vec<PathBuf>,
    /// Whether nothing will ever change, as in a commit, or in a program that asks once and ends. Such a root costs
    /// less; changes of it are passed over.
    pub is_frozen: bool,
    /// Whether contents are read where stats would do.
    pub verify: bool,
}

/// Makes a workspace.
#[derive(Default)]
pub struct WorkspaceBuilder {
    lowerings: Vec<Arc<dyn Lowering>>,
    store: Option<Store>,
    threads: Option<NonZeroUsize>,
    records: bool,
    normal: Option<NormalOptions>,
    verifies_passes: bool,
    clock: Option<Clock>,
}

impl WorkspaceBuilder {
    /// Adds a frontend. A file is lowered by the first that claims its extension.
    pub fn frontend(self, frontend: Arc<dyn Frontend>) -> Self {
        self.lowering(Arc::new(ByFrontend(frontend)))
    }

    /// Adds something that lowers, such as a choice among frontends.
    pub fn lowering(mut self, lowering: Arc<dyn Lowering>) -> Self {
        self.lowerings.push(lowering);
        self
    }

    /// Remembers summaries and stats between runs.
    pub fn store(mut self, store: Store) -> Self {
        self.store = Some(store);
        self
    }

    /// How many threads may work; one if nothing is said.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Says how normal forms are made, and that they are going to be asked for: they are made with the summaries then,
    /// while there is a tree. Without this they have the default options, and cost another look at the text.
    pub fn normal(mut self, options: NormalOptions) -> Self {
        self.normal = Some(options);
        self
    }

    /// Keeps a list of the queries that run. Costs time and memory until it is taken.
    pub fn record_queries(mut self) -> Self {
        self.records = true;
        self
    }

    /// Looks into what passes say of themselves: what a transformation is said to preserve is found again and compared,
    /// and every pass runs twice. What turns out wrong is told to [listeners](Workspace::listen), and the truth is
    /// taken. Costs more than twice the time.
    pub fn verify_passes(mut self) -> Self {
        self.verifies_passes = true;
        self
    }

    /// Tells the time since some moment, for [events](crate::passes::PassEvent) that say how long something took.
    pub fn clock(mut self, clock: impl Fn() -> std::time::Duration + Send + Sync + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// The workspace, without roots.
    pub fn build(self) -> Workspace {
        let log = self.records.then(|| Arc::new(EventLog::default()));
        let summaries = Summaries::new(self.lowerings, self.store.unwrap_or_else(Store::none), self.normal);
        Workspace {
            db: EngineDb::new(summaries, log, self.verifies_passes, self.clock),
            roots: Vec::new(),
            threads: self.threads.map_or(1, NonZeroUsize::get),
            revision: 0,
            edits: 0,
        }
    }
}

/// Files, definitions and modules of some roots, as they are now.
pub struct Workspace {
    pub(crate) db: EngineDb,
    roots: Vec<Root>,
    threads: usize,
    pub(crate) revision: u64,
    /// How often something had changed.
    edits: u64,
}

impl Workspace {
    /// Makes a workspace step by step.
    pub fn builder() -> WorkspaceBuilder {
        WorkspaceBuilder::default()
    }

    /// Adds a root, looks at its files, and lowers those that are new to the store.
    ///
    /// Waits until all snapshots are gone, as [`apply`](Self::apply) does.
    pub fn add_root(&mut self, spec: RootSpec, progress: &dyn Progress) -> RootId {
        let survey = self.survey(spec, progress);
        self.add_surveyed(survey)
    }

    /// Looks at what may have changed, and changes the state where something had.
    ///
    /// Cancels what snapshots compute, and waits until they are gone. A thread that holds a snapshot itself would
    /// wait for ever.
    pub fn apply(&mut self, changes: &Changes, progress: &dyn Progress) -> Applied {
        let files = self.apply_all(changes, progress);
        if !files.is_empty() {
            self.edits += 1;
            if self.edits.is_multiple_of(SWEEP) {
                self.db.shared.summaries.sweep();
            }
        }
        self.tell(&files);
        Applied { revision: self.revision, files }
    }

    /// The present state, to be asked from any thread.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.db.clone(), self.roots.clone(), self.threads, self.revision)
    }

    /// Number of the present state.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Writes what is to be remembered for the next run.
    pub fn save(&self) {
        self.save_index(false);
    }

    /// The same, when the roots' files were only some of those that other runs look at: what is known of the others
    /// stays known.
    pub fn save_part(&self) {
        self.save_index(true);
    }

    fn save_index(&self, keep_unseen: bool) {
        let store = &self.db.shared.summaries.store;
        for mount in self.db.shared.mounts() {
            if let Some(index) = mount.next_index(keep_unseen) {
                store.write_stat_index(&mount.folder, &index);
            }
        }
        store.flush();
    }

    /// Takes the list of queries that ran since it was last taken; empty unless queries are recorded.
    pub fn take_executions(&self) -> Vec<Execution> {
        self.db.shared.log.as_ref().map(|it| it.take(&self.db)).unwrap_or_default()
    }

    /// Takes how often each query ran since this was last taken.
    pub fn take_counts(&self) -> std::collections::BTreeMap<String, u64> {
        self.db.shared.log.as_ref().map(|it| it.take_counts(&self.db)).unwrap_or_default()
    }

    /// How many files were lowered so far: not those whose summaries were in the store.
    pub fn lowered_count(&self) -> u64 {
        self.db.shared.summaries.lowered_count()
    }

    /// What the store did so far.
    pub fn store_counts(&self) -> StoreCounts {
        self.db.shared.summaries.store.counts()
    }

    /// What takes memory, the largest first.
    pub fn memory(&mut self) -> Vec<MemoryUse> {
        let (bytes, count) = self.db.shared.summaries.size();
        let mut out = vec![MemoryUse { name: "summaries".to_owned(), count, bytes }];
        let info = <dyn salsa::Database>::memory_usage(&mut self.db);
        out.extend(info.structs.iter().map(|it| MemoryUse::of(it.debug_name(), it)));
        let mut queries: Vec<_> = info.queries.iter().map(|(name, it)| MemoryUse::of(name, it)).collect();
        out.append(&mut queries);
        out.sort_by(|left, right| right.bytes.cmp(&left.bytes).then_with(|| left.name.cmp(&right.name)));
        out
    }
}

/// What a kind of thing takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemoryUse {
    /// A query, an input, or another table.
    pub name: String,
    /// How many there are.
    pub count: usize,
    /// Bytes, as far as they are known.
    pub bytes: usize,
}

impl MemoryUse {
    fn of(name: &str, info: &salsa::IngredientInfo) -> Self {
        let bytes = info.size_of_fields() + info.size_of_metadata() + info.heap_size_of_fields().unwrap_or(0);
        Self { name: name.to_owned(), count: info.count(), bytes }
    }
}

#[cfg(test)]
mod tests;
