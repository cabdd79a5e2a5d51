//! A small project, passes to ask it for, and a list of what ran.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use astkit_ast::python::{Kind, kind, view};
use astkit_engine::modules::{Environment, ModuleName};
use astkit_engine::passes::{Analysis, Cx, Def, On, PassError, PassEvent, Reach, View};
use astkit_engine::{Changes, MemoryFiles, NoProgress, RootId, RootSpec, Workspace, WorkspaceBuilder};
use astkit_python_ast::PythonAst;

/// A project in memory.
pub(crate) struct Scratch {
    pub(crate) files: Arc<MemoryFiles>,
    pub(crate) workspace: Workspace,
    pub(crate) root: RootId,
    events: Arc<Mutex<Vec<PassEvent>>>,
}

impl Scratch {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(&memory(files), |it| it)
    }

    pub(crate) fn with(
        files: &Arc<MemoryFiles>,
        options: impl FnOnce(WorkspaceBuilder) -> WorkspaceBuilder,
    ) -> Self {
        let builder = Workspace::builder().frontend(Arc::new(PythonAst));
        let mut workspace = options(builder.threads(NonZeroUsize::new(2).unwrap())).build();
        let events: Arc<Mutex<Vec<PassEvent>>> = Arc::default();
        let log = Arc::clone(&events);
        workspace.listen(move |event| log.lock().unwrap().push(event.clone()));
        let spec = RootSpec {
            files: Arc::clone(files) as _,
            folder: PathBuf::from("/p"),
            environment: environment(),
            paths: files.paths(),
            is_frozen: false,
            verify: false,
        };
        let root = workspace.add_root(spec, &NoProgress);
        let out = Self { files: Arc::clone(files), workspace, root, events };
        out.events();
        out
    }

    /// Writes a file and lets the workspace know.
    pub(crate) fn write(&mut self, path: &str, text: &str) {
        self.files.write(full(path), text);
        self.changed(&[path]);
    }

    pub(crate) fn remove(&mut self, path: &str) {
        self.files.remove(full(path));
        self.changed(&[path]);
    }

    pub(crate) fn changed(&mut self, paths: &[&str]) {
        let mut changes = Changes::new();
        for path in paths {
            changes.path(self.root, full(path));
        }
        self.workspace.apply(&changes, &NoProgress);
    }

    pub(crate) fn view(&self, path: &str) -> View {
        let snapshot = self.workspace.snapshot();
        snapshot.view(snapshot.file(self.root, full(path).as_ref()))
    }

    pub(crate) fn def(&self, path: &str, name: &str) -> Def {
        self.workspace.snapshot().definition(self.view(path), name).unwrap().unwrap()
    }

    /// Takes everything that happened.
    pub(crate) fn events(&self) -> Vec<PassEvent> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    /// Takes the passes that ran: names and targets.
    pub(crate) fn runs(&self) -> Vec<String> {
        let snapshot = self.workspace.snapshot();
        let shown = |pass: &str, on: On| {
            format!("{pass} {}", snapshot.describe(on).replace("/p/", "").replace("::<module>", ""))
        };
        let runs = self.events().into_iter().filter_map(|it| match it {
            PassEvent::RunningAnalysis { pass, on } | PassEvent::RunningTransform { pass, on } => {
                Some(shown(pass, on))
            }
            _ => None,
        });
        runs.collect()
    }
}

pub(crate) fn full(path: &str) -> String {
    format!("/p/{path}")
}

pub(crate) fn memory(files: &[(&str, &str)]) -> Arc<MemoryFiles> {
    Arc::new(MemoryFiles::new(files.iter().map(|(path, text)| (full(path), *text))))
}

pub(crate) fn environment() -> Environment {
    Environment { roots: vec!["/p".into(), "/p/lib".into()], ..Environment::default() }
}

pub(crate) fn name(text: &str) -> ModuleName {
    ModuleName::new(text).unwrap()
}

/// How often a definition calls a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Calls {
    pub(crate) of: &'static str,
    /// Whether nested definitions count.
    pub(crate) nested: bool,
}

pub(crate) const PRINTS: Calls = Calls { of: "print", nested: false };

impl Analysis for Calls {
    type On = Def;
    type Output = usize;
    const NAME: &'static str = "test.calls";

    fn run(&self, cx: &Cx<'_>, def: Def) -> Result<usize, PassError> {
        let calls = cx.code(def)?.nodes().filter_map(|it| view::Call::cast(it.1));
        let names = calls.filter_map(|it| view::Name::cast(it.func()));
        let mut out = names.filter(|it| it.id() == self.of).count();
        if self.nested {
            for inner in cx.children(def)? {
                out += *cx.gather(self, inner)?;
            }
        }
        Ok(out)
    }
}

/// How often each definition of a module calls `print`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Prints;

impl Analysis for Prints {
    type On = View;
    type Output = Vec<(Arc<str>, usize)>;
    const NAME: &'static str = "test.prints";

    fn run(&self, cx: &Cx<'_>, view: View) -> Result<Self::Output, PassError> {
        let all = cx.definitions(view)?;
        all.into_iter().map(|it| Ok((cx.path(it), *cx.gather(&PRINTS, it)?))).collect()
    }
}

/// The file that a name is found in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Finds(pub(crate) &'static str);

impl Analysis for Finds {
    type On = View;
    type Output = Option<PathBuf>;
    const NAME: &'static str = "test.finds";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, _: View) -> Result<Self::Output, PassError> {
        let found = cx.resolve(&name(self.0))?.as_ref().ok();
        Ok(found.and_then(|it| it.file()).map(std::path::Path::to_owned))
    }
}

/// How many nodes of a kind a module has, times a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Count {
    pub(crate) of: Kind,
    pub(crate) times: i64,
}

impl Analysis for Count {
    type On = View;
    type Output = i64;
    const NAME: &'static str = "test.count";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<i64, PassError> {
        let (mut out, mut stack) = (0, vec![cx.tree(on)?.root()]);
        while let Some(node) = stack.pop() {
            out += i64::from(kind(node) == self.of);
            stack.extend(node.children());
        }
        Ok(out * self.times)
    }
}
