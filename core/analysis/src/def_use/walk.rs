//! The walk: units one after the other, their code in the order of evaluation.

use astkit_ast::python::{Kind, Role as Field, kind};
use astkit_ast::{Node, NodeId, Tree};

use super::flow::{Flow, Mark, Path};
use super::units::{Layout, Unit, UnitId, UnitKind, layout, unit_id};
use super::values::{EventId, UNBOUND, Value, ValueId, Variable};
use crate::names::index;
use crate::scopes::{Occurrence, OccurrenceId, Resolution, ScopeId, ScopeKind, Scopes, SymbolId};

/// A point where a variable was bound or unbound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// None for `import *`.
    pub(super) variable: Option<Variable>,
    /// None for `import *` and for the end of a handler.
    pub(super) occurrence: Option<OccurrenceId>,
    pub(super) node: NodeId,
    pub(super) scope: ScopeId,
    pub(super) unit: UnitId,
    pub(super) binds: bool,
    /// Whether it is never reached.
    pub(super) is_dead: bool,
}

/// A read of a variable, before its definitions are listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawUse {
    pub(super) occurrence: OccurrenceId,
    pub(super) value: ValueId,
    pub(super) unit: UnitId,
    /// The next event.
    pub(super) next: EventId,
}

/// What the walk finds out.
pub(super) struct Walked {
    pub(super) flow: Flow,
    pub(super) units: Vec<Unit>,
    pub(super) events: Vec<Event>,
    pub(super) uses: Vec<RawUse>,
    /// What variables hold when a unit has run.
    pub(super) ends: Vec<(UnitId, Variable, ValueId)>,
}

/// A jump out of some statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Jump {
    Break,
    Continue,
    Return,
}

/// A statement that jumps have to do with.
#[derive(Debug)]
pub(super) enum Frame {
    /// A loop: where its body begins, and the paths that jump to its end and to its head.
    Loop { mark: Mark, breaks: Vec<Path>, continues: Vec<Path> },
    /// A `finally` that runs before a jump goes on.
    Finally { pending: Vec<(Jump, Path)> },
    /// A handler, at whose end its name is unbound.
    Handler(Variable),
}

/// How a condition always comes out; none if that is not known.
pub(super) type Decide<'a> = &'a dyn Fn(Node<'_>) -> Option<bool>;

pub(super) struct Walker<'a> {
    pub(super) tree: &'a Tree,
    pub(super) scopes: &'a Scopes,
    pub(super) decide: Decide<'a>,
    pub(super) layout: Layout,
    pub(super) flow: Flow,
    pub(super) units: Vec<Unit>,
    /// Variables by the scope of the unit that owns them.
    owned: Vec<Vec<Variable>>,
    pub(super) unit: UnitId,
    pub(super) events: Vec<Event>,
    uses: Vec<RawUse>,
    pub(super) frames: Vec<Frame>,
    returns: Vec<Path>,
    ends: Vec<(UnitId, Variable, ValueId)>,
    /// The first events of the open loops.
    pub(super) loops: Vec<EventId>,
}

pub(super) fn walk(tree: &Tree, scopes: &Scopes, decide: Decide<'_>) -> Walked {
    let layout = layout(scopes);
    let mut owned = vec![Vec::new(); layout.unit_scope.len()];
    for at in 0..index(scopes.symbol_count()) {
        let symbol = scopes.symbol(SymbolId(at));
        if symbol.variable == Some(SymbolId(at)) {
            owned[layout.unit_scope[symbol.scope.0 as usize] as usize].push(Variable(at));
        }
    }
    let nothing = EventId(0);
    let module = Unit {
        kind: UnitKind::Module,
        node: tree.root().id(),
        parent: None,
        made_at: 0,
        first_later: nothing,
        events: (nothing, nothing),
    };
    let mut walker = Walker {
        tree,
        scopes,
        decide,
        flow: Flow::new(layout.is_shared.clone(), layout.has_foreign.clone()),
        layout,
        units: vec![module],
        owned,
        unit: UnitId(0),
        events: Vec::new(),
        uses: Vec::with_capacity(scopes.occurrences().len()),
        frames: Vec::new(),
        returns: Vec::new(),
        ends: Vec::new(),
        loops: Vec::new(),
    };
    let mut next = 0;
    while next < walker.units.len() {
        walker.unit(unit_id(next));
        next += 1;
    }
    let Walker { flow, units, events, uses, ends, .. } = walker;
    Walked { flow, units, events, uses, ends }
}

