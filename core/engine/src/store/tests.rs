//! Nothing that happens to the folder may change an answer, and what is lost is one entry.

use std::path::Path;

use astkit_hash::deep::Source as _;

use super::*;
use crate::files::{FileKind, Metadata, Timestamp};

fn key(number: u32) -> Key {
    *blake3::hash(&number.to_le_bytes()).as_bytes()
}

fn record(number: u32) -> Record {
    let len = 20 + number as usize * 37 % 300;
    number.to_le_bytes().iter().copied().cycle().take(len).collect()
}

fn open(storage: &MemoryStorage) -> Store {
    Store::new(Arc::new(storage.clone()), "0.1.0+test build")
}

fn fill(storage: &MemoryStorage, numbers: std::ops::Range<u32>) {
    let store = open(storage);
    for number in numbers {
        store.put(key(number), record(number));
    }
}

fn names(storage: &MemoryStorage, suffix: &str) -> Vec<String> {
    let files = storage.list().unwrap().into_iter().map(|it| it.name);
    files.filter(|it| it.ends_with(suffix)).collect()
}

/// How many of the records are there; each that is there must be right.
fn count_right(store: &Store, numbers: std::ops::Range<u32>) -> usize {
    let keys: Vec<_> = numbers.clone().map(key).collect();
    let many = store.get_many(&keys);
    let mut count = 0;
    for (number, found) in numbers.zip(many) {
        assert_eq!(found, store.get(&key(number)));
        if let Some(found) = found {
            assert_eq!(found, record(number));
            count += 1;
        }
    }
    count
}

#[test]
fn records_outlive_the_store() {
    let storage = MemoryStorage::default();
    fill(&storage, 0..100);
    fill(&storage, 50..200);
    let store = open(&storage);
    assert_eq!(count_right(&store, 0..250), 200);
    assert!(store.contains(&key(199)) && !store.contains(&key(200)));
    assert_eq!(names(&storage, ".pack").len(), 2);
    assert_eq!(names(&storage, "CACHEDIR.TAG"), ["CACHEDIR.TAG"]);
    assert!(names(&storage, ".pack")[0].starts_with("1-0.1.0+test_build/"));
    let other = Store::new(Arc::new(storage), "0.2.0");
    assert_eq!(count_right(&other, 0..250), 0);
}

#[test]
fn what_waits_can_be_read() {
    let store = open(&MemoryStorage::default());
    store.put(key(1), record(1));
    assert_eq!(count_right(&store, 0..3), 1);
    assert_eq!(count_right(&Store::none(), 0..3), 0);
}

#[test]
fn any_cut_and_any_flipped_bit_is_noticed() {
    let storage = MemoryStorage::default();
    fill(&storage, 0..12);
    let name = names(&storage, ".pack").pop().unwrap();
    let sound = storage.bytes(&name).unwrap();
    for len in 0..sound.len() {
        storage.set_bytes(&name, &sound[..len]);
        assert_eq!(count_right(&open(&storage), 0..12), 0, "cut at {len}");
        assert!(storage.bytes(&name).is_none(), "a cut segment is removed");
    }
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        for pack in names(&storage, ".pack") {
            storage.remove(&pack).unwrap();
        }
        storage.set_bytes(&name, &bytes);
        let store = open(&storage);
        let right = count_right(&store, 0..12);
        // A flip in a record costs that record, one in the index the segment; zeros of the header are not looked at.
        assert!(right == 11 || right == 0 || (right == 12 && (40..48).contains(&at)), "{right} at {at}");
        assert_eq!(store.counts().damaged > 0, right < 12);
    }
}

#[test]
fn damaged_records_are_replaced() {
    let storage = MemoryStorage::default();
    fill(&storage, 0..3);
    let name = names(&storage, ".pack").pop().unwrap();
    let mut bytes = storage.bytes(&name).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    storage.set_bytes(&name, &bytes);
    assert_eq!(count_right(&open(&storage), 0..3), 2);
    fill(&storage, 0..3);
    let store = open(&storage);
    assert_eq!(count_right(&store, 0..3), 3);
    drop(store);
    let healed = open(&storage);
    assert_eq!(
        (count_right(&healed, 0..3), healed.counts().damaged),
        (3, 0),
        "a damaged segment does not stay"
    );
}

