//! The graph of values: what a variable may hold at some point of a unit.

use super::units::UnitId;
use crate::names::index;

/// A value: its index in the graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct ValueId(pub(super) u32);

/// Nothing: the variable is unbound.
pub(super) const UNBOUND: ValueId = ValueId(0);

/// A variable: the index of the symbol that owns it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Variable(pub(super) u32);

/// A point of the walk where a variable was bound or unbound: its index in the order of the walk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct EventId(pub(super) u32);

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// Nothing.
    Unbound,
    /// What was bound there.
    Event(EventId),
    /// One of some values: a range of the operands.
    Merge { start: u32, len: u32 },
    /// A merge whose operands come one by one (at the head of a loop): its place in the lists of operands.
    Open(u32),
    /// Any of what the variable held between two events; the second is not included.
    Window { variable: Variable, from: EventId, to: EventId },
    /// What a unit sees of a variable that another unit owns.
    Outer { variable: Variable, unit: UnitId },
    /// Any of what units other than the owner bind.
    Foreign(Variable),
    /// What one variable holds, or, where that is unbound, another: a name of a class, looked up among the globals.
    Else { first: ValueId, second: ValueId },
}

/// All values of a module.
#[derive(Debug)]
pub(super) struct Values {
    list: Vec<Value>,
    operands: Vec<ValueId>,
    open: Vec<Vec<ValueId>>,
}

impl Values {
    pub(super) fn new() -> Self {
        Self { list: vec![Value::Unbound], operands: Vec::new(), open: Vec::new() }
    }

    pub(super) fn add(&mut self, value: Value) -> ValueId {
        self.list.push(value);
        ValueId(index(self.list.len() - 1))
    }

    pub(super) fn get(&self, value: ValueId) -> Value {
        self.list[value.0 as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// One of these values, which may repeat.
    pub(super) fn merge(&mut self, values: &mut Vec<ValueId>) -> ValueId {
        values.sort_unstable();
        values.dedup();
        match values.as_slice() {
            [] => UNBOUND,
            [only] => *only,
            _ => {
                let start = index(self.operands.len());
                self.operands.extend_from_slice(values);
                self.add(Value::Merge { start, len: index(values.len()) })
            }
        }
    }

    /// A merge that begins with one value.
    pub(super) fn open(&mut self, first: ValueId) -> ValueId {
        self.open.push(vec![first]);
        self.add(Value::Open(index(self.open.len() - 1)))
    }

    /// Adds a value to an open merge.
    pub(super) fn extend(&mut self, open: ValueId, value: ValueId) {
        if let Value::Open(at) = self.get(open)
            && open != value
            && !self.open[at as usize].contains(&value)
        {
            self.open[at as usize].push(value);
        }
    }

    /// The operands of a merge; empty for any other value.
    pub(super) fn operands(&self, value: ValueId) -> &[ValueId] {
        match self.get(value) {
            Value::Merge { start, len } => &self.operands[start as usize..(start + len) as usize],
            Value::Open(at) => &self.open[at as usize],
            Value::Unbound
            | Value::Event(_)
            | Value::Window { .. }
            | Value::Outer { .. }
            | Value::Foreign(_)
            | Value::Else { .. } => &[],
        }
    }
}
