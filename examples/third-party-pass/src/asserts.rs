//! A transformation of one's own: definitions without their assertions.

use astkit::passes::AnyAnalysis;
use astkit::passes::analyses::Imports;
use astkit::prelude::*;
use serde::{Deserialize, Serialize};

/// Takes out `assert` statements; with `keep-messages`, only those without a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct StripAsserts {
    pub keep_messages: bool,
}

impl Transformation for StripAsserts {
    type On = Def;
    const NAME: &'static str = "acme.strip-asserts";
    const ABOUT: &'static str = "take out assertions";

    fn run(&self, cx: &Cx<'_>, def: Def, _: &Tree) -> Result<Edits, PassError> {
        let mut edits = Edits::new();
        for (_, node) in cx.code(def)?.nodes() {
            if view::Assert::cast(node).is_some_and(|it| !self.keep_messages || it.msg().is_none()) {
                edits.delete(node);
            }
        }
        Ok(edits)
    }

    /// There are no imports in assertions.
    fn preserves(&self, analysis: &dyn AnyAnalysis) -> Preserve {
        if analysis.get::<Imports>().is_some() { Preserve::Mapped } else { Preserve::No }
    }
}

astkit::register!(transformation StripAsserts);
