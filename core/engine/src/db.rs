//! The database: salsa's storage, and what queries reach besides it.
//!
//! Everything outside of salsa that a query reads is a function of what it has read from salsa: bytes and summaries
//! of a content hash, the files of a root. So no result depends on when it was asked for.

use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use salsa::Durability;

use crate::events::EventLog;
use crate::inputs::{Content, Directory, File, Root, RootId};
use crate::modules::{Listing, Listings};
use crate::mount::{Mount, Seen};
use crate::passes::{Clock, Listeners, Situation, Tables};
use crate::queries::deep::LinkedRoots;
use crate::queries::files::{file_interface, small_text};
use crate::queries::graph::LatestGraphs;
use crate::summaries::Summaries;
use crate::trail::Trails;

/// What queries need.
#[salsa::db]
pub(crate) trait Db: salsa::Database {
    fn shared(&self) -> &Shared;
}

#[salsa::db]
#[derive(Clone)]
pub(crate) struct EngineDb {
    storage: salsa::Storage<Self>,
    pub(crate) shared: Arc<Shared>,
}

/// What all clones of the database share.
pub(crate) struct Shared {
    pub(crate) summaries: Summaries,
    mounts: RwLock<Vec<Arc<Mount>>>,
    roots: RwLock<Vec<Root>>,
    pub(crate) log: Option<Arc<EventLog>>,
    /// What targets of passes are numbers of.
    pub(crate) passes: Tables,
    pub(crate) listeners: Listeners,
    /// What `deep` keeps from edit to edit.
    pub(crate) linked: LinkedRoots,
    /// The graphs that were asked for last.
    pub(crate) graphs: LatestGraphs,
    /// What changed since.
    pub(crate) trails: Trails,
    situation: OnceLock<Situation>,
}

#[salsa::db]
impl salsa::Database for EngineDb {}

#[salsa::db]
impl Db for EngineDb {
    fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl EngineDb {
    /// `verifies` says whether what passes say of themselves is looked into.
    pub(crate) fn new(
        summaries: Summaries,
        log: Option<Arc<EventLog>>,
        verifies: bool,
        clock: Option<Clock>,
    ) -> Self {
        let callback = log.clone().map(|log| {
            Box::new(move |event: salsa::Event| log.add(&event)) as Box<dyn Fn(salsa::Event) + Send + Sync>
        });
        let shared = Shared {
            summaries,
            mounts: RwLock::default(),
            roots: RwLock::default(),
            log,
            passes: Tables { verifies, ..Tables::default() },
            listeners: Listeners::new(clock),
            linked: LinkedRoots::default(),
            graphs: LatestGraphs::default(),
            trails: Trails::default(),
            situation: OnceLock::new(),
        };
        let out = Self { storage: salsa::Storage::new(callback), shared: Arc::new(shared) };
        let situation = Situation::unknown(&out);
        out.shared.situation.get_or_init(|| situation);
        out
    }
}

impl Shared {
    pub(crate) fn situation(&self) -> Situation {
        *self.situation.get().expect("it is set when the database is made")
    }

    pub(crate) fn add_root(&self, root: Root) {
        self.roots.write().unwrap_or_else(PoisonError::into_inner).push(root);
    }

    pub(crate) fn root(&self, root: RootId) -> Root {
        self.roots.read().unwrap_or_else(PoisonError::into_inner)[root.0 as usize]
    }

    pub(crate) fn mount(&self, root: RootId) -> Arc<Mount> {
        let mounts = self.mounts.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&mounts[root.0 as usize])
    }

    pub(crate) fn add_mount(&self, mount: Mount) -> RootId {
        let mut mounts = self.mounts.write().unwrap_or_else(PoisonError::into_inner);
        mounts.push(Arc::new(mount));
        RootId(u32::try_from(mounts.len() - 1).unwrap_or(u32::MAX))
    }

    pub(crate) fn mounts(&self) -> Vec<Arc<Mount>> {
        self.mounts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How likely a root's files are to change: those below its folder are edited, others are installed.
fn durability(mount: &Mount, path: &Path, is_directory: bool) -> Durability {
    match () {
        () if mount.is_frozen => Durability::NEVER_CHANGE,
        () if is_directory => Durability::MEDIUM,
        () if path.starts_with(&mount.folder) => Durability::LOW,
        () => Durability::HIGH,
    }
}

/// The file of a path. One that nobody has asked for yet is looked at now.
pub(crate) fn file_at(db: &dyn Db, root: Root, path: &Path) -> File {
    let mount = db.shared().mount(root.id(db));
    if let Some(file) = mount.tables().files.get(path) {
        return *file;
    }
    let look = mount.look(path, false);
    add_file(db, root, &mount, path, look.seen)
}

/// Makes the file of a path known; what is known already stays.
pub(crate) fn add_file(db: &dyn Db, root: Root, mount: &Mount, path: &Path, seen: Seen) -> File {
    let mut tables = mount.tables();
    if let Some(file) = tables.files.get(path) {
        return *file;
    }
    let path: Arc<Path> = path.into();
    let durability = durability(mount, &path, false);
    let file = File::builder(root, Arc::clone(&path), seen.content)
        .root_durability(Durability::NEVER_CHANGE)
        .path_durability(Durability::NEVER_CHANGE)
        .content_durability(durability)
        .new(db);
    tables.seen.insert(Arc::clone(&path), seen);
    tables.files.insert(path, file);
    file
}

/// The folder of a path. One that nobody has asked for yet is listed now.
pub(crate) fn directory_at(db: &dyn Db, root: Root, path: &Path) -> Directory {
    let mount = db.shared().mount(root.id(db));
    if let Some(directory) = mount.tables().directories.get(path) {
        return *directory;
    }
    let listing = mount.list(path);
    let mut tables = mount.tables();
    if let Some(directory) = tables.directories.get(path) {
        return *directory;
    }
    let durability = durability(&mount, path, true);
    let directory = Directory::builder(listing).durability(durability).new(db);
    tables.directories.insert(path.into(), directory);
    directory
}

/// What the module finder asks, answered by inputs and queries, so that salsa knows what was asked.
pub(crate) struct DbListings<'db> {
    pub(crate) db: &'db dyn Db,
    pub(crate) root: Root,
}

impl Listings for DbListings<'_> {
    fn listing(&self, folder: &Path) -> Option<Arc<Listing>> {
        directory_at(self.db, self.root, folder).listing(self.db).clone()
    }

    fn text(&self, file: &Path) -> Option<Arc<str>> {
        small_text(self.db, file_at(self.db, self.root, file))
    }

    fn extends_path(&self, init: &Path) -> bool {
        file_interface(self.db, file_at(self.db, self.root, init)).extends_path()
    }
}

/// Reads the bytes of a file with this content.
pub(crate) fn bytes_of(db: &dyn Db, file: File, content: Content) -> Result<Arc<[u8]>, crate::SummaryError> {
    let Content::Hash(hash) = content else { return Err(crate::SummaryError::Absent) };
    let mount = db.shared().mount(file.root(db).id(db));
    mount.read(file.path(db), &hash)
}
