//! Scopes, their symbols, and what every occurrence of a name refers to.
//!
//! The rules are those of CPython's compiler (`Python/symtable.c`), whose words are used: a first pass collects, for
//! each scope, which names it binds, uses and declares; a second decides for each symbol whether it is local, a
//! cell, free or global. Comprehensions are scopes; private names are mangled; `super` uses `__class__`.
//!
//! The shape is that of CPython 3.11. Type parameters and aliases (3.12) have scopes wherever they occur;
//! annotations have theirs from [`Options::python`] 3.14 on. The inlining of comprehensions (3.12) is not imitated.
//! What CPython refuses (`nonlocal` without binding, and the like) has no say here: such a symbol is resolved as if
//! the declaration were not there.
//!
//! Cost: linear in the nodes, plus one step per scope that a free variable passes through.

mod collect;
mod expressions;
mod resolve;

use astkit_ast::python::view;
use astkit_ast::tree::NONE;
use astkit_ast::{NodeId, PythonVersion, Tree};
use rustc_hash::FxHashMap;

use crate::names::{NameId, Names};

/// A scope: its index in the order in which CPython enters scopes. 0 is the module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ScopeId(pub u32);

/// A symbol: a name in one scope.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SymbolId(pub u32);

/// An occurrence of a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct OccurrenceId(pub u32);

/// What the scopes of a module depend on besides its tree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    /// The Python whose rules are followed.
    pub python: PythonVersion,
}

impl Default for Options {
    fn default() -> Self {
        Self { python: PythonVersion { major: 3, minor: 11 } }
    }
}

/// What a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ScopeKind {
    /// The module.
    Module,
    /// A class.
    Class,
    /// A function defined by `def`.
    Function,
    /// A function defined by `async def`.
    AsyncFunction,
    /// A lambda.
    Lambda,
    /// A list comprehension.
    ListComp,
    /// A set comprehension.
    SetComp,
    /// A dict comprehension.
    DictComp,
    /// A generator expression.
    GeneratorExp,
    /// The annotations of a function, class or module, evaluated on demand (3.14).
    Annotation,
    /// The type parameters of a function, class or type alias.
    TypeParameters,
    /// A bound, constraint or default of a type parameter.
    TypeVariable,
    /// The value of a type alias.
    TypeAlias,
}

impl ScopeKind {
    /// The type that `symtable` reports.
    pub fn symtable_type(self) -> &'static str {
        match self {
            ScopeKind::Module => "module",
            ScopeKind::Class => "class",
            ScopeKind::Annotation => "annotation",
            ScopeKind::TypeParameters => "type parameters",
            ScopeKind::TypeVariable => "type variable",
            ScopeKind::TypeAlias => "type alias",
            ScopeKind::Function
            | ScopeKind::AsyncFunction
            | ScopeKind::Lambda
            | ScopeKind::ListComp
            | ScopeKind::SetComp
            | ScopeKind::DictComp
            | ScopeKind::GeneratorExp => "function",
        }
    }

    /// Whether it is one of the four comprehensions.
    pub fn is_comprehension(self) -> bool {
        matches!(
            self,
            ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp | ScopeKind::GeneratorExp
        )
    }

    /// Whether scopes within it see its names.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }
}

/// A scope.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Scope {
    /// What it belongs to.
    pub kind: ScopeKind,
    /// The node: a definition, a lambda, a comprehension, a type parameter, an alias; `arguments` or the annotation
    /// for annotations; the definition again for its type parameters.
    pub node: NodeId,
    /// Its name, as `symtable` has it: `top`, `lambda`, `listcomp`, the definition's name.
    pub name: NameId,
    /// The enclosing scope; the module has none.
    pub parent: Option<ScopeId>,
    /// Whether it contains a `yield` of its own (or is a generator expression).
    pub is_generator: bool,
    /// Whether it is a coroutine: defined by `async def`, or an asynchronous comprehension.
    pub is_coroutine: bool,
    /// For a class: whether code in it needs the cell `__class__`.
    pub needs_class_cell: bool,
    /// For the module: whether it imports `*`.
    pub has_star_import: bool,
    /// Its symbols' range.
    symbols: (u32, u32),
}

/// How a symbol is resolved. The words are CPython's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Resolution {
    /// Bound here, of no interest to inner scopes.
    Local,
    /// Declared by `global`.
    GlobalExplicit,
    /// Bound by no enclosing function.
    GlobalImplicit,
    /// Bound by an enclosing function (or an enclosing class's `__class__`).
    Free,
    /// Bound here, free in an inner scope.
    Cell,
}

