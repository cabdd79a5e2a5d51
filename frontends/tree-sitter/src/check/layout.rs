//! Lines and columns: indentation of blocks, and newlines inside statements.

use astkit_ast::{Diagnostic, Span, Token, TokenKind, tokens};

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

/// How far a line is indented, as CPython counts: tabs to the next multiple of 8, and tabs as one column.
///
/// Two lines are comparable only if both counts agree on which is deeper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Indent {
    col: u32,
    alt: u32,
}

impl Indent {
    fn add(self, byte: u8) -> Self {
        match byte {
            b'\t' => Self { col: (self.col / 8 + 1) * 8, alt: self.alt + 1 },
            b'\x0c' => Self::default(),
            _ => Self { col: self.col + 1, alt: self.alt + 1 },
        }
    }
}

/// The block whose statements are being rebuilt.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Block {
    /// Indentation of the statement that the block belongs to; none for the module.
    header: Option<Indent>,
    /// Indentation of its statements, known since the first one that begins a line.
    own: Option<Indent>,
}

impl Rebuilder<'_, '_> {
    /// Starts a block; the result is to be given to [`leave_block`](Self::leave_block).
    pub(crate) fn enter_block(&mut self, node: Node) -> Block {
        let inner = if node == self.cst.root() {
            Block { header: None, own: Some(Indent::default()) }
        } else {
            Block { header: Some(self.block.own.unwrap_or_default()), own: None }
        };
        std::mem::replace(&mut self.block, inner)
    }

    pub(crate) fn leave_block(&mut self, outer: Block) {
        self.block = outer;
    }

    /// Checks the layout of a statement, statements in its blocks left out.
    pub(crate) fn check_statement(&mut self, node: Node) {
        if self.kind(node) == Kind::Error {
            return;
        }
        self.check_characters(node);
        self.check_column(node);
        self.check_line_breaks(node);
    }

    /// Checks that a statement or case which begins a line is where the block's others are.
    pub(crate) fn check_column(&mut self, node: Node) {
        let Some(indent) = self.indent_of(node) else { return };
        let span = Span::new(self.start(node), self.start(node) + 1);
        match (self.block.own, self.block.header) {
            (Some(own), _) if own == indent => {}
            (Some(own), _) if own.col == indent.col && self.python2() => {}
            (Some(own), _) if own.col == indent.col => {
                self.fault(
                    "inconsistent-tabs",
                    span,
                    "tabs and spaces are mixed: the indentation depends on the width of a tab",
                );
            }
            (Some(own), _) if indent.col > own.col => {
                self.fault("unexpected-indent", span, "this line is indented more than its block");
            }
            (Some(_), _) => {
                self.fault("unexpected-dedent", span, "this line's indentation matches no block");
            }
            (None, header) => {
                self.block.own = Some(indent);
                let header = header.unwrap_or_default();
                if indent.col <= header.col {
                    self.fault("missing-indent", span, "an indented block is expected here");
                } else if indent.alt <= header.alt && !self.python2() {
                    self.fault(
                        "inconsistent-tabs",
                        span,
                        "tabs and spaces are mixed: the indentation depends on the width of a tab",
                    );
                }
            }
        }
    }

    /// Checks that `else`, `except` and the like stand below the statement that they belong to.
    pub(crate) fn check_clause_column(&mut self, clause: Node) {
        let (Some(indent), Some(own)) = (self.indent_of(clause), self.block.own) else { return };
        if indent != own && !(self.python2() && indent.col == own.col) {
            let span = Span::new(self.start(clause), self.start(clause) + 4);
            self.fault("unexpected-indent", span, "this clause is not aligned with its statement");
        }
    }

    /// Checks that a statement which follows another without `;` begins a line.
    pub(crate) fn check_separation(&mut self, node: Node) {
        if self.kind(node) != Kind::Error && self.indent_of(node).is_none() {
            let span = Span::empty(self.start(node));
            self.fault("line-break", span, "a new line or `;` is expected before this statement");
        }
    }

