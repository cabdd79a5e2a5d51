//! What the parser takes and CPython refuses, as far as it shows in the tree.
//!
//! Each such statement becomes an `Error` node like any other that is broken; found by comparing verdicts on random
//! edits of real code.

use astkit_ast::{Diagnostic, Span};
use ruff_python_ast::{Expr, ExprContext, ExprNamed, ExprTuple, Pattern, StmtTry};
use ruff_text_size::Ranged;

use super::{Rebuilder, span_of};
use crate::report::{SOURCE, ends_in_raise};

impl<'t> Rebuilder<'_, '_, 't> {
    /// Says that CPython refuses the statement at hand.
    pub(super) fn refuse(&mut self, span: Span, message: &'static str) {
        self.b.diagnostic(Diagnostic::error(SOURCE, "syntax-error", span, message));
        self.is_damaged = true;
    }

    /// `((x) := y)`.
    pub(super) fn check_named_expr(&mut self, it: &ExprNamed) {
        if it.start() != it.target.start() {
            self.refuse(span_of(&*it.target), "the target of `:=` cannot be parenthesized");
        }
    }

    /// `(yield, x)`: a `yield` within a tuple has parentheses of its own.
    pub(super) fn check_tuple(&mut self, it: &ExprTuple) {
        let mut from = it.start().to_u32() + u32::from(it.parenthesized);
        for element in &it.elts {
            if matches!(element, Expr::Yield(_) | Expr::YieldFrom(_)) {
                let before = Span::new(from, element.start().to_u32());
                if !self.has_punctuation(before, b'(') {
                    self.refuse(span_of(element), "a `yield` within a tuple must be parenthesized");
                }
            }
            from = element.end().to_u32();
        }
    }

    /// `try` with `else` needs an `except`.
    pub(super) fn check_try(&mut self, it: &StmtTry) {
        if let Some(first) = it.orelse.first()
            && it.handlers.is_empty()
        {
            self.refuse(span_of(first), "`else` needs an `except` before it");
        }
    }

    /// `case [x y]`.
    pub(super) fn check_separators(&mut self, patterns: &[Pattern]) {
        for pair in patterns.windows(2) {
            let gap = Span::new(pair[0].end().to_u32(), pair[1].start().to_u32());
            if !self.has_punctuation(gap, b',') {
                self.refuse(span_of(&pair[1]), "patterns must be separated by commas");
            }
        }
    }

    /// `case _.x` and `case _()`: a pattern that begins with `_` is the wildcard.
    pub(super) fn check_dotted_name(&mut self, expr: &Expr) {
        let mut leftmost = expr;
        while let Expr::Attribute(it) = leftmost {
            leftmost = &it.value;
        }
        if matches!(leftmost, Expr::Name(name) if name.id == "_") {
            self.refuse(span_of(leftmost), "`_` has no attributes in a pattern");
        }
    }

    /// `case (1) + 2j` and `case -(1)`: a number in a pattern has no parentheses within.
    pub(super) fn check_number(&mut self, expr: &Expr) {
        let mut operand = expr;
        loop {
            let is_bare = match operand {
                Expr::BinOp(it) => it.left.start() == it.start() && it.right.end() == it.end(),
                Expr::UnaryOp(it) => it.operand.end() == it.end(),
                _ => return,
            };
            if !is_bare {
                return self.refuse(span_of(expr), "a number in a pattern cannot have parentheses");
            }
            operand = match operand {
                Expr::BinOp(it) => &it.left,
                Expr::UnaryOp(it) => &it.operand,
                _ => return,
            };
        }
    }

    /// Whether what the parser missed after `raise` is not needed: in `raise;`.
    pub(super) fn is_bare_raise(&self, exc: &Expr) -> bool {
        let at = exc.start().to_usize();
        matches!(exc, Expr::Name(name) if name.ctx == ExprContext::Invalid && name.id.is_empty())
            && self.text.as_bytes().get(self.skip_trivia(exc.start().to_u32()) as usize) == Some(&b';')
            && self.text.get(..at).is_some_and(ends_in_raise)
    }

    /// Whether a punctuation mark stands in text that is only punctuation and trivia.
    fn has_punctuation(&self, gap: Span, mark: u8) -> bool {
        let mut at = gap.start;
        loop {
            at = self.skip_trivia(at);
            if at >= gap.end {
                return false;
            }
            if self.text.as_bytes().get(at as usize) == Some(&mark) {
                return true;
            }
            at += 1;
        }
    }
}