#[test]
fn full_disks_and_read_only_folders_cost_the_entries() {
    for fault in [Fault::Full, Fault::ReadOnly] {
        let storage = MemoryStorage::default();
        fill(&storage, 0..10);
        storage.set_fault(fault);
        let store = open(&storage);
        store.put(key(20), record(20));
        store.flush();
        assert_eq!(store.counts().failed, 1);
        store.write_stat_index(Path::new("/r"), &StatIndexBuilder::default());
        assert_eq!(store.counts().failed, 2);
        assert_eq!(count_right(&store, 0..30), 10);
        // A folder that could never be made.
        let storage = MemoryStorage::default();
        storage.set_fault(fault);
        fill(&storage, 0..10);
        assert_eq!(count_right(&open(&storage), 0..10), 0);
    }
}

#[test]
fn death_at_any_moment_loses_nothing_that_was_written() {
    for moment in 0..60 {
        let storage = MemoryStorage::default();
        for part in 0..9 {
            fill(&storage, part * 10..part * 10 + 10);
        }
        storage.set_fault(Fault::Dies(moment));
        fill(&storage, 90..100); // merges
        fill(&storage, 100..110);
        storage.set_fault(Fault::None);
        let right = count_right(&open(&storage), 0..110);
        assert!(right >= 90 && right.is_multiple_of(10), "{right} at {moment}");
        fill(&storage, 90..110);
        assert_eq!(count_right(&open(&storage), 0..110), 110);
    }
}

#[test]
fn segments_are_merged_when_they_are_many() {
    let storage = MemoryStorage::default();
    let (mut written, mut most) = (0, 0);
    for part in 0..100 {
        fill(&storage, part..part + 1);
        let packs = names(&storage, ".pack").len();
        most = most.max(packs);
        written += packs;
    }
    assert!(most <= 9, "{most}");
    assert!(written > 100);
    assert_eq!(count_right(&open(&storage), 0..100), 100);
}

#[test]
fn two_stores_share_a_folder() {
    let storage = MemoryStorage::default();
    let (one, two) = (open(&storage), open(&storage));
    assert_eq!(count_right(&one, 0..10) + count_right(&two, 0..10), 0);
    for number in 0..40 {
        one.put(key(number), record(number));
        one.flush();
        two.put(key(number + 20), record(number + 20));
        two.flush();
    }
    drop((one, two));
    assert_eq!(count_right(&open(&storage), 0..60), 60);
    // Who has segments open reads on when another has merged them.
    let reader = open(&storage);
    assert!(reader.contains(&key(0)));
    for part in 100..120 {
        fill(&storage, part..part + 1);
    }
    assert_eq!(count_right(&reader, 0..60), 60);
}

#[test]
fn only_one_merges() {
    let storage = MemoryStorage::default();
    fill(&storage, 0..1);
    let lock = storage.try_lock("1-0.1.0+test_build/lock").unwrap();
    assert!(lock.is_some());
    for part in 1..20 {
        fill(&storage, part..part + 1);
    }
    assert_eq!(names(&storage, ".pack").len(), 20);
    drop(lock);
    fill(&storage, 20..21);
    assert!(names(&storage, ".pack").len() < 9);
    assert_eq!(count_right(&open(&storage), 0..21), 21);
}

#[test]
fn what_nobody_uses_for_a_month_is_forgotten() {
    let storage = MemoryStorage::default();
    storage.set_day(1000);
    fill(&storage, 0..10);
    storage.set_bytes("1-0.0.9/old.pack", b"x");
    storage.set_bytes("1-0.1.0+test_build/dead.tmp", b"x");
    storage.set_bytes("notes.txt", b"not ours");
    storage.set_day(1020);
    fill(&storage, 10..20);
    storage.set_day(1025);
    assert_eq!(count_right(&open(&storage), 0..1), 1); // uses the first segment
    storage.set_day(1052);
    fill(&storage, 20..30);
    let store = open(&storage);
    assert_eq!((count_right(&store, 0..10), count_right(&store, 10..20)), (10, 0));
    assert_eq!(names(&storage, ".tmp"), [""; 0]);
    assert!(storage.bytes("1-0.0.9/old.pack").is_none() && storage.bytes("notes.txt").is_some());
}

