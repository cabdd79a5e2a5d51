//! The hashes of targets, file by file: what every form of `astkit hash` is made of.
//!
//! All levels but `deep` know one file at a time, and are handed on as files are done. For `deep` all files come
//! first, with the files that they import, and the hashes then.

use std::path::Path;

use astkit::ast::{DefKind, Definition};
use astkit::hash::deep::{self, Changes};
use astkit::hash::form::{FileForms, Slot, file_forms};
use astkit::hash::normal::NormalOptions;
use astkit::hash::{Hash, Level, definition_hashes, definition_spans};
use astkit::{Severity, Span};
use astkit_engine::FileSystem as _;
use astkit_engine::store::Record;
use astkit_system::OsFiles;
use serde::Serialize;

use super::edited;
use super::memory::{self, KnownRows, Memory};
use super::project::{Dependencies, Kept, Project};
use super::state::State;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::output::WriteError;
use crate::render::json::{self, DiagnosticRecord, SpanRecord};
use crate::session::{File, Report, Session};
use crate::targets::{Input, Origin};

/// What hashes are to be made.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) level: Level,
    pub(super) options: NormalOptions,
    pub(super) dependencies: Dependencies,
    /// Whether spans, and diagnostics as records, are wanted.
    pub(super) json: bool,
    /// Whether what a hash is made of is wanted, for locks.
    pub(super) parts: bool,
    /// Whether files are read where their stats would do.
    pub(super) verify: bool,
}

/// A definition's hash, and what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) qualname: String,
    pub(super) kind: DefKind,
    pub(super) hash: Hash,
    pub(super) span: Option<SpanRecord>,
    pub(super) partial: bool,
    pub(super) unresolved: Vec<UnresolvedRecord>,
    pub(super) depends_on: Vec<String>,
    /// The parts of the hash: names, and what stands for them.
    pub(super) parts: Vec<(String, Hash)>,
}

/// Something that was not followed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct UnresolvedRecord {
    pub(super) name: String,
    pub(super) reason: &'static str,
    pub(super) span: Option<SpanRecord>,
}

/// The rows of one input.
pub(super) struct FileRows {
    pub(super) report: Report,
    pub(super) rows: Vec<Row>,
}

/// Makes the rows of all inputs and hands them over in order.
///
/// # Errors
/// What `take` fails with.
pub(super) fn each(
    session: &Session,
    targets: &[String],
    inputs: &[Input],
    asked: &Asked,
    mut take: impl FnMut(&Input, FileRows) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let start = OsFiles.now();
    let contents = memory::survey(session, inputs, asked.verify);
    let memory = contents.as_ref().map(|it| Memory::new(session, it, inputs, asked, start));
    let memory = memory.as_ref();
    let result = if asked.level == Level::Deep {
        let known = memory.and_then(|it| edited::rows(session, targets, inputs, asked, it));
        match known {
            Some(known) => {
                let known: Vec<_> = known.into_iter().map(Some).collect();
                merged(session, inputs, &known, |input| load(session, input, asked, None), &mut take)
            }
            None => deep(session, targets, inputs, asked, memory, &mut take),
        }
    } else {
        let known = memory.map_or_else(|| inputs.iter().map(|_| None).collect(), |it| it.rows(inputs));
        let work = |input: &Input| {
            let (report, loaded) = load(session, input, asked, memory);
            if let (Some(memory), Some(it)) = (memory, &loaded)
                && it.is_sound
            {
                memory.put_rows(input, &it.content, &it.rows);
            }
            (report, loaded)
        };
        merged(session, inputs, &known, work, &mut take)
    };
    if let Some(contents) = contents {
        contents.close(session);
    }
    result
}

type Take<'t> = dyn FnMut(&Input, FileRows) -> Result<(), WriteError> + 't;

/// Hands over all rows in order: those that are known, and those of files that have to be read.
fn merged(
    session: &Session,
    inputs: &[Input],
    known: &[Option<KnownRows>],
    read: impl Fn(&Input) -> (Report, Option<Loaded>) + Sync,
    take: &mut Take<'_>,
) -> Result<(), WriteError> {
    let is_unread = |it: &Option<KnownRows>| it.as_ref().is_none_or(|it| it.is_damaged);
    let unread: Vec<_> = (0..inputs.len()).filter(|it| is_unread(&known[*it])).collect();
    let rows = |it: &KnownRows| memory::known_rows(&it.rows).unwrap_or_default();
    let mut next = 0;
    let mut places = unread.iter();
    let work = |at: &usize| read(&inputs[*at]);
    let hand_over = |end: usize, take: &mut Take<'_>, next: &mut usize| {
        let range = *next..end;
        *next = end + 1;
        range
            .filter_map(|at| Some((&inputs[at], known[at].as_ref()?)))
            .try_for_each(|(input, it)| take(input, wanted(session, input, rows(it), &mut Report::default())))
    };
    session.each(&unread, work, |(mut report, loaded)| {
        let Some(at) = places.next() else { return Ok(()) };
        hand_over(*at, take, &mut next)?;
        let found = match &known[*at] {
            Some(it) => rows(it),
            None => loaded.map(|it| it.rows).unwrap_or_default(),
        };
        take(&inputs[*at], wanted(session, &inputs[*at], found, &mut report))
    })?;
    hand_over(inputs.len(), take, &mut next)
}

