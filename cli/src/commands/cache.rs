//! `astkit cache`: where results are kept between runs, how much there is, and away with it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use astkit_engine::store::{CacheStats, Storage, VersionStats, clean, stats, version_name};
use astkit_system::FolderStorage;
use serde::Serialize;

use crate::arguments::{CacheAction, CacheArguments};
use crate::cache::{self, BUILD};
use crate::exit_status::ExitStatus;
use crate::failure::{Failure, reason};
use crate::format::Format;
use crate::render::Append;
use crate::render::json::{self, SCHEMA};
use crate::session::Session;

/// The folder and what is in it.
#[derive(Serialize)]
struct CacheRecord<'a> {
    schema: u32,
    r#type: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// What one build of astkit keeps.
#[derive(Serialize)]
struct BuildRecord<'a> {
    schema: u32,
    r#type: &'static str,
    name: &'a str,
    /// Whether it is this build.
    current: bool,
    segments: usize,
    records: usize,
    indexes: usize,
    bytes: u64,
    /// The day of last use.
    last_used: String,
}

/// What was removed.
#[derive(Serialize)]
struct CleanedRecord<'a> {
    schema: u32,
    r#type: &'static str,
    path: &'a str,
    files: usize,
    bytes: u64,
}

/// Runs the command.
///
/// # Errors
/// No folder for the cache, one that can't be read or cleaned, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &CacheArguments) -> Result<ExitStatus> {
    let format = Format::choose(session.format, "cache", &[Format::Text, Format::JsonLines])?;
    let is_json = format == Format::JsonLines;
    let folder = cache::folder(&session.settings).ok_or_else(|| {
        Failure::new("there is no place for a cache")
            .hint("name a folder: `--cache-dir` or `ASTKIT_CACHE_DIR`")
    })?;
    let text = match arguments.action {
        CacheAction::Dir => dir(&folder, is_json),
        CacheAction::Stats => show(&folder, is_json)?,
        CacheAction::Clean => remove(&folder, is_json)?,
    };
    session.write(&text)
}

fn dir(folder: &Path, is_json: bool) -> String {
    let path = folder.display().to_string();
    if is_json {
        return json::line(&CacheRecord { schema: SCHEMA, r#type: "cache", path: &path, bytes: None });
    }
    path + "\n"
}

fn show(folder: &Path, is_json: bool) -> Result<String, Failure> {
    let path = folder.display().to_string();
    let found = stats(&storage(folder))
        .map_err(|error| Failure::new(format!("could not read the cache `{path}`: {}", reason(&error))))?;
    if is_json {
        let bytes = Some(found.versions.iter().map(|it| it.bytes).sum());
        let head = json::line(&CacheRecord { schema: SCHEMA, r#type: "cache", path: &path, bytes });
        let lines = found.versions.iter().map(|it| json::line(&build_record(it)));
        return Ok(lines.fold(head, |text, line| text + &line));
    }
    Ok(table(&path, &found))
}

fn build_record(it: &VersionStats) -> BuildRecord<'_> {
    BuildRecord {
        schema: SCHEMA,
        r#type: "build",
        name: &it.name,
        current: it.name == version_name(BUILD),
        segments: it.segments,
        records: it.records,
        indexes: it.indexes,
        bytes: it.bytes,
        last_used: date(it.last_used),
    }
}

fn table(path: &str, found: &CacheStats) -> String {
    let mut out = format!("{path}\n");
    if found.versions.is_empty() {
        return out + "empty\n";
    }
    let width = found.versions.iter().map(|it| it.name.len()).max().unwrap_or(0).max(5);
    out.append(format_args!("{:<width$}  records  segments  indexes       size  last used\n", "build"));
    for it in &found.versions {
        let mark = if it.name == version_name(BUILD) { "  (this one)" } else { "" };
        out.append(format_args!(
            "{:<width$}  {:>7}  {:>8}  {:>7}  {:>9}  {}{mark}\n",
            it.name,
            it.records,
            it.segments,
            it.indexes,
            size(it.bytes),
            date(it.last_used),
        ));
    }
    out
}

fn remove(folder: &Path, is_json: bool) -> Result<String, Failure> {
    let path = folder.display().to_string();
    let (files, bytes) = clean(&storage(folder))
        .map_err(|error| Failure::new(format!("could not clean the cache `{path}`: {}", reason(&error))))?;
    FolderStorage::new(folder).remove_empty_folders();
    if is_json {
        return Ok(json::line(&CleanedRecord {
            schema: SCHEMA,
            r#type: "cleaned",
            path: &path,
            files,
            bytes,
        }));
    }
    Ok(format!("{files} files, {}, removed from {path}\n", size(bytes)))
}

fn storage(folder: &Path) -> Arc<dyn Storage> {
    Arc::new(FolderStorage::new(folder))
}

fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => tenths(1_000) + " kB",
        1_000_000.. => tenths(1_000_000) + " MB",
    }
}

/// The date of a day since 1970, by the civil calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
fn date(days: u32) -> String {
    // Eras of 400 years that begin with March, so that a leap day is the last of its year.
    let shifted = u64::from(days) + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(59), "1970-03-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_453), "2025-12-31");
        assert_eq!(date(20_454), "2026-01-01");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([size(7), size(1_999), size(25_310_000)], ["7 B", "1.9 kB", "25.3 MB"]);
    }
}
