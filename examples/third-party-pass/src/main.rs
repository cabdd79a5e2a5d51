//! The `astkit` command with the passes of this crate.

use acme_passes as _;

fn main() -> std::process::ExitCode {
    astkit_cli::main()
}
