//! The frontend's face: parse, rebuild, report.

use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use astkit_ast::schema::Schema;
use astkit_ast::{
    Diagnostic, Frontend, FrontendId, LowerError, Options, SourceText, Span, TreeBuilder, python,
};
use ruff_python_ast::PythonVersion;

use crate::damage::Damage;
use crate::depth::{self, too_deep};
use crate::findings::findings;
use crate::parse::Module;
use crate::rebuilder::Rebuilder;
use crate::report::{self, SOURCE};

/// Version of the parser, and of the rebuilder over it.
const VERSION: &str = "ruff 0.0.10, rebuilder 1";

/// How much of the stack one level of the parser's tree takes at most while it is dropped.
const DROP_FRAME: usize = 1024;

/// The frontend over ruff's parser.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonAst;

impl Frontend for PythonAst {
    fn id(&self) -> FrontendId {
        FrontendId { name: SOURCE.into(), version: VERSION.into() }
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
        if let Some(place) = too_deep(text) {
            refuse(source, place, builder);
            return Ok(());
        }
        if options.python.is_python2() {
            let message = "python-ast reads Python 3 only, whatever version is asked for";
            builder.diagnostic(Diagnostic::warning(SOURCE, "unsupported-dialect", Span::empty(0), message));
        }
        let module = Module::parse(text, target(options));
        let findings = findings(&module.parsed, text);
        report::report(&findings, &module.parsed, builder);
        let damage = Damage::new(&findings, text, module.parsed.tokens());
        let rebuilder = Rebuilder::new(builder, text, damage, module.hidden());
        let deepest = rebuilder.rebuild_module(module.parsed.syntax());
        drop_deep(module, deepest);
        Ok(())
    }
}

/// The version that newer syntax is measured against.
fn target(options: &Options) -> PythonVersion {
    if options.python.is_python2() {
        return PythonVersion::latest();
    }
    PythonVersion { major: options.python.major, minor: options.python.minor }
}

/// Builds a tree that says nothing about a text that nests too deep.
fn refuse(source: &SourceText, place: Span, builder: &mut TreeBuilder<'_>) {
    let message = format!("this may nest deeper than {} levels: the file is not read", depth::LIMIT);
    builder.diagnostic(Diagnostic::error(SOURCE, "nesting-too-deep", place, message));
    let whole = Span::new(0, source.len());
    let mark: Mark = builder.mark();
    builder.error(mark, whole);
    builder.role(Role::Body);
    build::module(builder, mark, whole);
}

/// Drops the parser's tree, which recurses as deep as the tree is.
fn drop_deep(module: Module, deepest: usize) {
    let needed = (deepest + 64) * DROP_FRAME;
    stacker::maybe_grow(needed, needed, || drop(module));
}
