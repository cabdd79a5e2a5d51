//! What holds for every input, whole or broken: shared by the robustness suite and the fuzz targets.

use astkit::ast::check::check;
use astkit::ast::dump;
use astkit::ast::python::{self, Kind};
use astkit::ast::{Node, SideTables, code_span, lower, unparse};
use astkit::{Frontend, Lowered, Options, SourceText, Span};

/// Lowers any bytes and checks what must hold of the result.
///
/// - The tree keeps the schema's rules.
/// - Every token of the text lies in a statement or an `Error` of the module.
/// - A tree with `Error` or `Missing` nodes is said to be partial, with a place within the text.
/// - Dumping ends.
///
/// # Errors
/// The property that does not hold, in words.
pub fn lower_any(frontend: &dyn Frontend, bytes: &[u8]) -> Result<(SourceText, Lowered), String> {
    let source = SourceText::decode(bytes);
    let lowered = lower(frontend, &source, &Options::default()).map_err(|it| it.to_string())?;
    if let Some(violation) = check(&lowered).first() {
        return Err(format!("schema: {violation}"));
    }
    if let Some(span) = uncovered(&source, &lowered) {
        return Err(format!("nothing covers {:?} at {span:?}", source.slice(span)));
    }
    broken_is_said(&source, &lowered)?;
    let mut sink = Counter(0);
    dump::write_json(&mut sink, lowered.tree.root(), None).map_err(|_| "dump failed".to_owned())?;
    if sink.0 == 0 { Err("an empty dump".to_owned()) } else { Ok((source, lowered)) }
}

/// Checks that two frontends give located-equal trees of a text that both find whole.
///
/// # Errors
/// Both trees, as far as needed to see the difference.
pub fn agree(first: (&SourceText, &Lowered), second: &Lowered) -> Result<(), String> {
    let (source, lowered) = first;
    if lowered.is_partial() || second.is_partial() {
        return Ok(());
    }
    let (one, two) = (json(source, lowered), json(source, second));
    match crate::first_difference(&one, &two) {
        None => Ok(()),
        Some(it) => Err(format!("{} and {} differ: {it}", lowered.frontend.name, second.frontend.name)),
    }
}

/// Checks that unparsing a whole tree gives text with an equal tree.
///
/// # Errors
/// What came out instead.
pub fn round_trip(frontend: &dyn Frontend, source: &SourceText, lowered: &Lowered) -> Result<(), String> {
    if lowered.is_partial() {
        return Ok(());
    }
    let text = unparse(lowered, Some(source)).map_err(|it| it.to_string())?;
    let again = SourceText::from_text(&text);
    let second = lower(frontend, &again, &Options::default()).map_err(|it| it.to_string())?;
    if second.is_partial() || second.tree != lowered.tree {
        return Err(format!("{:?} is unparsed as {text:?}, which has another tree", source.text()));
    }
    Ok(())
}

fn json(source: &SourceText, lowered: &Lowered) -> String {
    let mut out = String::new();
    // A string takes everything.
    let positions = dump::Positions::new(lowered, source);
    let _: std::fmt::Result = dump::write_json(&mut out, lowered.tree.root(), Some(positions));
    out
}

/// The first code that no statement of the module covers. Separators between statements may stand outside.
///
/// What lies between two statements is read by itself: in broken text, what is code and what is the inside of a string
/// is a matter of opinion, and the tree has decided.
fn uncovered(source: &SourceText, lowered: &Lowered) -> Option<Span> {
    let tables = SideTables::new(source, lowered);
    let statements = lowered.tree.root().children().map(|it| tables.definition_span(it));
    let end = Span::empty(source.len());
    let mut done = if source.has_bom() { 3 } else { 0 };
    statements.chain([end]).find_map(|it| {
        let gap = Span::new(done, it.start);
        done = done.max(it.end);
        code_span(source.slice(gap)).map(|it| Span::new(gap.start + it.start, gap.start + it.end))
    })
}

fn broken_is_said(source: &SourceText, lowered: &Lowered) -> Result<(), String> {
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    if let Some(it) = lowered.diagnostics.iter().find(|it| it.span.end > length) {
        return Err(format!("a diagnostic outside of the text: {it:?}"));
    }
    let is_broken = |it: Node<'_>| matches!(python::kind(it), Kind::Error | Kind::Missing);
    if !lowered.is_partial() && any(lowered.tree.root(), is_broken) {
        return Err("a broken tree without an error".to_owned());
    }
    Ok(())
}

fn any(root: Node<'_>, test: impl Fn(Node<'_>) -> bool) -> bool {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if test(node) {
            return true;
        }
        stack.extend(node.children());
    }
    false
}

/// Counts what is written to it.
struct Counter(usize);

impl std::fmt::Write for Counter {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}
