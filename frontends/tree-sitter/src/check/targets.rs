//! What can be assigned to, annotated and deleted.

use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Kind as Ast};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

impl Rebuilder<'_, '_> {
    /// An expression that is no target stands where one is needed.
    pub(crate) fn bad_target(&mut self, node: Node, ctx: ExprContext) {
        let verb = if ctx == ExprContext::Del { "delete" } else { "assign to" };
        let what = match self.kind(node) {
            Kind::Call => "a call",
            Kind::Integer | Kind::Float | Kind::String | Kind::ConcatenatedString | Kind::Ellipsis => {
                "a literal"
            }
            Kind::True | Kind::False | Kind::None => "a constant",
            Kind::ComparisonOperator => "a comparison",
            Kind::ConditionalExpression => "a conditional expression",
            Kind::Lambda => "a lambda",
            Kind::Dictionary | Kind::Set => "a dict or set",
            Kind::ListComprehension
            | Kind::SetComprehension
            | Kind::DictionaryComprehension
            | Kind::GeneratorExpression => "a comprehension",
            Kind::ListSplat | Kind::ListSplatPattern => "a starred expression",
            Kind::NamedExpression => "a named expression",
            _ => "an expression",
        };
        self.fault("invalid-target", self.span(node), format!("can't {verb} {what}"));
    }

    /// The target of an annotation or of an augmented assignment: a single one, perhaps in parentheses.
    fn single_target(&self, node: Node) -> bool {
        let mut target = node;
        while matches!(self.kind(target), Kind::TuplePattern | Kind::ParenthesizedExpression)
            && !self.has(target, Kind::Comma)
            && let Some(inner) = self.parts(target).next()
        {
            target = inner;
        }
        matches!(self.kind(target), Kind::Identifier | Kind::Attribute | Kind::Subscript)
    }

    pub(crate) fn check_annotated_target(&mut self, node: Node) {
        if !self.single_target(node) && !self.cst.is_damaged(node) {
            self.fault("invalid-target", self.span(node), "only a single target can be annotated");
        }
    }

    pub(crate) fn check_augmented_target(&mut self, node: Node) {
        if !self.single_target(node) && !self.cst.is_damaged(node) {
            self.fault("invalid-target", self.span(node), "an augmented assignment needs a single target");
        }
    }

    /// Whether a starred expression was built.
    pub(crate) fn is_starred(&self, built: Built) -> bool {
        self.b.kind_of(built) == Some(Ast::Starred.into())
    }
}
