//! Whatever was edited before, results are those of a fresh workspace.
//!
//! `ASTKIT_TEST_EDITS=1000 cargo test --release -p astkit-engine --test passes random` is the long run.

use std::fmt::Write as _;

use astkit_engine::Snapshot;
use astkit_engine::passes::analyses::{Calls as CallsPass, DefUse, DunderAll, Mro, Purity, Wildcards};
use astkit_engine::passes::transformations::{ExpandWildcards, FoldConstants};
use astkit_engine::passes::{Pipeline, View};

use crate::support::*;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % count
    }
}

const FILES: [&str; 6] = ["a.py", "b.py", "p/__init__.py", "p/c.py", "lib/d.py", "lib/b.py"];

const STATEMENTS: [&str; 22] = [
    "x = 1",
    "import b",
    "from b import *",
    "from p.c import f as g",
    "from . import c",
    "import d, missing",
    "__all__ = ['x', 'f']",
    "__all__ += ['C']",
    "def f(): print(x)",
    "def f():\n    print(1)\n    return g()",
    "def g(a=f): return a()",
    "class C: x = 1",
    "class C(D):\n    def m(self): print(self.m())",
    "class D: pass",
    "class D(C): pass",
    "if x: y = 1 + 2",
    "for x in y: pass",
    "# comment",
    "",
    "try:\n    import d\nexcept ImportError:\n    d = None",
    "x = True",
    "def f(:",
];

/// One change of one file: a statement is inserted, removed, moved or repeated; a file comes or goes.
fn edit(scratch: &mut Scratch, texts: &mut [Option<Vec<&'static str>>], dice: &mut Dice) {
    let at = dice.below(FILES.len());
    let Some(lines) = &mut texts[at] else {
        texts[at] = Some(vec![STATEMENTS[dice.below(STATEMENTS.len())]]);
        write(scratch, at, texts);
        return;
    };
    match dice.below(12) {
        0 => {
            texts[at] = None;
            scratch.remove(FILES[at]);
            return;
        }
        1..=2 if !lines.is_empty() => {
            lines.remove(dice.below(lines.len()));
        }
        3..=4 if !lines.is_empty() => {
            let line = lines.remove(dice.below(lines.len()));
            lines.insert(dice.below(lines.len() + 1), line);
        }
        _ => lines.insert(dice.below(lines.len() + 1), STATEMENTS[dice.below(STATEMENTS.len())]),
    }
    if lines.len() > 12 {
        lines.remove(dice.below(12));
    }
    write(scratch, at, texts);
}

fn write(scratch: &mut Scratch, at: usize, texts: &[Option<Vec<&'static str>>]) {
    let text = texts[at].as_ref().map(|it| it.join("\n") + "\n").unwrap_or_default();
    scratch.write(FILES[at], &text);
}

/// Everything that is asked of a module, as text: numbers of modules mean nothing to another workspace.
fn answers(scratch: &Scratch, snapshot: &Snapshot, path: &str) -> String {
    let view = snapshot.view(snapshot.file(scratch.root, full(path).as_ref()));
    let mut out = String::new();
    let pipeline = Pipeline::of(ExpandWildcards).then_repeat(3, Pipeline::of(FoldConstants));
    let after = snapshot.through(view, &pipeline);
    for view in [Ok(view), after] {
        match view {
            Ok(view) => all(snapshot, view, &mut out),
            Err(error) => writeln!(out, "{error}").unwrap(),
        }
    }
    out
}

fn all(snapshot: &Snapshot, view: View, out: &mut String) {
    writeln!(out, "{:?}", snapshot.gather(&Prints, view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&Finds("p.c"), view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&DefUse, view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&DunderAll::default(), view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&Wildcards::default(), view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&Mro::default(), view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&Purity, view)).unwrap();
    writeln!(out, "{:?}", snapshot.gather(&CallsPass, view).map(|it| it.calls.clone())).unwrap();
    writeln!(out, "{:?}", snapshot.tree(view).map(astkit_ast::Tree::hash)).unwrap();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the length of the run is asked of who runs it")]
fn random_edits_give_what_a_fresh_workspace_gives() {
    let count = std::env::var("ASTKIT_TEST_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(120);
    let mut scratch = Scratch::new(&[("a.py", "")]);
    let mut texts: Vec<Option<Vec<&str>>> = vec![None; FILES.len()];
    texts[0] = Some(Vec::new());
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..count {
        edit(&mut scratch, &mut texts, &mut dice);
        // Now and then some edits go by unasked.
        if dice.below(3) == 0 {
            continue;
        }
        let fresh = Scratch::with(&scratch.files, |it| it);
        let (old, new) = (scratch.workspace.snapshot(), fresh.workspace.snapshot());
        for path in FILES {
            let (found, expected) = (answers(&scratch, &old, path), answers(&fresh, &new, path));
            assert_eq!(found, expected, "{path} after {round} edits");
        }
        drop((old, new));
        scratch.events();
    }
}
