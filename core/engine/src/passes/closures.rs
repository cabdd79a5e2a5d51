//! What a result depends on that is kept between runs: the key under which it is found again.
//!
//! A result of an intra pass is a function of the file's tree. One of an inter pass is taken for a function of all trees
//! that the module's imports lead to, and of the names that lead nowhere: coarser than what it really looked at, but
//! the same in every process. Modules that import each other count as one, so that the key does not depend on where
//! one enters the circle.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis::Reach;
use super::context::{self, Cx};
use super::erased::Erased;
use super::target::{On, View};
use crate::db::{Db, file_at};
use crate::graph::{Condensation, GraphBuilder};
use crate::inputs::{Content, File, Root};
use crate::modules::ModuleName;
use crate::queries::files::{file_bodies, file_interface};
use crate::queries::modules::{file_imports, resolve_from};

/// Version of the keys.
const FORMAT: u32 = 1;

/// What a file's imports lead to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Leads {
    /// Files, sorted by path.
    files: Vec<File>,
    /// Names that lead nowhere, sorted, and those of modules without text.
    others: Vec<String>,
}

/// What a file's imports lead to, one step far.
#[salsa::tracked(returns(ref))]
fn leads(db: &dyn Db, file: File) -> Leads {
    let (root, interface) = (file.root(db), file_interface(db, file));
    let mut names: BTreeSet<ModuleName> = BTreeSet::new();
    for (import, module) in interface.imports().zip(file_imports(db, file)) {
        let Some(module) = module else { continue };
        // Importing a module imports the packages around it; a name may be a submodule.
        names.extend(module.prefixes());
        names.extend(import.name.and_then(|it| module.join(it)));
    }
    let mut out = Leads::default();
    for name in names {
        match resolve_from(db, file, &name) {
            Ok(found) => match found.file() {
                Some(path) => out.files.push(file_at(db, root, path)),
                None => out.others.push(format!("{name} {:?}", found.kind)),
            },
            Err(missing) => out.others.push(format!("{name} {missing:?}")),
        }
    }
    out.files.sort_unstable_by(|left, right| left.path(db).cmp(right.path(db)));
    out.files.dedup();
    out.others.sort_unstable();
    out
}

/// The hash of a file's tree, from its summary: nothing is parsed for it that was parsed before.
fn tree_hash(db: &dyn Db, file: File) -> u128 {
    let summary = file_bodies(db, file).item(file_interface(db, file), 0);
    summary.map_or(0, |it| it.structural_hash)
}

/// Per file, the hash of everything that its imports lead to, itself included.
#[salsa::tracked(returns(ref))]
fn closure_hashes(db: &dyn Db, root: Root) -> FxHashMap<File, [u8; 32]> {
    let mut files: Vec<File> = root.files(db).to_vec();
    let mut numbers: FxHashMap<File, u32> = (0..).zip(&files).map(|(at, it)| (*it, at)).collect();
    let (mut graph, mut at) = (GraphBuilder::default(), 0);
    while let Some(file) = files.get(at).copied() {
        db.unwind_if_revision_cancelled();
        let targets: Vec<u32> =
            leads(db, file).files.iter().map(|it| number(*it, &mut numbers, &mut files)).collect();
        graph.add_node(targets);
        at += 1;
    }
    let graph = graph.finish();
    let components = Condensation::of(&graph);
    let mut hashes: Vec<[u8; 32]> = vec![[0; 32]; components.len() as usize];
    // What a component reaches has smaller numbers.
    for component in 0..components.len() {
        let mut hasher = blake3::Hasher::new();
        let mut parts = Vec::new();
        let mut reached = Vec::new();
        for node in components.members(component) {
            let file = files[*node as usize];
            let path = file.path(db).as_os_str().as_encoded_bytes().to_vec();
            parts.push((path, tree_hash(db, file), leads(db, file).others.join("\n")));
            let targets = graph.targets(*node).iter().map(|it| components.component(*it));
            reached.extend(targets.filter(|it| *it != component).map(|it| hashes[it as usize]));
        }
        parts.sort_unstable();
        reached.sort_unstable();
        reached.dedup();
        for (path, tree, others) in parts {
            hasher.update(&(path.len() as u64).to_le_bytes()).update(&path).update(&tree.to_le_bytes());
            hasher.update(&(others.len() as u64).to_le_bytes()).update(others.as_bytes());
        }
        hasher.update(reached.as_flattened());
        hashes[component as usize] = *hasher.finalize().as_bytes();
    }
    (0..).zip(&files).map(|(at, it)| (*it, hashes[components.component(at) as usize])).collect()
}

fn number(file: File, numbers: &mut FxHashMap<File, u32>, files: &mut Vec<File>) -> u32 {
    *numbers.entry(file).or_insert_with(|| {
        files.push(file);
        u32::try_from(files.len() - 1).unwrap_or(u32::MAX)
    })
}

#[salsa::tracked(returns(copy))]
fn closure_hash(db: &dyn Db, file: File) -> Option<[u8; 32]> {
    closure_hashes(db, file.root(db)).get(&file).copied()
}

/// The files that a module's imports lead to, itself included.
#[salsa::tracked(returns(ref))]
fn closure_files(db: &dyn Db, file: File) -> FxHashSet<File> {
    let mut seen = FxHashSet::from_iter([file]);
    let mut open = vec![file];
    while let Some(next) = open.pop() {
        open.extend(leads(db, next).files.iter().copied().filter(|it| seen.insert(*it)));
    }
    seen
}

/// The key of a result, and the files that may be looked at for it; none if it can't be kept.
pub(super) fn key(db: &dyn Db, pass: &Erased, on: On) -> Option<[u8; 32]> {
    let view = on.view()?;
    let file = view.file.0;
    let Content::Hash(_) = file.content(db) else { return None };
    let python = file.root(db).python(db);
    // Names the frontend and its version, and the Python.
    let frontend = db.shared().summaries.key(file.path(db), &[0; 32], python)?;
    let cx = Cx::new(db, pass.0.name(), Reach::Intra, on);
    let name = context::module_name(db, view);
    let is_alone = pass.0.reach() == Reach::Intra && view.is_source();
    let hash = if is_alone { None } else { closure_hash(db, file) };
    let within = match on {
        On::Project(_) | On::Module(_) => String::new(),
        On::Def(it) => cx.path(it).to_string(),
        On::Node(it) => format!("{} {}", cx.path(it.def), it.index),
    };
    let mut hasher = blake3::Hasher::new();
    let about = format!(
        "astkit {} result {FORMAT}\n{} {} {:?}\n{:?} {} {}\n{}\n{within}\n{}",
        env!("CARGO_PKG_VERSION"),
        pass.0.name(),
        pass.0.version(),
        pass.0,
        name,
        cx.is_package(view),
        cx.file_path(view).display(),
        if is_alone { cx.env().all() } else { cx.env().all_with_names() },
        db.shared().passes.pipelines.value(view.pipeline),
    );
    hasher.update(about.as_bytes()).update(&[0]).update(&frontend.0);
    hasher.update(&tree_hash(db, file).to_le_bytes());
    if !is_alone {
        hasher.update(&hash?);
    }
    Some(*hasher.finalize().as_bytes())
}

/// The files that a pass may look at whose results are kept.
pub(super) fn files(db: &dyn Db, view: View) -> &FxHashSet<File> {
    closure_files(db, view.file.0)
}
