//! Pins: dependencies that no reading of code can see, written down beside a definition.
//!
//! ```python
//! # astkit: depends(shop.prices:TABLE, RATES, "schema 4")
//! def total(items): ...
//! ```
//!
//! A pin is a comment, so no level but `deep` knows of it. It belongs to the definition that it stands in, or directly
//! above at the same indentation (blank lines, comments and the definition's decorators may stand between), else to the
//! module. Of several pins of a definition, neither order nor repetition counts, so formatters do no harm.
//!
//! What can be named: `MODULE:NAME.ATTR` (dots before the module as in imports), `MODULE:*` for all of a module,
//! `PATH::NAME.ATTR` and `PATH` for the module that is in a file, seen from the folder of the pin's own, `NAME.ATTR` for
//! what is in the same module, and a text in quotes, which counts as it is. What can't be understood is
//! kept as a name that nothing has, so that it is reported as not found.
//!
//! Input is a file's text and definitions; the result goes to the slots of their forms. Left out: places of pins, of
//! which reports show the definition's.

use std::collections::{BTreeMap, BTreeSet};

use astkit_ast::{DefKind, Definition, Lowered, SourceText, Span, TokenKind, is_identifier, tokens};

use super::{FileForms, Path, Slot};
use crate::normal::Root;

/// What a pin names.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Pin {
    /// What a root and its attributes stand for.
    Name(Root, Vec<String>),
    /// A text.
    Text(String),
}

/// A comment, and what is around it.
struct Comment {
    span: Span,
    /// Where the code before it ends, and the code behind it begins.
    code_before: u32,
    code_behind: Option<u32>,
}

/// Puts the pins of a file into the slots of its forms. Cost: linear, and next to nothing in files without pins.
pub(super) fn add(
    forms: &mut FileForms,
    source: &SourceText,
    lowered: &Lowered,
    definitions: &[Definition<'_>],
) {
    if !source.text().contains("astkit:") {
        return;
    }
    let mut by_definition: BTreeMap<usize, BTreeSet<Pin>> = BTreeMap::new();
    for comment in comments(source.text()) {
        if let Some(pins) = pins(source.slice(comment.span)) {
            let owner = Owners { text: source.text(), lowered, definitions }.of(&comment);
            by_definition.entry(owner).or_default().extend(pins);
        }
    }
    for (owner, pins) in by_definition {
        for pin in pins {
            let slot = slot(forms, pin);
            let form = &mut forms.definitions[owner];
            form.slots.push(slot);
            form.places.push(form.origin);
        }
    }
}

fn slot(forms: &mut FileForms, pin: Pin) -> Slot {
    match pin {
        Pin::Text(text) => Slot::Text(number(&mut forms.paths, [text.into()].into())),
        Pin::Name(root, path) => {
            let path: Path = path.into_iter().map(Box::from).collect();
            Slot::Pin { root: number(&mut forms.roots, root), path: number(&mut forms.paths, path) }
        }
    }
}

fn number<T: PartialEq>(list: &mut Vec<T>, it: T) -> u32 {
    let at = list.iter().position(|known| *known == it).unwrap_or_else(|| {
        list.push(it);
        list.len() - 1
    });
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn comments(text: &str) -> Vec<Comment> {
    let mut out: Vec<Comment> = Vec::new();
    let (mut code_before, mut waiting) = (0, 0);
    for token in tokens(text) {
        if token.kind == TokenKind::Comment {
            out.push(Comment { span: token.span, code_before, code_behind: None });
        } else if token.kind.is_code() && !token.span.is_empty() {
            code_before = token.span.end;
            for comment in &mut out[waiting..] {
                comment.code_behind = Some(token.span.start);
            }
            waiting = out.len();
        }
    }
    out
}

/// Finds the definition that a comment belongs to.
struct Owners<'o> {
    text: &'o str,
    lowered: &'o Lowered,
    definitions: &'o [Definition<'o>],
}

