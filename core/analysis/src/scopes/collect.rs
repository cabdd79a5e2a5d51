//! The first pass: which names each scope binds, uses and declares.
//!
//! Walks in CPython's order, because scopes are numbered in it: defaults before decorators, a dict's keys before
//! its values, a comprehension's conditions before its element.

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::tree::NONE;
use astkit_ast::{DefId, Node, NodeId, Tree};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Flags, Occurrence, Options, Role, ScopeId, ScopeKind, SymbolId};
use crate::names::{NameId, NameInterner, Names, index};

/// A scope that is being collected.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub(super) struct Draft {
    pub(super) kind: ScopeKind,
    pub(super) node: NodeId,
    pub(super) name: NameId,
    pub(super) parent: Option<ScopeId>,
    pub(super) is_generator: bool,
    pub(super) is_coroutine: bool,
    pub(super) has_star_import: bool,
    /// Whether its names are looked up in the enclosing class as well (3.12's scopes, directly in a class).
    pub(super) sees_class: bool,
}

/// What the first pass finds out.
pub(super) struct Collected {
    pub(super) scopes: Vec<Draft>,
    /// In the order of first occurrence, scopes mixed.
    pub(super) symbols: Vec<(ScopeId, NameId, Flags)>,
    pub(super) occurrences: Vec<Occurrence>,
    pub(super) by_node: FxHashMap<NodeId, ScopeId>,
    pub(super) loops: FxHashMap<NodeId, (u32, u32)>,
    pub(super) defers_annotations: bool,
    /// The symbols by scope and name.
    pub(super) index: FxHashMap<(ScopeId, NameId), u32>,
    /// Where each definition's nodes begin among the tree's, and how many nodes there are.
    pub(super) starts: Vec<u32>,
    pub(super) nodes: usize,
    pub(super) names: Names,
    /// The names that a class keeps cells for.
    pub(super) class_cells: [NameId; 3],
}

pub(super) fn collect(tree: &Tree, options: &Options) -> Collected {
    let mut names = NameInterner::default();
    let class_cells = ["__class__", "__classdict__", "__conditional_annotations__"];
    let class_cells = class_cells.map(|it| names.intern(it));
    let super_name = names.intern("super");
    let lazy_annotations = (options.python.major, options.python.minor) >= (3, 14);
    let mut collector = Collector {
        names,
        scopes: Vec::new(),
        stack: Vec::new(),
        index: FxHashMap::with_capacity_and_hasher(tree.node_count() as usize / 10, FxBuildHasher),
        recent: Vec::new(),
        symbols: Vec::with_capacity(tree.node_count() as usize / 10),
        occurrences: Vec::with_capacity(tree.node_count() as usize / 4),
        by_node: FxHashMap::default(),
        loops: FxHashMap::default(),
        private: None,
        mangled_only: None,
        targets: false,
        unevaluated: 0,
        future_annotations: has_future_annotations(tree.root()),
        lazy_annotations,
        class_cells,
        super_name,
    };
    let top = collector.names.intern("top");
    collector.enter(ScopeKind::Module, tree.root(), top);
    collector.body(tree.root(), Field::Body);
    collector.leave();
    Collected {
        scopes: collector.scopes,
        symbols: collector.symbols,
        occurrences: collector.occurrences,
        by_node: collector.by_node,
        loops: collector.loops,
        defers_annotations: collector.lazy_annotations || collector.future_annotations,
        index: collector.index,
        starts: (0..tree.def_count()).map(|it| tree.def(DefId(it)).index()).collect(),
        nodes: tree.node_count() as usize,
        names: collector.names.finish(),
        class_cells,
    }
}

/// Whether annotations are never evaluated: `from __future__ import annotations` among the first statements.
fn has_future_annotations(module: Node<'_>) -> bool {
    let is_docstring =
        |it: Node<'_>| view::Expr::cast(it).is_some_and(|it| kind(it.value()) == Kind::Constant);
    let mut body = module.field(Field::Body.into()).peekable();
    body.next_if(|it| is_docstring(*it));
    body.map_while(view::ImportFrom::cast)
        .take_while(|it| it.module() == Some("__future__") && it.level() == 0)
        .flat_map(view::ImportFrom::names)
        .any(|it| view::Alias::cast(it).is_some_and(|it| it.name() == "annotations"))
}

