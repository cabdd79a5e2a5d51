//! What is told, in which order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use astkit_engine::passes::{Outcome, PassError, PassEvent, RunTimes, View, edits_fn, from_fn};
use astkit_engine::{Changes, NoProgress};

use astkit_transform::Edits;

use crate::support::*;

/// The event without its target.
fn shown(event: &PassEvent) -> String {
    let text = format!("{event:?}");
    let name = text.split([' ', '{']).next().unwrap().to_owned();
    match event {
        PassEvent::AnalysisEnded { outcome, backdated, .. } => format!("{name} {outcome:?} {backdated}"),
        PassEvent::ModuleTransformed { update, added, removed, .. } => {
            format!("{name} {update} +{added} -{removed}")
        }
        _ => name,
    }
}

fn all(scratch: &Scratch) -> Vec<String> {
    scratch.events().iter().map(shown).collect()
}

#[test]
fn every_kind_of_event_comes_when_it_should() {
    let mut scratch = Scratch::new(&[("m.py", "def f(): print(1)\n")]);
    let f = scratch.def("m.py", "f");
    scratch.workspace.gather(&PRINTS, f).unwrap();
    assert_eq!(all(&scratch), ["RunningAnalysis", "AnalysisEnded Done false"]);
    scratch.workspace.gather(&PRINTS, f).unwrap();
    assert_eq!(all(&scratch), ["AnalysisReused"]);
    scratch.write("m.py", "def f(): print(2)\n");
    assert_eq!(all(&scratch), ["ModuleChanged"]);
    scratch.workspace.gather(&PRINTS, f).unwrap();
    assert_eq!(all(&scratch), ["AnalysisStale", "RunningAnalysis", "AnalysisEnded Done true"]);
    scratch.write("n.py", "'text'\n");
    assert_eq!(all(&scratch), ["ModuleAdded"]);
    let snapshot = scratch.workspace.snapshot();
    let delete = edits_fn("test.delete", 1, |_, _: View, tree| {
        let mut edits = Edits::new();
        tree.root().children().for_each(|it| edits.delete(it));
        Ok(edits)
    });
    let (updated, _) = snapshot.apply(&delete, scratch.view("n.py")).unwrap();
    assert!(updated);
    drop(snapshot);
    assert_eq!(all(&scratch), ["RunningTransform", "TransformEnded", "ModuleTransformed true +0 -2"]);
    scratch.remove("n.py");
    assert_eq!(all(&scratch), ["ModuleRemoved"]);
    let mut environment = environment();
    environment.interpreter.version = astkit_ast::PythonVersion { major: 2, minor: 7 };
    let mut changes = Changes::new();
    changes.environment(scratch.root, environment);
    scratch.workspace.apply(&changes, &NoProgress);
    assert_eq!(all(&scratch), ["FrontendChanged"]);
}

#[test]
fn figures_come_from_events() {
    let ticks = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&ticks);
    let mut scratch = Scratch::with(&memory(&[("m.py", "x = 1\n"), ("n.py", "x = 1\n")]), |it| {
        it.clock(move || Duration::from_micros(clock.fetch_add(10, Relaxed)))
    });
    let times = RunTimes::default();
    let listener = scratch.workspace.listen(times.listener());
    let (m, n) = (scratch.view("m.py"), scratch.view("n.py"));
    let fails = from_fn("test.fails", 1, |_, _: View| Err::<u8, _>(PassError::failed("always")));
    let ask = |scratch: &Scratch| {
        for view in [m, n] {
            scratch.workspace.gather(&Prints, view).unwrap();
            scratch.workspace.gather(&fails, view).unwrap_err();
        }
    };
    ask(&scratch);
    ask(&scratch);
    scratch.write("m.py", "x = 2\n");
    ask(&scratch);
    let figures = times.by_pass();
    let calls = figures["test.calls"];
    assert_eq!((calls.runs, calls.failed, calls.backdated, calls.reused), (3, 0, 1, 0));
    let prints = figures["test.prints"];
    assert_eq!((prints.runs, prints.reused), (2, 3));
    assert_eq!((figures["test.fails"].failed, figures["test.fails"].reused), (2, 4));
    assert!(prints.micros > calls.micros / 3 && calls.micros >= 30, "{figures:?}");
    scratch.workspace.unlisten(listener);
    ask(&scratch);
    assert_eq!(times.by_pass(), figures);
    let ended = |it: &PassEvent| matches!(it, PassEvent::AnalysisEnded { outcome: Outcome::Failed, .. });
    assert_eq!(scratch.events().iter().filter(|it| ended(it)).count(), 2);
}
