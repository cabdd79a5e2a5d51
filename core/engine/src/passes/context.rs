//! What a pass sees.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_ast::{NodeId, PythonVersion, Tree};
use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Reach};
use super::definitions;
use super::erased::Erased;
use super::error::PassError;
use super::pipeline::Pipeline;
use super::run;
use super::target::{CodeNode, Def, On, Project, View};
use super::trees::{self, DefTree, Source};
use crate::db::Db;
use crate::inputs::{File, Root};
use crate::modules::{ModuleName, Resolution};
use crate::queries::modules as names;
use crate::snapshot::FileId;

/// What is known of where the code will run. Passes read it through [`Cx::env`], and run again if what they read
/// becomes something else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conditions {
    /// The Python.
    pub python: Option<PythonVersion>,
    /// `sys.platform`.
    pub platform: Option<Arc<str>>,
    /// Anything else, by name.
    pub flags: BTreeMap<Arc<str>, Arc<str>>,
    /// The names under which files are imported, where these are known better than the search path tells.
    pub names: BTreeMap<PathBuf, Arc<str>>,
}

#[salsa::input]
pub(crate) struct Situation {
    #[returns(copy)]
    python: Option<PythonVersion>,
    platform: Option<Arc<str>>,
    flags: BTreeMap<Arc<str>, Arc<str>>,
    names: BTreeMap<PathBuf, Arc<str>>,
}

impl Situation {
    pub(crate) fn unknown(db: &dyn Db) -> Self {
        Self::new(db, None, None, BTreeMap::new(), BTreeMap::new())
    }

    /// Sets what differs; tells whether anything did.
    pub(crate) fn set(self, db: &mut dyn Db, conditions: Conditions) -> bool {
        use salsa::Setter as _;
        let Conditions { python, platform, flags, names } = conditions;
        let mut is_changed = false;
        if self.python(db) != python {
            self.set_python(db).to(python);
            is_changed = true;
        }
        if *self.platform(db) != platform {
            self.set_platform(db).to(platform);
            is_changed = true;
        }
        if *self.flags(db) != flags {
            self.set_flags(db).to(flags);
            is_changed = true;
        }
        if *self.names(db) != names {
            self.set_names(db).to(names);
            is_changed = true;
        }
        is_changed
    }
}

#[salsa::interned(revisions = usize::MAX)]
struct FlagName<'db> {
    text: Arc<str>,
}

#[salsa::tracked(returns(ref))]
fn flag<'db>(db: &'db dyn Db, situation: Situation, name: FlagName<'db>) -> Option<Arc<str>> {
    situation.flags(db).get(name.text(db)).cloned()
}

/// What a file is called, if somebody said.
#[salsa::tracked(returns(ref))]
fn given_name(db: &dyn Db, situation: Situation, file: File) -> Option<Arc<str>> {
    situation.names(db).get(&**file.path(db)).cloned()
}

/// A root's files by the names that somebody gave them.
#[salsa::tracked(returns(ref))]
fn given_names(db: &dyn Db, situation: Situation, root: Root) -> BTreeMap<Arc<str>, Vec<File>> {
    let mut out: BTreeMap<_, Vec<File>> = BTreeMap::new();
    for file in root.files(db).iter() {
        if let Some(name) = given_name(db, situation, *file) {
            out.entry(Arc::clone(name)).or_default().push(*file);
        }
    }
    out
}

/// The folder that a file of this name is imported from.
fn imported_from<'a>(path: &'a Path, name: &str) -> Option<&'a Path> {
    let is_package = path.file_stem().is_some_and(|it| it == "__init__");
    path.ancestors().nth(name.split('.').count() + usize::from(is_package))
}

/// What is known of where the code will run.
#[derive(Clone, Copy)]
pub struct Env<'db> {
    db: &'db dyn Db,
    situation: Situation,
}

impl<'db> Env<'db> {
    /// The Python, if it is known.
    pub fn python(self) -> Option<PythonVersion> {
        self.situation.python(self.db)
    }

    /// `sys.platform`, if it is known.
    pub fn platform(self) -> Option<&'db str> {
        self.situation.platform(self.db).as_deref()
    }

    /// Anything else, by name.
    pub fn flag(self, name: &str) -> Option<&'db str> {
        flag(self.db, self.situation, FlagName::new(self.db, name)).as_deref()
    }

    /// Everything, as text: for keys.
    pub(crate) fn all(self) -> String {
        let it = self.situation;
        format!("{:?} {:?} {:?}", it.python(self.db), it.platform(self.db), it.flags(self.db))
    }

    /// The same, and what files are called.
    pub(crate) fn all_with_names(self) -> String {
        format!("{} {:?}", self.all(), self.situation.names(self.db))
    }
}

