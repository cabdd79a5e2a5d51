//! The rebuilder: one `rebuild_<kind>` for each kind of ruff's tree.
//!
//! Each function emits its node's children in source order and closes the node over them. What ruff sees in another
//! way than CPython is evened out where the node is closed:
//!
//! - a decorated definition begins at its keyword, not at the first `@`;
//! - a compound statement ends with the last token of its last statement, a `;` included;
//! - `elif` is an `If` in the `orelse` of another, and all of a chain end together;
//! - a generator that is a call's only argument takes the call's parentheses;
//! - the pieces of strings that stand side by side become one value, and a format specification begins at its `:`.
//!
//! Left operands, and what an attribute, call or subscript is of, are walked in a loop, as these chains are as long
//! as programs that write programs make them. All other nesting recurses, with a stack that grows.

mod definition;
mod expression;
mod pattern;
mod refusal;
mod spine;
mod statement;
mod string;

use astkit_ast::builder::NameId;
use astkit_ast::python::{Role, build};
use astkit_ast::{Span, TextBuffer, TreeBuilder};
use memchr::memchr;
use ruff_python_ast::{Expr, ExprContext, Identifier, ModExpression, ModModule, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use astkit_ast::python::ExprContext as Context;

use crate::damage::Damage;
use crate::place::offset;
use spine::SpineNode;

/// Below this nesting the stack is not even looked at.
const SHALLOW: usize = 64;

/// What must be free of the stack, and how much is taken when it is not.
const RED_ZONE: usize = 256 * 1024;
const STACK: usize = 4 * 1024 * 1024;

/// Rebuilds one file.
pub(crate) struct Rebuilder<'a, 's, 't> {
    b: &'a mut TreeBuilder<'s>,
    text: &'t str,
    /// Whether a `\r` is anywhere in the text; if not, no string has one.
    has_carriage_return: bool,
    damage: Damage<'t>,
    hidden: &'t [Parsed<ModExpression>],
    /// Whether something is wrong in the statement at hand that only the rebuilder saw.
    is_damaged: bool,
    /// How often the rebuilder refused what the parser took.
    refusals: usize,
    depth: usize,
    deepest: usize,
    /// How many format strings are around.
    open_formats: usize,
    /// Nodes of left spines whose leftmost child is being built, outermost first.
    spine: Vec<SpineNode<'t>>,
    /// The value of the string at hand.
    buffer: TextBuffer,
}

impl<'a, 's, 't> Rebuilder<'a, 's, 't> {
    pub(crate) fn new(
        b: &'a mut TreeBuilder<'s>,
        text: &'t str,
        damage: Damage<'t>,
        hidden: &'t [Parsed<ModExpression>],
    ) -> Self {
        Self {
            b,
            text,
            has_carriage_return: memchr(b'\r', text.as_bytes()).is_some(),
            damage,
            hidden,
            is_damaged: false,
            refusals: 0,
            depth: 0,
            deepest: 0,
            open_formats: 0,
            spine: Vec::new(),
            buffer: TextBuffer::new(),
        }
    }

