//! Files as they are, before anything is asked about them.
//!
//! Who remembers answers of other runs by content needs no more than this where nothing has changed: a survey costs a
//! look at each file's stat, and reads, lowers and loads nothing that the last run knew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_ast::PythonVersion;
use salsa::Durability;

use super::progress::Progress;
use super::{RootSpec, Workspace};
use crate::inputs::{Content, Root, RootId};
use crate::modules::Environment;
use crate::mount::{Mount, Seen};
use crate::store::Store;
use crate::summary::SummaryKey;

/// A root whose files were looked at.
#[derive(Debug)]
pub struct Survey {
    pub(super) id: RootId,
    pub(super) environment: Environment,
    is_frozen: bool,
    looks: Vec<(PathBuf, Seen)>,
}

impl Survey {
    /// What is in the files, in the order in which they were given.
    pub fn contents(&self) -> impl Iterator<Item = (&Path, Content)> {
        self.looks.iter().map(|(path, seen)| (path.as_path(), seen.content))
    }

    /// Goes on with some of the files only.
    pub fn retain(&mut self, mut keep: impl FnMut(&Path) -> bool) {
        self.looks.retain(|it| keep(&it.0));
    }

    fn python(&self) -> PythonVersion {
        self.environment.interpreter.version
    }
}

impl Workspace {
    /// Looks at the files of a root that is to be added, and lowers those that are new to the store.
    pub fn survey(&mut self, spec: RootSpec, progress: &dyn Progress) -> Survey {
        self.survey_root(spec, true, progress)
    }

    /// Looks at the files of a root of which only the contents are of interest. What is new of them is remembered by
    /// [`save_part`](Self::save_part).
    pub fn survey_contents(&mut self, spec: RootSpec, progress: &dyn Progress) -> Survey {
        self.survey_root(spec, false, progress)
    }

    fn survey_root(&mut self, spec: RootSpec, lowers: bool, progress: &dyn Progress) -> Survey {
        let RootSpec { files, folder, environment, paths, is_frozen, verify } = spec;
        let index = self.db.shared.summaries.store.stat_index(&folder);
        let mount = Mount::new(files, folder, is_frozen, index);
        let id = self.db.shared.add_mount(mount);
        let python = environment.interpreter.version;
        let seen = self.look_at(id, lowers.then_some(python), &paths, verify, progress);
        let looks: Vec<_> = paths.into_iter().zip(seen).collect();
        self.db.shared.mount(id).note(&looks, !lowers);
        Survey { id, environment, is_frozen, looks }
    }

    /// Names the summaries of a survey's files, in their order; none for what can't have one.
    pub fn summary_keys<'s>(&'s self, survey: &'s Survey) -> impl Iterator<Item = Option<SummaryKey>> + 's {
        survey.contents().map(|(path, content)| match content {
            Content::Hash(hash) => self.db.shared.summaries.key(path, &hash, survey.python()),
            Content::Absent | Content::Unreadable(_) => None,
        })
    }

    /// Adds a root that was surveyed. Roots have to be added in the order in which they were surveyed.
    ///
    /// Waits until all snapshots are gone, as [`apply`](Self::apply) does.
    pub fn add_surveyed(&mut self, survey: Survey) -> RootId {
        let keys: Vec<_> = self.summary_keys(&survey).flatten().collect();
        self.db.shared.summaries.prefetch(&keys);
        let Survey { id, environment, is_frozen, looks } = survey;
        let python = environment.interpreter.version;
        let durability = if is_frozen { Durability::NEVER_CHANGE } else { Durability::MEDIUM };
        // Salsa's inputs refer to their root, so the root comes first; its files are set once and for all.
        let root = Root::builder(id, Arc::new(environment), python, Arc::from([]))
            .durability(durability)
            .id_durability(Durability::NEVER_CHANGE)
            .files_durability(Durability::LOW)
            .new(&self.db);
        self.roots.push(root);
        self.db.shared.add_root(root);
        let files = self.add_files(root, looks);
        self.set_files(root, files, durability);
        self.tell_root(root);
        self.revision += 1;
        id
    }

    /// What is remembered between runs: also for answers that are functions of contents.
    pub fn store(&self) -> &Store {
        &self.db.shared.summaries.store
    }
}