/// All that a pass can see. What it looks at is recorded.
pub struct Cx<'db> {
    db: &'db dyn Db,
    /// Who runs.
    pass: &'static str,
    reach: Reach,
    on: On,
    /// The files that may be looked at, for a pass whose results are kept between runs.
    closure: Option<&'db FxHashSet<File>>,
    /// An error that no pass may turn into something else.
    fatal: Cell<Option<PassError>>,
}

impl<'db> Cx<'db> {
    pub(crate) fn new(db: &'db dyn Db, pass: &'static str, reach: Reach, on: On) -> Self {
        Self { db, pass, reach, on, closure: None, fatal: Cell::new(None) }
    }

    pub(crate) fn within(mut self, closure: &'db FxHashSet<File>) -> Self {
        self.closure = Some(closure);
        self
    }

    /// The error that counts, whatever the pass returned.
    pub(crate) fn fatal(self) -> Option<PassError> {
        self.fatal.into_inner()
    }

    fn is_kept(&self) -> bool {
        self.closure.is_some()
    }

    /// Keeps errors in mind that would depend on who asked first, if a pass could catch them.
    fn note<T>(&self, result: Result<T, PassError>) -> Result<T, PassError> {
        if let Err(error @ (PassError::Cycle | PassError::NoFixPoint)) = &result {
            self.fatal.set(Some(error.clone()));
        }
        result
    }

    fn check_view(&self, view: View) -> Result<(), PassError> {
        let is_own = self.on.view().is_some_and(|it| it.file == view.file);
        if !is_own && self.reach == Reach::Intra {
            return Err(PassError::reach(format_args!(
                "`{}` may look at its own module only, and asked for another",
                self.pass
            )));
        }
        if !is_own && self.closure.is_some_and(|it| !it.contains(&view.file.0)) {
            return Err(PassError::reach(format_args!(
                "results of `{}` are kept, so it may only look at what its module imports",
                self.pass
            )));
        }
        Ok(())
    }

    fn check_inter(&self, what: &str) -> Result<(), PassError> {
        if self.reach == Reach::Inter {
            return Ok(());
        }
        Err(PassError::reach(format_args!(
            "`{}` may look at its own module only, and asked for {what}",
            self.pass
        )))
    }

    fn check_kept(&self, what: &str) -> Result<(), PassError> {
        if !self.is_kept() {
            return Ok(());
        }
        Err(PassError::reach(format_args!(
            "results of `{}` are kept, so it may not ask for {what}",
            self.pass
        )))
    }

    /// The result of an analysis on a target.
    ///
    /// # Errors
    /// Its error, or that it is out of reach.
    pub fn gather<A: Analysis>(
        &self,
        analysis: &A,
        on: impl Into<A::On>,
    ) -> Result<Arc<A::Output>, PassError> {
        let on: On = on.into().into();
        if Analysis::reach(analysis) == Reach::Inter {
            self.check_inter(Analysis::name(analysis))?;
        }
        match on.view() {
            Some(view) => self.check_view(view)?,
            None => self.check_inter("a whole project")?,
        }
        self.note(run::answer(self.db, &Erased(Arc::new(analysis.clone())), on))?.take()
    }

