//! What the parser could not place: `Error` nodes that keep what was recovered, `Missing` nodes, and diagnostics.

use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Role};
use astkit_ast::{Diagnostic, Severity, Span};

use super::Rebuilder;
use crate::cst::{Kind, Node};

/// Who says so, in diagnostics of the parser.
pub(super) const PARSER: &str = "tree-sitter";

impl Rebuilder<'_, '_> {
    /// A node with an error among its children: its structure can't be trusted.
    pub(crate) fn rebuild_broken(&mut self, node: Node) -> Built {
        let mark = self.b.mark();
        self.recover_children(node);
        self.b.error(mark, self.span(node))
    }

    /// Text that the parser could not place.
    pub(crate) fn rebuild_error(&mut self, node: Node) -> Built {
        self.rebuild_broken(node)
    }

    /// An expression that Python does not have in this place.
    pub(crate) fn rebuild_unexpected(&mut self, node: Node) -> Built {
        let message = format!("`{}` can't stand here", shorten(self.text_of(node)));
        self.fault("unexpected-syntax", self.span(node), message);
        let mark = self.b.mark();
        self.recover_children(node);
        self.b.error(mark, self.span(node))
    }

    /// A statement whose parts are not there.
    pub(crate) fn rebuild_generic_error(&mut self, node: Node) {
        self.rebuild_broken(node);
    }

    /// A node among statements that is no statement: an expression, or a piece of one.
    pub(crate) fn rebuild_stray_statement(&mut self, node: Node) {
        self.rebuild_unexpected(node);
    }

    /// Errors, tokens and expressions side by side where statements should be: one error.
    pub(super) fn rebuild_strays(&mut self, run: &[Node], role: Role) -> u32 {
        let mark = self.b.mark();
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return 0 };
        let span = self.span(*first).hull(self.span(*last));
        if !run.iter().any(|it| self.cst.is_damaged(*it)) {
            let message = format!("`{}` can't stand here", shorten(self.slice(span)));
            self.b.diagnostic(Diagnostic::error(PARSER, "syntax-error", span, message));
        }
        for it in run.iter().filter(|it| !self.cst.kind(**it).is_token()) {
            match self.kind(*it) {
                Kind::Error => self.recover_children(*it),
                _ => self.recover(*it),
            }
        }
        self.b.error(mark, span);
        self.b.role(role);
        span.end
    }

    /// A node that does not belong where it stands in a compound statement.
    pub(crate) fn rebuild_stray(&mut self, node: Node, role: Role) {
        if self.kind(node) == Kind::Error {
            self.rebuild_broken(node);
        } else {
            self.rebuild_unexpected(node);
        }
        self.b.role(role);
    }

    /// A token that the parser invented.
    pub(crate) fn rebuild_missing(&mut self, node: Node) -> Built {
        self.b.missing(self.start(node))
    }

    /// A repair reads a text without the parser's help: what is wrong with it to the parser does not count.
    pub(crate) fn absorb(&mut self, span: Span) {
        if self.absorbed.last().is_none_or(|it| !it.contains(span)) {
            self.absorbed.push(span);
        }
    }

    /// Reports every error and every invented token, but for what is in a text that was read otherwise.
    pub(crate) fn report_damage(&mut self) {
        let mut reported = 0;
        for node in self.cst.damage() {
            let span = self.span(*node);
            let before = self.absorbed.partition_point(|it| it.start <= span.start);
            let absorbed = before > 0 && self.absorbed[before - 1].contains(span);
            if span.start < reported || absorbed {
                continue;
            }
            if self.cst.is_missing(*node) {
                self.report_missing(*node);
            } else {
                self.report_error(*node);
                reported = span.end;
            }
        }
    }

    /// Reports that something is wrong if nobody else did.
    pub(crate) fn report_unplaced(&mut self) {
        let silent = self.b.diagnostics().iter().all(|it| it.severity != Severity::Error);
        if self.cst.unplaced && silent {
            let span = self.span(self.cst.root());
            self.b.diagnostic(Diagnostic::error(
                PARSER,
                "syntax-error",
                span,
                "something is missing in this text",
            ));
        }
    }

    fn report_missing(&mut self, node: Node) {
        let message = match self.kind(node) {
            Kind::Identifier | Kind::DottedName => "expected a name".to_owned(),
            kind => format!("expected `{}`", kind.name()),
        };
        let span = Span::empty(self.start(node));
        self.b.diagnostic(Diagnostic::error(PARSER, "syntax-error", span, message));
    }

    fn report_error(&mut self, node: Node) {
        let span = self.span(node);
        let message = match self.cst.first(node) {
            None => format!("`{}` can't stand here", shorten(self.slice(span))),
            Some(_) => format!("can't make sense of `{}`", shorten(self.slice(span))),
        };
        self.b.diagnostic(Diagnostic::error(PARSER, "syntax-error", span, message));
    }

    /// Builds what can be understood below a node that can't.
    fn recover_children(&mut self, node: Node) {
        self.grow(|it| {
            for child in it.parts(node) {
                it.recover(child);
            }
        });
    }

    pub(super) fn recover(&mut self, node: Node) {
        match self.kind(node) {
            Kind::Error => {
                self.rebuild_broken(node);
            }
            kind if is_statement(kind) => {
                self.rebuild_statement(node, Role::Recovered);
            }
            kind if is_expression(kind) => {
                self.rebuild_expression(node, ExprContext::Load);
            }
            Kind::Unknown | Kind::StringStart | Kind::StringEnd | Kind::StringContent => {}
            _ => self.recover_children(node),
        }
    }
}

