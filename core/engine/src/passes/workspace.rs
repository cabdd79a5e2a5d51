//! Asking a workspace for results, and telling its listeners what changed.

use std::path::PathBuf;
use std::sync::Arc;

use astkit_ast::Tree;
use astkit_transform::Left;

use super::analysis::Analysis;
use super::context::{self, Conditions, Cx};
use super::definitions::definitions_of;
use super::erased::{Answer, Erased};
use super::error::PassError;
use super::events::{self, ListenerId, PassEvent};
use super::pipeline::Pipeline;
use super::registry::{NamedAnalysis, Report, Reporting};
use super::target::{CodeNode, Def, On, TargetKind, View};
use super::transformation::Transformation;
use super::trees::{self, DefTree, Source};
use super::{Reach, run, views};
use crate::inputs::{Root, RootId};
use crate::modules::ModuleName;
use crate::queries::modules::resolve;
use crate::snapshot::{FileId, Snapshot};
use crate::workspace::{FileChange, Workspace};

impl Workspace {
    /// Tells a listener what happens from now on. It may not ask for results.
    pub fn listen(&self, listener: impl Fn(&PassEvent) + Send + Sync + 'static) -> ListenerId {
        self.db.shared.listeners.add(Arc::new(listener))
    }

    /// Tells a listener nothing more; false if it is none.
    pub fn unlisten(&self, listener: ListenerId) -> bool {
        self.db.shared.listeners.remove(listener)
    }

    /// Says where the code will run. Passes that asked for what is different now run again.
    pub fn set_conditions(&mut self, conditions: Conditions) {
        let situation = self.db.shared.situation();
        if situation.set(&mut self.db, conditions) {
            self.revision += 1;
        }
    }

    /// The result of an analysis, as [`Snapshot::gather`].
    ///
    /// # Errors
    /// That of the analysis.
    pub fn gather<A: Analysis>(
        &self,
        analysis: &A,
        on: impl Into<A::On>,
    ) -> Result<Arc<A::Output>, PassError> {
        self.snapshot().gather(analysis, on)
    }

    /// A module after a transformation, as [`Snapshot::apply`].
    ///
    /// # Errors
    /// That of the transformation.
    pub fn apply_transformation<T: Transformation>(
        &self,
        transformation: &T,
        view: View,
    ) -> Result<(bool, View), PassError> {
        self.snapshot().apply(transformation, view)
    }

    pub(crate) fn tell(&self, files: &[(RootId, PathBuf, FileChange)]) {
        for (root, path, change) in files {
            self.db.shared.listeners.tell(|| {
                let (root, path) = (*root, path.clone());
                match change {
                    FileChange::Created => PassEvent::ModuleAdded { root, path },
                    FileChange::Changed => PassEvent::ModuleChanged { root, path },
                    FileChange::Removed => PassEvent::ModuleRemoved { root, path },
                }
            });
        }
    }

    pub(crate) fn tell_root(&self, root: Root) {
        let id = root.id(&self.db);
        for file in root.files(&self.db).iter() {
            let path = file.path(&self.db).to_path_buf();
            self.db.shared.listeners.tell(|| PassEvent::ModuleAdded { root: id, path });
        }
    }

    pub(crate) fn tell_frontend(&self, root: Root) {
        let root = root.id(&self.db);
        self.db.shared.listeners.tell(|| PassEvent::FrontendChanged { root });
    }
}

/// Asking for results.
impl Snapshot {
    /// The result of an analysis on a target. Runs what has to run, and nothing else.
    ///
    /// # Errors
    /// That of the analysis, or [`PassError::Cancelled`].
    pub fn gather<A: Analysis>(
        &self,
        analysis: &A,
        on: impl Into<A::On>,
    ) -> Result<Arc<A::Output>, PassError> {
        self.gather_erased(&Erased(Arc::new(analysis.clone())), on.into().into())?.take()
    }

    fn gather_erased(&self, pass: &Erased, on: On) -> Answer {
        if events::is_listening() {
            return Err(PassError::Listener);
        }
        let before = run::runs();
        let answer = self.ask(|| run::answer(self.db(), pass, on)).map_err(|_| PassError::Cancelled)?;
        if run::runs() == before {
            let pass = pass.0.name();
            self.db().shared().listeners.tell(|| PassEvent::AnalysisReused { pass, on });
        }
        answer
    }

    /// Works with the database, and tells cancellation as an error.
    fn asked<R>(&self, question: impl FnOnce() -> Result<R, PassError>) -> Result<R, PassError> {
        if events::is_listening() {
            return Err(PassError::Listener);
        }
        self.ask(question).map_err(|_| PassError::Cancelled)?
    }

