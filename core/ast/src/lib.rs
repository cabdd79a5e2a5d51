//! astkit's common tree.

mod constant;
mod diagnostic;
mod span;

pub use constant::Constant;
pub use diagnostic::{Diagnostic, Severity};
pub use span::Span;
