//! The level `deep` after some edits: from what the last run knew, and the files that changed.
//!
//! Names are followed anew in changed files and where they lead elsewhere now; rows of other files are those of the
//! last run, with new hashes where something that they lead to changed. Whatever is not as it has to be (an input that
//! can't be read, a record that is gone, a module that is called otherwise) ends it, and all is done from the
//! beginning.

use std::collections::BTreeMap;
use std::path::PathBuf;

use astkit::hash::deep::Changes;
use astkit_engine::store::Record;
use rustc_hash::FxHashMap;

use super::memory::{self, KnownRows, Memory};
use super::project::{Kept, Project};
use super::rows::{self, Asked, Loaded, Row};
use super::state::State;
use super::trace::{FolderState, folders_hold};
use crate::contents::{Contents, Folder, common_folder};
use crate::parallel;
use crate::session::Session;
use crate::targets::{Input, Origin, absolute};

/// When more than a part of the files changed, nothing is gained.
const LARGEST_PART: usize = 2;

/// Per input its rows; none if that can't be told from the last run.
pub(super) fn rows(
    session: &Session,
    targets: &[String],
    inputs: &[Input],
    asked: &Asked,
    memory: &Memory<'_>,
) -> Option<Vec<KnownRows>> {
    if inputs.iter().any(|it| it.origin == Origin::Stdin) {
        return None;
    }
    let mut state = State::new(session, memory, targets);
    let mut project = Project::new(session, asked, Some(memory));
    state.read(memory, &mut project)?;
    let mut edit =
        Edit { session, asked, memory, inputs, placed: 0, numbers: Vec::new(), changed: Vec::new() };
    edit.placed = project.files.len();
    edit.numbers = edit.find_inputs(&state, &mut project)?;
    project.has_modules = project.files.len() == edit.placed && folders_hold(state.folders());
    let gone = edit.compare(&mut project)?;
    if project.has_modules && gone.is_empty() && edit.changed.is_empty() && edit.numbers == state.inputs() {
        let rows = edit.known_rows(&project, &FxHashMap::default());
        std::mem::forget(project);
        return rows;
    }
    if !project.has_modules && !project.files.iter().all(|it| it.kept.is_gone || project.is_in_place(it)) {
        return None;
    }
    let mut loaded = edit.load(&mut project)?;
    let is_python = |it: &u32| project.files[*it as usize].is_python;
    let (changed, foreign): (Vec<_>, Vec<_>) = edit.changed.iter().copied().partition(is_python);
    let mut changes = Changes { changed, gone, ..Changes::default() };
    changes.gone.extend(&foreign);
    let touched: Vec<u32> = edit.changed.iter().chain(&changes.gone).copied().collect();
    let committed = project.link(changes, true);
    let new = (0..).zip(&project.files).skip(edit.placed).map(|it| it.0);
    state.touch(touched.into_iter().chain(new));
    let mut fresh: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    let is_input = |file: u32, project: &Project<'_>| project.files[file as usize].kept.rows.is_some();
    for file in foreign {
        fresh.insert(file, memory::packed_rows(&loaded.remove(&file)?.rows));
    }
    for (file, dependencies) in &committed.dependencies {
        if !is_input(*file, &project) && !loaded.contains_key(file) {
            continue;
        }
        let mut it = match loaded.remove(file) {
            Some(it) => it,
            None => edit.reload(&project, *file)?,
        };
        rows::fill(&mut it, &project, *file, dependencies, asked);
        fresh.insert(*file, memory::packed_rows(&it.rows));
    }
    let rehashed = committed.rehashed.iter().filter(|it| !fresh.contains_key(it));
    let rehashed: Vec<u32> = rehashed.copied().filter(|it| is_input(*it, &project)).collect();
    let old = edit.old_rows(&project, &rehashed)?;
    for (file, mut rows) in rehashed.into_iter().zip(old) {
        if asked.parts {
            rows::fill_hashes(&mut rows, &edit.reload(&project, file)?, &project, file, asked);
        } else {
            rows.iter_mut().zip(project.linked.hashes(file)).for_each(|(row, hash)| row.hash = hash);
        }
        fresh.insert(file, memory::packed_rows(&rows));
    }
    if project.is_broken() {
        return None;
    }
    let out = edit.finish(state, &mut project, fresh);
    // The run is about to end, and to give back a million small things takes as long as to read them.
    std::mem::forget(project);
    out
}

