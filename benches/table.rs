//! Rounds of measuring, and the table of the best.

#![expect(clippy::cast_precision_loss, reason = "no figure here has more than a few digits")]

use std::time::Duration;

use cpu_time::ThreadTime;

/// Something that is measured.
pub struct Measure<'a> {
    name: &'static str,
    run: Box<dyn FnMut() + 'a>,
    best: Duration,
}

impl<'a> Measure<'a> {
    /// A piece of work, done once a round.
    pub fn new(name: &'static str, run: impl FnMut() + 'a) -> Self {
        Self { name, run: Box::new(run), best: Duration::MAX }
    }
}

/// Measures that take turns.
pub struct Table<'a> {
    measures: Vec<Measure<'a>>,
}

impl<'a> Table<'a> {
    /// Runs `rounds` rounds.
    pub fn measure(rounds: usize, mut measures: Vec<Measure<'a>>) -> Self {
        for _ in 0..rounds {
            for measure in &mut measures {
                let start = ThreadTime::now();
                (measure.run)();
                measure.best = measure.best.min(start.elapsed());
            }
        }
        Self { measures }
    }

    /// The best time of a measure.
    pub fn best(&self, name: &str) -> Option<Duration> {
        self.measures.iter().find(|it| it.name == name).map(|it| it.best)
    }

    /// The table for people: milliseconds per megabyte of `bytes`, and times the measure called `base`.
    pub fn render(&self, bytes: usize, base: &str) -> String {
        let megabytes = bytes as f64 / 1e6;
        let base = self.best(base).unwrap_or(Duration::MAX).as_secs_f64();
        let row = |it: &Measure<'_>| {
            let seconds = it.best.as_secs_f64();
            format!("{:<44} {:>8.2} ms/MB {:>7.2} x\n", it.name, seconds * 1e3 / megabytes, seconds / base)
        };
        self.measures.iter().map(row).collect()
    }
}
