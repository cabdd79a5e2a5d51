//! A frontend of one's own: a small language with a parser and a schema that astkit has never heard of.

mod parser;

use std::sync::LazyLock;

use astkit::ast::schema::Schema;
use astkit::ast::{FrontendId, TreeBuilder};
use astkit::{Frontend, LowerError, Options, SourceText};

/// Lowers `.toy` files.
pub struct Toy;

/// What trees of this language are made of.
pub static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::parse(include_str!("../toy.asdl")).expect("a test reads it"));

impl Frontend for Toy {
    fn id(&self) -> FrontendId {
        FrontendId { name: "toy".into(), version: env!("CARGO_PKG_VERSION").into() }
    }

    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn extensions(&self) -> &[&str] {
        &["toy"]
    }

    fn lower(
        &self,
        source: &SourceText,
        _: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError> {
        parser::Parser::new(source.text(), builder).file();
        Ok(())
    }
}
