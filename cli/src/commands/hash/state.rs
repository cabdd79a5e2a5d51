//! The state of a project at `deep`, kept between runs: its files, where modules were looked for, and the names that
//! were followed. A run begins with it, and ends there if nothing was edited.
//!
//! Two notes: all of it, under a number of its own, and what was changed since, which names that number. A run writes
//! the second as long as that is much smaller; so an edit costs what it changes. Of the first the files are read, and
//! of the names what the edit leads to. Either may be older than the other, damaged or gone: whatever is read is
//! compared with the files that are there now.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use astkit::hash::deep::{Linked, Source};
use astkit_engine::FileSystem as _;
use astkit_engine::store::{Key, Pages};
use astkit_system::OsFiles;

use super::memory::Memory;
use super::packed::{Reader, Writer};
use super::project::{Kept, Project, ProjectFile};
use super::trace::{FolderState, decode_folders, encode_folders};
use crate::session::Session;

/// Changes are written by themselves while they are smaller than a part of the whole.
const LARGEST_PART: usize = 8;

/// The names begin at a multiple of this.
const GRAIN: usize = 64;

/// Where a project's state is kept.
pub(super) struct State {
    whole: Key,
    changes: Key,
    /// The number of the whole that was read, and its size.
    base: Option<(u64, usize)>,
    /// Files that are not as they were in it.
    touched: BTreeSet<u32>,
    /// Per input its file.
    inputs: Fresh<Vec<u32>>,
    /// Folders in which modules were looked for.
    folders: Fresh<Vec<(PathBuf, FolderState)>>,
}

/// A value, and whether it is another than in the whole that was read.
#[derive(Default)]
struct Fresh<T> {
    it: T,
    is_fresh: bool,
}

impl<T: PartialEq> Fresh<T> {
    fn set(&mut self, it: T) {
        if self.it != it {
            (self.it, self.is_fresh) = (it, true);
        }
    }
}

impl State {
    /// Of a question.
    pub(super) fn new(session: &Session, memory: &Memory<'_>, targets: &[String]) -> Self {
        let key = |what: &str| memory.question_key(session, what, targets);
        Self {
            whole: key("state"),
            changes: key("changes"),
            base: None,
            touched: BTreeSet::new(),
            inputs: Fresh::default(),
            folders: Fresh::default(),
        }
    }

    /// Reads the state into an empty project; none if there is none.
    pub(super) fn read(&mut self, memory: &Memory<'_>, project: &mut Project<'_>) -> Option<()> {
        let whole = memory.pages(&self.whole)?;
        let size = whole.len();
        let head = whole.read(0, 12)?;
        let mut reader = Reader(&head);
        let (number, start) = (reader.long()?, reader.number()?);
        let head = whole.read(12, start.checked_sub(12)?)?.into_owned();
        let mut reader = Reader(&head);
        project.files = reader.list(decode_file)?;
        project.roots = decode_roots(&mut reader)?;
        self.inputs.it = decode_inputs(&mut reader)?;
        self.folders.it = decode_folders(&mut reader)?;
        let names: Arc<dyn Source> = Arc::new(Names { whole, start });
        project.linked = Linked::decode(std::mem::take(&mut project.linked), names)?;
        self.base = Some((number, size));
        let changes = memory.note(&self.changes);
        if let Some(changes) = changes.as_deref().filter(|it| Reader(it).long() == Some(number)) {
            self.read_changes(changes, project)?;
        }
        let (files, roots) = (project.files.len(), project.roots.len());
        let is_sound = self.inputs.it.iter().all(|it| (*it as usize) < files)
            && project.files.iter().all(|it| (it.root as usize) < roots);
        is_sound.then_some(())
    }

    fn read_changes(&mut self, changes: &[u8], project: &mut Project<'_>) -> Option<()> {
        let mut reader = Reader(changes);
        reader.long()?;
        for (number, file) in reader.list(|it| Some((it.word()?, decode_file(it)?)))? {
            let place = number as usize;
            if place == project.files.len() {
                project.files.push(file);
            } else {
                *project.files.get_mut(place)? = file;
            }
            self.touched.insert(number);
        }
        project.roots = decode_roots(&mut reader)?;
        if reader.byte()? != 0 {
            self.inputs = Fresh { it: decode_inputs(&mut reader)?, is_fresh: true };
        }
        if reader.byte()? != 0 {
            self.folders = Fresh { it: decode_folders(&mut reader)?, is_fresh: true };
        }
        project.linked = Linked::apply(std::mem::take(&mut project.linked), reader.0)?;
        Some(())
    }

    /// Says that files are not as they were.
    pub(super) fn touch(&mut self, files: impl IntoIterator<Item = u32>) {
        self.touched.extend(files);
    }

    /// Per input its file.
    pub(super) fn inputs(&self) -> &[u32] {
        &self.inputs.it
    }

