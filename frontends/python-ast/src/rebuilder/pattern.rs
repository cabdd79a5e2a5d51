//! Patterns of `match` statements.

use astkit_ast::Constant;
use astkit_ast::builder::NameId;
use astkit_ast::python::{Role, build};
use ruff_python_ast::{Pattern, PatternMatchClass, PatternMatchMapping, PatternOrKeyword, Singleton};
use smallvec::SmallVec;

use super::Rebuilder;
use crate::parse::literal;
use crate::place::span_of;

impl<'t> Rebuilder<'_, '_, 't> {
    /// Rebuilds a pattern that is no element of a sequence, and so no `*x`.
    pub(super) fn rebuild_pattern(&mut self, pattern: &'t Pattern, role: Role) {
        self.check_no_star(pattern);
        self.deeper(|it| it.pattern(pattern));
        self.b.role(role);
    }

    fn rebuild_element(&mut self, pattern: &'t Pattern) {
        self.deeper(|it| it.pattern(pattern));
        self.b.role(Role::Patterns);
    }

    fn patterns(&mut self, patterns: &'t [Pattern]) {
        for pattern in patterns {
            self.rebuild_pattern(pattern, Role::Patterns);
        }
    }

    fn pattern(&mut self, pattern: &'t Pattern) {
        let mark = self.b.mark();
        let span = span_of(pattern);
        match pattern {
            Pattern::MatchValue(it) => {
                let value = literal(self.hidden, &it.value);
                self.check_dotted_name(value, span);
                self.check_number(value);
                self.rebuild_expr(value, Role::Value);
                build::match_value(self.b, mark, span);
            }
            Pattern::MatchSingleton(it) => {
                let value = self.b.constant(match it.value {
                    Singleton::None => Constant::None,
                    Singleton::True => Constant::Bool(true),
                    Singleton::False => Constant::Bool(false),
                });
                build::match_singleton(self.b, mark, span, value);
            }
            Pattern::MatchSequence(it) => {
                self.check_elements(it);
                for element in &it.patterns {
                    self.rebuild_element(element);
                }
                build::match_sequence(self.b, mark, span);
            }
            Pattern::MatchMapping(it) => self.rebuild_match_mapping(it),
            Pattern::MatchClass(it) => self.rebuild_match_class(it),
            Pattern::MatchStar(it) => {
                let name = self.optional_identifier(it.name.as_ref());
                build::match_star(self.b, mark, span, name);
            }
            Pattern::MatchAs(it) => {
                if let Some(pattern) = &it.pattern {
                    self.rebuild_pattern(pattern, Role::Pattern);
                }
                let name = self.optional_identifier(it.name.as_ref());
                build::match_as(self.b, mark, span, name);
            }
            Pattern::MatchOr(it) => {
                self.patterns(&it.patterns);
                build::match_or(self.b, mark, span);
            }
        }
    }

    fn rebuild_match_mapping(&mut self, it: &'t PatternMatchMapping) {
        let mark = self.b.mark();
        for (key, pattern) in it.keys.iter().zip(&it.patterns) {
            let key = literal(self.hidden, key);
            self.check_number(key);
            self.rebuild_expr(key, Role::Keys);
            self.rebuild_pattern(pattern, Role::Patterns);
        }
        let rest = self.optional_identifier(it.rest.as_ref());
        build::match_mapping(self.b, mark, span_of(it), rest);
    }

    fn rebuild_match_class(&mut self, it: &'t PatternMatchClass) {
        let mark = self.b.mark();
        self.check_dotted_name(&it.cls, span_of(it));
        self.rebuild_expr(&it.cls, Role::Cls);
        for argument in it.arguments.iter_source_order() {
            match argument {
                PatternOrKeyword::Pattern(pattern) => self.rebuild_pattern(pattern, Role::Patterns),
                PatternOrKeyword::Keyword(keyword) => {
                    self.rebuild_pattern(&keyword.pattern, Role::KwdPatterns);
                }
            }
        }
        let names: SmallVec<[NameId; 8]> =
            it.arguments.keywords.iter().map(|keyword| self.identifier(&keyword.attr)).collect();
        build::match_class(self.b, mark, span_of(it), &names);
    }
}
