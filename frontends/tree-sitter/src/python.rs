//! The Python frontend.

use astkit_ast::schema::Schema;
use astkit_ast::{
    Diagnostic, Dialect, Frontend, FrontendId, LowerError, Options, SourceText, Span, TreeBuilder, python,
};

use crate::cst::Cst;
use crate::parse::parse_bridged;
use crate::rebuild::Rebuilder;

/// Lowers Python with tree-sitter-python.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeSitterPython;

impl Frontend for TreeSitterPython {
    fn id(&self) -> FrontendId {
        FrontendId { name: "tree-sitter".into(), version: "python-0.25.0+1".into() }
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
        let dialect = if options.python.is_python2() { Dialect::Python2 } else { Dialect::Python3 };
        match parse_bridged(text) {
            Some((tree, bridged)) => {
                let cst = Cst::read(&tree, text, bridged);
                if bridged {
                    builder.repaired("grammar-gap");
                }
                Rebuilder::new(&cst, text, builder, dialect).rebuild_module();
            }
            None => {
                let span = Span::new(0, source.len());
                builder.diagnostic(Diagnostic::error(
                    "tree-sitter",
                    "too-complex",
                    span,
                    "the text takes too long to parse",
                ));
                let mark = builder.mark();
                builder.error(mark, span);
                builder.role(python::Role::Body);
                python::build::module(builder, mark, span);
            }
        }
        Ok(())
    }
}