pub(super) struct Collector {
    pub(super) names: NameInterner,
    pub(super) scopes: Vec<Draft>,
    /// The open scopes.
    stack: Vec<ScopeId>,
    index: FxHashMap<(ScopeId, NameId), u32>,
    /// Of each name, the scope that had it last, and its symbol there.
    recent: Vec<(ScopeId, u32)>,
    symbols: Vec<(ScopeId, NameId, Flags)>,
    occurrences: Vec<Occurrence>,
    by_node: FxHashMap<NodeId, ScopeId>,
    loops: FxHashMap<NodeId, (u32, u32)>,
    /// The innermost class: private names are mangled with its name.
    private: Option<NameId>,
    /// Within a generic class's type parameters: the only names that are mangled.
    mangled_only: Option<Vec<NameId>>,
    /// Whether what is visited is the target of a comprehension.
    pub(super) targets: bool,
    /// How many annotations around are never evaluated.
    pub(super) unevaluated: u32,
    future_annotations: bool,
    lazy_annotations: bool,
    class_cells: [NameId; 3],
    super_name: NameId,
}

impl Collector {
    pub(super) fn enter(&mut self, kind: ScopeKind, node: Node<'_>, name: NameId) -> ScopeId {
        let id = ScopeId(index(self.scopes.len()));
        let keyed = !matches!(
            kind,
            ScopeKind::Annotation
                | ScopeKind::TypeParameters
                | ScopeKind::TypeVariable
                | ScopeKind::TypeAlias
        );
        if keyed {
            self.by_node.insert(node.id(), id);
        }
        self.scopes.push(Draft {
            kind,
            node: node.id(),
            name,
            parent: self.stack.last().copied(),
            is_generator: kind == ScopeKind::GeneratorExp,
            is_coroutine: kind == ScopeKind::AsyncFunction,
            has_star_import: false,
            sees_class: false,
        });
        self.stack.push(id);
        id
    }

    pub(super) fn leave(&mut self) {
        self.stack.pop();
    }

    pub(super) fn current(&self) -> ScopeId {
        self.stack.last().copied().unwrap_or(ScopeId(0))
    }

    pub(super) fn draft(&mut self) -> &mut Draft {
        let at = self.current().0 as usize;
        &mut self.scopes[at]
    }

    fn mangled(&mut self, name: NameId) -> NameId {
        let Some(class) = self.private else { return name };
        if self.mangled_only.as_ref().is_some_and(|it| !it.contains(&name)) {
            return name;
        }
        self.names.mangled(name, class)
    }

    fn flags(&self, scope: ScopeId, name: NameId) -> Flags {
        self.index.get(&(scope, name)).map(|it| self.symbols[*it as usize].2).unwrap_or_default()
    }

    fn add_to(&mut self, scope: ScopeId, name: NameId, flags: Flags) -> u32 {
        let place = name.0 as usize;
        if self.recent.len() <= place {
            self.recent.resize(place + 1, (ScopeId(u32::MAX), 0));
        }
        if self.recent[place].0 != scope {
            let at = *self.index.entry((scope, name)).or_insert_with(|| {
                self.symbols.push((scope, name, Flags::default()));
                index(self.symbols.len() - 1)
            });
            self.recent[place] = (scope, at);
        }
        let at = self.recent[place].1;
        let symbol = &mut self.symbols[at as usize].2;
        *symbol = symbol.with(flags);
        at
    }

    /// Notes that the current scope does this with an unmangled name. Returns the name mangled, and its symbol.
    fn add_symbol(&mut self, name: NameId, flags: Flags) -> (NameId, SymbolId) {
        let name = self.mangled(name);
        let flags = if self.targets { flags.with(Flags::COMP_ITER) } else { flags };
        let at = self.add_to(self.current(), name, flags);
        if flags.has(Flags::GLOBAL) {
            self.add_to(ScopeId(0), name, Flags::GLOBAL);
        }
        (name, SymbolId(at))
    }

    /// Notes that the current scope does this with an unmangled name.
    pub(super) fn add(&mut self, name: NameId, flags: Flags) {
        self.add_symbol(name, flags);
    }

