//! The passes: what they are called, what they take, how they are run.

use std::sync::Arc;

use astkit::Tree;
use astkit_analysis::project;
use astkit_analysis::scopes::{Options, Scopes};
use astkit_analysis::shapes::{self, Places, Resolved};
use astkit_analysis::{self as analysis, DefUse, Environment, Interface};
use serde_json::{Value, json};

use super::program::Program;
use crate::library::Library;
use crate::session::File;

/// A pass.
pub(crate) struct Pass {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) parameters: &'static [&'static str],
    pub(crate) run: fn(&Context<'_>) -> (Value, Vec<Value>),
}

/// What a pass looks at.
pub(crate) struct Context<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) places: Places<'a>,
    pub(crate) options: &'a Options,
    pub(crate) facts: &'a Environment,
    pub(crate) library: &'a Library<'a>,
    pub(crate) file: &'a File,
    pub(crate) module: &'a str,
    pub(crate) is_package: bool,
    /// All targets, for what looks at them together.
    pub(crate) program: Option<(&'a Program, u32)>,
}

const NOTHING: &[&str] = &[];
const FACTS: &[&str] = &["debug", "implementation", "os-name", "platform", "type-checking"];

/// All passes, by name.
pub(crate) const PASSES: &[Pass] = &[
    Pass { name: "attributes", about: "what methods set on instances", parameters: NOTHING, run: attributes },
    Pass { name: "calls", about: "who calls what, over all targets", parameters: NOTHING, run: calls },
    Pass { name: "def-use", about: "which definitions reach which uses", parameters: NOTHING, run: def_use },
    Pass { name: "dunder-all", about: "the names in `__all__`", parameters: FACTS, run: dunder_all },
    Pass {
        name: "imports",
        about: "import statements, and what they find",
        parameters: NOTHING,
        run: imports,
    },
    Pass {
        name: "literals",
        about: "literal expressions with their values",
        parameters: NOTHING,
        run: literals,
    },
    Pass { name: "mro", about: "classes, their bases and linearizations", parameters: FACTS, run: mro },
    Pass {
        name: "purity",
        about: "functions that are pure, and why others are not",
        parameters: NOTHING,
        run: purity,
    },
    Pass {
        name: "references",
        about: "every name, and the scope that owns it",
        parameters: NOTHING,
        run: references,
    },
    Pass { name: "scopes", about: "scopes and symbols, as `symtable`", parameters: NOTHING, run: scopes },
    Pass { name: "signatures", about: "parameters of functions", parameters: NOTHING, run: signatures },
    Pass { name: "unreachable", about: "statements that can never run", parameters: FACTS, run: unreachable },
    Pass { name: "wildcards", about: "what star imports bind", parameters: FACTS, run: wildcards },
];

impl Context<'_> {
    fn scopes(&self) -> Scopes {
        analysis::scopes(self.tree, self.options)
    }

    fn chains(&self) -> (Scopes, DefUse) {
        let scopes = self.scopes();
        let chains = analysis::def_use(self.tree, &scopes);
        (scopes, chains)
    }

    /// The file's interface, known to the library by the file's name.
    fn interface(&self) -> Arc<Interface> {
        let interface = Arc::new(self.library.interface_of(self.file, self.is_package));
        self.library.add(self.module, Arc::clone(&interface));
        interface
    }
}

fn attributes(it: &Context<'_>) -> (Value, Vec<Value>) {
    let (scopes, chains) = it.chains();
    let names = analysis::qualnames(&scopes, it.options);
    let found = analysis::instance_attributes(it.tree, &scopes, &chains);
    (shapes::attributes(&found, &names, it.places), Vec::new())
}

fn calls(it: &Context<'_>) -> (Value, Vec<Value>) {
    let Some((program, at)) = it.program else { return (Value::Null, Vec::new()) };
    let shape = shapes::calls(&program.graph, at, |it| program.name(it), it.places);
    let unresolved = shape["unresolved"].as_array().cloned().unwrap_or_default();
    (shape, unresolved)
}

