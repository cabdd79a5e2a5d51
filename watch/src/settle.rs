//! When to look.
//!
//! A program that closes or renames a file is done with it, so its save is looked at at once. Anything else is given
//! a moment without events. When many files change (a checkout, an archive), looking at each would only be slower:
//! then a longer quiet is waited for, though not for ever.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// From the event of a finished save to the look: the rest of its events come together with it.
const AT_ONCE: Duration = Duration::from_micros(300);
/// So many hints without a look, or so many looks within [`STORM_QUIET`], are a storm.
const STORM_HINTS: usize = 100;
const STORM_LOOKS: usize = 4;
/// How long nothing may happen in a storm before it is over.
const STORM_QUIET: Duration = Duration::from_millis(100);
/// No hint waits longer.
const LONGEST: Duration = Duration::from_secs(3);

/// When to look at what is marked.
#[derive(Debug)]
pub(crate) struct Settle {
    quiet: Duration,
    /// The first hint since the last look.
    first: Option<Instant>,
    last: Option<Instant>,
    /// When the last program said that it is done.
    done: Option<Instant>,
    hints: usize,
    looks: VecDeque<Instant>,
}

impl Settle {
    pub(crate) fn new(quiet: Duration) -> Self {
        Self { quiet, first: None, last: None, done: None, hints: 0, looks: VecDeque::new() }
    }

    /// Notes a hint.
    pub(crate) fn note(&mut self, now: Instant, is_done: bool) {
        self.first.get_or_insert(now);
        self.last = Some(now);
        self.hints += 1;
        if is_done {
            self.done = Some(now);
        }
    }

    /// When to look; none if nothing has happened.
    pub(crate) fn due(&self) -> Option<Instant> {
        let (first, last) = (self.first?, self.last?);
        let at = match self.done {
            _ if self.is_storm(last) => last + STORM_QUIET.max(self.quiet),
            Some(done) => done + AT_ONCE,
            None => last + self.quiet,
        };
        Some(at.min(first + LONGEST))
    }

    /// The first hint since the last look.
    pub(crate) fn first(&self) -> Option<Instant> {
        self.first
    }

    /// Notes a look.
    pub(crate) fn looked(&mut self, now: Instant) {
        (self.first, self.last, self.done, self.hints) = (None, None, None, 0);
        self.looks.push_back(now);
        while self.looks.len() > STORM_LOOKS {
            self.looks.pop_front();
        }
    }

    fn is_storm(&self, now: Instant) -> bool {
        let oldest = self.looks.front().filter(|_| self.looks.len() == STORM_LOOKS);
        self.hints >= STORM_HINTS || oldest.is_some_and(|it| now.saturating_duration_since(*it) < STORM_QUIET)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{AT_ONCE, LONGEST, STORM_HINTS, STORM_QUIET, Settle};

    const QUIET: Duration = Duration::from_millis(20);

    #[test]
    fn a_finished_save_is_looked_at_at_once_and_others_after_a_quiet() {
        let (now, mut settle) = (Instant::now(), Settle::new(QUIET));
        assert_eq!(settle.due(), None);
        settle.note(now, false);
        assert_eq!(settle.due(), Some(now + QUIET));
        settle.note(now + QUIET / 2, false);
        assert_eq!(settle.due(), Some(now + QUIET / 2 + QUIET));
        settle.note(now + QUIET, true);
        assert_eq!(settle.due(), Some(now + QUIET + AT_ONCE));
        settle.looked(now + QUIET + AT_ONCE);
        assert_eq!(settle.due(), None);
    }

    #[test]
    fn storms_are_waited_for_but_not_for_ever() {
        let (now, mut settle) = (Instant::now(), Settle::new(QUIET));
        for _ in 0..STORM_HINTS {
            settle.note(now, true);
        }
        assert_eq!(settle.due(), Some(now + STORM_QUIET));
        settle.note(now + LONGEST, true);
        assert_eq!(settle.due(), Some(now + LONGEST));
    }

    #[test]
    fn many_looks_in_a_row_are_a_storm_too() {
        let (now, mut settle) = (Instant::now(), Settle::new(QUIET));
        for at in 0..4 {
            settle.looked(now + Duration::from_millis(at));
        }
        let next = now + Duration::from_millis(5);
        settle.note(next, true);
        assert_eq!(settle.due(), Some(next + STORM_QUIET));
        let later = now + Duration::from_millis(500);
        settle.looked(later);
        settle.note(later + Duration::from_millis(1), true);
        assert_eq!(settle.due(), Some(later + Duration::from_millis(1) + AT_ONCE));
    }
}
