//! Definitions of the normal form: what of their hints and docstrings is kept, and their bodies.

use astkit_analysis::scopes::{Flags, ScopeId, Symbol, SymbolId};
use astkit_ast::builder::{Mark, NameId};
use astkit_ast::python::{ExprContext, Kind, Role, build, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{Constant, Span};

use super::{Around, Keep, Normalizer};
use astkit_analysis::meanings::inert::{self, Looks};

impl<'a> Normalizer<'a> {
    /// The statements of a module; returns how many there are.
    pub(super) fn module_body(&mut self, module: Node<'a>) -> usize {
        let start = self.builder.mark();
        self.body(module, false, true);
        self.builder.roots(start).len()
    }

    pub(super) fn function(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        self.begun.push(node.index());
        let looks = self.looks_of(node);
        let keeps_hints = self.keeps_hints(looks.at_hints || self.around.keeps_method_hints);
        for child in node.children() {
            let role = child.role();
            if role == Role::Body.into() {
                break;
            }
            if role == Role::Returns.into() && !keeps_hints {
                continue;
            }
            if kind(child) == Kind::Arguments {
                self.arguments(child, keeps_hints);
            } else {
                self.expression_or_definition(child);
            }
            self.builder.role(role);
        }
        let outer = self.around;
        self.around.keeps_variable_hints = false;
        self.around.keeps_method_hints = false;
        let yields = std::mem::take(&mut self.yields);
        self.open.push(node.index());
        self.depth += 1;
        let scope = self.scopes.scope_of(node.id());
        if let Some(scope) = scope {
            self.declarations(scope);
        }
        self.body(node, self.keeps_docstring(node, looks), false);
        if let Some(scope) = scope {
            self.dead_bindings(scope, node);
        }
        if self.yields == 0 && scope.is_some_and(|it| self.scopes.scope(it).is_generator) {
            self.dead_yield(node);
        }
        self.open.pop();
        self.depth -= 1;
        self.yields = yields;
        self.around = outer;
        let name = self.name_of_occurrence(node);
        let built = self.close_with(start, node, name.0);
        self.wrote(node, built, self.depth);
    }

    fn arguments(&mut self, node: Node<'a>, keeps_hints: bool) {
        let start = self.builder.mark();
        for child in node.children() {
            if kind(child) == Kind::Arg && !keeps_hints {
                let start = self.builder.mark();
                let name = self.name_of_occurrence(child);
                self.close_with(start, child, name.0);
            } else {
                self.expression_or_definition(child);
            }
            self.builder.role(child.role());
        }
        self.close(start, node);
    }

    /// The hint of a parameter whose hints are kept.
    pub(super) fn annotation_of(&mut self, arg: Node<'a>) {
        for child in arg.children() {
            self.expression_or_definition(child);
            self.builder.role(child.role());
        }
    }

    pub(super) fn class(&mut self, node: Node<'a>) {
        let Some(class) = view::ClassDef::cast(node) else { return };
        let start = self.builder.mark();
        self.begun.push(node.index());
        let looks = self.looks_of(node);
        for child in node.children().take_while(|it| it.role() != Role::Body.into()) {
            self.expression_or_definition(child);
            self.builder.role(child.role());
        }
        let outer = self.around;
        let is_inert = self.is_inert(node);
        self.around = Around {
            private: Some(class.name()),
            keeps_variable_hints: self.keeps_hints(!is_inert),
            keeps_method_hints: looks.at_hints && looks != inert::decorator("dataclasses.dataclass"),
        };
        self.open.push(node.index());
        let is_plain = class.bases().next().is_none()
            && class.keywords().next().is_none()
            && class.decorator_list().next().is_none();
        if let Some(scope) = self.scopes.scope_of(node.id()) {
            self.declarations(scope);
        }
        self.body(node, self.keeps_docstring(node, looks), is_plain);
        self.open.pop();
        self.around = outer;
        let name = self.name_of_occurrence(node);
        let built = self.close_with(start, node, name.0);
        self.wrote(node, built, self.depth);
    }

    /// A definition's or module's body.
    fn body(&mut self, node: Node<'a>, keeps_docstring: bool, sorts_functions: bool) {
        let mut body: Vec<Node<'a>> = node.field(Role::Body.into()).collect();
        let docstring = body.first().copied().filter(|it| is_docstring(*it));
        let keeps = keeps_docstring || (kind(node) == Kind::Module && self.keeps_module_docstring());
        if let Some(docstring) = docstring {
            body.remove(0);
            if keeps {
                self.copy(docstring);
                self.builder.role(Role::Body);
            }
        }
        let is_function = matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef);
        let has_docstring = docstring.is_some() && keeps;
        self.statements(&body, Role::Body, is_function, sorts_functions, !has_docstring);
    }

    fn keeps_module_docstring(&self) -> bool {
        self.keeps(self.options.docstrings, self.survey.reads_docstrings || self.is_documented("__doc__"))
    }

    fn is_documented(&self, name: &str) -> bool {
        self.survey.documented.contains(name)
    }

    fn keeps_docstring(&self, node: Node<'a>, looks: Looks) -> bool {
        let name = node.name_of(node.aux()).unwrap_or_default();
        let is_read = self.survey.reads_docstrings || looks.at_docstring || self.is_documented(name);
        // `__doc__` in a class body is the class's own.
        let is_own = kind(node) == Kind::ClassDef && self.is_documented("__doc__");
        self.keeps(self.options.docstrings, is_read || is_own)
    }

    pub(super) fn keeps_hints(&self, is_looked_at: bool) -> bool {
        self.keeps(self.options.hints, is_looked_at || self.survey.reads_hints)
    }

    #[expect(clippy::unused_self, reason = "reads as the others do")]
    fn keeps(&self, keep: Keep, is_seen: bool) -> bool {
        match keep {
            Keep::Auto => is_seen,
            Keep::Always => true,
            Keep::Never => false,
        }
    }

    /// What the decorators of a definition look at.
    fn looks_of(&self, node: Node<'a>) -> Looks {
        self.meanings.looks_of(self.tree, self.scopes, node)
    }

    /// Whether nothing looks at the hints in a class's body.
    fn is_inert(&mut self, node: Node<'a>) -> bool {
        if let Some(known) = self.inert.get(&node.index()) {
            return *known;
        }
        // A class among its own bases is none that Python can make.
        self.inert.insert(node.index(), false);
        let is_inert = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.find_inert(node));
        self.inert.insert(node.index(), is_inert);
        is_inert
    }

    fn find_inert(&mut self, node: Node<'a>) -> bool {
        let Some(class) = view::ClassDef::cast(node) else { return false };
        let is_meta = |it: Node<'a>| {
            let value = view::Keyword::cast(it).map(view::Keyword::value);
            value.and_then(|it| self.full_name(it)).is_none_or(|it| it != "abc.ABCMeta")
        };
        if self.looks_of(node).at_hints || class.keywords().any(is_meta) {
            return false;
        }
        let bases: Vec<Node<'a>> = class.bases().collect();
        bases.into_iter().all(|base| {
            let base = view::Subscript::cast(base).map_or(base, view::Subscript::value);
            if let Some(name) = self.full_name(base)
                && inert::is_inert_base(&name)
            {
                return true;
            }
            self.class_of(base).is_some_and(|it| self.is_inert(it))
        })
    }

    /// The class of the module that a name means.
    fn class_of(&self, name: Node<'a>) -> Option<Node<'a>> {
        self.meanings.class_of(self.tree, self.scopes, name)
    }

    /// The full name of what an expression, less its call, means: `functools.wraps` for `@wraps(f)`.
    pub(super) fn full_name(&self, node: Node<'a>) -> Option<String> {
        self.meanings.full_name(self.tree, self.scopes, node)
    }

    pub(super) fn import_of(&self, alias: Node<'a>) -> Option<view::ImportFrom<'a>> {
        let statement = self.meanings.import_of(alias)?;
        view::ImportFrom::cast(super::node_at(self.tree, statement)?)
    }

    /// Declares what a scope's code binds elsewhere: once, at the top.
    fn declarations(&mut self, scope: ScopeId) {
        let (mut globals, mut nonlocals): (Vec<NameId>, Vec<(u32, SymbolId)>) = (Vec::new(), Vec::new());
        let mut texts = Vec::new();
        for (_, symbol) in self.scopes.symbols(scope) {
            let declares = |it: Flags| symbol.flags.has(it);
            if declares(Flags::GLOBAL) && scope.0 != 0 {
                texts.push(self.scopes.text(symbol.name));
            } else if declares(Flags::NONLOCAL)
                && let Some(variable) = symbol.variable
            {
                nonlocals.push((symbol.name.0, variable));
            }
        }
        texts.sort_unstable();
        globals.extend(texts.into_iter().map(|it| self.builder.normalized_name(it)));
        let start = self.builder.mark();
        let origin = self.tree.node(self.scopes.scope(scope).node);
        if !globals.is_empty() {
            self.closed(origin);
            build::global(&mut self.builder, start, Span::default(), &globals);
            self.builder.role(Role::Body);
        }
        nonlocals.sort_unstable();
        if !nonlocals.is_empty() {
            let names: Vec<NameId> = nonlocals.into_iter().map(|it| self.declared(it.1)).collect();
            let start = self.builder.mark();
            self.closed(origin);
            build::nonlocal(&mut self.builder, start, Span::default(), &names);
            self.builder.role(Role::Body);
        }
    }

    fn declared(&mut self, variable: SymbolId) -> NameId {
        if self.is_numbered(variable) {
            return self.local_name(variable);
        }
        self.builder.normalized_name(self.scopes.text(self.scopes.symbol(variable).name))
    }

    /// What makes variables a function's own after their last binding was dropped.
    fn dead_bindings(&mut self, scope: ScopeId, origin: Node<'a>) {
        let is_unbound = |it: &SymbolId| self.used[it.0 as usize] && !self.bound[it.0 as usize];
        let owned = |(id, symbol): (SymbolId, &Symbol)| (symbol.variable == Some(id)).then_some(id);
        let unbound: Vec<SymbolId> =
            self.scopes.symbols(scope).filter_map(owned).filter(is_unbound).collect();
        if unbound.is_empty() {
            return;
        }
        let mut names: Vec<(u32, NameId)> =
            unbound.into_iter().map(|it| (self.numbers[it.0 as usize], self.declared(it))).collect();
        names.sort_unstable_by_key(|it| (it.0, it.1.0));
        for (_, name) in names {
            self.never(origin, |this, start| {
                this.closed(origin);
                build::name(&mut this.builder, start, Span::default(), name, ExprContext::Store);
                this.builder.role(Role::Targets);
                let value = this.builder.mark();
                let none = this.builder.constant(Constant::None);
                this.closed(origin);
                build::constant(&mut this.builder, value, Span::default(), none, None);
                this.builder.role(Role::Value);
                this.closed(origin);
                build::assign(&mut this.builder, start, Span::default());
            });
        }
    }

    /// What makes a function a generator after its last `yield` was dropped.
    fn dead_yield(&mut self, origin: Node<'a>) {
        self.never(origin, |this, start| {
            this.closed(origin);
            build::yield_(&mut this.builder, start, Span::default());
            this.builder.role(Role::Value);
            this.closed(origin);
            build::expr(&mut this.builder, start, Span::default());
        });
    }

    /// `if False:` before a statement.
    fn never(&mut self, origin: Node<'a>, write: impl FnOnce(&mut Self, Mark)) {
        let start = self.builder.mark();
        let never = self.builder.constant(Constant::Bool(false));
        self.closed(origin);
        build::constant(&mut self.builder, start, Span::default(), never, None);
        self.builder.role(Role::Test);
        let inner = self.builder.mark();
        write(self, inner);
        self.builder.role(Role::Body);
        self.closed(origin);
        build::if_(&mut self.builder, start, Span::default());
        self.builder.role(Role::Body);
    }
}

fn is_docstring(node: Node<'_>) -> bool {
    let value = view::Expr::cast(node).and_then(|it| view::Constant::cast(it.value()));
    value.is_some_and(|it| matches!(it.value(), Constant::Str(_) | Constant::Wtf8(_)))
}
