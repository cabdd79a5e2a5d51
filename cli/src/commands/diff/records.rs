//! The JSON views.

use std::collections::BTreeMap;

use astkit::diff::{DefinitionDiff, DefinitionSide, Evidence, How, Part};
use serde::Serialize;

use super::compare::{Compared, Comparison, Known, Status};
use super::impact::Impacted;
use super::script::{ContentRecord, EditRecord, Scripts};
use super::version::{SideName, Version, VersionPair};
use super::{Total, View, html, stat};
use crate::render::json::{self, DiagnosticRecord, SCHEMA, SpanRecord};

/// A record that says its type among records of others.
pub(super) trait Typed: Serialize {
    /// The type.
    fn type_name(&self) -> &'static str;
}

/// What happened to a file.
#[derive(Serialize)]
pub(super) struct FileRecord<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
    status: &'static str,
    mode: Option<[String; 2]>,
    verdict: Vec<&'static str>,
    frontend: Option<&'a str>,
    diagnostics: Vec<DiagnosticRecord>,
    approx: Vec<&'static str>,
    partial: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<Vec<EditRecord>>,
}

/// What happened to a definition.
#[derive(Serialize)]
pub(super) struct DefinitionRecord<'a> {
    kind: &'static str,
    old: Option<SideRecord<'a>>,
    new: Option<SideRecord<'a>>,
    verdict: Vec<&'static str>,
    how: Option<&'static str>,
    similarity: Option<f32>,
    evidence: Vec<&'static str>,
    certainty: &'static str,
    equivalent: Vec<&'static str>,
    script: &'a [EditRecord],
}

#[derive(Serialize)]
struct SideRecord<'a> {
    path: &'a str,
    qualname: &'a str,
    span: SpanRecord,
    hash: String,
}

impl Typed for FileRecord<'_> {
    fn type_name(&self) -> &'static str {
        "file"
    }
}

impl Typed for DefinitionRecord<'_> {
    fn type_name(&self) -> &'static str {
        "definition"
    }
}

fn words(verdict: &[Part]) -> Vec<&'static str> {
    verdict.iter().map(|it| it.as_str()).collect()
}

impl<'a> FileRecord<'a> {
    /// The record of a comparison.
    pub(super) fn new(it: &Comparison<'_, 'a>, scripts: Option<&Scripts>) -> Self {
        let diagnostics = |known: Option<Known<'_, '_>>| {
            let of = |it: Known<'_, '_>| {
                json::diagnostics(&it.version.shown, &it.file.source, &it.file.lowered.diagnostics)
            };
            known.map_or_else(Vec::new, of)
        };
        let (old, new) = paths(it.pair());
        let status = match it.pair().mode_change() {
            Some(_) if it.status == Status::Unchanged => Status::Modified,
            None if it.verdict.is_empty() => Status::Unchanged,
            _ => it.status,
        };
        let (before, after) = (it.set.before(it.number), it.set.after(it.number));
        let mut all = diagnostics(before);
        all.extend(diagnostics(after));
        let mut approximations: Vec<_> = it.approximation().into_iter().collect();
        approximations.extend(scripts.iter().flat_map(|it| &it.approximations));
        Self {
            old,
            new,
            status: status.as_str(),
            mode: modes(it.pair()),
            verdict: words(&it.verdict),
            frontend: after.or(before).map(|it| &*it.file.lowered.frontend.name),
            diagnostics: all,
            approx: approximations,
            partial: [before, after].into_iter().flatten().any(|it| it.file.lowered.is_partial()),
            content: scripts.map(|it| it.content.clone()),
            script: scripts.map(|it| it.rest.clone()),
        }
    }

    /// The record of a pair that could not be compared.
    pub(super) fn unserved(pair: &'a VersionPair, diagnostic: DiagnosticRecord) -> Self {
        let (old, new) = paths(pair);
        Self {
            old,
            new,
            status: Status::Modified.as_str(),
            mode: modes(pair),
            verdict: Vec::new(),
            frontend: None,
            diagnostics: vec![diagnostic],
            approx: Vec::new(),
            partial: true,
            content: None,
            script: None,
        }
    }
}

fn paths(pair: &VersionPair) -> (Option<&str>, Option<&str>) {
    (pair.old.as_ref().map(|it| it.shown.as_str()), pair.new.as_ref().map(|it| it.shown.as_str()))
}

/// Git's modes of both versions, zeros for one that is not there; none where git was not asked.
fn modes(pair: &VersionPair) -> Option<[String; 2]> {
    let mode = |it: &Option<Version>| match it {
        Some(it) => it.mode.clone(),
        None => Some("000000".to_owned()),
    };
    Some([mode(&pair.old)?, mode(&pair.new)?])
}

