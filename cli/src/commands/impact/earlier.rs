//! `--since`: what changed since a git revision or a lock file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit::PYTHON_EXTENSIONS;
use astkit_engine::FileSystem;
use astkit_system::OsFiles;

use super::report::Report;
use crate::arguments::ImpactArguments;
use crate::commands::{diff, hash};
use crate::failure::Failure;
use crate::impact::earlier::EarlierFiles;
use crate::impact::since::{self, What};
use crate::impact::{self, World};
use crate::session::Session;
use crate::targets::{Input, Origin, absolute};

/// What changed since then, and what that reaches.
///
/// # Errors
/// No such revision; a lock that can't be read.
pub(super) fn since(
    session: &Session,
    arguments: &ImpactArguments,
    since: &str,
    inputs: &[Input],
) -> Result<Report, Failure> {
    if hash::is_lock(Path::new(since)) {
        return since_lock(session, arguments, since, inputs);
    }
    let old = diff::changed_since(since)?;
    say_what_is_no_code(session, &old);
    let folder = impact::repository();
    let paths = impact::files_of(session, &folder);
    let system: Arc<dyn FileSystem> = Arc::new(OsFiles);
    let now = World::open(session, &folder, paths.clone(), &system)?;
    let is_code =
        |path: &PathBuf| path.extension().and_then(|it| it.to_str()).is_some_and(|it| session.wanted(it));
    let changed = old.iter().filter(|it| is_code(it.0) && it.0.starts_with(&folder));
    let known = changed.filter(|it| it.1.is_some()).map(|it| it.0.clone());
    let mut old_paths: Vec<PathBuf> =
        paths.into_iter().filter(|it| !old.contains_key(it)).chain(known).collect();
    old_paths.sort();
    let earlier: Arc<dyn FileSystem> = Arc::new(EarlierFiles { contents: old });
    let mut before = World::open_beside(session, &folder, old_paths, &earlier, Some(&now))?;
    let gone = |_| Failure::new("the project changed while it was looked at");
    let mut changed =
        since::changed(&before, &now, arguments.level.as_deref() == Some("deep")).map_err(gone)?;
    changed.before.retain(|it| is_asked(&before, it.0, inputs));
    changed.after.retain(|it| is_asked(&now, it.0, inputs));
    let mut report = Report::of(&now, &changed.after, arguments.depth);
    if !changed.before.is_empty() {
        before.link()?;
        let names: std::collections::HashSet<String> =
            now.targets().filter_map(|it| now.target(it)).collect();
        let is_there = |node: u32| before.target(node).is_some_and(|it| names.contains(&it));
        report.add(&before, &changed.before, arguments.depth, is_there);
    }
    now.save();
    Ok(report)
}

/// Whether a node is of the files or definitions that were named, if any were.
fn is_asked(world: &World, node: u32, inputs: &[Input]) -> bool {
    let (path, qualname) = match (world.item(node), world.imported(node)) {
        (Some((file, item)), _) => (&file.path, item.qualname.as_str()),
        (None, Some(file)) => (&file.path, "<module>"),
        (None, None) => return false,
    };
    inputs.is_empty()
        || inputs.iter().any(|it| match &it.origin {
            Origin::File(file) => {
                absolute(file) == *path && it.qualname.as_deref().is_none_or(|it| it == qualname)
            }
            Origin::Stdin => false,
        })
}

/// Changed files that are no Python may matter to tests, and nobody knows to which: only Python's names are followed,
/// whatever else a frontend reads.
fn say_what_is_no_code(session: &Session, old: &BTreeMap<PathBuf, Option<Arc<[u8]>>>) {
    let is_code =
        |it: &&PathBuf| it.extension().is_some_and(|it| PYTHON_EXTENSIONS.iter().any(|known| it == *known));
    let mut others: Vec<String> = old.keys().filter(|it| !is_code(it)).map(|it| impact::shown(it)).collect();
    others.sort();
    if let [first, ..] = others.as_slice() {
        let more = if others.len() > 1 { format!(" and {} more", others.len() - 1) } else { String::new() };
        session.note(&format!("`{first}`{more} changed too; who reads data or settings is not known"));
    }
}

/// The same since a lock file was written. Of what was removed since then, the users are not known any more; at level
/// `deep` they have changed with it.
fn since_lock(
    session: &Session,
    arguments: &ImpactArguments,
    lock: &str,
    inputs: &[Input],
) -> Result<Report, Failure> {
    let lines = hash::since_lock(session, Path::new(lock))?;
    let targets: Vec<String> =
        lines.iter().map(|it| it.0.rsplit_once("::").map_or(&*it.0, |it| it.0).to_owned()).collect();
    let files =
        session.inputs(&targets.iter().filter(|it| Path::new(it).is_file()).cloned().collect::<Vec<_>>());
    let folder = impact::folder_of(if inputs.is_empty() { &files.inputs } else { inputs });
    let paths = impact::files_of(session, &folder);
    let system: Arc<dyn FileSystem> = Arc::new(OsFiles);
    let now = World::open(session, &folder, paths, &system)?;
    let (mut seeds, mut removed) = (Vec::new(), 0);
    for (target, what) in &lines {
        let Some((path, qualname)) = target.rsplit_once("::") else { continue };
        let what = match *what {
            "added" => What::Added,
            "removed" => {
                removed += 1;
                continue;
            }
            _ => What::Changed,
        };
        let Some(file) = now.file_at(&absolute(Path::new(path))) else { continue };
        let it = &now.files[file as usize];
        if qualname == "<module>" {
            // Its hash covers all that is in it; what stands in the module itself can't be told apart by a lock.
            let is_alone = !lines.iter().any(|it| it.0 != *target && it.0.starts_with(&format!("{path}::")));
            if is_alone {
                seeds.extend(now.nodes(file, None).into_iter().map(|it| (it, what)));
            }
            continue;
        }
        // A class has changed with its methods, too.
        let is_covered =
            |inner: &str| inner.strip_prefix(target.as_str()).is_some_and(|it| it.starts_with('.'));
        if lines.iter().any(|it| is_covered(&it.0)) {
            continue;
        }
        seeds.extend(
            (it.first..).zip(&it.items).filter(|it| it.1.qualname == qualname).map(|it| (it.0, what)),
        );
    }
    if removed > 0 {
        session.note(&format!(
            "{removed} definitions were removed since then; a lock does not say who used them \
             (at level `deep` their users have changed, too)"
        ));
    }
    seeds.retain(|it| is_asked(&now, it.0, inputs));
    let report = Report::of(&now, &seeds, arguments.depth);
    now.save();
    Ok(report)
}
