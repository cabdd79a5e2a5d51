//! Who calls whom, among the files that were named.

use std::collections::HashMap;
use std::path::Path;

use astkit_analysis::calls::{Callee, Code, Module, calls};
use astkit_analysis::project::roots;
use astkit_analysis::scopes::ScopeKind;
use astkit_analysis::{DefUse, Scopes, def_use, qualnames, scopes};

use super::imports::package_of;
use super::model::{Model, Node};
use crate::exit_status::ExitStatus;
use crate::library;
use crate::messages;
use crate::session::{File, Session};
use crate::targets::{Input, Origin};

struct Known {
    name: String,
    shown: String,
    is_package: bool,
    file: File,
    scopes: Scopes,
    chains: DefUse,
    names: Vec<String>,
}

impl Known {
    fn module(&self, root: u32) -> Module<'_> {
        Module {
            name: &self.name,
            root,
            is_package: self.is_package,
            tree: &self.file.lowered.tree,
            scopes: &self.scopes,
            chains: &self.chains,
        }
    }
}

/// Functions, lambdas, class bodies and modules as nodes, as far as they call or are called; calls as links.
pub(super) fn model(session: &Session, inputs: &[Input]) -> (Model, ExitStatus) {
    let (options, _) = library::scope_options(session);
    let mut status = ExitStatus::Success;
    let mut files = Vec::new();
    let load = |input: &Input| {
        let file = session.load(input)?;
        let scopes = scopes(&file.lowered.tree, &options);
        let chains = def_use(&file.lowered.tree, &scopes);
        let Origin::File(path) = &input.origin else {
            let name = input.shown.clone();
            let names = qualnames(&scopes, &options);
            return Ok(Known { shown: name.clone(), name, is_package: false, names, file, scopes, chains });
        };
        Ok(Known {
            name: session.roots.module(path).unwrap_or_else(|| input.shown.clone()),
            shown: input.shown.clone(),
            is_package: path.file_stem().is_some_and(|it| it == "__init__"),
            names: qualnames(&scopes, &options),
            file,
            scopes,
            chains,
        })
    };
    let done: Result<(), std::convert::Infallible> = session.each(inputs, load, |loaded| {
        match loaded {
            Ok(known) => {
                let report = session.report(&known.shown, &known.file);
                messages::print(&report.log);
                status = status.and(report.status);
                files.push(known);
            }
            Err(failure) => {
                status = status.and(ExitStatus::Error);
                messages::print(&session.messages.error(&failure));
            }
        }
        Ok(())
    });
    let Ok(()) = done;
    let numbers = roots(files.iter().map(|it| (Path::new(&it.shown), it.name.as_str())));
    let modules: Vec<Module<'_>> = files.iter().zip(numbers).map(|(it, root)| it.module(root)).collect();
    let graph = calls(&modules);
    let mut out = Model::new("calls");
    let mut places: HashMap<Code, usize> = HashMap::new();
    for edge in &graph.edges {
        let Callee::Code(callee) = &edge.callee else { continue };
        let from = place(&files, &mut out, &mut places, edge.caller);
        let to = place(&files, &mut out, &mut places, *callee);
        out.link(from, to, "call", 1);
    }
    let unresolved = graph.unresolved.len();
    if unresolved > 0 {
        let known =
            graph.edges.iter().map(|it| (it.caller, it.node)).collect::<std::collections::HashSet<_>>();
        out.notes.push(format!(
            "the callees of {unresolved} of {} calls are not known: `astkit analyze calls` lists them with reasons",
            unresolved + known.len()
        ));
    }
    out.sort();
    (out, status)
}

/// The place of a piece of code among the nodes.
fn place(files: &[Known], out: &mut Model, places: &mut HashMap<Code, usize>, code: Code) -> usize {
    *places.entry(code).or_insert_with(|| {
        let file = &files[code.module as usize];
        let qualname = file.names[code.scope.0 as usize].as_str();
        let is_module = code.scope.0 == 0;
        let kind = file.scopes.scope(code.scope).kind;
        let kind = if kind == ScopeKind::Module {
            "module"
        } else if kind == ScopeKind::Class {
            "class"
        } else {
            "function"
        };
        out.nodes.push(Node {
            id: if is_module { file.name.clone() } else { format!("{}.{qualname}", file.name) },
            kind,
            target: if is_module {
                format!("{}::<module>", file.shown)
            } else {
                format!("{}::{qualname}", file.shown)
            },
            package: package_of(&file.name, file.is_package),
        });
        out.nodes.len() - 1
    })
}
