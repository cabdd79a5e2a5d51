//! What the parser takes and CPython refuses, as far as it shows in the tree.
//!
//! Each such statement becomes an `Error` node like any other that is broken; found by comparing verdicts on random
//! edits of real code.

#![expect(clippy::wildcard_enum_match_arm, reason = "each check is about a few kinds of expressions")]

use astkit_ast::{Diagnostic, Span};
use ruff_python_ast::{
    Expr, ExprContext, ExprGenerator, ExprNamed, ExprStarred, ExprTuple, Operator, Pattern,
    PatternMatchSequence, StmtTry, UnaryOp,
};
use ruff_text_size::Ranged;

use super::Rebuilder;
use crate::findings::ends_in_raise;
use crate::place::span_of;
use crate::report::{MOST, SOURCE};

/// What may follow a number without space between: beginnings of `and`, `else`, `for`, `if`, `in`, `is`, `or`, `not`.
const KEYWORDS_BEHIND_NUMBERS: [&[u8]; 8] = [b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];

impl Rebuilder<'_, '_, '_> {
    /// Says that CPython refuses the statement at hand, unless the parser does too.
    pub(super) fn refuse(&mut self, span: Span, message: &'static str) {
        self.refusals += 1;
        if self.refusals <= MOST && !self.damage.is_any_in(span) {
            self.b.diagnostic(Diagnostic::error(SOURCE, "syntax-error", span, message));
        }
        self.is_damaged = true;
    }

    /// `lazy import x`, Python 3.15's.
    pub(super) fn check_import(&mut self, is_lazy: bool, it: &impl Ranged) {
        if is_lazy {
            self.has_no_tree(span_of(it), "lazy imports have no tree yet");
        }
    }

    /// Says that the tree has no word for what a construct of a newer Python means: it is as good as broken, but its
    /// author is not to blame.
    pub(super) fn has_no_tree(&mut self, span: Span, message: &'static str) {
        self.refusals += 1;
        if self.refusals <= MOST {
            self.b.diagnostic(Diagnostic::warning(SOURCE, "unknown-syntax", span, message));
        }
        self.is_damaged = true;
    }

    /// `((x) := y)`.
    pub(super) fn check_named_expr(&mut self, it: &ExprNamed) {
        if it.start() != it.target.start() {
            self.refuse(span_of(&*it.target), "the target of `:=` cannot be parenthesized");
        }
    }

    /// `(yield x for x in y)`.
    pub(super) fn check_element(&mut self, it: &ExprGenerator) {
        if matches!(&*it.elt, Expr::Yield(_) | Expr::YieldFrom(_)) {
            let start = it.start().to_u32() + u32::from(it.parenthesized);
            if !self.has_punctuation(Span::new(start, it.elt.start().to_u32()), b'(') {
                self.refuse(span_of(&*it.elt), "a `yield` within a generator must be parenthesized");
            }
        }
    }

    /// `*(x) and y`, but for arguments and subscripts.
    pub(super) fn check_starred(&mut self, it: &ExprStarred) {
        if matches!(&*it.value, Expr::BoolOp(_) | Expr::Compare(_)) {
            let before = Span::new(it.start().to_u32() + 1, it.value.start().to_u32());
            if !self.has_punctuation(before, b'(') {
                self.refuse(span_of(it), "an operation after `*` must be parenthesized");
            }
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

    /// `case [x y]` and `case [(*x)]`.
    pub(super) fn check_elements(&mut self, it: &PatternMatchSequence) {
        for pair in it.patterns.windows(2) {
            let gap = Span::new(pair[0].end().to_u32(), pair[1].start().to_u32());
            if !self.has_punctuation(gap, b',') {
                self.refuse(span_of(&pair[1]), "patterns must be separated by commas");
            }
        }
        for star in it.patterns.iter().filter(|it| it.is_match_star()) {
            let behind = self.skip_trivia(star.end().to_u32());
            let closes = self.text.as_bytes().get(behind as usize) == Some(&b')');
            if closes && behind + 1 != it.end().to_u32() {
                self.refuse(span_of(star), "a star pattern cannot be parenthesized");
            }
        }
    }

    /// `case *x`.
    pub(super) fn check_no_star(&mut self, pattern: &Pattern) {
        if pattern.is_match_star() {
            self.refuse(span_of(pattern), "a star pattern can only be in a sequence");
        }
    }

    /// `case _.x`, `case _()` and `case (x).y`: a pattern that begins with `_` is the wildcard, and one that begins
    /// with a parenthesis is a group or a sequence.
    pub(super) fn check_dotted_name(&mut self, expr: &Expr, pattern: Span) {
        let mut leftmost = expr;
        while let Expr::Attribute(it) = leftmost {
            leftmost = &it.value;
        }
        let Expr::Name(name) = leftmost else { return };
        if name.id == "_" {
            self.refuse(span_of(leftmost), "`_` is no name in a pattern");
        } else if name.start().to_u32() != pattern.start {
            self.refuse(span_of(leftmost), "a name in a pattern cannot be parenthesized");
        }
    }

    /// A number in a pattern is bare: `-1`, `1 + 2j`, but not `-(1)`, `(1) + 2j` or `1 ** 2j`.
    pub(super) fn check_number(&mut self, expr: &Expr) {
        let is_bare = match expr {
            Expr::BinOp(it) => {
                matches!(it.op, Operator::Add | Operator::Sub)
                    && it.left.start() == it.start()
                    && it.right.end() == it.end()
                    && is_signed_number(&it.left)
                    && it.right.is_number_literal_expr()
            }
            Expr::UnaryOp(_) => is_signed_number(expr),
            _ => return,
        };
        if !is_bare {
            self.refuse(span_of(expr), "a number in a pattern has neither parentheses nor other operators");
        }
    }

    /// `1as x`: of all letters only those of certain keywords may follow a number.
    pub(super) fn check_end_of_number(&mut self, span: Span) {
        let rest = &self.text.as_bytes()[span.end as usize..];
        let is_letter = rest.first().is_some_and(|it| *it == b'_' || it.is_ascii_alphanumeric());
        if is_letter && !KEYWORDS_BEHIND_NUMBERS.iter().any(|it| rest.starts_with(it)) {
            self.refuse(span, "a number cannot run into a name");
        }
    }

    /// `yield + x`: a `yield` that is an operand has parentheses. `operation` begins where its left operand does,
    /// unless that has some.
    pub(super) fn check_left_operand(&mut self, left: &Expr, operation: &impl Ranged) {
        if matches!(left, Expr::Yield(_) | Expr::YieldFrom(_)) && left.start() == operation.start() {
            self.refuse(span_of(left), "a `yield` within an expression must be parenthesized");
        }
    }

    /// `(x).y: T`: CPython takes the parenthesized name for the target, and stops at what follows.
    pub(super) fn check_annotated_target(&mut self, target: &Expr) {
        let mut left = target;
        loop {
            left = match left {
                Expr::Attribute(it) => &it.value,
                Expr::Subscript(it) => &it.value,
                Expr::Call(it) => &it.func,
                _ => return,
            };
            if left.start() != target.start() {
                break;
            }
        }
        if matches!(left, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_)) {
            self.refuse(span_of(target), "an annotated target cannot begin with parentheses");
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

/// `1` or `-1`.
fn is_signed_number(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp(it) => {
            it.op == UnaryOp::USub && it.operand.is_number_literal_expr() && it.operand.end() == it.end()
        }
        _ => expr.is_number_literal_expr(),
    }
}
