//! What the engine costs on a large package, beside other tools on the same files in the same run.
//!
//!     cargo bench -p astkit-system --bench engine [-- FOLDER]
//!
//! FOLDER defaults to homeassistant in the corpus (`$ASTKIT_CORPUS` or `target/corpus`, see `tests/corpus/fetch.py`).
//! Every scenario is a process of its own and is run three times; the medians of its CPU time (user and system, all
//! threads), its wall time and its largest resident memory are printed. ruff and git are measured if they are there.
//! Scenarios with an edit tell besides how long it takes from a change to the answer: the median and the 95th of 100
//! over edits of forty files, in milliseconds of wall time. Name scenarios behind FOLDER to run only these.
//!
//! `--scenario memory FOLDER` prints what takes memory; `ASTKIT_BENCH_CACHE` has to name a folder for the store.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::env;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use astkit_engine::modules::Environment;
use astkit_engine::store::Store;
use astkit_engine::{Changes, FileKind, FileSystem as _, NoProgress, RootId, RootSpec, Workspace};
use astkit_hash::normal::NormalOptions;
use astkit_python_ast::PythonAst;
use astkit_system::{FolderStorage, OsFiles};

const SCENARIOS: [&str; 15] = [
    "summaries-no-cache",
    "summaries-cold",
    "summaries-warm",
    "summaries-verify",
    "graph-no-cache",
    "graph-warm",
    "deep-cold",
    "deep-warm",
    "edit-body",
    "edit-interface",
    "deep-edit-body",
    "deep-edit-interface",
    "impact-edit-body",
    "touch",
    "deep-touch",
];

fn main() {
    let mut arguments = env::args().skip(1).filter(|it| it != "--bench");
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (Some("--scenario"), Some(scenario), Some(folder)) => run(&scenario, Path::new(&folder)),
        (Some(folder), first, second) => {
            let named: Vec<String> = first.into_iter().chain(second).chain(arguments).collect();
            compare(Path::new(folder), &named);
        }
        (None, ..) => compare(&corpus(), &[]),
    }
}

fn corpus() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpus");
    let corpus = env::var_os("ASTKIT_CORPUS").map_or(default, PathBuf::from);
    corpus.join("packages/homeassistant-2026.2.3")
}

/// Runs every scenario in processes of their own, and other tools beside them.
fn compare(folder: &Path, named: &[String]) {
    let own = env::current_exe().unwrap().display().to_string();
    let folder = folder.canonicalize().unwrap();
    let shown = folder.display().to_string();
    let cache = env::temp_dir().join(format!("astkit-bench-{}", std::process::id()));
    println!("{shown}: {} files", python_files(&folder).len());
    println!("{:32} {:>9} {:>9} {:>9}  ", "", "CPU ms", "wall ms", "RSS MB");
    let ruff = |extra: &str| format!("ruff check --select F --quiet --exit-zero {extra} {shown}");
    let git = format!("find {shown} -name '*.py' | git hash-object --stdin-paths");
    for (name, command) in
        [("ruff, no cache", ruff("--no-cache")), ("ruff, warm", ruff("")), ("git hash-object", git)]
    {
        if named.is_empty() {
            measure(name, &command, &cache);
        }
    }
    let is_wanted = |it: &&str| named.is_empty() || named.iter().any(|name| name == it);
    for scenario in SCENARIOS.into_iter().filter(is_wanted) {
        if scenario.ends_with("-cold") {
            std::fs::remove_dir_all(&cache).unwrap_or_default();
        }
        measure(scenario, &format!("{own} --scenario {scenario} {shown}"), &cache);
    }
    std::fs::remove_dir_all(&cache).unwrap_or_default();
}

/// Runs a command three times in a shell that tells its times.
fn measure(name: &str, command: &str, cache: &Path) {
    let mut runs = Vec::new();
    for _ in 0..if name.ends_with("-cold") { 1 } else { 3 } {
        let timed = format!("TIMEFORMAT='%3U %3S %3R'; time {{ {command} > /dev/null; }}");
        let output = Command::new("bash")
            .args(["-c", &timed])
            .env("ASTKIT_BENCH_CACHE", cache)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = said.lines().last().unwrap_or_default();
        let times: Vec<f64> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
        let [user, system, wall] = times[..] else { return };
        if !output.status.success() {
            println!("{name:32} not measured: {}", said.lines().next().unwrap_or_default());
            return;
        }
        let value = |key: &str| {
            let line = said.lines().find_map(|it| it.strip_prefix(key));
            line.and_then(|it| it.trim().parse::<f64>().ok())
        };
        let edits = value("p50 ").zip(value("p95 "));
        runs.push(((user + system) * 1e3, wall * 1e3, value("rss "), edits));
    }
    runs.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (cpu, wall, rss, edits) = runs[runs.len() / 2];
    let rss = rss.map_or(String::new(), |it| format!("{:.0}", it / 1024.0));
    let edits = edits
        .map_or(String::new(), |(p50, p95)| format!("  p50 {p50:.2}, p95 {p95:.2} ms from change to answer"));
    println!("{name:32} {cpu:9.0} {wall:9.0} {rss:>9}{edits}");
}

