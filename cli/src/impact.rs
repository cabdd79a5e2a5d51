//! Who is reached by a change: shared by all commands that ask it.
//!
//! Two graphs lead from definitions to what they need. The *wide* one has what names lead to, as the engine resolves
//! them, and lets a class need all that is in it: whoever runs a method of an object has reached its class by name, or
//! was given the object by somebody who had. The *narrow* one lets a method be reached by its name instead: from code
//! that asks any value, or a value of that class, for an attribute of this name, and from its class if the language or
//! foreign code may call it. Each leaves out nothing that the other does not, so what runs a changed definition is in
//! both; and so is what is in between, as far as the narrow graph leads from there to the change.
//!
//! Beyond calls, both know of tests and fixtures, of what modules do when they are imported, and of functions that
//! decorators register.

mod classes;
pub(crate) mod earlier;
mod link;
mod pytest;
mod reach;
mod registered;
pub(crate) mod since;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_analysis::accesses::{FileAccesses, accesses};
use astkit_engine::graph::Graph;
use astkit_engine::summary::{FileSummary, ItemKind};
use astkit_engine::{
    Cancelled, DefinitionGraph, FileId, FileSystem, NoProgress, RootId, Snapshot, Workspace,
};

pub(crate) use pytest::Tests;
pub(crate) use reach::Search;

use crate::failure::Failure;
use crate::session::Session;
use crate::targets::{self, Input, Origin};
use crate::{parallel, project};

/// A project at one moment, with both graphs.
pub(crate) struct World {
    pub(crate) snapshot: Snapshot,
    pub(crate) root: RootId,
    pub(crate) graph: DefinitionGraph,
    pub(crate) files: Vec<WorldFile>,
    by_path: HashMap<PathBuf, u32>,
    narrow: Graph,
    wide: Graph,
    /// Kept for its store, which is written when a command is done.
    pub(crate) workspace: Workspace,
}

/// A file of a project.
pub(crate) struct WorldFile {
    pub(crate) id: FileId,
    pub(crate) path: PathBuf,
    pub(crate) shown: String,
    /// Its first node.
    pub(crate) first: u32,
    pub(crate) items: Vec<WorldItem>,
    pub(crate) accesses: Arc<FileAccesses>,
}

/// A definition or module-level variable.
#[derive(Clone, Debug)]
pub(crate) struct WorldItem {
    pub(crate) kind: ItemKind,
    pub(crate) name: String,
    pub(crate) qualname: String,
    pub(crate) parent: Option<u32>,
    /// Which of the file's definitions it is; none for a variable.
    pub(crate) definition: Option<usize>,
}

impl WorldFile {
    /// The name without twins' numbers and the path of what it is in.
    pub(crate) fn accessor(&self, item: u32) -> Option<&astkit_analysis::accesses::Accessor> {
        self.accesses.definitions.get(self.items.get(item as usize)?.definition?)
    }
}

/// What a project's folder has.
const MARKS: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", ".git"];

/// The folder whose files may be reached by targets: the working folder, if it is a project or the first target is in no
/// other; else the project that this is in.
pub(crate) fn folder_of(targets: &[Input]) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let is_project = |it: &Path| MARKS.iter().any(|mark| it.join(mark).exists());
    let file = targets.iter().find_map(|it| match &it.origin {
        Origin::File(path) => Some(targets::absolute(path)),
        Origin::Stdin => None,
    });
    let Some(file) = file else { return here };
    let is_below = file.starts_with(&here);
    if is_below && is_project(&here) {
        return here;
    }
    let above = || file.ancestors().skip(1).take_while(|it| !is_below || *it != here);
    let project = above().find(|it| is_project(it));
    let above_package = || above().find(|it| !is_below && !it.join("__init__.py").is_file());
    project.or_else(above_package).map_or(here.clone(), Path::to_owned)
}

/// The repository that the working folder is in; the working folder, if it is in none.
pub(crate) fn repository() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    here.ancestors().find(|it| it.join(".git").exists()).map_or(here.clone(), Path::to_owned)
}

/// The files of a folder as the walk rules have them, and what could not be read.
pub(crate) fn files_of(session: &Session, folder: &Path) -> Vec<PathBuf> {
    let wanted = |extension: &str| session.wanted(extension);
    let (files, unreadable) = session.rules.files(folder, &wanted);
    for it in unreadable {
        session.warn(&targets::unreadable(&it.path, &it.error).to_string());
    }
    files.into_iter().map(|it| targets::absolute(&it)).collect()
}