#[test]
fn of_too_much_the_last_used_stays() {
    let storage = MemoryStorage::default();
    let limits = Limits { bytes: 20_000, ..Limits::default() };
    for day in 0..20 {
        storage.set_day(1000 + day);
        let store = open(&storage).with_limits(limits);
        for number in day * 10..day * 10 + 10 {
            store.put(key(number), record(number));
        }
        assert!(store.get(&key(0)).is_some());
    }
    let total: u64 = storage.list().unwrap().iter().map(|it| it.size).sum();
    assert!(total < 21_000, "{total}");
    let store = open(&storage);
    assert_eq!((count_right(&store, 0..1), count_right(&store, 190..200)), (1, 10));
    assert!(count_right(&store, 1..100) < 50);
}

#[test]
fn notes_and_indexes_count_and_go_like_records() {
    let storage = MemoryStorage::default();
    let limits = Limits { bytes: 20_000, ..Limits::default() };
    let store = || open(&storage).with_limits(limits);
    let size = || storage.list().unwrap().iter().map(|it| it.size).sum::<u64>();
    for day in 0..20 {
        storage.set_day(1000 + day);
        let store = store();
        store.write_note(&key(1000 + day), &[7; 2000]);
        store.write_pages(&key(2000 + day), &[7; 2000]);
        store.put(key(day), record(day));
        // What is used stays young.
        assert!(store.note(&key(1000)).is_some() && store.pages(&key(2000)).is_some());
        drop(store);
        assert!(size() < 25_000, "{}", size());
    }
    let marks: u64 = super::MARKS.iter().map(|it| it.1.len() as u64).sum();
    assert_eq!(
        stats(&(Arc::new(storage.clone()) as Arc<dyn Storage>)).unwrap().versions[0].bytes,
        size() - marks
    );
    let store = store();
    let notes = (1001..1020).filter(|it| store.note(&key(*it)).is_some()).count();
    let pages = (2001..2020).filter(|it| store.pages(&key(*it)).is_some()).count();
    assert!((1..5).contains(&notes) && (1..5).contains(&pages), "{notes}, {pages}");
    assert!(store.note(&key(1019)).is_some() && store.get(&key(19)).is_some());
    drop(store);
    // A month later all of it is too old, the state of a run included.
    storage.set_day(1060);
    fill(&storage, 500..501);
    assert!(names(&storage, ".note").is_empty());
}

#[test]
fn pages_are_checked_one_by_one() {
    let storage = MemoryStorage::default();
    let note: Vec<u8> = (0..30_000_u32).flat_map(u32::to_le_bytes).collect();
    open(&storage).write_pages(&key(1), &note);
    let name = names(&storage, ".note").pop().unwrap();
    let sound = storage.bytes(&name).unwrap();
    let pages = || open(&storage).pages(&key(1));
    let read = |start: usize, len: usize| pages().unwrap().read(start, len).map(std::borrow::Cow::into_owned);
    for (start, len) in [(0, 0), (0, 10), (8190, 4), (100, 60_000), (119_990, 10), (0, 120_000)] {
        assert_eq!(read(start, len).as_deref(), Some(&note[start..start + len]), "{len} at {start}");
    }
    assert_eq!((read(119_990, 11), read(usize::MAX, 2)), (None, None));
    assert!(open(&storage).note(&key(1)).is_none() && open(&storage).pages(&key(2)).is_none());
    // A flip costs its page, or all if it is in the head.
    let head = sound.len() - note.len();
    for at in (0..sound.len()).step_by(61) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        storage.set_bytes(&name, &bytes);
        let Some(pages) = pages() else {
            assert!(at < head);
            continue;
        };
        let page = at.checked_sub(head).map(|it| it / 8192);
        let lost: Vec<_> = (0..15).filter(|it| pages.read(it * 8192, 1).is_none()).collect();
        assert_eq!(lost, Vec::from_iter(page), "flipped at {at}");
        assert!(page.is_some() || (12..16).contains(&at));
    }
    for len in (0..sound.len()).step_by(997) {
        storage.set_bytes(&name, &sound[..len]);
        assert!(pages().is_none(), "cut at {len}");
    }
}

