//! `expand-wildcards`: `from m import *` becomes the names that it binds.
//!
//! Promise: after the module has run, `vars()` has the same keys with the same values. Only what is known to the last
//! name is expanded; every other star import stays, and is told with the reason.

use astkit_analysis::project::Wildcard;
use astkit_ast::python::{Kind, Role};
use astkit_ast::tree::Tree;

use crate::Left;
use crate::code::{Code, Scalar};
use crate::edits::Edits;

/// Expands the star imports whose names are known.
///
/// `wildcards` is what [`astkit_analysis::project::wildcards`] says of this module.
pub fn expand_wildcards(tree: &Tree, wildcards: &[Wildcard]) -> (Edits, Vec<Left>) {
    let (mut edits, mut opaque) = (Edits::new(), Vec::new());
    for wildcard in wildcards {
        if let Some(why) = obstacle(wildcard) {
            opaque.push(Left { node: wildcard.node, why });
            continue;
        }
        let alias = |name: &str| Code::with(Kind::Alias, 0, vec![Scalar::name(name), Scalar::Name(None)], []);
        let names = wildcard.names.names.keys().map(|it| alias(it)).collect();
        let node = tree.node(wildcard.node);
        debug_assert!(node.role() == Role::Names.into(), "an alias is among the names of its statement");
        edits.replace_all(node, names);
    }
    (edits, opaque)
}

/// Why a star import can't be expanded.
fn obstacle(wildcard: &Wildcard) -> Option<String> {
    let target = wildcard.target.as_deref().unwrap_or("the module");
    if wildcard.target.is_none() {
        return Some("it goes beyond the top package".to_owned());
    }
    if let Some(why) = wildcard.names.opaque.first() {
        return Some(why.clone());
    }
    if let Some((name, _)) = wildcard.names.names.iter().find(|it| *it.1) {
        return Some(format!("`{target}` may lack `{name}`"));
    }
    if wildcard.names.names.is_empty() {
        return Some(format!("`{target}` has no public names, and an import must have one"));
    }
    None
}