impl Resolution {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Resolution::Local => "local",
            Resolution::GlobalExplicit => "global_explicit",
            Resolution::GlobalImplicit => "global_implicit",
            Resolution::Free => "free",
            Resolution::Cell => "cell",
        }
    }

    /// Whether it is one of the two globals.
    pub fn is_global(self) -> bool {
        matches!(self, Resolution::GlobalExplicit | Resolution::GlobalImplicit)
    }
}

/// What a scope's code does with a name. The words are CPython's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Flags(u16);

impl Flags {
    /// Declared by `global`.
    pub const GLOBAL: Self = Self(1);
    /// Bound (or deleted) by other means than an import or as a parameter.
    pub const LOCAL: Self = Self(1 << 1);
    /// A parameter.
    pub const PARAM: Self = Self(1 << 2);
    /// Declared by `nonlocal`.
    pub const NONLOCAL: Self = Self(1 << 3);
    /// Used.
    pub const USE: Self = Self(1 << 4);
    /// Free in an inner scope, while this scope, a class, has the name as well.
    pub const FREE_CLASS: Self = Self(1 << 6);
    /// Bound by an import.
    pub const IMPORT: Self = Self(1 << 7);
    /// Annotated.
    pub const ANNOT: Self = Self(1 << 8);
    /// The target of a comprehension.
    pub const COMP_ITER: Self = Self(1 << 9);
    /// A type parameter.
    pub const TYPE_PARAM: Self = Self(1 << 10);
    /// Bound in any way.
    pub const BOUND: Self = Self(Self::LOCAL.0 | Self::PARAM.0 | Self::IMPORT.0 | Self::TYPE_PARAM.0);

    /// Whether any flag of `other` is set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A name in one scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// The scope.
    pub scope: ScopeId,
    /// The name, mangled.
    pub name: NameId,
    /// What the scope's code does with it. None for a name that only passes through.
    pub flags: Flags,
    /// How it is resolved.
    pub resolution: Resolution,
    /// The symbol that owns the variable: itself, the binding function's for a free one, the module's for a global
    /// one. None for a global name that the module's own code does not mention, and for `__class__`.
    pub variable: Option<SymbolId>,
}

/// What an occurrence does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Reads.
    Load,
    /// Assigns, the targets of loops, `with` and `:=` included.
    Store,
    /// Deletes.
    Del,
    /// A parameter.
    Param,
    /// Bound by an import.
    Import,
    /// The name of a function.
    Def,
    /// The name of a class.
    Class,
    /// In a `global` statement.
    Global,
    /// In a `nonlocal` statement.
    Nonlocal,
    /// The name of an exception handler.
    Except,
    /// Bound by a pattern.
    Capture,
    /// A type parameter.
    TypeParam,
}

impl Role {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Load => "load",
            Role::Store => "store",
            Role::Del => "del",
            Role::Param => "param",
            Role::Import => "import",
            Role::Def => "def",
            Role::Class => "class",
            Role::Global => "global",
            Role::Nonlocal => "nonlocal",
            Role::Except => "except",
            Role::Capture => "capture",
            Role::TypeParam => "type_param",
        }
    }

    /// Whether it gives the name a value.
    pub fn is_binding(self) -> bool {
        !matches!(self, Role::Load | Role::Del | Role::Global | Role::Nonlocal)
    }
}

/// An occurrence of a name in the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occurrence {
    /// The node that has the name: a `Name`, `arg`, `alias`, `ExceptHandler`, definition, pattern, `Global`, ...
    pub node: NodeId,
    /// Which of the node's names, for `Global` and `Nonlocal`; else 0.
    pub nth: u16,
    /// What it does.
    pub role: Role,
    /// Whether it stands in an annotation that is never evaluated there and makes no symbol.
    pub is_unevaluated: bool,
    /// The name, mangled.
    pub name: NameId,
    /// The scope whose code it belongs to.
    pub scope: ScopeId,
    /// The scope's symbol; none where only an unevaluated annotation mentions the name.
    pub symbol: Option<SymbolId>,
    /// The symbol that owns the variable. See [`Symbol::variable`].
    pub variable: Option<SymbolId>,
}

impl Occurrence {
    /// The name as it stands in the code, not mangled.
    pub fn written<'a>(&self, tree: &'a Tree) -> &'a str {
        let node = tree.node(self.node);
        let name = if let Some(alias) = view::Alias::cast(node) {
            let name = alias.asname().unwrap_or_else(|| alias.name());
            name.split('.').next()
        } else if matches!(self.role, Role::Global | Role::Nonlocal) {
            node.record_list(0).get(usize::from(self.nth)).and_then(|it| node.name_of(*it))
        } else {
            node.name_of(node.aux())
        };
        name.unwrap_or_default()
    }
}

