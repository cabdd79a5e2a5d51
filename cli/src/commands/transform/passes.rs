//! The transformations that the command line has, with their parameters.

use std::collections::BTreeMap;

use astkit::{PythonVersion, SourceText};
use astkit_analysis::Environment;
use astkit_analysis::project::wildcards;
use astkit_analysis::scopes::{Options, scopes};
use astkit_transform::{
    Edits, Left, Surroundings, expand_wildcards, fold_constants, remove_dead_code, rename_locals,
    strip_docstrings, strip_hints, undataclass,
};

use super::cycles::Cycles;
use crate::failure::Failure;
use crate::library::Library;
use crate::session::{File, Session};

/// A transformation. What they do, the engine's passes of the same names say.
pub(super) struct Pass {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [&'static str],
    pub(super) run: fn(&Context<'_>) -> (Edits, Vec<Left>),
}

/// What a transformation works on.
pub(super) struct Context<'a> {
    pub(super) session: &'a Session,
    pub(super) file: &'a File,
    pub(super) module: &'a str,
    pub(super) is_package: bool,
    pub(super) options: &'a Options,
    pub(super) environment: Environment,
    pub(super) library: &'a Library<'a>,
}

const FACTS: &[&str] = &["python-version", "platform", "os-name", "implementation", "type-checking", "debug"];

pub(super) const PASSES: &[Pass] = &[
    Pass {
        name: "dead-code",
        parameters: FACTS,
        run: |it| {
            let tree = &it.file.lowered.tree;
            (remove_dead_code(tree, &scopes(tree, it.options), &it.environment), Vec::new())
        },
    },
    Pass { name: "expand-wildcards", parameters: &[], run: expand },
    Pass {
        name: "fold-constants",
        parameters: &[],
        run: |it| (fold_constants(&it.file.lowered.tree), Vec::new()),
    },
    Pass {
        name: "rename-locals",
        parameters: &[],
        run: |it| {
            let tree = &it.file.lowered.tree;
            (rename_locals(tree, &scopes(tree, it.options)), Vec::new())
        },
    },
    Pass {
        name: "strip-docstrings",
        parameters: &[],
        run: |it| {
            let tree = &it.file.lowered.tree;
            (strip_docstrings(tree, &scopes(tree, it.options)), Vec::new())
        },
    },
    Pass {
        name: "strip-hints",
        parameters: &[],
        run: |it| {
            let tree = &it.file.lowered.tree;
            (strip_hints(tree, &scopes(tree, it.options)), Vec::new())
        },
    },
    Pass {
        name: "undataclass",
        parameters: &["python-version"],
        run: |it| {
            let tree = &it.file.lowered.tree;
            let parse = |text: &str| {
                let file = it.session.lower_text("methods.py", &SourceText::from_text(text)).ok()?;
                (!file.lowered.is_partial()).then_some(file.lowered.tree)
            };
            let around = Surroundings { python: it.environment.python, parse: &parse };
            undataclass(tree, &scopes(tree, it.options), &around)
        },
    },
];

fn expand(it: &Context<'_>) -> (Edits, Vec<Left>) {
    let interface = it.library.interface_of(it.file, it.is_package);
    let cycles = Cycles::new(it.library);
    let mut found = wildcards(it.library, it.module, &interface);
    for wildcard in &mut found {
        let Some(target) = &wildcard.target else { continue };
        if cycles.may_be_half_done(it.module, target) {
            wildcard
                .names
                .opaque
                .push(format!("`{target}` imports this module: it may not have all its names yet"));
        }
    }
    let (edits, opaque) = expand_wildcards(&it.file.lowered.tree, &found);
    (edits, opaque)
}

impl Pass {
    /// The transformation of a name.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn named(name: &str) -> Result<&'static Self, Failure> {
        PASSES.iter().find(|it| it.name == name).ok_or_else(|| {
            let names: Vec<&str> = PASSES.iter().map(|it| it.name).collect();
            Failure::new(format!("no transformation `{name}`"))
                .hint(format!("there are {}", names.join(", ")))
        })
    }

    /// Checks parameters, and reads the environment that they describe.
    ///
    /// # Errors
    /// A parameter that is none of this transformation's, or a value that means nothing.
    pub(super) fn environment(
        &self,
        parameters: &BTreeMap<String, String>,
        python: Option<PythonVersion>,
    ) -> Result<Environment, Failure> {
        if let Some(key) = parameters.keys().find(|it| !self.parameters.contains(&it.as_str())) {
            let hint = match self.parameters {
                [] => "it has none".to_owned(),
                names => format!("it has {}", names.join(", ")),
            };
            let message = format!("transformation `{}` has no parameter `{key}`", self.name);
            return Err(Failure::new(message).hint(hint));
        }
        let text = |key: &str| parameters.get(key).cloned();
        let flag = |key: &str| match parameters.get(key).map(String::as_str) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(it) => Err(Failure::new(format!("`{key}` is `true` or `false`, not `{it}`"))),
        };
        let python = match parameters.get("python-version") {
            None => python,
            Some(it) => Some(PythonVersion::parse(it).ok_or_else(|| {
                Failure::new(format!("`{it}` is no version of Python")).hint("write it as X.Y")
            })?),
        };
        Ok(Environment {
            python: python.map(|it| (it.major, it.minor)),
            platform: text("platform"),
            os_name: text("os-name"),
            implementation: text("implementation"),
            type_checking: flag("type-checking")?,
            debug: Some(flag("debug")?.unwrap_or(true)),
        })
    }
}
