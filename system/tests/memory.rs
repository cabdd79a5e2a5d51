//! Memory stays flat, however often a project is edited: every byte that is allocated and not freed is counted.
//!
//! This is a short run; the long one is
//!
//!     ASTKIT_TEST_EDITS=10000 cargo test --release -p astkit-system --test memory
//!
//! A binary of its own, with one test, so that nobody else allocates.

#![expect(clippy::print_stdout, reason = "a test")]

use std::alloc::System;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use astkit_engine::modules::Environment;
use astkit_engine::{Changes, MemoryFiles, NoProgress, RootId, RootSpec, Workspace};
use astkit_python_ast::PythonAst;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const FILES: usize = 30;
/// So many edits make all memory that is kept for reuse.
const WARM_UP: usize = 300;
/// What an edit may leave behind, in bytes.
const LIMIT: usize = 64;

fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn open(files: &Arc<MemoryFiles>) -> (Workspace, RootId) {
    let mut workspace = Workspace::builder().frontend(Arc::new(PythonAst)).build();
    let spec = RootSpec {
        files: Arc::clone(files) as _,
        folder: PathBuf::from("/p"),
        environment: Environment { roots: vec![PathBuf::from("/p")], ..Environment::default() },
        paths: files.paths(),
        is_frozen: false,
        verify: false,
    };
    let root = workspace.add_root(spec, &NoProgress);
    (workspace, root)
}

/// A module that no edit made before: bodies, constants, local names, and, among a few, imports and names.
fn text(number: usize) -> String {
    let name = number * 7 % 40;
    let mut out = format!("import m{name}, n{name}\nfrom m{} import *\n", number % FILES);
    for function in 0..6 {
        let _ = writeln!(
            out,
            "def f{function}_{name}(x):\n    y{number} = m{name}.f(x, {number})\n    return y{number}"
        );
    }
    let _ = writeln!(out, "class C:\n    X = '{number}'\n    def m(self): return f0_{name}(self.X)");
    out
}

#[test]
fn edits_leave_nothing_behind() {
    // Tables that are kept for reuse rise and fall by some 40 KB: fewer edits would measure that.
    let edits: usize = std::env::var("ASTKIT_TEST_EDITS").map_or(1500, |it| it.parse().unwrap());
    let files = Arc::new(MemoryFiles::new((0..FILES).map(|it| (format!("/p/m{it}.py"), text(it)))));
    let (mut workspace, root) = open(&files);
    let mut before = 0;
    for number in 0..WARM_UP + edits {
        let path = format!("/p/m{}.py", number * 11 % FILES);
        files.write(&path, text(number + FILES));
        workspace.apply(Changes::new().path(root, &path), &NoProgress);
        let snapshot = workspace.snapshot();
        snapshot.graph(root, &NoProgress).unwrap();
        snapshot.deep_hashes(root, &NoProgress).unwrap();
        drop(snapshot);
        if number + 1 == WARM_UP {
            before = allocated();
        }
    }
    let after = allocated();
    let grown = after.saturating_sub(before) / edits;
    println!("{edits} edits, {before} bytes before, {after} after: {grown} an edit");
    let kinds: Vec<_> = workspace.memory().into_iter().take(8).collect();
    assert!(grown < LIMIT, "{grown} bytes an edit: {before} before, {after} after; {kinds:#?}");
}
