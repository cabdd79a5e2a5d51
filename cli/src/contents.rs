//! What is in files, told by their stats where another run has looked: the inputs of everything that is remembered.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use astkit::ast::FrontendId;
use astkit_engine::modules::{Environment, Interpreter};
use astkit_engine::store::Store;
use astkit_engine::summary::SummaryKey;
use astkit_engine::{Content, Lowering, RootSpec, Stage, Workspace};
use astkit_system::OsFiles;

use crate::session::Session;
use crate::{cache, frontends, progress};

/// The files of some folders, looked at.
pub(crate) struct Contents {
    workspace: Workspace,
    hashes: Vec<Vec<Option<[u8; 32]>>>,
}

/// Files that belong together, each folder with files of its own in the stat index.
pub(crate) struct Folder {
    /// The folder.
    pub(crate) path: PathBuf,
    /// The files.
    pub(crate) files: Vec<PathBuf>,
}

impl Contents {
    /// Looks at files; with `verify`, reads each of them.
    pub(crate) fn survey(session: &Session, folders: Vec<Folder>, verify: bool) -> Self {
        let bar = Bar::new(session);
        let here = std::env::current_dir().unwrap_or_default();
        let threads = NonZeroUsize::new(session.settings.jobs).unwrap_or(NonZeroUsize::MIN);
        let builder = Workspace::builder().store(cache::store(&session.settings)).threads(threads);
        let builder = if session.settings.timings { builder.record_queries() } else { builder };
        let mut workspace = builder.build();
        let interpreter = Interpreter { version: session.settings.options.python, ..Interpreter::default() };
        let mut survey = |folder: Folder| {
            let spec = RootSpec {
                files: Arc::new(OsFiles),
                folder: absolute(&here, &folder.path),
                environment: Environment { interpreter: interpreter.clone(), ..Environment::default() },
                paths: folder.files.iter().map(|it| absolute(&here, it)).collect(),
                is_frozen: true,
                verify,
            };
            let survey = workspace.survey_contents(spec, &bar);
            let hash = |content: Content| match content {
                Content::Hash(hash) => Some(hash),
                Content::Absent | Content::Unreadable(_) => None,
            };
            survey.contents().map(|it| hash(it.1)).collect()
        };
        let hashes = folders.into_iter().map(&mut survey).collect();
        bar.finish();
        Self { workspace, hashes }
    }

    /// The BLAKE3 of a folder's files, in their order; none for what can't be read.
    pub(crate) fn of(&self, folder: usize) -> &[Option<[u8; 32]>] {
        self.hashes.get(folder).map_or(&[], Vec::as_slice)
    }

    /// What is remembered between runs.
    pub(crate) fn store(&self) -> &Store {
        self.workspace.store()
    }

    /// Remembers what is new, and tells what it took.
    pub(crate) fn close(self, session: &Session) {
        self.workspace.save_part();
        let counts = self.workspace.store_counts();
        session.timings.queries(&self.workspace.take_counts(), self.workspace.lowered_count());
        session.timings.store(&counts);
        if let Some(complaint) = cache::complaint(&session.settings, &counts) {
            session.warn(&complaint);
        }
    }
}

/// Names what files come to: content, parser, and the version of Python together.
pub(crate) struct Keys(Vec<(Arc<dyn Lowering>, [u8; 32])>);

impl Keys {
    /// The names under the settings of a run.
    pub(crate) fn new(session: &Session) -> Self {
        let (settings, python) = (&session.settings, session.settings.options.python);
        let lowerings = frontends::lowerings(&session.frontends, &settings.frontend);
        let fingerprint = |id: &FrontendId| SummaryKey::fingerprint(id, python);
        Self(lowerings.into_iter().map(|it| (fingerprint(&it.id()), it)).map(|it| (it.1, it.0)).collect())
    }

    /// A name for all parsers and settings together.
    pub(crate) fn all(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (_, fingerprint) in &self.0 {
            hasher.update(fingerprint);
        }
        *hasher.finalize().as_bytes()
    }

    /// The name for a file's content.
    pub(crate) fn of(&self, path: &Path, content: &[u8; 32]) -> Option<[u8; 32]> {
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        let (_, fingerprint) = self.0.iter().find(|it| it.0.claims(extension))?;
        Some(SummaryKey::new(content, fingerprint).0)
    }
}

/// The working directory if all is below it, else the deepest folder that has all of them.
pub(crate) fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let paths: Vec<_> = paths.iter().map(|it| absolute(&here, it)).collect();
    if paths.iter().all(|it| it.starts_with(&here)) {
        return here;
    }
    let mut folder = paths.first().and_then(|it| it.parent()).unwrap_or(&here);
    for path in &paths {
        while !path.starts_with(folder) {
            let Some(above) = folder.parent() else { break };
            folder = above;
        }
    }
    folder.to_owned()
}

/// A path from the root of the file system, dots at its beginning apart.
pub(crate) fn absolute(here: &Path, path: &Path) -> PathBuf {
    here.join(path.strip_prefix(".").unwrap_or(path))
}

/// The progress bar, for many threads.
struct Bar {
    hidden: bool,
    shown: Mutex<Option<progress::Progress>>,
}

impl Bar {
    fn new(session: &Session) -> Self {
        let hidden = session.settings.no_progress || session.messages.silent();
        Self { hidden, shown: Mutex::default() }
    }

    fn finish(&self) {
        if let Some(bar) = self.shown.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish();
        }
    }
}

impl astkit_engine::Progress for Bar {
    fn begin(&self, _: Stage, total: usize) {
        if !self.hidden {
            let bar = progress::Progress::new(total, false);
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
        }
    }

    fn advance(&self) {
        if !self.hidden
            && let Some(bar) = &*self.shown.lock().unwrap_or_else(PoisonError::into_inner)
        {
            bar.advance();
        }
    }
}
