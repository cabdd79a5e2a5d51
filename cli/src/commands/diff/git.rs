//! Versions of files from a git repository, through the `git` program.
//!
//! One `git diff --raw` lists what changed; one `git cat-file --batch` serves all contents. Nothing is written, no index
//! is refreshed, no filter or other diff program runs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::version::{ChangeSet, LINK, Place, SUBMODULE, SideName, Version, VersionPair};
use crate::failure::{Failure, reason};
use crate::targets::{Input, Origin};

/// What to compare.
pub(super) struct Request<'a> {
    /// At most two revisions, or a range.
    pub(super) revisions: &'a [String],
    /// Whether the index stands for the new side.
    pub(super) staged: bool,
    pub(super) paths: &'a [OsString],
}

/// Finds the versions that changed.
///
/// # Errors
/// No git, no repository, or no such revision.
pub(super) fn change_set(request: &Request<'_>) -> Result<ChangeSet, Failure> {
    let repository = Repository::find()?;
    let (old, new, arguments) = sides(request)?;
    let listed = match list(&arguments, request.paths) {
        // Before the first commit all of the working tree is new.
        Err(_) if request.revisions.is_empty() && !request.staged && has_no_commit() => {
            list(&[empty_tree()?], request.paths)?
        }
        it => it?,
    };
    let is_unmerged = |it: &Entry<'_>| it.status == "U";
    let unmerged = entries(&listed).filter(is_unmerged);
    let unmerged = unmerged.map(|it| String::from_utf8_lossy(it.path).into_owned()).collect();
    let merged = entries(&listed).filter(|it| !is_unmerged(it));
    let pairs = merged.filter_map(|it| repository.pair(&it)).collect();
    let blobs = Some(Blobs::start()?);
    let worktree = Some(Path::new(&repository.to_root).to_owned());
    let failures = Vec::new();
    Ok(ChangeSet { old, new, pairs, failures, unmerged, blobs, worktree, external: false })
}

/// Files, and what was in each, if it was there.
pub(crate) type Contents = BTreeMap<PathBuf, Option<Arc<[u8]>>>;

/// The files that changed since a revision, and what was in each.
///
/// # Errors
/// No git, no repository, no such revision.
pub(super) fn changed_since(revision: &str) -> Result<Contents, Failure> {
    let mut revision = revision.to_owned();
    if let Some(base) = revision.strip_suffix("...") {
        let mut command = git();
        command.args(["merge-base", "--end-of-options", base, "HEAD"]);
        let found = output(&mut command)?;
        String::from_utf8_lossy(&found).trim().clone_into(&mut revision);
    } else if revision.contains("..") {
        return Err(Failure::new(format!("`{revision}`: changes lead to the working tree"))
            .hint("name one revision, or `REV...` for where the branch began"));
    }
    let set = change_set(&Request { revisions: &[revision], staged: false, paths: &[] })?;
    let here = std::env::current_dir().unwrap_or_default();
    let root = plain(&here.join(set.worktree.clone().unwrap_or_default()));
    let mut out = BTreeMap::new();
    for pair in &set.pairs {
        let path = plain(&here.join(pair.name()));
        let old = match pair.old.as_ref().map(|it| (&it.place, &set.blobs)) {
            Some((Place::Blob(name), Some(blobs))) => Some(blobs.read(name)?.into()),
            _ => None,
        };
        out.insert(path, old);
    }
    let mut command = git();
    command.arg("-C").arg(&root).args(["ls-files", "--others", "--exclude-standard", "-z"]);
    for name in output(&mut command)?.split(|it| *it == 0).filter(|it| !it.is_empty()) {
        out.insert(root.join(&*String::from_utf8_lossy(name)), None);
    }
    Ok(out)
}

/// A path without `.` and `..`.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

/// Lists what changed, as git does.
fn list(arguments: &[String], paths: &[OsString]) -> Result<Vec<u8>, Failure> {
    let mut command = git();
    command.args(["diff", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv"]);
    command.args(["--ignore-submodules=all", "--no-relative"]).args(arguments).arg("--").args(paths);
    output(&mut command)
}

/// Whether git knows all of these.
pub(super) fn are_revisions(names: &[&OsString]) -> bool {
    let known = |it: &&OsString| {
        let mut command = git();
        output(command.args(["rev-parse", "--quiet", "--verify", "--end-of-options"]).arg(it)).is_ok()
    };
    names.iter().all(known)
}

fn has_no_commit() -> bool {
    let mut command = git();
    output(command.args(["rev-parse", "--quiet", "--verify", "HEAD"])).is_err()
}

/// The name of a tree without files.
fn empty_tree() -> Result<String, Failure> {
    let mut command = git();
    let name = output(command.args(["hash-object", "-t", "tree", "--stdin"]))?;
    Ok(String::from_utf8_lossy(&name).trim().to_owned())
}

/// What the two sides are called, and how git is asked for them.
fn sides(request: &Request<'_>) -> Result<(SideName, SideName, Vec<String>), Failure> {
    let rev = |it: &str| SideName::Rev(if it.is_empty() { "HEAD" } else { it }.to_owned());
    if let Some(option) = request.revisions.iter().find(|it| it.starts_with('-')) {
        return Err(Failure::new(format!("`{option}` is no revision")));
    }
    let index = || SideName::Rev("index".to_owned());
    let tree = || SideName::Rev("worktree".to_owned());
    match request.revisions {
        [] if request.staged => Ok((rev("HEAD"), index(), vec!["--cached".to_owned()])),
        [one] if request.staged => Ok((rev(one), index(), vec!["--cached".to_owned(), one.clone()])),
        _ if request.staged => Err(Failure::new("`--staged` compares with one revision")),
        [] => Ok((rev("HEAD"), tree(), vec!["HEAD".to_owned()])),
        [range] if range.contains("...") => {
            let (old, new) = range.split_once("...").unwrap_or_default();
            let old = format!("{}...", if old.is_empty() { "HEAD" } else { old });
            Ok((rev(&old), rev(new), vec![range.clone()]))
        }
        [range] if range.contains("..") => {
            let (old, new) = range.split_once("..").unwrap_or_default();
            Ok((rev(old), rev(new), vec![range.clone()]))
        }
        [one] => Ok((rev(one), tree(), vec![one.clone()])),
        [old, new] => Ok((rev(old), rev(new), vec![old.clone(), new.clone()])),
        _ => Err(Failure::new("at most two revisions can be compared")),
    }
}

/// Git, set up to change nothing and to run nothing else.
fn git() -> Command {
    let mut command = Command::new("git");
    command.args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "--no-pager"]);
    command.env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command
}

