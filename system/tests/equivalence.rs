//! Whatever was edited before: answers are those of a fresh workspace, with one thread or many, cold or from the store.
//!
//! The project is a part of the standard library of the first Python of `ASTKIT_TEST_PYTHONS` (else of `python3`),
//! copied into memory and edited there at random, the same edits in every run. This is a short run; the long one is
//!
//!     ASTKIT_TEST_EDITS=1000 cargo test --release -p astkit-system --test equivalence

#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use astkit_engine::modules::Environment;
use astkit_engine::passes::analyses::{Calls, DefUse, DunderAll, Mro, Purity, Wildcards};
use astkit_engine::passes::transformations::{DeadCode, ExpandWildcards};
use astkit_engine::passes::{PassEvent, Pipeline};
use astkit_engine::store::{MemoryStorage, Store};
use astkit_engine::{
    Changes, FileId, FileSystem as _, MemoryFiles, NoProgress, Referent, RootId, RootSpec, Workspace,
};
use astkit_hash::deep::Target;
use astkit_hash::normal::NormalOptions;
use astkit_python_ast::PythonAst;
use astkit_system::{OsFiles, describe_interpreter};

/// The long run takes all of them.
const PACKAGES: [&str; 6] = ["json", "importlib", "concurrent", "logging", "asyncio", "email"];
const FOLDER: &str = "/p";

/// A small generator of numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len())]
    }
}

fn library(packages: &[&str]) -> (MemoryFiles, Environment) {
    let python = match std::env::var_os("ASTKIT_TEST_PYTHONS") {
        Some(list) => std::env::split_paths(&list).next().unwrap(),
        None => PathBuf::from("python3"),
    };
    let mut interpreter = describe_interpreter(&python).unwrap();
    let root = interpreter.stdlib.iter().find(|it| it.join("os.py").is_file()).unwrap().clone();
    let files = MemoryFiles::default();
    for package in packages {
        copy(&root.join(package), &Path::new(FOLDER).join(package), &files);
    }
    interpreter.stdlib.clear();
    interpreter.site_packages.clear();
    interpreter.frozen.clear();
    let environment = Environment { roots: vec![FOLDER.into()], stub_path: Vec::new(), interpreter };
    (files, environment)
}

fn copy(from: &Path, to: &Path, files: &MemoryFiles) {
    for entry in OsFiles.read_dir(from).unwrap() {
        let (from, to) = (from.join(&entry.name), to.join(&entry.name));
        if from.is_dir() {
            copy(&from, &to, files);
        } else if from.extension().is_some_and(|it| it == "py") {
            files.write(to, std::fs::read(from).unwrap());
        }
    }
}

fn python_files(files: &MemoryFiles) -> Vec<PathBuf> {
    files.paths().into_iter().filter(|it| it.extension().is_some_and(|it| it == "py")).collect()
}

fn open(
    files: &Arc<MemoryFiles>,
    environment: &Environment,
    store: Store,
    threads: usize,
) -> (Workspace, RootId) {
    let builder = Workspace::builder().frontend(Arc::new(PythonAst)).store(store);
    let builder = builder.normal(NormalOptions::default());
    let mut workspace = builder.threads(NonZeroUsize::new(threads).unwrap()).build();
    let spec = RootSpec {
        files: Arc::clone(files) as _,
        folder: FOLDER.into(),
        environment: environment.clone(),
        paths: python_files(files),
        is_frozen: false,
        verify: false,
    };
    let root = workspace.add_root(spec, &NoProgress);
    (workspace, root)
}

