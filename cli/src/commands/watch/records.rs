//! The records of `--json`.

use std::path::Path;
use std::time::Duration;

use astkit::hash::Level;
use astkit_watch::{Batch as Changes, Ready as State, RescanReason, Warning};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{FileResult, files};
use crate::render::json::{self, SCHEMA};

/// What is watched.
#[derive(Serialize)]
pub(super) struct Ready<'a> {
    schema: u32,
    r#type: &'static str,
    roots: &'a [String],
    files: usize,
    dirs: usize,
    watches: usize,
    backend: &'static str,
}

impl<'a> Ready<'a> {
    pub(super) fn new(roots: &'a [String], it: &State) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "ready",
            roots,
            files: it.files,
            dirs: it.folders,
            watches: it.watches,
            backend: it.backend,
        }
    }
}

/// Files that were saved together.
#[derive(Serialize)]
pub(super) struct Batch<'a> {
    schema: u32,
    r#type: &'static str,
    n: u64,
    cause: &'static str,
    files: Vec<File<'a>>,
    /// Targets whose change counts at the level.
    changed: &'a [String],
    level: &'static str,
    impact: &'a [String],
    ms: Times,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    /// In hexadecimal digits, if the path is no UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a str>,
    kind: &'static str,
    module: Option<&'a str>,
    hash: Option<String>,
    verdict: Vec<&'static str>,
    definitions: Vec<&'a RawValue>,
    partial: bool,
}

#[derive(Serialize)]
struct Times {
    wait: f64,
    analyse: f64,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        batch: &Changes,
        results: &'a [FileResult<'a>],
        (changed, impact): (&'a [String], &'a [String]),
        level: Level,
        took: Duration,
    ) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "batch",
            n: batch.number,
            cause: batch.cause.as_str(),
            files: results.iter().map(File::new).collect(),
            changed,
            level: level.as_str(),
            impact,
            ms: Times { wait: milliseconds(batch.waited), analyse: milliseconds(took) },
        }
    }
}

impl<'a> File<'a> {
    fn new(it: &'a FileResult<'a>) -> Self {
        Self {
            path: &it.shown,
            path_bytes: it.bytes.as_deref(),
            kind: it.change.kind().as_str(),
            module: it.module.as_deref(),
            hash: it.saved.hash.map(|it| it.to_string()),
            verdict: it.saved.verdict.iter().map(|it| it.as_str()).collect(),
            definitions: it.saved.definitions.iter().map(|it| &*it.record).collect(),
            partial: it.saved.is_broken,
        }
    }
}

/// With three digits after the point.
fn milliseconds(it: Duration) -> f64 {
    (it.as_secs_f64() * 1e6).round() / 1e3
}

/// What is wrong with the new texts.
pub(super) fn diagnostics(results: &[FileResult<'_>]) -> String {
    results.iter().flat_map(|it| &it.saved.diagnostics).map(json::line).collect()
}

/// Everything before the cookie file is reported.
#[derive(Serialize)]
pub(super) struct Synced<'a> {
    schema: u32,
    r#type: &'static str,
    token: &'a str,
}

impl<'a> Synced<'a> {
    pub(super) fn new(token: &'a str) -> Self {
        Self { schema: SCHEMA, r#type: "synced", token }
    }
}

/// Everything is looked at again.
#[derive(Serialize)]
pub(super) struct Rescan {
    schema: u32,
    r#type: &'static str,
    why: &'static str,
}

impl Rescan {
    pub(super) fn new(why: RescanReason) -> Self {
        Self { schema: SCHEMA, r#type: "rescan", why: why.as_str() }
    }
}

/// Something that a user should know.
#[derive(Serialize)]
pub(super) struct Warned {
    schema: u32,
    r#type: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

impl Warned {
    pub(super) fn new(code: &'static str, message: &str, path: Option<String>) -> Self {
        Self { schema: SCHEMA, r#type: "warning", code, message: message.to_owned(), path }
    }

    pub(super) fn of(it: &Warning, folder: &Path) -> Self {
        let path = match it {
            Warning::Network { path, .. }
            | Warning::Unreadable { path, .. }
            | Warning::RootGone(path)
            | Warning::RootBack(path) => Some(files::show(folder, path)),
            Warning::WatchLimit { .. } | Warning::NoEvents(_) | _ => None,
        };
        Self::new(it.code(), &it.to_string(), path)
    }
}