pub(super) fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::IfStatement
            | Kind::ForStatement
            | Kind::WhileStatement
            | Kind::TryStatement
            | Kind::WithStatement
            | Kind::MatchStatement
            | Kind::DecoratedDefinition
            | Kind::FunctionDefinition
            | Kind::ClassDefinition
            | Kind::ExpressionStatement
            | Kind::ReturnStatement
            | Kind::DeleteStatement
            | Kind::RaiseStatement
            | Kind::AssertStatement
            | Kind::PassStatement
            | Kind::BreakStatement
            | Kind::ContinueStatement
            | Kind::GlobalStatement
            | Kind::NonlocalStatement
            | Kind::ImportStatement
            | Kind::ImportFromStatement
            | Kind::FutureImportStatement
            | Kind::PrintStatement
            | Kind::ExecStatement
            | Kind::TypeAliasStatement
    )
}

fn is_expression(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Attribute
            | Kind::Await
            | Kind::BinaryOperator
            | Kind::BooleanOperator
            | Kind::Call
            | Kind::ComparisonOperator
            | Kind::ConcatenatedString
            | Kind::ConditionalExpression
            | Kind::Dictionary
            | Kind::DictionaryComprehension
            | Kind::DottedName
            | Kind::Ellipsis
            | Kind::ExpressionList
            | Kind::False
            | Kind::Float
            | Kind::GeneratorExpression
            | Kind::GenericType
            | Kind::Identifier
            | Kind::Integer
            | Kind::Lambda
            | Kind::List
            | Kind::ListComprehension
            | Kind::ListPattern
            | Kind::ListSplat
            | Kind::ListSplatPattern
            | Kind::NamedExpression
            | Kind::None
            | Kind::NotOperator
            | Kind::ParenthesizedExpression
            | Kind::PatternList
            | Kind::Set
            | Kind::SetComprehension
            | Kind::String
            | Kind::Subscript
            | Kind::True
            | Kind::Tuple
            | Kind::TupleExpression
            | Kind::TuplePattern
            | Kind::UnaryOperator
            | Kind::Yield
    )
}

/// The beginning of a text, on one line, for a message.
pub(crate) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    let mut chars = line.chars();
    let mut short: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() || line.len() < text.trim().len() {
        short.push('…');
    }
    short
}
