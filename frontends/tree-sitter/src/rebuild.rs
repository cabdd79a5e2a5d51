//! The rebuilder: from tree-sitter-python's concrete tree to the common tree, as CPython 3.13+ would have built it.
//!
//! One `rebuild_<kind>` per kind of the grammar, spread over the files of this folder. Each builds the node and, on
//! the way, its children in source order; roles are given by the caller. Where the grammar's structure is wrong,
//! a rule of [`crate::repairs`] takes over; where it accepts what Python does not, a *fault* is noted, and the
//! statement that has it stands in an `Error` node.

mod calls;
mod clauses;
mod compound;
mod coverage;
mod definitions;
mod displays;
mod errors;
mod expressions;
mod fields;
mod imports;
mod operators;
mod parameters;
mod patterns;
mod python2;
mod statements;
mod strings;
mod types;

use astkit_ast::builder::{Built, Mark};
use astkit_ast::python::{ExprContext, Role, build};
use astkit_ast::{Diagnostic, Dialect, Span, TreeBuilder};

pub(crate) use expressions::Binding;
pub(crate) use fields::{Field, Format};
pub(crate) use strings::Pending;

use crate::check::Block;
use crate::cst::{Children, Cst, Kind, Node};

/// Segments of stack for recursion: as in the rest of astkit.
const RED_ZONE: usize = 128 * 1024;
const SEGMENT: usize = 4 * 1024 * 1024;

/// Rebuilds one text.
pub(crate) struct Rebuilder<'a, 's> {
    pub(crate) cst: &'a Cst,
    pub(crate) text: &'a str,
    pub(crate) b: &'a mut TreeBuilder<'s>,
    pub(crate) dialect: Dialect,
    /// Whether a module of Python 2 has asked for strings that are text.
    pub(crate) unicode_literals: bool,
    /// Open nodes whose first operand is being rebuilt, outermost first.
    pub(crate) spine: Vec<Node>,
    /// How much is wrong with the current statement, nested statements left out.
    pub(crate) faults: u32,
    /// Where the statements of the current block have to stand.
    pub(crate) block: Block,
    /// Texts that a repair read without the parser's help, in order and apart.
    pub(crate) absorbed: Vec<Span>,
    /// Characters that are nothing in Python, in order.
    pub(crate) strange: Vec<Span>,
    /// A binding that stands deeper in the concrete tree than where it belongs.
    pub(crate) hoisted: Option<Node>,
}

impl<'a, 's> Rebuilder<'a, 's> {
    pub(crate) fn new(cst: &'a Cst, text: &'a str, b: &'a mut TreeBuilder<'s>, dialect: Dialect) -> Self {
        Self {
            cst,
            text,
            b,
            dialect,
            unicode_literals: false,
            spine: Vec::new(),
            faults: 0,
            block: Block::default(),
            absorbed: Vec::new(),
            strange: Vec::new(),
            hoisted: None,
        }
    }

    /// Rebuilds the whole text.
    pub(crate) fn rebuild_module(&mut self) {
        let mark = self.b.mark();
        let root = self.cst.root();
        self.find_strange_characters();
        self.check_end_of_text();
        self.rebuild_block_statements(root, Role::Body);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        build::module(self.b, mark, Span::new(0, end));
        self.report_damage();
        self.report_unplaced();
    }

    pub(crate) fn python2(&self) -> bool {
        self.dialect == Dialect::Python2
    }

    pub(crate) fn kind(&self, node: Node) -> Kind {
        self.cst.kind(node)
    }

    pub(crate) fn start(&self, node: Node) -> u32 {
        self.cst.start(node)
    }

    pub(crate) fn end(&self, node: Node) -> u32 {
        self.cst.end(node)
    }

    pub(crate) fn span(&self, node: Node) -> Span {
        self.cst.span(node)
    }

    pub(crate) fn children(&self, node: Node) -> Children<'a> {
        self.cst.children(node)
    }

    /// The children that are not tokens.
    pub(crate) fn parts(&self, node: Node) -> impl Iterator<Item = Node> + use<'a> {
        let cst = self.cst;
        cst.children(node).filter(move |it| !cst.kind(*it).is_token())
    }

    pub(crate) fn has(&self, node: Node, kind: Kind) -> bool {
        self.cst.child(node, kind).is_some()
    }

    pub(crate) fn text_of(&self, node: Node) -> &'a str {
        self.slice(self.span(node))
    }

    pub(crate) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Rebuilds an expression and gives it its role.
    pub(crate) fn child(&mut self, node: Node, role: Role) -> Built {
        self.child_in(node, ExprContext::Load, role)
    }

    /// Rebuilds an expression in a context and gives it its role.
    pub(crate) fn child_in(&mut self, node: Node, ctx: ExprContext, role: Role) -> Built {
        let built = self.rebuild_expression(node, ctx);
        self.b.set_role(built, role);
        built
    }

    /// A required child that the concrete tree does not have.
    pub(crate) fn absent(&mut self, offset: u32, role: Role) -> Built {
        let built = self.b.missing(offset);
        self.b.set_role(built, role);
        built
    }

    /// Rebuilds an expression, or puts a `Missing` in its place.
    pub(crate) fn child_or_absent(&mut self, node: Option<Node>, offset: u32, role: Role) -> Built {
        match node {
            Some(node) => self.child(node, role),
            None => self.absent(offset, role),
        }
    }

    /// Notes that the grammar accepted what Python does not: the current statement is an error.
    pub(crate) fn fault(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        self.faults += 1;
        self.b.diagnostic(Diagnostic::error("check", code, span, message));
    }

    /// Where a node ends that ends at `end` if all is well: not before what was built in it.
    pub(crate) fn reach(&self, mark: Mark, end: u32) -> u32 {
        match self.b.last() {
            Some(last) if self.b.mark() > mark => end.max(self.b.span_of(last).end),
            _ => end,
        }
    }

    /// Runs `f` on a new segment of stack if the present one is nearly used up.
    pub(crate) fn grow<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        stacker::maybe_grow(RED_ZONE, SEGMENT, || f(self))
    }
}