fn purity(it: &Context<'_>) -> (Value, Vec<Value>) {
    let Some((program, at)) = it.program else { return (Value::Null, Vec::new()) };
    (shapes::purity(program.purity(), at, program.names(at), it.places), Vec::new())
}

fn scopes(it: &Context<'_>) -> (Value, Vec<Value>) {
    (shapes::scopes(&it.scopes(), it.places), Vec::new())
}

fn references(it: &Context<'_>) -> (Value, Vec<Value>) {
    (shapes::references(&it.scopes(), it.places), Vec::new())
}

fn def_use(it: &Context<'_>) -> (Value, Vec<Value>) {
    let (scopes, chains) = it.chains();
    (shapes::def_use(&chains, &scopes, it.places), Vec::new())
}

fn literals(it: &Context<'_>) -> (Value, Vec<Value>) {
    (shapes::literals(&analysis::literals(it.tree), it.places), Vec::new())
}

fn unreachable(it: &Context<'_>) -> (Value, Vec<Value>) {
    (shapes::unreachable(&analysis::unreachable(it.tree, it.facts), it.places), Vec::new())
}

fn signatures(it: &Context<'_>) -> (Value, Vec<Value>) {
    let scopes = it.scopes();
    let names = analysis::qualnames(&scopes, it.options);
    (shapes::signatures(&analysis::signatures(it.tree, &scopes), &scopes, &names, it.places), Vec::new())
}

fn imports(it: &Context<'_>) -> (Value, Vec<Value>) {
    let scopes = it.scopes();
    let names = analysis::qualnames(&scopes, it.options);
    let mut unresolved = Vec::new();
    let shape = shapes::imports(&analysis::imports(it.tree, &scopes), &names, it.places, |import| {
        resolved(it, import)
    });
    for import in shape["imports"].as_array().into_iter().flatten() {
        if import["resolved"]["kind"] == "missing" {
            unresolved
                .push(json!({"name": import["name"], "reason": "no such module", "line": import["line"]}));
        }
    }
    (shape, unresolved)
}

/// What an import finds.
fn resolved(it: &Context<'_>, import: &analysis::Import) -> Resolved {
    let missing = Resolved { path: None, kind: "missing", is_package: false, submodules: Vec::new() };
    let name = import.name.as_deref().unwrap_or_default();
    let Some(absolute) = project::absolute(it.module, it.is_package, import.level, name) else {
        return missing;
    };
    let Some(found) = it.library.find(&absolute) else { return missing };
    let asked = import.from.iter().flatten().filter(|it| &***it != "*");
    let submodule = |name: &str| {
        let found = it.library.find(&format!("{absolute}.{name}"))?;
        Some((name.to_owned(), found.kind.as_str()))
    };
    Resolved {
        path: found.path.as_deref().map(crate::targets::show),
        kind: found.kind.as_str(),
        is_package: found.is_package,
        submodules: if found.is_package {
            asked.filter_map(|it| submodule(it)).collect()
        } else {
            Vec::new()
        },
    }
}

fn dunder_all(it: &Context<'_>) -> (Value, Vec<Value>) {
    let interface = it.interface();
    let exported = project::exported(it.library, it.module, &interface).unwrap_or_default();
    let has_one = interface.dunder_all.is_some();
    let shape = shapes::dunder_all(&exported, has_one, it.places);
    let unresolved = shape["opaque"].as_array().cloned().unwrap_or_default();
    (shape, unresolved)
}

fn wildcards(it: &Context<'_>) -> (Value, Vec<Value>) {
    let interface = it.interface();
    let found = project::wildcards(it.library, it.module, &interface);
    (shapes::wildcards(&found, it.places), Vec::new())
}

fn mro(it: &Context<'_>) -> (Value, Vec<Value>) {
    let interface = it.interface();
    let orders = analysis::mro::mro(it.library, it.module, &interface);
    let unresolved = orders.iter().filter_map(|order| {
        let why = order.order.as_ref().err()?;
        Some(json!({"name": order.qualname, "reason": why, "line": it.places.start(order.node).line}))
    });
    let unresolved = unresolved.collect();
    (shapes::mro(&orders, it.places), unresolved)
}
