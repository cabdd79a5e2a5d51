//! Analyses that follow imports.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use astkit_analysis::dunder_all::Exported;
use astkit_analysis::mro::{ClassOrder, mro};
use astkit_analysis::project::{self, Project, Wildcard};
use astkit_analysis::{self as analysis, Interface, shapes};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::{Facts, rules};
use super::files::{DefUse, Imports, Scopes};
use super::places;
use crate::modules::{FoundModule, ModuleKind, ModuleName};
use crate::passes::registry::{Report, Reported, Reporting};
use crate::passes::{Analysis, Cx, PassError, Reach, View};

/// What other modules need to know of a module.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct InterfaceOf(pub Facts);

/// The names in `__all__`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct DunderAll(pub Facts);

/// What star imports bind.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Wildcards(pub Facts);

/// Classes, their bases and linearizations.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Mro(pub Facts);

impl Analysis for InterfaceOf {
    type On = View;
    type Output = Interface;
    const NAME: &'static str = "interface";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Interface, PassError> {
        let (scopes, chains) = (cx.gather(&Scopes, on)?, cx.gather(&DefUse, on)?);
        let (tree, facts) = (cx.tree(on)?, self.0.environment(cx));
        Ok(analysis::interface(tree, &scopes, &chains, cx.is_package(on), &rules(cx), &facts))
    }
}

/// What Python would import under an absolute name.
pub(super) fn found<'db>(cx: &Cx<'db>, name: &str) -> Result<Option<&'db FoundModule>, PassError> {
    // `os` puts it under this name itself.
    let name = match name {
        "os.path" if cx.platform_of_interpreter()?.starts_with("win") => "ntpath",
        "os.path" => "posixpath",
        it => it,
    };
    let Some(name) = ModuleName::new(name) else { return Ok(None) };
    Ok(cx.resolve(&name)?.as_ref().ok())
}

/// The modules as one of them sees them.
pub(in crate::passes) struct Modules<'a, 'db> {
    cx: &'a Cx<'db>,
    facts: &'a Facts,
    view: View,
    name: String,
    error: RefCell<Option<PassError>>,
}

impl<'a, 'db> Modules<'a, 'db> {
    pub(in crate::passes) fn new(cx: &'a Cx<'db>, view: View, facts: &'a Facts) -> Self {
        let name = cx.module_name(view).map_or_else(|| "__main__".to_owned(), |it| it.to_string());
        Self { cx, facts, view, name, error: RefCell::new(None) }
    }

    /// The name of the module that looks.
    pub(in crate::passes) fn name(&self) -> &str {
        &self.name
    }

