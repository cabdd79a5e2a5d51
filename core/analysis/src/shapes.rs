//! Results as JSON, in the shapes that `astkit analyze` prints: nodes become lines and columns.
//!
//! Lines count from 1, columns are bytes from 0, as in CPython's `ast`.

use astkit_ast::{Lowered, NodeId, Position, SourceText};
use serde_json::{Value, json};

use crate::scopes::{Flags, Occurrence, Resolution, Scope, ScopeId, ScopeKind, Scopes, Symbol, SymbolId};

/// Finds places of nodes.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    source: &'a SourceText,
    lowered: &'a Lowered,
}

impl<'a> Places<'a> {
    /// Places in the text that `lowered` was made of.
    pub fn new(source: &'a SourceText, lowered: &'a Lowered) -> Self {
        Self { source, lowered }
    }

    /// Where a node begins.
    pub fn start(self, node: NodeId) -> Position {
        self.source.position(self.lowered.span(self.lowered.tree.node(node)).start)
    }
}

/// The shape `scopes`.
pub fn scopes(scopes: &Scopes, places: Places<'_>) -> Value {
    let mut namespaces = vec![Vec::new(); scopes.scopes().count()];
    for (_, scope) in scopes.scopes() {
        if let Some(parent) = scope.parent {
            namespaces[parent.0 as usize].push(scope.name);
        }
    }
    for names in &mut namespaces {
        names.sort_unstable();
    }
    let shape = |(id, scope): (ScopeId, &Scope)| {
        let is_module = scope.kind == ScopeKind::Module;
        let namespaces = &namespaces[id.0 as usize];
        let symbol = |(_, it): (SymbolId, &Symbol)| {
            // `symtable` takes a scope for the module's by its name: a function `top` has global locals.
            let flags =
                flags(it, scopes.text(scope.name) == "top", namespaces.binary_search(&it.name).is_ok());
            let shape = json!({"scope": it.resolution.as_str(), "flags": flags});
            (scopes.text(it.name).to_owned(), shape)
        };
        json!({
            "id": id.0,
            "parent": scope.parent.map(|it| it.0),
            "name": scopes.text(scope.name),
            "type": scope.kind.symtable_type(),
            "line": if is_module { 0 } else { places.start(scope.node).line },
            "symbols": scopes.symbols(id).map(symbol).collect::<serde_json::Map<_, _>>(),
        })
    };
    json!({"scopes": scopes.scopes().map(shape).collect::<Vec<_>>()})
}

fn flags(symbol: &Symbol, in_module: bool, is_namespace: bool) -> Vec<&'static str> {
    let has = |it: Flags| symbol.flags.has(it);
    let is = |it: Resolution| symbol.resolution == it;
    let bound_in_module = in_module && has(Flags::BOUND);
    let words = [
        ("referenced", has(Flags::USE)),
        ("imported", has(Flags::IMPORT)),
        ("parameter", has(Flags::PARAM)),
        ("type_parameter", has(Flags::TYPE_PARAM)),
        ("global", symbol.resolution.is_global() || bound_in_module),
        ("nonlocal", has(Flags::NONLOCAL)),
        ("declared_global", is(Resolution::GlobalExplicit)),
        ("local", is(Resolution::Local) || is(Resolution::Cell) || bound_in_module),
        ("annotated", has(Flags::ANNOT)),
        ("free", is(Resolution::Free)),
        ("assigned", has(Flags::LOCAL)),
        ("namespace", is_namespace),
    ];
    words.into_iter().filter(|it| it.1).map(|it| it.0).collect()
}

/// The shape `references`.
pub fn references(scopes: &Scopes, places: Places<'_>) -> Value {
    let mut names: Vec<_> = scopes.occurrences().iter().map(|it| (places.start(it.node), it)).collect();
    names.sort_by_key(|(place, it)| (*place, it.nth));
    let shape = |(place, it): (Position, &Occurrence)| {
        let owner = scopes.owner(it).map_or(-1, |it| i64::from(it.0));
        let name = it.written(&places.lowered.tree);
        json!([place.line, place.col, name, it.role.as_str(), it.scope.0, owner])
    };
    json!({"names": names.into_iter().map(shape).collect::<Vec<_>>()})
}