    pub(super) fn set_inputs(&mut self, inputs: Vec<u32>) {
        self.inputs.set(inputs);
    }

    /// Folders in which modules were looked for, sorted.
    pub(super) fn folders(&self) -> &[(PathBuf, FolderState)] {
        &self.folders.it
    }

    pub(super) fn set_folders(&mut self, folders: Vec<(PathBuf, FolderState)>) {
        self.folders.set(folders);
    }

    /// Writes the state.
    pub(super) fn write(&self, memory: &Memory<'_>, project: &mut Project<'_>) {
        project.linked.compact();
        if let Some((number, size)) = self.base
            && let Some(changes) = project.linked.encode_changes()
            && changes.len() < size / LARGEST_PART
        {
            memory.write_note(&self.changes, &self.encode_changes(number, &changes, project));
            return;
        }
        let mut head = Writer::default();
        head.number(project.files.len());
        project.files.iter().for_each(|it| encode_file(it, &mut head));
        encode_roots(project, &mut head);
        encode_inputs(&self.inputs.it, &mut head);
        encode_folders(&self.folders.it, &mut head);
        let start = (12 + head.0.len()).next_multiple_of(GRAIN);
        let mut out = Writer::default();
        // A number that no other run has given.
        out.long(OsFiles.now().0.cast_unsigned() ^ (u64::from(std::process::id()) << 44));
        out.number(start);
        out.0.append(&mut head.0);
        out.0.resize(start, 0);
        let whole = project.linked.encode(out.0);
        if !project.linked.is_broken() {
            memory.write_pages(&self.whole, &whole);
        }
    }

    fn encode_changes(&self, number: u64, linked: &[u8], project: &Project<'_>) -> Vec<u8> {
        let mut out = Writer::default();
        out.long(number);
        out.number(self.touched.len());
        for number in &self.touched {
            out.0.extend_from_slice(&number.to_le_bytes());
            encode_file(&project.files[*number as usize], &mut out);
        }
        encode_roots(project, &mut out);
        out.byte(u8::from(self.inputs.is_fresh));
        if self.inputs.is_fresh {
            encode_inputs(&self.inputs.it, &mut out);
        }
        out.byte(u8::from(self.folders.is_fresh));
        if self.folders.is_fresh {
            encode_folders(&self.folders.it, &mut out);
        }
        out.0.extend_from_slice(linked);
        out.0
    }
}

/// What follows the head of a state.
#[derive(Debug)]
struct Names {
    whole: Pages,
    start: usize,
}

impl Source for Names {
    fn len(&self) -> usize {
        self.whole.len() - self.start
    }

    fn read(&self, start: usize, len: usize) -> Option<Cow<'_, [u8]>> {
        self.whole.read(self.start.checked_add(start)?, len)
    }
}

fn encode_roots(project: &Project<'_>, out: &mut Writer) {
    out.number(project.roots.len());
    project.roots.iter().for_each(|it| out.bytes(it.as_os_str().as_encoded_bytes()));
}

fn encode_inputs(inputs: &[u32], out: &mut Writer) {
    out.number(inputs.len());
    for it in inputs {
        out.number(*it as usize);
    }
}

fn decode_inputs(reader: &mut Reader<'_>) -> Option<Vec<u32>> {
    reader.list(Reader::word)
}

fn decode_roots(reader: &mut Reader<'_>) -> Option<Vec<PathBuf>> {
    reader.list(|it| Some(PathBuf::from(it.text()?)))
}

fn encode_file(file: &ProjectFile, out: &mut Writer) {
    let Kept { content, rows, is_damaged, is_gone } = &file.kept;
    let flags = [*is_damaged, *is_gone, file.is_python, rows.is_some(), file.module.is_some()];
    let flags = flags.iter().enumerate().map(|(at, it)| u8::from(*it) << at).sum();
    out.byte(flags);
    out.bytes(file.path().map_or(&[], |it| it.as_os_str().as_encoded_bytes()));
    if let Some(module) = &file.module {
        out.bytes(module.as_bytes());
    }
    out.number(file.root as usize);
    out.hash(content);
    if let Some(rows) = rows {
        out.hash(rows);
    }
}

fn decode_file(reader: &mut Reader<'_>) -> Option<ProjectFile> {
    let flags = reader.byte()?;
    let has = |at: u32| flags >> at & 1 == 1;
    let path = PathBuf::from(reader.text()?);
    let module = if has(4) { Some(reader.text()?) } else { None };
    let root = reader.word()?;
    let content = reader.hash()?;
    let rows = if has(3) { Some(reader.hash()?) } else { None };
    let kept = Kept { content, rows, is_damaged: has(0), is_gone: has(1) };
    Some(ProjectFile::known(path, module, root, has(2), kept))
}
