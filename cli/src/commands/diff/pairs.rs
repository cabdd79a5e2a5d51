//! Which file is compared with which.
//!
//! Two files are a pair. Two folders are paired by the paths below them. `/dev/null` stands for no file.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::session::Session;
use crate::targets::{Input, Origin, show, unreadable};

use super::version::{ChangeSet, SideName, Version, VersionPair};

/// The pairs that were found, and what could not be read.
#[derive(Debug, Default)]
struct Pairs {
    pairs: Vec<VersionPair>,
    failures: Vec<Failure>,
}

/// Compares two targets: files, folders, or standard input.
///
/// # Errors
/// Targets that can't be compared.
pub(super) fn change_set(session: &Session, old: &OsStr, new: &OsStr) -> Result<ChangeSet, Failure> {
    let Pairs { pairs, failures } = match (old.to_str(), new.to_str()) {
        (Some(old), Some(new)) => Pairs::find(session, old, new)?,
        // Names that are no text are names of files.
        _ => Pairs::of_paths(old, new),
    };
    let name = |it: &OsStr| SideName::Path(it.to_string_lossy().into_owned());
    let (old, new) = (name(old), name(new));
    Ok(ChangeSet {
        old,
        new,
        pairs,
        failures,
        unmerged: Vec::new(),
        blobs: None,
        worktree: None,
        external: false,
    })
}

/// The comparison that git asks an external diff program for: its seven or nine arguments.
///
/// # Errors
/// Another number of arguments.
pub(super) fn external(arguments: &[OsString]) -> Result<ChangeSet, Failure> {
    let [path, old, _, old_mode, new, _, new_mode, rest @ ..] = arguments else {
        return Err(Failure::new("git gives an external diff seven or nine arguments"));
    };
    let Pairs { mut pairs, failures } = Pairs::of_paths(old, new);
    let new_path = rest.first().unwrap_or(path);
    for pair in &mut pairs {
        pair.renamed = new_path != path;
        for (version, shown, mode) in [(&mut pair.old, path, old_mode), (&mut pair.new, new_path, new_mode)] {
            if let Some(version) = version {
                version.shown = shown.to_string_lossy().into_owned();
                version.mode = mode.to_str().map(str::to_owned);
            }
        }
    }
    let name = |it: &OsString| SideName::Path(it.to_string_lossy().into_owned());
    let (old, new) = (name(path), name(new_path));
    Ok(ChangeSet {
        old,
        new,
        pairs,
        failures,
        unmerged: Vec::new(),
        blobs: None,
        worktree: None,
        external: true,
    })
}

impl Pairs {
    fn find(session: &Session, old: &str, new: &str) -> Result<Self, Failure> {
        if old == "-" && new == "-" {
            return Err(Failure::new("standard input can be only one of the two sides"));
        }
        let kind = |it: &str| (it != "-" && Path::new(it).is_dir(), it == "-");
        match (kind(old), kind(new)) {
            ((true, _), (true, _)) => Ok(Self::of_folders(session, Path::new(old), Path::new(new))),
            ((false, _), (false, _)) => Self::of_files(session, old, new),
            ((true, _), (false, _)) => Err(mixed(old, new)),
            ((false, _), (true, _)) => Err(mixed(new, old)),
        }
    }

    /// Two files by their names alone; `/dev/null` stands for none.
    fn of_paths(old: &OsStr, new: &OsStr) -> Self {
        let version =
            |it: &OsStr| (it != "/dev/null").then(|| Version::of_input(Input::of_file(Path::new(it))));
        let pair = VersionPair { old: version(old), new: version(new), renamed: false };
        Self { pairs: vec![pair], failures: Vec::new() }
    }

    fn of_files(session: &Session, old: &str, new: &str) -> Result<Self, Failure> {
        let mut failures = Vec::new();
        let mut side = |target: &str| {
            let found = session.inputs(&[target.to_owned()]);
            failures.extend(found.failures);
            found.inputs.into_iter().next().filter(|_| target != "/dev/null")
        };
        let (old_input, new_input) = (side(old), side(new));
        let absent = |input: &Option<Input>, target: &str| input.is_none() && target != "/dev/null";
        if absent(&old_input, old) || absent(&new_input, new) {
            return Ok(Self { pairs: Vec::new(), failures });
        }
        if let Some(input) = [&old_input, &new_input].into_iter().flatten().find(|it| it.qualname.is_some()) {
            let message =
                format!("`astkit diff` compares files, not definitions such as in `{}`", input.shown);
            return Err(Failure::new(message).hint("compare the files"));
        }
        let both = VersionPair {
            old: old_input.map(Version::of_input),
            new: new_input.map(Version::of_input),
            renamed: false,
        };
        let pairs = if both.old.is_none() && both.new.is_none() { Vec::new() } else { vec![both] };
        Ok(Self { pairs, failures })
    }

    fn of_folders(session: &Session, old: &Path, new: &Path) -> Self {
        let mut out = Self::default();
        let mut by_path: BTreeMap<PathBuf, VersionPair> = BTreeMap::new();
        for (folder, is_old) in [(old, true), (new, false)] {
            let wanted = |extension: &str| session.wanted(extension);
            let (files, unreadables) = session.rules.files(folder, &wanted);
            out.failures.extend(unreadables.iter().map(|it| unreadable(&it.path, &it.error)));
            for file in files {
                let Ok(relative) = file.strip_prefix(folder) else { continue };
                let pair = by_path.entry(relative.to_owned()).or_default();
                let input = Input { shown: show(&file), origin: Origin::File(file), qualname: None };
                *(if is_old { &mut pair.old } else { &mut pair.new }) = Some(Version::of_input(input));
            }
        }
        out.pairs = by_path.into_values().collect();
        out
    }
}

fn mixed(folder: &str, file: &str) -> Failure {
    Failure::new(format!("`{folder}` is a folder and `{file}` is not"))
        .hint("compare two files, or two folders")
}
