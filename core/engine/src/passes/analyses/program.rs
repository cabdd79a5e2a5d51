//! Analyses of all modules together.

use std::sync::Arc;

use astkit_analysis::calls::{CallGraph, Callee, Code, Module, calls};
use astkit_analysis::project::roots;
use astkit_analysis::{Scopes as ScopeTable, purity, shapes};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::files::{DefUse, QualifiedNames, Scopes};
use super::places;
use crate::passes::registry::{Report, Reported, Reporting};
use crate::passes::{Analysis, Cx, PassError, Project, Reach, View};

/// Who calls what, over all modules of a project.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Program;

/// What is known of all modules of a project together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgramFacts {
    /// The modules that can be read: what [`Code::module`] counts.
    pub modules: Vec<View>,
    /// Their names.
    pub names: Vec<String>,
    /// The names of their scopes.
    pub scopes: Vec<Arc<Vec<String>>>,
    /// Who calls what.
    pub calls: CallGraph,
}

impl ProgramFacts {
    /// The full name of a piece of code.
    pub fn name(&self, code: Code) -> String {
        let module = code.module as usize;
        format!("{}.{}", self.names[module], self.scopes[module][code.scope.0 as usize])
    }
}

/// What is known of one module before all are looked at together.
struct Known {
    view: View,
    name: String,
    is_package: bool,
    scopes: Arc<ScopeTable>,
    chains: Arc<astkit_analysis::DefUse>,
    names: Arc<Vec<String>>,
}

/// The modules of a project that can be read.
fn known(cx: &Cx<'_>, project: Project) -> Result<Vec<Known>, PassError> {
    let mut out = Vec::new();
    for view in cx.modules_of(project)? {
        let is_there = |error: &PassError| !matches!(error, PassError::Gone | PassError::Unreadable(_));
        let scopes = match cx.gather(&Scopes, view) {
            Err(error) if !is_there(&error) => continue,
            it => it?,
        };
        let path = || cx.shown_path(view);
        out.push(Known {
            view,
            name: cx.module_name(view).map_or_else(path, |it| it.to_string()),
            is_package: cx.is_package(view),
            scopes,
            chains: cx.gather(&DefUse, view)?,
            names: cx.gather(&QualifiedNames, view)?,
        });
    }
    Ok(out)
}

fn modules<'a>(cx: &Cx<'a>, known: &'a [Known]) -> Result<Vec<Module<'a>>, PassError> {
    let roots = roots(known.iter().map(|it| (cx.file_path(it.view), it.name.as_str())));
    let module = |(it, root): (&'a Known, u32)| {
        Ok(Module {
            name: &it.name,
            root,
            is_package: it.is_package,
            tree: cx.tree(it.view)?,
            scopes: &it.scopes,
            chains: &it.chains,
        })
    };
    known.iter().zip(roots).map(module).collect()
}

impl Analysis for Program {
    type On = Project;
    type Output = ProgramFacts;
    const NAME: &'static str = "program";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: Project) -> Result<ProgramFacts, PassError> {
        let known = known(cx, on)?;
        let graph = calls(&modules(cx, &known)?);
        Ok(ProgramFacts {
            modules: known.iter().map(|it| it.view).collect(),
            names: known.iter().map(|it| it.name.clone()).collect(),
            scopes: known.iter().map(|it| Arc::clone(&it.names)).collect(),
            calls: graph,
        })
    }
}

/// Which functions of a project are pure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct ProgramPurity;

impl Analysis for ProgramPurity {
    type On = Project;
    type Output = Vec<purity::Purity>;
    const NAME: &'static str = "program-purity";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: Project) -> Result<Self::Output, PassError> {
        let facts = cx.gather(&Program, on)?;
        Ok(purity::purity(&modules(cx, &known(cx, on)?)?, &facts.calls))
    }
}

/// Who calls what in a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Calls;

/// The calls of a module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ModuleCalls {
    /// The module's part of the graph.
    pub calls: CallGraph,
    /// The full names of all code that it speaks of.
    pub names: FxHashMap<Code, String>,
    /// The module's number in it.
    pub module: Option<u32>,
}

impl Analysis for Calls {
    type On = View;
    type Output = ModuleCalls;
    const NAME: &'static str = "calls";
    const ABOUT: &'static str = "who calls what, over all targets";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<ModuleCalls, PassError> {
        let facts = cx.gather(&Program, cx.project()?)?;
        let Some(at) = facts.modules.iter().position(|it| it.file() == on.file()) else {
            return Ok(ModuleCalls::default());
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let edges = facts.calls.edges.iter().filter(|it| it.caller.module == at).cloned().collect::<Vec<_>>();
        let unresolved = facts.calls.unresolved.iter().filter(|it| it.caller.module == at).cloned();
        let unresolved: Vec<_> = unresolved.collect();
        let callees =
            edges.iter().filter_map(|it| if let Callee::Code(it) = it.callee { Some(it) } else { None });
        let callers = edges.iter().map(|it| it.caller).chain(unresolved.iter().map(|it| it.caller));
        let names = callees.chain(callers).map(|it| (it, facts.name(it))).collect();
        Ok(ModuleCalls { calls: CallGraph { edges, unresolved }, names, module: Some(at) })
    }
}

impl Reported for Calls {
    fn report(&self, output: &ModuleCalls, with: &Reporting<'_>) -> Result<Report, PassError> {
        let Some(module) = output.module else { return Ok(Report::default()) };
        let name = |code: Code| output.names.get(&code).cloned().unwrap_or_default();
        let shape = shapes::calls(&output.calls, module, name, places(with));
        let unresolved = shape["unresolved"].as_array().cloned().unwrap_or_default();
        Ok(Report { result: shape, unresolved })
    }
}

crate::register!(reported Calls);

/// Functions of a module that are pure, and why others are not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Purity;

impl Analysis for Purity {
    type On = View;
    type Output = Option<(u32, Vec<purity::Purity>)>;
    const NAME: &'static str = "purity";
    const ABOUT: &'static str = "functions that are pure, and why others are not";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        let project = cx.project()?;
        let (facts, all) = (cx.gather(&Program, project)?, cx.gather(&ProgramPurity, project)?);
        let at = facts.modules.iter().position(|it| it.file() == on.file());
        let Some(at) = at.and_then(|it| u32::try_from(it).ok()) else { return Ok(None) };
        Ok(Some((at, all.iter().filter(|it| it.code.module == at).cloned().collect())))
    }
}

impl Reported for Purity {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        let Some((module, functions)) = output else { return Ok(Report::default()) };
        let names = with.cx.gather(&QualifiedNames, super::files::view(with)?)?;
        Ok(Report::of(shapes::purity(functions, *module, &names, places(with))))
    }
}

crate::register!(reported Purity);
