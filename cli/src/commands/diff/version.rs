//! A version of a file: what it is called, and where its bytes are.

use super::git::Blobs;
use crate::failure::Failure;
use crate::session::Session;
use crate::targets::Input;

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
}

impl Version {
    /// The version that an input is.
    pub(super) fn of_input(input: Input) -> Self {
        Self { shown: input.shown.clone(), place: Place::Input(input), mode: None }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// What can't be read.
    pub(super) fn read(&self, session: &Session, blobs: Option<&Blobs>) -> Result<Vec<u8>, Failure> {
        match (&self.place, blobs) {
            (Place::Input(input), _) => session.read(input),
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
    /// Where blobs are read.
    pub(super) blobs: Option<Blobs>,
    /// The root of the working tree, if that is the new side.
    pub(super) worktree: Option<std::path::PathBuf>,
    /// Whether git called, which gives one file at a time.
    pub(super) external: bool,
}
