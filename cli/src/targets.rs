//! Targets: what a command is asked about, and the files that this means.
//!
//! A target is `PATH`, `PATH::QUALNAME`, `MODULE:QUALNAME` or `-`. What exists as a path is a path, whatever colons
//! are in it. Folders are walked; explicit files are always taken.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, reason};
use crate::modules::Roots;
use crate::walk::WalkRules;

/// Something to read.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Input {
    /// Where to read it.
    pub(crate) origin: Origin,
    /// Its name in the output.
    pub(crate) shown: String,
    /// The definition that is asked for; none for all of the file.
    pub(crate) qualname: Option<String>,
}

impl Input {
    /// All of a file.
    pub(crate) fn of_file(path: &Path) -> Self {
        Self { origin: Origin::File(path.to_owned()), shown: show(path), qualname: None }
    }
}

/// Where an input is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Origin {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// The inputs that targets mean, and what is wrong with some of the targets.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) inputs: Vec<Input>,
    pub(crate) failures: Vec<Failure>,
}

/// What is needed to find inputs.
pub(crate) struct Finder<'a> {
    pub(crate) rules: &'a WalkRules,
    pub(crate) roots: &'a Roots,
    /// Whether a file of this extension is read when it is found in a folder.
    pub(crate) wanted: &'a dyn Fn(&str) -> bool,
    /// The name for standard input.
    pub(crate) stdin_name: &'a str,
}

impl Finder<'_> {
    /// Finds the inputs of all targets, in the order of the targets, each file and definition once.
    pub(crate) fn find(&self, targets: &[String]) -> Inputs {
        let mut out = Inputs::default();
        for target in targets {
            self.target(target, &mut out);
        }
        let mut seen = HashSet::new();
        out.inputs.retain(|it| seen.insert((it.origin.clone(), it.qualname.clone())));
        out
    }

    fn target(&self, target: &str, out: &mut Inputs) {
        let path = Path::new(target);
        if target == "-" {
            out.inputs.push(self.stdin(None));
        } else if path.exists() || path.is_symlink() {
            self.path(path, None, out);
        } else if let Some((path, qualname)) = target.rsplit_once("::") {
            self.definition(Path::new(path), target, qualname, out);
        } else if let Some((module, qualname)) = module_target(target) {
            match self.roots.find(module) {
                Some(path) => self.path(&path, qualname, out),
                None => out.failures.push(
                    Failure::new(format!("no module `{module}` for target `{target}`"))
                        .hint(format!("looked in {}", self.roots.list()))
                        .hint("add a folder with `--root`, or name the file: PATH::QUALNAME"),
                ),
            }
        } else {
            self.path(path, None, out);
        }
    }

    fn definition(&self, path: &Path, target: &str, qualname: &str, out: &mut Inputs) {
        if path.as_os_str() == "-" {
            out.inputs.push(self.stdin(Some(qualname.to_owned())));
        } else if path.is_dir() {
            let message = format!("`{target}`: `{}` is a folder, which has no definitions", path.display());
            out.failures.push(Failure::new(message).hint("name one of its files"));
        } else {
            self.path(path, Some(qualname.to_owned()), out);
        }
    }

    fn path(&self, path: &Path, qualname: Option<String>, out: &mut Inputs) {
        match std::fs::metadata(path) {
            Ok(it) if it.is_dir() => self.folder(path, out),
            Ok(_) => {
                out.inputs.push(Input { origin: Origin::File(path.to_owned()), shown: show(path), qualname });
            }
            Err(error) => out.failures.push(unreadable(path, &error)),
        }
    }

    fn stdin(&self, qualname: Option<String>) -> Input {
        Input { origin: Origin::Stdin, shown: self.stdin_name.to_owned(), qualname }
    }

    fn folder(&self, folder: &Path, out: &mut Inputs) {
        let (files, errors) = self.rules.files(folder, self.wanted);
        let input = |it: PathBuf| Input { shown: show(&it), origin: Origin::File(it), qualname: None };
        out.inputs.extend(files.into_iter().map(input));
        out.failures.extend(errors.iter().map(|it| unreadable(&it.path, &it.error)));
    }
}

/// Splits `MODULE:QUALNAME`.
fn module_target(target: &str) -> Option<(&str, Option<String>)> {
    let (module, qualname) = target.split_once(':')?;
    let is_module = !module.is_empty() && module.split('.').all(astkit::ast::is_identifier);
    is_module.then(|| (module, (!qualname.is_empty()).then(|| qualname.to_owned())))
}

/// What is said when a path can't be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not read `{}`: {}", show(path), reason(error)))
}

/// A path from the root of the file system; links and what is there do not matter.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A path that nobody gave, as it is shown: relative to the working directory, if it is below.
pub(crate) fn show_found(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    show(path.strip_prefix(here).unwrap_or(path))
}

/// A path as it is shown: relative to the working directory as given, with `/`, without a leading `./`.
pub(crate) fn show(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
