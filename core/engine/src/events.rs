//! Which queries ran: for `--timings`, and for tests that say what an edit may cost.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use salsa::plumbing::FromId as _;
use salsa::{Database as _, DatabaseKeyIndex, Event, EventKind};

use crate::db::{Db, EngineDb};
use crate::inputs::File;

/// Queries whose key is a file, by name.
const FILE_QUERIES: [&str; 7] = [
    "file_summary",
    "file_interface",
    "file_bodies",
    "file_imports",
    "star_exports",
    "file_edges",
    "file_definitions",
];

/// The executions since it was last read.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    executed: Mutex<Vec<DatabaseKeyIndex>>,
}

/// A query that ran.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Execution {
    /// Its name.
    pub query: String,
    /// What it was about: a path, or a number that means something to the engine only.
    pub key: String,
}

impl EventLog {
    pub(crate) fn add(&self, event: &Event) {
        if let EventKind::WillExecute { database_key } = event.kind {
            self.executed.lock().unwrap_or_else(PoisonError::into_inner).push(database_key);
        }
    }

    /// Takes what ran since it was last taken, in order.
    pub(crate) fn take(&self, db: &EngineDb) -> Vec<Execution> {
        let taken = std::mem::take(&mut *self.executed.lock().unwrap_or_else(PoisonError::into_inner));
        taken.into_iter().map(|it| execution(db, it)).collect()
    }

    /// Takes how often each query ran since it was last taken.
    pub(crate) fn take_counts(&self, db: &EngineDb) -> BTreeMap<String, u64> {
        let taken = std::mem::take(&mut *self.executed.lock().unwrap_or_else(PoisonError::into_inner));
        let mut out = BTreeMap::new();
        for key in taken {
            *out.entry(db.ingredient_debug_name(key.ingredient_index()).into_owned()).or_default() += 1;
        }
        out
    }
}

fn execution(db: &EngineDb, key: DatabaseKeyIndex) -> Execution {
    let query = db.ingredient_debug_name(key.ingredient_index()).into_owned();
    let id = key.key_index();
    let key = if FILE_QUERIES.contains(&query.as_str()) {
        let file = File::from_id(id);
        let mount = db.shared().mount(file.root(db).id(db));
        let path = file.path(db);
        path.strip_prefix(&mount.folder).unwrap_or(path).display().to_string()
    } else {
        db.attach(|_| format!("{id:?}"))
    };
    Execution { query, key }
}
