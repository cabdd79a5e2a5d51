//! The watcher: from messages and deadlines to events.

mod due;
mod start;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::backend::Backend;
use crate::check::Doubt;
use crate::event::{Batch, Cause, Change, Event, RescanReason, Warning};
use crate::hints::{Depth, FileMark, Hint, Known, Marks, Urgency};
use crate::links::Links;
use crate::options::Options;
use crate::rules::Rules;
use crate::settle::Settle;
use crate::table::Table;

/// What comes from other threads.
pub(crate) enum Message {
    Event(notify::Result<notify::Event>),
    Wake,
}

/// What is watched at the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ready {
    /// Wanted files.
    pub files: usize,
    /// Folders that may hold some.
    pub folders: usize,
    /// Folders that the system watches.
    pub watches: usize,
    /// Where events come from: `inotify`, `poll`, ...
    pub backend: &'static str,
}

/// Lets [`Watcher::next`] return from another thread.
#[derive(Clone, Debug)]
pub struct Waker(Sender<Message>);

impl Waker {
    /// Lets the watcher's next event be [`Event::Woken`].
    pub fn wake(&self) {
        // A watcher that is gone needs no waking.
        drop(self.0.send(Message::Wake));
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Event(it) => it.fmt(f),
            Self::Wake => f.write_str("Wake"),
        }
    }
}

/// Watches files. All work is done in [`next`](Self::next), by the thread that asks.
pub struct Watcher {
    pub(crate) rules: Box<dyn Rules>,
    pub(crate) options: Options,
    pub(crate) table: Table,
    pub(crate) backend: Backend,
    pub(crate) links: Links,
    pub(crate) marks: Marks,
    pub(crate) settle: Settle,
    /// Folders that are wanted as a whole.
    pub(crate) roots: Vec<PathBuf>,
    /// Files that are wanted by name, by folder.
    pub(crate) named: BTreeMap<PathBuf, BTreeSet<OsString>>,
    /// Roots, and folders of named files, that are not there.
    missing: BTreeSet<PathBuf>,
    /// Files that somebody writes to, and when last.
    pub(crate) writing: FxHashMap<PathBuf, Instant>,
    /// Files that have to be looked at again, and when.
    pub(crate) postponed: FxHashMap<PathBuf, (FileMark, Instant)>,
    pub(crate) doubts: FxHashMap<PathBuf, Doubt>,
    /// What can't be read has been warned about.
    pub(crate) unreadable: FxHashSet<PathBuf>,
    /// What differs from the table before the present look.
    pub(crate) found: BTreeMap<PathBuf, Change>,
    /// How many folders were forgotten so far.
    pub(crate) unwatched: usize,
    pub(crate) is_starting: bool,
    pub(crate) out: VecDeque<Event>,
    others: BTreeMap<PathBuf, Option<Arc<[u8]>>>,
    is_sync_asked: bool,
    sync_stat: Option<crate::stat::Stat>,
    /// Lock files of version control: while one is there, files are being written.
    locks: Vec<PathBuf>,
    number: u64,
    next_poll: Option<Instant>,
    next_safety: Option<Instant>,
    safety_scans: u32,
    is_limit_told: bool,
    receiver: Receiver<Message>,
    sender: Sender<Message>,
}

impl Watcher {
    /// The next event; none if there is none until then. Without a deadline it waits as long as it takes.
    pub fn next(&mut self, until: Option<Instant>) -> Option<Event> {
        loop {
            if let Some(event) = self.out.pop_front() {
                return Some(event);
            }
            let now = Instant::now();
            self.work(now);
            if !self.out.is_empty() {
                continue;
            }
            if until.is_some_and(|it| now >= it) {
                return None;
            }
            let deadline = [self.deadline(), until].into_iter().flatten().min();
            self.wait(deadline.map(|it| it.saturating_duration_since(Instant::now())));
        }
    }

    /// A handle that wakes this watcher.
    pub fn waker(&self) -> Waker {
        Waker(self.sender.clone())
    }

