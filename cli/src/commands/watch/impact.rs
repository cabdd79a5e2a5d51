//! What depends on a change, directly or not: asked of the engine, which follows every batch.
//!
//! A batch is one revision of the workspace. What depended on a definition that is gone is told by the edges before the
//! batch, everything else by those after it. Most saves leave what others see of a file as it is: then no other file's
//! edges can differ, and only the file's own are asked for. Else those of the files that import it are asked for too, and
//! of those that import these; where that is too many, or files come or go, the engine's graph answers, and the edges
//! are collected anew after the answer is printed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use astkit_engine::modules::ModuleName;
use astkit_engine::summary::Interface;
use astkit_engine::{Cancelled, Changes, FileId, NoProgress, Referent, RootId, Snapshot, Workspace};
use rustc_hash::{FxHashMap, FxHashSet};

use super::files;
use crate::project;
use crate::session::Session;

/// The watched files as a project.
pub(super) struct Impact {
    workspace: Workspace,
    root: RootId,
    folder: PathBuf,
    /// None when they have to be collected anew.
    edges: Option<Edges>,
}

/// With more importers it is quicker to ask for the whole graph.
const MOST_IMPORTERS: usize = 400;

/// A definition, by the path of its file and its qualified name.
pub(super) type Place = (PathBuf, String);

/// An item of a file.
type Node = (FileId, u32);

impl Impact {
    /// Looks at all files, through what other runs remember.
    pub(super) fn new(session: &Session, folder: &Path, paths: Vec<PathBuf>) -> Self {
        let mut workspace = project::builder(session).build();
        let spec = project::root(session, folder, folder.to_owned(), paths);
        let root = workspace.add_root(spec, &NoProgress);
        let mut out = Self { workspace, root, folder: folder.to_owned(), edges: None };
        // The first batch is not to wait for what can be known before it.
        drop(out.workspace.snapshot().graph(out.root, &NoProgress));
        out.prepare();
        out.workspace.save();
        out
    }

    /// Takes over a batch. Returns the targets that depend on what was there before or is there now, sorted, without
    /// these themselves.
    pub(super) fn follow(&mut self, paths: &[PathBuf], before: &[Place], after: &[Place]) -> Vec<String> {
        let mut out = self.dependents(before);
        let seen_before = self.interfaces(paths);
        let mut changes = Changes::new();
        for path in paths {
            changes.path(self.root, path);
        }
        self.workspace.apply(&changes, &NoProgress);
        let seen_after = self.interfaces(paths);
        match self.with_other_edges(paths, &seen_before, &seen_after) {
            Some(files) => self.ask_for(&files),
            None => self.edges = None,
        }
        out.extend(self.dependents(after));
        for it in before.iter().chain(after) {
            out.remove(it);
        }
        let shown = |it: &Place| format!("{}::{}", files::show(&self.folder, &it.0), it.1);
        out.iter().map(shown).collect()
    }

    /// What others see of files; none of one that is not there.
    fn interfaces(&self, paths: &[PathBuf]) -> Vec<Option<Interface>> {
        let snapshot = self.workspace.snapshot();
        let interface = |path: &PathBuf| {
            let summary = snapshot.summary(snapshot.file(self.root, path)).ok()?;
            summary.as_ref().ok().map(|it| it.interface.clone())
        };
        paths.iter().map(interface).collect()
    }

    /// The files whose edges may be others after a batch; none if that may be any.
    fn with_other_edges(
        &self,
        paths: &[PathBuf],
        before: &[Option<Interface>],
        after: &[Option<Interface>],
    ) -> Option<Vec<FileId>> {
        let snapshot = self.workspace.snapshot();
        let edges = self.edges.as_ref()?;
        let (mut out, mut seen) = (Vec::new(), Vec::new());
        for (path, (before, after)) in paths.iter().zip(before.iter().zip(after)) {
            let file = snapshot.file(self.root, path);
            // What comes or goes may be found, or no longer found, by anybody.
            if before.as_ref()? == after.as_ref()? { out.push(file) } else { seen.push(file) }
        }
        let importers = edges.importers(seen, MOST_IMPORTERS)?;
        out.extend(importers);
        Some(out)
    }

    /// Asks for the edges of some files.
    fn ask_for(&mut self, files: &[FileId]) {
        let snapshot = self.workspace.snapshot();
        let Some(edges) = &mut self.edges else { return };
        for file in files {
            edges.ask(&snapshot, *file);
        }
    }

    /// Gets ready for the next batch: collects the edges, if they are not at hand.
    pub(super) fn prepare(&mut self) {
        let snapshot = self.workspace.snapshot();
        self.edges.get_or_insert_with(|| {
            let mut edges = Edges::default();
            for file in snapshot.files(self.root) {
                edges.ask(&snapshot, file);
            }
            edges
        });
    }

