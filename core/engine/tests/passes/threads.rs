//! Many threads ask while another edits.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

use astkit_engine::passes::{PassError, View};
use astkit_engine::{Changes, NoProgress, Snapshot};

use crate::support::*;

#[test]
fn two_threads_ask_while_a_third_edits() {
    let mut scratch = Scratch::new(&[("m.py", "def f(): print()\n"), ("n.py", "x = 0\n")]);
    let (view, done) = (scratch.view("m.py"), AtomicBool::new(false));
    let answers = AtomicUsize::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let (sender, receiver) = mpsc::channel::<(Snapshot, usize)>();
                let (done, answers) = (&done, &answers);
                scope.spawn(move || {
                    while !done.load(Relaxed) {
                        let Ok((snapshot, expected)) = receiver.recv() else { break };
                        ask(&snapshot, view, expected, answers);
                    }
                });
                sender
            })
            .collect();
        for round in 0..60 {
            let text = format!("def f(): {}\n", vec!["print()"; round % 7 + 1].join(", "));
            scratch.files.write("/p/m.py", text);
            let mut changes = Changes::new();
            changes.path(scratch.root, "/p/m.py");
            // Waits for both, and cancels what they compute.
            scratch.workspace.apply(&changes, &NoProgress);
            for sender in &senders {
                sender.send((scratch.workspace.snapshot(), round % 7 + 1)).unwrap();
            }
            if round % 10 == 9 {
                thread::sleep(std::time::Duration::from_millis(5));
            }
        }
        done.store(true, Relaxed);
        drop(senders);
    });
    assert!(answers.load(Relaxed) > 0);
    assert_eq!(scratch.workspace.gather(&Prints, view).unwrap()[1].1, 59 % 7 + 1);
}

fn ask(snapshot: &Snapshot, view: View, expected: usize, answers: &AtomicUsize) {
    for _ in 0..3 {
        match snapshot.gather(&Prints, view) {
            Ok(found) => {
                assert_eq!(found[1].1, expected);
                answers.fetch_add(1, Relaxed);
            }
            // The state that it was asked about is about to end.
            Err(PassError::Cancelled | PassError::Unreadable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_snapshot_is_cheap_to_copy_and_shares_results() {
    let scratch = Scratch::new(&[("m.py", "def f(): print(1)\n")]);
    let (view, first) = (scratch.view("m.py"), scratch.workspace.snapshot());
    let found = first.gather(&Prints, view).unwrap();
    scratch.runs();
    let copies: Vec<Snapshot> = (0..8).map(|_| first.clone()).collect();
    thread::scope(|scope| {
        for copy in copies {
            let found = &found;
            scope.spawn(move || assert_eq!(copy.gather(&Prints, view).unwrap(), *found));
        }
    });
    assert_eq!(scratch.runs(), [""; 0]);
}
