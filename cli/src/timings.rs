//! How long the parts of a run took and which queries it asked, for `--timings`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use astkit_engine::passes::{RunTime, RunTimes};
use astkit_engine::store::StoreCounts;

use crate::render::Append;

/// Sums over all threads.
#[derive(Debug)]
pub(crate) struct Timings {
    wanted: bool,
    started: Instant,
    files: AtomicU64,
    bytes: AtomicU64,
    reading: AtomicU64,
    lowering: AtomicU64,
    /// What the engine tells.
    engine: Mutex<Vec<String>>,
    passes: RunTimes,
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
            engine: Mutex::default(),
            passes: RunTimes::default(),
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

    /// The engine ran these queries, each so often, and lowered so many files.
    pub(crate) fn queries(&self, counts: &BTreeMap<String, u64>, lowered: u64) {
        if !self.wanted {
            return;
        }
        let queries: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let queries = if queries.is_empty() { "none".to_owned() } else { queries.join(", ") };
        self.say(format!("timings: queries run: {queries}; files parsed for them: {lowered}"));
    }

    /// Names were followed in so many files of all, and so many files have definitions that were hashed.
    pub(crate) fn linked(&self, linked: usize, rehashed: usize, all: usize) {
        if self.wanted {
            self.say(format!("timings: names followed in {linked} of {all} files, hashed in {rehashed}"));
        }
    }

    /// Where passes tell how often they ran; none if nobody wants to know.
    pub(crate) fn passes(&self) -> Option<&RunTimes> {
        self.wanted.then_some(&self.passes)
    }

    /// The cache was used like this.
    pub(crate) fn store(&self, counts: &StoreCounts) {
        if self.wanted {
            let StoreCounts { hits, misses, written, damaged, failed } = counts;
            self.say(format!(
                "timings: cache: {hits} found, {misses} not, {written} written, {damaged} damaged, {failed} failed"
            ));
        }
    }

    fn say(&self, line: String) {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// The sums as text; empty if they were not asked for.
    pub(crate) fn summary(&self) -> String {
        if !self.wanted {
            return String::new();
        }
        let mut out = format!(
            "timings: {} files, {} bytes; {} ms in all; summed over threads: reading {} ms, parsing {} ms\n",
            self.files.load(Ordering::Relaxed),
            self.bytes.load(Ordering::Relaxed),
            nanoseconds(self.started) / 1_000_000,
            self.reading.load(Ordering::Relaxed) / 1_000_000,
            self.lowering.load(Ordering::Relaxed) / 1_000_000,
        );
        for line in self.engine.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            out.append(format_args!("{line}\n"));
        }
        let shown = |(name, it): (&str, RunTime)| format!("{name} {} in {} ms", it.runs, it.micros / 1000);
        let passes: Vec<_> =
            self.passes.by_pass().into_iter().filter(|it| it.1.runs > 0).map(shown).collect();
        if !passes.is_empty() {
            out.append(format_args!(
                "timings: passes run, with those that they asked: {}\n",
                passes.join(", ")
            ));
        }
        out
    }
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
