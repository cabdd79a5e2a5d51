//! What the tests of this crate share: Python in, a lowered module out.

use astkit_ast::{Lowered, Options, SourceText, lower};

pub(crate) fn lowered(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(&astkit_python_ast::PythonAst, &source, &Options::default()).expect("in process");
    (source, lowered)
}
