//! Units: code that runs as one activation, and when each of them is made.

use astkit_ast::NodeId;

use super::values::{EventId, UNBOUND, ValueId, Variable};
use crate::names::index;
use crate::scopes::{Occurrence, Role, ScopeKind, Scopes};

/// A unit: its index in the order in which units are walked. 0 is the module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct UnitId(pub(super) u32);

/// How a unit's code is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum UnitKind {
    Module,
    /// A function or lambda.
    Function,
    GeneratorExp,
    /// Expressions that are evaluated later: an annotation, a bound, the value of an alias.
    Deferred,
}

/// A unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    /// A definition, lambda or generator expression; the expression of a deferred one.
    pub(super) node: NodeId,
    /// The unit that makes it.
    pub(super) parent: Option<UnitId>,
    /// The moment of the parent's walk at which it is made.
    pub(super) made_at: u32,
    /// The first of the parent's events that may happen when it exists.
    pub(super) first_later: EventId,
    /// Its own events.
    pub(super) events: (EventId, EventId),
}

/// Which scopes are units of their own, and what follows for variables.
pub(super) struct Layout {
    /// Per scope: the scope whose unit its code belongs to.
    pub(super) unit_scope: Vec<u32>,
    /// Per variable: whether units other than its owner's read or bind it.
    pub(super) is_shared: Vec<bool>,
    /// Per variable: whether units other than its owner's bind it.
    pub(super) has_foreign: Vec<bool>,
}

/// Whether a scope's code runs later than where it stands.
fn is_unit(kind: ScopeKind) -> bool {
    match kind {
        ScopeKind::Class
        | ScopeKind::ListComp
        | ScopeKind::SetComp
        | ScopeKind::DictComp
        | ScopeKind::TypeParameters => false,
        ScopeKind::Module
        | ScopeKind::Function
        | ScopeKind::AsyncFunction
        | ScopeKind::Lambda
        | ScopeKind::GeneratorExp
        | ScopeKind::Annotation
        | ScopeKind::TypeVariable
        | ScopeKind::TypeAlias => true,
    }
}

pub(super) fn layout(scopes: &Scopes) -> Layout {
    let mut unit_scope: Vec<u32> = Vec::new();
    for (id, scope) in scopes.scopes() {
        let unit = match scope.parent {
            Some(parent) if !is_unit(scope.kind) => unit_scope[parent.0 as usize],
            _ => id.0,
        };
        unit_scope.push(unit);
    }
    let count = scopes.symbol_count();
    let mut out = Layout { unit_scope, is_shared: vec![false; count], has_foreign: vec![false; count] };
    for occurrence in scopes.occurrences() {
        let Some(variable) = occurrence.variable else { continue };
        let owner = out.unit_scope[scopes.symbol(variable).scope.0 as usize];
        let is_foreign = out.unit_scope[occurrence.scope.0 as usize] != owner;
        if is_foreign || occurrence.is_unevaluated {
            out.is_shared[variable.0 as usize] = true;
        }
        if is_foreign && changes(occurrence) {
            out.has_foreign[variable.0 as usize] = true;
        }
    }
    out
}

/// Whether an occurrence binds or unbinds its variable.
pub(super) fn changes(occurrence: &Occurrence) -> bool {
    occurrence.role.is_binding() || occurrence.role == Role::Del
}

/// What shared variables held at every moment of their owner's walk.
#[derive(Debug, Default)]
pub(super) struct History {
    now: u32,
    changes: Vec<Vec<(u32, ValueId)>>,
}

impl History {
    pub(super) fn new(variables: usize) -> Self {
        Self { now: 0, changes: vec![Vec::new(); variables] }
    }

    /// The present moment.
    pub(super) fn now(&self) -> u32 {
        self.now
    }

    pub(super) fn note(&mut self, variable: Variable, value: ValueId) {
        self.now += 1;
        self.changes[variable.0 as usize].push((self.now, value));
    }

    /// What a variable held at a moment.
    pub(super) fn at(&self, variable: Variable, moment: u32) -> ValueId {
        let changes = &self.changes[variable.0 as usize];
        let next = changes.partition_point(|it| it.0 <= moment);
        next.checked_sub(1).map_or(UNBOUND, |it| changes[it].1)
    }
}

/// The unit with this index.
pub(super) fn unit_id(at: usize) -> UnitId {
    UnitId(index(at))
}