    /// The indentation of a node that begins a line; none if something stands before it on its line.
    fn indent_of(&self, node: Node) -> Option<Indent> {
        let mut before = &self.text.as_bytes()[..self.start(node) as usize];
        let mut later = Indent::default();
        loop {
            let blanks = before.iter().rev().take_while(|it| matches!(it, b' ' | b'\t' | b'\x0c')).count();
            let (head, blanks) = before.split_at(before.len() - blanks);
            let indent = blanks.iter().fold(Indent::default(), |indent, byte| indent.add(*byte));
            // Behind a backslash the line goes on: its first part that is indented counts.
            later = if indent.col == 0 { later } else { indent };
            match head {
                [head @ .., b'\\', b'\n'] | [head @ .., b'\\', b'\r', b'\n'] => {
                    if self.cst.is_in_comment(u32::try_from(head.len()).unwrap_or(u32::MAX)) {
                        return Some(later);
                    }
                    before = head;
                }
                // A byte-order mark is no column.
                [] | [.., b'\n'] | [0xef, 0xbb, 0xbf] => return Some(later),
                _ => return None,
            }
        }
    }

    /// Nothing can follow a backslash at the end of the text.
    pub(crate) fn check_end_of_text(&mut self) {
        let trimmed = self.text.trim_end_matches(['\n', '\r']);
        let line_ends = self.text[trimmed.len()..].matches('\n').count();
        if !trimmed.ends_with('\\') || line_ends > 1 {
            return;
        }
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let backslash = |it: &Token| {
            it.span.end == end && matches!(it.kind, TokenKind::LineContinuation | TokenKind::Error)
        };
        if let Some(token) = tokens(self.text).find(backslash) {
            self.b.diagnostic(Diagnostic::error(
                "check",
                "line-break",
                token.span,
                "the text ends after a backslash",
            ));
        }
    }

    /// A block without statements.
    pub(crate) fn check_empty_block(&mut self, node: Node) {
        let span = Span::empty(self.start(node));
        self.fault("missing-block", span, "an indented block is expected here");
    }

    /// Checks that no line ends inside a statement, unless in brackets or after a backslash.
    pub(crate) fn check_line_breaks(&mut self, node: Node) {
        let mut at = node;
        let end = self.cst.after(node);
        let (mut last, mut depth): (Option<u32>, u32) = (None, 0);
        while at < end {
            let kind = self.kind(at);
            match kind {
                Kind::Block | Kind::Error => {
                    (last, depth) = (None, 0);
                    at = self.cst.after(at);
                    continue;
                }
                // What begins a line of its own within a statement.
                Kind::Decorator
                | Kind::FunctionDefinition
                | Kind::ClassDefinition
                | Kind::ElifClause
                | Kind::ElseClause
                | Kind::ExceptClause
                | Kind::FinallyClause => last = None,
                _ => {}
            }
            let opaque = kind == Kind::String;
            if opaque || self.cst.first(at).is_none() {
                let span = self.span(at);
                if depth == 0 {
                    if let Some(last) = last {
                        self.check_gap(Span::new(last, span.start));
                    }
                    if matches!(
                        kind,
                        Kind::DottedName | Kind::IsNotToken | Kind::NotInToken | Kind::ImportPrefix
                    ) {
                        self.check_gap(span);
                    }
                }
                match kind {
                    Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace => depth += 1,
                    Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace => {
                        depth = depth.saturating_sub(1);
                    }
                    _ => {}
                }
                last = Some(span.end);
                at = self.cst.after(at);
            } else {
                at = Node(at.0 + 1);
            }
        }
    }

    fn check_gap(&mut self, span: Span) {
        let gap = self.slice(span).as_bytes();
        let Some(newline) = gap.iter().position(|it| *it == b'\n') else { return };
        let continued = |at: usize| matches!(gap[..at], [.., b'\\', b'\r'] | [.., b'\\']);
        let comment = gap.contains(&b'#');
        let broken = comment || (newline..gap.len()).any(|at| gap[at] == b'\n' && !continued(at));
        if broken {
            let at = span.start + u32::try_from(newline).unwrap_or(0);
            self.fault("line-break", Span::new(at, at + 1), "the line ends inside a statement");
        }
    }
}