#[test]
fn stats_and_clean_see_our_files_only() {
    let storage = MemoryStorage::default();
    storage.set_day(3);
    fill(&storage, 0..10);
    open(&storage).write_stat_index(Path::new("/r"), &StatIndexBuilder::default());
    storage.set_bytes("notes.txt", b"not ours");
    storage.set_bytes("src/a.pack", b"not ours");
    storage.set_bytes("1-src/a.py", b"not ours");
    let shared: Arc<dyn Storage> = Arc::new(storage.clone());
    let found = stats(&shared).unwrap().versions;
    let [version] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((version.segments, version.records, version.indexes, version.last_used), (1, 10, 1, 3));
    assert_eq!(clean(&shared).unwrap().0, 4);
    assert_eq!(storage.list().unwrap().len(), 3);
}

fn stat(size: u64, modified: i64) -> Stat {
    let modified = Timestamp(modified);
    Stat::from(&Metadata { kind: FileKind::File, size, modified, changed: modified, inode: 7, mode: 0o644 })
}

#[test]
fn a_file_is_settled_when_no_change_can_hide() {
    let second = Timestamp::SECOND;
    let it = stat(1, 100 * second + 5);
    assert!(!it.is_settled(Timestamp(100 * second + 5)));
    assert!(!it.is_settled(Timestamp(100 * second + 20_000_000)));
    assert!(it.is_settled(Timestamp(101 * second)));
    // A clock that counts in seconds.
    let it = stat(1, 100 * second);
    assert!(!it.is_settled(Timestamp(102 * second)));
    assert!(it.is_settled(Timestamp(103 * second)));
    // From the future.
    assert!(!stat(1, 200 * second + 1).is_settled(Timestamp(103 * second)));
}

#[test]
fn notes_change_and_notice_damage() {
    let storage = MemoryStorage::default();
    let store = open(&storage);
    assert_eq!(store.note(&key(1)), None);
    store.write_note(&key(1), b"first");
    store.write_note(&key(1), b"second");
    store.write_note(&key(2), b"");
    assert_eq!(open(&storage).note(&key(1)).as_deref(), Some(&b"second"[..]));
    assert_eq!(open(&storage).note(&key(2)).as_deref(), Some(&b""[..]));
    for name in names(&storage, ".note") {
        let sound = storage.bytes(&name).unwrap();
        let found = |bytes: &[u8]| {
            storage.set_bytes(&name, bytes);
            [1, 2].map(|it| open(&storage).note(&key(it))).into_iter().flatten().count()
        };
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x10;
            assert!(found(&bytes) == 1 || (12..16).contains(&at), "flipped at {at}");
            assert_eq!(found(&sound[..at]), 1, "cut at {at}");
        }
        assert_eq!(found(&sound), 2);
    }
}

#[test]
fn the_stat_index_survives_and_notices_damage() {
    let storage = MemoryStorage::default();
    let (store, root) = (open(&storage), Path::new("/r"));
    let mut builder = StatIndexBuilder::default();
    for number in 0..20 {
        builder.insert(Path::new(&format!("a/{number}.py")), stat(number, 5), key(3));
    }
    store.write_stat_index(root, &builder);
    let index = store.stat_index(root);
    assert!(builder.is_same_as(&index));
    assert_eq!(index.get(Path::new("a/7.py"), &stat(7, 5)), Some(key(3)));
    assert_eq!(index.get(Path::new("a/7.py"), &stat(7, 6)), None);
    assert_eq!(index.get(Path::new("a/70.py"), &stat(7, 5)), None);
    assert!(store.stat_index(Path::new("/other")).is_empty());
    let name = names(&storage, ".index").pop().unwrap();
    let sound = storage.bytes(&name).unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        storage.set_bytes(&name, &bytes);
        assert!(store.stat_index(root).is_empty(), "flipped at {at}");
        storage.set_bytes(&name, &sound[..at]);
        assert!(store.stat_index(root).is_empty(), "cut at {at}");
    }
}