    /// Whether `target` may still be running when this module imports from it: `from m import *` takes what there is at
    /// that moment. A package around a module has always begun first. Only modules below the same top package are
    /// followed.
    pub(in crate::passes) fn may_be_half_done(&self, target: &str) -> Result<bool, PassError> {
        if target.strip_prefix(&self.name).is_some_and(|it| it.starts_with('.')) {
            return Ok(false);
        }
        let top = |it: &str| it.split('.').next() == self.name.split('.').next();
        let mut seen = BTreeSet::from([target.to_owned()]);
        let mut open = vec![target.to_owned()];
        while let Some(module) = open.pop() {
            for next in self.imports_when_run(&module)? {
                if next == self.name {
                    return Ok(true);
                }
                if top(&next) && seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        Ok(false)
    }

    /// The modules that a module's own code imports when it runs, functions left out; with the packages around them,
    /// and names that may be submodules.
    fn imports_when_run(&self, module: &str) -> Result<Vec<String>, PassError> {
        let mut out = Vec::new();
        let Some(view) = self.view_of(module)? else { return Ok(out) };
        let (imports, scopes) = match (self.cx.gather(&Imports, view), self.cx.gather(&Scopes, view)) {
            (Ok(imports), Ok(scopes)) => (imports, scopes),
            (Err(PassError::Gone | PassError::Unreadable(_)), _) => return Ok(out),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        for import in imports.iter().filter(|it| !scopes.scope(it.scope).kind.is_function_like()) {
            let Some(name) = import.absolute_name(module, self.cx.is_package(view)) else { continue };
            let submodules = import.from.iter().flatten().filter(|it| &***it != "*");
            out.extend(submodules.map(|it| format!("{name}.{it}")));
            out.extend(name.match_indices('.').map(|it| name[..it.0].to_owned()));
            out.push(name);
        }
        Ok(out)
    }

    fn own(&self) -> Result<Arc<Interface>, PassError> {
        self.cx.gather(&InterfaceOf(self.facts.clone()), self.view)
    }

    /// The source of the module that is imported under a name; none if it has no text, or there is none.
    pub(super) fn view_of(&self, module: &str) -> Result<Option<View>, PassError> {
        if module == self.name {
            return Ok(Some(self.view));
        }
        let Some(name) = ModuleName::new(module) else { return Ok(None) };
        if let Some(view) = self.cx.named(&name)? {
            return Ok(Some(view));
        }
        match found(self.cx, module)? {
            Some(it) if matches!(it.kind, ModuleKind::Source | ModuleKind::Frozen) => match &it.path {
                Some(path) => self.cx.file(path).map(Some),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn look<T>(&self, result: Result<Option<T>, PassError>) -> Option<T> {
        result.unwrap_or_else(|error| {
            // That there is no such module is for who asks to say; anything else ends the pass.
            if !matches!(error, PassError::Gone | PassError::Unreadable(_)) {
                self.error.replace(Some(error));
            }
            None
        })
    }

    /// What was found, unless something went wrong on the way.
    pub(in crate::passes) fn done<T>(self, output: T) -> Result<T, PassError> {
        self.error.into_inner().map_or(Ok(output), Err)
    }
}

impl Project for Modules<'_, '_> {
    fn interface(&self, module: &str) -> Option<Arc<Interface>> {
        let view = self.look(self.view_of(module))?;
        self.look(self.cx.gather(&InterfaceOf(self.facts.clone()), view).map(Some))
    }

    fn is_module(&self, module: &str) -> bool {
        self.look(found(self.cx, module)).is_some() || self.look(self.view_of(module)).is_some()
    }

    fn lacks(&self, module: &str) -> bool {
        super::facts::interpreter(self.cx).is_some() && !self.is_module(module)
    }

    fn python(&self) -> Option<(u8, u8)> {
        self.facts.environment(self.cx).python
    }
}

impl Analysis for DunderAll {
    type On = View;
    type Output = Option<Exported>;
    const NAME: &'static str = "dunder-all";
    const ABOUT: &'static str = "the names in `__all__`";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        let modules = Modules::new(cx, on, &self.0);
        let own = modules.own()?;
        let exported = project::exported(&modules, &modules.name, &own);
        let exported = own.dunder_all.is_some().then(|| exported.unwrap_or_default());
        modules.done(exported)
    }
}

impl Reported for DunderAll {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        let none = Exported::default();
        let shape = shapes::dunder_all(output.as_ref().unwrap_or(&none), output.is_some(), places(with));
        let unresolved = shape["opaque"].as_array().cloned().unwrap_or_default();
        Ok(Report { result: shape, unresolved })
    }
}

crate::register!(reported DunderAll);

impl Analysis for Wildcards {
    type On = View;
    type Output = Vec<Wildcard>;
    const NAME: &'static str = "wildcards";
    const ABOUT: &'static str = "what star imports bind";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        let modules = Modules::new(cx, on, &self.0);
        let found = project::wildcards(&modules, &modules.name, &*modules.own()?);
        modules.done(found)
    }
}

impl Reported for Wildcards {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::wildcards(output, places(with))))
    }
}

crate::register!(reported Wildcards);

impl Analysis for Mro {
    type On = View;
    type Output = Vec<ClassOrder>;
    const NAME: &'static str = "mro";
    const ABOUT: &'static str = "classes, their bases and linearizations";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        let modules = Modules::new(cx, on, &self.0);
        let orders = mro(&modules, &modules.name, &*modules.own()?);
        modules.done(orders)
    }
}

impl Reported for Mro {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        let places = places(with);
        let unresolved = output.iter().filter_map(|order| {
            let why = order.order.as_ref().err()?;
            Some(json!({"name": order.qualname, "reason": why, "line": places.start(order.node).line}))
        });
        Ok(Report { unresolved: unresolved.collect(), result: shapes::mro(output, places) })
    }
}

crate::register!(reported Mro);
