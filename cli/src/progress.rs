//! A progress bar on standard error, if that is a terminal and the work takes a while.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Work that is done before this is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// Shows how many items are done.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    shown: Cell<bool>,
}

impl Progress {
    /// A bar for that many items; `hidden` for none.
    pub(crate) fn new(items: usize, hidden: bool) -> Self {
        let wanted = !hidden && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = ProgressBar::with_draw_target(Some(items as u64), ProgressDrawTarget::hidden());
            let template = "{bar:30} {pos}/{len} files, {eta} left";
            bar.with_style(
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        });
        Self { bar, started: Instant::now(), shown: Cell::new(false) }
    }

    /// One more item is done.
    pub(crate) fn advance(&self) {
        let Some(bar) = &self.bar else { return };
        if !self.shown.get() && self.started.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown.set(true);
        }
        bar.inc(1);
    }

    /// Does something that prints, with the bar out of the way.
    pub(crate) fn hidden<R>(&self, print: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
