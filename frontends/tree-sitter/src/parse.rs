//! Calling tree-sitter: one parser per thread, guarded.

use std::cell::RefCell;

use astkit_ast::Dialect;
use tree_sitter::{Language, Parser, Tree};

use crate::dialect2::in_words_of_python3;
use crate::gaps::bridge;
use crate::work::{Tolerance, may_be_whole, parse_bounded};

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Parses Python, if need be with its gaps bridged; says whether they were.
pub(crate) fn parse_bridged(text: &str, dialect: Dialect, tolerance: &Tolerance) -> Option<(Tree, bool)> {
    let replaced = if dialect == Dialect::Python2 { in_words_of_python3(text) } else { None };
    let text = replaced.as_deref().unwrap_or(text);
    let is_hopeless = || dialect == Dialect::Python3 && !may_be_whole(text);
    if tolerance.is_used_up() && is_hopeless() {
        return None;
    }
    let is_whole = |it: &Tree| !it.root_node().has_error();
    let tree = parse(text, tolerance);
    if !tree.as_ref().is_some_and(is_whole)
        && !is_hopeless()
        && let Some(bridged) = bridge(text)
        && let Some(again) = parse(&bridged, &Tolerance::none()).filter(is_whole)
    {
        return Some((again, true));
    }
    tree.map(|it| (it, false))
}

/// Parses Python.
fn parse(text: &str, tolerance: &Tolerance) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&Language::new(tree_sitter_python::LANGUAGE)).ok()?;
            *slot = Some(parser);
        }
        let parser = slot.as_mut()?;
        parser.reset();
        parse_bounded(parser, text, tolerance)
    })
}
