//! Looking, comparing, setting.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_ast::PythonVersion;
use salsa::{Durability, Setter as _};

use super::Workspace;
use super::changes::{Change, Changes, FileChange};
use super::progress::{Progress, Stage};
use crate::db::add_file;
use crate::files::FileKind;
use crate::inputs::{Content, Directory, File, Root, RootId};
use crate::modules::Listing;
use crate::mount::{Mount, Seen};
use crate::parallel;
use crate::summaries::{Summaries, SummaryError};

/// What hints about one root come to.
#[derive(Default)]
struct Hints {
    /// Files to look at.
    files: BTreeSet<PathBuf>,
    /// Folders to list.
    folders: BTreeSet<PathBuf>,
    /// The new set of files, if one was given.
    set: Option<Vec<PathBuf>>,
    environment: Option<Arc<crate::modules::Environment>>,
    verify: bool,
}

impl Workspace {
    pub(super) fn apply_all(
        &mut self,
        changes: &Changes,
        progress: &dyn Progress,
    ) -> Vec<(RootId, PathBuf, FileChange)> {
        let mut by_root: BTreeMap<RootId, Vec<&Change>> = BTreeMap::new();
        for (root, change) in &changes.list {
            by_root.entry(*root).or_default().push(change);
        }
        let mut out = Vec::new();
        for (id, changes) in by_root {
            let mount = self.db.shared.mount(id);
            if mount.is_frozen {
                continue;
            }
            let hints = hints(&mount, &self.db.shared.summaries, &changes);
            self.apply_hints(id, &mount, hints, progress, &mut out);
        }
        out.sort();
        out
    }

    fn apply_hints(
        &mut self,
        id: RootId,
        mount: &Mount,
        hints: Hints,
        progress: &dyn Progress,
        out: &mut Vec<(RootId, PathBuf, FileChange)>,
    ) {
        let root = self.roots[id.0 as usize];
        let python = match &hints.environment {
            Some(it) => it.interpreter.version,
            None => root.python(&self.db),
        };
        // Everything slow is done before anything is set.
        let paths: Vec<_> = hints.files.into_iter().collect();
        let looks = self.load(id, python, &paths, hints.verify, progress);
        let listings = self.new_listings(mount, hints.folders);
        let before = self.revision;
        self.set_environment(root, hints.environment);
        let mut is_cut = self.revision != before || !listings.is_empty();
        let mut changed = Vec::new();
        for (directory, listing) in listings {
            directory.set_listing(&mut self.db).to(listing);
            self.revision = before + 1;
        }
        for (path, seen) in looks {
            changed.extend(self.set_file(root, mount, path, seen).map(|it| (id, it.0, it.1)));
        }
        if !changed.is_empty() {
            self.revision = before + 1;
        }
        if self.update_set(root, mount, hints.set.as_deref(), &changed) {
            self.revision = before + 1;
            is_cut = true;
        }
        self.leave_trail(id, mount, is_cut, &changed);
        out.append(&mut changed);
    }

    /// Says what answers that are kept have to look at again.
    fn leave_trail(
        &self,
        id: RootId,
        mount: &Mount,
        is_cut: bool,
        changed: &[(RootId, PathBuf, FileChange)],
    ) {
        let (shared, tables) = (&self.db.shared, mount.tables());
        // Files that no frontend reads may say where modules are.
        let edited = changed.iter().map(|(_, path, change)| {
            let is_edit = *change == FileChange::Changed && shared.summaries.claims(path);
            let file = tables.files.get(path.as_path()).filter(|_| is_edit)?;
            matches!(file.content(&self.db), Content::Hash(_)).then_some(*file)
        });
        match edited.collect::<Option<Vec<File>>>() {
            Some(files) if !is_cut => {
                for it in files {
                    shared.trails.add(id, self.revision, it);
                }
            }
            _ => shared.trails.cut(id, self.revision),
        }
    }

    /// Lists folders again; returns those that differ. A folder that came or went differs in the one around it too,
    /// which nobody may have told.
    fn new_listings(
        &self,
        mount: &Mount,
        hints: BTreeSet<PathBuf>,
    ) -> Vec<(Directory, Option<Arc<Listing>>)> {
        let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
        let mut open: Vec<PathBuf> = hints.into_iter().collect();
        while let Some(path) = open.pop() {
            let known = mount.tables().directories.get(path.as_path()).copied();
            let before = known.and_then(|it| it.listing(&self.db).as_ref());
            let after = known.and_then(|_| mount.list(&path));
            if before.is_none() || after.is_none() {
                open.extend(path.parent().filter(|it| !seen.contains(*it)).map(Path::to_owned));
            }
            let is_new = seen.insert(path);
            out.extend(known.filter(|_| is_new && before != after.as_ref()).map(|it| (it, after)));
        }
        out
    }

