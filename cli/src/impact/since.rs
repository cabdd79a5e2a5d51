//! What changed between two moments of a project: definitions whose own behaviour differs, came, went, or whose names
//! lead elsewhere now.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher};
use std::path::Path;

use astkit::hash::Hash;
use astkit_engine::summary::ItemKind;
use astkit_engine::{Cancelled, NoProgress, Referent};

use super::{World, WorldFile, WorldItem};

/// What happened to a definition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// It was asked about; nothing is said of it.
    Asked,
    /// It does something else.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its text is the same, and a name in it means something else.
    Rewired,
    /// It is the same, and something that it refers to, near or far, is not.
    Affected,
}

impl What {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Rewired => "rewired",
            Self::Affected => "affected",
        }
    }
}

/// What changed: nodes of the project as it was, and as it is.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub(crate) before: Vec<(u32, What)>,
    pub(crate) after: Vec<(u32, What)>,
}

/// Compares a project with itself as it was. With `deep`, what refers to something else than before counts as changed.
///
/// # Errors
/// [`Cancelled`], which nobody does.
pub(crate) fn changed(before: &World, after: &World, deep: bool) -> Result<Changed, Cancelled> {
    let mut out = Changed::default();
    for file in &before.files {
        match after.file_at(&file.path) {
            Some(at) => compare(before, file, after, &after.files[at as usize], &mut out)?,
            None => out.before.extend(before.all(&file.path).into_iter().map(|it| (it, What::Removed))),
        }
    }
    for file in after.files.iter().filter(|it| before.file_at(&it.path).is_none()) {
        out.after.extend(after.all(&file.path).into_iter().map(|it| (it, What::Added)));
    }
    rewired(before, after, &mut out)?;
    if deep {
        affected(before, after, &mut out)?;
    }
    Ok(out)
}

impl World {
    /// All nodes of a file.
    fn all(&self, path: &Path) -> Vec<u32> {
        self.file_at(path).map(|it| self.nodes(it, None)).unwrap_or_default()
    }
}

/// The hashes of a file's items at `semantic`; none for variables.
fn semantic(world: &World, file: &WorldFile) -> Result<Vec<Option<Hash>>, Cancelled> {
    let hashes = world.snapshot.semantic_hashes(file.id)?;
    Ok(file.items.iter().map(|it| it.definition.and_then(|at| hashes.get(at)).copied()).collect())
}

fn compare(
    before: &World,
    old: &WorldFile,
    after: &World,
    new: &WorldFile,
    out: &mut Changed,
) -> Result<(), Cancelled> {
    if before.snapshot.content(old.id) == after.snapshot.content(new.id) {
        return Ok(());
    }
    let (Ok(was), Ok(is)) = (before.snapshot.summary(old.id)?, after.snapshot.summary(new.id)?) else {
        out.before.extend(before.all(&old.path).into_iter().map(|it| (it, What::Changed)));
        out.after.extend(after.all(&new.path).into_iter().map(|it| (it, What::Changed)));
        return Ok(());
    };
    let (old_hashes, new_hashes) = (semantic(before, old)?, semantic(after, new)?);
    // Of what has no normal form, all that is known is whether the tree is another.
    let is_same_module = old_hashes.first().copied().flatten() == new_hashes.first().copied().flatten()
        && old_hashes.first().copied().flatten().is_some();
    let by_name: HashMap<&str, usize> =
        old.items.iter().zip(0..).map(|(it, at)| (it.qualname.as_str(), at)).collect();
    let mut seen = vec![false; old.items.len()];
    for (item, at) in new.items.iter().zip(0..) {
        let node = new.first + at;
        let Some(known) = by_name.get(item.qualname.as_str()).copied() else {
            out.after.push((node, What::Added));
            continue;
        };
        seen[known] = true;
        let own_differs = was.bodies.own_hash(u32::try_from(known).unwrap_or(0)) != is.bodies.own_hash(at);
        let differs = match item.kind {
            ItemKind::Module => false,
            ItemKind::Class => {
                let body = |file: &WorldFile, at: u32| file.accessor(at).map(|it| it.own_body);
                old_hashes[known] != new_hashes[at as usize]
                    && body(old, u32::try_from(known).unwrap_or(0)) != body(new, at)
            }
            ItemKind::Variable => own_differs && !is_same_module,
            ItemKind::Function | ItemKind::AsyncFunction | ItemKind::Lambda => {
                own_differs && {
                    let (old, new) = (old_hashes[known], new_hashes[at as usize]);
                    old != new || old.is_none()
                }
            }
        };
        if differs {
            out.after.push((node, What::Changed));
        }
    }
    if !is_same_module && old.accesses.at_import.statements != new.accesses.at_import.statements {
        out.after.extend(after.file_at(&new.path).map(|it| (after.import_node(it), What::Changed)));
    }
    let gone = old.items.iter().zip(0..).filter(|it| !seen[it.1 as usize]);
    out.before.extend(gone.map(|it| (old.first + it.1, What::Removed)));
    Ok(())
}

