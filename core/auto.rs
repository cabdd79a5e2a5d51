//! `auto`, the default frontend: the fast parser where a text is whole, the tolerant one where it is broken.
//!
//! Python 3 goes to `python-ast`; a text with errors is recovered piece by piece with `python-ast` and
//! `tree-sitter` together, so that definitions outside of the damage keep their trees. Python 2 goes to
//! `tree-sitter`. Because the frontends agree on whole texts, the choice can't be seen in a result.

use std::sync::Arc;

use astkit_ast::{
    Diagnostic, Frontend, FrontendId, LowerError, Lowered, Options, Severity, SourceText, TreeBuilder,
    finish, lower, recover,
};

/// Chooses among the frontends of Python by looking at the text.
#[derive(Clone, Default)]
pub struct Auto {
    /// Reads whole texts, fast.
    pub(crate) python_ast: Option<Arc<dyn Frontend>>,
    /// Reads broken texts and Python 2.
    pub(crate) tree_sitter: Option<Arc<dyn Frontend>>,
}

impl Auto {
    /// Lowers a Python text; the result names the frontend that served it.
    ///
    /// # Errors
    /// [`LowerError`] if this build has no frontend for the text.
    pub fn lower(&self, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
        let python_ast = self.python_ast.as_deref().filter(|_| !options.python.is_python2());
        match (python_ast, self.tree_sitter.as_deref()) {
            (Some(first), fallback) => whole_or_recovered(source, options, first, fallback.unwrap_or(first)),
            (None, Some(second)) => lower(second, source, options),
            (None, None) => Err(LowerError::Unavailable {
                frontend: "auto".into(),
                reason: format!("this build reads no Python {}", options.python),
            }),
        }
    }
}

fn whole_or_recovered(
    source: &SourceText,
    options: &Options,
    first: &dyn Frontend,
    fallback: &dyn Frontend,
) -> Result<Lowered, LowerError> {
    let whole = lower(first, source, options)?;
    let is_broken = |it: &Diagnostic| it.severity == Severity::Error && !source.diagnostics().contains(it);
    if !whole.diagnostics.iter().any(is_broken) {
        return Ok(whole);
    }
    let mut builder = TreeBuilder::new(first.schema(), source);
    recover(source, options, first, fallback, &mut builder)?;
    let version = format!("{}+{}", first.id().version, fallback.id().version);
    Ok(finish(builder, FrontendId { name: "auto".into(), version: version.into() }))
}
