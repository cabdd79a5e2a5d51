//! The Python frontend.

use astkit_ast::schema::Schema;
use astkit_ast::{
    Diagnostic, Dialect, Frontend, FrontendId, LowerError, Options, Severity, SourceText, Span, TreeBuilder,
    python, recover,
};

use crate::cst::Cst;
use crate::parse::parse_bridged;
use crate::rebuild::Rebuilder;
use crate::work::{Tolerance, too_deep};

/// Lowers Python with tree-sitter-python; broken text piece by piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeSitterPython;

impl Frontend for TreeSitterPython {
    fn id(&self) -> FrontendId {
        FrontendId { name: "tree-sitter".into(), version: "python-0.25.0+2".into() }
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
        let mark = builder.mark();
        // A broken tree of the whole text is of no use: it is recovered piece by piece.
        InOnePiece(Tolerance::none()).lower(source, options, builder)?;
        let is_broken = builder.diagnostics().iter().any(|it| it.severity == Severity::Error);
        if is_broken {
            builder.rewind(mark);
            drop(builder.take_diagnostics());
            let pieces = InOnePiece(Tolerance::of(source.text().len()));
            recover(source, options, &pieces, &pieces, builder)?;
        }
        Ok(())
    }
}

/// The same without recovery: the whole text is given to the parser at once.
struct InOnePiece(Tolerance);

impl Frontend for InOnePiece {
    fn id(&self) -> FrontendId {
        TreeSitterPython.id()
    }

    fn schema(&self) -> &'static Schema {
        python::schema()
    }

    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn lower(
        &self,
        source: &SourceText,
        options: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError> {
        let text = source.text();
        if let Some(span) = too_deep(text) {
            refuse(source, builder, "too-deep", span, "blocks are nested too deeply to be parsed");
            return Ok(());
        }
        let dialect = if options.python.is_python2() { Dialect::Python2 } else { Dialect::Python3 };
        let Some((tree, bridged)) = parse_bridged(text, dialect, &self.0) else {
            let span = Span::new(0, source.len());
            refuse(source, builder, "too-much-work", span, "the text takes too much work to parse");
            return Ok(());
        };
        let cst = Cst::read(&tree, text, bridged);
        // Its memory is used again for the tree that is built.
        drop(tree);
        if bridged {
            builder.repaired("grammar-gap");
        }
        Rebuilder::new(&cst, text, builder, dialect).rebuild_module();
        Ok(())
    }
}

/// Makes one error of the whole text.
fn refuse(
    source: &SourceText,
    builder: &mut TreeBuilder<'_>,
    code: &'static str,
    span: Span,
    message: &'static str,
) {
    builder.diagnostic(Diagnostic::error("tree-sitter", code, span, message));
    let (mark, whole) = (builder.mark(), Span::new(0, source.len()));
    builder.error(mark, whole);
    builder.role(python::Role::Body);
    python::build::module(builder, mark, whole);
}
