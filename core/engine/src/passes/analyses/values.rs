//! Values of expressions, imports followed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use astkit_analysis::evaluate::{self, Evaluator, Known, Module, ModuleValues, Program, module_values};
use astkit_analysis::{Value, scopes, shapes};
use astkit_ast::Tree;
use astkit_ast::python::view;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::Facts;
use super::files::{DefUse, Scopes};
use super::modules::Modules;
use super::places;
use crate::passes::registry::{Report, Reported, Reporting};
use crate::passes::{Analysis, Cx, PassError, Reach, View};

/// Expressions with the values that they have, names and imports followed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Values {
    /// `__debug__`: false under `python -O`.
    pub debug: Option<bool>,
    /// `sys.implementation.name`.
    pub implementation: Option<String>,
    /// What is known beforehand, each `QUALIFIED.NAME=EXPRESSION`: of the module `sys`, `sys.maxsize=2**31-1`.
    pub known: Vec<String>,
    /// `os.name`.
    pub os_name: Option<String>,
    /// `sys.platform`.
    pub platform: Option<String>,
    /// `typing.TYPE_CHECKING`.
    pub type_checking: Option<bool>,
}

impl Values {
    fn facts(&self) -> Facts {
        Facts {
            debug: self.debug,
            implementation: self.implementation.clone(),
            os_name: self.os_name.clone(),
            platform: self.platform.clone(),
            type_checking: self.type_checking,
        }
    }

    fn known(&self, cx: &Cx<'_>, on: View) -> Result<Known, PassError> {
        let mut values = BTreeMap::new();
        for text in &self.known {
            let wrong = || PassError::failed(format_args!("`known`: `{text}` is not NAME=VALUE"));
            let (name, value) = text.split_once('=').ok_or_else(wrong)?;
            let value = given(&cx.parse(on, value.trim())?).ok_or_else(wrong)?;
            values.insert(name.trim().to_owned(), value);
        }
        Ok(Known::new(self.facts().environment(cx), values))
    }
}

/// The value of a text that is one expression without names; `true`, `false`, `null` and words are read as in JSON and on
/// the command line.
fn given(tree: &Tree) -> Option<Value> {
    let mut statements = tree.root().children();
    let (Some(only), None) = (statements.next().and_then(view::Expr::cast), statements.next()) else {
        return None;
    };
    if let Some(name) = view::Name::cast(only.value()) {
        return Some(match name.id() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::None,
            word => Value::Str(word.into()),
        });
    }
    let alone = Alone { tree };
    Evaluator::new(&alone, &Known::default()).value_in("", only.value().id()).ok()
}

/// One module that knows no others.
struct Alone<'a> {
    tree: &'a Tree,
}

impl<'a> Program<'a> for Alone<'a> {
    fn module(&self, name: &str) -> Option<Module<'a>> {
        let scopes = Arc::new(scopes(self.tree, &scopes::Options::default()));
        let chains = Arc::new(astkit_analysis::def_use(self.tree, &scopes));
        name.is_empty().then(|| Module {
            name: "".into(),
            is_package: false,
            tree: self.tree,
            scopes,
            chains,
        })
    }

    fn is_module(&self, _: &str) -> bool {
        false
    }
}

/// The modules as the evaluator sees them.
struct Sources<'a, 'db> {
    cx: &'a Cx<'db>,
    modules: Modules<'a, 'db>,
    error: RefCell<Option<PassError>>,
}

impl<'db> Sources<'_, 'db> {
    fn open(&self, name: &str) -> Result<Option<Module<'db>>, PassError> {
        let Some(view) = self.modules.view_of(name)? else { return Ok(None) };
        Ok(Some(Module {
            name: name.into(),
            is_package: self.cx.is_package(view),
            tree: self.cx.tree(view)?,
            scopes: self.cx.gather(&Scopes, view)?,
            chains: self.cx.gather(&DefUse, view)?,
        }))
    }
}

impl<'db> Program<'db> for Sources<'_, 'db> {
    fn module(&self, name: &str) -> Option<Module<'db>> {
        self.open(name).unwrap_or_else(|error| {
            if !matches!(error, PassError::Gone | PassError::Unreadable(_)) {
                self.error.replace(Some(error));
            }
            None
        })
    }

    fn is_module(&self, name: &str) -> bool {
        astkit_analysis::project::Project::is_module(&self.modules, name)
    }
}

impl Analysis for Values {
    type On = View;
    type Output = ModuleValues;
    const NAME: &'static str = "values";
    const ABOUT: &'static str = "values of expressions, imports followed";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<ModuleValues, PassError> {
        let (known, facts) = (self.known(cx, on)?, self.facts());
        let sources = Sources { cx, modules: Modules::new(cx, on, &facts), error: RefCell::default() };
        let values = module_values(&sources, &known, sources.modules.name());
        match sources.error.into_inner() {
            Some(error) => Err(error),
            None => sources.modules.done(values),
        }
    }
}

impl Reported for Values {
    fn report(&self, output: &ModuleValues, with: &Reporting<'_>) -> Result<Report, PassError> {
        let facts = self.facts();
        let modules = Modules::new(with.cx, super::files::view(with)?, &facts);
        let place = |it: &evaluate::Unknown| {
            let view = modules.view_of(&it.module).ok()??;
            let source = with.cx.source(view).ok()?;
            let start = source.lowered.span(source.lowered.tree.node(it.node)).start;
            Some(((with.show)(with.cx.file_path(view)), source.text.position(start)))
        };
        let shape = shapes::values(output, places(with), place);
        let unresolved =
            shape["globals"].as_object().into_iter().flatten().filter(|it| it.1["why"].is_string());
        let unresolved = unresolved.map(|(name, it)| {
            json!({"name": name, "reason": it["why"], "path": it["path"], "line": it["line"], "col": it["col"]})
        });
        Ok(Report { unresolved: unresolved.collect(), result: shape })
    }
}

crate::register!(reported Values);
