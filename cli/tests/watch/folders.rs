//! Folders that come, go and move.

use std::fs;

use crate::support::{MODULE, Watching, repeat, run};

#[test]
fn files_in_new_folders() {
    repeat(|| {
        let watching = Watching::module();
        for at in 0..40 {
            let folder = watching.path(&format!("n{at}/a/b"));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("x.py"), format!("x = {at}\n")).unwrap();
        }
        let files = watching.files();
        assert_eq!(files.len(), 40, "{files:?}");
    });
}

#[test]
fn copied_and_unpacked_trees() {
    repeat(|| {
        let scratch = tempfile::tempdir().unwrap();
        let source = scratch.path().join("tree");
        for at in 0..100 {
            let folder = source.join(format!("p{}/q{}", at % 7, at % 3));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("f{at}.py")), format!("x = {at}\n")).unwrap();
        }
        run(scratch.path(), "tar", &["cf", "tree.tar", "tree"]);
        let watching = Watching::module();
        let archive = scratch.path().join("tree.tar");
        run(watching.scratch.path(), "tar", &["xf", archive.to_str().unwrap()]);
        run(watching.scratch.path(), "cp", &["-r", source.to_str().unwrap(), "copy"]);
        assert_eq!(watching.files().len(), 200);
    });
}

#[test]
fn a_package_is_renamed() {
    repeat(|| {
        let watching = Watching::new(&[("p/__init__.py", "x = 1\n"), ("p/q/m.py", MODULE)], &[]);
        fs::rename(watching.path("p"), watching.path("r")).unwrap();
        let files = watching.files();
        let names: Vec<_> = files.iter().map(|(path, kinds)| (&**path, kinds.join(" "))).collect();
        let expected = [
            ("p/__init__.py", "removed"),
            ("p/q/m.py", "removed"),
            ("r/__init__.py", "added"),
            ("r/q/m.py", "added"),
        ];
        assert_eq!(names, expected.map(|it| (it.0, it.1.to_owned())));
        watching.write("r/q/m.py", "x = 2\n");
        assert_eq!(watching.files().keys().collect::<Vec<_>>(), ["r/q/m.py"]);
    });
}

#[test]
fn folders_move_in_and_out() {
    repeat(|| {
        let outside = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let there = outside.path().join("p");
        fs::create_dir_all(there.join("q")).unwrap();
        fs::write(there.join("q/m.py"), MODULE).unwrap();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let watching = Watching::new(&[], &[folder.path().to_str().unwrap()]);
        let here = folder.path().join("p");
        fs::rename(&there, &here).unwrap();
        let shown = here.join("q/m.py").display().to_string();
        assert_eq!(watching.files()[&shown], ["added"]);
        fs::write(here.join("q/m.py"), "x = 1\n").unwrap();
        assert_eq!(watching.files()[&shown], ["modified"]);
        fs::rename(&here, &there).unwrap();
        assert_eq!(watching.files()[&shown], ["removed"]);
        fs::write(there.join("q/m.py"), "x = 2\n").unwrap();
        assert!(watching.files().is_empty());
    });
}

#[test]
fn renamed_and_swapped_files() {
    repeat(|| {
        let watching = Watching::new(&[("a.py", "x = 1\n"), ("b.py", "y = 2\n")], &[]);
        fs::rename(watching.path("a.py"), watching.path("c.py")).unwrap();
        let files = watching.files();
        assert_eq!((files["a.py"].join(" "), files["c.py"].join(" ")), ("removed".into(), "added".into()));
        fs::rename(watching.path("b.py"), watching.path("t")).unwrap();
        fs::rename(watching.path("c.py"), watching.path("b.py")).unwrap();
        fs::rename(watching.path("t"), watching.path("c.py")).unwrap();
        let files = watching.files();
        assert_eq!(
            (files["b.py"].join(" "), files["c.py"].join(" ")),
            ("modified".into(), "modified".into())
        );
        fs::rename(watching.path("b.py"), watching.path("B.py")).unwrap();
        let files = watching.files();
        assert_eq!((files["b.py"].join(" "), files["B.py"].join(" ")), ("removed".into(), "added".into()));
    });
}

#[test]
fn the_root_goes_and_comes_back() {
    repeat(|| {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("m.py"), MODULE).unwrap();
        let watching = Watching::new(&[], &[root.to_str().unwrap()]);
        fs::remove_dir_all(&root).unwrap();
        let shown = root.join("m.py").display().to_string();
        let records = watching.sync();
        assert!(records.iter().any(|it| it["code"] == "root_gone"), "{records:?}");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("m.py"), "x = 1\n").unwrap();
        let back = watching.until(|it| it["type"] == "batch" && it["files"][0]["kind"] == "added");
        assert!(back.iter().any(|it| it["code"] == "root_back"), "{back:?}");
        fs::write(root.join("m.py"), "x = 2\n").unwrap();
        assert_eq!(watching.files()[&shown], ["modified"]);
    });
}

#[test]
fn a_folder_takes_the_place_of_a_file() {
    repeat(|| {
        let watching = Watching::module();
        fs::remove_file(watching.path("m.py")).unwrap();
        fs::create_dir(watching.path("m.py")).unwrap();
        assert_eq!(watching.files()["m.py"], ["removed"]);
        fs::remove_dir(watching.path("m.py")).unwrap();
        watching.write("m.py", MODULE);
        assert_eq!(watching.files()["m.py"], ["added"]);
    });
}

#[test]
fn what_nobody_wants() {
    repeat(|| {
        let watching =
            Watching::new(&[("m.py", MODULE), ("venv/pyvenv.cfg", ""), ("venv/lib/v.py", "")], &[]);
        assert_eq!((&watching.ready["files"], &watching.ready["dirs"]), (&1.into(), &1.into()));
        for name in [
            "venv/lib/v.py",
            "node_modules/n.py",
            "__pycache__/c.py",
            ".mypy_cache/m.py",
            "m.pyc",
            "notes.txt",
        ] {
            watching.write(name, "x = 1\n");
        }
        assert!(watching.files().is_empty());
    });
}

#[test]
fn ignore_files_are_followed() {
    repeat(|| {
        let watching = Watching::new(&[("m.py", MODULE), ("gen/g.py", "x = 1\n")], &[]);
        watching.write(".gitignore", "gen/\n");
        assert_eq!(watching.files()["gen/g.py"], ["removed"]);
        watching.write("gen/g.py", "x = 2\n");
        assert!(watching.files().is_empty());
        watching.write(".gitignore", "");
        assert_eq!(watching.files()["gen/g.py"], ["added"]);
        watching.write("gen/g.py", "x = 3\n");
        assert_eq!(watching.files()["gen/g.py"], ["modified"]);
    });
}
