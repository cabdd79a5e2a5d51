//! Marks: what has to be looked at, from events that may be wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind};
use rustc_hash::FxHashMap;

use crate::event::RescanReason;

/// What has to be looked at.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) files: FxHashMap<PathBuf, FileMark>,
    pub(crate) folders: BTreeMap<PathBuf, FolderMark>,
    /// Everything, and why.
    pub(crate) rescan: Option<RescanReason>,
}

/// A file that has to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FileMark {
    /// Since when.
    pub(crate) since: Instant,
    /// Whether to read it whatever its stat says.
    pub(crate) read: bool,
}

/// A folder that has to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FolderMark {
    pub(crate) since: Instant,
    pub(crate) depth: Depth,
}

/// How far to look.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Depth {
    /// Which entries there are.
    Entries,
    /// Also the stats of the files.
    Files,
    /// Also all folders below.
    Deep,
}

impl Marks {
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty() && self.rescan.is_none()
    }

    pub(crate) fn file(&mut self, path: &Path, since: Instant, read: bool) {
        let new = FileMark { since, read };
        let mark = self.files.entry(path.to_owned()).or_insert(new);
        mark.read |= read;
        if read {
            // Something has just happened to it: what was seen before says nothing any more.
            mark.since = mark.since.max(since);
        }
    }

    pub(crate) fn folder(&mut self, path: &Path, since: Instant, depth: Depth) {
        let mark = self.folders.entry(path.to_owned()).or_insert(FolderMark { since, depth });
        mark.depth = mark.depth.max(depth);
    }
}

/// What is known of a path when an event names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Known {
    /// It is a wanted file of the table.
    pub(crate) is_file: bool,
    /// It is a folder of the table.
    pub(crate) is_folder: bool,
    /// Its name is one that a wanted file may have.
    pub(crate) may_be_wanted: bool,
    /// It says what is wanted.
    pub(crate) is_rule: bool,
}

/// How soon to look.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Urgency {
    /// Nothing has happened.
    None,
    /// When nothing more happens.
    Settled,
    /// At once: a program has finished.
    Now,
}

/// What an event tells of one path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hint {
    /// Somebody writes to it.
    Written,
    /// Somebody has written to it and closed it.
    Closed,
    /// Its attributes have changed.
    Touched,
    /// It is there now; perhaps a folder.
    Appeared,
    /// It is gone.
    Vanished,
}

impl Hint {
    /// What an event tells of its n-th path; none if that is nothing, as when a file was read.
    pub(crate) fn of(event: &Event, index: usize) -> Option<Self> {
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Self::Closed),
            EventKind::Access(_) => None,
            EventKind::Create(
                CreateKind::File | CreateKind::Folder | CreateKind::Any | CreateKind::Other,
            ) => Some(Self::Appeared),
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Some(Self::Vanished),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Some(Self::Appeared),
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => {
                Some(if index == 0 { Self::Vanished } else { Self::Appeared })
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::Any | RenameMode::Other)) => Some(Self::Appeared),
            EventKind::Modify(ModifyKind::Metadata(_)) => Some(Self::Touched),
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any | ModifyKind::Other) => {
                Some(Self::Written)
            }
            EventKind::Remove(
                RemoveKind::File | RemoveKind::Folder | RemoveKind::Any | RemoveKind::Other,
            ) => Some(Self::Vanished),
            EventKind::Any | EventKind::Other => Some(Self::Touched),
        }
    }
}

impl Marks {
    /// Notes what is to be looked at because of a hint about a path.
    pub(crate) fn note(&mut self, path: &Path, hint: Hint, known: Known, now: Instant) -> Urgency {
        let Some(parent) = path.parent() else { return Urgency::None };
        if known.is_rule {
            self.folder(parent, now, Depth::Deep);
            return Urgency::Settled;
        }
        if known.is_folder {
            return self.note_folder(path, parent, hint, now);
        }
        if known.is_file {
            self.file(path, now, true);
            // What is gone may be back in a moment, and who writes may write on.
            let done = matches!(hint, Hint::Closed | Hint::Appeared);
            return if done { Urgency::Now } else { Urgency::Settled };
        }
        match hint {
            // A name that nobody wants, gone: at most a folder that nobody wanted.
            Hint::Vanished => Urgency::None,
            Hint::Written | Hint::Closed | Hint::Touched if !known.may_be_wanted => Urgency::None,
            Hint::Appeared if !known.may_be_wanted && !path.is_dir() => Urgency::None,
            Hint::Written | Hint::Closed | Hint::Touched | Hint::Appeared => {
                self.folder(parent, now, Depth::Entries);
                Urgency::Settled
            }
        }
    }

    fn note_folder(&mut self, path: &Path, parent: &Path, hint: Hint, now: Instant) -> Urgency {
        match hint {
            // What happens in it has events of its own.
            Hint::Written | Hint::Closed => Urgency::None,
            Hint::Touched => {
                self.folder(path, now, Depth::Entries);
                Urgency::Settled
            }
            Hint::Appeared | Hint::Vanished => {
                self.folder(parent, now, Depth::Entries);
                self.folder(path, now, Depth::Deep);
                Urgency::Settled
            }
        }
    }
}
