//! The definitions of a whole root, and who depends on whom.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::db::Db;
use crate::graph::{Condensation, Graph, GraphBuilder};
use crate::inputs::{File, Root};
use crate::queries::edges::file_edges;

/// All items of a root's files as nodes of one graph.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct RootGraph {
    /// The files, in the order of their nodes.
    pub(crate) files: Arc<[File]>,
    /// Where each file is among them.
    pub(crate) places: FxHashMap<File, u32>,
    /// Per file its first node; at the end the number of nodes.
    pub(crate) bases: Box<[u32]>,
    pub(crate) graph: Graph,
    pub(crate) condensation: Condensation,
    /// Names of externals, by their hashes.
    pub(crate) externals: Box<[u128]>,
}

impl RootGraph {
    /// Bytes on the heap.
    pub(crate) fn heap_size(it: &Arc<Self>) -> usize {
        it.graph.heap_size()
            + it.condensation.heap_size()
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
    let mut externals =
        Externals { len: bases[files.len()], numbers: FxHashMap::default(), hashes: Vec::new() };
    let mut builder = GraphBuilder::default();
    for (at, edges) in all.iter().enumerate() {
        db.unwind_if_revision_cancelled();
        let items = edges.graph.len();
        let others = edges.others.iter().map(|(file, item)| match places.get(file).map(|it| *it as usize) {
            Some(place) if *item < all[place].graph.len() => bases[place] + item,
            // A file of the project that is not among those asked about.
            _ => externals.number(&format!("{}:{item}", file.path(db).display())),
        });
        let mut outer: Vec<u32> = others.collect();
        outer.extend(edges.externals.iter().map(|it| externals.number(it)));
        for item in 0..items {
            builder.add_node(edges.graph.targets(item).iter().map(|it| match it.checked_sub(items) {
                None => bases[at] + it,
                Some(outside) => outer.get(outside as usize).copied().unwrap_or(bases[at]),
            }));
        }
    }
    let graph = builder.finish();
    let condensation = Condensation::of(&graph);
    let externals = externals.hashes.into();
    let (files, bases) = (Arc::clone(files), bases.into());
    Arc::new(RootGraph { files, places, bases, graph, condensation, externals })
}

/// Numbers external names of all files, after the nodes.
struct Externals {
    len: u32,
    numbers: FxHashMap<u128, u32>,
    hashes: Vec<u128>,
}

impl Externals {
    fn number(&mut self, name: &str) -> u32 {
        let hash = xxh3_128(name.as_bytes());
        let next = self.len + u32::try_from(self.hashes.len()).unwrap_or(0);
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            self.hashes.push(hash);
        }
        number
    }
}
