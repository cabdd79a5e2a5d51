//! Running analyses: one query for all of them, keyed by the pass itself and its target.

use std::cell::{Cell, RefCell};

use salsa::plumbing::AsId as _;

use super::analysis::Preserve;
use super::closures;
use super::context::Cx;
use super::erased::{Answer, Erased, Value};
use super::error::PassError;
use super::events::{self, Outcome, PassEvent};
use super::target::On;
use super::transformation::AnyT;
use super::views;
use crate::db::Db;

/// Rounds after which a result that depends on itself is given up. A guess: chains of that length do not come up, and
/// salsa gives up by breaking down, after 200.
const MOST_ROUNDS: u32 = 150;

/// What stack a run should find: passes may go down trees, and ask for others that do.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 4 * 1024 * 1024;

/// A pass on a target. Kept for ever: what is small and asked for once is asked for again.
#[salsa::interned(revisions = usize::MAX)]
pub(crate) struct Task<'db> {
    pass: Erased,
    #[returns(copy)]
    on: On,
}

thread_local! {
    /// The passes that run in this thread, the innermost last.
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
    /// How many passes ran in this thread.
    static RUNS: Cell<u64> = const { Cell::new(0) };
}

struct Running {
    pass: Erased,
    on: On,
    has_bottom: bool,
}

/// Takes a pass from the list of those that run, also when it is cancelled.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        RUNNING.with_borrow_mut(Vec::pop);
    }
}

/// How many passes ran in this thread so far.
pub(crate) fn runs() -> u64 {
    RUNS.get()
}

/// The result of a pass on a target.
pub(crate) fn answer(db: &dyn Db, pass: &Erased, on: On) -> Answer {
    if events::is_listening() {
        return Err(PassError::Listener);
    }
    stacker::maybe_grow(RED_ZONE, STACK, || {
        let on = looked_at(db, pass, on)?;
        if pass.0.caches() {
            return run_task(db, Task::new(db, pass.clone(), on)).clone();
        }
        // A circle with a pass on it that is kept is found there, wherever one enters it.
        let is_open = |running: &Vec<Running>| {
            let inline = running.iter().rev().take_while(|it| !it.pass.0.caches());
            inline.into_iter().any(|it| it.on == on && it.pass == *pass)
        };
        if RUNNING.with_borrow(is_open) {
            return Err(PassError::Cycle);
        }
        run_or_reuse(db, pass, on, None)
    })
}

/// The view that a pass looks at: normalized, and without transformations that change nothing.
fn looked_at(db: &dyn Db, pass: &Erased, on: On) -> Result<On, PassError> {
    let Some(view) = on.view() else { return Ok(on) };
    let view = views::through_once(db, view, &pass.0.normalize());
    if view.is_source() {
        return Ok(on.with_view(view));
    }
    Ok(on.with_view(views::effective(db, view)?))
}

#[salsa::tracked(returns(ref), cycle_initial = assume, cycle_fn = next_round)]
fn run_task<'db>(db: &'db dyn Db, task: Task<'db>) -> Answer {
    run_or_reuse(db, task.pass(db), task.on(db), Some(task.as_id()))
}

/// What is taken for a result that is asked for while it is being found.
fn assume(db: &dyn Db, _: salsa::Id, task: Task<'_>) -> Answer {
    let (pass, on) = (task.pass(db), task.on(db));
    // The circle has a result if all passes on it can begin somewhere; else who asks first would make a difference.
    let all_can_begin = RUNNING.with_borrow(|running| {
        let first = running.iter().rposition(|it| it.on == on && it.pass == *pass).unwrap_or(0);
        running[first..].iter().all(|it| it.has_bottom)
    });
    pass.0.bottom().filter(|_| all_can_begin).ok_or(PassError::Cycle)
}

/// What is taken for the result in the next round.
fn next_round(db: &dyn Db, cycle: &salsa::Cycle<'_>, last: &Answer, next: Answer, task: Task<'_>) -> Answer {
    match (last, next) {
        (Err(PassError::Cycle), _) => Err(PassError::Cycle),
        (Err(PassError::NoFixPoint), _) => Err(PassError::NoFixPoint),
        (Ok(last), Ok(next)) if *last == next => Ok(next),
        _ if cycle.iteration() >= MOST_ROUNDS => Err(PassError::NoFixPoint),
        (Ok(last), Ok(next)) => Ok(task.pass(db).0.widen(last, next)),
        (_, next) => next,
    }
}

