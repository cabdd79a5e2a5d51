//! `astkit config show`: every setting, its value, and where it comes from.

use anyhow::Result;

use crate::arguments::{ConfigAction, ConfigArguments};
use crate::exit_status::ExitStatus;
use crate::session::Session;

/// Runs the command.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn run(session: &Session, arguments: &ConfigArguments) -> Result<ExitStatus> {
    match arguments.action {
        ConfigAction::Show => session.write(&show(session)),
    }
}

fn show(session: &Session) -> String {
    let shown = &session.settings.shown;
    let width = |of: fn(&(&'static str, String, String)) -> usize| shown.iter().map(of).max().unwrap_or(0);
    let (names, values) = (width(|it| it.0.len()), width(|it| it.1.len()).min(40));
    let line = |(name, value, origin): &(&str, String, String)| {
        format!("{name:<names$} = {value:<values$}  # {origin}\n")
    };
    shown.iter().map(line).collect()
}