    /// Notes an occurrence, and that the current scope does this with the name.
    pub(super) fn occur(&mut self, node: Node<'_>, name: NameId, role: Role, flags: Flags) {
        if self.unevaluated == 0 {
            let (name, symbol) = self.add_symbol(name, flags);
            self.record(node, 0, name, role, Some(symbol));
        } else {
            let name = self.mangled(name);
            self.record(node, 0, name, role, None);
        }
    }

    /// Notes an occurrence alone; the name is mangled.
    fn record(&mut self, node: Node<'_>, nth: u16, name: NameId, role: Role, symbol: Option<SymbolId>) {
        let scope = self.current();
        self.occurrences.push(Occurrence {
            node: node.id(),
            nth,
            role,
            is_unevaluated: self.unevaluated > 0,
            name,
            scope,
            symbol,
            variable: None,
        });
    }

    /// The name that a word of a node stands for.
    pub(super) fn name(&mut self, node: Node<'_>, word: u32) -> Option<NameId> {
        if word == NONE { None } else { self.names.of_word(node, word) }
    }

    /// A node whose word is the name that it binds, if it has one.
    pub(super) fn binds(&mut self, node: Node<'_>, role: Role) {
        if let Some(name) = self.name(node, node.aux()) {
            self.occur(node, name, role, Flags::LOCAL);
        }
    }

    pub(super) fn load(&mut self, node: Node<'_>, name: NameId) {
        self.occur(node, name, Role::Load, Flags::USE);
        let in_function = self.draft().kind.is_function_like();
        if name == self.super_name && in_function && self.unevaluated == 0 {
            self.add(self.class_cells[0], Flags::USE);
        }
    }

    /// The target of `:=` in a comprehension is a name of the nearest scope that is none.
    pub(super) fn bind_outside(&mut self, name: NameId) {
        let name = self.mangled(name);
        let Some(scope) =
            self.stack.iter().rev().copied().find(|it| !self.scopes[it.0 as usize].kind.is_comprehension())
        else {
            return;
        };
        let kind = self.scopes[scope.0 as usize].kind;
        if kind == ScopeKind::Module {
            self.add_to(self.current(), name, Flags::GLOBAL);
            self.add_to(scope, name, Flags::GLOBAL);
        } else if matches!(kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda) {
            let global = self.flags(scope, name).has(Flags::GLOBAL);
            self.add_to(self.current(), name, if global { Flags::GLOBAL } else { Flags::NONLOCAL });
            self.add_to(scope, name, Flags::LOCAL);
        }
        // CPython refuses it in a class.
    }

    /// All children of a role.
    pub(super) fn body(&mut self, node: Node<'_>, field: Field) {
        for child in node.field(field.into()) {
            self.visit(child);
        }
    }

