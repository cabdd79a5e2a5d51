//! The definitions of a whole root, and who depends on whom.

mod latest;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::db::Db;
use crate::edges::Edges;
use crate::graph::{Condensation, Graph, GraphBuilder};
use crate::inputs::{File, Root};
use crate::queries::edges::file_edges;

pub(crate) use latest::LatestGraphs;

/// All items of a root's files as nodes of one graph.
#[derive(Clone, Debug, Default)]
pub(crate) struct RootGraph {
    /// The files, in the order of their nodes.
    pub(crate) files: Arc<[File]>,
    /// Where each file is among them.
    pub(crate) places: Arc<FxHashMap<File, u32>>,
    /// Per file its first node; at the end the number of nodes.
    pub(crate) bases: Box<[u32]>,
    pub(crate) graph: Graph,
    /// Who depends on each other; found when it is asked for.
    condensation: OnceLock<Condensation>,
    /// Who depends on whom, the other way round; made when it is asked for.
    reversed: OnceLock<Graph>,
    /// Names of externals, by their hashes.
    pub(crate) externals: Box<[u128]>,
}

impl PartialEq for RootGraph {
    fn eq(&self, other: &Self) -> bool {
        // All else follows from these.
        self.files == other.files
            && self.bases == other.bases
            && self.graph == other.graph
            && self.externals == other.externals
    }
}

impl Eq for RootGraph {}

impl RootGraph {
    /// Who depends on each other.
    pub(crate) fn condensation(&self) -> &Condensation {
        self.condensation.get_or_init(|| Condensation::of(&self.graph))
    }

    /// Who depends on whom, the other way round.
    pub(crate) fn reversed(&self) -> &Graph {
        self.reversed.get_or_init(|| self.graph.reversed())
    }

    /// Bytes on the heap.
    pub(crate) fn heap_size(it: &Arc<Self>) -> usize {
        it.graph.heap_size()
            + it.condensation.get().map_or(0, Condensation::heap_size)
            + it.reversed.get().map_or(0, Graph::heap_size)
            + size_of_val(&*it.bases)
            + it.places.capacity() * (size_of::<(File, u32)>() + 1)
            + size_of_val(&*it.externals)
    }
}

/// The graph of a root. Reads nothing but edges, so most edits end before it.
#[salsa::tracked(returns(clone), heap_size = RootGraph::heap_size)]
pub(crate) fn root_graph(db: &dyn Db, root: Root) -> Arc<RootGraph> {
    let files = root.files(db);
    let all: Vec<_> = files
        .iter()
        .map(|it| {
            db.unwind_if_revision_cancelled();
            file_edges(db, *it)
        })
        .collect();
    let mut bases = vec![0];
    for edges in &all {
        bases.push(bases[bases.len() - 1] + edges.graph.len());
    }
    let places: FxHashMap<File, u32> = files.iter().copied().zip(0..).collect();
    let mut externals = Externals::default();
    let mut builder = GraphBuilder::default();
    let nodes = Nodes { db, places: &places, bases: &bases };
    for (place, edges) in (0..).zip(&all) {
        db.unwind_if_revision_cancelled();
        nodes.add(place, edges, &mut externals, &mut builder);
    }
    let (files, bases) = (Arc::clone(files), bases.into());
    let (graph, externals) = (builder.finish(), externals.hashes.into());
    let places = Arc::new(places);
    Arc::new(RootGraph { files, places, bases, graph, externals, ..RootGraph::default() })
}

/// Where the nodes of files are.
struct Nodes<'n> {
    db: &'n dyn Db,
    places: &'n FxHashMap<File, u32>,
    bases: &'n [u32],
}

impl Nodes<'_> {
    /// Adds the nodes of a file to a graph.
    fn add(&self, place: u32, edges: &Edges<File>, externals: &mut Externals, graph: &mut GraphBuilder) {
        let (bases, base) = (self.bases, self.bases[place as usize]);
        let (items, len) = (edges.graph.len(), bases[bases.len() - 1]);
        let mut outer = Vec::with_capacity(edges.others.len() + edges.externals.len());
        for (file, item) in &edges.others {
            outer.push(match self.places.get(file).map(|it| *it as usize) {
                Some(place) if *item < bases[place + 1] - bases[place] => bases[place] + item,
                // A file of the project that is not among those asked about.
                _ => len + externals.number(&format!("{}:{item}", file.path(self.db).display())),
            });
        }
        outer.extend(edges.externals.iter().map(|it| len + externals.number(it)));
        for item in 0..items {
            graph.add_node(edges.graph.targets(item).iter().map(|it| match it.checked_sub(items) {
                None => base + it,
                Some(outside) => outer.get(outside as usize).copied().unwrap_or(base),
            }));
        }
    }
}

/// Numbers external names of all files.
#[derive(Default)]
struct Externals {
    numbers: FxHashMap<u128, u32>,
    hashes: Vec<u128>,
}

impl Externals {
    /// Those of a graph.
    fn of(graph: &RootGraph) -> Self {
        let hashes = graph.externals.to_vec();
        Self { numbers: hashes.iter().copied().zip(0..).collect(), hashes }
    }

    fn number(&mut self, name: &str) -> u32 {
        let hash = xxh3_128(name.as_bytes());
        let next = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            self.hashes.push(hash);
        }
        number
    }
}
