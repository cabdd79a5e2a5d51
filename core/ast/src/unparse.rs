//! From a Python tree back to source text that parses to an equal tree.
//!
//! Equal means equal structure: kinds, contexts, names, constants by type and bits, the kind of `u''` strings. Layout
//! is new: four spaces a level, the spacing of PEP 8, `elif` for an `If` alone in an `else`, parentheses only where
//! precedence or grammar asks for them. Comments and the spelling of literals are not in the tree, so they are lost.
//! Where there is a choice, what Python 3.8 reads is written; nodes of Python 2 are written in Python 2's syntax.
//!
//! The tree may have been transformed: an absent block is written as `pass`. `Error` nodes stand as their text in the
//! source; `Missing` ones leave a gap, and what is written then does not parse. Not looked at are the `value`s of
//! t-string fields, because a t-string shows their text (`Interpolation.str`) to the program.
//!
//! Chains to the left (operators, calls, attributes) and `elif` are written by loops, all other depth on a growing
//! stack; cost is linear in the size of the text.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a kind that is not written in a place is a broken node there"
)]

mod chains;
mod compound;
mod definitions;
mod expressions;
mod fstrings;
mod names;
mod patterns;
mod precedence;
mod statements;
mod strings;

use rustc_hash::FxHashMap;

use crate::lowered::Lowered;
use crate::python::{self, Kind, Role};
use crate::source::SourceText;
use crate::spans::Spans;
use crate::tree::{Fields, Node};

use precedence::Level;
use strings::Quotes;

/// Why a tree can't be written as source text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnparseError {
    /// The tree is of another language.
    #[error("only trees of Python can be written as source text")]
    NotPython,
    /// There are `Error` nodes, whose text is needed.
    #[error("the tree has errors, which can only be written with their source text at hand")]
    NeedsSource,
}

/// The source text of a file's tree, with a final newline unless it is empty.
///
/// `source` is the text that the tree was lowered from; it is only needed for `Error` nodes.
///
/// # Errors
/// [`UnparseError`].
pub fn unparse(lowered: &Lowered, source: Option<&SourceText>) -> Result<String, UnparseError> {
    unparse_node(lowered.tree.root(), source.map(|source| (&lowered.spans, source)))
}

/// The source text of any node but a context: a file, a statement, an expression, a pattern, a parameter list, ...
///
/// `texts` gives the text of `Error` nodes.
///
/// # Errors
/// [`UnparseError`].
pub fn unparse_node(node: Node<'_>, texts: Option<(&Spans, &SourceText)>) -> Result<String, UnparseError> {
    if !std::ptr::eq(node.tree().schema(), python::schema()) {
        return Err(UnparseError::NotPython);
    }
    let mut unparser = Unparser::new(node, texts);
    unparser.any(node);
    if unparser.lacks_source { Err(UnparseError::NeedsSource) } else { Ok(unparser.out) }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the place, and they vary independently"
)]
struct Unparser<'a> {
    out: String,
    /// Levels of indentation.
    indent: usize,
    texts: Option<(&'a Spans, &'a SourceText)>,
    /// Whether an `Error` was found whose text is not known.
    lacks_source: bool,
    /// Whether the tree has nodes of Python 2: then `\u` is no escape in a string without `u`.
    python_2: bool,
    /// Whether a bare `:` would end the expression: so in fields of f-strings, outside brackets.
    no_colon: bool,
    /// Whether this is in a field of an f-string, where older Pythons allow no backslash.
    in_field: bool,
    /// The quotes of f-strings that have been decided on, by [`Node::index`].
    quotes: FxHashMap<u32, Quotes>,
}

impl<'a> Unparser<'a> {
    fn new(node: Node<'a>, texts: Option<(&'a Spans, &'a SourceText)>) -> Self {
        let tree = node.tree();
        Self {
            out: String::with_capacity(tree.node_count() as usize * 8),
            indent: 0,
            texts,
            lacks_source: false,
            python_2: has_python_2(node),
            no_colon: false,
            in_field: false,
            quotes: FxHashMap::default(),
        }
    }

    fn any(&mut self, node: Node<'a>) {
        match python::kind(node) {
            Kind::Module => self.statements(node.field(Role::Body.into()), true),
            Kind::Comprehension => self.comprehension(node),
            Kind::ExceptHandler => self.handler(node, false),
            Kind::Arguments => self.arguments(node),
            Kind::Arg => self.arg(node),
            Kind::Keyword => self.keyword(node),
            Kind::Alias => self.alias(node),
            Kind::Withitem => self.with_item(node),
            Kind::MatchCase => self.match_case(node),
            Kind::MatchValue
            | Kind::MatchSingleton
            | Kind::MatchSequence
            | Kind::MatchMapping
            | Kind::MatchClass
            | Kind::MatchStar
            | Kind::MatchAs
            | Kind::MatchOr => self.pattern(node, false),
            Kind::TypeVar | Kind::ParamSpec | Kind::TypeVarTuple => self.type_param(node),
            Kind::Error | Kind::Missing => self.broken(node),
            kind if kind <= Kind::Raise2 => self.statement(node),
            _ => self.expr(node, Level::Yield),
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins a line of code.
    fn line(&mut self) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
    }

    /// Writes nodes with commas between them.
    fn list(&mut self, nodes: impl Iterator<Item = Node<'a>>, write: impl Fn(&mut Self, Node<'a>)) {
        for (at, node) in nodes.enumerate() {
            if at > 0 {
                self.push(", ");
            }
            write(self, node);
        }
    }

    /// Writes what is in brackets, where a `:` is no danger.
    fn bracketed(&mut self, open: &str, close: &str, write: impl FnOnce(&mut Self)) {
        let outside = std::mem::take(&mut self.no_colon);
        self.push(open);
        write(self);
        self.push(close);
        self.no_colon = outside;
    }

    /// Writes an `Error` or `Missing` node.
    fn broken(&mut self, node: Node<'a>) {
        if python::kind(node) != Kind::Error {
            return;
        }
        match self.texts {
            Some((spans, source)) => self.out.push_str(source.slice(spans.get(node)).trim()),
            None => self.lacks_source = true,
        }
    }
}

/// Whether there is a node below (and with) `node` that only Python 2 has. Iterative, because it looks at everything.
fn has_python_2(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if matches!(python::kind(node), Kind::Print | Kind::Exec | Kind::Raise2 | Kind::Repr) {
            return true;
        }
        stack.extend(node.children());
    }
    false
}

/// A child that the schema requires.
fn child(node: Node<'_>, role: Role) -> Node<'_> {
    node.required(role.into())
}

/// A child that may be absent.
fn opt(node: Node<'_>, role: Role) -> Option<Node<'_>> {
    node.child(role.into())
}

/// The children of one role.
fn many(node: Node<'_>, role: Role) -> Fields<'_> {
    node.field(role.into())
}

/// The name of a kind whose only wide scalar is a name.
fn name(node: Node<'_>) -> &str {
    node.name_of(node.aux()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
