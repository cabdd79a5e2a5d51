//! From edits to the new text: what is not touched keeps its text, comments and layout.
//!
//! A text is cut at its changes, from the outside in. An expression that changes is written in its place; a statement
//! whose shape changes is written anew, with the comments before it kept; a compound statement whose clauses change
//! gets new clauses around blocks that keep their text. A statement that is taken away takes along the comments that
//! stand directly above it. A statement that goes to another block is moved with its comments, and re-indented.
//!
//! Indentation of new lines is that of the text around. Lines within strings are never moved: while a text is put
//! together, a mark stands before each line that may be.

mod expressions;
mod generated;
mod lines;
mod statements;

use astkit_ast::tree::{Node, NodeId, Tree};
use astkit_ast::{Lowered, SideTables, SourceText, Span, UnparseError};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::edits::Edits;
use lines::Lines;

/// Why the text after edits can't be given.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// New code can't be written as text.
    #[error(transparent)]
    Unparse(#[from] UnparseError),
    /// Two edits claim the same text.
    #[error("two edits claim the same text")]
    Overlap,
}

impl Edits {
    /// The text after these edits. Without edits it is the same text, byte for byte.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn print(&self, source: &SourceText, lowered: &Lowered) -> Result<String, PrintError> {
        if self.is_empty() {
            return Ok(source.text().to_owned());
        }
        let mut printer = Printer::new(self, source, lowered);
        let mut pieces = Vec::new();
        printer.block(lowered.tree.root(), astkit_ast::python::Role::Body.into(), &mut pieces);
        let end = source.len();
        let marked = printer.cut(0, end, pieces);
        match printer.failure {
            Some(failure) => Err(failure),
            None => Ok(marked.replace(printer.mark, "")),
        }
    }
}

/// A part of the text and what stands there now, with marks.
#[derive(Debug)]
struct Piece {
    span: Span,
    text: String,
}

struct Printer<'a> {
    edits: &'a Edits,
    tree: &'a Tree,
    lowered: &'a Lowered,
    lines: Lines<'a>,
    tables: SideTables<'a>,
    /// Nodes that are edited, or something below them is.
    touched: FxHashSet<NodeId>,
    /// Of a statement: the next one in its block.
    next: FxHashMap<NodeId, NodeId>,
    /// Nodes whose edit is being written.
    open: FxHashSet<NodeId>,
    /// Stands before lines that may be moved.
    mark: char,
    /// Stands around the number of a hole in generated code.
    hole: char,
    newline: &'static str,
    failure: Option<PrintError>,
}

impl<'a> Printer<'a> {
    fn new(edits: &'a Edits, source: &'a SourceText, lowered: &'a Lowered) -> Self {
        let text = source.text();
        let mut unused = ('\u{E000}'..'\u{F8FF}').filter(|it| !text.contains(*it));
        let (mark, hole) = (unused.next().unwrap_or('\u{E000}'), unused.next().unwrap_or('\u{E001}'));
        let is_windows = text.find('\n').is_some_and(|it| text[..it].ends_with('\r'));
        let (parents, next) = relations(&lowered.tree);
        let mut touched = FxHashSet::default();
        for node in edits.nodes() {
            let mut at = Some(node);
            while let Some(node) = at.filter(|it| touched.insert(*it)) {
                at = parents.get(&node).copied();
            }
        }
        Self {
            edits,
            tree: &lowered.tree,
            lowered,
            lines: Lines::new(text),
            tables: SideTables::new(source, lowered),
            touched,
            next,
            open: FxHashSet::default(),
            mark,
            hole,
            newline: if is_windows { "\r\n" } else { "\n" },
            failure: None,
        }
    }

    fn is_touched(&self, node: Node<'_>) -> bool {
        self.touched.contains(&node.id())
    }

    /// The text of a part, with what stands in the place of its pieces, and marks.
    fn cut(&mut self, start: u32, end: u32, mut pieces: Vec<Piece>) -> String {
        pieces.sort_by_key(|it| it.span.start);
        let (mut out, mut at) = (String::new(), start);
        for piece in pieces {
            if piece.span.start < at {
                self.failure.get_or_insert(PrintError::Overlap);
                continue;
            }
            self.verbatim(at, piece.span.start, &mut out);
            // Text put in at the very end of a file that does not end its last line.
            if piece.text.starts_with(self.mark)
                && piece.span.is_empty()
                && !out.is_empty()
                && !out.ends_with('\n')
            {
                out.push_str(self.newline);
            }
            let begins_line = !self.lines.starts_in(piece.span.start, piece.span.start + 1).is_empty();
            if begins_line && !piece.text.is_empty() && !piece.text.starts_with(self.mark) {
                out.push(self.mark);
            }
            out.push_str(&piece.text);
            at = piece.span.end;
        }
        self.verbatim(at, end, &mut out);
        out
    }

    fn verbatim(&self, start: u32, end: u32, out: &mut String) {
        let mut at = start;
        for line in self.lines.starts_in(start, end) {
            out.push_str(self.lines.slice(at, *line));
            out.push(self.mark);
            at = *line;
        }
        out.push_str(self.lines.slice(at, end));
    }

    /// Moves marked text from one indentation to another.
    fn indented(&self, text: &str, old: &str, new: &str) -> String {
        if old == new {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for (at, line) in text.split(self.mark).enumerate() {
            if at == 0 {
                out.push_str(line);
                continue;
            }
            out.push(self.mark);
            let code = line
                .rfind('\u{c}')
                .filter(|it| line[..*it].trim().is_empty())
                .map_or(line, |it| &line[it + 1..]);
            match code.strip_prefix(old) {
                Some(rest) => {
                    out.push_str(new);
                    out.push_str(rest);
                }
                None => out.push_str(line),
            }
        }
        out
    }
}

/// The parent of every node, and the next statement of every statement.
fn relations(tree: &Tree) -> (FxHashMap<NodeId, NodeId>, FxHashMap<NodeId, NodeId>) {
    let (mut parents, mut next) = (FxHashMap::default(), FxHashMap::default());
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        let mut last: Option<Node<'_>> = None;
        for child in node.children() {
            parents.insert(child.id(), node.id());
            if let Some(last) = last.filter(|it| it.role() == child.role()) {
                next.insert(last.id(), child.id());
            }
            last = Some(child);
            stack.push(child);
        }
    }
    (parents, next)
}