/// Takes the result from the view below, if the transformation between them preserves it; else runs the pass.
fn run_or_reuse(db: &dyn Db, pass: &Erased, on: On, task: Option<salsa::Id>) -> Answer {
    let preserved = preserved(db, pass, on)?;
    match preserved {
        None => run_or_recall(db, pass, on, task),
        Some((value, transformation)) => {
            if db.shared().passes.verifies {
                let found = run_or_recall(db, pass, on, task)?;
                if found != value {
                    let (pass, transformation) = (pass.0.name(), transformation.name());
                    db.shared().listeners.tell(|| PassEvent::NotPreserved { pass, transformation, on });
                    return Ok(found);
                }
            }
            Ok(value)
        }
    }
}

/// The result on the view below, if it is said to survive.
fn preserved(db: &dyn Db, pass: &Erased, on: On) -> Result<Option<(Value, AnyT)>, PassError> {
    let Some(view) = on.view().filter(|it| !it.is_source()) else { return Ok(None) };
    let Some((below, transformation)) = views::last_step(db, view) else { return Ok(None) };
    let theirs = transformation.0.preserves(pass.0.any());
    let preserve = theirs.max(pass.0.survives(transformation.0.any()));
    let value = match preserve {
        Preserve::No => None,
        Preserve::Same => Some(answer(db, pass, on.with_view(below))?),
        Preserve::Mapped => {
            let value = answer(db, pass, on.with_view(below))?;
            views::with_node_map(db, view, |map| pass.0.remap(&value, map))?
        }
    };
    Ok(value.map(|it| (it, transformation)))
}

/// Reads the result from the store, if it is kept there; else runs the pass.
fn run_or_recall(db: &dyn Db, pass: &Erased, on: On, task: Option<salsa::Id>) -> Answer {
    let key = pass.0.is_kept().then(|| closures::key(db, pass, on)).flatten();
    let Some(key) = key else { return run(db, pass, on, task) };
    let store = &db.shared().summaries.store;
    if !db.shared().passes.verifies
        && let Some(value) = store.get(&key).and_then(|it| pass.0.decode(&it))
    {
        return Ok(value);
    }
    let answer = run(db, pass, on, task);
    if let Some(bytes) = answer.as_ref().ok().and_then(|it| pass.0.encode(it)) {
        store.put(key, bytes.into());
    }
    answer
}

fn run(db: &dyn Db, pass: &Erased, on: On, task: Option<salsa::Id>) -> Answer {
    let (name, listeners) = (pass.0.name(), &db.shared().listeners);
    RUNS.set(RUNS.get() + 1);
    if task.is_some_and(|it| listeners.had_result(it)) {
        listeners.tell(|| PassEvent::AnalysisStale { pass: name, on });
    }
    listeners.tell(|| PassEvent::RunningAnalysis { pass: name, on });
    let started = listeners.now();
    let answer = run_once(db, pass, on);
    // In a circle, what others give changes from round to round.
    if db.shared().passes.verifies && pass.0.bottom().is_none() && run_once(db, pass, on) != answer {
        listeners.tell(|| PassEvent::Impure { pass: name, on });
    }
    let backdated = task.is_some_and(|it| listeners.note_result(it, &answer));
    listeners.tell(|| PassEvent::AnalysisEnded {
        pass: name,
        on,
        outcome: if answer.is_ok() { Outcome::Done } else { Outcome::Failed },
        micros: listeners.micros_since(started),
        backdated,
    });
    answer
}

fn run_once(db: &dyn Db, pass: &Erased, on: On) -> Answer {
    let mut cx = Cx::new(db, pass.0.name(), pass.0.reach(), on);
    if let Some(view) = on.view().filter(|_| pass.0.is_kept()) {
        cx = cx.within(closures::files(db, view));
    }
    let has_bottom = pass.0.bottom().is_some();
    RUNNING.with_borrow_mut(|it| it.push(Running { pass: pass.clone(), on, has_bottom }));
    let leave = Leave;
    let answer = pass.0.run(&cx, on);
    drop(leave);
    cx.fatal().map_or(answer, Err)
}
