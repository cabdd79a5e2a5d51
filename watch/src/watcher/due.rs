//! What is to be done at which time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Watcher;
use crate::event::{Cause, Event, Warning};
use crate::hints::{Depth, Marks};
use crate::options::{POLL, Polling};
use crate::stat::Stat;

/// How long files are not looked at while version control has its lock.
const LONGEST_LOCK: Duration = Duration::from_secs(2);
/// How often the lock is looked for.
const LOCK_POLL: Duration = Duration::from_millis(10);
/// Of so many looks at stats, one is at all folders' entries too: an ignore file may have changed unseen.
const DEEP_SCANS: u32 = 8;

impl Watcher {
    /// Does what is to be done by now.
    pub(super) fn work(&mut self, now: Instant) {
        if self.settle.due().is_some_and(|it| it <= now) && !self.is_held(now) {
            self.look_at_marks(now);
        }
        let again = self.due_again(now);
        if !again.is_empty() {
            let first = again.iter().map(|it| it.1.since).min().unwrap_or(now);
            for (path, mark) in again {
                self.check(&path, mark, now);
            }
            self.report(Cause::Event, first, now);
        }
        if self.next_poll.is_some_and(|it| it <= now) {
            self.poll(now);
        }
        if self.next_safety.is_some_and(|it| it <= now) {
            self.scan(now);
        }
        self.answer_sync();
    }