/// The level `deep`, from what is known of files.
fn deep(
    session: &Session,
    targets: &[String],
    inputs: &[Input],
    asked: &Asked,
    memory: Option<&Memory<'_>>,
    take: &mut Take<'_>,
) -> Result<(), WriteError> {
    // Places of what was not followed, and the parts of hashes, need the tree.
    let forms_memory = memory.filter(|_| !asked.json && !asked.parts);
    let known = forms_memory.map_or_else(|| inputs.iter().map(|_| None).collect(), |it| it.forms(inputs));
    let numbers: Vec<_> = (0..inputs.len()).collect();
    let work = |at: &usize| {
        let remembered = known[*at].as_ref().and_then(|it| Loaded::decode(it, memory?.content(*at)?));
        if let Some(loaded) = remembered {
            return (Report::default(), Some(loaded));
        }
        let (report, loaded) = load(session, &inputs[*at], asked, memory);
        if let (Some(memory), Some(it)) = (memory, &loaded) {
            it.keep_forms(memory, &inputs[*at]);
        }
        (report, loaded)
    };
    let (mut reports, mut loaded) = (Vec::with_capacity(inputs.len()), Vec::with_capacity(inputs.len()));
    session.each(&numbers, work, |(report, it)| {
        reports.push(report);
        loaded.push(it);
        Ok::<(), WriteError>(())
    })?;
    let mut project = Project::new(session, asked, memory);
    for (input, it) in inputs.iter().zip(&mut loaded) {
        if let Some(forms) = it.as_mut().and_then(|it| it.forms.take()) {
            project.add(input, forms);
        }
    }
    // What is asked of standard input will hardly be asked again.
    let kept = memory.filter(|_| inputs.iter().all(|it| it.origin != Origin::Stdin));
    let all = (0..).zip(&project.files).map(|it| it.0).collect();
    let committed = project.link(Changes { changed: all, ..Changes::default() }, kept.is_some());
    let dependencies: Vec<_> = committed.dependencies.into_iter().map(|it| it.1).collect();
    let mut numbers = Vec::with_capacity(inputs.len());
    for ((input, mut report), it) in inputs.iter().zip(reports).zip(loaded) {
        let mut rows = Vec::new();
        if let Some(mut it) = it {
            let file = project.file(input);
            if let Some(file) = file {
                fill(&mut it, &project, file, &dependencies[file as usize], asked);
            }
            let file =
                file.or_else(|| path(input).filter(|_| kept.is_some()).map(|it| project.add_foreign(it)));
            if let (Some(memory), Some(file)) = (kept, file) {
                let key = memory.put_packed(&memory::packed_rows(&it.rows).into());
                let (content, is_damaged) = (it.content, !it.is_sound);
                project.files[file as usize].kept =
                    Kept { content, rows: Some(key), is_damaged, is_gone: false };
                numbers.push(file);
            }
            rows = it.rows;
        }
        take(input, wanted(session, input, rows, &mut report))?;
    }
    // What could not be read has to be looked at again.
    if let Some(memory) = kept.filter(|_| numbers.len() == inputs.len())
        && let Some(folders) = project.trace(memory, 0)
    {
        let mut state = State::new(session, memory, targets);
        state.set_inputs(numbers);
        state.set_folders(folders);
        project.forget_code();
        state.write(memory, &mut project);
    }
    // The run is about to end, and to give back a million small things takes as long as to make them.
    std::mem::forget((project, dependencies));
    Ok(())
}

pub(super) fn path(input: &Input) -> Option<&Path> {
    match &input.origin {
        Origin::File(path) => Some(path),
        Origin::Stdin => None,
    }
}

/// A file, as far as it can be hashed without others.
pub(super) struct Loaded {
    pub(super) rows: Vec<Row>,
    pub(super) forms: Option<(FileForms, Vec<String>)>,
    /// For places.
    file: Option<File>,
    /// The BLAKE3 of its bytes, if anything is remembered.
    pub(super) content: [u8; 32],
    /// Whether there is nothing to be said about its text.
    pub(super) is_sound: bool,
}

