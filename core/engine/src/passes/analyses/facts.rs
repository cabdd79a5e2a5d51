//! What is known of where the code will run: parameters first, then the workspace's conditions.

use astkit_analysis::{Environment, scopes};
use serde::{Deserialize, Serialize};

use crate::passes::Cx;

/// Parameters that say where the code will run, for one pass.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    /// `__debug__`: false under `python -O`.
    pub debug: Option<bool>,
    /// `sys.implementation.name`.
    pub implementation: Option<String>,
    /// `os.name`.
    pub os_name: Option<String>,
    /// `sys.platform`.
    pub platform: Option<String>,
    /// `typing.TYPE_CHECKING`.
    pub type_checking: Option<bool>,
}

impl Facts {
    /// What is known all in all. What the workspace knows beyond version and platform are its flags `debug`,
    /// `implementation`, `os-name` and `type-checking`.
    pub fn environment(&self, cx: &Cx<'_>) -> Environment {
        let env = cx.env();
        let text =
            |own: &Option<String>, name: &str| own.clone().or_else(|| env.flag(name).map(str::to_owned));
        let truth = |own: Option<bool>, name: &str| own.or_else(|| env.flag(name)?.parse().ok());
        Environment {
            python: env.python().map(|it| (it.major, it.minor)).or_else(|| interpreter(cx)),
            platform: self.platform.clone().or_else(|| env.platform().map(str::to_owned)),
            os_name: text(&self.os_name, "os-name"),
            implementation: text(&self.implementation, "implementation"),
            type_checking: truth(self.type_checking, "type-checking"),
            debug: Some(truth(self.debug, "debug").unwrap_or(true)),
        }
    }
}

/// The version of the interpreter whose modules are found, if there is one: the flag `interpreter`. With one, what is
/// not found is not there.
pub(super) fn interpreter(cx: &Cx<'_>) -> Option<(u8, u8)> {
    let (major, minor) = cx.env().flag("interpreter")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The version whose rules analyses follow: the one that is known, else 3.11, in which comprehensions are scopes.
pub(super) fn rules(cx: &Cx<'_>) -> scopes::Options {
    cx.env().python().map_or_else(scopes::Options::default, |python| scopes::Options { python })
}
