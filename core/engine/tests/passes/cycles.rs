//! Errors, and results that depend on themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use astkit_ast::python::view;
use astkit_engine::passes::{Analysis, Cx, Def, PassError, PassEvent, View, from_fn};

use crate::support::*;

#[test]
fn a_pass_that_fails_runs_once() {
    let mut scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let fails = from_fn("test.fails", 1, |cx, on: View| {
        let count = cx.tree(on)?.node_count();
        Err::<u32, _>(PassError::failed(format_args!("{count} nodes are too many")))
    });
    let view = scratch.view("m.py");
    let ask = |scratch: &Scratch| scratch.workspace.gather(&fails, view).unwrap_err();
    let first = ask(&scratch);
    assert_eq!(first, ask(&scratch));
    assert_eq!(first, PassError::Failed("4 nodes are too many".into()));
    assert_eq!(scratch.runs(), ["test.fails m.py"]);
    scratch.write("m.py", "x = 1\ny = 2\n");
    assert_ne!(first, ask(&scratch));
    assert_eq!(scratch.runs(), ["test.fails m.py"]);
    // Errors of other passes go on.
    let inner = fails.clone();
    let asks = from_fn("test.asks", 1, move |cx, on: View| cx.gather(&inner, on).map(|it| *it));
    assert_eq!(scratch.workspace.gather(&asks, view).unwrap_err(), ask(&scratch));
}

#[test]
fn what_is_gone_or_broken_is_an_error_and_comes_back() {
    let mut scratch = Scratch::new(&[("m.py", "def f(): print(1)\n")]);
    let f = scratch.def("m.py", "f");
    assert_eq!(*scratch.workspace.gather(&PRINTS, f).unwrap(), 1);
    scratch.write("m.py", "def g(): print(1)\n");
    assert_eq!(scratch.workspace.gather(&PRINTS, f).unwrap_err(), PassError::Gone);
    scratch.remove("m.py");
    assert_eq!(scratch.workspace.gather(&PRINTS, f).unwrap_err(), PassError::Gone);
    scratch.write("m.py", "def f(): print(1), print(2)\n");
    assert_eq!(*scratch.workspace.gather(&PRINTS, f).unwrap(), 2);
    scratch.files.forbid(full("m.py"), true);
    scratch.changed(&["m.py"]);
    assert!(matches!(scratch.workspace.gather(&PRINTS, f), Err(PassError::Unreadable(_))));
}

/// Depends on itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Itself {
    catches: bool,
}

impl Analysis for Itself {
    type On = View;
    type Output = u32;
    const NAME: &'static str = "test.itself";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<u32, PassError> {
        let own = cx.gather(self, on);
        Ok(if self.catches { own.map_or(0, |it| *it) + 1 } else { *own? + 1 })
    }
}

#[test]
fn a_result_that_depends_on_itself_is_an_error_for_everybody_on_the_way() {
    let scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    for catches in [false, true, false] {
        let found = scratch.workspace.gather(&Itself { catches }, view);
        assert_eq!(found.unwrap_err(), PassError::Cycle);
    }
    // Nor does it matter who is asked first.
    let outer = from_fn("test.outer", 1, |cx, on: View| {
        Ok(cx.gather(&Itself { catches: true }, on).map_or(7, |it| *it))
    });
    assert_eq!(scratch.workspace.gather(&outer, view).unwrap_err(), PassError::Cycle);
}

/// The functions that a function may call in the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Reaches;

impl Analysis for Reaches {
    type On = Def;
    type Output = BTreeSet<String>;
    const NAME: &'static str = "test.reaches";

    fn run(&self, cx: &Cx<'_>, def: Def) -> Result<Self::Output, PassError> {
        let mut out = BTreeSet::new();
        for (_, node) in cx.code(def)?.nodes() {
            let Some(name) = view::Call::cast(node).and_then(|it| view::Name::cast(it.func())) else {
                continue;
            };
            if let Some(callee) = cx.definition(def.view(), name.id())? {
                out.insert(name.id().to_owned());
                out.extend(cx.gather(self, callee)?.iter().cloned());
            }
        }
        Ok(out)
    }

    fn bottom(&self) -> Option<Self::Output> {
        Some(BTreeSet::new())
    }
}

