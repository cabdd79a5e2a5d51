//! `--impact`: what depends on what changed, directly or not, by the same search as `astkit impact`.
//!
//! The project is the new side, which has to be there as files: a folder, or the working tree. Who used a definition
//! that is gone, or that has another name or place now, is looked for on the old side, and told if it is still there.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit::diff::{FileDiff, Part};
use astkit_engine::FileSystem;
use astkit_engine::summary::ItemKind;
use astkit_system::OsFiles;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::compare::Set;
use super::version::{ChangeSet, Place, SideName, Version};
use crate::failure::Failure;
use crate::impact::earlier::EarlierFiles;
use crate::impact::{self, Search, World};
use crate::session::Session;
use crate::targets;

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

/// The parts after which a definition is no longer found under its name.
const LOSSES: [Part; 3] = [Part::Removed, Part::Renamed, Part::Moved];

/// A changed definition: file, qualified name, strongest part.
type Changed = (PathBuf, String, Part);

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
    let system: Arc<dyn FileSystem> = Arc::new(OsFiles);
    let paths = impact::files_of(session, &folder);
    let now = World::open(session, &folder, paths.clone(), &system)?;
    let mut out = BTreeMap::new();
    let found = reached(&now, &changed(compared, diffs), depth);
    out.extend(found.into_iter().map(|(place, it)| (place.under(&folder), it)));
    let lost = lost(set, compared, diffs);
    if !lost.is_empty() {
        let names: HashSet<Named> =
            now.targets().filter_map(|it| Some(Named::of(&now, it)?.under(&folder))).collect();
        let (old_folder, before) = before(session, set, &folder, paths, &now)?;
        for (place, it) in reached(&before, &lost, depth) {
            let place = place.under(&old_folder);
            if names.contains(&place) && !out.contains_key(&place) {
                let target = impact::shown(&folder.join(&place.path));
                let it = Impacted { target: format!("{target}::{}", place.qualname), ..it };
                out.insert(place, it);
            }
        }
    }
    now.save();
    let mut out: Vec<Impacted> = out.into_values().collect();
    out.sort_by(|a, b| a.target.cmp(&b.target));
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
    super::git::plain(&targets::absolute(here))
}

/// The old side as a project, and its folder: the other folder, or the new one with the old contents in it.
fn before(
    session: &Session,
    set: &ChangeSet,
    folder: &Path,
    mut paths: Vec<PathBuf>,
    now: &World,
) -> Result<(PathBuf, World), Failure> {
    if let SideName::Path(old) = &set.old
        && Path::new(old).is_dir()
    {
        let old = absolute(Path::new(old));
        let system: Arc<dyn FileSystem> = Arc::new(OsFiles);
        let world = World::open(session, &old, impact::files_of(session, &old), &system)?;
        return Ok((old, world));
    }
    let mut earlier = EarlierFiles::default();
    for pair in &set.pairs {
        // Where a pair has a new side, that is the file of the project.
        let path = pair.new.as_ref().or(pair.old.as_ref()).map(path_of).unwrap_or_default();
        let content = match &pair.old {
            Some(version) => Some(version.read(session, set.blobs.as_ref())?.into()),
            None => None,
        };
        paths.retain(|it| *it != path);
        if content.is_some() && path.extension().is_some_and(|it| session.wanted(&it.to_string_lossy())) {
            paths.push(path.clone());
        }
        earlier.contents.insert(path, content);
    }
    paths.sort();
    let system: Arc<dyn FileSystem> = Arc::new(earlier);
    let mut world = World::open_beside(session, folder, paths, &system, Some(now))?;
    world.link()?;
    Ok((folder.to_owned(), world))
}

/// The file of a version; of one in a repository, where it would be.
fn path_of(version: &Version) -> PathBuf {
    match &version.place {
        Place::Input(input) => match &input.origin {
            targets::Origin::File(path) => absolute(path),
            targets::Origin::Stdin => PathBuf::from(&version.shown),
        },
        Place::Blob(_) => absolute(Path::new(&version.shown)),
        Place::Link(path) => absolute(path),
    }
}

/// The changed definitions that others may notice.
fn changed(compared: &Set<'_, '_>, diffs: &[FileDiff]) -> Vec<Changed> {
    let mut out = Vec::new();
    for it in diffs.iter().flat_map(|it| &it.definitions) {
        let Some(part) = PARTS.into_iter().find(|part| it.verdict.contains(part)) else { continue };
        let Some(after) = &it.after else { continue };
        let Some(known) = compared.after(after.file) else { continue };
        out.push((path_of(known.version), after.qualname.clone(), part));
    }
    out
}

/// The definitions that are no longer where they were.
fn lost(set: &ChangeSet, compared: &Set<'_, '_>, diffs: &[FileDiff]) -> Vec<Changed> {
    let is_folder = matches!(&set.old, SideName::Path(it) if Path::new(it).is_dir());
    let mut out = Vec::new();
    for it in diffs.iter().flat_map(|it| &it.definitions) {
        let Some(part) = LOSSES.into_iter().find(|part| it.verdict.contains(part)) else { continue };
        let Some(before) = &it.before else { continue };
        let Some(known) = compared.before(before.file) else { continue };
        // A single old file stands in the place of the new one.
        let new = compared.after(before.file).map(|it| path_of(it.version)).filter(|_| !is_folder);
        out.push((new.unwrap_or_else(|| path_of(known.version)), before.qualname.clone(), part));
    }
    out
}

/// A definition by the path of its file below a folder.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Named {
    path: PathBuf,
    qualname: String,
}

impl Named {
    fn of(world: &World, node: u32) -> Option<Self> {
        let (file, item) = world.item(node)?;
        Some(Self { path: file.path.clone(), qualname: item.qualname.clone() })
    }

    fn under(self, folder: &Path) -> Self {
        let path = self.path.strip_prefix(folder).map(Path::to_owned).unwrap_or(self.path);
        Self { path, qualname: self.qualname }
    }
}

/// All that depends on changed definitions in one project, by shortest ways.
fn reached(world: &World, changed: &[Changed], depth: Option<usize>) -> Vec<(Named, Impacted)> {
    let mut parts: FxHashMap<u32, Part> = FxHashMap::default();
    for (path, qualname, part) in changed {
        let Some(file) = world.file_at(path) else { continue };
        let nodes = if qualname == "<module>" {
            vec![world.import_node(file)]
        } else {
            world.exactly(file, qualname)
        };
        for node in nodes {
            parts.entry(node).or_insert(*part);
        }
    }
    let mut seeds: Vec<u32> = parts.keys().copied().collect();
    seeds.sort_unstable();
    let search = Search::new(world);
    let found = search.reached(&seeds, depth);
    let told = found.keys().filter(|it| !parts.contains_key(it));
    told.filter_map(|node| {
        let named = Named::of(world, *node)?;
        if world.item(*node)?.1.kind == ItemKind::Module {
            return None;
        }
        let via = search.via(&found, *node);
        let because = parts.get(via.first()?)?.as_str();
        let via = via.into_iter().filter_map(|it| world.target(it)).collect();
        Some((named, Impacted { target: world.target(*node)?, via, because }))
    })
    .collect()
}
