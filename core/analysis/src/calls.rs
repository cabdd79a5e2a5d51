//! The call graph of some modules: who calls what, where, and which calls could not be told.
//!
//! Every expression gets a set of *objects* that it may stand for: functions, classes, instances, modules, containers,
//! things of other modules by name. The sets are the least ones that assignments (by def-use chains), attributes,
//! items, arguments, results and the protocols of the language (`with`, iteration, operators, properties,
//! decorators) ask for; a call is an edge to each object called. No difference is made between the calls of one
//! function, nor between the instances of one class.
//!
//! Nothing is guessed by name: a call whose callee has no object is *unresolved*, with a reason. Code given to `exec`
//! and attributes set from outside are not seen. Modules that are not given are known by their names only.
//!
//! Cost: near-linear in practice; sets that grow beyond a limit stop growing and are told.
//! Source of the idea: Salis et al. 2021, `PyCG`; inclusion constraints after Andersen 1994.

mod arguments;
mod attributes;
mod builtin_calls;
mod generate;
mod invoke;
mod objects;
mod solver;
mod statements;

use astkit_ast::{NodeId, Tree};

use crate::def_use::DefUse;
use crate::scopes::{ScopeId, Scopes};

/// A module that is looked at, with what is known of it already.
#[derive(Clone, Copy)]
pub struct Module<'a> {
    /// Its dotted name; a module by itself may be called anything.
    pub name: &'a str,
    /// A number for where it is imported from: of two modules of one name, the one of the same number is meant.
    pub root: u32,
    /// Whether it is a package (`__init__.py`).
    pub is_package: bool,
    /// Its tree.
    pub tree: &'a Tree,
    /// Its scopes.
    pub scopes: &'a Scopes,
    /// Its chains.
    pub chains: &'a DefUse,
}

/// A piece of code that runs by itself: a module, a function, a lambda or a class body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Code {
    /// Index of the module among those given.
    pub module: u32,
    /// Its scope.
    pub scope: ScopeId,
}

/// What is called.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Callee {
    /// A function or lambda of the modules given.
    Code(Code),
    /// Something of a module that is not given, by its dotted name.
    External(Box<str>),
    /// A builtin, by its name; of a method, with its type: `str.join`.
    Builtin(Box<str>),
}

/// A call.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// The code that calls.
    pub caller: Code,
    /// The expression, statement or decorator that makes the call.
    pub node: NodeId,
    /// What it calls.
    pub callee: Callee,
}

/// A call whose callee is not known.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Unresolved {
    /// The code that calls.
    pub caller: Code,
    /// The call.
    pub node: NodeId,
    /// Why.
    pub reason: Reason,
}

/// Why a callee is not known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// It is a parameter that no known call gives a value.
    Parameter,
    /// It is an attribute of something that is not known.
    Receiver,
    /// What it is an attribute of is known, but not to have it.
    Attribute,
    /// It is an item of a container that is not known to hold any.
    Item,
    /// It is what a call gives that is not known itself.
    Result,
    /// It is a name that nothing known is bound to.
    Name,
    /// It is another expression that is not known.
    Expression,
    /// It may be too many things.
    Limit,
}

impl Reason {
    /// The words used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Parameter => "a parameter that no known call gives a value",
            Reason::Receiver => "an attribute of something unknown",
            Reason::Attribute => "an attribute that is not known",
            Reason::Item => "an item that is not known",
            Reason::Result => "the result of a call that is not known",
            Reason::Name => "a name without a known value",
            Reason::Expression => "an expression that is not known",
            Reason::Limit => "too many possible values",
        }
    }
}

/// Who calls what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CallGraph {
    /// All calls that are known, sorted.
    pub edges: Vec<Edge>,
    /// All call expressions of which no callee is known, sorted.
    pub unresolved: Vec<Unresolved>,
}

pub(crate) use generate::method_of;

/// The call graph of some modules.
pub fn calls(modules: &[Module<'_>]) -> CallGraph {
    let mut solver = solver::Solver::new(modules);
    generate::generate(&mut solver);
    solver.solve();
    solver.finish()
}

#[cfg(test)]
mod tests;
