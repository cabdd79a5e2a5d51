//! astkit's common tree.

mod constant;
mod diagnostic;
mod encoding;
mod line_index;
mod source;
mod span;

pub use constant::Constant;
pub use diagnostic::{Diagnostic, Severity};
pub use line_index::Position;
pub use source::SourceText;
pub use span::Span;