    /// When there is something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let again = self.postponed.values().map(|it| it.1).min();
        let settled = self.settle.due().map(|it| {
            // Due, and still here: something holds it up.
            if it <= Instant::now() { Instant::now() + LOCK_POLL } else { it }
        });
        [settled, again, self.next_poll, self.next_safety].into_iter().flatten().min()
    }

    /// Plans polling and the safety scan.
    pub(super) fn schedule(&mut self, now: Instant) {
        let is_polling = !self.backend.polled().is_empty() || !self.missing.is_empty();
        let interval = match self.options.polling {
            Polling::Every(it) => it,
            Polling::IfNeeded => POLL,
        };
        self.next_poll = is_polling.then(|| now + interval);
        self.next_safety = self.options.safety_scan.map(|it| now + it);
    }

    fn is_held(&self, now: Instant) -> bool {
        let first = self.settle.first().unwrap_or(now);
        now.saturating_duration_since(first) < LONGEST_LOCK && self.locks.iter().any(|it| it.exists())
    }

    fn look_at_marks(&mut self, now: Instant) {
        let first = self.settle.first().unwrap_or(now);
        self.settle.looked(now);
        let mut marks = std::mem::take(&mut self.marks);
        let cause = if marks.rescan.is_some() { Cause::Rescan } else { Cause::Event };
        if marks.rescan.take().is_some() {
            for folder in self.roots.iter().chain(self.named.keys()) {
                marks.folder(folder, first, Depth::Deep);
            }
            // Their events may be among the lost ones.
            self.others.keys().for_each(|it| marks.file(it, first, false));
            self.poll_sync();
        }
        self.look_at_others(&mut marks);
        self.look(marks, now);
        self.report(cause, first, now);
        if !self.backend.polled().is_empty() || !self.missing.is_empty() {
            self.schedule_poll(now);
        }
        self.next_safety = self.options.safety_scan.map(|it| now + it);
    }

    fn schedule_poll(&mut self, now: Instant) {
        if self.next_poll.is_none() {
            self.next_poll = Some(now + POLL);
        }
    }

    fn look_at_others(&mut self, marks: &mut Marks) {
        for (path, content) in &mut self.others {
            if marks.files.contains_key(path) {
                let now: Option<Arc<[u8]>> = fs::read(path).ok().map(Into::into);
                if now != *content {
                    *content = now;
                    self.out.push_back(Event::Other(path.clone()));
                }
                if self.table.file(path).is_none() {
                    marks.files.remove(path);
                }
            }
        }
    }

    /// Looks at what the system gives no events for.
    fn poll(&mut self, now: Instant) {
        let mut marks = Marks::default();
        for folder in self.backend.polled() {
            if self.table.folder(folder).is_some() {
                self.mark_stats(folder, now, &mut marks);
            }
        }
        for path in self.links.outside(|folder| self.backend.polled().contains(folder)) {
            marks.file(&path, now, false);
        }
        for path in self.others.keys() {
            marks.file(path, now, false);
        }
        self.look_at_others(&mut marks);
        self.look(marks, now);
        self.look_for_missing(now);
        self.report(Cause::Poll, now, now);
        self.poll_sync();
        let took = now.elapsed();
        self.schedule(Instant::now());
        // A slow disk is not to be kept busy all the time.
        self.next_poll = self.next_poll.map(|it| it + took * 4);
    }

    /// Looks at all stats: some changes have no events (of hard links, by other machines).
    fn scan(&mut self, now: Instant) {
        self.next_safety = self.options.safety_scan.map(|it| now + it);
        if !self.marks.is_empty() || self.is_unsure() {
            return;
        }
        self.safety_scans = self.safety_scans.wrapping_add(1);
        let mut marks = Marks::default();
        if self.safety_scans.is_multiple_of(DEEP_SCANS) {
            for folder in self.roots.iter().chain(self.named.keys()) {
                marks.folder(folder, now, Depth::Deep);
            }
        } else {
            let folders: Vec<PathBuf> = self.table.folders().map(|it| it.0.clone()).collect();
            for it in &folders {
                self.mark_stats(it, now, &mut marks);
            }
        }
        self.look(marks, now);
        self.report(Cause::Safety, now, now);
        self.next_safety = self.options.safety_scan.map(|it| Instant::now() + it);
    }

    /// Marks a folder's files, and the folder itself if its own stat has changed.
    fn mark_stats(&self, path: &Path, now: Instant, marks: &mut Marks) {
        let Some(folder) = self.table.folder(path) else { return };
        let is_same = |(stat, read_at): (Stat, _)| stat_of(path) == Some(stat) && !stat.is_racy(read_at);
        if !folder.listed.is_some_and(is_same) || self.unreadable.contains(path) {
            marks.folder(path, now, Depth::Files);
            return;
        }
        for name in &folder.files {
            marks.file(&path.join(name), now, false);
        }
    }

    fn look_for_missing(&mut self, now: Instant) {
        for folder in self.missing.clone() {
            if !folder.is_dir() {
                continue;
            }
            self.missing.remove(&folder);
            self.out.push_back(Event::Warning(Warning::RootBack(folder.clone())));
            if let Ok(real) = fs::canonicalize(&folder) {
                self.links.add_folder(real, &folder);
            }
            let mut files = rustc_hash::FxHashMap::default();
            self.add_folder(&folder, now, now, &mut files);
            let mut files: Vec<_> = files.into_iter().collect();
            files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            for (path, mark) in files {
                self.check(&path, mark, now);
            }
        }
    }

    /// The cookie file has to be looked at where the system gives no events.
    fn poll_sync(&mut self) {
        let Some(path) = &self.options.sync_file else { return };
        let stat = stat_of(path);
        if stat != self.sync_stat {
            self.sync_stat = stat;
            self.is_sync_asked |= stat.is_some();
        }
    }

    /// Says that all is reported, if somebody asks and nothing is left to look at.
    fn answer_sync(&mut self) {
        // Other rules may follow from what is not handed over yet.
        let is_handed_over = !self.out.iter().any(|it| matches!(it, Event::Other(_)));
        if !self.is_sync_asked
            || !is_handed_over
            || !self.marks.is_empty()
            || self.is_unsure()
            || self.settle.due().is_some()
        {
            return;
        }
        self.is_sync_asked = false;
        let Some(path) = &self.options.sync_file else { return };
        self.sync_stat = stat_of(path);
        let token = fs::read(path).unwrap_or_default();
        self.out.push_back(Event::Synced(String::from_utf8_lossy(&token).trim().to_owned()));
    }
}

pub(super) fn stat_of(path: &Path) -> Option<Stat> {
    fs::metadata(path).ok().map(|it| Stat::of(&it))
}
