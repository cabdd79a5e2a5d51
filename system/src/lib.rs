//! The operating system's side of astkit's engine: what `core/` is not allowed to touch.
//!
//! - [`OsFiles`]: real files.
//! - [`FolderStorage`]: the store's folder on disk.
//! - [`describe_interpreter`]: what a Python on this machine says about itself.

mod files;
mod interpreter;
mod storage;

pub use files::OsFiles;
pub use interpreter::{InterpreterError, describe_interpreter, python_of};
pub use storage::FolderStorage;