    /// The source of a file.
    pub fn view(&self, file: FileId) -> View {
        View::source(file)
    }

    /// The source of the module of this name, as Python would find it; none if there is none, or it has no text.
    ///
    /// # Errors
    /// [`PassError::Cancelled`].
    pub fn module(&self, root: RootId, name: &ModuleName) -> Result<Option<View>, PassError> {
        self.asked(|| {
            let root = self.root(root);
            let Ok(found) = resolve(self.db(), root, name) else { return Ok(None) };
            let file = found.file().map(|it| crate::db::file_at(self.db(), root, it));
            Ok(file.map(|it| View::source(FileId(it))))
        })
    }

    /// The modules of a root's own files whose names are `prefix` or begin with it and a dot; all, if it is empty.
    ///
    /// # Errors
    /// [`PassError::Cancelled`].
    pub fn modules(&self, root: RootId, prefix: &str) -> Result<Vec<View>, PassError> {
        self.asked(|| Ok(context::modules(self.db(), self.root(root), prefix)))
    }

    /// What has this full name: a module, or a definition of one (`package.module.Class.method`).
    ///
    /// # Errors
    /// [`PassError::Cancelled`].
    pub fn find(&self, root: RootId, qualified_name: &str) -> Result<Option<On>, PassError> {
        let Some(name) = ModuleName::new(qualified_name) else { return Ok(None) };
        let mut prefixes: Vec<_> = name.prefixes().collect();
        prefixes.reverse();
        for prefix in prefixes {
            let Some(view) = self.module(root, &prefix)? else { continue };
            return match qualified_name[prefix.as_str().len()..].strip_prefix('.') {
                None => Ok(Some(On::Module(view))),
                Some(path) => Ok(self.definition(view, path)?.map(On::Def)),
            };
        }
        Ok(None)
    }

    /// All definitions of a view in source order, the module's own code first.
    ///
    /// # Errors
    /// A module that is gone, can't be read or transformed; [`PassError::Cancelled`].
    pub fn definitions(&self, view: View) -> Result<Vec<Def>, PassError> {
        self.asked(|| {
            let all = definitions_of(self.db(), view)?;
            Ok(all.list.iter().map(|it| Def { view, path: it.path }).collect())
        })
    }

    /// The definition of a view with this path.
    ///
    /// # Errors
    /// As [`definitions`](Self::definitions).
    pub fn definition(&self, view: View, path: &str) -> Result<Option<Def>, PassError> {
        let path = self.db().shared().passes.paths.number(path.into());
        self.asked(|| Ok(definitions_of(self.db(), view)?.id(path).map(|_| Def { view, path })))
    }

    /// The tree of a view.
    ///
    /// # Errors
    /// As [`definitions`](Self::definitions).
    pub fn tree(&self, view: View) -> Result<&Tree, PassError> {
        self.asked(|| trees::view_tree(self.db(), view))
    }

    /// The tree of a definition, without what is in nested ones.
    ///
    /// # Errors
    /// A definition that is gone; as [`definitions`](Self::definitions).
    pub fn code(&self, def: Def) -> Result<&DefTree, PassError> {
        self.asked(|| trees::def_code(self.db(), def))
    }

    /// The text of a view with tree and positions: of a transformed one, as it is printed.
    ///
    /// # Errors
    /// As [`definitions`](Self::definitions).
    pub fn source(&self, view: View) -> Result<Arc<Source>, PassError> {
        self.asked(|| views::source(self.db(), view))
    }

    /// A module after a transformation, and whether that changed anything. Results that were found before are still
    /// there, and hold for the view that they were found on.
    ///
    /// # Errors
    /// That of the transformation, or [`PassError::Cancelled`].
    pub fn apply<T: Transformation>(
        &self,
        transformation: &T,
        view: View,
    ) -> Result<(bool, View), PassError> {
        let after = self.through(view, &Pipeline::of(transformation.clone()))?;
        let before = self.asked(|| views::effective(self.db(), view))?;
        Ok((after != before, after))
    }

    /// A module after a pipeline, without the steps that change nothing.
    ///
    /// # Errors
    /// That of a transformation, or [`PassError::Cancelled`].
    pub fn through(&self, view: View, pipeline: &Pipeline) -> Result<View, PassError> {
        self.asked(|| views::effective(self.db(), views::through(self.db(), view, pipeline)))
    }

