//! Parameters of functions and lambdas.

use astkit_ast::Span;
use astkit_ast::python::{ExprContext, Role, build};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

/// What a parameter without star is, from its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    PositionalOnly,
    Positional,
    KeywordOnly,
}

impl Rebuilder<'_, '_> {
    /// Builds the `arguments` of a function or lambda; `place` is where they are if there are none.
    pub(super) fn rebuild_parameters(&mut self, node: Option<Node>, place: Span) {
        let mark = self.b.mark();
        if let Some(node) = node {
            self.check_parameters(node);
            let has_slash = self.has(node, Kind::PositionalSeparator);
            let mut section = if has_slash { Section::PositionalOnly } else { Section::Positional };
            let (mut vararg, mut kwarg) = (false, false);
            for it in self.parts(node) {
                let mark = self.b.mark();
                section = self.rebuild_parameter(it, section);
                let twice = match self.star_of(it) {
                    Some(Kind::ListSplatPattern) => std::mem::replace(&mut vararg, true),
                    Some(_) => std::mem::replace(&mut kwarg, true),
                    None => false,
                };
                if twice {
                    self.b.error(mark, self.span(it));
                    self.b.role(Role::Args);
                }
            }
        }
        build::arguments(self.b, mark, place);
        self.b.role(Role::Args);
    }

    /// The kind of the star pattern that a parameter is or has.
    pub(crate) fn star_of(&self, node: Node) -> Option<Kind> {
        let pattern = match self.kind(node) {
            Kind::TypedParameter => self.cst.first(node)?,
            _ => node,
        };
        let kind = self.kind(pattern);
        matches!(kind, Kind::ListSplatPattern | Kind::DictionarySplatPattern).then_some(kind)
    }

    fn rebuild_parameter(&mut self, node: Node, section: Section) -> Section {
        if self.cst.is_broken(node) || self.kind(node) == Kind::Error {
            self.rebuild_broken(node);
            self.b.role(Role::Args);
            return section;
        }
        match self.kind(node) {
            Kind::PositionalSeparator => return Section::Positional,
            Kind::KeywordSeparator => return Section::KeywordOnly,
            Kind::ListSplatPattern | Kind::DictionarySplatPattern => {
                return self.rebuild_starred_parameter(node, node, None, section);
            }
            Kind::TypedParameter => return self.rebuild_typed_parameter(node, section),
            Kind::DefaultParameter | Kind::TypedDefaultParameter => {
                self.rebuild_default_parameter(node, section);
            }
            _ => self.rebuild_arg(node, node, None, section.role()),
        }
        section
    }

    fn rebuild_typed_parameter(&mut self, node: Node, section: Section) -> Section {
        let annotation = self.cst.child(node, Kind::Type);
        match self.cst.first(node) {
            Some(it) if matches!(self.kind(it), Kind::ListSplatPattern | Kind::DictionarySplatPattern) => {
                self.rebuild_starred_parameter(node, it, annotation, section)
            }
            Some(name) => {
                self.rebuild_arg(node, name, annotation, section.role());
                section
            }
            None => section,
        }
    }

    fn rebuild_starred_parameter(
        &mut self,
        node: Node,
        star: Node,
        annotation: Option<Node>,
        section: Section,
    ) -> Section {
        let double = self.kind(star) == Kind::DictionarySplatPattern;
        let name = self.parts(star).next().unwrap_or(star);
        self.rebuild_arg(node, name, annotation, if double { Role::Kwarg } else { Role::Vararg });
        if double { section } else { Section::KeywordOnly }
    }

    fn rebuild_default_parameter(&mut self, node: Node, section: Section) {
        let mut parts = self.parts(node);
        let name = parts.next();
        let annotation = self.cst.child(node, Kind::Type);
        let value = parts.find(|it| Some(*it) != annotation);
        if let Some(name) = name {
            let end = annotation.unwrap_or(name);
            let span = Span::new(self.start(name), self.end(end));
            self.rebuild_arg_at(span, name, annotation, section.role());
        }
        let role = if section == Section::KeywordOnly { Role::KwDefaults } else { Role::Defaults };
        self.limited(value, self.end(node), role, Barred::NOT_EXPRESSION);
    }

    fn rebuild_arg(&mut self, node: Node, name: Node, annotation: Option<Node>, role: Role) {
        let span = Span::new(self.start(name), self.end(node));
        self.rebuild_arg_at(span, name, annotation, role);
    }

    fn rebuild_arg_at(&mut self, span: Span, name: Node, annotation: Option<Node>, role: Role) {
        let mark = self.b.mark();
        if self.kind(name) != Kind::Identifier || self.cst.is_missing(name) {
            return self.rebuild_nameless_arg(span, name, role);
        }
        if annotation.is_some() {
            let barred =
                if role == Role::Vararg { Barred::NAMED | Barred::SLICE } else { Barred::NOT_EXPRESSION };
            self.limited(annotation, span.end, Role::Annotation, barred);
        }
        let text = self.text_of(name);
        self.check_name(name, text, ExprContext::Store);
        let id = self.b.name(text);
        build::arg(self.b, mark, span, id);
        self.b.role(role);
    }

    /// A parameter that Python 3 does not have: `def f((a, b))`.
    fn rebuild_nameless_arg(&mut self, span: Span, name: Node, role: Role) {
        let mark = self.b.mark();
        if self.cst.is_missing(name) {
            self.rebuild_missing(name);
        } else if self.python2() {
            self.keep_as_text(span, "a tuple as a parameter");
            self.rebuild_expression(name, ExprContext::Store);
        } else {
            self.fault("invalid-parameter", span, "a parameter must be a name");
            self.rebuild_expression(name, ExprContext::Load);
        }
        self.b.error(mark, span);
        self.b.role(role);
    }
}

impl Section {
    fn role(self) -> Role {
        match self {
            Self::PositionalOnly => Role::Posonlyargs,
            Self::Positional => Role::Args,
            Self::KeywordOnly => Role::Kwonlyargs,
        }
    }
}
