//! How to watch.

use std::path::PathBuf;
use std::time::Duration;

/// How to watch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// How long nothing may happen before a change that no program has ended (by closing or renaming a file) is
    /// looked at.
    pub settle: Duration,
    /// Whether to poll.
    pub polling: Polling,
    /// How long between two looks at all stats while nothing happens; none for never.
    pub safety_scan: Option<Duration>,
    /// A cookie file: when it is written, [`Event::Synced`](crate::Event::Synced) follows what happened before.
    pub sync_file: Option<PathBuf>,
    /// Files that are reported without content when they change, wherever they are: configuration.
    pub others: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settle: Duration::from_millis(20),
            polling: Polling::IfNeeded,
            safety_scan: Some(Duration::from_secs(4)),
            sync_file: None,
            others: Vec::new(),
        }
    }
}

/// Whether to poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Polling {
    /// Where the system gives no events.
    IfNeeded,
    /// Everywhere, this often.
    Every(Duration),
}

/// How often is polled what the system gives no events for.
pub(crate) const POLL: Duration = Duration::from_millis(250);
