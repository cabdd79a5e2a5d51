//! What an edit costs, told by the queries that ran; and that nothing but the cost depends on what was known before.

mod modules;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use astkit_python_ast::PythonAst;

use super::*;
use crate::db::Db;
use crate::files::MemoryFiles;
use crate::inputs::File;
use crate::modules::Interpreter;
use crate::queries::definitions::{Definition, file_definitions};
use crate::store::MemoryStorage;

/// An analysis of single definitions, as passes are.
#[salsa::tracked(returns(copy))]
fn definition_analysis<'db>(db: &'db dyn Db, definition: Definition<'db>) -> u128 {
    definition.own(db).rotate_left(1)
}

/// All analyses of a file's definitions.
fn analyze(db: &dyn Db, file: File) {
    for definition in file_definitions(db, file) {
        definition_analysis(db, *definition);
    }
}

pub(super) fn environment() -> Environment {
    Environment {
        roots: vec![PathBuf::from("/p")],
        stub_path: Vec::new(),
        interpreter: Interpreter { builtin: vec!["sys".to_owned()], ..Interpreter::default() },
    }
}

pub(super) struct Project {
    pub(super) files: Arc<MemoryFiles>,
    pub(super) workspace: Workspace,
    pub(super) root: RootId,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (format!("/p/{path}"), text.to_string()));
        let project = Self::open(Arc::new(MemoryFiles::new(files)), Store::none(), 1, true);
        project.ask();
        project.workspace.take_executions();
        project
    }

    pub(super) fn open(files: Arc<MemoryFiles>, store: Store, threads: usize, records: bool) -> Self {
        let builder = Workspace::builder().frontend(Arc::new(PythonAst)).store(store);
        let builder = builder.threads(NonZeroUsize::new(threads).unwrap());
        let mut workspace = if records { builder.record_queries() } else { builder }.build();
        let paths = files.paths().into_iter().filter(|it| it.extension().is_some_and(|it| it == "py"));
        let spec = RootSpec {
            files: Arc::clone(&files) as _,
            folder: PathBuf::from("/p"),
            environment: environment(),
            paths: paths.collect(),
            is_frozen: false,
            verify: false,
        };
        let root = workspace.add_root(spec, &NoProgress);
        Self { files, workspace, root }
    }

    /// Asks all there is to ask.
    fn ask(&self) {
        let snapshot = self.workspace.snapshot();
        snapshot.graph(self.root, &NoProgress).unwrap();
        for file in snapshot.files(self.root) {
            analyze(snapshot.db(), file.0);
        }
    }

    /// Tells the workspace of a path; returns what ran to answer all again, sorted.
    fn update(&mut self, paths: &[&str]) -> String {
        let mut changes = Changes::new();
        for path in paths {
            changes.path(self.root, format!("/p/{path}"));
        }
        self.workspace.apply(&changes, &NoProgress);
        self.ask();
        let mut ran: Vec<_> = self.workspace.take_executions().into_iter().map(show).collect();
        ran.sort();
        ran.join("\n")
    }

    /// Replaces text in a file.
    fn edit(&mut self, path: &str, from: &str, to: &str) -> String {
        let full = format!("/p/{path}");
        let text =
            String::from_utf8(crate::FileSystem::read(&*self.files, Path::new(&full)).unwrap()).unwrap();
        assert!(text.contains(from));
        self.files.write(&full, text.replacen(from, to, 1));
        self.update(&[path])
    }
}

fn show(it: Execution) -> String {
    // Modules and definitions have numbers that mean nothing.
    if it.key.starts_with("Id(") { it.query } else { format!("{} {}", it.query, it.key) }
}

const A: &str = "\
import b
LIMIT = 1
def f(x):
    y = x + LIMIT
    return b.g(y)
def h():
    return f(1)
";
const B: &str = "def g(z):\n    return z\n";
const C: &str = "import a, missing\ndef k():\n    return a.f(missing.q)\n";
const D: &str = "from b import *\n";

fn project() -> Project {
    Project::new(&[("a.py", A), ("b.py", B), ("c.py", C), ("d.py", D), ("sub/e.py", "x = 1\n")])
}

