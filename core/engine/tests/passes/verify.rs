//! Verify mode: what passes say of themselves is looked into.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use astkit_ast::python::Kind;
use astkit_engine::WorkspaceBuilder;
use astkit_engine::passes::{PassEvent, View, from_fn};

use crate::support::*;
use crate::views::{MODULE, Preserves, TruesIntoOnes};

fn findings(scratch: &Scratch) -> Vec<String> {
    let shown = |it: PassEvent| match it {
        PassEvent::NotPreserved { pass, transformation, .. } => {
            Some(format!("{transformation} changes {pass}"))
        }
        PassEvent::Impure { pass, .. } => Some(format!("{pass} is impure")),
        _ => None,
    };
    scratch.events().into_iter().filter_map(shown).collect()
}

#[test]
fn a_lie_about_what_is_preserved_is_found_and_does_no_harm() {
    // A name is not among the constants, so one count less.
    let names = Count { of: Kind::Constant, times: 1 };
    let classes = Count { of: Kind::ClassDef, times: 1 };
    for verifies in [false, true] {
        let scratch =
            Scratch::with(&memory(&[("m.py", MODULE)]), |it| if verifies { it.verify_passes() } else { it });
        let snapshot = scratch.workspace.snapshot();
        let lying = TruesIntoOnes { preserves: Preserves::Everything };
        let (_, view) = snapshot.apply(&lying, scratch.view("m.py")).unwrap();
        snapshot.gather(&names, view).unwrap();
        assert_eq!(*snapshot.gather(&classes, view).unwrap(), 2);
        assert_eq!(findings(&scratch), [""; 0], "both are true");
        let text = from_fn("test.dump", 1, |cx, on: View| Ok(cx.tree(on)?.hash()));
        let found = snapshot.gather(&text, view).unwrap();
        let truth = snapshot.tree(view).unwrap().hash();
        assert_eq!(*found == truth, verifies);
        let expected: &[&str] = if verifies { &["test.ones changes test.dump"] } else { &[] };
        assert_eq!(findings(&scratch), expected);
    }
}

#[test]
fn a_pass_with_a_state_of_its_own_is_found() {
    let scratch = Scratch::with(&memory(&[("m.py", "x = 1\n")]), WorkspaceBuilder::verify_passes);
    let counter = AtomicU32::new(0);
    let counts = from_fn("test.counter", 1, move |_, _: View| Ok(counter.fetch_add(1, Relaxed)));
    let pure = from_fn("test.pure", 1, |cx, on: View| Ok(cx.tree(on)?.node_count()));
    scratch.workspace.gather(&pure, scratch.view("m.py")).unwrap();
    assert_eq!(findings(&scratch), [""; 0]);
    scratch.workspace.gather(&counts, scratch.view("m.py")).unwrap();
    assert_eq!(findings(&scratch), ["test.counter is impure"]);
}