/// All that can be told of a root, as text.
fn everything(workspace: &Workspace, root: RootId) -> Vec<String> {
    let snapshot = workspace.snapshot();
    let graph = snapshot.graph(root, &NoProgress).unwrap();
    let deep = snapshot.deep_hashes(root, &NoProgress).unwrap();
    let name = |file: FileId, item: u32| {
        let summary = snapshot.summary(file).unwrap().as_ref().unwrap();
        format!("{}::{}", snapshot.path(file).display(), summary.qualname(item))
    };
    let mut out = Vec::new();
    let mut node = 0;
    for file in snapshot.files(root) {
        let Ok(summary) = snapshot.summary(file).unwrap() else { continue };
        for (item, referents) in (0..).zip(snapshot.references(file).unwrap()) {
            let referents = referents.into_iter().map(|it| match it {
                Referent::Item(file, item) => name(file, item),
                Referent::External(name) => name.to_owned(),
            });
            let referents = referents.collect::<Vec<_>>().join(" ");
            let component = graph.condensation().members(graph.condensation().component(node)).len();
            let targets = graph.graph().targets(node).iter().map(|it| match graph.item(*it) {
                Some((file, item)) => name(file, item),
                None => "outside".to_owned(),
            });
            let targets = targets.collect::<Vec<_>>().join(" ");
            out.push(format!("{} {component} {referents} {targets}", name(file, item)));
            node += 1;
        }
        out.push(format!(
            "{:?} {:?}",
            summary.texts.items().collect::<Vec<_>>(),
            snapshot.imports(file).unwrap()
        ));
        out.push(format!("{:?}", snapshot.star_exports(file).unwrap()));
        out.push(format!("{:?}", snapshot.semantic_hashes(file).unwrap()));
        out.push(format!("{:?}", deep.of(file)));
        for it in deep.dependencies(file) {
            // Files have other numbers in a workspace with another past.
            let target = |it: &Target| {
                let file = deep.file(it.file()).map(|it| snapshot.path(it).display().to_string());
                match it {
                    Target::Definition(_, number) => format!("{file:?} {number}"),
                    Target::Variable(_, name) => format!("{file:?} {name}"),
                    Target::Statement(_, number) => format!("{file:?} statement {number}"),
                }
            };
            let targets: Vec<_> = it.targets.iter().map(target).collect();
            out.push(format!("{targets:?} {:?}", it.unresolved));
        }
    }
    out
}

/// One random edit; returns the paths that a watcher would tell.
fn edit(random: &mut Random, files: &MemoryFiles) -> Vec<PathBuf> {
    let paths = python_files(files);
    let path = random.pick(&paths).clone();
    let text = String::from_utf8_lossy(&files.read(&path).unwrap()).into_owned();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(14) {
        0 => files.touch(&path),
        1 => lines.insert(at, "# a comment\n".to_owned()),
        2 => lines.insert(at, "\n".to_owned()),
        3 if !lines.is_empty() => drop(lines.remove(at)),
        4 => lines.push(format!("def added_{at}(x):\n    return x + {at}\n")),
        5 => lines
            .push(format!("class Added{at}:\n    def m(self): return added_{at}\n    def m(self): pass\n")),
        6 => lines.insert(
            0,
            format!("from {} import *\n", random.pick(&["json", ".", "asyncio", "..none", "missing"])),
        ),
        7 => lines.push(format!("VALUE_{} = VALUE_{}\n", random.below(5), random.below(5))),
        8 => {
            let names = ["self", "return", "loop", "import", "def", "name"];
            let (from, to) = (*random.pick(&names), *random.pick(&names));
            if let Some(line) = lines.iter_mut().find(|it| it.contains(from)) {
                *line = line.replacen(from, to, 1);
            }
        }
        9 => {
            let to = path.with_file_name(format!("moved_{}.py", random.below(3)));
            files.rename(&path, &to);
            return vec![path, to];
        }
        10 if paths.len() > 30 => {
            files.remove(&path);
            return vec![path];
        }
        11 => {
            // Now and then in a new folder, of which only the file is told.
            let name = ["new_0.py", "new_1.py", "sub_0/new.py", "sub_1/__init__.py"][random.below(4)];
            let new = path.with_file_name(name);
            files.write(&new, text);
            return vec![new];
        }
        12 => {
            let folder = path.parent().unwrap();
            let to = folder.with_file_name(format!("folder_{}", random.below(2)));
            if folder != Path::new(FOLDER) && files.read_dir(&to).is_err() {
                files.rename(folder, &to);
                return vec![folder.to_owned(), to];
            }
        }
        _ => {
            if let Some(line) = lines.get_mut(at) {
                *line = line.replace('x', "xx").replace('1', "2").replace("True", "False");
            }
        }
    }
    if lines.concat() != text {
        files.write(&path, lines.concat());
    }
    vec![path]
}

