//! astkit's own chores. `cargo xtask` lists them.

mod architecture;
mod codegen;
mod conformance;
mod examples;
mod tidy;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask codegen [--check]   write (or check) the code generated from core/ast/python.asdl
cargo xtask conformance ...     compare the frontends with CPython over many files (`--help` says more)
cargo xtask architecture        check which crate uses which
cargo xtask examples            test the crates in examples/
cargo xtask tidy                check heads, sizes, leftovers and snapshots";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["codegen"] => codegen::run(false),
        ["codegen", "--check"] => codegen::run(true),
        ["conformance", arguments @ ..] => conformance::run(arguments),
        ["architecture"] => architecture::run(),
        ["examples"] => examples::run(),
        ["tidy"] => tidy::run(),
        _ => bail!("unknown chore; there are:\n{USAGE}"),
    }
}
