//! Which file is compared with which.
//!
//! Two files are a pair. Two folders are paired by the paths below them; of the files that are on one side only,
//! those with equal bytes, found once on each side, are pairs too: renamed files. `/dev/null` stands for no file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::session::Session;
use crate::targets::{Input, Origin, show, unreadable};

/// Two versions of a file; one may be absent.
#[derive(Clone, Debug)]
pub(super) struct FilePair {
    pub(super) old: Option<Input>,
    pub(super) new: Option<Input>,
    /// Whether the paths differ although the bytes are equal.
    pub(super) renamed: bool,
}

/// What is compared, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) pairs: Vec<FilePair>,
    pub(super) failures: Vec<Failure>,
}

impl Pairs {
    /// Finds the pairs of two targets.
    ///
    /// # Errors
    /// Targets that can't be compared.
    pub(super) fn find(session: &Session, old: &str, new: &str) -> Result<Self, Failure> {
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
        let both = FilePair { old: old_input, new: new_input, renamed: false };
        let pairs = if both.old.is_none() && both.new.is_none() { Vec::new() } else { vec![both] };
        Ok(Self { pairs, failures })
    }

    fn of_folders(session: &Session, old: &Path, new: &Path) -> Self {
        let mut out = Self::default();
        let mut by_path: BTreeMap<PathBuf, FilePair> = BTreeMap::new();
        for (folder, is_old) in [(old, true), (new, false)] {
            let wanted = |extension: &str| session.wanted(extension);
            let (files, unreadables) = session.rules.files(folder, &wanted);
            out.failures.extend(unreadables.iter().map(|it| unreadable(&it.path, &it.error)));
            for file in files {
                let Ok(relative) = file.strip_prefix(folder) else { continue };
                let absent = FilePair { old: None, new: None, renamed: false };
                let pair = by_path.entry(relative.to_owned()).or_insert(absent);
                let input = Input { shown: show(&file), origin: Origin::File(file), qualname: None };
                *(if is_old { &mut pair.old } else { &mut pair.new }) = Some(input);
            }
        }
        join_renamed(&mut by_path);
        out.pairs = by_path.into_values().collect();
        out
    }
}

fn mixed(folder: &str, file: &str) -> Failure {
    Failure::new(format!("`{folder}` is a folder and `{file}` is not"))
        .hint("compare two files, or two folders")
}

/// Joins files of equal bytes that are on one side only.
fn join_renamed(by_path: &mut BTreeMap<PathBuf, FilePair>) {
    let sizes = |is_old: bool| {
        let one_sided = by_path.iter().filter_map(move |(path, pair)| match (&pair.old, &pair.new, is_old) {
            (Some(input), None, true) | (None, Some(input), false) => Some((path.clone(), size(input)?)),
            _ => None,
        });
        let mut out: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
        for (path, size) in one_sided.filter(|it| it.1 > 0) {
            out.entry(size).or_default().push(path);
        }
        out
    };
    let (olds, news) = (sizes(true), sizes(false));
    let mut joined = Vec::new();
    for (size, new_paths) in &news {
        let Some(old_paths) = olds.get(size) else { continue };
        let old_contents = contents(by_path, old_paths, true);
        for (content, paths) in contents(by_path, new_paths, false) {
            if let (Some([old]), [new]) = (old_contents.get(&content).map(Vec::as_slice), paths.as_slice()) {
                joined.push((old.clone(), new.clone()));
            }
        }
    }
    for (old, new) in joined {
        let old = by_path.remove(&old).and_then(|it| it.old);
        if let Some(pair) = by_path.get_mut(&new) {
            pair.old = old;
            pair.renamed = true;
        }
    }
}

fn size(input: &Input) -> Option<u64> {
    let Origin::File(path) = &input.origin else { return None };
    std::fs::metadata(path).ok().map(|it| it.len())
}

/// Paths by the bytes of the file.
fn contents(
    by_path: &BTreeMap<PathBuf, FilePair>,
    paths: &[PathBuf],
    is_old: bool,
) -> BTreeMap<Vec<u8>, Vec<PathBuf>> {
    let mut out: BTreeMap<Vec<u8>, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let Some(pair) = by_path.get(path) else { continue };
        let input = if is_old { &pair.old } else { &pair.new };
        // What can't be read now is reported when it is compared.
        if let Some(Ok(bytes)) = input.as_ref().map(crate::read::bytes) {
            out.entry(bytes).or_default().push(path.clone());
        }
    }
    out
}
