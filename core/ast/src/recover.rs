//! Recovery: lowering broken text piece by piece, so that only the damaged definitions suffer.
//!
//! One missing quote can cost a parser the rest of a file. But definitions start in known columns, and what lies
//! between two starts can be parsed by itself. So a broken text is cut before its definitions ([`cut`]); each piece
//! that the first frontend parses cleanly keeps its tree. A broken piece gets more chances, in this order: joined with
//! its neighbors up to where an open string or bracket closes (the cut was within a string); a class as its header
//! and the pieces of its body; split at a definition in a strange column. What is still broken goes to the frontend
//! that keeps more of it.
//!
//! The result is a function of the text: no edit history enters, and nothing is timed. Every byte is parsed a bounded
//! number of times, whatever the damage. Every piece covers its own text, hence the whole covers the text.
//!
//! Source of the idea: panic-mode recovery with definitions as synchronization points, as in Wirth's compilers.

mod cut;
mod leaf;
mod piece;

use std::cell::Cell;
use std::ops::Range;

use crate::builder::TreeBuilder;
use crate::diagnostic::Diagnostic;
use crate::frontend::{Frontend, LowerError, Options};
use crate::lowered::Lowered;
use crate::python::{self, Kind, Role, build, view};
use crate::source::SourceText;
use crate::span::Span;
use cut::{Line, cut, lines, open_end};
use piece::Piece;

/// Classes within classes deeper than this are not taken apart: each level parses its text anew.
const MOST_LEVELS: u32 = 6;
/// How often a broken piece is split at definitions in strange columns.
const MOST_SPLITS: usize = 4;

/// Emits the tree of a broken Python text: of clean pieces by `first`, of others by whichever of both keeps more.
///
/// Meant for texts that `first` finds broken; a clean text is parsed piecewise for nothing.
///
/// # Errors
/// [`LowerError`] if a frontend can't work.
pub fn recover(
    source: &SourceText,
    options: &Options,
    first: &dyn Frontend,
    fallback: &dyn Frontend,
    builder: &mut TreeBuilder<'_>,
) -> Result<(), LowerError> {
    let text = source.text();
    let lines = lines(text);
    let mark = builder.mark();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let recovery = Recovery {
        text,
        options,
        first,
        fallback,
        lines: &lines,
        fallbacks: Cell::new(0),
        search: Cell::new(text.len() * SEARCHES + FREE_SEARCH),
    };
    let mut found = Vec::new();
    recovery.range(builder, 0..lines.len(), 0, &mut found)?;
    build::module(builder, mark, Span::new(0, end));
    let whole = Span::new(0, end);
    if found.is_empty() && source.diagnostics().is_empty() {
        // Piece by piece it parses, as a whole it does not: that must not go unsaid.
        found.push(Diagnostic::error(
            "recovery",
            "syntax-error",
            whole,
            "the parts of this text do not fit together",
        ));
    }
    for it in found {
        builder.diagnostic(it);
    }
    Ok(())
}

struct Recovery<'a> {
    text: &'a str,
    options: &'a Options,
    first: &'a dyn Frontend,
    fallback: &'a dyn Frontend,
    lines: &'a [Line],
    fallbacks: Cell<u32>,
    /// Bytes that may still be looked through for the ends of what pieces leave open.
    search: Cell<usize>,
}

/// How many pieces of a text the second frontend is asked for: more is garbage, not damage.
const MOST_FALLBACKS: u32 = 40;

/// How often a text is looked through, all in all, for where strings and brackets close that its pieces leave open. Each
/// piece may look through the rest of the text, so without a bound thousands of open brackets take quadratic time.
const SEARCHES: usize = 8;
/// Bytes that are looked through in any case.
const FREE_SEARCH: usize = 1 << 16;

/// A run of lines, by their numbers.
type Lines = Range<usize>;

