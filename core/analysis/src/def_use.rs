//! Def-use chains: which definitions of a variable may reach each use of it, and back.
//!
//! A *unit* is code that runs as one activation: the module, a function, a lambda, a generator expression. Class
//! bodies and the other comprehensions run where they stand and belong to the unit around. Within a unit the flow
//! of control is followed: branches, loops with `else`, `try` with `finally`, `with` that may swallow exceptions,
//! `match` with guards, `and`/`or`, deletions. Across units nothing is known of the order, but for one thing: a
//! function can't run before it is made. So a use of an enclosing unit's variable sees what is there when its
//! function is made, and all that may come later.
//!
//! How: one walk per unit in the order of evaluation keeps, per variable, one *value*: a definition, nothing
//! (unbound), or a merge of other values. Branches are undone by a log and merged by what they changed, so the cost
//! is that of the definitions times their depth of nesting, not of the variables. Two kinds of merge are kept
//! without listing their parts: *windows*, all definitions of a variable between two points of the walk (an
//! exception may leave a `try` anywhere), and what other units see. Sets of definitions are made at the end, for
//! the values that are used.
//!
//! Sound in what it lists: each definition that can really reach a use is there, but for `exec`, `locals()` and other
//! modules' writes. Left out are attributes and elements.
//!
//! Example: in `x = 1; x = 2; f(x)` the first definition has no uses, the second has one.
//! Source of the idea: beniget's `DefUseChains`; the single pass over structured code after Brandis and Mössenböck.

mod branches;
mod expressions;
mod flow;
mod patterns;
mod sets;
mod statements;
mod units;
mod values;
mod walk;

use astkit_ast::{Node, NodeId, Tree};

use crate::names::NameId;
use crate::scopes::{OccurrenceId, Role, ScopeId, Scopes, SymbolId};
use crate::truth::{Environment, truth};

pub use sets::SetId;
use sets::Sets;

/// A definition: its index in the order of the walk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DefinitionId(pub u32);

/// A use: its index in the order of the walk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct UseId(pub u32);

/// A place that gives a variable a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Definition {
    /// The node that has the name; the `alias` of `*` for what comes from elsewhere.
    pub node: NodeId,
    /// How it binds; none for `import *`, which may bind any global name.
    pub role: Option<Role>,
    /// The name; none for `import *`.
    pub name: Option<NameId>,
    /// The variable; none for `import *`.
    pub variable: Option<SymbolId>,
    /// The scope whose code it stands in.
    pub scope: ScopeId,
    /// Whether it may still be there when that scope's code has run.
    pub is_live: bool,
}

/// A place that reads (or deletes) a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// The occurrence of the name.
    pub occurrence: OccurrenceId,
    /// The node that has the name.
    pub node: NodeId,
    /// The definitions that may reach it.
    pub definitions: SetId,
    /// Whether it may find a builtin.
    pub is_builtin: bool,
    /// Whether it may find nothing.
    pub maybe_unbound: bool,
}

/// The chains of one module, both ways.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefUse {
    definitions: Vec<Definition>,
    uses: Vec<Use>,
    sets: Sets,
    /// Uses by definition: where each one's list begins in `users`.
    user_starts: Vec<u32>,
    users: Vec<UseId>,
    /// Uses and definitions by occurrence, or `u32::MAX`.
    use_of: Vec<u32>,
    definition_of: Vec<u32>,
    /// Sorted.
    unbound_at_end: Vec<SymbolId>,
}

/// The def-use chains of a module.
pub fn def_use(tree: &Tree, scopes: &Scopes) -> DefUse {
    let environment = Environment::default();
    sets::chains(scopes, &walk::walk(tree, scopes, &|it| truth(it, &environment)))
}

/// The same where more is known: how these conditions of `if`, `while` and `... if ... else ...`, or operands of them, come
/// out. What they leave out reaches nothing.
pub fn def_use_where(tree: &Tree, scopes: &Scopes, decided: &dyn Fn(NodeId) -> Option<bool>) -> DefUse {
    let environment = Environment::default();
    let decide = |it: Node<'_>| decided(it.id()).or_else(|| truth(it, &environment));
    sets::chains(scopes, &walk::walk(tree, scopes, &decide))
}

impl DefUse {
    /// All definitions.
    pub fn definitions(&self) -> impl Iterator<Item = (DefinitionId, &Definition)> {
        (0..).map(DefinitionId).zip(&self.definitions)
    }

    /// A definition.
    pub fn definition(&self, definition: DefinitionId) -> &Definition {
        &self.definitions[definition.0 as usize]
    }

    /// All uses.
    pub fn uses(&self) -> impl Iterator<Item = (UseId, &Use)> {
        (0..).map(UseId).zip(&self.uses)
    }

    /// A use.
    pub fn use_(&self, use_: UseId) -> &Use {
        &self.uses[use_.0 as usize]
    }

    /// The definitions that may reach a use, sorted.
    pub fn reaching(&self, use_: &Use) -> &[DefinitionId] {
        self.sets.get(use_.definitions)
    }

    /// The uses that a definition may reach, sorted.
    pub fn users(&self, definition: DefinitionId) -> &[UseId] {
        let at = definition.0 as usize;
        &self.users[self.user_starts[at] as usize..self.user_starts[at + 1] as usize]
    }

    /// The use at an occurrence: of a name that is read or deleted, or the target of `+=`.
    pub fn use_at(&self, occurrence: OccurrenceId) -> Option<UseId> {
        self.use_of.get(occurrence.0 as usize).copied().filter(|it| *it != u32::MAX).map(UseId)
    }

    /// The definition at an occurrence.
    pub fn definition_at(&self, occurrence: OccurrenceId) -> Option<DefinitionId> {
        self.definition_of.get(occurrence.0 as usize).copied().filter(|it| *it != u32::MAX).map(DefinitionId)
    }

    /// Whether a variable that its owner's code binds (or deletes) may be unbound when that code has run.
    pub fn may_end_unbound(&self, variable: SymbolId) -> bool {
        self.unbound_at_end.binary_search(&variable).is_ok()
    }

    /// Whether some sets are larger than they had to be, because the exact ones would have had too many members.
    pub fn is_approximate(&self) -> bool {
        self.sets.is_approximate()
    }
}

#[cfg(test)]
mod tests;
