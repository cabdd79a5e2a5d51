//! Graphs of roots, kept beside salsa and brought up to date after edits.
//!
//! The edges of a file are a function of the file, of what others show of themselves, and of where modules are. So after
//! edits that stay within files, and change nothing that others see, only the edges of these files can be others; they
//! are asked for, and put in the place of the old ones. The answer is that of the query, except that names outside of
//! the graph may be numbered in another order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::{Externals, Nodes, RootGraph};
use crate::db::Db;
use crate::edges::Edges;
use crate::graph::{Graph, GraphBuilder};
use crate::inputs::{File, Root, RootId};
use crate::queries::edges::file_edges;
use crate::queries::files::file_interface;
use crate::summary::Interface;

/// More edited files than this cost more than to ask about all.
const MOST_FILES: usize = 64;

/// The graphs that were asked for last, by root.
#[derive(Default)]
pub(crate) struct LatestGraphs(Mutex<FxHashMap<RootId, Arc<Mutex<Option<Latest>>>>>);

struct Latest {
    revision: u64,
    graph: Arc<RootGraph>,
    /// Per file of the graph, what others see of it.
    interfaces: Vec<Interface>,
    /// Made when an edit asks for it.
    externals: Option<Externals>,
}

impl LatestGraphs {
    /// The graph of a root in a revision of the workspace; none if all has to be asked.
    pub(crate) fn latest(&self, db: &dyn Db, root: Root, revision: u64) -> Option<Arc<RootGraph>> {
        let latest = self.of(root.id(db));
        let mut latest = lock(&latest);
        let latest = latest.as_mut()?;
        if latest.revision < revision {
            let files = db.shared().trails.since(root.id(db), latest.revision)?;
            latest.update(db, &files)?;
            latest.revision = revision;
        }
        (latest.revision == revision).then(|| Arc::clone(&latest.graph))
    }

    /// Keeps the graph of a root in a revision.
    pub(crate) fn keep(&self, db: &dyn Db, root: Root, revision: u64, graph: &Arc<RootGraph>) {
        let of_frozen = db.shared().mount(root.id(db)).is_frozen;
        let files = graph.files.iter().filter(|_| !of_frozen);
        let interfaces = files.map(|it| file_interface(db, *it).clone()).collect();
        let latest = Latest { revision, graph: Arc::clone(graph), interfaces, externals: None };
        *lock(&self.of(root.id(db))) = Some(latest);
    }

    fn of(&self, root: RootId) -> Arc<Mutex<Option<Latest>>> {
        Arc::clone(lock(&self.0).entry(root).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Latest {
    /// Takes over what files refer to now; none if others may refer to something else as well.
    fn update(&mut self, db: &dyn Db, files: &[File]) -> Option<()> {
        if files.len() > MOST_FILES {
            return None;
        }
        let mut edited = Vec::new();
        for file in files {
            let place = *self.graph.places.get(file)?;
            if self.interfaces.get(place as usize)? != file_interface(db, *file) {
                return None;
            }
            edited.push((place, file_edges(db, *file)));
        }
        edited.sort_unstable_by_key(|it| it.0);
        if let Some(graph) = self.patched(db, &edited) {
            self.graph = Arc::new(graph);
        }
        Some(())
    }

    /// The graph with other edges of some files, sorted; none if they are the same.
    fn patched(&mut self, db: &dyn Db, edited: &[(u32, &Edges<File>)]) -> Option<RootGraph> {
        let old = Arc::clone(&self.graph);
        let bases = moved_bases(&old.bases, edited);
        let externals = self.externals.get_or_insert_with(|| Externals::of(&old));
        let mut new = FxHashMap::default();
        let nodes = Nodes { db, places: &old.places, bases: &bases };
        for (place, edges) in edited {
            let mut builder = GraphBuilder::default();
            nodes.add(*place, edges, externals, &mut builder);
            new.insert(*place as usize, builder.finish());
        }
        let is_same = |(place, new): (&usize, &Graph)| {
            let nodes = old.bases[*place]..old.bases[*place + 1];
            nodes.zip(0..).all(|(node, at)| old.graph.targets(node) == new.targets(at))
        };
        if bases == old.bases && new.iter().all(is_same) {
            return None;
        }
        let moves = Moves::new(&old.bases, &bases, edited);
        let mut builder = GraphBuilder::default();
        for place in 0..old.files.len() {
            if let Some(new) = new.get(&place) {
                (0..new.len()).for_each(|it| builder.add_node(new.targets(it).iter().copied()));
                continue;
            }
            for node in old.bases[place]..old.bases[place + 1] {
                builder.add_node(old.graph.targets(node).iter().map(|it| moves.moved(*it)));
            }
        }
        Some(RootGraph {
            files: Arc::clone(&old.files),
            places: Arc::clone(&old.places),
            bases,
            graph: builder.finish(),
            externals: externals.hashes.clone().into(),
            ..RootGraph::default()
        })
    }
}

/// Where the files' nodes begin when some have other items.
fn moved_bases(old: &[u32], edited: &[(u32, &Edges<File>)]) -> Box<[u32]> {
    let mut bases = old.to_vec();
    for (place, edges) in edited {
        let place = *place as usize;
        let (before, now) = (bases[place + 1] - bases[place], edges.graph.len());
        if before != now {
            bases[place + 1..].iter_mut().for_each(|it| *it = *it - before + now);
        }
    }
    bases.into()
}

/// Which number each old number is now.
struct Moves {
    /// Old numbers from which on numbers are as much larger, modulo 2³²; sorted.
    steps: Vec<(u32, u32)>,
}

impl Moves {
    fn new(old: &[u32], new: &[u32], edited: &[(u32, &Edges<File>)]) -> Self {
        let step = |(place, _): &(u32, &Edges<File>)| {
            let end = *place as usize + 1;
            (old[end], new[end].wrapping_sub(old[end]))
        };
        Self { steps: edited.iter().map(step).collect() }
    }

    fn moved(&self, number: u32) -> u32 {
        let step = self.steps.iter().rev().find(|it| it.0 <= number);
        step.map_or(number, |it| number.wrapping_add(it.1))
    }
}
