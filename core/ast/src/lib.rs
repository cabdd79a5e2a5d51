//! astkit's common tree.

mod constant;
mod diagnostic;
mod encoding;
mod identifier;
mod line_index;
mod literal;
mod number;
mod repr;
mod source;
mod span;

pub use constant::Constant;
pub use diagnostic::{Diagnostic, Severity};
pub use identifier::{is_identifier, normalize_identifier};
pub use line_index::Position;
pub use literal::{
    Dialect, FormatPart, LiteralError, StringKind, StringPrefix, TextBuffer, decode_format_text,
    has_unicode_kind,
};
pub use number::{decode_number, int_to_decimal};
pub use source::SourceText;
pub use span::Span;
