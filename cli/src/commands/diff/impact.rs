//! `--impact`: what depends on what changed, directly or not, as the engine resolves calls, names and imports.
//!
//! The graph is that of the new side, which has to be there as files: a folder, or the working tree. What depended on a
//! definition that is gone is not told, nor that a module depends on what it defines.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use astkit::diff::{FileDiff, Part};
use astkit_engine::{Cancelled, DefinitionGraph, NoProgress, Snapshot};
use serde::Serialize;

use super::compare::Set;
use super::version::{ChangeSet, Place, SideName};
use crate::failure::Failure;
use crate::session::Session;
use crate::{project, targets};

/// A definition that depends on a changed one.
#[derive(Debug, Serialize)]
pub(super) struct Impacted {
    pub(super) target: String,
    /// From the changed definition to the one that the target depends on directly.
    pub(super) via: Vec<String>,
    pub(super) because: &'static str,
}

/// The parts that matter to others, the strongest first.
const PARTS: [Part; 4] = [Part::Renamed, Part::Signature, Part::Body, Part::Decorators];

/// Finds what depends on the changed definitions, at most so many steps away.
///
/// # Errors
/// A new side that is not there as files.
pub(super) fn impacted(
    session: &Session,
    set: &ChangeSet,
    compared: &Set<'_, '_>,
    diffs: &[FileDiff],
    depth: Option<usize>,
) -> Result<Vec<Impacted>, Failure> {
    let folder = folder(set)?;
    let here = std::env::current_dir().unwrap_or_default();
    let wanted = |extension: &str| session.wanted(extension);
    let (files, _) = session.rules.files(&folder, &wanted);
    let mut workspace = project::builder(session).build();
    let paths = files.iter().map(|it| absolute(it)).collect();
    let mut spec = project::root(session, &here, folder.clone(), paths);
    // The new side is where its own modules are looked for first.
    spec.environment.roots.insert(0, folder);
    let root = workspace.add_root(spec, &NoProgress);
    let snapshot = workspace.snapshot();
    let changed = changed(compared, diffs);
    // Nobody else changes the workspace, so nothing is cancelled.
    let found = snapshot.graph(root, &NoProgress).and_then(|graph| {
        let mut seeds = Vec::new();
        for (path, qualname, part) in &changed {
            let file = snapshot.file(root, path);
            let item = project::item(&snapshot, file, qualname)?;
            seeds.extend(item.and_then(|it| graph.node(file, it)).map(|it| (it, *part)));
        }
        walk(&snapshot, &graph, &seeds, depth, &here)
    });
    let out = found.unwrap_or_default();
    workspace.save();
    Ok(out)
}

/// Where the files of the new side are.
fn folder(set: &ChangeSet) -> Result<PathBuf, Failure> {
    let missing = || {
        Failure::new("`--impact` follows files of the new side, and there are none")
            .hint("compare with the working tree (`astkit diff REV`) or two folders")
    };
    match &set.new {
        SideName::Path(path) if Path::new(path).is_dir() => Ok(absolute(Path::new(path))),
        SideName::Path(path) if !set.external => {
            Path::new(path).parent().filter(|_| Path::new(path).is_file()).map(absolute).ok_or_else(missing)
        }
        SideName::Rev(rev) if rev == "worktree" => set.worktree.as_deref().map(absolute).ok_or_else(missing),
        SideName::Path(_) | SideName::Rev(_) => Err(missing()),
    }
}

fn absolute(path: &Path) -> PathBuf {
    let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::path::absolute(here).unwrap_or_else(|_| path.to_owned())
}

/// The changed definitions that others may notice: file, qualified name, strongest part.
fn changed(compared: &Set<'_, '_>, diffs: &[FileDiff]) -> Vec<(PathBuf, String, Part)> {
    let mut out = Vec::new();
    for it in diffs.iter().flat_map(|it| &it.definitions) {
        let Some(part) = PARTS.into_iter().find(|part| it.verdict.contains(part)) else { continue };
        let Some(after) = &it.after else { continue };
        let Some(known) = compared.after(after.file) else { continue };
        if let Place::Input(input) = &known.version.place
            && let targets::Origin::File(path) = &input.origin
        {
            out.push((absolute(path), after.qualname.clone(), part));
        }
    }
    out
}

/// All that depends on the seeds, nearest first found, by shortest ways.
fn walk(
    snapshot: &Snapshot,
    graph: &DefinitionGraph,
    seeds: &[(u32, Part)],
    depth: Option<usize>,
    here: &Path,
) -> Result<Vec<Impacted>, Cancelled> {
    let dependents = graph.graph().reversed();
    // For every node that was reached: from where, why, and how far away it is.
    let mut found: BTreeMap<u32, (Option<u32>, Part, usize)> = BTreeMap::new();
    let mut open: VecDeque<u32> = VecDeque::new();
    for (node, part) in seeds {
        if found.insert(*node, (None, *part, 0)).is_none() {
            open.push_back(*node);
        }
    }
    // A module depends on what it defines, which says nothing.
    let defines = |module: u32, node: u32| -> Result<bool, Cancelled> {
        let (Some((file, item)), Some((inner, _))) = (graph.item(module), graph.item(node)) else {
            return Ok(false);
        };
        let Ok(summary) = snapshot.summary(file)? else { return Ok(false) };
        Ok(file == inner && summary.qualname(item) == "<module>")
    };
    while let Some(node) = open.pop_front() {
        let (_, part, far) = found[&node];
        if depth.is_some_and(|it| far >= it) {
            continue;
        }
        for next in dependents.targets(node) {
            if !found.contains_key(next) && !defines(*next, node)? {
                found.insert(*next, (Some(node), part, far + 1));
                open.push_back(*next);
            }
        }
    }
    let name = |node: u32| -> Result<Option<String>, Cancelled> {
        let Some((file, item)) = graph.item(node) else { return Ok(None) };
        let Ok(summary) = snapshot.summary(file)? else { return Ok(None) };
        let path = snapshot.path(file);
        let shown = targets::show(path.strip_prefix(here).unwrap_or(path));
        Ok(Some(format!("{shown}::{}", summary.qualname(item))))
    };
    let mut out = Vec::new();
    for (node, (from, part, _)) in &found {
        let (Some(from), Some(target)) = (from, name(*node)?) else { continue };
        let (mut via, mut at) = (Vec::new(), Some(*from));
        while let Some(node) = at {
            via.extend(name(node)?);
            at = found[&node].0;
        }
        via.reverse();
        out.push(Impacted { target, via, because: part.as_str() });
    }
    out.sort_by(|a, b| a.target.cmp(&b.target));
    Ok(out)
}
