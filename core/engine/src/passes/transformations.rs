//! The transformations of this project, as passes: each a line around a plain function of [`astkit_transform`].

use astkit_analysis::project::{absolute, wildcards};
use astkit_ast::{PythonVersion, Tree};
use astkit_transform as transform;
use astkit_transform::{Edits, Left};
use serde::{Deserialize, Serialize};

use super::analyses::{Facts, InterfaceOf, Modules, Scopes};
use super::{Cx, PassError, Reach, Transformation, View};
use crate::modules::ModuleName;

/// Transformations without parameters.
macro_rules! transformation {
    ($(#[$about:meta])* $type:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
        pub struct $type;
    };
}

transformation! {
    /// Takes out docstrings that nothing reads.
    StripDocstrings
}
transformation! {
    /// Takes out annotations that nothing reads.
    StripHints
}
transformation! {
    /// Numbers local names that nobody can see.
    RenameLocals
}
transformation! {
    /// Puts results in the place of operations on constants.
    FoldConstants
}
transformation! {
    /// Names what `from m import *` binds, where that is known.
    ExpandWildcards
}

/// Takes out statements that can never run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeadCode {
    /// The Python that the code will run under.
    pub python_version: Option<String>,
    /// `sys.platform`.
    pub platform: Option<String>,
    /// `os.name`.
    pub os_name: Option<String>,
    /// `sys.implementation.name`.
    pub implementation: Option<String>,
    /// `typing.TYPE_CHECKING`.
    pub type_checking: Option<bool>,
    /// `__debug__`: false under `python -O`.
    pub debug: Option<bool>,
}

/// Writes out the methods of dataclasses.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Undataclass {
    /// The Python that the code will run under.
    pub python_version: Option<String>,
}

impl Transformation for StripDocstrings {
    type On = View;
    const NAME: &'static str = "strip-docstrings";
    const ABOUT: &'static str = "take out docstrings that nothing reads";

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(transform::strip_docstrings(tree, &*cx.gather(&Scopes, on)?))
    }
}

crate::register!(transformation StripDocstrings);

impl Transformation for StripHints {
    type On = View;
    const NAME: &'static str = "strip-hints";
    const ABOUT: &'static str = "take out annotations that nothing reads";

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(transform::strip_hints(tree, &*cx.gather(&Scopes, on)?))
    }
}

crate::register!(transformation StripHints);

impl Transformation for RenameLocals {
    type On = View;
    const NAME: &'static str = "rename-locals";
    const ABOUT: &'static str = "number local names that nobody can see";

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(transform::rename_locals(tree, &*cx.gather(&Scopes, on)?))
    }
}

crate::register!(transformation RenameLocals);

impl Transformation for FoldConstants {
    type On = View;
    const NAME: &'static str = "fold-constants";
    const ABOUT: &'static str = "put results in the place of operations on constants";

    fn run(&self, _: &Cx<'_>, _: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(transform::fold_constants(tree))
    }
}

crate::register!(transformation FoldConstants);

impl Transformation for DeadCode {
    type On = View;
    const NAME: &'static str = "dead-code";
    const ABOUT: &'static str = "take out statements that can never run";

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        let Self { python_version, platform, os_name, implementation, type_checking, debug } = self.clone();
        let facts = Facts { debug, implementation, os_name, platform, type_checking };
        let mut environment = facts.environment(cx);
        if let Some(text) = python_version {
            environment.python = Some(version(&text)?);
        }
        Ok(transform::remove_dead_code(tree, &*cx.gather(&Scopes, on)?, &environment))
    }
}

crate::register!(transformation DeadCode);

impl Transformation for ExpandWildcards {
    type On = View;
    const NAME: &'static str = "expand-wildcards";
    const ABOUT: &'static str = "name what `from m import *` binds, where that is known";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(self.expand(cx, on, tree)?.0)
    }

    fn left(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Vec<Left>, PassError> {
        Ok(self.expand(cx, on, tree)?.1)
    }
}

impl ExpandWildcards {
    #[expect(clippy::unused_self, reason = "a method, as those that call it are")]
    fn expand(self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<(Edits, Vec<Left>), PassError> {
        let facts = Facts::default();
        let modules = Modules::new(cx, on, &facts);
        let own = cx.gather(&InterfaceOf(facts.clone()), on)?;
        let mut found = wildcards(&modules, modules.name(), &own);
        for wildcard in &mut found {
            let Some(target) = &wildcard.target else { continue };
            if modules.may_be_half_done(target)? {
                wildcard
                    .names
                    .opaque
                    .push(format!("`{target}` imports this module: it may not have all its names yet"));
            }
        }
        modules.done(transform::expand_wildcards(tree, &found))
    }
}

crate::register!(transformation ExpandWildcards);

/// Reads `3.12`.
fn version(text: &str) -> Result<(u8, u8), PassError> {
    let version = PythonVersion::parse(text);
    let version =
        version.ok_or_else(|| PassError::failed(format_args!("`{text}` is no version of Python")))?;
    Ok((version.major, version.minor))
}

impl Transformation for Undataclass {
    type On = View;
    const NAME: &'static str = "undataclass";
    const ABOUT: &'static str = "write out the methods of dataclasses";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(self.write(cx, on, tree)?.0)
    }

    fn left(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<Vec<Left>, PassError> {
        Ok(self.write(cx, on, tree)?.1)
    }
}

impl Undataclass {
    fn write(&self, cx: &Cx<'_>, on: View, tree: &Tree) -> Result<(Edits, Vec<Left>), PassError> {
        let known = cx.env().python().map(|it| (it.major, it.minor));
        let python = self.python_version.as_deref().map(version).transpose()?.or(known);
        let parse = |text: &str| cx.parse(on, text).ok();
        let own = cx.module_name(on);
        let is_package = cx.is_package(on);
        let module = |name: &str| {
            let level = name.len() - name.trim_start_matches('.').len();
            let importer = own.as_ref().map_or_else(|| "__main__".to_owned(), ToString::to_string);
            let level = u32::try_from(level).unwrap_or(u32::MAX);
            let name = absolute(&importer, is_package, level, name.trim_start_matches('.'))?;
            cx.tree(cx.module(&ModuleName::new(&name)?).ok()??).ok()
        };
        let around = transform::Surroundings { python, parse: &parse, module: &module };
        Ok(transform::undataclass(tree, &*cx.gather(&Scopes, on)?, &around))
    }
}

crate::register!(transformation Undataclass);
