//! `keyword-as-pattern`: in `A(x=B() as y)` the name binds the value of the keyword, not the keyword.

use astkit_ast::Span;
use astkit_ast::builder::NameId;
use astkit_ast::python::{Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// Builds `B() as y` and returns `x`; none if the pattern under `as` has no keyword.
    pub(crate) fn repair_keyword_as_pattern(&mut self, node: Node) -> Option<NameId> {
        let mut parts = self.parts(node);
        let (inner, name) = (parts.next()?, parts.next()?);
        let keyword = self.cst.first(inner).filter(|it| self.kind(*it) == Kind::KeywordPattern)?;
        if self.cst.is_broken(keyword) {
            return None;
        }
        self.b.repaired("keyword-as-pattern");
        let mark = self.b.mark();
        let attribute = self.rebuild_keyword_pattern_value(keyword);
        self.b.role(Role::Pattern);
        let start = self.children(keyword).nth(2).map_or(self.end(keyword), |it| self.start(it));
        let target = self.capture(name);
        build::match_as(self.b, mark, Span::new(start, self.end(node)), target);
        Some(attribute)
    }
}
