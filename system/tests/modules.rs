//! The module finder against real interpreters: what it finds is what CPython's own finders find.
//!
//! Uses the Pythons named by `ASTKIT_TEST_PYTHONS` (separated as in `PATH`), else `python3`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use astkit_engine::modules::{
    Environment, FileListings, ModuleName, find, module_of, resolve_relative, search_path,
};
use astkit_system::{OsFiles, describe_interpreter};
use serde_json::Value;

fn pythons() -> Vec<PathBuf> {
    match std::env::var_os("ASTKIT_TEST_PYTHONS") {
        Some(list) => std::env::split_paths(&list).collect(),
        None => vec![PathBuf::from("python3")],
    }
}

fn oracle(python: &Path, arguments: &[&str]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/oracle/modules_oracle.py");
    let output = Command::new(python).arg("-E").arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

fn environment(python: &Path, roots: Vec<PathBuf>) -> Environment {
    let interpreter = describe_interpreter(python).unwrap();
    Environment { roots, stub_path: Vec::new(), interpreter }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Compares all answers; returns how many there were of each kind.
fn compare(answers: &[Value], environment: &Environment) -> std::collections::BTreeMap<String, usize> {
    let files = OsFiles;
    let listings = FileListings::new(&files);
    let search = search_path(environment, &listings);
    let mut counts = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for answer in answers.iter().filter(|it| it["name"].is_string()) {
        let name = ModuleName::new(answer["name"].as_str().unwrap()).unwrap();
        let found = find(&name, &search, environment, &listings);
        let kind = answer["kind"].as_str().unwrap();
        let ours = match &found {
            Ok(it) if it.kind.as_str() != "stub" => it.kind.as_str(),
            _ => "missing",
        };
        let mut same = ours == kind;
        if let (true, Ok(found)) = (same && kind != "missing", &found) {
            let path = found.path.as_ref().map(|it| it.to_str().unwrap());
            let folders: Vec<_> = found.folders.iter().map(|it| it.to_str().unwrap().to_owned()).collect();
            same = (kind == "frozen" || answer["path"].as_str() == path)
                && answer["folders"].is_array() == found.is_package
                && (strings(&answer["folders"]) == folders || (kind == "frozen" && folders.is_empty()));
            // `pkg.__init__` can be imported, and is `pkg` by its path.
            if kind == "source" && name.tail() != "__init__" {
                let back = module_of(found.path.as_ref().unwrap(), &search.folders);
                same &= back.is_some_and(|it| it.1 == name);
            }
        }
        if !same {
            wrong.push(format!("{answer} but {found:?}"));
        }
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
    counts
}

#[test]
fn standard_library() {
    for python in pythons() {
        let answers = oracle(&python, &["stdlib"]);
        let environment = environment(&python, Vec::new());
        let search = search_path(&environment, &FileListings::new(&OsFiles));
        let folders: Vec<_> = search.folders.iter().map(|it| it.to_str().unwrap().to_owned()).collect();
        let theirs = strings(&answers[0]["path"]);
        let theirs: Vec<_> = theirs.into_iter().filter(|it| Path::new(it).is_dir()).collect();
        assert_eq!(folders, theirs);
        let counts = compare(&answers, &environment);
        for kind in ["source", "extension", "builtin", "missing"] {
            assert!(counts.get(kind).is_some_and(|it| *it > 10), "{kind}: {counts:?}");
        }
        assert!(counts.values().sum::<usize>() > 2_500, "{counts:?}");
        relative_names(&answers);
    }
}

fn relative_names(answers: &[Value]) {
    let mut count = 0;
    for answer in answers.iter().filter(|it| it["importer"].is_string()) {
        let Some(importer) = ModuleName::new(answer["importer"].as_str().unwrap()) else { continue };
        let is_package = answer["is_package"].as_bool().unwrap();
        let level = u32::try_from(answer["level"].as_u64().unwrap()).unwrap();
        let module = answer["module"].as_str().unwrap();
        let ours = resolve_relative(&importer, is_package, level, module).ok();
        assert_eq!(ours.as_ref().map(ModuleName::as_str), answer["absolute"].as_str(), "{answer}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn trees_of_split_packages() {
    for python in pythons() {
        let mut total = std::collections::BTreeMap::<String, usize>::new();
        for seed in 0..12 {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap();
            let answers = oracle(&python, &["tree", &seed.to_string(), root.to_str().unwrap()]);
            let roots = ["one", "two", "three"].iter().map(|it| root.join(it)).collect();
            for (kind, count) in compare(&answers, &environment(&python, roots)) {
                *total.entry(kind).or_default() += count;
            }
        }
        for kind in ["source", "bytecode", "extension", "builtin", "frozen", "namespace", "missing"] {
            // Older interpreters freeze hardly anything.
            assert!(kind == "frozen" || total.get(kind).is_some_and(|it| *it > 10), "{kind}: {total:?}");
        }
    }
}

#[test]
fn virtual_environments_and_pth_files() {
    for python in pythons() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for system in [false, true] {
            let venv = root.join(format!("venv-{system}"));
            let mut command = Command::new(&python);
            command.args(["-E", "-m", "venv", "--without-pip"]).arg(&venv);
            if system {
                command.arg("--system-site-packages");
            }
            if !command.status().unwrap().success() {
                continue; // Built without `venv`.
            }
            let site = describe_interpreter(&venv).unwrap().site_packages[0].clone();
            assert!(site.starts_with(&venv), "{}", site.display());
            let extra = root.join("extra");
            std::fs::create_dir_all(extra.join("deep")).unwrap();
            std::fs::write(extra.join("from_pth.py"), "").unwrap();
            std::fs::write(site.join("z.pth"), format!("{}\n# no\n\nmissing\n", extra.display())).unwrap();
            std::fs::write(site.join("a.pth"), format!("{}/deep/../deep\nimport os\n", extra.display()))
                .unwrap();
            let own = astkit_system::python_of(&venv).unwrap();
            let answers = oracle(&own, &["tree", "1", root.join("t").to_str().unwrap()]);
            let environment = environment(&venv, Vec::new());
            let search = search_path(&environment, &FileListings::new(&OsFiles));
            let theirs = strings(&answers[0]["path"]);
            let theirs: Vec<_> = theirs.iter().map(PathBuf::from).filter(|it| it.is_dir()).collect();
            assert_eq!(search.folders, theirs);
            assert!(search.opaque.contains(&site.join("a.pth")));
            assert!(!search.opaque.contains(&site.join("z.pth")));
        }
    }
}
