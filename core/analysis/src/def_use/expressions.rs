//! Expressions in the order of evaluation, and conditions with both of their outcomes.

use astkit_ast::Node;
use astkit_ast::python::{Boolop, Kind, Role as Field, Unaryop, kind, view};

use super::flow::{Mark, Path};
use super::units::UnitKind;
use super::values::Value;
use super::walk::Walker;

impl<'a> Walker<'a> {
    pub(super) fn expr(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.expression(node));
    }

    /// All children, from left to right.
    pub(super) fn children(&mut self, node: Node<'a>) {
        for child in node.children() {
            self.expr(child);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other kinds evaluate their parts from left to right")]
    fn expression(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::Name => self.read(node),
            Kind::Constant => {}
            Kind::NamedExpr => {
                self.fields(node, Field::Value, Self::expr);
                self.fields(node, Field::Target, Self::target);
            }
            Kind::BoolOp => self.chain(node.children()),
            Kind::Compare => {
                let mut operands = node.children();
                if let Some(left) = operands.next() {
                    self.expr(left);
                }
                self.chain(operands);
            }
            Kind::IfExp => self.branch_expression(node),
            Kind::Lambda => {
                let arguments = node.required(Field::Args.into());
                self.fields(arguments, Field::Defaults, Self::expr);
                self.fields(arguments, Field::KwDefaults, Self::expr);
                // In an annotation that is never evaluated it has no scope.
                if self.scopes.scope_of(node.id()).is_some() {
                    self.make(UnitKind::Function, node);
                }
            }
            Kind::ListComp | Kind::SetComp | Kind::DictComp | Kind::GeneratorExp => self.comprehension(node),
            _ => self.children(node),
        }
    }

    /// Operands of which each but the first is evaluated only if those before it let it.
    fn chain(&mut self, operands: impl Iterator<Item = Node<'a>>) {
        let mut marks: Vec<Mark> = Vec::new();
        for operand in operands {
            marks.push(self.flow.mark());
            self.expr(operand);
        }
        for mark in marks.into_iter().skip(1).rev() {
            if !self.flow.is_unchanged(mark) {
                let skipped = self.nothing();
                let taken = self.flow.take(mark);
                self.flow.join(&[skipped, taken]);
            }
        }
    }

    fn branch_expression(&mut self, node: Node<'a>) {
        let mark = self.flow.mark();
        let was_dead = self.flow.is_dead;
        let (holds, fails) = self.condition(node.required(Field::Test.into()));
        let mut paths = Vec::with_capacity(2);
        for (path, field) in [(holds, Field::Body), (fails, Field::Orelse)] {
            self.flow.follow(&path);
            self.fields(node, field, Self::expr);
            paths.push(self.flow.take(mark));
            self.flow.is_dead = was_dead;
        }
        self.flow.join(&paths);
    }

    /// Evaluates a condition; the state stays what it was. Returns the paths on which it holds and fails.
    pub(super) fn condition(&mut self, node: Node<'a>) -> (Path, Path) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.condition_of(node))
    }

    fn condition_of(&mut self, node: Node<'a>) -> (Path, Path) {
        let mark = self.flow.mark();
        let was_dead = self.flow.is_dead;
        if let Some(it) = view::UnaryOp::cast(node).filter(|it| it.op() == Unaryop::Not) {
            let (holds, fails) = self.condition(it.operand());
            return (fails, holds);
        }
        let (mut holds, mut fails) = if let Some(it) = view::BoolOp::cast(node) {
            self.short_circuit(it, mark, was_dead)
        } else {
            self.expr(node);
            let path = self.flow.take(mark);
            (path.clone(), path)
        };
        self.flow.is_dead = was_dead;
        match (self.decide)(node) {
            Some(true) => fails.is_dead = true,
            Some(false) => holds.is_dead = true,
            None => {}
        }
        (holds, fails)
    }

    fn short_circuit(&mut self, node: view::BoolOp<'a>, mark: Mark, was_dead: bool) -> (Path, Path) {
        let is_and = node.op() == Boolop::And;
        let mut left_early = Vec::new();
        for value in node.values() {
            let here = self.flow.mark();
            let (holds, fails) = self.condition(value);
            let (on, off) = if is_and { (holds, fails) } else { (fails, holds) };
            let is_dead = self.flow.is_dead;
            self.flow.follow(&off);
            left_early.push(self.flow.path(mark));
            self.flow.undo(here);
            self.flow.is_dead = is_dead;
            self.flow.follow(&on);
        }
        let through = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        self.flow.join(&left_early);
        let early = self.flow.take(mark);
        if is_and { (through, early) } else { (early, through) }
    }

    /// The first iterable is evaluated here, the rest here or, for a generator expression, later.
    fn comprehension(&mut self, node: Node<'a>) {
        if let Some(first) = node.child(Field::Generators.into()) {
            self.fields(first, Field::Iter, Self::expr);
        }
        if self.scopes.scope_of(node.id()).is_none() {
            return;
        }
        if kind(node) == Kind::GeneratorExp {
            self.make(UnitKind::GeneratorExp, node);
        } else {
            self.comprehension_body(node);
        }
    }

    /// All iterations at once: a name that an outer scope owns holds at every point what it held before, or what
    /// any iteration has given it.
    pub(super) fn comprehension_body(&mut self, node: Node<'a>) {
        let Some(own) = self.scopes.scope_of(node.id()) else { return };
        let variables = self.changed_in(node, Some(own));
        let from = self.next_event();
        let heads: Vec<_> = variables.into_iter().map(|it| (it, self.open_head(it))).collect();
        self.loops.push(from);
        let mark = self.flow.mark();
        let was_dead = self.flow.is_dead;
        for (nth, generator) in node.field(Field::Generators.into()).enumerate() {
            if nth > 0 {
                self.fields(generator, Field::Iter, Self::expr);
            }
            self.fields(generator, Field::Target, Self::target);
            for condition in generator.field(Field::Ifs.into()) {
                let (holds, _) = self.condition(condition);
                self.flow.follow(&holds);
            }
        }
        for field in [Field::Key, Field::Value, Field::Elt] {
            self.fields(node, field, Self::expr);
        }
        self.flow.undo(mark);
        self.flow.is_dead = was_dead;
        self.loops.pop();
        let to = self.next_event();
        for (variable, head) in heads {
            let any = self.flow.values.add(Value::Window { variable, from, to });
            self.flow.values.extend(head, any);
        }
    }
}
