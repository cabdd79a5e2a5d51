//! Analyses of single modules.

use std::cell::RefCell;
use std::sync::Arc;

use astkit_analysis::shapes::{self, Resolved};
use astkit_analysis::{self as analysis, project};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::{Facts, rules};
use super::places;
use crate::modules::ModuleName;
use crate::passes::registry::{Report, Reported, Reporting};
use crate::passes::{Analysis, Cx, PassError, View};

/// Passes without parameters.
macro_rules! pass {
    ($(#[$about:meta])* $type:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
        pub struct $type;
    };
}

pass! {
    /// Scopes and symbols, as CPython's `symtable` has them.
    Scopes
}
pass! {
    /// Which definitions reach which uses.
    DefUse
}
pass! {
    /// The qualified names of scopes.
    QualifiedNames
}
pass! {
    /// Every name, and the scope that owns it.
    References
}
pass! {
    /// Import statements, as they stand.
    Imports
}
pass! {
    /// Literal expressions with their values.
    Literals
}
pass! {
    /// Parameters of functions.
    Signatures
}
pass! {
    /// What methods set on their instances.
    Attributes
}

/// Statements that can never run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Unreachable(pub Facts);

impl Analysis for Scopes {
    type On = View;
    type Output = analysis::Scopes;
    const NAME: &'static str = "scopes";
    const ABOUT: &'static str = "scopes and symbols, as `symtable`";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<analysis::Scopes, PassError> {
        Ok(analysis::scopes(cx.tree(on)?, &rules(cx)))
    }
}

impl Reported for Scopes {
    fn report(&self, output: &analysis::Scopes, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::scopes(output, places(with))))
    }
}

crate::register!(reported Scopes);

impl Analysis for DefUse {
    type On = View;
    type Output = analysis::DefUse;
    const NAME: &'static str = "def-use";
    const ABOUT: &'static str = "which definitions reach which uses";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<analysis::DefUse, PassError> {
        Ok(analysis::def_use(cx.tree(on)?, &*cx.gather(&Scopes, on)?))
    }
}

impl Reported for DefUse {
    fn report(&self, output: &analysis::DefUse, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::def_use(output, &*scopes(with)?, places(with))))
    }
}

crate::register!(reported DefUse);

/// The scopes of the module that is reported on.
fn scopes(with: &Reporting<'_>) -> Result<Arc<analysis::Scopes>, PassError> {
    with.cx.gather(&Scopes, view(with)?)
}

/// The names of its scopes.
fn names(with: &Reporting<'_>) -> Result<Arc<Vec<String>>, PassError> {
    with.cx.gather(&QualifiedNames, view(with)?)
}

pub(super) fn view(with: &Reporting<'_>) -> Result<View, PassError> {
    with.on.view().ok_or(PassError::WrongTarget)
}

impl Analysis for QualifiedNames {
    type On = View;
    type Output = Vec<String>;
    const NAME: &'static str = "qualified-names";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Vec<String>, PassError> {
        Ok(analysis::qualnames(&*cx.gather(&Scopes, on)?, &rules(cx)))
    }
}

impl Analysis for References {
    type On = View;
    type Output = Arc<analysis::Scopes>;
    const NAME: &'static str = "references";
    const ABOUT: &'static str = "every name, and the scope that owns it";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        cx.gather(&Scopes, on)
    }
}

impl Reported for References {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::references(output, places(with))))
    }
}

crate::register!(reported References);

impl Analysis for Literals {
    type On = View;
    type Output = Vec<analysis::Literal>;
    const NAME: &'static str = "literals";
    const ABOUT: &'static str = "literal expressions with their values";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        Ok(analysis::literals(cx.tree(on)?))
    }
}

impl Reported for Literals {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::literals(output, places(with))))
    }
}

crate::register!(reported Literals);

impl Analysis for Signatures {
    type On = View;
    type Output = Vec<analysis::Signature>;
    const NAME: &'static str = "signatures";
    const ABOUT: &'static str = "parameters of functions";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        Ok(analysis::signatures(cx.tree(on)?, &*cx.gather(&Scopes, on)?))
    }
}

impl Reported for Signatures {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::signatures(output, &*scopes(with)?, &names(with)?, places(with))))
    }
}

crate::register!(reported Signatures);

impl Analysis for Attributes {
    type On = View;
    type Output = Vec<analysis::InstanceAttribute>;
    const NAME: &'static str = "attributes";
    const ABOUT: &'static str = "what methods set on instances";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        let (scopes, chains) = (cx.gather(&Scopes, on)?, cx.gather(&DefUse, on)?);
        Ok(analysis::instance_attributes(cx.tree(on)?, &scopes, &chains))
    }
}

impl Reported for Attributes {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::attributes(output, &names(with)?, places(with))))
    }
}

crate::register!(reported Attributes);

impl Analysis for Unreachable {
    type On = View;
    type Output = Vec<analysis::Unreachable>;
    const NAME: &'static str = "unreachable";
    const ABOUT: &'static str = "statements that can never run";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        Ok(analysis::unreachable(cx.tree(on)?, &self.0.environment(cx)))
    }
}

impl Reported for Unreachable {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        Ok(Report::of(shapes::unreachable(output, places(with))))
    }
}

crate::register!(reported Unreachable);

impl Analysis for Imports {
    type On = View;
    type Output = Vec<analysis::Import>;
    const NAME: &'static str = "imports";
    const ABOUT: &'static str = "import statements, and what they find";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        Ok(analysis::imports(cx.tree(on)?, &*cx.gather(&Scopes, on)?))
    }
}

impl Reported for Imports {
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError> {
        let failure = RefCell::new(None);
        let shape = shapes::imports(output, &names(with)?, places(with), |import| {
            resolved(with, import).unwrap_or_else(|error| {
                failure.replace(Some(error));
                MISSING
            })
        });
        if let Some(error) = failure.into_inner() {
            return Err(error);
        }
        let unresolved = shape["imports"].as_array().into_iter().flatten();
        let unresolved = unresolved.filter(|it| it["resolved"]["kind"] == "missing");
        let unresolved =
            unresolved.map(|it| json!({"name": it["name"], "reason": "no such module", "line": it["line"]}));
        Ok(Report { unresolved: unresolved.collect(), result: shape })
    }
}

crate::register!(reported Imports);

const MISSING: Resolved = Resolved { path: None, kind: "missing", is_package: false, submodules: Vec::new() };

/// What an import finds.
fn resolved(with: &Reporting<'_>, import: &analysis::Import) -> Result<Resolved, PassError> {
    let (cx, view) = (with.cx, view(with)?);
    let name = import.name.as_deref().unwrap_or_default();
    let own = cx.module_name(view);
    let own = own.as_ref().map_or("__main__", ModuleName::as_str);
    let Some(absolute) = project::absolute(own, cx.is_package(view), import.level, name) else {
        return Ok(MISSING);
    };
    let Some(found) = super::modules::found(cx, &absolute)? else { return Ok(MISSING) };
    let mut submodules = Vec::new();
    if found.is_package {
        for name in import.from.iter().flatten().filter(|it| &***it != "*") {
            if let Some(found) = super::modules::found(cx, &format!("{absolute}.{name}"))? {
                submodules.push((name.to_string(), found.kind.as_str()));
            }
        }
    }
    Ok(Resolved {
        path: found.path.as_deref().map(with.show),
        kind: found.kind.as_str(),
        is_package: found.is_package,
        submodules,
    })
}
