//! Imports.

use astkit_ast::builder::NameId;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    pub(super) fn rebuild_import_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        self.check_trailing_comma(node);
        for it in self.parts(node) {
            self.rebuild_alias(it, false);
        }
        build::import(self.b, mark, self.span(node));
    }

    pub(super) fn rebuild_import_from_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        let import = self.cst.child(node, Kind::ImportToken);
        let (mut module, mut level) = (None, 0);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::FutureToken => {
                    self.unicode_literals |= self.text_of(node).contains("unicode_literals");
                    module = Some(self.b.name("__future__"));
                }
                Kind::RelativeImport => (level, module) = self.rebuild_relative_import(it),
                _ if import.is_some_and(|import| it > import) => match self.kind(it) {
                    kind if kind.is_token() => {}
                    _ => self.rebuild_alias(it, true),
                },
                Kind::DottedName => module = Some(self.rebuild_dotted_name(it)),
                _ => {}
            }
        }
        if !self.has(node, Kind::OpenParen) {
            self.check_trailing_comma(node);
        }
        build::import_from(self.b, mark, self.span(node), module, level);
    }

    fn rebuild_relative_import(&mut self, node: Node) -> (u32, Option<NameId>) {
        let (mut level, mut module) = (0, None);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::ImportPrefix => {
                    let dots = self.text_of(it).bytes().filter(|it| *it == b'.').count();
                    level = u32::try_from(dots).unwrap_or(u32::MAX);
                }
                Kind::DottedName => module = Some(self.rebuild_dotted_name(it)),
                _ => {}
            }
        }
        (level, module)
    }

    fn rebuild_alias(&mut self, node: Node, from: bool) {
        let mark = self.b.mark();
        let (name, asname) = match self.kind(node) {
            Kind::AliasedImport => {
                let mut parts = self.parts(node);
                let (name, alias) = (parts.next(), parts.next());
                let name = name.map(|it| self.rebuild_dotted_name(it));
                let alias = alias.map(|it| {
                    let text = self.text_of(it);
                    self.check_name(it, text, ExprContext::Store);
                    self.b.name(text)
                });
                (name, alias)
            }
            Kind::WildcardImport => (Some(self.b.name("*")), None),
            Kind::DottedName => (Some(self.rebuild_dotted_name(node)), None),
            _ => {
                self.rebuild_error(node);
                return self.b.role(Role::Names);
            }
        };
        if from {
            self.check_imported_name(node);
        }
        let name = name.unwrap_or_else(|| self.b.name(""));
        build::alias(self.b, mark, self.span(node), name, asname);
        self.b.role(Role::Names);
    }

    /// The text of a dotted name; white space and comments may stand around its dots.
    fn rebuild_dotted_name(&mut self, node: Node) -> NameId {
        let text = self.text_of(node);
        if !self.cst.is_missing(node) {
            self.check_dotted_name(node, text);
        }
        if text.bytes().all(|it| !it.is_ascii_whitespace() && it != b'\\') {
            return self.b.name(text);
        }
        let mut name = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(it) = rest.chars().next() {
            rest = &rest[it.len_utf8()..];
            if it == '#' {
                rest = rest.find('\n').map_or("", |end| &rest[end..]);
            } else if !it.is_whitespace() && it != '\\' {
                name.push(it);
            }
        }
        self.b.name(&name)
    }
}