impl Recovery<'_> {
    /// Emits the statements of some lines, whose own statements start in `column`.
    fn range(
        &self,
        builder: &mut TreeBuilder<'_>,
        range: Lines,
        level: u32,
        found: &mut Vec<Diagnostic>,
    ) -> Result<(), LowerError> {
        let Some(column) = self.column(range.clone()) else { return Ok(()) };
        let starts = cut(self.lines, range.clone(), column);
        let mut at = 0;
        while at < starts.len() {
            let end = starts.get(at + 1).copied().unwrap_or(range.end);
            if self.lines[starts[at]].column < column {
                self.stray(builder, starts[at]..end, found)?;
                at += 1;
                continue;
            }
            let piece = self.piece(starts[at]..end, column);
            let lowered = piece.lower(self.first, self.options)?;
            if !lowered.is_partial() {
                piece.emit(builder, &lowered, found);
                at += 1;
                continue;
            }
            if let Some(joined) = self.join(&starts, at, &range, column) {
                let piece = self.piece(starts[at]..starts.get(joined).copied().unwrap_or(range.end), column);
                let lowered = piece.lower(self.first, self.options)?;
                if !lowered.is_partial() {
                    piece.emit(builder, &lowered, found);
                    at = joined;
                    continue;
                }
            }
            self.broken(builder, starts[at]..end, level, lowered, found)?;
            at += 1;
        }
        Ok(())
    }

    /// Where the first line that is code begins.
    fn column(&self, lines: Lines) -> Option<u32> {
        self.lines[lines].iter().find(|it| it.has_code()).map(|it| it.column)
    }

    fn piece(&self, lines: Lines, column: u32) -> Piece<'_> {
        let start = self.lines[lines.start].start;
        let end = self.lines.get(lines.end).map_or(self.text.len(), |it| it.start);
        Piece::new(self.text, start..end, column > 0)
    }

    /// If a string or bracket is open at the end of a piece: the number of the piece before which it closes.
    fn join(&self, starts: &[usize], at: usize, range: &Lines, column: u32) -> Option<usize> {
        let end = starts.get(at + 1).copied()?;
        let piece = self.piece(starts[at]..end, column);
        let limit = self.lines.get(range.end).map_or(self.text.len(), |it| it.start);
        let Range { start, end } = piece.range();
        let allowed = end.saturating_add(self.search.get()).min(self.text.len());
        let limit = self.text.floor_char_boundary(limit.min(allowed));
        let (seen, closes) = open_end(self.text, start..end, limit);
        self.search.set(self.search.get().saturating_sub(seen));
        let closes = closes?;
        let after = starts[at + 1..].iter().position(|it| self.lines[*it].start >= closes);
        // What is joined is also parsed.
        self.search.set(self.search.get().saturating_sub(closes - start));
        Some(after.map_or(starts.len(), |it| at + 1 + it))
    }

    /// Emits a piece that does not parse: `broken` is what the first frontend made of it.
    fn broken(
        &self,
        builder: &mut TreeBuilder<'_>,
        lines: Lines,
        level: u32,
        broken: Lowered,
        found: &mut Vec<Diagnostic>,
    ) -> Result<(), LowerError> {
        if level < MOST_LEVELS && self.class(builder, lines.clone(), level, found)? {
            return Ok(());
        }
        if let Some(at) = self.clean_start(lines.clone())? {
            let piece = self.piece(lines.start..at, self.column(lines.clone()).unwrap_or(0));
            let lowered = piece.lower(self.first, self.options)?;
            piece.emit(builder, &lowered, found);
            found.push(self.misplaced(at));
            if level < MOST_LEVELS {
                return self.range(builder, at..lines.end, level + 1, found);
            }
            return self.leaf(builder, at..lines.end, None, found);
        }
        self.leaf(builder, lines, Some(broken), found)
    }

    /// Emits lines to the left of the block that they stand in: whatever they are, they are not part of it.
    fn stray(
        &self,
        builder: &mut TreeBuilder<'_>,
        lines: Lines,
        found: &mut Vec<Diagnostic>,
    ) -> Result<(), LowerError> {
        found.push(self.misplaced(lines.start));
        let piece = self.piece(lines.clone(), self.column(lines.clone()).unwrap_or(0));
        let mark = builder.mark();
        self.leaf(builder, lines, None, found)?;
        builder.error(mark, piece.code());
        builder.role(Role::Body);
        Ok(())
    }

    /// Whether the second frontend is another one, and was not asked too often yet.
    fn may_fall_back(&self) -> bool {
        self.fallbacks.set(self.fallbacks.get() + 1);
        self.fallbacks.get() <= MOST_FALLBACKS && self.first.id() != self.fallback.id()
    }

    fn misplaced(&self, line: usize) -> Diagnostic {
        let line = &self.lines[line];
        let span = Span::new(offset(line.start) + line.column, offset(line.end));
        let message = "this indentation does not belong to any block";
        Diagnostic::error("recovery", "unexpected-indentation", span, message)
    }

    /// The first line of a definition in a strange column before which a broken piece is clean.
    fn clean_start(&self, lines: Lines) -> Result<Option<usize>, LowerError> {
        let column = self.column(lines.clone()).unwrap_or(0);
        let is_strange = |it: &usize| self.lines[*it].starts_definition() && self.lines[*it].column != column;
        for at in (lines.start + 1..lines.end).filter(is_strange).take(MOST_SPLITS) {
            if !self.piece(lines.start..at, column).lower(self.first, self.options)?.is_partial() {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Emits a broken class as its header and the pieces of its body; false if there is no sound header.
    fn class(
        &self,
        builder: &mut TreeBuilder<'_>,
        lines: Lines,
        level: u32,
        found: &mut Vec<Diagnostic>,
    ) -> Result<bool, LowerError> {
        let Some(body) = cut::class_body(self.text, self.lines, lines.clone()) else { return Ok(false) };
        let header = self.piece(lines.start..body, self.column(lines.clone()).unwrap_or(0));
        let indentation = self.lines[body].indentation(self.text);
        let lowered = header.lower_with(self.first, self.options, &format!("{indentation}pass\n"))?;
        let statements = header.statements(&lowered);
        let class = match statements.as_slice() {
            [it] if !lowered.is_partial() => view::ClassDef::cast(*it),
            _ => None,
        };
        let Some(class) = class else { return Ok(false) };
        let mark = builder.mark();
        for child in class.node().children().filter(|it| it.role() != Role::Body.into()) {
            builder.graft(&lowered, child, header.shift());
            builder.role(child.role());
        }
        self.range(builder, body..lines.end, level + 1, found)?;
        let start = header.moved(lowered.span(class.node())).start;
        let end = builder.last().map_or(start, |it| builder.span_of(it).end);
        let name = builder.name(class.name());
        build::class_def(builder, mark, Span::new(start, end), name);
        builder.role(Role::Body);
        Ok(true)
    }

    /// Emits a piece that can't be taken apart, by the frontend that keeps more of it. `ours` is what the first one made
    /// of it, if it was asked.
    fn leaf(
        &self,
        builder: &mut TreeBuilder<'_>,
        lines: Lines,
        ours: Option<Lowered>,
        found: &mut Vec<Diagnostic>,
    ) -> Result<(), LowerError> {
        let piece = self.piece(lines.clone(), self.column(lines.clone()).unwrap_or(0));
        let ours = match ours {
            Some(it) => it,
            None => piece.lower(self.first, self.options)?,
        };
        let kept = if self.may_fall_back() {
            let theirs = piece.lower(self.fallback, self.options)?;
            if leaf::quality(&theirs) > leaf::quality(&ours) { theirs } else { ours }
        } else {
            ours
        };
        let before = found.len();
        piece.emit(builder, &kept, found);
        if found.len() == before {
            // The fallback accepts what the first frontend does not: say so in its stead.
            let lowered = piece.lower(self.first, self.options)?;
            found.extend(piece.diagnostics(&lowered));
        }
        Ok(())
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a statement is the class that a piece was wrapped in.
fn is_class(node: crate::tree::Node<'_>) -> bool {
    python::kind(node) == Kind::ClassDef
}
