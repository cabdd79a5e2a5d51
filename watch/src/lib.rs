//! Sees every save once.
//!
//! Programs save files in many ways: in place, by renaming a temporary file, by moving the old one aside, in pieces.
//! Watchers that believe the operating system's events report such saves twice, half, or never. Here events are
//! *hints*: they mark what has to be looked at. The truth is a *table* of the wanted files with their contents, and
//! what is reported is where disk and table differ, in batches.
//!
//! The path of a save: `backend` (notify, or polling where it can't) → `hints` (marks) → `settle` (when to look) →
//! `reconcile` (folders) and `check` (files) against the `table` → [`Batch`]. [`Watcher`] drives it in one thread,
//! when it is asked for the next [`Event`].
//!
//! Which files are wanted is the caller's: [`Rules`]. What a change means is the caller's too.
//!
//! Sources of the ideas: watchman's cookie files and its settling, ripgrep's ignore rules, git's racy index entries.

mod backend;
mod check;
mod event;
mod hints;
mod links;
mod network;
mod options;
mod reconcile;
mod rules;
mod settle;
mod stat;
mod table;
mod watcher;

pub use event::{Batch, Cause, Change, ChangeKind, Event, RescanReason, Warning};
pub use options::{Options, Polling};
pub use rules::{Entry, EntryKind, Rules};
pub use watcher::{Ready, Waker, Watcher};
