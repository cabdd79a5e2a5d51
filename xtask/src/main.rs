//! astkit's own chores. `cargo xtask` lists them.

mod codegen;

use anyhow::{Result, bail};

#[expect(clippy::print_stderr, reason = "a command-line program")]
fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("codegen") => codegen::run(args.next().as_deref() == Some("--check")),
        other => {
            eprintln!(
                "cargo xtask codegen [--check]   writes (or checks) the code generated from core/ast/python.asdl"
            );
            bail!("unknown chore `{}`", other.unwrap_or(""))
        }
    }
}