/// What changed since the last run.
struct Edit<'e> {
    session: &'e Session,
    asked: &'e Asked,
    memory: &'e Memory<'e>,
    inputs: &'e [Input],
    /// Number of files of the last run.
    placed: usize,
    /// Per input its file's number.
    numbers: Vec<u32>,
    /// Files that have another content, or are new.
    changed: Vec<u32>,
}

impl Edit<'_> {
    /// The files of the inputs; those that are new are added.
    fn find_inputs(&self, state: &State, project: &mut Project<'_>) -> Option<Vec<u32>> {
        let mut by_path = FxHashMap::default();
        let mut numbers = Vec::with_capacity(self.inputs.len());
        for (at, input) in self.inputs.iter().enumerate() {
            let path = rows::path(input)?;
            let is_there = |it: &super::project::ProjectFile| it.path() == Some(path) && !it.kept.is_gone;
            // Most are where they were.
            let known = state.inputs().get(at);
            if let Some(known) = known.filter(|it| is_there(&project.files[**it as usize])) {
                numbers.push(*known);
                continue;
            }
            if by_path.is_empty() {
                let there = (0..).zip(&project.files).filter(|it| !it.1.kept.is_gone);
                by_path = there.filter_map(|(number, it)| Some((it.path()?.to_owned(), number))).collect();
            }
            let number = by_path.entry(path.to_owned()).or_insert_with(|| project.add_foreign(path));
            numbers.push(*number);
        }
        Some(numbers)
    }

    /// Finds out which files changed, and returns those that are gone.
    fn compare(&mut self, project: &mut Project<'_>) -> Option<Vec<u32>> {
        let mut is_input = vec![false; project.files.len()];
        for (at, number) in self.numbers.iter().enumerate() {
            is_input[*number as usize] = true;
            let kept = &project.files[*number as usize].kept;
            let content = self.memory.content(at)?;
            if kept.content != *content || kept.rows.is_none() {
                self.changed.push(*number);
            }
        }
        let others = (0..).zip(&project.files).filter(|(at, it)| !is_input[*at as usize] && !it.kept.is_gone);
        let others: Vec<u32> = others.map(|it| it.0).collect();
        let mut gone = Vec::new();
        if !others.is_empty() {
            let paths = others.iter().filter_map(|it| project.files[*it as usize].path());
            let files: Vec<_> = paths.map(absolute).collect();
            let folder = Folder { path: common_folder(&files), files };
            let contents = Contents::survey(self.session, vec![folder], self.asked.verify);
            for (number, now) in others.iter().zip(contents.of(0)) {
                let file = &mut project.files[*number as usize];
                match now {
                    Some(now) if *now == file.kept.content => {}
                    Some(_) => self.changed.push(*number),
                    None => {
                        file.kept = Kept { is_gone: true, ..Kept::default() };
                        gone.push(*number);
                    }
                }
            }
            contents.close(self.session);
        }
        // What is gone may have been found in its folder.
        project.has_modules &= gone.is_empty();
        self.changed.sort_unstable();
        self.changed.dedup();
        (self.changed.len() <= self.inputs.len().div_ceil(LARGEST_PART)).then_some(gone)
    }

    /// Reads the changed files.
    fn load(&self, project: &mut Project<'_>) -> Option<FxHashMap<u32, Loaded>> {
        let inputs: Vec<Input> = self.changed.iter().map(|it| project.input(*it)).collect();
        let work = |input: &Input| rows::load(self.session, input, self.asked, Some(self.memory)).1;
        let mut all = Vec::with_capacity(inputs.len());
        let done: Result<(), std::convert::Infallible> =
            parallel::in_order(self.session.settings.jobs, &inputs, work, |it| {
                all.push(it);
                Ok(())
            });
        let Ok(()) = done;
        let mut out = FxHashMap::default();
        for ((file, input), it) in self.changed.iter().zip(&inputs).zip(all) {
            let mut it: Loaded = it?;
            it.keep_forms(self.memory, input);
            project.set_code(*file, it.forms.take());
            let kept = &mut project.files[*file as usize].kept;
            (kept.content, kept.is_damaged) = (it.content, !it.is_sound);
            out.insert(*file, it);
        }
        Some(out)
    }

    /// A file that did not change, to give it other dependencies.
    fn reload(&self, project: &Project<'_>, file: u32) -> Option<Loaded> {
        let kept = &project.files[file as usize].kept;
        // Places, and the parts of hashes, need the tree.
        if !self.asked.json && !self.asked.parts {
            let path = project.files[file as usize].path()?;
            let record = self.memory.forms_of(path, &kept.content);
            if let Some(it) = record.and_then(|it| Loaded::decode(&it, &kept.content)) {
                return Some(it);
            }
        }
        let it = rows::load(self.session, &project.input(file), self.asked, Some(self.memory)).1?;
        (it.content == kept.content).then_some(it)
    }

    /// The rows that files had.
    fn old_rows(&self, project: &Project<'_>, files: &[u32]) -> Option<Vec<Vec<Row>>> {
        let keys: Option<Vec<_>> = files.iter().map(|it| project.files[*it as usize].kept.rows).collect();
        let records = self.memory.packed(&keys?);
        records.into_iter().map(|it| memory::known_rows(&it?)).collect()
    }

    /// Remembers the run, and returns the rows of all inputs.
    fn finish(
        &self,
        mut state: State,
        project: &mut Project<'_>,
        fresh: BTreeMap<u32, Vec<u8>>,
    ) -> Option<Vec<KnownRows>> {
        let mut records: FxHashMap<u32, Record> = FxHashMap::default();
        for (file, rows) in fresh {
            let record = Record::from(rows);
            let key = self.memory.put_packed(&record);
            project.files[file as usize].kept.rows = Some(key);
            state.touch([file]);
            records.insert(file, record);
        }
        let rows = self.known_rows(project, &records)?;
        if let Some(folders) = self.folders(&state, project) {
            state.set_folders(folders);
            state.set_inputs(self.numbers.clone());
            state.write(self.memory, project);
        }
        Some(rows)
    }

    /// The rows of all inputs: those that are new, and those that are kept.
    fn known_rows(&self, project: &Project<'_>, new: &FxHashMap<u32, Record>) -> Option<Vec<KnownRows>> {
        let kept = |number: &u32| &project.files[*number as usize].kept;
        let old = self.numbers.iter().filter(|it| !new.contains_key(it));
        let keys: Option<Vec<_>> = old.map(|it| kept(it).rows).collect();
        let mut old = self.memory.packed(&keys?).into_iter();
        let rows = |number: &u32| {
            let rows = match new.get(number) {
                Some(new) => new.clone(),
                None => old.next()??,
            };
            Some(KnownRows { rows, is_damaged: kept(number).is_damaged })
        };
        self.numbers.iter().map(rows).collect()
    }

    /// The folders that the hashes depend on now.
    fn folders(&self, state: &State, project: &Project<'_>) -> Option<Vec<(PathBuf, FolderState)>> {
        let new = project.trace(self.memory, if project.has_modules { self.placed } else { 0 })?;
        if !project.has_modules {
            return Some(new);
        }
        let mut all = state.folders().to_vec();
        for (path, now) in new {
            match all.binary_search_by(|it| it.0.as_os_str().cmp(path.as_os_str())) {
                Ok(at) => all[at].1 = now,
                Err(at) => all.insert(at, (path, now)),
            }
        }
        Some(all)
    }
}
