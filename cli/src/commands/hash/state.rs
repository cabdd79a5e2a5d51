//! The state of a project at `deep`, kept between runs: its files, where modules were looked for, and the names that
//! were followed. A run after some edits begins with it.
//!
//! Two notes: all of it, under a number of its own, and what was changed since, which names that number. A run writes
//! the second as long as that is much smaller; so an edit costs what it changes. Either may be older than the other,
//! damaged or gone: whatever is read is compared with the files that are there now.

use std::collections::BTreeSet;
use std::path::PathBuf;

use astkit::hash::deep::Linked;
use astkit_engine::FileSystem as _;
use astkit_engine::store::Key;
use astkit_system::OsFiles;

use super::memory::Memory;
use super::packed::{Reader, Writer};
use super::project::{Kept, Project, ProjectFile};
use super::trace::{FolderState, decode_folders, encode_folders};
use crate::session::Session;

/// Changes are written by themselves while they are smaller than a part of the whole.
const LARGEST_PART: usize = 8;

/// Where a project's state is kept.
pub(super) struct State {
    whole: Key,
    changes: Key,
    /// The number of the whole that was read, and its size.
    base: Option<(u64, usize)>,
    /// Files that are not as they were in it.
    touched: BTreeSet<u32>,
    /// Folders in which modules were looked for.
    pub(super) folders: Vec<(PathBuf, FolderState)>,
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
            folders: Vec::new(),
        }
    }

    /// Reads the state into an empty project; none if there is none.
    pub(super) fn read(&mut self, memory: &Memory<'_>, project: &mut Project<'_>) -> Option<()> {
        let whole = memory.note(&self.whole)?;
        let mut reader = Reader(&whole);
        let number = reader.long()?;
        let files = reader.list(decode_file)?;
        project.roots = decode_roots(&mut reader)?;
        self.folders = decode_folders(&mut reader)?;
        project.linked = Linked::decode(std::mem::take(&mut project.linked), reader.0)?;
        project.files = files;
        self.base = Some((number, whole.len()));
        let changes = memory.note(&self.changes);
        if let Some(changes) = changes.as_deref().filter(|it| Reader(it).long() == Some(number)) {
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
            self.folders = decode_folders(&mut reader)?;
            project.linked = Linked::apply(std::mem::take(&mut project.linked), reader.0)?;
        }
        let roots = project.roots.len();
        project.files.iter().all(|it| (it.root as usize) < roots).then_some(())
    }

    /// Says that files are not as they were.
    pub(super) fn touch(&mut self, files: impl IntoIterator<Item = u32>) {
        self.touched.extend(files);
    }

    /// Writes the state.
    pub(super) fn write(&self, memory: &Memory<'_>, project: &mut Project<'_>) {
        project.linked.compact();
        let mut out = Writer::default();
        if let Some((number, size)) = self.base
            && let Some(changes) = project.linked.encode_changes()
            && changes.len() < size / LARGEST_PART
        {
            out.long(number);
            out.number(self.touched.len());
            for number in &self.touched {
                out.0.extend_from_slice(&number.to_le_bytes());
                encode_file(&project.files[*number as usize], &mut out);
            }
            self.write_rest(project, &changes, &mut out);
            memory.write_note(&self.changes, &out.0);
            return;
        }
        // A number that no other run has given.
        out.long(OsFiles.now().0.cast_unsigned() ^ (u64::from(std::process::id()) << 44));
        out.number(project.files.len());
        project.files.iter().for_each(|it| encode_file(it, &mut out));
        self.write_rest(project, &project.linked.encode(), &mut out);
        memory.write_note(&self.whole, &out.0);
    }

    fn write_rest(&self, project: &Project<'_>, linked: &[u8], out: &mut Writer) {
        out.number(project.roots.len());
        project.roots.iter().for_each(|it| out.bytes(it.as_os_str().as_encoded_bytes()));
        encode_folders(&self.folders, out);
        out.0.extend_from_slice(linked);
    }
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
