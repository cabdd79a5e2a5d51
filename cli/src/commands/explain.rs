//! `astkit explain`: what a diagnostic code means, and what to do about it.

mod codes;

use anyhow::Result;

use crate::arguments::ExplainArguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use codes::CODES;

/// Runs the command.
///
/// # Errors
/// An unknown code, or a result that can't be written.
pub(crate) fn run(session: &Session, arguments: &ExplainArguments) -> Result<ExitStatus> {
    let text = match &arguments.code {
        None => CODES.iter().map(|it| [it.0, "  ", it.1, "\n"].concat()).collect(),
        Some(code) => explanation(code)?,
    };
    session.write(&text)
}

fn explanation(code: &str) -> Result<String, Failure> {
    match CODES.iter().find(|it| it.0 == code) {
        Some((code, summary, text)) => Ok(format!("{code}: {summary}\n\n{text}\n")),
        None => Err(Failure::new(format!("no diagnostic has the code `{code}`"))
            .hint("`astkit explain` lists all codes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_explained() {
        assert!(CODES.is_sorted_by_key(|it| it.0));
        for (code, summary, text) in CODES {
            assert!(code.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'));
            assert!(!summary.ends_with('.') && text.ends_with('.'), "{code}");
        }
    }
}
