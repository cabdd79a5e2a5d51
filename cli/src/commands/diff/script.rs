//! `--script`: edit scripts as JSON, and back.
//!
//! Scripts are of decoded texts. Where decoding is not the identity, the script has one edit, of the bytes.

use astkit::diff::{Alignment, Edit, FileDiff, apply};
use astkit::hash::Hash;
use astkit::{SourceText, Span};
use serde::{Deserialize, Serialize};

use super::compare::Known;
use super::load::Loaded;
use crate::failure::Failure;
use crate::render::Append;
use crate::render::json::SpanRecord;

/// The reason that is given for an edit of bytes.
const NOT_TEXT: &str = "encoding";

/// An edit, as it is printed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct EditRecord {
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<SpanRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<SpanRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ops: Vec<EditRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approx: Option<&'static str>,
}

/// The script of a pair of files.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    /// By the definition's place in the diff.
    pub(super) definitions: Vec<Vec<EditRecord>>,
    /// What belongs to no changed definition.
    pub(super) rest: Vec<EditRecord>,
    pub(super) approximations: Vec<&'static str>,
    /// What the script makes of what.
    pub(super) content: ContentRecord,
}

/// The contents of both versions, as hashes: a script is of these bytes only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContentRecord {
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// The hash by which content is known again.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    Hash::of("astkit:content", bytes).to_string()
}

impl Scripts {
    /// The script of a pair.
    ///
    /// # Errors
    /// A script that does not do what it should, if that is to be verified.
    pub(super) fn new(
        loaded: &Loaded,
        (before, after): (Option<Known<'_, '_>>, Option<Known<'_, '_>>),
        diff: &FileDiff,
        verify: bool,
    ) -> Result<Self, Failure> {
        let hash = |it: &Option<super::load::Content>| it.as_ref().map(|it| content_hash(&it.bytes));
        let content = ContentRecord { old: hash(&loaded.old), new: hash(&loaded.new) };
        let definitions = vec![Vec::new(); diff.definitions.len()];
        let mut out = Self { definitions, content, ..Self::default() };
        let (Some(before), Some(after)) = (before, after) else { return Ok(out.bytes(loaded)) };
        let is_text = |known: Known<'_, '_>, content: Option<&[u8]>| {
            content.is_some_and(|it| it == known.file.source.text().as_bytes())
        };
        let bytes = |it: &Option<super::load::Content>| it.as_ref().map(|it| it.bytes.clone());
        let (old, new) = (bytes(&loaded.old), bytes(&loaded.new));
        if !is_text(before, old.as_deref()) || !is_text(after, new.as_deref()) {
            return Ok(out.bytes(loaded));
        }
        let alignment = Alignment::new(before.side, after.side, diff);
        let script = alignment.script();
        if verify {
            check(before, after, &script.edits)?;
        }
        out.approximations = script.approximations;
        for edit in &script.edits {
            let record = EditRecord::new(edit, &before.file.source, &after.file.source);
            match alignment.owner(edit, diff) {
                Some(at) => out.definitions[at].push(record),
                None => out.rest.push(record),
            }
        }
        Ok(out)
    }

    /// One edit of the bytes.
    fn bytes(mut self, loaded: &Loaded) -> Self {
        let bytes = |it: &Option<super::load::Content>| it.as_ref().map_or(Vec::new(), |it| it.bytes.clone());
        let (old, new) = (bytes(&loaded.old), bytes(&loaded.new));
        if old == new {
            return self;
        }
        let one_sided = loaded.pair.old.is_none() || loaded.pair.new.is_none();
        self.rest.push(EditRecord::of_bytes(&old, &new));
        if !one_sided {
            self.approximations.push(NOT_TEXT);
        }
        self
    }
}

fn check(before: Known<'_, '_>, after: Known<'_, '_>, edits: &[Edit]) -> Result<(), Failure> {
    let (old, new) = (before.file.source.text(), after.file.source.text());
    if apply(old, edits).is_ok_and(|it| it == new) {
        return Ok(());
    }
    Err(Failure::new(format!("the script for `{}` does not give the new text", after.version.shown))
        .hint("this is a bug in astkit"))
}