#[test]
fn with_a_bottom_it_is_the_least_fix_point() {
    let text = "def a(): b()\ndef b(): c(), a()\ndef c(): pass\ndef d(): a()\n";
    let orders: [&[&str]; 3] = [&["a", "b", "c", "d"], &["d", "c", "b", "a"], &["b", "d", "a", "c"]];
    for order in orders {
        let mut scratch = Scratch::new(&[("m.py", text)]);
        let ask = |scratch: &Scratch| -> Vec<String> {
            let of = |name: &&str| scratch.workspace.gather(&Reaches, scratch.def("m.py", name)).unwrap();
            let shown = |it: Arc<BTreeSet<String>>| it.iter().cloned().collect::<String>();
            let mut all: Vec<_> = order.iter().map(|name| format!("{name}:{}", shown(of(name)))).collect();
            all.sort();
            all
        };
        assert_eq!(ask(&scratch), ["a:abc", "b:abc", "c:", "d:abc"]);
        scratch.write("m.py", &text.replace("c(), a()", "c()"));
        assert_eq!(ask(&scratch), ["a:bc", "b:c", "c:", "d:abc"]);
        scratch.write("m.py", text);
        assert_eq!(ask(&scratch), ["a:abc", "b:abc", "c:", "d:abc"]);
    }
}

/// Counts up for ever, or until it is widened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counts {
    widens: bool,
}

impl Analysis for Counts {
    type On = View;
    type Output = u32;
    const NAME: &'static str = "test.counts";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<u32, PassError> {
        Ok(cx.gather(self, on)?.saturating_add(1))
    }

    fn bottom(&self) -> Option<u32> {
        Some(0)
    }

    fn widen(&self, last: &u32, _: &u32) -> Option<u32> {
        (self.widens && *last >= 3).then_some(u32::MAX)
    }
}

#[test]
fn what_never_comes_to_rest_is_an_error_and_widening_lets_it() {
    let scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    let found = scratch.workspace.gather(&Counts { widens: false }, view);
    assert_eq!(found.unwrap_err(), PassError::NoFixPoint);

    assert_eq!(*scratch.workspace.gather(&Counts { widens: true }, view).unwrap(), u32::MAX);
}

/// Is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Passing(bool);

impl Analysis for Passing {
    type On = View;
    type Output = u32;
    const NAME: &'static str = "test.passing";
    const CACHE: bool = false;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<u32, PassError> {
        if self.0 {
            return cx.gather(self, on).map(|it| *it);
        }
        Ok(cx.tree(on)?.node_count())
    }
}

#[test]
fn a_pass_that_is_not_kept_runs_within_whoever_asks() {
    let mut scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    let asks = from_fn("test.asks", 1, |cx, on: View| cx.gather(&Passing(false), on).map(|it| *it));
    for _ in 0..2 {
        scratch.workspace.gather(&Passing(false), view).unwrap();
        scratch.workspace.gather(&asks, view).unwrap();
    }
    assert_eq!(
        scratch.runs(),
        ["test.passing m.py", "test.asks m.py", "test.passing m.py", "test.passing m.py"]
    );
    // What it read counts for who asked.
    scratch.write("m.py", "x = 1\ny = 2\n");
    scratch.workspace.gather(&asks, view).unwrap();
    assert_eq!(scratch.runs(), ["test.asks m.py", "test.passing m.py"]);
    assert_eq!(scratch.workspace.gather(&Passing(true), view).unwrap_err(), PassError::Cycle);
}

#[test]
fn listeners_may_not_ask() {
    let scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    let snapshot = std::sync::Mutex::new(scratch.workspace.snapshot());
    let found: Arc<std::sync::Mutex<Vec<PassError>>> = Arc::default();
    let log = Arc::clone(&found);
    let pass = from_fn("test.one", 1, |_, _: View| Ok(1));
    let listener = scratch.workspace.listen(move |event| {
        if let PassEvent::AnalysisEnded { on, .. } = event {
            let view = on.view().unwrap();
            let answer = snapshot.lock().unwrap().gather(&Itself { catches: false }, view);
            log.lock().unwrap().push(answer.unwrap_err());
        }
    });
    assert_eq!(*scratch.workspace.gather(&pass, view).unwrap(), 1);
    assert_eq!(*found.lock().unwrap(), [PassError::Listener]);
    assert!(scratch.workspace.unlisten(listener) && !scratch.workspace.unlisten(listener));
    // Nor is that kept as a result.
    assert_eq!(scratch.workspace.gather(&Itself { catches: false }, view).unwrap_err(), PassError::Cycle);
}

