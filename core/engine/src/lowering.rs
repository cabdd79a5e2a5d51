//! What the engine knows of frontends.

use std::sync::Arc;

use astkit_ast::{Frontend, FrontendId, LowerError, Lowered, Options, SourceText, lower};

/// Lowers files of some kinds. A [`Frontend`] does ([`ByFrontend`]), and so does a choice among several.
pub trait Lowering: Send + Sync {
    /// Names everything that results depend on besides the text and the options: part of every key in the store.
    fn id(&self) -> FrontendId;

    /// Whether files with this extension are its business.
    fn claims(&self, extension: &str) -> bool;

    /// Lowers a text. The result is a function of the arguments and of [`id`](Self::id) alone.
    ///
    /// # Errors
    /// [`LowerError`] if it can't work; never for a text.
    fn lower(&self, extension: &str, source: &SourceText, options: &Options) -> Result<Lowered, LowerError>;
}

/// A single frontend, for the files with its extensions.
pub struct ByFrontend(pub Arc<dyn Frontend>);

impl Lowering for ByFrontend {
    fn id(&self) -> FrontendId {
        self.0.id()
    }

    fn claims(&self, extension: &str) -> bool {
        self.0.extensions().contains(&extension)
    }

    fn lower(&self, _: &str, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
        lower(&*self.0, source, options)
    }
}
