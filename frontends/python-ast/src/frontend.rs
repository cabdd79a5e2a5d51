//! The frontend's face: parse, rebuild, report.

use astkit_ast::schema::Schema;
use astkit_ast::{Frontend, FrontendId, LowerError, Options, SourceText, TreeBuilder, python};
use ruff_python_ast::PythonVersion;

use crate::damage::Damage;
use crate::findings::findings;
use crate::parse::Module;
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
        let module = Module::parse(text, target(options));
        let findings = findings(&module.parsed, text);
        report::report(&findings, &module.parsed, builder);
        let damage = Damage::new(&findings, module.parsed.tokens());
        let rebuilder = Rebuilder::new(builder, text, damage, module.format_keys());
        let deepest = rebuilder.rebuild_module(module.parsed.syntax());
        drop_deep(module, deepest);
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
fn drop_deep(module: Module, deepest: usize) {
    let needed = (deepest + 64) * DROP_FRAME;
    stacker::maybe_grow(needed, needed, || drop(module));
}