    /// Rebuilds the file; returns how deep its deepest node is.
    pub(crate) fn rebuild_module(mut self, module: &'t ModModule) -> usize {
        let mark = self.b.mark();
        let whole = Span::new(0, u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let end = self.rebuild_suite(&module.body, Role::Body, Some(0));
        if self.damage.is_any() {
            self.cover(Span::new(end, whole.end), Role::Body);
            if let Some(offset) = self.damage.rest() {
                self.error_leaf(Span::empty(offset.clamp(end, whole.end)), Role::Body);
            }
        }
        if self.damage.is_any() {
            self.b.nest_spans(mark);
        }
        build::module(self.b, mark, whole);
        self.deepest
    }

    /// Rebuilds a block; returns where it ends, the `;` after its last statement included.
    ///
    /// `from` is where the text of the block begins, if text before its first statement is the block's own.
    fn rebuild_suite(&mut self, body: &'t [Stmt], role: Role, from: Option<u32>) -> u32 {
        let mut end = from.unwrap_or(0);
        for (at, stmt) in body.iter().enumerate() {
            let mut is_damaged = false;
            if self.damage.is_any() {
                let start = stmt.start().to_u32();
                if at == 0 && from.is_none() {
                    // Something in the header: of the statement around.
                    self.is_damaged |= self.damage.take_before(start);
                } else {
                    self.cover(Span::new(end, start), role);
                    is_damaged = self.damage.take_before(start);
                }
            }
            end = self.rebuild_stmt(stmt, role, is_damaged);
        }
        match body.last() {
            Some(last) if !is_compound(last) => self.end_with_semicolon(end),
            _ => end,
        }
    }

    /// Puts an `Error` node over what of the `gap` between two statements is no trivia.
    fn cover(&mut self, gap: Span, role: Role) {
        if let Some(uncovered) = self.damage.uncovered(gap) {
            self.damage.take_before(gap.end);
            self.error_leaf(uncovered, role);
        }
    }

    fn error_leaf(&mut self, span: Span, role: Role) {
        let mark = self.b.mark();
        self.b.error(mark, span);
        self.b.role(role);
    }

    /// The end of a simple statement that is the last of a block.
    fn end_with_semicolon(&self, end: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let mut at = end as usize;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\x0c') => at += 1,
                Some(b'\\') => match bytes.get(at + 1..) {
                    Some([b'\n', ..]) => at += 2,
                    Some([b'\r', b'\n', ..]) => at += 3,
                    _ => return end,
                },
                Some(b';') => return offset(at + 1),
                _ => return end,
            }
        }
    }

    /// Runs `rebuild` one level deeper, on a new stack if this one is nearly used up.
    fn deeper<R>(&mut self, rebuild: impl FnOnce(&mut Self) -> R) -> R {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let result = if self.depth > SHALLOW {
            stacker::maybe_grow(RED_ZONE, STACK, || rebuild(self))
        } else {
            rebuild(self)
        };
        self.depth -= 1;
        result
    }

    /// The id of an identifier; an absent one has an empty name, and the statement is damaged anyway.
    fn identifier(&mut self, identifier: &Identifier) -> NameId {
        self.b.normalized_name(identifier.as_str())
    }

    fn optional_identifier(&mut self, identifier: Option<&Identifier>) -> Option<NameId> {
        identifier.map(|it| self.b.normalized_name(it.as_str()))
    }

    fn optional_expr(&mut self, expr: Option<&'t Expr>, role: Role) {
        if let Some(expr) = expr {
            self.rebuild_expr(expr, role);
        }
    }

    fn exprs(&mut self, exprs: &'t [Expr], role: Role) {
        for expr in exprs {
            self.rebuild_expr(expr, role);
        }
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

fn context(ctx: ExprContext) -> Context {
    match ctx {
        ExprContext::Load | ExprContext::Invalid => Context::Load,
        ExprContext::Store => Context::Store,
        ExprContext::Del => Context::Del,
    }
}

/// Whether the end of a statement is the end of a block within it.
fn is_compound(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::FunctionDef(_)
        | Stmt::ClassDef(_)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::If(_)
        | Stmt::With(_)
        | Stmt::Match(_)
        | Stmt::Try(_) => true,
        Stmt::Return(_)
        | Stmt::Delete(_)
        | Stmt::TypeAlias(_)
        | Stmt::Assign(_)
        | Stmt::AugAssign(_)
        | Stmt::AnnAssign(_)
        | Stmt::Raise(_)
        | Stmt::Assert(_)
        | Stmt::Import(_)
        | Stmt::ImportFrom(_)
        | Stmt::Global(_)
        | Stmt::Nonlocal(_)
        | Stmt::Expr(_)
        | Stmt::Pass(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::IpyEscapeCommand(_) => false,
    }
}
