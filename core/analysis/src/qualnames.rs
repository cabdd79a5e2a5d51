//! Python's `__qualname__` of every scope.
//!
//! As the compiler of CPython makes them: a function that its scope declares `global` has its bare name, and until
//! 3.11 comprehensions are functions that appear in the names of lambdas within. Twins are not told apart: use
//! [`definitions`](astkit_ast::definitions) where a name must be an address.

use crate::scopes::{Options, Resolution, ScopeId, ScopeKind, Scopes};

/// The qualified names of all scopes, by their ids; the module's is `<module>`.
///
/// Scopes that are no code of their own (type parameters and the like) have the name of what is around them.
pub fn qualnames(scopes: &Scopes, options: &Options) -> Vec<String> {
    let inlined = (options.python.major, options.python.minor) >= (3, 12);
    let mut out: Vec<String> = Vec::new();
    for (id, scope) in scopes.scopes() {
        let own = match scope.kind {
            ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Class => scopes.text(scope.name),
            ScopeKind::Lambda => "<lambda>",
            ScopeKind::GeneratorExp => "<genexpr>",
            ScopeKind::ListComp if !inlined => "<listcomp>",
            ScopeKind::SetComp if !inlined => "<setcomp>",
            ScopeKind::DictComp if !inlined => "<dictcomp>",
            _ => "",
        };
        let parent = code_around(scopes, id, inlined);
        let name = match parent {
            None => "<module>".to_owned(),
            Some(parent) if own.is_empty() => out[parent.0 as usize].clone(),
            Some(parent) => below(scopes, id, parent, own, &out[parent.0 as usize]),
        };
        out.push(name);
    }
    out
}

/// The nearest enclosing scope that has a name of its own.
fn code_around(scopes: &Scopes, scope: ScopeId, inlined: bool) -> Option<ScopeId> {
    let mut parent = scopes.scope(scope).parent?;
    while !has_name(scopes.scope(parent).kind, inlined) {
        parent = scopes.scope(parent).parent?;
    }
    Some(parent)
}

fn has_name(kind: ScopeKind, inlined: bool) -> bool {
    match kind {
        ScopeKind::Module
        | ScopeKind::Class
        | ScopeKind::Function
        | ScopeKind::AsyncFunction
        | ScopeKind::Lambda
        | ScopeKind::GeneratorExp => true,
        ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp => !inlined,
        ScopeKind::Annotation
        | ScopeKind::TypeParameters
        | ScopeKind::TypeVariable
        | ScopeKind::TypeAlias => false,
    }
}

fn below(scopes: &Scopes, scope: ScopeId, parent: ScopeId, own: &str, around: &str) -> String {
    let kind = scopes.scope(parent).kind;
    let is_definition = scopes.scope(scope).kind != ScopeKind::Lambda;
    if kind == ScopeKind::Module || (is_definition && is_global(scopes, scope, parent)) {
        return own.to_owned();
    }
    let is_function = matches!(kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda);
    format!("{around}{}.{own}", if is_function { ".<locals>" } else { "" })
}

/// Whether the scope around a definition declares its name global.
fn is_global(scopes: &Scopes, scope: ScopeId, parent: ScopeId) -> bool {
    let symbol = scopes.binding_symbol(scope).filter(|it| scopes.symbol(*it).scope == parent);
    symbol.is_some_and(|it| scopes.symbol(it).resolution == Resolution::GlobalExplicit)
}
