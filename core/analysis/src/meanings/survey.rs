//! What a file's code looks at: local names, docstrings, hints.

use std::sync::LazyLock;

use crate::scopes::{Role, ScopeId, ScopeKind, Scopes};
use astkit_ast::python::{ExprContext, Kind, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{Constant, Tree};
use rustc_hash::FxHashSet;

use super::inert::{DOCSTRING_READERS, FRAME_ATTRIBUTES, FRAME_NAMES, HINT_READERS, QUERY_ATTRIBUTES};

/// What a file's code looks at.
pub struct Survey {
    /// Per scope: whether its local names can be seen.
    pub shows_names: Vec<bool>,
    /// Whether some docstring is read, and not told which.
    pub reads_docstrings: bool,
    /// Whether hints are read.
    pub reads_hints: bool,
    /// The names, as written, whose docstrings are read; `__doc__` itself for the module's.
    pub documented: FxHashSet<String>,
}

impl Survey {
    /// Looks through a file. Cost: linear.
    pub fn new(tree: &Tree, scopes: &Scopes) -> Self {
        let count = scopes.scopes().count();
        let mut survey = Self {
            shows_names: vec![false; count],
            reads_docstrings: false,
            reads_hints: false,
            documented: FxHashSet::default(),
        };
        if !may_look(tree) {
            return survey;
        }
        let mut harmless = FxHashSet::default();
        let own = own_variables(scopes);
        let (mut queries, mut has_queries) = (Vec::new(), false);
        let mut stack = vec![(tree.root(), ScopeId(0))];
        while let Some((node, around)) = stack.pop() {
            if is_text_statement(node) {
                continue;
            }
            let scope = scopes.scope_of(node.id()).unwrap_or(around);
            if !harmless.contains(&node.index()) && !is_own(node, scopes, &own) {
                survey.node(node, scope, scopes, &mut harmless);
            }
            if view::Call::cast(node).is_some_and(is_query) {
                queries.push(scope);
            }
            if let Some(it) = view::Constant::cast(node) {
                has_queries |= names_a_local(it.value());
            }
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, scope)));
            stack[first..].reverse();
        }
        if has_queries {
            for scope in queries {
                survey.show(scope, scopes);
            }
        }
        survey
    }

    fn node(&mut self, node: Node<'_>, scope: ScopeId, scopes: &Scopes, harmless: &mut FxHashSet<u32>) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "other nodes look at nothing by themselves")]
        match kind(node) {
            Kind::Call => harmless.extend(harmless_callee(node)),
            Kind::Name => self.name(node, scope, scopes),
            Kind::Attribute => self.attribute(node, scope, scopes),
            Kind::Alias => {
                let name = view::Alias::cast(node).map_or("", |it| it.name());
                self.reader(name);
            }
            Kind::Constant => {
                if let Constant::Str(text) = node.constant_of(node.aux())
                    && is_telling_text(text)
                {
                    self.reads_docstrings |= &**text == "__doc__";
                    self.reads_hints |= &**text == "__annotations__";
                    if !matches!(&**text, "__doc__" | "__annotations__") {
                        self.show(scope, scopes);
                    }
                }
            }
            _ => {}
        }
    }

    fn reader(&mut self, name: &str) {
        self.reads_docstrings |= DOCSTRING_READERS.contains(&name);
        self.reads_hints |= HINT_READERS.contains(&name);
    }

    fn name(&mut self, node: Node<'_>, scope: ScopeId, scopes: &Scopes) {
        if !is_telling(view::Name::cast(node).map_or("", view::Name::id)) {
            return;
        }
        let Some(name) = view::Name::cast(node).filter(|it| it.ctx() == ExprContext::Load) else { return };
        let id = name.id();
        self.reader(id);
        if id == "__doc__" {
            self.documented.insert(id.to_owned());
        }
        if FRAME_NAMES.contains(&id) {
            self.show(scope, scopes);
        }
    }

    fn attribute(&mut self, node: Node<'_>, scope: ScopeId, scopes: &Scopes) {
        let Some(it) = view::Attribute::cast(node) else { return };
        let attr = it.attr();
        if !is_telling(attr) {
            return;
        }
        if FRAME_ATTRIBUTES.contains(&attr) {
            self.show(scope, scopes);
        }
        if it.ctx() != ExprContext::Load {
            return;
        }
        self.reader(attr);
        if attr == "__doc__" {
            match view::Name::cast(it.value()) {
                Some(name) if is_global(scopes, scope, name.id()) => {
                    self.documented.insert(name.id().to_owned());
                }
                _ => self.reads_docstrings = true,
            }
        }
    }

    /// The names of a scope and of all around it can be seen.
    fn show(&mut self, scope: ScopeId, scopes: &Scopes) {
        let mut next = Some(scope);
        while let Some(scope) = next.filter(|it| !self.shows_names[it.0 as usize]) {
            self.shows_names[scope.0 as usize] = true;
            next = scopes.scope(scope).parent;
        }
        // A module's names are never changed, but what is within it must not stop at it.
        if let Some(module) = self.shows_names.first_mut() {
            *module = false;
        }
    }
}