impl World {
    /// Opens the files of a folder as a project, with both graphs.
    ///
    /// # Errors
    /// A project that another thread took away, which nobody does.
    pub(crate) fn open(
        session: &Session,
        folder: &Path,
        paths: Vec<PathBuf>,
        system: &Arc<dyn FileSystem>,
    ) -> Result<Self, Failure> {
        let mut out = Self::open_beside(session, folder, paths, system, None)?;
        out.link()?;
        Ok(out)
    }

    /// The same without the graphs; what another project has found out about equal files is taken from there.
    ///
    /// # Errors
    /// A project that another thread took away, which nobody does.
    pub(crate) fn open_beside(
        session: &Session,
        folder: &Path,
        paths: Vec<PathBuf>,
        system: &Arc<dyn FileSystem>,
        other: Option<&Self>,
    ) -> Result<Self, Failure> {
        let mut workspace = project::builder(session).build();
        let here = std::env::current_dir().unwrap_or_default();
        let mut spec = project::root(session, &here, folder.to_owned(), paths);
        spec.files = Arc::clone(system);
        spec.is_frozen = true;
        // A folder elsewhere is where its own modules are looked for first.
        if folder != here && !spec.environment.roots.iter().any(|it| it == folder) {
            if here.starts_with(folder) {
                // The working folder is one of the project's own, and no place to import from.
                spec.environment.roots.retain(|it| *it != here);
            }
            let src = Some(folder.join("src")).filter(|it| it.is_dir());
            let own = src.into_iter().chain([folder.to_owned()]);
            spec.environment.roots.splice(0..0, own);
        }
        let root = workspace.add_root(spec, &NoProgress);
        let snapshot = workspace.snapshot();
        let gone = |_: Cancelled| Failure::new("the project changed while it was looked at");
        let graph = snapshot.graph(root, &NoProgress).map_err(gone)?;
        let files = load(session, &snapshot, (root, &graph), system, other).map_err(gone)?;
        let by_path = files.iter().zip(0..).map(|(it, at)| (it.path.clone(), at)).collect();
        Ok(Self {
            snapshot,
            root,
            graph,
            files,
            by_path,
            narrow: Graph::default(),
            wide: Graph::default(),
            workspace,
        })
    }

    /// Makes both graphs: needed to search, not to compare.
    ///
    /// # Errors
    /// A project that another thread took away, which nobody does.
    pub(crate) fn link(&mut self) -> Result<(), Failure> {
        let gone = |_: Cancelled| Failure::new("the project changed while it was looked at");
        (self.narrow, self.wide) = link::link(self).map_err(gone)?;
        Ok(())
    }

    /// Which of the files a path is.
    pub(crate) fn file_at(&self, path: &Path) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// The file and item of a node; none for one that stands for something else.
    pub(crate) fn item(&self, node: u32) -> Option<(&WorldFile, &WorldItem)> {
        let at = self.files.partition_point(|it| it.first <= node).checked_sub(1)?;
        let file = &self.files[at];
        Some((file, file.items.get((node - file.first) as usize)?))
    }

    /// The node that stands for importing a file.
    pub(crate) fn import_node(&self, file: u32) -> u32 {
        self.graph.graph().len() + file
    }

    /// The file that a node stands for importing.
    pub(crate) fn imported(&self, node: u32) -> Option<&WorldFile> {
        self.files.get(node.checked_sub(self.graph.graph().len())? as usize)
    }

    /// The nodes of a target: a definition with what is in it, a variable, or all of a file.
    pub(crate) fn nodes(&self, file: u32, qualname: Option<&str>) -> Vec<u32> {
        let it = &self.files[file as usize];
        let Some(name) = qualname.map(|it| it.strip_suffix("#1").unwrap_or(it)) else {
            let all = it.items.iter().zip(it.first..).filter(|it| it.0.kind != ItemKind::Module);
            return all.map(|it| it.1).chain([self.import_node(file)]).collect();
        };
        if name == "<module>" {
            return vec![self.import_node(file)];
        }
        let is_in =
            |it: &str| it.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        it.items.iter().zip(it.first..).filter(|it| is_in(&it.0.qualname)).map(|it| it.1).collect()
    }

    /// The node of one definition, without what is in it.
    pub(crate) fn exactly(&self, file: u32, qualname: &str) -> Vec<u32> {
        let it = &self.files[file as usize];
        it.items.iter().zip(it.first..).filter(|it| it.0.qualname == qualname).map(|it| it.1).collect()
    }

