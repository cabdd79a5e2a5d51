//! How programs save.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use crate::support::{MODULE, Watching, assert_one, has, pause, repeat, run};

const NEW: &str = "def f():\n    return 10\n\n\nclass C:\n    def m(self):\n        return 2\n";
const MODIFIED: &[(&str, &str)] = &[("m.py", "modified")];

#[test]
fn in_place() {
    repeat(|| {
        let watching = Watching::module();
        watching.write("m.py", NEW);
        let batches = watching.batches();
        assert_one(&batches, MODIFIED);
        assert_eq!(batches[0].changed, ["m.py::f"]);
    });
}

#[test]
fn a_temporary_file_that_is_renamed() {
    repeat(|| {
        let watching = Watching::module();
        for temporary in ["m.py.tmp", "m.py.1234", ".m.py-x", "tmpabc"] {
            watching.write(temporary, NEW);
            fs::rename(watching.path(temporary), watching.path("m.py")).unwrap();
            assert_one(&watching.batches(), MODIFIED);
            fs::write(watching.path("m.py"), MODULE).unwrap();
            assert_one(&watching.batches(), MODIFIED);
        }
    });
}

#[test]
fn vim() {
    if !has("vim") {
        return;
    }
    repeat(|| {
        for how in ["no", "auto", "yes"] {
            let watching = Watching::module();
            let set = format!("set backupcopy={how} backup writebackup swapfile directory=.");
            let arguments = [
                "-u",
                "NONE",
                "-i",
                "NONE",
                "-es",
                "-c",
                &set,
                "-c",
                "%s/return 1$/return 10/",
                "-c",
                "wq",
                "m.py",
            ];
            run(watching.scratch.path(), "vim", &arguments);
            assert_eq!(watching.scratch.read("m.py"), NEW);
            assert_one(&watching.batches(), MODIFIED);
        }
    });
}

/// Emacs makes a lock (a link into nothing), renames the file to a backup, and writes a new one.
#[cfg(unix)]
#[test]
fn emacs() {
    repeat(|| {
        let watching = Watching::module();
        std::os::unix::fs::symlink("user@host.123:456", watching.path(".#m.py")).unwrap();
        fs::rename(watching.path("m.py"), watching.path("m.py~")).unwrap();
        fs::write(watching.path("m.py"), NEW).unwrap();
        fs::remove_file(watching.path(".#m.py")).unwrap();
        assert_one(&watching.batches(), MODIFIED);
    });
}

#[test]
fn jetbrains() {
    repeat(|| {
        let watching = Watching::module();
        let path = |name: &str| watching.path(name);
        fs::write(path("m.py___jb_tmp___"), NEW).unwrap();
        fs::rename(path("m.py"), path("m.py___jb_old___")).unwrap();
        fs::rename(path("m.py___jb_tmp___"), path("m.py")).unwrap();
        fs::remove_file(path("m.py___jb_old___")).unwrap();
        assert_one(&watching.batches(), MODIFIED);
    });
}

/// VS Code empties the file and writes it a moment later.
#[test]
fn emptied_first() {
    repeat(|| {
        let watching = Watching::module();
        let mut file = OpenOptions::new().write(true).truncate(true).open(watching.path("m.py")).unwrap();
        pause(30);
        file.write_all(NEW.as_bytes()).unwrap();
        drop(file);
        assert_one(&watching.batches(), MODIFIED);
        // The same by a program that closes the file in between.
        fs::write(watching.path("m.py"), "").unwrap();
        pause(30);
        fs::write(watching.path("m.py"), MODULE).unwrap();
        assert_eq!(watching.batches().len(), 1);
    });
}

#[test]
fn in_pieces() {
    repeat(|| {
        let watching = Watching::module();
        let mut file = OpenOptions::new().write(true).truncate(true).open(watching.path("m.py")).unwrap();
        for piece in NEW.as_bytes().chunks(NEW.len() / 4) {
            file.write_all(piece).unwrap();
            pause(30);
        }
        drop(file);
        assert_one(&watching.batches(), MODIFIED);
    });
}

#[test]
fn sed_and_git() {
    repeat(|| {
        let watching = Watching::module();
        let folder = watching.scratch.path();
        run(folder, "git", &["init", "-q"]);
        run(folder, "git", &["add", "."]);
        run(folder, "git", &["-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m"]);
        assert!(watching.batches().is_empty());
        run(folder, "sed", &["-i", "s/return 1$/return 10/", "m.py"]);
        assert_one(&watching.batches(), MODIFIED);
        let stash = ["-c", "user.name=n", "-c", "user.email=e", "stash"];
        run(folder, "git", &stash);
        assert_one(&watching.batches(), MODIFIED);
        run(folder, "git", &[&stash[..], &["pop", "-q"]].concat());
        assert_one(&watching.batches(), MODIFIED);
    });
}

#[test]
fn nothing_new() {
    repeat(|| {
        let watching = Watching::module();
        let path = watching.path("m.py");
        fs::File::open(&path).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
        fs::write(&path, MODULE).unwrap();
        fs::copy(&path, watching.path("m.py.tmp")).unwrap();
        fs::rename(watching.path("m.py.tmp"), &path).unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert_eq!(watching.sync(), [] as [serde_json::Value; 0]);
    });
}

#[test]
fn twice_at_once() {
    repeat(|| {
        let watching = Watching::module();
        watching.write("m.py", &NEW.replace("10", "11"));
        pause(5);
        watching.write("m.py", NEW);
        let batches = watching.batches();
        assert!((1..=2).contains(&batches.len()), "{batches:?}");
        watching.write("m.py", NEW);
        assert!(watching.batches().is_empty(), "the last content was seen");
    });
}

#[test]
fn a_formatter_after_the_save() {
    repeat(|| {
        let watching = Watching::module();
        watching.write("m.py", "def f( ):\n    return 10\n");
        pause(150);
        watching.write("m.py", "def f():\n    return 10\n");
        let batches = watching.batches();
        assert_eq!(batches.len(), 2, "{batches:?}");
        assert_eq!(batches[1].changed, [] as [String; 0]);
    });
}