impl EditRecord {
    fn new(edit: &Edit, before: &SourceText, after: &SourceText) -> Self {
        let mut out = Self {
            op: edit.as_str(),
            at: None,
            old: edit.before().map(|it| SpanRecord::new(before, it)),
            new: edit.after().map(|it| SpanRecord::new(after, it)),
            text: None,
            hex: None,
            from: None,
            to: None,
            ops: Vec::new(),
            approx: None,
        };
        match edit {
            Edit::Insert { at, text, .. } => (out.at, out.text) = (Some(*at), Some(text.clone())),
            Edit::Update { text, .. } => out.text = Some(text.clone()),
            Edit::Move { at, edits, .. } => {
                out.at = Some(*at);
                out.ops = edits.iter().map(|it| Self::new(it, before, after)).collect();
            }
            Edit::Reindent { from, to, .. } => {
                (out.from, out.to) = (Some(from.clone()), Some(to.clone()));
            }
            Edit::Delete { .. } => {}
        }
        out
    }

    /// An edit of bytes: what is not the same at both ends.
    fn of_bytes(old: &[u8], new: &[u8]) -> Self {
        let prefix = old.iter().zip(new).take_while(|it| it.0 == it.1).count();
        let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
        let suffix = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|it| it.0 == it.1).count();
        let text = &new_rest[..new_rest.len() - suffix];
        let place = |start: usize, len: usize| SpanRecord::of_bytes(start, start + len);
        let mut hex = String::new();
        for it in text {
            hex.append(format_args!("{it:02x}"));
        }
        let as_text = std::str::from_utf8(text).ok().map(str::to_owned);
        Self {
            op: "replace",
            at: None,
            old: Some(place(prefix, old_rest.len() - suffix)),
            new: Some(place(prefix, text.len())),
            hex: as_text.is_none().then_some(hex),
            text: as_text,
            from: None,
            to: None,
            ops: Vec::new(),
            approx: Some(NOT_TEXT),
        }
    }
}

/// An edit, as it is read.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EditInput {
    op: String,
    at: Option<u32>,
    old: Option<PlaceInput>,
    new: Option<PlaceInput>,
    text: Option<String>,
    hex: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    ops: Vec<EditInput>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct PlaceInput {
    start: u32,
    end: u32,
}

impl EditInput {
    /// The bytes in the place of others, if it is an edit of bytes: where they begin and end, and what comes there.
    pub(crate) fn bytes(&self) -> Option<(usize, usize, Vec<u8>)> {
        let old = self.old.filter(|_| self.op == "replace")?;
        let text = match (&self.text, &self.hex) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(hex)) => {
                let digits = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
                (0..hex.len()).step_by(2).map(digits).collect::<Option<_>>()?
            }
            (None, None) => return None,
        };
        Some((old.start as usize, old.end as usize, text))
    }

    /// The edit; none if something is missing.
    pub(crate) fn edit(&self) -> Option<Edit> {
        let span = |it: Option<PlaceInput>| it.map(|it| Span::new(it.start, it.end));
        let text = || self.text.clone();
        Some(match self.op.as_str() {
            "insert" => Edit::Insert { at: self.at?, after: span(self.new)?, text: text()? },
            "delete" => Edit::Delete { before: span(self.old)? },
            "update" => Edit::Update { before: span(self.old)?, after: span(self.new)?, text: text()? },
            "move" => {
                let edits = self.ops.iter().map(Self::edit).collect::<Option<_>>()?;
                Edit::Move { at: self.at?, before: span(self.old)?, after: span(self.new)?, edits }
            }
            "reindent" => Edit::Reindent {
                before: span(self.old)?,
                after: span(self.new)?,
                from: self.from.clone()?,
                to: self.to.clone()?,
            },
            _ => return None,
        })
    }
}