impl Loaded {
    /// Remembers its forms.
    pub(super) fn keep_forms(&self, memory: &Memory<'_>, input: &Input) {
        if let (Origin::File(path), true) = (&input.origin, self.is_sound) {
            memory.put_forms(path, &self.content, &self.rows, self.forms.as_ref().map(|it| &it.0));
        }
    }

    /// What is remembered of a file with this content; dependencies can't be shown then.
    pub(super) fn decode(record: &Record, content: &[u8; 32]) -> Option<Self> {
        let (rows, forms) = memory::decode_forms(record)?;
        let forms = forms.map(|it| (it, Vec::new()));
        Some(Self { rows, forms, file: None, content: *content, is_sound: true })
    }
}

pub(super) fn load(
    session: &Session,
    input: &Input,
    asked: &Asked,
    memory: Option<&Memory<'_>>,
) -> (Report, Option<Loaded>) {
    let read = session.read(input).and_then(|bytes| {
        let content = memory.map(|_| *blake3::hash(&bytes).as_bytes()).unwrap_or_default();
        Ok((content, session.lower(&input.shown, &bytes)?))
    });
    let (content, file) = match read {
        Ok(read) => read,
        Err(failure) => return (unserved(session, input, asked.json, &failure), None),
    };
    let is_sound = file.lowered.diagnostics.is_empty();
    let mut report = session.report(&input.shown, &file);
    if asked.json {
        for it in json::diagnostics(&input.shown, &file.source, &file.lowered.diagnostics) {
            report.out.extend(json::line(&it).bytes());
        }
    }
    let all = astkit::ast::definitions(&file.lowered.tree);
    let forms = match asked.level {
        Level::Semantic | Level::Deep => file_forms(&file.source, &file.lowered, &all, asked.options),
        Level::Exact | Level::Ast => None,
    };
    let hashes = match (&forms, asked.level) {
        (Some(forms), Level::Semantic) => deep::semantic_hashes(forms, asked.options),
        (Some(_), _) => Vec::new(),
        (None, Level::Semantic | Level::Deep) => {
            definition_hashes(Level::Ast, &file.source, &file.lowered, &all)
        }
        (None, level) => definition_hashes(level, &file.source, &file.lowered, &all),
    };
    let mut rows = rows(&file, &all, &hashes, asked);
    if asked.parts
        && asked.level == Level::Semantic
        && let Some(forms) = &forms
    {
        for (at, row) in rows.iter_mut().enumerate() {
            row.parts = parts(forms, &all, at, &deep::semantic_slots(forms, at, &hashes));
        }
    }
    let forms = forms.filter(|_| asked.level == Level::Deep);
    // Names of definitions are shown in dependencies, and those only in JSON.
    let names = if asked.json { rows.iter().map(|it| it.qualname.clone()).collect() } else { Vec::new() };
    let forms = forms.map(|it| (it, names));
    drop(all);
    let file = (asked.level == Level::Deep && (asked.json || asked.parts)).then_some(file);
    (report, Some(Loaded { rows, forms, file, content, is_sound }))
}