    /// All that depends on definitions, these included.
    fn dependents(&self, places: &[Place]) -> BTreeSet<Place> {
        let snapshot = self.workspace.snapshot();
        let nodes = places.iter().filter_map(|(path, qualname)| {
            let file = snapshot.file(self.root, path);
            Some((file, project::item(&snapshot, file, qualname).ok()??))
        });
        let place = |(file, item): Node| {
            let summary = snapshot.summary(file).ok()?.as_ref().ok()?;
            Some((snapshot.path(file).to_path_buf(), summary.qualname(item)))
        };
        let found = match &self.edges {
            Some(edges) => edges.dependents(nodes),
            None => self.ask_graph(&snapshot, nodes).unwrap_or_default(),
        };
        found.into_iter().filter_map(place).collect()
    }

    /// The same by the engine's graph of all files.
    fn ask_graph(
        &self,
        snapshot: &Snapshot,
        nodes: impl Iterator<Item = Node>,
    ) -> Result<Vec<Node>, Cancelled> {
        let graph = snapshot.graph(self.root, &NoProgress)?;
        let found = graph.impact(nodes.filter_map(|(file, item)| graph.node(file, item)));
        Ok(found.into_iter().filter_map(|it| graph.item(it)).collect())
    }
}

/// What each item of a file depends on, in the project.
fn targets(snapshot: &Snapshot, file: FileId) -> Result<Vec<Vec<Node>>, Cancelled> {
    let node = |it: &Referent<'_>| match it {
        Referent::Item(file, item) => Some((*file, *item)),
        Referent::External(_) => None,
    };
    let references = snapshot.references(file)?;
    Ok(references.iter().map(|it| it.iter().filter_map(node).collect()).collect())
}

/// Who depends on whom, both ways.
#[derive(Default)]
struct Edges {
    targets: FxHashMap<FileId, Vec<Vec<Node>>>,
    sources: FxHashMap<Node, Vec<Node>>,
    /// Per file: its own module's name, and the modules that its imports name.
    modules: FxHashMap<FileId, (Option<ModuleName>, Vec<ModuleName>)>,
    /// Per module: the files whose imports name it.
    importers: FxHashMap<ModuleName, Vec<FileId>>,
}

/// The modules that a file's imports name, packages around them and what may be submodules included.
fn imported(snapshot: &Snapshot, file: FileId) -> Result<Vec<ModuleName>, Cancelled> {
    let Ok(summary) = snapshot.summary(file)? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (module, import) in snapshot.imports(file)?.iter().zip(summary.interface.imports()) {
        let Some(module) = module else { continue };
        out.extend(module.prefixes());
        out.extend(import.name.and_then(|it| module.join(it)));
    }
    out.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    out.dedup();
    Ok(out)
}

impl Edges {
    /// Asks for the edges of a file.
    fn ask(&mut self, snapshot: &Snapshot, file: FileId) {
        // Nobody else changes the workspace, so nothing is cancelled.
        if let (Ok(targets), Ok(own), Ok(imported)) =
            (targets(snapshot, file), snapshot.module_name(file), imported(snapshot, file))
        {
            self.set(file, targets);
            self.set_modules(file, own, imported);
        }
    }

    fn set_modules(&mut self, file: FileId, own: Option<ModuleName>, imported: Vec<ModuleName>) {
        for old in self.modules.remove(&file).into_iter().flat_map(|it| it.1) {
            if let Some(files) = self.importers.get_mut(&old) {
                files.retain(|it| *it != file);
            }
        }
        for new in &imported {
            self.importers.entry(new.clone()).or_default().push(file);
        }
        self.modules.insert(file, (own, imported));
    }

    /// Some files, those that import them, those that import these, and so on; none if there are more than `most`.
    fn importers(&self, mut files: Vec<FileId>, most: usize) -> Option<Vec<FileId>> {
        let mut found: FxHashSet<FileId> = files.iter().copied().collect();
        let mut next = 0;
        while let Some(file) = files.get(next) {
            next += 1;
            let own = self.modules.get(file).and_then(|it| it.0.as_ref());
            let importers = own.and_then(|it| self.importers.get(it));
            files.extend(importers.into_iter().flatten().copied().filter(|it| found.insert(*it)));
            if files.len() > most {
                return None;
            }
        }
        Some(files)
    }

    /// Replaces the edges from a file's items.
    fn set(&mut self, file: FileId, targets: Vec<Vec<Node>>) {
        for (item, old) in (0..).zip(self.targets.remove(&file).unwrap_or_default()) {
            for target in old {
                if let Some(sources) = self.sources.get_mut(&target)
                    && let Some(at) = sources.iter().position(|it| *it == (file, item))
                {
                    sources.swap_remove(at);
                }
            }
        }
        for (item, new) in (0..).zip(&targets) {
            for target in new {
                self.sources.entry(*target).or_default().push((file, item));
            }
        }
        self.targets.insert(file, targets);
    }

    /// All that depends on some items, these included, in no order.
    fn dependents(&self, items: impl Iterator<Item = Node>) -> Vec<Node> {
        let (mut found, mut out) = (FxHashSet::default(), Vec::new());
        let mut add = |it: Node, out: &mut Vec<Node>| {
            if found.insert(it) {
                out.push(it);
            }
        };
        items.for_each(|it| add(it, &mut out));
        let mut next = 0;
        while let Some(node) = out.get(next) {
            let sources = self.sources.get(node);
            next += 1;
            sources.into_iter().flatten().for_each(|it| add(*it, &mut out));
        }
        out
    }
}
