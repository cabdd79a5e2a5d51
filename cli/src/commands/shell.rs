//! `astkit completions` and `astkit man`: made from the arguments themselves.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;

/// Prints a completion script.
///
/// # Errors
/// A result that can't be written.
pub(crate) fn completions(session: &Session, shell: Shell) -> Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "astkit", &mut script);
    session.write(&String::from_utf8_lossy(&script))
}

/// Prints the manual page of a command, or the overview.
///
/// # Errors
/// An unknown command, or a result that can't be written.
pub(crate) fn man(session: &Session, command: Option<&str>) -> Result<ExitStatus> {
    let mut all = Arguments::command();
    all.build();
    let page = match command {
        None => all,
        Some(name) => all.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::new(format!("no command `{name}`")).hint("`astkit --help` lists the commands")
        })?,
    };
    let mut roff = Vec::new();
    Man::new(page).render(&mut roff)?;
    session.write(&String::from_utf8_lossy(&roff))
}
