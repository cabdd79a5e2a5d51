//! Results as JSON, in the shapes that `astkit analyze` prints: nodes become lines and columns.
//!
//! Lines count from 1, columns are bytes from 0, as in CPython's `ast`.

use astkit_ast::python::view;
use astkit_ast::{Lowered, Node, NodeId, Position, SourceText, Span};
use serde_json::{Value, json};

use crate::attributes::InstanceAttribute;
use crate::calls::{CallGraph, Callee, Code, Edge, Unresolved};
use crate::constants;
use crate::def_use::{DefUse, DefinitionId, Use, UseId};
use crate::dunder_all::Exported;
use crate::evaluate::{Evaluated, ModuleValues, Unknown};
use crate::imports::Import;
use crate::literals::Literal;
use crate::mro::ClassOrder;
use crate::project::Wildcard;
use crate::purity::{Purity, Witness};
use crate::scopes::{
    Flags, Occurrence, Resolution, Role, Scope, ScopeId, ScopeKind, Scopes, Symbol, SymbolId,
};
use crate::signatures::{Parameter, Signature};
use crate::unreachable::{Unreachable, Why};

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

    /// A node's span.
    pub fn span(self, node: NodeId) -> Span {
        self.lowered.span(self.lowered.tree.node(node))
    }

    /// Where a node begins.
    pub fn start(self, node: NodeId) -> Position {
        self.source.position(self.span(node).start)
    }
}

/// A span in all its forms.
fn span(source: &SourceText, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "start": span.start,
        "end": span.end,
        "line": start.line,
        "col": start.col,
        "end_line": end.line,
        "end_col": end.col,
    })
}

/// What an import finds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The file, if there is one.
    pub path: Option<String>,
    /// What kind of module: `source`, `stub`, `extension`, `builtin`, `frozen`, `namespace`, `missing`.
    pub kind: &'static str,
    /// Whether it is a package.
    pub is_package: bool,
    /// The names of a `from` that are modules themselves, with their kinds.
    pub submodules: Vec<(String, &'static str)>,
}

