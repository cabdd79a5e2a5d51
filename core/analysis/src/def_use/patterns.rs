//! `match`: what patterns read and bind.
//!
//! As CPython compiles it, a pattern binds nothing before it has matched as a whole; a guard sees its names, and they
//! stay when the guard fails.

use astkit_ast::Node;
use astkit_ast::python::{Kind, Role as Field, kind};

use super::flow::Path;
use super::walk::Walker;
use crate::unreachable::is_irrefutable;

impl<'a> Walker<'a> {
    pub(super) fn matching(&mut self, node: Node<'a>) {
        self.fields(node, Field::Subject, Self::expr);
        let was_dead = self.flow.is_dead;
        let mark = self.flow.mark();
        let (mut paths, mut unmatched) = (Vec::new(), self.nothing());
        for case in node.field(Field::Cases.into()) {
            self.flow.follow(&unmatched);
            let pattern = case.required(Field::Pattern.into());
            let mut captures = Vec::new();
            self.pattern(pattern, &mut captures);
            let mut failed = Vec::new();
            if !is_irrefutable(pattern) {
                failed.push(self.flow.path(mark));
            }
            for capture in captures {
                self.bind(capture);
            }
            if let Some(guard) = case.child(Field::Guard.into()) {
                let here = self.flow.mark();
                let is_dead = self.flow.is_dead;
                let (holds, fails) = self.condition(guard);
                self.flow.follow(&fails);
                failed.push(self.flow.path(mark));
                self.flow.undo(here);
                self.flow.is_dead = is_dead;
                self.flow.follow(&holds);
            }
            self.block(case, Field::Body);
            paths.push(self.flow.take(mark));
            self.flow.is_dead = was_dead;
            unmatched = self.meet(&failed, was_dead, mark);
        }
        paths.push(unmatched);
        self.flow.join(&paths);
    }

    /// The path that several paths make together.
    fn meet(&mut self, paths: &[Path], was_dead: bool, mark: super::flow::Mark) -> Path {
        if paths.is_empty() {
            return Path::dead();
        }
        self.flow.join(paths);
        let path = self.flow.take(mark);
        self.flow.is_dead = was_dead;
        path
    }

    /// Reads what a pattern compares with, and collects the nodes whose names it binds.
    fn pattern(&mut self, node: Node<'a>, captures: &mut Vec<Node<'a>>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::MatchValue => self.children(node),
            Kind::MatchAs | Kind::MatchStar | Kind::MatchMapping | Kind::MatchClass => {
                for child in node.children() {
                    self.pattern(child, captures);
                }
                if kind(node) != Kind::MatchClass && node.aux() != astkit_ast::tree::NONE {
                    captures.push(node);
                }
            }
            Kind::MatchSequence | Kind::MatchOr => {
                for child in node.children() {
                    self.pattern(child, captures);
                }
            }
            Kind::MatchSingleton => {}
            _ => self.expr(node),
        });
    }
}
