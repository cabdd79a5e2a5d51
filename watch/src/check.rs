//! Looking at files: what differs from the table, and whether to believe it already.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::event::{Change, Event, Warning};
use crate::hints::FileMark;
use crate::reconcile::is_absence;
use crate::rules::EntryKind;
use crate::stat::Stat;
use crate::table::File;
use crate::watcher::Watcher;

/// A file that is gone may come back within this time: programs move the old one aside before the new one comes.
const ABSENCE: Duration = Duration::from_millis(20);
/// A file that became empty or broken may be whole after this time.
const GRACE: Duration = Duration::from_millis(80);
/// However often it changes meanwhile, it is believed after this time.
const LONGEST_DOUBT: Duration = Duration::from_millis(400);
/// A program that writes to a file and does not close it is waited for this long after each write.
const PATIENCE: Duration = Duration::from_millis(200);

/// A content that is not believed yet.
#[derive(Debug)]
pub(crate) struct Doubt {
    stat: Stat,
    until: Instant,
    latest: Instant,
}

impl Watcher {
    /// Looks at a file. What differs is noted for the batch, or looked at again later.
    pub(crate) fn check(&mut self, path: &Path, mark: FileMark, now: Instant) {
        self.postponed.remove(path);
        if let Some(written) = self.writing.get(path) {
            let due = *written + PATIENCE;
            if now < due {
                return self.postpone(path, mark, due);
            }
            self.writing.remove(path);
        }
        if mark.read {
            let is_link = fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink());
            self.link(if is_link { EntryKind::LinkedFile } else { EntryKind::File }, path);
        }
        match fs::metadata(path) {
            Ok(it) if it.is_file() => self.check_present(path, &it, mark, now),
            Ok(_) => self.check_absent(path, mark, now),
            Err(error) => self.check_failed(path, error, mark, now),
        }
    }

    fn check_failed(&mut self, path: &Path, error: io::Error, mark: FileMark, now: Instant) {
        if is_absence(&error) {
            self.check_absent(path, mark, now);
        } else {
            self.note_unreadable(path, error);
        }
    }

    fn check_absent(&mut self, path: &Path, mark: FileMark, now: Instant) {
        if self.table.file(path).is_none() {
            return;
        }
        let due = mark.since + ABSENCE;
        if now < due && !self.is_starting {
            return self.postpone(path, mark, due);
        }
        self.remove_file(path);
    }

    /// Takes a file out of the table; it is reported.
    pub(crate) fn remove_file(&mut self, path: &Path) {
        self.doubts.remove(path);
        self.unreadable.remove(path);
        self.set_link(path, None);
        if let Some(before) = self.table.remove_file(path).and_then(|it| it.content) {
            self.note_change(path, Some(before), None);
        }
    }

    fn check_present(&mut self, path: &Path, metadata: &Metadata, mark: FileMark, now: Instant) {
        let stat = Stat::of(metadata);
        let known = self.table.file(path);
        let is_old = |it: &File| it.stat == stat && !it.stat.is_racy(it.read_at);
        if !mark.read && known.is_some_and(is_old) {
            return;
        }
        let read_at = SystemTime::now();
        let content: Arc<[u8]> = match fs::read(path) {
            Ok(it) => it.into(),
            Err(error) => return self.check_failed(path, error, mark, now),
        };
        self.unreadable.remove(path);
        if let Some(known) = self.table.file_mut(path)
            && known.content.as_deref() == Some(&*content)
        {
            (known.stat, known.read_at) = (stat, read_at);
            self.doubts.remove(path);
            return;
        }
        let is_complete = !content.is_empty() && self.rules.is_complete(path, &content);
        let was_complete = self.table.file(path).is_none_or(|it| it.is_complete);
        if !is_complete
            && was_complete
            && !self.is_starting
            && let Some(due) = self.doubt(path, stat, now)
        {
            return self.postpone(path, mark, due);
        }
        self.doubts.remove(path);
        let file = File { stat, read_at, content: Some(Arc::clone(&content)), is_complete };
        let before = self.table.file_mut(path).and_then(|it| it.content.take());
        self.table.put_file(path, file);
        self.note_change(path, before, Some(content));
    }

    /// When to look at a file again whose content is hard to believe; none if it has to be believed now.
    fn doubt(&mut self, path: &Path, stat: Stat, now: Instant) -> Option<Instant> {
        let new = Doubt { stat, until: now + GRACE, latest: now + LONGEST_DOUBT };
        let doubt = self.doubts.entry(path.to_owned()).or_insert(new);
        if doubt.stat != stat {
            (doubt.stat, doubt.until) = (stat, (now + GRACE).min(doubt.latest));
        }
        (now < doubt.until).then_some(doubt.until)
    }

    /// A file that can't be read has no content: it is warned about once, and reported when that changes.
    fn note_unreadable(&mut self, path: &Path, error: io::Error) {
        if self.unreadable.insert(path.to_owned()) {
            let warning = Warning::Unreadable { path: path.to_owned(), error };
            self.out.push_back(Event::Warning(warning));
        }
        let Some(file) = self.table.file_mut(path) else { return };
        if let Some(before) = file.content.take() {
            self.note_change(path, Some(before), None);
        }
    }

    fn note_change(&mut self, path: &Path, before: Option<Arc<[u8]>>, after: Option<Arc<[u8]>>) {
        if !self.is_starting {
            self.found.insert(path.to_owned(), Change { path: path.to_owned(), before, after });
        }
    }

    fn postpone(&mut self, path: &Path, mark: FileMark, due: Instant) {
        self.postponed.insert(path.to_owned(), (mark, due));
    }

    /// Whether any file has to be looked at again.
    pub(crate) fn is_unsure(&self) -> bool {
        !self.postponed.is_empty()
    }

    /// The files that have to be looked at again by now.
    pub(crate) fn due_again(&mut self, now: Instant) -> Vec<(PathBuf, FileMark)> {
        let mut due: Vec<_> = self
            .postponed
            .iter()
            .filter(|(_, (_, at))| *at <= now)
            .map(|(path, (mark, _))| (path.clone(), *mark))
            .collect();
        due.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        due
    }
}
