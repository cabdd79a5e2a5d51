//! What happens in here, for whoever listens: changes of modules, runs of passes, findings of verify mode.
//!
//! Listeners are told while the work is done, by the thread that does it. They may not ask for results: that would
//! make the work depend on who listens.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::erased::{Answer, DynOutput};
use super::error::PassError;
use super::target::{On, View};
use crate::inputs::RootId;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// With a result.
    Done,
    /// With an error.
    Failed,
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PassEvent {
    /// A file joined a root.
    ModuleAdded {
        /// The root.
        root: RootId,
        /// The file.
        path: PathBuf,
    },
    /// A file left a root.
    ModuleRemoved {
        /// The root.
        root: RootId,
        /// The file.
        path: PathBuf,
    },
    /// A file has another content.
    ModuleChanged {
        /// The root.
        root: RootId,
        /// The file.
        path: PathBuf,
    },
    /// The texts of a root are read for another Python from now on.
    FrontendChanged {
        /// The root.
        root: RootId,
    },
    /// A transformation has another tree of a module.
    ModuleTransformed {
        /// Its name.
        pass: &'static str,
        /// What it was applied to.
        view: View,
        /// Whether the tree is another one at all.
        update: bool,
        /// How many nodes are new.
        added: usize,
        /// How many nodes are gone.
        removed: usize,
    },
    /// An analysis begins to run that had a result: something that it had looked at is another.
    AnalysisStale {
        /// Its name.
        pass: &'static str,
        /// Its target.
        on: On,
    },
    /// An analysis begins to run.
    RunningAnalysis {
        /// Its name.
        pass: &'static str,
        /// Its target.
        on: On,
    },
    /// An analysis has run.
    AnalysisEnded {
        /// Its name.
        pass: &'static str,
        /// Its target.
        on: On,
        /// How it ended.
        outcome: Outcome,
        /// How long it took, with what it asked for.
        micros: u64,
        /// Whether the result is what it was before, so that nobody who used it has to run.
        backdated: bool,
    },
    /// A result was asked for from outside, and nothing had to run.
    AnalysisReused {
        /// The analysis.
        pass: &'static str,
        /// Its target.
        on: On,
    },
    /// A transformation begins to run.
    RunningTransform {
        /// Its name.
        pass: &'static str,
        /// What it is applied to.
        on: On,
    },
    /// A transformation has run.
    TransformEnded {
        /// Its name.
        pass: &'static str,
        /// What it was applied to.
        on: On,
        /// How it ended.
        outcome: Outcome,
        /// How long it took.
        micros: u64,
    },
    /// Verify mode: a result that is said to be preserved is another one.
    NotPreserved {
        /// The analysis.
        pass: &'static str,
        /// The transformation.
        transformation: &'static str,
        /// The target.
        on: On,
    },
    /// Verify mode: a pass gave two results for one state.
    Impure {
        /// Its name.
        pass: &'static str,
        /// Its target.
        on: On,
    },
}

/// A listener, to be removed by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ListenerId(u64);

type Listener = dyn Fn(&PassEvent) + Send + Sync;

/// All listeners, and what they are told of results.
#[derive(Default)]
pub(crate) struct Listeners {
    list: RwLock<List>,
    last: Mutex<FxHashMap<salsa::Id, Last>>,
    clock: Option<Clock>,
}

/// The time since some moment. The engine has no clock of its own.
pub(crate) type Clock = Box<dyn Fn() -> Duration + Send + Sync>;

#[derive(Default)]
struct List {
    /// The last number that was given away.
    last: u64,
    all: Vec<(ListenerId, Arc<Listener>)>,
}

/// A result that a task had.
enum Last {
    Done(std::sync::Weak<dyn DynOutput>),
    Failed(PassError),
}

thread_local! {
    static IS_LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a listener is being told something by this thread.
pub(crate) fn is_listening() -> bool {
    IS_LISTENING.get()
}

/// Ends listening, also when a listener breaks down.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        IS_LISTENING.set(false);
    }
}

