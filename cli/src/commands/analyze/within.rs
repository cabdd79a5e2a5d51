//! Results for one definition: what stands in it.

use astkit::ast::{Definition, definitions};
use astkit::passes::{Report, Source};
use serde_json::Value;

use crate::definitions;
use crate::failure::Failure;

/// A definition of a file, decorators included.
pub(in crate::commands) struct Part {
    pub(in crate::commands) qualname: String,
    /// Where it begins and ends: lines from 1, columns from 0.
    range: Range,
    /// For a module's own code: the definitions in it, which are not part of it.
    others: Vec<Range>,
}

type Range = ((u64, u64), (u64, u64));

impl Part {
    /// The definition of a qualified name.
    ///
    /// # Errors
    /// There is none.
    pub(in crate::commands) fn find(source: &Source, path: &str, qualname: &str) -> Result<Self, Failure> {
        let all = definitions(&source.lowered.tree);
        let found = definitions::find(&all, path, qualname)?;
        let is_module = found.parent.is_none();
        let inner = |it: &&Definition<'_>| is_module && it.parent == Some(0);
        Ok(Self {
            qualname: found.qualname.clone(),
            range: range(source, found),
            others: all.iter().filter(inner).map(|it| range(source, it)).collect(),
        })
    }

    /// Leaves of a result what stands in the definition: of each list those entries that say where they are by a place
    /// or a qualified name, and are in it, and those that say nothing.
    pub(in crate::commands) fn keep(&self, report: &mut Report) {
        report.unresolved.retain(|it| self.has(it, None));
        let Some(result) = report.result.as_object_mut() else { return };
        let used: Vec<Value> = match result.get("uses").and_then(Value::as_array) {
            Some(uses) => {
                let uses = uses.iter().filter(|it| self.has(it, None));
                uses.flat_map(|it| it["defs"].as_array().cloned().unwrap_or_default()).collect()
            }
            None => Vec::new(),
        };
        for list in result.values_mut().filter_map(Value::as_array_mut) {
            list.retain(|it| self.has(it, Some(&used)));
        }
    }

    /// Whether an entry is in the definition; also if it is one of those that others in it speak of.
    fn has(&self, entry: &Value, used: Option<&[Value]>) -> bool {
        let number = |it: &Value| it.as_u64();
        if let Some(place) = entry.as_array() {
            return match (place.first().and_then(number), place.get(1).and_then(number)) {
                (Some(line), Some(col)) => self.is_in((line, Some(col))),
                _ => true,
            };
        }
        if used.is_some_and(|it| entry.get("kind").is_some() && it.contains(&entry["id"])) {
            return true;
        }
        let place = entry.get("span").unwrap_or(entry);
        if let Some(line) = number(&place["line"]) {
            return self.is_in((line, number(&place["col"])));
        }
        match entry["qualname"].as_str() {
            None => true,
            Some(name) => {
                let rest = name.strip_prefix(&*self.qualname);
                rest.is_some_and(|it| it.is_empty() || it.starts_with('.') && self.others.is_empty())
            }
        }
    }

    fn is_in(&self, (line, col): (u64, Option<u64>)) -> bool {
        let is_in = |(start, end): &Range| match col {
            Some(col) => *start <= (line, col) && (line, col) < *end,
            None => start.0 <= line && line <= end.0,
        };
        is_in(&self.range) && !self.others.iter().any(is_in)
    }
}

fn range(source: &Source, definition: &Definition<'_>) -> Range {
    let place = |at: u32| {
        let it = source.text.position(at);
        (u64::from(it.line), u64::from(it.col))
    };
    let span = source.lowered.span(definition.node);
    let starts = definition.node.children().map(|it| source.lowered.span(it).start);
    let first = starts.fold(span.start, u32::min);
    if definition.parent.is_none() {
        return ((0, 0), (u64::MAX, 0));
    }
    // The `@` stands before the first decorator.
    let (line, col) = place(first);
    ((line, if first < span.start { 0 } else { col }), place(span.end))
}
