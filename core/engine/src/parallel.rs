//! The same work on many things, by some threads with big stacks.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

/// What a thread's stack takes: queries nest, a kilobyte a level.
const STACK: usize = 16 << 20;

/// How many things a thread takes at a time, so that threads seldom meet.
const BATCH: usize = 16;

/// Calls `work` for every item, with as many threads as there are states; results are in the order of the items.
///
/// A panic in a thread goes on in the caller's.
pub(crate) fn map<S: Send, T: Sync, R: Send>(
    mut states: Vec<S>,
    items: &[T],
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    states.truncate(items.len().div_ceil(BATCH).max(1));
    if let [state] = &mut states[..]
        && items.len() <= BATCH
    {
        return items.iter().map(|it| work(state, it)).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let run = |state: &mut S| {
        let mut own = Vec::new();
        loop {
            let start = next.fetch_add(BATCH, Relaxed);
            let Some(batch) = items.get(start..(start + BATCH).min(items.len())) else { break };
            if batch.is_empty() {
                break;
            }
            own.extend(batch.iter().zip(start..).map(|(it, at)| (at, work(state, it))));
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
    };
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for mut state in states {
            let run = &run;
            let thread = thread::Builder::new().stack_size(STACK);
            match thread.spawn_scoped(scope, move || run(&mut state)) {
                Ok(it) => threads.push(it),
                // The machine has no more threads to give: those that there are do all.
                Err(error) => tracing::warn!(%error, "a thread could not be started"),
            }
        }
        for thread in threads {
            thread.join().unwrap_or_else(|payload| resume_unwind(payload));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|it| it.0);
    done.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_keep_the_order() {
        let items: Vec<usize> = (0..1_000).collect();
        for threads in [1, 2, 7] {
            let found = map(vec![(); threads], &items, |(), it| it * 2);
            assert!(found.iter().enumerate().all(|(at, it)| *it == at * 2) && found.len() == 1_000);
        }
        assert!(map(vec![(); 3], &[], |(), it: &u32| *it).is_empty());
    }

    #[test]
    fn panics_reach_the_caller() {
        let items: Vec<usize> = (0..100).collect();
        let run = || map(vec![(); 2], &items, |(), it| assert_ne!(*it, 70));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
