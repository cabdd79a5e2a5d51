//! Work on many items at once, results in the order of the items.
//!
//! Results go to the caller in order, a handful at a time, and what is done soon after at the latest: to wake a thread
//! costs as much as a small item does. Workers stay at most a window ahead of what the caller took, so memory does not
//! grow with the number of items. Stacks are big, because trees can be deep. What one worker would do is done in the
//! caller's thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Address space for a worker's stack; pages that are never touched cost nothing.
const STACK: usize = 256 << 20;
/// How far workers may be ahead of the caller, per worker.
const WINDOW: usize = 16;
/// How many results wake the caller, per worker.
const HANDFUL: usize = 8;
/// When the caller looks for results that nobody woke it for.
const PATIENCE: Duration = Duration::from_millis(20);

/// What workers and caller share.
struct Shared<R> {
    items: usize,
    window: usize,
    handful: usize,
    state: Mutex<State<R>>,
    /// There are results to take.
    results: Condvar,
    /// There is room for results.
    room: Condvar,
}

struct State<R> {
    /// The next item that nobody works on yet.
    next: usize,
    /// How many results the caller took.
    taken: usize,
    /// The results after these, as far as they are done.
    done: VecDeque<Option<R>>,
    /// How many of them can be taken: all before the first that is not done.
    ready: usize,
    stopped: bool,
    caller_waits: bool,
    workers_wait: bool,
}

/// Calls `work` for every item in `jobs` threads and `take` with each result, in order, in this thread.
///
/// Stops early when `take` fails, and returns its error.
pub(crate) fn in_order<T: Sync, R: Send, E>(
    jobs: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let jobs = jobs.clamp(1, items.len().max(1));
    if jobs == 1 {
        return items.iter().map(work).try_for_each(take);
    }
    let shared = Shared::new(items.len(), jobs);
    thread::scope(|scope| {
        for number in 0..jobs {
            let worker = thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK);
            let run = || {
                let mut finished = None;
                while let Some(at) = shared.hand_in(finished.take()) {
                    finished = Some((at, work(&items[at])));
                }
            };
            if worker.spawn_scoped(scope, run).is_err() && number == 0 {
                // No thread at all: this one does the work, item by item.
                return items.iter().map(&work).try_for_each(&mut take);
            }
        }
        let mut results = VecDeque::new();
        let result = (0..items.len()).try_for_each(|_| {
            if results.is_empty() {
                shared.take(&mut results);
            }
            results.pop_front().map_or(Ok(()), &mut take)
        });
        shared.stop();
        result
    })
}

impl<R> Shared<R> {
    fn new(items: usize, jobs: usize) -> Self {
        let state = State {
            next: 0,
            taken: 0,
            done: VecDeque::new(),
            ready: 0,
            stopped: false,
            caller_waits: false,
            workers_wait: false,
        };
        Self {
            items,
            window: jobs * WINDOW,
            handful: jobs * HANDFUL,
            state: Mutex::new(state),
            results: Condvar::new(),
            room: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_enough(&self, state: &State<R>) -> bool {
        state.ready >= self.handful || state.taken + state.ready == self.items
    }

    /// Takes a worker's result, and returns what it is to work on next.
    fn hand_in(&self, finished: Option<(usize, R)>) -> Option<usize> {
        let mut state = self.lock();
        if let Some((at, result)) = finished {
            state.put(at, result);
            if state.caller_waits && self.is_enough(&state) {
                state.caller_waits = false;
                self.results.notify_one();
            }
        }
        while !state.stopped && state.next < self.items && state.next >= state.taken + self.window {
            state.workers_wait = true;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped || state.next >= self.items {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    /// Waits for results, and takes those that can be taken.
    fn take(&self, out: &mut VecDeque<R>) {
        let mut state = self.lock();
        let mut is_patient = true;
        while !self.is_enough(&state) && (is_patient || state.ready == 0) {
            state.caller_waits = true;
            let waited = self.results.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            is_patient = !waited.1.timed_out();
            state = waited.0;
        }
        state.caller_waits = false;
        let ready = std::mem::take(&mut state.ready);
        out.extend(state.done.drain(..ready).flatten());
        state.taken += ready;
        if std::mem::take(&mut state.workers_wait) {
            self.room.notify_all();
        }
    }

    /// Sends the workers home.
    fn stop(&self) {
        self.lock().stopped = true;
        self.room.notify_all();
    }
}

impl<R> State<R> {
    fn put(&mut self, at: usize, result: R) {
        let place = at - self.taken;
        if self.done.len() <= place {
            self.done.resize_with(place + 1, || None);
        }
        self.done[place] = Some(result);
        while self.done.get(self.ready).is_some_and(Option::is_some) {
            self.ready += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u32> = (0..2000).collect();
        for jobs in [1, 2, 7] {
            let mut out = Vec::new();
            let result: Result<(), ()> = in_order(
                jobs,
                &items,
                |it| it * 2,
                |it| {
                    out.push(it);
                    Ok(())
                },
            );
            assert!(result.is_ok());
            assert!(out.iter().copied().eq(items.iter().map(|it| it * 2)));
        }
    }

    #[test]
    fn what_is_done_is_not_kept_waiting() {
        let (send, receive) = std::sync::mpsc::channel();
        let receive = Mutex::new(receive);
        let mut taken = 0;
        // The second item is not done before the first was taken.
        let work = |it: &u32| *it == 0 || receive.lock().is_ok_and(|it| it.recv().is_ok());
        let result: Result<(), ()> = in_order(2, &[0, 1], work, |is_done| {
            assert!(is_done);
            taken += 1;
            send.send(()).map_err(drop)
        });
        assert!(result.is_ok());
        assert_eq!(taken, 2);
    }

    #[test]
    fn an_error_stops_the_workers() {
        let items: Vec<u32> = (0..2000).collect();
        let result = in_order(3, &items, |it| *it, |it| if it < 10 { Ok(()) } else { Err(it) });
        assert_eq!(result, Err(10));
    }
}