    /// What the transformations of a pipeline have to leave of a module, each with its name: told of the module as it
    /// is, whatever the steps before would make of it.
    ///
    /// # Errors
    /// That of a transformation, or [`PassError::Cancelled`].
    pub fn left(&self, view: View, pipeline: &Pipeline) -> Result<Vec<(&'static str, Left)>, PassError> {
        let tree = self.tree(view)?;
        let mut out = Vec::new();
        for by in pipeline.transformations() {
            if by.0.target() != TargetKind::Module {
                continue;
            }
            let on = On::Module(view);
            let cx = Cx::new(self.db(), by.name(), by.0.reach(), on);
            let left = self.asked(|| by.0.left(&cx, on, tree))?;
            out.extend(left.into_iter().map(|it| (by.name(), it)));
        }
        Ok(out)
    }

    /// A pipeline kept to a definition and what is in it. What it inserts elsewhere (imports) stays.
    #[must_use]
    pub fn within(&self, pipeline: &Pipeline, def: Def) -> Pipeline {
        pipeline.within(&self.db().shared().passes.paths.value(def.path))
    }

    /// The pipeline that a view is behind.
    pub fn pipeline(&self, view: View) -> Arc<Pipeline> {
        self.db().shared().passes.pipelines.value(view.pipeline)
    }

    /// A target in words: path and name.
    pub fn describe(&self, on: On) -> String {
        let module = |it: View| it.file.0.path(self.db()).display().to_string();
        let path = |it: Def| self.db().shared().passes.paths.value(it.path);
        match on {
            On::Project(it) => format!("root {}", it.0.0),
            On::Module(it) => module(it),
            On::Def(it) => format!("{}::{}", module(it.view), path(it)),
            On::Node(it) => format!("{}::{} node {}", module(it.def.view), path(it.def), it.index),
        }
    }

    /// The results of an analysis on a module, or on all that is in it, as they are printed. `show` writes paths.
    ///
    /// # Errors
    /// That of the analysis, or [`PassError::Cancelled`].
    pub fn report(
        &self,
        analysis: &NamedAnalysis,
        view: View,
        show: &dyn Fn(&std::path::Path) -> String,
    ) -> Result<Report, PassError> {
        let source = self.source(view)?;
        let one = |on: On| {
            let value = self.gather_erased(&analysis.pass, on)?;
            let cx = Cx::new(self.db(), "report", Reach::Inter, on);
            let with = Reporting { cx: &cx, on, text: &source.text, lowered: &source.lowered, show };
            self.asked(|| (analysis.print)(&value, &with))
        };
        match analysis.target {
            TargetKind::Module => one(On::Module(view)),
            TargetKind::Project => {
                let root = view.file.0.root(self.db()).id(self.db());
                one(On::Project(super::Project(root)))
            }
            TargetKind::Definition => {
                let mut out = ManyReports::default();
                for def in self.definitions(view)? {
                    let path = self.db().shared().passes.paths.value(def.path);
                    out.add(one(On::Def(def)), &[("qualname", (&*path).into())])?;
                }
                Ok(out.finish("definitions"))
            }
            TargetKind::Node => {
                let mut out = ManyReports::default();
                for def in self.definitions(view)? {
                    let path = self.db().shared().passes.paths.value(def.path);
                    let count = self.code(def)?.nodes().count();
                    for index in 0..u32::try_from(count).unwrap_or(u32::MAX) {
                        let place = [("qualname", (&*path).into()), ("node", index.into())];
                        out.add(one(On::Node(CodeNode { def, index })), &place)?;
                    }
                }
                Ok(out.finish("nodes"))
            }
        }
    }
}

/// Reports of several targets, each with what says which.
#[derive(Default)]
struct ManyReports {
    list: Vec<serde_json::Value>,
    unresolved: Vec<serde_json::Value>,
}

impl ManyReports {
    fn add(
        &mut self,
        report: Result<Report, PassError>,
        place: &[(&str, serde_json::Value)],
    ) -> Result<(), PassError> {
        let mut entry: serde_json::Map<_, _> =
            place.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect();
        match report {
            Err(PassError::Cancelled) => return Err(PassError::Cancelled),
            Err(error) => entry.insert("error".to_owned(), error.to_string().into()),
            Ok(mut report) => {
                self.unresolved.append(&mut report.unresolved);
                entry.insert("result".to_owned(), report.result)
            }
        };
        self.list.push(entry.into());
        Ok(())
    }

    fn finish(self, name: &str) -> Report {
        let result = serde_json::Value::Object([(name.to_owned(), self.list.into())].into_iter().collect());
        Report { result, unresolved: self.unresolved }
    }
}
