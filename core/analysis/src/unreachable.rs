//! Statements that can never run, by the shape of the code alone and what is known of the environment.
//!
//! Dead is what follows a `return`, `raise`, `break`, `continue` or endless loop, and what a condition that is
//! decided beforehand leaves out. Only the outermost dead statements are told. With an empty environment the
//! verdict is that of CPython's compiler: a `with` may always swallow an exception, a call may always return, and
//! what a dead statement would have done to the kind of its function (`yield`) stays done.

use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::{Node, NodeId, Tree};

use crate::truth::{Environment, truth};

/// A statement that never runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Unreachable {
    /// The statement.
    pub node: NodeId,
    /// Why.
    pub why: Why,
}

/// Why a statement never runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// It follows, in the same block, a statement that never completes: this one.
    After(NodeId),
    /// Its branch's condition never holds: this one.
    Never(NodeId),
    /// It stands in the branch for when a condition does not hold, which always does: this one.
    Always(NodeId),
}

/// The outermost statements of a module that never run, in the order of the text within each definition.
pub fn unreachable(tree: &Tree, environment: &Environment) -> Vec<Unreachable> {
    let mut walk = Walk { environment, out: Vec::new(), breaks: Vec::new(), todo: vec![tree.root()] };
    while let Some(body) = walk.todo.pop() {
        walk.breaks.clear();
        walk.block(body, Role::Body);
    }
    walk.out.sort_by_key(|it| it.node);
    walk.out
}

struct Walk<'a, 'e> {
    environment: &'e Environment,
    out: Vec<Unreachable>,
    /// Per open loop, whether a `break` leaves it.
    breaks: Vec<bool>,
    /// Bodies of definitions that are still to be looked at.
    todo: Vec<Node<'a>>,
}

impl<'a> Walk<'a, '_> {
    /// Whether the statements of a block can run through.
    fn block(&mut self, parent: Node<'a>, role: Role) -> bool {
        let mut stopped = None;
        for statement in parent.field(role.into()) {
            if let Some(stop) = stopped {
                self.out.push(Unreachable { node: statement.id(), why: Why::After(stop) });
            } else if !self.statement(statement) {
                stopped = Some(statement.id());
            }
        }
        stopped.is_none()
    }

    fn dead_block(&mut self, parent: Node<'a>, role: Role, why: Why) {
        for statement in parent.field(role.into()) {
            self.out.push(Unreachable { node: statement.id(), why });
        }
    }

    fn statement(&mut self, node: Node<'a>) -> bool {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.completes(node))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all other statements run through")]
    fn completes(&mut self, node: Node<'a>) -> bool {
        match kind(node) {
            Kind::Return | Kind::Raise | Kind::Raise2 | Kind::Continue => false,
            Kind::Break => {
                if let Some(innermost) = self.breaks.last_mut() {
                    *innermost = true;
                }
                false
            }
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef => {
                self.todo.push(node);
                true
            }
            Kind::Assert => {
                let test = node.required(Role::Test.into());
                truth(test, self.environment) != Some(false) || self.environment.debug == Some(false)
            }
            Kind::If => self.branch(node),
            Kind::While => self.while_loop(node),
            Kind::For | Kind::AsyncFor => {
                self.breaks.push(false);
                self.block(node, Role::Body);
                let left = self.breaks.pop() == Some(true);
                self.block(node, Role::Orelse) | left
            }
            Kind::With | Kind::AsyncWith => {
                self.block(node, Role::Body);
                true
            }
            Kind::Try | Kind::TryStar => self.attempt(node),
            Kind::Match => self.matching(node),
            _ => true,
        }
    }

    fn branch(&mut self, node: Node<'a>) -> bool {
        let test = node.required(Role::Test.into());
        match truth(test, self.environment) {
            Some(true) => {
                self.dead_block(node, Role::Orelse, Why::Always(test.id()));
                self.block(node, Role::Body)
            }
            Some(false) => {
                self.dead_block(node, Role::Body, Why::Never(test.id()));
                self.block(node, Role::Orelse)
            }
            None => self.block(node, Role::Body) | self.block(node, Role::Orelse),
        }
    }

    fn while_loop(&mut self, node: Node<'a>) -> bool {
        let test = node.required(Role::Test.into());
        let outcome = truth(test, self.environment);
        if outcome == Some(false) {
            self.dead_block(node, Role::Body, Why::Never(test.id()));
            return self.block(node, Role::Orelse);
        }
        self.breaks.push(false);
        self.block(node, Role::Body);
        let left = self.breaks.pop() == Some(true);
        if outcome == Some(true) {
            self.dead_block(node, Role::Orelse, Why::Always(test.id()));
            return left;
        }
        self.block(node, Role::Orelse) | left
    }

    fn attempt(&mut self, node: Node<'a>) -> bool {
        let breaks_before = self.breaks.last().copied();
        let body = self.block(node, Role::Body);
        let mut through = if body {
            self.block(node, Role::Orelse)
        } else {
            let last = node.field(Role::Body.into()).last().unwrap_or(node);
            self.dead_block(node, Role::Orelse, Why::After(last.id()));
            false
        };
        for handler in node.field(Role::Handlers.into()) {
            through |= self.block(handler, Role::Body);
        }
        // A `finally` that does not run through swallows every jump out of the statement.
        let breaks_within = self.breaks.last().copied();
        if let (Some(innermost), Some(before)) = (self.breaks.last_mut(), breaks_before) {
            *innermost = before;
        }
        let finally = self.block(node, Role::Finalbody);
        if let (Some(innermost), Some(within)) = (self.breaks.last_mut(), breaks_within) {
            *innermost |= within && finally;
        }
        through && finally
    }

    fn matching(&mut self, node: Node<'a>) -> bool {
        let (mut through, mut exhaustive) = (false, false);
        for case in node.field(Role::Cases.into()) {
            let guard = case.child(Role::Guard.into());
            let outcome = guard.map_or(Some(true), |it| truth(it, self.environment));
            if let (Some(false), Some(guard)) = (outcome, guard) {
                self.dead_block(case, Role::Body, Why::Never(guard.id()));
                continue;
            }
            through |= self.block(case, Role::Body);
            exhaustive |= outcome == Some(true) && is_irrefutable(case.required(Role::Pattern.into()));
        }
        through || !exhaustive
    }
}

/// Whether a pattern matches everything: a name or `_`, perhaps as the last of alternatives.
pub(crate) fn is_irrefutable(pattern: Node<'_>) -> bool {
    let mut pattern = pattern;
    loop {
        match kind(pattern) {
            Kind::MatchAs => match view::MatchAs::cast(pattern).and_then(view::MatchAs::pattern) {
                None => return true,
                Some(inner) => pattern = inner,
            },
            Kind::MatchOr => match pattern.children().last() {
                None => return false,
                Some(last) => pattern = last,
            },
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests;