#[test]
fn edits_leave_no_trace() {
    let edits: usize = std::env::var("ASTKIT_TEST_EDITS").map_or(12, |it| it.parse().unwrap());
    let (files, environment) = library(if edits < 100 { &PACKAGES[..4] } else { &PACKAGES });
    let files = Arc::new(files);
    let storage = MemoryStorage::default();
    let store = || Store::new(Arc::new(storage.clone()), "test");
    let (mut workspace, root) = open(&files, &environment, Store::none(), 1);
    let mut random = Random(3);
    for number in 0..edits {
        let mut changes = Changes::new();
        for _ in 0..=random.below(2) {
            for path in edit(&mut random, &files) {
                changes.path(root, path);
            }
        }
        workspace.apply(&changes, &NoProgress);
        let incremental = everything(&workspace, root);
        // From the store what can be had from there, cold now and then.
        let store = if number % 50 == 0 { Store::none() } else { store() };
        let (fresh, fresh_root) = open(&files, &environment, store, 1 + number % 4);
        let expected = everything(&fresh, fresh_root);
        fresh.save();
        let differing = incremental.iter().zip(&expected).find(|it| it.0 != it.1);
        assert_eq!(differing, None, "after edit {number}");
        assert_eq!(incremental.len(), expected.len(), "after edit {number}");
        assert_eq!(fresh.snapshot().files(fresh_root).len(), python_files(&files).len());
    }
}

/// What passes say of a root, as text.
fn results(workspace: &Workspace, root: RootId) -> Vec<String> {
    let snapshot = workspace.snapshot();
    let mut out = Vec::new();
    for file in snapshot.files(root) {
        let source = snapshot.view(file);
        out.push(format!("{}", snapshot.path(file).display()));
        // As it is, and as transformations leave it.
        let pipeline = Pipeline::of(ExpandWildcards).then(DeadCode::default());
        let views = [Ok(source), snapshot.through(source, &pipeline)];
        for view in views {
            let Ok(view) = view else {
                out.push(format!("{view:?}"));
                continue;
            };
            out.push(format!("{:?}", snapshot.gather(&DefUse, view)));
            out.push(format!("{:?}", snapshot.gather(&DunderAll::default(), view)));
            out.push(format!("{:?}", snapshot.gather(&Mro::default(), view)));
            out.push(format!("{:?}", snapshot.gather(&Wildcards::default(), view)));
        }
        out.push(format!("{:?}", snapshot.gather(&Purity, source)));
        out.push(format!("{:?}", snapshot.gather(&Calls, source).map(|it| it.calls.clone())));
    }
    out
}

#[test]
fn passes_forget_what_was_edited() {
    let edits: usize = std::env::var("ASTKIT_TEST_EDITS").map_or(10, |it| it.parse().unwrap());
    let (files, environment) = library(&["json", "concurrent"]);
    let files = Arc::new(files);
    let (mut workspace, root) = open(&files, &environment, Store::none(), 1);
    let mut random = Random(7);
    for number in 0..edits {
        let mut changes = Changes::new();
        for _ in 0..=random.below(2) {
            for path in edit(&mut random, &files) {
                changes.path(root, path);
            }
        }
        workspace.apply(&changes, &NoProgress);
        let incremental = results(&workspace, root);
        let (fresh, fresh_root) = open(&files, &environment, Store::none(), 1 + number % 2);
        let expected = results(&fresh, fresh_root);
        let differing = incremental.iter().zip(&expected).find(|it| it.0 != it.1);
        assert_eq!(differing, None, "after edit {number}");
        assert_eq!(incremental.len(), expected.len(), "after edit {number}");
    }
}

#[test]
fn a_comment_above_a_module_of_the_library_runs_no_pass() {
    let (files, environment) = library(&["json", "concurrent"]);
    let files = Arc::new(files);
    let (mut workspace, root) = open(&files, &environment, Store::none(), 1);
    let before = results(&workspace, root);
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    workspace.listen(move |event| {
        if matches!(event, PassEvent::RunningAnalysis { .. } | PassEvent::RunningTransform { .. }) {
            counter.fetch_add(1, Relaxed);
        }
    });
    for path in python_files(&files) {
        let text = files.read(&path).unwrap();
        files.write(&path, [b"\n# a comment\n\n", &*text].concat());
        workspace.apply(Changes::new().path(root, &path), &NoProgress);
    }
    assert_eq!((results(&workspace, root), runs.load(Relaxed)), (before, 0));
}