    /// The tree of a view.
    ///
    /// # Errors
    /// A module that is gone, can't be read or transformed, or is out of reach.
    pub fn tree(&self, view: View) -> Result<&'db Tree, PassError> {
        self.check_view(view)?;
        self.note(trees::view_tree(self.db, view))
    }

    /// The tree of a definition, without what is in nested ones.
    ///
    /// # Errors
    /// A definition that is gone or out of reach.
    pub fn code(&self, def: Def) -> Result<&'db DefTree, PassError> {
        self.check_view(def.view)?;
        self.note(trees::def_code(self.db, def))
    }

    /// The text and the positions of a module; of a view, as it is printed. A pass that asks for it runs after every edit of the file.
    ///
    /// # Errors
    /// A file that can't be read, or is out of reach.
    pub fn source(&self, view: View) -> Result<Arc<Source>, PassError> {
        self.check_view(view)?;
        self.check_kept("positions")?;
        self.note(super::views::source(self.db, view))
    }

    /// The tree of a text, read as the module of a view is.
    ///
    /// # Errors
    /// A module of which that can't be said.
    pub(crate) fn parse(&self, view: View, text: &str) -> Result<Tree, PassError> {
        self.check_view(view)?;
        self.note(super::views::parse(self.db, view, text))
    }

    /// Where a node of a definition's code stands in the file's tree, for [`source`](Self::source).
    ///
    /// # Errors
    /// A definition that is gone.
    pub fn in_file(&self, node: CodeNode) -> Result<NodeId, PassError> {
        self.check_view(node.def.view)?;
        self.check_kept("positions")?;
        definitions::in_file(self.db, node)
    }

    /// What is known of where the code will run.
    pub fn env(&self) -> Env<'db> {
        Env { db: self.db, situation: self.db.shared().situation() }
    }

    /// The module of a target; none for a project.
    pub fn module_of(&self, on: impl Into<On>) -> Option<View> {
        on.into().view()
    }

    /// All definitions of a view in source order, the module's own code first.
    ///
    /// # Errors
    /// A module that is gone or out of reach.
    pub fn definitions(&self, view: View) -> Result<Vec<Def>, PassError> {
        self.check_view(view)?;
        let all = self.note(definitions::definitions_of(self.db, view))?;
        Ok(all.list.iter().map(|it| Def { view, path: it.path }).collect())
    }

    /// The definition of a view with this path.
    ///
    /// # Errors
    /// A module that is gone or out of reach.
    pub fn definition(&self, view: View, path: &str) -> Result<Option<Def>, PassError> {
        self.check_view(view)?;
        let path = self.db.shared().passes.paths.number(path.into());
        let all = self.note(definitions::definitions_of(self.db, view))?;
        Ok(all.id(path).map(|_| Def { view, path }))
    }

    /// A definition's path: its qualified name, and what tells it from others of that name.
    pub fn path(&self, def: Def) -> Arc<str> {
        self.db.shared().passes.paths.value(def.path)
    }

    /// The definitions in a definition, in source order.
    ///
    /// # Errors
    /// A definition that is gone or out of reach.
    pub fn children(&self, def: Def) -> Result<Vec<Def>, PassError> {
        self.check_view(def.view)?;
        self.note(definitions::children(self.db, def))
    }

    /// The definition around a definition; none for a module's own code.
    ///
    /// # Errors
    /// A definition that is gone or out of reach.
    pub fn parent(&self, def: Def) -> Result<Option<Def>, PassError> {
        self.check_view(def.view)?;
        self.note(definitions::parent(self.db, def))
    }

    /// The nodes around a node, the innermost first, over the definitions around its own up to the module.
    ///
    /// # Errors
    /// A node that is gone or out of reach.
    pub fn parents(&self, node: CodeNode) -> Result<Vec<CodeNode>, PassError> {
        self.check_view(node.def.view)?;
        self.note(definitions::parents(self.db, node))
    }

    /// The innermost scope around a node: a module, class, function, lambda or comprehension.
    ///
    /// # Errors
    /// A node that is gone or out of reach.
    pub fn enclosing_scope(&self, node: CodeNode) -> Result<Option<CodeNode>, PassError> {
        self.check_view(node.def.view)?;
        self.note(definitions::enclosing_scope(self.db, node))
    }

    /// A view after some transformations more.
    pub fn through(&self, view: View, pipeline: &Pipeline) -> View {
        super::views::through(self.db, view, pipeline)
    }

    /// The name under which a module is imported.
    pub fn module_name(&self, view: View) -> Option<ModuleName> {
        module_name(self.db, view)
    }

    /// The path of a module's file.
    pub fn file_path(&self, view: View) -> &'db Path {
        view.file.0.path(self.db)
    }

    /// The same below the root's folder.
    pub(crate) fn shown_path(&self, view: View) -> String {
        let mount = self.db.shared().mount(view.file.0.root(self.db).id(self.db));
        let path = self.file_path(view);
        path.strip_prefix(&mount.folder).unwrap_or(path).display().to_string()
    }

    /// Whether a module is a package.
    pub fn is_package(&self, view: View) -> bool {
        self.file_path(view).file_stem().is_some_and(|it| it == "__init__")
    }

    /// What is imported under a name. That nothing is, is an answer that is looked at again when a file comes.
    ///
    /// # Errors
    /// A pass without that reach.
    pub fn resolve(&self, name: &ModuleName) -> Result<&'db Resolution, PassError> {
        self.check_inter("another module")?;
        Ok(match self.on.view() {
            Some(view) => names::resolve_from(self.db, view.file.0, name),
            None => names::resolve(self.db, self.root()?, name),
        })
    }

    /// The source of the module that is imported under a name; none if it has no text, or there is none.
    ///
    /// # Errors
    /// A pass without that reach.
    pub fn module(&self, name: &ModuleName) -> Result<Option<View>, PassError> {
        if let Some(view) = self.named(name)? {
            return Ok(Some(view));
        }
        let Ok(found) = self.resolve(name)? else { return Ok(None) };
        found.file().map(|it| self.file(it)).transpose()
    }

    /// The module that somebody gave this name to, in [`Conditions::names`]; of several the one that is imported from
    /// where the target's module is, else the first.
    pub(crate) fn named(&self, name: &ModuleName) -> Result<Option<View>, PassError> {
        self.check_inter("another module")?;
        let situation = self.db.shared().situation();
        let all = given_names(self.db, situation, self.root()?).get(name.as_str());
        let own = || {
            let file = self.on.view()?.file.0;
            imported_from(file.path(self.db), given_name(self.db, situation, file).as_deref()?)
        };
        let view = match all.map(Vec::as_slice) {
            None | Some([]) => None,
            Some([only]) => Some(*only),
            Some(several @ [first, ..]) => {
                let own = own();
                let is_near =
                    |it: &&File| own.is_some() && imported_from(it.path(self.db), name.as_str()) == own;
                Some(*several.iter().find(is_near).unwrap_or(first))
            }
        };
        let view = view.map(|it| View::source(FileId(it)));
        view.map(|it| self.check_view(it).map(|()| it)).transpose()
    }

    /// The source of a file of the same root.
    pub(crate) fn file(&self, path: &Path) -> Result<View, PassError> {
        let view = View::source(FileId(crate::db::file_at(self.db, self.root()?, path)));
        self.check_view(view)?;
        Ok(view)
    }

    /// The platform of the interpreter whose modules are found.
    pub(crate) fn platform_of_interpreter(&self) -> Result<&'db str, PassError> {
        Ok(&self.root()?.environment(self.db).interpreter.platform)
    }

    /// The project of the target.
    ///
    /// # Errors
    /// A pass without that reach.
    pub fn project(&self) -> Result<Project, PassError> {
        self.check_inter("a whole project")?;
        Ok(Project(self.root()?.id(self.db)))
    }

    /// The modules of the root's own files whose names are `prefix` or begin with it and a dot, by path; all, if it is
    /// empty.
    ///
    /// # Errors
    /// A pass without that reach.
    pub fn modules(&self, prefix: &str) -> Result<Vec<View>, PassError> {
        self.check_inter("a list of modules")?;
        self.check_kept("a list of modules")?;
        Ok(modules(self.db, self.root()?, prefix))
    }

    /// The same for a whole project.
    ///
    /// # Errors
    /// A pass without that reach.
    pub fn modules_of(&self, project: Project) -> Result<Vec<View>, PassError> {
        self.check_inter("a list of modules")?;
        self.check_kept("a list of modules")?;
        Ok(modules(self.db, self.db.shared().root(project.0), ""))
    }

    fn root(&self) -> Result<Root, PassError> {
        match self.on {
            On::Project(project) => Ok(self.db.shared().root(project.0)),
            On::Module(_) | On::Def(_) | On::Node(_) => {
                self.on.view().map(|it| it.file.0.root(self.db)).ok_or(PassError::WrongTarget)
            }
        }
    }
}

/// The name under which a module is imported.
pub(crate) fn module_name(db: &dyn Db, view: View) -> Option<ModuleName> {
    match given_name(db, db.shared().situation(), view.file.0) {
        Some(it) => ModuleName::new(it),
        None => names::module_name(db, view.file.0),
    }
}

pub(crate) fn modules(db: &dyn Db, root: Root, prefix: &str) -> Vec<View> {
    let views = root.files(db).iter().map(|it| View::source(FileId(*it)));
    let has_prefix = |view: &View| {
        let Some(name) = module_name(db, *view) else { return false };
        name.as_str().strip_prefix(prefix).is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    views.filter(|it| prefix.is_empty() || has_prefix(it)).collect()
}
