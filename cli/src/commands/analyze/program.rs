//! All targets of a run together, for passes that look at whole programs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use astkit_analysis::calls::{CallGraph, Code, Module, calls};
use astkit_analysis::purity::{Purity, purity};
use astkit_analysis::scopes::{Options, Scopes};
use astkit_analysis::{DefUse, def_use, qualnames, scopes};

use crate::session::{File, Session};
use crate::targets::{Input, Origin};

/// The modules of a run and who calls what in them.
pub(crate) struct Program {
    files: Vec<Known>,
    by_path: HashMap<PathBuf, u32>,
    pub(crate) graph: CallGraph,
    purity: OnceLock<Vec<Purity>>,
}

struct Known {
    name: String,
    is_package: bool,
    file: File,
    scopes: Scopes,
    chains: DefUse,
    names: Vec<String>,
}

impl Program {
    /// Reads all inputs that can be read.
    pub(crate) fn new(session: &Session, inputs: &[Input], options: &Options) -> Self {
        let mut out = Self {
            files: Vec::new(),
            by_path: HashMap::new(),
            graph: CallGraph::default(),
            purity: OnceLock::new(),
        };
        for input in inputs {
            // Standard input can be read once only, and what can't be read is told with its own line.
            let Origin::File(path) = &input.origin else { continue };
            let Ok(file) = session.load(input) else { continue };
            let at = u32::try_from(out.files.len()).unwrap_or(u32::MAX);
            out.by_path.insert(path.clone(), at);
            out.files.push(Known::new(session, path, file, options));
        }
        out.graph = calls(&out.modules());
        out
    }

    /// Which of the modules a path is.
    pub(crate) fn index(&self, path: &Path) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    fn modules(&self) -> Vec<Module<'_>> {
        self.files.iter().map(Known::module).collect()
    }

    /// The verdicts on all functions.
    pub(crate) fn purity(&self) -> &[Purity] {
        self.purity.get_or_init(|| purity(&self.modules(), &self.graph))
    }

    /// The qualified names of a module's scopes.
    pub(crate) fn names(&self, module: u32) -> &[String] {
        &self.files[module as usize].names
    }

    /// The full name of a piece of code.
    pub(crate) fn name(&self, code: Code) -> String {
        let known = &self.files[code.module as usize];
        format!("{}.{}", known.name, known.names[code.scope.0 as usize])
    }
}

impl Known {
    fn new(session: &Session, path: &Path, file: File, options: &Options) -> Self {
        let scopes = scopes::scopes(&file.lowered.tree, options);
        let chains = def_use(&file.lowered.tree, &scopes);
        Self {
            name: session.roots.module(path).unwrap_or_else(|| path.display().to_string()),
            is_package: path.file_stem().is_some_and(|it| it == "__init__"),
            names: qualnames(&scopes, options),
            file,
            scopes,
            chains,
        }
    }

    fn module(&self) -> Module<'_> {
        Module {
            name: &self.name,
            is_package: self.is_package,
            tree: &self.file.lowered.tree,
            scopes: &self.scopes,
            chains: &self.chains,
        }
    }
}
