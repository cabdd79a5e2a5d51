//! Inputs as a project that passes can be asked about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use astkit::passes::{Conditions, PassEvent, View};
use astkit_engine::modules::{Environment, Interpreter};
use astkit_engine::{Changes, NoProgress, RootId, RootSpec, Snapshot};
use astkit_system::{OsFiles, describe_interpreter};

use super::path;
use crate::failure::Failure;
use crate::library;
use crate::project;
use crate::session::Session;
use crate::targets::{Input, Origin, absolute};

/// What verify mode found: claims of passes that are not true, in words.
#[derive(Clone, Default)]
pub(in crate::commands) struct Findings(Arc<Mutex<BTreeSet<String>>>);

impl Findings {
    /// What was found, in order.
    pub(in crate::commands) fn list(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn listener(&self) -> impl Fn(&PassEvent) + Send + Sync + 'static {
        let all = Arc::clone(&self.0);
        #[expect(clippy::wildcard_enum_match_arm, reason = "all other events are no findings")]
        move |event: &PassEvent| {
            let text = match event {
                PassEvent::NotPreserved { pass, transformation, .. } => {
                    format!("results of `{pass}` are said to survive `{transformation}`, and do not")
                }
                PassEvent::Impure { pass, .. } => {
                    format!("`{pass}` gives two results for one state: it has a state of its own")
                }
                _ => return,
            };
            all.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
        }
    }
}

/// A project as it was when it was opened.
pub(in crate::commands) struct Opened {
    pub(in crate::commands) snapshot: Snapshot,
    root: RootId,
}

/// The Python whose modules are found.
pub(in crate::commands) fn interpreter(session: &Session) -> Result<Interpreter, Failure> {
    let version = session.settings.options.python;
    match &session.settings.python {
        Some(python) => {
            let described = describe_interpreter(python);
            let found = described
                .map_err(|error| Failure::new(format!("could not ask `{}`: {error}", python.display())))?;
            // Texts are read as the settings say.
            Ok(Interpreter { version, ..found })
        }
        None => Ok(Interpreter { version, ..Interpreter::default() }),
    }
}

/// What an interpreter that was named says of where the code will run.
fn conditions(session: &Session, interpreter: &Interpreter) -> Result<Conditions, Failure> {
    let Some(python) = &session.settings.python else { return Ok(Conditions::default()) };
    let version = describe_interpreter(python)
        .map_err(|error| Failure::new(format!("could not ask `{}`: {error}", python.display())))?
        .version;
    let os_name = if interpreter.platform.starts_with("win") { "nt" } else { "posix" };
    let version = format!("{}.{}", version.major, version.minor);
    let flags = [("os-name", os_name), ("interpreter", version.as_str())];
    Ok(Conditions {
        platform: Some(interpreter.platform.as_str().into()),
        flags: flags.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        ..Conditions::default()
    })
}

impl Opened {
    /// Looks at some inputs; with `findings`, in verify mode.
    pub(in crate::commands) fn new(
        session: &Session,
        inputs: &[Input],
        findings: Option<&Findings>,
    ) -> Result<Self, Failure> {
        let interpreter = interpreter(session)?;
        let stdin = inputs.iter().find(|it| it.origin == Origin::Stdin);
        let spec = RootSpec {
            files: Arc::new(OsFiles),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            environment: Environment {
                roots: session.roots.folders().iter().map(|it| absolute(it)).collect(),
                stub_path: Vec::new(),
                interpreter: interpreter.clone(),
            },
            paths: inputs.iter().map(path).collect(),
            is_frozen: stdin.is_none(),
            verify: true,
        };
        let started = Instant::now();
        let builder = project::builder(session).clock(move || started.elapsed());
        let builder = if findings.is_some() { builder.verify_passes() } else { builder };
        let mut workspace = builder.build();
        if let Some(findings) = findings {
            workspace.listen(findings.listener());
        }
        if let Some(times) = session.timings.passes() {
            workspace.listen(times.listener());
        }
        let survey = workspace.survey_contents(spec, &NoProgress);
        let root = workspace.add_surveyed(survey);
        if let Some(stdin) = stdin
            && let Ok(text) = session.read(stdin)
        {
            let mut changes = Changes::new();
            changes.open(root, path(stdin), text);
            workspace.apply(&changes, &NoProgress);
        }
        let name = |it: &Input| {
            let file = match &it.origin {
                Origin::File(path) => path.as_path(),
                Origin::Stdin => Path::new(&it.shown),
            };
            Some((path(it), session.roots.module(file)?.into()))
        };
        let names = inputs.iter().filter_map(name).collect();
        workspace.set_conditions(Conditions {
            python: library::scope_options(session).1,
            names,
            ..conditions(session, &interpreter)?
        });
        Ok(Self { snapshot: workspace.snapshot(), root })
    }

    /// Another handle of it.
    pub(in crate::commands) fn another(&self) -> Self {
        Self { snapshot: self.snapshot.clone(), root: self.root }
    }

    /// The module of a path.
    pub(in crate::commands) fn view(&self, path: &Path) -> View {
        self.snapshot.view(self.snapshot.file(self.root, path))
    }
}
