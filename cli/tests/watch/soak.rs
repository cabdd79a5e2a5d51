//! Thousands of edits, and at the end the same as a fresh look.
//!
//! As many edits as `ASTKIT_WATCH_EDITS` says; a few hundred if it says nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::scratch::Scratch;
use crate::support::Watching;

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        // Knuth's linear congruential generator; its high bits are good enough.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn folder(&mut self) -> String {
        format!("p{}/q{}", self.below(6), self.below(4))
    }

    fn file(&mut self) -> String {
        format!("{}/m{}.py", self.folder(), self.below(8))
    }
}

/// One edit. Whether it succeeds does not matter: there may be nothing to move or remove.
fn edit(root: &Path, chance: &mut Chance, number: u64) {
    let path = root.join(chance.file());
    let done = match chance.below(10) {
        0..=4 => fs::create_dir_all(path.parent().unwrap())
            .and_then(|()| fs::write(&path, format!("def f(a):\n    return a + {number}\n"))),
        5 => {
            let temporary = path.with_extension("tmp");
            fs::write(&temporary, format!("x = {number}\n")).and_then(|()| fs::rename(&temporary, &path))
        }
        6 => fs::remove_file(&path),
        7 => fs::rename(&path, root.join(chance.file())),
        8 => fs::rename(root.join(chance.folder()), root.join(chance.folder())),
        _ if chance.below(4) == 0 => fs::remove_dir_all(root.join(chance.folder())),
        _ => fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|it| it.set_modified(std::time::SystemTime::now())),
    };
    drop(done);
}

/// Takes over what batches say.
fn follow(state: &mut BTreeMap<String, String>, records: &[Value]) {
    for file in records.iter().flat_map(|it| it["files"].as_array().into_iter().flatten()) {
        let path = file["path"].as_str().unwrap().to_owned();
        match file["hash"].as_str() {
            Some(hash) => state.insert(path, hash.to_owned()),
            None => state.remove(&path),
        };
    }
}

#[test]
fn the_state_after_many_edits_is_that_of_a_fresh_run() {
    let edits = std::env::var("ASTKIT_WATCH_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(300);
    let watching = Watching::start(Scratch::new(&[]), &["--level", "exact"]);
    let (mut chance, mut state) = (Chance(7), BTreeMap::new());
    let mut resident = Vec::new();
    for number in 0..edits {
        edit(watching.scratch.path(), &mut chance, number);
        if number % 50 == 49 {
            follow(&mut state, &watching.sync());
            resident.extend(memory(watching.child.id()));
        }
    }
    follow(&mut state, &watching.sync());
    let run = watching.scratch.run(&["hash", "--summary", "--level", "exact", "--json", "."]);
    let fresh: BTreeMap<String, String> = run
        .records()
        .iter()
        .filter(|it| it["type"] == "file")
        .map(|it| (it["path"].as_str().unwrap().to_owned(), it["hash"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(state, fresh);
    assert!(!fresh.is_empty());
    if let (Some(first), Some(last)) = (resident.get(resident.len() / 4), resident.last()) {
        assert!(last < &(first + 20_000), "{resident:?} KB");
    }
}

/// Resident memory in KB, where the system tells.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