impl<'a> Walker<'a> {
    fn unit(&mut self, id: UnitId) {
        let Unit { kind: unit, node, .. } = self.units[id.0 as usize];
        let scope = if unit == UnitKind::Deferred { None } else { self.scopes.scope_of(node) };
        let owned = scope.map(|it| std::mem::take(&mut self.owned[it.0 as usize])).unwrap_or_default();
        self.flow.begin(id, owned.into_iter());
        self.unit = id;
        let first = self.next_event();
        let start = self.flow.mark();
        let node = self.tree.node(node);
        match unit {
            UnitKind::Module => self.block(node, Field::Body),
            UnitKind::Function => self.function_body(node),
            UnitKind::GeneratorExp => self.comprehension_body(node),
            UnitKind::Deferred => self.expr(node),
        }
        self.units[id.0 as usize].events = (first, self.next_event());
        self.finish(start, first);
    }

    fn function_body(&mut self, node: Node<'a>) {
        let arguments = node.required(Field::Args.into());
        for field in [Field::Posonlyargs, Field::Args, Field::Vararg, Field::Kwonlyargs, Field::Kwarg] {
            for arg in arguments.field(field.into()) {
                self.bind(arg);
            }
        }
        if kind(node) == Kind::Lambda {
            self.expr(node.required(Field::Body.into()));
        } else {
            self.block(node, Field::Body);
        }
    }

    /// Notes what is there at the end of a unit.
    fn finish(&mut self, start: Mark, first: EventId) {
        let mut paths = std::mem::take(&mut self.returns);
        paths.push(self.flow.take(start));
        self.flow.is_dead = false;
        if paths.iter().any(|it| !it.is_dead) {
            self.flow.join(&paths);
            let mut variables: Vec<Variable> =
                self.events[first.0 as usize..].iter().filter_map(|it| it.variable).collect();
            variables.retain(|it| !self.is_of_class(*it));
            variables.sort_unstable();
            variables.dedup();
            for variable in variables {
                let value = self.flow.get(variable);
                self.ends.push((self.unit, variable, value));
            }
        }
        debug_assert!(self.frames.is_empty() && self.loops.is_empty(), "statements close what they open");
    }

    fn is_of_class(&self, variable: Variable) -> bool {
        let owner = self.scopes.symbol(SymbolId(variable.0)).scope;
        self.scopes.scope(owner).kind == ScopeKind::Class
    }

    /// Notes what is there at the end of a class body.
    pub(super) fn finish_class(&mut self, scope: ScopeId) {
        if self.flow.is_dead {
            return;
        }
        for (id, symbol) in self.scopes.symbols(scope) {
            if symbol.variable == Some(id) {
                let value = self.flow.get(Variable(id.0));
                self.ends.push((self.unit, Variable(id.0), value));
            }
        }
    }

    /// Adds a unit that is made here.
    pub(super) fn make(&mut self, kind: UnitKind, node: Node<'a>) {
        let nothing = EventId(0);
        self.units.push(Unit {
            kind,
            node: node.id(),
            parent: Some(self.unit),
            made_at: self.flow.history.now(),
            first_later: self.loops.first().copied().unwrap_or_else(|| self.next_event()),
            events: (nothing, nothing),
        });
    }

    pub(super) fn next_event(&self) -> EventId {
        EventId(index(self.events.len()))
    }

    fn occurrence(&self, node: Node<'a>) -> Option<(OccurrenceId, Occurrence)> {
        let id = self.scopes.occurrence_of(node.id())?;
        Some((id, *self.scopes.occurrence(id)))
    }

    pub(super) fn variable_of(&self, node: Node<'a>) -> Option<Variable> {
        self.occurrence(node).and_then(|it| it.1.variable).map(|it| Variable(it.0))
    }