fn output(command: &mut Command) -> Result<Vec<u8>, Failure> {
    let output = command.output().map_err(|error| no_git(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let first = message.lines().next().unwrap_or_default();
    let first = first.strip_prefix("fatal: ").unwrap_or(first);
    Err(Failure::new(format!("git: {first}"))
        .hint("two files or folders can be compared without git: `astkit diff OLD NEW`"))
}

fn no_git(error: &std::io::Error) -> Failure {
    Failure::new(format!("could not start `git`: {}", reason(error)))
        .hint("two files or folders can be compared without git: `astkit diff OLD NEW`")
}

/// Where the working folder is in its repository.
struct Repository {
    /// From the repository's root to the working folder: empty, or with a slash at the end.
    prefix: String,
    /// From the working folder to the root, likewise.
    to_root: String,
}

/// One changed path.
struct Entry<'a> {
    old_mode: &'a str,
    new_mode: &'a str,
    old: &'a str,
    new: &'a str,
    status: &'a str,
    path: &'a [u8],
}

/// Reads `:MODE MODE NAME NAME STATUS NUL PATH NUL`.
fn entries(listed: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut fields = listed.split(|it| *it == 0);
    std::iter::from_fn(move || {
        let head = std::str::from_utf8(fields.next()?).ok()?;
        let path = fields.next()?;
        let mut head = head.strip_prefix(':')?.split(' ');
        Some(Entry {
            old_mode: head.next()?,
            new_mode: head.next()?,
            old: head.next()?,
            new: head.next()?,
            status: head.next()?,
            path,
        })
    })
}

impl Repository {
    fn find() -> Result<Self, Failure> {
        let mut command = git();
        command.args(["rev-parse", "--show-prefix", "--show-cdup"]);
        let found = output(&mut command)?;
        let found = String::from_utf8_lossy(&found);
        let mut lines = found.lines();
        let mut line = || lines.next().unwrap_or_default().to_owned();
        Ok(Self { prefix: line(), to_root: line() })
    }

    fn pair(&self, entry: &Entry<'_>) -> Option<VersionPair> {
        if entry.old_mode == SUBMODULE || entry.new_mode == SUBMODULE {
            return None;
        }
        let path = String::from_utf8_lossy(entry.path);
        let shown = match path.strip_prefix(&self.prefix) {
            Some(below) => below.to_owned(),
            None => format!("{}{path}", self.to_root),
        };
        let version = |mode: &str, name: &str| {
            let is_absent = mode.bytes().all(|it| it == b'0');
            let is_on_disk = name.bytes().all(|it| it == b'0');
            let place = if is_on_disk {
                let path = Path::new(&self.to_root).join(file_name(entry.path));
                if mode == LINK {
                    Place::Link(path)
                } else {
                    Place::Input(Input { origin: Origin::File(path), shown: shown.clone(), qualname: None })
                }
            } else {
                Place::Blob(name.to_owned())
            };
            (!is_absent).then(|| Version { shown: shown.clone(), place, mode: Some(mode.to_owned()) })
        };
        let (old, new) = (version(entry.old_mode, entry.old), version(entry.new_mode, entry.new));
        Some(VersionPair { old, new, renamed: false })
    }
}

/// A path as git stores it.
#[cfg(unix)]
fn file_name(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

/// A path as git stores it.
#[cfg(not(unix))]
fn file_name(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

/// The contents of a repository: a `git cat-file --batch` that waits for names.
#[derive(Debug)]
pub(super) struct Blobs {
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Child,
}

impl Blobs {
    fn start() -> Result<Self, Failure> {
        let mut command = git();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().map_err(|error| no_git(&error))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("could not talk to `git cat-file`"));
        };
        Ok(Self { pipes: Mutex::new((input, BufReader::new(output))), child })
    }

    /// The content of that name.
    ///
    /// # Errors
    /// A name that the repository does not have, or a git that went away.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let (input, output) = &mut *pipes;
        let mut ask = || -> std::io::Result<Option<Vec<u8>>> {
            input.write_all(format!("{name}\n").as_bytes())?;
            input.flush()?;
            let mut head = String::new();
            output.read_line(&mut head)?;
            let mut words = head.trim_end().rsplit(' ');
            let Some(size) = words.next().and_then(|it| it.parse::<usize>().ok()) else { return Ok(None) };
            let mut content = vec![0; size + 1];
            output.read_exact(&mut content)?;
            content.truncate(size);
            Ok(Some(content))
        };
        match ask() {
            Ok(Some(content)) => Ok(content),
            Ok(None) => Err(Failure::new(format!("the repository has no object {name}"))),
            Err(error) => Err(Failure::new(format!("`git cat-file` failed: {}", reason(&error)))),
        }
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // It has nothing to lose, and would otherwise wait for more names.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
