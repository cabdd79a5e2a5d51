//! astkit's common tree: what every frontend lowers to, and everything else works on.
//!
//! - [`SourceText`]: bytes decoded once, for all frontends.
//! - [`python::schema`]: the kinds and fields, CPython's own; [`astkit_schema`] for other languages.
//! - [`Frontend`] and [`lower`]: from text to a [`Lowered`] file, through a [`TreeBuilder`].
//! - [`Tree`], [`Node`]: structure, one arena per definition; [`Spans`]: positions, apart.
//! - [`definitions`]: a file's definitions with their qualified names.
//! - [`SideTables`]: comments, parentheses and the places of names, on demand.
//! - [`check`](check::check): the rules that a frontend has to keep.
//! - [`unparse`]: trees back to source text.
//! - [`dump`]: trees as JSON, as CPython's `ast.dump`, as graphs.

pub mod builder;
pub mod check;
mod constant;
mod definitions;
mod diagnostic;
pub mod dump;
mod encoding;
pub mod frontend;
mod identifier;
mod layout;
mod line_index;
mod literal;
mod lowered;
mod measure;
mod merkle;
mod name_table;
mod number;
mod payload;
pub mod python;
mod recover;
mod repr;
mod scanner;
mod side_tables;
mod source;
mod span;
mod spans;
pub mod tree;
mod unparse;

pub use astkit_schema as schema;
pub use builder::TreeBuilder;
pub use constant::Constant;
pub use definitions::{DefKind, Definition, def_id, definitions};
pub use diagnostic::{Diagnostic, Severity};
pub use frontend::{Frontend, FrontendId, LowerError, Options, PythonVersion, finish, lower};
pub use identifier::{is_identifier, normalize_identifier};
pub use line_index::Position;
pub use literal::{
    Dialect, FormatPart, LiteralError, StringKind, StringPrefix, TextBuffer, debug_text, decode_format_text,
    has_unicode_kind,
};
pub use lowered::Lowered;
pub use number::{decode_number, int_to_decimal};
pub use recover::recover;
pub use scanner::{Scanner, Token, TokenKind, code_span, comments, tokens};
pub use side_tables::{NameSpan, Parentheses, SideTables};
pub use source::SourceText;
pub use span::Span;
pub use spans::Spans;
pub use tree::{DefId, KindId, Node, NodeId, RoleId, Tree, Value};
pub use unparse::{UnparseError, unparse, unparse_node};
