//! `type-call`: `type(x).y = z`, `type[x] = y` and `type(x).y: T = z` assign to something that begins with a call
//! or subscript of `type`; the grammar takes them for type aliases.

use astkit_ast::Span;
use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};

use crate::cst::{Kind, Node};
use crate::rebuild::{Binding, Rebuilder};

impl Rebuilder<'_, '_> {
    /// Builds the assignment; says whether the type alias was one.
    pub(crate) fn repair_type_call(&mut self, node: Node, left: Node, right: Option<Node>) -> bool {
        let (target, annotation) = match self.kind(left) {
            Kind::ConstrainedType => {
                let mut parts = self.parts(left);
                let Some(target) = parts.next() else { return false };
                (self.unwrap_type(target), parts.next())
            }
            _ => (left, None),
        };
        if !self.begins_with_brackets(target) {
            return false;
        }
        self.b.repaired("type-call");
        let (mark, start) = (self.b.mark(), self.start(node));
        let id = self.b.name("type");
        build::name(self.b, mark, Span::new(start, start + 4), id, ExprContext::Load);
        self.rebuild_spine(mark, start, target, Binding::Postfix, ExprContext::Store, |it, operand, ctx| {
            it.close_type_call(mark, start, operand, ctx)
        });
        if let Some(annotation) = annotation {
            self.b.role(Role::Target);
            self.child(annotation, Role::Annotation);
            self.child_or_absent(right, self.end(node), Role::Value);
            build::ann_assign(self.b, mark, self.span(node), 0);
        } else {
            self.b.role(Role::Targets);
            self.child_or_absent(right, self.end(node), Role::Value);
            build::assign(self.b, mark, self.span(node));
        }
        true
    }

    fn begins_with_brackets(&self, node: Node) -> bool {
        let mut operand = node;
        loop {
            match self.kind(operand) {
                Kind::ParenthesizedExpression | Kind::Tuple | Kind::GeneratorExpression | Kind::List => {
                    return true;
                }
                Kind::Attribute | Kind::Call | Kind::Subscript | Kind::MemberType | Kind::Type => {}
                _ => return false,
            }
            match self.cst.first(operand) {
                Some(first) => operand = first,
                None => return false,
            }
        }
    }

    /// Makes a call or subscript of `type` and the brackets that follow it.
    fn close_type_call(&mut self, mark: Mark, start: u32, operand: Node, ctx: ExprContext) -> Built {
        let span = Span::new(start, self.end(operand));
        let bridged = self.text.as_bytes().get(self.start(operand) as usize) == Some(&b'[');
        if self.kind(operand) == Kind::List || bridged {
            self.b.role(Role::Value);
            if let Some(open) = self.cst.first(operand) {
                self.rebuild_subscripts(operand, open);
            }
            return build::subscript(self.b, mark, span, ctx);
        }
        self.b.role(Role::Func);
        if self.kind(operand) == Kind::GeneratorExpression {
            self.child(operand, Role::Args);
        } else {
            for it in self.parts(operand) {
                self.child(it, Role::Args);
            }
        }
        if ctx != ExprContext::Load {
            self.bad_target(operand, ctx);
        }
        build::call(self.b, mark, span)
    }
}
