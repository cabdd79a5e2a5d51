//! Answers about a whole root that are remembered between runs, so that nothing is asked again where nothing changed.
//!
//! Such an answer is a function of the files' contents, of the environment, and of what the module finder saw: folders,
//! `.pth` files, modules outside. The first two name a record in the store, which says what to look at; what is seen
//! there names the next record, which has the answer, or says what else to look at. So every record is a function of its
//! name, as all in the store are. Only what can be a module counts of a folder: caches and notes change nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::Xxh3;

use super::{Survey, Workspace};
use crate::files::FileKind;
use crate::inputs::{Content, RootId};
use crate::modules::{Environment, Listing};
use crate::mount::Mount;
use crate::parallel;
use crate::store::Record;
use crate::summary::SummaryKey;

/// Version of the layout.
const FORMAT: u32 = 1;

/// Extensions of files that the module finder looks for; those of compiled modules have them too.
const EXTENSIONS: [&str; 6] = ["py", "pyi", "pyc", "pth", "so", "pyd"];

/// How often an answer may say that there is more to look at.
const MOST_LOOKS: usize = 32;

/// What was seen at a path: 32 bytes that are equal when nothing changed that matters.
type Sight = [u8; 32];

const FOLDER: u8 = 0;
const FILE: u8 = 1;

/// What can be looked at.
type Place = (u8, PathBuf);

/// What a record says.
enum Entry {
    Answer(Record),
    Look(Vec<Place>),
}

impl Workspace {
    /// What an earlier run remembered as the answer to a question about all files of a survey, if it still holds.
    ///
    /// The question names everything that the answer depends on besides the files and the environment.
    pub fn recall(&self, survey: &Survey, question: &str) -> Option<Record> {
        let files = survey.contents().zip(self.summary_keys(survey)).map(|(it, key)| (it.0, key));
        let mut key = self.answer_key(&survey.environment, files, question);
        let mount = self.db.shared.mount(survey.id);
        for _ in 0..MOST_LOOKS {
            match decode(&self.db.shared.summaries.store.get(&key)?)? {
                Entry::Answer(answer) => return Some(answer),
                Entry::Look(places) => {
                    let sights = parallel::map(vec![(); self.threads], &places, |(), it| see(&mount, it));
                    key = next_key(&key, &sights);
                }
            }
        }
        None
    }

    /// Remembers an answer, given by all of a root's files as they are now.
    pub fn remember(&self, id: RootId, question: &str, answer: &[u8]) {
        let root = self.roots[id.0 as usize];
        let python = root.python(&self.db);
        let files = root.files(&self.db).iter().map(|it| {
            let path = &**it.path(&self.db);
            let key = match it.content(&self.db) {
                Content::Hash(hash) => self.db.shared.summaries.key(path, &hash, python),
                Content::Absent | Content::Unreadable(_) => None,
            };
            (path, key)
        });
        let mut key = self.answer_key(root.environment(&self.db), files, question);
        let (mount, store) = (self.db.shared.mount(id), &self.db.shared.summaries.store);
        let known = self.sights(id);
        let mut unseen: BTreeSet<&Place> = known.keys().collect();
        for _ in 0..MOST_LOOKS {
            let places = match store.get(&key).map(|it| decode(&it)) {
                Some(Some(Entry::Look(places))) => places,
                None if !unseen.is_empty() => {
                    let places: Vec<_> = unseen.iter().map(|it| (*it).clone()).collect();
                    store.put(key, encode_look(&places));
                    places
                }
                None => return store.put(key, encode_answer(answer)),
                // It is remembered, or something is wrong.
                Some(_) => return,
            };
            let sight = |it| known.get(it).copied().unwrap_or_else(|| see(&mount, it));
            key = next_key(&key, &places.iter().map(sight).collect::<Vec<_>>());
            for place in &places {
                unseen.remove(place);
            }
        }
    }

