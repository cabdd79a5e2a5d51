//! What is kept between runs: `astkit cache`, and that no state of the cache can be seen in a result.

use crate::support::{Run, Scratch};

#[test]
fn the_folder_comes_from_flags_variables_files() {
    let scratch = Scratch::new(&[("astkit.toml", "cache-dir = 'c'\n"), ("sub/x.py", "")]);
    let here = |name: &str| scratch.path().canonicalize().unwrap().join(name).display().to_string();
    let dir = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = scratch.command(&[&["cache", "dir"], arguments].concat());
        command.env_remove("ASTKIT_CACHE_DIR").env_remove("XDG_CACHE_HOME").envs(variable);
        Run::new(&command.output().unwrap()).out.trim().to_owned()
    };
    // What a file says is meant from the file's folder.
    assert_eq!(dir(&["-C", "sub"], None), here("c"));
    assert_eq!(dir(&["--cache-dir", "d"], Some(("ASTKIT_CACHE_DIR", "/e"))), here("d"));
    assert_eq!(dir(&[], Some(("ASTKIT_CACHE_DIR", "/e"))), "/e");
    if cfg!(target_os = "linux") {
        assert_eq!(dir(&["--isolated"], Some(("XDG_CACHE_HOME", "/x"))), "/x/astkit");
    }
    let records = scratch.run(&["cache", "dir", "--json"]).records();
    assert_eq!((records[0]["type"].as_str(), records[0]["schema"].as_u64()), (Some("cache"), Some(1)));
    assert_eq!(records[0]["path"].as_str(), scratch.cache().to_str());
}

#[test]
fn an_empty_cache_has_figures_too() {
    let scratch = Scratch::new(&[]);
    let run = scratch.run(&["cache", "stats", "--cache-dir", "none"]);
    assert_eq!((run.code, run.out.lines().last()), (Some(0), Some("empty")), "{run:?}");
    let run = scratch.run(&["cache", "clean", "--cache-dir", "none"]);
    assert!(run.code == Some(0) && run.out.starts_with("0 files, 0 B, removed"), "{run:?}");
    assert!(!scratch.path().join("none").exists());
}
