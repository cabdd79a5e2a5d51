//! `cpython` as a member of a registry: no interpreter is started before a text is lowered.

use std::path::PathBuf;
use std::sync::OnceLock;

use astkit_ast::schema::Schema;
use astkit_ast::{Frontend, FrontendId, LowerError, Options, SourceText, TreeBuilder, python};
use astkit_cpython::CPythonFrontend;

const NAME: &str = "cpython";

/// The frontend over a real interpreter, which starts it when it is first needed.
#[derive(Default)]
pub struct LazyCPython {
    executable: Option<PathBuf>,
    started: OnceLock<Result<CPythonFrontend, String>>,
}

impl LazyCPython {
    /// The frontend over that interpreter; over the best that is found if none is given.
    pub fn new(executable: Option<PathBuf>) -> Self {
        Self { executable, started: OnceLock::new() }
    }

    fn started(&self) -> Result<&CPythonFrontend, LowerError> {
        let start = || {
            CPythonFrontend::new(self.executable.as_deref()).map_err(|error| match error {
                LowerError::Unavailable { reason, .. } => reason,
                other => other.to_string(),
            })
        };
        let unavailable =
            |reason: &String| LowerError::Unavailable { frontend: NAME.into(), reason: reason.clone() };
        self.started.get_or_init(start).as_ref().map_err(unavailable)
    }
}

impl Frontend for LazyCPython {
    /// Until the interpreter was started, its version is not known and left empty.
    fn id(&self) -> FrontendId {
        match self.started.get() {
            Some(Ok(frontend)) => frontend.id(),
            Some(Err(_)) | None => FrontendId { name: NAME.into(), version: "".into() },
        }
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
        self.started()?.lower(source, options, builder)
    }
}
