//! Where a name leads while files come, shadow each other, and go.

use super::*;
use crate::modules::ModuleName;

/// A workspace over two roots and a site's folder.
struct World {
    files: Arc<MemoryFiles>,
    workspace: Workspace,
    root: RootId,
}

impl World {
    fn new(files: &[&str]) -> Self {
        let files = Arc::new(MemoryFiles::new(files.iter().map(|it| (it, ""))));
        let interpreter =
            Interpreter { site_packages: vec![PathBuf::from("/site")], ..Interpreter::default() };
        let roots = ["/p/src", "/p/lib"].map(PathBuf::from).to_vec();
        let mut workspace = Workspace::builder().frontend(Arc::new(PythonAst)).record_queries().build();
        let spec = RootSpec {
            paths: files.paths().into_iter().filter(|it| it.starts_with("/p")).collect(),
            files: Arc::clone(&files) as _,
            folder: PathBuf::from("/p"),
            environment: Environment { roots, stub_path: Vec::new(), interpreter },
            is_frozen: false,
            verify: false,
        };
        let root = workspace.add_root(spec, &NoProgress);
        Self { files, workspace, root }
    }

    /// Where a name leads.
    fn find(&self, name: &str) -> String {
        let name = ModuleName::new(name).unwrap();
        match self.workspace.snapshot().resolve(self.root, &name).unwrap() {
            Ok(it) => it
                .path
                .iter()
                .chain(&it.folders)
                .map(|it| it.display().to_string())
                .collect::<Vec<_>>()
                .join(" "),
            Err(_) => "missing".to_owned(),
        }
    }

    fn write(&mut self, path: &str, text: &str) {
        self.files.write(path, text);
        self.workspace.apply(Changes::new().path(self.root, path), &NoProgress);
    }

    fn remove(&mut self, path: &str) {
        self.files.remove(path);
        self.workspace.apply(Changes::new().path(self.root, path), &NoProgress);
    }
}

#[test]
fn missing_modules_come_are_shadowed_and_go() {
    let mut world = World::new(&["/p/src/a.py", "/p/lib/b.py", "/site/c.py"]);
    assert_eq!(world.find("x"), "missing");
    world.write("/site/x.py", "");
    assert_eq!(world.find("x"), "/site/x.py");
    world.write("/p/lib/x.py", "");
    assert_eq!(world.find("x"), "/p/lib/x.py");
    world.write("/p/src/x/y.py", "");
    // Folders without an `__init__` come last, wherever they are.
    assert_eq!((&*world.find("x"), &*world.find("x.y")), ("/p/lib/x.py", "missing"));
    world.write("/p/src/x/__init__.py", "");
    assert_eq!(world.find("x"), "/p/src/x/__init__.py /p/src/x");
    assert_eq!(world.find("x.y"), "/p/src/x/y.py");
    world.remove("/p/src/x");
    world.remove("/p/lib/x.py");
    assert_eq!((&*world.find("x"), &*world.find("x.y")), ("/site/x.py", "missing"));
    world.remove("/site/x.py");
    assert_eq!(world.find("x"), "missing");
}

#[test]
fn namespaces_grow_and_shrink() {
    let mut world = World::new(&["/p/src/n/one.py", "/p/lib/b.py"]);
    assert_eq!(world.find("n"), "/p/src/n");
    world.write("/site/n/two.py", "");
    world.write("/p/lib/n/three.py", "");
    assert_eq!(world.find("n"), "/p/src/n /p/lib/n /site/n");
    assert_eq!(world.find("n.two"), "/site/n/two.py");
    // An old namespace package takes in the others.
    world.write("/p/lib/n/__init__.py", "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n");
    assert_eq!(world.find("n"), "/p/lib/n/__init__.py /p/lib/n /p/src/n /site/n");
    world.write("/p/lib/n/__init__.py", "");
    assert_eq!((&*world.find("n.three"), &*world.find("n.two")), ("/p/lib/n/three.py", "missing"));
    world.remove("/p/lib/n/__init__.py");
    world.remove("/p/src/n");
    assert_eq!(world.find("n"), "/p/lib/n /site/n");
}

#[test]
fn pth_files_change_the_search() {
    let mut world = World::new(&["/site/c.py", "/extra/d.py"]);
    assert_eq!(world.find("d"), "missing");
    world.write("/site/more.pth", "/extra\n");
    assert_eq!(world.find("d"), "/extra/d.py");
    world.workspace.take_executions();
    // Another folder than any that was looked into.
    world.write("/elsewhere/d.py", "");
    assert_eq!(world.find("d"), "/extra/d.py");
    assert_eq!(world.workspace.take_executions(), []);
    world.write("/site/more.pth", "# /extra\n/elsewhere\n");
    assert_eq!(world.find("d"), "/elsewhere/d.py");
    world.remove("/site/more.pth");
    assert_eq!(world.find("d"), "missing");
}

#[test]
fn unsaved_files_can_be_imported() {
    let mut world = World::new(&["/p/src/a.py"]);
    let root = world.root;
    assert_eq!(world.find("new"), "missing");
    let text = &b"x = 1\n"[..];
    world.workspace.apply(Changes::new().open(root, "/p/src/new.py", text), &NoProgress);
    assert_eq!(world.find("new"), "/p/src/new.py");
    assert_eq!(world.workspace.snapshot().files(root).len(), 2);
    world.workspace.apply(Changes::new().close(root, "/p/src/new.py"), &NoProgress);
    assert_eq!(world.find("new"), "missing");
    assert_eq!(world.workspace.snapshot().files(root).len(), 1);
}
