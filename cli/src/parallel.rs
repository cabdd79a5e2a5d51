//! Work on many items at once, results in the order of the items.
//!
//! Results go to the caller one by one as soon as it is their turn. Workers stay at most a window ahead of it, so
//! memory does not grow with the number of items. Stacks are big, because trees can be deep. What one worker would do
//! is done in the caller's thread.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Address space for a worker's stack; pages that are never touched cost nothing.
const STACK: usize = 256 << 20;
/// How far workers may be ahead of the caller, per worker.
const WINDOW: usize = 16;

struct State<R> {
    next: usize,
    taken: usize,
    done: BTreeMap<usize, R>,
    stopped: bool,
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
    let state = Mutex::new(State { next: 0, taken: 0, done: BTreeMap::new(), stopped: false });
    let changed = Condvar::new();
    thread::scope(|scope| {
        for number in 0..jobs {
            let worker = thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK);
            let run = || run(items, &work, &state, &changed, jobs * WINDOW);
            if worker.spawn_scoped(scope, run).is_err() && number == 0 {
                // No thread at all: this one does the work, item by item.
                return items.iter().map(&work).try_for_each(&mut take);
            }
        }
        let result = (0..items.len()).try_for_each(|at| take(wait_for(at, &state, &changed)));
        state.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        changed.notify_all();
        result
    })
}

fn run<T, R>(
    items: &[T],
    work: &impl Fn(&T) -> R,
    state: &Mutex<State<R>>,
    changed: &Condvar,
    window: usize,
) {
    loop {
        let at = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            while !state.stopped && state.next < items.len() && state.next >= state.taken + window {
                state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.stopped || state.next >= items.len() {
                return;
            }
            state.next += 1;
            state.next - 1
        };
        let result = work(&items[at]);
        state.lock().unwrap_or_else(PoisonError::into_inner).done.insert(at, result);
        changed.notify_all();
    }
}

fn wait_for<R>(at: usize, state: &Mutex<State<R>>, changed: &Condvar) -> R {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(result) = state.done.remove(&at) {
            state.taken = at + 1;
            changed.notify_all();
            return result;
        }
        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
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
    fn an_error_stops_the_workers() {
        let items: Vec<u32> = (0..2000).collect();
        let result = in_order(3, &items, |it| *it, |it| if it < 10 { Ok(()) } else { Err(it) });
        assert_eq!(result, Err(10));
    }
}
