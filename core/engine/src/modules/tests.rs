//! Finding modules in trees in memory. The suite of the system crate compares with a real interpreter.

use std::path::{Path, PathBuf};

use super::*;
use crate::MemoryFiles;

struct World {
    files: MemoryFiles,
    environment: Environment,
}

impl World {
    fn new(files: &[&str]) -> Self {
        let interpreter = Interpreter {
            stdlib: vec![PathBuf::from("/std")],
            site_packages: vec![PathBuf::from("/site")],
            builtin: vec!["builtins".to_owned(), "sys".to_owned()],
            frozen: vec![("_frozen_importlib".to_owned(), false), ("os".to_owned(), false)],
            extension_suffixes: vec![".cpython-313.so".to_owned(), ".so".to_owned()],
            ..Interpreter::default()
        };
        let environment = Environment {
            roots: vec![PathBuf::from("/r1"), PathBuf::from("/r2")],
            stub_path: vec![PathBuf::from("/stubs")],
            interpreter,
        };
        Self { files: MemoryFiles::new(files.iter().map(|it| (it, ""))), environment }
    }

    fn search(&self) -> SearchPath {
        search_path(&self.environment, &FileListings::new(&self.files))
    }

    fn find(&self, name: &str) -> Resolution {
        let name = ModuleName::new(name).unwrap();
        find(&name, &self.search(), &self.environment, &FileListings::new(&self.files))
    }

    fn show(&self, name: &str) -> String {
        match self.find(name) {
            Err(Missing::NoSuchModule) => "missing".to_owned(),
            Err(Missing::NoParent(it)) => format!("missing: no {it}"),
            Err(Missing::NotAPackage(it)) => format!("missing: {it} is no package"),
            Ok(it) => {
                let paths = it.path.iter().chain(&it.folders).map(|it| format!(" {}", it.display()));
                let stub = it.stub.map(|it| format!(" stub {}", it.display()));
                format!("{}{}{}", it.kind.as_str(), paths.collect::<String>(), stub.unwrap_or_default())
            }
        }
    }
}

#[test]
fn kinds_in_the_order_of_the_finders() {
    let world = World::new(&[
        "/r1/a.py",
        "/r2/a.py",
        "/r1/p/__init__.py",
        "/r1/p.py",
        "/r1/p/m.so",
        "/r1/p/m.py",
        "/r1/p/n.pyc",
        "/r1/d/x.py",
        "/r2/d.py",
        "/std/os.py",
        "/std/sys.py",
        "/r1/e/__init__.cpython-313.so",
    ]);
    assert_eq!(world.show("a"), "source /r1/a.py");
    assert_eq!(world.show("p"), "source /r1/p/__init__.py /r1/p");
    assert_eq!(world.show("p.m"), "extension /r1/p/m.so");
    assert_eq!(world.show("p.n"), "bytecode /r1/p/n.pyc");
    // A module later on the path comes before a namespace package.
    assert_eq!(world.show("d"), "source /r2/d.py");
    assert_eq!(world.show("sys"), "builtin");
    assert_eq!(world.show("os"), "frozen /std/os.py");
    assert_eq!(world.show("_frozen_importlib"), "frozen");
    assert_eq!(world.show("e"), "extension /r1/e/__init__.cpython-313.so /r1/e");
    assert_eq!(world.show("os.path"), "missing: os is no package");
    assert_eq!(world.show("p.q"), "missing");
    assert_eq!(world.show("q.p"), "missing: no q");
}

#[test]
fn namespace_packages_are_split_over_roots() {
    let world = World::new(&["/r1/n/x.py", "/r2/n/y.py", "/r2/n/m/z.py", "/site/n/m/__init__.py"]);
    assert_eq!(world.show("n"), "namespace /r1/n /r2/n /site/n");
    assert_eq!(world.show("n.x"), "source /r1/n/x.py");
    assert_eq!(world.show("n.y"), "source /r2/n/y.py");
    assert_eq!(world.show("n.m"), "source /site/n/m/__init__.py /site/n/m");
    assert_eq!(world.show("n.m.z"), "missing");
}

#[test]
fn old_namespace_packages_take_in_other_folders() {
    let world = World::new(&["/r1/n/x.py", "/r2/n/y.py", "/site/n/z.py"]);
    world
        .files
        .write("/r1/n/__init__.py", "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n");
    world.files.write("/r2/n/__init__.py", "__import__('pkg_resources').declare_namespace(__name__)\n");
    assert_eq!(world.show("n"), "source /r1/n/__init__.py /r1/n /r2/n /site/n");
    assert_eq!(world.show("n.z"), "source /site/n/z.py");
}