fn run(scenario: &str, folder: &Path) {
    let cache = PathBuf::from(env::var_os("ASTKIT_BENCH_CACHE").unwrap());
    let store = if scenario.ends_with("no-cache") {
        Store::none()
    } else {
        Store::new(Arc::new(FolderStorage::new(cache)), "bench")
    };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let builder = Workspace::builder().frontend(Arc::new(PythonAst)).store(store).threads(threads);
    let question = match scenario.split('-').next() {
        Some("deep") => Question::Deep,
        Some("impact") => Question::Impact,
        _ => Question::Graph,
    };
    let builder = match question {
        Question::Graph => builder,
        Question::Deep | Question::Impact => builder.normal(NormalOptions::default()),
    };
    let mut workspace = builder.build();
    let spec = RootSpec {
        files: Arc::new(OsFiles),
        folder: folder.to_owned(),
        environment: Environment { roots: vec![folder.to_owned()], ..Environment::default() },
        paths: python_files(folder),
        is_frozen: !["edit", "touch", "memory"].iter().any(|it| scenario.contains(it)),
        verify: scenario.ends_with("verify"),
    };
    let root = workspace.add_root(spec, &NoProgress);
    match scenario {
        _ if scenario.contains("edit-body") => {
            edit(&mut workspace, root, question, "\ndef _bench(): return ");
        }
        _ if scenario.contains("edit-interface") => edit(&mut workspace, root, question, "\nBENCH_VALUE_"),
        _ if scenario.contains("touch") => edit(&mut workspace, root, question, ""),
        "deep-cold" | "deep-warm" => ask(&workspace, root, Question::Deep, None),
        "memory" => {
            ask(&workspace, root, Question::Graph, None);
            ask(&workspace, root, Question::Deep, None);
            for it in workspace.memory() {
                println!("{:32} {:>9} {:>12} bytes", it.name, it.count, it.bytes);
            }
        }
        _ if scenario.starts_with("graph") => {
            ask(&workspace, root, Question::Graph, None);
        }
        _ => {
            let snapshot = workspace.snapshot();
            let hashes = snapshot.files(root).into_iter().filter_map(|file| {
                let summary = snapshot.summary(file).unwrap().as_ref().ok()?;
                summary.bodies.item(&summary.interface, 0).map(|it| it.ast_hash[0])
            });
            println!("{}", hashes.map(usize::from).sum::<usize>());
        }
    }
    workspace.save();
    eprint_figures(None);
}

/// What is asked about a root.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// Who depends on whom.
    Graph,
    /// The hashes at `deep`.
    Deep,
    /// These, and who depends on the definitions of an edited file.
    Impact,
}

/// Asks a question about the whole root, after an edit of a file.
fn ask(workspace: &Workspace, root: RootId, question: Question, edited: Option<&Path>) {
    let snapshot = workspace.snapshot();
    let graph = || snapshot.graph(root, &NoProgress).unwrap();
    if question == Question::Graph {
        println!("{}", graph().graph().len());
        return;
    }
    let hashes = snapshot.deep_hashes(root, &NoProgress).unwrap();
    let Some(edited) = edited.map(|it| snapshot.file(root, it)) else {
        let files = snapshot.files(root);
        println!("{}", files.into_iter().map(|it| hashes.of(it).len()).sum::<usize>());
        if question == Question::Impact {
            println!("{}", graph().graph().len());
        }
        return;
    };
    println!("{:?}", hashes.of(edited).last());
    if question == Question::Impact {
        let graph = graph();
        let nodes = (0..).map_while(|it| graph.node(edited, it));
        println!("{}", graph.impact(nodes).len());
    }
}

/// Edits forty files in memory, as an editor's buffers, three times each, and tells what that takes.
fn edit(workspace: &mut Workspace, root: RootId, question: Question, addition: &str) {
    let snapshot = workspace.snapshot();
    let files = snapshot.files(root);
    let mut paths: Vec<PathBuf> =
        files.iter().step_by((files.len() / 40).max(1)).map(|it| snapshot.path(*it).to_path_buf()).collect();
    // One on which most depends.
    paths.extend(files.iter().map(|it| snapshot.path(*it).to_path_buf()).find(|it| it.ends_with("core.py")));
    drop((files, snapshot));
    ask(workspace, root, question, None);
    let mut times = Vec::new();
    for path in paths {
        let text = OsFiles.read(&path).unwrap();
        for number in 0..4 {
            let mut edited = text.clone();
            if addition.ends_with("return ") {
                edited.extend_from_slice(format!("{addition}{number}\n").as_bytes());
            } else if !addition.is_empty() {
                edited.extend_from_slice(format!("{addition}{number} = {number}\n").as_bytes());
            }
            let start = Instant::now();
            workspace.apply(Changes::new().open(root, &path, edited), &NoProgress);
            ask(workspace, root, question, Some(&path));
            // At first the function comes, and a buffer opens.
            if number > 0 || addition.ends_with('_') {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    eprint_figures(Some((times[times.len() / 2], times[times.len() * 95 / 100])));
}

#[expect(clippy::print_stderr, reason = "a bench")]
fn eprint_figures(edits: Option<(f64, f64)>) {
    if let Some((p50, p95)) = edits {
        eprintln!("p50 {p50}\np95 {p95}");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default();
    eprintln!("rss {}", line.trim().trim_end_matches(" kB"));
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let (mut out, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in OsFiles.read_dir(&folder).unwrap_or_default() {
            let path = folder.join(&entry.name);
            match entry.kind {
                FileKind::Directory => open.push(path),
                FileKind::File if path.extension().is_some_and(|it| it == "py") => out.push(path),
                FileKind::File | FileKind::Other => {}
            }
        }
    }
    out.sort();
    out
}