#[test]
fn a_pass_that_breaks_down_leaves_no_trace() {
    let mut scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    let breaks = from_fn("test.breaks", 1, |cx, on: View| {
        assert!(cx.tree(on)?.node_count() > 4, "too small");
        Ok(1)
    });
    for _ in 0..2 {
        let ask = std::panic::AssertUnwindSafe(|| scratch.workspace.gather(&breaks, view));
        assert!(std::panic::catch_unwind(ask).is_err());
    }
    // Others are asked as before, and nothing is taken for a circle.
    assert_eq!(*scratch.workspace.gather(&Passing(false), view).unwrap(), 4);
    scratch.write("m.py", "x = 1\ny = 2\n");
    assert_eq!(*scratch.workspace.gather(&breaks, view).unwrap(), 1);
}

/// One of a circle of passes, each of which asks for the next. The last may be one that is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Circle<const KEPT: bool> {
    at: usize,
    /// Which of them have a bottom.
    bottoms: [bool; 3],
    catches: bool,
    last_is_kept: bool,
}

impl<const KEPT: bool> Circle<KEPT> {
    fn ask(&self, at: usize, gather: &dyn Gather) -> Result<usize, PassError> {
        let Self { bottoms, catches, last_is_kept, .. } = *self;
        if at == 2 && !last_is_kept {
            return gather.last(&Circle { at, bottoms, catches, last_is_kept });
        }
        gather.any(&Circle { at, bottoms, catches, last_is_kept })
    }
}

/// Asks for results of either kind.
trait Gather {
    fn any(&self, pass: &Circle<true>) -> Result<usize, PassError>;
    fn last(&self, pass: &Circle<false>) -> Result<usize, PassError>;
}

impl Gather for (&Cx<'_>, View) {
    fn any(&self, pass: &Circle<true>) -> Result<usize, PassError> {
        self.0.gather(pass, self.1).map(|it| *it)
    }

    fn last(&self, pass: &Circle<false>) -> Result<usize, PassError> {
        self.0.gather(pass, self.1).map(|it| *it)
    }
}

impl Gather for (&Scratch, View) {
    fn any(&self, pass: &Circle<true>) -> Result<usize, PassError> {
        self.0.workspace.gather(pass, self.1).map(|it| *it)
    }

    fn last(&self, pass: &Circle<false>) -> Result<usize, PassError> {
        self.0.workspace.gather(pass, self.1).map(|it| *it)
    }
}

impl<const KEPT: bool> Analysis for Circle<KEPT> {
    type On = View;
    type Output = usize;
    const NAME: &'static str = "test.circle";
    const CACHE: bool = KEPT;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<usize, PassError> {
        let next = self.ask((self.at + 1) % 3, &(cx, on));
        if self.catches { Ok(next.unwrap_or(7)) } else { next }
    }

    fn bottom(&self) -> Option<usize> {
        self.bottoms[self.at].then_some(0)
    }
}

#[test]
fn it_makes_no_difference_who_of_a_circle_is_asked_first() {
    let ask = |first: usize, bottoms: [bool; 3], catches: bool, last_is_kept: bool| {
        let scratch = Scratch::new(&[("m.py", "x = 1\n")]);
        let view = scratch.view("m.py");
        let mut found = [const { None }; 3];
        for at in [first, (first + 1) % 3, (first + 2) % 3] {
            let start = Circle::<true> { at, bottoms, catches, last_is_kept };
            found[at] = Some(start.ask(at, &(&scratch, view)));
        }
        found
    };
    for bottoms in [[true; 3], [true, false, true], [false, true, true], [false; 3]] {
        for (catches, last_is_kept) in [(false, true), (true, true), (false, false), (true, false)] {
            let expected = ask(0, bottoms, catches, last_is_kept);
            let what = format!("{bottoms:?} {catches} {last_is_kept}");
            assert_eq!(expected, ask(1, bottoms, catches, last_is_kept), "{what}");
            assert_eq!(expected, ask(2, bottoms, catches, last_is_kept), "{what}");
            let is_solved = expected.iter().all(|it| *it == Some(Ok(0)));
            let is_refused = expected.iter().all(|it| *it == Some(Err(PassError::Cycle)));
            assert!(if bottoms == [true; 3] { is_solved } else { is_refused }, "{what} {expected:?}");
        }
    }
}