impl Owners<'_> {
    fn of(&self, comment: &Comment) -> usize {
        let start = |it: &Definition<'_>| self.lowered.spans.def(it.node).start;
        let behind = 1 + self.definitions[1..].partition_point(|it| start(it) < comment.span.start);
        let column = self.column(comment.span.start);
        let next = self.definitions[behind.min(self.definitions.len())..].iter().find(|it| has_pins(it));
        if let (Some(column), Some(next), Some(begin)) = (column, next, comment.code_behind)
            && self.column_of(next) == Some(column)
            && self
                .text
                .get(begin as usize..start(next) as usize)
                .is_some_and(|it| it.trim_matches(['@', '(', ' ']).is_empty())
        {
            return self.definitions.iter().position(|it| it.node == next.node).unwrap_or(0);
        }
        let mut at = behind - 1;
        while at > 0 {
            let definition = &self.definitions[at];
            let end = self.lowered.spans.def(definition.node).end;
            // Behind the last statement, a comment is in the body as far as its indentation says so.
            let is_behind = || comment.code_before <= end && column > self.column_of(definition);
            if has_pins(definition)
                && (comment.span.start < end
                    || self.trails(comment, end)
                    || (column.is_some() && is_behind()))
            {
                return at;
            }
            at = definition.parent.unwrap_or(0);
        }
        0
    }

    /// Whether a comment stands in the line in which a definition ends.
    fn trails(&self, comment: &Comment, end: u32) -> bool {
        let between = self.text.get(end as usize..comment.span.start as usize);
        between.is_some_and(|it| !it.contains('\n') && it.trim().is_empty())
    }

    /// How far a place is indented; none if something else stands before it in its line.
    fn column(&self, offset: u32) -> Option<usize> {
        let before = self.text.get(..offset as usize)?;
        let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
        line.trim_start_matches('\u{feff}').trim_matches([' ', '\t', '\x0c']).is_empty().then_some(line.len())
    }

    fn column_of(&self, definition: &Definition<'_>) -> Option<usize> {
        self.column(self.lowered.span(definition.node).start)
    }
}

fn has_pins(definition: &Definition<'_>) -> bool {
    matches!(definition.kind, DefKind::Class | DefKind::Function | DefKind::AsyncFunction)
}

/// What a comment pins; none if it is another comment.
fn pins(comment: &str) -> Option<Vec<Pin>> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("astkit:")?;
    let rest = rest.trim_start().strip_prefix("depends")?.trim_start();
    let Some(inner) = rest.strip_prefix('(') else { return Some(vec![unknown(rest)]) };
    let mut out = Vec::new();
    let mut inner = inner.trim_start();
    loop {
        let (pin, behind) = match inner.chars().next() {
            None | Some(',') => return Some(vec![unknown(rest)]),
            Some(')') => return Some(out),
            Some(quote @ ('"' | '\'')) => {
                let Some((text, behind)) = inner[1..].split_once(quote) else {
                    return Some(vec![unknown(rest)]);
                };
                (Pin::Text(text.to_owned()), behind)
            }
            Some(_) => {
                let end = inner.find([',', ')']).unwrap_or(inner.len());
                (named(inner[..end].trim_end()), &inner[end..])
            }
        };
        out.push(pin);
        let behind = behind.trim_start();
        inner = behind.strip_prefix(',').unwrap_or(behind).trim_start();
        if !behind.starts_with([',', ')']) {
            return Some(vec![unknown(rest)]);
        }
    }
}

/// A pin of which nothing is found.
fn unknown(text: &str) -> Pin {
    Pin::Name(Root::Global(text.into()), Vec::new())
}

/// The module in a file, as an import in the same folder would name it.
fn module_in(path: &str) -> Option<String> {
    let path = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyi"))?;
    let mut rest = path.strip_prefix("./").unwrap_or(path);
    let mut module = String::from(".");
    while let Some(below) = rest.strip_prefix("../") {
        module.push('.');
        rest = below;
    }
    if rest.starts_with('/') || rest.contains('.') {
        return None;
    }
    let folder = rest.strip_suffix("__init__").map(|it| it.trim_end_matches('/'));
    module.push_str(&folder.unwrap_or(rest).replace('/', "."));
    Some(module)
}