/// The shape `imports`. `resolve` tells what an import finds.
pub fn imports(
    imports: &[Import],
    qualnames: &[String],
    places: Places<'_>,
    resolve: impl Fn(&Import) -> Resolved,
) -> Value {
    let mut imports: Vec<_> = imports.iter().map(|it| (places.start(it.node), it)).collect();
    imports.sort_by_key(|it| it.0);
    let shape = |(place, it): (Position, &Import)| {
        let Resolved { path, kind, is_package, submodules } = resolve(it);
        let submodules: serde_json::Map<_, _> =
            submodules.into_iter().map(|it| (it.0, it.1.into())).collect();
        json!({
            "line": place.line,
            "level": it.level,
            "name": it.name,
            "from": it.from,
            "as": it.bound,
            "scope": qualnames[it.scope.0 as usize],
            "resolved": {"path": path, "kind": kind, "package": is_package},
            "submodules": submodules,
        })
    };
    json!({"imports": imports.into_iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `dunder-all`; all null and empty for a module without one.
pub fn dunder_all(exported: &Exported, has_one: bool, places: Places<'_>) -> Value {
    let opaque = exported
        .opaque
        .iter()
        .map(|(node, why)| json!({"span": span(places.source, places.span(*node)), "why": why}));
    json!({
        "exact": exported.exact().filter(|_| has_one),
        "definite": exported.definite,
        "conditional": exported.conditional,
        "opaque": opaque.collect::<Vec<_>>(),
    })
}

/// The shape `wildcards`; `names` is null where some names are not known, `conditional` has those that may be missing.
pub fn wildcards(wildcards: &[Wildcard], places: Places<'_>) -> Value {
    let shape = |it: &Wildcard| {
        let names: Vec<_> = it.names.names.keys().collect();
        let is_known = it.names.opaque.is_empty() && it.target.is_some();
        let conditional: Vec<_> = it.names.names.iter().filter(|it| *it.1).map(|it| it.0).collect();
        json!({
            "line": places.start(it.node).line,
            "target": it.target,
            "names": is_known.then_some(&names),
            "known": names,
            "conditional": conditional,
            "opaque": it.names.opaque,
        })
    };
    json!({"statements": wildcards.iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `mro`; classes are called `module.qualname`.
pub fn mro(orders: &[ClassOrder], places: Places<'_>) -> Value {
    let shape = |it: &ClassOrder| {
        let bases: Vec<_> = it.bases.iter().map(|it| it.as_ref().ok()).collect();
        json!({
            "qualname": it.qualname,
            "line": places.start(it.node).line,
            "bases": bases,
            "mro": it.order.as_ref().ok(),
            "error": it.order.as_ref().err(),
        })
    };
    json!({"classes": orders.iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `signatures`. `defaults` are the names of the parameters that have one.
pub fn signatures(
    signatures: &[Signature],
    scopes: &Scopes,
    qualnames: &[String],
    places: Places<'_>,
) -> Value {
    // As the function's own code has them: mangled.
    let name = |it: NodeId| {
        let occurrence = scopes.occurrence_of(it).map(|it| scopes.occurrence(it));
        occurrence.map(|it| scopes.text(it.name)).unwrap_or_default()
    };
    let names = |list: &[Parameter]| list.iter().map(|it| name(it.node)).collect::<Vec<_>>();
    let shape = |it: &Signature| {
        let flags = [("async", it.is_async), ("generator", it.is_generator)];
        let defaults = it.parameters().filter(|it| it.default.is_some()).map(|it| name(it.node));
        json!({
            "qualname": qualnames[it.scope.0 as usize],
            "line": places.start(it.first).line,
            "posonly": names(&it.posonly),
            "args": names(&it.args),
            "vararg": it.vararg.map(name),
            "kwonly": names(&it.kwonly),
            "kwarg": it.kwarg.map(name),
            "defaults": defaults.collect::<Vec<_>>(),
            "flags": flags.into_iter().filter(|it| it.1).map(|it| it.0).collect::<Vec<_>>(),
        })
    };
    json!({"functions": signatures.iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `calls` for one of the modules of a graph. `name` tells the full name of a piece of code.
pub fn calls(graph: &CallGraph, module: u32, name: impl Fn(Code) -> String, places: Places<'_>) -> Value {
    let tree = &places.lowered.tree;
    let callee = |it: &Callee| match it {
        Callee::Code(code) => name(*code),
        Callee::External(name) => name.to_string(),
        Callee::Builtin(name) => format!("builtins.{name}"),
    };
    let edge = |it: &Edge| {
        let place = places.start(it.node);
        json!({"caller": name(it.caller), "line": place.line, "col": place.col, "callee": callee(&it.callee)})
    };
    let unresolved = |it: &Unresolved| {
        let place = places.start(it.node);
        let text = view::Call::cast(tree.node(it.node)).map(|it| written(it.func()));
        json!({
            "caller": name(it.caller),
            "line": place.line,
            "col": place.col,
            "name": text,
            "reason": it.reason.as_str(),
        })
    };
    let key = |it: &Value| (it["line"].as_u64(), it["col"].as_u64(), it["callee"].to_string());
    let mut edges: Vec<Value> =
        graph.edges.iter().filter(|it| it.caller.module == module).map(edge).collect();
    edges.sort_by_cached_key(key);
    let open = graph.unresolved.iter().filter(|it| it.caller.module == module);
    let mut open: Vec<Value> = open.map(unresolved).collect();
    open.sort_by_cached_key(key);
    json!({"edges": edges, "unresolved": open})
}

/// The shape `purity` for one of the modules.
pub fn purity(purity: &[Purity], module: u32, qualnames: &[String], places: Places<'_>) -> Value {
    let witness = |it: &Witness| {
        json!({
            "verdict": it.verdict.as_str(),
            "span": span(places.source, places.span(it.node)),
            "why": it.why,
        })
    };
    let shape = |it: &Purity| {
        json!({
            "qualname": qualnames[it.code.scope.0 as usize],
            "verdict": it.verdict.as_str(),
            "witness": it.witnesses.iter().map(witness).collect::<Vec<_>>(),
        })
    };
    let functions = purity.iter().filter(|it| it.code.module == module);
    json!({"functions": functions.map(shape).collect::<Vec<_>>()})
}

/// A dotted name as it is written; `...` for what is none.
fn written(node: Node<'_>) -> String {
    let (mut names, mut node) = (Vec::new(), node);
    while let Some(it) = view::Attribute::cast(node) {
        names.push(it.attr());
        node = it.value();
    }
    names.push(view::Name::cast(node).map_or("...", view::Name::id));
    names.reverse();
    names.join(".")
}

/// The shape `attributes`.
pub fn attributes(attributes: &[InstanceAttribute], qualnames: &[String], places: Places<'_>) -> Value {
    let shape = |it: &InstanceAttribute| {
        let place = places.start(it.node);
        json!({
            "class": qualnames[it.class.0 as usize],
            "name": it.name,
            "method": qualnames[it.method.0 as usize],
            "line": place.line,
            "col": place.col,
        })
    };
    json!({"attributes": attributes.iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `unreachable`.
pub fn unreachable(unreachable: &[Unreachable], places: Places<'_>) -> Value {
    let kind = |it: NodeId| places.lowered.tree.node(it).kind_name();
    let shape = |(place, it): (Position, &Unreachable)| {
        let why = match it.why {
            Why::After(stop) => format!("after `{}` in line {}", kind(stop), places.start(stop).line),
            Why::Never(test) => format!("the condition in line {} never holds", places.start(test).line),
            Why::Always(test) => format!("the condition in line {} always holds", places.start(test).line),
        };
        json!({"line": place.line, "col": place.col, "kind": kind(it.node), "why": why})
    };
    let mut statements: Vec<_> = unreachable.iter().map(|it| (places.start(it.node), it)).collect();
    statements.sort_by_key(|it| it.0);
    json!({"statements": statements.into_iter().map(shape).collect::<Vec<_>>()})
}

/// The shape `def-use`: definitions and uses in the order of the text. A star import's definition is named `*`.
pub fn def_use(chains: &DefUse, scopes: &Scopes, places: Places<'_>) -> Value {
    let mut order: Vec<_> = chains.definitions().map(|(id, it)| (places.start(it.node), id)).collect();
    order.sort_unstable();
    let mut ids = vec![0_u32; order.len()];
    for (place, new) in order.iter().zip(0..) {
        ids[place.1.0 as usize] = new;
    }
    let definition = |(place, id): &(Position, DefinitionId)| {
        let it = chains.definition(*id);
        json!({
            "id": ids[id.0 as usize],
            "kind": it.role.map_or("wildcard", Role::as_str),
            "name": it.name.map_or("*", |it| scopes.text(it)),
            "line": place.line,
            "col": place.col,
            "scope": it.scope.0,
            "live": it.is_live,
        })
    };
    let mut uses: Vec<_> = chains.uses().map(|(id, it)| (places.start(it.node), id, it)).collect();
    uses.sort_unstable_by_key(|it| (it.0, it.1));
    let use_ = |(place, _, it): &(Position, UseId, &Use)| {
        let mut definitions: Vec<_> = chains.reaching(it).iter().map(|it| ids[it.0 as usize]).collect();
        definitions.sort_unstable();
        json!({
            "line": place.line,
            "col": place.col,
            "name": scopes.occurrence(it.occurrence).written(&places.lowered.tree),
            "defs": definitions,
            "builtin": it.is_builtin,
            "maybe_unbound": it.maybe_unbound,
        })
    };
    json!({
        "defs": order.iter().map(definition).collect::<Vec<_>>(),
        "uses": uses.iter().map(use_).collect::<Vec<_>>(),
    })
}

/// The shape `literals`, in the order of the text.
pub fn literals(literals: &[Literal], places: Places<'_>) -> Value {
    let mut literals: Vec<_> = literals.iter().map(|it| (places.span(it.node), &it.value)).collect();
    literals.sort_by_key(|it| it.0);
    let shape = |(place, value): (Span, &constants::Value)| json!({"span": span(places.source, place), "type": value.type_name(), "repr": value.repr()});
    json!({"literals": literals.into_iter().map(shape).collect::<Vec<_>>()})
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

/// The shape `references`, and beside it the names in annotations that are never evaluated where they stand.
pub fn references(scopes: &Scopes, places: Places<'_>) -> Value {
    let mut names: Vec<_> = scopes.occurrences().iter().map(|it| (places.start(it.node), it)).collect();
    names.sort_by_key(|(place, it)| (*place, it.nth));
    let shape = |(place, it): (Position, &Occurrence)| {
        let owner = scopes.owner(it).map_or(-1, |it| i64::from(it.0));
        let name = it.written(&places.lowered.tree);
        json!([place.line, place.col, name, it.role.as_str(), it.scope.0, owner])
    };
    let (unevaluated, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|it| it.1.is_unevaluated);
    json!({
        "names": names.into_iter().map(shape).collect::<Vec<_>>(),
        "unevaluated": unevaluated.into_iter().map(shape).collect::<Vec<_>>(),
    })
}

/// The shape `values`. `place` tells the path and the place of a node of any module.
pub fn values(
    values: &ModuleValues,
    places: Places<'_>,
    place: impl Fn(&Unknown) -> Option<(String, Position)>,
) -> Value {
    let mut expressions: Vec<_> = values.expressions.iter().map(|it| (places.span(it.0), &it.1)).collect();
    expressions.sort_by_key(|it| it.0);
    let expression = |(place, value): (Span, &constants::Value)| json!({"span": span(places.source, place), "type": value.type_name(), "repr": value.repr()});
    let global = |(name, found): (&str, &Evaluated)| {
        let shape = match found {
            Ok(it) => json!({"type": it.type_name(), "repr": it.repr()}),
            Err(it) => {
                let (path, at) = place(it).unzip();
                json!({"why": it.why, "path": path, "line": at.map(|it| it.line), "col": at.map(|it| it.col)})
            }
        };
        (name.to_owned(), shape)
    };
    json!({
        "expressions": expressions.into_iter().map(expression).collect::<Vec<_>>(),
        "globals": values.globals.iter().map(|it| global((it.0, it.1))).collect::<serde_json::Map<_, _>>(),
    })
}