/// Whether a statement is a text, as docstrings are: nothing is given it.
fn is_text_statement(node: Node<'_>) -> bool {
    view::Expr::cast(node).is_some_and(|it| kind(it.value()) == Kind::Constant)
}

/// Per variable: whether it is one of a function, and no import binds it. Such a variable is what the function makes of
/// it, however it is called: a folder may be a `dir`.
fn own_variables(scopes: &Scopes) -> Vec<bool> {
    let mut out = vec![false; scopes.symbol_count()];
    for (id, _) in scopes.scopes().filter(|(_, it)| it.kind.is_function_like()) {
        for (symbol, _) in scopes.symbols(id) {
            out[symbol.0 as usize] = scopes.is_bound(symbol);
        }
    }
    for it in scopes.occurrences().iter().filter(|it| it.role == Role::Import) {
        if let Some(variable) = it.variable {
            out[variable.0 as usize] = false;
        }
    }
    out
}

/// Whether a node is the name of such a variable.
fn is_own(node: Node<'_>, scopes: &Scopes, own: &[bool]) -> bool {
    if kind(node) != Kind::Name || !is_telling(view::Name::cast(node).map_or("", view::Name::id)) {
        return false;
    }
    let variable = scopes.occurrence_of(node.id()).and_then(|it| scopes.occurrence(it).variable);
    variable.is_some_and(|it| own[it.0 as usize])
}

/// Whether any name or text of a file is one that looks at something: most files have none.
fn may_look(tree: &Tree) -> bool {
    let is_query = |it: &str| QUERY_ATTRIBUTES.contains(&it);
    tree.names().any(is_telling)
        || tree.constants().any(|it| matches!(it, Constant::Str(it) if is_telling_text(it)))
        || (tree.names().any(is_query) && tree.constants().any(names_a_local))
}

fn is_telling_text(text: &str) -> bool {
    matches!(text, "__doc__" | "__annotations__" | "f_locals" | "__code__")
}

/// Whether some list has a name at all: most names are told apart by this alone.
fn is_telling(name: &str) -> bool {
    static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
        let lists = [FRAME_NAMES, FRAME_ATTRIBUTES, DOCSTRING_READERS, HINT_READERS, &["__doc__"]];
        lists.into_iter().flatten().copied().collect()
    });
    NAMES.contains(name)
}

/// Whether a name means a variable of the module in a scope.
fn is_global(scopes: &Scopes, scope: ScopeId, name: &str) -> bool {
    let Some(name) = scopes.names().find(name) else { return false };
    let symbol = scopes.lookup(scope, name).map(|it| scopes.symbol(it));
    symbol.is_some_and(|it| it.resolution.is_global() || scopes.scope(scope).kind == ScopeKind::Module)
}

/// Whether a method is called that may read `@name` in a text that it is given; a class or its attribute is no text.
fn is_query(call: view::Call<'_>) -> bool {
    let is_named = view::Attribute::cast(call.func()).is_some_and(|it| QUERY_ATTRIBUTES.contains(&it.attr()));
    let Some(mut first) = call.args().next().filter(|_| is_named) else { return is_named };
    while let Some(it) = view::Attribute::cast(first) {
        first = it.value();
    }
    !view::Name::cast(first).is_some_and(|it| it.id().starts_with(char::is_uppercase))
}

/// Whether a text has `@` before a name, and not behind one as in the address of somebody.
fn names_a_local(value: &Constant) -> bool {
    let Constant::Str(text) = value else { return false };
    let is_name = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices('@').any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        after.starts_with(is_name) && !before.ends_with(|it: char| is_name(it) || it == '.' || it == '-')
    })
}

/// The function of a call if that would show names, but doesn't with these arguments: `vars(x)`, `x.evaluate()`.
fn harmless_callee(node: Node<'_>) -> Option<u32> {
    let call = view::Call::cast(node)?;
    let has_arguments = call.args().next().is_some();
    let func = call.func();
    let harmless = if let Some(name) = view::Name::cast(func) {
        matches!(name.id(), "vars" | "dir") && has_arguments
    } else if let Some(it) = view::Attribute::cast(func) {
        it.attr() == "evaluate" && !has_arguments
    } else {
        false
    };
    harmless.then(|| func.index())
}