/// What a target names.
fn named(target: &str) -> Pin {
    let names = |it: &str| -> Option<Vec<String>> {
        it.split('.').map(|it| is_identifier(it).then(|| it.to_owned())).collect()
    };
    if let Some((path, name)) =
        target.split_once("::").or_else(|| module_in(target).map(|_| (target, "<module>")))
    {
        let name = if name == "<module>" { "*" } else { name };
        let as_import = module_in(path).map(|it| format!("{it}:{name}"));
        let found = as_import.filter(|_| !name.contains(':')).map(|it| (named(&it), unknown(&it)));
        return found.filter(|it| it.0 != it.1).map_or_else(|| unknown(target), |it| it.0);
    }
    let Some((module, name)) = target.split_once(':') else {
        let Some(mut path) = names(target) else { return unknown(target) };
        return Pin::Name(Root::Global(path.remove(0).into()), path);
    };
    let absolute = module.trim_start_matches('.');
    let Ok(level) = u32::try_from(module.len() - absolute.len()) else { return unknown(target) };
    let Some(of_module) = (if absolute.is_empty() { Some(Vec::new()) } else { names(absolute) }) else {
        return unknown(target);
    };
    if level == 0 && of_module.is_empty() {
        return unknown(target);
    }
    if name != "*" {
        let Some(mut path) = names(name) else { return unknown(target) };
        let name = path.remove(0).into();
        return Pin::Name(Root::From { level, module: absolute.into(), name }, path);
    }
    match of_module.split_last() {
        Some(_) if level == 0 => Pin::Name(Root::Module { module: absolute.into() }, Vec::new()),
        Some((last, before)) => {
            let module = before.join(".").into();
            Pin::Name(Root::From { level, module, name: last.as_str().into() }, Vec::new())
        }
        None => unknown(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(root: Root, path: &[&str]) -> Pin {
        Pin::Name(root, path.iter().map(ToString::to_string).collect())
    }

    fn from(level: u32, module: &str, it: &str) -> Root {
        Root::From { level, module: module.into(), name: it.into() }
    }

    #[test]
    fn targets_are_read() {
        let global = |it: &str| Root::Global(it.into());
        let read = pins("#  astkit: depends( shop.tax:Rate.of, .a:b, RATES , \"v, 4\", a.b:*, )  why")
            .expect("a pin");
        let module = Root::Module { module: "a.b".into() };
        let expected = [
            name(from(0, "shop.tax", "Rate"), &["of"]),
            name(from(1, "a", "b"), &[]),
            name(global("RATES"), &[]),
            Pin::Text("v, 4".to_owned()),
            name(module, &[]),
        ];
        assert_eq!(read, expected);
        assert_eq!(pins("# astkit: depends(..a:*)"), Some(vec![name(from(2, "", "a"), &[])]));
        let read = pins(
            "# astkit: depends(tax.py::Rate.of, ./a/b.pyi::f, ../tax.py, ../__init__.py::VERSION, a/__init__.py::f)",
        );
        let expected = [
            name(from(1, "tax", "Rate"), &["of"]),
            name(from(1, "a.b", "f"), &[]),
            name(from(2, "", "tax"), &[]),
            name(from(2, "", "VERSION"), &[]),
            name(from(1, "a", "f"), &[]),
        ];
        assert_eq!(read.as_deref(), Some(&expected[..]));
        assert_eq!(pins("# depends(x)"), None);
        assert_eq!(pins("# astkit: ignore"), None);
    }

    #[test]
    fn what_is_no_target_stays_as_a_name() {
        for text in ["(a", "", "(\"a)", "(\"a\" b)", "x"] {
            let read = pins(&format!("# astkit: depends{text}")).expect("a pin");
            assert_eq!(read, [unknown(text)], "{text}");
        }
        for text in
            ["a:b:c", "a/b::f", "a-b.py::f", "/a.py::f", "a.py::", "a.py::b::c", ":x", "a-b", "a:", ".:*"]
        {
            assert_eq!(named(text), unknown(text), "{text}");
        }
    }
}
