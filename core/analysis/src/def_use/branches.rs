//! Statements whose parts may be skipped, repeated or left early: `if`, loops, `try`, `with`.

use astkit_ast::Node;
use astkit_ast::python::{Kind, Role as Field, kind, view};
use rustc_hash::FxHashSet;

use super::flow::Path;
use super::units::changes;
use super::values::{EventId, Value, ValueId, Variable};
use super::walk::{Frame, Walker};
use crate::scopes::ScopeId;

impl<'a> Walker<'a> {
    pub(super) fn branch(&mut self, node: Node<'a>) {
        let mark = self.flow.mark();
        let was_dead = self.flow.is_dead;
        let (holds, fails) = self.condition(node.required(Field::Test.into()));
        let mut paths = Vec::with_capacity(2);
        for (path, field) in [(holds, Field::Body), (fails, Field::Orelse)] {
            self.flow.follow(&path);
            self.block(node, field);
            paths.push(self.flow.take(mark));
            self.flow.is_dead = was_dead;
        }
        self.flow.join(&paths);
    }

    /// The variables that this unit's code changes in a loop or comprehension, sorted; not those that `except` owns.
    pub(super) fn changed_in(&self, node: Node<'a>, except: Option<ScopeId>) -> Vec<Variable> {
        let unit = |scope: ScopeId| self.layout.unit_scope[scope.0 as usize];
        let here = except.or_else(|| self.scopes.scope_of(self.units[self.unit.0 as usize].node));
        let here = unit(here.unwrap_or(ScopeId(0)));
        let mut out = Vec::new();
        for occurrence in self.scopes.occurrences_in(node.id()) {
            let Some(variable) = occurrence.variable else { continue };
            let is_own = Some(self.scopes.symbol(variable).scope) == except;
            if changes(occurrence) && !is_own && unit(occurrence.scope) == here {
                out.push(Variable(variable.0));
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// From here on, the variable holds what it holds now or what is added to the returned merge.
    pub(super) fn open_head(&mut self, variable: Variable) -> ValueId {
        let before = self.flow.get(variable);
        let head = self.flow.values.open(before);
        self.flow.set(variable, head);
        head
    }

    fn open_loop(&mut self, node: Node<'a>) -> Vec<(Variable, ValueId)> {
        self.loops.push(self.next_event());
        let heads = self.changed_in(node, None).into_iter().map(|it| (it, self.open_head(it))).collect();
        let frame = Frame::Loop { mark: self.flow.mark(), breaks: Vec::new(), continues: Vec::new() };
        self.frames.push(frame);
        heads
    }

    /// Ends the body of a loop: adds what comes back to its head. Returns the paths of its `break`s.
    fn close_loop(&mut self, heads: &[(Variable, ValueId)], end: &Path) -> Vec<Path> {
        self.loops.pop();
        let Some(Frame::Loop { breaks, continues, .. }) = self.frames.pop() else { return Vec::new() };
        for path in continues.iter().chain([end]).filter(|it| !it.is_dead) {
            for (variable, value) in &path.changes {
                if let Ok(at) = heads.binary_search_by_key(variable, |it| it.0) {
                    self.flow.values.extend(heads[at].1, *value);
                }
            }
        }
        breaks
    }

    pub(super) fn for_loop(&mut self, node: Node<'a>) {
        self.fields(node, Field::Iter, Self::expr);
        let was_dead = self.flow.is_dead;
        let heads = self.open_loop(node);
        let mark = self.flow.mark();
        self.fields(node, Field::Target, Self::target);
        self.block(node, Field::Body);
        let end = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        let mut paths = self.close_loop(&heads, &end);
        self.block(node, Field::Orelse);
        paths.push(self.flow.take(mark));
        self.flow.is_dead = was_dead;
        self.flow.join(&paths);
    }

    pub(super) fn while_loop(&mut self, node: Node<'a>) {
        let was_dead = self.flow.is_dead;
        let heads = self.open_loop(node);
        let mark = self.flow.mark();
        let (holds, fails) = self.condition(node.required(Field::Test.into()));
        self.flow.follow(&holds);
        self.block(node, Field::Body);
        let end = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        let mut paths = self.close_loop(&heads, &end);
        self.flow.follow(&fails);
        self.block(node, Field::Orelse);
        paths.push(self.flow.take(mark));
        self.flow.is_dead = was_dead;
        self.flow.join(&paths);
    }

    /// Every variable that was changed between two events may hold what it holds now, or any of that.
    fn widen(&mut self, from: EventId, to: EventId) {
        let mut seen = FxHashSet::default();
        for at in from.0..to.0 {
            let Some(variable) = self.events[at as usize].variable else { continue };
            if seen.insert(variable) {
                let before = self.flow.get(variable);
                let window = self.flow.values.add(Value::Window { variable, from, to });
                let value = self.flow.values.merge(&mut vec![before, window]);
                self.flow.set(variable, value);
            }
        }
    }

    /// The body may be left at any point, if the manager swallows the exception.
    pub(super) fn with(&mut self, node: Node<'a>) {
        let mut items = node.field(Field::Items.into());
        let Some(first) = items.next() else { return self.block(node, Field::Body) };
        self.fields(first, Field::ContextExpr, Self::expr);
        let was_dead = self.flow.is_dead;
        let (mark, from) = (self.flow.mark(), self.next_event());
        self.fields(first, Field::OptionalVars, Self::target);
        let mut swallows = self.may_swallow(first);
        for item in items {
            self.fields(item, Field::ContextExpr, Self::expr);
            self.fields(item, Field::OptionalVars, Self::target);
            swallows |= self.may_swallow(item);
        }
        self.block(node, Field::Body);
        if !swallows {
            return;
        }
        let through = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        self.widen(from, self.next_event());
        let swallowed = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        self.flow.join(&[through, swallowed]);
    }

    /// Whether a context manager may swallow exceptions: all but files.
    fn may_swallow(&self, item: Node<'a>) -> bool {
        let manager = item.required(Field::ContextExpr.into());
        let function = view::Call::cast(manager).map(view::Call::func).and_then(view::Name::cast);
        let is_builtin = |it: view::Name<'a>| {
            let occurrence = self.scopes.occurrence_of(it.node().id());
            occurrence.is_some_and(|it| self.scopes.owner(self.scopes.occurrence(it)).is_none())
        };
        !function.is_some_and(|it| it.id() == "open" && is_builtin(it))
    }

    pub(super) fn attempt(&mut self, node: Node<'a>) {
        let was_dead = self.flow.is_dead;
        let (mark, from) = (self.flow.mark(), self.next_event());
        let has_finally = node.child(Field::Finalbody.into()).is_some();
        if has_finally {
            self.frames.push(Frame::Finally { pending: Vec::new() });
        }
        self.block(node, Field::Body);
        let to = self.next_event();
        self.block(node, Field::Orelse);
        if node.child(Field::Handlers.into()).is_some() {
            let mut paths = vec![self.flow.take(mark)];
            self.flow.is_dead = was_dead;
            self.widen(from, to);
            self.handlers(node, mark, &mut paths);
            self.flow.undo(mark);
            self.flow.is_dead = was_dead;
            self.flow.join(&paths);
        }
        if has_finally {
            self.finally(node, from, was_dead, mark);
        }
    }

    fn handlers(&mut self, node: Node<'a>, mark: super::flow::Mark, paths: &mut Vec<Path>) {
        let was_dead = self.flow.is_dead;
        let one_after_the_other = kind(node) == Kind::TryStar;
        for handler in node.field(Field::Handlers.into()) {
            self.fields(handler, Field::Type, Self::expr);
            let here = self.flow.mark();
            let variable = self.variable_of(handler).filter(|_| handler.aux() != astkit_ast::tree::NONE);
            if let Some(variable) = variable {
                self.bind(handler);
                self.frames.push(Frame::Handler(variable));
            }
            self.block(handler, Field::Body);
            if variable.is_some() {
                self.frames.pop();
                self.unbind(handler);
            }
            paths.push(self.flow.path(mark));
            let handled = self.flow.take(here);
            self.flow.is_dead = was_dead;
            if one_after_the_other {
                let skipped = self.nothing();
                self.flow.join(&[skipped, handled]);
            }
        }
    }

    /// The code is walked once, from all that may be when it is entered. What it leaves alone keeps, on each way
    /// through, what it held on that way.
    fn finally(&mut self, node: Node<'a>, from: EventId, was_dead: bool, mark: super::flow::Mark) {
        let Some(Frame::Finally { pending }) = self.frames.pop() else { return };
        let through = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        self.widen(from, self.next_event());
        let here = self.flow.mark();
        self.block(node, Field::Finalbody);
        let done = self.flow.take(here);
        self.flow.undo(mark);
        if !done.is_dead {
            for (jump, mut path) in pending {
                path.changes.extend_from_slice(&done.changes);
                self.deliver(jump, path, self.frames.len());
            }
        }
        self.flow.is_dead = was_dead;
        self.flow.follow(&through);
        self.flow.follow(&done);
    }
}
