//! Where the names stand that a node holds as scalars.

use super::{NameSpan, SideTables};
use crate::python::{self, Kind, Role};
use crate::scanner::TokenKind;
use crate::span::Span;
use crate::tree::Node;

impl<'a> SideTables<'a> {
    /// The places of the names that `node` holds, in source order; empty for a kind that holds none.
    ///
    /// Shape: one entry per name; `kwd_attrs` and the names of `global` have several of the same field.
    #[expect(clippy::wildcard_enum_match_arm, reason = "kinds without names of their own")]
    pub fn names(&self, node: Node<'a>) -> Vec<NameSpan> {
        let tokens = self.tokens_of(node);
        match python::kind(node) {
            Kind::Name => one("id", Some(self.lowered.span(node))),
            Kind::FunctionDef | Kind::AsyncFunctionDef => one("name", self.after(tokens, "def")),
            Kind::ClassDef => one("name", self.after(tokens, "class")),
            Kind::Arg => one("arg", self.first_name(tokens)),
            Kind::Keyword if node.aux() != crate::tree::NONE => one("arg", self.first_name(tokens)),
            Kind::Attribute => one("attr", self.last_name(tokens)),
            Kind::ExceptHandler if node.aux() != crate::tree::NONE => {
                let from = node.child(Role::Type.into()).map_or(0, |it| self.lowered.span(it).end);
                let from = self.starting_at(from).unwrap_or(tokens.0).max(tokens.0);
                one("name", self.after((from, tokens.1), "as"))
            }
            Kind::Alias => self.alias(tokens),
            Kind::ImportFrom => one("module", self.module(tokens)),
            Kind::Global | Kind::Nonlocal => self.list(tokens),
            Kind::MatchAs | Kind::MatchStar if node.aux() != crate::tree::NONE => {
                one("name", self.last_name(tokens))
            }
            Kind::MatchMapping if node.aux() != crate::tree::NONE => one("rest", self.rest(tokens)),
            Kind::MatchClass => self.kwd_attrs(tokens),
            Kind::TypeVar | Kind::ParamSpec | Kind::TypeVarTuple => one("name", self.first_name(tokens)),
            _ => Vec::new(),
        }
    }

    /// The tokens of a node, as a half-open range of indices.
    fn tokens_of(&self, node: Node<'_>) -> (usize, usize) {
        let span = self.lowered.span(node);
        let first = self.tokens.partition_point(|it| it.span.start < span.start);
        let last = self.tokens.partition_point(|it| it.span.end <= span.end);
        (first, last.max(first))
    }

    fn name_at(&self, at: usize) -> Option<Span> {
        self.tokens.get(at).filter(|it| it.kind == TokenKind::Name).map(|it| it.span)
    }

    fn first_name(&self, (first, last): (usize, usize)) -> Option<Span> {
        (first..last).find_map(|it| self.name_at(it))
    }

    fn last_name(&self, (first, last): (usize, usize)) -> Option<Span> {
        (first..last).rev().find_map(|it| self.name_at(it))
    }

    /// The name after the first occurrence of a keyword.
    fn after(&self, (first, last): (usize, usize), keyword: &str) -> Option<Span> {
        let at = (first..last).find(|it| self.text_of(*it) == keyword)?;
        self.name_at(at + 1)
    }

    fn alias(&self, (first, last): (usize, usize)) -> Vec<NameSpan> {
        let keyword = (first..last).find(|it| self.text_of(*it) == "as").unwrap_or(last);
        let mut out = Vec::new();
        if first < keyword {
            let span = self.tokens[first].span.hull(self.tokens[keyword - 1].span);
            out.push(NameSpan { field: "name", span });
        }
        if let Some(span) = self.name_at(keyword + 1).filter(|_| keyword < last) {
            out.push(NameSpan { field: "asname", span });
        }
        out
    }

    fn module(&self, (first, last): (usize, usize)) -> Option<Span> {
        let import = (first..last).find(|it| self.text_of(*it) == "import")?;
        // Not the first token: from Python 3.15 on, `lazy` may precede.
        let from = (first..import).find(|it| self.text_of(*it) == "from")?;
        let start = (from + 1..import).find(|it| self.name_at(*it).is_some())?;
        Some(self.tokens[start].span.hull(self.tokens[import - 1].span))
    }

    fn list(&self, (first, last): (usize, usize)) -> Vec<NameSpan> {
        let name = |it| Some(NameSpan { field: "names", span: self.name_at(it)? });
        (first + 1..last).filter_map(name).collect()
    }

    /// `**rest` at the end of a mapping pattern.
    fn rest(&self, (first, last): (usize, usize)) -> Option<Span> {
        let at = (first..last).rev().find(|it| self.text_of(*it) == "**")?;
        self.name_at(at + 1)
    }

    /// `name=` directly within the parentheses of a class pattern.
    fn kwd_attrs(&self, (first, last): (usize, usize)) -> Vec<NameSpan> {
        let depth = self.tokens.get(first).map_or(0, |it| it.depth) + 1;
        let is_keyword = |it: &usize| self.tokens[*it].depth == depth && self.text_of(*it + 1) == "=";
        (first..last.saturating_sub(1))
            .filter(is_keyword)
            .filter_map(|it| Some(NameSpan { field: "kwd_attrs", span: self.name_at(it)? }))
            .collect()
    }
}

fn one(field: &'static str, span: Option<Span>) -> Vec<NameSpan> {
    span.map(|span| NameSpan { field, span }).into_iter().collect()
}
