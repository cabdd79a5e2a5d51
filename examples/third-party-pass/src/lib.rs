//! A pass of one's own: the names that a definition reads and never binds.

mod asserts;

use std::collections::BTreeSet;

use astkit::ast::python::ExprContext;
use astkit::prelude::*;
use serde::{Deserialize, Serialize};

pub use asserts::StripAsserts;

/// Names that begin with `prefix`, apart from some; with `nested`, those of nested definitions too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeReads {
    pub prefix: String,
    #[serde(default)]
    pub skip: Vec<String>,
    #[serde(default)]
    pub nested: bool,
}

impl Analysis for FreeReads {
    type On = Def;
    type Output = BTreeSet<String>;
    const NAME: &'static str = "acme.free-reads";
    const ABOUT: &'static str = "names that a definition reads and never binds";

    fn run(&self, cx: &Cx<'_>, def: Def) -> Result<BTreeSet<String>, PassError> {
        let code = cx.code(def)?;
        let names: Vec<_> = code.nodes().filter_map(|it| view::Name::cast(it.1)).collect();
        let parameters = code.nodes().filter_map(|it| view::Arg::cast(it.1)).map(view::Arg::arg);
        let stores = names.iter().filter(|it| it.ctx() != ExprContext::Load).map(|it| it.id());
        let bound: BTreeSet<&str> = parameters.chain(stores).collect();
        let reads = names.iter().map(|it| it.id()).filter(|it| it.starts_with(&self.prefix));
        let free = reads.filter(|it| !bound.contains(it) && !self.skip.iter().any(|skip| skip == it));
        let mut out: BTreeSet<String> = free.map(str::to_owned).collect();
        if self.nested {
            for inner in cx.children(def)? {
                out.extend(cx.gather(self, inner)?.iter().cloned());
            }
        }
        Ok(out)
    }
}

astkit::register!(FreeReads);