/// A number for what each node is called: by path and qualified name.
fn names(world: &World) -> Vec<u64> {
    let mut out = vec![0; world.graph.graph().len() as usize];
    for file in &world.files {
        let mut path = DefaultHasher::new();
        file.path.hash(&mut path);
        for (item, node) in file.items.iter().zip(file.first..) {
            let mut name = path.clone();
            item.qualname.hash(&mut name);
            if let Some(it) = out.get_mut(node as usize) {
                *it = name.finish();
            }
        }
    }
    out
}

/// What the names of each item of a file lead to, as one number; what it contains is left out. None for the module.
fn destinations(world: &World, names: &[u64], file: &WorldFile) -> Result<Vec<Option<u64>>, Cancelled> {
    let all = world.snapshot.references(file.id)?;
    let mut out = Vec::with_capacity(file.items.len());
    for ((item, referents), at) in file.items.iter().zip(all).zip(0..) {
        if item.kind == ItemKind::Module {
            out.push(None);
            continue;
        }
        let mut numbers: Vec<u64> = Vec::with_capacity(referents.len());
        for it in referents {
            match it {
                Referent::External(name) => {
                    let mut hasher = DefaultHasher::new();
                    name.hash(&mut hasher);
                    numbers.push(hasher.finish());
                }
                Referent::Item(other, number) => {
                    let own = file.items.get(number as usize).filter(|_| other == file.id);
                    if own.is_some_and(|it| it.parent == Some(at)) {
                        continue;
                    }
                    let node = world.graph.node(other, number);
                    numbers.extend(node.and_then(|it| names.get(it as usize)));
                }
            }
        }
        numbers.sort_unstable();
        let mut hasher = DefaultHasher::new();
        numbers.hash(&mut hasher);
        out.push(Some(hasher.finish()));
    }
    Ok(out)
}

/// Items that are called as they were, and whose names lead elsewhere.
fn rewired(before: &World, after: &World, out: &mut Changed) -> Result<(), Cancelled> {
    let (old_names, new_names) = (names(before), names(after));
    let known: std::collections::HashSet<u32> = out.after.iter().map(|it| it.0).collect();
    for new in &after.files {
        let Some(old) = before.file_at(&new.path).map(|it| &before.files[it as usize]) else { continue };
        let was = destinations(before, &old_names, old)?;
        let is = destinations(after, &new_names, new)?;
        let has_same_name = |(old, new): (&WorldItem, &WorldItem)| old.qualname == new.qualname;
        if was == is && old.items.iter().zip(&new.items).all(has_same_name) {
            continue;
        }
        let by_name: HashMap<&str, Option<u64>> =
            old.items.iter().zip(was).map(|(it, was)| (it.qualname.as_str(), was)).collect();
        for ((item, is), node) in new.items.iter().zip(is).zip(new.first..) {
            let was = by_name.get(item.qualname.as_str()).copied().flatten();
            if was.is_some() && is.is_some() && was != is && !known.contains(&node) {
                out.after.push((node, What::Rewired));
            }
        }
    }
    out.after.sort_unstable();
    Ok(())
}

/// Functions that have another hash at `deep`.
fn affected(before: &World, after: &World, out: &mut Changed) -> Result<(), Cancelled> {
    let old = before.snapshot.deep_hashes(before.root, &NoProgress)?;
    let new = after.snapshot.deep_hashes(after.root, &NoProgress)?;
    let known: BTreeMap<u32, What> = out.after.iter().copied().collect();
    for file in &after.files {
        let Some(was) = before.file_at(&file.path).map(|it| &before.files[it as usize]) else { continue };
        let (was_hashes, is_hashes) = (old.of(was.id), new.of(file.id));
        let by_name: HashMap<&str, usize> =
            was.items.iter().filter_map(|it| Some((it.qualname.as_str(), it.definition?))).collect();
        for (item, at) in file.items.iter().zip(0..) {
            let node = file.first + at;
            let old = by_name.get(item.qualname.as_str()).and_then(|it| was_hashes.get(*it));
            let new = item.definition.and_then(|it| is_hashes.get(it));
            let counts = item.kind != ItemKind::Module && !known.contains_key(&node);
            if counts && old.is_some() && old != new {
                out.after.push((node, What::Affected));
            }
        }
    }
    Ok(())
}
