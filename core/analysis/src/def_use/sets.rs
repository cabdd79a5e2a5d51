//! From values to sets of definitions.
//!
//! Only values that some use has are followed, each once. Sets are shared: equal ones are stored once. There is a
//! limit on the work and on the sizes, so that no text can make this quadratic; beyond it a use gets all definitions of
//! its variable.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

use super::units::{Unit, UnitId};
use super::values::{EventId, Value, ValueId, Variable};
use super::walk::{Event, RawUse, Walked};
use super::{DefUse, Definition, DefinitionId, Use, UseId};
use crate::builtins::{is_builtin, is_implicit_global};
use crate::names::index;
use crate::scopes::{Occurrence, Resolution, ScopeId, ScopeKind, Scopes, SymbolId};

/// Steps along values and members of sets, all together, before sets become approximate. A guess: a second's work.
const WORK_LIMIT: usize = 1 << 26;

/// A set of definitions. Equal sets have equal ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SetId(u32);

/// Sets of definitions, each sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    members: Vec<DefinitionId>,
    ends: Vec<u32>,
    table: HashTable<u32>,
    is_approximate: bool,
}

impl PartialEq for Sets {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
            && self.ends == other.ends
            && self.is_approximate == other.is_approximate
    }
}

impl Eq for Sets {}

impl Sets {
    pub(super) fn get(&self, set: SetId) -> &[DefinitionId] {
        range(&self.members, &self.ends, set.0)
    }

    pub(super) fn is_approximate(&self) -> bool {
        self.is_approximate
    }

    fn intern(&mut self, set: &mut Vec<DefinitionId>) -> SetId {
        set.sort_unstable();
        set.dedup();
        let hash = hash(set);
        if let Some(id) = self.table.find(hash, |it| range(&self.members, &self.ends, *it) == set.as_slice())
        {
            return SetId(*id);
        }
        let id = index(self.ends.len());
        self.members.extend_from_slice(set);
        self.ends.push(index(self.members.len()));
        let (members, ends) = (&self.members, &self.ends);
        self.table.insert_unique(hash, id, |it| self::hash(range(members, ends, *it)));
        SetId(id)
    }
}

fn range<'a>(members: &'a [DefinitionId], ends: &[u32], set: u32) -> &'a [DefinitionId] {
    let start = if set == 0 { 0 } else { ends[set as usize - 1] as usize };
    &members[start..ends[set as usize] as usize]
}

fn hash(set: &[DefinitionId]) -> u64 {
    let mut hasher = FxHasher::default();
    set.hash(&mut hasher);
    hasher.finish()
}

/// What a value comes to: its definitions, and whether it may be nothing.
#[derive(Clone, Copy)]
struct Outcome {
    set: SetId,
    unbound: bool,
}

struct Collector<'a> {
    walked: &'a Walked,
    /// Per event: its definition, if it binds.
    definitions: Vec<Option<DefinitionId>>,
    /// Per variable: the owner's events, and other units' events, in order.
    own: Vec<Vec<EventId>>,
    foreign: Vec<Vec<EventId>>,
    sets: Sets,
    known: Vec<Option<Outcome>>,
    /// Which values the present collection has met.
    stamps: Vec<u32>,
    stamp: u32,
    work: usize,
    /// Variables that may be unbound when their owner has run.
    unbound_at_end: Vec<SymbolId>,
}

