//! `astkit hash --tree`: one hash a folder, and one a file in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use astkit::hash::{Entry, Hash, SCHEME, folder_hash};

use super::Record;
use super::rows::{self, Asked};
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::messages;
use crate::render::json::{self, SCHEMA};
use crate::session::{Session, stopped};
use crate::targets::{Input, Origin, show};

/// Runs the command: every target is a folder (or a file, which is its own tree).
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(super) fn run(session: &Session, targets: &[String], asked: &Asked) -> Result<ExitStatus> {
    let mut output = session.output()?;
    let mut status = ExitStatus::Success;
    for target in targets {
        let found = session.inputs(std::slice::from_ref(target));
        status = status.and(session.say_failures(&found.failures));
        if session.shows_files() {
            return session.list(&found.inputs, output);
        }
        if let Some(input) = found.inputs.iter().find(|it| it.qualname.is_some()) {
            let message =
                format!("`{target}`: a tree has no `{}`", input.qualname.as_deref().unwrap_or_default());
            return Err(Failure::new(message).hint("leave `--tree` out").into());
        }
        let mut tree = Folders::new(Path::new(target));
        let mut lines = String::new();
        let whole = rows::each(session, std::slice::from_ref(target), &found.inputs, asked, |input, it| {
            messages::print(&it.report.log);
            status = status.and(it.report.status);
            if let Some(module) = it.rows.first() {
                tree.add(input, module.hash);
            }
            output.write(&it.report.out)
        });
        if let Err(error) = whole {
            return stopped(error);
        }
        for (folder, hash) in tree.hashes(asked) {
            lines += &line(&show(&folder), hash, asked);
        }
        if let Err(error) = output.write(lines.as_bytes()) {
            return stopped(error);
        }
    }
    session.close(output, status)
}

fn line(folder: &str, hash: Hash, asked: &Asked) -> String {
    if !asked.json {
        return format!("{hash}  {folder}\n");
    }
    json::line(&Record {
        schema: SCHEMA,
        r#type: "folder",
        path: folder,
        module: None,
        qualname: None,
        kind: None,
        level: asked.level.as_str(),
        scheme: SCHEME,
        hash: hash.to_string(),
        span: None,
        partial: false,
        unresolved: None,
        depends_on: None,
    })
}

/// The folders of one target, with the files that were hashed.
struct Folders {
    root: PathBuf,
    /// Per folder its files; every folder between a file and the root is there.
    files: BTreeMap<PathBuf, Vec<Entry>>,
}

impl Folders {
    fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), files: BTreeMap::new() }
    }

    fn add(&mut self, input: &Input, hash: Hash) {
        let Origin::File(path) = &input.origin else { return };
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
        let name = name.as_encoded_bytes().to_vec();
        self.files.entry(folder.to_owned()).or_default().push(Entry { name, is_folder: false, hash });
        for above in folder.ancestors().skip(1).take_while(|it| it.starts_with(&self.root)) {
            self.files.entry(above.to_owned()).or_default();
        }
    }

    /// All folders with their hashes, sorted by path.
    fn hashes(mut self, asked: &Asked) -> Vec<(PathBuf, Hash)> {
        let mut out = Vec::new();
        // Paths sort after those that they begin with, so from the back every folder comes after what is in it.
        while let Some((folder, entries)) = self.files.pop_last() {
            let hash = folder_hash(asked.level, entries);
            if folder != self.root
                && let (Some(above), Some(name)) = (folder.parent(), folder.file_name())
                && let Some(entries) = self.files.get_mut(above)
            {
                entries.push(Entry { name: name.as_encoded_bytes().to_vec(), is_folder: true, hash });
            }
            out.push((folder, hash));
        }
        out.reverse();
        out
    }
}