impl Listeners {
    pub(crate) fn new(clock: Option<Clock>) -> Self {
        Self { clock, ..Self::default() }
    }

    pub(crate) fn add(&self, listener: Arc<Listener>) -> ListenerId {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        list.last += 1;
        let id = ListenerId(list.last);
        list.all.push((id, listener));
        id
    }

    pub(crate) fn remove(&self, id: ListenerId) -> bool {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let before = list.all.len();
        list.all.retain(|it| it.0 != id);
        list.all.len() < before
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> PassEvent) {
        // The lock is free while they work, so that a listener may remove itself.
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner).all.clone();
        if list.is_empty() || is_listening() {
            return;
        }
        let event = event();
        let _listening = Listening;
        IS_LISTENING.set(true);
        for (_, listener) in list {
            listener(&event);
        }
    }

    /// The time, if there is a clock.
    pub(crate) fn now(&self) -> Duration {
        self.clock.as_ref().map(|it| it()).unwrap_or_default()
    }

    pub(crate) fn micros_since(&self, start: Duration) -> u64 {
        u64::try_from(self.now().saturating_sub(start).as_micros()).unwrap_or(u64::MAX)
    }

    /// Whether a task had a result before.
    pub(crate) fn had_result(&self, task: salsa::Id) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&task)
    }

    /// Notes a task's result; tells whether it is what it was.
    pub(crate) fn note_result(&self, task: salsa::Id, answer: &Answer) -> bool {
        let now = match answer {
            Ok(it) => Last::Done(Arc::downgrade(&it.0)),
            Err(error) => Last::Failed(error.clone()),
        };
        let before = self.last.lock().unwrap_or_else(PoisonError::into_inner).insert(task, now);
        match (before, answer) {
            (Some(Last::Done(before)), Ok(now)) => before.upgrade().is_some_and(|it| it.equals(&*now.0)),
            (Some(Last::Failed(before)), Err(now)) => before == *now,
            _ => false,
        }
    }
}

/// How often passes ran and how long, from events.
#[derive(Clone, Debug, Default)]
pub struct RunTimes {
    by_pass: Arc<Mutex<BTreeMap<&'static str, RunTime>>>,
}

/// How often a pass ran, and how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RunTime {
    /// How often it ran.
    pub runs: u64,
    /// How many of these ended with an error.
    pub failed: u64,
    /// How many gave what they had given before.
    pub backdated: u64,
    /// How often its result was there when it was asked for from outside.
    pub reused: u64,
    /// How long all runs took together, with what they asked for.
    pub micros: u64,
}

impl RunTimes {
    /// What to give to [`Workspace::listen`](crate::Workspace::listen). Times are those of the workspace's
    /// [clock](crate::WorkspaceBuilder::clock); without one, they are all zero.
    pub fn listener(&self) -> impl Fn(&PassEvent) + Send + Sync + 'static {
        let by_pass = Arc::clone(&self.by_pass);
        #[expect(clippy::wildcard_enum_match_arm, reason = "other events are no runs")]
        move |event: &PassEvent| {
            let mut by_pass = by_pass.lock().unwrap_or_else(PoisonError::into_inner);
            match event {
                PassEvent::AnalysisEnded { pass, outcome, micros, backdated, on: _ } => {
                    let it = by_pass.entry(pass).or_default();
                    it.add(*outcome, *micros);
                    it.backdated += u64::from(*backdated);
                }
                PassEvent::TransformEnded { pass, outcome, micros, on: _ } => {
                    by_pass.entry(pass).or_default().add(*outcome, *micros);
                }
                PassEvent::AnalysisReused { pass, on: _ } => by_pass.entry(pass).or_default().reused += 1,
                _ => {}
            }
        }
    }

    /// The figures so far.
    pub fn by_pass(&self) -> BTreeMap<&'static str, RunTime> {
        self.by_pass.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RunTime {
    fn add(&mut self, outcome: Outcome, micros: u64) {
        self.runs += 1;
        self.failed += u64::from(outcome == Outcome::Failed);
        self.micros += micros;
    }
}