    /// What the module finder saw so far, as the engine knows it.
    fn sights(&self, id: RootId) -> BTreeMap<Place, Sight> {
        let mount = self.db.shared.mount(id);
        let own: FxHashSet<_> = self.roots[id.0 as usize].files(&self.db).iter().copied().collect();
        let tables = mount.tables();
        let folders = tables
            .directories
            .iter()
            .map(|(path, it)| ((FOLDER, path.to_path_buf()), folder_sight(it.listing(&self.db).as_deref())));
        let files = tables.files.iter().filter(|it| !own.contains(it.1));
        let files = files.map(|(path, it)| ((FILE, path.to_path_buf()), file_sight(it.content(&self.db))));
        folders.chain(files).collect()
    }

    fn answer_key<'p>(
        &self,
        environment: &Environment,
        files: impl Iterator<Item = (&'p Path, Option<SummaryKey>)>,
        question: &str,
    ) -> [u8; 32] {
        let mut files: Vec<_> = files.collect();
        files.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        let normal = self.db.shared.summaries.normal;
        for text in [&format!("astkit answer {FORMAT} {normal} {environment:?}"), question] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        for (path, key) in files {
            let path = path.as_os_str().as_encoded_bytes();
            hasher.update(&(path.len() as u64).to_le_bytes()).update(path);
            hasher.update(&key.map_or([0; 32], |it| it.0));
        }
        *hasher.finalize().as_bytes()
    }
}

/// The name of the record that follows when this was seen.
fn next_key(key: &[u8; 32], sights: &[Sight]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key).update(sights.as_flattened());
    *hasher.finalize().as_bytes()
}

/// Looks at a place.
fn see(mount: &Mount, (kind, path): &Place) -> Sight {
    match *kind {
        FOLDER => folder_sight(mount.list(path).as_deref()),
        _ => file_sight(mount.look(path, false).seen.content),
    }
}

fn file_sight(content: Content) -> Sight {
    match content {
        Content::Hash(hash) => hash,
        Content::Absent => [0; 32],
        Content::Unreadable(_) => [0xFF; 32],
    }
}

fn folder_sight(listing: Option<&Listing>) -> Sight {
    let mut out = [0; 32];
    let Some(listing) = listing else { return out };
    let mut hasher = Xxh3::new();
    for entry in listing.entries().iter().filter(|it| can_be_module(&it.name, it.kind)) {
        let name = entry.name.as_encoded_bytes();
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name);
        hasher.update(&[entry.kind as u8]);
    }
    out[0] = 1;
    out[16..].copy_from_slice(&hasher.digest128().to_le_bytes());
    out
}

fn can_be_module(name: &OsStr, kind: FileKind) -> bool {
    match kind {
        FileKind::Directory => name != "__pycache__" && !name.as_encoded_bytes().contains(&b'.'),
        FileKind::File => {
            Path::new(name).extension().is_some_and(|it| EXTENSIONS.iter().any(|known| it == *known))
        }
        FileKind::Other => false,
    }
}

fn encode_answer(answer: &[u8]) -> Record {
    [&[1], answer].concat().into()
}

fn encode_look(places: &[Place]) -> Record {
    let mut out = vec![0];
    for (kind, path) in places {
        let path = path.as_os_str().as_encoded_bytes();
        out.push(*kind);
        out.extend_from_slice(&u32::try_from(path.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(path);
    }
    out.into()
}

fn decode(record: &Record) -> Option<Entry> {
    let (kind, mut rest) = record.split_first()?;
    if *kind == 1 {
        return Some(Entry::Answer(record.part(1..record.len())));
    }
    let mut places = Vec::new();
    while let Some((kind, tail)) = rest.split_first() {
        let (len, tail) = tail.split_first_chunk()?;
        let (path, tail) = tail.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        // A path that is no text is read as another one, where nothing will be: then the answer is not found.
        places.push((*kind, PathBuf::from(String::from_utf8_lossy(path).into_owned())));
        rest = tail;
    }
    Some(Entry::Look(places))
}