pub(super) fn chains(scopes: &Scopes, walked: &Walked) -> DefUse {
    let mut collector = Collector::new(scopes, walked);
    let stars: Vec<EventId> =
        events(&walked.events).filter(|it| it.1.variable.is_none()).map(|it| it.0).collect();
    let mut uses = Vec::with_capacity(walked.uses.len());
    for raw in &walked.uses {
        uses.push(collector.use_of(scopes, raw, &stars));
    }
    let mut definitions = Vec::new();
    let live = collector.live();
    for (id, event) in events(&walked.events).filter(|it| it.1.binds) {
        definitions.push(definition(scopes, event, live[id.0 as usize]));
    }
    let Collector { sets, mut unbound_at_end, .. } = collector;
    let (user_starts, users) = users(&definitions, &uses, &sets);
    let count = scopes.occurrences().len();
    let (mut use_of, mut definition_of) = (vec![u32::MAX; count], vec![u32::MAX; count]);
    for (at, it) in (0..).zip(&uses) {
        use_of[it.occurrence.0 as usize] = at;
    }
    for (at, event) in (0..).zip(walked.events.iter().filter(|it| it.binds)) {
        if let Some(occurrence) = event.occurrence {
            definition_of[occurrence.0 as usize] = at;
        }
    }
    unbound_at_end.sort_unstable();
    DefUse { definitions, uses, sets, user_starts, users, use_of, definition_of, unbound_at_end }
}

fn events(events: &[Event]) -> impl Iterator<Item = (EventId, &Event)> {
    (0..).map(EventId).zip(events)
}

fn definition(scopes: &Scopes, event: &Event, is_live: bool) -> Definition {
    let occurrence = event.occurrence.map(|it| scopes.occurrence(it));
    // A comprehension's names are there as long as it runs.
    let is_live = is_live || scopes.scope(event.scope).kind.is_comprehension();
    Definition {
        node: event.node,
        role: occurrence.map(|it| it.role),
        name: occurrence.map(|it| it.name),
        variable: occurrence.and_then(|it| it.variable),
        scope: event.scope,
        is_live,
    }
}

