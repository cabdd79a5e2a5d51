//! Configuration files: `astkit.toml`, `.astkit.toml`, or `[tool.astkit]` in `pyproject.toml`.
//!
//! The nearest folder, from the working directory upwards, that has one is the one that counts; nothing is merged
//! across folders. `--config FILE` names one instead, `--config KEY=VALUE` sets a single key on top of it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::{Failure, reason};
use crate::format::Format;

/// What can be configured. Keys are spelled with hyphens, as the flags are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) frontend: Option<String>,
    pub(crate) python_version: Option<String>,
    pub(crate) python: Option<PathBuf>,
    pub(crate) roots: Option<Vec<PathBuf>>,
    pub(crate) color: Option<String>,
    pub(crate) jobs: Option<usize>,
    pub(crate) strict: Option<bool>,
    pub(crate) exclude: Option<Vec<String>>,
    pub(crate) no_ignore: Option<bool>,
    pub(crate) no_progress: Option<bool>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) no_cache: Option<bool>,
    pub(crate) timings: Option<bool>,
    #[serde(default)]
    pub(crate) parse: FormatTable,
    #[serde(default)]
    pub(crate) hash: HashTable,
    #[serde(default)]
    pub(crate) diff: DiffTable,
}

/// `[parse]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FormatTable {
    pub(crate) format: Option<Format>,
}

/// `[hash]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HashTable {
    pub(crate) format: Option<Format>,
    pub(crate) level: Option<String>,
}

/// `[diff]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DiffTable {
    pub(crate) format: Option<Format>,
    pub(crate) exit_code: Option<bool>,
    pub(crate) fail_on: Option<Vec<String>>,
    pub(crate) hide: Option<Vec<String>>,
    pub(crate) context: Option<u32>,
    pub(crate) width: Option<u32>,
}

/// A configuration and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundConfig {
    pub(crate) config: Config,
    /// The file; none if there is none.
    pub(crate) file: Option<PathBuf>,
    /// Top-level keys that `--config KEY=VALUE` set.
    pub(crate) overridden: Vec<String>,
}

/// Finds and reads the configuration that counts in `directory`.
///
/// # Errors
/// A file that can't be read, that is not TOML, or that has unknown keys or wrong values.
pub(crate) fn find(directory: &Path, given: &[String], isolated: bool) -> Result<FoundConfig, Failure> {
    let (mut file, mut settings) = (None, Vec::new());
    for it in given {
        match it.split_once('=') {
            Some((key, _)) if is_key(key) && !Path::new(it).is_file() => settings.push(it.as_str()),
            _ => file = Some(PathBuf::from(it)),
        }
    }
    let mut table = match file.clone() {
        Some(path) => read(&path, path.ends_with("pyproject.toml"))?.unwrap_or_default(),
        None if isolated => toml::Table::new(),
        None => match nearest(directory)? {
            Some((path, table)) => {
                file = Some(path);
                table
            }
            None => toml::Table::new(),
        },
    };
    // Checked before the settings go in, so that a message names the right culprit.
    if let Some(path) = &file {
        decode(table.clone(), &format!("in `{}`", path.display()))?;
    }
    let mut overridden = Vec::new();
    for setting in settings {
        let origin = format!("in `--config {setting}`");
        let one = setting_table(setting, &origin)?;
        decode(one.clone(), &origin)?;
        overridden.extend(one.keys().cloned());
        merge(&mut table, one);
    }
    Ok(FoundConfig { config: decode(table, "in the configuration")?, file, overridden })
}

/// The files whose change may change the configuration of a run in `directory`, which has `file`'s.
pub(crate) fn candidates(directory: &Path, file: Option<&Path>) -> Vec<PathBuf> {
    let here = ["astkit.toml", ".astkit.toml", "pyproject.toml"].map(|it| directory.join(it));
    let mut out: Vec<PathBuf> = here.into_iter().chain(file.map(|it| directory.join(it))).collect();
    out.sort();
    out.dedup();
    out
}

fn is_key(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
}

/// Reads `KEY=VALUE`; a value that is not TOML is taken as a string.
fn setting_table(setting: &str, origin: &str) -> Result<toml::Table, Failure> {
    let quoted = || {
        let (key, value) = setting.split_once('=')?;
        let line = format!("{key} = {}", toml::Value::String(value.trim().to_owned()));
        line.parse::<toml::Table>().ok()
    };
    setting
        .parse()
        .ok()
        .or_else(quoted)
        .ok_or_else(|| Failure::new(format!("a setting is KEY=VALUE {origin}")))
}

fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn decode(table: toml::Table, origin: &str) -> Result<Config, Failure> {
    table.try_into().map_err(|error: toml::de::Error| {
        Failure::new(format!("{origin}: {}", error.message()))
            .hint("`astkit config show` lists every setting; `--isolated` reads no configuration")
    })
}

fn nearest(directory: &Path) -> Result<Option<(PathBuf, toml::Table)>, Failure> {
    for folder in directory.ancestors() {
        for name in ["astkit.toml", ".astkit.toml", "pyproject.toml"] {
            let path = folder.join(name);
            if !path.is_file() {
                continue;
            }
            if let Some(table) = read(&path, name == "pyproject.toml")? {
                return Ok(Some((path, table)));
            }
        }
    }
    Ok(None)
}

/// Reads a file; none for a `pyproject.toml` that does not speak of astkit.
fn read(path: &Path, pyproject: bool) -> Result<Option<toml::Table>, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("could not read `{shown}`: {}", reason(&error))))?;
    if pyproject && !text.contains("astkit") {
        return Ok(None);
    }
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| Failure::new(located(&shown, &text, &error)))?;
    if !pyproject {
        // Checked from the text, so that the message shows the place in it.
        if let Err(error) = toml::from_str::<Config>(&text) {
            return Err(Failure::new(located(&shown, &text, &error)));
        }
        return Ok(Some(table));
    }
    Ok(table.get("tool").and_then(|it| it.get("astkit")).and_then(|it| it.as_table()).cloned())
}

fn located(path: &impl std::fmt::Display, text: &str, error: &toml::de::Error) -> String {
    let Some(span) = error.span() else { return format!("in `{path}`: {}", error.message()) };
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|it| *it != '\n').count() + 1;
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    format!("{path}:{line}:{column}: {}\n  |\n  | {shown}\n  | {:>column$}", error.message(), "^")
}
