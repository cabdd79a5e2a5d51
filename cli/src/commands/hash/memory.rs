//! What is remembered of hashes between runs.
//!
//! Of a file, what follows from its content and the options alone: its rows at all levels but `deep`, and for `deep`
//! its rows without hashes and its normal forms. Of a run at `deep`, its [state](super::state), which says where each
//! input's rows are. Rows at `deep` are named by what is in them, so a run writes only those that changed.
//!
//! Names of rows begin with two zeros, so that all rows stand together in a segment.

use std::path::Path;

use astkit::hash::form::FileForms;
use astkit_engine::Timestamp;
use astkit_engine::forms;
use astkit_engine::store::{Key, Pages, Record, Store};

use super::packed::{Reader, Writer, decode_rows, encode_rows};
use super::rows::{Asked, Row};
use crate::contents::{Contents, Folder, Keys, common_folder};
use crate::session::Session;
use crate::targets::{Input, Origin};

/// What is remembered, for one run.
pub(super) struct Memory<'m> {
    store: &'m Store,
    keys: Keys,
    /// What is asked, in words.
    domain: String,
    /// Per input its content, as far as it is known without reading it here.
    contents: Vec<Option<[u8; 32]>>,
    /// When the run began to look at files.
    pub(super) start: Timestamp,
}

/// Rows that are known.
pub(super) struct KnownRows {
    pub(super) rows: Record,
    /// Whether something is wrong with the file, which only reading it tells.
    pub(super) is_damaged: bool,
}

/// Looks at the inputs, if anything is to be remembered.
pub(super) fn survey(session: &Session, inputs: &[Input], verify: bool) -> Option<Contents> {
    if !session.remembers() {
        return None;
    }
    let files: Vec<_> = inputs.iter().filter_map(path).map(Path::to_owned).collect();
    let folder = Folder { path: common_folder(&files), files };
    Some(Contents::survey(session, vec![folder], verify))
}

fn path(input: &Input) -> Option<&Path> {
    match &input.origin {
        Origin::File(path) => Some(path),
        Origin::Stdin => None,
    }
}

impl<'m> Memory<'m> {
    /// What is remembered for these inputs, which were surveyed after `start`.
    pub(super) fn new(
        session: &Session,
        contents: &'m Contents,
        inputs: &[Input],
        asked: &Asked,
        start: Timestamp,
    ) -> Self {
        let mut surveyed = contents.of(0).iter();
        let of_input = |it: &Input| path(it).and_then(|_| surveyed.next().copied().flatten());
        let contents_of = inputs.iter().map(of_input).collect();
        let domain = format!("astkit hash {:?}", Asked { verify: false, ..asked.clone() });
        Self { store: contents.store(), keys: Keys::new(session), domain, contents: contents_of, start }
    }

    /// Per input its rows, at levels that know one file.
    pub(super) fn rows(&self, inputs: &[Input]) -> Vec<Option<KnownRows>> {
        let known = self.get_all(inputs, |it| rows_key(self.file_key("rows", it)));
        known.into_iter().map(|it| it.map(|rows| KnownRows { rows, is_damaged: false })).collect()
    }

    /// Keeps the rows of a file.
    pub(super) fn put_rows(&self, input: &Input, content: &[u8; 32], rows: &[Row]) {
        if let Some(key) = path(input).and_then(|it| self.keys.of(it, content)) {
            self.store.put(rows_key(self.file_key("rows", &key)), packed_rows(rows).into());
        }
    }

    /// Per input its rows without hashes and its forms.
    pub(super) fn forms(&self, inputs: &[Input]) -> Vec<Option<Record>> {
        self.get_all(inputs, |it| self.file_key("forms", it))
    }

    /// The same of one file.
    pub(super) fn forms_of(&self, path: &Path, content: &[u8; 32]) -> Option<Record> {
        self.store.get(&self.file_key("forms", &self.keys.of(path, content)?))
    }

