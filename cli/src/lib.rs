//! The `astkit` command as a library: from arguments to an exit code.
//!
//! Each command is a module below `commands`; what they share is a `Session`. The result goes
//! to standard output, everything else to standard error.

mod arguments;
mod bug;
mod cache;
mod color;
mod commands;
mod config;
mod contents;
mod definitions;
mod exit_status;
mod failure;
mod format;
mod frontends;
mod impact;
mod interrupt;
mod library;
mod messages;
mod modules;
mod output;
mod parallel;
mod progress;
mod project;
mod read;
mod render;
mod session;
mod settings;
mod targets;
mod timings;
mod walk;

use std::path::PathBuf;
use std::process::{ExitCode, Termination as _};
use std::sync::Arc;

use anyhow::Result;
use astkit::Frontend;
use clap::ArgMatches;

use crate::arguments::{Arguments, Command};
use crate::exit_status::ExitStatus;
use crate::failure::{Failure, reason};
use crate::messages::Messages;
use crate::session::Session;
use crate::settings::Settings;

/// The program: reads the arguments of the process, and writes to its streams.
///
/// A program of one's own that calls this has the passes of every crate that it links, if they are
/// [registered](astkit::register).
pub fn main() -> ExitCode {
    main_with(Vec::new())
}

/// The same with more frontends: for languages that files of their extensions are read as, or to take the place of
/// frontends of the same names.
pub fn main_with(added: Vec<Arc<dyn Frontend>>) -> ExitCode {
    frontends::add(added);
    start().report()
}

fn start() -> ExitStatus {
    bug::install_hook();
    interrupt::listen();
    let (arguments, matches) = match Arguments::read() {
        Ok(it) => it,
        Err(error) => return usage(&error),
    };
    run(&arguments, &matches).unwrap_or_else(|error| {
        interrupt::remove_temporary();
        let messages = Messages::new(false, arguments.global.quiet, 0);
        let failure = error.downcast::<Failure>().unwrap_or_else(|it| Failure::new(format!("{it:#}")));
        messages::print(&messages.error(&failure));
        ExitStatus::Error
    })
}

/// Prints help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitStatus {
    // A closed pipe behind `--help` is no error.
    drop(error.print());
    if error.use_stderr() { ExitStatus::Error } else { ExitStatus::Success }
}

fn run(arguments: &Arguments, matches: &ArgMatches) -> Result<ExitStatus> {
    let global = &arguments.global;
    if let Some(folder) = &global.directory {
        std::env::set_current_dir(folder).map_err(|error| {
            Failure::new(format!("could not work in `{}`: {}", folder.display(), reason(&error)))
        })?;
    }
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let config = config::find(&here, &global.config, global.isolated.unwrap_or(false))?;
    let settings = Settings::new(global, matches, &config)?;
    let session = Session::new(global, settings)?;
    match &arguments.command {
        Command::Parse(arguments) => commands::parse::run(&session, arguments),
        Command::Analyze(arguments) => commands::analyze::run(&session, arguments),
        Command::Transform(arguments) => commands::transform::run(&session, arguments),
        Command::Passes => commands::analyze::list(&session),
        Command::Hash(arguments) => commands::hash::run(&session, arguments),
        Command::Graph(arguments) => commands::graph::run(&session, arguments),
        Command::Impact(arguments) => commands::impact::run(&session, arguments),
        Command::Diff(arguments) => commands::diff::run(&session, arguments),
        Command::Apply(arguments) => commands::apply::run(&session, arguments),
        Command::Watch(arguments) => {
            let reload = || {
                let config = config::find(&here, &global.config, global.isolated.unwrap_or(false))?;
                Settings::new(global, matches, &config)
            };
            commands::watch::run(&session, arguments, &reload)
        }
        Command::Config(arguments) => commands::config::run(&session, arguments),
        Command::Cache(arguments) => commands::cache::run(&session, arguments),
        Command::Debug(arguments) => commands::debug::run(&session, arguments),
        Command::Explain(arguments) => commands::explain::run(&session, arguments),
        Command::Schema(arguments) => commands::schema::run(&session, arguments),
        Command::Completions { shell } => commands::shell::completions(&session, *shell),
        Command::Man { command } => commands::shell::man(&session, command.as_deref()),
    }
}