fn users(definitions: &[Definition], uses: &[Use], sets: &Sets) -> (Vec<u32>, Vec<UseId>) {
    let mut starts = vec![0; definitions.len() + 1];
    for use_ in uses {
        for definition in sets.get(use_.definitions) {
            starts[definition.0 as usize + 1] += 1;
        }
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let total = starts.last().copied().unwrap_or(0) as usize;
    let mut users = vec![UseId(0); total];
    for (id, use_) in (0..).map(UseId).zip(uses) {
        for definition in sets.get(use_.definitions) {
            let place = &mut next[definition.0 as usize];
            users[*place as usize] = id;
            *place += 1;
        }
    }
    (starts, users)
}

impl<'a> Collector<'a> {
    fn new(scopes: &Scopes, walked: &'a Walked) -> Self {
        let count = scopes.symbol_count();
        let (mut own, mut foreign) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let (mut definitions, mut next) = (Vec::with_capacity(walked.events.len()), 0);
        for (id, event) in events(&walked.events) {
            definitions.push(event.binds.then_some(DefinitionId(next)));
            next += u32::from(event.binds);
            let Some(variable) = event.variable else { continue };
            let is_own = walked.flow.owner(variable) == Some(event.unit);
            let list = if is_own { &mut own } else { &mut foreign };
            list[variable.0 as usize].push(id);
        }
        let values = walked.flow.values.len();
        Self {
            walked,
            definitions,
            own,
            foreign,
            sets: Sets::default(),
            known: vec![None; values],
            stamps: vec![0; values],
            stamp: 0,
            work: 0,
            unbound_at_end: Vec::new(),
        }
    }

    /// What a value comes to.
    fn outcome(&mut self, value: ValueId, variable: Option<Variable>) -> Outcome {
        if let Some(known) = self.known[value.0 as usize] {
            return known;
        }
        if self.work > WORK_LIMIT {
            return self.approximate(variable);
        }
        let (mut set, unbound) = match self.walked.flow.values.get(value) {
            Value::Outer { variable, unit } => self.outer(variable, unit),
            Value::Else { first, second } => self.either(first, second),
            Value::Unbound
            | Value::Event(_)
            | Value::Merge { .. }
            | Value::Open(_)
            | Value::Window { .. }
            | Value::Foreign(_) => self.merged(value),
        };
        self.work += set.len();
        let outcome = Outcome { set: self.sets.intern(&mut set), unbound };
        self.known[value.0 as usize] = Some(outcome);
        outcome
    }

    fn approximate(&mut self, variable: Option<Variable>) -> Outcome {
        self.sets.is_approximate = true;
        let mut set = Vec::new();
        if let Some(variable) = variable {
            let at = variable.0 as usize;
            let all = self.own[at].iter().chain(&self.foreign[at]);
            set.extend(all.filter_map(|it| self.definitions[it.0 as usize]));
        }
        Outcome { set: self.sets.intern(&mut set), unbound: true }
    }

    /// The members of a merge, merges within included.
    fn merged(&mut self, value: ValueId) -> (Vec<DefinitionId>, bool) {
        let walked = self.walked;
        self.stamp += 1;
        let (mut set, mut unbound) = (Vec::new(), false);
        // What other units see is collected afterwards, as it needs stamps of its own.
        let (mut stack, mut leaves) = (vec![value], Vec::new());
        while let Some(value) = stack.pop() {
            if std::mem::replace(&mut self.stamps[value.0 as usize], self.stamp) == self.stamp {
                continue;
            }
            self.work += 1;
            match walked.flow.values.get(value) {
                Value::Unbound => unbound = true,
                Value::Event(event) => set.extend(self.definitions[event.0 as usize]),
                Value::Merge { .. } | Value::Open(_) => {
                    stack.extend_from_slice(walked.flow.values.operands(value));
                }
                Value::Window { variable, from, to } => {
                    let at = variable.0 as usize;
                    // A window lies in one unit, so one of the two has nothing in it.
                    unbound |= self.reached(within(&self.own[at], from, to), &mut set)
                        | self.reached(within(&self.foreign[at], from, to), &mut set);
                    self.work += 1;
                }
                Value::Foreign(variable) => {
                    self.reached(&self.foreign[variable.0 as usize], &mut set);
                }
                Value::Outer { .. } | Value::Else { .. } => leaves.push(value),
            }
        }
        for leaf in leaves {
            let outcome = self.outcome(leaf, None);
            set.extend_from_slice(self.sets.get(outcome.set));
            unbound |= outcome.unbound;
        }
        (set, unbound)
    }

    /// Adds the definitions among events that are reached; tells whether one of them unbinds.
    fn reached(&self, events: &[EventId], set: &mut Vec<DefinitionId>) -> bool {
        let mut unbinds = false;
        for id in events.iter().filter(|it| !self.walked.events[it.0 as usize].is_dead) {
            match self.definitions[id.0 as usize] {
                Some(definition) => set.push(definition),
                None => unbinds = true,
            }
        }
        unbinds
    }

    /// What was there when a unit was made, and all that may come later. Only if that is nothing at all it is said
    /// to be unbound: whether a function runs too early is not told by the shape of the code.
    fn outer(&mut self, variable: Variable, unit: UnitId) -> (Vec<DefinitionId>, bool) {
        let walked = self.walked;
        let at = variable.0 as usize;
        let mut set = Vec::new();
        if let Some((made, owner)) = walked.flow.owner(variable).and_then(|it| self.made_in(unit, it)) {
            let then = self.outcome(walked.flow.history.at(variable, made.made_at), Some(variable));
            set.extend_from_slice(self.sets.get(then.set));
            self.reached(within(&self.own[at], made.first_later, owner.events.1), &mut set);
        }
        self.reached(&self.foreign[at], &mut set);
        let unbound = set.is_empty();
        (set, unbound)
    }

    /// The unit directly below `owner` on the way to `unit`, and the owner.
    fn made_in(&self, unit: UnitId, owner: UnitId) -> Option<(&'a Unit, &'a Unit)> {
        let units = &self.walked.units;
        let mut unit = &units[unit.0 as usize];
        while unit.parent? != owner {
            unit = &units[unit.parent?.0 as usize];
        }
        Some((unit, &units[owner.0 as usize]))
    }

    fn either(&mut self, first: ValueId, second: ValueId) -> (Vec<DefinitionId>, bool) {
        let first = self.outcome(first, None);
        let mut set = self.sets.get(first.set).to_vec();
        if !first.unbound {
            return (set, false);
        }
        let second = self.outcome(second, None);
        set.extend_from_slice(self.sets.get(second.set));
        (set, second.unbound)
    }

    fn use_of(&mut self, scopes: &Scopes, raw: &RawUse, stars: &[EventId]) -> Use {
        let occurrence = *scopes.occurrence(raw.occurrence);
        let variable = occurrence.variable.map(|it| Variable(it.0));
        let Outcome { mut set, unbound } = self.outcome(raw.value, variable);
        let name = scopes.text(occurrence.name);
        let is_global = looks_among_globals(scopes, &occurrence);
        let is_builtin = unbound && is_global && is_builtin(name);
        let mut maybe_unbound = unbound && !is_builtin && !(is_global && is_implicit_global(name));
        if is_global && !is_builtin && !stars.is_empty() {
            set = self.with_stars(set, unbound, raw, stars);
            maybe_unbound &= self.sets.get(set).is_empty();
        }
        // The cell `__class__` is always there.
        maybe_unbound &= scopes.owner(&occurrence).is_some() || is_global;
        Use { occurrence: raw.occurrence, node: occurrence.node, definitions: set, is_builtin, maybe_unbound }
    }

    /// Adds each `import *` that may have bound the name after one of its definitions, or at all if there may be none.
    fn with_stars(&mut self, set: SetId, unbound: bool, raw: &RawUse, stars: &[EventId]) -> SetId {
        let mut members = self.sets.get(set).to_vec();
        let first = members.first().copied();
        for star in stars {
            let Some(definition) = self.definitions[star.0 as usize] else { continue };
            let comes_before = raw.unit != UnitId(0) || *star < raw.next;
            let comes_after = unbound || first.is_none_or(|it| it < definition);
            if comes_before && comes_after {
                members.push(definition);
            }
        }
        self.sets.intern(&mut members)
    }

    /// Which events' definitions may be there when their unit has run.
    fn live(&mut self) -> Vec<bool> {
        let walked = self.walked;
        let mut event_of = vec![EventId(0); walked.events.len()];
        for (id, _) in events(&walked.events) {
            if let Some(definition) = self.definitions[id.0 as usize] {
                event_of[definition.0 as usize] = id;
            }
        }
        let mut live = vec![false; walked.events.len()];
        for (unit, variable, value) in &walked.ends {
            let Outcome { set, unbound } = self.outcome(*value, None);
            if unbound && walked.flow.owner(*variable) == Some(*unit) {
                self.unbound_at_end.push(SymbolId(variable.0));
            }
            for definition in self.sets.get(set) {
                let event = event_of[definition.0 as usize];
                if walked.events[event.0 as usize].unit == *unit {
                    live[event.0 as usize] = true;
                }
            }
        }
        // What `import *` binds stays as long as nothing is known to replace it.
        for (id, event) in events(&walked.events) {
            live[id.0 as usize] |= event.variable.is_none();
        }
        live
    }
}

/// Whether a name that its own scope has not bound is looked for among the globals, and then the builtins.
fn looks_among_globals(scopes: &Scopes, occurrence: &Occurrence) -> bool {
    let Some(symbol) = occurrence.symbol.map(|it| scopes.symbol(it)) else {
        return occurrence.variable.is_none_or(|it| scopes.symbol(it).scope == ScopeId(0));
    };
    let kind = scopes.scope(occurrence.scope).kind;
    symbol.resolution.is_global()
        || kind == ScopeKind::Module
        || (kind == ScopeKind::Class && symbol.resolution == Resolution::Local)
}

/// The events between two, the second excluded.
fn within(events: &[EventId], from: EventId, to: EventId) -> &[EventId] {
    let start = events.partition_point(|it| *it < from);
    let end = events.partition_point(|it| *it < to);
    &events[start..end.max(start)]
}
