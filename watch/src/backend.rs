//! Where hints come from: the operating system through notify, or polling where it gives none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::{ErrorKind, EventHandler, RecommendedWatcher, RecursiveMode, Watcher as _};

/// A folder watched this long ago may have had its watch taken away: the system knows folders by number, so when one
/// is moved, giving up the watch of the old name ends that of the new one.
const RECENT: Duration = Duration::from_secs(5);

/// The folders that hints come for.
pub(crate) struct Backend {
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    polled: BTreeSet<PathBuf>,
    recent: Vec<(PathBuf, Instant)>,
    is_limited: bool,
}

impl Backend {
    /// The system's events, handed to `handler`.
    ///
    /// # Errors
    /// Why the system gives none.
    pub(crate) fn native(handler: impl EventHandler) -> Result<Self, String> {
        let config = notify::Config::default().with_follow_symlinks(true);
        let watcher = RecommendedWatcher::new(handler, config).map_err(|error| error.to_string())?;
        Ok(Self { watcher: Some(watcher), ..Self::polling() })
    }

    /// No events: everything is polled.
    pub(crate) fn polling() -> Self {
        Self {
            watcher: None,
            watched: BTreeSet::new(),
            polled: BTreeSet::new(),
            recent: Vec::new(),
            is_limited: false,
        }
    }

    /// Its name in output.
    pub(crate) fn name(&self) -> &'static str {
        if self.watcher.is_none() {
            return "poll";
        }
        match RecommendedWatcher::kind() {
            notify::WatcherKind::Inotify => "inotify",
            notify::WatcherKind::Fsevent => "fsevents",
            notify::WatcherKind::Kqueue => "kqueue",
            notify::WatcherKind::ReadDirectoryChangesWatcher => "windows",
            notify::WatcherKind::PollWatcher | notify::WatcherKind::NullWatcher | _ => "native",
        }
    }

    /// Watches a folder, without those below it. Polls it if the system will not.
    pub(crate) fn watch(&mut self, folder: &Path, now: Instant) {
        let Some(watcher) = &mut self.watcher else {
            self.polled.insert(folder.to_owned());
            return;
        };
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.watched.insert(folder.to_owned());
                self.polled.remove(folder);
                self.recent.push((folder.to_owned(), now));
            }
            Err(error) => {
                self.is_limited |= matches!(error.kind, ErrorKind::MaxFilesWatch);
                tracing::debug!(%error, folder = %folder.display(), "polled");
                self.polled.insert(folder.to_owned());
            }
        }
    }

    /// Polls a folder, whatever the system offers.
    pub(crate) fn poll(&mut self, folder: &Path) {
        self.polled.insert(folder.to_owned());
    }

    /// Ends watching a folder.
    pub(crate) fn unwatch(&mut self, folder: &Path) {
        self.polled.remove(folder);
        self.recent.retain(|it| it.0 != folder);
        if self.watched.remove(folder)
            && let Some(watcher) = &mut self.watcher
            && let Err(error) = watcher.unwatch(folder)
        {
            // The folder is gone, and its watch with it.
            tracing::trace!(%error, folder = %folder.display(), "unwatched");
        }
    }

    /// Watches again what was watched lately; to be called after unwatching. Returns these folders.
    pub(crate) fn rewatch(&mut self, now: Instant) -> Vec<PathBuf> {
        self.recent.retain(|it| now.saturating_duration_since(it.1) < RECENT);
        let folders: Vec<PathBuf> = self.recent.drain(..).map(|it| it.0).collect();
        for folder in &folders {
            self.watch(folder, now);
        }
        folders
    }

    /// Folders that are polled.
    pub(crate) fn polled(&self) -> &BTreeSet<PathBuf> {
        &self.polled
    }

    /// How many folders the system watches.
    pub(crate) fn watch_count(&self) -> usize {
        self.watched.len()
    }

    /// Whether the system has refused to watch more folders.
    pub(crate) fn is_limited(&self) -> bool {
        self.is_limited
    }
}
