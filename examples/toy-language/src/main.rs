//! The `astkit` command with one language more: `toy-language hash FILE.toy`, `toy-language diff OLD NEW`.

use std::sync::Arc;

fn main() -> std::process::ExitCode {
    astkit_cli::main_with(vec![Arc::new(toy_language::Toy)])
}
