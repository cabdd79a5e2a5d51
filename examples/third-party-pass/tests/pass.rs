//! The pass in a workspace that changes, and in the command line of this crate.

use std::process::Command;
use std::sync::{Arc, Mutex};

use acme_passes::FreeReads;
use astkit::engine::modules::Environment;
use astkit::engine::{Changes, MemoryFiles, NoProgress, RootSpec};
use astkit::passes::PassEvent;
use astkit::{Frontends, Workspace};

const TEXT: &str = "\
def f(a):
    b = a + c
    return d(b)

def g():
    return c
";

#[test]
fn an_edit_of_one_function_runs_the_pass_once() {
    let files = Arc::new(MemoryFiles::new([("/p/m.py", TEXT)]));
    let lowering = Frontends::standard().lowering("auto").unwrap();
    let mut workspace = Workspace::builder().lowering(lowering).build();
    let spec = RootSpec {
        paths: files.paths(),
        files: files.clone(),
        folder: "/p".into(),
        environment: Environment { roots: vec!["/p".into()], ..Environment::default() },
        is_frozen: false,
        verify: false,
    };
    let root = workspace.add_root(spec, &NoProgress);
    let runs = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&runs);
    workspace.listen(move |event| {
        if matches!(event, PassEvent::RunningAnalysis { pass: "acme.free-reads", .. }) {
            *counter.lock().unwrap() += 1;
        }
    });
    let pass = FreeReads { prefix: String::new(), skip: Vec::new(), nested: false };
    let ask = |workspace: &Workspace| {
        let snapshot = workspace.snapshot();
        let view = snapshot.view(snapshot.file(root, "/p/m.py".as_ref()));
        let all = snapshot.definitions(view).unwrap();
        let found = all.into_iter().map(|it| snapshot.gather(&pass, it).unwrap());
        found.map(|it| it.iter().map(String::as_str).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(ask(&workspace), ["", "cd", "c"]);
    assert_eq!(std::mem::take(&mut *runs.lock().unwrap()), 3);
    files.write("/p/m.py", TEXT.replace("return c", "# another\n    return e"));
    workspace.apply(Changes::new().path(root, "/p/m.py"), &NoProgress);
    assert_eq!(ask(&workspace), ["", "cd", "e"]);
    assert_eq!(*runs.lock().unwrap(), 1);
}

fn acme(arguments: &[&str]) -> (bool, String, String) {
    let folder = env!("CARGO_TARGET_TMPDIR");
    std::fs::write(format!("{folder}/m.py"), TEXT).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_acme-passes"));
    let output = command.current_dir(folder).arg("--no-cache").args(arguments).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_line_knows_the_pass() {
    let (_, out, _) = acme(&["passes"]);
    assert!(
        out.contains("acme.free-reads  names that") || out.contains("acme.free-reads names that"),
        "{out}"
    );
    assert!(out.contains("<prefix> [skip] [nested]") && out.contains("scopes "), "{out}");
    let (ok, out, err) = acme(&["analyze", "acme.free-reads", "m.py", "-p", "prefix=", "-p", "skip=d"]);
    assert!(ok, "{err}");
    let record: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(record["parameters"].to_string(), r#"{"prefix":"","skip":"d"}"#);
    assert_eq!(
        record["result"]["definitions"].to_string(),
        r#"[{"qualname":"<module>","result":[]},{"qualname":"f","result":["c"]},{"qualname":"g","result":["c"]}]"#
    );
    let (ok, _, err) = acme(&["analyze", "acme.free-reads", "m.py"]);
    assert!(!ok && err.contains("needs parameter `prefix`"), "{err}");
    let (ok, _, err) = acme(&["analyze", "acme.free-reads", "m.py", "-p", "prefix=", "-p", "junk=1"]);
    assert!(!ok && err.contains("no parameter `junk`"), "{err}");
}

#[test]
fn the_command_line_knows_the_transformation() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let text = "def f(a):\n    assert a  # why\n    assert a, 'told'\n    return  a # kept\n";
    std::fs::write(format!("{folder}/asserts.py"), text).unwrap();
    let (ok, out, err) = acme(&["transform", "acme.strip-asserts", "asserts.py"]);
    assert!(ok, "{err}");
    assert_eq!(out, "def f(a):\n    return  a # kept\n");
    let pipeline = "repeat<3>(fold-constants,acme.strip-asserts<keep-messages=true>)";
    let (ok, out, err) = acme(&["transform", pipeline, "asserts.py"]);
    assert!(ok, "{err}");
    assert_eq!(out, "def f(a):\n    assert a, 'told'\n    return  a # kept\n");
}