#[test]
fn stubs_describe_and_do_not_hide() {
    let world = World::new(&[
        "/r1/a.py",
        "/r1/a.pyi",
        "/site/b/__init__.py",
        "/site/b/c.py",
        "/site/b/d.py",
        "/site/b/d.pyi",
        "/site/b-stubs/__init__.pyi",
        "/site/b-stubs/c.pyi",
        "/site/b-stubs/only.pyi",
        "/site/f/g.pyi",
        "/site/f/__init__.pyi",
        "/stubs/sys/__init__.pyi",
        "/site/e.so",
        "/site/e.pyi",
    ]);
    assert_eq!(world.show("a"), "source /r1/a.py stub /r1/a.pyi");
    assert_eq!(world.show("b"), "source /site/b/__init__.py /site/b stub /site/b-stubs/__init__.pyi");
    assert_eq!(world.show("b.c"), "source /site/b/c.py stub /site/b-stubs/c.pyi");
    assert_eq!(world.show("b.d"), "source /site/b/d.py stub /site/b/d.pyi");
    assert_eq!(world.show("b.only"), "stub stub /site/b-stubs/only.pyi");
    assert_eq!(world.show("f"), "namespace /site/f stub /site/f/__init__.pyi");
    assert_eq!(world.show("f.g"), "stub stub /site/f/g.pyi");
    assert_eq!(world.show("sys"), "builtin stub /stubs/sys/__init__.pyi");
    assert_eq!(world.show("e"), "extension /site/e.so stub /site/e.pyi");
    assert_eq!(world.find("e").unwrap().file(), Some(Path::new("/site/e.pyi")));
}

#[test]
fn pth_files_add_folders_in_the_order_of_their_names() {
    let world =
        World::new(&["/site/m.py", "/extra/one/o.py", "/extra/two/t.py", "/site/z.zip", "/site/sub/s.py"]);
    let pth = "# a comment\n\n/extra/two\n./sub\nimport sys; sys.path.append('/other')\nz.zip\n/not/there\n";
    world.files.write("/site/b.pth", pth);
    world.files.write("/site/a.pth", "\u{feff}/extra/one\r\n");
    world.files.write("/site/.hidden.pth", "/r1\n");
    let search = world.search();
    let folders: Vec<_> = search.folders.iter().map(|it| it.display().to_string()).collect();
    assert_eq!(folders, ["/site", "/extra/one", "/extra/two", "/site/sub"]);
    assert_eq!(search.unsearched, [PathBuf::from("/site/z.zip")]);
    assert_eq!(search.opaque, [PathBuf::from("/site/b.pth")]);
}

#[test]
fn names_of_paths() {
    let folders: Vec<PathBuf> = ["/p", "/p/src", "/site"].iter().map(PathBuf::from).collect();
    let name = |path: &str| {
        module_of(Path::new(path), &folders).map_or("none".to_owned(), |(at, it)| format!("{at} {it}"))
    };
    assert_eq!(name("/p/src/a/b.py"), "1 a.b");
    assert_eq!(name("/p/a/__init__.py"), "0 a");
    assert_eq!(name("/p/a/__main__.py"), "0 a.__main__");
    assert_eq!(name("/p/__main__.py"), "0 __main__");
    assert_eq!(name("/p/__init__.py"), "none");
    assert_eq!(name("/site/b-stubs/c.pyi"), "2 b.c");
    assert_eq!(name("/p/my-script.py"), "0 my-script");
    assert_eq!(name("/p/v1.2/a.py"), "none");
    assert_eq!(name("/p/a.b.py"), "none");
    assert_eq!(name("/else/a.py"), "none");
    assert_eq!(name("/p/a.txt"), "none");
}

#[test]
fn roots_are_where_python_would_start() {
    let files = MemoryFiles::new(
        ["/p/src/a/__init__.py", "/p/src/a/b/__init__.py", "/p/tests/t.py", "/q/src/__init__.py", "/q/m.py"]
            .iter()
            .map(|it| (it, "")),
    );
    let roots = |folder: &str| {
        let roots = infer_roots(Path::new(folder), &FileListings::new(&files));
        roots.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(roots("/p"), "/p/src /p");
    assert_eq!(roots("/p/src/a/b"), "/p/src");
    assert_eq!(roots("/p/tests"), "/p/tests");
    assert_eq!(roots("/q"), "/q");
}
