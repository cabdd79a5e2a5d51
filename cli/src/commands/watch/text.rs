//! What people read: a line for each definition that a save touched.

use astkit::diff::Part;
use astkit::hash::Level;
use astkit_watch::{ChangeKind, Ready, Warning};

use super::{FileResult, counts};
use crate::commands::diff::SavedDefinition;
use crate::messages::Messages;
use crate::render::Append;

/// What is watched.
pub(super) fn ready(roots: &[String], it: &Ready) -> String {
    let (roots, polled) = (roots.join(", "), it.folders.saturating_sub(it.watches));
    let how = match polled {
        _ if it.backend == "poll" => ", polled".to_owned(),
        0 => String::new(),
        polled => format!(", {polled} of them polled"),
    };
    format!("Watching {roots}: {} files in {} folders{how}\n", it.files, it.folders)
}

/// What a batch did.
pub(super) fn batch(results: &[FileResult<'_>], level: Level) -> String {
    let mut out = String::new();
    for it in results {
        file(it, level, &mut out);
    }
    out
}

/// What depends on the change.
pub(super) fn impact(targets: &[String]) -> String {
    /// So many are named; for all there is `--json`.
    const SHOWN: usize = 10;
    let mut out = String::new();
    for it in targets.iter().take(SHOWN) {
        out.append(format_args!("  affects {it}\n"));
    }
    if targets.len() > SHOWN {
        out.append(format_args!("  affects {} more\n", targets.len() - SHOWN));
    }
    out
}

fn file(it: &FileResult<'_>, level: Level, out: &mut String) {
    let before = out.len();
    for (line, column, message) in &it.saved.errors {
        out.append(format_args!("Error {}:{line}:{column} {message}\n", it.shown));
    }
    for definition in it.saved.definitions.iter().filter(|it| counts(it, level)) {
        line(it, definition, out);
    }
    if out.len() > before {
        return;
    }
    let words: Vec<_> = it.saved.verdict.iter().map(|it| it.as_str()).collect();
    match (it.change.kind(), words.as_slice()) {
        (ChangeKind::Added, _) => out.append(format_args!("Add {}\n", it.shown)),
        (ChangeKind::Removed, _) => out.append(format_args!("Delete {}\n", it.shown)),
        (ChangeKind::Modified, []) => out.append(format_args!("Skip {}\n", it.shown)),
        (ChangeKind::Modified, words) => {
            out.append(format_args!("Skip {} ({} only)\n", it.shown, words.join(" and ")));
        }
    }
}

fn line(it: &FileResult<'_>, definition: &SavedDefinition, out: &mut String) {
    let name = |qualname: &str| match &it.module {
        Some(module) if qualname == "<module>" => module.clone(),
        Some(module) => format!("{module}.{qualname}"),
        None => format!("{}::{qualname}", it.shown),
    };
    let names = (definition.before.as_deref(), definition.after.as_deref());
    let verdict = &definition.verdict;
    let line = definition.line;
    match names {
        (_, Some(after)) if verdict.contains(&Part::Added) => {
            out.append(format_args!("Add {} @L{line}\n", name(after)));
        }
        (Some(before), _) if verdict.contains(&Part::Removed) => {
            out.append(format_args!("Delete {} @L{line}\n", name(before)));
        }
        (Some(before), Some(after)) => {
            if verdict.contains(&Part::Renamed) {
                out.append(format_args!("Rename {} → {} @L{line}\n", name(before), name(after)));
            } else if verdict.contains(&Part::Moved) {
                out.append(format_args!("Move {} @L{line}\n", name(after)));
            }
            let rest: Vec<_> = verdict
                .iter()
                .filter(|it| !matches!(it, Part::Renamed | Part::Moved))
                .map(|it| it.as_str())
                .collect();
            if !rest.is_empty() {
                out.append(format_args!("Update {} @L{line} ({})\n", name(after), rest.join(", ")));
            }
        }
        (_, Some(one)) | (Some(one), None) => out.append(format_args!("Update {} @L{line}\n", name(one))),
        (None, None) => {}
    }
}

/// A warning, with what can be done.
pub(super) fn warning(it: &Warning, messages: Messages) -> String {
    let mut text = messages.warning(&it.to_string());
    let help = match it {
        Warning::WatchLimit { .. } => {
            "sudo sysctl fs.inotify.max_user_watches=524288, or leave folders out with `--exclude`"
        }
        Warning::NoEvents(_) => "sudo sysctl fs.inotify.max_user_instances=1024",
        Warning::Unreadable { error, .. } => {
            text.append(format_args!("  = note: {error}\n"));
            return text;
        }
        Warning::Network { .. } | Warning::RootGone(_) | Warning::RootBack(_) | _ => return text,
    };
    text.append(format_args!("  = help: {help}\n"));
    text
}