    /// Binds the name of a node.
    pub(super) fn bind(&mut self, node: Node<'a>) {
        let Some((id, occurrence)) = self.occurrence(node) else { return };
        let Some(variable) = occurrence.variable.map(|it| Variable(it.0)) else { return };
        let event = self.event(Some(variable), Some(id), node, occurrence.scope, true);
        let value = self.flow.values.add(Value::Event(event));
        self.assign(variable, value);
    }

    /// Unbinds the name of a node.
    pub(super) fn unbind(&mut self, node: Node<'a>) {
        let Some((id, occurrence)) = self.occurrence(node) else { return };
        let Some(variable) = occurrence.variable.map(|it| Variable(it.0)) else { return };
        let deletes = occurrence.role == crate::scopes::Role::Del;
        self.event(Some(variable), deletes.then_some(id), node, occurrence.scope, false);
        self.assign(variable, UNBOUND);
    }

    /// Other units may change what this one has just set.
    fn assign(&mut self, variable: Variable, value: ValueId) {
        let value = if self.layout.has_foreign[variable.0 as usize] {
            let foreign = self.flow.values.add(Value::Foreign(variable));
            self.flow.values.merge(&mut vec![value, foreign])
        } else {
            value
        };
        self.flow.set(variable, value);
    }

    pub(super) fn event(
        &mut self,
        variable: Option<Variable>,
        occurrence: Option<OccurrenceId>,
        node: Node<'a>,
        scope: ScopeId,
        binds: bool,
    ) -> EventId {
        let id = self.next_event();
        let (unit, is_dead) = (self.unit, self.flow.is_dead);
        self.events.push(Event { variable, occurrence, node: node.id(), scope, unit, binds, is_dead });
        id
    }

    /// Notes a use of the name of a node.
    pub(super) fn read(&mut self, node: Node<'a>) {
        let Some((id, occurrence)) = self.occurrence(node) else { return };
        let value = match occurrence.variable {
            Some(variable) => self.value_for(&occurrence, Variable(variable.0)),
            None => UNBOUND,
        };
        self.uses.push(RawUse { occurrence: id, value, unit: self.unit, next: self.next_event() });
    }

    fn value_for(&mut self, occurrence: &Occurrence, variable: Variable) -> ValueId {
        let first = self.flow.get(variable);
        let in_class = self.scopes.scope(occurrence.scope).kind == ScopeKind::Class;
        let symbol = occurrence.symbol.map(|it| self.scopes.symbol(it));
        if !in_class || symbol.is_none_or(|it| it.resolution != Resolution::Local) {
            return first;
        }
        // A class body that has not bound its name yet finds the global one.
        let global = self.scopes.lookup(ScopeId(0), occurrence.name);
        let Some(global) = global.and_then(|it| self.scopes.symbol(it).variable) else { return first };
        let second = self.flow.get(Variable(global.0));
        self.flow.values.add(Value::Else { first, second })
    }

    /// Leaves some statements by a jump.
    pub(super) fn jump(&mut self, jump: Jump) {
        let target = self.frames.iter().rev().find_map(|it| match it {
            Frame::Loop { mark, .. } if jump != Jump::Return => Some(*mark),
            _ => None,
        });
        let is_known = jump == Jump::Return || target.is_some();
        if !self.flow.is_dead && is_known {
            let path = self.flow.path(target.unwrap_or_default());
            self.deliver(jump, path, self.frames.len());
        }
        self.flow.is_dead = true;
    }

    /// Hands a jump's path to what it meets first outside of the innermost frames from `from` on.
    pub(super) fn deliver(&mut self, jump: Jump, mut path: Path, from: usize) {
        for frame in self.frames[..from].iter_mut().rev() {
            match frame {
                Frame::Handler(variable) => path.changes.push((*variable, UNBOUND)),
                Frame::Finally { pending } => return pending.push((jump, path)),
                Frame::Loop { breaks, .. } if jump == Jump::Break => return breaks.push(path),
                Frame::Loop { continues, .. } if jump == Jump::Continue => return continues.push(path),
                Frame::Loop { .. } => {}
            }
        }
        self.returns.push(path);
    }
}