    /// Looks at files with all threads, and loads the summaries of those with new contents.
    pub(super) fn load(
        &self,
        id: RootId,
        python: PythonVersion,
        paths: &[PathBuf],
        verify: bool,
        progress: &dyn Progress,
    ) -> Vec<(PathBuf, Seen)> {
        let seen = self.look_at(id, Some(python), paths, verify, progress);
        let summaries = &self.db.shared.summaries;
        let keys = paths.iter().zip(&seen).filter_map(|(path, seen)| match seen.content {
            Content::Hash(hash) => summaries.key(path, &hash, python),
            Content::Absent | Content::Unreadable(_) => None,
        });
        summaries.prefetch(&keys.collect::<Vec<_>>());
        paths.iter().cloned().zip(seen).collect()
    }

    /// Looks at files with all threads; for a Python, sums up those that had to be read, unless the store has that.
    pub(super) fn look_at(
        &self,
        id: RootId,
        python: Option<PythonVersion>,
        paths: &[PathBuf],
        verify: bool,
        progress: &dyn Progress,
    ) -> Vec<Seen> {
        let (mount, summaries) = (self.db.shared.mount(id), &self.db.shared.summaries);
        progress.begin(Stage::Load, paths.len());
        parallel::map(vec![(); self.threads], paths, |(), path| {
            let look = mount.look(path, verify);
            if let (Some(bytes), Some(python)) = (look.bytes, python) {
                summarize(summaries, path, look.seen.content, python, bytes);
            }
            progress.advance();
            look.seen
        })
    }

    /// Makes files known that were looked at.
    pub(super) fn add_files(&mut self, root: Root, looks: Vec<(PathBuf, Seen)>) -> Vec<File> {
        let mount = self.db.shared.mount(root.id(&self.db));
        looks.into_iter().map(|(path, seen)| add_file(&self.db, root, &mount, &path, seen)).collect()
    }

    /// Sets a root's files, sorted by path.
    pub(super) fn set_files(&mut self, root: Root, mut files: Vec<File>, durability: Durability) {
        files.sort_by(|left, right| left.path(&self.db).cmp(right.path(&self.db)));
        files.dedup();
        root.set_files(&mut self.db).with_durability(durability).to(files.into());
    }

    fn set_environment(&mut self, root: Root, environment: Option<Arc<crate::modules::Environment>>) {
        let Some(environment) = environment.filter(|it| it != root.environment(&self.db)) else { return };
        let python = environment.interpreter.version;
        root.set_environment(&mut self.db).to(environment);
        if root.python(&self.db) != python {
            root.set_python(&mut self.db).to(python);
            self.tell_frontend(root);
        }
        self.revision += 1;
    }

    /// Sets what is in a file, if that is new.
    fn set_file(
        &mut self,
        root: Root,
        mount: &Mount,
        path: PathBuf,
        seen: Seen,
    ) -> Option<(PathBuf, FileChange)> {
        let known = mount.tables().files.get(path.as_path()).copied();
        let before = known.map_or(Content::Absent, |it| it.content(&self.db));
        match known {
            None if seen.content == Content::Absent => {}
            None => {
                add_file(&self.db, root, mount, &path, seen);
            }
            Some(file) => {
                mount.tables().seen.insert(Arc::clone(file.path(&self.db)), seen);
                if before != seen.content {
                    file.set_content(&mut self.db).to(seen.content);
                }
            }
        }
        let change = match (before, seen.content) {
            (before, now) if before == now => return None,
            (_, Content::Absent) => FileChange::Removed,
            (Content::Absent, _) => FileChange::Created,
            (Content::Hash(_) | Content::Unreadable(_), _) => FileChange::Changed,
        };
        Some((path, change))
    }

    /// Lets files join and leave the root's set; false if it stays as it was.
    fn update_set(
        &mut self,
        root: Root,
        mount: &Mount,
        given: Option<&[PathBuf]>,
        changed: &[(RootId, PathBuf, FileChange)],
    ) -> bool {
        let old = Arc::clone(root.files(&self.db));
        let is_member = |path: &PathBuf| old.binary_search_by(|it| (**it.path(&self.db)).cmp(path)).is_ok();
        if given.is_none() && changed.iter().all(|it| it.2 == FileChange::Changed && is_member(&it.1)) {
            return false;
        }
        let mut set: BTreeMap<Arc<Path>, File> = match given {
            None => old.iter().map(|it| (Arc::clone(it.path(&self.db)), *it)).collect(),
            Some(paths) => {
                let tables = mount.tables();
                let known = paths.iter().filter_map(|it| tables.files.get_key_value(it.as_path()));
                known.map(|(path, file)| (Arc::clone(path), *file)).collect()
            }
        };
        for (_, path, change) in changed.iter().filter(|_| given.is_none()) {
            if *change == FileChange::Removed {
                set.remove(path.as_path());
            } else if path.starts_with(&mount.folder) && self.db.shared.summaries.claims(path) {
                let tables = mount.tables();
                if let Some((path, file)) = tables.files.get_key_value(path.as_path()) {
                    set.insert(Arc::clone(path), *file);
                }
            }
        }
        if set.values().eq(old.iter()) {
            return false;
        }
        root.set_files(&mut self.db).to(set.into_values().collect());
        true
    }
}

