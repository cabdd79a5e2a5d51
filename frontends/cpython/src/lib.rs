//! The `cpython` frontend: common trees from the `ast` of a real Python interpreter.
//!
//! An interpreter (3.8 or newer) runs as a long-lived worker process and answers with a tree per text; so one sees
//! exactly what that Python sees, and its own error messages. It is the reference that the other frontends are
//! compared with. Trees of equal text are equal whatever the version, as far as its grammar knows the syntax: what
//! versions show differently (index wrappers of 3.8, empty texts of 3.12) is evened out. Positions are those of the
//! interpreter; all are exact from 3.13 on, and before within f-strings, imports and keywords only near.
//!
//! Left out: Python 2, and code that the interpreter refuses, which becomes one `Error` with the interpreter's message.

mod executable;
mod frontend;
mod marshal;
mod rebuilder;
mod spec;
mod worker;

pub use frontend::CPythonFrontend;