    /// All nodes that have names.
    pub(crate) fn targets(&self) -> impl Iterator<Item = u32> {
        0..self.import_node(u32::try_from(self.files.len()).unwrap_or(0))
    }

    /// What a node is called: `path::qualname`.
    pub(crate) fn target(&self, node: u32) -> Option<String> {
        match self.item(node) {
            Some((file, item)) => Some(format!("{}::{}", file.shown, item.qualname)),
            None => self.imported(node).map(|it| format!("{}::<module>", it.shown)),
        }
    }

    /// What a node needs at once, in the narrow graph.
    pub(crate) fn needs(&self, node: u32) -> &[u32] {
        self.narrow.targets(node)
    }

    /// The word for what a node is.
    pub(crate) fn kind(&self, node: u32) -> &'static str {
        let Some((file, item)) = self.item(node) else { return "module" };
        let is_method = |it: u32| file.items.get(it as usize).is_some_and(|it| it.kind == ItemKind::Class);
        match item.kind {
            _ if self.is_test(node) => "test",
            ItemKind::Function | ItemKind::AsyncFunction if item.parent.is_some_and(is_method) => "method",
            ItemKind::Function | ItemKind::AsyncFunction => "function",
            it @ (ItemKind::Module | ItemKind::Class | ItemKind::Lambda | ItemKind::Variable) => it.as_str(),
        }
    }

    /// Keeps what was found out for other runs.
    pub(crate) fn save(self) {
        let Self { workspace, snapshot, .. } = self;
        drop(snapshot);
        workspace.save();
    }
}

/// Reads all files once more, for what the engine does not keep of them.
fn load(
    session: &Session,
    snapshot: &Snapshot,
    (root, graph): (RootId, &DefinitionGraph),
    system: &Arc<dyn FileSystem>,
    other: Option<&World>,
) -> Result<Vec<WorldFile>, Cancelled> {
    let ids = snapshot.files(root);
    let paths: Vec<PathBuf> = ids.iter().map(|it| snapshot.path(*it).to_path_buf()).collect();
    let known = |id: FileId, path: &Path| {
        let other = other?;
        let file = &other.files[other.file_at(path)? as usize];
        let is_same = other.snapshot.content(file.id) == snapshot.content(id);
        is_same.then(|| Arc::clone(&file.accesses))
    };
    let known: Vec<_> = ids.iter().zip(&paths).map(|(id, path)| known(*id, path)).collect();
    let todo: Vec<_> = paths.iter().zip(known).collect();
    let read = |(path, known): &(&PathBuf, Option<Arc<FileAccesses>>)| {
        if let Some(known) = known {
            return Some(Arc::clone(known));
        }
        let shown = shown(path);
        let bytes = system.read(path).ok()?;
        let file = session.lower(&shown, &bytes).ok()?;
        Some(Arc::new(accesses(&file.lowered.tree)))
    };
    let mut all = Vec::with_capacity(paths.len());
    let done: Result<(), std::convert::Infallible> =
        parallel::in_order(session.settings.jobs, &todo, read, |it| {
            all.push(it.unwrap_or_default());
            Ok(())
        });
    let Ok(()) = done;
    drop(todo);
    let mut out = Vec::with_capacity(paths.len());
    for ((id, path), accesses) in ids.into_iter().zip(paths).zip(all) {
        let first = graph.node(id, 0).unwrap_or_else(|| graph.graph().len());
        let items = match snapshot.summary(id)? {
            Ok(summary) => items(summary),
            Err(error) => {
                session.warn(&format!("`{}` is left out: {error}", shown(&path)));
                Vec::new()
            }
        };
        out.push(WorldFile { id, shown: shown(&path), path, first, items, accesses });
    }
    Ok(out)
}

/// A path as it is shown: below the working folder, if it is there.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    targets::show(path.strip_prefix(&here).unwrap_or(path))
}

fn items(summary: &FileSummary) -> Vec<WorldItem> {
    let mut definitions = vec![None; summary.bodies.len() as usize];
    for (at, item) in summary.bodies.source_order().enumerate() {
        if let Some(it) = definitions.get_mut(item as usize) {
            *it = Some(at);
        }
    }
    let item = |at: u32| {
        let it = summary.bodies.item(&summary.interface, at)?;
        Some(WorldItem {
            kind: it.kind,
            name: it.name.to_owned(),
            parent: it.parent,
            qualname: summary.qualname(at),
            definition: definitions[at as usize],
        })
    };
    (0..summary.bodies.len()).filter_map(item).collect()
}