    /// Keeps what [`decode_forms`] reads.
    pub(super) fn put_forms(&self, path: &Path, content: &[u8; 32], rows: &[Row], forms: Option<&FileForms>) {
        let mut out = Writer::default();
        encode_rows(rows, &mut out);
        out.0.extend_from_slice(&forms::encode(forms));
        if let Some(key) = self.keys.of(path, content) {
            self.store.put(self.file_key("forms", &key), out.0.into());
        }
    }

    /// What is known of an input's content.
    pub(super) fn content(&self, at: usize) -> Option<&[u8; 32]> {
        self.contents[at].as_ref()
    }

    /// Keeps rows under a name made of what is in them.
    pub(super) fn put_packed(&self, rows: &Record) -> Key {
        let key = rows_key(*blake3::hash(rows).as_bytes());
        if !self.store.contains(&key) {
            self.store.put(key, rows.clone());
        }
        key
    }

    /// Rows that were kept, in the order of their names.
    pub(super) fn packed(&self, keys: &[Key]) -> Vec<Option<Record>> {
        self.store.get_many(keys)
    }

    /// What is kept under a name that does not depend on what it is, to be read in parts.
    pub(super) fn pages(&self, key: &Key) -> Option<Pages> {
        self.store.pages(key)
    }

    /// Keeps something that is to be read in parts.
    pub(super) fn write_pages(&self, key: &Key, note: &[u8]) {
        self.store.write_pages(key, note);
    }

    /// What is kept under a name that does not depend on what it is.
    pub(super) fn note(&self, key: &Key) -> Option<Record> {
        self.store.note(key)
    }

    /// Keeps something under such a name.
    pub(super) fn write_note(&self, key: &Key, note: &[u8]) {
        self.store.write_note(key, note);
    }

    /// Names a question, whatever is in its inputs.
    pub(super) fn question_key(&self, session: &Session, what: &str, targets: &[String]) -> Key {
        let mut out = Writer::default();
        out.bytes(self.domain.as_bytes());
        out.bytes(what.as_bytes());
        let here = std::env::current_dir().unwrap_or_default();
        out.bytes(here.as_os_str().as_encoded_bytes());
        out.bytes(format!("{:?}", session.roots).as_bytes());
        out.hash(&self.keys.all());
        for it in targets {
            out.bytes(it.as_bytes());
        }
        *blake3::hash(&out.0).as_bytes()
    }

    fn get_all(&self, inputs: &[Input], key: impl Fn(&[u8; 32]) -> Key) -> Vec<Option<Record>> {
        let of_input = |(input, content): (&Input, &Option<[u8; 32]>)| {
            Some(key(&self.keys.of(path(input)?, content.as_ref()?)?))
        };
        let keys: Vec<_> = inputs.iter().zip(&self.contents).map(of_input).collect();
        let mut found = self.store.get_many(&keys.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
        keys.iter().map(|it| it.and_then(|_| found.next().flatten())).collect()
    }

    fn file_key(&self, what: &str, file: &[u8; 32]) -> Key {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.domain.as_bytes()).update(&[0]).update(what.as_bytes()).update(&[0]).update(file);
        *hasher.finalize().as_bytes()
    }
}

/// The name for rows among other names.
fn rows_key(mut key: Key) -> Key {
    key[..2].fill(0);
    key
}

/// Rows as they are kept.
pub(super) fn packed_rows(rows: &[Row]) -> Vec<u8> {
    let mut out = Writer::default();
    encode_rows(rows, &mut out);
    out.0
}

/// Reads rows.
pub(super) fn known_rows(record: &[u8]) -> Option<Vec<Row>> {
    decode_rows(&mut Reader(record))
}

/// Reads rows without hashes, and forms; of forms there are none in other languages.
pub(super) fn decode_forms(record: &Record) -> Option<(Vec<Row>, Option<FileForms>)> {
    let mut reader = Reader(record);
    let rows = decode_rows(&mut reader)?;
    let start = record.len() - reader.0.len();
    Some((rows, forms::decode(&record.part(start..record.len()))?))
}
