//! The `astkit` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    astkit_cli::main()
}
