//! What the parser refuses, without what it is wrong about.
//!
//! It takes two texts that are Python for broken, and recovers the right trees from them: `raise;`, where it wants an
//! expression, and a statement that begins with the name `match` after a semicolon (`x = 1; match = 2`), which it
//! takes for a compound statement.

use std::fmt::Display;

use astkit_ast::Span;
use ruff_python_ast::{ExceptHandler, ModModule, Stmt};
use ruff_python_parser::{ParseError, ParseErrorType, Parsed, UnsupportedSyntaxErrorKind};
use ruff_text_size::{Ranged, TextSize};

use crate::indentation::inconsistent_line;
use crate::place::span_of;

const INCONSISTENT: &str = "tabs and spaces are mixed so that the indentation depends on the width of tabs";

/// An error of the parser.
pub(crate) struct Finding<'t> {
    pub(crate) span: Span,
    pub(crate) code: &'static str,
    /// What is wrong, if it is printed.
    pub(crate) what: &'t dyn Display,
}

/// All errors, in order.
pub(crate) fn findings<'t>(parsed: &'t Parsed<ModModule>, text: &str) -> Vec<Finding<'t>> {
    let is_error = |it: &&ParseError| !is_bare_raise(it, text) && !is_name_match(it, text, parsed.suite());
    let errors = parsed.errors().iter().filter(is_error);
    let errors = errors.map(|it| finding(span_of(it), &it.error));
    // What a later version took away again is no question of the version for us: no tree has a word for it.
    let removed = parsed.unsupported_syntax_errors().iter().filter(|it| is_removed(it.kind));
    let removed = removed.map(|it| finding(span_of(it), it));
    let mut findings: Vec<Finding<'t>> = errors.chain(removed).collect();
    findings.sort_by_key(|it| it.span);
    if findings.is_empty() {
        let line = inconsistent_line(text, parsed.tokens());
        findings
            .extend(line.map(|span| Finding { code: "inconsistent-tabs", ..finding(span, &INCONSISTENT) }));
    }
    findings
}

fn finding(span: Span, what: &dyn Display) -> Finding<'_> {
    Finding { span, code: "syntax-error", what }
}

/// Whether it is about syntax that only old versions have.
pub(crate) fn is_removed(kind: UnsupportedSyntaxErrorKind) -> bool {
    kind == UnsupportedSyntaxErrorKind::ParenthesizedKeywordArgumentName
}

fn is_bare_raise(error: &ParseError, text: &str) -> bool {
    error.error == ParseErrorType::ExpectedExpression
        && text.get(error.location.to_std_range()) == Some(";")
        && ends_in_raise(&text[..error.location.start().to_usize()])
}

/// Whether the last token of `text` is the keyword `raise`.
pub(crate) fn ends_in_raise(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '\t', '\x0c', '\\', '\r', '\n']);
    let is_name_char = |it: char| it == '_' || it.is_alphanumeric();
    text.strip_suffix("raise").is_some_and(|before| !before.ends_with(is_name_char))
}

fn is_name_match(error: &ParseError, text: &str, suite: &[Stmt]) -> bool {
    error.error == ParseErrorType::SimpleAndCompoundStatementOnSameLine
        && text.get(error.location.to_std_range()) == Some("match")
        && text[..error.location.start().to_usize()]
            .trim_end_matches([' ', '\t', '\x0c', '\\', '\r', '\n'])
            .ends_with(';')
        && statement_at(suite, error.location.start()).is_some_and(|it| !it.is_match_stmt())
}

/// The statement that begins at `offset`, however deep.
fn statement_at(mut suite: &[Stmt], offset: TextSize) -> Option<&Stmt> {
    loop {
        let after = suite.partition_point(|it| it.start() <= offset);
        let stmt = suite.get(after.checked_sub(1)?)?;
        if stmt.start() == offset {
            return Some(stmt);
        }
        suite = block_around(stmt, offset)?;
    }
}

/// The last block of a compound statement that begins before `offset`.
fn block_around(stmt: &Stmt, offset: TextSize) -> Option<&[Stmt]> {
    let begins_before = |block: &&[Stmt]| block.first().is_some_and(|it| it.start() <= offset);
    blocks_of(stmt).into_iter().rfind(begins_before)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all other statements have no blocks")]
fn blocks_of(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::FunctionDef(it) => vec![&it.body],
        Stmt::ClassDef(it) => vec![&it.body],
        Stmt::For(it) => vec![&it.body, &it.orelse],
        Stmt::While(it) => vec![&it.body, &it.orelse],
        Stmt::If(it) => {
            let clauses = it.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*it.body).chain(clauses).collect()
        }
        Stmt::With(it) => vec![&it.body],
        Stmt::Match(it) => it.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(it) => {
            let handlers = it.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| &*handler.body);
            let behind = [&*it.orelse, &*it.finalbody];
            std::iter::once(&*it.body).chain(handlers).chain(behind).collect()
        }
        _ => Vec::new(),
    }
}
