//! The modules that a run can look at besides its targets: found as Python would, read when they are asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use astkit::PythonVersion;
use astkit_analysis::project::Project;
use astkit_analysis::{Environment as Facts, Interface, def_use, interface, scopes};
use astkit_engine::modules::{
    Environment, FileListings, FoundModule, Interpreter, ModuleKind, ModuleName, SearchPath, find,
    search_path,
};
use astkit_system::{OsFiles, describe_interpreter};

use crate::failure::Failure;
use crate::session::{File, Session};
use crate::targets::absolute;

/// Modules by name.
pub(crate) struct Library<'a> {
    session: &'a Session,
    facts: Facts,
    scopes: scopes::Options,
    environment: Environment,
    search: SearchPath,
    listings: FileListings<'static>,
    interfaces: Mutex<HashMap<String, Option<Arc<Interface>>>>,
    found: Mutex<HashMap<String, Option<FoundModule>>>,
}

static FILES: OsFiles = OsFiles;

impl<'a> Library<'a> {
    /// The modules that the roots have, and those of `--python`.
    ///
    /// # Errors
    /// A Python that can't be asked.
    pub(crate) fn new(session: &'a Session, facts: Facts, scopes: scopes::Options) -> Result<Self, Failure> {
        let interpreter = match &session.settings.python {
            Some(python) => describe_interpreter(python)
                .map_err(|error| Failure::new(format!("could not ask `{}`: {error}", python.display())))?,
            None => Interpreter::default(),
        };
        let environment = Environment {
            roots: session.roots.folders().iter().map(|it| absolute(it)).collect(),
            stub_path: Vec::new(),
            interpreter,
        };
        let mut facts = facts;
        if session.settings.python.is_some() {
            // The interpreter that was named says where the code will run, as far as nothing else does.
            let interpreter = &environment.interpreter;
            let version = interpreter.version;
            facts.python.get_or_insert((version.major, version.minor));
            let platform = interpreter.platform.clone();
            let os_name = if platform.starts_with("win") { "nt" } else { "posix" };
            facts.os_name.get_or_insert_with(|| os_name.to_owned());
            facts.platform.get_or_insert(platform);
        }
        let listings = FileListings::new(&FILES);
        let search = search_path(&environment, &listings);
        let (interfaces, found) = (Mutex::default(), Mutex::default());
        Ok(Self { session, facts, scopes, environment, search, listings, interfaces, found })
    }

    /// What Python would import under an absolute name.
    pub(crate) fn find(&self, module: &str) -> Option<FoundModule> {
        // `os` puts it under this name itself.
        let module = match module {
            "os.path" if self.environment.interpreter.platform.starts_with("win") => "ntpath",
            "os.path" => "posixpath",
            it => it,
        };
        let known = self.found.lock().unwrap_or_else(PoisonError::into_inner).get(module).cloned();
        if let Some(known) = known {
            return known;
        }
        let name = ModuleName::new(module);
        let found = name.and_then(|it| find(&it, &self.search, &self.environment, &self.listings).ok());
        self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(module.to_owned(), found.clone());
        found
    }

    /// The interface of a file.
    pub(crate) fn interface_of(&self, file: &File, is_package: bool) -> Interface {
        let tree = &file.lowered.tree;
        let scopes = scopes::scopes(tree, &self.scopes);
        let chains = def_use(tree, &scopes);
        interface(tree, &scopes, &chains, is_package, &self.scopes, &self.facts)
    }

    /// The modules that a module's own code imports when it runs, functions left out; with the packages around them
    /// and names that may be submodules.
    pub(crate) fn imports_when_run(&self, module: &str) -> Vec<String> {
        let mut out = Vec::new();
        let Some(found) = self.find(module).filter(|it| it.kind == ModuleKind::Source) else { return out };
        let Some(bytes) = found.path.as_ref().and_then(|it| std::fs::read(it).ok()) else { return out };
        let Ok(file) = self.session.lower(module, &bytes) else { return out };
        let scopes = scopes::scopes(&file.lowered.tree, &self.scopes);
        for import in astkit_analysis::imports(&file.lowered.tree, &scopes) {
            let Some(name) = import.absolute_name(module, found.is_package) else { continue };
            if scopes.scope(import.scope).kind.is_function_like() {
                continue;
            }
            for submodule in import.from.iter().flatten().filter(|it| &***it != "*") {
                out.push(format!("{name}.{submodule}"));
            }
            let ends = name.match_indices('.').map(|it| it.0).collect::<Vec<_>>();
            out.extend(ends.into_iter().map(|it| name[..it].to_owned()));
            out.push(name);
        }
        out
    }

    fn read(&self, module: &str) -> Option<Arc<Interface>> {
        let found = self.find(module)?;
        if !matches!(found.kind, ModuleKind::Source | ModuleKind::Frozen) {
            return None;
        }
        let path = found.path?;
        let bytes = std::fs::read(&path).ok()?;
        let file = self.session.lower(&path.to_string_lossy(), &bytes).ok()?;
        Some(Arc::new(self.interface_of(&file, found.is_package)))
    }
}

impl Project for Library<'_> {
    fn interface(&self, module: &str) -> Option<Arc<Interface>> {
        let known = self.interfaces.lock().unwrap_or_else(PoisonError::into_inner).get(module).cloned();
        if let Some(known) = known {
            return known;
        }
        let read = self.read(module);
        self.interfaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(module.to_owned(), read.clone());
        read
    }

    fn is_module(&self, module: &str) -> bool {
        self.find(module).is_some()
    }

    /// With an interpreter, what is not found is not there.
    fn lacks(&self, module: &str) -> bool {
        self.session.settings.python.is_some() && self.find(module).is_none()
    }

    fn python(&self) -> Option<(u8, u8)> {
        self.facts.python
    }
}

/// The version whose rules analyses follow: what was asked for, else 3.11, in which comprehensions are scopes.
pub(crate) fn scope_options(session: &Session) -> (scopes::Options, Option<PythonVersion>) {
    let python = session.settings.options.python;
    if session.settings.is_default("python-version") {
        return (scopes::Options::default(), None);
    }
    (scopes::Options { python }, Some(python))
}