    /// The wanted files, sorted, with their contents; those that can't be read are left out.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &Arc<[u8]>)> {
        self.table.files().into_iter().filter_map(|(path, file)| Some((path, file.content.as_ref()?)))
    }

    /// What is watched now.
    pub fn state(&self) -> Ready {
        Ready {
            files: self.table.file_count(),
            folders: self.table.folder_count(),
            watches: self.backend.watch_count(),
            backend: self.backend.name(),
        }
    }

    /// Has other files wanted from now on.
    pub fn set_rules(&mut self, rules: Box<dyn Rules>) {
        self.rules = rules;
        self.marks.rescan = Some(RescanReason::Rules);
        self.settle.note(Instant::now(), true);
    }

    fn wait(&mut self, longest: Option<Duration>) {
        let first = match longest {
            Some(longest) => match self.receiver.recv_timeout(longest) {
                Ok(it) => it,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            },
            // A sender is kept here, so this ends with a message only.
            None => match self.receiver.recv() {
                Ok(it) => it,
                Err(_) => return,
            },
        };
        let now = Instant::now();
        self.receive(first, now);
        while let Ok(message) = self.receiver.try_recv() {
            self.receive(message, now);
        }
    }

    fn receive(&mut self, message: Message, now: Instant) {
        match message {
            Message::Wake => self.out.push_back(Event::Woken),
            Message::Event(Ok(event)) if event.need_rescan() => self.rescan(RescanReason::Overflow, now),
            Message::Event(Ok(event)) => {
                for (index, path) in event.paths.iter().enumerate() {
                    if let Some(hint) = Hint::of(&event, index) {
                        self.note(path, hint, now);
                    }
                }
            }
            Message::Event(Err(error)) => {
                tracing::debug!(%error, "events are lost");
                self.rescan(RescanReason::Error, now);
            }
        }
    }

    fn rescan(&mut self, reason: RescanReason, now: Instant) {
        if self.marks.rescan.is_none() {
            self.out.push_back(Event::Rescan(reason));
        }
        self.marks.rescan = Some(reason);
        self.settle.note(now, false);
    }

    fn note(&mut self, path: &Path, hint: Hint, now: Instant) {
        if self.options.sync_file.as_deref() == Some(path) {
            if self.is_cookie(path, hint) {
                self.is_sync_asked = true;
                self.settle.note(now, true);
            }
            return;
        }
        if self.others.contains_key(path) {
            self.marks.file(path, now, true);
            self.settle.note(now, false);
        }
        let mut urgency = self.note_one(path, hint, now);
        for link in self.links.to(path) {
            urgency = urgency.max(self.note_one(&link, hint, now));
        }
        if urgency > Urgency::None {
            self.settle.note(now, urgency == Urgency::Now);
        }
    }

    /// Whether a hint about the cookie file says that it is written.
    fn is_cookie(&self, path: &Path, hint: Hint) -> bool {
        match hint {
            Hint::Closed => true,
            Hint::Vanished => false,
            // It may be open still. A file that was renamed is whole.
            Hint::Written | Hint::Touched | Hint::Appeared => {
                !self.tells_of_closing()
                    || (hint == Hint::Appeared && std::fs::metadata(path).is_ok_and(|it| it.len() > 0))
            }
        }
    }

    fn note_one(&mut self, path: &Path, hint: Hint, now: Instant) -> Urgency {
        let known = Known {
            is_file: self.table.file(path).is_some(),
            is_folder: self.table.folder(path).is_some(),
            may_be_wanted: self.rules.may_be_wanted(path) || self.is_named(path),
            is_rule: self.rules.is_rule(path),
        };
        if hint == Hint::Written && (known.is_file || known.may_be_wanted) && self.tells_of_closing() {
            self.writing.insert(path.to_owned(), now);
        } else {
            self.writing.remove(path);
        }
        self.marks.note(path, hint, known, now)
    }

    /// Whether the system says when a file is closed.
    fn tells_of_closing(&self) -> bool {
        self.backend.name() == "inotify"
    }

    /// Looks again at a folder whose watch may have been taken away for a moment.
    pub(crate) fn mark_again(&mut self, folder: &Path, now: Instant) {
        self.marks.folder(folder, now, Depth::Files);
        self.settle.note(now, false);
    }

    /// Notes that a root, or a folder of named files, is not there.
    pub(crate) fn note_missing(&mut self, folder: &Path) {
        let is_root = self.roots.iter().any(|it| it == folder) || self.named.contains_key(folder);
        if is_root && self.missing.insert(folder.to_owned()) {
            self.out.push_back(Event::Warning(Warning::RootGone(folder.to_owned())));
        }
    }

    /// Reports what the last look has found.
    fn report(&mut self, cause: Cause, first: Instant, now: Instant) {
        if self.backend.is_limited() && !self.is_limit_told {
            self.is_limit_told = true;
            let (watched, wanted) = (self.backend.watch_count(), self.table.folder_count());
            self.out.push_back(Event::Warning(Warning::WatchLimit { watched, wanted }));
        }
        if self.found.is_empty() {
            return;
        }
        self.number += 1;
        let files = std::mem::take(&mut self.found).into_values().collect();
        let waited = now.saturating_duration_since(first);
        self.out.push_back(Event::Batch(Batch { number: self.number, cause, files, waited }));
    }
}