/// The names of queries that look at a file's text.
const READ_A: &str = "file_bodies a.py\nfile_interface a.py\nfile_summary a.py";

#[test]
fn a_touch_runs_nothing() {
    let mut project = project();
    let before = project.workspace.revision();
    project.files.touch("/p/a.py");
    assert_eq!(project.update(&["a.py"]), "");
    project.files.write("/p/a.py", A);
    assert_eq!(project.update(&["a.py", "b.py", "none.py", "sub"]), "");
    assert_eq!(project.workspace.revision(), before);
}

#[test]
fn comments_and_blank_lines_end_at_the_file() {
    let mut project = project();
    assert_eq!(project.edit("a.py", "import b", "# comment\nimport b"), READ_A);
    assert_eq!(project.edit("a.py", "def f", "\n\n\ndef f"), READ_A);
    assert_eq!(project.edit("a.py", "x + LIMIT", "(x  +  LIMIT)  # sum"), READ_A);
}

#[test]
fn a_body_concerns_one_definition() {
    let mut project = project();
    let expected = format!("definition_analysis\n{READ_A}\nfile_definitions a.py\nfile_edges a.py");
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    let expected = sorted(&expected);
    assert_eq!(project.edit("a.py", "x + LIMIT", "x - LIMIT"), expected);
    // A local variable's name.
    assert_eq!(
        project.edit("a.py", "y = x - LIMIT\n    return b.g(y)", "w = x - LIMIT\n    return b.g(w)"),
        expected
    );
    // A signature.
    assert_eq!(project.edit("a.py", "def f(x)", "def f(x, v=2)"), expected);
    // A variable's value, which is module-level code as well.
    let both = sorted(&format!("definition_analysis\n{expected}"));
    assert_eq!(project.edit("a.py", "LIMIT = 1", "LIMIT = 3"), both);
}

/// The graph in words that no numbering enters.
fn shape(project: &Project) -> Vec<(String, Vec<String>)> {
    let snapshot = project.workspace.snapshot();
    let graph = snapshot.graph(project.root, &NoProgress).unwrap();
    let show = |node: &u32| match graph.item(*node) {
        Some((file, item)) => format!("{} {item}", snapshot.path(file).display()),
        None => "outside".to_owned(),
    };
    let nodes = 0..graph.graph().len();
    nodes.map(|it| (show(&it), graph.graph().targets(it).iter().map(show).collect())).collect()
}

/// The same files in a new workspace.
fn again(project: &Project) -> Project {
    Project::open(Arc::clone(&project.files), Store::none(), 1, true)
}

#[test]
fn a_new_reference_makes_a_new_graph() {
    let mut project = project();
    let ran = project.edit("a.py", "return f(1)", "return f(LIMIT)");
    assert_eq!(ran.matches("definition_analysis").count(), 1);
    // Others' edges stay, so the graph is that of before with other edges of one file: no look at all files.
    assert!(!ran.contains("root_graph") && !ran.contains(" c.py") && !ran.contains(" b.py"), "{ran}");
    assert_eq!(shape(&project), shape(&again(&project)));
}

#[test]
fn a_new_function_concerns_who_reads_the_interface() {
    let mut project = project();
    let ran = project.edit("a.py", "def f(x)", "def new(): pass\ndef f(x)");
    let expected = "\
definition_analysis
definition_analysis
file_bodies a.py
file_definitions a.py
file_edges a.py
file_edges c.py
file_imports a.py
file_interface a.py
file_summary a.py
root_graph";
    // The new definition, and the module that holds it; the others keep their identities.
    assert_eq!(ran, expected);
}

#[test]
fn an_import_concerns_the_file_and_its_importers() {
    let mut project = project();
    let ran = project.edit("a.py", "import b", "import b, d");
    assert!(!ran.contains(" b.py") && !ran.contains(" e.py") && !ran.contains("file_summary c.py"), "{ran}");
    assert!(ran.contains("file_imports a.py") && ran.contains("file_edges a.py"), "{ran}");
}

