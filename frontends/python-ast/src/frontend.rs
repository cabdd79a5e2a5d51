//! The frontend's face: parse, rebuild, report.

use astkit_ast::schema::Schema;
use astkit_ast::{Frontend, FrontendId, LowerError, Options, SourceText, TreeBuilder, python};
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};

use crate::rebuilder::Rebuilder;
use crate::report;

/// Version of the parser, and of the rebuilder over it.
const VERSION: &str = "ruff 0.0.10, rebuilder 1";

/// The frontend over ruff's parser.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonAst;

impl Frontend for PythonAst {
    fn id(&self) -> FrontendId {
        FrontendId { name: "python-ast".into(), version: VERSION.into() }
    }

    fn schema(&self) -> &'static Schema {
        python::schema()
    }

    fn extensions(&self) -> &[&str] {
        &["py", "pyi", "pyw"]
    }

    fn lower(
        &self,
        source: &SourceText,
        options: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError> {
        let text = source.text();
        let parse_options = ParseOptions::from(Mode::Module).with_target_version(target(options));
        let parsed =
            parse_unchecked(text, parse_options).try_into_module().expect("a module is what was asked for");
        report::report(&parsed, builder);
        let deepest = Rebuilder::new(builder, text, &parsed).rebuild_module(parsed.syntax());
        drop_deep(parsed, deepest);
        Ok(())
    }
}

/// The version that newer syntax is measured against.
fn target(options: &Options) -> PythonVersion {
    PythonVersion { major: options.python.major, minor: options.python.minor }
}

/// How much of the stack one level of the parser's tree takes at most while it is dropped.
const DROP_FRAME: usize = 1024;

/// Drops the parser's tree, which recurses as deep as the tree is.
fn drop_deep<T>(parsed: Parsed<T>, deepest: usize) {
    let needed = (deepest + 64) * DROP_FRAME;
    stacker::maybe_grow(needed, needed, || drop(parsed));
}