/// Makes the summary of a text that was just read, unless the store has it: then all are fetched together.
fn summarize(summaries: &Summaries, path: &Path, content: Content, python: PythonVersion, bytes: Vec<u8>) {
    if summaries.is_stored(path, content, python) {
        return;
    }
    match summaries.get(path, content, python, || Ok(bytes.into())) {
        // Whoever asks for the file is told.
        Ok(_) | Err(SummaryError::NoFrontend) => {}
        Err(error) => tracing::debug!(path = %path.display(), %error, "no summary"),
    }
}

/// What is known of a root, sorted by path, so that what is below a folder stands together.
struct Known {
    files: Vec<Arc<Path>>,
    folders: Vec<Arc<Path>>,
}

impl Known {
    fn of(mount: &Mount) -> Self {
        let tables = mount.tables();
        let mut files: Vec<_> = tables.files.keys().cloned().collect();
        let mut folders: Vec<_> = tables.directories.keys().cloned().collect();
        files.sort_unstable();
        folders.sort_unstable();
        Self { files, folders }
    }
}

/// The paths at or below a path.
fn below<'k>(sorted: &'k [Arc<Path>], path: &'k Path) -> impl Iterator<Item = PathBuf> + 'k {
    let start = sorted.partition_point(|it| **it < *path);
    sorted[start..].iter().take_while(move |it| it.starts_with(path)).map(|it| it.to_path_buf())
}

/// Turns hints into files to look at and folders to list.
fn hints(mount: &Mount, summaries: &Summaries, changes: &[&Change]) -> Hints {
    let mut out = Hints::default();
    // Most hints are about a file that is known, and need no list of all.
    let lazy = OnceCell::new();
    let known = || lazy.get_or_init(|| Known::of(mount));
    for change in changes {
        match change {
            Change::Path(path) => {
                out.folders.extend(path.parent().map(Path::to_owned));
                if is_plain_file(mount, path) {
                    out.files.insert(path.clone());
                } else {
                    path_hint(mount, summaries, known(), path, &mut out);
                }
            }
            Change::Open(path, text) => {
                mount.tables().overlays.insert(path.clone(), Arc::clone(text));
                out.folders.extend(path.parent().map(Path::to_owned));
                out.files.insert(path.clone());
            }
            Change::Close(path) => {
                mount.tables().overlays.remove(path);
                out.folders.extend(path.parent().map(Path::to_owned));
                out.files.insert(path.clone());
            }
            Change::Files(paths) => {
                let tables = mount.tables();
                let unknown = paths.iter().filter(|it| !tables.files.contains_key(it.as_path()));
                for path in unknown {
                    out.folders.extend(path.parent().map(Path::to_owned));
                    out.files.insert(path.clone());
                }
                out.set = Some(paths.clone());
            }
            Change::Environment(environment) => out.environment = Some(Arc::clone(environment)),
            Change::Everything { verify } => {
                out.files.extend(known().files.iter().map(|it| it.to_path_buf()));
                out.folders.extend(known().folders.iter().map(|it| it.to_path_buf()));
                out.verify |= verify;
            }
        }
    }
    out
}

/// Whether a path is one that was a file, and never a folder, as far as is known.
fn is_plain_file(mount: &Mount, path: &Path) -> bool {
    let tables = mount.tables();
    tables.files.contains_key(path)
        && !tables.directories.contains_key(path)
        && tables.seen.get(path).is_some_and(|it| matches!(it.content, Content::Hash(_)))
}

fn path_hint(mount: &Mount, summaries: &Summaries, known: &Known, path: &Path, out: &mut Hints) {
    out.files.extend(below(&known.files, path));
    out.folders.extend(below(&known.folders, path));
    if !path.starts_with(&mount.folder) {
        return;
    }
    if summaries.claims(path) {
        out.files.insert(path.to_owned());
    }
    // A folder that came with files in it; links may lead back to where they are.
    let (mut open, mut seen) = (vec![path.to_owned()], BTreeSet::new());
    while let Some(folder) = open.pop() {
        let Some(listing) = mount.list(&folder) else { continue };
        if !mount.files.canonicalize(&folder).is_ok_and(|it| seen.insert(it)) {
            continue;
        }
        for entry in listing.entries() {
            let path = folder.join(&entry.name);
            if entry.name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            match entry.kind {
                FileKind::Directory if entry.name != "__pycache__" => open.push(path),
                FileKind::File if summaries.claims(&path) => {
                    out.files.insert(path);
                }
                FileKind::Directory | FileKind::File | FileKind::Other => {}
            }
        }
    }
}