/// What a definition's hash is made of.
fn parts(
    forms: &FileForms,
    all: &[Definition<'_>],
    definition: usize,
    filled: &[Option<Hash>],
) -> Vec<(String, Hash)> {
    let form = &forms.definitions[definition];
    let mut out = vec![("code".to_owned(), form.shape)];
    for (slot, hash) in form.slots.iter().zip(filled) {
        let Some(hash) = hash else { continue };
        let name = match slot {
            Slot::Child(child) => all[*child as usize].qualname.clone(),
            Slot::Name { .. } | Slot::Member { .. } | Slot::Around(_) | Slot::Pin { .. } | Slot::Text(_) => {
                deep::slot_name(forms, slot)
            }
        };
        if !out.iter().any(|it| it.0 == name && it.1 == *hash) {
            out.push((name, *hash));
        }
    }
    out
}

fn rows(file: &File, all: &[Definition<'_>], hashes: &[Hash], asked: &Asked) -> Vec<Row> {
    let spans = if asked.json {
        definition_spans(&file.source, &file.lowered, all)
    } else {
        vec![Span::default(); all.len()]
    };
    let damage = damage(file);
    let row = |(at, (definition, span)): (usize, (&Definition<'_>, Span))| Row {
        qualname: definition.qualname.clone(),
        kind: definition.kind,
        hash: hashes.get(at).copied().unwrap_or_else(|| Hash::of("astkit:none", &[])),
        span: asked.json.then(|| SpanRecord::new(&file.source, span)),
        partial: is_partial(file, &damage, definition),
        unresolved: Vec::new(),
        depends_on: Vec::new(),
        parts: Vec::new(),
    };
    all.iter().zip(spans).enumerate().map(row).collect()
}

/// Gives rows their hashes at `deep`, and what is known of their dependencies.
pub(super) fn fill(
    loaded: &mut Loaded,
    project: &Project<'_>,
    number: u32,
    dependencies: &[deep::Dependencies],
    asked: &Asked,
) {
    for (row, found) in loaded.rows.iter_mut().zip(dependencies) {
        if asked.json {
            row.depends_on = found.targets.iter().map(|it| project.shown(it)).collect();
        }
        let unresolved = |it: &deep::Unresolved| UnresolvedRecord {
            name: it.name.clone(),
            reason: it.reason.as_str(),
            span: loaded.file.as_ref().and_then(|file| {
                let node = astkit::hash::normal::node_at(&file.lowered.tree, it.place)?;
                Some(SpanRecord::new(&file.source, file.lowered.span(node)))
            }),
        };
        row.unresolved = found.unresolved.iter().map(unresolved).collect();
    }
    let mut rows = std::mem::take(&mut loaded.rows);
    fill_hashes(&mut rows, loaded, project, number, asked);
    loaded.rows = rows;
}

/// Gives rows their hashes at `deep`.
pub(super) fn fill_hashes(
    rows: &mut [Row],
    loaded: &Loaded,
    project: &Project<'_>,
    number: u32,
    asked: &Asked,
) {
    for (row, hash) in rows.iter_mut().zip(project.linked.hashes(number)) {
        row.hash = hash;
    }
    if asked.parts
        && let Some(file) = &loaded.file
    {
        let all = astkit::ast::definitions(&file.lowered.tree);
        for (at, row) in rows.iter_mut().enumerate() {
            let definition = u32::try_from(at).unwrap_or(0);
            let filled: Vec<_> = project.linked.filled(number, definition).into_iter().map(Some).collect();
            row.parts = parts(project.forms(number), &all, at, &filled);
        }
    }
}

/// The rows that an input asks for.
fn wanted(session: &Session, input: &Input, rows: Vec<Row>, report: &mut Report) -> FileRows {
    let mut report = std::mem::take(report);
    let Some(qualname) = &input.qualname else { return with_pins(session, input, rows, report) };
    if rows.is_empty() {
        return FileRows { report, rows };
    }
    let names: Vec<&str> = rows.iter().map(|it| it.qualname.as_str()).collect();
    match definitions::find_name(&names, &input.shown, qualname) {
        Ok(at) => with_pins(session, input, rows.into_iter().nth(at).into_iter().collect(), report),
        Err(failure) => {
            report.log += &session.messages.error(&failure);
            report.status = ExitStatus::Error;
            FileRows { report, rows: Vec::new() }
        }
    }
}

/// Says which pins are not found: somebody counts on them.
fn with_pins(session: &Session, input: &Input, rows: Vec<Row>, mut report: Report) -> FileRows {
    for row in &rows {
        for it in row.unresolved.iter().filter(|it| it.reason == deep::Reason::MissingPin.as_str()) {
            let (path, of) = (&input.shown, &row.qualname);
            let message = format!("{path}: `{of}` depends on `{}` by hand, and that is not found", it.name);
            report.log += &session.messages.warning(&message);
        }
    }
    FileRows { report, rows }
}

fn unserved(session: &Session, input: &Input, json: bool, failure: &Failure) -> Report {
    let mut report = session.failed(failure);
    if json {
        let record = DiagnosticRecord::unreadable(&input.shown, failure.to_string());
        report.out = json::line(&record).into_bytes();
    }
    report
}

/// Where each error of a file begins, in order, and how far it or any before it reaches.
fn damage(file: &File) -> Vec<(u32, u32)> {
    let errors = file.lowered.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let mut reach = 0;
    let place = |span: Span| {
        reach = span.end.max(reach);
        (span.start, reach)
    };
    errors.map(|it| it.span).map(place).collect()
}

/// Whether some of a definition's text could not be understood.
fn is_partial(file: &File, damage: &[(u32, u32)], definition: &Definition<'_>) -> bool {
    if definition.kind == DefKind::Module {
        return file.lowered.is_partial();
    }
    let text = file.lowered.spans.def(definition.node);
    // What is missing at its end is missing in it.
    let before = damage.partition_point(|it| it.0 <= text.end);
    before > 0 && damage[before - 1].1 >= text.start
}
