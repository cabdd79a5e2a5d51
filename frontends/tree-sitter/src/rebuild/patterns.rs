//! `match` statements and their patterns.

use astkit_ast::builder::{Built, NameId};
use astkit_ast::python::{ExprContext, Operator, Role, Unaryop, build};
use astkit_ast::{Constant, Span};

use super::Rebuilder;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl<'a> Rebuilder<'a, '_> {
    pub(super) fn rebuild_match_statement(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        let mut end = self.end(node);
        let head =
            self.children(node).find(|it| matches!(self.kind(*it), Kind::Colon | Kind::Block | Kind::Error));
        self.rebuild_subject(node, head);
        for it in self.parts(node).filter(|it| head.is_some_and(|head| *it >= head)) {
            match self.kind(it) {
                Kind::Block => end = self.rebuild_cases(it),
                _ => self.rebuild_stray(it, Role::Cases),
            }
        }
        end = self.reach(mark, end);
        build::match_(self.b, mark, Span::new(self.start(node), end));
        end
    }

    /// What stands between `match` and its colon: one expression, or with a comma a tuple.
    fn rebuild_subject(&mut self, node: Node, end: Option<Node>) {
        let mark = self.b.mark();
        let (mut comma, mut starred, mut count) = (false, None, 0);
        let mut span = Span::empty(self.start(node));
        for it in self.children(node).take_while(|it| Some(*it) != end) {
            match self.kind(it) {
                Kind::Comma => {
                    comma = true;
                    span.end = self.end(it);
                }
                kind if kind.is_token() => {}
                _ => {
                    let built = self.child(it, Role::Elts);
                    starred = self.is_starred(built).then_some(it);
                    span = if count == 0 { self.span(it) } else { span.hull(self.span(it)) };
                    count += 1;
                }
            }
        }
        if comma {
            build::tuple(self.b, mark, span, ExprContext::Load);
        } else if count == 0 {
            self.b.missing(span.start);
        } else if let Some(starred) = starred {
            self.fault("star-expression", self.span(starred), "a starred subject needs a comma");
        }
        self.b.role(Role::Subject);
    }

    fn rebuild_cases(&mut self, block: Node) -> u32 {
        let mut end = self.start(block);
        let outer = self.enter_block(block);
        let mut empty = true;
        for it in self.parts(block) {
            self.check_column(it);
            end = if self.kind(it) == Kind::CaseClause {
                self.rebuild_case_clause(it)
            } else {
                self.rebuild_stray(it, Role::Cases);
                self.end(it)
            };
            empty = false;
        }
        if empty {
            self.check_empty_block(block);
        }
        self.leave_block(outer);
        end
    }

    fn rebuild_case_clause(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        self.check_line_breaks(node);
        let mut end = self.end(node);
        if self.cst.is_broken(node) {
            return self.rebuild_broken_case(node);
        }
        let (mut patterns, mut comma) = (Vec::new(), None);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::CasePattern => patterns.push(it),
                Kind::Comma => comma = Some(it),
                _ => {}
            }
        }
        self.rebuild_case_patterns(&patterns, comma);
        for it in self.parts(node) {
            match self.kind(it) {
                Kind::CasePattern => {}
                Kind::IfClause => {
                    let test = self.parts(it).next();
                    self.limited(test, self.end(it), Role::Guard, Barred::STARRED);
                }
                Kind::Block => end = self.rebuild_block(it, Role::Body),
                _ => self.rebuild_stray(it, Role::Body),
            }
        }
        end = self.reach(mark, end);
        build::match_case(self.b, mark, Span::new(self.start(node), end));
        self.b.role(Role::Cases);
        end
    }

    /// A case whose head the parser could not make sense of.
    fn rebuild_broken_case(&mut self, node: Node) -> u32 {
        let (mark, start) = (self.b.mark(), self.start(node));
        let block = self.cst.child(node, Kind::Block);
        for it in self.parts(node).filter(|it| Some(*it) != block) {
            self.recover(it);
        }
        let head = block.map_or(self.end(node), |it| self.start(it));
        let head = self.text[..head as usize].trim_end().len();
        let head = u32::try_from(head).unwrap_or(start).max(start);
        self.b.error(mark, Span::new(start, head));
        self.b.role(Role::Pattern);
        let end = block.map_or(head, |it| self.rebuild_block(it, Role::Body));
        build::match_case(self.b, mark, Span::new(start, end));
        self.b.role(Role::Cases);
        end
    }

    /// The patterns of a case; with a comma they are a sequence.
    fn rebuild_case_patterns(&mut self, patterns: &[Node], comma: Option<Node>) {
        let mark = self.b.mark();
        for it in patterns {
            self.rebuild_pattern_in(*it, comma.is_some());
            self.b.role(if comma.is_some() { Role::Patterns } else { Role::Pattern });
        }
        if let (Some(comma), [first, .., last] | [first @ last]) = (comma, patterns) {
            let span = self.span(*first).hull(self.span(*last)).hull(self.span(comma));
            build::match_sequence(self.b, mark, span);
            self.b.role(Role::Pattern);
        }
    }

    /// A pattern; `starred` tells whether it stands in a sequence, where `*a` may stand.
    fn rebuild_pattern_in(&mut self, node: Node, starred: bool) -> Built {
        if !starred
            && let Some(splat) = self.cst.first(node).filter(|it| self.kind(*it) == Kind::SplatPattern)
        {
            self.fault("star-expression", self.span(splat), "a starred pattern needs a sequence around it");
        }
        self.rebuild_pattern(node)
    }

    pub(crate) fn rebuild_pattern(&mut self, node: Node) -> Built {
        self.grow(|it| {
            if it.cst.is_missing(node) {
                return it.rebuild_missing(node);
            }
            if it.cst.is_broken(node) {
                return it.rebuild_broken(node);
            }
            match it.kind(node) {
                Kind::CasePattern => it.rebuild_case_pattern(node),
                Kind::AsPattern => it.rebuild_as_pattern(node),
                Kind::UnionPattern => it.rebuild_union_pattern(node),
                Kind::ListPattern | Kind::TuplePattern => it.rebuild_sequence_pattern(node),
                Kind::DictPattern => it.rebuild_dict_pattern(node),
                Kind::ClassPattern => it.rebuild_class_pattern(node),
                Kind::SplatPattern => it.rebuild_splat_pattern(node),
                Kind::DottedName => it.rebuild_dotted_pattern(node),
                Kind::Underscore => {
                    let mark = it.b.mark();
                    build::match_as(it.b, mark, it.span(node), None)
                }
                Kind::True => it.rebuild_singleton(node, Constant::Bool(true)),
                Kind::False => it.rebuild_singleton(node, Constant::Bool(false)),
                Kind::None => it.rebuild_singleton(node, Constant::None),
                Kind::KeywordPattern => it.rebuild_stray_keyword_pattern(node),
                _ => {
                    let mark = it.b.mark();
                    it.rebuild_pattern_value(None, node);
                    it.b.role(Role::Value);
                    build::match_value(it.b, mark, it.span(node))
                }
            }
        })
    }

    fn rebuild_case_pattern(&mut self, node: Node) -> Built {
        let mut children = self.children(node);
        match (children.next(), children.next()) {
            (Some(minus), Some(number)) if self.kind(minus) == Kind::Minus => {
                self.rebuild_negative_pattern(minus, number)
            }
            (Some(inner), _) => self.rebuild_pattern(inner),
            (None, _) => self.b.missing(self.start(node)),
        }
    }

    fn rebuild_negative_pattern(&mut self, minus: Node, number: Node) -> Built {
        let mark = self.b.mark();
        self.rebuild_pattern_value(Some(minus), number);
        self.b.role(Role::Value);
        let span = self.span(minus).hull(self.span(number));
        build::match_value(self.b, mark, span)
    }

    /// The value of a literal pattern or of a mapping's key, with the minus before it.
    fn rebuild_pattern_value(&mut self, minus: Option<Node>, node: Node) -> Built {
        let mark = self.b.mark();
        match self.kind(node) {
            Kind::ComplexPattern => self.rebuild_complex_pattern(node),
            Kind::DottedName => self.rebuild_dotted_value(node),
            Kind::String | Kind::ConcatenatedString => self.rebuild_string(node),
            _ => self.rebuild_expression(node, ExprContext::Load),
        };
        if let Some(minus) = minus {
            self.b.role(Role::Operand);
            let span = self.span(minus).hull(self.span(node));
            build::unary_op(self.b, mark, span, Unaryop::USub);
        }
        self.b.last().expect("a value was built")
    }

    /// `-1 + 2j`: its parts are tokens side by side.
    fn rebuild_complex_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let (mut minus, mut op, mut numbers) = (None, Operator::Add, 0);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::Minus if numbers == 0 => minus = Some(it),
                Kind::Minus => op = Operator::Sub,
                Kind::Plus => {}
                _ => {
                    self.rebuild_pattern_value(minus.take(), it);
                    self.b.role(if numbers == 0 { Role::Left } else { Role::Right });
                    self.check_complex_part(it, numbers);
                    numbers += 1;
                }
            }
        }
        build::bin_op(self.b, mark, self.span(node), op)
    }

    /// `a` captures, `a.b` is a value.
    fn rebuild_dotted_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let text = self.text_of(node);
        if text.contains('.') {
            self.rebuild_dotted_value(node);
            self.b.role(Role::Value);
            return build::match_value(self.b, mark, self.span(node));
        }
        let name = self.capture(node);
        build::match_as(self.b, mark, self.span(node), name)
    }

    /// The name that a pattern binds; none for `_`.
    pub(crate) fn capture(&mut self, node: Node) -> Option<NameId> {
        let text: &'a str = self.text_of(node);
        if text == "_" {
            return None;
        }
        self.check_name(node, text, ExprContext::Store);
        Some(self.b.name(text))
    }

    /// `a.b.c` as an expression.
    fn rebuild_dotted_value(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let start = self.start(node);
        let text: &'a str = self.text_of(node);
        let mut at = 0;
        for (count, part) in text.split('.').enumerate() {
            let name = part.trim_matches(|it: char| it.is_whitespace() || it == '\\');
            let offset = at + part.find(name).unwrap_or(0) + name.len();
            let span = Span::new(start, start + u32::try_from(offset).unwrap_or(0));
            at += part.len() + 1;
            let name = self.b.name(name);
            if count == 0 {
                build::name(self.b, mark, span, name, ExprContext::Load);
            } else {
                self.b.role(Role::Value);
                build::attribute(self.b, mark, span, name, ExprContext::Load);
            }
        }
        self.b.last().expect("splitting gives a part")
    }

    fn rebuild_singleton(&mut self, node: Node, value: Constant) -> Built {
        let (mark, value) = (self.b.mark(), self.b.constant(value));
        build::match_singleton(self.b, mark, self.span(node), value)
    }

    fn rebuild_as_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (pattern, name) = (parts.next(), parts.next());
        if let Some(pattern) = pattern {
            if self.cst.first(pattern).is_some_and(|it| self.kind(it) == Kind::AsPattern) {
                self.fault("invalid-pattern", self.span(pattern), "a pattern has one `as`");
            }
            self.rebuild_pattern_in(pattern, false);
            self.b.role(Role::Pattern);
        }
        let name = name.and_then(|it| {
            if self.text_of(it) == "_" {
                self.fault("invalid-target", self.span(it), "`_` can't be a target of a pattern");
            }
            self.capture(it)
        });
        build::match_as(self.b, mark, self.span(node), name)
    }

    fn rebuild_union_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut minus = None;
        for it in self.children(node) {
            match self.kind(it) {
                Kind::Minus => minus = Some(it),
                Kind::Pipe => {}
                _ => {
                    match minus.take() {
                        Some(minus) => self.rebuild_negative_pattern(minus, it),
                        None => self.rebuild_pattern(it),
                    };
                    self.b.role(Role::Patterns);
                }
            }
        }
        build::match_or(self.b, mark, self.span(node))
    }

    /// `[a, b]` or `(a, b)`; `(a)` only groups.
    fn rebuild_sequence_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        let (first, second) = (parts.next(), parts.next());
        if let (Kind::TuplePattern, Some(inner), None) = (self.kind(node), first, second)
            && !self.has(node, Kind::Comma)
        {
            return self.rebuild_pattern_in(inner, false);
        }
        for it in self.parts(node) {
            self.rebuild_pattern(it);
            self.b.role(Role::Patterns);
        }
        build::match_sequence(self.b, mark, self.span(node))
    }

    fn rebuild_dict_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let (mut minus, mut is_key, mut rest) = (None, true, None);
        for it in self.children(node) {
            match self.kind(it) {
                Kind::Minus => minus = Some(it),
                Kind::Colon => is_key = false,
                Kind::Comma => is_key = true,
                Kind::SplatPattern => {
                    rest = self.rebuild_rest(it);
                    self.check_rest(node, it);
                }
                Kind::OpenBrace | Kind::CloseBrace => {}
                _ if is_key => {
                    self.check_mapping_key(it);
                    self.rebuild_pattern_value(minus.take(), it);
                    self.b.role(Role::Keys);
                }
                _ => {
                    self.rebuild_pattern_in(it, false);
                    self.b.role(Role::Patterns);
                }
            }
        }
        build::match_mapping(self.b, mark, self.span(node), rest)
    }

    fn rebuild_rest(&mut self, node: Node) -> Option<NameId> {
        let name = self.children(node).nth(1)?;
        let captured = self.capture(name);
        if captured.is_none() || !self.has(node, Kind::DoubleStar) {
            self.fault("star-expression", self.span(node), "the rest of a mapping is `**` and a name");
        }
        captured
    }

    fn rebuild_splat_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        if self.has(node, Kind::DoubleStar) {
            self.fault("star-expression", self.span(node), "`**` can only stand in a mapping pattern");
        }
        let name = self.children(node).nth(1).and_then(|it| self.capture(it));
        build::match_star(self.b, mark, self.span(node), name)
    }

    fn rebuild_class_pattern(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        let mut attributes = Vec::new();
        for it in self.parts(node) {
            if self.kind(it) == Kind::DottedName {
                self.rebuild_dotted_value(it);
                self.b.role(Role::Cls);
            } else if let Some(name) = self.rebuild_keyword_pattern(it) {
                attributes.push(name);
                self.b.role(Role::KwdPatterns);
            } else {
                if !attributes.is_empty() {
                    self.fault(
                        "argument-order",
                        self.span(it),
                        "a positional pattern can't follow a keyword pattern",
                    );
                }
                self.rebuild_pattern_in(it, false);
                self.b.role(Role::Patterns);
            }
        }
        build::match_class(self.b, mark, self.span(node), &attributes)
    }

    /// `x=P` among the patterns of a class: builds `P` and returns `x`; none if there is no keyword.
    fn rebuild_keyword_pattern(&mut self, node: Node) -> Option<NameId> {
        if self.cst.is_broken(node) {
            return None;
        }
        let inner = self.cst.first(node)?;
        if self.kind(inner) == Kind::AsPattern {
            return self.repair_keyword_as_pattern(inner);
        }
        if self.kind(inner) != Kind::KeywordPattern || self.cst.is_broken(inner) {
            return None;
        }
        Some(self.rebuild_keyword_pattern_value(inner))
    }

    /// Builds the pattern of `x=P` and returns `x`.
    pub(crate) fn rebuild_keyword_pattern_value(&mut self, node: Node) -> NameId {
        let mut children = self.children(node);
        let name = children.next();
        children.next();
        match (children.next(), children.next()) {
            (Some(minus), Some(number)) if self.kind(minus) == Kind::Minus => {
                self.rebuild_negative_pattern(minus, number);
            }
            (Some(value), _) => {
                self.rebuild_pattern(value);
            }
            (None, _) => {
                self.b.missing(self.end(node));
            }
        }
        let name = name.map_or("", |it| self.text_of(it));
        self.b.name(name)
    }

    fn rebuild_stray_keyword_pattern(&mut self, node: Node) -> Built {
        self.fault("invalid-pattern", self.span(node), "a keyword pattern can only stand in a class pattern");
        let mark = self.b.mark();
        self.rebuild_keyword_pattern_value(node);
        self.b.error(mark, self.span(node))
    }
}
