//! Which files are watched: those that every command takes from a folder.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use astkit::{Frontends, Severity, SourceText};
use astkit_watch::{Entry, EntryKind, Rules};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::walk::WalkRules;

/// The frontend that tells whether a text is complete: the quickest.
const QUICK: &str = "python-ast";

/// The rules of a run.
pub(super) struct Wanted {
    walk: WalkRules,
    frontends: Frontends,
    settings: Settings,
    /// Globs on the command line are relative to it.
    folder: PathBuf,
}

impl Wanted {
    /// The rules that settings mean.
    ///
    /// # Errors
    /// A glob that is none.
    pub(super) fn new(settings: Settings, folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            walk: WalkRules::new(&settings.exclude, settings.no_ignore)?,
            frontends: crate::frontends::all(&settings),
            settings,
            folder: folder.to_owned(),
        })
    }
}

impl Rules for Wanted {
    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let relative = match folder.strip_prefix(&self.folder) {
            Ok(it) if it.as_os_str().is_empty() => Path::new("."),
            Ok(it) => it,
            Err(_) => folder,
        };
        let mut out = self.walk.entries(relative)?;
        out.retain(|it| match it.kind {
            EntryKind::Folder | EntryKind::LinkedFolder => true,
            EntryKind::File | EntryKind::LinkedFile => self.may_be_wanted(Path::new(&it.name)),
        });
        Ok(out)
    }

    fn may_be_wanted(&self, path: &Path) -> bool {
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        self.frontends.claims(&self.settings.frontend, extension) && !is_droppings(path)
    }

    fn is_rule(&self, path: &Path) -> bool {
        let rules = [".gitignore", ".ignore", ".astkitignore", "pyvenv.cfg"];
        path.file_name().and_then(OsStr::to_str).is_some_and(|it| rules.contains(&it))
    }

    fn is_complete(&self, path: &Path, content: &[u8]) -> bool {
        let source = SourceText::decode(content);
        let name = path.to_string_lossy();
        let Ok(lowered) = self.frontends.lower(QUICK, &name, &source, &self.settings.options) else {
            return true;
        };
        !lowered.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// Whether a name is one that editors give to files of their own.
fn is_droppings(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    name.starts_with(".#") || name.starts_with("flycheck_") || name.starts_with(".goutputstream-")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_droppings;

    #[test]
    fn files_of_editors_are_no_modules() {
        assert!(is_droppings(Path::new("a/.#m.py")));
        assert!(is_droppings(Path::new("a/flycheck_m.py")));
        assert!(!is_droppings(Path::new("a/m.py")));
    }
}
