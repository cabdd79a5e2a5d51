//! How long the parts of a run took, for `--timings`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Sums over all threads.
#[derive(Debug)]
pub(crate) struct Timings {
    wanted: bool,
    started: Instant,
    files: AtomicU64,
    bytes: AtomicU64,
    reading: AtomicU64,
    lowering: AtomicU64,
}

impl Timings {
    /// Starts the clock.
    pub(crate) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            started: Instant::now(),
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            reading: AtomicU64::new(0),
            lowering: AtomicU64::new(0),
        }
    }

    /// A file of that many bytes was read since `started`.
    pub(crate) fn read(&self, started: Instant, bytes: usize) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.reading.fetch_add(nanoseconds(started), Ordering::Relaxed);
    }

    /// A file was decoded and lowered since `started`.
    pub(crate) fn lowered(&self, started: Instant) {
        self.lowering.fetch_add(nanoseconds(started), Ordering::Relaxed);
    }

    /// The sums as text; empty if they were not asked for.
    pub(crate) fn summary(&self) -> String {
        if !self.wanted {
            return String::new();
        }
        format!(
            "timings: {} files, {} bytes; {} ms in all; summed over threads: reading {} ms, parsing {} ms\n",
            self.files.load(Ordering::Relaxed),
            self.bytes.load(Ordering::Relaxed),
            nanoseconds(self.started) / 1_000_000,
            self.reading.load(Ordering::Relaxed) / 1_000_000,
            self.lowering.load(Ordering::Relaxed) / 1_000_000,
        )
    }
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
