//! Looking at folders: which files and folders have come and gone.
//!
//! A new folder is watched first and listed then, so nothing made in between is missed. What has gone is forgotten
//! before what is new is watched, because the system knows a moved folder by the same number.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use crate::event::{Event, Warning};
use crate::hints::{Depth, FileMark, FolderMark, Marks};
use crate::rules::{Entry, EntryKind};
use crate::stat::{Identity, Stat};
use crate::watcher::Watcher;

/// What is in a folder.
struct Listing {
    identity: Identity,
    stat: Stat,
    read_at: SystemTime,
    entries: Vec<Entry>,
}

impl Watcher {
    /// Looks at all that is marked.
    pub(crate) fn look(&mut self, marks: Marks, now: Instant) {
        let mut files = marks.files;
        let mut queue: VecDeque<(PathBuf, FolderMark)> = marks.folders.into_iter().collect();
        let mut new = Vec::new();
        let folders_before = self.unwatched;
        while let Some((path, mark)) = queue.pop_front() {
            self.look_at_folder(&path, mark, &mut queue, &mut new, &mut files);
        }
        if self.unwatched != folders_before {
            for folder in self.backend.rewatch(now) {
                self.mark_again(&folder, now);
            }
        }
        for (path, since) in new {
            self.add_folder(&path, since, now, &mut files);
        }
        let mut files: Vec<(PathBuf, FileMark)> = files.into_iter().collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (path, mark) in files {
            self.check(&path, mark, now);
        }
    }

    fn look_at_folder(
        &mut self,
        path: &Path,
        mark: FolderMark,
        queue: &mut VecDeque<(PathBuf, FolderMark)>,
        new: &mut Vec<(PathBuf, Instant)>,
        files: &mut rustc_hash::FxHashMap<PathBuf, FileMark>,
    ) {
        let Some(folder) = self.table.folder(path) else { return };
        let identity = folder.identity;
        let mut mark_file = |path: PathBuf, read: bool| {
            files.entry(path).or_insert(FileMark { since: mark.since, read });
        };
        let listing = match self.list(path) {
            Ok(it) if it.identity == identity => it,
            replaced_or_gone => {
                let is_replaced = match replaced_or_gone {
                    Ok(_) => true,
                    Err(error) if is_absence(&error) => false,
                    Err(error) => return self.folder_unreadable(path, error),
                };
                self.forget(path).into_iter().for_each(|it| mark_file(it, true));
                if is_replaced {
                    new.push((path.to_owned(), mark.since));
                } else {
                    self.note_missing(path);
                }
                return;
            }
        };
        let (old_files, old_folders) = (folder.files.clone(), folder.folders.clone());
        let mut gone_files = old_files.clone();
        let mut gone_folders = old_folders.clone();
        for entry in &listing.entries {
            let child = path.join(&entry.name);
            if self.is_folder(entry.kind, &child) {
                gone_folders.remove(&entry.name);
                if !old_folders.contains(&entry.name) {
                    new.push((child, mark.since));
                } else if mark.depth == Depth::Deep {
                    queue.push_back((child, mark));
                }
            } else if entry.kind != EntryKind::LinkedFolder {
                gone_files.remove(&entry.name);
                self.link(entry.kind, &child);
                if !old_files.contains(&entry.name) {
                    mark_file(child, true);
                } else if mark.depth >= Depth::Files {
                    mark_file(child, false);
                }
            }
        }
        let mut gone = Vec::new();
        for name in gone_folders {
            gone.extend(self.forget(&path.join(name)));
        }
        gone.extend(gone_files.iter().map(|name| path.join(name)));
        for child in gone {
            // There, but not wanted any more; or gone, which may be for a moment only.
            if fs::metadata(&child).is_ok_and(|it| it.is_file()) {
                self.remove_file(&child);
            } else {
                mark_file(child, true);
            }
        }
        if let Some(folder) = self.table.folder_mut(path) {
            folder.listed = Some((listing.stat, listing.read_at));
        }
    }

