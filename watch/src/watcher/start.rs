//! Starting: the first look at everything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Message, Ready, Watcher};
use crate::backend::Backend;
use crate::event::{Cause, Event, Warning};
use crate::hints::Marks;
use crate::links::Links;
use crate::network::network;
use crate::options::{Options, Polling};
use crate::rules::Rules;
use crate::settle::Settle;
use crate::table::Table;

impl Watcher {
    /// Watches files and folders. When this returns, nothing that happens from now on is missed.
    ///
    /// Paths have to be absolute; events name them as they are given here.
    ///
    /// # Errors
    /// A path with nothing there.
    pub fn start(
        paths: &[PathBuf],
        rules: Box<dyn Rules>,
        options: Options,
    ) -> Result<(Self, Ready), (PathBuf, io::Error)> {
        let (mut roots, mut named) = (Vec::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for path in paths {
            let metadata = fs::metadata(path).map_err(|error| (path.clone(), error))?;
            match (path.parent(), path.file_name()) {
                (Some(folder), Some(name)) if !metadata.is_dir() => {
                    named.entry(folder.to_owned()).or_default().insert(name.to_owned());
                }
                _ => roots.push(path.clone()),
            }
        }
        let mut watcher = Self::new(roots, named, rules, options);
        watcher.first_look();
        let ready = watcher.state();
        Ok((watcher, ready))
    }

    fn new(
        roots: Vec<PathBuf>,
        named: BTreeMap<PathBuf, BTreeSet<std::ffi::OsString>>,
        rules: Box<dyn Rules>,
        options: Options,
    ) -> Self {
        let (sender, receiver) = mpsc::channel();
        let mut out = VecDeque::new();
        let remote = roots.iter().chain(named.keys()).find_map(|it| Some((it.clone(), network(it)?)));
        let backend = match (options.polling, remote) {
            (Polling::Every(_), _) => Backend::polling(),
            (Polling::IfNeeded, Some((path, kind))) => {
                out.push_back(Event::Warning(Warning::Network { path, kind }));
                Backend::polling()
            }
            (Polling::IfNeeded, None) => {
                let events = sender.clone();
                let handler = move |event| drop(events.send(Message::Event(event)));
                Backend::native(handler).unwrap_or_else(|why| {
                    out.push_back(Event::Warning(Warning::NoEvents(why)));
                    Backend::polling()
                })
            }
        };
        Self {
            rules,
            table: Table::default(),
            backend,
            links: Links::default(),
            marks: Marks::default(),
            settle: Settle::new(options.settle),
            locks: roots.iter().chain(named.keys()).filter_map(|it| lock_file(it)).collect(),
            roots,
            named,
            missing: BTreeSet::new(),
            writing: FxHashMap::default(),
            postponed: FxHashMap::default(),
            doubts: FxHashMap::default(),
            unreadable: FxHashSet::default(),
            found: BTreeMap::new(),
            unwatched: 0,
            is_starting: true,
            out,
            others: BTreeMap::new(),
            is_sync_asked: false,
            sync_stat: None,
            number: 0,
            next_poll: None,
            next_safety: None,
            safety_scans: 0,
            is_limit_told: false,
            receiver,
            sender,
            options,
        }
    }

    fn first_look(&mut self) {
        let (now, mut files) = (Instant::now(), FxHashMap::default());
        let folders: Vec<PathBuf> = self.roots.iter().chain(self.named.keys()).cloned().collect();
        for folder in &folders {
            if let Ok(real) = fs::canonicalize(folder) {
                self.links.add_folder(real, folder);
            }
        }
        for folder in &folders {
            self.add_folder(folder, now, now, &mut files);
        }
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (path, mark) in files {
            self.check(&path, mark, now);
        }
        self.is_starting = false;
        self.watch_others(now);
        self.report(Cause::Event, now, now);
        self.schedule(now);
    }

    /// Watches the cookie file and what else was asked for.
    fn watch_others(&mut self, now: Instant) {
        self.sync_stat = self.options.sync_file.as_deref().and_then(super::due::stat_of);
        for path in self.options.others.clone() {
            let content = fs::read(&path).ok().map(Into::into);
            self.others.insert(path, content);
        }
        let paths = self.options.others.iter().chain(&self.options.sync_file);
        let folders: BTreeSet<PathBuf> = paths.filter_map(|it| it.parent()).map(Path::to_owned).collect();
        for folder in folders {
            if self.table.folder(&folder).is_none() {
                self.backend.watch(&folder, now);
            }
        }
    }
}

/// Where git has its lock while it writes the files of the repository around a folder.
fn lock_file(folder: &Path) -> Option<PathBuf> {
    let git = folder.ancestors().map(|it| it.join(".git")).find(|it| it.exists())?;
    if git.is_dir() {
        return Some(git.join("index.lock"));
    }
    // In a worktree and a submodule, a file says where the folder is.
    let text = fs::read_to_string(&git).ok()?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(git.parent()?.join(path).join("index.lock"))
}