#[test]
fn star_imports_follow_what_is_exported() {
    let mut project = project();
    let ran = project.edit("b.py", "return z", "return z, 1");
    assert!(!ran.contains("star_exports"), "{ran}");
    let file = |project: &Project, path: &str| {
        let snapshot = project.workspace.snapshot();
        let file = snapshot.file(project.root, Path::new(path));
        snapshot.star_exports(file).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(file(&project, "/p/d.py"), "g");
    project.edit("b.py", "def g", "def _p(): pass\ndef q(): pass\ndef g");
    assert_eq!(file(&project, "/p/d.py"), "g q");
    project.edit("b.py", "def g", "__all__ = ['_p']\ndef g");
    assert_eq!(file(&project, "/p/d.py"), "");
    assert_eq!(file(&project, "/p/b.py"), "_p");
}

#[test]
fn who_asked_for_a_missing_module_notices_its_coming() {
    let mut project = project();
    project.files.write("/p/missing.py", "def q(): pass\n");
    let ran = project.update(&["missing.py"]);
    let edges: Vec<_> = ran.lines().filter(|it| it.starts_with("file_edges")).collect();
    assert_eq!(edges, ["file_edges c.py", "file_edges missing.py"]);
    assert!(!ran.contains("file_summary c.py") && ran.contains("resolve_module"), "{ran}");
    let target = |project: &Project| {
        let snapshot = project.workspace.snapshot();
        let c = snapshot.file(project.root, Path::new("/p/c.py"));
        let missing = snapshot.file(project.root, Path::new("/p/missing.py"));
        snapshot.references(c).unwrap()[1].contains(&crate::Referent::Item(missing, 1))
    };
    assert!(target(&project));
    project.files.remove("/p/missing.py");
    let ran = project.update(&["missing.py"]);
    let edges: Vec<_> = ran.lines().filter(|it| it.starts_with("file_edges")).collect();
    assert_eq!(edges, ["file_edges c.py"]);
    assert!(!target(&project));
}

#[test]
fn files_and_folders_move() {
    let mut project = project();
    project.files.rename("/p/b.py", "/p/moved.py");
    let ran = project.update(&["b.py", "moved.py"]);
    assert!(ran.contains("file_edges a.py") && ran.contains("file_edges moved.py"), "{ran}");
    assert!(!ran.contains("file_edges c.py"), "{ran}");
    project.files.rename("/p/sub", "/p/other");
    project.update(&["sub", "other"]);
    let snapshot = project.workspace.snapshot();
    let paths: Vec<_> =
        snapshot.files(project.root).iter().map(|it| snapshot.path(*it).display().to_string()).collect();
    assert_eq!(paths, ["/p/a.py", "/p/c.py", "/p/d.py", "/p/moved.py", "/p/other/e.py"]);
}

#[test]
fn editors_texts_come_first() {
    let mut project = project();
    let root = project.root;
    let count = |project: &Project| {
        let snapshot = project.workspace.snapshot();
        let file = snapshot.file(root, Path::new("/p/b.py"));
        snapshot.summary(file).unwrap().as_ref().unwrap().interface.len()
    };
    let text = b"def g(): pass\ndef more(): pass\n";
    let applied = project.workspace.apply(Changes::new().open(root, "/p/b.py", &text[..]), &NoProgress);
    assert_eq!(applied.files, [(root, PathBuf::from("/p/b.py"), FileChange::Changed)]);
    assert_eq!(count(&project), 3);
    project.workspace.apply(Changes::new().path(root, "/p/b.py"), &NoProgress);
    assert_eq!(count(&project), 3);
    project.workspace.apply(Changes::new().close(root, "/p/b.py"), &NoProgress);
    assert_eq!(count(&project), 2);
}

#[test]
fn deep_hashes_follow_what_is_referred_to() {
    let mut project = project();
    let hashes = |project: &Project| {
        let snapshot = project.workspace.snapshot();
        let all = snapshot.deep_hashes(project.root, &NoProgress).unwrap();
        let of = |path: &str| all.of(snapshot.file(project.root, Path::new(path))).to_vec();
        (of("/p/a.py"), of("/p/b.py"), of("/p/c.py"), all)
    };
    // A question that is asked for the first time in an old workspace.
    let (a, b, c, _) = hashes(&project);
    assert_eq!((a.len(), b.len(), c.len()), (3, 2, 2));
    project.workspace.take_executions();
    let mut edit = |from: &str, to: &str| {
        project.edit("b.py", from, to);
        let all = hashes(&project);
        let ran = project.workspace.take_executions();
        let ran: Vec<_> = ran.into_iter().map(|it| it.query).collect();
        (all, ran)
    };
    // A docstring, a local name, a comment: the forms stay as they are.
    let ((a2, b2, c2, _), ran) = edit("    return z", "    'doc'\n    y = z\n    return y");
    assert_ne!((&b2, ran.last().map(String::as_str)), (&b, Some("file_forms")));
    let (a, b, c) = (a2, b2, c2);
    let ((a2, b2, c2, _), ran) =
        edit("    'doc'\n    y = z\n    return y", "\n    x = z  # why\n    return x");
    assert_eq!((&a2, &b2, &c2), (&a, &b, &c));
    assert_eq!(ran, ["file_forms"]);
    // Another result: everybody who gets there.
    let ((a3, b3, c3, all), ran) = edit("return x", "return -x");
    assert_eq!(ran, ["file_forms"]);
    let differs = |left: &[astkit_hash::Hash], right: &[astkit_hash::Hash]| {
        left.iter().zip(right).map(|it| it.0 != it.1).collect::<Vec<_>>()
    };
    assert_eq!(differs(&a, &a3), [true; 3]);
    assert_eq!(differs(&b, &b3), [true; 2]);
    assert_eq!(differs(&c, &c3), [true; 2]);
    let missing = |all: &crate::DeepHashes| -> usize {
        let files = (0..).map_while(|it| all.file(it)).filter(|it| all.number(*it).is_some());
        files.flat_map(|it| all.dependencies(it)).map(|it| it.unresolved.len()).sum()
    };
    assert_eq!(missing(&all), 1);
    // What was missing comes.
    project.files.write("/p/missing.py", "q = 1\n");
    project.workspace.apply(Changes::new().path(project.root, "/p/missing.py"), &NoProgress);
    let (a4, _, c4, all) = hashes(&project);
    assert_eq!((a4, missing(&all)), (a3, 0));
    assert_eq!(differs(&c3, &c4), [true; 2]);
}

#[test]
fn another_python_changes_what_depends_on_it() {
    let mut project = project();
    let mut other = environment();
    other.interpreter.builtin.push("b".to_owned());
    other.interpreter.builtin.sort();
    let root = project.root;
    let applied = project.workspace.apply(Changes::new().environment(root, other.clone()), &NoProgress);
    assert_eq!(applied.revision, 2);
    project.ask();
    let ran = project.workspace.take_executions();
    assert!(ran.iter().any(|it| it.query == "resolve_module"));
    assert!(ran.iter().all(|it| it.query != "file_summary"));
    assert_eq!(project.workspace.apply(Changes::new().environment(root, other), &NoProgress).revision, 2);
}

#[test]
fn whole_project_questions_reach_few_memos_per_file() {
    let files: Vec<(String, String)> = (0..200)
        .map(|it| {
            let functions: Vec<_> =
                (0..20).map(|f| format!("def f{f}(x): return m{}.f{f}(x)\n", it / 2)).collect();
            (format!("/p/m{it}.py"), format!("import m{}\n{}", it / 2, functions.concat()))
        })
        .collect();
    let project = Project::open(Arc::new(MemoryFiles::new(files)), Store::none(), 2, true);
    let snapshot = project.workspace.snapshot();
    snapshot.graph(project.root, &NoProgress).unwrap();
    snapshot.deep_hashes(project.root, &NoProgress).unwrap();
    let memos = project.workspace.take_executions().len();
    assert!(memos <= 12 * 200, "{memos}");
}

#[test]
fn equal_files_are_lowered_once() {
    let storage = MemoryStorage::default();
    let store = || Store::new(Arc::new(storage.clone()), "test");
    let files = Arc::new(MemoryFiles::new([("/p/a.py", A), ("/p/b.py", B), ("/p/c.py", B)]));
    let mut project = Project::open(Arc::clone(&files), store(), 1, false);
    assert_eq!(project.workspace.lowered_count(), 2);
    // The same tree as a commit.
    let spec = RootSpec {
        files: Arc::new((*files).clone()),
        folder: PathBuf::from("/p"),
        environment: environment(),
        paths: files.paths(),
        is_frozen: true,
        verify: false,
    };
    let frozen = project.workspace.add_root(spec, &NoProgress);
    assert_eq!(project.workspace.lowered_count(), 2);
    let snapshot = project.workspace.snapshot();
    let deep = |root| {
        let all = snapshot.deep_hashes(root, &NoProgress).unwrap();
        let files = snapshot.files(root).into_iter();
        files.map(|it| (all.of(it).to_vec(), all.dependencies(it).to_vec())).collect::<Vec<_>>()
    };
    assert_eq!(deep(project.root), deep(frozen));
    drop(snapshot);
    project.workspace.apply(Changes::new().path(frozen, "/p/a.py"), &NoProgress);
    project.workspace.save();
    drop(project);
    // Another process.
    let project = Project::open(files, store(), 1, false);
    assert_eq!(project.workspace.lowered_count(), 0);
    assert_eq!(project.workspace.store_counts().hits, 2);
}

#[test]
fn cancelled_questions_end() {
    let files: Vec<(String, String)> =
        (0..60).map(|it| (format!("/p/m{it}.py"), format!("x = {it}\n"))).collect();
    let mut project = Project::open(Arc::new(MemoryFiles::new(files)), Store::none(), 2, false);
    let root = project.root;
    let (mut done, mut cancelled) = (0, 0);
    // What is not known yet would be read only when somebody asks, which may be after the first edit.
    let nodes =
        |project: &Project| project.workspace.snapshot().graph(root, &NoProgress).unwrap().graph().len();
    assert_eq!(nodes(&project), 120);
    for edit in 0..30 {
        // Two threads ask while this one edits.
        let ask = || {
            let snapshot = project.workspace.snapshot();
            std::thread::spawn(move || {
                let answer = snapshot.graph(root, &NoProgress);
                drop(snapshot);
                answer.map(|it| it.graph().len())
            })
        };
        let asking = [ask(), ask()];
        project.files.write("/p/m0.py", format!("x = {edit}\ny{edit} = 1\n"));
        project.workspace.apply(Changes::new().path(root, "/p/m0.py"), &NoProgress);
        for it in asking {
            match it.join().unwrap() {
                Ok(nodes) => {
                    done += 1;
                    assert_eq!(nodes, if edit == 0 { 120 } else { 121 });
                }
                Err(crate::Cancelled) => cancelled += 1,
            }
        }
    }
    assert_eq!(done + cancelled, 60);
    assert_eq!(nodes(&project), 121);
}

/// Cancels a snapshot as soon as something is done.
struct Impatient(crate::CancelToken);

impl Progress for Impatient {
    fn begin(&self, _: Stage, _: usize) {}

    fn advance(&self) {
        self.0.cancel();
    }
}

#[test]
fn a_token_cancels_all_threads() {
    for threads in [1, 4] {
        let files: Vec<(String, String)> =
            (0..200).map(|it| (format!("/p/m{it}.py"), format!("x = {it}\n"))).collect();
        let project = Project::open(Arc::new(MemoryFiles::new(files)), Store::none(), threads, true);
        let snapshot = project.workspace.snapshot();
        let progress = Impatient(snapshot.cancel_token());
        assert_eq!(snapshot.graph(project.root, &progress), Err(crate::Cancelled));
        assert_eq!(project.workspace.take_counts().get("root_graph"), None);
        assert_eq!(snapshot.graph(project.root, &NoProgress), Err(crate::Cancelled));
        assert!(snapshot.summary(snapshot.files(project.root)[0]).is_err());
        // Others go on.
        assert!(project.workspace.snapshot().graph(project.root, &NoProgress).is_ok());
    }
}

#[test]
fn what_is_nested_too_deep_is_missing() {
    let deep = vec!["a"; 50_000].join(".");
    let chain = (0..600).map(|it| (format!("/p/m{it}.py"), format!("from m{} import *\n", it + 1)));
    let files: Vec<_> = chain
        .chain([
            ("/p/deep.py".to_owned(), format!("import {deep}\ndef f(): return {deep}\n")),
            ("/p/m600.py".to_owned(), "def end(): pass\n".to_owned()),
            ("/p/user.py".to_owned(), "from m550 import *\nimport m0\nend()\nm0.end()\nm0.none\n".to_owned()),
        ])
        .collect();
    let project = Project::open(Arc::new(MemoryFiles::new(files)), Store::none(), 2, false);
    let snapshot = project.workspace.snapshot();
    let user = snapshot.file(project.root, Path::new("/p/user.py"));
    let end = snapshot.file(project.root, Path::new("/p/m600.py"));
    let references = snapshot.references(user).unwrap();
    assert!(references[0].contains(&crate::Referent::Item(end, 1)), "{references:?}");
    let deep = snapshot.file(project.root, Path::new("/p/deep.py"));
    assert!(snapshot.references(deep).is_ok());
}

#[test]
fn what_cannot_be_read_stays_named() {
    let mut project = project();
    project.files.forbid("/p/b.py", true);
    project.files.touch("/p/b.py");
    let root = project.root;
    let applied = project.workspace.apply(Changes::new().path(root, "/p/b.py"), &NoProgress);
    assert_eq!(applied.files, [(root, PathBuf::from("/p/b.py"), FileChange::Changed)]);
    let summary = |project: &Project| {
        let snapshot = project.workspace.snapshot();
        let file = snapshot.files(root).into_iter().find(|it| snapshot.path(*it).ends_with("b.py")).unwrap();
        snapshot.summary(file).unwrap().as_ref().err().map(ToString::to_string)
    };
    assert_eq!(summary(&project).unwrap(), "the file cannot be read: permission denied");
    project.files.forbid("/p/b.py", false);
    project.files.touch("/p/b.py");
    let applied = project.workspace.apply(Changes::new().path(root, "/p/b.py"), &NoProgress);
    assert_eq!(applied.files, [(root, PathBuf::from("/p/b.py"), FileChange::Changed)]);
    assert_eq!(summary(&project), None);
}

#[test]
fn panics_of_a_frontend_concern_one_file() {
    struct Fragile;
    impl crate::Lowering for Fragile {
        fn id(&self) -> astkit_ast::FrontendId {
            astkit_ast::FrontendId { name: "fragile".into(), version: "1".into() }
        }

        fn claims(&self, extension: &str) -> bool {
            extension == "py"
        }

        fn lower(
            &self,
            _: &str,
            source: &astkit_ast::SourceText,
            options: &astkit_ast::Options,
        ) -> Result<astkit_ast::Lowered, astkit_ast::LowerError> {
            assert!(!source.text().contains("boom"), "cannot read this");
            astkit_ast::lower(&PythonAst, source, options)
        }
    }
    let mut workspace = Workspace::builder().lowering(Arc::new(Fragile)).build();
    let files = MemoryFiles::new([("/p/a.py", "boom\n"), ("/p/b.py", "x = 1\n"), ("/p/c.txt", "")]);
    let spec = RootSpec {
        paths: files.paths(),
        files: Arc::new(files),
        folder: PathBuf::from("/p"),
        environment: environment(),
        is_frozen: false,
        verify: false,
    };
    let root = workspace.add_root(spec, &NoProgress);
    let snapshot = workspace.snapshot();
    let results: Vec<_> = snapshot
        .files(root)
        .iter()
        .map(|it| {
            snapshot.summary(*it).unwrap().as_ref().map_or_else(ToString::to_string, |_| "fine".to_owned())
        })
        .collect();
    let expected = [
        "internal error while reading the file: cannot read this",
        "fine",
        "no frontend reads files like this",
    ];
    assert_eq!(results, expected);
    assert!(snapshot.graph(root, &NoProgress).is_ok());
}
