//! The state of one unit's walk: what each variable holds now, and what a branch has changed.

use super::units::{History, UnitId};
use super::values::{UNBOUND, Value, ValueId, Values, Variable};

/// A point of the log of changes; undoing to it gives the state that was there then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Mark(usize);

/// What happened on one path from a mark: the variables it changed and what they hold at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    /// A later entry for the same variable counts.
    pub(super) changes: Vec<(Variable, ValueId)>,
    /// Whether its end is never reached.
    pub(super) is_dead: bool,
}

impl Path {
    /// A path that is never taken.
    pub(super) fn dead() -> Self {
        Self { changes: Vec::new(), is_dead: true }
    }
}

/// The state of a walk.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) values: Values,
    pub(super) history: History,
    /// Whether the present point is never reached.
    pub(super) is_dead: bool,
    unit: UnitId,
    /// Per variable: what it holds, if its unit of validity is the present one.
    held: Vec<(UnitId, ValueId)>,
    log: Vec<(Variable, ValueId)>,
    /// Per variable: the owner's unit, once that was walked.
    owners: Vec<Option<UnitId>>,
    is_shared: Vec<bool>,
    has_foreign: Vec<bool>,
    /// Marks variables that were met already; valid for the present stamp.
    stamps: Vec<u32>,
    places: Vec<u32>,
    stamp: u32,
}

impl Flow {
    pub(super) fn new(is_shared: Vec<bool>, has_foreign: Vec<bool>) -> Self {
        let count = is_shared.len();
        Self {
            values: Values::new(),
            history: History::new(count),
            is_dead: false,
            unit: UnitId(0),
            held: vec![(UnitId(u32::MAX), UNBOUND); count],
            log: Vec::new(),
            owners: vec![None; count],
            is_shared,
            has_foreign,
            stamps: vec![0; count],
            places: vec![0; count],
            stamp: 0,
        }
    }

    /// Begins a unit: its own variables (`owned`) are unbound, others are seen from outside.
    pub(super) fn begin(&mut self, unit: UnitId, owned: impl Iterator<Item = Variable>) {
        self.unit = unit;
        self.is_dead = false;
        self.log.clear();
        for variable in owned {
            self.owners[variable.0 as usize] = Some(unit);
        }
    }

    /// The unit that owns a variable, if it was begun.
    pub(super) fn owner(&self, variable: Variable) -> Option<UnitId> {
        self.owners[variable.0 as usize]
    }

    pub(super) fn get(&mut self, variable: Variable) -> ValueId {
        let at = variable.0 as usize;
        if self.held[at].0 != self.unit {
            let value = match self.owners[at] == Some(self.unit) {
                // A function that is made before the first assignment may bind it.
                true if self.has_foreign[at] => {
                    let foreign = self.values.add(Value::Foreign(variable));
                    self.values.merge(&mut vec![UNBOUND, foreign])
                }
                true => UNBOUND,
                false => self.values.add(Value::Outer { variable, unit: self.unit }),
            };
            self.held[at] = (self.unit, value);
        }
        self.held[at].1
    }

    pub(super) fn set(&mut self, variable: Variable, value: ValueId) {
        let old = self.get(variable);
        if old != value {
            self.log.push((variable, old));
            self.put(variable, value);
        }
    }

    fn put(&mut self, variable: Variable, value: ValueId) {
        let at = variable.0 as usize;
        self.held[at].1 = value;
        if self.is_shared[at] && self.owners[at] == Some(self.unit) {
            self.history.note(variable, value);
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    /// Whether nothing changed since a mark.
    pub(super) fn is_unchanged(&self, mark: Mark) -> bool {
        self.log.len() <= mark.0
    }

    fn fresh_stamp(&mut self) -> u32 {
        self.stamp += 1;
        self.stamp
    }

    /// What changed since a mark.
    pub(super) fn path(&mut self, mark: Mark) -> Path {
        let stamp = self.fresh_stamp();
        let mut changes = Vec::new();
        for (variable, _) in self.log.get(mark.0..).unwrap_or_default() {
            let at = variable.0 as usize;
            if self.stamps[at] != stamp {
                self.stamps[at] = stamp;
                changes.push((*variable, self.held[at].1));
            }
        }
        Path { changes, is_dead: self.is_dead }
    }

    /// Undoes everything since a mark, but for whether the point is reached.
    pub(super) fn undo(&mut self, mark: Mark) {
        while self.log.len() > mark.0 {
            if let Some((variable, old)) = self.log.pop() {
                self.put(variable, old);
            }
        }
    }

    /// What changed since a mark, which is undone.
    pub(super) fn take(&mut self, mark: Mark) -> Path {
        let path = self.path(mark);
        self.undo(mark);
        path
    }

    /// Goes along a path from the present point.
    pub(super) fn follow(&mut self, path: &Path) {
        for (variable, value) in &path.changes {
            self.set(*variable, *value);
        }
        self.is_dead |= path.is_dead;
    }

    /// Goes on where several paths from the present point meet.
    pub(super) fn join(&mut self, paths: &[Path]) {
        let alive: Vec<&Path> = paths.iter().filter(|it| !it.is_dead).collect();
        match alive.as_slice() {
            [] => {
                // Dead code goes on from some path, so that its uses are not all unbound.
                if let Some(path) = paths.first() {
                    self.follow(path);
                }
                self.is_dead = true;
            }
            [only] => self.follow(only),
            _ => self.merge(&alive),
        }
    }

    fn merge(&mut self, paths: &[&Path]) {
        let stamp = self.fresh_stamp();
        // Per changed variable: the values of the paths that change it, and the last of these paths.
        let mut merged: Vec<(Variable, Vec<ValueId>, usize, usize)> = Vec::new();
        for (nth, path) in paths.iter().enumerate() {
            for (variable, value) in &path.changes {
                let at = variable.0 as usize;
                if self.stamps[at] != stamp {
                    self.stamps[at] = stamp;
                    self.places[at] = crate::names::index(merged.len());
                    merged.push((*variable, Vec::with_capacity(paths.len()), 0, usize::MAX));
                }
                let entry = &mut merged[self.places[at] as usize];
                if entry.3 == nth {
                    // The same path changes it again.
                    entry.1.pop();
                } else {
                    (entry.2, entry.3) = (entry.2 + 1, nth);
                }
                entry.1.push(*value);
            }
        }
        for (variable, mut values, changing, _) in merged {
            if changing < paths.len() {
                values.push(self.get(variable));
            }
            let value = self.values.merge(&mut values);
            self.set(variable, value);
        }
    }
}