    /// Adds a folder and those below it. Their files are marked.
    pub(crate) fn add_folder(
        &mut self,
        path: &Path,
        since: Instant,
        now: Instant,
        files: &mut rustc_hash::FxHashMap<PathBuf, FileMark>,
    ) {
        let mut stack = vec![path.to_owned()];
        while let Some(path) = stack.pop() {
            if self.table.folder(&path).is_some() {
                continue;
            }
            let Some(identity) = fs::metadata(&path).ok().filter(fs::Metadata::is_dir) else { continue };
            self.backend.watch(&path, now);
            self.table.add_folder(&path, Identity::of(&identity));
            let listing = match self.list(&path) {
                Ok(it) => it,
                Err(error) if is_absence(&error) => continue,
                Err(error) => {
                    self.folder_unreadable(&path, error);
                    continue;
                }
            };
            for entry in &listing.entries {
                let child = path.join(&entry.name);
                if self.is_folder(entry.kind, &child) {
                    stack.push(child);
                } else if entry.kind != EntryKind::LinkedFolder {
                    self.link(entry.kind, &child);
                    files.insert(child, FileMark { since, read: true });
                }
            }
            if let Some(folder) = self.table.folder_mut(&path) {
                folder.listed = Some((listing.stat, listing.read_at));
            }
        }
    }

    fn list(&self, path: &Path) -> io::Result<Listing> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let read_at = SystemTime::now();
        let mut entries = if self.is_within(path) { self.rules.entries(path)? } else { Vec::new() };
        for name in self.named.get(path).into_iter().flatten() {
            if path.join(name).is_file() && !entries.iter().any(|it| it.name == *name) {
                let is_link = fs::symlink_metadata(path.join(name)).is_ok_and(|it| it.is_symlink());
                let kind = if is_link { EntryKind::LinkedFile } else { EntryKind::File };
                entries.push(Entry { name: name.clone(), kind });
            }
        }
        Ok(Listing { identity: Identity::of(&metadata), stat: Stat::of(&metadata), read_at, entries })
    }

    /// Whether an entry is a folder to go into. Links are, if they lead to where nothing is watched yet.
    fn is_folder(&mut self, kind: EntryKind, path: &Path) -> bool {
        match kind {
            EntryKind::Folder => true,
            EntryKind::File | EntryKind::LinkedFile => false,
            EntryKind::LinkedFolder => {
                if self.table.folder(path).is_some() {
                    return true;
                }
                let Ok(real) = fs::canonicalize(path) else { return false };
                let follow = self.links.leads_elsewhere(&real);
                if follow {
                    self.links.add_folder(real, path);
                }
                follow
            }
        }
    }

    /// Notes where a link leads, and watches there.
    pub(crate) fn link(&mut self, kind: EntryKind, path: &Path) {
        if kind == EntryKind::LinkedFile {
            let target = fs::canonicalize(path).ok().map(|it| self.links.seen_as(&it));
            self.set_link(path, target);
        } else {
            self.set_link(path, None);
        }
    }

    /// Notes where a link leads; watches the folder there, and no longer the one before.
    pub(crate) fn set_link(&mut self, path: &Path, target: Option<PathBuf>) {
        let folder = target.as_deref().and_then(Path::parent).map(Path::to_owned);
        let before = self.links.set(path, target);
        if let Some(folder) = folder
            && self.table.folder(&folder).is_none()
        {
            self.backend.watch(&folder, Instant::now());
        }
        if let Some(old) = before.as_deref().and_then(Path::parent)
            && self.table.folder(old).is_none()
            && !self.links.lead_into(old)
        {
            self.backend.unwatch(old);
        }
    }

    /// Forgets a folder and those below it; returns their files.
    fn forget(&mut self, path: &Path) -> Vec<PathBuf> {
        let (folders, files) = self.table.remove_folder(path);
        for folder in &folders {
            self.backend.unwatch(folder);
            self.unreadable.remove(folder);
        }
        self.links.remove_folders(&folders);
        self.unwatched += folders.len();
        files
    }

    fn folder_unreadable(&mut self, path: &Path, error: io::Error) {
        // Nothing tells when it can be read again.
        self.backend.poll(path);
        if self.unreadable.insert(path.to_owned()) {
            let warning = Warning::Unreadable { path: path.to_owned(), error };
            self.out.push_back(Event::Warning(warning));
        }
    }

    /// Whether a folder is wanted as a whole, and not for some named files only.
    fn is_within(&self, path: &Path) -> bool {
        self.roots.iter().any(|it| path.starts_with(it))
    }

    /// Whether a file is wanted by its name.
    pub(crate) fn is_named(&self, path: &Path) -> bool {
        let name = path.file_name().map(OsStr::to_owned);
        let names = path.parent().and_then(|it| self.named.get(it));
        names.zip(name).is_some_and(|(names, name)| names.contains(&name))
    }
}

pub(crate) fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
