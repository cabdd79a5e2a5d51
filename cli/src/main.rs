//! The `astkit` command.

use std::process::ExitCode;

/// Trees and what is made of them are many small pieces that are soon given back.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    astkit_cli::main()
}
