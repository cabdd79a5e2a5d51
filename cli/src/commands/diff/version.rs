//! A version of a file: what it is called, and where its bytes are.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::git::Blobs;
use crate::failure::Failure;
use crate::read;
use crate::session::Session;
use crate::targets::Input;

/// Git's mode of a symbolic link.
pub(super) const LINK: &str = "120000";
/// Git's mode of a submodule: a commit.
pub(super) const SUBMODULE: &str = "160000";

/// One version of a file.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// Its name in the output.
    pub(super) shown: String,
    pub(super) place: Place,
    /// Git's mode, if it is known.
    pub(super) mode: Option<String>,
}

/// Where the bytes of a version are.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In a file or standard input.
    Input(Input),
    /// In a repository, under this name.
    Blob(String),
    /// A link: its content is where it leads.
    Link(PathBuf),
}

impl Version {
    /// The version that an input is.
    pub(super) fn of_input(input: Input) -> Self {
        Self { shown: input.shown.clone(), place: Place::Input(input), mode: None }
    }

    /// Whether it is a link, or another thing that has no code.
    pub(super) fn is_link(&self) -> bool {
        self.mode.as_deref().is_some_and(|it| it == LINK || it == SUBMODULE)
    }

    /// Its bytes.
    ///
    /// # Errors
    /// What can't be read.
    pub(super) fn read(&self, session: &Session, blobs: Option<&Blobs>) -> Result<Vec<u8>, Failure> {
        match (&self.place, blobs) {
            (Place::Input(input), _) => session.read(input),
            (Place::Link(path), _) => match std::fs::read_link(path) {
                Ok(to) => Ok(to.into_os_string().into_encoded_bytes()),
                // Where there are no links, git writes files.
                Err(_) => read::bytes(&Input::of_file(path)),
            },
            (Place::Blob(name), Some(blobs)) => blobs.read(name),
            (Place::Blob(name), None) => Err(Failure::new(format!("no repository has the blob {name}"))),
        }
    }
}

/// Two versions of a file; one may be absent.
#[derive(Clone, Debug, Default)]
pub(super) struct VersionPair {
    pub(super) old: Option<Version>,
    pub(super) new: Option<Version>,
    /// Whether the two have different names.
    pub(super) renamed: bool,
}

impl VersionPair {
    /// The name that stands for the pair: the new one, if there is one.
    pub(super) fn name(&self) -> &str {
        self.new.as_ref().or(self.old.as_ref()).map_or("", |it| it.shown.as_str())
    }

    /// Git's modes of both versions where they differ, such as of a file that became executable.
    pub(super) fn mode_change(&self) -> Option<(&str, &str)> {
        let modes = (self.old.as_ref()?.mode.as_deref()?, self.new.as_ref()?.mode.as_deref()?);
        (modes.0 != modes.1).then_some(modes)
    }
}

/// What one side of a comparison is called.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SideName {
    /// A file, a folder, or standard input.
    Path(String),
    /// A revision, `index` or `worktree`.
    Rev(String),
}

impl SideName {
    /// The name itself.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Path(it) | Self::Rev(it) => it,
        }
    }
}

/// What is compared, and what could not be.
#[derive(Debug)]
pub(super) struct ChangeSet {
    pub(super) old: SideName,
    pub(super) new: SideName,
    pub(super) pairs: Vec<VersionPair>,
    pub(super) failures: Vec<Failure>,
    /// Paths with a conflict, which have no one version.
    pub(super) unmerged: Vec<String>,
    /// Where blobs are read.
    pub(super) blobs: Option<Blobs>,
    /// The root of the working tree, if that is the new side.
    pub(super) worktree: Option<PathBuf>,
    /// Whether git called, which gives one file at a time.
    pub(super) external: bool,
}

impl ChangeSet {
    /// Nothing to compare: a path whose versions are yet to be merged.
    pub(super) fn unmerged(path: &OsStr) -> Self {
        let path = path.to_string_lossy().into_owned();
        Self {
            old: SideName::Path(path.clone()),
            new: SideName::Path(path.clone()),
            pairs: Vec::new(),
            failures: Vec::new(),
            unmerged: vec![path],
            blobs: None,
            worktree: None,
            external: true,
        }
    }
}