impl<'a> DefinitionRecord<'a> {
    /// The record of a definition's change.
    pub(super) fn new<'b: 'a>(
        comparison: &Comparison<'_, 'b>,
        it: &'a DefinitionDiff,
        script: Option<&'a [EditRecord]>,
    ) -> Self {
        let before = it.before.as_ref();
        let after = it.after.as_ref();
        Self {
            kind: it.kind.as_str(),
            old: before.and_then(|it| side(comparison.set.before(it.file), it)),
            new: after.and_then(|it| side(comparison.set.after(it.file), it)),
            verdict: words(&it.verdict),
            how: it.how.map(How::as_str),
            similarity: similarity(comparison, it).map(|it| (it * 1000.0).round() / 1000.0),
            evidence: it.evidence.map(Evidence::as_str).into_iter().collect(),
            certainty: it.certainty.as_str(),
            equivalent: equivalent(comparison, it),
            script: script.unwrap_or_default(),
        }
    }
}

/// How similar the sides of a definition are.
fn similarity(comparison: &Comparison<'_, '_>, it: &DefinitionDiff) -> Option<f32> {
    let (before, after) = (it.before.as_ref()?, it.after.as_ref()?);
    let sides = (comparison.set.before(before.file)?.side, comparison.set.after(after.file)?.side);
    it.similarity.or_else(|| Some(sides.0.similarity(before.number, sides.1, after.number)))
}

/// The spellings that differ, where formatting did.
fn equivalent(comparison: &Comparison<'_, '_>, it: &DefinitionDiff) -> Vec<&'static str> {
    let (Some(before), Some(after)) = (&it.before, &it.after) else { return Vec::new() };
    let sides = (comparison.set.before(before.file), comparison.set.after(after.file));
    match sides {
        (Some(old), Some(new)) if it.verdict.contains(&Part::Formatting) => {
            old.side.equivalent(before.number, new.side, after.number)
        }
        _ => Vec::new(),
    }
}

fn side<'a, 'b: 'a>(known: Option<Known<'_, 'b>>, side: &'a DefinitionSide) -> Option<SideRecord<'a>> {
    let known = known?;
    Some(SideRecord {
        path: &known.version.shown,
        qualname: &side.qualname,
        span: SpanRecord::new(&known.file.source, side.span),
        hash: known.side.hash(side.number).to_string(),
    })
}

/// A record with its type and the schema number first.
pub(super) fn typed(type_name: &str, record: &str) -> String {
    format!("{{\"type\":\"{type_name}\",\"schema\":{SCHEMA},{}\n", record.strip_prefix('{').unwrap_or(record))
}

/// The document that the records are in.
pub(super) struct Document<'a> {
    old: &'a SideName,
    new: &'a SideName,
    view: View,
    files: usize,
    /// Definitions come after all files.
    definitions: Vec<String>,
}

impl<'a> Document<'a> {
    /// The document about two targets.
    pub(super) fn new(old: &'a SideName, new: &'a SideName, view: View) -> Self {
        Self { old, new, view, files: 0, definitions: Vec::new() }
    }

    /// What the output begins with, before any file.
    pub(super) fn begin(&self) -> String {
        if self.view == View::Json {
            "{\"schema\":1,\"files\":[".to_owned()
        } else if self.view == View::Html {
            html::begin(self.old.text(), self.new.text())
        } else {
            String::new()
        }
    }

    /// What a file adds to the output.
    pub(super) fn file(&mut self, compared: &Compared) -> String {
        self.files += 1;
        if self.view == View::Json {
            self.definitions.extend_from_slice(&compared.definitions);
            format!("{}\n{}", if self.files > 1 { "," } else { "" }, compared.text)
        } else if self.view == View::JsonLines {
            [compared.text.as_str(), &compared.definitions.concat()].concat()
        } else {
            compared.text.clone()
        }
    }

    /// What the output ends with.
    pub(super) fn end(&self, total: &Total, impacted: &[Impacted]) -> String {
        let summary: BTreeMap<&str, usize> = total.parts.iter().map(|it| (it.0.as_str(), *it.1)).collect();
        let record = |it: &SideName| json::line(it).trim_end().to_owned();
        let (old, new, summary) = (record(self.old), record(self.new), json::line(&summary));
        let summary = summary.trim_end();
        if self.view == View::Json {
            format!(
                "\n],\"definitions\":[\n{}\n],\"impacted\":{},\"old\":{old},\"new\":{new},\"summary\":{summary}}}\n",
                self.definitions.join(",\n"),
                json::line(&impacted).trim_end(),
            )
        } else if self.view == View::JsonLines {
            let lines = impacted.iter().map(|it| typed("impacted", json::line(it).trim_end()));
            lines.collect::<String>()
                + &typed("summary", &format!("{{\"old\":{old},\"new\":{new},\"summary\":{summary}}}"))
        } else if self.view == View::Html {
            html::end(&stat::counts(&total.parts), impacted)
        } else {
            String::new()
        }
    }
}
