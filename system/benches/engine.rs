//! What the engine costs on a large package, beside other tools on the same files in the same run.
//!
//!     cargo bench -p astkit-system --bench engine [-- FOLDER]
//!
//! FOLDER defaults to homeassistant in the corpus (`$ASTKIT_CORPUS` or `target/corpus`, see `tests/corpus/fetch.py`).
//! Every scenario is a process of its own and is run three times; the medians of its CPU time (user and system, all
//! threads), its wall time and its largest resident memory are printed. ruff and git are measured if they are there.
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

const SCENARIOS: [&str; 13] = [
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
    "touch",
];

fn main() {
    let mut arguments = env::args().skip(1).filter(|it| it != "--bench");
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (Some("--scenario"), Some(scenario), Some(folder)) => run(&scenario, Path::new(&folder)),
        (Some(folder), ..) => compare(Path::new(folder)),
        (None, ..) => compare(&corpus()),
    }
}

fn corpus() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpus");
    let corpus = env::var_os("ASTKIT_CORPUS").map_or(default, PathBuf::from);
    corpus.join("packages/homeassistant-2026.2.3")
}

/// Runs every scenario in processes of their own, and other tools beside them.
fn compare(folder: &Path) {
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
        measure(name, &command, &cache);
    }
    for scenario in SCENARIOS {
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
        runs.push(((user + system) * 1e3, wall * 1e3, value("rss "), value("inner ")));
    }
    runs.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (cpu, wall, rss, inner) = runs[runs.len() / 2];
    let rss = rss.map_or(String::new(), |it| format!("{:.0}", it / 1024.0));
    let inner = inner.map_or(String::new(), |it| format!("  {it:.2} ms from change to answer"));
    println!("{name:32} {cpu:9.0} {wall:9.0} {rss:>9}{inner}");
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
    let is_deep = scenario.starts_with("deep");
    let mut workspace = if is_deep { builder.normal(NormalOptions::default()) } else { builder }.build();
    let spec = RootSpec {
        files: Arc::new(OsFiles),
        folder: folder.to_owned(),
        environment: Environment { roots: vec![folder.to_owned()], ..Environment::default() },
        paths: python_files(folder),
        is_frozen: !scenario.contains("edit") && !["touch", "memory"].contains(&scenario),
        verify: scenario.ends_with("verify"),
    };
    let root = workspace.add_root(spec, &NoProgress);
    match scenario {
        "edit-body" | "deep-edit-body" => edit(&mut workspace, root, is_deep, "\ndef _bench(): return "),
        "edit-interface" | "deep-edit-interface" => edit(&mut workspace, root, is_deep, "\nBENCH_VALUE_"),
        "touch" => edit(&mut workspace, root, false, ""),
        "deep-cold" | "deep-warm" => ask(&workspace, root, true),
        "memory" => {
            ask(&workspace, root, false);
            ask(&workspace, root, true);
            for it in workspace.memory() {
                println!("{:32} {:>9} {:>12} bytes", it.name, it.count, it.bytes);
            }
        }
        _ if scenario.starts_with("graph") => {
            ask(&workspace, root, false);
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

/// Asks a question about the whole root.
fn ask(workspace: &Workspace, root: RootId, is_deep: bool) {
    let snapshot = workspace.snapshot();
    if is_deep {
        let hashes = snapshot.deep_hashes(root, &NoProgress).unwrap();
        let files = snapshot.files(root);
        println!("{}", files.into_iter().map(|it| hashes.of(it).len()).sum::<usize>());
    } else {
        println!("{}", snapshot.graph(root, &NoProgress).unwrap().graph().len());
    }
}

/// Edits one file in memory, as an editor's buffer, thirty times, and tells the median of what that takes.
fn edit(workspace: &mut Workspace, root: RootId, is_deep: bool, addition: &str) {
    let snapshot = workspace.snapshot();
    let files = snapshot.files(root);
    let path = snapshot.path(files[files.len() / 3]).to_path_buf();
    drop((files, snapshot));
    ask(workspace, root, is_deep);
    let text = OsFiles.read(&path).unwrap();
    let mut times = Vec::new();
    for number in 0..30 {
        let mut edited = text.clone();
        if addition.ends_with("return ") {
            edited.extend_from_slice(format!("{addition}{number}\n").as_bytes());
        } else if !addition.is_empty() {
            edited.extend_from_slice(format!("{addition}{number} = {number}\n").as_bytes());
        }
        let start = Instant::now();
        workspace.apply(Changes::new().open(root, &path, edited), &NoProgress);
        ask(workspace, root, is_deep);
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    eprint_figures(Some(times[times.len() / 2]));
}

#[expect(clippy::print_stderr, reason = "a bench")]
fn eprint_figures(inner: Option<f64>) {
    if let Some(inner) = inner {
        eprintln!("inner {inner}");
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