/// The scopes, symbols and occurrences of one module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scopes {
    list: Vec<Scope>,
    /// By scope, then by name.
    symbols: Vec<Symbol>,
    /// Whether some code of the module binds the variable.
    bound: Vec<bool>,
    /// In the order in which CPython meets them.
    occurrences: Vec<Occurrence>,
    /// Scopes by node.
    by_node: FxHashMap<NodeId, ScopeId>,
    /// Where the occurrences of each loop and comprehension begin and end.
    loops: FxHashMap<NodeId, (u32, u32)>,
    /// Whether annotations are not evaluated where they stand.
    defers_annotations: bool,
    /// The first occurrence at each node of the tree, or [`NONE`].
    by_place: Vec<u32>,
    /// Where each definition's nodes begin among the tree's.
    starts: Vec<u32>,
    names: Names,
}

/// The scopes of a module.
pub fn scopes(tree: &Tree, options: &Options) -> Scopes {
    resolve::resolve(collect::collect(tree, options))
}

impl Scopes {
    /// All scopes.
    pub fn scopes(&self) -> impl Iterator<Item = (ScopeId, &Scope)> {
        (0..).map(ScopeId).zip(&self.list)
    }

    /// A scope.
    pub fn scope(&self, scope: ScopeId) -> &Scope {
        &self.list[scope.0 as usize]
    }

    /// The scope of a definition's body, a lambda or a comprehension.
    pub fn scope_of(&self, node: NodeId) -> Option<ScopeId> {
        self.by_node.get(&node).copied()
    }

    /// A scope's symbols, sorted by [`NameId`].
    pub fn symbols(&self, scope: ScopeId) -> impl Iterator<Item = (SymbolId, &Symbol)> {
        let (start, end) = self.scope(scope).symbols;
        (start..end).map(SymbolId).zip(&self.symbols[start as usize..end as usize])
    }

    /// Number of symbols of all scopes.
    pub fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    /// A symbol.
    pub fn symbol(&self, symbol: SymbolId) -> &Symbol {
        &self.symbols[symbol.0 as usize]
    }

    /// The symbol of a name in a scope.
    pub fn lookup(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        resolve::lookup(&self.symbols, self.scope(scope).symbols, name)
    }

    /// Whether some code of the module binds the variable that this symbol owns.
    pub fn is_bound(&self, variable: SymbolId) -> bool {
        self.bound[variable.0 as usize]
    }

    /// The scope that owns what an occurrence refers to; none if no code of the module binds it.
    ///
    /// `__class__` in a method belongs to the class.
    pub fn owner(&self, occurrence: &Occurrence) -> Option<ScopeId> {
        if let Some(variable) = occurrence.variable {
            return self.is_bound(variable).then(|| self.symbol(variable).scope);
        }
        let symbol = self.symbol(occurrence.symbol?);
        if symbol.resolution != Resolution::Free {
            return None;
        }
        let mut scope = self.scope(occurrence.scope).parent;
        while let Some(id) = scope {
            if self.scope(id).kind == ScopeKind::Class {
                return Some(id);
            }
            scope = self.scope(id).parent;
        }
        None
    }

    /// The symbol that a definition's name has in the scope around it.
    pub fn binding_symbol(&self, scope: ScopeId) -> Option<SymbolId> {
        let definition = self.scope(scope);
        let is_binding = |it: &&Occurrence| matches!(it.role, Role::Def | Role::Class);
        let of = self.occurrence_of(definition.node).map(|it| self.occurrence(it));
        of.filter(is_binding).and_then(|it| it.symbol)
    }

    /// The occurrence at a node that has one name; the first, for a node that has several.
    pub fn occurrence_of(&self, node: NodeId) -> Option<OccurrenceId> {
        let start = self.starts.get(node.def.0 as usize)?;
        let at = *self.by_place.get((start + node.index) as usize)?;
        (at != NONE).then_some(OccurrenceId(at))
    }

    /// All occurrences, in the order in which CPython's compiler meets them.
    pub fn occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// The occurrences in a loop or comprehension; empty for any other node.
    pub fn occurrences_in(&self, node: NodeId) -> &[Occurrence] {
        let (start, end) = self.loops.get(&node).copied().unwrap_or_default();
        &self.occurrences[start as usize..end as usize]
    }

    /// Whether annotations are evaluated later than where they stand, or never: by a `__future__` import, or from
    /// 3.14 on.
    pub fn defers_annotations(&self) -> bool {
        self.defers_annotations
    }

    /// An occurrence.
    pub fn occurrence(&self, occurrence: OccurrenceId) -> &Occurrence {
        &self.occurrences[occurrence.0 as usize]
    }

    /// The module's names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The text of a name.
    pub fn text(&self, name: NameId) -> &str {
        self.names.text(name)
    }
}

#[cfg(test)]
mod tests;