    pub(super) fn visit(&mut self, node: Node<'_>) {
        match kind(node) {
            Kind::Name | Kind::Constant => self.expression(node),
            _ => stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(node)),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no statement is visited as an expression")]
    fn statement(&mut self, node: Node<'_>) {
        match kind(node) {
            Kind::FunctionDef => self.function(node, ScopeKind::Function),
            Kind::AsyncFunctionDef => self.function(node, ScopeKind::AsyncFunction),
            Kind::ClassDef => self.class(node),
            Kind::AnnAssign => self.ann_assign(node),
            Kind::TypeAlias => self.type_alias(node),
            Kind::Try | Kind::TryStar => {
                self.body(node, Field::Body);
                if self.lazy_annotations {
                    self.body(node, Field::Handlers);
                    self.body(node, Field::Orelse);
                } else {
                    self.body(node, Field::Orelse);
                    self.body(node, Field::Handlers);
                }
                self.body(node, Field::Finalbody);
            }
            Kind::ExceptHandler => {
                self.body(node, Field::Type);
                self.binds(node, Role::Except);
                self.body(node, Field::Body);
            }
            Kind::Import | Kind::ImportFrom => {
                for alias in node.children() {
                    self.alias(alias);
                }
            }
            Kind::For | Kind::AsyncFor | Kind::While => {
                let start = self.occurrences.len();
                self.expression(node);
                self.close_range(node, start);
            }
            Kind::Global => self.declare(node, Role::Global, Flags::GLOBAL),
            Kind::Nonlocal => self.declare(node, Role::Nonlocal, Flags::NONLOCAL),
            _ => self.expression(node),
        }
    }

    /// How many occurrences there are so far.
    pub(super) fn occurrence_count(&self) -> usize {
        self.occurrences.len()
    }

    /// Notes where the occurrences in a loop or comprehension stand.
    pub(super) fn close_range(&mut self, node: Node<'_>, start: usize) {
        self.loops.insert(node.id(), (index(start), index(self.occurrences.len())));
    }

    fn declare(&mut self, node: Node<'_>, role: Role, flags: Flags) {
        for (nth, word) in (0..).zip(node.record_list(0)) {
            if let Some(name) = self.name(node, *word) {
                let (name, symbol) = self.add_symbol(name, flags);
                self.record(node, nth, name, role, Some(symbol));
            }
        }
    }

    fn alias(&mut self, node: Node<'_>) {
        let Some(alias) = view::Alias::cast(node) else { return self.expression(node) };
        if alias.name() == "*" && alias.asname().is_none() {
            self.draft().has_star_import = true;
            return;
        }
        let bound = alias.asname().unwrap_or_else(|| alias.name());
        let name = self.names.intern(bound.split('.').next().unwrap_or(bound));
        self.occur(node, name, Role::Import, Flags::IMPORT);
    }

    fn function(&mut self, node: Node<'_>, scope: ScopeKind) {
        self.binds(node, Role::Def);
        let arguments = node.required(Field::Args.into());
        self.body(arguments, Field::Defaults);
        self.body(arguments, Field::KwDefaults);
        let name = self.name(node, node.aux()).unwrap_or_else(|| self.names.intern(""));
        let generic = node.child(Field::TypeParams.into()).is_some();
        if generic || self.lazy_annotations {
            self.body(node, Field::DecoratorList);
            if generic {
                self.enter_type_parameters(node, name);
                for (field, implicit) in [(Field::Defaults, ".defaults"), (Field::KwDefaults, ".kwdefaults")]
                {
                    if arguments.child(field.into()).is_some() {
                        let implicit = self.names.intern(implicit);
                        self.add(implicit, Flags::PARAM);
                    }
                }
                self.body(node, Field::TypeParams);
            }
            self.annotations(node, arguments);
        } else {
            self.annotations(node, arguments);
            self.body(node, Field::DecoratorList);
        }
        self.enter(scope, node, name);
        self.parameters(arguments);
        self.body(node, Field::Body);
        self.leave();
        if generic {
            self.leave();
        }
    }

    /// The parameters as names of the current scope, in CPython's order.
    pub(super) fn parameters(&mut self, arguments: Node<'_>) {
        for field in [Field::Posonlyargs, Field::Args, Field::Kwonlyargs, Field::Vararg, Field::Kwarg] {
            for arg in arguments.field(field.into()) {
                if let Some(name) = self.name(arg, arg.aux()) {
                    self.occur(arg, name, Role::Param, Flags::PARAM);
                }
            }
        }
    }

    fn annotations(&mut self, node: Node<'_>, arguments: Node<'_>) {
        let lazy = self.lazy_annotations && !self.future_annotations;
        if lazy {
            self.enter_lazy(ScopeKind::Annotation, arguments, None);
        }
        self.unevaluated += u32::from(self.future_annotations);
        for field in [Field::Posonlyargs, Field::Args, Field::Vararg, Field::Kwarg, Field::Kwonlyargs] {
            for arg in arguments.field(field.into()) {
                self.body(arg, Field::Annotation);
            }
        }
        self.body(node, Field::Returns);
        self.unevaluated -= u32::from(self.future_annotations);
        if lazy {
            self.leave();
        }
    }

    /// Enters one of the scopes that are evaluated on demand, and which see the names of a class they stand in.
    fn enter_lazy(&mut self, kind: ScopeKind, node: Node<'_>, name: Option<NameId>) {
        let outer = self.current().0 as usize;
        let sees_class = self.scopes[outer].kind == ScopeKind::Class || self.scopes[outer].sees_class;
        let name = name.unwrap_or_else(|| self.names.intern("__annotate__"));
        self.enter(kind, node, name);
        if self.lazy_annotations && kind != ScopeKind::TypeParameters {
            let format = self.names.intern(".format");
            self.add(format, Flags::PARAM.with(Flags::USE));
        }
        if sees_class {
            self.draft().sees_class = true;
            self.add(self.class_cells[1], Flags::USE);
        }
    }

    fn enter_type_parameters(&mut self, node: Node<'_>, name: NameId) {
        self.enter_lazy(ScopeKind::TypeParameters, node, Some(name));
    }

    fn class(&mut self, node: Node<'_>) {
        self.binds(node, Role::Class);
        let name = self.name(node, node.aux()).unwrap_or_else(|| self.names.intern(""));
        let generic = node.child(Field::TypeParams.into()).is_some();
        let (private, mangled_only) = (self.private, self.mangled_only.take());
        if generic || self.lazy_annotations {
            self.mangled_only.clone_from(&mangled_only);
            self.body(node, Field::DecoratorList);
        }
        if generic {
            self.enter_type_parameters(node, name);
            for implicit in [".type_params", ".generic_base"] {
                let implicit = self.names.intern(implicit);
                self.add(implicit, Flags::LOCAL.with(Flags::USE));
            }
            self.private = Some(name);
            self.mangled_only = Some(Vec::new());
            self.body(node, Field::TypeParams);
        } else {
            self.mangled_only.clone_from(&mangled_only);
        }
        self.body(node, Field::Bases);
        self.body(node, Field::Keywords);
        if !generic && !self.lazy_annotations {
            self.body(node, Field::DecoratorList);
        }
        self.mangled_only = None;
        self.enter(ScopeKind::Class, node, name);
        self.private = Some(name);
        if generic {
            for (implicit, flags) in [("__type_params__", Flags::LOCAL), (".type_params", Flags::USE)] {
                let implicit = self.names.intern(implicit);
                self.add(implicit, flags);
            }
        }
        self.body(node, Field::Body);
        self.leave();
        if generic {
            self.leave();
        }
        (self.private, self.mangled_only) = (private, mangled_only);
    }

    fn ann_assign(&mut self, node: Node<'_>) {
        let Some(statement) = view::AnnAssign::cast(node) else { return };
        let target = statement.target();
        if kind(target) == Kind::Name {
            if let Some(name) = self.name(target, target.aux()) {
                let flags = if statement.simple() != 0 {
                    Flags::LOCAL.with(Flags::ANNOT)
                } else if statement.value().is_some() {
                    Flags::LOCAL
                } else {
                    Flags::default()
                };
                if flags == Flags::default() {
                    let name = self.mangled(name);
                    self.record(target, 0, name, Role::Store, None);
                } else {
                    self.occur(target, name, Role::Store, flags);
                }
            }
        } else {
            self.visit(target);
        }
        self.annotation(statement.annotation());
        self.body(node, Field::Value);
    }

    fn annotation(&mut self, annotation: Node<'_>) {
        let in_function = self.draft().kind.is_function_like();
        let lazy = self.lazy_annotations && !self.future_annotations;
        let unevaluated = self.future_annotations || (lazy && in_function);
        if lazy && !in_function {
            self.enter_lazy(ScopeKind::Annotation, annotation, None);
        }
        self.unevaluated += u32::from(unevaluated);
        self.visit(annotation);
        self.unevaluated -= u32::from(unevaluated);
        if lazy && !in_function {
            self.leave();
        }
    }

    fn type_alias(&mut self, node: Node<'_>) {
        let target = node.required(Field::Name.into());
        self.visit(target);
        let name = self.name(target, target.aux()).unwrap_or_else(|| self.names.intern(""));
        let generic = node.child(Field::TypeParams.into()).is_some();
        if generic {
            self.enter_type_parameters(node, name);
            self.body(node, Field::TypeParams);
        }
        self.enter_lazy(ScopeKind::TypeAlias, node, Some(name));
        self.body(node, Field::Value);
        self.leave();
        if generic {
            self.leave();
        }
    }

    /// A type parameter; its bound and its default have scopes of their own.
    pub(super) fn type_param(&mut self, node: Node<'_>) {
        let Some(name) = self.name(node, node.aux()) else { return };
        if let Some(mangled) = &mut self.mangled_only {
            mangled.push(name);
        }
        self.occur(node, name, Role::TypeParam, Flags::TYPE_PARAM.with(Flags::LOCAL));
        for field in [Field::Bound, Field::DefaultValue] {
            if let Some(child) = node.child(field.into()) {
                self.enter_lazy(ScopeKind::TypeVariable, node, Some(name));
                self.visit(child);
                self.leave();
            }
        }
    }
}
