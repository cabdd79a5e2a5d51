//! The store on a real disk: many processes, and processes that are killed.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::env;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use astkit_engine::store::{Key, Limits, Record, Storage, Store, StoredFile};
use astkit_system::FolderStorage;

const RECORDS: u32 = 2_000;

fn key(number: u32) -> Key {
    let mut key = [0; 32];
    for part in 0..8_u32 {
        let word = (number ^ part.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b).rotate_left(part);
        key[part as usize * 4..][..4].copy_from_slice(&word.to_le_bytes());
    }
    key
}

fn record(number: u32) -> Record {
    number.to_le_bytes().iter().copied().cycle().take(100 + number as usize % 4_000).collect()
}

fn open(folder: &Path) -> Store {
    // Merging all the time, and more than fits.
    let limits = Limits { bytes: 3 << 20, segments: 3, ..Limits::default() };
    Store::new(Arc::new(FolderStorage::new(folder)), "test").with_limits(limits)
}

/// Reads and writes records until it is killed, when it is started by the tests below with a folder to do so in.
#[test]
fn worker() {
    let Some(folder) = env::var_os("ASTKIT_TEST_STORE") else { return };
    let mut state = std::process::id();
    loop {
        let store = open(Path::new(&folder));
        for _ in 0..200 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (state >> 8) % RECORDS;
            match store.get(&key(number)) {
                Some(found) => assert_eq!(found, record(number)),
                None => store.put(key(number), record(number)),
            }
        }
        assert_eq!(store.counts().damaged, 0);
    }
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "worker"]).env("ASTKIT_TEST_STORE", folder).stdout(std::process::Stdio::null());
    command.spawn().unwrap()
}

fn has_suffix(file: &StoredFile, suffix: &str) -> bool {
    Path::new(&file.name).extension().is_some_and(|it| it == suffix)
}

fn count_right(store: &Store) -> usize {
    let keys: Vec<_> = (0..RECORDS).map(key).collect();
    let found = store.get_many(&keys);
    let right = found.iter().zip(0..).filter_map(|(found, number)| Some(found.as_ref()? == &record(number)));
    right.inspect(|it| assert!(it, "a wrong record")).count()
}

#[test]
fn killed_at_a_hundred_moments() {
    let folder = tempfile::tempdir().unwrap();
    for moment in 0..50_u64 {
        let mut workers = [start(folder.path()), start(folder.path())];
        thread::sleep(Duration::from_millis(5 + moment * 7 % 60));
        for worker in &mut workers {
            worker.kill().unwrap();
            worker.wait().unwrap();
        }
        let store = open(folder.path());
        count_right(&store);
        assert_eq!(store.counts().damaged, 0, "no reader ever sees a half-written segment");
    }
    let store = open(folder.path());
    assert!(count_right(&store) > 100);
    let total: u64 = FolderStorage::new(folder.path())
        .list()
        .unwrap()
        .iter()
        .filter(|it| has_suffix(it, "pack"))
        .map(|it| it.size)
        .sum();
    assert!(total < 6 << 20, "{total}");
}

#[test]
fn damaged_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let fill = || {
        let store = open(folder.path());
        (0..50).filter(|it| store.get(&key(*it)).is_none()).for_each(|it| store.put(key(it), record(it)));
    };
    fill();
    let storage = FolderStorage::new(folder.path());
    let pack = || {
        let files = storage.list().unwrap();
        folder.path().join(&files.iter().find(|it| has_suffix(it, "pack")).unwrap().name)
    };
    let len = std::fs::metadata(pack()).unwrap().len();
    std::fs::File::options().write(true).open(pack()).unwrap().set_len(len / 2).unwrap();
    assert_eq!(count_right(&open(folder.path())), 0);
    fill();
    assert_eq!(count_right(&open(folder.path())), 50);
    let mut bytes = std::fs::read(pack()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 4;
    std::fs::write(pack(), bytes).unwrap();
    assert_eq!(count_right(&open(folder.path())), 49);
    fill();
    assert_eq!(count_right(&open(folder.path())), 50);
}

#[test]
fn a_folder_that_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let store = open(&file);
    store.put(key(1), record(1));
    store.flush();
    assert_eq!((store.counts().failed, count_right(&store)), (1, 0));
    assert_eq!(std::fs::read(&file).unwrap(), b"in the way");
}

/// Needs the right to mount a file system of 64 KB; without it, the same is tested in memory by the engine's tests.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).output();
    if !mount.is_ok_and(|it| it.status.success()) {
        return;
    }
    let fill = |range: std::ops::Range<u32>| {
        let store = open(folder.path());
        range.for_each(|it| store.put(key(it), record(it)));
        store.flush();
        (store.counts().failed, count_right(&store))
    };
    let small = fill(0..20);
    let large = fill(20..500);
    let left: Vec<_> = FolderStorage::new(folder.path()).list().unwrap();
    let unmounted = Command::new("umount").arg(folder.path()).status().unwrap();
    assert!(unmounted.success());
    assert_eq!((small, large), ((0, 20), (1, 20)));
    assert!(left.iter().all(|it| !has_suffix(it, "tmp")), "{left:?}");
}
